//! The server process: starting it, waiting for it, ending it, and ending one that was left over.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::{ClusterError, IoContext as _};
use crate::log::Log;

/// How often a state is looked at. A start takes about 100 ms, so this is not the slow part.
const STEP: Duration = Duration::from_millis(10);
/// How long a fast shutdown may take: it writes a checkpoint.
const FAST: Duration = Duration::from_secs(30);
/// How long an immediate one may take: PostgreSQL itself kills what is left after 5 s.
const IMMEDIATE: Duration = Duration::from_secs(15);
/// How long the backends of a server that was killed may take to notice.
const SHARED_MEMORY: Duration = Duration::from_secs(15);

/// A running server.
#[derive(Debug)]
pub(crate) struct Postmaster {
    child: Child,
    log: Log,
    pgdata: PathBuf,
    stopped: bool,
}

impl Postmaster {
    /// Starts the server and returns when it takes connections.
    pub(crate) fn start(
        pgdata: &Path,
        binaries: &Binaries,
        account: &Account,
        log_file: &Path,
        timeout: Duration,
    ) -> Result<Self, ClusterError> {
        let begun = Instant::now();
        loop {
            let mut server = Self::spawn(pgdata, binaries, account, log_file)?;
            match server.wait_until_ready(begun + timeout) {
                Ok(()) => return Ok(server),
                // A server that was killed leaves backends that end by themselves in a moment.
                Err(ClusterError::Died { tail, .. })
                    if tail.contains("shared memory block") && begun.elapsed() < SHARED_MEMORY =>
                {
                    sleep(20 * STEP);
                }
                Err(ClusterError::Timeout { log, tail, .. }) => {
                    return Err(ClusterError::Timeout {
                        seconds: timeout.as_secs(),
                        log,
                        tail,
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn spawn(
        pgdata: &Path,
        binaries: &Binaries,
        account: &Account,
        log_file: &Path,
    ) -> Result<Self, ClusterError> {
        let program = binaries.path("postgres");
        let mut child = account
            .command(&program)
            .arg("-D")
            .arg(pgdata)
            // A terminal's Ctrl-C goes to the whole process group; we tell PostgreSQL ourselves,
            // after the last request.
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .on("run", &program)?;
        let Some(stderr) = child.stderr.take() else {
            unreachable!("stderr is piped");
        };
        match Log::follow(stderr, log_file.to_owned()) {
            Ok(log) => Ok(Self {
                child,
                log,
                pgdata: pgdata.to_owned(),
                stopped: false,
            }),
            Err(error) => {
                child.kill().ok();
                child.wait().ok();
                Err(error)
            }
        }
    }

    fn wait_until_ready(&mut self, deadline: Instant) -> Result<(), ClusterError> {
        loop {
            if let Some(status) = self.exited()? {
                self.stopped = true;
                self.log.finish();
                return Err(ClusterError::Died {
                    status: status.to_string(),
                    log: self.log.path().to_owned(),
                    tail: self.log.tail(),
                });
            }
            if PidFile::read(&self.pgdata).is_some_and(|file| file.ready && file.pid == self.pid())
            {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(ClusterError::Timeout {
                    seconds: 0,
                    log: self.log.path().to_owned(),
                    tail: self.log.tail(),
                });
            }
            sleep(STEP);
        }
    }

    /// Ends the server: running statements are cancelled, everything is written. Does nothing
    /// the second time.
    pub(crate) fn stop(&mut self) -> Result<(), ClusterError> {
        if self.stopped {
            return Ok(());
        }
        for (signal, patience) in [(Signal::SIGINT, FAST), (Signal::SIGQUIT, IMMEDIATE)] {
            self.signal(signal);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if self.exited()?.is_some() {
                    self.stopped = true;
                    self.log.finish();
                    return Ok(());
                }
                sleep(STEP);
            }
            tracing::warn!("PostgreSQL did not stop after {signal} within {patience:?}");
        }
        Err(ClusterError::WillNotStop {
            pid: self.pid(),
            dir: self.pgdata.clone(),
        })
    }

    fn exited(&mut self) -> Result<Option<ExitStatus>, ClusterError> {
        self.child.try_wait().on("wait for", &self.pgdata)
    }

    fn signal(&self, signal: Signal) {
        // It may have ended meanwhile; the wait tells.
        kill(Pid::from_raw(self.pid()), signal).ok();
    }

    fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!("{error}");
        }
    }
}

/// Brings a data folder back to rest after a Crowfoot that could not clean up: a server that
/// still runs is stopped, a note of one that does not is removed.
pub(crate) fn recover(pgdata: &Path) -> Result<(), ClusterError> {
    let path = pgdata.join("postmaster.pid");
    let Some(file) = PidFile::read(pgdata) else {
        // Damaged or absent: PostgreSQL would refuse an empty one.
        if path.exists() {
            std::fs::remove_file(&path).on("remove", &path)?;
        }
        return Ok(());
    };
    if serves(file.pid, pgdata) {
        tracing::warn!(
            "A PostgreSQL (process {}) of an earlier Crowfoot still runs on {}; stopping it",
            file.pid,
            pgdata.display()
        );
        stop_orphan(file.pid, pgdata)?;
    } else {
        tracing::info!(
            "Removing the note of a PostgreSQL that was killed: {}",
            path.display()
        );
    }
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).on("remove", &path)
        }
        _ => Ok(()),
    }
}

fn stop_orphan(pid: i32, pgdata: &Path) -> Result<(), ClusterError> {
    for (signal, patience) in [(Signal::SIGINT, FAST), (Signal::SIGQUIT, IMMEDIATE)] {
        kill(Pid::from_raw(pid), signal).ok();
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !serves(pid, pgdata) {
                return Ok(());
            }
            sleep(STEP);
        }
    }
    Err(ClusterError::WillNotStop {
        pid,
        dir: pgdata.to_owned(),
    })
}

/// True when the process is a PostgreSQL server of this data folder. Process numbers are used
/// again, so that one with this number runs says nothing yet.
fn serves(pid: i32, pgdata: &Path) -> bool {
    if pid <= 1 || kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH) {
        return false;
    }
    if Path::new("/proc/self/cwd").exists() {
        // A server works in its data folder. One that ended and waits for its parent has none.
        let cwd = std::fs::read_link(format!("/proc/{pid}/cwd"));
        return match (cwd, pgdata.canonicalize()) {
            (Ok(cwd), Ok(pgdata)) => cwd == pgdata,
            _ => false,
        };
    }
    std::process::Command::new("ps")
        .args(["-o", "command=", "-p", &pid.to_string()])
        .output()
        .is_ok_and(|output| {
            let line = String::from_utf8_lossy(&output.stdout);
            line.contains("postgres") && line.contains(&*pgdata.to_string_lossy())
        })
}

/// What PostgreSQL notes in `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    ready: bool,
}

impl PidFile {
    fn read(pgdata: &Path) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(pgdata.join("postmaster.pid")).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        Some(Self {
            // A single-user server notes its number with a minus.
            pid: lines.next()?.trim().parse::<i32>().ok()?.abs(),
            ready: lines.nth(6).is_some_and(|status| status.trim() == "ready"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_tells_when_the_server_is_ready() {
        let text = "4711\n/data\n1790000000\n5432\n/sock\n\n  1234   5\nstarting\n";
        assert_eq!(
            PidFile::parse(text),
            Some(PidFile {
                pid: 4711,
                ready: false
            })
        );
        let text = text.replace("starting", "ready   ");
        assert_eq!(
            PidFile::parse(&text),
            Some(PidFile {
                pid: 4711,
                ready: true
            })
        );
        assert_eq!(PidFile::parse(""), None);
        assert_eq!(PidFile::parse("-12\n").map(|file| file.pid), Some(12));
    }

    #[test]
    fn another_program_is_no_server() {
        let here = std::process::id().cast_signed();
        assert!(!serves(here, Path::new("/nowhere")));
        assert!(!serves(i32::MAX, Path::new("/")));
    }
}
