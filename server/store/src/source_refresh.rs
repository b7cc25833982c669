//! What a reading of a live database writes: all of it with the end of its job, or nothing.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::jobs::{ClaimedJob, job_complete_in_txn, job_end_in_txn};
use crate::schema_refresh::refresh_in_txn;
use crate::sources::{source_failed_in_txn, source_read_in_txn};
use crate::statistics::{
    ColumnStatisticsRow, TableSize, statistics_write_in_txn, table_sizes_write_in_txn,
};
use crate::store::Store;
use crate::versions::NewVersion;
use model::job::{JobStatus, RefreshResult};
use model::schema::Schema;

/// A live database as it was at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The server's own words for its version.
    pub server_version: String,
    /// The structure.
    pub schema: Schema,
    /// Sizes of tables.
    pub sizes: Vec<TableSize>,
    /// What is known of columns' values.
    pub statistics: Vec<ColumnStatisticsRow>,
    /// What could not be read, and why.
    pub unreadable: Vec<(String, String)>,
    /// In how many steps it was read and written.
    pub steps: u32,
}

impl Store {
    /// Writes a reading over what the catalog has, and completes its job. Where nothing changed,
    /// nothing but the version and the job is written. `audit` makes the line of the trail, where
    /// there is something to tell.
    ///
    /// # Errors
    /// Not found when the database is gone, or the job was ended by somebody else meanwhile; then
    /// nothing is written.
    pub async fn source_refresh(
        &self,
        job: &ClaimedJob,
        reading: &Reading,
        audit: impl FnOnce(&RefreshResult) -> Option<AuditEntry> + Send,
    ) -> Result<RefreshResult, StoreError> {
        let id = &job.database_id;
        let version = NewVersion {
            created_by: job.user_id,
        };
        let mut transaction = self.begin().await?;
        let (number, has_changed) =
            refresh_in_txn(&mut transaction, id, &reading.schema, &version).await?;
        table_sizes_write_in_txn(&mut transaction, id, &reading.sizes).await?;
        statistics_write_in_txn(&mut transaction, id, &reading.statistics).await?;
        source_read_in_txn(
            &mut transaction,
            id,
            &reading.server_version,
            &reading.unreadable,
        )
        .await?;
        let summary = sqlx::query_scalar!(
            "select summary from schema_versions where database_id = $1 and number = $2",
            id.as_str(),
            number
        )
        .fetch_one(&mut *transaction)
        .await?;
        let result = RefreshResult {
            version: number.unsigned_abs(),
            has_changed,
            summary,
            unreadable: reading.unreadable.clone(),
        };
        if !job_complete_in_txn(&mut transaction, job, &result, reading.steps).await? {
            return Err(StoreError::NotFound { what: "job" });
        }
        if let Some(audit) = audit(&result) {
            audit_record_in_txn(&mut transaction, &audit).await?;
        }
        transaction.commit().await?;
        if has_changed {
            self.search_settle(&reading.schema).await;
        }
        Ok(result)
    }

    /// Notes why a live database could not be read, and ends its job with that. Nothing happens
    /// when the job has ended already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn source_refresh_failed(
        &self,
        job: &ClaimedJob,
        reason: &str,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        // The database first, as everywhere, so that nobody waits for somebody who waits for them.
        source_failed_in_txn(&mut transaction, &job.database_id, reason).await?;
        if !job_end_in_txn(&mut transaction, job, JobStatus::Failed, Some(reason)).await? {
            return Ok(());
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(())
    }
}
