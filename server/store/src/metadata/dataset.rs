//! Datasets: tables without a database, and their columns. Nothing reads them from a source, so
//! people write them down whole.

use super::table::{pairs_object, partitioning_value};
use super::{ColumnChange, TableChange};
use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::store::Store;
use model::id::{ColumnId, TableId};
use serde_json::{Value, json};

/// A dataset that is not in the catalog yet, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DatasetInsert {
    /// The schema that it is catalogued in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `ncf`, `parquet`, `csv` or `external`.
    pub table_type: String,
    /// Rows, where they are known.
    pub row_count: Option<i64>,
    /// Size in bytes, where it is known.
    pub size_bytes: Option<i64>,
    /// How many times smaller than plain its data is written.
    pub compression_ratio: Option<f64>,
    /// What is said of it.
    pub said: TableChange,
}

/// A column that a dataset does not have yet, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatasetColumnInsert {
    /// Its name.
    pub name: String,
    /// Its type's text.
    pub data_type: String,
    /// Whether null is allowed.
    pub is_nullable: bool,
    /// Whether it is part of what tells rows apart.
    pub is_primary_key: bool,
    /// What is said of it.
    pub said: ColumnChange,
}

impl Store {
    /// Catalogues a dataset. The trail's line, whose resource becomes the new id, gets its values.
    ///
    /// # Errors
    /// Conflict when one of that name is there.
    pub async fn dataset_insert(
        &self,
        dataset: DatasetInsert,
        audit: AuditEntry,
    ) -> Result<TableId, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let said = dataset.said;
        let by = audit.user_id.map(|id| id.0);
        let description = said.description.flatten();
        let tags = said.tags.unwrap_or_default();
        let owner = said.owner.flatten();
        let location = said.storage_location.flatten();
        let format = said.storage_format.flatten();
        let partitioning = said.partitioning.flatten();
        let custom = pairs_object(said.custom.unwrap_or_default());
        let metadata = match custom.is_empty() {
            true => json!({}),
            false => json!({ "custom": custom }),
        };
        let after = json!({
            "table_type": dataset.table_type, "row_count": dataset.row_count,
            "file_size_bytes": dataset.size_bytes,
            "compression_ratio": dataset.compression_ratio, "description": description,
            "tags": tags, "owner": owner.as_ref().map(|owner| &owner.username),
            "storage_location": location, "storage_format": format,
            "partitioning_info": partitioning, "metadata": metadata,
        });
        let id = sqlx::query_scalar!(
            r#"insert into tables (
                schema_name, table_name, table_type, row_count, file_size_bytes,
                compression_ratio, description, description_by_user_id, description_at, tags,
                owner_user_id, storage_location, storage_format, partitioning_info, metadata,
                created_by_user_id
            ) values (
                $1, $2, $3, $4, $5, $6, $7, case when $7::text is not null then $8::bigint end,
                case when $7::text is not null then now() end, $9, $10, $11, $12, $13, $14, $8
            )
            returning id"#,
            dataset.schema,
            dataset.name,
            dataset.table_type,
            dataset.row_count,
            dataset.size_bytes,
            dataset.compression_ratio,
            description,
            by,
            &tags,
            owner.map(|owner| owner.id.0),
            location,
            format,
            partitioning.as_deref().map(partitioning_value),
            metadata
        )
        .fetch_one(&mut *transaction)
        .await?;
        let entry = AuditEntry {
            resource_id: Some(id.to_string()),
            changes: Some(json!({ "after": after })),
            ..audit
        };
        audit_record_in_txn(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(TableId(id))
    }

    /// Takes a dataset out of the catalog with its columns; its data is left alone. False when it
    /// is not there, or is a database's table.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dataset_delete(
        &self,
        id: TableId,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let before: Option<Value> = sqlx::query_scalar!(
            r#"delete from tables t where id = $1 and database_id is null
            returning to_jsonb(t) - 'search_key' as "before!""#,
            id.0
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(before) = before else {
            return Ok(false);
        };
        let entry = AuditEntry {
            changes: Some(json!({ "before": before })),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Adds a column at the end of a dataset. The trail's line, whose resource becomes the new id,
    /// gets its values.
    ///
    /// # Errors
    /// Not found when the dataset is gone, or is a database's table; conflict when it has a column
    /// of that name.
    pub async fn dataset_column_insert(
        &self,
        table: TableId,
        column: DatasetColumnInsert,
        audit: AuditEntry,
    ) -> Result<ColumnId, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // One column after the other, so that each gets a place of its own.
        sqlx::query!(
            r#"update tables set column_count = column_count + 1
            where id = $1 and database_id is null returning id"#,
            table.0
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(StoreError::NotFound { what: "dataset" })?;
        let said = column.said;
        let description = said.description.flatten();
        let tags = said.tags.unwrap_or_default();
        let meaning = said.semantic_type.flatten().map(|meaning| meaning.as_str());
        let id = sqlx::query_scalar!(
            r#"insert into columns (
                table_id, column_name, column_position, data_type, is_nullable, is_primary_key,
                description, description_by_user_id, description_at, tags, semantic_type
            ) values (
                $1, $2,
                (select coalesce(max(column_position), 0) + 1 from columns where table_id = $1),
                $3, $4, $5, $6, case when $6::text is not null then $7::bigint end,
                case when $6::text is not null then now() end, $8, $9
            )
            returning id"#,
            table.0,
            column.name,
            column.data_type,
            column.is_nullable,
            column.is_primary_key,
            description,
            audit.user_id.map(|id| id.0),
            &tags,
            meaning
        )
        .fetch_one(&mut *transaction)
        .await?;
        let after = json!({
            "data_type": column.data_type, "is_nullable": column.is_nullable,
            "is_primary_key": column.is_primary_key, "description": description, "tags": tags,
            "semantic_type": meaning,
        });
        let entry = AuditEntry {
            resource_id: Some(id.to_string()),
            changes: Some(json!({ "after": after })),
            ..audit
        };
        audit_record_in_txn(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(ColumnId(id))
    }

    /// Takes a column out of a dataset. False when it is not there, or is a database's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dataset_column_delete(
        &self,
        id: ColumnId,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let before = sqlx::query!(
            r#"delete from columns c using tables t
            where c.id = $1 and t.id = c.table_id and t.database_id is null
            returning c.table_id, to_jsonb(c) - 'search_key' as "before!: Value""#,
            id.0
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = before else {
            return Ok(false);
        };
        sqlx::query!(
            "update tables set column_count = column_count - 1 where id = $1",
            row.table_id
        )
        .execute(&mut *transaction)
        .await?;
        let entry = AuditEntry {
            changes: Some(json!({ "before": row.before })),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
