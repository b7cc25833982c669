//! One Crowfoot per data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::error::{ClusterError, IoContext as _};

/// Held while the data folder is in use. The kernel lets go of it when the process ends, however
/// it ends, so there is no stale lock; the pid inside is for the message only.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    pub(crate) fn acquire(data_dir: &Path) -> Result<Self, ClusterError> {
        let path = data_dir.join("crowfoot.lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .on("open", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let pid = file
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| text.trim().parse().ok());
                return Err(ClusterError::Locked {
                    pid,
                    dir: data_dir.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(ClusterError::Io {
                    action: "lock",
                    path,
                    source,
                });
            }
        }
        file.set_len(0).on("write", &path)?;
        file.rewind().on("write", &path)?;
        writeln!(file, "{}", std::process::id()).on("write", &path)?;
        Ok(Self { _file: file })
    }
}
