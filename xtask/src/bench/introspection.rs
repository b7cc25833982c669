//! Reading the structure of a large live database.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use super::document::{Figure, Section};
use super::{percentile, schema, seconds};
use crate::command;
use crate::database::Database;
use crate::workspace::Workspace;

/// The tables of the large database; it has 125,000 columns and 15,000 foreign keys then.
pub(crate) const TABLES: usize = 10_000;
const RUNS: usize = 5;

/// Makes the large database anew.
pub(crate) fn make_source(database: &Database, name: &str) -> Result<()> {
    database.sql(
        cluster::DATABASE,
        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )?;
    database.sql(cluster::DATABASE, &format!("CREATE DATABASE {name}"))?;
    println!("making a database of {TABLES} tables");
    database.sql(name, &schema::ddl(TABLES))?;
    // What a database that is in use has had done to it.
    database.sql(name, "VACUUM ANALYZE pg_catalog.pg_attribute")?;
    database.sql(name, "VACUUM ANALYZE")?;
    Ok(())
}

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    const SOURCE: &str = "bench_source";
    command::run(workspace.cargo().args([
        "build",
        "--release",
        "-p",
        "connect",
        "--example",
        "introspect",
    ]))?;
    let introspect = workspace.target.join("release/examples/introspect");
    let database = Database::start(workspace)?;
    let psql = database
        .psql_dir()
        .context("this bench compares with psql, which was not found")?
        .join("psql");
    make_source(&database, SOURCE)?;
    let script = workspace.cache("bench")?.join("introspection.sql");
    std::fs::write(
        &script,
        command::output(Command::new(&introspect).arg("--statements"))?,
    )?;
    let login = database.login()?;
    let mut alone = Vec::new();
    let mut ours = Vec::new();
    let mut peak: f64 = 0.0;
    let mut counts = String::new();
    for _ in 0..RUNS {
        alone.push(timed(&mut catalog_queries(&psql, &database.url(SOURCE), &script))?.1);
        let (printed, took) = timed(
            Command::new(&introspect)
                .args([&login.host, &login.port, SOURCE, &login.user])
                .env("PGPASSWORD", &login.password),
        )?;
        ours.push(took);
        peak = peak.max(peak_mib(&printed)?);
        counts = printed
            .lines()
            .find_map(|line| line.split_once(": SchemaCounts"))
            .map(|(_, counts)| counts.trim_matches([' ', '{', '}']).to_owned())
            .unwrap_or_default();
    }
    database.sql(cluster::DATABASE, &format!("DROP DATABASE {SOURCE}"))?;
    alone.sort();
    ours.sort();
    let (alone, slowest) = (percentile(&alone, 0.5), percentile(&ours, 1.0));
    let ours = percentile(&ours, 0.5);
    Ok(Section {
        title: "Reading a live database of 10,000 tables",
        about: "Connecting to a PostgreSQL database and reading its whole structure into memory, from the start of \
                the process to its end, against psql that runs the same statements and throws the rows away. \
                Statistics of columns are read by ours only.",
        figures: vec![
            Figure::new("what was read", counts),
            Figure::new(
                "the catalog queries alone in psql, median of 5",
                seconds(alone),
            ),
            Figure::new("ours, median of 5", seconds(ours)),
            Figure::new("ours, slowest", seconds(slowest)),
            Figure::new(
                "ours against psql",
                format!("{:.2}", ours.as_secs_f64() / alone.as_secs_f64().max(0.001)),
            )
            .target("3"),
            Figure::new("peak memory of ours", format!("{peak:.0} MiB")).target("500 MiB"),
        ],
        tables: Vec::new(),
    })
}

fn catalog_queries(psql: &Path, url: &str, script: &Path) -> Command {
    let mut command = Command::new(psql);
    command
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"])
        .args(["-o", "/dev/null", "-f"])
        .arg(script)
        .arg("-d")
        .arg(url);
    command
}

fn timed(command: &mut Command) -> Result<(String, Duration)> {
    let begun = Instant::now();
    let printed = command::output(command)?;
    Ok((printed, begun.elapsed()))
}

fn peak_mib(printed: &str) -> Result<f64> {
    printed
        .lines()
        .find_map(|line| line.strip_prefix("peak resident memory: "))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| anyhow!("the introspection told no peak of memory: {printed}"))
}
