//! The live databases behind those of the catalog.

use crate::error::StoreError;
use crate::schema_write::DatabaseSource;
use crate::store::Store;
use model::catalog::DatabaseOrigin;
use model::id::DatabaseId;
use model::provider::Provider;
use serde_json::{Value, json};
use sqlx::PgConnection;

/// A live database as the catalog keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSource {
    /// The name that people gave the database.
    pub name: String,
    /// Which system it is.
    pub provider: Provider,
    /// Where its structure comes from.
    pub origin: DatabaseOrigin,
    /// Where it is and how to get in.
    pub source: DatabaseSource,
}

impl Store {
    /// The live database behind one of the catalog; none when that is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn source_fetch(&self, id: &DatabaseId) -> Result<Option<StoredSource>, StoreError> {
        let row = sqlx::query!(
            r#"select name, provider, origin, host, port, database_name, username,
                secret_encrypted, tls_mode, tls_ca, server_version
            from databases where id = $1"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredSource {
            name: row.name,
            provider: Provider::from_word(&row.provider)
                .ok_or(StoreError::Unreadable { what: "provider" })?,
            origin: DatabaseOrigin::from_word(&row.origin)
                .ok_or(StoreError::Unreadable { what: "origin" })?,
            source: DatabaseSource {
                host: row.host,
                port: row.port.and_then(|port| u16::try_from(port).ok()),
                database_name: row.database_name,
                username: row.username,
                secret: row.secret_encrypted,
                tls_mode: Some(row.tls_mode),
                tls_ca: row.tls_ca,
                server_version: row.server_version,
            },
        }))
    }

    /// The script that a database came as, where it is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn script_fetch(&self, id: &DatabaseId) -> Result<Option<String>, StoreError> {
        let script = sqlx::query_scalar!(
            "select sql_content from databases where id = $1",
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(script.flatten())
    }

    /// Notes that a live database was read: its version, and what could not be read and why.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn source_read(
        &self,
        id: &DatabaseId,
        server_version: &str,
        unreadable: &[(String, String)],
    ) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        source_read_in_txn(&mut connection, id, server_version, unreadable).await
    }
}

/// As [`Store::source_read`]. Nothing is written when it reads as the last time; when that was is
/// told by the versions.
pub(crate) async fn source_read_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    server_version: &str,
    unreadable: &[(String, String)],
) -> Result<(), StoreError> {
    let unreadable: Value = unreadable
        .iter()
        .map(|(what, reason)| json!({ "what": what, "reason": reason }))
        .collect();
    sqlx::query!(
        r#"update databases set status = 'connected', last_connected_at = now(),
            server_version = $2, unreadable = $3, last_error = null
        where id = $1 and (status, server_version, unreadable, last_error)
            is distinct from ('connected', $2, $3, null)"#,
        id.as_str(),
        server_version,
        unreadable
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes why a live database could not be read.
pub(crate) async fn source_failed_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    reason: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update databases set status = 'failed', last_error = $2
        where id = $1 and (status, last_error) is distinct from ('failed', $2)"#,
        id.as_str(),
        reason
    )
    .execute(connection)
    .await?;
    Ok(())
}
