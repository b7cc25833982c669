//! Errors as answers: problem details (RFC 9457) for programs.

use axum::response::{IntoResponse, Response};
use contract::error::AppError;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

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
        let body = serde_json::json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": error.message,
            "field": error.field,
        });
        let mut response = (status, body.to_string()).into_response();
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
