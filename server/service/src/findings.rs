//! How well a database is described, and what of its structure is worth a second look.

use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::DatabaseFindings;
use model::finding::{Facts, NEARLY_EMPTY, findings};
use model::id::DatabaseId;
use model::schema::QualifiedName;
use store::history::UsageWindow;

impl Services {
    /// Coverage and findings, computed anew each time: they follow from what is stored.
    pub(crate) async fn second_looks(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseFindings, AppError> {
        self.readable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        let schema = self.structure(ctx, id).await?;
        let coverage = self.store.coverage(id).await.or_answer(ctx)?;
        let nulls = self
            .store
            .columns_mostly_null(id, NEARLY_EMPTY)
            .await
            .or_answer(ctx)?;
        let uses = self
            .store
            .usage_counts(id, UsageWindow::ALL)
            .await
            .or_answer(ctx)?;
        let found = tokio::task::spawn_blocking(move || {
            let statistics = |table: &QualifiedName, column: &str| {
                nulls.get(&(table.clone(), column.to_owned()))
            };
            let usage = |table: &QualifiedName| {
                let uses = uses.as_ref()?;
                Some(uses.get(&table.to_string()).copied().unwrap_or_default())
            };
            let facts = Facts {
                statistics: Some(&statistics),
                usage: Some(&usage),
            };
            findings(&schema, &facts)
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?;
        Ok(DatabaseFindings {
            database_id: id.clone(),
            database_name: stored.name,
            coverage,
            findings: found,
        })
    }
}
