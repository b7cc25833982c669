//! The few tools that come from the npm registry, each pinned by a lock file in `xtask/npm`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command;
use crate::workspace::Workspace;

/// Installs the packages of `xtask/npm/<name>` below the target folder, unless what is there
/// already is what the lock file says. Returns the folder that holds `node_modules`.
pub(crate) fn install(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    if !available() {
        bail!("Node.js with npm was not found");
    }
    let source = workspace.root.join("xtask/npm").join(name);
    let dir = workspace.cache("npm")?.join(name);
    let mark = dir.join("installed-lock.json");
    let lock = std::fs::read(source.join("package-lock.json"))
        .with_context(|| format!("could not read the lock file of {}", source.display()))?;
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(dir);
    }
    std::fs::create_dir_all(&dir)?;
    for file in std::fs::read_dir(&source)? {
        let file = file?;
        if file.file_type()?.is_file() {
            std::fs::copy(file.path(), dir.join(file.file_name()))?;
        }
    }
    clean_install(&dir)?;
    std::fs::write(mark, lock)?;
    Ok(dir)
}

/// Installs the packages of a folder in place, unless they are there already.
pub(crate) fn install_in(dir: &Path) -> Result<()> {
    let lock = std::fs::read(dir.join("package-lock.json"))
        .with_context(|| format!("{} has no lock file", dir.display()))?;
    let mark = dir.join("node_modules/.installed-lock.json");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    clean_install(dir)?;
    std::fs::write(mark, lock)?;
    Ok(())
}

/// No scripts: nothing that a package brings is run by its mere installation.
fn clean_install(dir: &Path) -> Result<()> {
    command::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(dir),
    )
}

/// True when Node.js and npm are on the PATH.
pub(crate) fn available() -> bool {
    command::which("node").is_some() && command::which("npm").is_some()
}
