//! The folder of the socket: private, and with a path that fits into a socket's address.

use std::fs::DirBuilder;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::{ClusterError, IoContext as _};
use crate::home::{make_dir, write_private};
use crate::settings::PORT;

/// The longest path of a socket, without the closing zero.
const MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The folder of a running cluster's socket. A folder that was made for this run is removed again.
#[derive(Debug)]
pub(crate) struct SocketDir {
    path: PathBuf,
    /// Where the next start finds a folder that this run could not remove.
    note: Option<PathBuf>,
}

impl SocketDir {
    /// The folder in the home when that is short enough, else a new one below the temporary folder.
    pub(crate) fn make(
        home: &Path,
        data_dir: &Path,
        account: &Account,
    ) -> Result<Self, ClusterError> {
        let note = data_dir.join("postgres.socket");
        remove_left_over(&note);

        let path = home.join("socket");
        if fits(&path) {
            make_dir(&path, 0o700)?;
            account.own(&path)?;
            // An orphan that was killed leaves its socket; PostgreSQL would trip over its lock.
            empty(&path);
            return Ok(Self { path, note: None });
        }
        let mut bases = vec![std::env::temp_dir()];
        bases.extend(["/tmp", "/var/tmp"].map(PathBuf::from));
        for base in bases {
            let short = base.join(format!("crowfoot-{:08x}", rand::random::<u32>()));
            // The name is new and the folder is made with its mode, so nobody can be there first.
            if !fits(&short) || DirBuilder::new().mode(0o700).create(&short).is_err() {
                continue;
            }
            write_private(&note, short.as_os_str().as_bytes())?;
            let made = Self {
                path: short,
                note: Some(note.clone()),
            };
            account.own(&made.path)?;
            if account.reaches(&made.path) {
                return Ok(made);
            }
        }
        Err(ClusterError::NoSocket {
            wanted: path,
            max: MAX - file_name().len() - 1,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        if let Some(note) = &self.note {
            empty(&self.path);
            if std::fs::remove_dir(&self.path).is_ok() {
                std::fs::remove_file(note).ok();
            }
        }
    }
}

fn file_name() -> String {
    format!(".s.PGSQL.{PORT}")
}

fn fits(dir: &Path) -> bool {
    dir.as_os_str().len() + 1 + file_name().len() <= MAX
}

/// Removes PostgreSQL's socket and its lock from a folder, nothing else.
fn empty(dir: &Path) {
    let socket = file_name();
    for name in [format!("{socket}.lock"), socket] {
        std::fs::remove_file(dir.join(name)).ok();
    }
}

/// Removes the short folder of a run that was killed.
fn remove_left_over(note: &Path) {
    let Ok(mut bytes) = std::fs::read(note) else {
        return;
    };
    bytes.truncate(bytes.trim_ascii_end().len());
    let dir = PathBuf::from(std::ffi::OsString::from_vec(bytes));
    let ours = dir
        .file_name()
        .is_some_and(|name| name.as_bytes().starts_with(b"crowfoot-"));
    if ours && dir.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        empty(&dir);
        std::fs::remove_dir(&dir).ok();
    }
    std::fs::remove_file(note).on("remove", note).ok();
}
