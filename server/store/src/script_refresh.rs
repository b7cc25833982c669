//! The next version of a database that came as a script.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::schema_refresh::refresh_in_txn;
use crate::store::Store;
use crate::versions::NewVersion;
use model::id::DatabaseId;
use model::import::ImportReport;
use model::schema::Schema;
use serde_json::json;
use sqlx::types::Json;

/// A script that was read for a database that is there.
#[derive(Debug, Clone)]
pub struct ScriptVersion {
    /// The scripts, where they are kept.
    pub sql_content: Option<String>,
    /// The account of the reading.
    pub report: ImportReport,
    /// Who brought it.
    pub version: NewVersion,
}

impl Store {
    /// Writes what a script declares over what the catalog has of a database, as
    /// [`schema_refresh`](Store::schema_refresh) does, and keeps the script in place of the one
    /// before: all of it or nothing. The line of the trail is given the version's number. Returns
    /// that number and whether the structure changed.
    ///
    /// # Errors
    /// As [`schema_refresh`](Store::schema_refresh).
    pub async fn script_refresh(
        &self,
        id: &DatabaseId,
        schema: &Schema,
        script: &ScriptVersion,
        mut audit: AuditEntry,
    ) -> Result<(i32, bool), StoreError> {
        let mut transaction = self.begin().await?;
        let (number, has_changed) =
            refresh_in_txn(&mut transaction, id, schema, &script.version).await?;
        sqlx::query!(
            "update databases set sql_content = $2, import_report = $3 where id = $1",
            id.as_str(),
            script.sql_content,
            Json(&script.report) as _
        )
        .execute(&mut *transaction)
        .await?;
        audit.changes = Some(json!({
            "version": { "before": number - 1, "after": number },
            "has_changed": has_changed,
        }));
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        if has_changed {
            self.search_settle(schema).await;
        }
        Ok((number, has_changed))
    }
}
