//! `.sqlx`: what PostgreSQL said about each query, committed so that a build needs no database.
//!
//! sqlx's macros write these files while a crate is compiled against a live database. They are
//! used in libraries only, so compiling the libraries finds every one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command;
use crate::compress::hash_all;
use crate::database::{Database, migrations};
use crate::workspace::{Package, Workspace};

/// sqlx learns from EXPLAIN which columns an outer join may leave empty. With these settings the
/// plan follows the query as it is written, whatever the version, its statistics and its costs,
/// so that every machine learns the same.
const PLANNER: [(&str, &str); 9] = [
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("enable_material", "off"),
    ("enable_memoize", "off"),
    ("from_collapse_limit", "1"),
    ("join_collapse_limit", "1"),
    ("geqo", "off"),
    ("max_parallel_workers_per_gather", "0"),
    ("plan_cache_mode", "force_generic_plan"),
];

/// Where the committed files are.
fn committed(workspace: &Workspace) -> PathBuf {
    workspace.root.join(".sqlx")
}

/// A build whose SQL is checked against a live database, and which notes what it was told.
pub(crate) struct Live<'a> {
    workspace: &'a Workspace,
    url: String,
    dir: PathBuf,
    key: String,
}

impl<'a> Live<'a> {
    pub(crate) fn new(workspace: &'a Workspace, database: &Database) -> Result<Self> {
        let url = database.migrated(workspace, "sqlx_check")?;
        for (setting, value) in PLANNER {
            database.sql(
                cluster::DATABASE,
                &format!("ALTER DATABASE sqlx_check SET {setting} = {value}"),
            )?;
        }
        let key = key(workspace)?;
        let parent = workspace.cache("sqlx")?;
        let dir = parent.join(&key);
        if !dir.is_dir() {
            std::fs::remove_dir_all(&parent)?;
            std::fs::create_dir_all(&dir)?;
        }
        Ok(Self {
            workspace,
            url,
            dir,
            key,
        })
    }

    /// Makes a cargo command check its SQL here.
    pub(crate) fn apply(&self, command: &mut Command) {
        command
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", &self.dir)
            .env("DATABASE_URL", &self.url);
    }

    /// Compiles every crate that has queries, again if need be: cargo does not know that the
    /// database is an input, so a setting of no effect, named after the inputs, tells it.
    fn compile(&self) -> Result<()> {
        for package in self
            .workspace
            .packages
            .iter()
            .filter(|package| has_queries(package))
        {
            let mut cargo = self.workspace.cargo();
            cargo
                .args([
                    "rustc",
                    "--quiet",
                    "--lib",
                    "--profile",
                    "check",
                    "-p",
                    &package.name,
                    "--",
                ])
                .arg(format!("--cfg=sqlx_live_{}", self.key));
            self.apply(&mut cargo);
            command::run(&mut cargo)?;
        }
        Ok(())
    }

    /// The files by name. Compiles only what an earlier build with these settings did not.
    fn files(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mark = self.dir.with_extension("complete");
        if !mark.exists() {
            let expected = read(&committed(self.workspace))?.len();
            if read(&self.dir)?.is_empty() || expected == 0 {
                self.compile()?;
            }
            std::fs::write(mark, "")?;
        }
        read(&self.dir)
    }

    /// Compares with what is committed.
    pub(crate) fn check(&self) -> Result<()> {
        let (known, fresh) = (read(&committed(self.workspace))?, self.files()?);
        let differ = |name: &&String| known.get(*name) != fresh.get(*name);
        let mut names: Vec<&String> = known.keys().chain(fresh.keys()).filter(differ).collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            println!("{} queries, all current", known.len());
            return Ok(());
        }
        for name in &names {
            let state = match (known.contains_key(*name), fresh.contains_key(*name)) {
                (true, true) => "changed",
                (false, _) => "missing",
                (true, false) => "unused",
            };
            println!("{state}: .sqlx/{name}");
        }
        bail!(
            "{} files of .sqlx are not current; run `cargo xtask prepare` and commit them",
            names.len()
        )
    }
}

/// `cargo xtask prepare`.
pub(crate) fn prepare(workspace: &Workspace) -> Result<()> {
    crate::interrupt::watch()?;
    let database = Database::start(workspace)?;
    let live = Live::new(workspace, &database)?;
    live.compile()?;
    let fresh = read(&live.dir)?;
    let dir = committed(workspace);
    let known = read(&dir)?;
    std::fs::create_dir_all(&dir)?;
    for name in known.keys().filter(|name| !fresh.contains_key(*name)) {
        std::fs::remove_file(dir.join(name))?;
    }
    for (name, bytes) in &fresh {
        if known.get(name) != Some(bytes) {
            std::fs::write(dir.join(name), bytes)?;
        }
    }
    println!("{} queries in .sqlx", fresh.len());
    Ok(())
}

/// True for a crate that uses sqlx's macros.
fn has_queries(package: &Package) -> bool {
    package.dependencies.iter().any(|dependency| {
        dependency.name == "sqlx"
            && dependency.kind.is_none()
            && dependency
                .features
                .iter()
                .any(|feature| feature == "macros")
    })
}

/// What decides the content of the files: the SQL, the migrations and the versions.
fn key(workspace: &Workspace) -> Result<String> {
    // This file too: it holds the settings above.
    let mut inputs = vec![
        workspace.root.join("Cargo.lock"),
        workspace.root.join("xtask/src/queries.rs"),
    ];
    inputs.extend(migrations(workspace)?);
    for package in workspace
        .packages
        .iter()
        .filter(|package| has_queries(package))
    {
        if let Some(dir) = package.manifest_path.parent() {
            sources(&dir.join("src"), &mut inputs)?;
        }
    }
    let mut parts = Vec::new();
    for path in inputs {
        parts.push(
            std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?,
        );
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(hash_all(&parts))
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = std::fs::read_dir(dir)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// The query files of a folder.
fn read(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    if !dir.is_dir() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            found.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(found)
}
