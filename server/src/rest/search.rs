//! `/api/search`

use crate::problem::Problem;
use crate::state::AppState;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use model::catalog::SearchHit;
use serde::Deserialize;
use utoipa::IntoParams;

/// Hits answered when nobody says how many.
const LIMIT: u32 = 50;

/// What to search for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchParameters {
    /// The words.
    #[serde(default)]
    #[param(example = "customer")]
    q: String,
    /// The most hits to answer; 50 without it.
    limit: Option<u32>,
}

/// Finds databases, tables and columns.
#[utoipa::path(
    get,
    path = "/api/search",
    tag = "search",
    params(SearchParameters),
    responses((status = 200, description = "What was found, the best first", body = Vec<SearchHit>)),
)]
pub(crate) async fn search(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    query: Result<Query<SearchParameters>, QueryRejection>,
) -> Result<Json<Vec<SearchHit>>, Problem> {
    let Ok(Query(parameters)) = query else {
        return Err(Problem(AppError::invalid_field(
            "limit",
            "The limit is a whole number.",
        )));
    };
    let limit = parameters.limit.unwrap_or(LIMIT);
    let hits = state.services.catalog.search(&ctx, &parameters.q, limit);
    Ok(Json(hits.await?))
}
