//! Bringing a structure up to date that the catalog has already. Tables and columns keep their
//! rows, for people's work hangs on them; what the source no longer has is marked gone.

use crate::error::StoreError;
use crate::schema_write::rows::{self, ColumnRows, TableRows};
use crate::schema_write::{parts_insert_in_txn, stored_counts, stored_schema_names};
use crate::store::Store;
use crate::versions::{NewVersion, version_insert_in_txn};
use model::id::{DatabaseId, UserId};
use model::schema::{QualifiedName, Schema};
use sqlx::PgConnection;
use std::collections::HashMap;

/// By this constraint a table has its name for itself.
const TABLES_KEY: &str = "tables_database_id_schema_name_table_name_key";

impl Store {
    /// Writes a structure over the one that the catalog has of a database, as its next version:
    /// all of it or nothing. Nothing but the version is written when nothing changed since the
    /// version before. Returns the version's number and whether the structure changed.
    ///
    /// # Errors
    /// Not found when the database is gone; else as
    /// [`schema_import`](Store::schema_import).
    pub async fn schema_refresh(
        &self,
        id: &DatabaseId,
        schema: &Schema,
        version: &NewVersion,
    ) -> Result<(i32, bool), StoreError> {
        let mut transaction = self.begin().await?;
        let refreshed = refresh_in_txn(&mut transaction, id, schema, version).await?;
        transaction.commit().await?;
        Ok(refreshed)
    }
}

/// Writes the next version, and the structure where it changed. Returns the version's number and
/// whether it did.
pub(crate) async fn refresh_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    schema: &Schema,
    version: &NewVersion,
) -> Result<(i32, bool), StoreError> {
    sqlx::query!("set local statement_timeout = '5min'")
        .execute(&mut *connection)
        .await?;
    // Two refreshes of one database follow each other. Whatever else hangs on the database may be
    // written meanwhile.
    let found = sqlx::query!(
        "select id from databases where id = $1 for no key update",
        id.as_str()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if found.is_none() {
        return Err(StoreError::NotFound { what: "database" });
    }
    let (number, has_changed) = version_insert_in_txn(connection, id, schema, version).await?;
    if !has_changed {
        return Ok((number, false));
    }
    structure_write_in_txn(connection, id, schema, version.created_by).await?;
    let counts = stored_counts(schema);
    sqlx::query!(
        r#"update databases set refreshed_at = now(),
            table_count = $2, partition_count = $3, view_count = $4, column_count = $5,
            foreign_key_count = $6, index_count = $7, enum_count = $8, schema_names = $9
        where id = $1"#,
        id.as_str(),
        counts.tables,
        counts.partitions,
        counts.views,
        counts.columns,
        counts.foreign_keys,
        counts.indexes,
        counts.enums,
        &stored_schema_names(schema)
    )
    .execute(connection)
    .await?;
    Ok((number, true))
}

/// Tables, columns and all their parts as the structure has them. Tables that are new are noted
/// as brought by that person.
pub(crate) async fn structure_write_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    schema: &Schema,
    created_by: Option<UserId>,
) -> Result<(), StoreError> {
    let ids = table_ids_in_txn(connection, id, schema).await?;
    tables_write_in_txn(connection, id, created_by, &TableRows::new(schema, &ids)).await?;
    columns_write_in_txn(connection, &ids, &ColumnRows::new(schema, &ids)).await?;
    // Nothing of people's hangs on what follows, so it is written anew.
    sqlx::query!(
        r#"with parts as (select id from tables where database_id = $1),
            a as (delete from foreign_keys where table_id in (select id from parts)),
            b as (delete from table_indexes where table_id in (select id from parts)),
            c as (delete from table_constraints where table_id in (select id from parts)),
            d as (delete from table_triggers where database_id = $1),
            e as (delete from enum_types where database_id = $1),
            f as (delete from domains where database_id = $1),
            g as (delete from sequences where database_id = $1)
        delete from routines where database_id = $1"#,
        id.as_str()
    )
    .execute(&mut *connection)
    .await?;
    let places = rows::places(schema, &ids);
    parts_insert_in_txn(connection, id, schema, &ids, &places).await?;
    // Layouts are of tables that may have changed; the key of a layout tells by content, so those
    // that still fit would be found again, but most will not be.
    sqlx::query!(
        "delete from diagram_layouts where database_id = $1",
        id.as_str()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// For each table its row's id: the one that it had, or a new one.
async fn table_ids_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    schema: &Schema,
) -> Result<Vec<i64>, StoreError> {
    let known = sqlx::query!(
        "select id, schema_name, table_name from tables where database_id = $1",
        id.as_str()
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut known: HashMap<QualifiedName, i64> = known
        .into_iter()
        .map(|row| (QualifiedName::new(row.schema_name, row.table_name), row.id))
        .collect();
    let found: Vec<Option<i64>> = schema
        .tables
        .iter()
        .map(|table| known.remove(&table.name))
        .collect();
    let missing = found.iter().filter(|id| id.is_none()).count();
    let mut fresh = crate::schema_write::table_ids_in_txn(connection, missing)
        .await?
        .into_iter();
    found
        .into_iter()
        .map(|id| id.or_else(|| fresh.next()))
        .map(|id| {
            id.ok_or(StoreError::Unreadable {
                what: "sequence of ids",
            })
        })
        .collect()
}

async fn tables_write_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    created_by: Option<UserId>,
    rows: &TableRows<'_>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update tables set gone_at = now()
        where database_id = $1 and gone_at is null and id <> all ($2)"#,
        id.as_str(),
        rows.ids
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"insert into tables as known (
            database_id, created_by_user_id, id, schema_name, table_name, table_type,
            source_comment, partition_key, parent_table_id, parent_schema_name, parent_table_name,
            partition_bounds, inherits, definition, column_count, references_out, references_in,
            partition_count
        )
        select $1, $2, * from unnest(
            $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
            $10::text[], $11::text[], $12::text[], $13::jsonb[], $14::text[], $15::int[],
            $16::int[], $17::int[], $18::int[]
        )
        on conflict (database_id, schema_name, table_name) do update set
            table_type = excluded.table_type, source_comment = excluded.source_comment,
            partition_key = excluded.partition_key, parent_table_id = excluded.parent_table_id,
            parent_schema_name = excluded.parent_schema_name,
            parent_table_name = excluded.parent_table_name,
            partition_bounds = excluded.partition_bounds, inherits = excluded.inherits,
            definition = excluded.definition, column_count = excluded.column_count,
            references_out = excluded.references_out, references_in = excluded.references_in,
            partition_count = excluded.partition_count, gone_at = null, refreshed_at = now(),
            schema_version = known.schema_version + 1
        where (known.table_type, known.source_comment, known.partition_key, known.parent_table_id,
            known.parent_schema_name, known.parent_table_name, known.partition_bounds,
            known.inherits, known.definition, known.column_count, known.references_out,
            known.references_in, known.partition_count, known.gone_at)
            is distinct from
            (excluded.table_type, excluded.source_comment, excluded.partition_key,
            excluded.parent_table_id, excluded.parent_schema_name, excluded.parent_table_name,
            excluded.partition_bounds, excluded.inherits, excluded.definition,
            excluded.column_count, excluded.references_out, excluded.references_in,
            excluded.partition_count, null::timestamptz)"#,
        id.as_str(),
        created_by.map(|id| id.0),
        rows.ids,
        &rows.schemas as &[&str],
        &rows.names as &[&str],
        &rows.kinds as &[&str],
        &rows.comments as &[Option<&str>],
        &rows.partition_keys as &[Option<&str>],
        &rows.parent_ids as &[Option<i64>],
        &rows.parent_schemas as &[Option<&str>],
        &rows.parent_names as &[Option<&str>],
        &rows.bounds as &[Option<&str>],
        &rows.inherits as &[Option<serde_json::Value>],
        &rows.definitions as &[Option<&str>],
        &rows.column_counts,
        &rows.references_out,
        &rows.references_in,
        &rows.partition_counts
    )
    .execute(connection)
    .await
    .map_err(named_twice)?;
    Ok(())
}

/// A name that stands twice in one structure would change its own row twice.
fn named_twice(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(refusal) if refusal.code().as_deref() == Some("21000") => {
            StoreError::Conflict {
                constraint: TABLES_KEY.to_owned(),
            }
        }
        _ => error.into(),
    }
}

async fn columns_write_in_txn(
    connection: &mut PgConnection,
    table_ids: &[i64],
    rows: &ColumnRows<'_>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update columns c set gone_at = now()
        where c.table_id = any ($1) and c.gone_at is null and not exists (
            select 1 from unnest($2::bigint[], $3::text[]) as n (table_id, name)
            where n.table_id = c.table_id and n.name = c.column_name
        )"#,
        table_ids,
        &rows.table_ids,
        &rows.names as &[&str]
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"insert into columns as known (
            table_id, column_name, column_position, data_type, is_nullable, is_primary_key,
            is_unique, is_indexed, default_value, generated_expression, identity_kind,
            collation_name, source_comment
        )
        select * from unnest(
            $1::bigint[], $2::text[], $3::int[], $4::text[], $5::bool[], $6::bool[], $7::bool[],
            $8::bool[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[]
        )
        on conflict (table_id, column_name) do update set
            column_position = excluded.column_position, data_type = excluded.data_type,
            is_nullable = excluded.is_nullable, is_primary_key = excluded.is_primary_key,
            is_unique = excluded.is_unique, is_indexed = excluded.is_indexed,
            default_value = excluded.default_value,
            generated_expression = excluded.generated_expression,
            identity_kind = excluded.identity_kind, collation_name = excluded.collation_name,
            source_comment = excluded.source_comment, gone_at = null
        where (known.column_position, known.data_type, known.is_nullable, known.is_primary_key,
            known.is_unique, known.is_indexed, known.default_value, known.generated_expression,
            known.identity_kind, known.collation_name, known.source_comment, known.gone_at)
            is distinct from
            (excluded.column_position, excluded.data_type, excluded.is_nullable,
            excluded.is_primary_key, excluded.is_unique, excluded.is_indexed,
            excluded.default_value, excluded.generated_expression, excluded.identity_kind,
            excluded.collation_name, excluded.source_comment, null::timestamptz)"#,
        &rows.table_ids,
        &rows.names as &[&str],
        &rows.positions,
        &rows.data_types as &[&str],
        &rows.nullable,
        &rows.primary_key,
        &rows.unique,
        &rows.indexed,
        &rows.defaults as &[Option<&str>],
        &rows.generated as &[Option<&str>],
        &rows.identities as &[Option<&str>],
        &rows.collations as &[Option<&str>],
        &rows.comments as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}
