//! When databases are read by themselves.

use crate::audit::Entry;
use crate::clock::now;
use crate::cron::CronText;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::services::Services;
use async_trait::async_trait;
use contract::context::Ctx;
use contract::error::AppError;
use contract::job::{Jobs, RefreshAll, ScheduleRequest};
use model::id::{DatabaseId, JobId};
use model::job::{Job, JobPage, JobQuery, RefreshState, Schedule};
use serde_json::{Value, json};
use store::StoreError;
use store::schedules::ScheduleState;

/// So many of the next runs are told.
const RUNS_TOLD: usize = 3;

impl Services {
    /// Says when a database is read by itself.
    pub(crate) async fn schedule_write(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        request: ScheduleRequest,
    ) -> Result<Schedule, AppError> {
        self.editable(ctx, id).await?;
        let stored = self.live_source(ctx, id).await?;
        let cron = CronText::read(&request.cron)
            .map_err(|message| AppError::invalid_field("cron", message))?;
        let next = cron.next(now()).ok_or_else(|| {
            AppError::invalid_field("cron", "This never happens: there is no such day.")
        })?;
        let after = (cron.as_str().to_owned(), request.enabled);
        let new = Some((
            cron.as_str(),
            request.enabled,
            Some(next).filter(|_| request.enabled),
        ));
        let by = ctx.user().map(|user| user.id);
        let audit = |before: &ScheduleState| {
            let action = if before.is_some() { "UPDATE" } else { "CREATE" };
            Entry::new(action, "schedule")
                .of(id, &stored.name)
                .with(change(before, &Some(after)))
                .by(ctx)
        };
        match self.store.schedule_set(id, new, by, audit).await {
            Err(StoreError::NotFound { .. }) => return Err(database_not_found()),
            written => written.or_answer(ctx)?,
        }
        self.schedule_of(ctx, id)
            .await?
            .ok_or_else(database_not_found)
    }

    /// Forgets when a database is read by itself.
    pub(crate) async fn schedule_forget(&self, ctx: &Ctx, id: &DatabaseId) -> Result<(), AppError> {
        self.editable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)?;
        let by = ctx.user().map(|user| user.id);
        let audit = |before: &ScheduleState| {
            Entry::new("DELETE", "schedule")
                .of(id, &stored.name)
                .with(change(before, &None))
                .by(ctx)
        };
        match self.store.schedule_set(id, None, by, audit).await {
            Err(StoreError::NotFound { .. }) => Err(database_not_found()),
            written => written.or_answer(ctx),
        }
    }

    /// The schedule of a database that the person may see.
    pub(crate) async fn schedule_of(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<Option<Schedule>, AppError> {
        let stored = self.store.schedule_fetch(id).await.or_answer(ctx)?;
        Ok(stored.map(|stored| {
            // The first is what is stored: it may be overdue.
            let first = stored.next_run_at;
            let later = first.zip(CronText::read(&stored.cron).ok());
            let later = later.map(|(first, cron)| cron.next_runs(first.max(now()), RUNS_TOLD - 1));
            Schedule {
                cron: stored.cron,
                enabled: stored.enabled,
                set_by: stored.set_by,
                set_at: stored.set_at,
                next_runs: first
                    .into_iter()
                    .chain(later.into_iter().flatten())
                    .collect(),
            }
        }))
    }

    /// Asks for the readings whose time has come. One that cannot be asked for does not keep the
    /// others from it. Answers whether there are new jobs.
    pub(crate) async fn schedules_look(&self) -> bool {
        let due = match self.store.schedules_due().await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!("schedules cannot be read: {error}");
                return false;
            }
        };
        let mut has_new = false;
        for due in due {
            // One that cannot be read any more has no next run, and is shown as such.
            let next = CronText::read(&due.cron)
                .ok()
                .and_then(|cron| cron.next(now()));
            match self.store.schedule_run(&due, next).await {
                Ok(is_new) => has_new |= is_new,
                Err(error) => {
                    tracing::error!(database.id = %due.database_id, "a schedule failed: {error}");
                }
            }
        }
        has_new
    }
}

fn change(before: &ScheduleState, after: &ScheduleState) -> Value {
    let state = |state: &ScheduleState| match state {
        None => Value::Null,
        Some((cron, enabled)) => json!({ "cron": cron, "enabled": enabled }),
    };
    json!({ "schedule": { "before": state(before), "after": state(after) } })
}

/// The contract of jobs and schedules. Each method begins with its authorization; here they are
/// only joined.
#[async_trait]
impl Jobs for Services {
    async fn refresh_start(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Job, AppError> {
        self.refresh_begin(ctx, id).await
    }

    async fn refresh_all(&self, ctx: &Ctx) -> Result<RefreshAll, AppError> {
        self.refresh_every(ctx).await
    }

    async fn refresh_state(&self, ctx: &Ctx, id: &DatabaseId) -> Result<RefreshState, AppError> {
        self.refresh_standing(ctx, id).await
    }

    async fn job_fetch(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError> {
        self.job(ctx, id).await
    }

    async fn job_list(&self, ctx: &Ctx, query: JobQuery) -> Result<JobPage, AppError> {
        self.jobs(ctx, query).await
    }

    async fn job_cancel(&self, ctx: &Ctx, id: &JobId) -> Result<Job, AppError> {
        self.job_stop(ctx, id).await
    }

    async fn schedule_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<Option<Schedule>, AppError> {
        self.readable(ctx, id).await?;
        self.schedule_of(ctx, id).await
    }

    async fn schedule_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        request: ScheduleRequest,
    ) -> Result<Schedule, AppError> {
        self.schedule_write(ctx, id, request).await
    }

    async fn schedule_delete(&self, ctx: &Ctx, id: &DatabaseId) -> Result<(), AppError> {
        self.schedule_forget(ctx, id).await
    }
}
