//! Forms that post to the address of their own page: a text may be longer than a cookie holds, so
//! what could not be stored is shown again in the answer itself, with its status.

use crate::form::{not_whole, wants_json};
use crate::problem::Problem;
use crate::router::view_context;
use crate::state::AppState;
use app::bootstrap::{Bootstrap, Flash};
use app::document::document;
use axum::Form;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest as _, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use contract::error::{AppError, ErrorKind};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{Method, StatusCode};
use leptos_axum::render_app_async_with_context;
use model::address::encode;
use std::str::FromStr;

/// Fields and values, as the form sent them.
pub(super) type Fields = Vec<(String, String)>;

/// The field's value, where the form has the field: empty means cleared.
pub(super) fn text(fields: &Fields, name: &str) -> Option<Option<String>> {
    let value = &fields.iter().find(|(field, _)| field == name)?.1;
    Some(Some(value.clone()).filter(|value| !value.trim().is_empty()))
}

/// The same as a number, in which blanks may part the digits.
pub(super) fn number<T: FromStr>(
    fields: &Fields,
    name: &str,
    wrong: &str,
) -> Result<Option<Option<T>>, AppError> {
    let Some(Some(text)) = text(fields, name) else {
        return Ok(text(fields, name).map(|_| None));
    };
    let digits: String = text.chars().filter(|one| !one.is_whitespace()).collect();
    match digits.parse() {
        Ok(number) => Ok(Some(Some(number))),
        Err(_) => Err(AppError::invalid_field(name, wrong)),
    }
}

/// The fields of a form, with line ends as texts are kept, so that what was entered compares with
/// what is stored.
pub(super) async fn read(state: &AppState, request: Request) -> (Parts, Result<Fields, AppError>) {
    let (parts, body) = request.into_parts();
    let form: Result<Form<Fields>, FormRejection> =
        Form::from_request(Request::from_parts(parts.clone(), body), state).await;
    let fields = match form {
        Ok(Form(mut fields)) => {
            for (_, value) in &mut fields {
                *value = value.replace("\r\n", "\n");
            }
            Ok(fields)
        }
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(
            AppError::too_large("This is far more than is kept of any text."),
        ),
        Err(_) => Err(not_whole()),
    };
    (parts, fields)
}

/// What is answered to a form that could not be stored.
pub(super) async fn refused(
    state: AppState,
    parts: Parts,
    error: AppError,
    entered: Fields,
) -> Response {
    if wants_json(&parts.headers) {
        return Problem(error).into_response();
    }
    if error.kind == ErrorKind::Unauthenticated {
        let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
        return Redirect::to(&format!("/login?next={}", encode(here))).into_response();
    }
    again(state, parts, error, entered).await
}

/// The form's page with what was entered, and what is wrong with it.
async fn again(
    state: AppState,
    mut parts: Parts,
    error: AppError,
    mut entered: Fields,
) -> Response {
    if error.kind == ErrorKind::Conflict && error.field.is_none() {
        entered.push(("conflict".to_owned(), "1".to_owned()));
    }
    let status = StatusCode::from_u16(error.kind.status());
    if let Some(bootstrap) = parts.extensions.get_mut::<Bootstrap>() {
        bootstrap.flash = Some(Flash {
            message: error.message,
            success: false,
            field: error.field,
            entered,
        });
    }
    let mut response = shown(state, parts).await;
    // The page itself may know better, as when the table is gone.
    if let Ok(status) = status
        && response.status() == StatusCode::OK
    {
        *response.status_mut() = status;
    }
    response
}

/// The form's page, as it is now.
pub(super) async fn shown(state: AppState, mut parts: Parts) -> Response {
    parts.method = Method::GET;
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    let assets = state.assets.clone();
    let render = render_app_async_with_context(view_context(state), move || document(&assets));
    render(Request::from_parts(parts, Body::empty()))
        .await
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let fields: Fields = [("rows", "1 000 000"), ("size", " "), ("ratio", "x")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        assert_eq!(
            number::<i64>(&fields, "rows", ""),
            Ok(Some(Some(1_000_000)))
        );
        assert_eq!(number::<i64>(&fields, "size", ""), Ok(Some(None)));
        assert_eq!(number::<i64>(&fields, "absent", ""), Ok(None));
        let wrong = number::<f64>(&fields, "ratio", "No").unwrap_err();
        assert_eq!(wrong.field.as_deref(), Some("ratio"));
    }
}
