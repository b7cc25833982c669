//! What is known of the real schemas beside the repository.
#![allow(unreachable_pub, missing_docs)]

use model::schema::{ConstraintKind, Schema, Table, TableKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Truth {
    counts: BTreeMap<String, u64>,
    tables: Vec<TruthTable>,
    foreign_keys: Vec<String>,
    indexes: Vec<TruthIndex>,
}

#[derive(Deserialize)]
struct TruthTable {
    name: String,
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

/// The folder of the corpus; none where it is absent.
pub fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no corpus at {}", path.display());
    None
}

/// In what a schema differs from what its truth says.
pub fn differences(corpus: &Path, name: &str, schema: &Schema) -> Vec<String> {
    let path = corpus.join(format!("{name}.truth.json"));
    let text = std::fs::read_to_string(&path).expect("the truth");
    let truth: Truth = serde_json::from_str(&text).expect("the truth");
    let mut out = Vec::new();
    let expected = truth.tables.iter().map(|table| {
        let columns = table.column_list.join("; ");
        format!(
            "{} [{}] ({columns})",
            table.name,
            table.primary_key.join(",")
        )
    });
    let found = schema.tables.iter().map(described);
    differ("table", expected.collect(), found.collect(), &mut out);

    let found = schema.tables.iter().flat_map(|table| {
        table.foreign_keys.iter().map(|key| {
            format!(
                "{}({}) -> {}({})",
                table.name.name,
                key.columns.join(","),
                key.target.name,
                key.target_columns.join(",")
            )
        })
    });
    differ("foreign key", truth.foreign_keys, found.collect(), &mut out);

    let expected = truth.indexes.iter().map(|index| {
        let columns = index.columns.join(",");
        format!(
            "{} on {} ({columns}) {}",
            index.name, index.table, index.unique
        )
    });
    let found = schema.tables.iter().flat_map(|table| {
        table.indexes.iter().map(|index| {
            let columns: Vec<&str> = index
                .parts
                .iter()
                .map(|part| part.column.as_deref().unwrap_or("(…)"))
                .collect();
            let columns = columns.join(",");
            let (name, table) = (&index.name, &table.name.name);
            format!("{name} on {table} ({columns}) {}", index.unique)
        })
    });
    differ("index", expected.collect(), found.collect(), &mut out);
    for (what, count) in counts(schema) {
        match truth.counts.get(what) {
            Some(expected) if *expected != count as u64 => {
                out.push(format!("{what}: {count} instead of {expected}"));
            }
            _ => {}
        }
    }
    out
}

fn described(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let not_null = if column.nullable { "" } else { " NOT NULL" };
            format!("{} {}{not_null}", column.name, column.data_type)
        })
        .collect();
    let key = table.primary_key.as_ref();
    let key = key.map(|key| key.columns.join(",")).unwrap_or_default();
    format!("{} [{key}] ({})", table.name.name, columns.join("; "))
}

fn counts(schema: &Schema) -> Vec<(&'static str, usize)> {
    let plain = || {
        schema
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::Table)
    };
    let keys = || plain().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    let indexes = || plain().flat_map(|table| &table.indexes);
    let views = schema
        .tables
        .iter()
        .filter(|table| table.kind == TableKind::View);
    let is_primary = Some(ConstraintKind::PrimaryKey);
    vec![
        ("tables", plain().count()),
        (
            "table_columns",
            plain().map(|table| table.columns.len()).sum(),
        ),
        (
            "tables_without_primary_key",
            plain().filter(|table| table.primary_key.is_none()).count(),
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
        (
            "indexes_excluding_primary",
            indexes()
                .filter(|index| index.constraint != is_primary)
                .count(),
        ),
        (
            "unique_indexes_excluding_primary",
            indexes()
                .filter(|index| index.unique && index.constraint != is_primary)
                .count(),
        ),
        (
            "enum_columns",
            plain()
                .flat_map(|table| &table.columns)
                .filter(|column| column.data_type.starts_with("enum("))
                .count(),
        ),
        ("views", views.count()),
        ("triggers", schema.triggers.len()),
        ("routines", schema.routines.len()),
    ]
}

/// Several of the same are as many as they are.
fn differ(what: &str, expected: Vec<String>, found: Vec<String>, out: &mut Vec<String>) {
    if expected.len() != found.len() {
        out.push(format!(
            "{what}: {} instead of {}",
            found.len(),
            expected.len()
        ));
    }
    let expected: BTreeSet<String> = expected.into_iter().collect();
    let found: BTreeSet<String> = found.into_iter().collect();
    for missing in expected.difference(&found) {
        out.push(format!("{what} missing: {missing}"));
    }
    for surplus in found.difference(&expected) {
        out.push(format!("{what} surplus: {surplus}"));
    }
}
