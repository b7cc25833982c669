//! Saved views of diagrams: who made them, what is arranged in them, and news of them.

use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, TableId, ViewId};
use model::saved_view::{NewView, ViewHistory, ViewNews, ViewPatch, ViewRecord, ViewSummary};
use model::view::ViewChange;

/// What somebody who listens to a view hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewSignal {
    /// The view has this revision now.
    Revision(u64),
    /// Nothing happened for a while, and the right to listen is still there.
    Alive,
}

/// News of one view, for one person. Dropping it ends the listening.
#[async_trait]
pub trait ViewSignals: Send {
    /// Waits for the next; none when there will be no more: the view is gone, the right is lost, or
    /// the server stops.
    async fn next(&mut self) -> Option<ViewSignal>;
}

/// Use cases around views. A private view of somebody else is not there, for administrators too.
#[async_trait]
pub trait Views: Send + Sync {
    /// The views of a database that the person sees, by folder and name.
    async fn view_list(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Vec<ViewSummary>, AppError>;

    /// One view.
    async fn view_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<ViewRecord, AppError>;

    /// Keeps what a diagram shows, with the places of all its tables.
    ///
    /// # Errors
    /// Invalid, with its field, for a name or a folder that cannot be; conflict for a name that is
    /// taken; forbidden for a shared view of a database that the person may only read.
    async fn view_create(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        new: NewView,
    ) -> Result<ViewRecord, AppError>;

    /// Changes what a view is called, who sees it and what it shows.
    ///
    /// # Errors
    /// As [`Views::view_create`].
    async fn view_change(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        patch: ViewPatch,
    ) -> Result<ViewRecord, AppError>;

    /// Forgets a view.
    async fn view_delete(&self, ctx: &Ctx, id: &DatabaseId, view: &ViewId) -> Result<(), AppError>;

    /// Makes a private view of one's own that is like another.
    async fn view_duplicate(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<ViewRecord, AppError>;

    /// Says which view opens when the address of the diagram says nothing; none for none.
    ///
    /// # Errors
    /// Invalid for a private view.
    async fn default_view_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: Option<&ViewId>,
    ) -> Result<(), AppError>;

    /// Arranges. Of several changes to one thing the last counts; what is said of tables that the
    /// database does not have is left out. Answers the new revision.
    ///
    /// # Errors
    /// Invalid for more changes than are taken at once and for what no diagram can show.
    async fn view_arrange(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        changes: Vec<ViewChange>,
    ) -> Result<u64, AppError>;

    /// Arranges a diagram that has no view yet: makes a private one, with the places of all that is
    /// shown, and makes the changes in it. Asked again under the same name `made_as`, it makes no
    /// other one: the answer may have been lost. Answers with all that was changed in it.
    ///
    /// # Errors
    /// As [`Views::view_create`] and [`Views::view_arrange`].
    async fn view_begin(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: DiagramQuery,
        made_as: &str,
        changes: Vec<ViewChange>,
    ) -> Result<ViewNews, AppError>;

    /// What happened to a view after a revision.
    async fn view_news(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        since: u64,
    ) -> Result<ViewNews, AppError>;

    /// Takes a table that disappeared from its source out of a view.
    async fn ghost_dismiss(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        table: TableId,
    ) -> Result<(), AppError>;

    /// The states of a view to go back to.
    async fn view_history(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<ViewHistory, AppError>;

    /// Goes back to a state; the one that is left is kept. Answers the new revision.
    async fn view_restore(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        number: u32,
    ) -> Result<u64, AppError>;

    /// Listens to a view.
    ///
    /// # Errors
    /// Too many when the person listens at too many places already.
    async fn view_listen(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<Box<dyn ViewSignals>, AppError>;
}
