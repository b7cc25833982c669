//! Reading a large live database again when nothing changed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::document::{Figure, Section};
use super::introspection::{TABLES, make_source};
use super::server::{Server, Site};
use super::{percentile, seconds};
use crate::database::{Database, Login};
use crate::workspace::Workspace;

const SOURCE: &str = "bench_refresh_source";
const CATALOG: &str = "bench_refresh_catalog";
const RUNS: usize = 3;
/// The tables that a refresh may write although nothing changed: who asked for it is audited.
const EXPECTED: [&str; 3] = ["audit_logs", "jobs", "schema_versions"];

/// Rows inserted, updated and deleted, by table.
type Written = BTreeMap<String, i64>;

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let database = Database::start(workspace)?;
    make_source(&database, SOURCE)?;
    // Empty: the server brings its own tables.
    database.sql(
        cluster::DATABASE,
        &format!("DROP DATABASE IF EXISTS {CATALOG} WITH (FORCE)"),
    )?;
    database.sql(cluster::DATABASE, &format!("CREATE DATABASE {CATALOG}"))?;
    let catalog = database.url(CATALOG);
    let site = Site::new(workspace)?;
    let (id, first) = {
        let server = site.serve_on(&catalog)?;
        connect(&server, &database.login()?)?
    };
    // Rows are counted once a connection ends, hence a server of its own for each count; what
    // signing in writes is measured first and taken off.
    let before = written(&database)?;
    site.serve_on(&catalog)?.log_in()?;
    let after_login = written(&database)?;
    let login = difference(&before, &after_login);
    let mut times = Vec::new();
    {
        let server = site.serve_on(&catalog)?;
        let mut client = server.log_in()?;
        for _ in 0..RUNS {
            let begun = Instant::now();
            let answer = client.post(&format!("/api/databases/{id}/refresh?wait=true"), "")?;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            match answer.status {
                200 if text.contains("\"has_changed\":true") => {
                    bail!("nothing changed, and yet: {text}")
                }
                200 => times.push(begun.elapsed()),
                status => bail!("the refresh was answered with {status}: {text}"),
            }
        }
    }
    let rows = difference(&login, &difference(&after_login, &written(&database)?));
    for name in [SOURCE, CATALOG] {
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        database.sql(cluster::DATABASE, &drop)?;
    }
    Ok(section(first, times, &rows))
}

fn section(first: Duration, mut times: Vec<Duration>, rows: &Written) -> Section {
    times.sort();
    let mut figures = vec![
        Figure::new("first reading, everything written", seconds(first)),
        Figure::new(
            "nothing changed, median of 3",
            seconds(percentile(&times, 0.5)),
        ),
        Figure::new("nothing changed, slowest", seconds(percentile(&times, 1.0))),
    ];
    for (table, count) in rows {
        figures.push(Figure::new(
            format!("rows written to `{table}` by 3 refreshes"),
            count.to_string(),
        ));
    }
    let elsewhere: i64 = rows
        .iter()
        .filter(|(table, _)| !EXPECTED.contains(&table.as_str()))
        .map(|(_, count)| count)
        .sum();
    figures.push(
        Figure::new(
            "rows written elsewhere than to jobs, versions and the audit",
            elsewhere.to_string(),
        )
        .target("0"),
    );
    Section {
        title: "Refreshing 10,000 tables of which none changed",
        about: "`POST /api/databases/{id}/refresh?wait=true` on a live PostgreSQL database of 10,000 tables, and what the \
                catalog's database counted as inserted, updated or deleted by it (pg_stat_user_tables); what \
                signing in writes is taken off.",
        figures,
        tables: Vec::new(),
    }
}

/// Reads the source into the catalog; the new database's id and how long that took.
fn connect(server: &Server, login: &Login) -> Result<(String, Duration)> {
    let body = serde_json::json!({
        "name": "bench",
        "provider": "postgresql",
        "host": login.host,
        "port": login.port.parse::<u16>()?,
        "database_name": SOURCE,
        "username": login.user,
        "password": login.password,
        "tls_mode": "disable",
    });
    let begun = Instant::now();
    let answer = server
        .log_in()?
        .post_json("/api/databases", &body.to_string())?;
    let took = begun.elapsed();
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    if answer.status != 201 {
        bail!("connecting was answered with {}: {text}", answer.status);
    }
    let database: serde_json::Value = serde_json::from_str(&text)
        .with_context(|| format!("connecting was answered with {text}"))?;
    println!("read {TABLES} tables in {:.2} s", took.as_secs_f64());
    let id = database.get("id").and_then(serde_json::Value::as_str);
    Ok((id.context("there is no id in the answer")?.to_owned(), took))
}

/// What has been written since the catalog was made. Partitions count as their table.
fn written(database: &Database) -> Result<Written> {
    database.sql(CATALOG, "SELECT pg_stat_clear_snapshot()")?;
    let rows = database.sql(
        CATALOG,
        "SELECT coalesce(parent.relname, own.relname), sum(n_tup_ins + n_tup_upd + n_tup_del)
         FROM pg_stat_user_tables AS own
         LEFT JOIN pg_inherits ON inhrelid = own.relid
         LEFT JOIN pg_class AS parent ON parent.oid = inhparent
         GROUP BY 1",
    )?;
    rows.lines()
        .map(|line| {
            let (table, count) = line.split_once('|').context("two columns were expected")?;
            Ok((table.to_owned(), count.trim().parse()?))
        })
        .collect()
}

/// What came to it, tables without a difference left out.
fn difference(before: &Written, after: &Written) -> Written {
    after
        .iter()
        .map(|(table, count)| (table.clone(), count - before.get(table).unwrap_or(&0)))
        .filter(|(_, count)| *count != 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let before = Written::from([("jobs".to_owned(), 1), ("tables".to_owned(), 10_000)]);
        let after = Written::from([
            ("columns".to_owned(), 2),
            ("jobs".to_owned(), 4),
            ("tables".to_owned(), 10_000),
        ]);
        let expected = Written::from([("columns".to_owned(), 2), ("jobs".to_owned(), 3)]);
        assert_eq!(difference(&before, &after), expected);
    }
}
