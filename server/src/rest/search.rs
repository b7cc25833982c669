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

/// Hits answered when nobody says how many.
const LIMIT: u32 = 50;

#[derive(Deserialize)]
pub(crate) struct SearchParameters {
    #[serde(default)]
    q: String,
    limit: Option<u32>,
}

/// `GET /api/search?q=&limit=`
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
