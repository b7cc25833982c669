//! When databases are read by themselves.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::databases::read_database_id;
use crate::error::StoreError;
use crate::jobs::refresh_insert_in_txn;
use crate::moment::{moment, timestamp};
use crate::store::Store;
use model::id::{DatabaseId, UserId};
use model::job::JobTrigger;
use model::time::Timestamp;

/// So many schedules are looked at in one round.
const DUE_MAX: i64 = 100;

/// A schedule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSchedule {
    /// Five fields, in UTC.
    pub cron: String,
    /// Whether it counts at the moment.
    pub enabled: bool,
    /// When it runs next; none while it is off.
    pub next_run_at: Option<Timestamp>,
    /// The name of the person who set it.
    pub set_by: Option<String>,
    /// When it was set.
    pub set_at: Timestamp,
}

/// A schedule whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSchedule {
    /// The database to read.
    pub database_id: DatabaseId,
    /// Five fields, in UTC.
    pub cron: String,
}

/// A schedule before and after a change, for the trail: its text, and whether it counts.
pub type ScheduleState = Option<(String, bool)>;

impl Store {
    /// The schedule of a database; none when it has none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schedule_fetch(
        &self,
        id: &DatabaseId,
    ) -> Result<Option<StoredSchedule>, StoreError> {
        let row = sqlx::query!(
            r#"select s.cron_text as "cron_text!", s.enabled as "enabled!", s.next_run_at,
                coalesce(nullif(u.full_name, ''), u.username) as set_by,
                s.set_at as "set_at!"
            from refresh_schedules s left join users u on u.id = s.set_by_user_id
            where s.database_id = $1"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| StoredSchedule {
            cron: row.cron_text,
            enabled: row.enabled,
            next_run_at: row.next_run_at.map(timestamp),
            set_by: row.set_by,
            set_at: timestamp(row.set_at),
        }))
    }

    /// Sets the schedule of a database, or with none takes it away. `audit` makes the line of the
    /// trail from the one before; nothing is written when both are the same.
    ///
    /// # Errors
    /// Not found when the database is gone.
    pub async fn schedule_set(
        &self,
        id: &DatabaseId,
        new: Option<(&str, bool, Option<Timestamp>)>,
        by: Option<UserId>,
        audit: impl FnOnce(&ScheduleState) -> AuditEntry + Send,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let found = sqlx::query_scalar!(
            "select id from databases where id = $1 for key share",
            id.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if found.is_none() {
            return Err(StoreError::NotFound { what: "database" });
        }
        let before: ScheduleState = sqlx::query!(
            "select cron_text, enabled from refresh_schedules where database_id = $1 for update",
            id.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?
        .map(|row| (row.cron_text, row.enabled));
        if before == new.map(|(cron, enabled, _)| (cron.to_owned(), enabled)) {
            return Ok(());
        }
        match new {
            Some((cron, enabled, next)) => {
                sqlx::query!(
                    r#"insert into refresh_schedules
                        (database_id, cron_text, enabled, next_run_at, set_by_user_id)
                    values ($1, $2, $3, $4, $5)
                    on conflict (database_id) do update set cron_text = excluded.cron_text,
                        enabled = excluded.enabled, next_run_at = excluded.next_run_at,
                        set_by_user_id = excluded.set_by_user_id, set_at = now()"#,
                    id.as_str(),
                    cron,
                    enabled,
                    next.map(moment),
                    by.map(|id| id.0)
                )
                .execute(&mut *transaction)
                .await?;
            }
            None => {
                sqlx::query!(
                    "delete from refresh_schedules where database_id = $1",
                    id.as_str()
                )
                .execute(&mut *transaction)
                .await?;
            }
        }
        audit_record_in_txn(&mut transaction, &audit(&before)).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Schedules whose time has come, the longest overdue first, up to 100.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schedules_due(&self) -> Result<Vec<DueSchedule>, StoreError> {
        sqlx::query!(
            r#"select database_id, cron_text from refresh_schedules
            where enabled and next_run_at <= now()
            order by next_run_at
            limit $1"#,
            DUE_MAX
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(|row| {
            Ok(DueSchedule {
                database_id: read_database_id(row.database_id)?,
                cron: row.cron_text,
            })
        })
        .collect()
    }

    /// Asks for the reading that a due schedule wants, once however often it was missed, and says
    /// when the next one is; none for never. Answers whether a job was made: none is while another
    /// reads the database, and when another server was faster.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schedule_run(
        &self,
        due: &DueSchedule,
        next: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query!(
            r#"update refresh_schedules set next_run_at = $3
            where database_id = $1 and cron_text = $2 and enabled and next_run_at <= now()"#,
            due.database_id.as_str(),
            due.cron,
            next.map(moment)
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let job = refresh_insert_in_txn(
            &mut transaction,
            &due.database_id,
            JobTrigger::Schedule,
            None,
        )
        .await?;
        transaction.commit().await?;
        Ok(job.is_some())
    }
}
