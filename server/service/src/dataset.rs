//! Datasets: what is catalogued without a database, a file in a store of objects for one.
//! Everybody who is signed in may read them; editors write.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::metadata::{column_not_found, declare_columns, render_columns, table_not_found};
use crate::search::read_search_text;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::Permission;
use model::address::{parse_table_segment, table_segment};
use model::dataset::{
    DATASET_COLUMNS_MAX, DatasetDetail, DatasetPage, DatasetQuery, NewColumn, NewDataset,
};
use model::id::{ColumnId, TableId};
use model::metadata::{ColumnKey, ColumnRecord, TableKey, TableRecord};
use model::schema::{QualifiedName, Table, TableKind};
use std::collections::HashSet;
use store::StoreError;
use store::metadata::{DatasetColumnInsert, DatasetFilter, DatasetInsert};

/// The longest name of a dataset, a schema or a column, in bytes.
const NAME_MAX_BYTES: usize = 255;
/// The longest type of a column, in bytes.
const TYPE_MAX_BYTES: usize = 1_000;
/// Datasets on a page of the list.
const PAGE_ROWS: i64 = 100;

fn name(text: &str, field: &str, max_bytes: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid_field(field, "This must not be empty."));
    }
    if text.len() > max_bytes || text.contains(char::is_control) {
        let message = format!("This must be one line of at most {max_bytes} bytes.");
        return Err(AppError::invalid_field(field, message));
    }
    Ok(text.to_owned())
}

/// A column that somebody wants to add, checked.
fn column_insert(new: NewColumn) -> Result<DatasetColumnInsert, AppError> {
    Ok(DatasetColumnInsert {
        name: name(&new.name, "columnName", NAME_MAX_BYTES)?,
        data_type: name(&new.data_type, "dataType", TYPE_MAX_BYTES)?,
        is_nullable: new.nullable,
        is_primary_key: new.primary_key,
        said: Services::column_change(new.said)?,
    })
}

/// The columns that a dataset begins with, checked. They are one field of a form.
fn column_inserts(columns: Vec<NewColumn>) -> Result<Vec<DatasetColumnInsert>, AppError> {
    let wrong = |message: String| AppError::invalid_field("columns", message);
    if columns.len() > usize::try_from(DATASET_COLUMNS_MAX).unwrap_or(usize::MAX) {
        return Err(wrong(format!(
            "A dataset has at most {DATASET_COLUMNS_MAX} columns."
        )));
    }
    let mut names = HashSet::new();
    columns
        .into_iter()
        .enumerate()
        .map(|(place, column)| {
            let insert = column_insert(column)
                .map_err(|error| wrong(format!("Column {}: {error}", place + 1)))?;
            match names.insert(insert.name.clone()) {
                true => Ok(insert),
                false => Err(wrong(format!("The column “{}” stands twice.", insert.name))),
            }
        })
        .collect()
}

impl Services {
    /// A page of datasets by schema and name.
    pub(crate) async fn datasets(
        &self,
        ctx: &Ctx,
        query: DatasetQuery,
    ) -> Result<DatasetPage, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let after = query.after.map(|after| {
            parse_table_segment(&after)
                .filter(|_| !after.contains('\0'))
                .ok_or_else(|| {
                    AppError::invalid("There is no such page of the list. Begin at its first.")
                })
        });
        let filter = DatasetFilter {
            text: read_search_text(&query.text),
            dataset_type: query.dataset_type,
            after: after.transpose()?,
            limit: PAGE_ROWS,
        };
        let (datasets, has_more) = self.store.dataset_list(&filter).await.or_answer(ctx)?;
        let last = datasets.last().filter(|_| has_more);
        let next = last.map(|last| table_segment(&last.schema, &last.name));
        Ok(DatasetPage { datasets, next })
    }

    /// One dataset with its columns.
    pub(crate) async fn dataset(&self, ctx: &Ctx, id: TableId) -> Result<DatasetDetail, AppError> {
        let id = self.table_readable(ctx, &TableKey::Id(id)).await?;
        let record = self.table_record_at(ctx, id).await?;
        if record.database.is_some() {
            return Err(AppError::not_found("This dataset"));
        }
        let mut columns = self.store.dataset_columns(id).await.or_answer(ctx)?;
        // What it would be to a database: a table elsewhere.
        let named = QualifiedName::new(&record.schema, &record.name);
        let mut structure = Table::new(named, TableKind::ForeignTable);
        declare_columns(&mut structure, &columns);
        render_columns(&mut columns, &structure);
        Ok(DatasetDetail {
            record,
            columns,
            may_edit: ctx.authorize(Permission::CatalogWrite).is_ok(),
        })
    }

    /// Catalogues a dataset with its columns.
    pub(crate) async fn dataset_add(
        &self,
        ctx: &Ctx,
        new: NewDataset,
    ) -> Result<TableRecord, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let schema = match new.schema.trim() {
            "" => "public".to_owned(),
            schema => name(schema, "schemaName", NAME_MAX_BYTES)?,
        };
        let insert = DatasetInsert {
            schema,
            name: name(&new.name, "tableName", NAME_MAX_BYTES)?,
            table_type: new.dataset_type.as_str().to_owned(),
            said: self.table_change(ctx, new.said).await?,
            columns: column_inserts(new.columns)?,
        };
        let mut audit = Entry::new("CREATE", "table").by(ctx);
        audit.resource_name = Some(format!("{}.{}", insert.schema, insert.name));
        match self.store.dataset_insert(insert, audit).await {
            Err(StoreError::Conflict { .. }) => Err(AppError {
                field: Some("tableName".to_owned()),
                ..AppError::conflict("There is a dataset of this schema and name already.")
            }),
            id => self.table_record_at(ctx, id.or_answer(ctx)?).await,
        }
    }

    /// Takes a dataset out of the catalog; its data is left alone.
    pub(crate) async fn dataset_remove(&self, ctx: &Ctx, id: TableId) -> Result<(), AppError> {
        let id = self.table_editable(ctx, &TableKey::Id(id)).await?;
        let record = self.table_record_at(ctx, id).await?;
        only_dataset(record.database.is_some())?;
        let audit = Entry::new("DELETE", "table")
            .of(id, &format!("{}.{}", record.schema, record.name))
            .by(ctx);
        match self.store.dataset_delete(id, &audit).await.or_answer(ctx)? {
            true => Ok(()),
            false => Err(table_not_found()),
        }
    }

    /// Adds a column at the end of a dataset.
    pub(crate) async fn dataset_column_add(
        &self,
        ctx: &Ctx,
        table: TableId,
        new: NewColumn,
    ) -> Result<ColumnRecord, AppError> {
        let table = self.table_editable(ctx, &TableKey::Id(table)).await?;
        let record = self.table_record_at(ctx, table).await?;
        only_dataset(record.database.is_some())?;
        if record.columns >= DATASET_COLUMNS_MAX {
            return Err(AppError::invalid(format!(
                "A dataset has at most {DATASET_COLUMNS_MAX} columns."
            )));
        }
        let insert = column_insert(new)?;
        let mut audit = Entry::new("CREATE", "column").by(ctx);
        audit.resource_name = Some(format!("{}.{}.{}", record.schema, record.name, insert.name));
        match self.store.dataset_column_insert(table, insert, audit).await {
            Err(StoreError::Conflict { .. }) => Err(AppError {
                field: Some("columnName".to_owned()),
                ..AppError::conflict("The dataset has a column of this name already.")
            }),
            Err(StoreError::NotFound { .. }) => Err(table_not_found()),
            id => self.column_record_at(ctx, id.or_answer(ctx)?).await,
        }
    }

    /// Takes a column out of a dataset.
    pub(crate) async fn dataset_column_remove(
        &self,
        ctx: &Ctx,
        id: ColumnId,
    ) -> Result<(), AppError> {
        let id = self.column_editable(ctx, &ColumnKey::Id(id)).await?;
        let record = self.column_record_at(ctx, id).await?;
        only_dataset(record.database.is_some())?;
        let audit = Entry::new("DELETE", "column")
            .of(
                id,
                &format!("{}.{}.{}", record.schema, record.table, record.name),
            )
            .by(ctx);
        let done = self.store.dataset_column_delete(id, &audit).await;
        match done.or_answer(ctx)? {
            true => Ok(()),
            false => Err(column_not_found()),
        }
    }
}

/// What a source declares is changed at the source.
fn only_dataset(has_database: bool) -> Result<(), AppError> {
    if has_database {
        return Err(AppError::conflict(
            "Tables and columns of a database come from its source; only datasets are made and \
             deleted here.",
        ));
    }
    Ok(())
}
