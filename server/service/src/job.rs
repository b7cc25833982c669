//! Readings in the background: asked for, followed, stopped.

use crate::audit::Entry;
use crate::database::database_not_found;
use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use contract::job::RefreshAll;
use contract::source::RefreshOutcome;
use model::account::Permission;
use model::catalog::DatabaseOrigin;
use model::id::{DatabaseId, JobId};
use model::job::{Job, JobPage, JobQuery, JobStatus, RefreshState};
use serde_json::json;
use std::time::Duration;
use store::StoreError;
use store::access::Scope;
use store::sources::StoredSource;

/// A page of jobs is no longer than this.
const LIST_MAX: u32 = 200;
/// How often a job of another process is looked at while somebody waits for it.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Services {
    /// Begins to read a live database again, or joins the job that does.
    pub(crate) async fn refresh_begin(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Job, AppError> {
        self.editable(ctx, id).await?;
        let stored = self.live_source(ctx, id).await?;
        let by = ctx.user().map(|user| user.id);
        let audit = Entry::new("CREATE", "refresh").of(id, &stored.name).by(ctx);
        let (job, is_new) = match self.store.refresh_enqueue(id, by, &audit).await {
            Err(StoreError::NotFound { .. }) => return Err(database_not_found()),
            enqueued => enqueued.or_answer(ctx)?,
        };
        if is_new {
            tracing::info!(
                request.id = %ctx.request_id, database.id = %id, job.id = %job.id,
                "a refresh was asked for"
            );
            self.board.wake();
        }
        Ok(job)
    }

    /// Reads a live database again and waits for the end.
    pub(crate) async fn refresh(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<RefreshOutcome, AppError> {
        let job = self.refresh_begin(ctx, id).await?;
        let job = self.job_wait(ctx, &job.id).await?;
        match (job.status, job.result) {
            (JobStatus::Completed, Some(result)) => Ok(RefreshOutcome {
                version: result.version,
                has_changed: result.has_changed,
                summary: result.summary,
                unreadable: result.unreadable,
            }),
            (JobStatus::Cancelled, _) => Err(AppError::conflict("The refresh was cancelled.")),
            _ => Err(job
                .error
                .map_or_else(AppError::internal, AppError::unavailable)),
        }
    }

    /// Begins to read every live database again.
    pub(crate) async fn refresh_every(&self, ctx: &Ctx) -> Result<RefreshAll, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let by = ctx.user().map(|user| user.id);
        let audit = |databases: &[String]| {
            Entry::new("CREATE", "refresh")
                .with(json!({ "databases": databases }))
                .by(ctx)
        };
        let (started, active) = self
            .store
            .refresh_enqueue_all(self.scope(ctx), by, audit)
            .await
            .or_answer(ctx)?;
        if started > 0 {
            self.board.wake();
        }
        Ok(RefreshAll { started, active })
    }

    /// The newest job of a database, and its schedule.
    pub(crate) async fn refresh_standing(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<RefreshState, AppError> {
        self.readable(ctx, id).await?;
        let newest = JobQuery {
            database: Some(id.clone()),
            after: None,
            limit: 1,
        };
        let jobs = self
            .store
            .job_list(&newest, Scope::All)
            .await
            .or_answer(ctx)?;
        Ok(RefreshState {
            job: jobs.jobs.into_iter().next(),
            schedule: self.schedule_of(ctx, id).await?,
        })
    }

    /// One job.
    pub(crate) async fn job(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let job = self.stored_job(ctx, id).await?;
        self.job_readable(ctx, &job).await?;
        Ok(job)
    }

    /// Jobs, the newest first.
    pub(crate) async fn jobs(&self, ctx: &Ctx, query: JobQuery) -> Result<JobPage, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let query = JobQuery {
            limit: query.limit.clamp(1, LIST_MAX),
            ..query
        };
        match self.store.job_list(&query, self.scope(ctx)).await {
            Err(StoreError::InvalidCursor) => Err(AppError::invalid_field(
                "after",
                "This is not where a page of jobs ended. Begin with the first page.",
            )),
            page => page.or_answer(ctx),
        }
    }

    /// Stops a job.
    pub(crate) async fn job_stop(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let job = self.stored_job(ctx, id).await?;
        self.job_readable(ctx, &job).await?;
        self.editable(ctx, &job.database_id).await?;
        if job.cancel_requested && job.status.is_active() {
            return Ok(job);
        }
        let audit = Entry::new("UPDATE", "refresh")
            .of(&job.database_id, &job.database_name)
            .with(json!({
                "status": { "before": job.status.as_str(), "after": JobStatus::Cancelled.as_str() }
            }))
            .by(ctx);
        if !self.store.job_cancel(id, &audit).await.or_answer(ctx)? {
            return Err(AppError::conflict("It has ended already."));
        }
        self.board.cancel(id);
        tracing::info!(request.id = %ctx.request_id, job.id = %id, "a refresh was cancelled");
        self.stored_job(ctx, id).await
    }

    /// A job of a database that may not be seen does not exist either.
    async fn job_readable(&self, ctx: &Ctx, job: &Job) -> Result<(), AppError> {
        match self.readable(ctx, &job.database_id).await {
            Err(error) if error.kind == ErrorKind::NotFound => Err(job_not_found()),
            other => other.map(|_| ()),
        }
    }

    async fn stored_job(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError> {
        self.store
            .job_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(job_not_found)
    }

    /// Waits until a job has ended. Where nobody works on jobs (on the command line), does it.
    async fn job_wait(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError> {
        let mut ends = self.board.ends();
        loop {
            // An end from here on is not missed.
            ends.mark_unchanged();
            let job = self.stored_job(ctx, id).await?;
            if !job.status.is_active() {
                return Ok(job);
            }
            if job.status == JobStatus::Pending && !self.board.is_working() {
                let turn = self.imports.take().await.or_answer(ctx)?;
                if let Some(claimed) = self
                    .store
                    .job_claim(self.board.word(), Some(id))
                    .await
                    .or_answer(ctx)?
                {
                    // A request that is given up leaves its work running.
                    tokio::spawn(self.clone().job_run(claimed, turn))
                        .await
                        .map_err(Fault::from)
                        .or_answer(ctx)?;
                    continue;
                }
            }
            // Elapsed or told, the job is looked at again.
            let _ = tokio::time::timeout(LOOK_EVERY, ends.changed()).await;
        }
    }

    /// What is stored of a live database.
    pub(crate) async fn live_source(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<StoredSource, AppError> {
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)?;
        if stored.origin != DatabaseOrigin::Connection {
            return Err(AppError::invalid(
                "There is no live database behind this one; import its script again instead.",
            ));
        }
        Ok(stored)
    }
}

fn job_not_found() -> AppError {
    AppError::not_found("This job")
}
