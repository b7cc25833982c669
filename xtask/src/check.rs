//! `cargo xtask check`: what needs no database and no browser.

use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::queries::Live;
use crate::report::{Counts, End, Report};
use crate::wasm;
use crate::workspace::{Package, Workspace};

/// Runs the check; false when something failed.
pub(crate) fn run(workspace: &Workspace) -> Result<bool> {
    crate::interrupt::watch()?;
    let mut report = Report::new();
    lints(workspace, None, &mut report);
    report.step("unit tests", |counts| {
        let mut cargo = workspace.cargo();
        cargo.args(["test", "--no-fail-fast", "--lib", "--bins"]);
        for package in workspace
            .packages
            .iter()
            .filter(|package| stands_alone(package))
        {
            cargo.args(["-p", &package.name]);
            // Views are tested as the server renders them.
            if package.features.contains_key("ssr") {
                cargo.args(["--features", &format!("{}/ssr", package.name)]);
            }
        }
        tests(&mut cargo, counts)
    });
    Ok(report.close())
}

/// Formatting and clippy, for the server (with its SQL checked live, if asked) and the browser.
pub(crate) fn lints(workspace: &Workspace, live: Option<&Live<'_>>, report: &mut Report) {
    report.step("formatting", |_| {
        command::run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
        Ok(End::Done(Counts::default()))
    });
    report.step("clippy, server", |_| {
        let mut cargo = workspace.cargo();
        cargo.args([
            "clippy",
            "--workspace",
            "--exclude",
            "frontend",
            "--all-targets",
        ]);
        if let Some(live) = live {
            live.apply(&mut cargo);
        }
        command::run(cargo.args(["--", "-D", "warnings"]))?;
        Ok(End::Done(Counts::default()))
    });
    report.step("clippy, browser", |_| {
        wasm::add_target()?;
        let mut cargo = workspace.cargo();
        cargo.args(["clippy", "--target", wasm::TARGET]);
        let app = workspace.root.join("app");
        for package in &workspace.packages {
            if package.manifest_path.starts_with(&app) {
                cargo.args(["-p", &package.name]);
            }
        }
        command::run(cargo.args(["--", "-D", "warnings"]))?;
        Ok(End::Done(Counts::default()))
    });
}

/// Runs tests and counts them.
pub(crate) fn tests(cargo: &mut Command, counts: &mut Counts) -> Result<End> {
    command::run_and_read(cargo, |line| counts.read_cargo(line))?;
    Ok(End::Done(Counts::default()))
}

/// True for a crate whose unit tests need neither a database nor a browser, and which does not
/// bring in the slow-to-build rest.
fn stands_alone(package: &Package) -> bool {
    const REST: [&str; 4] = ["frontend", "server", "service", "store"];
    !REST.contains(&package.name.as_str())
        && !package.dependencies.iter().any(|dependency| {
            dependency.kind.is_none()
                && (dependency.name == "sqlx" || REST.contains(&dependency.name.as_str()))
        })
}
