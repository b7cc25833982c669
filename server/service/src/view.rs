//! Saved views: who sees and arranges which, and what becomes of them.
//!
//! Whoever may not see a view is told that it is not there, administrators with the private views
//! of others too.

mod embed;
pub(crate) mod feed;
mod fit;
mod history;
mod query;

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::services::Services;
use crate::token::{random_bytes, sha256};
use async_trait::async_trait;
use contract::context::Ctx;
use contract::error::AppError;
use contract::view::{ViewSignals, Views};
use model::access::DatabaseAccess;
use model::account::CurrentUser;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, TableId, UserId, ViewId};
use model::saved_view::{
    NewView, ViewHistory, ViewNews, ViewPatch, ViewRecord, ViewSummary, check_changes, folder_path,
    view_name,
};
use model::view::ViewChange;
use query::check_query;
use store::StoreError;
use store::views::{OWN_VIEWS_MAX, StoredView, ViewInsert, ViewUpdate};

/// What a view is called that nobody gave a name.
const UNNAMED: &str = "My arrangement";
/// The revision with which a view begins.
const FIRST_REVISION: u64 = 1;
impl Services {
    /// The views of a database that may be seen. The caller has asked for the right to read it.
    pub(crate) async fn visible_views(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        access: DatabaseAccess,
    ) -> Result<Vec<ViewSummary>, AppError> {
        let person = ctx.user().map(|user| user.id);
        let views = self.store.view_list(id, person).await.or_answer(ctx)?;
        Ok(views
            .into_iter()
            .filter_map(|view| summary_of(ctx, view, access))
            .collect())
    }

    /// One view, if it may be seen by a request that may do this with the database, at least read it.
    pub(crate) async fn visible_view(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        access: DatabaseAccess,
    ) -> Result<(StoredView, ViewSummary), AppError> {
        let stored = self.store.view_fetch(id, view).await.or_answer(ctx)?;
        let stored = stored.ok_or_else(view_not_found)?;
        let summary = summary_of(ctx, stored.clone(), access).ok_or_else(view_not_found)?;
        Ok((stored, summary))
    }

    /// One view that may be arranged.
    async fn arrangeable_view(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        access: DatabaseAccess,
    ) -> Result<(StoredView, ViewSummary), AppError> {
        let (stored, summary) = self.visible_view(ctx, id, view, access).await?;
        match summary.may_edit {
            true => Ok((stored, summary)),
            false => Err(AppError::forbidden()),
        }
    }

    async fn record(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        access: DatabaseAccess,
    ) -> Result<ViewRecord, AppError> {
        let (stored, summary) = self.visible_view(ctx, id, view, access).await?;
        let may_edit_database = access >= DatabaseAccess::Edit;
        let embed = match may_edit_database && stored.is_embedded {
            true => self.store.embed_fetch(view).await.or_answer(ctx)?,
            false => None,
        };
        Ok(ViewRecord {
            database_id: id.clone(),
            database_name: stored.database_name,
            summary,
            query: stored.query,
            may_edit_database,
            embed,
        })
    }

    /// Keeps a view under this id, where its owner does not have it already.
    async fn keep(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        new: NewView,
        access: DatabaseAccess,
        action: &'static str,
    ) -> Result<(), AppError> {
        let owner = somebody(ctx)?.id;
        let name = match &new.name {
            Some(name) => view_name(name),
            None => Ok(UNNAMED.to_owned()),
        };
        let name = name.map_err(|wrong| AppError::invalid_field("name", wrong))?;
        let folder = folder_of(&new.folder)?;
        if new.is_shared && access < DatabaseAccess::Edit {
            return Err(not_to_be_shared());
        }
        check_query(&new.query)?;
        let (query, changes) = self.beginning(ctx, id, &new.query).await?;
        check_query(&query)?;
        let insert = ViewInsert {
            id: view.clone(),
            folder,
            name,
            may_number: new.name.is_none() || action == DUPLICATE,
            owner,
            is_shared: new.is_shared,
            query,
            changes,
        };
        let audit = Entry::new(action, "view").by(ctx);
        let kept = self.store.view_insert(id, insert, audit).await;
        kept.map(drop).map_err(|error| name_taken(ctx, error))
    }
}

/// The action under which a copy stands in the trail.
const DUPLICATE: &str = "DUPLICATE";

#[async_trait]
impl Views for Services {
    async fn view_list(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Vec<ViewSummary>, AppError> {
        let access = self.readable(ctx, id).await?;
        self.visible_views(ctx, id, access).await
    }

    async fn view_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<ViewRecord, AppError> {
        let access = self.readable(ctx, id).await?;
        self.record(ctx, id, view, access).await
    }

    async fn view_create(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        new: NewView,
    ) -> Result<ViewRecord, AppError> {
        let access = self.readable(ctx, id).await?;
        let view = new_id(ctx)?;
        self.keep(ctx, id, &view, new, access, "CREATE").await?;
        self.record(ctx, id, &view, access).await
    }

    async fn view_change(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        patch: ViewPatch,
    ) -> Result<ViewRecord, AppError> {
        let access = self.readable(ctx, id).await?;
        let (stored, summary) = self.arrangeable_view(ctx, id, view, access).await?;
        let mut update = ViewUpdate {
            is_shared: patch.is_shared.filter(|shared| *shared != stored.is_shared),
            ..ViewUpdate::default()
        };
        if let Some(name) = patch.name {
            let name = view_name(&name);
            update.name = Some(name.map_err(|wrong| AppError::invalid_field("name", wrong))?);
        }
        if let Some(folder) = patch.folder {
            update.folder = Some(folder_of(&folder)?);
        }
        if update.is_shared.is_some() {
            if !summary.may_manage {
                return Err(AppError::forbidden());
            }
            if access < DatabaseAccess::Edit {
                return Err(not_to_be_shared());
            }
            if !summary.is_own {
                return Err(AppError::invalid_field(
                    "shared",
                    "Only its owner can make a view private; others would lose it out of sight.",
                ));
            }
        }
        if let Some(query) = patch.query {
            update.query = Some(self.fitted(ctx, id, view, &stored.query, &query).await?);
        }
        let audit = Entry::new("UPDATE", "view").of(view, &stored.name).by(ctx);
        let by = ctx.user().map(|user| user.id);
        let done = self.store.view_update(id, view, update, by, &audit).await;
        match done.map_err(|error| name_taken(ctx, error))? {
            true => self.record(ctx, id, view, access).await,
            false => Err(view_not_found()),
        }
    }

    async fn view_delete(&self, ctx: &Ctx, id: &DatabaseId, view: &ViewId) -> Result<(), AppError> {
        let access = self.readable(ctx, id).await?;
        let (stored, summary) = self.visible_view(ctx, id, view, access).await?;
        if !summary.may_manage {
            return Err(AppError::forbidden());
        }
        let audit = Entry::new("DELETE", "view").of(view, &stored.name).by(ctx);
        match self
            .store
            .view_delete(id, view, &audit)
            .await
            .or_answer(ctx)?
        {
            true => Ok(()),
            false => Err(view_not_found()),
        }
    }

    async fn view_duplicate(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<ViewRecord, AppError> {
        let access = self.readable(ctx, id).await?;
        let (stored, _) = self.visible_view(ctx, id, view, access).await?;
        let new = NewView {
            name: Some(copy_name(&stored.name)),
            folder: stored.folder,
            is_shared: false,
            query: DiagramQuery::of_view(view),
        };
        let copy = new_id(ctx)?;
        self.keep(ctx, id, &copy, new, access, DUPLICATE).await?;
        self.record(ctx, id, &copy, access).await
    }

    async fn default_view_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: Option<&ViewId>,
    ) -> Result<(), AppError> {
        let access = self.editable(ctx, id).await?;
        let mut name = String::new();
        if let Some(view) = view {
            name = self.visible_view(ctx, id, view, access).await?.0.name;
        }
        let audit = Entry::new("UPDATE", "default_view").of(id, &name).by(ctx);
        match self.store.default_view_set(id, view, &audit).await {
            Err(StoreError::Conflict { .. }) => Err(AppError::invalid_field(
                "view",
                "A private view opens for nobody else. Share it first.",
            )),
            Err(StoreError::NotFound { .. }) => Err(view_not_found()),
            done => match done.or_answer(ctx)? {
                true => Ok(()),
                false => Err(crate::database::database_not_found()),
            },
        }
    }

    async fn view_arrange(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        changes: Vec<ViewChange>,
    ) -> Result<u64, AppError> {
        let access = self.readable(ctx, id).await?;
        self.arrangeable_view(ctx, id, view, access).await?;
        check_changes(&changes).map_err(|wrong| AppError::invalid_field("changes", wrong))?;
        let by = ctx.user().map(|user| user.id);
        let done = self.store.view_change(id, view, &changes, by).await;
        let revision = match done {
            Err(StoreError::Conflict { .. }) => {
                return Err(AppError::invalid_field(
                    "changes",
                    "This is more than one view can hold.",
                ));
            }
            done => done.or_answer(ctx)?,
        };
        revision.ok_or_else(view_not_found)
    }

    async fn view_begin(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: DiagramQuery,
        made_as: &str,
        changes: Vec<ViewChange>,
    ) -> Result<ViewNews, AppError> {
        let access = self.readable(ctx, id).await?;
        let view = begun_id(somebody(ctx)?.id, id, made_as);
        check_changes(&changes).map_err(|wrong| AppError::invalid_field("changes", wrong))?;
        let new = NewView {
            query,
            ..NewView::default()
        };
        self.keep(ctx, id, &view, new, access, "CREATE").await?;
        self.view_arrange(ctx, id, &view, changes).await?;
        self.view_news(ctx, id, &view, FIRST_REVISION).await
    }

    async fn view_news(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        since: u64,
    ) -> Result<ViewNews, AppError> {
        let access = self.readable(ctx, id).await?;
        let (_, summary) = self.visible_view(ctx, id, view, access).await?;
        let news = self.store.view_changes_since(view, since).await;
        let news = news.or_answer(ctx)?.ok_or_else(view_not_found)?;
        Ok(ViewNews {
            summary,
            revision: news.revision,
            changes: news.changes,
            has_other_query: news.has_other_query,
        })
    }

    async fn ghost_dismiss(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        table: TableId,
    ) -> Result<(), AppError> {
        let gone = ViewChange::Place {
            table: table.0,
            at: None,
        };
        self.view_arrange(ctx, id, view, vec![gone]).await.map(drop)
    }

    async fn view_history(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<ViewHistory, AppError> {
        let access = self.readable(ctx, id).await?;
        self.history(ctx, id, view, access).await
    }

    async fn view_restore(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        number: u32,
    ) -> Result<u64, AppError> {
        let access = self.readable(ctx, id).await?;
        self.restore(ctx, id, view, number, access).await
    }

    async fn view_listen(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
    ) -> Result<Box<dyn ViewSignals>, AppError> {
        let access = self.readable(ctx, id).await?;
        self.listen(ctx, id, view, access).await
    }
}

/// A fresh id.
fn new_id(ctx: &Ctx) -> Result<ViewId, AppError> {
    Ok(ViewId::from_entropy(random_bytes().or_answer(ctx)?))
}

/// The id of the view that a person's page begins under a name it made up: always the same one, so
/// that who asks again, because the answer was lost, gets the view that was made.
fn begun_id(owner: UserId, database: &DatabaseId, made_as: &str) -> ViewId {
    let hash = sha256(format!("view of {} {database} {made_as}", owner.0).as_bytes());
    let mut entropy = [0; DatabaseId::LENGTH];
    for (number, byte) in entropy.iter_mut().zip(hash) {
        *number = byte;
    }
    ViewId::from_entropy(entropy)
}

/// What lists show of a view; none where it is not to be seen.
fn summary_of(ctx: &Ctx, view: StoredView, access: DatabaseAccess) -> Option<ViewSummary> {
    let is_own = match (&view.owner, ctx.user()) {
        (Some(owner), Some(user)) => owner.id == user.id,
        _ => false,
    };
    if !is_own && !view.is_shared {
        return None;
    }
    Some(ViewSummary {
        id: view.id,
        name: view.name,
        folder: view.folder,
        owner: view.owner,
        is_own,
        is_shared: view.is_shared,
        is_default: view.is_default,
        is_embedded: view.is_embedded,
        // What others see without signing in is up to those who may edit the database.
        may_edit: (is_own && !view.is_embedded) || access >= DatabaseAccess::Edit,
        may_manage: is_own || access >= DatabaseAccess::Own,
        revision: view.revision,
        changed_at: view.changed_at,
        changed_by: view.changed_by,
    })
}

/// `Billing` is `Billing, copy`; a number is added where that is taken too.
fn copy_name(name: &str) -> String {
    const COPY: &str = ", copy";
    const NUMBER: &str = " 1000";
    let room = model::saved_view::VIEW_NAME_MAX_CHARS - COPY.len() - NUMBER.len();
    let begin: String = name.chars().take(room).collect();
    format!("{begin}{COPY}")
}

fn folder_of(text: &str) -> Result<String, AppError> {
    folder_path(text).map_err(|wrong| AppError::invalid_field("folder", wrong))
}

/// The person who asks: views are somebody's.
pub(crate) fn somebody(ctx: &Ctx) -> Result<&CurrentUser, AppError> {
    ctx.user().ok_or_else(AppError::forbidden)
}

fn name_taken(ctx: &Ctx, error: StoreError) -> AppError {
    match error.constraint() {
        Some("diagram_views_name_key") => AppError {
            field: Some("name".to_owned()),
            ..AppError::conflict("There is a view of this name in this folder already.")
        },
        Some("diagram_views_own") => AppError::conflict(format!(
            "You have {OWN_VIEWS_MAX} views of this database; delete some first."
        )),
        _ => match Err::<(), _>(error).or_answer(ctx) {
            Err(answer) => answer,
            Ok(()) => AppError::internal(),
        },
    }
}

fn not_to_be_shared() -> AppError {
    AppError {
        field: Some("shared".to_owned()),
        message:
            "Sharing a view needs the right to edit the database. Keep it private, or ask its \
                  owner."
                .to_owned(),
        ..AppError::forbidden()
    }
}

pub(crate) fn view_not_found() -> AppError {
    AppError::not_found("This view")
}
