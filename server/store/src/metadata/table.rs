//! What people write about tables.

use super::{AnnotationRow, Difference, Written, filled, person};
use crate::audit::AuditEntry;
use crate::databases::read_database_id;
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::access::Person;
use model::id::{DatabaseId, TableId};
use model::metadata::{TableKey, TableMetadata, TableRecord};
use serde_json::{Map, Value, json};

/// A change of what people say of a table, checked. In each field the outer `None` leaves it as it
/// is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableChange {
    /// The revision that the change was made on; none to change whatever is there.
    pub revision: Option<i32>,
    /// Markdown.
    pub description: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// Who answers for it.
    pub owner: Option<Option<Person>>,
    /// Where its data is.
    pub storage_location: Option<Option<String>>,
    /// How its data is written.
    pub storage_format: Option<Option<String>>,
    /// How its data is cut into parts.
    pub partitioning: Option<Option<String>>,
    /// All pairs, by key.
    pub custom: Option<Vec<(String, String)>>,
    /// Rows, of a dataset.
    pub row_count: Option<Option<i64>>,
    /// Size in bytes, of a dataset.
    pub size_bytes: Option<Option<i64>>,
    /// How many times smaller than plain its data is written, of a dataset.
    pub compression_ratio: Option<Option<f64>>,
}

/// Which tables a list shall hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableRecordFilter {
    /// Only those of these databases; none for all of them.
    pub databases: Option<Vec<String>>,
    /// Whether those without a database are listed too.
    pub datasets: bool,
    /// Only those with a greater id.
    pub after: i64,
    /// How many at the most.
    pub limit: i64,
}

/// `partitioning_info` as text: words as they are, anything else as JSON.
pub(crate) fn partitioning_text(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => filled(Some(text)),
        other => Some(other.to_string()),
    }
}

/// The text as it is stored: a JSON object or array as such, anything else as words.
pub(super) fn partitioning_value(text: &str) -> Value {
    serde_json::from_str::<Value>(text)
        .ok()
        .filter(|value| value.is_object() || value.is_array())
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// `metadata -> 'custom'` as pairs by key; what others wrote in another shape is shown as JSON.
pub(crate) fn custom_pairs(value: Option<Value>) -> Vec<(String, String)> {
    let Some(Value::Object(map)) = value else {
        return Vec::new();
    };
    let mut pairs: Vec<(String, String)> = map
        .into_iter()
        .map(|(key, value)| match value {
            Value::String(text) => (key, text),
            other => (key, other.to_string()),
        })
        .collect();
    pairs.sort();
    pairs
}

impl Store {
    /// The id of a table and of its database; none when it is not there. The database's id is none
    /// for a dataset.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn table_place(
        &self,
        key: &TableKey,
    ) -> Result<Option<(TableId, Option<DatabaseId>)>, StoreError> {
        let (id, database) = match key {
            TableKey::Id(id) => {
                let row = sqlx::query!(
                    "select id, database_id from tables where id = $1 and gone_at is null",
                    id.0
                )
                .fetch_optional(&self.pool)
                .await?;
                let Some(row) = row else { return Ok(None) };
                (row.id, row.database_id)
            }
            TableKey::Named(database, name) => {
                let row = sqlx::query!(
                    r#"select id, database_id from tables
                    where database_id = $1 and schema_name = $2 and table_name = $3
                        and gone_at is null"#,
                    database.as_str(),
                    name.schema,
                    name.name
                )
                .fetch_optional(&self.pool)
                .await?;
                let Some(row) = row else { return Ok(None) };
                (row.id, row.database_id)
            }
        };
        Ok(Some((
            TableId(id),
            database.map(read_database_id).transpose()?,
        )))
    }

    /// A page of tables and datasets by id, in two statements, with the id to go on after.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn table_record_list(
        &self,
        filter: &TableRecordFilter,
    ) -> Result<(Vec<TableRecord>, Option<TableId>), StoreError> {
        let mut ids = sqlx::query_scalar!(
            r#"select id from tables
            where gone_at is null and id > $3
                and (database_id = any ($1) or ($1::text[] is null and database_id is not null)
                    or ($2 and database_id is null))
            order by id
            limit $4"#,
            filter.databases.as_deref(),
            filter.datasets,
            filter.after,
            filter.limit.saturating_add(1)
        )
        .fetch_all(&self.pool)
        .await?;
        // One more than asked for tells whether another page follows.
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = ids.len() > limit;
        ids.truncate(limit);
        let next = ids.last().filter(|_| more).map(|id| TableId(*id));
        Ok((self.table_records(&ids).await?, next))
    }

    /// One table or dataset; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn table_record(&self, id: TableId) -> Result<Option<TableRecord>, StoreError> {
        Ok(self.table_records(&[id.0]).await?.pop())
    }

    async fn table_records(&self, ids: &[i64]) -> Result<Vec<TableRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"select t.id, t.database_id, d.name as "database_name?", t.schema_name, t.table_name,
                t.table_type, t.source_comment, t.column_count, t.row_count, t.file_size_bytes,
                t.compression_ratio, t.description, t.description_at, t.ai_description,
                t.ai_description_at, t.tags, t.revision, t.storage_location, t.storage_format,
                t.partitioning_info, t.metadata -> 'custom' as custom, t.owner_user_id,
                o.username as "owner?", o.full_name as owner_name,
                coalesce(nullif(w.full_name, ''), w.username) as description_by,
                t.created_at, t.updated_at
            from tables t
                left join databases d on d.id = t.database_id
                left join users o on o.id = t.owner_user_id
                left join users w on w.id = t.description_by_user_id
            where t.id = any ($1) and t.gone_at is null
            order by t.id"#,
            ids
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let database = row.database_id.map(read_database_id).transpose()?;
                Ok(TableRecord {
                    id: TableId(row.id),
                    database: database.zip(row.database_name),
                    schema: row.schema_name,
                    name: row.table_name,
                    table_type: row.table_type,
                    source_comment: row.source_comment,
                    columns: row.column_count.unsigned_abs(),
                    row_count: row.row_count,
                    size_bytes: row.file_size_bytes,
                    compression_ratio: row.compression_ratio,
                    metadata: TableMetadata {
                        annotation: AnnotationRow {
                            revision: row.revision,
                            description: row.description,
                            description_by: row.description_by,
                            description_at: row.description_at,
                            ai_description: row.ai_description,
                            ai_description_at: row.ai_description_at,
                            tags: row.tags,
                        }
                        .into(),
                        owner: person(row.owner_user_id, row.owner, row.owner_name),
                        storage_location: row.storage_location,
                        storage_format: row.storage_format,
                        partitioning: partitioning_text(row.partitioning_info),
                        custom: custom_pairs(row.custom),
                    },
                    created_at: timestamp(row.created_at),
                    updated_at: timestamp(row.updated_at),
                })
            })
            .collect()
    }

    /// Changes what people say of a table. The trail's line gets the fields that differ.
    ///
    /// # Errors
    /// Not found when the table is gone.
    pub async fn table_metadata_write(
        &self,
        id: TableId,
        change: TableChange,
        audit: &AuditEntry,
    ) -> Result<Written, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query!(
            r#"select t.revision, t.description, t.tags, t.owner_user_id, t.storage_location,
                t.storage_format, t.partitioning_info, t.metadata -> 'custom' as custom,
                t.row_count, t.file_size_bytes, t.compression_ratio,
                (select username from users where id = t.owner_user_id) as owner
            from tables t
            where t.id = $1 and t.gone_at is null
            for no key update"#,
            id.0
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(StoreError::NotFound { what: "table" })?;
        if change.revision.is_some_and(|read| read != row.revision) {
            return Ok(Written::Conflict);
        }
        let mut difference = Difference::default();
        let mut description = filled(row.description);
        let described = difference.apply("description", &mut description, change.description);
        let mut tags = row.tags.unwrap_or_default();
        difference.apply("tags", &mut tags, change.tags);
        let mut owner_id = row.owner_user_id;
        if let Some(owner) = change.owner
            && owner.as_ref().map(|owner| owner.id.0) != owner_id
        {
            owner_id = owner.as_ref().map(|owner| owner.id.0);
            difference.note(
                "owner",
                json!(row.owner),
                json!(owner.map(|owner| owner.username)),
            );
        }
        let mut location = row.storage_location;
        difference.apply("storage_location", &mut location, change.storage_location);
        let mut format = row.storage_format;
        difference.apply("storage_format", &mut format, change.storage_format);
        let mut partitioning = partitioning_text(row.partitioning_info);
        difference.apply("partitioning_info", &mut partitioning, change.partitioning);
        let mut custom = pairs_object(custom_pairs(row.custom));
        let wanted = change.custom.map(pairs_object);
        let has_custom = difference.apply("custom", &mut custom, wanted);
        let mut row_count = row.row_count;
        difference.apply("row_count", &mut row_count, change.row_count);
        let mut size = row.file_size_bytes;
        difference.apply("file_size_bytes", &mut size, change.size_bytes);
        let mut ratio = row.compression_ratio;
        difference.apply("compression_ratio", &mut ratio, change.compression_ratio);
        if difference.is_empty() {
            return Ok(Written::Unchanged);
        }
        sqlx::query!(
            r#"update tables set revision = revision + 1, description = $2, tags = $3,
                owner_user_id = $4, storage_location = $5, storage_format = $6,
                partitioning_info = $7, row_count = $12, file_size_bytes = $13,
                compression_ratio = $14,
                metadata = case
                    when not $8 then metadata
                    when $9::jsonb = '{}' then metadata - 'custom'
                    else metadata || jsonb_build_object('custom', $9::jsonb)
                end,
                description_by_user_id = case when $10 then $11 else description_by_user_id end,
                description_at = case when $10 then now() else description_at end
            where id = $1"#,
            id.0,
            description,
            &tags,
            owner_id,
            location,
            format,
            partitioning.as_deref().map(partitioning_value),
            has_custom,
            Value::Object(custom),
            described,
            audit.user_id.map(|id| id.0),
            row_count,
            size,
            ratio
        )
        .execute(&mut *transaction)
        .await?;
        difference.record(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(Written::Changed)
    }
}

pub(super) fn pairs_object(pairs: Vec<(String, String)>) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(key, value)| (key, Value::String(value)))
        .collect()
}
