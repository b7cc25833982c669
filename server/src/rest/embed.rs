//! `/api/databases/{id}/views/{view}/embed`

use crate::problem::Problem;
use crate::rest::malformed;
use crate::rest::view::read_ids;
use crate::state::AppState;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use contract::context::Ctx;
use http::{HeaderMap, StatusCode};
use model::id::{DatabaseId, ViewId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an address for other sites is to be.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmbedWish {
    /// As in `EmbedSites`. Without it those that the view had stay, or it is for any site.
    sites: Option<Vec<String>>,
}

/// Which sites may show a view.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmbedSites {
    /// Origins, with `*.` for all hosts below one; empty for any site.
    #[schema(example = json!(["https://wiki.example.com"]))]
    sites: Vec<String>,
}

/// The address of a view for other sites. It is told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct EmbedAddress {
    /// For the `src` of a frame.
    #[schema(example = "https://crowfoot.example.com/embed/v/6Vq…")]
    address: String,
    /// The origins whose pages may frame it; empty for any.
    sites: Vec<String>,
}

/// Gives a shared view an address under which other sites show it, to people who are not signed in
/// too. One that it had holds no longer.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/views/{view}/embed",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    request_body = EmbedWish,
    responses((status = 201, description = "The address", body = EmbedAddress)),
)]
pub(crate) async fn allow(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Option<Json<EmbedWish>>, JsonRejection>,
) -> Result<(StatusCode, Json<EmbedAddress>), Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let wanted = body.map_err(|rejection| malformed(&rejection))?;
    let sites = wanted.and_then(|Json(wish)| wish.sites);
    let embeds = &state.services.embeds;
    let made = embeds
        .embed_allow(&ctx, &id, &view, sites.as_deref())
        .await?;
    let origin = state.origin(&headers).unwrap_or_default();
    let address = EmbedAddress {
        address: format!("{origin}{}", made.token.address()),
        sites: made.sites,
    };
    Ok((StatusCode::CREATED, Json(address)))
}

/// Says which sites may show an embedded view. Its address stays.
#[utoipa::path(
    patch,
    path = "/api/databases/{id}/views/{view}/embed",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    request_body = EmbedSites,
    responses((status = 200, description = "The sites as they are kept", body = EmbedSites)),
)]
pub(crate) async fn restrict(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    body: Result<Json<EmbedSites>, JsonRejection>,
) -> Result<Json<EmbedSites>, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    let Json(EmbedSites { sites }) = body.map_err(|rejection| malformed(&rejection))?;
    let embeds = &state.services.embeds;
    let sites = embeds.embed_restrict(&ctx, &id, &view, &sites).await?;
    Ok(Json(EmbedSites { sites }))
}

/// Takes the address for other sites away.
#[utoipa::path(
    delete,
    path = "/api/databases/{id}/views/{view}/embed",
    tag = "views",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("view" = ViewId, Path, description = "The view"),
    ),
    responses((status = 204, description = "It holds no longer")),
)]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (id, view) = read_ids(&ctx, path)?;
    state.services.embeds.embed_revoke(&ctx, &id, &view).await?;
    Ok(StatusCode::NO_CONTENT)
}
