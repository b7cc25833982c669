//! Jobs: readings of databases in the background.
//!
//! A job is claimed by one process, which gives signs of life while it works on it. Whatever ends
//! a job asks whether it still runs in that process' hands, so that of two ends the first counts.

mod cursor;

use crate::access::Scope;
use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::databases::read_database_id;
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use cursor::Cursor;
use model::id::{DatabaseId, JobId, UserId};
use model::job::{Job, JobPage, JobProgress, JobQuery, JobStatus, JobTrigger, RefreshResult};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::time::Duration;
use time::OffsetDateTime;

/// Jobs of one call for all databases.
const ENQUEUED_MAX: i64 = 1_000;
/// Jobs that have ended are kept for so many days; the newest of a database for ever.
const KEPT_DAYS: i32 = 90;

/// A job that a process has taken on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// The process, by its word.
    pub worker: String,
    /// The database to read.
    pub database_id: DatabaseId,
    /// Who asked for it; none for a schedule.
    pub user_id: Option<UserId>,
}

/// A row of `jobs` as it is shown.
struct JobRow {
    id: String,
    database_id: String,
    database_name: String,
    status: String,
    cancel_requested: bool,
    trigger: Option<String>,
    started_by: Option<String>,
    progress_current: i32,
    progress_total: Option<i32>,
    progress_message: Option<String>,
    result: Option<Json<RefreshResult>>,
    error: Option<String>,
    created_at: OffsetDateTime,
    started_at: Option<OffsetDateTime>,
    finished_at: Option<OffsetDateTime>,
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: read_job_id(row.id)?,
            database_id: read_database_id(row.database_id)?,
            database_name: row.database_name,
            status: JobStatus::from_word(&row.status).ok_or(StoreError::Unreadable {
                what: "status of a job",
            })?,
            cancel_requested: row.cancel_requested,
            trigger: JobTrigger::from_word(row.trigger.as_deref().unwrap_or_default()),
            started_by: row.started_by,
            progress: JobProgress {
                current: row.progress_current.unsigned_abs(),
                total: row.progress_total.map(i32::unsigned_abs),
                message: row.progress_message,
            },
            result: row.result.map(|result| result.0),
            error: row.error,
            created_at: timestamp(row.created_at),
            started_at: row.started_at.map(timestamp),
            finished_at: row.finished_at.map(timestamp),
        })
    }
}

fn read_job_id(text: String) -> Result<JobId, StoreError> {
    JobId::try_from(text).map_err(|_| StoreError::Unreadable {
        what: "id of a job",
    })
}

impl Store {
    /// Asks for a database to be read again, or joins the job that does so already. Answers the
    /// job and whether it is new; only a new one is added to the trail.
    ///
    /// # Errors
    /// Not found when the database is gone.
    pub async fn refresh_enqueue(
        &self,
        id: &DatabaseId,
        by: Option<UserId>,
        audit: &AuditEntry,
    ) -> Result<(Job, bool), StoreError> {
        let mut transaction = self.begin().await?;
        let new = refresh_insert_in_txn(&mut transaction, id, JobTrigger::Manual, by).await?;
        let is_new = new.is_some();
        let job = match new {
            Some(job) => Some(job),
            None => sqlx::query_scalar!(
                r#"select id::text as "id!" from jobs
                where database_id = $1 and job_type = 'refresh'
                order by status in ('pending', 'running') desc, created_at desc
                limit 1"#,
                id.as_str()
            )
            .fetch_optional(&mut *transaction)
            .await?
            .map(read_job_id)
            .transpose()?,
        };
        let missing = StoreError::NotFound { what: "database" };
        let Some(job) = job else { return Err(missing) };
        if is_new {
            audit_record_in_txn(&mut transaction, audit).await?;
        }
        transaction.commit().await?;
        let job = self.job_fetch(&job).await?.ok_or(missing)?;
        Ok((job, is_new))
    }

    /// Asks for every live database that the scope may edit to be read again. Answers how many jobs
    /// were made and how many were there already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh_enqueue_all(
        &self,
        scope: Scope,
        by: Option<UserId>,
        audit: impl FnOnce(&[String]) -> AuditEntry + Send,
    ) -> Result<(u32, u32), StoreError> {
        let mut transaction = self.begin().await?;
        let total = sqlx::query_scalar!(
            r#"select count(*) as "count!" from (
                select 1 from databases d
                where origin = 'connection' and ($1::bigint is null or database_access(d, $1) > 1)
                limit $2
            ) as live"#,
            scope.person(),
            ENQUEUED_MAX
        )
        .fetch_one(&mut *transaction)
        .await?;
        let made = sqlx::query_scalar!(
            r#"insert into jobs (job_type, parameters, database_id, user_id)
            select 'refresh', jsonb_build_object('trigger', 'manual'), id, $2
            from databases d
            where origin = 'connection' and ($1::bigint is null or database_access(d, $1) > 1)
            order by lower(name), id
            limit $3
            on conflict (database_id)
                where job_type = 'refresh' and status in ('pending', 'running') do nothing
            returning database_id as "id!""#,
            scope.person(),
            by.map(|id| id.0),
            ENQUEUED_MAX
        )
        .fetch_all(&mut *transaction)
        .await?;
        if !made.is_empty() {
            audit_record_in_txn(&mut transaction, &audit(&made)).await?;
        }
        transaction.commit().await?;
        let started = u32::try_from(made.len()).unwrap_or(u32::MAX);
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        Ok((started, total.saturating_sub(started)))
    }

    /// Takes on the job that waits longest, or a certain one; none when there is nothing to do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job_claim(
        &self,
        worker: &str,
        only: Option<&JobId>,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        let row = sqlx::query!(
            r#"update jobs set status = 'running', worker = $1, started_at = now(),
                heartbeat_at = now()
            where id = (
                select id from jobs
                where status = 'pending' and job_type = 'refresh'
                    and ($2::text is null or id = $2::text::uuid)
                order by created_at, id
                limit 1
                for update skip locked
            )
            returning id::text as "id!", database_id as "database_id!", user_id"#,
            worker,
            only.map(JobId::as_str)
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(ClaimedJob {
                id: read_job_id(row.id)?,
                worker: worker.to_owned(),
                database_id: read_database_id(row.database_id)?,
                user_id: row.user_id.map(UserId),
            })
        })
        .transpose()
    }

    /// A sign of life, and how far the job is. Answers whether somebody asks for it to stop; none
    /// when it is no longer this process' to work on: its database was taken out of the catalog,
    /// or it counts as abandoned.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job_pulse(
        &self,
        job: &ClaimedJob,
        progress: &JobProgress,
    ) -> Result<Option<bool>, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"update jobs set heartbeat_at = now(), progress_current = $3, progress_total = $4,
                progress_message = $5
            where id = $1::text::uuid and worker = $2 and status = 'running'
            returning cancel_requested_at is not null as "cancelled!""#,
            job.id.as_str(),
            job.worker,
            count(progress.current),
            progress.total.map(count),
            progress.message
        )
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Ends a job that did not do what was asked. Nothing happens when it has ended already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job_end(
        &self,
        job: &ClaimedJob,
        status: JobStatus,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        job_end_in_txn(&mut connection, job, status, error).await?;
        Ok(())
    }

    /// Marks running jobs of processes that give no sign of life any more as failed. Answers how
    /// many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_abandoned_fail(
        &self,
        silence: Duration,
        reason: &str,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            r#"update jobs set status = 'failed', error = $2, finished_at = now()
            where status = 'running' and heartbeat_at < now() - make_interval(secs => $1)"#,
            silence.as_secs_f64(),
            reason
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Marks the jobs that a process still has as failed, since it ends.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_give_up(&self, worker: &str, reason: &str) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            r#"update jobs set status = 'failed', error = $2, finished_at = now()
            where status = 'running' and worker = $1"#,
            worker,
            reason
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Stops a job that waits, and asks for one that runs to be stopped. False when it has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job_cancel(&self, id: &JobId, audit: &AuditEntry) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query!(
            r#"update jobs set cancel_requested_at = coalesce(cancel_requested_at, now()),
                status = case status when 'pending' then 'cancelled' else status end,
                finished_at = case status when 'pending' then now() end
            where id = $1::text::uuid and status in ('pending', 'running')"#,
            id.as_str()
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// One job; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job_fetch(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        sqlx::query_as!(
            JobRow,
            r#"select j.id::text as "id!", d.id as "database_id!", d.name as "database_name!",
                j.status as "status!", j.cancel_requested_at is not null as "cancel_requested!",
                j.parameters ->> 'trigger' as trigger,
                coalesce(nullif(u.full_name, ''), u.username) as started_by,
                j.progress_current as "progress_current!", j.progress_total, j.progress_message,
                j.result as "result: Json<RefreshResult>", j.error,
                j.created_at as "created_at!", j.started_at, j.finished_at
            from jobs j
                join databases d on d.id = j.database_id
                left join users u on u.id = j.user_id
            where j.id = $1::text::uuid and j.job_type = 'refresh'"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Job::try_from)
        .transpose()
    }

    /// A page of jobs that the scope may see, the newest first: of one database, or of all.
    ///
    /// # Errors
    /// Invalid cursor, when `after` is not the end of a page.
    pub async fn job_list(&self, query: &JobQuery, scope: Scope) -> Result<JobPage, StoreError> {
        let after = query.after.as_deref().map(Cursor::read).transpose()?;
        let limit = query.limit.max(1);
        let rows = sqlx::query_as!(
            JobRow,
            r#"select j.id::text as "id!", d.id as "database_id!", d.name as "database_name!",
                j.status as "status!", j.cancel_requested_at is not null as "cancel_requested!",
                j.parameters ->> 'trigger' as trigger,
                coalesce(nullif(u.full_name, ''), u.username) as started_by,
                j.progress_current as "progress_current!", j.progress_total, j.progress_message,
                j.result as "result: Json<RefreshResult>", j.error,
                j.created_at as "created_at!", j.started_at, j.finished_at
            from jobs j
                join databases d on d.id = j.database_id
                left join users u on u.id = j.user_id
            where j.job_type = 'refresh'
                and ($1::text is null or j.database_id = $1)
                and ($2::bigint is null or database_access(d, $2) > 0)
                and ($3::timestamptz is null or (j.created_at, j.id) < ($3, $4::text::uuid))
            order by j.created_at desc, j.id desc
            limit $5"#,
            query.database.as_ref().map(DatabaseId::as_str),
            scope.person(),
            after.as_ref().map(|after| after.created_at),
            after.as_ref().map(|after| after.id.as_str()),
            // One row more than asked for tells whether another page follows.
            i64::from(limit) + 1
        )
        .fetch_all(&self.pool)
        .await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        let next = rows
            .get(shown.saturating_sub(1))
            .filter(|_| more)
            .map(|last| Cursor::write(last.created_at, &last.id));
        let jobs = rows
            .into_iter()
            .take(shown)
            .map(Job::try_from)
            .collect::<Result<_, _>>()?;
        Ok(JobPage { jobs, next })
    }

    /// Forgets jobs that ended long ago, all but the newest of each database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_expire(&self) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            r#"delete from jobs j
            where j.finished_at < now() - make_interval(days => $1) and exists (
                select 1 from jobs newer
                where newer.database_id = j.database_id and newer.created_at > j.created_at
            )"#,
            KEPT_DAYS
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}

/// Adds a job; none when the database has one that has not ended, or is gone.
pub(crate) async fn refresh_insert_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    trigger: JobTrigger,
    by: Option<UserId>,
) -> Result<Option<JobId>, StoreError> {
    sqlx::query_scalar!(
        r#"insert into jobs (job_type, parameters, database_id, user_id)
        select 'refresh', jsonb_build_object('trigger', $2::text), id, $3
        from databases where id = $1 and origin = 'connection'
        on conflict (database_id)
            where job_type = 'refresh' and status in ('pending', 'running') do nothing
        returning id::text as "id!""#,
        id.as_str(),
        trigger.as_str(),
        by.map(|id| id.0)
    )
    .fetch_optional(connection)
    .await?
    .map(read_job_id)
    .transpose()
}

/// Ends a job that did not do what was asked. False when it was not running any more.
pub(crate) async fn job_end_in_txn(
    connection: &mut PgConnection,
    job: &ClaimedJob,
    status: JobStatus,
    error: Option<&str>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update jobs set status = $3, error = $4, finished_at = now()
        where id = $1::text::uuid and worker = $2 and status = 'running'"#,
        job.id.as_str(),
        job.worker,
        status.as_str(),
        error
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Completes a job within the transaction that writes what it read. False when it was not running
/// any more, and then nothing may be written.
pub(crate) async fn job_complete_in_txn(
    connection: &mut PgConnection,
    job: &ClaimedJob,
    result: &RefreshResult,
    steps: u32,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update jobs set status = 'completed', result = $3, finished_at = clock_timestamp(),
            progress_current = $4, progress_total = $4, progress_message = null
        where id = $1::text::uuid and worker = $2 and status = 'running'"#,
        job.id.as_str(),
        job.worker,
        Json(result) as _,
        count(steps)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
