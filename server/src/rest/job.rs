//! `/api/jobs`, and what begins them

use crate::problem::Problem;
use crate::rest::database::read_id;
use crate::rest::malformed;
use crate::state::AppState;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use contract::job::ScheduleRequest;
use contract::source::RefreshOutcome;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use model::account::Permission;
use model::id::{DatabaseId, JobId};
use model::job::{JobQuery, JobStatus, JobTrigger};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Jobs answered when nobody says how many.
const LIMIT: u32 = 50;

/// A job as programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Job {
    id: JobId,
    /// `refresh`: a reading of a live database.
    #[serde(rename = "type")]
    #[schema(example = "refresh")]
    kind: &'static str,
    database_id: DatabaseId,
    database_name: String,
    status: JobStatus,
    trigger: JobTrigger,
    /// The person who asked for it; absent for schedules and the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    started_by: Option<String>,
    cancel_requested: bool,
    progress: Progress,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<RefreshResult>,
    /// Why it failed, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// When it was asked for, in UTC.
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    created_at: String,
    /// When the work on it began, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    started_at: Option<String>,
    /// When it ended, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    finished_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
}

/// How far a job is.
#[derive(Serialize, ToSchema)]
struct Progress {
    current: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// What a reading brought.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RefreshResult {
    version: u32,
    has_changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    unreadable: Vec<Unreadable>,
}

#[derive(Serialize, ToSchema)]
struct Unreadable {
    what: String,
    reason: String,
}

impl From<model::job::Job> for Job {
    fn from(job: model::job::Job) -> Self {
        let duration_ms = job.duration_ms();
        Self {
            id: job.id,
            kind: "refresh",
            database_id: job.database_id,
            database_name: job.database_name,
            status: job.status,
            trigger: job.trigger,
            started_by: job.started_by,
            cancel_requested: job.cancel_requested,
            progress: Progress {
                current: job.progress.current,
                total: job.progress.total,
                message: job.progress.message,
            },
            result: job.result.map(|result| RefreshResult {
                version: result.version,
                has_changed: result.has_changed,
                summary: result.summary,
                unreadable: result
                    .unreadable
                    .into_iter()
                    .map(|(what, reason)| Unreadable { what, reason })
                    .collect(),
            }),
            error: job.error,
            created_at: job.created_at.to_iso(),
            started_at: job.started_at.map(|at| at.to_iso()),
            finished_at: job.finished_at.map(|at| at.to_iso()),
            duration_ms,
        }
    }
}

/// Whether to wait.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RefreshParameters {
    /// Answer only once it has been read.
    #[serde(default)]
    wait: bool,
}

/// Begins to read a live database again.
///
/// Joins the job that does so already, where there is one.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/refresh",
    tag = "jobs",
    params(("id" = DatabaseId, Path, description = "The database"), RefreshParameters),
    responses(
        (status = 202, description = "The job that reads it; `Location` is its address", body = Job),
        (status = 200, description = "What it brought, for those who wait", body = RefreshOutcome),
    ),
)]
pub(crate) async fn refresh(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    query: Result<Query<RefreshParameters>, QueryRejection>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let Ok(Query(RefreshParameters { wait })) = query else {
        return Err(Problem(AppError::invalid_field(
            "wait",
            "`wait` is true or false.",
        )));
    };
    if wait {
        let outcome = state.services.sources.database_refresh(&ctx, &id).await?;
        return Ok(Json(outcome).into_response());
    }
    let job = state.services.jobs.refresh_start(&ctx, &id).await?;
    let location = HeaderValue::from_str(&format!("/api/jobs/{}", job.id));
    let mut response = (StatusCode::ACCEPTED, Json(Job::from(job))).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// What asking for all of them brought.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefreshAll {
    /// Jobs that were made.
    started: u32,
    /// Databases that were read, or waited for it, already.
    active: u32,
}

/// Begins to read every live database again that one may edit.
#[utoipa::path(
    post,
    path = "/api/databases/refresh",
    tag = "jobs",
    responses((status = 202, description = "How many jobs there are", body = RefreshAll)),
)]
pub(crate) async fn refresh_all(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Response, Problem> {
    let all = state.services.jobs.refresh_all(&ctx).await?;
    let answer = RefreshAll {
        started: all.started,
        active: all.active,
    };
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}

/// Which jobs to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// Those of one database only.
    #[serde(default)]
    #[param(example = "db_a1b2c3d4e5")]
    database: String,
    /// The `next` of the page before.
    after: Option<String>,
    /// The most to answer; 50 without it.
    limit: Option<u32>,
}

/// A page of jobs.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobList {
    jobs: Vec<Job>,
    /// What to give as `after` for those before; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Jobs of the databases that one may see.
#[utoipa::path(
    get,
    path = "/api/jobs",
    tag = "jobs",
    params(ListParameters),
    responses((status = 200, description = "A page of jobs, the newest first", body = JobList)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    query: Result<Query<ListParameters>, QueryRejection>,
) -> Result<Json<JobList>, Problem> {
    ctx.authorize(Permission::CatalogRead)?;
    let Ok(Query(parameters)) = query else {
        return Err(Problem(AppError::invalid_field(
            "limit",
            "`limit` is a whole number.",
        )));
    };
    let database = match parameters.database.trim() {
        "" => None,
        text => Some(read_id(text)?),
    };
    let query = JobQuery {
        database,
        after: parameters.after.filter(|after| !after.is_empty()),
        limit: parameters.limit.unwrap_or(LIMIT),
    };
    let page = state.services.jobs.job_list(&ctx, query).await?;
    Ok(Json(JobList {
        jobs: page.jobs.into_iter().map(Job::from).collect(),
        next: page.next,
    }))
}

/// One job.
#[utoipa::path(
    get,
    path = "/api/jobs/{id}",
    tag = "jobs",
    params(("id" = JobId, Path, description = "The job")),
    responses((status = 200, description = "The job", body = Job)),
)]
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let id = read_job_id(&ctx, &id)?;
    Ok(Json(state.services.jobs.job_fetch(&ctx, &id).await?.into()))
}

/// Stops a job.
///
/// It may take a moment; the job itself stays, and what the catalog has is as it was.
#[utoipa::path(
    delete,
    path = "/api/jobs/{id}",
    tag = "jobs",
    params(("id" = JobId, Path, description = "The job")),
    responses((status = 202, description = "The job, which has ended or is about to", body = Job)),
)]
pub(crate) async fn cancel(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_job_id(&ctx, &id)?;
    let job = state.services.jobs.job_cancel(&ctx, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(Job::from(job))).into_response())
}

fn read_job_id(ctx: &Ctx, text: &str) -> Result<JobId, Problem> {
    ctx.authorize(Permission::CatalogRead)?;
    text.parse()
        .map_err(|_| Problem(AppError::not_found("This job")))
}

/// When a database is read by itself, as programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Schedule {
    /// Minute, hour, day of the month, month, day of the week.
    #[schema(example = "0 3 * * *")]
    cron: String,
    /// Always `UTC`.
    #[schema(example = "UTC")]
    time_zone: &'static str,
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    set_by: Option<String>,
    /// When it was set, in UTC.
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    set_at: String,
    /// The next three runs, in UTC; none while it is off.
    next_runs: Vec<String>,
}

impl From<model::job::Schedule> for Schedule {
    fn from(schedule: model::job::Schedule) -> Self {
        Self {
            cron: schedule.cron,
            time_zone: "UTC",
            enabled: schedule.enabled,
            set_by: schedule.set_by,
            set_at: schedule.set_at.to_iso(),
            next_runs: schedule
                .next_runs
                .into_iter()
                .map(|run| run.to_iso())
                .collect(),
        }
    }
}

/// When a database is read by itself.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/schedule",
    tag = "jobs",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 200, description = "The schedule; null where there is none", body = Option<Schedule>)),
)]
pub(crate) async fn schedule_fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Option<Schedule>>, Problem> {
    let id = read_id(&id)?;
    let schedule = state.services.jobs.schedule_fetch(&ctx, &id).await?;
    Ok(Json(schedule.map(Schedule::from)))
}

/// When a database shall be read by itself.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({ "cron": "0 3 * * *" }))]
pub(crate) struct NewSchedule {
    /// Five fields, in UTC: minute, hour, day of the month, month, day of the week.
    cron: String,
    /// True without it.
    enabled: Option<bool>,
}

/// Says when a database is read by itself.
#[utoipa::path(
    put,
    path = "/api/databases/{id}/schedule",
    tag = "jobs",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body = NewSchedule,
    responses((status = 200, description = "The schedule", body = Schedule)),
)]
pub(crate) async fn schedule_set(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<NewSchedule>, JsonRejection>,
) -> Result<Json<Schedule>, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let Json(new) = body.map_err(|rejection| malformed(&rejection))?;
    let request = ScheduleRequest {
        cron: new.cron,
        enabled: new.enabled.unwrap_or(true),
    };
    let schedule = state.services.jobs.schedule_set(&ctx, &id, request).await?;
    Ok(Json(schedule.into()))
}

/// Reads a database no longer by itself.
#[utoipa::path(
    delete,
    path = "/api/databases/{id}/schedule",
    tag = "jobs",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 204, description = "There is no schedule (any more)")),
)]
pub(crate) async fn schedule_delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = read_id(&id)?;
    state.services.jobs.schedule_delete(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
