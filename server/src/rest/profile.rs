//! `/api/databases/{id}/tables/{table}/profile`

use crate::problem::Problem;
use crate::rest::database::read_id;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use model::address::parse_table_segment;
use model::id::DatabaseId;
use model::profile::TableProfile;
use model::schema::QualifiedName;

fn read_table(segment: &str) -> Result<QualifiedName, Problem> {
    parse_table_segment(segment).ok_or_else(|| Problem(AppError::not_found("This table")))
}

/// What the last look at a live table's rows found.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/tables/{table}/profile",
    tag = "databases",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("table" = String, Path, description = "`schema.table`"),
    ),
    responses((status = 200, description = "What was found", body = TableProfile)),
)]
pub(crate) async fn profile_fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, table)): Path<(String, String)>,
) -> Result<Json<TableProfile>, Problem> {
    let (id, table) = (read_id(&id)?, read_table(&table)?);
    let detail = state.services.catalog.table_fetch(&ctx, &id, &table);
    let profile = detail.await?.profile;
    Ok(Json(profile.ok_or_else(|| {
        AppError::not_found("A profile of this table")
    })?))
}

/// Looks at the rows of a live table, a bounded sample of them, and keeps what was found.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/tables/{table}/profile",
    tag = "databases",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("table" = String, Path, description = "`schema.table`"),
    ),
    responses((status = 200, description = "What was found", body = TableProfile)),
)]
pub(crate) async fn profile_take(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, table)): Path<(String, String)>,
) -> Result<Json<TableProfile>, Problem> {
    let (id, table) = (read_id(&id)?, read_table(&table)?);
    let sources = &state.services.sources;
    Ok(Json(sources.table_profile(&ctx, &id, &table).await?))
}
