//! The measuring of diagrams that lies beside the repository, shared by all who draw them. It is
//! run where it is and never changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::workspace::Workspace;

/// How many tables its schemas have.
pub(crate) const SIZES: [usize; 4] = [100, 300, 1_000, 5_000];

/// The folder of the harness.
pub(crate) struct Harness {
    pub(crate) dir: PathBuf,
}

impl Harness {
    /// None where there is no harness.
    pub(crate) fn find(workspace: &Workspace) -> Option<Self> {
        let dir = workspace.root.join("../shared/bench/erd");
        dir.join("gen-schema.mjs").is_file().then_some(Self { dir })
    }

    /// Writes the DDL of this many tables into the folder, always the same for the same number.
    pub(crate) fn write_schema(&self, tables: usize, folder: &Path) -> Result<PathBuf> {
        let text = command::output(
            Command::new("node")
                .arg(self.dir.join("gen-schema.mjs"))
                .arg(tables.to_string()),
        )?;
        let path = folder.join(format!("harness {tables}.sql"));
        std::fs::write(&path, text)?;
        Ok(path)
    }
}
