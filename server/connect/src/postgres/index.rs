//! Indexes.

use super::index_text;
use super::query;
use super::relation::Relations;
use super::session::Session;
use crate::error::ConnectError;
use model::schema::{ConstraintKind, Index, IndexPart};
use sqlx::Row;
use std::collections::HashMap;

/// The table's id and the index's name, by the index's id.
pub(super) type IndexPlaces = HashMap<i64, (i64, String)>;

/// Reads all indexes into their tables, and tells where each went.
pub(super) async fn read(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<IndexPlaces, ConnectError> {
    let mut places = IndexPlaces::new();
    session
        .each(query::INDEXES, |row| {
            let table_id: i64 = row.try_get("table_id")?;
            let Some(relation) = relations.get_mut(table_id) else {
                return Ok(());
            };
            let name: String = row.try_get("index_name")?;
            let numbers: String = row.try_get("numbers")?;
            let key_count = usize::try_from(row.try_get::<i16, _>("key_count")?).unwrap_or(0);
            let definition: Option<String> = row.try_get("definition")?;
            let texts = index_text::parts(definition.as_deref().unwrap_or_default());
            // A number of 0 stands for an expression.
            let mut columns = numbers
                .split_whitespace()
                .map(|number| relation.column_name(number.parse().ok()?))
                .map(|name| name.map(str::to_owned));
            let mut parts = Vec::with_capacity(key_count);
            for at in 0..key_count {
                let column = columns.next().flatten();
                let text = texts.get(at).copied().unwrap_or_default().to_owned();
                parts.push(IndexPart { column, text });
            }
            let include = columns.flatten().collect();
            let serves: Option<String> = row.try_get("serves")?;
            let index = Index {
                name: name.clone(),
                method: row.try_get("method")?,
                unique: row.try_get("is_unique")?,
                parts,
                include,
                predicate: row.try_get("predicate")?,
                constraint: match serves.as_deref() {
                    Some("p") => Some(ConstraintKind::PrimaryKey),
                    Some("u") => Some(ConstraintKind::Unique),
                    Some("x") => Some(ConstraintKind::Exclusion),
                    _ => None,
                },
            };
            relation.table.indexes.push(index);
            places.insert(row.try_get("id")?, (table_id, name));
            Ok(())
        })
        .await?;
    Ok(places)
}
