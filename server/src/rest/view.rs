//! `/api/databases/{id}/views`

use crate::problem::Problem;
use crate::rest::database::read_id;
use crate::rest::diagram::wrong_days;
use crate::rest::malformed;
use crate::state::AppState;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use model::account::Permission;
use model::diagram::{DAYS_MAX, DiagramQuery};
use model::id::{DatabaseId, ViewId};
use model::saved_view::{NewView, ViewPatch, ViewRecord, ViewSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a view shows: the parameters of the diagram's address.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ViewQuery {
    /// A view to begin with: what it says holds where nothing else is said, and its tables keep
    /// their places. Only for a new view; never answered.
    #[serde(skip_serializing)]
    view: Option<String>,
    /// Which tables: names, patterns and expressions, separated by commas; `*` for all.
    #[schema(example = "orders+1,sales.*")]
    show: Option<String>,
    /// How many of the terms of `show`, from the first, are laid out by themselves.
    keep: Option<u32>,
    /// Schemas, separated by commas, each of which is drawn as one box; and groups of tables that hang
    /// together by their links, each by one of its tables: `~sales.orders`, or `~*` for every one.
    #[schema(example = "stock,~sales.orders")]
    fold: Option<String>,
    /// Columns that are not drawn, separated by commas: `created_at`, `*.tenant_id`,
    /// `sales.orders.note`. Those that a link ends at are drawn all the same.
    hide: Option<String>,
    /// How much of each table: `names`, `keys`, `used` (keys, and the columns that queries use most)
    /// or `all`.
    level: Option<String>,
    /// What is said over the picture: `changes`, `findings`, `usage` or `tags`.
    overlay: Option<String>,
    /// The older version for `overlay=changes`.
    from: Option<u32>,
    /// The newer version for `overlay=changes`.
    to: Option<u32>,
    /// Usage is that of so many days (of UTC) until today, at most 3,660; all that is known without it.
    #[schema(example = 30, minimum = 1, maximum = 3660)]
    days: Option<u32>,
    /// Two tables between which ways are looked for, separated by a comma.
    path: Option<String>,
    /// Which of these ways is marked, from 1 on.
    way: Option<u32>,
    /// Which relations that the source does not declare are drawn: `declared`, `accepted` or `all`.
    relations: Option<String>,
}

impl From<DiagramQuery> for ViewQuery {
    fn from(query: DiagramQuery) -> Self {
        Self {
            view: None,
            show: query.show,
            keep: query.keep,
            fold: query.fold,
            hide: query.hide,
            level: query.level,
            overlay: query.overlay,
            from: query.from,
            to: query.to,
            days: query.days,
            path: query.path,
            way: query.way,
            relations: query.relations,
        }
    }
}

impl ViewQuery {
    fn read(self) -> Result<DiagramQuery, AppError> {
        if self.days.is_some_and(|days| days > DAYS_MAX) {
            return Err(wrong_days());
        }
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Ok(DiagramQuery {
            view: text(self.view),
            show: text(self.show),
            keep: self.keep,
            fold: text(self.fold),
            hide: text(self.hide),
            level: text(self.level),
            overlay: text(self.overlay),
            from: self.from,
            to: self.to,
            days: self.days,
            path: text(self.path),
            way: self.way,
            relations: text(self.relations),
        })
    }
}

/// A saved view as programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View {
    id: ViewId,
    name: String,
    /// The path of its folder; empty for none.
    #[schema(example = "finance / billing")]
    folder: String,
    /// Whose it is.
    owner: Option<String>,
    /// Whether it is yours.
    own: bool,
    /// Whether everybody sees it who may read the database.
    shared: bool,
    /// Whether it opens when the diagram's address says nothing.
    default: bool,
    /// Whether other sites show it, to people who are not signed in too.
    embedded: bool,
    /// Whether you may arrange, rename and move it.
    may_edit: bool,
    /// Whether you may share and delete it.
    may_manage: bool,
    /// Grows with every change of what it holds.
    revision: u64,
    /// When that was last, in UTC.
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    changed_at: String,
    changed_by: Option<String>,
    /// The diagram's page.
    #[schema(example = "/databases/db_a1b2c3d4e5/diagram?view=vw_a1b2c3d4e5")]
    address: String,
}

impl View {
    pub(super) fn new(id: &DatabaseId, view: ViewSummary) -> Self {
        Self {
            address: DiagramQuery::of_view(&view.id).address(id),
            id: view.id,
            name: view.name,
            folder: view.folder,
            owner: view.owner.map(|owner| owner.display_name().to_owned()),
            own: view.is_own,
            shared: view.is_shared,
            default: view.is_default,
            embedded: view.is_embedded,
            may_edit: view.may_edit,
            may_manage: view.may_manage,
            revision: view.revision,
            changed_at: view.changed_at.to_iso(),
            changed_by: view.changed_by,
        }
    }
}

/// A saved view with what it shows.
#[derive(Serialize, ToSchema)]
pub(crate) struct ViewDetail {
    #[serde(flatten)]
    view: View,
    query: ViewQuery,
}

impl From<ViewRecord> for ViewDetail {
    fn from(record: ViewRecord) -> Self {
        Self {
            view: View::new(&record.database_id, record.summary),
            query: record.query.into(),
        }
    }
}

/// A view that is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewCreation {
    /// Unique within its folder among your views.
    #[schema(example = "Billing")]
    name: String,
    /// The path of its folder.
    #[serde(default)]
    #[schema(example = "finance / billing")]
    folder: String,
    /// Whether everybody sees it who may read the database; needs the right to edit it.
    #[serde(default)]
    shared: bool,
    /// What it shows; without it what the diagram's page shows first.
    #[serde(default)]
    query: ViewQuery,
}

/// What of a view is to be different; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ViewChanges {
    name: Option<String>,
    /// The path of its folder; empty for none.
    folder: Option<String>,
    shared: Option<bool>,
    /// What it shows, as a whole. Tables that it no longer shows lose their places.
    query: Option<ViewQuery>,
}

/// Which view opens when the diagram's address says nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefaultView {
    view: ViewId,
}

/// The views of a database that one sees: shared ones and one's own.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/views",
    tag = "views",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 200, description = "The views, by folder and name", body = Vec<View>)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Vec<View>>, Problem> {
    let id = read_id(&id)?;
    let views = state.services.views.view_list(&ctx, &id).await?;
    let views = views.into_iter().map(|view| View::new(&id, view));
    Ok(Json(views.collect()))
}

/// Keeps what a diagram shows as a view, with the places of all its tables.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/views",
    tag = "views",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body = ViewCreation,
    responses((status = 201, description = "The view; `Location` is its address", body = ViewDetail)),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<ViewCreation>, JsonRejection>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogRead)?;
    let id = read_id(&id)?;
    let Json(wanted) = body.map_err(|rejection| malformed(&rejection))?;
    let new = NewView {
        name: Some(wanted.name),
        folder: wanted.folder,
        is_shared: wanted.shared,
        query: wanted.query.read()?,
    };
    let made = state.services.views.view_create(&ctx, &id, new).await?;
    Ok(created(made))
}

fn created(made: ViewRecord) -> Response {
    let location = format!(
        "/api/databases/{}/views/{}",
        made.database_id, made.summary.id
    );
    let mut response = (StatusCode::CREATED, Json(ViewDetail::from(made))).into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// One view.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/views/{view}",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    responses((status = 200, description = "The view", body = ViewDetail)),
)]
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
) -> Result<Json<ViewDetail>, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let record = state.services.views.view_fetch(&ctx, &id, &view).await?;
    Ok(Json(record.into()))
}

/// Changes what a view is called, who sees it and what it shows.
#[utoipa::path(
    patch,
    path = "/api/databases/{id}/views/{view}",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    request_body = ViewChanges,
    responses((status = 200, description = "The view as it is now", body = ViewDetail)),
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    body: Result<Json<ViewChanges>, JsonRejection>,
) -> Result<Json<ViewDetail>, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let Json(wanted) = body.map_err(|rejection| malformed(&rejection))?;
    let patch = ViewPatch {
        name: wanted.name,
        folder: wanted.folder,
        is_shared: wanted.shared,
        query: wanted.query.map(ViewQuery::read).transpose()?,
    };
    let views = &state.services.views;
    let record = views.view_change(&ctx, &id, &view, patch).await?;
    Ok(Json(record.into()))
}

/// Forgets a view.
#[utoipa::path(
    delete,
    path = "/api/databases/{id}/views/{view}",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    responses((status = 204, description = "It is gone")),
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    state.services.views.view_delete(&ctx, &id, &view).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a private view of one's own that is like another.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/views/{view}/duplicate",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    responses((status = 201, description = "The copy; `Location` is its address", body = ViewDetail)),
)]
pub(crate) async fn duplicate(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let views = &state.services.views;
    Ok(created(views.view_duplicate(&ctx, &id, &view).await?))
}

/// Says which view opens when the diagram's address says nothing.
#[utoipa::path(
    put,
    path = "/api/databases/{id}/default-view",
    tag = "views",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body = DefaultView,
    responses((status = 204, description = "It opens from now on")),
)]
pub(crate) async fn default_set(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<DefaultView>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let Json(DefaultView { view }) = body.map_err(|rejection| malformed(&rejection))?;
    let views = &state.services.views;
    views.default_view_set(&ctx, &id, Some(&view)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets no view open by itself.
#[utoipa::path(
    delete,
    path = "/api/databases/{id}/default-view",
    tag = "views",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 204, description = "None opens from now on")),
)]
pub(crate) async fn default_delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let views = &state.services.views;
    views.default_view_set(&ctx, &id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn read_ids(
    ctx: &Ctx,
    (id, view): (String, String),
) -> Result<(DatabaseId, ViewId), Problem> {
    ctx.authorize(Permission::CatalogRead)?;
    let view = view.parse();
    let view = view.map_err(|_| Problem(AppError::not_found("This view")))?;
    Ok((read_id(&id)?, view))
}
