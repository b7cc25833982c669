//! Every address that the server answers, by who calls it.

use crate::middleware::framing::{Framing, framing};
use crate::middleware::gate::gate;
use crate::middleware::headers::{embed_policy, page_policy, security_headers};
use crate::middleware::measure::measure;
use crate::middleware::request_context::request_context;
use crate::problem::Problem;
use crate::state::AppState;
use crate::{embed, form, health, metrics, site};
use app::app::App;
use app::document::document;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use contract::error::AppError;
use http::header::CONTENT_SECURITY_POLICY;
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list,
    render_app_async_with_context,
};
use std::sync::LazyLock;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

#[cfg(test)]
mod tests;

/// The largest body of a server function or a form, uploads apart.
const BODY_MAX_BYTES: usize = 256 * 1024;

/// The pages. They are found by rendering the application once, and meanwhile leptos keeps every
/// resource of the whole process from loading: a page that is rendered at that moment would wait for
/// its data for ever. So they are found once and never while pages are answered.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Assembles the router.
pub(crate) fn router(state: AppState) -> Router {
    let pages = PAGES.clone();
    let assets = state.assets.clone();
    form::table()
        .into_iter()
        .fold(Router::new(), |router, (path, form)| {
            router.route(path, form)
        })
        // Programs.
        .route("/metrics", get(metrics::fetch))
        .merge(crate::rest::router())
        // Other sites.
        .route("/embed/v/{token}/diagram.svg", get(embed::picture))
        // Pages and their server functions.
        .leptos_routes_with_context(&state, pages, view_context(state.clone()), move || {
            document(&assets)
        })
        .fallback(fallback)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(state.clone(), gate))
        .layer(from_fn_with_state(state.clone(), framing))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), request_context))
        .layer(CompressionLayer::new())
        // The built site: packed ahead, needs no session.
        .route("/pkg/{*name}", get(site::hashed_file))
        // Whoever watches the process.
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .layer(from_fn(security_headers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.metrics.clone(), measure))
        .with_state(state)
}

/// What pages and server functions find in context.
pub(crate) fn view_context(state: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(state.services.clone());
        let framing = use_context::<Parts>().and_then(|it| it.extensions.get::<Framing>().cloned());
        let policy = |nonce: &str| match framing {
            None | Some(Framing::Refused) => page_policy(nonce),
            Some(framing) => embed_policy(nonce, &framing),
        };
        if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce())
            && let Some(policy) = policy(&nonce)
        {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Icons, fonts and robots.txt; for all else the page that says so.
async fn fallback(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        if site::holds(path) {
            return site::plain_file(path, request.headers());
        }
        if !["/rpc/", "/api/", "/pkg/", "/fonts/"]
            .iter()
            .any(|prefix| path.starts_with(prefix))
        {
            let assets = state.assets.clone();
            let render =
                render_app_async_with_context(view_context(state), move || document(&assets));
            return render(request).await.into_response();
        }
    }
    if path.starts_with("/api/") {
        return Problem(AppError::not_found("This address")).into_response();
    }
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}

fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let text = cause
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned());
    tracing::error!("a handler panicked: {text}");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on our side. It has been logged.\n",
    )
        .into_response()
}
