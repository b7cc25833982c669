//! The interface for programs: the same use cases as the pages, over JSON.

pub(crate) mod arrangement;
pub(crate) mod column;
pub(crate) mod database;
pub(crate) mod diagram;
pub(crate) mod embed;
pub(crate) mod job;
pub(crate) mod openapi;
mod patch;
pub(crate) mod profile;
pub(crate) mod relation;
pub(crate) mod script;
pub(crate) mod search;
pub(crate) mod table;
pub(crate) mod view;

use crate::problem::{Problem, method_not_allowed};
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::JsonRejection;
use contract::error::AppError;
use model::catalog::SCRIPT_MAX_BYTES;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

/// Room for the names and braces around a script.
const MARGIN_BYTES: usize = 1024 * 1024;
/// The most changes of a view at once, with some memos among them.
const ARRANGEMENT_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Everything below `/api`, with its description. A route is added here as `routes!(handler)`,
/// which takes path and method from the handler's `#[utoipa::path]`: none exists undescribed.
fn described() -> OpenApiRouter<AppState> {
    let scripts = DefaultBodyLimit::max(SCRIPT_MAX_BYTES + MARGIN_BYTES);
    let arrangements = DefaultBodyLimit::max(ARRANGEMENT_MAX_BYTES);
    OpenApiRouter::default()
        .routes(routes!(openapi::fetch))
        .routes(routes!(database::list, database::create).layer(scripts))
        .routes(routes!(script::upload).layer(scripts))
        .routes(routes!(script::from_text).layer(scripts))
        .routes(routes!(database::test_connection))
        .routes(routes!(database::fetch, database::delete))
        .routes(routes!(database::schema))
        .routes(routes!(script::upload_again).layer(scripts))
        .routes(routes!(script::from_text_again).layer(scripts))
        .routes(routes!(profile::profile_fetch, profile::profile_take))
        .routes(routes!(job::refresh_all))
        .routes(routes!(job::refresh))
        .routes(routes!(
            job::schedule_fetch,
            job::schedule_set,
            job::schedule_delete
        ))
        .routes(routes!(job::list))
        .routes(routes!(job::fetch, job::cancel))
        .routes(routes!(database::changes))
        .routes(routes!(relation::relations, relation::relation_decide))
        .routes(routes!(relation::relation_withdraw))
        .routes(routes!(database::export))
        .routes(routes!(diagram::svg))
        .routes(routes!(diagram::png))
        .routes(routes!(diagram::pdf))
        .routes(routes!(diagram::json))
        .routes(routes!(diagram::mermaid))
        .routes(routes!(diagram::dbml))
        .routes(routes!(diagram::sql))
        .routes(routes!(diagram::markdown))
        .routes(routes!(view::list, view::create))
        .routes(routes!(view::fetch, view::change, view::delete))
        .routes(routes!(view::duplicate))
        .routes(routes!(embed::allow, embed::restrict, embed::revoke))
        .routes(routes!(view::default_set, view::default_delete))
        .routes(routes!(arrangement::make, arrangement::news).layer(arrangements))
        .routes(routes!(arrangement::events))
        .routes(routes!(arrangement::history))
        .routes(routes!(arrangement::restore))
        .routes(routes!(table::list, table::create))
        .routes(routes!(table::fetch, table::change, table::delete))
        .routes(routes!(column::create))
        .routes(routes!(column::fetch, column::change, column::delete))
        .routes(routes!(search::search))
}

/// Everything below `/api`.
pub(crate) fn router() -> Router<AppState> {
    Router::from(described()).method_not_allowed_fallback(method_not_allowed)
}

/// Every route below `/api`: method and path, as the description has them.
#[cfg(test)]
pub(crate) fn routes() -> Vec<(http::Method, String)> {
    use utoipa::openapi::PathItem;
    fn methods(item: &PathItem) -> impl Iterator<Item = http::Method> {
        [
            (item.get.is_some(), http::Method::GET),
            (item.put.is_some(), http::Method::PUT),
            (item.post.is_some(), http::Method::POST),
            (item.delete.is_some(), http::Method::DELETE),
            (item.patch.is_some(), http::Method::PATCH),
        ]
        .into_iter()
        .filter_map(|(is_there, method)| is_there.then_some(method))
    }
    let document = described().into_openapi();
    document
        .paths
        .paths
        .iter()
        .flat_map(|(path, item)| methods(item).map(|method| (method, path.clone())))
        .collect()
}

/// What a body that is no JSON of the right shape is answered with.
fn malformed(rejection: &JsonRejection) -> Problem {
    if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem(AppError::too_large("This is more than the server accepts."));
    }
    Problem(AppError::invalid(format!(
        "The body is not what is expected here: {}",
        rejection.body_text()
    )))
}
