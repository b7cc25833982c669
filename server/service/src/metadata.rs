//! What people write about databases, tables and columns.

mod rules;

use crate::audit::Entry;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::markdown::render;
use crate::services::Services;
use async_trait::async_trait;
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use contract::metadata::{Metadata, Subject, TableRecordPage, TableRecordQuery};
use model::account::Permission;
use model::catalog::{ColumnDetail, DatabaseDetail, TableDetail};
use model::dataset::{DatasetDetail, DatasetPage, DatasetQuery, NewColumn, NewDataset};
use model::id::{ColumnId, DatabaseId, TableId};
use model::metadata::{
    Annotation, ColumnKey, ColumnPatch, ColumnRecord, DatabasePatch, DatabaseRecord, SubjectKey,
    TableKey, TablePatch, TableRecord,
};
use model::schema::{Column, ForeignKey, Key, QualifiedName, Table};
use model::semantic::{SemanticType, propose};
use store::StoreError;
use store::metadata::{ColumnChange, DatabaseChange, TableChange, TableRecordFilter, Written};

/// Rows of a page where nobody says how many.
const ROWS_DEFAULT: u32 = 100;
/// Rows of a page at the most.
const ROWS_MAX: u32 = 500;

pub(crate) fn table_not_found() -> AppError {
    AppError::not_found("This table")
}

pub(crate) fn column_not_found() -> AppError {
    AppError::not_found("This column")
}

/// A table of a database that may not be seen is not there itself.
fn unseen(error: AppError, not_found: fn() -> AppError) -> AppError {
    match error.kind {
        ErrorKind::NotFound => not_found(),
        _ => error,
    }
}

/// Renders the texts of an annotation.
fn render_texts(annotation: &mut Annotation) {
    if let Some(text) = &mut annotation.description {
        text.html = render(&text.markdown);
    }
    if let Some(text) = &mut annotation.ai_draft {
        text.html = render(&text.markdown);
    }
}

/// Makes a database's page ready: its texts become HTML.
pub(crate) fn render_database(database: &mut DatabaseDetail) {
    render_texts(&mut database.metadata.annotation);
}

/// Makes a table's page ready: its texts become HTML, and its columns get proposals for what they
/// may mean.
pub(crate) fn render_table(table: &mut TableDetail) {
    render_texts(&mut table.metadata.annotation);
    let structure = structure_of(table);
    render_columns(&mut table.columns, &structure);
}

/// Makes columns ready: their texts become HTML, and they get proposals for what they may mean.
pub(crate) fn render_columns(columns: &mut [ColumnDetail], structure: &Table) {
    for (column, declared) in columns.iter_mut().zip(&structure.columns) {
        render_texts(&mut column.metadata.annotation);
        if column.metadata.semantic_type.is_some() {
            continue;
        }
        column.metadata.proposal =
            propose(structure, declared, column.statistics.as_ref()).filter(|proposal| {
                let word = proposal.semantic_type.as_str();
                !column.metadata.decided.iter().any(|known| known == word)
            });
    }
}

/// As much of a table's structure as proposals look at.
fn structure_of(detail: &TableDetail) -> Table {
    let summary = &detail.summary;
    let mut table = Table::new(
        QualifiedName::new(&summary.schema, &summary.name),
        summary.kind,
    );
    declare_columns(&mut table, &detail.columns);
    table.foreign_keys = detail
        .references_out
        .iter()
        .map(|reference| ForeignKey {
            name: reference.name.clone(),
            columns: reference.columns.clone(),
            target: QualifiedName::new(&reference.schema, &reference.table),
            target_columns: reference.other_columns.clone(),
            on_delete: reference.on_delete,
            on_update: reference.on_update,
            deferrable: false,
            inherited: false,
        })
        .collect();
    table
}

/// Writes columns, and the primary key that they say they are in, into a table.
pub(crate) fn declare_columns(table: &mut Table, columns: &[ColumnDetail]) {
    table.columns = columns
        .iter()
        .map(|column| Column {
            name: column.name.clone(),
            data_type: column.data_type.clone(),
            nullable: column.nullable,
            ..Column::default()
        })
        .collect();
    let keys: Vec<String> = columns
        .iter()
        .filter(|column| column.primary_key)
        .map(|column| column.name.clone())
        .collect();
    table.primary_key = (!keys.is_empty()).then(|| Key {
        name: String::new(),
        columns: keys,
    });
}

/// What a change that came to nothing is answered with.
fn conflict(written: Written, noun: &str) -> Result<(), AppError> {
    match written {
        Written::Changed | Written::Unchanged => Ok(()),
        Written::Conflict => Err(AppError::conflict(format!(
            "Somebody else changed this {noun} after you had opened it. Nothing was stored yet."
        ))),
    }
}

impl Services {
    /// The id of a table that may be read.
    pub(crate) async fn table_readable(
        &self,
        ctx: &Ctx,
        key: &TableKey,
    ) -> Result<TableId, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let place = self.store.table_place(key).await.or_answer(ctx)?;
        let (id, database) = place.ok_or_else(table_not_found)?;
        if let Some(database) = database {
            let allowed = self.readable(ctx, &database).await;
            allowed.map_err(|error| unseen(error, table_not_found))?;
        }
        Ok(id)
    }

    /// The id of a table that may be changed.
    pub(crate) async fn table_editable(
        &self,
        ctx: &Ctx,
        key: &TableKey,
    ) -> Result<TableId, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let place = self.store.table_place(key).await.or_answer(ctx)?;
        let (id, database) = place.ok_or_else(table_not_found)?;
        if let Some(database) = database {
            let allowed = self.editable(ctx, &database).await;
            allowed.map_err(|error| unseen(error, table_not_found))?;
        }
        Ok(id)
    }

    /// The id of a column that may be read.
    async fn column_readable(&self, ctx: &Ctx, key: &ColumnKey) -> Result<ColumnId, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let place = self.store.column_place(key).await.or_answer(ctx)?;
        let (id, database) = place.ok_or_else(column_not_found)?;
        if let Some(database) = database {
            let allowed = self.readable(ctx, &database).await;
            allowed.map_err(|error| unseen(error, column_not_found))?;
        }
        Ok(id)
    }

    /// The id of a column that may be changed.
    pub(crate) async fn column_editable(
        &self,
        ctx: &Ctx,
        key: &ColumnKey,
    ) -> Result<ColumnId, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let place = self.store.column_place(key).await.or_answer(ctx)?;
        let (id, database) = place.ok_or_else(column_not_found)?;
        if let Some(database) = database {
            let allowed = self.editable(ctx, &database).await;
            allowed.map_err(|error| unseen(error, column_not_found))?;
        }
        Ok(id)
    }

    /// What somebody wants to say of a table, checked.
    pub(crate) async fn table_change(
        &self,
        ctx: &Ctx,
        patch: TablePatch,
    ) -> Result<TableChange, AppError> {
        Ok(TableChange {
            revision: patch.revision,
            description: rules::description(patch.description)?,
            tags: rules::tags(patch.tags)?,
            owner: self.owner(ctx, patch.owner).await?,
            storage_location: rules::storage_location(patch.storage_location)?,
            storage_format: rules::storage_format(patch.storage_format)?,
            partitioning: rules::partitioning(patch.partitioning)?,
            custom: rules::custom(patch.custom)?,
            row_count: rules::count(patch.row_count, "rowCount")?,
            size_bytes: rules::count(patch.size_bytes, "fileSizeBytes")?,
            compression_ratio: rules::ratio(patch.compression_ratio)?,
        })
    }

    /// What somebody wants to say of a column, checked.
    pub(crate) fn column_change(patch: ColumnPatch) -> Result<ColumnChange, AppError> {
        Ok(ColumnChange {
            revision: patch.revision,
            description: rules::column_description(patch.description)?,
            tags: rules::tags(patch.tags)?,
            semantic_type: patch.semantic_type,
        })
    }

    async fn database_record_at(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseRecord, AppError> {
        let record = self.store.database_record(id).await.or_answer(ctx)?;
        let mut record = record.ok_or_else(database_not_found)?;
        render_texts(&mut record.metadata.annotation);
        Ok(record)
    }

    pub(crate) async fn table_record_at(
        &self,
        ctx: &Ctx,
        id: TableId,
    ) -> Result<TableRecord, AppError> {
        let record = self.store.table_record(id).await.or_answer(ctx)?;
        let mut record = record.ok_or_else(table_not_found)?;
        render_texts(&mut record.metadata.annotation);
        Ok(record)
    }

    pub(crate) async fn column_record_at(
        &self,
        ctx: &Ctx,
        id: ColumnId,
    ) -> Result<ColumnRecord, AppError> {
        let record = self.store.column_record(id).await.or_answer(ctx)?;
        let mut record = record.ok_or_else(column_not_found)?;
        render_texts(&mut record.metadata.annotation);
        Ok(record)
    }
}

/// The name under which the trail keeps a column.
fn column_name(record: &ColumnRecord) -> String {
    format!("{}.{}.{}", record.schema, record.table, record.name)
}

#[async_trait]
impl Metadata for Services {
    async fn subject_fetch(&self, ctx: &Ctx, key: &SubjectKey) -> Result<Subject, AppError> {
        Ok(match key {
            SubjectKey::Database(id) => {
                self.editable(ctx, id).await?;
                Subject::Database(self.database_record_at(ctx, id).await?)
            }
            SubjectKey::Table(key) => {
                let id = self.table_editable(ctx, key).await?;
                Subject::Table(self.table_record_at(ctx, id).await?)
            }
            SubjectKey::Column(key) => {
                let id = self.column_editable(ctx, key).await?;
                Subject::Column(self.column_record_at(ctx, id).await?)
            }
        })
    }

    async fn database_annotate(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        patch: DatabasePatch,
    ) -> Result<DatabaseRecord, AppError> {
        self.editable(ctx, id).await?;
        let change = DatabaseChange {
            revision: patch.revision,
            description: rules::description(patch.description)?,
            tags: rules::tags(patch.tags)?,
        };
        let record = self.database_record_at(ctx, id).await?;
        let audit = Entry::new("UPDATE", "database")
            .of(id, &record.name)
            .by(ctx);
        let written = self.store.database_metadata_write(id, change, &audit).await;
        conflict(gone(written, ctx, database_not_found)?, "database")?;
        self.database_record_at(ctx, id).await
    }

    async fn table_record_list(
        &self,
        ctx: &Ctx,
        query: TableRecordQuery,
    ) -> Result<TableRecordPage, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let (datasets, databases) = match query.database {
            Some(id) => {
                self.readable(ctx, &id).await?;
                (false, Some(vec![id.to_string()]))
            }
            None => {
                let scope = self.scope(ctx);
                (
                    true,
                    self.store.databases_visible(scope).await.or_answer(ctx)?,
                )
            }
        };
        let filter = TableRecordFilter {
            datasets,
            databases,
            after: query.after.map_or(0, |id| id.0),
            limit: i64::from(match query.limit {
                0 => ROWS_DEFAULT,
                limit => limit.min(ROWS_MAX),
            }),
        };
        let (tables, next) = self.store.table_record_list(&filter).await.or_answer(ctx)?;
        Ok(TableRecordPage { tables, next })
    }

    async fn table_record(&self, ctx: &Ctx, key: &TableKey) -> Result<TableRecord, AppError> {
        let id = self.table_readable(ctx, key).await?;
        self.table_record_at(ctx, id).await
    }

    async fn table_annotate(
        &self,
        ctx: &Ctx,
        key: &TableKey,
        patch: TablePatch,
    ) -> Result<TableRecord, AppError> {
        let id = self.table_editable(ctx, key).await?;
        let record = self.table_record_at(ctx, id).await?;
        if patch.has_numbers() && record.database.is_some() {
            return Err(AppError::invalid(
                "Rows, size and compression of a database's table are read from its source; \
                 they are written here for datasets only.",
            ));
        }
        let change = self.table_change(ctx, patch).await?;
        let name = format!("{}.{}", record.schema, record.name);
        let audit = Entry::new("UPDATE", "table").of(id, &name).by(ctx);
        let written = self.store.table_metadata_write(id, change, &audit).await;
        conflict(gone(written, ctx, table_not_found)?, "table")?;
        self.table_record_at(ctx, id).await
    }

    async fn column_record(&self, ctx: &Ctx, key: &ColumnKey) -> Result<ColumnRecord, AppError> {
        let id = self.column_readable(ctx, key).await?;
        self.column_record_at(ctx, id).await
    }

    async fn column_annotate(
        &self,
        ctx: &Ctx,
        key: &ColumnKey,
        patch: ColumnPatch,
    ) -> Result<ColumnRecord, AppError> {
        let id = self.column_editable(ctx, key).await?;
        let change = Self::column_change(patch)?;
        let record = self.column_record_at(ctx, id).await?;
        let audit = Entry::new("UPDATE", "column")
            .of(id, &column_name(&record))
            .by(ctx);
        let written = self.store.column_metadata_write(id, change, &audit).await;
        conflict(gone(written, ctx, column_not_found)?, "column")?;
        self.column_record_at(ctx, id).await
    }

    async fn semantic_decide(
        &self,
        ctx: &Ctx,
        id: ColumnId,
        meaning: SemanticType,
        is_accepted: bool,
    ) -> Result<ColumnRecord, AppError> {
        let id = self.column_editable(ctx, &ColumnKey::Id(id)).await?;
        let record = self.column_record_at(ctx, id).await?;
        let audit = Entry::new("UPDATE", "column")
            .of(id, &column_name(&record))
            .by(ctx);
        let written = self
            .store
            .semantic_verdict_write(id, meaning, is_accepted, &audit)
            .await;
        match gone(written, ctx, column_not_found)? {
            Written::Changed | Written::Unchanged => self.column_record_at(ctx, id).await,
            Written::Conflict => Err(AppError::conflict(
                "Somebody else has said what this column means since it was proposed.",
            )),
        }
    }

    async fn dataset_list(&self, ctx: &Ctx, query: DatasetQuery) -> Result<DatasetPage, AppError> {
        self.datasets(ctx, query).await
    }

    async fn dataset_fetch(&self, ctx: &Ctx, id: TableId) -> Result<DatasetDetail, AppError> {
        self.dataset(ctx, id).await
    }

    async fn dataset_create(&self, ctx: &Ctx, new: NewDataset) -> Result<TableRecord, AppError> {
        self.dataset_add(ctx, new).await
    }

    async fn dataset_delete(&self, ctx: &Ctx, id: TableId) -> Result<(), AppError> {
        self.dataset_remove(ctx, id).await
    }

    async fn dataset_column_create(
        &self,
        ctx: &Ctx,
        table: TableId,
        new: NewColumn,
    ) -> Result<ColumnRecord, AppError> {
        self.dataset_column_add(ctx, table, new).await
    }

    async fn dataset_column_delete(&self, ctx: &Ctx, id: ColumnId) -> Result<(), AppError> {
        self.dataset_column_remove(ctx, id).await
    }
}

/// What vanished between the look-up and the write is not there.
fn gone(
    written: Result<Written, StoreError>,
    ctx: &Ctx,
    not_found: fn() -> AppError,
) -> Result<Written, AppError> {
    match written {
        Err(StoreError::NotFound { .. }) => Err(not_found()),
        written => written.or_answer(ctx),
    }
}
