//! Whether other sites show a view. The form stands at the address of the view's page: a new address
//! is told in the answer itself, and so in no cookie.

use crate::form::page::{self, Fields, text};
use crate::form::{succeeded, wants_json, with_news};
use crate::state::AppState;
use app::bootstrap::{Bootstrap, NewEmbed};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::embed::EmbedGrant;
use contract::error::AppError;
use model::account::Permission;
use model::address::view_address;
use model::id::{DatabaseId, ViewId};

/// What a form did.
enum Done {
    /// Made an address, which is told once.
    Made(EmbedGrant),
    /// Something else, to be told on the page.
    Told(&'static str),
}

/// `POST /databases/{id}/views/{view}`: `embed` is `allow`, `restrict` or `revoke`.
pub(crate) async fn embed(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    request: Request,
) -> Response {
    let (mut parts, fields) = page::read(&state, request).await;
    let read = fields.and_then(|fields| Ok((read_ids(&ctx, &path)?, fields)));
    let ((id, view), fields) = match read {
        Ok(read) => read,
        Err(error) => return page::refused(state, parts, error, Vec::new()).await,
    };
    let made = match done(&state, &ctx, (&id, &view), &fields).await {
        Ok(Done::Made(made)) => made,
        Ok(Done::Told(news)) => {
            let to = view_address(&id, &view);
            return with_news(succeeded(&parts.headers, &to), state.cookies, news);
        }
        Err(error) => return page::refused(state, parts, error, fields).await,
    };
    let new = NewEmbed {
        view,
        origin: state.origin(&parts.headers).unwrap_or_default(),
        token: made.token,
    };
    if wants_json(&parts.headers) {
        let address = format!("{}{}", new.origin, new.token.address());
        return Json(serde_json::json!({ "address": address })).into_response();
    }
    if let Some(bootstrap) = parts.extensions.get_mut::<Bootstrap>() {
        bootstrap.new_embed = Some(new);
    }
    page::shown(state, parts).await
}

async fn done(
    state: &AppState,
    ctx: &Ctx,
    (id, view): (&DatabaseId, &ViewId),
    fields: &Fields,
) -> Result<Done, AppError> {
    let embeds = &state.services.embeds;
    // A field that is empty is for any site; without the field nothing is said of them.
    let sites: Option<Vec<String>> = text(fields, "sites").map(|sites| sites.into_iter().collect());
    Ok(match text(fields, "embed").flatten().as_deref() {
        Some("allow") => Done::Made(embeds.embed_allow(ctx, id, view, sites.as_deref()).await?),
        Some("restrict") => {
            let kept = embeds
                .embed_restrict(ctx, id, view, &sites.unwrap_or_default())
                .await?;
            Done::Told(match kept.is_empty() {
                true => "Any site may show this view.",
                false => "Only these sites may show this view.",
            })
        }
        Some("revoke") => {
            embeds.embed_revoke(ctx, id, view).await?;
            Done::Told("The address holds no longer: no other site shows this view.")
        }
        _ => {
            return Err(AppError::invalid(
                "The form does not say what is to be done.",
            ));
        }
    })
}

fn read_ids(ctx: &Ctx, (id, view): &(String, String)) -> Result<(DatabaseId, ViewId), AppError> {
    ctx.authorize(Permission::CatalogRead)?;
    let id = id.parse();
    let id = id.map_err(|_| AppError::not_found("This database"))?;
    let view = view.parse();
    Ok((id, view.map_err(|_| AppError::not_found("This view"))?))
}
