//! Months of the query history and of the audit trail.

use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// Makes the partitions from last month to three months ahead that are missing, and moves
    /// rows into them that had nowhere else to go. Returns how many were made. To be called at
    /// start and once a day.
    ///
    /// # Errors
    /// When the database does not answer or refuses.
    pub async fn partitions_ensure(&self) -> Result<u32, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query!("set local statement_timeout = '5min'")
            .execute(&mut *transaction)
            .await?;
        let made = sqlx::query_scalar!(
            r#"select sum(ensure_month_partitions(
                parent,
                (now() at time zone 'UTC' - interval '1 month')::date,
                (now() at time zone 'UTC' + interval '3 months')::date
            ))::int as "made!"
            from unnest(array['query_history'::regclass, 'audit_logs'::regclass]) as parent"#
        )
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(u32::try_from(made).unwrap_or_default())
    }
}
