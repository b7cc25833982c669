//! Scripts of our own against what a PostgreSQL 15 server held after running them: beside each
//! `NAME.sql` lies `NAME.catalog`, rows read from its `pg_catalog`.
//!
//! A row begins with a letter: R relation, C column, K key, X check or exclusion, F foreign key,
//! I index, S sequence, E enumerated type, D domain, T trigger, P function or procedure.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::read_postgres;
use model::schema::{ConstraintKind, ReferentialAction, Schema, TableKind};
use std::collections::{BTreeMap, BTreeSet};

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "a",
        ReferentialAction::Restrict => "r",
        ReferentialAction::Cascade => "c",
        ReferentialAction::SetNull => "n",
        ReferentialAction::SetDefault => "d",
    }
}

fn mark(set: bool, word: &str) -> &str {
    if set { word } else { "-" }
}

/// The rows of a schema; the types of views' columns as far as `types` does not know better.
fn rows(schema: &Schema, types: &BTreeMap<(String, String), String>) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    let mut row = |fields: &[&str]| {
        rows.insert(fields.join("\t"));
    };
    for table in &schema.tables {
        let name = table.name.to_string();
        let parents: Vec<String> = match &table.partition_of {
            Some(partition) => vec![partition.parent.to_string()],
            None => table.inherits.iter().map(ToString::to_string).collect(),
        };
        let comment = table.comment.clone().unwrap_or_default();
        row(&[
            "R",
            &name,
            table.kind.as_str(),
            or_dash(&comment),
            or_dash(&parents.join(",")),
        ]);
        for (at, column) in table.columns.iter().enumerate() {
            let view = matches!(table.kind, TableKind::View | TableKind::MaterializedView);
            let mut data_type = column.data_type.clone();
            if view && data_type.is_empty() {
                // The type of an expression is the server's to tell.
                let known = types.get(&(name.clone(), column.name.clone()));
                data_type = known.cloned().unwrap_or_default();
            }
            row(&[
                "C",
                &name,
                &(at + 1).to_string(),
                &column.name,
                &data_type,
                if column.nullable { "null" } else { "NN" },
                mark(column.default.is_some(), "def"),
                mark(column.generated.is_some(), "gen"),
                column.identity.as_deref().unwrap_or("-"),
                column.comment.as_deref().unwrap_or("-"),
                column.collation.as_deref().unwrap_or("-"),
            ]);
        }
        if let Some(key) = &table.primary_key {
            row(&["K", &name, "p", &key.name, &key.columns.join(",")]);
        }
        for key in &table.unique_keys {
            row(&["K", &name, "u", &key.name, &key.columns.join(",")]);
        }
        for check in &table.checks {
            row(&["X", &name, "c", &check.name]);
        }
        for exclusion in &table.exclusions {
            row(&["X", &name, "x", &exclusion.name]);
        }
        for key in &table.foreign_keys {
            row(&[
                "F",
                &name,
                &key.name,
                &key.columns.join(","),
                &key.target.to_string(),
                &key.target_columns.join(","),
                action(key.on_delete),
                action(key.on_update),
                mark(key.deferrable, "deferrable"),
                mark(key.inherited, "inherited"),
            ]);
        }
        for index in &table.indexes {
            let parts: Vec<&str> = index
                .parts
                .iter()
                .map(|part| part.column.as_deref().unwrap_or("(expr)"))
                .collect();
            row(&[
                "I",
                &name,
                &index.name,
                &index.method,
                mark(index.unique, "unique"),
                &parts.join(","),
                or_dash(&index.include.join(",")),
                mark(index.predicate.is_some(), "partial"),
                match index.constraint {
                    Some(ConstraintKind::PrimaryKey) => "p",
                    Some(ConstraintKind::Unique) => "u",
                    Some(ConstraintKind::Exclusion) => "x",
                    None => "-",
                },
            ]);
        }
    }
    for sequence in &schema.sequences {
        let owner = sequence
            .owned_by
            .as_ref()
            .map(|(table, column)| format!("{table}.{column}"));
        row(&[
            "S",
            &sequence.name.to_string(),
            owner.as_deref().unwrap_or("-"),
        ]);
    }
    for found in &schema.enums {
        let comment = found.comment.clone().unwrap_or_default();
        row(&[
            "E",
            &found.name.to_string(),
            &found.values.join(","),
            or_dash(&comment),
        ]);
    }
    for domain in &schema.domains {
        let mut checks: Vec<&str> = domain
            .checks
            .iter()
            .map(|check| check.name.as_str())
            .collect();
        checks.sort_unstable();
        row(&[
            "D",
            &domain.name.to_string(),
            &domain.data_type,
            if domain.nullable { "null" } else { "NN" },
            mark(domain.default.is_some(), "def"),
            or_dash(&checks.join(",")),
            domain.comment.as_deref().unwrap_or("-"),
        ]);
    }
    for trigger in &schema.triggers {
        row(&["T", &trigger.table.to_string(), &trigger.name]);
    }
    for routine in &schema.routines {
        row(&["P", &routine.name.to_string()]);
    }
    rows
}

fn check(script: &str, catalog: &str, problems: &[&str]) {
    // A tab in a comment stays one field apart; none of the scripts has a comment with a newline.
    let expected: BTreeSet<String> = catalog.lines().map(str::to_owned).collect();
    let mut types = BTreeMap::new();
    for line in &expected {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[0] == "C" {
            types.insert(
                (fields[1].to_owned(), fields[3].to_owned()),
                fields[4].to_owned(),
            );
        }
    }
    let import = read_postgres(script).expect("a script of PostgreSQL");
    let found = rows(&import.schema, &types);
    let missing: Vec<&String> = expected.difference(&found).collect();
    let surplus: Vec<&String> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing {missing:#?}\nsurplus {surplus:#?}"
    );
    let told: Vec<String> = import
        .report
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect();
    assert_eq!(told, problems);
}

#[test]
fn tables() {
    check(
        include_str!("fixtures/tables.sql"),
        include_str!("fixtures/tables.catalog"),
        &[
            "70: public.made is made from a query; its columns and types were read from that as far \
             as possible.",
            "71: public.named is made from a query; its columns and types were read from that as \
             far as possible.",
        ],
    );
}

#[test]
fn alter() {
    check(
        include_str!("fixtures/alter.sql"),
        include_str!("fixtures/alter.catalog"),
        &[],
    );
}

#[test]
fn partitions() {
    check(
        include_str!("fixtures/partitions.sql"),
        include_str!("fixtures/partitions.catalog"),
        &[],
    );
}

#[test]
fn objects() {
    check(
        include_str!("fixtures/objects.sql"),
        include_str!("fixtures/objects.catalog"),
        &[],
    );
}
