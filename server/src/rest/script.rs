//! `/api/databases/from-text` and `/upload`, and the same below `{id}`: databases that come as scripts,
//! and their next versions.

use crate::form::upload::{read_dialect, read_import, read_scripts};
use crate::problem::Problem;
use crate::rest::database::{Database, created, read_id};
use crate::rest::malformed;
use crate::state::AppState;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::RefreshOutcome;
use model::account::Permission;
use model::catalog::ImportRequest;
use model::id::DatabaseId;
use serde::Deserialize;
use utoipa::ToSchema;

/// A script to import.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "name": "shop",
    "sql_content": "CREATE TABLE customer (id bigint PRIMARY KEY, email text NOT NULL);",
    "dialect": "postgresql",
}))]
pub(crate) struct NewScript {
    /// The name that the database shall have in the catalog.
    name: String,
    /// The statements of DDL, or DBML.
    sql_content: String,
    /// `postgresql`, `mysql`, `sqlite`, `sqlserver`, `oracle` or `dbml`; told by the script's marks
    /// without it.
    #[serde(default)]
    dialect: String,
}

/// Imports a script.
#[utoipa::path(
    post,
    path = "/api/databases/from-text",
    tag = "databases",
    request_body = NewScript,
    responses((status = 201, description = "The new database", body = Database)),
)]
pub(crate) async fn from_text(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    body: Result<Json<NewScript>, JsonRejection>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let Json(new) = body.map_err(|rejection| malformed(&rejection))?;
    let dialect = read_dialect(&new.dialect)?;
    let request = ImportRequest {
        name: new.name,
        scripts: vec![new.sql_content],
        dialect,
    };
    imported(&state, &ctx, request).await
}

/// A form with script files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `read_import` reads part by part")]
struct ScriptUpload {
    /// The name that the database shall have in the catalog.
    name: String,
    /// As for `from-text`.
    dialect: Option<String>,
    /// The scripts, read one after the other. UTF-8, or UTF-16 with its mark.
    #[schema(value_type = Vec<String>, content_media_type = "application/octet-stream")]
    file: Vec<Vec<u8>>,
}

/// Imports script files.
#[utoipa::path(
    post,
    path = "/api/databases/upload",
    tag = "databases",
    request_body(content = ScriptUpload, content_type = "multipart/form-data"),
    responses((status = 201, description = "The new database", body = Database)),
)]
pub(crate) async fn upload(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let Ok(parts) = parts else {
        return Err(Problem(AppError::invalid(
            "A form of multipart/form-data is expected here.",
        )));
    };
    let request = read_import(parts, &mut String::new()).await?;
    imported(&state, &ctx, request).await
}

async fn imported(
    state: &AppState,
    ctx: &Ctx,
    request: ImportRequest,
) -> Result<Response, Problem> {
    let outcome = state.services.catalog.script_import(ctx, request).await?;
    let detail = state.services.catalog.database_fetch(ctx, &outcome.id);
    Ok(created(detail.await?))
}

/// A script in its newest state.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "sql_content": "CREATE TABLE customer (id bigint PRIMARY KEY, email text, phone text);",
}))]
pub(crate) struct ScriptVersion {
    /// The statements of DDL, or DBML: all of them, not what has changed.
    sql_content: String,
    /// As for a new script; it has to be the database's own. Told by the script's marks without it.
    #[serde(default)]
    dialect: String,
}

/// Imports a script as the next version of a database that came as one.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/from-text",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body = ScriptVersion,
    responses((status = 200, description = "What the script brought", body = RefreshOutcome)),
)]
pub(crate) async fn from_text_again(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<ScriptVersion>, JsonRejection>,
) -> Result<Json<RefreshOutcome>, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let Json(new) = body.map_err(|rejection| malformed(&rejection))?;
    let dialect = read_dialect(&new.dialect)?;
    let sources = &state.services.sources;
    let outcome = sources.script_import_again(&ctx, &id, vec![new.sql_content], dialect);
    Ok(Json(outcome.await?))
}

/// A form with script files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `read_scripts` reads part by part")]
struct ScriptVersionUpload {
    /// As for `from-text`.
    dialect: Option<String>,
    /// The scripts, read one after the other. UTF-8, or UTF-16 with its mark.
    #[schema(value_type = Vec<String>, content_media_type = "application/octet-stream")]
    file: Vec<Vec<u8>>,
}

/// Imports script files as the next version of a database that came as such.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/upload",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body(content = ScriptVersionUpload, content_type = "multipart/form-data"),
    responses((status = 200, description = "What the scripts brought", body = RefreshOutcome)),
)]
pub(crate) async fn upload_again(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Json<RefreshOutcome>, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let Ok(parts) = parts else {
        return Err(Problem(AppError::invalid(
            "A form of multipart/form-data is expected here.",
        )));
    };
    let read = read_scripts(parts, &mut String::new()).await?;
    let sources = &state.services.sources;
    let outcome = sources.script_import_again(&ctx, &id, read.scripts, read.dialect);
    Ok(Json(outcome.await?))
}
