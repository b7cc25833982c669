//! Datasets: what is catalogued without a database, a file in a store of objects for one.
//! Everybody who is signed in may read them; editors write.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::metadata::{column_not_found, table_not_found};
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::Permission;
use model::id::{ColumnId, TableId};
use model::metadata::{
    ColumnKey, ColumnRecord, DATASET_COLUMNS_MAX, NewColumn, NewDataset, TableKey, TableRecord,
};
use store::StoreError;
use store::metadata::{DatasetColumnInsert, DatasetInsert};

/// The longest name of a dataset, a schema or a column, in bytes.
const NAME_MAX_BYTES: usize = 255;
/// The longest type of a column, in bytes.
const TYPE_MAX_BYTES: usize = 1_000;

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

fn count(number: Option<i64>, field: &str) -> Result<Option<i64>, AppError> {
    match number {
        Some(number) if number < 0 => Err(AppError::invalid_field(
            field,
            "This must not be less than zero.",
        )),
        number => Ok(number),
    }
}

impl Services {
    /// Catalogues a dataset.
    pub(crate) async fn dataset_add(
        &self,
        ctx: &Ctx,
        new: NewDataset,
    ) -> Result<TableRecord, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let ratio = new.compression_ratio;
        if ratio.is_some_and(|ratio| !ratio.is_finite() || ratio <= 0.0) {
            return Err(AppError::invalid_field(
                "compressionRatio",
                "This must be a number greater than zero.",
            ));
        }
        let schema = match new.schema.trim() {
            "" => "public".to_owned(),
            schema => name(schema, "schemaName", NAME_MAX_BYTES)?,
        };
        let insert = DatasetInsert {
            schema,
            name: name(&new.name, "tableName", NAME_MAX_BYTES)?,
            table_type: new.dataset_type.as_str().to_owned(),
            row_count: count(new.row_count, "rowCount")?,
            size_bytes: count(new.size_bytes, "fileSizeBytes")?,
            compression_ratio: ratio,
            said: self.table_change(ctx, new.said).await?,
        };
        let mut audit = Entry::new("CREATE", "table").by(ctx);
        audit.resource_name = Some(format!("{}.{}", insert.schema, insert.name));
        match self.store.dataset_insert(insert, audit).await {
            Err(StoreError::Conflict { .. }) => Err(AppError::conflict(
                "There is a dataset of this schema and name already.",
            )),
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
        let insert = DatasetColumnInsert {
            name: name(&new.name, "columnName", NAME_MAX_BYTES)?,
            data_type: name(&new.data_type, "dataType", TYPE_MAX_BYTES)?,
            is_nullable: new.nullable,
            is_primary_key: new.primary_key,
            said: Self::column_change(new.said)?,
        };
        let mut audit = Entry::new("CREATE", "column").by(ctx);
        audit.resource_name = Some(format!("{}.{}.{}", record.schema, record.name, insert.name));
        match self.store.dataset_column_insert(table, insert, audit).await {
            Err(StoreError::Conflict { .. }) => Err(AppError::conflict(
                "The dataset has a column of this name already.",
            )),
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
