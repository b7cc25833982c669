//! Real schemas of SQLite and SQL Server, against their true counts and lists; and all of the
//! corpus against the dialect it is in.
//!
//! The corpus lies beside the repository; where it is absent, these tests say so and pass.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::{Import, read_sqlite_files, read_sqlserver_files};
use model::provider::Provider;
use model::schema::{Schema, Table, TableKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct Truth {
    counts: BTreeMap<String, u64>,
    tables: Vec<TruthTable>,
    foreign_keys: Vec<String>,
    indexes: Vec<TruthIndex>,
    views: Vec<TruthView>,
}

#[derive(Deserialize)]
struct TruthTable {
    name: String,
    columns: usize,
    primary_key: Vec<String>,
    column_list: Vec<String>,
}

#[derive(Deserialize)]
struct TruthIndex {
    name: String,
    table: String,
    columns: Vec<String>,
    unique: bool,
}

#[derive(Deserialize)]
struct TruthView {
    name: String,
}

fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no corpus at {}", path.display());
    None
}

fn text(corpus: &Path, file: &str) -> String {
    let bytes = std::fs::read(corpus.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    ddl::decode(&bytes).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn truth(corpus: &Path, name: &str) -> Truth {
    serde_json::from_str(&text(corpus, &format!("{name}.truth.json"))).expect("truth")
}

/// A name without what stands for the only schema.
fn bare(name: &str, schema: &str) -> String {
    name.strip_prefix(&format!("{schema}."))
        .unwrap_or(name)
        .to_owned()
}

fn tables(schema: &Schema) -> impl Iterator<Item = &Table> {
    schema
        .tables
        .iter()
        .filter(|table| table.kind == TableKind::Table)
}

fn assert_same(what: &str, expected: BTreeSet<String>, found: BTreeSet<String>) {
    let missing: Vec<&String> = expected.difference(&found).collect();
    let surplus: Vec<&String> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{what}: missing {missing:#?}, surplus {surplus:#?}"
    );
}

/// A column of the truth, which SQL Server's scripts have in brackets.
fn column(written: &str) -> String {
    let mut text = written.replace(['[', ']'], "").replace(", ", ",");
    if let Some(plain) = text
        .strip_suffix(" NULL")
        .filter(|rest| !rest.ends_with(" NOT"))
    {
        text = plain.to_owned();
    }
    text.replace(" IDENTITY(1,1)", "")
}

fn compare(truth: &Truth, import: &Import, schema: &str, explicit_only: bool) {
    let found = &import.schema;
    assert_eq!(import.report.problems, []);
    assert_same(
        "tables",
        truth
            .tables
            .iter()
            .map(|table| {
                assert_eq!(table.columns, table.column_list.len());
                let columns: Vec<String> =
                    table.column_list.iter().map(|text| column(text)).collect();
                format!(
                    "{} [{}] ({})",
                    table.name,
                    table.primary_key.join(","),
                    columns.join("; ")
                )
            })
            .collect(),
        tables(found)
            .map(|table| {
                let columns: Vec<String> = table
                    .columns
                    .iter()
                    .map(|column| {
                        let null = if column.nullable { "" } else { " NOT NULL" };
                        format!("{} {}{null}", column.name, column.data_type)
                    })
                    .collect();
                let key = table.primary_key.as_ref();
                format!(
                    "{} [{}] ({})",
                    bare(&table.name.to_string(), schema),
                    key.map(|key| key.columns.join(",")).unwrap_or_default(),
                    columns.join("; ")
                )
            })
            .collect(),
    );
    let keys: Vec<String> = tables(found)
        .flat_map(|table| {
            table.foreign_keys.iter().map(move |key| {
                format!(
                    "{}({}) -> {}({})",
                    bare(&table.name.to_string(), schema),
                    key.columns.join(", "),
                    bare(&key.target.to_string(), schema),
                    key.target_columns.join(", ")
                )
            })
        })
        .collect();
    assert_same(
        "foreign keys",
        truth.foreign_keys.iter().cloned().collect(),
        keys.iter().cloned().collect(),
    );
    let indexes: Vec<String> = tables(found)
        .flat_map(|table| table.indexes.iter().map(move |index| (table, index)))
        .filter(|(_, index)| !explicit_only || index.constraint.is_none())
        .map(|(table, index)| {
            let parts: Vec<&str> = index
                .parts
                .iter()
                .map(|part| part.column.as_deref().unwrap_or("(…)"))
                .collect();
            format!(
                "{} on {} {parts:?} {}",
                index.name,
                bare(&table.name.to_string(), schema),
                index.unique
            )
        })
        .collect();
    assert_same(
        "indexes",
        truth
            .indexes
            .iter()
            .map(|index| {
                format!(
                    "{} on {} {:?} {}",
                    index.name, index.table, index.columns, index.unique
                )
            })
            .collect(),
        indexes.iter().cloned().collect(),
    );
    let views = || {
        found
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::View)
    };
    assert_same(
        "views",
        truth.views.iter().map(|view| view.name.clone()).collect(),
        views()
            .map(|view| bare(&view.name.to_string(), schema))
            .collect(),
    );
    let comments = tables(found)
        .filter(|table| table.comment.is_some())
        .count();
    let explicit = tables(found)
        .flat_map(|table| &table.indexes)
        .filter(|index| index.constraint.is_none())
        .count();
    let counted = [
        ("tables", tables(found).count()),
        (
            "table_columns",
            tables(found).map(|table| table.columns.len()).sum(),
        ),
        (
            "tables_without_primary_key",
            tables(found)
                .filter(|table| table.primary_key.is_none())
                .count(),
        ),
        ("foreign_keys", keys.len()),
        ("indexes", indexes.len()),
        ("indexes_explicit", explicit),
        (
            "unique_constraints",
            tables(found).map(|table| table.unique_keys.len()).sum(),
        ),
        (
            "check_constraints",
            tables(found).map(|table| table.checks.len()).sum(),
        ),
        ("views", views().count()),
        ("sequences", found.sequences.len()),
        ("triggers", found.triggers.len()),
        ("routines", found.routines.len()),
        ("comments", comments),
    ];
    for (name, count) in counted {
        if let Some(expected) = truth.counts.get(name) {
            assert_eq!(*expected, count as u64, "{name}");
        }
    }
}

#[test]
fn chinook_for_sqlite() {
    let Some(corpus) = corpus() else { return };
    let script = text(&corpus, "chinook.sqlite.sql");
    let import = read_sqlite_files([script.as_str()]).expect("a script of SQLite");
    compare(&truth(&corpus, "chinook.sqlite"), &import, "main", false);
}

#[test]
fn pubs_for_sql_server() {
    let Some(corpus) = corpus() else { return };
    let schema = text(&corpus, "pubs.sqlserver.schema.sql");
    let data = text(&corpus, "pubs.sqlserver.data.sql");
    let import = read_sqlserver_files([schema.as_str(), data.as_str()]).expect("a script");
    // The truth names the schema in its lists.
    compare(&truth(&corpus, "pubs.sqlserver"), &import, "", true);
    let authors = import
        .schema
        .tables
        .iter()
        .find(|table| table.name.name == "authors");
    let phone = authors.and_then(|table| table.column("phone"));
    assert_eq!(
        phone.and_then(|column| column.default.as_deref()),
        Some("'UNKNOWN'")
    );
    let view = import
        .schema
        .tables
        .iter()
        .find(|table| table.name.name == "titleview");
    assert_eq!(view.map(|view| view.columns.len()), Some(6));
    assert_eq!(import.schema.domains.len(), 3);
    let inserts = import
        .report
        .passed_over
        .iter()
        .find(|row| row.kind == "INSERT");
    let lines = data
        .lines()
        .filter(|line| line.starts_with("INSERT"))
        .count();
    assert_eq!(inserts.map(|row| row.count), Some(lines as u64));
}

#[test]
fn scripts_of_other_dialects_do_no_harm() {
    let Some(corpus) = corpus() else { return };
    for file in [
        "pagila.postgres.schema.sql",
        "pagila.postgres.data.sql",
        "mastodon.postgres.sql",
        "orangehrm.mysql.sql",
        "mediawiki.mysql.sql",
        "chinook.sqlite.sql",
        "pubs.sqlserver.schema.sql",
    ] {
        let script = text(&corpus, file);
        for provider in [Provider::Sqlite, Provider::SqlServer, Provider::Oracle] {
            let started = Instant::now();
            let _ = ddl::read(provider, [script.as_str()]);
            // Generous: without optimisation and on a busy machine.
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "{file}, {provider}"
            );
        }
    }
}
