//! Having the values of a live table looked at.

use crate::form::{failed, succeeded, with_news};
use crate::state::AppState;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::address::{parse_table_segment, table_address};
use model::id::DatabaseId;

/// `POST /rpc/databases/{id}/tables/{table}/profile`
pub(crate) async fn profile(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, table)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Ok(id), Some(table)) = (id.parse::<DatabaseId>(), parse_table_segment(&table)) else {
        let error = AppError::not_found("This table");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let page = table_address(&id, &table.schema, &table.name);
    match state
        .services
        .sources
        .table_profile(&ctx, &id, &table)
        .await
    {
        Ok(_) => with_news(
            succeeded(&headers, &format!("{page}#values")),
            state.cookies,
            "The values were looked at.",
        ),
        Err(error) => failed(&headers, state.cookies, &page, error, Vec::new()),
    }
}
