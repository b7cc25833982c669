//! Constraints of tables and of domains.

use super::query;
use super::relation::Relations;
use super::session::Session;
use crate::error::ConnectError;
use model::schema::{Check, Exclusion, ForeignKey, Key, QualifiedName, ReferentialAction};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

/// Checks of domains, by the domain's id.
pub(super) type DomainChecks = HashMap<i64, Vec<Check>>;

/// A foreign key before it is known whose it is.
struct Reference {
    table_id: i64,
    target_id: i64,
    parent_id: i64,
    key: ForeignKey,
    key_numbers: String,
    target_numbers: String,
}

/// Reads all constraints into their tables, and gives those of domains.
pub(super) async fn read(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<DomainChecks, ConnectError> {
    let mut domains = DomainChecks::new();
    let mut references: Vec<(i64, Reference)> = Vec::new();
    session
        .each(query::CONSTRAINTS, |row| {
            let kind: String = row.try_get("kind")?;
            let table_id: i64 = row.try_get("table_id")?;
            let name: String = row.try_get("constraint_name")?;
            if kind == "c" {
                let expression: Option<String> = row.try_get("definition")?;
                let check = Check {
                    name,
                    expression: expression.unwrap_or_default(),
                };
                if let Some(relation) = relations.get_mut(table_id) {
                    relation.table.checks.push(check);
                } else {
                    let domain = row.try_get("domain_id")?;
                    domains.entry(domain).or_default().push(check);
                }
                return Ok(());
            }
            let Some(relation) = relations.get_mut(table_id) else {
                return Ok(());
            };
            match kind.as_str() {
                "f" => references.push((row.try_get("id")?, reference(row, table_id, name)?)),
                "x" => {
                    let text: Option<String> = row.try_get("definition")?;
                    relation.table.exclusions.push(Exclusion {
                        name,
                        definition: exclusion(text.as_deref().unwrap_or_default()),
                    });
                }
                _ => {
                    let numbers: String = row.try_get("key_numbers")?;
                    let columns = relation.column_names(&numbers);
                    let key = Key { name, columns };
                    match kind.as_str() {
                        "p" => relation.table.primary_key = Some(key),
                        _ => relation.table.unique_keys.push(key),
                    }
                }
            }
            Ok(())
        })
        .await?;
    attach(relations, references);
    Ok(domains)
}

/// Names the columns of foreign keys, and gives them to their tables.
fn attach(relations: &mut Relations, references: Vec<(i64, Reference)>) {
    let ends: HashMap<i64, (i64, i64)> = references
        .iter()
        .map(|(id, reference)| (*id, (reference.parent_id, reference.target_id)))
        .collect();
    for (_, reference) in references {
        if !leads_to_target(&ends, reference.parent_id, reference.target_id) {
            continue;
        }
        let mut key = reference.key;
        if let Some(target) = relations.get(reference.target_id) {
            key.target_columns = target.column_names(&reference.target_numbers);
        }
        if let Some(relation) = relations.get_mut(reference.table_id) {
            key.columns = relation.column_names(&reference.key_numbers);
            relation.table.foreign_keys.push(key);
        }
    }
}

/// Whether a key and all that it stems from have one target. The server keeps a row for every
/// partition of a partitioned target too, which nobody declared.
fn leads_to_target(ends: &HashMap<i64, (i64, i64)>, mut parent: i64, target: i64) -> bool {
    // As deep as partitions are ever nested, and no cycle holds us.
    for _ in 0..64 {
        match ends.get(&parent) {
            None => return true,
            Some((_, other)) if *other != target => return false,
            Some((next, _)) => parent = *next,
        }
    }
    true
}

fn reference(row: &PgRow, table_id: i64, name: String) -> Result<Reference, sqlx::Error> {
    let target = QualifiedName::new(
        row.try_get::<String, _>("target_schema")?,
        row.try_get::<String, _>("target_table")?,
    );
    let parent_id: i64 = row.try_get("parent_id")?;
    let on_delete: String = row.try_get("on_delete")?;
    let on_update: String = row.try_get("on_update")?;
    Ok(Reference {
        table_id,
        target_id: row.try_get("target_id")?,
        parent_id,
        key: ForeignKey {
            name,
            columns: Vec::new(),
            target,
            target_columns: row
                .try_get::<Option<Vec<String>>, _>("target_columns")?
                .unwrap_or_default(),
            on_delete: action(&on_delete),
            on_update: action(&on_update),
            deferrable: row.try_get("is_deferrable")?,
            inherited: parent_id != 0,
        },
        key_numbers: row.try_get("key_numbers")?,
        target_numbers: row.try_get("target_numbers")?,
    })
}

fn action(letter: &str) -> ReferentialAction {
    match letter {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

/// The text of an exclusion without its first word and without when it is checked.
fn exclusion(text: &str) -> String {
    let text = text.strip_prefix("EXCLUDE ").unwrap_or(text);
    let text = text.strip_suffix(" INITIALLY DEFERRED").unwrap_or(text);
    let text = text.strip_suffix(" DEFERRABLE").unwrap_or(text);
    text.to_owned()
}
