//! Databases of the catalog.

use crate::access::Scope;
use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::metadata::AnnotationRow;
use crate::moment::timestamp;
use crate::store::Store;
use model::access::DatabaseAccess;
use model::catalog::{
    DatabaseDetail, DatabaseOrigin, DatabaseSummary, EnumDetail, SchemaSummary, SourceDetail,
};
use model::id::DatabaseId;
use model::import::ImportReport;
use model::metadata::DatabaseMetadata;
use model::schema::SchemaCounts;
use serde::Deserialize;
use sqlx::types::Json;
use time::OffsetDateTime;

/// Databases are listed up to so many.
const DATABASES_MAX: i64 = 1_000;
/// Enumerated types of a database are listed up to so many.
const ENUMS_MAX: i64 = 1_000;

/// A row of `databases` as the list shows it.
struct DatabaseRow {
    id: String,
    name: String,
    provider: String,
    origin: String,
    table_count: i32,
    partition_count: i32,
    view_count: i32,
    column_count: i32,
    foreign_key_count: i32,
    index_count: i32,
    enum_count: i32,
    schema_names: Vec<String>,
    created_at: OffsetDateTime,
    refreshed_at: OffsetDateTime,
}

impl TryFrom<DatabaseRow> for DatabaseSummary {
    type Error = StoreError;

    fn try_from(row: DatabaseRow) -> Result<Self, StoreError> {
        let counted = |count: i32| u64::from(count.unsigned_abs());
        Ok(Self {
            id: read_database_id(row.id)?,
            name: row.name,
            provider: row.provider,
            origin: DatabaseOrigin::from_word(&row.origin)
                .ok_or(StoreError::Unreadable { what: "origin" })?,
            counts: SchemaCounts {
                tables: counted(row.table_count),
                partitions: counted(row.partition_count),
                views: counted(row.view_count),
                columns: counted(row.column_count),
                foreign_keys: counted(row.foreign_key_count),
                indexes: counted(row.index_count),
                enums: counted(row.enum_count),
            },
            schemas: row.schema_names,
            created_at: timestamp(row.created_at),
            refreshed_at: timestamp(row.refreshed_at),
        })
    }
}

/// An element of `databases.unreadable`.
#[derive(Debug, Deserialize)]
struct UnreadableRow {
    what: String,
    reason: String,
}

/// Reads an id that the check of `databases` let in.
pub(crate) fn read_database_id(text: String) -> Result<DatabaseId, StoreError> {
    DatabaseId::try_from(text).map_err(|_| StoreError::Unreadable {
        what: "id of a database",
    })
}

impl Store {
    /// Every database of that scope by name, up to a thousand.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_list(&self, scope: Scope) -> Result<Vec<DatabaseSummary>, StoreError> {
        sqlx::query_as!(
            DatabaseRow,
            r#"select id, name, provider, origin, table_count, partition_count, view_count,
                column_count, foreign_key_count, index_count, enum_count, schema_names, created_at,
                coalesce((
                    select v.created_at from schema_versions v where v.database_id = d.id
                    order by v.number desc limit 1
                ), refreshed_at) as "refreshed_at!"
            from databases d
            where $2::bigint is null or database_access(d, $2) > 0
            order by lower(name), id
            limit $1"#,
            DATABASES_MAX,
            scope.person()
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(DatabaseSummary::try_from)
        .collect()
    }

    /// One database; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_fetch(
        &self,
        id: &DatabaseId,
    ) -> Result<Option<DatabaseDetail>, StoreError> {
        let row = sqlx::query!(
            r#"select id, name, provider, origin, table_count, partition_count, view_count,
                column_count, foreign_key_count, index_count, enum_count, schema_names, created_at,
                coalesce((
                    select v.created_at from schema_versions v where v.database_id = d.id
                    order by v.number desc limit 1
                ), refreshed_at) as "refreshed_at!",
                import_report as "import_report: Json<ImportReport>", host, port,
                database_name, username, tls_mode, server_version, last_error,
                unreadable as "unreadable: Json<Vec<UnreadableRow>>",
                (select count(*) from schema_versions v where v.database_id = d.id) as "versions!",
                (select coalesce(nullif(u.full_name, ''), u.username) from users u
                where u.id = d.owner_user_id) as owner_name,
                description, description_at, ai_description, ai_description_at, tags, revision,
                (select coalesce(nullif(w.full_name, ''), w.username) from users w
                where w.id = d.description_by_user_id) as description_by
            from databases d
            where id = $1"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let schemas = sqlx::query!(
            r#"select schema_name, count(*) as "tables!"
            from tables
            where database_id = $1 and gone_at is null and table_type <> 'partition'
            group by schema_name
            order by schema_name"#,
            id.as_str()
        )
        .fetch_all(&self.pool)
        .await?;
        let enums = sqlx::query_as!(
            EnumDetail,
            r#"select schema_name as schema, name, labels as values
            from enum_types
            where database_id = $1
            order by schema_name, name
            limit $2"#,
            id.as_str(),
            ENUMS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(Some(DatabaseDetail {
            report: row.import_report.map(|report| report.0),
            versions: u32::try_from(row.versions).unwrap_or(u32::MAX),
            owner: row.owner_name,
            access: DatabaseAccess::None,
            metadata: DatabaseMetadata {
                annotation: AnnotationRow {
                    revision: row.revision,
                    description: row.description,
                    description_by: row.description_by,
                    description_at: row.description_at,
                    ai_description: row.ai_description,
                    ai_description_at: row.ai_description_at,
                    tags: Some(row.tags),
                }
                .into(),
            },
            source: (row.origin == DatabaseOrigin::Connection.as_str()).then(|| SourceDetail {
                host: row.host,
                port: row.port.and_then(|port| u16::try_from(port).ok()),
                database: row.database_name,
                username: row.username,
                tls_mode: row.tls_mode,
                server_version: row.server_version,
                last_error: row.last_error,
                unreadable: row
                    .unreadable
                    .map(|list| list.0)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|one| (one.what, one.reason))
                    .collect(),
            }),
            summary: DatabaseRow {
                id: row.id,
                name: row.name,
                provider: row.provider,
                origin: row.origin,
                table_count: row.table_count,
                partition_count: row.partition_count,
                view_count: row.view_count,
                column_count: row.column_count,
                foreign_key_count: row.foreign_key_count,
                index_count: row.index_count,
                enum_count: row.enum_count,
                schema_names: row.schema_names,
                created_at: row.created_at,
                refreshed_at: row.refreshed_at,
            }
            .try_into()?,
            schemas: schemas
                .into_iter()
                .map(|row| SchemaSummary {
                    name: row.schema_name,
                    tables: row.tables.unsigned_abs(),
                })
                .collect(),
            enums,
        }))
    }

    /// Takes a database out of the catalog with everything that belongs to it, its query history
    /// too. False when it is not there; then nothing is added to the trail either.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_delete(
        &self,
        id: &DatabaseId,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query!("set local statement_timeout = '2min'")
            .execute(&mut *transaction)
            .await?;
        let done = sqlx::query!("delete from databases where id = $1", id.as_str())
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
