//! An embedded view as a picture, for pages that show pictures and no frames.

use crate::problem::Problem;
use crate::state::AppState;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use contract::context::Ctx;
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use model::embed::EmbedToken;
use std::collections::HashMap;

/// The colours of a stand-alone SVG are in a style element; a browser that opens it needs no more.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
                              frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// `GET /embed/v/{token}/diagram.svg`: the same as the page, with its parameters `level` and `theme`.
pub(crate) async fn picture(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(token): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let token = EmbedToken::new(token);
    let word = |name: &str| parameters.get(name).map(String::as_str);
    let dark = word("theme") == Some("dark");
    let embeds = &state.services.embeds;
    let file = embeds
        .embed_picture(&ctx, &token, word("level"), dark)
        .await?;
    let mut response = file.text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    let policy = HeaderValue::from_static(PICTURE_POLICY);
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
