//! `/api/openapi.json`: the description of the interface for programs.
//!
//! Handlers describe themselves (`#[utoipa::path]`); here stands what holds for all of them, so
//! that none has to repeat it: problems, the session, names of operations.

use crate::cookie::CookieJar;
use crate::problem::{PROBLEM_JSON, ProblemDetails};
use crate::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use utoipa::PartialSchema as _;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, OpenApi, PathItem, Ref, ResponseBuilder,
};

/// What the groups of operations are about.
const TAGS: [(&str, &str); 7] = [
    (
        "databases",
        "Databases of the catalog: connecting, importing, refreshing, exporting.",
    ),
    (
        "views",
        "Saved views of diagrams: what they show, what is arranged in them, what was before.",
    ),
    ("tables", "Tables and datasets: what people say of them."),
    ("columns", "Columns: what people say of them."),
    (
        "jobs",
        "Refreshing live databases in the background, and when that happens by itself.",
    ),
    ("search", "Finding things."),
    ("description", "The description of this interface."),
];

/// The name of the security scheme.
const SESSION: &str = "session";
/// The name of the answer that tells of a problem.
const PROBLEM: &str = "Problem";

/// The text for either name of the session's cookie, written once.
static PLAIN: LazyLock<String> = LazyLock::new(|| text(CookieJar { secure: false }));
static SECURE: LazyLock<String> = LazyLock::new(|| text(CookieJar { secure: true }));

/// This description.
///
/// The same for everybody: it tells what the interface can do, nothing of what is in the catalog.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "description",
    security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document", body = serde_json::Value)),
)]
pub(crate) async fn fetch(State(state): State<AppState>) -> Response {
    let text: &'static str = if state.cookies.secure {
        &SECURE
    } else {
        &PLAIN
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The description of every route below `/api`.
pub(crate) fn document(cookies: CookieJar) -> OpenApi {
    let mut document = super::described().into_openapi();
    document.info = InfoBuilder::new()
        .title("Crowfoot")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The catalog for programs: the same use cases as the pages, under the same rights. \
             Sign in by posting `email` and `password` to `/rpc/login` and send the session's \
             cookie with each request. What one may not see is answered like what does not exist.",
        ))
        .build();
    let components = document.components.get_or_insert_with(Components::new);
    components.add_security_scheme(
        SESSION,
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            cookies.session_name(),
            "The cookie that signing in sets.",
        ))),
    );
    components
        .schemas
        .insert("ProblemDetails".to_owned(), ProblemDetails::schema());
    components.responses.insert(
        PROBLEM.to_owned(),
        ResponseBuilder::new()
            .description(
                "What went wrong. 401: nobody is signed in; 403: the role is too low; 404: not \
                 there, or not to be seen; 409: it contradicts what is there; 413: too large; \
                 422: what was given cannot be used; 429: too many tries; 503: something that \
                 the server depends on does not answer.",
            )
            .content(
                PROBLEM_JSON,
                ContentBuilder::new()
                    .schema(Some(Ref::from_schema_name("ProblemDetails")))
                    .build(),
            )
            .build()
            .into(),
    );
    document.security = Some(vec![SecurityRequirement::new(SESSION, [] as [&str; 0])]);
    let mut used = BTreeSet::new();
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        complete(operation);
        used.extend(operation.tags.iter().flatten().cloned());
    }
    let tags = used.into_iter().map(|name| {
        let about = TAGS.iter().find(|(tag, _)| *tag == name);
        TagBuilder::new()
            .description(about.map(|(_, about)| *about))
            .name(name)
            .build()
    });
    document.tags = Some(tags.collect());
    document
}

/// The operations of a path.
fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}

/// Adds what holds for every operation: the answer for problems, and a name that is its own
/// (handlers of two resources may both be called `list`).
fn complete(operation: &mut Operation) {
    operation
        .responses
        .responses
        .entry("default".to_owned())
        .or_insert_with(|| Ref::from_response_name(PROBLEM).into());
    let tag = operation.tags.iter().flatten().next();
    if let (Some(tag), Some(name)) = (tag, &operation.operation_id) {
        operation.operation_id = Some(format!("{tag}_{name}"));
    }
}

fn text(cookies: CookieJar) -> String {
    // Only maps with other keys than text could fail here, and there are none.
    document(cookies).to_pretty_json().unwrap_or_default()
}

#[cfg(test)]
mod tests;
