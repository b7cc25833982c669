//! Errors as answers: problem details (RFC 9457) for programs.

use axum::Json;
use axum::response::{IntoResponse, Response};
use contract::error::AppError;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of problem details.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "The name is empty.",
    "field": "name",
}))]
pub(crate) struct ProblemDetails {
    /// Always `about:blank`: the status tells the kind.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened, as a sentence for a person.
    detail: String,
    /// The field that is wrong, where it is one.
    field: Option<String>,
}

/// An [`AppError`] that answers a request.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) AppError);

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status =
            StatusCode::from_u16(error.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        problem(status, error.message, error.field)
    }
}

/// The answer to a method that an address of the interface for programs does not know. The
/// router adds those that it does know (`Allow`).
pub(crate) async fn method_not_allowed() -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    problem(
        status,
        "This address does not answer that method.".to_owned(),
        None,
    )
}

fn problem(status: StatusCode, detail: String, field: Option<String>) -> Response {
    let details = ProblemDetails {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail,
        field,
    };
    let mut response = (status, Json(details)).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    response
}
