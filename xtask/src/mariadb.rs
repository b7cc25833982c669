//! The scratch MariaDB that tests run on.

use std::fmt::Write as _;
use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::unistd::{Uid, User};
use tempfile::TempDir;

use crate::{command, interrupt};

/// How long the server may take to answer.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// The login of the tests, which may do everything.
const LOGIN: &str = "crowfoot";

/// A running scratch server with an empty data folder. Dropping it stops it and removes the data.
pub(crate) struct MariaDb {
    child: Child,
    port: u16,
    password: String,
    folder: TempDir,
}

/// The two programs that are needed.
struct Programs {
    server: PathBuf,
    install: PathBuf,
}

impl MariaDb {
    /// Starts the machine's MariaDB, installing one first where that is possible; `None` when
    /// there is none to be had.
    pub(crate) fn start() -> Result<Option<Self>> {
        match find().or_else(install) {
            Some(programs) => Self::start_with(&programs).map(Some),
            None => Ok(None),
        }
    }

    fn start_with(programs: &Programs) -> Result<Self> {
        let account = account()?;
        let folder = tempfile::Builder::new()
            .prefix("crowfoot-mariadb-")
            .permissions(std::fs::Permissions::from_mode(0o755))
            .tempdir()?;
        if let Some(account) = &account {
            chown(
                folder.path(),
                Some(account.uid.as_raw()),
                Some(account.gid.as_raw()),
            )?;
        }
        initialise(programs, account.as_ref(), folder.path())?;
        let password = password()?;
        let port = free_port()?;
        let child = serve(programs, account.as_ref(), folder.path(), port, &password)?;
        let mut server = Self {
            child,
            port,
            password,
            folder,
        };
        server.wait()?;
        Ok(server)
    }

    /// Where the tests find it.
    pub(crate) fn url(&self) -> String {
        format!("mysql://{LOGIN}:{}@127.0.0.1:{}/", self.password, self.port)
    }

    /// Waits for the greeting, with which every connection begins. The login is made before the
    /// first one.
    fn wait(&mut self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < START_LIMIT && !interrupt::happened() {
            if let Some(status) = self.child.try_wait()? {
                bail!("MariaDB ended ({status})\n{}", self.log());
            }
            if greets(self.port) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("MariaDB did not answer in time\n{}", self.log())
    }

    /// The last words of the server.
    fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let first = lines.len().saturating_sub(20);
        lines.get(first..).unwrap_or_default().join("\n")
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        interrupt::terminate(self.child.id().cast_signed());
        let begun = Instant::now();
        while begun.elapsed() < STOP_LIMIT {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The programs of the machine; servers often lie outside of the PATH of people.
fn find() -> Option<Programs> {
    let program = |name: &str| {
        command::which(name).or_else(|| {
            ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
                .into_iter()
                .map(|dir| Path::new(dir).join(name))
                .find(|path| path.is_file())
        })
    };
    Some(Programs {
        server: program("mariadbd")?,
        install: program("mariadb-install-db")?,
    })
}

/// The package of the system, where we may install one. The first choice is without a service
/// that would be started.
fn install() -> Option<Programs> {
    let apt = command::which("apt-get").filter(|_| Uid::effective().is_root())?;
    println!("No MariaDB on this machine; installing one");
    let apt = |arguments: &[&str]| {
        command::run(
            Command::new(&apt)
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if let Err(error) = apt(&["update"]) {
        println!("{error:#}");
    }
    let packages: [&[&str]; 2] = [
        &["mariadb-server-core", "mariadb-client-core"],
        &["mariadb-server"],
    ];
    for names in packages {
        let mut arguments = vec!["install", "-y", "--no-install-recommends"];
        arguments.extend(names);
        match apt(&arguments) {
            Ok(()) => {
                if let Some(programs) = find() {
                    return Some(programs);
                }
            }
            Err(error) => println!("{error:#}"),
        }
    }
    None
}

/// Who runs the server: ourselves, or an account without rights when we are root, whom MariaDB
/// refuses.
fn account() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["mysql", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("there is no account mysql or nobody to run MariaDB")
}

/// A command that runs under the account, untouched by anybody's settings.
fn command_as(program: &Path, account: Option<&User>) -> Command {
    let mut command = Command::new(program);
    command
        .arg("--no-defaults")
        .current_dir("/")
        .stdin(Stdio::null())
        .env_remove("MYSQL_HOME");
    if let Some(account) = account {
        command
            .uid(account.uid.as_raw())
            .gid(account.gid.as_raw())
            .env("HOME", "/");
    }
    command
}

fn initialise(programs: &Programs, account: Option<&User>, folder: &Path) -> Result<()> {
    let mut command = command_as(&programs.install, account);
    command
        .arg(format!("--datadir={}", folder.join("data").display()))
        // Nobody but the login of the tests comes in over the network.
        .arg("--auth-root-authentication-method=socket")
        .args(["--skip-test-db", "--skip-name-resolve"]);
    command::output(&mut command).context("MariaDB's data folder could not be made")?;
    Ok(())
}

fn serve(
    programs: &Programs,
    account: Option<&User>,
    folder: &Path,
    port: u16,
    password: &str,
) -> Result<Child> {
    let begin = folder.join("begin.sql");
    std::fs::write(
        &begin,
        format!(
            "CREATE USER {LOGIN}@'127.0.0.1' IDENTIFIED BY '{password}';\n\
             GRANT ALL ON *.* TO {LOGIN}@'127.0.0.1' WITH GRANT OPTION;\n"
        ),
    )?;
    if let Some(account) = account {
        chown(
            &begin,
            Some(account.uid.as_raw()),
            Some(account.gid.as_raw()),
        )?;
    }
    std::fs::set_permissions(&begin, std::fs::Permissions::from_mode(0o600))?;
    let log = std::fs::File::create(folder.join("log"))?;
    let mut command = command_as(&programs.server, account);
    command
        .arg(format!("--datadir={}", folder.join("data").display()))
        .arg(format!("--socket={}", folder.join("socket").display()))
        .arg(format!("--pid-file={}", folder.join("pid").display()))
        .arg(format!("--init-file={}", begin.display()))
        .arg(format!("--port={port}"))
        .args([
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--skip-log-bin",
            // This data may be lost.
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-fast-shutdown=2",
            // We knock until somebody answers.
            "--max-connect-errors=1000000",
        ])
        .stdout(log.try_clone()?)
        .stderr(log)
        // Ctrl-C is for us; we stop it when we are done with it.
        .process_group(0);
    command.spawn().context("could not run mariadbd")
}

fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok();
    // Length, number, and the version of the protocol, which is 10.
    let mut greeting = [0; 5];
    stream.read_exact(&mut greeting).is_ok() && greeting.ends_with(&[10])
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Hexadecimal digits, which stand in a URL and in SQL as they are.
fn password() -> Result<String> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_until_it_is_dropped() {
        let Some(programs) = find() else {
            println!("skipped: there is no MariaDB on this machine");
            return;
        };
        let server = MariaDb::start_with(&programs).unwrap();
        let (port, folder) = (server.port, server.folder.path().to_owned());
        assert!(greets(port));
        drop(server);
        assert!(!greets(port));
        assert!(!folder.exists());
    }
}
