//! `/api/columns`

use crate::problem::Problem;
use crate::rest::malformed;
use crate::rest::patch::given;
use crate::rest::table::Texts;
use crate::state::AppState;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use http::StatusCode;
use model::account::Permission;
use model::id::{ColumnId, DatabaseId, TableId};
use model::metadata::{ColumnKey, ColumnPatch, ColumnRecord};
use model::semantic::SemanticType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A column as programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Column {
    id: ColumnId,
    table_id: TableId,
    /// Null for a dataset's column.
    database_id: Option<DatabaseId>,
    schema_name: String,
    table_name: String,
    column_name: String,
    column_position: i32,
    data_type: String,
    nullable: bool,
    primary_key: bool,
    source_comment: Option<String>,
    #[serde(flatten)]
    texts: Texts,
    semantic_type: Option<String>,
    updated_at: String,
}

impl From<ColumnRecord> for Column {
    fn from(record: ColumnRecord) -> Self {
        Self {
            id: record.id,
            table_id: record.table_id,
            database_id: record.database.map(|(id, _)| id),
            schema_name: record.schema,
            table_name: record.table,
            column_name: record.name,
            column_position: record.position,
            data_type: record.data_type,
            nullable: record.nullable,
            primary_key: record.primary_key,
            source_comment: record.source_comment,
            texts: record.metadata.annotation.into(),
            semantic_type: record.metadata.semantic_type,
            updated_at: record.updated_at.to_iso(),
        }
    }
}

/// One column.
#[utoipa::path(
    get,
    path = "/api/columns/{id}",
    tag = "columns",
    params(("id" = i64, Path, description = "The column's id")),
    responses((status = 200, description = "The column", body = Column)),
)]
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Column>, Problem> {
    let key = read_key(&id)?;
    let metadata = &state.services.metadata;
    Ok(Json(metadata.column_record(&ctx, &key).await?.into()))
}

/// Changes of a column: what is absent stays, what is null is cleared.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ColumnChanges {
    /// The revision that was read; with it, a change by somebody else in between is a conflict.
    revision: Option<i32>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    tags: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<SemanticType>)]
    semantic_type: Option<Option<SemanticType>>,
}

/// Changes what people say of a column.
///
/// A merge patch: what is absent stays, what is null is cleared.
#[utoipa::path(
    patch,
    path = "/api/columns/{id}",
    tag = "columns",
    params(("id" = i64, Path, description = "The column's id")),
    request_body = ColumnChanges,
    responses((status = 200, description = "The column as it is now", body = Column)),
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<ColumnChanges>, JsonRejection>,
) -> Result<Json<Column>, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let key = read_key(&id)?;
    let Json(changes) = body.map_err(|rejection| malformed(&rejection))?;
    let patch = ColumnPatch {
        revision: changes.revision,
        description: changes.description,
        tags: changes.tags.map(Option::unwrap_or_default),
        semantic_type: changes.semantic_type,
    };
    let metadata = &state.services.metadata;
    Ok(Json(
        metadata.column_annotate(&ctx, &key, patch).await?.into(),
    ))
}

/// A column as somebody adds it to a dataset.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "tableId": 7,
    "columnName": "customer_email",
    "dataType": "string",
    "semanticType": "email",
}))]
pub(crate) struct NewColumn {
    table_id: TableId,
    column_name: String,
    data_type: String,
    /// True without it.
    nullable: Option<bool>,
    #[serde(default)]
    primary_key: bool,
    /// Markdown.
    description: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    semantic_type: Option<SemanticType>,
}

/// Adds a column at the end of a dataset.
#[utoipa::path(
    post,
    path = "/api/columns",
    tag = "columns",
    request_body = NewColumn,
    responses((status = 201, description = "The new column", body = Column)),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    body: Result<Json<NewColumn>, JsonRejection>,
) -> Result<(StatusCode, Json<Column>), Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let Json(body) = body.map_err(|rejection| malformed(&rejection))?;
    let new = model::dataset::NewColumn {
        name: body.column_name,
        data_type: body.data_type,
        nullable: body.nullable.unwrap_or(true),
        primary_key: body.primary_key,
        said: ColumnPatch {
            revision: None,
            description: Some(body.description),
            tags: Some(body.tags),
            semantic_type: Some(body.semantic_type),
        },
    };
    let metadata = &state.services.metadata;
    let record = metadata
        .dataset_column_create(&ctx, body.table_id, new)
        .await?;
    Ok((StatusCode::CREATED, Json(record.into())))
}

/// Takes a column out of a dataset.
#[utoipa::path(
    delete,
    path = "/api/columns/{id}",
    tag = "columns",
    params(("id" = i64, Path, description = "The column's id")),
    responses((status = 204, description = "It is gone from the catalog")),
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = id
        .parse::<ColumnId>()
        .map_err(|_| AppError::not_found("This column"))?;
    let metadata = &state.services.metadata;
    metadata.dataset_column_delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_key(text: &str) -> Result<ColumnKey, Problem> {
    text.parse()
        .map(ColumnKey::Id)
        .map_err(|_| Problem(AppError::not_found("This column")))
}
