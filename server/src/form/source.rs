//! Connecting live databases, reading them again, saying what was renamed.

use crate::form::{failed, succeeded, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::account::Secret;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::ConnectionRequest;
use http::HeaderMap;
use model::address::{changes_address, database_address};
use model::diff::Rename;
use model::id::DatabaseId;
use model::provider::Provider;
use model::schema::QualifiedName;
use serde::Deserialize;

/// The page with the form.
const CONNECT: &str = "/databases/connect";

#[derive(Deserialize)]
pub(crate) struct ConnectForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    port: String,
    #[serde(default)]
    database: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    tls_mode: String,
    #[serde(default)]
    tls_ca: String,
    /// `test` for a try that stores nothing.
    #[serde(default)]
    action: String,
}

impl ConnectForm {
    fn entered(&self) -> Vec<(String, String)> {
        [
            ("name", &self.name),
            ("provider", &self.provider),
            ("host", &self.host),
            ("port", &self.port),
            ("database", &self.database),
            ("username", &self.username),
            ("tls_mode", &self.tls_mode),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
    }

    fn request(self) -> Result<ConnectionRequest, AppError> {
        let provider = Provider::from_word(self.provider.trim())
            .ok_or_else(|| AppError::invalid_field("provider", "Choose a database system."))?;
        let port = match self.port.trim() {
            "" => None,
            text => Some(
                text.parse::<u16>()
                    .ok()
                    .filter(|port| *port > 0)
                    .ok_or_else(|| {
                        AppError::invalid_field("port", "A port is a number from 1 to 65535.")
                    })?,
            ),
        };
        Ok(ConnectionRequest {
            name: self.name,
            provider,
            host: self.host,
            port,
            database: self.database,
            username: self.username,
            password: Secret::new(self.password),
            tls_mode: self.tls_mode,
            tls_ca: self.tls_ca,
            create_if_not_exists: false,
            sql_content: None,
        })
    }
}

/// `POST /rpc/connect`
pub(crate) async fn connect(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<Form<ConnectForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        let error = AppError::invalid("The form did not arrive whole. Please try again.");
        return failed(&headers, state.cookies, CONNECT, error, Vec::new());
    };
    let entered = form.entered();
    let is_test = form.action == "test";
    let request = match form.request() {
        Ok(request) => request,
        Err(error) => return failed(&headers, state.cookies, CONNECT, error, entered),
    };
    let sources = &state.services.sources;
    if is_test {
        return match sources.connection_test(&ctx, request).await {
            Ok(facts) => {
                let guarded = if facts.tls {
                    "encrypted"
                } else {
                    "not encrypted"
                };
                let schemas = match facts.schemas {
                    1 => "1 schema".to_owned(),
                    count => format!("{count} schemas"),
                };
                let message = format!(
                    "It works: {}, {guarded}, {schemas} to be seen.",
                    facts.server_version
                );
                tested(&headers, state.cookies, &message, entered)
            }
            Err(error) => failed(&headers, state.cookies, CONNECT, error, entered),
        };
    }
    match sources.connection_create(&ctx, request).await {
        Ok(summary) => succeeded(&headers, &database_address(&summary.id)),
        Err(error) => failed(&headers, state.cookies, CONNECT, error, entered),
    }
}

/// Back to the form with what had been entered, and the good news.
fn tested(
    headers: &HeaderMap,
    cookies: crate::cookie::CookieJar,
    message: &str,
    entered: Vec<(String, String)>,
) -> Response {
    use app::bootstrap::Flash;
    use axum::Json;
    use axum::response::{IntoResponse as _, Redirect};
    if crate::form::wants_json(headers) {
        return Json(serde_json::json!({ "message": message })).into_response();
    }
    let flash = Flash {
        message: message.to_owned(),
        success: true,
        field: None,
        entered,
    };
    let mut response = Redirect::to(CONNECT).into_response();
    if let Some(cookie) = cookies.flash_set(&flash) {
        response
            .headers_mut()
            .append(http::header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /rpc/databases/{id}/refresh`
pub(crate) async fn refresh(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<DatabaseId>() else {
        let error = AppError::not_found("This database");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let back = database_address(&id);
    match state.services.sources.database_refresh(&ctx, &id).await {
        Ok(outcome) if !outcome.has_changed => with_news(
            succeeded(&headers, &back),
            state.cookies,
            "Read again. Nothing has changed.",
        ),
        Ok(outcome) => with_news(
            succeeded(&headers, &changes_address(&id, None)),
            state.cookies,
            &match outcome.summary {
                Some(summary) => format!("Read again: {summary}."),
                None => "Read.".to_owned(),
            },
        ),
        Err(error) => {
            // There is no form to show a field in.
            let error = AppError {
                field: None,
                ..error
            };
            failed(&headers, state.cookies, &back, error, Vec::new())
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct RenameForm {
    /// The table's schema and name, for a column; empty for a table.
    #[serde(default)]
    schema: String,
    #[serde(default)]
    table: String,
    #[serde(default)]
    old_schema: String,
    #[serde(default)]
    old: String,
    #[serde(default)]
    new_schema: String,
    #[serde(default)]
    new: String,
}

/// `POST /rpc/databases/{id}/rename`
pub(crate) async fn rename(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<RenameForm>, FormRejection>,
) -> Response {
    let (Ok(id), Ok(Form(form))) = (id.parse::<DatabaseId>(), form) else {
        let error = AppError::not_found("This database");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let back = changes_address(&id, None);
    let (old, new) = (form.old.clone(), form.new.clone());
    let rename = if form.table.is_empty() {
        Rename::Table {
            old: QualifiedName::new(form.old_schema, form.old),
            new: QualifiedName::new(form.new_schema, form.new),
        }
    } else {
        Rename::Column {
            table: QualifiedName::new(form.schema, form.table),
            old: form.old,
            new: form.new,
        }
    };
    match state
        .services
        .sources
        .rename_confirm(&ctx, &id, rename)
        .await
    {
        Ok(()) => with_news(
            succeeded(&headers, &back),
            state.cookies,
            &format!("{old} and {new} are one now; what people wrote came along."),
        ),
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}
