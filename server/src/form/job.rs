//! Reading databases again, stopping that, and saying when it happens by itself.

use crate::form::{failed, safe_address, succeeded, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::context::Ctx;
use contract::error::AppError;
use contract::job::ScheduleRequest;
use http::HeaderMap;
use model::account::Permission;
use model::address::{database_address, jobs_address};
use model::id::{DatabaseId, JobId};
use model::job::SCHEDULE_PRESETS;
use serde::Deserialize;

/// `POST /rpc/databases/{id}/refresh`
pub(crate) async fn refresh(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<DatabaseId>() else {
        let error = AppError::not_found("This database");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let back = database_address(&id);
    match state.services.jobs.refresh_start(&ctx, &id).await {
        // The page shows how far it is.
        Ok(_) => succeeded(&headers, &back),
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

/// `POST /rpc/refresh`: all live databases.
pub(crate) async fn refresh_all(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Response {
    let back = jobs_address(None);
    match state.services.jobs.refresh_all(&ctx).await {
        Ok(all) => {
            let message = match (all.started, all.active) {
                (0, 0) => "There is no live database that you may refresh.".to_owned(),
                (0, _) => "All of them are being read already.".to_owned(),
                (1, _) => "One database is being refreshed.".to_owned(),
                (count, _) => format!("{count} databases are being refreshed."),
            };
            with_news(succeeded(&headers, &back), state.cookies, &message)
        }
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

#[derive(Deserialize)]
pub(crate) struct CancelForm {
    /// The page to come back to.
    #[serde(default)]
    back: String,
}

/// `POST /rpc/jobs/{id}/cancel`
pub(crate) async fn cancel(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<CancelForm>, FormRejection>,
) -> Response {
    let back = match form {
        Ok(Form(form)) if !form.back.is_empty() => safe_address(Some(&form.back)),
        _ => jobs_address(None),
    };
    let outcome = match (ctx.authorize(Permission::CatalogWrite), id.parse::<JobId>()) {
        (Err(error), _) => Err(error),
        (Ok(()), Ok(id)) => state.services.jobs.job_cancel(&ctx, &id).await,
        (Ok(()), Err(_)) => Err(AppError::not_found("This job")),
    };
    match outcome {
        Ok(_) => succeeded(&headers, &back),
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

#[derive(Deserialize)]
pub(crate) struct ScheduleForm {
    /// A preset's word, `custom`, or `off`.
    #[serde(default)]
    preset: String,
    /// What `custom` means.
    #[serde(default)]
    cron: String,
}

/// `POST /rpc/databases/{id}/schedule`
pub(crate) async fn schedule(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<ScheduleForm>, FormRejection>,
) -> Response {
    let (Ok(id), Ok(Form(form))) = (id.parse::<DatabaseId>(), form) else {
        let error = AppError::not_found("This database");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let back = database_address(&id);
    let jobs = &state.services.jobs;
    let preset = SCHEDULE_PRESETS
        .into_iter()
        .find(|preset| preset.word == form.preset);
    let done = match (preset, form.preset.as_str()) {
        (None, "off") => jobs
            .schedule_delete(&ctx, &id)
            .await
            .map(|()| "The database is no longer refreshed by itself.".to_owned()),
        (preset, _) => {
            let request = ScheduleRequest {
                cron: preset.map_or_else(|| form.cron.clone(), |preset| preset.cron.to_owned()),
                enabled: true,
            };
            jobs.schedule_set(&ctx, &id, request).await.map(|schedule| {
                match schedule.next_runs.first() {
                    Some(next) => format!("The database is read next at {}.", next.to_minute()),
                    None => "The schedule is kept.".to_owned(),
                }
            })
        }
    };
    match done {
        Ok(message) => with_news(succeeded(&headers, &back), state.cookies, &message),
        Err(error) => {
            let entered = vec![
                ("preset".to_owned(), form.preset),
                ("cron".to_owned(), form.cron),
            ];
            failed(&headers, state.cookies, &back, error, entered)
        }
    }
}
