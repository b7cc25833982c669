//! A view of a diagram as a file, at the address of its page with another path.

use crate::problem::Problem;
use crate::rest::database::{attached, attachment, read_id};
use crate::state::AppState;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use contract::context::Ctx;
use contract::error::AppError;
use contract::picture::{PictureFormat, PictureRequest};
use http::HeaderMap;
use model::diagram::{DAYS_MAX, DiagramQuery};
use model::id::DatabaseId;
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::IntoParams;

/// What of a diagram is written out: the parameters of its page.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "they are described here, and read as the page reads them"
)]
pub(crate) struct ViewParameters {
    /// A saved view: what it says holds where nothing else is said. `none` for none, where the
    /// database has one that opens by itself.
    #[param(example = "vw_a1b2c3d4e5")]
    view: Option<String>,
    /// Which tables: names, patterns and expressions, separated by commas; `*` for all. Without it
    /// what the page shows first.
    #[param(example = "orders+1,sales.*")]
    show: Option<String>,
    /// How many of the terms of `show`, from the first, are laid out by themselves; what the others
    /// bring is put beside that.
    keep: Option<String>,
    /// Schemas, separated by commas, each of which is drawn as one box; and groups of tables that hang
    /// together by their links, each by one of its tables: `~sales.orders`, or `~*` for every one.
    #[param(example = "stock,~sales.orders")]
    fold: Option<String>,
    /// Columns that are not drawn, separated by commas: `created_at`, `*.tenant_id`,
    /// `sales.orders.note`. Those that a link ends at are drawn all the same.
    hide: Option<String>,
    /// How much of each table: `names`, `keys`, `used` (keys, and the columns that queries use most)
    /// or `all`.
    level: Option<String>,
    /// What is said over the picture: `changes`, `findings`, `usage` or `tags`.
    overlay: Option<String>,
    /// The older version for `overlay=changes`.
    from: Option<String>,
    /// The newer version for `overlay=changes`.
    to: Option<String>,
    /// Usage is that of so many days (of UTC) until today, at most 3,660; all that is known without it,
    /// and with 0 where the view says otherwise. Which ways are the best is then told by the joins of
    /// 90 days.
    #[param(example = 30)]
    days: Option<String>,
    /// Two tables between which ways are looked for, separated by a comma.
    #[param(example = "sales.orders,sales.countries")]
    path: Option<String>,
    /// Which of these ways is marked, from 1 on.
    way: Option<String>,
    /// Which relations that the source does not declare are drawn: `declared` for none, `accepted`
    /// for those that somebody accepted (so without it), `all` for the proposed ones too.
    relations: Option<String>,
    /// `light` or `dark`, for a picture.
    theme: Option<String>,
}

/// How large a PNG is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScaleParameter {
    /// Pixels for each of the SVG's, from 1 to 4; 1 without it.
    #[param(example = 2, minimum = 1, maximum = 4)]
    scale: Option<String>,
}

/// Parameters as they came.
type Parameters = Result<Query<HashMap<String, String>>, QueryRejection>;

/// What a view shows, and whether it is a picture in dark colours.
fn read(parameters: Parameters) -> Result<(DiagramQuery, bool), AppError> {
    let Query(parameters) =
        parameters.map_err(|_| AppError::invalid("The address is not understood."))?;
    let query = DiagramQuery::read(|name| parameters.get(name).cloned());
    let says_days = parameters
        .get("days")
        .is_some_and(|it| !it.trim().is_empty());
    if says_days && query.days.is_none() {
        return Err(wrong_days());
    }
    let is_dark = parameters.get("theme").is_some_and(|theme| theme == "dark");
    Ok((query, is_dark))
}

/// A page shows what can be understood; a program is told what cannot.
pub(super) fn wrong_days() -> AppError {
    AppError::invalid_field(
        "days",
        format!("Days are a whole number of at most {DAYS_MAX}."),
    )
}

async fn file(
    state: AppState,
    ctx: Ctx,
    id: &str,
    parameters: Parameters,
    extension: &str,
) -> Result<Response, Problem> {
    let id = read_id(id)?;
    let (query, dark) = read(parameters)?;
    let catalog = &state.services.catalog;
    let file = catalog
        .diagram_export(&ctx, &id, &query, extension, dark)
        .await?;
    Ok(attachment(file))
}

async fn picture(
    state: AppState,
    ctx: Ctx,
    id: &str,
    parameters: Parameters,
    headers: &HeaderMap,
    format: PictureFormat,
) -> Result<Response, Problem> {
    let id = read_id(id)?;
    let (query, dark) = read(parameters)?;
    let request = PictureRequest {
        format,
        dark,
        origin: state.origin(headers),
    };
    let catalog = &state.services.catalog;
    let file = catalog.diagram_picture(&ctx, &id, &query, request).await?;
    Ok(attached(&file.name, file.media_type, file.bytes))
}

/// A diagram as PNG, exactly as its page draws it.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/diagram.png",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), ViewParameters, ScaleParameter),
    responses((status = 200, description = "A file", body = Vec<u8>, content_type = "image/png")),
)]
pub(crate) async fn png(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    scale: Result<Query<ScaleParameter>, QueryRejection>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let scale = scale.ok().and_then(|scale| scale.0.scale);
    // What is no number is refused like a number that is out of bounds.
    let scale = scale.map_or(1, |scale| scale.trim().parse().unwrap_or_default());
    let format = PictureFormat::Png { scale };
    picture(state, ctx, &id, parameters, &headers, format).await
}

/// A diagram as PDF, exactly as its page draws it: one page whose text can be searched and whose
/// tables lead to their pages.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/diagram.pdf",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), ViewParameters),
    responses(
        (status = 200, description = "A file", body = Vec<u8>, content_type = "application/pdf"),
    ),
)]
pub(crate) async fn pdf(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let format = PictureFormat::Pdf;
    picture(state, ctx, &id, parameters, &headers, format).await
}

/// One route for each extension: a path's segment is a parameter as a whole or not at all.
macro_rules! export {
    ($name:ident, $path:literal, $extension:literal, $media:literal, $said:literal) => {
        #[doc = $said]
        #[utoipa::path(
            get,
            path = $path,
            tag = "databases",
            params(("id" = DatabaseId, Path, description = "The database"), ViewParameters),
            responses((status = 200, description = "A file", body = String, content_type = $media)),
        )]
        pub(crate) async fn $name(
            State(state): State<AppState>,
            Extension(ctx): Extension<Ctx>,
            Path(id): Path<String>,
            parameters: Parameters,
        ) -> Result<Response, Problem> {
            file(state, ctx, &id, parameters, $extension).await
        }
    };
}

export!(
    svg,
    "/api/databases/{id}/diagram.svg",
    "svg",
    "image/svg+xml",
    "A diagram as a picture, exactly as its page draws it."
);
export!(
    json,
    "/api/databases/{id}/diagram.json",
    "json",
    "application/json",
    "What a diagram shows and where it stands."
);
export!(
    mermaid,
    "/api/databases/{id}/diagram.mmd",
    "mmd",
    "text/plain",
    "The tables of a diagram in Mermaid."
);
export!(
    dbml,
    "/api/databases/{id}/diagram.dbml",
    "dbml",
    "text/plain",
    "The tables of a diagram in DBML."
);
export!(
    sql,
    "/api/databases/{id}/diagram.sql",
    "sql",
    "application/sql",
    "The tables of a diagram as DDL in the database's own dialect."
);
export!(
    markdown,
    "/api/databases/{id}/diagram.md",
    "md",
    "text/markdown",
    "The tables of a diagram in Markdown."
);

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa::openapi::path::ParameterIn;

    #[test]
    fn whatever_an_address_says_is_described() {
        let text = || Some("1".to_owned());
        // Without a rest: what an address can say besides has to be written here.
        let query = DiagramQuery {
            view: text(),
            show: text(),
            keep: Some(1),
            fold: text(),
            hide: text(),
            level: text(),
            overlay: text(),
            from: Some(1),
            to: Some(1),
            days: Some(1),
            path: text(),
            way: Some(1),
            relations: text(),
        };
        let said = query.parameters();
        let mut said: Vec<&str> = said.iter().map(|(name, _)| *name).collect();
        said.push("theme");
        let described = ViewParameters::into_params(|| Some(ParameterIn::Query));
        let described: Vec<&str> = described.iter().map(|it| &*it.name).collect();
        assert_eq!(described, said);
        let parameters = query.parameters().into_iter();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value));
        let (read, _) = read(Ok(Query(parameters.collect()))).unwrap();
        assert_eq!(read, query);
    }
}
