//! `/api/databases`

use crate::problem::Problem;
use crate::rest::malformed;
use crate::state::AppState;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use contract::account::Secret;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::{ConnectionFacts, ConnectionRequest, ExportFile, SchemaChanges};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use model::account::Permission;
use model::address::{encode, parse_table_segment};
use model::catalog::{DatabaseDetail, DatabaseOrigin, DatabaseSummary};
use model::id::DatabaseId;
use model::provider::Provider;
use model::schema::{QualifiedName, Schema, Table};
use model::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A database as programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Database {
    id: DatabaseId,
    /// Its name in the catalog.
    #[schema(example = "warehouse")]
    name: String,
    /// `postgresql`, `mysql`, `sqlite`, `sqlserver` or `oracle`.
    #[schema(example = "postgresql")]
    provider: String,
    origin: DatabaseOrigin,
    /// `connected`, `failed` (the last reading did) or `disconnected` (there is no live database).
    #[schema(example = "connected")]
    status: &'static str,
    /// When it came into the catalog, in UTC.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    created_at: String,
    /// When its structure was read last, in UTC.
    #[schema(format = DateTime, example = "2026-11-21T07:46:00Z")]
    refreshed_at: String,
    /// Tables, without partitions.
    table_count: u64,
    view_count: u64,
    column_count: u64,
    foreign_key_count: u64,
    /// The live database's server, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// Its name on that server; for SQLite the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    database_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// Why the last reading failed, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

impl From<DatabaseSummary> for Database {
    fn from(summary: DatabaseSummary) -> Self {
        Self {
            status: match summary.origin {
                DatabaseOrigin::Script => "disconnected",
                DatabaseOrigin::Sample | DatabaseOrigin::Connection => "connected",
            },
            id: summary.id,
            name: summary.name,
            provider: summary.provider,
            origin: summary.origin,
            created_at: moment(summary.created_at),
            refreshed_at: moment(summary.refreshed_at),
            table_count: summary.counts.tables,
            view_count: summary.counts.views,
            column_count: summary.counts.columns,
            foreign_key_count: summary.counts.foreign_keys,
            host: None,
            port: None,
            database_name: None,
            username: None,
            last_error: None,
        }
    }
}

impl From<DatabaseDetail> for Database {
    fn from(detail: DatabaseDetail) -> Self {
        let database = Self::from(detail.summary);
        let Some(source) = detail.source else {
            return database;
        };
        Self {
            status: match source.last_error {
                Some(_) => "failed",
                None => "connected",
            },
            host: source.host,
            port: source.port,
            database_name: source.database,
            username: source.username,
            last_error: source.last_error,
            ..database
        }
    }
}

fn moment(at: Timestamp) -> String {
    at.to_iso()
}

/// All databases that one may see.
#[utoipa::path(
    get,
    path = "/api/databases",
    tag = "databases",
    responses((status = 200, description = "The databases, by name", body = Vec<Database>)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Json<Vec<Database>>, Problem> {
    let databases = state.services.catalog.database_list(&ctx).await?;
    Ok(Json(databases.into_iter().map(Database::from).collect()))
}

/// One database.
#[utoipa::path(
    get,
    path = "/api/databases/{id}",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 200, description = "The database", body = Database)),
)]
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Database>, Problem> {
    let id = read_id(&id)?;
    Ok(Json(
        state
            .services
            .catalog
            .database_fetch(&ctx, &id)
            .await?
            .into(),
    ))
}

/// Takes a database out of the catalog.
///
/// The live database is not touched.
#[utoipa::path(
    delete,
    path = "/api/databases/{id}",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 204, description = "It is gone from the catalog")),
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = read_id(&id)?;
    state.services.catalog.database_delete(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A live database as somebody names it.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "name": "warehouse",
    "provider": "postgresql",
    "host": "db.example.com",
    "port": 5432,
    "database_name": "warehouse",
    "username": "reader",
    "password": "…",
    "tls_mode": "verify-full",
}))]
pub(crate) struct NewDatabase {
    /// The name that it shall have in the catalog; not needed for the test of a connection.
    #[serde(default)]
    name: String,
    /// `postgresql` (also without it), `mysql` or `sqlite`.
    #[serde(default)]
    provider: String,
    #[serde(default)]
    host: String,
    /// The usual one of the provider without it.
    port: Option<u16>,
    /// Its name on the server; for SQLite the file.
    #[serde(default)]
    database_name: String,
    #[serde(default)]
    username: String,
    /// Kept sealed and never answered.
    #[serde(default)]
    #[schema(format = Password, write_only)]
    password: String,
    /// `disable`, `prefer` (also without it), `require`, `verify-ca` or `verify-full`.
    #[serde(default)]
    tls_mode: String,
    /// Certificates of the authorities to trust, in PEM; the usual ones without it.
    #[serde(default)]
    tls_ca: String,
    /// Whether to make the database on the server when it is not there. Without this it is made
    /// where none is named, for then there is none to connect to.
    #[serde(default)]
    create_if_not_exists: Option<bool>,
    /// What to run in a database that was made: with all of it, or no database is made.
    #[serde(default)]
    sql_content: Option<String>,
}

impl NewDatabase {
    fn request(self) -> Result<ConnectionRequest, Problem> {
        let provider = match self.provider.trim() {
            "" => Provider::PostgreSql,
            word => Provider::from_word(word).ok_or_else(|| {
                Problem(AppError::invalid_field(
                    "provider",
                    "The provider is postgresql, mysql or sqlite.",
                ))
            })?,
        };
        let is_to_be_made = self.database_name.trim().is_empty();
        Ok(ConnectionRequest {
            name: self.name,
            provider,
            host: self.host,
            port: self.port,
            database: self.database_name,
            username: self.username,
            password: Secret::new(self.password),
            tls_mode: self.tls_mode,
            tls_ca: self.tls_ca,
            create_if_not_exists: self.create_if_not_exists.unwrap_or(is_to_be_made),
            sql_content: self.sql_content,
        })
    }
}

/// Reads a live database into the catalog.
#[utoipa::path(
    post,
    path = "/api/databases",
    tag = "databases",
    request_body = NewDatabase,
    responses((status = 201, description = "The new database", body = Database)),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    body: Result<Json<NewDatabase>, JsonRejection>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let Json(new) = body.map_err(|rejection| malformed(&rejection))?;
    let request = new.request()?;
    let summary = state.services.sources.connection_create(&ctx, request);
    Ok(created(summary.await?))
}

/// Connects and asks the server who it is.
///
/// Nothing is stored. The problem tells the precise reason where it fails, with the field.
#[utoipa::path(
    post,
    path = "/api/databases/test-connection",
    tag = "databases",
    request_body = NewDatabase,
    responses((status = 200, description = "What the server told of itself", body = ConnectionFacts)),
)]
pub(crate) async fn test_connection(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    body: Result<Json<NewDatabase>, JsonRejection>,
) -> Result<Json<ConnectionFacts>, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let Json(new) = body.map_err(|rejection| malformed(&rejection))?;
    let request = new.request()?;
    Ok(Json(
        state
            .services
            .sources
            .connection_test(&ctx, request)
            .await?,
    ))
}

/// The answer that tells of a database that has just come.
pub(crate) fn created(database: impl Into<Database>) -> Response {
    (StatusCode::CREATED, Json(database.into())).into_response()
}

/// A database's structure as programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DatabaseSchema {
    database_id: DatabaseId,
    table_count: usize,
    tables: Vec<SchemaTable>,
}

/// A table, view or other relation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SchemaTable {
    name: String,
    schema: String,
    kind: model::schema::TableKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    columns: Vec<SchemaColumn>,
    primary_keys: Vec<String>,
    foreign_keys: Vec<SchemaForeignKey>,
}

/// A column.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SchemaColumn {
    name: String,
    #[serde(rename = "type")]
    #[schema(example = "character varying(80)")]
    data_type: String,
    nullable: bool,
    primary_key: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// A foreign key; the columns of both sides stand in the same order.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SchemaForeignKey {
    name: String,
    columns: Vec<String>,
    referenced_schema: String,
    referenced_table: String,
    referenced_columns: Vec<String>,
}

impl From<Table> for SchemaTable {
    fn from(table: Table) -> Self {
        let keys = table.primary_key.map(|key| key.columns).unwrap_or_default();
        Self {
            columns: table
                .columns
                .into_iter()
                .map(|column| SchemaColumn {
                    primary_key: keys.contains(&column.name),
                    name: column.name,
                    data_type: column.data_type,
                    nullable: column.nullable,
                    default: column.default,
                    comment: column.comment,
                })
                .collect(),
            name: table.name.name,
            schema: table.name.schema,
            kind: table.kind,
            comment: table.comment,
            primary_keys: keys,
            foreign_keys: table
                .foreign_keys
                .into_iter()
                .map(|key| SchemaForeignKey {
                    name: key.name,
                    columns: key.columns,
                    referenced_schema: key.target.schema,
                    referenced_table: key.target.name,
                    referenced_columns: key.target_columns,
                })
                .collect(),
        }
    }
}

/// The structure of a database, as the catalog has it.
///
/// Whoever wants it fresh refreshes first.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/schema",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    responses((status = 200, description = "Its tables and columns", body = DatabaseSchema)),
)]
pub(crate) async fn schema(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<DatabaseSchema>, Problem> {
    let id = read_id(&id)?;
    let Schema { tables, .. } = state.services.sources.structure_fetch(&ctx, &id).await?;
    Ok(Json(DatabaseSchema {
        database_id: id,
        table_count: tables.len(),
        tables: tables.into_iter().map(SchemaTable::from).collect(),
    }))
}

/// Two versions of a database.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Versions {
    /// The older one; the one before the newest without it.
    from: Option<u32>,
    /// The newer one; the newest without it.
    to: Option<u32>,
}

/// What changed between two versions of a database.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/changes",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), Versions),
    responses((status = 200, description = "The versions and what changed", body = SchemaChanges)),
)]
pub(crate) async fn changes(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    query: Result<Query<Versions>, QueryRejection>,
) -> Result<Json<SchemaChanges>, Problem> {
    let id = read_id(&id)?;
    let Ok(Query(Versions { from, to })) = query else {
        return Err(Problem(AppError::invalid(
            "The versions `from` and `to` are whole numbers.",
        )));
    };
    let changes = state.services.sources.changes_fetch(&ctx, &id, from, to);
    Ok(Json(changes.await?))
}

/// What to write out, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportParameters {
    /// `ddl` for the database's own dialect, `postgresql`, `mysql`, `sqlite`, `sqlserver`,
    /// `oracle`, `dbml`, `mermaid`, `markdown` or `json`.
    #[serde(default)]
    #[param(example = "dbml")]
    format: String,
    /// `schema.table`, separated by commas; all without it.
    #[serde(default)]
    #[param(example = "sales.customer,sales.order")]
    tables: String,
}

/// Writes out the structure of a database, or of some of its tables.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/export",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), ExportParameters),
    responses((
        status = 200,
        description = "A file; its media type is that of the format",
        content(
            (String = "application/sql"),
            (String = "text/plain"),
            (String = "text/markdown"),
            (String = "application/json"),
        ),
    )),
)]
pub(crate) async fn export(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    query: Result<Query<ExportParameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let id = read_id(&id)?;
    let Ok(Query(parameters)) = query else {
        return Err(Problem(AppError::invalid("The address is not understood.")));
    };
    let tables = parameters
        .tables
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| {
            parse_table_segment(name).ok_or_else(|| {
                AppError::invalid_field("tables", format!("“{name}” is not schema.table."))
            })
        })
        .collect::<Result<Vec<QualifiedName>, AppError>>()?;
    let sources = &state.services.sources;
    let file = sources
        .export(&ctx, &id, parameters.format.trim(), &tables)
        .await?;
    Ok(attachment(file))
}

/// A file to be kept.
pub(crate) fn attachment(file: ExportFile) -> Response {
    attached(&file.name, file.media_type, file.text)
}

/// A file to be kept.
pub(crate) fn attached(
    name: &str,
    media_type: &'static str,
    content: impl IntoResponse,
) -> Response {
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    // RFC 6266: the name as it is, percent-encoded.
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(name));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

pub(crate) fn read_id(text: &str) -> Result<DatabaseId, Problem> {
    text.parse()
        .map_err(|_| Problem(AppError::not_found("This database")))
}
