//! The scratch PostgreSQL that tests run on, and SQL on it without a driver.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use cluster::{Cluster, ClusterConfig};

use crate::workspace::Workspace;
use crate::{command, npm, postgres};

/// A running scratch cluster. Dropping it stops it.
pub(crate) struct Database {
    cluster: Cluster,
    client: Client,
}

/// Where the scratch cluster listens, and who logs in there.
pub(crate) struct Login {
    /// The folder of its socket.
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) user: String,
    pub(crate) password: String,
}

/// What sends SQL: the psql beside the server or on the PATH, else Node.js, which is there
/// when PostgreSQL had to be fetched (that one comes without psql).
enum Client {
    Psql(PathBuf),
    Node(PathBuf),
}

impl Database {
    /// Starts the cluster, empty but for what every cluster has.
    pub(crate) fn start(workspace: &Workspace) -> Result<Self> {
        let mut config = ClusterConfig::from_env(workspace.cache("cluster")?);
        if let Some(dir) = postgres::ensure(workspace)? {
            config.fetched_dir = Some(dir);
        }
        let cluster = Cluster::start(&config)?;
        println!("{} for the tests", cluster.version());
        let client = match cluster
            .binaries()
            .program("psql")
            .or_else(|| command::which("psql"))
        {
            Some(psql) => Client::Psql(psql),
            None => Client::Node(npm::install(workspace, "sql")?.join("run.mjs")),
        };
        let database = Self { cluster, client };
        database.prepare()?;
        Ok(database)
    }

    /// Removes what an earlier run left, and trades durability for speed: this data may be lost.
    fn prepare(&self) -> Result<()> {
        for statement in [
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        ] {
            self.sql(cluster::DATABASE, statement)?;
        }
        let left_over = self.sql(
            cluster::DATABASE,
            "SELECT quote_ident(datname) FROM pg_database WHERE NOT datistemplate AND datname NOT IN ('postgres', 'crowfoot')",
        )?;
        for name in left_over.lines() {
            self.sql(
                cluster::DATABASE,
                &format!("DROP DATABASE {name} WITH (FORCE)"),
            )?;
        }
        Ok(())
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// How programs other than PostgreSQL's own log in, as the URL has it.
    pub(crate) fn login(&self) -> Result<Login> {
        let url = self.url(cluster::DATABASE);
        let parts = || {
            let (user, rest) = url.strip_prefix("postgres://")?.split_once(':')?;
            let (password, rest) = rest.split_once('@')?;
            let (_, rest) = rest.split_once(':')?;
            let (port, rest) = rest.split_once('/')?;
            let (_, rest) = rest.split_once("?host=")?;
            let (host, _) = rest.split_once('&')?;
            Some(Login {
                host: host.to_owned(),
                port: port.to_owned(),
                user: user.to_owned(),
                password: password.to_owned(),
            })
        };
        parts()
            .filter(|login| !login.host.contains('%'))
            .context("the scratch cluster's address has an unknown form")
    }

    /// The folder of psql, for scripts that need it; `None` when there is none.
    pub(crate) fn psql_dir(&self) -> Option<&Path> {
        match &self.client {
            Client::Psql(path) => path.parent(),
            Client::Node(_) => None,
        }
    }

    /// Makes a database anew and applies every migration to it; returns its URL.
    pub(crate) fn migrated(&self, workspace: &Workspace, name: &str) -> Result<String> {
        self.sql(
            cluster::DATABASE,
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )?;
        self.sql(cluster::DATABASE, &format!("CREATE DATABASE {name}"))?;
        for path in migrations(workspace)? {
            let text = std::fs::read_to_string(&path)?;
            let shown = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // As the application does it: one transaction each.
            self.sql(name, &format!("BEGIN;\n{text}\n;COMMIT;"))
                .with_context(|| format!("the migration {shown} failed"))?;
        }
        Ok(self.url(name))
    }

    /// Runs SQL; what the last statement returned, one line per row.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let url = self.url(database);
        let mut command = match &self.client {
            Client::Psql(path) => {
                let mut command = Command::new(path);
                command.args([
                    "-X",
                    "-q",
                    "-A",
                    "-t",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-f",
                    "-",
                    "-d",
                ]);
                command
            }
            Client::Node(script) => {
                let mut command = Command::new("node");
                command.arg(script);
                command
            }
        };
        let mut child = command
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("could not run an SQL client")?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that fails early stops reading; its own words say why.
            stdin.write_all(sql.as_bytes()).ok();
        }
        let output = child.wait_with_output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("{}", words.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned())
    }
}

/// The migrations that lead up, in order.
pub(crate) fn migrations(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let dir = workspace.root.join("server/store/migrations");
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&dir)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".up.sql") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
