//! `cargo xtask run`.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{postgres, site};

/// Builds, then becomes `crowfoot serve`: a signal to us is a signal to it, and what it returns
/// is what we return.
pub(crate) fn run(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    site::build(workspace)?;
    let mut command = Command::new(workspace.binary());
    command.arg("serve").args(args);
    if std::env::var_os("DATABASE_URL").is_none_or(|url| url.is_empty()) {
        if let Some(dir) = postgres::ensure(workspace)? {
            command.env("CROWFOOT_PG_FETCHED", dir);
        }
        if std::env::var_os("CROWFOOT_DATA_DIR").is_none() {
            command.env("CROWFOOT_DATA_DIR", workspace.target.join("crowfoot-data"));
        }
    }
    let error = command.exec();
    Err(error).with_context(|| format!("could not run {}", workspace.binary().display()))
}
