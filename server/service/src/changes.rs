//! What changed from one reading of a database to another.

use crate::audit::Entry;
use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::SchemaChanges;
use model::catalog::SchemaVersion;
use model::diff::{Rename, SchemaDiff};
use model::id::DatabaseId;
use model::schema::Schema;
use serde_json::json;

/// Two versions side by side.
pub(crate) struct Comparison {
    /// The database's name.
    pub(crate) database_name: String,
    /// Every version that is kept, the newest first.
    pub(crate) versions: Vec<SchemaVersion>,
    /// The older of the two; 0 when there is but one.
    pub(crate) from: u32,
    /// The newer of the two.
    pub(crate) to: u32,
    /// What they declare and what differs; none when there is but one version.
    pub(crate) compared: Option<Compared>,
}

/// What two versions declare, and what differs.
pub(crate) struct Compared {
    pub(crate) old: Schema,
    pub(crate) new: Schema,
    pub(crate) diff: SchemaDiff,
}

impl Services {
    /// What changed between two versions; without numbers between the newest and the last one
    /// before it that was different.
    pub(crate) async fn changes(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        from: Option<u32>,
        to: Option<u32>,
    ) -> Result<SchemaChanges, AppError> {
        self.readable(ctx, id).await?;
        let comparison = self.comparison(ctx, id, from, to).await?;
        let newest = comparison.versions.first().map_or(0, |it| it.number);
        let is_newest = comparison.to == newest;
        let mut changes = SchemaChanges {
            database_id: id.clone(),
            database_name: comparison.database_name,
            versions: comparison.versions,
            from: comparison.from,
            to: comparison.to,
            diff: None,
            access: self.access_to(ctx, id).await?,
            proposals: Vec::new(),
        };
        if let Some(Compared { diff, .. }) = comparison.compared {
            let (diff, proposals) = tokio::task::spawn_blocking(move || {
                let proposals = if is_newest {
                    diff.renames()
                } else {
                    Vec::new()
                };
                (diff, proposals)
            })
            .await
            .map_err(Fault::from)
            .or_answer(ctx)?;
            changes.diff = Some(diff);
            changes.proposals = proposals;
        }
        Ok(changes)
    }

    /// Two versions side by side, numbered as in [`Services::changes`].
    pub(crate) async fn comparison(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        from: Option<u32>,
        to: Option<u32>,
    ) -> Result<Comparison, AppError> {
        self.readable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        let versions = self.store.version_list(id).await.or_answer(ctx)?;
        let newest = versions.first().map_or(0, |version| version.number);
        let to = to.unwrap_or(newest);
        // The version that last brought something new, and so the one to compare with.
        let from = from.unwrap_or_else(|| {
            versions
                .iter()
                .filter(|version| version.number <= to)
                .find(|version| version.has_changed)
                .map_or(0, |version| version.number.saturating_sub(1))
        });
        let mut comparison = Comparison {
            database_name: stored.name,
            versions,
            from,
            to,
            compared: None,
        };
        if from == 0 || to == 0 {
            return Ok(comparison);
        }
        let missing = || AppError::not_found("This version");
        let structure = async |number| {
            self.store
                .version_structure(id, number)
                .await
                .or_answer(ctx)?
                .ok_or_else(missing)
        };
        let (old, new) = (structure(from).await?, structure(to).await?);
        let renames = self.store.rename_list(id).await.or_answer(ctx)?;
        let compared = tokio::task::spawn_blocking(move || {
            let diff = SchemaDiff::with_renames(&old, &new, &renames);
            Compared { old, new, diff }
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?;
        comparison.compared = Some(compared);
        Ok(comparison)
    }

    /// Says that two names are one thing.
    pub(crate) async fn confirm_rename(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        rename: Rename,
    ) -> Result<(), AppError> {
        self.editable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        let by = ctx.user().map(|user| user.id);
        if !self
            .store
            .rename_confirm(id, &rename, by)
            .await
            .or_answer(ctx)?
        {
            return Err(AppError::conflict(
                "The old one is not gone, or the new one is not there (any more). Reload the page.",
            ));
        }
        let (old, new) = match &rename {
            Rename::Table { old, new } => (old.to_string(), new.to_string()),
            Rename::Column { table, old, new } => {
                (format!("{table}.{old}"), format!("{table}.{new}"))
            }
        };
        let audit = Entry::new("UPDATE", "database")
            .of(id, &stored.name)
            .with(json!({ "renamed": { "before": old, "after": new } }))
            .by(ctx);
        self.store.audit_record(&audit).await.or_answer(ctx)
    }
}
