//! Datasets: tables without a database, and their columns. Nothing reads them from a source, so
//! people write them down whole.

use super::table::{pairs_object, partitioning_value};
use super::{ColumnChange, TableChange};
use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::pattern::containing;
use crate::store::Store;
use crate::tables::parts::columns;
use model::catalog::ColumnDetail;
use model::dataset::{DatasetSummary, DatasetType};
use model::id::{ColumnId, TableId};
use model::schema::QualifiedName;
use serde_json::{Value, json};
use sqlx::PgConnection;

/// A dataset that is not in the catalog yet, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DatasetInsert {
    /// The schema that it is catalogued in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `ncf`, `parquet`, `csv` or `external`.
    pub table_type: String,
    /// What is said of it, its numbers among it.
    pub said: TableChange,
    /// Its columns in order.
    pub columns: Vec<DatasetColumnInsert>,
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

/// Which datasets a list shall hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatasetFilter {
    /// Only those with this in their schema, name or location; empty for all.
    pub text: String,
    /// Only those of this type.
    pub dataset_type: Option<DatasetType>,
    /// Only those after this one.
    pub after: Option<QualifiedName>,
    /// How many at the most.
    pub limit: i64,
}

impl Store {
    /// Datasets by schema and name, and whether more follow.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dataset_list(
        &self,
        filter: &DatasetFilter,
    ) -> Result<(Vec<DatasetSummary>, bool), StoreError> {
        let pattern = (!filter.text.is_empty()).then(|| containing(&filter.text));
        let after = filter.after.as_ref();
        let mut rows = sqlx::query!(
            r#"select id, schema_name, table_name, table_type, storage_location, column_count,
                row_count, file_size_bytes, updated_at
            from tables
            where database_id is null and gone_at is null
                and ($1::text is null or (schema_name, table_name) > ($1, $2))
                and ($3::text is null or table_type = $3)
                and ($4::text is null
                    or lower((schema_name || '.' || table_name) collate "default") like lower($4)
                    or lower(storage_location) like lower($4))
            order by schema_name, table_name
            limit $5"#,
            after.map(|after| after.schema.as_str()),
            after.map(|after| after.name.as_str()),
            filter.dataset_type.map(DatasetType::as_str),
            pattern,
            filter.limit.saturating_add(1)
        )
        .fetch_all(&self.pool)
        .await?;
        let room = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > room;
        rows.truncate(room);
        let datasets = rows
            .into_iter()
            .map(|row| DatasetSummary {
                id: TableId(row.id),
                schema: row.schema_name,
                name: row.table_name,
                // Scripts of systems before us write plain tables without a database, too.
                dataset_type: DatasetType::from_word(&row.table_type)
                    .unwrap_or(DatasetType::External),
                storage_location: row.storage_location,
                columns: row.column_count.unsigned_abs(),
                row_count: row.row_count,
                size_bytes: row.file_size_bytes,
                updated_at: timestamp(row.updated_at),
            })
            .collect();
        Ok((datasets, has_more))
    }

    /// The columns of a dataset in order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dataset_columns(&self, id: TableId) -> Result<Vec<ColumnDetail>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        columns(&mut connection, id.0).await
    }

    /// Catalogues a dataset. The trail's line, whose resource becomes the new id, gets its values.
    ///
    /// # Errors
    /// Conflict when one of that name is there.
    pub async fn dataset_insert(
        &self,
        dataset: DatasetInsert,
        audit: AuditEntry,
    ) -> Result<TableId, StoreError> {
        let mut transaction = self.begin().await?;
        let said = dataset.said;
        let by = audit.user_id.map(|id| id.0);
        let description = said.description.flatten();
        let tags = said.tags.unwrap_or_default();
        let owner = said.owner.flatten();
        let location = said.storage_location.flatten();
        let format = said.storage_format.flatten();
        let partitioning = said.partitioning.flatten();
        let (rows, size) = (said.row_count.flatten(), said.size_bytes.flatten());
        let ratio = said.compression_ratio.flatten();
        let custom = pairs_object(said.custom.unwrap_or_default());
        let metadata = match custom.is_empty() {
            true => json!({}),
            false => json!({ "custom": custom }),
        };
        let count = i32::try_from(dataset.columns.len()).unwrap_or(i32::MAX);
        let columns: Value = dataset.columns.into_iter().map(column_json).collect();
        let after = json!({
            "table_type": dataset.table_type, "row_count": rows, "file_size_bytes": size,
            "compression_ratio": ratio, "description": description,
            "tags": tags, "owner": owner.as_ref().map(|owner| &owner.username),
            "storage_location": location, "storage_format": format,
            "partitioning_info": partitioning, "metadata": metadata, "columns": columns,
        });
        let id = sqlx::query_scalar!(
            r#"insert into tables (
                schema_name, table_name, table_type, row_count, file_size_bytes,
                compression_ratio, description, description_by_user_id, description_at, tags,
                owner_user_id, storage_location, storage_format, partitioning_info, metadata,
                created_by_user_id, column_count
            ) values (
                $1, $2, $3, $4, $5, $6, $7, case when $7::text is not null then $8::bigint end,
                case when $7::text is not null then now() end, $9, $10, $11, $12, $13, $14, $8, $15
            )
            returning id"#,
            dataset.schema,
            dataset.name,
            dataset.table_type,
            rows,
            size,
            ratio,
            description,
            by,
            &tags,
            owner.map(|owner| owner.id.0),
            location,
            format,
            partitioning.as_deref().map(partitioning_value),
            metadata,
            count
        )
        .fetch_one(&mut *transaction)
        .await?;
        columns_insert(&mut transaction, id, columns, by).await?;
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
        let mut transaction = self.begin().await?;
        let before: Option<Value> = sqlx::query_scalar!(
            r#"delete from tables t where id = $1 and database_id is null
            returning to_jsonb(t) - '{search_key,search_words}'::text[] as "before!""#,
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
        let mut transaction = self.begin().await?;
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
        let mut transaction = self.begin().await?;
        let before = sqlx::query!(
            r#"delete from columns c using tables t
            where c.id = $1 and t.id = c.table_id and t.database_id is null
            returning c.table_id, to_jsonb(c) - '{search_key,search_words}'::text[] as "before!: Value""#,
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

/// A new dataset's columns, in one statement, from what [`column_json`] wrote.
async fn columns_insert(
    connection: &mut PgConnection,
    table: i64,
    columns: Value,
    by: Option<i64>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into columns (
            table_id, column_name, column_position, data_type, is_nullable, is_primary_key,
            description, description_by_user_id, description_at, tags, semantic_type
        )
        select $1, c.column_name, c.place, c.data_type, c.is_nullable, c.is_primary_key,
            c.description, case when c.description is not null then $3::bigint end,
            case when c.description is not null then now() end, c.tags, c.semantic_type
        from rows from (
            jsonb_to_recordset($2) as (
                column_name text, data_type text, is_nullable boolean, is_primary_key boolean,
                description text, tags text[], semantic_type text)
        ) with ordinality as c (
            column_name, data_type, is_nullable, is_primary_key, description, tags,
            semantic_type, place)",
        table,
        columns,
        by
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn column_json(column: DatasetColumnInsert) -> Value {
    let said = column.said;
    json!({
        "column_name": column.name, "data_type": column.data_type,
        "is_nullable": column.is_nullable, "is_primary_key": column.is_primary_key,
        "description": said.description.flatten(), "tags": said.tags.unwrap_or_default(),
        "semantic_type": said.semantic_type.flatten().map(|meaning| meaning.as_str()),
    })
}
