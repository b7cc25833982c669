//! Tables of a database.

use crate::clock::now;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::metadata::render_table;
use crate::search::read_search_text;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::catalog::{Page, TableDetail, TableQuery, TableSummary};
use model::id::DatabaseId;
use model::schema::QualifiedName;
use store::StoreError;

/// Rows of a page where nobody says how many.
const ROWS_DEFAULT: u32 = 100;
/// Rows of a page at the most.
const ROWS_MAX: u32 = 200;

impl Services {
    /// A page of a database's tables.
    pub(crate) async fn tables(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: TableQuery,
    ) -> Result<Page<TableSummary>, AppError> {
        self.readable(ctx, id).await?;
        match self.store.table_list(id, &bounded(query)).await {
            Err(StoreError::InvalidCursor) => Err(AppError::invalid(
                "This is not the end of a page of this list; begin again at its first page.",
            )),
            page => page.or_answer(ctx)?.ok_or_else(database_not_found),
        }
    }

    /// One table, with its use where the database has a query history.
    pub(crate) async fn table(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        name: &QualifiedName,
    ) -> Result<TableDetail, AppError> {
        self.readable(ctx, id).await?;
        let mut table = self
            .store
            .table_fetch(id, name)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This table"))?;
        table.access = self.access_to(ctx, id).await?;
        table.profile = self
            .store
            .profile_fetch(table.summary.id)
            .await
            .or_answer(ctx)?;
        table.usage = self
            .store
            .table_usage(id, name, now())
            .await
            .or_answer(ctx)?;
        let relations = self.relations_of_table(ctx, id, table.summary.id, name);
        (table.relations, table.relations_pending) = relations.await?;
        render_table(&mut table);
        Ok(table)
    }
}

/// The query with its text trimmed and its length bounded.
fn bounded(mut query: TableQuery) -> TableQuery {
    query.limit = match query.limit {
        0 => ROWS_DEFAULT,
        limit => limit.min(ROWS_MAX),
    };
    query.text = read_search_text(&query.text);
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_endless() {
        let limit = |limit| {
            bounded(TableQuery {
                limit,
                ..TableQuery::default()
            })
            .limit
        };
        assert_eq!(
            [0, 1, 200, 201, u32::MAX].map(limit),
            [100, 1, 200, 200, 200]
        );
    }
}
