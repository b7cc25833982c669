//! A page that needs nothing: for when the catalog itself cannot be reached.

use axum::response::{Html, IntoResponse};
use http::StatusCode;

/// Says that something we depend on does not answer. `message` is a text of our own.
pub(crate) fn unavailable(message: &str) -> impl IntoResponse + use<> {
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Not available · Crowfoot</title></head><body><main><h1>Not available</h1>\
         <p>{message}</p><p><a href=\"\">Try again</a></p></main></body></html>"
    );
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [("retry-after", "5")],
        Html(page),
    )
}
