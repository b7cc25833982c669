//! Which columns come with a diagram, and which are told when somebody looks closer.

use super::ALL_COLUMNS_MAX_TABLES;
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::catalog::{COLUMNS_TABLES_MAX, DiagramData, TableColumns};
use contract::context::Ctx;
use contract::error::AppError;
use diagram::graph::ColumnRow;
use diagram::late::leave_for_later;
use model::id::{DatabaseId, TableId};
use store::diagram::DiagramColumn;

impl Services {
    /// The columns of some tables of a database that the person may see.
    pub(crate) async fn columns_of(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        tables: &[TableId],
    ) -> Result<Vec<TableColumns>, AppError> {
        self.readable(ctx, id).await?;
        if tables.len() > COLUMNS_TABLES_MAX {
            return Err(AppError::invalid(format!(
                "The columns of at most {COLUMNS_TABLES_MAX} tables are told at a time."
            )));
        }
        let told = self
            .store
            .diagram_columns(id, tables)
            .await
            .or_answer(ctx)?;
        let told = told.into_iter().map(|(table, columns)| TableColumns {
            table,
            columns: columns.into_iter().map(row_of).collect(),
        });
        Ok(told.collect())
    }
}

/// Of very many tables only what is drawn at first travels with the page. What counts columns by
/// their places in the catalog cannot be told later where these are others: in the changes between
/// versions, and where columns are hidden.
pub(crate) fn leave_columns_for_later(data: &mut DiagramData) {
    let is_large = data.graph.tables.len() > ALL_COLUMNS_MAX_TABLES;
    if is_large && data.versions.is_none() && data.shown.hide.is_none() {
        leave_for_later(&mut data.graph, data.layout.detail);
    }
}

/// A column as the engine knows it; which are part of foreign keys its links tell.
pub(super) fn row_of(column: DiagramColumn) -> ColumnRow {
    ColumnRow {
        name: column.name,
        data_type: column.data_type,
        primary_key: column.primary_key,
        foreign_key: false,
        nullable: column.nullable,
        unique: column.unique,
        used: false,
    }
}
