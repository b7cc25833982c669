//! `/api/search`

use crate::problem::Problem;
use crate::state::AppState;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use model::search::SearchResults;
use serde::Deserialize;
use utoipa::IntoParams;

/// Hits answered when nobody says how many.
const LIMIT: u32 = 50;

/// What to search for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchParameters {
    /// Words and filters: `db:`, `schema:`, `type:`, `tag:`, `owner:`, `has:note`,
    /// `is:undocumented`; a value with blanks stands in quotes.
    #[serde(default)]
    #[param(example = "customer type:uuid db:\"Sample shop\"")]
    q: String,
    /// The most hits to answer; 50 without it, and never more.
    limit: Option<u32>,
    /// Which page of as many hits, from 1. Of what fits the best 200 have pages.
    page: Option<u32>,
}

/// Finds databases, tables and columns by their names, comments, descriptions, tags and types.
#[utoipa::path(
    get,
    path = "/api/search",
    tag = "search",
    params(SearchParameters),
    responses((status = 200, description = "What was found, the best first", body = SearchResults)),
)]
pub(crate) async fn search(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    query: Result<Query<SearchParameters>, QueryRejection>,
) -> Result<Json<SearchResults>, Problem> {
    let Ok(Query(parameters)) = query else {
        return Err(Problem(AppError::invalid_field(
            "limit",
            "The limit and the page are whole numbers.",
        )));
    };
    let results = state.services.catalog.search_page(
        &ctx,
        &parameters.q,
        parameters.page.unwrap_or(1),
        parameters.limit.unwrap_or(LIMIT),
    );
    Ok(Json(results.await?))
}
