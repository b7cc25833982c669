//! Bringing databases in and taking them out.

use crate::form::upload::{read_import, read_scripts};
use crate::form::{failed, not_whole, succeeded, with_news};
use crate::state::AppState;
use axum::Extension;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::response::Response;
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::account::Permission;
use model::address::{changes_address, database_address};
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
        (Ok(()), Err(_)) => Err(not_whole()),
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

/// `POST /rpc/databases/{id}/import`: fields `script` (pasted), `dialect` and any number of `file`.
pub(crate) async fn import_again(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let Ok(id) = id.parse::<DatabaseId>() else {
        let error = AppError::not_found("This database");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let outcome = async {
        ctx.authorize(Permission::CatalogWrite)?;
        let parts = parts.map_err(|_| not_whole())?;
        let read = read_scripts(parts, &mut String::new()).await?;
        let sources = &state.services.sources;
        sources
            .script_import_again(&ctx, &id, read.scripts, read.dialect)
            .await
    };
    let back = database_address(&id);
    match outcome.await {
        Ok(outcome) if !outcome.has_changed => with_news(
            succeeded(&headers, &back),
            state.cookies,
            "Imported again. Nothing has changed.",
        ),
        Ok(outcome) => with_news(
            succeeded(&headers, &changes_address(&id, None)),
            state.cookies,
            &match outcome.summary {
                Some(summary) => format!("Version {}: {summary}.", outcome.version),
                None => format!("This is version {} now.", outcome.version),
            },
        ),
        Err(mut error) => {
            if error.field.as_deref() == Some("scripts") {
                error.field = Some("script".to_owned());
            }
            failed(&headers, state.cookies, &back, error, Vec::new())
        }
    }
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
