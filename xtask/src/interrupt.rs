//! Ctrl-C and SIGTERM while a task runs: the program at work is ended, the task unwinds, and what
//! it started (a database, a server) is stopped on the way.

use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static AT_WORK: AtomicI32 = AtomicI32::new(0);

/// Starts to listen. The second signal ends us at once.
pub(crate) fn watch() -> Result<()> {
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP]).context("could not listen for signals")?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if INTERRUPTED.swap(true, Ordering::SeqCst) {
                std::process::exit(128 + signal);
            }
            let pid = AT_WORK.load(Ordering::SeqCst);
            if pid != 0 {
                terminate(pid);
            }
        }
    });
    Ok(())
}

/// True once a signal came.
pub(crate) fn happened() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Names the program that a signal is to be passed on to.
pub(crate) fn at_work(child: Option<&Child>) {
    AT_WORK.store(
        child.map_or(0, |child| child.id().cast_signed()),
        Ordering::SeqCst,
    );
}

/// Asks a process to end.
pub(crate) fn terminate(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGTERM).ok();
}
