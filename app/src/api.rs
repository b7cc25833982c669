//! Server functions: what the pages ask the server. Each gets its context, calls one service
//! method and maps the error; nothing else belongs here.

#![allow(
    missing_docs,
    reason = "each argument is also a field of a generated type"
)]

use crate::error::ApiError;
use contract::catalog::DiagramData;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::catalog::{
    DatabaseDetail, DatabaseSummary, Page, SearchHit, TableDetail, TableQuery, TableSummary,
};
use model::id::DatabaseId;

#[cfg(feature = "ssr")]
use crate::context::{catalog, ctx};

/// Every database that the person may see.
#[server(prefix = "/rpc", endpoint = "database_list", input = Json)]
pub async fn database_list() -> Result<Vec<DatabaseSummary>, ApiError> {
    Ok(catalog()?.database_list(&ctx()?).await?)
}

/// One database.
#[server(prefix = "/rpc", endpoint = "database_fetch", input = Json)]
pub async fn database_fetch(id: String) -> Result<DatabaseDetail, ApiError> {
    Ok(catalog()?
        .database_fetch(&ctx()?, &database_id(&id)?)
        .await?)
}

/// A page of a database's tables.
#[server(prefix = "/rpc", endpoint = "table_list", input = Json)]
pub async fn table_list(id: String, query: TableQuery) -> Result<Page<TableSummary>, ApiError> {
    Ok(catalog()?
        .table_list(&ctx()?, &database_id(&id)?, query)
        .await?)
}

/// One table; `name` as in its address.
#[server(prefix = "/rpc", endpoint = "table_fetch", input = Json)]
pub async fn table_fetch(id: String, name: String) -> Result<TableDetail, ApiError> {
    let name = model::address::parse_table_segment(&name)
        .ok_or_else(|| contract::error::AppError::not_found("This table"))?;
    Ok(catalog()?
        .table_fetch(&ctx()?, &database_id(&id)?, &name)
        .await?)
}

/// Tables and links of a diagram.
#[server(prefix = "/rpc", endpoint = "diagram_fetch", input = Json)]
pub async fn diagram_fetch(id: String, show: Option<String>) -> Result<DiagramData, ApiError> {
    Ok(catalog()?
        .diagram_fetch(&ctx()?, &database_id(&id)?, show.as_deref())
        .await?)
}

/// Databases, tables and columns that fit the text.
#[server(prefix = "/rpc", endpoint = "search", input = Json)]
pub async fn search(text: String, limit: u32) -> Result<Vec<SearchHit>, ApiError> {
    Ok(catalog()?.search(&ctx()?, &text, limit).await?)
}

#[cfg(feature = "ssr")]
fn database_id(text: &str) -> Result<DatabaseId, contract::error::AppError> {
    text.parse()
        .map_err(|_| contract::error::AppError::not_found("This database"))
}
#[cfg(not(feature = "ssr"))]
const _: Option<DatabaseId> = None;
