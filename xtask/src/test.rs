//! `cargo xtask test`: everything that CI runs.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::check;
use crate::command;
use crate::database::Database;
use crate::mariadb::MariaDb;
use crate::queries::Live;
use crate::report::{Counts, End, Report};
use crate::workspace::Workspace;
use crate::{browser, fuzz, site};

/// The variable by which tests find their server; each makes databases of its own there.
const TEST_DATABASE: &str = "CROWFOOT_TEST_DATABASE_URL";
/// The same for the tests that read live MySQL databases; without it they are skipped.
const TEST_MYSQL: &str = "CROWFOOT_TEST_MYSQL_URL";

/// Runs everything; false when something failed.
pub(crate) fn run(workspace: &Workspace) -> Result<bool> {
    crate::interrupt::watch()?;
    let mut report = Report::new();

    let mut database = None;
    report.step("PostgreSQL", |_| {
        database = Some(Database::start(workspace)?);
        Ok(End::Done(Counts::default()))
    });
    let mut live = None;
    if let Some(database) = &database {
        report.step("migrations", |_| {
            live = Some(Live::new(workspace, database)?);
            Ok(End::Done(Counts::default()))
        });
    }
    check::lints(workspace, live.as_ref(), &mut report);
    match &live {
        Some(live) => {
            report.step("queries", |_| {
                live.check()?;
                Ok(End::Done(Counts::default()))
            });
        }
        None => report.unreached("queries", "there is no migrated database"),
    }
    match &database {
        Some(database) => {
            report.step("schema", |_| schema(workspace, database));
            let mut mariadb = None;
            report.step("MariaDB", |_| match MariaDb::start()? {
                Some(server) => {
                    mariadb = Some(server);
                    Ok(End::Done(Counts::default()))
                }
                None => Ok(End::Skipped(
                    "there is no MariaDB and none could be installed; install mariadb-server"
                        .to_owned(),
                )),
            });
            report.step("tests", |counts| {
                let mut cargo = workspace.cargo();
                cargo
                    .args([
                        "test",
                        "--workspace",
                        "--exclude",
                        "frontend",
                        "--no-fail-fast",
                    ])
                    .env(TEST_DATABASE, database.url(cluster::DATABASE));
                if let Some(server) = &mariadb {
                    cargo.env(TEST_MYSQL, server.url());
                }
                check::tests(&mut cargo, counts)
            });
        }
        None => report.unreached("tests", "there is no PostgreSQL"),
    }
    report.step("fuzz", |counts| fuzz::run(workspace, fuzz::SECONDS, counts));
    // The browser tests bring their own.
    drop(live);
    drop(database);

    let mut sizes = None;
    report.step("release build", |_| {
        sizes = Some(site::build(workspace)?);
        Ok(End::Done(Counts::default()))
    });
    match sizes {
        Some(sizes) => {
            report.step("bundle size", |_| {
                site::check_budget(&sizes)?;
                Ok(End::Done(Counts::default()))
            });
            report.step("browser", |counts| browser::test(workspace, counts));
        }
        None => report.unreached("browser", "there is no release build"),
    }
    Ok(report.close())
}

/// Compares the migrated schema with the project's specification, which lies beside the
/// repository where there is one.
fn schema(workspace: &Workspace, database: &Database) -> Result<End> {
    let script = workspace.root.join("../shared/spec/check_schema.py");
    if !script.is_file() {
        return Ok(End::Absent(
            "there is no ../shared/spec beside this clone".to_owned(),
        ));
    }
    if command::which("python3").is_none() {
        return Ok(End::Skipped("python3 was not found".to_owned()));
    }
    let Some(psql_dir) = database.psql_dir() else {
        return Ok(End::Skipped("psql was not found".to_owned()));
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(
        std::iter::once(psql_dir.to_owned()).chain(std::env::split_paths(&path)),
    )?;
    let url = database.migrated(workspace, "schema_check")?;
    command::run(
        Command::new("python3")
            .arg(script)
            .arg(url)
            .args(["--step", "1"])
            .env("PATH", path),
    )
    .context("the schema lacks something")?;
    Ok(End::Done(Counts::default()))
}
