//! A schema as rows of text, to compare with what a database tells of itself.

use model::schema::{ConstraintKind, IndexPart, Schema, TableKind};
use std::collections::BTreeSet;

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn part(part: &IndexPart) -> String {
    match &part.column {
        Some(column) if part.text.ends_with(" DESC") => format!("{column} DESC"),
        Some(column) => column.clone(),
        None => "(expr)".to_owned(),
    }
}

/// R relation, C column, K key, X check, F foreign key, I index, T trigger, S sequence, D domain,
/// P function or procedure. `names` is for the names of constraints, comments, identities and
/// access methods, which SQLite does not tell.
pub(crate) fn rows(schema: &Schema, names: bool) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    let mut row = |fields: &[&str], more: &[&str]| {
        let mut all = fields.to_vec();
        if names {
            all.extend(more);
        }
        rows.insert(all.join("\t"));
    };
    for table in &schema.tables {
        let name = table.name.to_string();
        let kind = match table.kind {
            TableKind::MaterializedView => "materialized",
            other => other.as_str(),
        };
        row(
            &["R", &name, kind],
            &[table.comment.as_deref().unwrap_or("-")],
        );
        for (at, column) in table.columns.iter().enumerate() {
            let view = matches!(table.kind, TableKind::View | TableKind::MaterializedView);
            let data_type = if view && !names {
                ""
            } else {
                &column.data_type
            };
            row(
                &[
                    "C",
                    &name,
                    &(at + 1).to_string(),
                    &column.name,
                    data_type,
                    if column.nullable { "null" } else { "NN" },
                    column.default.as_deref().unwrap_or("-"),
                    if column.generated.is_some() {
                        "gen"
                    } else {
                        "-"
                    },
                ],
                &[
                    column.identity.as_deref().unwrap_or("-"),
                    column.collation.as_deref().unwrap_or("-"),
                    column.comment.as_deref().unwrap_or("-"),
                ],
            );
        }
        if let Some(key) = &table.primary_key {
            row(&["K", &name, "p", &key.columns.join(",")], &[&key.name]);
        }
        if names {
            for key in &table.unique_keys {
                row(&["K", &name, "u", &key.columns.join(","), &key.name], &[]);
            }
            for check in &table.checks {
                row(&["X", &name, &check.name, &check.expression], &[]);
            }
        }
        for key in &table.foreign_keys {
            row(
                &[
                    "F",
                    &name,
                    &key.columns.join(","),
                    &key.target.to_string(),
                    &key.target_columns.join(","),
                    key.on_delete.as_sql(),
                    key.on_update.as_sql(),
                ],
                &[&key.name, if key.deferrable { "deferrable" } else { "-" }],
            );
        }
        for index in &table.indexes {
            let parts: Vec<String> = index.parts.iter().map(part).collect();
            row(
                &[
                    "I",
                    &name,
                    &index.name,
                    if index.unique { "unique" } else { "-" },
                    &parts.join(","),
                    if index.predicate.is_some() {
                        "partial"
                    } else {
                        "-"
                    },
                    match index.constraint {
                        Some(ConstraintKind::PrimaryKey) => "p",
                        Some(_) => "u",
                        None => "-",
                    },
                ],
                &[&index.method, or_dash(&index.include.join(","))],
            );
        }
    }
    for trigger in &schema.triggers {
        row(&["T", &trigger.table.to_string(), &trigger.name], &[]);
    }
    for sequence in &schema.sequences {
        row(&["S", &sequence.name.to_string()], &[]);
    }
    for domain in &schema.domains {
        let null = if domain.nullable { "null" } else { "NN" };
        row(
            &["D", &domain.name.to_string(), &domain.data_type, null],
            &[],
        );
    }
    for routine in &schema.routines {
        row(&["P", &routine.name.to_string(), &routine.arguments], &[]);
    }
    rows
}

/// Panics with the rows that differ.
pub(crate) fn assert_rows(schema: &Schema, catalog: &str, names: bool) {
    let expected: BTreeSet<String> = catalog.lines().map(str::to_owned).collect();
    let found = rows(schema, names);
    let missing: Vec<&String> = expected.difference(&found).collect();
    let surplus: Vec<&String> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing {missing:#?}\nsurplus {surplus:#?}"
    );
}
