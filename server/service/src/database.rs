//! Databases of the catalog.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::metadata::render_database;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::Permission;
use model::catalog::{DatabaseDetail, DatabaseOrigin, DatabaseSummary};
use model::id::DatabaseId;

impl Services {
    /// Every database that may be seen, by name.
    pub(crate) async fn databases(&self, ctx: &Ctx) -> Result<Vec<DatabaseSummary>, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        self.store
            .database_list(self.scope(ctx))
            .await
            .or_answer(ctx)
    }

    /// One database.
    pub(crate) async fn database(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseDetail, AppError> {
        self.readable(ctx, id).await?;
        let mut detail = self
            .store
            .database_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)?;
        detail.access = self.access_to(ctx, id).await?;
        render_database(&mut detail);
        Ok(detail)
    }

    /// Takes a database out of the catalog. The sample's own database goes with it, for we made
    /// it; any other source is left alone.
    pub(crate) async fn database_remove(&self, ctx: &Ctx, id: &DatabaseId) -> Result<(), AppError> {
        self.editable(ctx, id).await?;
        let summary = self
            .store
            .database_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)?
            .summary;
        let audit = Entry::new("DELETE", "database")
            .of(id, &summary.name)
            .by(ctx);
        if !self
            .store
            .database_delete(id, &audit)
            .await
            .or_answer(ctx)?
        {
            return Err(database_not_found());
        }
        tracing::info!(request.id = %ctx.request_id, database.id = %id, "database deleted");
        if summary.origin == DatabaseOrigin::Sample {
            self.sample_clean(ctx).await;
        }
        Ok(())
    }
}

/// The answer for a database that is not there.
pub(crate) fn database_not_found() -> AppError {
    AppError::not_found("This database")
}
