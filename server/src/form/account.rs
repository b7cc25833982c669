//! Signing in and out, first setup, password.

use crate::form::{failed, not_whole, safe_address, succeeded, with_news};
use crate::state::AppState;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, body::Body};
use contract::account::{Secret, SessionGrant, SetupRequest};
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use http::header::SET_COOKIE;
use model::address::encode;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct LoginForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

/// `POST /rpc/login`
pub(crate) async fn login(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return failed(&headers, state.cookies, "/login", not_whole(), Vec::new());
    };
    let next = safe_address(form.next.as_deref());
    match state
        .services
        .accounts
        .login(&ctx, &form.email, Secret::new(form.password))
        .await
    {
        Ok(grant) => signed_in(&state, &grant, succeeded(&headers, &next)),
        Err(error) => {
            let back = if next == "/" {
                "/login".to_owned()
            } else {
                format!("/login?next={}", encode(&next))
            };
            failed(
                &headers,
                state.cookies,
                &back,
                error,
                vec![("email".to_owned(), form.email)],
            )
        }
    }
}

/// `POST /rpc/logout`
pub(crate) async fn logout(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Response {
    if let Some(token) = state.cookies.session(&headers)
        && let Err(error) = state.services.accounts.logout(&ctx, token).await
    {
        return failed(&headers, state.cookies, "/", error, Vec::new());
    }
    signed_out(&state)
}

/// `POST /rpc/logout-everywhere`
pub(crate) async fn logout_everywhere(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Response {
    match state.services.accounts.logout_everywhere(&ctx).await {
        Ok(()) => signed_out(&state),
        Err(error) => failed(&headers, state.cookies, "/me", error, Vec::new()),
    }
}

#[derive(Deserialize)]
pub(crate) struct SetupForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    password: String,
}

/// `POST /rpc/setup`
pub(crate) async fn setup(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<Form<SetupForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return failed(&headers, state.cookies, "/setup", not_whole(), Vec::new());
    };
    let entered = vec![
        ("email".to_owned(), form.email.clone()),
        ("full_name".to_owned(), form.full_name.clone()),
    ];
    let request = SetupRequest {
        code: Secret::new(form.code),
        email: form.email,
        full_name: form.full_name,
        password: Secret::new(form.password),
    };
    match state.services.accounts.setup(&ctx, request).await {
        Ok(grant) => signed_in(&state, &grant, succeeded(&headers, "/")),
        Err(error) => failed(&headers, state.cookies, "/setup", error, entered),
    }
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    repeat: String,
}

/// `POST /rpc/password`
pub(crate) async fn password(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return failed(&headers, state.cookies, "/me", not_whole(), Vec::new());
    };
    if form.new != form.repeat {
        let error = AppError::invalid_field("repeat", "The two new passwords differ.");
        return failed(&headers, state.cookies, "/me", error, Vec::new());
    }
    let changed = state
        .services
        .accounts
        .password_change(&ctx, Secret::new(form.current), Secret::new(form.new))
        .await;
    match changed {
        Ok(grant) => {
            let response = signed_in(&state, &grant, succeeded(&headers, "/me"));
            with_news(
                response,
                state.cookies,
                "Your password is changed. Your other sessions have ended.",
            )
        }
        Err(error) => failed(&headers, state.cookies, "/me", error, Vec::new()),
    }
}

fn signed_in(state: &AppState, grant: &SessionGrant, mut response: Response) -> Response {
    if let Some(cookie) = state.cookies.session_set(grant) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn signed_out(state: &AppState) -> Response<Body> {
    let mut response = Redirect::to("/login").into_response();
    if let Some(cookie) = state.cookies.session_clear() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
