//! Forms that must work before, or without, the browser's scripts: signing in and out, first
//! setup, password, import, sample, delete.
//!
//! A form answers a browser with a redirect (the outcome travels in the flash cookie) and a
//! script, which asks for JSON, with the outcome itself.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod catalog;
pub(crate) mod dataset;
pub(crate) mod embed;
pub(crate) mod job;
pub(crate) mod metadata;
pub(crate) mod page;
pub(crate) mod profile;
pub(crate) mod relation;
pub(crate) mod source;
pub(crate) mod upload;
pub(crate) mod view;

use crate::cookie::CookieJar;
use crate::problem::Problem;
use crate::state::AppState;
use app::bootstrap::Flash;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, post};
use axum::{Form, Json};
use contract::error::AppError;
use http::HeaderMap;
use http::header::{ACCEPT, SET_COOKIE};
use model::catalog::SCRIPT_MAX_BYTES;

/// Room for the other fields and the boundaries around uploaded scripts.
const UPLOAD_MARGIN_BYTES: usize = 1024 * 1024;

/// Every form: where it is posted to, and what answers it. The router is made of this table, and
/// tests walk it, so that none is forgotten.
pub(crate) fn table() -> Vec<(&'static str, MethodRouter<AppState>)> {
    let uploads = DefaultBodyLimit::max(SCRIPT_MAX_BYTES + UPLOAD_MARGIN_BYTES);
    vec![
        ("/rpc/login", post(account::login)),
        ("/rpc/logout", post(account::logout)),
        ("/rpc/logout-everywhere", post(account::logout_everywhere)),
        ("/rpc/setup", post(account::setup)),
        ("/rpc/password", post(account::password)),
        ("/rpc/sample", post(catalog::sample)),
        ("/rpc/databases/{id}/delete", post(catalog::delete)),
        ("/rpc/columns/{id}/meaning", post(metadata::verdict)),
        ("/rpc/columns/{id}/delete", post(dataset::column_delete)),
        ("/rpc/datasets/{id}/columns", post(dataset::column_create)),
        ("/rpc/datasets/{id}/delete", post(dataset::delete)),
        // These stand at the address of their page, see `page`.
        ("/datasets/new", post(dataset::create)),
        ("/datasets/{id}/edit", post(metadata::dataset)),
        ("/databases/{id}/edit", post(metadata::database)),
        ("/databases/{id}/tables/{table}/edit", post(metadata::table)),
        ("/databases/{id}/views/{view}", post(embed::embed)),
        ("/rpc/connect", post(source::connect).layer(uploads)),
        ("/rpc/refresh", post(job::refresh_all)),
        ("/rpc/databases/{id}/refresh", post(job::refresh)),
        ("/rpc/databases/{id}/schedule", post(job::schedule)),
        ("/rpc/jobs/{id}/cancel", post(job::cancel)),
        ("/rpc/databases/{id}/rename", post(source::rename)),
        (
            "/rpc/databases/{id}/import",
            post(catalog::import_again).layer(uploads),
        ),
        (
            "/rpc/databases/{id}/tables/{table}/profile",
            post(profile::profile),
        ),
        ("/rpc/databases/{id}/relations", post(relation::decide)),
        ("/rpc/databases/{id}/relations/add", post(relation::add)),
        (
            "/rpc/databases/{id}/relations/{n}/withdraw",
            post(relation::withdraw),
        ),
        ("/rpc/databases/{id}/access", post(access::everybody)),
        ("/rpc/databases/{id}/grant", post(access::grant)),
        ("/rpc/databases/{id}/owner", post(access::owner)),
        ("/rpc/databases/{id}/views", post(view::create)),
        (
            "/rpc/databases/{id}/views/{view}/change",
            post(view::change),
        ),
        (
            "/rpc/databases/{id}/views/{view}/duplicate",
            post(view::duplicate),
        ),
        (
            "/rpc/databases/{id}/views/{view}/delete",
            post(view::delete),
        ),
        (
            "/rpc/databases/{id}/views/{view}/restore",
            post(view::restore),
        ),
        (
            "/rpc/databases/{id}/views/{view}/dismiss",
            post(view::dismiss),
        ),
        ("/rpc/databases/{id}/views/{view}/show", post(view::show)),
        ("/rpc/databases/{id}/default-view", post(view::default_view)),
        ("/rpc/groups", post(access::group_create)),
        ("/rpc/groups/{id}/delete", post(access::group_delete)),
        ("/rpc/groups/{id}/member", post(access::group_member)),
        ("/rpc/import", post(catalog::import).layer(uploads)),
    ]
}

/// What a form holds. One that cannot be read is not one that says nothing.
fn whole<T>(form: Result<Form<T>, FormRejection>) -> Result<T, AppError> {
    form.map(|Form(form)| form).map_err(|_| not_whole())
}

fn not_whole() -> AppError {
    AppError::invalid("The form did not arrive whole. Please try again.")
}

/// Whether the one who posted wants JSON rather than a page.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}

/// An address on this site, or `/`: what a form names must not lead elsewhere.
fn safe_address(wanted: Option<&str>) -> String {
    wanted
        .filter(|wanted| {
            wanted.starts_with('/')
                && !wanted.starts_with("//")
                && !wanted.contains(['\\', '\n', '\r'])
        })
        .unwrap_or("/")
        .to_owned()
}

/// The outcome of a form that went well.
fn succeeded(headers: &HeaderMap, to: &str) -> Response {
    if wants_json(headers) {
        Json(serde_json::json!({ "address": to })).into_response()
    } else {
        Redirect::to(to).into_response()
    }
}

/// The outcome of a form that failed: back to its page, with what had been entered.
fn failed(
    headers: &HeaderMap,
    cookies: CookieJar,
    back: &str,
    error: AppError,
    entered: Vec<(String, String)>,
) -> Response {
    if wants_json(headers) {
        return Problem(error).into_response();
    }
    let flash = Flash {
        message: error.message,
        success: false,
        field: error.field,
        entered,
    };
    let mut response = Redirect::to(back).into_response();
    if let Some(cookie) = cookies.flash_set(&flash) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Adds good news for the page that comes next.
fn with_news(mut response: Response, cookies: CookieJar, message: &str) -> Response {
    let flash = Flash {
        message: message.to_owned(),
        success: true,
        ..Flash::default()
    };
    if let Some(cookie) = cookies.flash_set(&flash) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::safe_address;

    #[test]
    fn a_form_leads_only_to_this_site() {
        assert_eq!(
            safe_address(Some("/databases/db_1?x=y")),
            "/databases/db_1?x=y"
        );
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "x",
            "/a\r\nb",
        ] {
            assert_eq!(safe_address(Some(elsewhere)), "/", "{elsewhere:?}");
        }
        assert_eq!(safe_address(None), "/");
    }
}
