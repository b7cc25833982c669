//! Real dumps of MySQL, against what a MariaDB 10.11 server made of them.
//!
//! The corpus lies beside the repository; where it is absent, these tests say so and pass.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

use ddl::read_mysql_files;
use model::schema::{ConstraintKind, Schema, TableKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(Deserialize)]
struct Truth {
    counts: BTreeMap<String, u64>,
    tables: Vec<TruthTable>,
    foreign_keys: Vec<String>,
    indexes: Vec<TruthIndex>,
    views: Vec<String>,
    enum_columns: Vec<String>,
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
    #[serde(default)]
    primary: bool,
    method: Option<String>,
}

fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no corpus at {}", path.display());
    None
}

fn text(corpus: &std::path::Path, file: &str) -> String {
    let bytes = std::fs::read(corpus.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    ddl::decode(&bytes).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn differ(what: &str, mut expected: Vec<String>, mut found: Vec<String>, out: &mut Vec<String>) {
    expected.sort();
    found.sort();
    if expected == found {
        return;
    }
    let sets = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    let (one, two) = (sets(&expected), sets(&found));
    out.extend(
        one.difference(&two)
            .map(|line| format!("{what}: missing {line}")),
    );
    out.extend(
        two.difference(&one)
            .map(|line| format!("{what}: surplus {line}")),
    );
    out.push(format!(
        "{what}: {} expected, {} found",
        expected.len(),
        found.len()
    ));
}

fn compare_lists(truth: &Truth, schema: &Schema, out: &mut Vec<String>) {
    let expected = truth.tables.iter().map(|table| {
        assert_eq!(table.columns, table.column_list.len());
        let key = table.primary_key.join(",");
        format!("{} [{key}] ({})", table.name, table.column_list.join("; "))
    });
    let tables = || {
        schema
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::Table)
    };
    let found = tables().map(|table| {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                let not_null = if column.nullable { "" } else { " NOT NULL" };
                format!("{} {}{not_null}", column.name, column.data_type)
            })
            .collect();
        let key = table.primary_key.as_ref().map(|key| key.columns.join(","));
        let key = key.unwrap_or_default();
        format!("{} [{key}] ({})", table.name.name, columns.join("; "))
    });
    differ("table", expected.collect(), found.collect(), out);

    let found = tables().flat_map(|table| {
        table.foreign_keys.iter().map(|key| {
            let (own, theirs) = (key.columns.join(", "), key.target_columns.join(", "));
            format!(
                "{}({own}) -> {}({theirs})",
                table.name.name, key.target.name
            )
        })
    });
    differ(
        "foreign key",
        truth.foreign_keys.clone(),
        found.collect(),
        out,
    );

    let expected = truth.indexes.iter().map(|found| {
        format!(
            "{} on {} {:?} unique={} primary={} {}",
            found.name,
            found.table,
            found.columns,
            found.unique,
            found.primary,
            found.method.as_deref().unwrap_or("BTREE").to_lowercase()
        )
    });
    let found = tables().flat_map(|table| {
        table.indexes.iter().map(move |found| {
            let columns: Vec<&str> = found
                .parts
                .iter()
                .map(|part| part.column.as_deref().unwrap_or_default())
                .collect();
            let primary = found.constraint == Some(ConstraintKind::PrimaryKey);
            format!(
                "{} on {} {columns:?} unique={} primary={primary} {}",
                found.name, table.name.name, found.unique, found.method
            )
        })
    });
    differ("index", expected.collect(), found.collect(), out);

    let views = schema
        .tables
        .iter()
        .filter(|table| table.kind == TableKind::View);
    let found = views.map(|view| view.name.name.clone());
    differ("view", truth.views.clone(), found.collect(), out);
    let found = tables().flat_map(|table| {
        let columns = table.columns.iter();
        let of_enum = columns.filter(|column| column.data_type.starts_with("enum("));
        of_enum.map(|column| format!("{}.{}", table.name.name, column.name))
    });
    differ(
        "enum column",
        truth.enum_columns.clone(),
        found.collect(),
        out,
    );
}

fn compare_counts(truth: &Truth, schema: &Schema, out: &mut Vec<String>) {
    let tables = || {
        schema
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::Table)
    };
    let keys = || tables().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    let indexes = || tables().flat_map(|table| &table.indexes);
    let secondary =
        || indexes().filter(|index| index.constraint != Some(ConstraintKind::PrimaryKey));
    let databases: BTreeSet<&str> = tables().map(|table| table.name.schema.as_str()).collect();
    let enums = tables().flat_map(|table| &table.columns);
    let found: [(&str, usize); 14] = [
        ("databases", databases.len()),
        ("tables", tables().count()),
        (
            "table_columns",
            tables().map(|table| table.columns.len()).sum(),
        ),
        (
            "tables_without_primary_key",
            tables().filter(|table| table.primary_key.is_none()).count(),
        ),
        ("foreign_keys", keys().count()),
        (
            "foreign_keys_composite",
            keys().filter(|(_, key)| key.columns.len() > 1).count(),
        ),
        (
            "foreign_keys_self",
            keys()
                .filter(|(table, key)| table.name == key.target)
                .count(),
        ),
        ("indexes", indexes().count()),
        ("indexes_excluding_primary", secondary().count()),
        (
            "unique_indexes_excluding_primary",
            secondary().filter(|index| index.unique).count(),
        ),
        ("views", schema.tables.len() - tables().count()),
        (
            "enum_columns",
            enums
                .filter(|column| column.data_type.starts_with("enum("))
                .count(),
        ),
        ("triggers", schema.triggers.len()),
        ("routines", schema.routines.len()),
    ];
    assert_eq!(
        found.len(),
        truth.counts.len(),
        "counts that nobody compares"
    );
    for (name, count) in found {
        let expected = truth.counts.get(name).copied();
        if expected != Some(count as u64) {
            out.push(format!("{name}: {count} instead of {expected:?}"));
        }
    }
}

fn check(name: &str) {
    let Some(corpus) = corpus() else { return };
    let truth: Truth =
        serde_json::from_str(&text(&corpus, &format!("{name}.truth.json"))).expect("truth");
    let script = text(&corpus, &format!("{name}.sql"));
    let import = read_mysql_files([script.as_str()]).expect("import");
    let mut differences = Vec::new();
    compare_lists(&truth, &import.schema, &mut differences);
    compare_counts(&truth, &import.schema, &mut differences);
    assert!(
        differences.is_empty(),
        "{name}: {} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert_eq!(import.report.problems, [], "{name}");
}

#[test]
fn wordpress() {
    check("wordpress.mysql");
}

#[test]
fn mediawiki() {
    check("mediawiki.mysql");
}

#[test]
fn orangehrm() {
    check("orangehrm.mysql");
}
