//! The interface for programs: the same use cases as the pages, over JSON.

pub(crate) mod database;
pub(crate) mod search;

use crate::problem::Problem;
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::JsonRejection;
use axum::routing::{get, post};
use contract::error::AppError;
use model::catalog::SCRIPT_MAX_BYTES;

/// Room for the names and braces around a script.
const MARGIN_BYTES: usize = 1024 * 1024;

/// Everything below `/api`.
pub(crate) fn router() -> Router<AppState> {
    let scripts = DefaultBodyLimit::max(SCRIPT_MAX_BYTES + MARGIN_BYTES);
    Router::new()
        .route(
            "/api/databases",
            get(database::list).post(database::create).layer(scripts),
        )
        .route(
            "/api/databases/upload",
            post(database::upload).layer(scripts),
        )
        .route(
            "/api/databases/from-text",
            post(database::from_text).layer(scripts),
        )
        .route(
            "/api/databases/test-connection",
            post(database::test_connection),
        )
        .route(
            "/api/databases/{id}",
            get(database::fetch).delete(database::delete),
        )
        .route("/api/databases/{id}/schema", get(database::schema))
        .route("/api/databases/{id}/refresh", post(database::refresh))
        .route("/api/databases/{id}/changes", get(database::changes))
        .route("/api/databases/{id}/export", get(database::export))
        .route("/api/search", get(search::search))
}

/// What a body that is no JSON of the right shape is answered with.
fn malformed(rejection: &JsonRejection) -> Problem {
    if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem(AppError::too_large("This is more than the server accepts."));
    }
    Problem(AppError::invalid(format!(
        "The body is not what is expected here: {}",
        rejection.body_text()
    )))
}
