//! Reading a live database again, and what is written after each reading.

use crate::audit::Entry;
use crate::connection::refused;
use crate::error::OrAnswer as _;
use crate::services::Services;
use connect::introspection::{Introspection, Limits};
use connect::live;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::RefreshOutcome;
use model::catalog::DatabaseOrigin;
use model::id::DatabaseId;
use serde_json::json;
use store::statistics::{ColumnStatisticsRow, TableSize};
use store::versions::NewVersion;

impl Services {
    /// Reads a live database again.
    pub(crate) async fn refresh(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<RefreshOutcome, AppError> {
        self.editable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        if stored.origin != DatabaseOrigin::Connection {
            return Err(AppError::invalid(
                "There is no live database behind this one; import its script again instead.",
            ));
        }
        let target = self.target_of_stored(ctx, id, &stored)?;
        let turn = self.imports.take().await.or_answer(ctx)?;
        let audit = Entry::new("UPDATE", "database").of(id, &stored.name);
        let read = match live::introspect(&target, &Limits::default(), &|_| {}).await {
            Ok(read) => read,
            Err(error) => {
                let answer = refused(ctx, &error);
                self.store
                    .source_failed(id, &answer.message)
                    .await
                    .or_answer(ctx)?;
                let audit = audit.failed().by(ctx);
                self.store.audit_record(&audit).await.or_answer(ctx)?;
                return Err(answer);
            }
        };
        let version = NewVersion {
            created_by: ctx.user().map(|user| user.id),
        };
        let (number, has_changed) = self
            .store
            .schema_refresh(id, &read.schema, &version)
            .await
            .or_answer(ctx)?;
        self.facts_write(ctx, id, &read).await?;
        drop(turn);
        let newest = self.store.version_list(id).await.or_answer(ctx)?;
        let summary = newest
            .into_iter()
            .next()
            .and_then(|version| version.summary);
        if has_changed {
            let audit = audit
                .with(json!({ "version": number, "summary": summary }))
                .by(ctx);
            self.store.audit_record(&audit).await.or_answer(ctx)?;
        }
        tracing::info!(
            request.id = %ctx.request_id, database.id = %id, version = number, has_changed,
            "database refreshed"
        );
        Ok(RefreshOutcome {
            version: number.unsigned_abs(),
            has_changed,
            summary,
            unreadable: unreadable(&read),
        })
    }

    /// Sizes, statistics and what could not be read.
    pub(crate) async fn facts_write(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        read: &Introspection,
    ) -> Result<(), AppError> {
        let sizes: Vec<TableSize> = read
            .tables
            .iter()
            .map(|facts| TableSize {
                table: facts.table.clone(),
                row_count: facts.row_estimate,
                bytes: facts.size_bytes,
                index_bytes: facts.index_bytes,
            })
            .collect();
        self.store
            .table_sizes_write(id, &sizes)
            .await
            .or_answer(ctx)?;
        let statistics: Vec<ColumnStatisticsRow> = read
            .columns
            .iter()
            .map(|facts| ColumnStatisticsRow {
                table: facts.table.clone(),
                column: facts.column.clone(),
                statistics: facts.statistics.clone(),
            })
            .collect();
        self.store
            .statistics_write(id, &statistics)
            .await
            .or_answer(ctx)?;
        self.store
            .source_read(id, &read.server_version, &unreadable(read))
            .await
            .or_answer(ctx)
    }
}

fn unreadable(read: &Introspection) -> Vec<(String, String)> {
    read.unreadable
        .iter()
        .map(|one| (one.what.clone(), one.reason.clone()))
        .collect()
}
