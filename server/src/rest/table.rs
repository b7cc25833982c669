//! `/api/tables`

use crate::problem::Problem;
use crate::rest::malformed;
use crate::rest::patch::given;
use crate::state::AppState;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use contract::metadata::TableRecordQuery;
use http::StatusCode;
use model::account::Permission;
use model::dataset::{DatasetType, NewDataset};
use model::id::{DatabaseId, TableId};
use model::metadata::{Annotation, TableKey, TablePatch, TableRecord};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// Texts and tags as programs see them; part of tables and columns.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Texts {
    /// What a person wrote, in Markdown.
    description: Option<String>,
    /// The same as sanitised HTML.
    description_html: Option<String>,
    description_by: Option<String>,
    description_at: Option<String>,
    /// What a machine drafted, in Markdown.
    ai_draft: Option<String>,
    tags: Vec<String>,
    revision: i32,
}

impl From<Annotation> for Texts {
    fn from(annotation: Annotation) -> Self {
        let text = annotation.description;
        Self {
            description: text.as_ref().map(|text| text.markdown.clone()),
            description_html: text.as_ref().map(|text| text.html.clone()),
            description_by: text.as_ref().and_then(|text| text.by.clone()),
            description_at: text.and_then(|text| text.at).map(|at| at.to_iso()),
            ai_draft: annotation.ai_draft.map(|text| text.markdown),
            tags: annotation.tags,
            revision: annotation.revision,
        }
    }
}

/// A table as programs see it, without its columns.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Table {
    id: TableId,
    /// Null for a dataset.
    database_id: Option<DatabaseId>,
    database_name: Option<String>,
    schema_name: String,
    table_name: String,
    table_type: String,
    source_comment: Option<String>,
    #[serde(flatten)]
    texts: Texts,
    /// A username.
    owner: Option<String>,
    storage_location: Option<String>,
    storage_format: Option<String>,
    /// A text, or an object or array.
    partitioning_info: Option<Value>,
    #[schema(value_type = Object)]
    custom_metadata: Map<String, Value>,
    column_count: u32,
    row_count: Option<i64>,
    file_size_bytes: Option<i64>,
    compression_ratio: Option<f64>,
    created_at: String,
    updated_at: String,
}

impl From<TableRecord> for Table {
    fn from(record: TableRecord) -> Self {
        let (database_id, database_name) = record.database.unzip();
        let metadata = record.metadata;
        Self {
            id: record.id,
            database_id,
            database_name,
            schema_name: record.schema,
            table_name: record.name,
            table_type: record.table_type,
            source_comment: record.source_comment,
            texts: metadata.annotation.into(),
            owner: metadata.owner.map(|owner| owner.username),
            storage_location: metadata.storage_location,
            storage_format: metadata.storage_format,
            partitioning_info: metadata.partitioning.map(|text| {
                serde_json::from_str::<Value>(&text)
                    .ok()
                    .filter(|value| value.is_object() || value.is_array())
                    .unwrap_or(Value::String(text))
            }),
            custom_metadata: metadata
                .custom
                .into_iter()
                .map(|(key, value)| (key, Value::String(value)))
                .collect(),
            column_count: record.columns,
            row_count: record.row_count,
            file_size_bytes: record.size_bytes,
            compression_ratio: record.compression_ratio,
            created_at: record.created_at.to_iso(),
            updated_at: record.updated_at.to_iso(),
        }
    }
}

/// Which tables to answer. A parameter that there is not would answer everybody's tables.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// A database's id; without it all tables that one may see, and datasets.
    database: Option<String>,
    /// The `next` of the page before.
    after: Option<i64>,
    /// How many at the most; 100 without it.
    limit: Option<u32>,
}

/// A page of tables.
#[derive(Serialize, ToSchema)]
pub(crate) struct TablePage {
    tables: Vec<Table>,
    /// What to give as `after` for the page that follows; null at the end.
    next: Option<TableId>,
}

/// Tables and datasets, page by page, by id.
#[utoipa::path(
    get,
    path = "/api/tables",
    tag = "tables",
    params(ListParameters),
    responses((status = 200, description = "A page of tables", body = TablePage)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    query: Result<Query<ListParameters>, QueryRejection>,
) -> Result<Json<TablePage>, Problem> {
    ctx.authorize(Permission::CatalogRead)?;
    let Ok(Query(parameters)) = query else {
        return Err(Problem(AppError::invalid(
            "There are `database`, `after`, which is the `next` of the page before, and `limit`, a whole number.",
        )));
    };
    let database = parameters
        .database
        .map(|id| id.parse::<DatabaseId>())
        .transpose()
        .map_err(|_| AppError::not_found("This database"))?;
    let query = TableRecordQuery {
        database,
        after: parameters.after.map(TableId),
        limit: parameters.limit.unwrap_or_default(),
    };
    let page = state
        .services
        .metadata
        .table_record_list(&ctx, query)
        .await?;
    Ok(Json(TablePage {
        tables: page.tables.into_iter().map(Table::from).collect(),
        next: page.next,
    }))
}

/// One table or dataset, without its columns.
#[utoipa::path(
    get,
    path = "/api/tables/{id}",
    tag = "tables",
    params(("id" = i64, Path, description = "The table's id")),
    responses((status = 200, description = "The table", body = Table)),
)]
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Table>, Problem> {
    let key = read_key(&id)?;
    let metadata = &state.services.metadata;
    Ok(Json(metadata.table_record(&ctx, &key).await?.into()))
}

/// Changes of a table: what is absent stays, what is null is cleared.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TableChanges {
    /// The revision that was read; with it, a change by somebody else in between is a conflict.
    revision: Option<i32>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    tags: Option<Option<Vec<String>>>,
    /// An email address or a username.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    owner: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    storage_location: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    storage_format: Option<Option<String>>,
    /// A text, or an object or array.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Value>)]
    partitioning_info: Option<Option<Value>>,
    /// All pairs; values are texts, numbers or booleans.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    custom_metadata: Option<Option<Map<String, Value>>>,
    /// Of a dataset only; a database's source counts itself.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    row_count: Option<Option<i64>>,
    /// Of a dataset only.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    file_size_bytes: Option<Option<i64>>,
    /// Of a dataset only.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<f64>)]
    compression_ratio: Option<Option<f64>>,
}

impl TableChanges {
    fn patch(self) -> Result<TablePatch, AppError> {
        let custom = match self.custom_metadata {
            None => None,
            Some(pairs) => Some(custom_pairs(pairs.unwrap_or_default())?),
        };
        Ok(TablePatch {
            revision: self.revision,
            description: self.description,
            tags: self.tags.map(Option::unwrap_or_default),
            owner: self.owner,
            storage_location: self.storage_location,
            storage_format: self.storage_format,
            partitioning: self
                .partitioning_info
                .map(|value| value.map(partitioning_text)),
            custom,
            row_count: self.row_count,
            size_bytes: self.file_size_bytes,
            compression_ratio: self.compression_ratio,
        })
    }
}

fn custom_pairs(map: Map<String, Value>) -> Result<Vec<(String, String)>, AppError> {
    map.into_iter()
        .map(|(key, value)| match value {
            Value::String(text) => Ok((key, text)),
            Value::Number(number) => Ok((key, number.to_string())),
            Value::Bool(answer) => Ok((key, answer.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(AppError::invalid_field(
                "customMetadata",
                format!("The value of “{key}” is no text, number or boolean."),
            )),
        })
        .collect()
}

/// Changes what people say of a table.
///
/// A merge patch: what is absent stays, what is null is cleared.
#[utoipa::path(
    patch,
    path = "/api/tables/{id}",
    tag = "tables",
    params(("id" = i64, Path, description = "The table's id")),
    request_body = TableChanges,
    responses((status = 200, description = "The table as it is now", body = Table)),
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<TableChanges>, JsonRejection>,
) -> Result<Json<Table>, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let key = read_key(&id)?;
    let Json(changes) = body.map_err(|rejection| malformed(&rejection))?;
    let metadata = &state.services.metadata;
    let record = metadata
        .table_annotate(&ctx, &key, changes.patch()?)
        .await?;
    Ok(Json(record.into()))
}

/// A dataset as somebody catalogues it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "tableName": "sales_data",
    "tableType": "parquet",
    "storageLocation": "s3://lake/sales/",
    "rowCount": 1_000_000,
    "compressionRatio": 4.98,
    "tags": ["sales"],
}))]
pub(crate) struct NewTable {
    /// `public` without it.
    #[serde(default)]
    schema_name: String,
    table_name: String,
    table_type: DatasetType,
    row_count: Option<i64>,
    file_size_bytes: Option<i64>,
    compression_ratio: Option<f64>,
    #[serde(flatten)]
    said: NewTexts,
}

/// What is said of a new dataset.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewTexts {
    /// Markdown.
    description: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    /// An email address or a username.
    owner: Option<String>,
    storage_location: Option<String>,
    storage_format: Option<String>,
    /// A text, or an object or array.
    partitioning_info: Option<Value>,
    /// Values are texts, numbers or booleans.
    #[serde(default)]
    #[schema(value_type = Object)]
    custom_metadata: Map<String, Value>,
}

/// Catalogues a dataset.
///
/// Data without a database: files of NCF, Parquet or CSV, or anything external.
#[utoipa::path(
    post,
    path = "/api/tables",
    tag = "tables",
    request_body = NewTable,
    responses((status = 201, description = "The new dataset", body = Table)),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    body: Result<Json<NewTable>, JsonRejection>,
) -> Result<(StatusCode, Json<Table>), Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let Json(new) = body.map_err(|rejection| malformed(&rejection))?;
    let new = NewDataset {
        schema: new.schema_name,
        name: new.table_name,
        dataset_type: new.table_type,
        said: TablePatch {
            revision: None,
            description: Some(new.said.description),
            tags: Some(new.said.tags),
            owner: Some(new.said.owner),
            storage_location: Some(new.said.storage_location),
            storage_format: Some(new.said.storage_format),
            partitioning: Some(new.said.partitioning_info.map(partitioning_text)),
            custom: Some(custom_pairs(new.said.custom_metadata)?),
            row_count: Some(new.row_count),
            size_bytes: Some(new.file_size_bytes),
            compression_ratio: Some(new.compression_ratio),
        },
        columns: Vec::new(),
    };
    let metadata = &state.services.metadata;
    let record = metadata.dataset_create(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(record.into())))
}

/// Takes a dataset out of the catalog.
///
/// Its data is left alone. A database's table cannot be deleted: it comes from its source.
#[utoipa::path(
    delete,
    path = "/api/tables/{id}",
    tag = "tables",
    params(("id" = i64, Path, description = "The dataset's id")),
    responses((status = 204, description = "It is gone from the catalog")),
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = id
        .parse::<TableId>()
        .map_err(|_| AppError::not_found("This table"))?;
    state.services.metadata.dataset_delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn partitioning_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn read_key(text: &str) -> Result<TableKey, Problem> {
    text.parse()
        .map(TableKey::Id)
        .map_err(|_| Problem(AppError::not_found("This table")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_clears_and_absence_leaves_alone() {
        let body = r#"{"description": null, "tags": ["a"], "partitioningInfo": {"by": "day"},
            "customMetadata": {"k": 7}}"#;
        let patch = serde_json::from_str::<TableChanges>(body).unwrap().patch();
        let patch = patch.unwrap();
        assert_eq!(patch.description, Some(None));
        assert_eq!(patch.owner, None);
        assert_eq!(patch.tags, Some(vec!["a".to_owned()]));
        assert_eq!(patch.partitioning, Some(Some(r#"{"by":"day"}"#.to_owned())));
        assert_eq!(patch.custom, Some(vec![("k".to_owned(), "7".to_owned())]));
    }

    #[test]
    fn what_cannot_be_changed_here_is_refused() {
        assert!(serde_json::from_str::<TableChanges>(r#"{"tableName": "x"}"#).is_err());
        let body = r#"{"customMetadata": {"k": {}}}"#;
        let changes = serde_json::from_str::<TableChanges>(body).unwrap();
        assert!(changes.patch().is_err());
    }
}
