//! What can go wrong, each said so that the reader knows what to do next.

use std::path::{Path, PathBuf};

use crate::binaries::Version;

/// Why the cluster could not be found, made, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No usable PostgreSQL anywhere.
    #[error(
        "PostgreSQL {minimum} or newer was not found. Install it (Debian and Ubuntu: apt-get install postgresql; \
         macOS: brew install postgresql) or set CROWFOOT_PG_BIN to the folder that holds postgres, initdb and pg_ctl, \
         or set DATABASE_URL to use a server of your own.{}",
        list("Looked at", .looked_at)
    )]
    NotFound {
        /// The oldest major version that would do.
        minimum: u32,
        /// Each folder that was looked at, and why it would not do.
        looked_at: Vec<String>,
    },
    /// `CROWFOOT_PG_BIN` names a folder that cannot be used.
    #[error(
        "CROWFOOT_PG_BIN is {}, but {why}. Point it at a folder that holds postgres, initdb and pg_ctl \
         of PostgreSQL 14 or newer, or unset it.", .dir.display()
    )]
    BinDir {
        /// The folder.
        dir: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The data was made by a major version that is not installed.
    #[error(
        "The data in {} was made by PostgreSQL {data}, but only {} found. Install PostgreSQL {data} again \
         (Debian: apt-get install postgresql-{data}) or set CROWFOOT_PG_BIN to its folder; to move to the new version, \
         make a backup with the old one, then restore it into an empty data folder.",
        .dir.display(), named(.found)
    )]
    WrongVersion {
        /// PostgreSQL's data folder.
        dir: PathBuf,
        /// The major version that made it.
        data: u32,
        /// The versions that are installed.
        found: Vec<Version>,
    },
    /// Another Crowfoot uses the folder.
    #[error(
        "Another Crowfoot{} already uses {}. Stop it first, or set CROWFOOT_DATA_DIR to another folder.",
        .pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(), .dir.display()
    )]
    Locked {
        /// The other process, where its lock says so.
        pid: Option<u32>,
        /// The data folder.
        dir: PathBuf,
    },
    /// No PostgreSQL runs on the data folder.
    #[error(
        "Another Crowfoot uses {}, but its PostgreSQL does not run yet, or no longer. Try again in a moment.",
        .dir.display()
    )]
    NotRunning {
        /// The data folder.
        dir: PathBuf,
    },
    /// We are root, and there is no account to run PostgreSQL under.
    #[error(
        "PostgreSQL refuses to run as root, and {}. Name an existing unprivileged account in CROWFOOT_PG_USER, \
         or start Crowfoot as an ordinary user.",
        match .wanted {
            Some(name) => format!("there is no unprivileged account {name:?} (CROWFOOT_PG_USER)"),
            None => "there is neither an account postgres nor nobody".to_owned(),
        }
    )]
    NoAccount {
        /// The account that was asked for.
        wanted: Option<String>,
    },
    /// The data had been put elsewhere and is no longer there.
    #[error(
        "The data of {} was kept in {}, which is not there any more. Bring that folder back; or, if its data may go, \
         delete {} and start again.", .data_dir.display(), .home.display(), .note.display()
    )]
    Misplaced {
        /// Crowfoot's data folder.
        data_dir: PathBuf,
        /// Where PostgreSQL's part was.
        home: PathBuf,
        /// The file that says so.
        note: PathBuf,
    },
    /// The account that runs PostgreSQL cannot get into the folder of the data.
    #[error(
        "The account {account:?} that runs PostgreSQL cannot get into {}. Let it in (chmod o+x on the folders above), \
         or set CROWFOOT_DATA_DIR to a folder that it can reach.", .dir.display()
    )]
    Unreachable {
        /// The folder.
        dir: PathBuf,
        /// The account.
        account: String,
    },
    /// No folder is short and safe enough for the socket.
    #[error(
        "No folder could be made for PostgreSQL's socket: {} is too long a path for one (at most {max} bytes), \
         and the temporary folder cannot be used either. Set CROWFOOT_DATA_DIR to a shorter path.", .wanted.display()
    )]
    NoSocket {
        /// Where it would have been.
        wanted: PathBuf,
        /// The longest that would do.
        max: usize,
    },
    /// `initdb` or another program ended with an error.
    #[error("{program} failed ({status}):\n{output}")]
    Program {
        /// What was run.
        program: String,
        /// How it ended.
        status: String,
        /// What it printed.
        output: String,
    },
    /// PostgreSQL ended instead of starting.
    #[error("PostgreSQL ended while starting ({status}). Its last words, from {}:\n{tail}", .log.display())]
    Died {
        /// How it ended.
        status: String,
        /// Where its log is.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// PostgreSQL did not become ready.
    #[error(
        "PostgreSQL did not become ready within {seconds} s. Its last words, from {}:\n{tail}", .log.display()
    )]
    Timeout {
        /// How long we waited.
        seconds: u64,
        /// Where its log is.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// A PostgreSQL, ours or one that an earlier Crowfoot left, did not stop.
    #[error(
        "PostgreSQL (process {pid}) on {} does not stop. End it by hand (kill -QUIT {pid}), then start again.",
        .dir.display()
    )]
    WillNotStop {
        /// Its process.
        pid: i32,
        /// Its data folder.
        dir: PathBuf,
    },
    /// A file or folder could not be read, made or changed.
    #[error("Could not {action} {}: {source}", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// Names what was tried on which path when an I/O call fails.
pub(crate) trait IoContext<T> {
    fn on(self, action: &'static str, path: &Path) -> Result<T, ClusterError>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn on(self, action: &'static str, path: &Path) -> Result<T, ClusterError> {
        self.map_err(|source| ClusterError::Io {
            action,
            path: path.to_owned(),
            source,
        })
    }
}

fn list(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{title}:\n  {}", lines.join("\n  "))
}

fn named(versions: &[Version]) -> String {
    let names: Vec<String> = versions.iter().map(Version::to_string).collect();
    match names.as_slice() {
        [] => "no usable PostgreSQL was".to_owned(),
        [one] => format!("{one} was"),
        several => format!("{} were", several.join(" and ")),
    }
}
