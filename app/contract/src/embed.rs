//! Views that other sites show to people who are not signed in.

use crate::catalog::DiagramData;
use crate::context::Ctx;
use crate::error::AppError;
use crate::source::ExportFile;
use async_trait::async_trait;
use model::embed::EmbedToken;
use model::id::{DatabaseId, ViewId};

/// A view's new address for other sites. It is told once: only its hash is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedGrant {
    /// The secret in the address.
    pub token: EmbedToken,
    /// The origins whose pages may frame it; empty for any.
    pub sites: Vec<String>,
}

/// Use cases around embedded views. Who may edit the database says which of its shared views have
/// an address; whoever knows that address sees the view, signed in or not.
#[async_trait]
pub trait Embeds: Send + Sync {
    /// Gives a shared view an address for other sites; one that it had holds no longer. Without
    /// `sites` those that it had stay. It holds until it is revoked or renewed, the view is private or deleted, or its database is.
    ///
    /// # Errors
    /// Invalid for a private view, and, with the field `sites`, for what is no origin.
    async fn embed_allow(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        sites: Option<&[String]>,
    ) -> Result<EmbedGrant, AppError>;

    /// Says which sites may frame an embedded view; its address stays. Answers them as they are
    /// kept.
    ///
    /// # Errors
    /// As [`Embeds::embed_allow`]; not found for a view without an address.
    async fn embed_restrict(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        sites: &[String],
    ) -> Result<Vec<String>, AppError>;

    /// Takes the address away.
    ///
    /// # Errors
    /// Not found for a view without one.
    async fn embed_revoke(&self, ctx: &Ctx, id: &DatabaseId, view: &ViewId)
    -> Result<(), AppError>;

    /// The origins whose pages may frame what an address shows; empty for any.
    ///
    /// # Errors
    /// Not found for an address that does not hold, whatever the reason.
    async fn embed_sites(&self, ctx: &Ctx, token: &EmbedToken) -> Result<Vec<String>, AppError>;

    /// What an address shows, and nothing besides: neither tables nor columns that the view does
    /// not draw, nor who made it. A level may ask for less than the view's, not for more.
    ///
    /// # Errors
    /// As [`Embeds::embed_sites`].
    async fn embed_diagram(
        &self,
        ctx: &Ctx,
        token: &EmbedToken,
        level: Option<&str>,
    ) -> Result<DiagramData, AppError>;

    /// The same as an SVG, in the dark theme or in the light one.
    ///
    /// # Errors
    /// As [`Embeds::embed_sites`].
    async fn embed_picture(
        &self,
        ctx: &Ctx,
        token: &EmbedToken,
        level: Option<&str>,
        dark: bool,
    ) -> Result<ExportFile, AppError>;
}
