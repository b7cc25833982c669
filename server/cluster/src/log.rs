//! PostgreSQL's log: drained by a thread of ours, so that its size is bounded, its last lines are
//! at hand when a start fails, and no collector process is needed.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::{ClusterError, IoContext as _};

const MAX_BYTES: u64 = 4 << 20;
const TAIL_LINES: usize = 15;
/// A single line longer than this is cut; a failing statement can be megabytes long.
const MAX_LINE: u64 = 16 << 10;

/// The log file and the last lines that went into it.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    tail: Arc<Mutex<VecDeque<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Log {
    /// Starts writing what comes from `source` to `path`.
    pub(crate) fn follow(
        source: impl Read + Send + 'static,
        path: PathBuf,
    ) -> Result<Self, ClusterError> {
        let mut file = LogFile::open(&path)?;
        let tail = Arc::new(Mutex::new(VecDeque::with_capacity(TAIL_LINES)));
        let lines = Arc::clone(&tail);
        let thread = std::thread::Builder::new()
            .name("postgres-log".to_owned())
            .spawn(move || {
                let mut source = BufReader::new(source);
                let mut line = Vec::new();
                loop {
                    line.clear();
                    match source.by_ref().take(MAX_LINE).read_until(b'\n', &mut line) {
                        Ok(0) | Err(_) => return,
                        Ok(_) => {}
                    }
                    file.write(&line);
                    let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                    if lines.len() == TAIL_LINES {
                        lines.pop_front();
                    }
                    lines.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
                }
            })
            .on("start a thread for", &path)?;
        Ok(Self {
            path,
            tail,
            thread: Some(thread),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The last lines so far.
    pub(crate) fn tail(&self) -> String {
        let lines = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        lines.join("\n")
    }

    /// Waits for the last line of a server that has ended.
    pub(crate) fn finish(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

struct LogFile {
    path: PathBuf,
    file: File,
    written: u64,
}

impl LogFile {
    fn open(path: &Path) -> Result<Self, ClusterError> {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .on("open", path)?;
        let written = file.metadata().on("read", path)?.len();
        Ok(Self {
            path: path.to_owned(),
            file,
            written,
        })
    }

    /// Writes a line, first moving a full file aside. A full disk must not stop PostgreSQL, so
    /// what cannot be written is dropped.
    fn write(&mut self, line: &[u8]) {
        if self.written > MAX_BYTES
            && std::fs::rename(&self.path, self.path.with_extension("log.1")).is_ok()
            && let Ok(fresh) = Self::open(&self.path)
        {
            *self = fresh;
        }
        if self.file.write_all(line).is_ok() {
            self.written += line.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_log_is_moved_aside_and_the_tail_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("postgres.log");
        let line = format!("{}\n", "x".repeat(1023));
        let mut text = line.repeat(5 << 10);
        text.push_str("the end\n");

        let mut log = Log::follow(std::io::Cursor::new(text), path.clone()).unwrap();
        log.finish();

        assert!(log.tail().ends_with("\nthe end"));
        assert_eq!(log.tail().lines().count(), TAIL_LINES);
        let sizes = [path.clone(), path.with_extension("log.1")]
            .map(|file| std::fs::metadata(file).unwrap().len());
        assert!(sizes.iter().all(|size| *size <= MAX_BYTES + 1024));
        assert_eq!(sizes.iter().sum::<u64>(), (5 << 20) + 8);
    }
}
