//! What a database holds besides relations: types, sequences, triggers, routines.

use super::constraint::DomainChecks;
use super::query;
use super::relation::{Relations, printed_type};
use super::session::Session;
use crate::error::ConnectError;
use model::schema::{Domain, EnumType, QualifiedName, Routine, Schema, Sequence, Trigger};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// The first version that tells which trigger a partition has from its parent.
const TELLS_TRIGGER_PARENTS: i32 = 130_000;
/// The first version that does not call those internal.
const LISTS_CLONED_TRIGGERS: i32 = 150_000;

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
    let version = session.version_number();
    let triggers = match (TELLS_TRIGGER_PARENTS..LISTS_CLONED_TRIGGERS).contains(&version) {
        true => query::TRIGGERS_13,
        false => query::TRIGGERS,
    };
    session
        .each(triggers, |row| {
            if let Some(relation) = relations.get(row.try_get("table_id")?) {
                schema.triggers.push(Trigger {
                    name: row.try_get("trigger_name")?,
                    table: relation.table.name.clone(),
                    definition: row.try_get("definition")?,
                });
            }
            Ok(())
        })
        .await?;
    schema
        .triggers
        .sort_by(|a, b| (&a.table, &a.name).cmp(&(&b.table, &b.name)));
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

fn name(row: &PgRow, field: &str) -> Result<QualifiedName, sqlx::Error> {
    let schema: String = row.try_get("schema_name")?;
    let name: String = row.try_get(field)?;
    Ok(QualifiedName { schema, name })
}
