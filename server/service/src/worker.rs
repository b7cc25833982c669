//! Working on jobs: the loop that takes them on, and what stops one.

mod board;

pub(crate) use board::Board;

use crate::audit::Entry;
use crate::error::with_causes;
use crate::services::Services;
use crate::tally::Reading;
use board::{Following, Stop};
use contract::context::Ctx;
use contract::error::AppError;
use model::job::{JobProgress, JobStatus};
use std::time::Duration;
use store::jobs::ClaimedJob;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior};

/// How often schedules, and jobs of other processes, are looked for.
const ROUND: Duration = Duration::from_secs(5);
/// How often the progress of a job is written, at the most.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);
/// How often a job gives a sign of life, at the least.
const PULSE_EVERY: Duration = Duration::from_secs(2);
/// After so long without one its process counts as dead.
const SILENCE_MAX: Duration = Duration::from_secs(20);
/// How long jobs may take to end when the server stops.
const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// How often old jobs are forgotten.
const EXPIRE_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

const STOPPED: &str = "The server was stopped while it read the database. Read it again.";

/// Works on jobs until it is stopped.
pub struct Worker {
    services: Services,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Begins to work. Jobs that an earlier process left are marked as failed.
    pub fn start(services: Services) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(services.clone().jobs_work(stopped));
        Self {
            services,
            stop,
            task,
        }
    }

    /// Takes on no more jobs, and ends those that run: they are marked as failed, and say why.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.services.board.stop_all();
        if tokio::time::timeout(STOP_PATIENCE, self.task)
            .await
            .is_err()
        {
            tracing::warn!(
                "jobs still ran {} s after the signal to stop",
                STOP_PATIENCE.as_secs()
            );
        }
        let word = self.services.board.word();
        if let Err(error) = self.services.store.jobs_give_up(word, STOPPED).await {
            tracing::error!("jobs could not be marked as stopped: {error}");
        }
    }
}

impl Services {
    async fn jobs_work(self, mut stop: watch::Receiver<bool>) {
        let _working = self.board.begin_work();
        let mut running = JoinSet::new();
        let mut next_round = Instant::now();
        let mut next_expiry = Instant::now();
        while !*stop.borrow() {
            if Instant::now() >= next_round {
                self.jobs_abandoned().await;
                self.schedules_look().await;
                next_round = Instant::now() + ROUND;
            }
            if Instant::now() >= next_expiry {
                if let Err(error) = self.store.jobs_expire().await {
                    tracing::error!("old jobs could not be removed: {error}");
                }
                next_expiry = Instant::now() + EXPIRE_EVERY;
            }
            // Those that have ended are only forgotten; they told what there was to tell.
            while running.try_join_next().is_some() {}
            let turn = tokio::select! {
                turn = self.imports.wait() => turn,
                () = tokio::time::sleep_until(next_round) => None,
                _ = stop.changed() => None,
            };
            let Some(turn) = turn else { continue };
            match self.store.job_claim(self.board.word(), None).await {
                Ok(Some(job)) => {
                    running.spawn(self.clone().job_run(job, turn));
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    let cause = with_causes(&error);
                    tracing::error!(%cause, "jobs cannot be read");
                }
            }
            drop(turn);
            tokio::select! {
                () = self.board.woken() => {}
                () = tokio::time::sleep_until(next_round) => {}
                _ = stop.changed() => {}
            }
        }
        self.board.stop_all();
        while running.join_next().await.is_some() {}
    }

    /// Marks what processes left that are no more.
    pub(crate) async fn jobs_abandoned(&self) {
        match self.store.jobs_abandoned_fail(SILENCE_MAX, STOPPED).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "jobs of a process that is no more were given up"),
            Err(error) => tracing::error!("abandoned jobs cannot be looked for: {error}"),
        }
    }

    /// Does a job, whatever comes of it. The turn lasts as long as the work.
    pub(crate) async fn job_run(self, job: ClaimedJob, turn: OwnedSemaphorePermit) {
        let following = self.board.follow(&job.id);
        let work = tokio::spawn(self.clone().job_do(job.clone(), following));
        if let Err(error) = work.await {
            tracing::error!(job.id = %job.id, "a job broke off: {error}");
            let reason = AppError::internal().message;
            self.job_ends(&job, JobStatus::Failed, Some(&reason)).await;
        }
        drop(turn);
        self.board.tell_end(&job.id);
    }

    async fn job_do(self, job: ClaimedJob, mut following: Following) {
        let ctx = Ctx::system(format!("job-{}", job.id));
        let (tell, told) = watch::channel(JobProgress::default());
        // All at once, and none waits for another: what stops the reading drops it, which closes
        // its connection and takes back what it has begun to write.
        let end = tokio::select! {
            biased;
            read = self.refresh_do(&ctx, &job, &tell) => {
                Ok(self.tally.told(Reading::Refresh, read))
            }
            stop = following.stop() => Err(stop),
            stop = self.job_pulse(&job, told) => Err(stop),
        };
        match end {
            Ok(Ok(result)) => tracing::info!(
                job.id = %job.id, database.id = %job.database_id, version = result.version,
                has_changed = result.has_changed, "database refreshed"
            ),
            Ok(Err(error)) => self.job_failed(&ctx, &job, &error).await,
            Err(Stop::Cancelled) => self.job_ends(&job, JobStatus::Cancelled, None).await,
            Err(Stop::ServerStops) => {
                self.job_ends(&job, JobStatus::Failed, Some(STOPPED)).await;
            }
            // The database was taken out of the catalog, or somebody else ended the job.
            Err(Stop::Lost) => tracing::info!(job.id = %job.id, "a job was taken away"),
        }
    }

    /// Writes how far a job is, and gives signs of life. Returns when the job is to stop.
    async fn job_pulse(&self, job: &ClaimedJob, mut told: watch::Receiver<JobProgress>) -> Stop {
        let mut ticks = tokio::time::interval(PROGRESS_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut written = None::<Instant>;
        loop {
            ticks.tick().await;
            let is_due = written.is_none_or(|written| written.elapsed() >= PULSE_EVERY);
            if !is_due && !told.has_changed().unwrap_or(false) {
                continue;
            }
            let progress = told.borrow_and_update().clone();
            match self.store.job_pulse(job, &progress).await {
                Ok(Some(false)) => written = Some(Instant::now()),
                Ok(Some(true)) => return Stop::Cancelled,
                Ok(None) => return Stop::Lost,
                // The next one may get through; the work goes on.
                Err(error) => tracing::warn!(job.id = %job.id, "no sign of life: {error}"),
            }
        }
    }

    /// A reading that came to nothing: the person finds the reason on the job and the database.
    async fn job_failed(&self, ctx: &Ctx, job: &ClaimedJob, error: &AppError) {
        let name = match self.store.source_fetch(&job.database_id).await {
            Ok(Some(stored)) => stored.name,
            Ok(None) | Err(_) => String::new(),
        };
        let mut audit = Entry::new("UPDATE", "database")
            .of(&job.database_id, &name)
            .failed()
            .by(ctx);
        audit.user_id = job.user_id;
        audit.error_message = Some(error.message.clone());
        let ended = self
            .store
            .source_refresh_failed(job, &error.message, &audit)
            .await;
        if let Err(error) = ended {
            let cause = with_causes(&error);
            tracing::error!(job.id = %job.id, %cause, "the end of a job could not be written");
        }
    }

    async fn job_ends(&self, job: &ClaimedJob, status: JobStatus, reason: Option<&str>) {
        if let Err(error) = self.store.job_end(job, status, reason).await {
            let cause = with_causes(&error);
            tracing::error!(job.id = %job.id, %cause, "the end of a job could not be written");
        }
    }
}
