//! Reading databases again in the background, and when that happens by itself.

use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::id::{DatabaseId, JobId};
use model::job::{Job, JobPage, JobQuery, RefreshState, Schedule};

/// What asking for all databases to be read again brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshAll {
    /// Jobs that were made.
    pub started: u32,
    /// Databases that were being read, or waited for it, already.
    pub active: u32,
}

/// When a database shall be read by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRequest {
    /// Five fields, in UTC: minute, hour, day of the month, month, day of the week; or `@hourly`
    /// and its like.
    pub cron: String,
    /// Whether it counts from now on.
    pub enabled: bool,
}

/// Use cases around jobs. What belongs to a database that one may not see is not found.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Begins to read a live database again. Joins the job that does so already, if there is one.
    ///
    /// # Errors
    /// Invalid for a database without a live one behind it.
    async fn refresh_start(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Job, AppError>;

    /// Begins to read every live database again that the person may edit.
    async fn refresh_all(&self, ctx: &Ctx) -> Result<RefreshAll, AppError>;

    /// What a page shows of a database's readings: the newest job, and the schedule.
    async fn refresh_state(&self, ctx: &Ctx, id: &DatabaseId) -> Result<RefreshState, AppError>;

    /// One job.
    async fn job_fetch(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError>;

    /// Jobs, the newest first.
    ///
    /// # Errors
    /// Invalid for an `after` that no page gave.
    async fn job_list(&self, ctx: &Ctx, query: JobQuery) -> Result<JobPage, AppError>;

    /// Stops a job. What the catalog has of the database stays as it was.
    ///
    /// # Errors
    /// Conflict when it has ended.
    async fn job_cancel(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError>;

    /// When a database is read by itself; none when it is not.
    async fn schedule_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<Option<Schedule>, AppError>;

    /// Says when a database is read by itself.
    ///
    /// # Errors
    /// Invalid, for the field `cron`, with what is wrong with the text; invalid for a database
    /// without a live one behind it.
    async fn schedule_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        request: ScheduleRequest,
    ) -> Result<Schedule, AppError>;

    /// Forgets when a database is read by itself. Nothing happens when nothing was said.
    async fn schedule_delete(&self, ctx: &Ctx, id: &DatabaseId) -> Result<(), AppError>;
}
