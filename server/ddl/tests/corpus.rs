//! Real schemas, against what a PostgreSQL 15 server made of them.
//!
//! The corpus lies beside the repository; where it is absent, these tests say so and pass.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::{Import, ReadError, ReadOptions, read_postgres, read_postgres_with};
use model::schema::{ConstraintKind, Schema, Table, TableKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(Deserialize)]
struct Truth {
    counts: BTreeMap<String, u64>,
    schemas: Vec<String>,
    tables: Vec<TruthTable>,
    foreign_keys: Vec<String>,
    #[serde(default)]
    foreign_keys_inherited_by_partitions: Vec<String>,
    indexes: Vec<TruthIndex>,
    views: Vec<TruthView>,
    materialized_views: Vec<TruthView>,
    enums: BTreeMap<String, Vec<String>>,
    domains: Vec<String>,
}

#[derive(Deserialize)]
struct TruthTable {
    name: String,
    kind: String,
    columns: usize,
    primary_key: Vec<String>,
    column_list: Vec<String>,
    comment: Option<String>,
    inherits: Option<String>,
    partition_of: Option<String>,
}

#[derive(Deserialize)]
struct TruthIndex {
    name: String,
    table: String,
    columns: Vec<String>,
    unique: bool,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    constraint: bool,
    #[serde(default)]
    partial: bool,
    method: Option<String>,
}

#[derive(Deserialize)]
struct TruthView {
    name: String,
    columns: usize,
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

/// What the truth of a schema counts that its script alone does not hold, or the other way
/// round; each with its reason.
#[derive(Default)]
struct Exceptions {
    /// Functions that the server had besides: what the surroundings of a script brought along.
    functions: i64,
    /// Problems that the script is known to cause.
    problems: u64,
}

fn check(name: &str, files: &[&str], search_path: &[&str], exceptions: &Exceptions) {
    let Some(corpus) = corpus() else { return };
    let truth: Truth =
        serde_json::from_str(&text(&corpus, &format!("{name}.truth.json"))).expect("truth");
    let texts: Vec<String> = files.iter().map(|file| text(&corpus, file)).collect();
    let options = ReadOptions {
        search_path: search_path
            .iter()
            .map(|schema| (*schema).to_owned())
            .collect(),
    };
    let import = read_postgres_with(texts.iter().map(String::as_str), &options)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut differences = Vec::new();
    compare_lists(&truth, &import.schema, &mut differences);
    compare_counts(&truth, &import, exceptions, &mut differences);
    for problem in import.report.problems.iter().take(20) {
        println!(
            "{name}:{}: {} [{}]",
            problem.line, problem.message, problem.excerpt
        );
    }
    assert!(
        differences.is_empty(),
        "{name}: {} differences\n{}",
        differences.len(),
        differences
            .iter()
            .take(40)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert_eq!(
        import.report.problems_total, exceptions.problems,
        "{name}: problems"
    );
}

fn real(schema: &Schema) -> impl Iterator<Item = &Table> {
    schema
        .tables
        .iter()
        .filter(|table| !matches!(table.kind, TableKind::View | TableKind::MaterializedView))
}

fn differ(
    what: &str,
    expected: &BTreeSet<String>,
    found: &BTreeSet<String>,
    out: &mut Vec<String>,
) {
    out.extend(
        expected
            .difference(found)
            .map(|line| format!("{what}: missing {line}")),
    );
    out.extend(
        found
            .difference(expected)
            .map(|line| format!("{what}: surplus {line}")),
    );
}

fn foreign_keys(schema: &Schema, inherited: bool) -> Vec<String> {
    let mut keys = Vec::new();
    for table in &schema.tables {
        for key in table
            .foreign_keys
            .iter()
            .filter(|key| key.inherited == inherited)
        {
            keys.push(format!(
                "{}({}) -> {}({})",
                table.name,
                key.columns.join(", "),
                key.target,
                key.target_columns.join(", ")
            ));
        }
    }
    keys.sort();
    keys
}

fn compare_lists(truth: &Truth, schema: &Schema, out: &mut Vec<String>) {
    let expected = truth.tables.iter().map(|table| {
        assert_eq!(table.columns, table.column_list.len());
        let partition = table.partition_of.is_some();
        let kind = if partition {
            "partition"
        } else {
            table.kind.as_str()
        };
        let inherits = table.inherits.clone().unwrap_or_default();
        format!(
            "{} {kind} [{}] ({}) {inherits} {}",
            table.name,
            table.primary_key.join(","),
            table.column_list.join("; "),
            table.comment.clone().unwrap_or_default()
        )
    });
    let found = real(schema).map(|table| {
        let kind = match (table.kind, &table.partition_key) {
            (TableKind::Partition, _) => "partition",
            (_, Some(_)) => "partitioned table",
            _ => "table",
        };
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                let not_null = if column.nullable { "" } else { " NOT NULL" };
                format!("{} {}{not_null}", column.name, column.data_type)
            })
            .collect();
        let key = table
            .primary_key
            .as_ref()
            .map(|key| key.columns.join(","))
            .unwrap_or_default();
        let inherits: Vec<&str> = table
            .inherits
            .iter()
            .map(|parent| parent.name.as_str())
            .collect();
        format!(
            "{} {kind} [{key}] ({}) {} {}",
            table.name,
            columns.join("; "),
            inherits.join(","),
            table.comment.clone().unwrap_or_default()
        )
    });
    differ("table", &expected.collect(), &found.collect(), out);

    for (what, list, inherited) in [
        ("foreign key", &truth.foreign_keys, false),
        (
            "inherited foreign key",
            &truth.foreign_keys_inherited_by_partitions,
            true,
        ),
    ] {
        let mut expected = list.clone();
        expected.sort();
        let found = foreign_keys(schema, inherited);
        differ(
            what,
            &expected.iter().cloned().collect(),
            &found.iter().cloned().collect(),
            out,
        );
        if expected.len() != found.len() {
            out.push(format!(
                "{what}: {} expected, {} found",
                expected.len(),
                found.len()
            ));
        }
    }
    compare_indexes(truth, schema, out);

    for (what, list, kind) in [
        ("view", &truth.views, TableKind::View),
        (
            "materialised view",
            &truth.materialized_views,
            TableKind::MaterializedView,
        ),
    ] {
        let expected = list
            .iter()
            .map(|view| format!("{} {}", view.name, view.columns))
            .collect();
        let found = schema
            .tables
            .iter()
            .filter(|table| table.kind == kind)
            .map(|table| format!("{} {}", table.name, table.columns.len()))
            .collect();
        differ(what, &expected, &found, out);
    }
    let expected = truth
        .enums
        .iter()
        .map(|(name, values)| format!("{name} {values:?}"))
        .collect();
    let found = schema
        .enums
        .iter()
        .map(|found| format!("{} {:?}", found.name, found.values))
        .collect();
    differ("enum", &expected, &found, out);
    let expected = truth.domains.iter().cloned().collect();
    let found = schema
        .domains
        .iter()
        .map(|domain| domain.name.to_string())
        .collect();
    differ("domain", &expected, &found, out);
}

/// Expressions are compared only as such: the server prints them in its own words.
fn compare_indexes(truth: &Truth, schema: &Schema, out: &mut Vec<String>) {
    let mut columns: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for table in &schema.tables {
        let names = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        columns.insert(table.name.to_string(), names);
    }
    let expected = truth.indexes.iter().map(|index| {
        let known = columns.get(&index.table);
        let parts: Vec<&str> = index
            .columns
            .iter()
            .map(|part| {
                let bare = part.trim_matches('"');
                if known.is_some_and(|known| known.contains(bare)) {
                    bare
                } else {
                    "(…)"
                }
            })
            .collect();
        format!(
            "{} on {} {parts:?} unique={} primary={} constraint={} partial={} {}",
            index.name,
            index.table,
            index.unique,
            index.primary,
            index.constraint,
            index.partial,
            index.method.as_deref().unwrap_or("btree")
        )
    });
    let mut found = BTreeSet::new();
    for table in &schema.tables {
        for index in &table.indexes {
            let parts: Vec<&str> = index
                .parts
                .iter()
                .map(|part| part.column.as_deref().unwrap_or("(…)"))
                .collect();
            found.insert(format!(
                "{}.{} on {} {parts:?} unique={} primary={} constraint={} partial={} {}",
                table.name.schema,
                index.name,
                table.name,
                index.unique,
                index.constraint == Some(ConstraintKind::PrimaryKey),
                index.constraint.is_some(),
                index.predicate.is_some(),
                index.method
            ));
        }
    }
    differ("index", &expected.collect(), &found, out);
}

fn compare_counts(truth: &Truth, import: &Import, exceptions: &Exceptions, out: &mut Vec<String>) {
    let schema = &import.schema;
    let plain = || real(schema).filter(|table| table.kind != TableKind::Partition);
    let keys = || {
        schema
            .tables
            .iter()
            .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
            .filter(|(_, key)| !key.inherited)
    };
    let kind = |kind| {
        schema
            .tables
            .iter()
            .filter(move |table| table.kind == kind)
            .count()
    };
    let indexes = || schema.tables.iter().flat_map(|table| &table.indexes);
    let schemas: BTreeSet<&str> = schema
        .tables
        .iter()
        .map(|table| table.name.schema.as_str())
        .collect();
    if schemas
        .iter()
        .copied()
        .ne(truth.schemas.iter().map(String::as_str))
    {
        out.push(format!(
            "schemas: {schemas:?} instead of {:?}",
            truth.schemas
        ));
    }
    let functions = schema.routines.len() as i64 + exceptions.functions;
    let found: Vec<(&str, usize)> = vec![
        ("schemas", schemas.len()),
        ("tables", plain().count()),
        ("partitions", kind(TableKind::Partition)),
        (
            "table_columns",
            real(schema).map(|table| table.columns.len()).sum(),
        ),
        (
            "table_columns_excluding_partitions",
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
        (
            "foreign_keys_cross_schema",
            keys()
                .filter(|(table, key)| table.name.schema != key.target.schema)
                .count(),
        ),
        ("foreign_keys_inherited", foreign_keys(schema, true).len()),
        ("indexes", indexes().count()),
        (
            "indexes_not_backing_a_constraint",
            indexes().filter(|index| index.constraint.is_none()).count(),
        ),
        (
            "unique_constraints",
            schema
                .tables
                .iter()
                .map(|table| table.unique_keys.len())
                .sum(),
        ),
        (
            "check_constraints",
            schema.tables.iter().map(|table| table.checks.len()).sum(),
        ),
        ("views", kind(TableKind::View)),
        ("materialized_views", kind(TableKind::MaterializedView)),
        ("enums", schema.enums.len()),
        ("domains", schema.domains.len()),
        ("sequences", schema.sequences.len()),
        ("functions", usize::try_from(functions).unwrap_or_default()),
        ("triggers", schema.triggers.len()),
        (
            "table_comments",
            real(schema).filter(|table| table.comment.is_some()).count(),
        ),
        (
            "column_comments",
            real(schema)
                .flat_map(|table| &table.columns)
                .filter(|column| column.comment.is_some())
                .count(),
        ),
    ];
    for (name, count) in found {
        let expected = truth.counts.get(name).copied().unwrap_or_default();
        if expected != count as u64 {
            out.push(format!("{name}: {count} instead of {expected}"));
        }
    }
}

#[test]
fn chinook() {
    let files = ["chinook.postgres.sql"];
    check(
        "chinook.postgres",
        &files,
        &["public"],
        &Exceptions::default(),
    );
}

#[test]
fn northwind() {
    let files = [
        "northwind.postgres.schema.sql",
        "northwind.postgres.data.sql",
    ];
    check(
        "northwind.postgres",
        &files,
        &["public"],
        &Exceptions::default(),
    );
}

#[test]
fn pagila() {
    let files = ["pagila.postgres.schema.sql", "pagila.postgres.data.sql"];
    check(
        "pagila.postgres",
        &files,
        &["public"],
        &Exceptions::default(),
    );
}

#[test]
fn azimutt() {
    let files = ["azimutt.postgres.sql"];
    check(
        "azimutt.postgres",
        &files,
        &["public"],
        &Exceptions::default(),
    );
}

#[test]
fn liam() {
    let files = ["liam-supabase.postgres.sql"];
    // The function auth.uid() was made for the server before the script.
    let exceptions = Exceptions {
        functions: 1,
        ..Exceptions::default()
    };
    check("liam-supabase.postgres", &files, &["public"], &exceptions);
}

#[test]
fn mastodon() {
    let files = ["mastodon.postgres.sql"];
    check(
        "mastodon.postgres",
        &files,
        &["public"],
        &Exceptions::default(),
    );
}

#[test]
fn job() {
    check(
        "job",
        &["job/schema.sql", "job/fkindexes.sql"],
        &["public"],
        &Exceptions::default(),
    );
}

#[test]
fn musicbrainz() {
    let Some(corpus) = corpus() else { return };
    let order = text(&corpus, "musicbrainz/LOAD_ORDER.txt");
    let files: Vec<String> = order
        .split_whitespace()
        .map(|file| format!("musicbrainz/{file}"))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    check(
        "musicbrainz",
        &files,
        &["musicbrainz", "public"],
        &Exceptions::default(),
    );
}

#[test]
fn other_dialects_are_told_apart() {
    let Some(corpus) = corpus() else { return };
    for (file, expected) in [
        ("orangehrm.mysql.sql", "MySQL"),
        ("mediawiki.mysql.sql", "MySQL"),
        ("wordpress.mysql.sql", "MySQL"),
        ("chinook.sqlite.sql", "SQLite"),
        ("pubs.sqlserver.schema.sql", "SQL Server"),
        ("pubs.sqlserver.data.sql", "SQL Server"),
    ] {
        match read_postgres(&text(&corpus, file)) {
            Err(ReadError::OtherDialect { dialect, .. }) => assert_eq!(dialect, expected, "{file}"),
            other => panic!("{file}: {:?}", other.map(|import| import.report)),
        }
    }
}

#[test]
fn queries_define_nothing() {
    let Some(corpus) = corpus() else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(corpus.join("job/queries")).expect("queries") {
        let text = std::fs::read_to_string(entry.expect("entry").path()).expect("text");
        assert!(
            matches!(read_postgres(&text), Err(ReadError::NoDdl { .. })),
            "{text}"
        );
        seen += 1;
    }
    assert_eq!(seen, 113);
}
