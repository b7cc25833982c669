//! `/metrics`: what the process does, in the text format of OpenMetrics, which Prometheus reads.
//!
//! No label holds what somebody typed: routes appear as their templates, so that the number of
//! series is bounded and no name of a database leaves by this door.

mod observed;
mod process;
mod reader;
#[cfg(test)]
mod tests;

pub(crate) use reader::MetricsAccess;

use crate::metrics::observed::Observed;
use crate::problem::Problem;
use crate::state::AppState;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::context::Ctx;
use contract::error::AppError;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use service::tally::Tally;
use std::sync::Arc;
use std::time::Duration;
use store::Store;

/// Where the answers' durations are divided, in seconds.
const SECONDS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// What is counted while the process runs.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    access: MetricsAccess,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

impl Metrics {
    /// Nothing has been counted yet.
    pub(crate) fn new(store: Store, tally: Arc<Tally>, access: MetricsAccess) -> Self {
        let mut registry = Registry::default();
        let answered = Family::default();
        let durations =
            Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        let in_flight = Gauge::default();
        registry.register(
            "crowfoot_http_requests",
            "Requests answered, by route and class of status",
            answered.clone(),
        );
        registry.register(
            "crowfoot_http_request_duration_seconds",
            "Time until the head of the answer was ready",
            durations.clone(),
        );
        registry.register(
            "crowfoot_http_requests_in_flight",
            "Requests under way",
            in_flight.clone(),
        );
        registry.register(
            "crowfoot_build",
            "What runs",
            Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]),
        );
        registry.register_collector(Box::new(Observed { store, tally }));
        Self {
            registry,
            answered,
            durations,
            in_flight,
            access,
        }
    }

    /// Counts a request as under way for as long as the answer lives.
    pub(crate) fn under_way(&self) -> UnderWay<'_> {
        self.in_flight.inc();
        UnderWay(&self.in_flight)
    }

    /// Counts an answer. `route` is a template, never an address.
    pub(crate) fn answered(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        duration: Duration,
    ) {
        let method = method_label(method);
        self.durations
            .get_or_create(&Asked {
                method,
                route: route.to_owned(),
            })
            .observe(duration.as_secs_f64());
        self.answered
            .get_or_create(&Answered {
                method,
                route: route.to_owned(),
                status: status_label(status),
            })
            .inc();
    }

    /// The text of all that was counted.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A request under way.
pub(crate) struct UnderWay<'a>(&'a Gauge);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// `GET /metrics`
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    state.metrics.access.authorize(&ctx, &headers)?;
    let text = state.metrics.text().map_err(|error| {
        tracing::error!(request.id = %ctx.request_id, "metrics could not be written: {error}");
        AppError::internal()
    })?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], text).into_response())
}

/// Anybody may invent methods; series are not made of them.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn status_label(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
