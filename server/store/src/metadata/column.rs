//! What people write about columns, and what they say to the meanings that are proposed.

use super::{AnnotationRow, Difference, Written, filled};
use crate::audit::AuditEntry;
use crate::databases::read_database_id;
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::id::{ColumnId, DatabaseId, TableId};
use model::metadata::{ColumnKey, ColumnMetadata, ColumnRecord};
use model::semantic::SemanticType;
use serde_json::json;
use sqlx::PgConnection;

/// A change of what people say of a column, checked. In each field the outer `None` leaves it as
/// it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnChange {
    /// The revision that the change was made on; none to change whatever is there.
    pub revision: Option<i32>,
    /// Markdown.
    pub description: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// What its values mean.
    pub semantic_type: Option<Option<SemanticType>>,
}

impl Store {
    /// The id of a column and of its database; none when it is not there. The database's id is
    /// none for a dataset's column.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn column_place(
        &self,
        key: &ColumnKey,
    ) -> Result<Option<(ColumnId, Option<DatabaseId>)>, StoreError> {
        let (id, database) = match key {
            ColumnKey::Id(id) => {
                let row = sqlx::query!(
                    r#"select c.id, t.database_id
                    from columns c join tables t on t.id = c.table_id
                    where c.id = $1 and c.gone_at is null and t.gone_at is null"#,
                    id.0
                )
                .fetch_optional(&self.pool)
                .await?;
                let Some(row) = row else { return Ok(None) };
                (row.id, row.database_id.map(read_database_id).transpose()?)
            }
            ColumnKey::Named(table, name) => {
                let Some((table, database)) = self.table_place(table).await? else {
                    return Ok(None);
                };
                let id = sqlx::query_scalar!(
                    r#"select id from columns
                    where table_id = $1 and column_name = $2 and gone_at is null"#,
                    table.0,
                    name
                )
                .fetch_optional(&self.pool)
                .await?;
                let Some(id) = id else { return Ok(None) };
                (id, database)
            }
        };
        Ok(Some((ColumnId(id), database)))
    }

    /// One column; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn column_record(&self, id: ColumnId) -> Result<Option<ColumnRecord>, StoreError> {
        let row = sqlx::query!(
            r#"select c.id, c.table_id, t.database_id, d.name as "database_name?", t.schema_name,
                t.table_name, c.column_name, c.column_position, c.data_type, c.is_nullable,
                c.is_primary_key, c.source_comment, c.description, c.description_at,
                c.ai_description, c.ai_description_at, c.tags, c.revision, c.semantic_type,
                coalesce(nullif(w.full_name, ''), w.username) as description_by,
                array(select v.semantic_type from semantic_verdicts v where v.column_id = c.id
                    order by 1) as "decided!: Vec<String>",
                c.updated_at
            from columns c
                join tables t on t.id = c.table_id
                left join databases d on d.id = t.database_id
                left join users w on w.id = c.description_by_user_id
            where c.id = $1 and c.gone_at is null and t.gone_at is null"#,
            id.0
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let database = row.database_id.map(read_database_id).transpose()?;
        Ok(Some(ColumnRecord {
            id: ColumnId(row.id),
            table_id: TableId(row.table_id),
            database: database.zip(row.database_name),
            schema: row.schema_name,
            table: row.table_name,
            name: row.column_name,
            position: row.column_position,
            data_type: row.data_type,
            nullable: row.is_nullable,
            primary_key: row.is_primary_key,
            source_comment: row.source_comment,
            metadata: ColumnMetadata {
                annotation: AnnotationRow {
                    revision: row.revision,
                    description: row.description,
                    description_by: row.description_by,
                    description_at: row.description_at,
                    ai_description: row.ai_description,
                    ai_description_at: row.ai_description_at,
                    tags: Some(row.tags),
                }
                .into(),
                semantic_type: row.semantic_type,
                decided: row.decided,
                proposal: None,
            },
            updated_at: timestamp(row.updated_at),
        }))
    }

    /// Changes what people say of a column. The trail's line gets the fields that differ. Whoever
    /// sets, replaces or clears a meaning has given a verdict on it.
    ///
    /// # Errors
    /// Not found when the column is gone.
    pub async fn column_metadata_write(
        &self,
        id: ColumnId,
        change: ColumnChange,
        audit: &AuditEntry,
    ) -> Result<Written, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query!(
            r#"select revision, description, tags, semantic_type
            from columns
            where id = $1 and gone_at is null
            for no key update"#,
            id.0
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(StoreError::NotFound { what: "column" })?;
        if change.revision.is_some_and(|read| read != row.revision) {
            return Ok(Written::Conflict);
        }
        let mut difference = Difference::default();
        let mut description = filled(row.description);
        let described = difference.apply("description", &mut description, change.description);
        let mut tags = row.tags;
        difference.apply("tags", &mut tags, change.tags);
        let before = filled(row.semantic_type);
        let mut meaning = before.clone();
        let wanted = change
            .semantic_type
            .map(|wanted| wanted.map(|wanted| wanted.as_str().to_owned()));
        if difference.apply("semantic_type", &mut meaning, wanted) {
            for (word, is_accepted) in [(&before, false), (&meaning, true)] {
                if let Some(word) = word {
                    verdict_write_in_txn(&mut transaction, id, word, is_accepted, audit).await?;
                }
            }
        }
        if difference.is_empty() {
            return Ok(Written::Unchanged);
        }
        sqlx::query!(
            r#"update columns set revision = revision + 1, description = $2, tags = $3,
                semantic_type = $4,
                description_by_user_id = case when $5 then $6 else description_by_user_id end,
                description_at = case when $5 then now() else description_at end
            where id = $1"#,
            id.0,
            description,
            &tags,
            meaning,
            described,
            audit.user_id.map(|id| id.0)
        )
        .execute(&mut *transaction)
        .await?;
        difference.record(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(Written::Changed)
    }

    /// Keeps what somebody said to a proposed meaning; an accepted one becomes the column's.
    /// Unchanged when the verdict was given before, conflict when the column has got a meaning
    /// since it was proposed.
    ///
    /// # Errors
    /// Not found when the column is gone.
    pub async fn semantic_verdict_write(
        &self,
        id: ColumnId,
        meaning: SemanticType,
        is_accepted: bool,
        audit: &AuditEntry,
    ) -> Result<Written, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query!(
            r#"select c.semantic_type,
                (select v.is_accepted from semantic_verdicts v
                where v.column_id = c.id and v.semantic_type = $2) as decided
            from columns c
            where c.id = $1 and c.gone_at is null
            for no key update"#,
            id.0,
            meaning.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(StoreError::NotFound { what: "column" })?;
        if row.decided == Some(is_accepted) {
            return Ok(Written::Unchanged);
        }
        if row.decided.is_some() || filled(row.semantic_type).is_some() {
            return Ok(Written::Conflict);
        }
        verdict_write_in_txn(&mut transaction, id, meaning.as_str(), is_accepted, audit).await?;
        let mut difference = Difference::default();
        if is_accepted {
            sqlx::query!(
                "update columns set revision = revision + 1, semantic_type = $2 where id = $1",
                id.0,
                meaning.as_str()
            )
            .execute(&mut *transaction)
            .await?;
            difference.note("semantic_type", json!(null), json!(meaning.as_str()));
        } else {
            let after = json!({ "semantic_type": meaning.as_str(), "accepted": false });
            difference.note("semantic_verdict", json!(null), after);
        }
        difference.record(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(Written::Changed)
    }
}

async fn verdict_write_in_txn(
    connection: &mut PgConnection,
    id: ColumnId,
    word: &str,
    is_accepted: bool,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into semantic_verdicts (column_id, semantic_type, is_accepted, decided_by_user_id)
        values ($1, $2, $3, $4)
        on conflict (column_id, semantic_type) do update set is_accepted = excluded.is_accepted,
            decided_by_user_id = excluded.decided_by_user_id, decided_at = now()"#,
        id.0,
        word,
        is_accepted,
        audit.user_id.map(|id| id.0)
    )
    .execute(connection)
    .await?;
    Ok(())
}
