//! Running other programs.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt;

/// Runs a program with its output on ours; an error when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let child = spawn(command)?;
    wait(command, child)
}

/// Runs a program, shows what it prints on standard output and hands each line to `look`.
pub(crate) fn run_and_read(command: &mut Command, mut look: impl FnMut(&str)) -> Result<()> {
    println!("$ {}", shown(command));
    let mut child = spawn(command.stdout(Stdio::piped()))?;
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            look(text.trim_end());
            line.clear();
        }
    }
    wait(command, child)
}

/// Runs a program with its output into a file; an error when it fails, or takes longer than
/// `patience` and is killed.
pub(crate) fn run_into(command: &mut Command, log: &Path, patience: Duration) -> Result<()> {
    println!("$ {}", shown(command));
    let file = File::create(log).with_context(|| format!("could not make {}", log.display()))?;
    let mut child = spawn(command.stdout(file.try_clone()?).stderr(file))?;
    let begun = Instant::now();
    while child.try_wait()?.is_none() {
        if begun.elapsed() > patience {
            child.kill()?;
            interrupt::at_work(None);
            child.wait()?;
            bail!("{} did not end in time", shown(command));
        }
        // The end of a process with a deadline: the standard library can only ask again.
        std::thread::sleep(Duration::from_millis(50));
    }
    wait(command, child)
}

fn spawn(command: &mut Command) -> Result<Child> {
    if interrupt::happened() {
        bail!("interrupted");
    }
    let child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("could not run {}", shown(command)))?;
    interrupt::at_work(Some(&child));
    Ok(child)
}

fn wait(command: &Command, mut child: Child) -> Result<()> {
    let status = child.wait();
    interrupt::at_work(None);
    let status = status?;
    if status.success() {
        return Ok(());
    }
    bail!("{} failed ({status})", shown(command))
}

/// Runs a program and returns what it prints on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not run {}", shown(command)))?;
    if !output.status.success() {
        bail!(
            "{} failed ({}): {}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} did not print UTF-8", shown(command)))
}

/// Where a program of this name is on the PATH.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// The command as one would type it; the program without its folder.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        // A URL may hold a password.
        .map(|word| match word.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://…"),
            None => word.into_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}
