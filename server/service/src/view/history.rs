//! Views as they were.

use crate::audit::Entry;
use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use crate::view::view_not_found;
use contract::context::Ctx;
use contract::error::AppError;
use model::access::DatabaseAccess;
use model::id::{DatabaseId, ViewId};
use model::saved_view::{ViewHistory, ViewSnapshot, changes_between};
use serde_json::json;
use store::views::{Restored, StoredSnapshot};
use tokio::sync::mpsc;

impl Services {
    /// The states of a view, for a request that may do this with the database.
    pub(super) async fn history(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        access: DatabaseAccess,
    ) -> Result<ViewHistory, AppError> {
        let record = self.record(ctx, id, view, access).await?;
        let now = self.store.view_arrangement(view).await.or_answer(ctx)?;
        let (_, now) = now.ok_or_else(view_not_found)?;
        let query = record.query.clone();
        // A hundred states may be large: each is compared and gone before the next is read.
        let (send, mut states) = mpsc::channel::<StoredSnapshot>(1);
        let compared = tokio::task::spawn_blocking(move || {
            let mut snapshots = Vec::new();
            while let Some(stored) = states.blocking_recv() {
                let arranged = changes_between(&now, &stored.arrangement).len();
                let differences = arranged + usize::from(stored.query != query);
                snapshots.push(ViewSnapshot {
                    number: stored.number,
                    changed_at: stored.changed_at,
                    changed_by: stored.changed_by,
                    left_at: stored.left_at,
                    differences: u32::try_from(differences).unwrap_or(u32::MAX),
                });
            }
            snapshots
        });
        let read = self.store.view_snapshots_each(view, |stored| {
            let send = send.clone();
            async move {
                // It is taken, unless the comparing failed, which is told below.
                send.send(stored).await.ok();
            }
        });
        let read = read.await;
        drop(send);
        let snapshots = compared.await.map_err(Fault::from).or_answer(ctx)?;
        read.or_answer(ctx)?;
        Ok(ViewHistory {
            view: record,
            snapshots,
        })
    }

    /// Goes back to a state, for a request that may do this with the database.
    pub(super) async fn restore(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        number: u32,
        access: DatabaseAccess,
    ) -> Result<u64, AppError> {
        let (stored, _) = self.arrangeable_view(ctx, id, view, access).await?;
        let audit = Entry::new("RESTORE", "view")
            .of(view, &stored.name)
            .with(
                json!({ "revision": { "before": stored.revision }, "state": { "after": number } }),
            )
            .by(ctx);
        let by = ctx.user().map(|user| user.id);
        let done = self.store.view_restore(id, view, number, by, &audit).await;
        match done.or_answer(ctx)? {
            Restored::Done(revision) => Ok(revision),
            Restored::Absent => Err(AppError::not_found("This state of the view")),
        }
    }
}
