//! Relations that no source declares: what people said to them. Each verdict is stored together
//! with its line in the trail.

mod rename;
mod row;
mod write;

pub(crate) use rename::{verdicts_follow_column_in_txn, verdicts_follow_table_in_txn};
pub use row::{ColumnPlace, DeclaredKey, StoredVerdict};
pub use write::{NewVerdict, VerdictWritten};

use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::id::{ColumnId, DatabaseId, TableId};
use model::schema::QualifiedName;
use sqlx::PgConnection;
use std::collections::HashMap;

/// So many texts about columns of a database are read.
const NOTES_MAX: i64 = 20_000;

/// Which verdicts of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictScope {
    /// All.
    All,
    /// Those by which something was accepted.
    Accepted,
    /// Those in which a table has a part.
    Table(TableId),
    /// One, by its number.
    One(i64),
}

/// Names all that proposals depend on: what was proposed under one stamp is proposed under the
/// same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationStamp {
    /// The database's name.
    pub database_name: String,
    /// Version and confirmed names, as a text to compare.
    pub structure: String,
    /// What was accepted, as a text to compare.
    pub accepted: String,
    /// What people wrote about columns, as a text to compare.
    pub notes: String,
}

impl Store {
    /// What names the state on which a database's proposals depend; none when the database is not
    /// there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn relation_stamp(
        &self,
        id: &DatabaseId,
    ) -> Result<Option<RelationStamp>, StoreError> {
        let row = sqlx::query!(
            r#"select d.name,
                concat_ws(' ',
                    (select max(v.number) from schema_versions v where v.database_id = d.id),
                    (select count(*) from schema_renames r where r.database_id = d.id)
                ) as "structure!",
                (select concat_ws(' ', count(*), max(v.id)) from relation_verdicts v
                    where v.database_id = d.id and v.is_accepted) as "accepted!",
                (select concat_ws(' ', count(*), sum(c.revision))
                    from columns c join tables t on t.id = c.table_id
                    where t.database_id = d.id and c.description is not null
                        and t.gone_at is null and c.gone_at is null) as "notes!"
            from databases d
            where d.id = $1"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| RelationStamp {
            database_name: row.name,
            structure: row.structure,
            accepted: row.accepted,
            notes: row.notes,
        }))
    }

    /// What people wrote about columns of a database, for those who look for names in it. The
    /// first 20,000 texts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn column_notes(
        &self,
        id: &DatabaseId,
    ) -> Result<Vec<(QualifiedName, String, String)>, StoreError> {
        let rows = sqlx::query!(
            r#"select t.schema_name, t.table_name, c.column_name, c.description as "text!"
            from columns c join tables t on t.id = c.table_id
            where t.database_id = $1 and c.description is not null
                and t.gone_at is null and c.gone_at is null
            order by c.id
            limit $2"#,
            id.as_str(),
            NOTES_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let table = QualifiedName::new(row.schema_name, row.table_name);
                (table, row.column_name, row.text)
            })
            .collect())
    }

    /// Verdicts of a database with the present names of their columns, in three statements.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn relation_verdicts(
        &self,
        id: &DatabaseId,
        scope: VerdictScope,
    ) -> Result<Vec<StoredVerdict>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let (accepted, table, one) = match scope {
            VerdictScope::All => (false, None, None),
            VerdictScope::Accepted => (true, None, None),
            VerdictScope::Table(table) => (false, Some(table.0), None),
            VerdictScope::One(one) => (false, None, Some(one)),
        };
        let rows = sqlx::query!(
            r#"select v.id, v.child_table_id, v.child_column_ids, v.parent_table_id,
                v.parent_column_ids, v.type_column_id, v.is_accepted, v.is_by_hand, v.confidence,
                v.reason, v.note, v.decided_at,
                coalesce(nullif(u.full_name, ''), u.username) as decided_by
            from relation_verdicts v left join users u on u.id = v.decided_by_user_id
            where v.database_id = $1 and (v.is_accepted or not $2)
                and ($3::bigint is null or v.child_table_id = $3 or v.parent_table_id = $3
                    or exists (select 1 from columns c
                        where c.id = any (v.parent_column_ids) and c.table_id = $3))
                and ($4::bigint is null or v.id = $4)
            order by v.id"#,
            id.as_str(),
            accepted,
            table,
            one
        )
        .fetch_all(&mut *connection)
        .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let columns: Vec<i64> = rows
            .iter()
            .flat_map(|row| {
                let both = row.child_column_ids.iter().chain(&row.parent_column_ids);
                both.chain(&row.type_column_id).copied()
            })
            .collect();
        let places = places_in_txn(&mut connection, id, &columns).await?;
        let tables: Vec<i64> = rows.iter().map(|row| row.child_table_id).collect();
        let declared = declared_in_txn(&mut connection, &tables).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let verdict = row::VerdictRow {
                    id: row.id,
                    child_column_ids: row.child_column_ids,
                    parent_table_id: row.parent_table_id,
                    parent_column_ids: row.parent_column_ids,
                    type_column_id: row.type_column_id,
                    is_accepted: row.is_accepted,
                    is_by_hand: row.is_by_hand,
                    confidence: row.confidence,
                    reason: row.reason,
                    note: row.note,
                    by: row.decided_by,
                    at: timestamp(row.decided_at),
                };
                verdict.read(row.child_table_id, &places, &declared)
            })
            .collect())
    }

    /// The table that somebody means by `orders` or `sales.orders`, with its columns and their
    /// types; more than one where the name alone does not tell.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tables_meant(
        &self,
        id: &DatabaseId,
        text: &str,
    ) -> Result<Vec<(QualifiedName, Vec<(String, String)>)>, StoreError> {
        let rows = sqlx::query!(
            r#"select t.schema_name, t.table_name,
                t.schema_name || '.' || t.table_name = $2 as "is_whole!",
                array(select c.column_name from columns c
                    where c.table_id = t.id and c.gone_at is null
                    order by c.column_position, c.id) as "columns!: Vec<String>",
                array(select c.data_type from columns c
                    where c.table_id = t.id and c.gone_at is null
                    order by c.column_position, c.id) as "types!: Vec<String>"
            from tables t
            where t.database_id = $1 and t.gone_at is null
                and (t.table_name = $2 or t.schema_name || '.' || t.table_name = $2)
            order by 3 desc, t.schema_name
            limit 2"#,
            id.as_str(),
            text
        )
        .fetch_all(&self.pool)
        .await?;
        // The whole name is meant even where a table of another schema is called so.
        let is_whole = rows.first().is_some_and(|row| row.is_whole);
        Ok(rows
            .into_iter()
            .take(if is_whole { 1 } else { 2 })
            .map(|row| {
                let name = QualifiedName::new(row.schema_name, row.table_name);
                (name, row.columns.into_iter().zip(row.types).collect())
            })
            .collect())
    }

    /// Columns of a database by their ids; those of other databases are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn column_places(
        &self,
        id: &DatabaseId,
        columns: &[ColumnId],
    ) -> Result<HashMap<ColumnId, ColumnPlace>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let ids: Vec<i64> = columns.iter().map(|column| column.0).collect();
        places_in_txn(&mut connection, id, &ids).await
    }

    /// Columns of a database by their names, in the order given; none for those that are not
    /// there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn column_places_named(
        &self,
        id: &DatabaseId,
        names: &[(&QualifiedName, &str)],
    ) -> Result<Vec<Option<(ColumnId, ColumnPlace)>>, StoreError> {
        let schemas: Vec<&str> = names.iter().map(|(table, _)| &*table.schema).collect();
        let tables: Vec<&str> = names.iter().map(|(table, _)| &*table.name).collect();
        let columns: Vec<&str> = names.iter().map(|(_, column)| *column).collect();
        let rows = sqlx::query!(
            r#"select n.place as "place!", c.id, c.table_id, c.data_type, c.is_nullable,
                c.is_unique, c.is_primary_key
            from unnest($2::text[], $3::text[], $4::text[]) with ordinality
                    as n (schema_name, table_name, column_name, place)
                join tables t on t.database_id = $1 and t.schema_name = n.schema_name
                    and t.table_name = n.table_name and t.gone_at is null
                join columns c on c.table_id = t.id and c.column_name = n.column_name
                    and c.gone_at is null"#,
            id.as_str(),
            &schemas as &[&str],
            &tables as &[&str],
            &columns as &[&str]
        )
        .fetch_all(&self.pool)
        .await?;
        let mut found: Vec<Option<(ColumnId, ColumnPlace)>> = vec![None; names.len()];
        for row in rows {
            let at = usize::try_from(row.place - 1).unwrap_or(usize::MAX);
            if let (Some(slot), Some((table, column))) = (found.get_mut(at), names.get(at)) {
                *slot = Some((
                    ColumnId(row.id),
                    ColumnPlace {
                        table_id: TableId(row.table_id),
                        table: (*table).clone(),
                        name: (*column).to_owned(),
                        data_type: row.data_type,
                        nullable: row.is_nullable,
                        unique: row.is_unique,
                        primary_key: row.is_primary_key,
                        gone: false,
                    },
                ));
            }
        }
        Ok(found)
    }

    /// The foreign keys that some tables declare.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn declared_keys(&self, tables: &[TableId]) -> Result<Vec<DeclaredKey>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let ids: Vec<i64> = tables.iter().map(|table| table.0).collect();
        declared_in_txn(&mut connection, &ids).await
    }
}

async fn places_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    columns: &[i64],
) -> Result<HashMap<ColumnId, ColumnPlace>, StoreError> {
    let rows = sqlx::query!(
        r#"select c.id, c.table_id, c.column_name, c.data_type, c.is_nullable, c.is_unique,
            c.is_primary_key, t.schema_name, t.table_name,
            (c.gone_at is not null or t.gone_at is not null) as "gone!"
        from columns c join tables t on t.id = c.table_id
        where t.database_id = $1 and c.id = any ($2)"#,
        id.as_str(),
        columns
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let place = ColumnPlace {
                table_id: TableId(row.table_id),
                table: QualifiedName::new(row.schema_name, row.table_name),
                name: row.column_name,
                data_type: row.data_type,
                nullable: row.is_nullable,
                unique: row.is_unique,
                primary_key: row.is_primary_key,
                gone: row.gone,
            };
            (ColumnId(row.id), place)
        })
        .collect())
}

async fn declared_in_txn(
    connection: &mut PgConnection,
    tables: &[i64],
) -> Result<Vec<DeclaredKey>, StoreError> {
    let rows = sqlx::query!(
        r#"select table_id, name, columns, target_table_id, target_columns
        from foreign_keys
        where table_id = any ($1)
        order by id"#,
        tables
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DeclaredKey {
            table: TableId(row.table_id),
            name: row.name,
            columns: row.columns,
            target: row.target_table_id.map(TableId),
            target_columns: row.target_columns,
        })
        .collect())
}
