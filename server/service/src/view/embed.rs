//! Views that other sites show to people who are not signed in.
//!
//! Whoever knows the secret in the address sees the view: that is the right, and the only one that
//! is asked for. So what goes out is made of what the view draws, field by field, and nothing of
//! what the catalog knows besides.

use crate::audit::Entry;
use crate::diagram::embedded::{is_for_everybody, only_shown, picture_file};
use crate::error::{Fault, OrAnswer as _};
use crate::services::{Services, Turn};
use crate::token::{base64url, random_bytes, sha256};
use crate::view::view_not_found;
use async_trait::async_trait;
use contract::catalog::DiagramData;
use contract::context::{Actor, Ctx};
use contract::embed::{EmbedGrant, Embeds};
use contract::error::{AppError, ErrorKind};
use contract::source::ExportFile;
use diagram::detail::Detail;
use model::diagram::{DiagramQuery, NONE};
use model::embed::{EmbedToken, read_sites};
use model::id::{DatabaseId, ViewId};
use std::sync::Arc;
use store::StoreError;
use store::views::EmbeddedView;

#[async_trait]
impl Embeds for Services {
    async fn embed_allow(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        sites: Option<&[String]>,
    ) -> Result<EmbedGrant, AppError> {
        let access = self.editable(ctx, id).await?;
        let (stored, _) = self.visible_view(ctx, id, view, access).await?;
        if !stored.is_shared {
            return Err(private());
        }
        let sites = sites.map(sites_of).transpose()?;
        let token = EmbedToken::new(base64url(&random_bytes::<32>().or_answer(ctx)?));
        let audit = Entry::new("CREATE", "view_embed")
            .of(view, &stored.name)
            .by(ctx);
        let by = ctx.user().map(|user| user.id);
        let hash = sha256(token.reveal().as_bytes());
        let done = self
            .store
            .embed_put(id, view, &hash, sites, by, &audit)
            .await;
        match done {
            Err(StoreError::Conflict { .. }) => Err(private()),
            done => match done.or_answer(ctx)? {
                Some(sites) => Ok(EmbedGrant { token, sites }),
                None => Err(view_not_found()),
            },
        }
    }

    async fn embed_restrict(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        sites: &[String],
    ) -> Result<Vec<String>, AppError> {
        let access = self.editable(ctx, id).await?;
        let (stored, _) = self.visible_view(ctx, id, view, access).await?;
        let sites = sites_of(sites)?;
        let audit = Entry::new("UPDATE", "view_embed")
            .of(view, &stored.name)
            .by(ctx);
        let done = self.store.embed_sites_set(id, view, &sites, &audit).await;
        match done.or_answer(ctx)? {
            true => Ok(sites),
            false => Err(not_embedded()),
        }
    }

    async fn embed_revoke(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<(), AppError> {
        let access = self.editable(ctx, id).await?;
        let (stored, _) = self.visible_view(ctx, id, view, access).await?;
        let audit = Entry::new("DELETE", "view_embed")
            .of(view, &stored.name)
            .by(ctx);
        let done = self.store.embed_delete(id, view, &audit).await;
        match done.or_answer(ctx)? {
            true => Ok(()),
            false => Err(not_embedded()),
        }
    }

    async fn embed_sites(&self, ctx: &Ctx, token: &EmbedToken) -> Result<Vec<String>, AppError> {
        Ok(self.embedded(ctx, token).await?.sites)
    }

    async fn embed_diagram(
        &self,
        ctx: &Ctx,
        token: &EmbedToken,
        level: Option<&str>,
    ) -> Result<DiagramData, AppError> {
        let (data, _) = self.embedded_data(ctx, token, level).await?;
        Ok(data)
    }

    async fn embed_picture(
        &self,
        ctx: &Ctx,
        token: &EmbedToken,
        level: Option<&str>,
        dark: bool,
    ) -> Result<ExportFile, AppError> {
        let (data, turn) = self.embedded_data(ctx, token, level).await?;
        tokio::task::spawn_blocking(move || {
            let file = picture_file(data, dark);
            drop(turn);
            file
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)
    }
}

impl Services {
    /// What the secret opens. Whatever is wrong with it, the answer is the same.
    async fn embedded(&self, ctx: &Ctx, token: &EmbedToken) -> Result<EmbeddedView, AppError> {
        if !token.is_whole() {
            return Err(not_embedded());
        }
        // The hash is looked up, so how long that takes says nothing of the secret.
        let hash = sha256(token.reveal().as_bytes());
        let found = self.store.embed_find(&hash).await.or_answer(ctx)?;
        found.ok_or_else(not_embedded)
    }

    /// What the embedded view shows, and the turn in which it was made. Whoever asks is not known, and
    /// may ask and be gone: whatever is worked at for them holds the turn until its end.
    async fn embedded_data(
        &self,
        ctx: &Ctx,
        token: &EmbedToken,
        level: Option<&str>,
    ) -> Result<(DiagramData, Turn), AppError> {
        let embedded = self.embedded(ctx, token).await?;
        let turn = Arc::new(self.embeds.take().await.or_answer(ctx)?);
        let query = self.embedded_query(ctx, &embedded, level).await?;
        let asker = whoever(ctx);
        let data = self.diagram_in_turn(&asker, &embedded.database, &query, Some(turn.clone()));
        let (data, _) = data.await.map_err(gone)?;
        let held = turn.clone();
        let shown = tokio::task::spawn_blocking(move || {
            let shown = only_shown(data);
            drop(held);
            shown
        });
        Ok((shown.await.map_err(Fault::from).or_answer(ctx)?, turn))
    }

    /// The view and nothing else; a level where it asks for less than the view's own.
    async fn embedded_query(
        &self,
        ctx: &Ctx,
        embedded: &EmbeddedView,
        level: Option<&str>,
    ) -> Result<DiagramQuery, AppError> {
        let mut query = DiagramQuery::of_view(&embedded.view);
        let stored = self
            .store
            .view_fetch(&embedded.database, &embedded.view)
            .await
            .or_answer(ctx)?
            .ok_or_else(not_embedded)?;
        let overlay = stored.query.overlay.as_deref();
        if overlay.is_some_and(|overlay| !is_for_everybody(overlay)) {
            // Nor the tables that only an older version has.
            query.overlay = Some(NONE.to_owned());
        }
        if let Some(asked) = level.and_then(Detail::from_word) {
            let own = stored.query.level.as_deref().and_then(Detail::from_word);
            if own.is_some_and(|own| asked < own) {
                query.level = Some(asked.as_str().to_owned());
            }
        }
        Ok(query)
    }
}

/// Asks for what the secret opens; whoever it is in truth has no say in it.
fn whoever(ctx: &Ctx) -> Ctx {
    Ctx {
        actor: Actor::System,
        ..ctx.clone()
    }
}

fn sites_of(sites: &[String]) -> Result<Vec<String>, AppError> {
    read_sites(sites.iter().map(String::as_str))
        .map_err(|wrong| AppError::invalid_field("sites", wrong))
}

fn private() -> AppError {
    AppError::invalid("A private view has no address for other sites. Share it first.")
}

fn not_embedded() -> AppError {
    AppError::not_found("This embedded view")
}

/// What is gone is gone for the same reason, wherever it was noticed.
fn gone(error: AppError) -> AppError {
    match error.kind {
        ErrorKind::NotFound => not_embedded(),
        _ => error,
    }
}
