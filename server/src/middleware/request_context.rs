//! Finds out who asks and puts it into the request.

use crate::cookie::CookieJar;
use crate::middleware::framing::is_for_everybody;
use crate::state::AppState;
use app::bootstrap::Bootstrap;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contract::context::{Actor, Ctx};
use http::header::{HeaderName, SET_COOKIE, USER_AGENT};
use http::{HeaderValue, Method};
use model::embed::without_secret;
use model::time::Timestamp;
use rand::Rng;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::Instrument;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, its [`Ctx`] and its [`Bootstrap`], and logs how it ended.
pub(crate) async fn request_context(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = std::time::Instant::now();
    let request_id = format!("{:016x}", rand::rng().random::<u64>());
    // What is for everybody is the same for everybody: it knows neither sessions nor cookies.
    let for_everybody = is_for_everybody(request.uri().path());
    let session = state.cookies.session(request.headers());
    let actor = match session.filter(|_| !for_everybody) {
        None => Actor::Anonymous,
        Some(token) => match state.services.accounts.session_user(token).await {
            Ok(Some(user)) => Actor::User(user),
            Ok(None) => Actor::Anonymous,
            Err(error) => {
                tracing::warn!(
                    request.id = request_id,
                    "the session could not be read: {error}"
                );
                return unavailable(&request);
            }
        },
    };
    let ctx = Ctx {
        actor,
        request_id: request_id.clone(),
        ip_address: request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip()),
        user_agent: request
            .headers()
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(500).collect()),
    };
    let is_page = is_page(&request);
    let flash = if is_page && !for_everybody {
        state.cookies.flash(request.headers())
    } else {
        None
    };
    let shows_flash = flash.is_some();
    let bootstrap = Bootstrap {
        user: ctx.user().cloned(),
        theme: match for_everybody {
            true => theme_asked(&request),
            false => state.cookies.theme(request.headers()),
        },
        now: Some(now()),
        flash,
        new_embed: None,
    };
    request.extensions_mut().insert(bootstrap);
    request.extensions_mut().insert(ctx);

    let method = request.method().clone();
    let path = without_secret(request.uri().path()).to_owned();
    let span = tracing::info_span!("request", id = request_id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID.clone(), id);
    }
    if shows_flash && let Some(cleared) = state.cookies.flash_clear() {
        response.headers_mut().append(SET_COOKIE, cleared);
    }
    let status = response.status().as_u16();
    let duration_ms = started.elapsed().as_millis() as u64;
    span.in_scope(|| {
        if status >= 500 {
            tracing::error!(status, duration_ms, "request failed");
        } else if path.starts_with("/pkg/") || matches!(path.as_str(), "/healthz" | "/metrics") {
            tracing::debug!(status, duration_ms, "request answered");
        } else {
            tracing::info!(status, duration_ms, "request answered");
        }
    });
    response
}

/// The theme that the address asks for: `light` or `dark`.
fn theme_asked(request: &Request) -> Option<String> {
    let mut parameters = request.uri().query().unwrap_or_default().split('&');
    let theme = parameters.find_map(|parameter| parameter.strip_prefix("theme="))?;
    matches!(theme, "light" | "dark").then(|| theme.to_owned())
}

/// Whether the answer is a document that a person reads.
pub(crate) fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && !["/rpc/", "/api/", "/pkg/", "/fonts/"]
            .iter()
            .any(|prefix| path.starts_with(prefix))
        && !matches!(
            path,
            "/healthz" | "/readyz" | "/metrics" | "/robots.txt" | "/favicon.svg" | "/favicon.ico"
        )
}

/// The server's clock.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn unavailable(request: &Request) -> Response {
    let error = contract::error::AppError::unavailable(
        "The catalog's database does not answer. Please try again in a moment.",
    );
    if is_page(request) {
        crate::plain_page::unavailable(&error.message).into_response()
    } else {
        crate::problem::Problem(error).into_response()
    }
}

impl CookieJar {
    /// Marks cookies for https when people reach the server so.
    pub(crate) fn for_public_url(public_url: Option<&str>) -> Self {
        Self {
            secure: public_url.is_some_and(|url| url.starts_with("https://")),
        }
    }
}
