//! A server with scratch data, for measuring.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use tempfile::TempDir;

use super::http::Client;
use super::schema;
use crate::command;
use crate::interrupt;
use crate::postgres;
use crate::workspace::Workspace;

pub(crate) const EMAIL: &str = "bench@example.test";
pub(crate) const PASSWORD: &str = "measure-everything-twice";
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a server keeps its data during a bench, and how it is started.
pub(crate) struct Site {
    dir: TempDir,
    binary: PathBuf,
    fetched: Option<PathBuf>,
}

/// A running server. Dropping it stops it.
pub(crate) struct Server {
    child: Child,
    addr: SocketAddr,
    /// From the start of the process to its first answer.
    pub(crate) first_answer: Duration,
}

impl Site {
    pub(crate) fn new(workspace: &Workspace) -> Result<Self> {
        Ok(Self {
            dir: tempfile::Builder::new()
                .prefix("crowfoot-bench-")
                .permissions(std::fs::Permissions::from_mode(0o755))
                .tempdir()?,
            binary: match named_binary()? {
                Some(path) => path,
                None => workspace.binary(),
            },
            fetched: postgres::ensure(workspace)?,
        })
    }

    /// The program with this site's settings.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(self.dir.path())
            .env_remove("DATABASE_URL")
            .env("CROWFOOT_DATA_DIR", self.dir.path().join("data"))
            .env("CROWFOOT_ADMIN_EMAIL", EMAIL)
            .env("CROWFOOT_ADMIN_PASSWORD", PASSWORD)
            .env("CROWFOOT_LOG", "warn");
        if let Some(dir) = &self.fetched {
            command.env("CROWFOOT_PG_FETCHED", dir);
        }
        command
    }

    /// Starts a server with a PostgreSQL of its own and waits for its first answer.
    pub(crate) fn serve(&self) -> Result<Server> {
        self.start(self.command())
    }

    /// Starts a server with the catalog at that URL. It may read databases by sockets.
    pub(crate) fn serve_on(&self, url: &str) -> Result<Server> {
        let mut command = self.command();
        command
            .env("DATABASE_URL", url)
            .env("CROWFOOT_ALLOW_SOCKETS", "true");
        self.start(command)
    }

    fn start(&self, mut command: Command) -> Result<Server> {
        let addr = free_address()?;
        let log = self.dir.path().join("server.log");
        let output = File::create(&log)?;
        let begun = Instant::now();
        let child = command
            .arg("serve")
            .env("CROWFOOT_ADDR", addr.to_string())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("could not run {}", self.binary.display()))?;
        interrupt::at_work(Some(&child));
        let mut server = Server {
            child,
            addr,
            first_answer: Duration::ZERO,
        };
        loop {
            let answered = Client::connect(addr)
                .and_then(|mut client| client.get("/login"))
                .is_ok_and(|answer| answer.status < 500);
            if answered {
                server.first_answer = begun.elapsed();
                return Ok(server);
            }
            if begun.elapsed() > PATIENCE || server.child.try_wait()?.is_some() {
                bail!(
                    "the server did not come up: {}",
                    std::fs::read_to_string(&log).unwrap_or_default().trim()
                );
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Writes a DDL of this many tables.
    pub(crate) fn write_schema(&self, tables: usize) -> Result<PathBuf> {
        let path = self.dir.path().join(format!("{tables}-tables.sql"));
        std::fs::write(&path, schema::ddl(tables))?;
        Ok(path)
    }

    /// `crowfoot import`; returns the new database's id and how long it took.
    pub(crate) fn import(&self, file: &Path, name: &str) -> Result<(String, Duration)> {
        let begun = Instant::now();
        let id = import(self.command(), file, name)?;
        Ok((id, begun.elapsed()))
    }

    /// The same into the catalog at that URL; returns the new database's id.
    pub(crate) fn import_on(&self, url: &str, file: &Path, name: &str) -> Result<String> {
        let mut command = self.command();
        command.env("DATABASE_URL", url);
        import(command, file, name)
    }
}

fn import(mut command: Command, file: &Path, name: &str) -> Result<String> {
    let printed = command::output(command.arg("import").arg(file).args(["--name", name]))?;
    let id = printed
        .split_whitespace()
        .find(|word| word.starts_with("db_"))
        .ok_or_else(|| anyhow!("crowfoot import named no database: {printed}"))?;
    Ok(id.to_owned())
}

/// The finished program that `CROWFOOT_BIN` names, to be measured in the place of a new one.
pub(crate) fn named_binary() -> Result<Option<PathBuf>> {
    let Some(path) = std::env::var_os("CROWFOOT_BIN").filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    path.canonicalize()
        .map(Some)
        .with_context(|| format!("CROWFOOT_BIN names {}, which is not there", path.display()))
}

impl Server {
    /// Where it listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A client with an administrator's session.
    pub(crate) fn log_in(&self) -> Result<Client> {
        let mut client = Client::connect(self.addr)?;
        let form = format!("email={}&password={PASSWORD}", EMAIL.replace('@', "%40"));
        let answer = client.post("/rpc/login", &form)?;
        if answer.status >= 400 {
            bail!("logging in was answered with {}", answer.status);
        }
        Ok(client)
    }

    /// Resident memory in KiB, of the server alone.
    pub(crate) fn memory(&self) -> Result<usize> {
        let text = command::output(Command::new("ps").args([
            "-o",
            "rss=",
            "-p",
            &self.child.id().to_string(),
        ]))?;
        text.trim().parse().context("ps printed no number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        interrupt::terminate(self.child.id().cast_signed());
        self.child.wait().ok();
        interrupt::at_work(None);
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
