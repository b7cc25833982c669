//! Reading a live database again, and what is written after each reading.

use crate::audit::Entry;
use crate::connection::refused;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::services::Services;
use connect::introspection::{Introspection, Limits};
use connect::live;
use contract::context::Ctx;
use contract::error::AppError;
use model::id::DatabaseId;
use model::job::{JobProgress, RefreshResult};
use serde_json::json;
use store::StoreError;
use store::jobs::ClaimedJob;
use store::source_refresh::Reading;
use store::statistics::{ColumnStatisticsRow, TableSize};
use tokio::sync::watch;

impl Services {
    /// Reads a live database again, and writes what it read over what the catalog has. `tell`
    /// hears how far it is.
    pub(crate) async fn refresh_do(
        &self,
        ctx: &Ctx,
        job: &ClaimedJob,
        tell: &watch::Sender<JobProgress>,
    ) -> Result<RefreshResult, AppError> {
        let id = &job.database_id;
        let stored = self.live_source(ctx, id).await?;
        let target = self.target_of_stored(ctx, id, &stored)?;
        // One step more, which is ours: comparing and writing.
        let total = live::steps(&target) + 1;
        let step = |message: &str| {
            tell.send_modify(|progress| {
                progress.current = (progress.current + 1).min(total);
                progress.total = Some(total);
                progress.message = Some(message.to_owned());
            });
        };
        let read = live::introspect(&target, &Limits::default(), &step)
            .await
            .map_err(|error| refused(ctx, &error))?;
        step("Comparing and writing");
        let reading = reading(read, total);
        let audit = |result: &RefreshResult| {
            let mut entry = Entry::new("UPDATE", "database")
                .of(id, &stored.name)
                .with(json!({ "version": result.version, "summary": result.summary }))
                .by(ctx);
            entry.user_id = job.user_id;
            result.has_changed.then_some(entry)
        };
        match self.store.source_refresh(job, &reading, audit).await {
            Err(StoreError::NotFound { .. }) => Err(database_not_found()),
            written => written.or_answer(ctx),
        }
    }

    /// Sizes, statistics and what could not be read, of a database that has just come.
    pub(crate) async fn facts_write(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        read: &Introspection,
    ) -> Result<(), AppError> {
        self.store
            .table_sizes_write(id, &sizes(read))
            .await
            .or_answer(ctx)?;
        self.store
            .statistics_write(id, &statistics(read))
            .await
            .or_answer(ctx)?;
        self.store
            .source_read(id, &read.server_version, &unreadable(read))
            .await
            .or_answer(ctx)
    }
}

fn reading(read: Introspection, steps: u32) -> Reading {
    Reading {
        sizes: sizes(&read),
        statistics: statistics(&read),
        unreadable: unreadable(&read),
        server_version: read.server_version,
        schema: read.schema,
        steps,
    }
}

fn sizes(read: &Introspection) -> Vec<TableSize> {
    read.tables
        .iter()
        .map(|facts| TableSize {
            table: facts.table.clone(),
            row_count: facts.row_estimate,
            bytes: facts.size_bytes,
            index_bytes: facts.index_bytes,
        })
        .collect()
}

fn statistics(read: &Introspection) -> Vec<ColumnStatisticsRow> {
    read.columns
        .iter()
        .map(|facts| ColumnStatisticsRow {
            table: facts.table.clone(),
            column: facts.column.clone(),
            statistics: facts.statistics.clone(),
        })
        .collect()
}

fn unreadable(read: &Introspection) -> Vec<(String, String)> {
    read.unreadable
        .iter()
        .map(|one| (one.what.clone(), one.reason.clone()))
        .collect()
}
