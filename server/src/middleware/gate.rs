//! Leads people who are not signed in to the page where they can, and back afterwards.

use crate::middleware::framing::is_for_everybody;
use crate::middleware::request_context::is_page;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use contract::context::Ctx;

/// Lets pages through to people who are signed in; the others go to `/login`, or to `/setup`
/// while there is no user yet. Everything that is not a page decides for itself, and so do pages
/// whose address is the right to see them.
pub(crate) async fn gate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(ctx) = request.extensions().get::<Ctx>().cloned() else {
        return next.run(request).await;
    };
    if !is_page(&request) || is_for_everybody(request.uri().path()) {
        return next.run(request).await;
    }
    let path = request.uri().path();
    let signed_in = ctx.user().is_some();
    if signed_in {
        return match path {
            "/login" | "/setup" => Redirect::to("/").into_response(),
            _ => next.run(request).await,
        };
    }
    let setup_needed = match state.services.accounts.setup_needed(&ctx).await {
        Ok(needed) => needed,
        Err(error) => return crate::plain_page::unavailable(&error.message).into_response(),
    };
    match (path, setup_needed) {
        ("/setup", true) | ("/login", false) => next.run(request).await,
        (_, true) => Redirect::to("/setup").into_response(),
        ("/" | "/setup", false) => Redirect::to("/login").into_response(),
        (_, false) => {
            let wanted = request
                .uri()
                .path_and_query()
                .map_or("/", |wanted| wanted.as_str())
                .to_owned();
            Redirect::to(&format!("/login?next={}", model::address::encode(&wanted)))
                .into_response()
        }
    }
}
