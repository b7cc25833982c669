//! Connecting live databases, reading them again, saying what was renamed.

use crate::form::upload::{next_part, read_part, read_script};
use crate::form::{failed, not_whole, succeeded, with_news};
use crate::state::AppState;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::account::Secret;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::ConnectionRequest;
use http::HeaderMap;
use model::account::Permission;
use model::address::{changes_address, database_address};
use model::catalog::SCRIPT_MAX_BYTES;
use model::diff::Rename;
use model::id::DatabaseId;
use model::provider::Provider;
use model::schema::QualifiedName;
use serde::Deserialize;

/// The page with the form.
const CONNECT: &str = "/databases/connect";
/// What one field of the form may hold; certificates are the longest.
const FIELD_MAX_BYTES: usize = 64 * 1024;

/// The fields of the form, as they were entered.
#[derive(Default)]
pub(crate) struct ConnectForm {
    name: String,
    provider: String,
    host: String,
    port: String,
    database: String,
    username: String,
    password: String,
    tls_mode: String,
    tls_ca: String,
    /// Not empty when the database shall be made unless it is there.
    create_if_not_exists: String,
    /// What to put in a database that is made, pasted or from files.
    sql_content: String,
    /// `test` for a try that stores nothing.
    action: String,
}

impl ConnectForm {
    /// Reads the form; what has been read so far stays when the rest cannot be.
    async fn read(&mut self, mut parts: Multipart) -> Result<(), AppError> {
        let mut room = SCRIPT_MAX_BYTES;
        while let Some(part) = next_part(&mut parts).await? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "sql_content" || name == "sql_file" {
                let Some((text, _)) = read_script(part, &mut room).await? else {
                    continue;
                };
                if !self.sql_content.is_empty() {
                    self.sql_content.push('\n');
                }
                self.sql_content.push_str(&text);
                continue;
            }
            let bytes = read_part(part, &mut { FIELD_MAX_BYTES }).await?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some(field) = self.field(&name) {
                *field = text;
            }
        }
        Ok(())
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "name" => &mut self.name,
            "provider" => &mut self.provider,
            "host" => &mut self.host,
            "port" => &mut self.port,
            "database" => &mut self.database,
            "username" => &mut self.username,
            "password" => &mut self.password,
            "tls_mode" => &mut self.tls_mode,
            "tls_ca" => &mut self.tls_ca,
            "create_if_not_exists" => &mut self.create_if_not_exists,
            "action" => &mut self.action,
            _ => return None,
        })
    }

    fn entered(&self) -> Vec<(String, String)> {
        [
            ("name", &self.name),
            ("provider", &self.provider),
            ("host", &self.host),
            ("port", &self.port),
            ("database", &self.database),
            ("username", &self.username),
            ("tls_mode", &self.tls_mode),
            ("create_if_not_exists", &self.create_if_not_exists),
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
        let is_to_be_made = !self.create_if_not_exists.is_empty();
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
            create_if_not_exists: is_to_be_made,
            // The fields are hidden unless the database is to be made, and what is in them is
            // not meant then.
            sql_content: Some(self.sql_content).filter(|_| is_to_be_made),
        })
    }
}

/// `POST /rpc/connect`
pub(crate) async fn connect(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let mut form = ConnectForm::default();
    let arrived = match (ctx.authorize(Permission::CatalogWrite), parts) {
        (Err(error), _) => Err(error),
        (Ok(()), Ok(parts)) => form.read(parts).await,
        (Ok(()), Err(_)) => Err(not_whole()),
    };
    let entered = form.entered();
    if let Err(error) = arrived {
        return failed(&headers, state.cookies, CONNECT, error, entered);
    }
    let is_test = form.action == "test";
    let is_to_be_made = !form.create_if_not_exists.is_empty();
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
                let server = facts.server_version;
                let message = match is_to_be_made {
                    true => {
                        format!("It works: {server}, {guarded}. The database is still to be made.")
                    }
                    false => format!("It works: {server}, {guarded}, {schemas} to be seen."),
                };
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
