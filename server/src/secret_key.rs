//! The key under which passwords of live databases are sealed.

use contract::account::Secret;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use service::seal::SealKey;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The key's file within the data folder.
const FILE_NAME: &str = "secret.key";
const KEY_BYTES: usize = 32;

/// The key cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretKeyError {
    /// The variable holds no key.
    #[error(
        "CROWFOOT_SECRET_KEY must be 64 hexadecimal digits (32 bytes); make one with: openssl rand -hex 32"
    )]
    Variable,
    /// The file holds no key.
    #[error("{path} holds no key: it must be 64 hexadecimal digits", path = .0.display())]
    Content(PathBuf),
    /// The file can be read by others.
    #[error("{path} may be read by others than its owner; close it with: chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// The file cannot be read or made.
    #[error("the key file {path} cannot be used: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The system has no randomness to give.
    #[error("the system gives no random bytes")]
    Randomness,
}

/// The key that was given, else that of the file in the data folder, which is made when it is not
/// there yet.
pub(crate) fn seal_key(given: Option<&Secret>, data_dir: &Path) -> Result<SealKey, SecretKeyError> {
    let bytes = match given {
        Some(text) => from_hex(text.reveal()).ok_or(SecretKeyError::Variable)?,
        None => file_key(&data_dir.join(FILE_NAME))?,
    };
    Ok(SealKey::new(bytes))
}

fn file_key(path: &Path) -> Result<[u8; KEY_BYTES], SecretKeyError> {
    let failed = |source| SecretKeyError::File {
        path: path.to_owned(),
        source,
    };
    match File::open(path) {
        Ok(mut file) => {
            if is_open(&file).map_err(failed)? {
                return Err(SecretKeyError::Open(path.to_owned()));
            }
            let mut text = String::new();
            file.read_to_string(&mut text).map_err(failed)?;
            from_hex(text.trim()).ok_or_else(|| SecretKeyError::Content(path.to_owned()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => make(path),
        Err(error) => Err(failed(error)),
    }
}

/// Makes a key and its file, whole or not at all. When somebody else was faster, theirs counts.
fn make(path: &Path) -> Result<[u8; KEY_BYTES], SecretKeyError> {
    let failed = |source| SecretKeyError::File {
        path: path.to_owned(),
        source,
    };
    let mut bytes = [0; KEY_BYTES];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| SecretKeyError::Randomness)?;
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(failed)?;
    }
    let unfinished = path.with_extension(format!("{}.part", std::process::id()));
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let written = closed_file(&unfinished).and_then(|mut file| {
        writeln!(file, "{text}")?;
        file.sync_all()?;
        // Unlike a rename, a link never replaces what is there.
        std::fs::hard_link(&unfinished, path)
    });
    // Left over only when the disk fails, and then it is the lesser evil.
    let _ = std::fs::remove_file(&unfinished);
    match written {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => file_key(path),
        Err(error) => Err(failed(error)),
    }
}

/// A new file that only its owner may read.
fn closed_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn is_open(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &File) -> std::io::Result<bool> {
    Ok(false)
}

fn from_hex(text: &str) -> Option<[u8; KEY_BYTES]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * KEY_BYTES {
        return None;
    }
    let mut bytes = [0; KEY_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data").join(FILE_NAME);
        let first = file_key(&path).unwrap();
        assert_eq!(file_key(&path).unwrap(), first);
        assert_eq!(
            std::fs::read_dir(dir.path().join("data")).unwrap().count(),
            1
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(file_key(&path), Err(SecretKeyError::Open(_))));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "abc", &"g".repeat(64), &"a".repeat(63), &"é".repeat(32)] {
            assert!(from_hex(text).is_none(), "{text:?}");
        }
        let dir = tempfile::tempdir().unwrap();
        let given = Secret::new("short");
        assert!(matches!(
            seal_key(Some(&given), dir.path()),
            Err(SecretKeyError::Variable)
        ));
        assert_eq!(from_hex(&"0F".repeat(32)), Some([15; 32]));
    }
}
