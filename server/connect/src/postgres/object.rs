//! What a database holds besides relations: types, sequences, triggers, routines.

use super::constraint::DomainChecks;
use super::query;
use super::relation::{Relations, printed_type};
use super::session::Session;
use crate::error::ConnectError;
use model::schema::{Domain, EnumType, QualifiedName, Routine, Schema, Sequence, Trigger};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

/// The first version that tells which trigger a partition has from its parent.
const TELLS_TRIGGER_PARENTS: i32 = 130_000;

/// Reads them into the schema.
pub(super) async fn read(
    session: &mut Session,
    relations: &Relations,
    mut checks: DomainChecks,
    schema: &mut Schema,
) -> Result<(), ConnectError> {
    session
        .each(query::TYPES, |row| {
            let name = name(row, "type_name")?;
            let comment = row.try_get("comment")?;
            if row.try_get("is_domain")? {
                let not_null: bool = row.try_get("not_null")?;
                let data_type: String = row.try_get("data_type")?;
                schema.domains.push(Domain {
                    name,
                    data_type: printed_type(data_type),
                    nullable: !not_null,
                    default: row.try_get("expression")?,
                    checks: checks.remove(&row.try_get("id")?).unwrap_or_default(),
                    comment,
                });
            } else {
                schema.enums.push(EnumType {
                    name,
                    values: row.try_get("labels")?,
                    comment,
                });
            }
            Ok(())
        })
        .await?;
    session
        .each(query::SEQUENCES, |row| {
            let table: Option<i64> = row.try_get("table_id")?;
            let number: Option<i32> = row.try_get("number")?;
            let owner = table.and_then(|id| relations.get(id));
            let column = owner.and_then(|owner| {
                let number = i16::try_from(number?).ok()?;
                Some((
                    owner.table.name.clone(),
                    owner.column_name(number)?.to_owned(),
                ))
            });
            schema.sequences.push(Sequence {
                name: name(row, "sequence_name")?,
                owned_by: column,
            });
            Ok(())
        })
        .await?;
    schema.triggers = read_triggers(session, relations).await?;
    session
        .each(query::ROUTINES, |row| {
            schema.routines.push(Routine {
                name: name(row, "routine_name")?,
                arguments: row.try_get("arguments")?,
            });
            Ok(())
        })
        .await
}

/// Triggers, in the order of table and name. Those that a partition has from its parent keep the
/// statement that made them there.
async fn read_triggers(
    session: &mut Session,
    relations: &Relations,
) -> Result<Vec<Trigger>, ConnectError> {
    let statement = match session.version_number() >= TELLS_TRIGGER_PARENTS {
        true => query::TRIGGERS,
        false => query::TRIGGERS_12,
    };
    let mut triggers: Vec<(i64, Trigger)> = Vec::new();
    let mut origins: HashMap<i64, (i64, String)> = HashMap::new();
    session
        .each(statement, |row| {
            let Some(relation) = relations.get(row.try_get("table_id")?) else {
                return Ok(());
            };
            let id: i64 = row.try_get("id")?;
            let definition: String = row.try_get("definition")?;
            origins.insert(id, (row.try_get("parent_id")?, definition.clone()));
            let trigger = Trigger {
                name: row.try_get("trigger_name")?,
                table: relation.table.name.clone(),
                definition,
            };
            triggers.push((id, trigger));
            Ok(())
        })
        .await?;
    let mut triggers: Vec<Trigger> = triggers
        .into_iter()
        .map(|(mut id, mut trigger)| {
            // Every step leads nearer to the root: a trigger is younger than its parent.
            while let Some((parent, definition)) = origins.get(&id) {
                trigger.definition.clone_from(definition);
                if *parent == id {
                    break;
                }
                id = *parent;
            }
            trigger
        })
        .collect();
    triggers.sort_by(|a, b| (&a.table, &a.name).cmp(&(&b.table, &b.name)));
    Ok(triggers)
}

fn name(row: &PgRow, field: &str) -> Result<QualifiedName, sqlx::Error> {
    let schema: String = row.try_get("schema_name")?;
    let name: String = row.try_get(field)?;
    Ok(QualifiedName { schema, name })
}
