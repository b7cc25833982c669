//! The scratch PostgreSQL that tests run on, and SQL on it without a driver.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cluster::{Cluster, ClusterConfig};

use crate::workspace::Workspace;
use crate::{command, npm, postgres};

/// A running scratch cluster. Dropping it stops it.
pub(crate) struct Database {
    cluster: Cluster,
    client: Client,
    /// What PostgreSQL says.
    log: PathBuf,
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
        let dir = workspace.cache("cluster")?;
        let log = dir.join("postgres.log");
        let mut config = ClusterConfig::from_env(dir);
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
        let database = Self {
            cluster,
            client,
            log,
        };
        database.prepare()?;
        Ok(database)
    }

    /// Removes what an earlier run left, and trades durability for speed: this data may be lost.
    fn prepare(&self) -> Result<()> {
        for statement in [
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM RESET log_statement",
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

    /// The statements that reach the cluster while the work is done, whoever sends them.
    pub(crate) fn statements(&self, work: impl FnOnce() -> Result<()>) -> Result<Vec<String>> {
        const PATIENCE: Duration = Duration::from_secs(10);
        let mark = |word: &str| {
            self.sql(
                cluster::DATABASE,
                &format!("SELECT 'statements {word}' AS mark"),
            )
        };
        let logging = |change: &str| -> Result<()> {
            self.sql(cluster::DATABASE, &format!("ALTER SYSTEM {change}"))?;
            self.sql(cluster::DATABASE, "SELECT pg_reload_conf()")?;
            // Sessions hear of it with their next statement, and we with this one at the latest.
            self.sql(cluster::DATABASE, "SELECT pg_sleep(0.2)")?;
            Ok(())
        };
        let from = std::fs::metadata(&self.log).map_or(0, |it| it.len());
        logging("SET log_statement = 'all'")?;
        let outcome = mark("begin")
            .and_then(|_| work())
            .and_then(|()| mark("end"));
        logging("RESET log_statement")?;
        outcome?;
        // The log is written by a thread that may be behind.
        let begun = Instant::now();
        loop {
            let bytes = std::fs::read(&self.log)?;
            let from = usize::try_from(from)?.min(bytes.len());
            let text = String::from_utf8_lossy(bytes.get(from..).unwrap_or_default());
            if let Some(found) = between_marks(&text) {
                return Ok(found);
            }
            if begun.elapsed() > PATIENCE {
                bail!("{} has no statements", self.log.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
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

/// The statements of a log between the two marks; `None` until both are there.
fn between_marks(log: &str) -> Option<Vec<String>> {
    let (_, after) = log.split_once("SELECT 'statements begin' AS mark")?;
    let (inner, _) = after.split_once("SELECT 'statements end' AS mark")?;
    let mut found: Vec<String> = inner
        .lines()
        .filter_map(|line| {
            let (_, said) = line.split_once("LOG:  ")?;
            let (how, statement) = said.split_once(": ")?;
            (how == "statement" || how.starts_with("execute")).then(|| statement.to_owned())
        })
        .collect();
    // The last is the beginning of the mark's own line.
    found.pop();
    Some(found)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_between_the_marks_are_found() {
        let log = "x LOG:  statement: SELECT 'statements begin' AS mark\n\
                   x LOG:  execute sqlx_s_1: select a\n\tfrom b\n\
                   x DETAIL:  parameters: $1 = '1'\n\
                   x WARNING:  execute: no\n\
                   x LOG:  statement: BEGIN\n\
                   x LOG:  statement: SELECT 'statements end' AS mark\n";
        assert_eq!(between_marks(log).unwrap(), ["select a", "BEGIN"]);
        assert_eq!(between_marks("SELECT 'statements begin' AS mark"), None);
    }
}
