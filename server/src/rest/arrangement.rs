//! What is arranged in a view: changes, news of them, and what was before.

use crate::cookie::CookieJar;
use crate::problem::Problem;
use crate::rest::malformed;
use crate::rest::view::read_ids;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use contract::account::{Accounts, Secret};
use contract::context::Ctx;
use contract::error::AppError;
use contract::view::{ViewSignal, ViewSignals};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::account::CurrentUser;
use model::id::{DatabaseId, ViewId};
use model::saved_view::ViewSnapshot;
use model::view::ViewChange;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// After a broken connection a browser comes back so much later, in milliseconds.
const RETRY: &str = "retry: 1000\n\n";

/// The revision that changes led to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Revision {
    revision: u64,
}

/// What happened to a view.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct News {
    /// The present revision: what to give as `since` the next time.
    revision: u64,
    /// What is so now of each thing that changed, in the order of the changes.
    changes: Vec<ViewChange>,
    /// Whether the view shows something else since then.
    has_other_query: bool,
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewsParameters {
    /// The revision that one knows; 0 for everything.
    #[serde(default)]
    since: u64,
}

/// A state of a view to go back to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    number: u32,
    /// When the view came to be like this, in UTC.
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    changed_at: String,
    /// Who made it so.
    changed_by: Option<String>,
    /// When somebody began to change it, in UTC.
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    left_at: String,
    /// How many things are different now.
    differences: u32,
}

impl From<ViewSnapshot> for Snapshot {
    fn from(snapshot: ViewSnapshot) -> Self {
        Self {
            number: snapshot.number,
            changed_at: snapshot.changed_at.to_iso(),
            changed_by: snapshot.changed_by,
            left_at: snapshot.left_at.to_iso(),
            differences: snapshot.differences,
        }
    }
}

/// Arranges: places, pins, hidden tables, colours, areas, memos.
///
/// Of several changes to one thing the last counts. All are made together or none.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/views/{view}/changes",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    request_body(content = Vec<ViewChange>, description = "At most 5,000 changes"),
    responses((status = 200, description = "The new revision", body = Revision)),
)]
pub(crate) async fn make(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    body: Result<Json<Vec<ViewChange>>, JsonRejection>,
) -> Result<Json<Revision>, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let Json(changes) = body.map_err(|rejection| malformed(&rejection))?;
    let views = &state.services.views;
    let revision = views.view_arrange(&ctx, &id, &view, changes).await?;
    Ok(Json(Revision { revision }))
}

/// What happened to a view after a revision.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/views/{view}/changes",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
        NewsParameters,
    ),
    responses((status = 200, description = "What is so now of what changed", body = News)),
)]
pub(crate) async fn news(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    query: Result<Query<NewsParameters>, QueryRejection>,
) -> Result<Json<News>, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let Ok(Query(NewsParameters { since })) = query else {
        return Err(Problem(AppError::invalid_field(
            "since",
            "`since` is a whole number.",
        )));
    };
    let views = &state.services.views;
    let news = views.view_news(&ctx, &id, &view, since).await?;
    Ok(Json(News {
        revision: news.revision,
        changes: news.changes,
        has_other_query: news.has_other_query,
    }))
}

/// Tells when a view changes.
///
/// Server-sent events, each with the present revision and nothing more; what changed is at
/// `…/changes?since=`. The stream ends when the right to see the view does.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/views/{view}/events",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    responses((
        status = 200,
        description = "Events without end, the first at once",
        body = String,
        content_type = "text/event-stream",
    )),
)]
pub(crate) async fn events(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let signals = state.services.views.view_listen(&ctx, &id, &view).await?;
    let session = Session {
        accounts: state.services.accounts.clone(),
        token: CookieJar::session(state.cookies, &headers),
        user: ctx.user().cloned(),
    };
    let stream = stream::unfold((signals, session, true), told);
    let mut response = Body::from_stream(stream).into_response();
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // Proxies that gather answers before they pass them on are told not to.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// Who listens, and by which session.
struct Session {
    accounts: Arc<dyn Accounts>,
    token: Option<Secret>,
    user: Option<CurrentUser>,
}

impl Session {
    /// Whether they are still signed in, with the same role.
    async fn is_there(&self) -> bool {
        let Some(token) = self.token.clone() else {
            return false;
        };
        match self.accounts.session_user(token).await {
            Ok(user) => user.is_some() && user == self.user,
            // Whoever listens comes back, and is asked then.
            Err(_) => false,
        }
    }
}

type Listening = (Box<dyn ViewSignals>, Session, bool);

/// The next lines of the stream.
async fn told(
    (mut signals, session, is_first): Listening,
) -> Option<(Result<String, Infallible>, Listening)> {
    let signal = signals.next().await?;
    // At first the request itself has just been asked.
    if !is_first && !session.is_there().await {
        return None;
    }
    let mut text = match signal {
        ViewSignal::Revision(revision) => format!("data: {revision}\n\n"),
        ViewSignal::Alive => ":\n\n".to_owned(),
    };
    if is_first {
        text.insert_str(0, RETRY);
    }
    Some((Ok(text), (signals, session, false)))
}

/// The states of a view to go back to, the newest first.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/views/{view}/history",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    responses((status = 200, description = "At most the last 100", body = Vec<Snapshot>)),
)]
pub(crate) async fn history(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
) -> Result<Json<Vec<Snapshot>>, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let history = state.services.views.view_history(&ctx, &id, &view).await?;
    let snapshots = history.snapshots.into_iter().map(Snapshot::from);
    Ok(Json(snapshots.collect()))
}

/// Goes back to a state of a view. The one that is left is kept.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/views/{view}/history/{number}/restore",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
        ("number" = u32, Path, description = "The state's number"),
    ),
    responses((status = 200, description = "The new revision", body = Revision)),
)]
pub(crate) async fn restore(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, view, number)): Path<(String, String, String)>,
) -> Result<Json<Revision>, Problem> {
    let (id, view) = read_ids(&ctx, (id, view))?;
    // A number that is none is told after the right was asked for.
    let number = number.parse().unwrap_or(0);
    let views = &state.services.views;
    let revision = views.view_restore(&ctx, &id, &view, number).await?;
    Ok(Json(Revision { revision }))
}

#[cfg(test)]
mod tests;
