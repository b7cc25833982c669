//! What the server hands to pages and server functions. Server only.

use contract::access::Access;
use contract::account::Accounts;
use contract::catalog::Catalog;
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use contract::source::Sources;
use http::StatusCode;
use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
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
}

/// Addresses of the built site's files, as their hashed names are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// The module that loads the wasm.
    pub js: String,
    /// Modules that this one imports.
    pub scripts: Vec<String>,
    /// The wasm itself.
    pub wasm: String,
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
