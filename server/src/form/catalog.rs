//! Bringing databases in and taking them out.

use crate::form::{failed, succeeded, with_news};
use crate::state::AppState;
use axum::Extension;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::response::Response;
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::account::Permission;
use model::address::database_address;
use model::catalog::{ImportRequest, SCRIPT_MAX_BYTES, ScriptDialect};
use model::id::DatabaseId;

/// The page that offers the ways in; forms lead back to it.
const WAYS_IN: &str = "/databases/new";

/// `POST /rpc/import`: fields `name`, `script` (pasted) and any number of `file`.
pub(crate) async fn import(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let mut name = String::new();
    let outcome = match (ctx.authorize(Permission::CatalogWrite), parts) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(_)) => Err(AppError::invalid(
            "The form did not arrive whole. Please try again.",
        )),
        (Ok(()), Ok(parts)) => match read_import(parts, &mut name).await {
            Err(error) => Err(error),
            Ok(request) => state.services.catalog.script_import(&ctx, request).await,
        },
    };
    match outcome {
        Ok(outcome) => succeeded(
            &headers,
            &format!("{}?imported", database_address(&outcome.id)),
        ),
        Err(mut error) => {
            // The services know scripts; the page has one field to paste them into.
            if error.field.as_deref() == Some("scripts") {
                error.field = Some("script".to_owned());
            }
            tracing::info!(kind = ?error.kind, "an import was refused: {error}");
            failed(
                &headers,
                state.cookies,
                WAYS_IN,
                error,
                vec![("name".to_owned(), name)],
            )
        }
    }
}

pub(crate) async fn read_import(
    mut parts: Multipart,
    name: &mut String,
) -> Result<ImportRequest, AppError> {
    let mut scripts = Vec::new();
    let mut room = SCRIPT_MAX_BYTES;
    let mut file_name = None;
    let mut dialect = None;
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|error| multipart_error(&error))?
    {
        let field = part.name().unwrap_or_default().to_owned();
        let source = part.file_name().map(str::to_owned);
        match field.as_str() {
            "name" => {
                let bytes = read_part(part, &mut 4_096).await?;
                *name = String::from_utf8_lossy(&bytes).trim().to_owned();
            }
            "dialect" => {
                let bytes = read_part(part, &mut 64).await?;
                let word = String::from_utf8_lossy(&bytes).trim().to_owned();
                if !word.is_empty() {
                    dialect = Some(ScriptDialect::from_word(&word).ok_or_else(|| {
                        AppError::invalid_field("dialect", "There is no such dialect.")
                    })?);
                }
            }
            "script" | "file" => {
                let bytes = read_part(part, &mut room).await?;
                if bytes.is_empty() {
                    continue;
                }
                let text = ddl::decode(&bytes).map_err(|error| {
                    let message = match &source {
                        Some(source) => format!("{source}: {error}"),
                        None => error.to_string(),
                    };
                    AppError::invalid_field(&field, message)
                })?;
                if !text.trim().is_empty() {
                    scripts.push(text);
                    file_name = file_name.or(source);
                }
            }
            _ => {}
        }
    }
    if scripts.is_empty() {
        return Err(AppError::invalid_field(
            "script",
            "Paste a script or choose a file first.",
        ));
    }
    if name.is_empty()
        && let Some(file_name) = file_name
    {
        // A file's name says what it holds; its endings do not.
        *name = file_name
            .split('.')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
    }
    Ok(ImportRequest {
        name: name.clone(),
        scripts,
        dialect,
    })
}

async fn read_part(mut part: Field<'_>, room: &mut usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part
        .chunk()
        .await
        .map_err(|error| multipart_error(&error))?
    {
        *room = room.checked_sub(chunk.len()).ok_or_else(too_large)?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn multipart_error(error: &axum::extract::multipart::MultipartError) -> AppError {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        AppError::invalid("The upload was cut off. Please try again.")
    }
}

fn too_large() -> AppError {
    AppError::too_large(format!(
        "Scripts up to {} MB are accepted. Export the structure only (pg_dump --schema-only).",
        SCRIPT_MAX_BYTES / (1024 * 1024)
    ))
}

/// `POST /rpc/sample`
pub(crate) async fn sample(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Response {
    match state.services.catalog.sample_create(&ctx).await {
        Ok(summary) => succeeded(&headers, &database_address(&summary.id)),
        Err(error) => failed(&headers, state.cookies, WAYS_IN, error, Vec::new()),
    }
}

/// `POST /rpc/databases/{id}/delete`
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let outcome = match id.parse::<DatabaseId>() {
        Ok(id) => state.services.catalog.database_delete(&ctx, &id).await,
        Err(_) => Err(AppError::not_found("This database")),
    };
    match outcome {
        Ok(()) => with_news(
            succeeded(&headers, "/databases"),
            state.cookies,
            "The database is no longer in the catalog.",
        ),
        Err(error) => failed(&headers, state.cookies, "/databases", error, Vec::new()),
    }
}
