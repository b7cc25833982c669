//! What people write about databases, tables and columns.

use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::dataset::{DatasetDetail, DatasetPage, DatasetQuery, NewColumn, NewDataset};
use model::id::{ColumnId, DatabaseId, TableId};
use model::metadata::{
    ColumnKey, ColumnPatch, ColumnRecord, DatabasePatch, DatabaseRecord, SubjectKey, TableKey,
    TablePatch, TableRecord,
};
use model::semantic::SemanticType;
use serde::{Deserialize, Serialize};

/// Which tables a list shall hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableRecordQuery {
    /// Only those of this database; all that the person may see without one, datasets too.
    pub database: Option<DatabaseId>,
    /// Only those after this id: the `next` of the page before.
    pub after: Option<TableId>,
    /// How many at the most; the service bounds it.
    pub limit: u32,
}

/// A page of tables by id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRecordPage {
    /// The tables.
    pub tables: Vec<TableRecord>,
    /// What to give as `after` for those that follow; none at the end.
    pub next: Option<TableId>,
}

/// What a form of metadata is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Subject {
    /// A database.
    Database(DatabaseRecord),
    /// A table.
    Table(TableRecord),
    /// A column.
    Column(ColumnRecord),
}

/// Use cases around what people write.
///
/// A change that carries the revision it was made on is refused as a conflict when somebody else
/// was faster; nothing of it is stored then.
#[async_trait]
pub trait Metadata: Send + Sync {
    /// What a form is filled with, for those who may send it.
    async fn subject_fetch(&self, ctx: &Ctx, key: &SubjectKey) -> Result<Subject, AppError>;

    /// Changes what people say of a database, and answers with what is there then.
    async fn database_annotate(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        patch: DatabasePatch,
    ) -> Result<DatabaseRecord, AppError>;

    /// A page of tables by id.
    async fn table_record_list(
        &self,
        ctx: &Ctx,
        query: TableRecordQuery,
    ) -> Result<TableRecordPage, AppError>;

    /// One table without its columns.
    async fn table_record(&self, ctx: &Ctx, key: &TableKey) -> Result<TableRecord, AppError>;

    /// Changes what people say of a table, and answers with what is there then.
    async fn table_annotate(
        &self,
        ctx: &Ctx,
        key: &TableKey,
        patch: TablePatch,
    ) -> Result<TableRecord, AppError>;

    /// One column.
    async fn column_record(&self, ctx: &Ctx, key: &ColumnKey) -> Result<ColumnRecord, AppError>;

    /// Changes what people say of a column, and answers with what is there then.
    async fn column_annotate(
        &self,
        ctx: &Ctx,
        key: &ColumnKey,
        patch: ColumnPatch,
    ) -> Result<ColumnRecord, AppError>;

    /// Accepts or rejects a meaning that was proposed for a column. It is not proposed again.
    async fn semantic_decide(
        &self,
        ctx: &Ctx,
        id: ColumnId,
        meaning: SemanticType,
        is_accepted: bool,
    ) -> Result<ColumnRecord, AppError>;

    /// A page of datasets by schema and name.
    async fn dataset_list(&self, ctx: &Ctx, query: DatasetQuery) -> Result<DatasetPage, AppError>;

    /// One dataset with its columns.
    ///
    /// # Errors
    /// Not found for a table of a database, too.
    async fn dataset_fetch(&self, ctx: &Ctx, id: TableId) -> Result<DatasetDetail, AppError>;

    /// Catalogues a dataset with its columns: data without a database.
    ///
    /// # Errors
    /// Conflict when there is one of that schema and name.
    async fn dataset_create(&self, ctx: &Ctx, new: NewDataset) -> Result<TableRecord, AppError>;

    /// Takes a dataset out of the catalog; its data is left alone.
    ///
    /// # Errors
    /// Conflict for a table of a database.
    async fn dataset_delete(&self, ctx: &Ctx, id: TableId) -> Result<(), AppError>;

    /// Adds a column at the end of a dataset.
    ///
    /// # Errors
    /// Conflict for a table of a database, and when there is a column of that name.
    async fn dataset_column_create(
        &self,
        ctx: &Ctx,
        table: TableId,
        new: NewColumn,
    ) -> Result<ColumnRecord, AppError>;

    /// Takes a column out of a dataset.
    ///
    /// # Errors
    /// Conflict for a column of a database's table.
    async fn dataset_column_delete(&self, ctx: &Ctx, id: ColumnId) -> Result<(), AppError>;
}
