//! What the server hands to pages and server functions. Server only.

use contract::access::Access;
use contract::account::Accounts;
use contract::catalog::Catalog;
use contract::context::Ctx;
use contract::embed::Embeds;
use contract::error::{AppError, ErrorKind};
use contract::job::Jobs;
use contract::metadata::Metadata;
use contract::relation::Relations;
use contract::source::Sources;
use contract::view::Views;
use http::StatusCode;
use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::id::{DatabaseId, TableId};
use model::metadata::{ColumnKey, SubjectKey, TableKey};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The services behind the pages.
#[derive(Clone)]
pub struct AppServices {
    /// People and sessions.
    pub accounts: Arc<dyn Accounts>,
    /// Databases and tables.
    pub catalog: Arc<dyn Catalog>,
    /// Who may see and edit what.
    pub access: Arc<dyn Access>,
    /// Live databases and their versions.
    pub sources: Arc<dyn Sources>,
    /// What people write.
    pub metadata: Arc<dyn Metadata>,
    /// Relations that are not declared.
    pub relations: Arc<dyn Relations>,
    /// Readings in the background.
    pub jobs: Arc<dyn Jobs>,
    /// Saved views of diagrams.
    pub views: Arc<dyn Views>,
    /// Views that other sites show.
    pub embeds: Arc<dyn Embeds>,
}

/// Addresses of the built site's files, as their hashed names are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// The module that loads the wasm.
    pub js: String,
    /// Modules that this one imports.
    pub scripts: Vec<String>,
    /// The wasm that every page needs.
    pub wasm: String,
    /// Its other parts by name, each with the files that it needs.
    pub parts: BTreeMap<String, Vec<String>>,
    /// The style sheet.
    pub css: String,
    /// Fonts to load ahead.
    pub fonts: Vec<String>,
    /// The icon.
    pub icon: String,
}

/// The catalog's services.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn catalog() -> Result<Arc<dyn Catalog>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.catalog)
        .ok_or_else(AppError::internal)
}

/// The services of rights.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn access() -> Result<Arc<dyn Access>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.access)
        .ok_or_else(AppError::internal)
}

/// The services of live databases.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn sources() -> Result<Arc<dyn Sources>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.sources)
        .ok_or_else(AppError::internal)
}

/// The services of what people write.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn metadata() -> Result<Arc<dyn Metadata>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.metadata)
        .ok_or_else(AppError::internal)
}

/// The services of relations that are not declared.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn relations() -> Result<Arc<dyn Relations>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.relations)
        .ok_or_else(AppError::internal)
}

/// What an address names: a database by its id, a table by its segment, a column by its name.
///
/// # Errors
/// Not found where they are not of that shape.
pub fn subject_key(
    id: &str,
    table: Option<&str>,
    column: Option<String>,
) -> Result<SubjectKey, AppError> {
    let id: DatabaseId = id
        .parse()
        .map_err(|_| AppError::not_found("This database"))?;
    let Some(table) = table else {
        return Ok(SubjectKey::Database(id));
    };
    let name = model::address::parse_table_segment(table)
        .ok_or_else(|| AppError::not_found("This table"))?;
    let table = TableKey::Named(id, name);
    Ok(match column {
        None => SubjectKey::Table(table),
        Some(column) => SubjectKey::Column(ColumnKey::Named(table, column)),
    })
}

/// What an address below `/datasets` names: a dataset by its id, a column of it by its name.
///
/// # Errors
/// Not found where the id is none.
pub fn dataset_key(id: &str, column: Option<String>) -> Result<SubjectKey, AppError> {
    let id: TableId = id
        .parse()
        .map_err(|_| AppError::not_found("This dataset"))?;
    let table = TableKey::Id(id);
    Ok(match column {
        None => SubjectKey::Table(table),
        Some(column) => SubjectKey::Column(ColumnKey::Named(table, column)),
    })
}

/// The services of jobs.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn jobs() -> Result<Arc<dyn Jobs>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.jobs)
        .ok_or_else(AppError::internal)
}

/// The services of saved views.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn views() -> Result<Arc<dyn Views>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.views)
        .ok_or_else(AppError::internal)
}

/// The services of views that other sites show.
///
/// # Errors
/// Internal when the router forgot to provide them.
pub fn embeds() -> Result<Arc<dyn Embeds>, AppError> {
    use_context::<AppServices>()
        .map(|services| services.embeds)
        .ok_or_else(AppError::internal)
}

/// Who asks: put into the request by the session middleware.
///
/// # Errors
/// Internal when the middleware did not run.
pub fn ctx() -> Result<Ctx, AppError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Ctx>().cloned())
        .ok_or_else(AppError::internal)
}

/// Sets the status of the answer, for pages and server functions alike.
pub fn respond_with(kind: ErrorKind) {
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(kind.status())
    {
        response.set_status(status);
    }
}
