//! The tests in a real browser.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command;
use crate::npm;
use crate::postgres;
use crate::report::{Counts, End};
use crate::workspace::Workspace;

/// What Playwright is to start.
enum Chromium {
    /// One of the machine.
    At(PathBuf),
    /// The one that Playwright fetched for itself.
    Playwright,
}

/// Installs what the browser tests need and runs them.
pub(crate) fn test(workspace: &Workspace, counts: &mut Counts) -> Result<End> {
    let dir = workspace.root.join("end2end");
    if !dir.join("package.json").is_file() {
        return Ok(End::Skipped("there is no end2end/package.json".to_owned()));
    }
    if !npm::available() {
        return Ok(End::Skipped(
            "Node.js was not found; install Node.js 20 or newer".to_owned(),
        ));
    }
    npm::install_in(&dir)?;
    let Some(chromium) = find(&dir).or_else(|| install(&dir)) else {
        return Ok(End::Skipped(
            "there is no Chromium and none could be installed; install one and name it in CROWFOOT_CHROMIUM".to_owned(),
        ));
    };
    // Short-lived data, in a folder that the account of PostgreSQL can enter.
    let scratch = tempfile::Builder::new()
        .prefix("crowfoot-e2e-")
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir()?;
    let report = workspace.cache("end2end")?.join("report.json");
    std::fs::remove_file(&report).ok();

    let mut playwright = Command::new("npx");
    playwright
        .args(["playwright", "test", "--reporter=list,json"])
        .current_dir(&dir)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("CROWFOOT_BIN", workspace.binary())
        .env("CROWFOOT_E2E_DIR", scratch.path())
        .env_remove("DATABASE_URL");
    if let Chromium::At(path) = chromium {
        playwright.env("CROWFOOT_CHROMIUM", path);
    }
    if let Some(dir) = postgres::ensure(workspace)? {
        playwright.env("CROWFOOT_PG_FETCHED", dir);
    }
    let outcome = command::run(&mut playwright);
    *counts = read(&report).unwrap_or_default();
    if outcome.is_err() {
        show_logs(scratch.path());
    }
    outcome?;
    if counts.passed == 0 {
        bail!("Playwright ran no test");
    }
    Ok(End::Done(Counts::default()))
}

/// The program of a Chromium, and what drives it installed; none where there is no Chromium.
pub(crate) fn program(dir: &Path) -> Result<Option<PathBuf>> {
    if !npm::available() {
        bail!("Node.js was not found; install Node.js 20 or newer");
    }
    npm::install_in(dir)?;
    match find(dir) {
        Some(Chromium::At(path)) => Ok(Some(path)),
        Some(Chromium::Playwright) => Ok(own_program(dir)),
        None => Ok(None),
    }
}

fn read(report: &Path) -> Result<Counts> {
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report)?)?;
    let number = |name: &str| {
        report
            .pointer(&format!("/stats/{name}"))
            .and_then(serde_json::Value::as_u64)
            .with_context(|| format!("Playwright's report has no {name}"))
    };
    Ok(Counts {
        passed: number("expected")? + number("flaky")?,
        failed: number("unexpected")?,
        skipped: number("skipped")?,
        failures: report
            .get("suites")
            .map(|suites| troubled(suites, "unexpected"))
            .unwrap_or_default(),
        flaky: report
            .get("suites")
            .map(|suites| troubled(suites, "flaky"))
            .unwrap_or_default(),
    })
}

/// The tests below these suites that ended so (Playwright's `unexpected` or `flaky`), each with the
/// beginning of what it said when it failed.
fn troubled(suites: &serde_json::Value, end: &str) -> Vec<String> {
    let text = |value: &serde_json::Value, name: &str| {
        value
            .get(name)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = |value: &serde_json::Value, name: &str| {
        value
            .get(name)
            .and_then(serde_json::Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let mut found = Vec::new();
    for suite in suites.as_array().into_iter().flatten() {
        for spec in list(suite, "specs") {
            let tests = list(&spec, "tests");
            if !tests.iter().any(|test| text(test, "status") == end) {
                continue;
            }
            let said = tests
                .iter()
                .flat_map(|test| list(test, "results"))
                .find_map(|result| result.get("error").map(|error| text(error, "message")))
                .unwrap_or_default();
            let said: Vec<String> = said.lines().take(25).map(plain).collect();
            found.push(format!(
                "{}:{} {}\n{}",
                text(&spec, "file"),
                spec.get("line").unwrap_or(&serde_json::Value::Null),
                text(&spec, "title"),
                said.join("\n")
            ));
        }
        if let Some(inner) = suite.get("suites") {
            found.extend(troubled(inner, end));
        }
    }
    found
}

/// A line without the escape sequences that colour it in a terminal.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}

/// The last words of the servers that the tests ran against.
fn show_logs(dir: &Path) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|end| end != "log") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        println!("-- {}", entry.file_name().to_string_lossy());
        for line in lines.iter().skip(lines.len().saturating_sub(40)) {
            println!("{line}");
        }
    }
}

/// A Chromium that is there already.
fn find(dir: &Path) -> Option<Chromium> {
    if let Some(path) = std::env::var_os("CROWFOOT_CHROMIUM").filter(|path| !path.is_empty()) {
        return Some(Chromium::At(path.into()));
    }
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .into_iter()
    .find_map(command::which)
    .map(Chromium::At)
    .or_else(|| own(dir).then_some(Chromium::Playwright))
}

/// True when Playwright's own browser is installed.
fn own(dir: &Path) -> bool {
    own_program(dir).is_some()
}

fn own_program(dir: &Path) -> Option<PathBuf> {
    let script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
    command::output(Command::new("node").args(["-e", script]).current_dir(dir))
        .ok()
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

/// Playwright's download, or the package of the system.
fn install(dir: &Path) -> Option<Chromium> {
    println!("No Chromium on this machine; installing one");
    let download = command::run(
        Command::new("npx")
            .args(["playwright", "install", "chromium"])
            .current_dir(dir),
    );
    if download.is_ok() && own(dir) {
        return Some(Chromium::Playwright);
    }
    let apt = command::which("apt-get")?;
    let installed = command::run(Command::new(&apt).arg("update")).and_then(|()| {
        command::run(
            Command::new(&apt)
                .args(["install", "-y", "--no-install-recommends", "chromium"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    });
    if let Err(error) = installed {
        println!("{error:#}");
    }
    command::which("chromium").map(Chromium::At)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_failed_once_or_for_good_are_named_with_what_they_said() {
        let suites = serde_json::json!([{
            "specs": [
                { "title": "passes", "ok": true, "tests": [{ "status": "expected", "results": [{}] }] },
                {
                    "title": "loads",
                    "ok": true,
                    "file": "jobs.spec.ts",
                    "line": 3,
                    "tests": [{
                        "status": "flaky",
                        "results": [{ "error": { "message": "Error: too soon" } }, {}]
                    }]
                }
            ],
            "suites": [{
                "specs": [{
                    "title": "draws",
                    "ok": false,
                    "file": "diagram.spec.ts",
                    "line": 7,
                    "tests": [{
                        "status": "unexpected",
                        "results": [{ "error": { "message": "\u{1b}[31mError:\u{1b}[39m no canvas" } }]
                    }]
                }]
            }]
        }]);
        assert_eq!(
            troubled(&suites, "unexpected"),
            ["diagram.spec.ts:7 draws\nError: no canvas"]
        );
        assert_eq!(
            troubled(&suites, "flaky"),
            ["jobs.spec.ts:3 loads\nError: too soon"]
        );
    }
}
