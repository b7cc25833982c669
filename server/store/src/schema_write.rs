//! Bringing a structure into the catalog.

pub(crate) mod rows;

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::schema_refresh::structure_write_in_txn;
use crate::store::Store;
use crate::versions::{NewVersion, version_insert_in_txn};
use model::catalog::{DatabaseOrigin, DatabaseSummary};
use model::id::{DatabaseId, UserId};
use model::import::ImportReport;
use model::schema::{QualifiedName, Schema};
use rows::{ConstraintRows, ForeignKeyRows, IndexRows, TriggerRows};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::{BTreeSet, HashMap};

/// A database to be brought into the catalog.
#[derive(Debug, Clone)]
pub struct NewDatabase {
    /// Its id; whoever calls brings the randomness.
    pub id: DatabaseId,
    /// The name that people gave it.
    pub name: String,
    /// `postgresql`, `mysql`, `sqlite`, `sqlserver` or `oracle`.
    pub provider: String,
    /// Where its structure comes from.
    pub origin: DatabaseOrigin,
    /// The scripts that the structure was read from.
    pub sql_content: Option<String>,
    /// The account of the reading.
    pub report: Option<ImportReport>,
    /// Who brought it.
    pub created_by: Option<UserId>,
    /// The live database behind it, where there is one.
    pub source: Option<DatabaseSource>,
}

/// Where a live database is and how to get in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseSource {
    /// The server's name or address.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// The database's name on the server.
    pub database_name: Option<String>,
    /// The role to connect as.
    pub username: Option<String>,
    /// Its password, sealed.
    pub secret: Option<Vec<u8>>,
    /// How the connection is guarded, in PostgreSQL's words; none for the default.
    pub tls_mode: Option<String>,
    /// Certificates of the authorities to trust, in PEM.
    pub tls_ca: Option<String>,
    /// The server's own words for its version.
    pub server_version: Option<String>,
}

impl Store {
    /// Brings a structure into the catalog as a new database: all of it or nothing, in a number
    /// of statements that does not grow with it.
    ///
    /// # Errors
    /// Conflict when the id is taken or the structure names something twice; not to be stored
    /// when a text holds a zero byte, which PostgreSQL has no place for.
    pub async fn schema_import(
        &self,
        new: &NewDatabase,
        schema: &Schema,
        audit: &AuditEntry,
    ) -> Result<DatabaseSummary, StoreError> {
        let mut transaction = self.begin().await?;
        // A script of tens of megabytes takes longer than what a page may ask for.
        sqlx::query!("set local statement_timeout = '2min'")
            .execute(&mut *transaction)
            .await?;
        let summary = database_insert_in_txn(&mut transaction, new, schema).await?;
        // An import is a refresh onto nothing.
        structure_write_in_txn(&mut transaction, &new.id, schema, new.created_by).await?;
        let version = NewVersion {
            created_by: new.created_by,
        };
        version_insert_in_txn(&mut transaction, &new.id, schema, &version).await?;
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        self.search_settle(schema).await;
        Ok(summary)
    }

    /// Has the database tidy up what was written: until it does so by itself, which may take a
    /// minute, a search takes ten times as long. The search's indexes keep what is new in a list
    /// that every question reads from end to end, and after many rows the planner's statistics
    /// are out of date. What fails here is made good then.
    pub(crate) async fn search_settle(&self, written: &Schema) {
        let sorted_in = sqlx::query!(
            "select count(gin_clean_pending_list(i.indexrelid)) as indexes
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            join pg_am a on a.oid = c.relam
            where a.amname = 'gin'
                and i.indrelid in ('tables'::regclass, 'columns'::regclass, 'databases'::regclass)"
        )
        .fetch_one(&self.pool)
        .await;
        if let Err(error) = sorted_in {
            tracing::warn!(%error, "the indexes of the search were not put in order");
        }
        let columns: usize = written.tables.iter().map(|table| table.columns.len()).sum();
        if columns < COLUMNS_MANY {
            return;
        }
        let analyzed = sqlx::query!("analyze tables, columns, databases")
            .execute(&self.pool)
            .await;
        if let Err(error) = analyzed {
            tracing::warn!(%error, "the catalog's statistics were not renewed");
        }
    }
}

/// From so many columns on a structure changes what the planner should know.
const COLUMNS_MANY: usize = 1_000;

/// Keys, indexes, constraints, triggers, types and programs of a structure whose tables and
/// columns are there.
pub(crate) async fn parts_insert_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    schema: &Schema,
    table_ids: &[i64],
    places: &HashMap<&QualifiedName, i64>,
) -> Result<(), StoreError> {
    let foreign_keys = ForeignKeyRows::new(schema, table_ids, places);
    foreign_keys_insert_in_txn(connection, &foreign_keys).await?;
    indexes_insert_in_txn(connection, &IndexRows::new(schema, table_ids)?).await?;
    constraints_insert_in_txn(connection, &ConstraintRows::new(schema, table_ids)).await?;
    triggers_insert_in_txn(connection, id.as_str(), &TriggerRows::new(schema, places)).await?;
    types_insert_in_txn(connection, id.as_str(), schema).await?;
    programs_insert_in_txn(connection, id.as_str(), schema).await
}

/// Counts as the catalog stores them.
pub(crate) struct StoredCounts {
    pub(crate) tables: i32,
    pub(crate) partitions: i32,
    pub(crate) views: i32,
    pub(crate) columns: i32,
    pub(crate) foreign_keys: i32,
    pub(crate) indexes: i32,
    pub(crate) enums: i32,
}

/// What a structure holds, counted.
pub(crate) fn stored_counts(schema: &Schema) -> StoredCounts {
    let counts = schema.counts();
    StoredCounts {
        tables: stored_count(counts.tables),
        partitions: stored_count(counts.partitions),
        views: stored_count(counts.views),
        columns: stored_count(counts.columns),
        foreign_keys: stored_count(counts.foreign_keys),
        indexes: stored_count(counts.indexes),
        enums: stored_count(counts.enums),
    }
}

async fn database_insert_in_txn(
    connection: &mut PgConnection,
    new: &NewDatabase,
    schema: &Schema,
) -> Result<DatabaseSummary, StoreError> {
    let counts = stored_counts(schema);
    let schemas = stored_schema_names(schema);
    let source = new.source.clone().unwrap_or_default();
    let status = match &new.source {
        Some(_) => "connected",
        None => "disconnected",
    };
    let stored = sqlx::query!(
        r#"insert into databases (
            id, name, provider, origin, host, port, database_name, username, status,
            secret_encrypted, tls_mode, tls_ca, server_version, last_connected_at, table_count, partition_count, view_count, column_count,
            foreign_key_count, index_count, enum_count, schema_names, sql_content, import_report,
            created_by_user_id, owner_user_id
        ) values (
            $1, $2, $3, $4, $5, $6, $7, $8, $9::text, $10, coalesce($11, 'prefer'), $12, $13,
            case when $9::text = 'connected' then now() end,
            $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $24
        )
        returning created_at, refreshed_at"#,
        new.id.as_str(),
        new.name,
        new.provider,
        new.origin.as_str(),
        source.host,
        source.port.map(i32::from),
        source.database_name,
        source.username,
        status,
        source.secret,
        source.tls_mode,
        source.tls_ca,
        source.server_version,
        counts.tables,
        counts.partitions,
        counts.views,
        counts.columns,
        counts.foreign_keys,
        counts.indexes,
        counts.enums,
        &schemas,
        new.sql_content,
        new.report.as_ref().map(Json) as _,
        new.created_by.map(|id| id.0)
    )
    .fetch_one(connection)
    .await?;
    Ok(DatabaseSummary {
        id: new.id.clone(),
        name: new.name.clone(),
        provider: new.provider.clone(),
        origin: new.origin,
        counts: schema.counts(),
        schemas,
        created_at: timestamp(stored.created_at),
        refreshed_at: timestamp(stored.refreshed_at),
    })
}

/// Names of the schemas that hold something, in alphabetical order.
pub(crate) fn stored_schema_names(schema: &Schema) -> Vec<String> {
    let tables = schema.tables.iter().map(|table| &table.name);
    let enums = schema.enums.iter().map(|item| &item.name);
    let domains = schema.domains.iter().map(|domain| &domain.name);
    let names: BTreeSet<&str> = tables
        .chain(enums)
        .chain(domains)
        .map(|name| name.schema.as_str())
        .collect();
    names.into_iter().map(str::to_owned).collect()
}

fn stored_count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Ids for so many tables, taken ahead so that whatever points at a table can be written at once.
pub(crate) async fn table_ids_in_txn(
    connection: &mut PgConnection,
    count: usize,
) -> Result<Vec<i64>, StoreError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let ids = sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence('tables', 'id')) as "id!"
        from generate_series(1, $1::bigint)"#,
        i64::try_from(count).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

async fn foreign_keys_insert_in_txn(
    connection: &mut PgConnection,
    rows: &ForeignKeyRows<'_>,
) -> Result<(), StoreError> {
    // Lists in lists travel as JSON: an array of PostgreSQL has rows of one length only.
    sqlx::query!(
        r#"insert into foreign_keys (
            table_id, name, columns, target_schema, target_table, target_table_id, target_columns,
            on_delete, on_update, is_deferrable, is_inherited
        )
        select k.table_id, k.name, array(select jsonb_array_elements_text(k.columns)),
            k.target_schema, k.target_table, k.target_table_id,
            array(select jsonb_array_elements_text(k.target_columns)), k.on_delete, k.on_update,
            k.is_deferrable, k.is_inherited
        from unnest(
            $1::bigint[], $2::text[], $3::jsonb[], $4::text[], $5::text[], $6::bigint[],
            $7::jsonb[], $8::text[], $9::text[], $10::bool[], $11::bool[]
        ) as k (table_id, name, columns, target_schema, target_table, target_table_id,
            target_columns, on_delete, on_update, is_deferrable, is_inherited)"#,
        &rows.table_ids,
        &rows.names as &[&str],
        &rows.columns,
        &rows.target_schemas as &[&str],
        &rows.target_names as &[&str],
        &rows.target_ids as &[Option<i64>],
        &rows.target_columns,
        &rows.on_delete as &[&str],
        &rows.on_update as &[&str],
        &rows.deferrable,
        &rows.inherited
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn indexes_insert_in_txn(
    connection: &mut PgConnection,
    rows: &IndexRows<'_>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into table_indexes (
            table_id, name, method, is_unique, parts, include_columns, predicate, constraint_kind
        )
        select i.table_id, i.name, i.method, i.is_unique, i.parts,
            array(select jsonb_array_elements_text(i.include_columns)), i.predicate,
            i.constraint_kind
        from unnest(
            $1::bigint[], $2::text[], $3::text[], $4::bool[], $5::jsonb[], $6::jsonb[], $7::text[],
            $8::text[]
        ) as i (table_id, name, method, is_unique, parts, include_columns, predicate,
            constraint_kind)"#,
        &rows.table_ids,
        &rows.names as &[&str],
        &rows.methods as &[&str],
        &rows.unique,
        &rows.parts,
        &rows.include,
        &rows.predicates as &[Option<&str>],
        &rows.constraints as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn constraints_insert_in_txn(
    connection: &mut PgConnection,
    rows: &ConstraintRows<'_>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into table_constraints (table_id, name, kind, columns, definition)
        select c.table_id, c.name, c.kind, array(select jsonb_array_elements_text(c.columns)),
            c.definition
        from unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
            as c (table_id, name, kind, columns, definition)"#,
        &rows.table_ids,
        &rows.names as &[&str],
        &rows.kinds as &[&str],
        &rows.columns,
        &rows.definitions
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn triggers_insert_in_txn(
    connection: &mut PgConnection,
    database_id: &str,
    rows: &TriggerRows<'_>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into table_triggers (
            database_id, table_id, schema_name, table_name, name, definition
        )
        select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])"#,
        database_id,
        &rows.table_ids as &[Option<i64>],
        &rows.schemas as &[&str],
        &rows.tables as &[&str],
        &rows.names as &[&str],
        &rows.definitions as &[&str]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Enumerated types and domains.
async fn types_insert_in_txn(
    connection: &mut PgConnection,
    database_id: &str,
    schema: &Schema,
) -> Result<(), StoreError> {
    let enums = rows::EnumRows::new(schema);
    sqlx::query!(
        r#"insert into enum_types (database_id, schema_name, name, labels, source_comment)
        select $1, e.schema_name, e.name, array(select jsonb_array_elements_text(e.labels)),
            e.source_comment
        from unnest($2::text[], $3::text[], $4::jsonb[], $5::text[])
            as e (schema_name, name, labels, source_comment)"#,
        database_id,
        &enums.schemas as &[&str],
        &enums.names as &[&str],
        &enums.labels,
        &enums.comments as &[Option<&str>]
    )
    .execute(&mut *connection)
    .await?;
    let domains = rows::DomainRows::new(schema)?;
    sqlx::query!(
        r#"insert into domains (
            database_id, schema_name, name, data_type, is_nullable, default_value, checks,
            source_comment
        )
        select $1, * from unnest(
            $2::text[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::jsonb[], $8::text[]
        )"#,
        database_id,
        &domains.schemas as &[&str],
        &domains.names as &[&str],
        &domains.data_types as &[&str],
        &domains.nullable,
        &domains.defaults as &[Option<&str>],
        &domains.checks,
        &domains.comments as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Sequences and routines.
async fn programs_insert_in_txn(
    connection: &mut PgConnection,
    database_id: &str,
    schema: &Schema,
) -> Result<(), StoreError> {
    let sequences = rows::SequenceRows::new(schema);
    sqlx::query!(
        r#"insert into sequences (
            database_id, schema_name, name, owner_schema_name, owner_table_name, owner_column_name
        )
        select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])"#,
        database_id,
        &sequences.schemas as &[&str],
        &sequences.names as &[&str],
        &sequences.owner_schemas as &[Option<&str>],
        &sequences.owner_tables as &[Option<&str>],
        &sequences.owner_columns as &[Option<&str>]
    )
    .execute(&mut *connection)
    .await?;
    let routines = rows::RoutineRows::new(schema);
    sqlx::query!(
        r#"insert into routines (database_id, schema_name, name, arguments)
        select $1, * from unnest($2::text[], $3::text[], $4::text[])"#,
        database_id,
        &routines.schemas as &[&str],
        &routines.names as &[&str],
        &routines.arguments as &[&str]
    )
    .execute(connection)
    .await?;
    Ok(())
}
