//! Making a data folder, and the password that opens it.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::account::Account;
use crate::binaries::Binaries;
use crate::config::ClusterConfig;
use crate::error::{ClusterError, IoContext as _};
use crate::home::{self, write_private};
use crate::{DATABASE, ROLE, settings};

/// The role's password. It does not print.
pub(crate) struct Password(String);

impl Password {
    fn random() -> Self {
        let mut text = String::new();
        for byte in rand::random::<[u8; 24]>() {
            write!(text, "{byte:02x}").ok();
        }
        Self(text)
    }

    /// The password itself. Hexadecimal digits only, so it stands in a URL or in SQL as it is.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn read(path: &Path) -> Result<Option<Self>, ClusterError> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let text = text.trim();
                let sound = text.len() == 48 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                Ok(sound.then(|| Self(text.to_owned())))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).on("read", path),
        }
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Makes the data folder if there is none, and returns the password. Nothing runs yet.
pub(crate) fn prepare(
    config: &ClusterConfig,
    home: &Path,
    binaries: &Binaries,
    account: &Account,
) -> Result<Password, ClusterError> {
    let pgdata = home::pgdata(home);
    let file = config.password_file();
    if home::data_version(home)?.is_none() {
        let password = Password::random();
        write_private(&file, password.reveal().as_bytes())?;
        initialize(home, &pgdata, &password, binaries, account)?;
        return Ok(password);
    }
    if let Some(password) = Password::read(&file)? {
        return Ok(password);
    }
    tracing::warn!(
        "{} is missing or damaged; setting a new password",
        file.display()
    );
    let password = Password::random();
    single_user(
        &pgdata,
        &format!("ALTER ROLE {ROLE} PASSWORD '{}'", password.reveal()),
        binaries,
        account,
    )?;
    write_private(&file, password.reveal().as_bytes())?;
    Ok(password)
}

/// Runs initdb beside the final place and moves the result there when it is complete, so that a
/// data folder is either whole or not there.
fn initialize(
    home: &Path,
    pgdata: &Path,
    password: &Password,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), ClusterError> {
    tracing::info!(
        "Making a new {} cluster in {}",
        binaries.version(),
        home.display()
    );
    let unfinished = home.join("data.part");
    if unfinished.is_dir() {
        std::fs::remove_dir_all(&unfinished).on("remove", &unfinished)?;
    }
    let password_file = home.join("initdb.password");
    write_private(&password_file, password.reveal().as_bytes())?;
    account.own(&password_file)?;
    let made = run(account
        .command(&binaries.path("initdb"))
        .arg("--pgdata")
        .arg(&unfinished)
        .arg("--pwfile")
        .arg(&password_file)
        .args(["--username", ROLE])
        .args(["--encoding", "UTF8", "--no-locale", "--data-checksums"])
        .args(["--auth-local", "scram-sha-256", "--auth-host", "reject"])
        .arg("--no-instructions"));
    std::fs::remove_file(&password_file).on("remove", &password_file)?;
    made?;
    settings::include(&unfinished)?;
    single_user(
        &unfinished,
        &format!("CREATE DATABASE {DATABASE}"),
        binaries,
        account,
    )?;
    std::fs::rename(&unfinished, pgdata).on("move the new data to", pgdata)
}

/// Runs one statement without a server. The fetched PostgreSQL has no psql, and no server means
/// no moment in which someone else could connect.
fn single_user(
    pgdata: &Path,
    statement: &str,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), ClusterError> {
    let mut command = account.command(&binaries.path("postgres"));
    command
        .args(["--single", "-D"])
        .arg(pgdata)
        .args(["-c", "log_min_messages=warning", "postgres"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let program = name_of(&command);
    let mut child = command.spawn().on("run", &binaries.path("postgres"))?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "{statement}").on("write to", &binaries.path("postgres"))?;
    }
    let output = child
        .wait_with_output()
        .on("wait for", &binaries.path("postgres"))?;
    // It ends with success even when the statement failed.
    let words = String::from_utf8_lossy(&output.stderr);
    let failed = ["ERROR:", "FATAL:", "PANIC:"]
        .iter()
        .any(|level| words.contains(level));
    check(program, &output, failed)
}

fn run(command: &mut Command) -> Result<(), ClusterError> {
    let program = name_of(command);
    let output = command
        .output()
        .on("run", Path::new(command.get_program()))?;
    check(program, &output, false)
}

fn check(program: String, output: &Output, failed: bool) -> Result<(), ClusterError> {
    if output.status.success() && !failed {
        return Ok(());
    }
    Err(ClusterError::Program {
        program,
        status: output.status.to_string(),
        output: [&output.stdout, &output.stderr]
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .concat()
            .trim()
            .to_owned(),
    })
}

fn name_of(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
