//! What a file is, before SQLite opens it: SQLite itself would take its time, and say less.

use crate::error::{ConnectError, FileError};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// What the first bytes of every database are.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// How much is looked at.
const HEAD_BYTES: u64 = 4096;

/// A file that SQLite may open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DatabaseFile {
    /// Its path without links, and absolute, so that nothing in it is taken for an option.
    pub(super) path: PathBuf,
    /// Its size.
    pub(super) bytes: u64,
    /// Whether it is kept with a write-ahead log of which nothing is left: all is in the file.
    pub(super) is_settled_wal: bool,
}

/// Looks at the file.
///
/// # Errors
/// Whatever makes it unfit.
pub(super) fn look(path: &Path) -> Result<DatabaseFile, ConnectError> {
    let path = path.canonicalize().map_err(|error| sort(&error))?;
    let metadata = path.metadata().map_err(|error| sort(&error))?;
    if !metadata.is_file() {
        return Err(FileError::NotAFile.into());
    }
    let mut head = Vec::new();
    std::fs::File::open(&path)
        .and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head))
        .map_err(|error| sort(&error))?;
    let bytes = metadata.len();
    // SQLite takes a file of no bytes for an empty database.
    if bytes > 0 && !head.starts_with(MAGIC) {
        return Err(if looks_encrypted(&head, bytes) {
            FileError::Encrypted.into()
        } else {
            FileError::NotADatabase.into()
        });
    }
    let is_settled_wal = head.get(18) == Some(&2) && !has_log(&path);
    Ok(DatabaseFile {
        path,
        bytes,
        is_settled_wal,
    })
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log)
        .metadata()
        .is_ok_and(|metadata| metadata.len() > 0)
}

/// Whole pages of bytes that all occur alike: what encryption makes of a database. Other files
/// begin with bytes that say what they are.
fn looks_encrypted(head: &[u8], bytes: u64) -> bool {
    let mut seen = [false; 256];
    for byte in head {
        if let Some(place) = seen.get_mut(usize::from(*byte)) {
            *place = true;
        }
    }
    let kinds = seen.iter().filter(|seen| **seen).count();
    let text_starts = head.iter().take(4).all(u8::is_ascii_graphic);
    bytes.is_multiple_of(512) && head.len() >= 4096 && kinds >= 250 && !text_starts
}

fn sort(error: &std::io::Error) -> ConnectError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput => {
            FileError::Missing.into()
        }
        ErrorKind::IsADirectory => FileError::NotAFile.into(),
        _ => FileError::Denied.into(),
    }
}
