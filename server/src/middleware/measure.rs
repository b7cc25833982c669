//! Counts requests and how long they take.

use crate::metrics::Metrics;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Instant;

/// The route of an address that no route matches.
const NO_ROUTE: &str = "(none)";

/// Counts the request under its route's template.
pub(crate) async fn measure(
    State(metrics): State<Arc<Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let under_way = metrics.under_way();
    let response = next.run(request).await;
    drop(under_way);
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    metrics.answered(&method, route, response.status(), started.elapsed());
    response
}
