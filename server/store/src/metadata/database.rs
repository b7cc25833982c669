//! What people write about databases.

use super::{AnnotationRow, Difference, Written, filled};
use crate::audit::AuditEntry;
use crate::databases::read_database_id;
use crate::error::StoreError;
use crate::store::Store;
use model::id::DatabaseId;
use model::metadata::{DatabaseMetadata, DatabaseRecord};

/// A change of what people say of a database, checked. In each field the outer `None` leaves it as
/// it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseChange {
    /// The revision that the change was made on; none to change whatever is there.
    pub revision: Option<i32>,
    /// Markdown.
    pub description: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
}

impl Store {
    /// A database with what people say of it; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_record(
        &self,
        id: &DatabaseId,
    ) -> Result<Option<DatabaseRecord>, StoreError> {
        let row = sqlx::query!(
            r#"select d.id, d.name, d.description, d.description_at, d.ai_description,
                d.ai_description_at, d.tags, d.revision,
                coalesce(nullif(w.full_name, ''), w.username) as description_by
            from databases d
                left join users w on w.id = d.description_by_user_id
            where d.id = $1"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(DatabaseRecord {
            id: read_database_id(row.id)?,
            name: row.name,
            metadata: DatabaseMetadata {
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
            },
        }))
    }

    /// Changes what people say of a database. The trail's line gets the fields that differ.
    ///
    /// # Errors
    /// Not found when the database is gone.
    pub async fn database_metadata_write(
        &self,
        id: &DatabaseId,
        change: DatabaseChange,
        audit: &AuditEntry,
    ) -> Result<Written, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query!(
            r#"select revision, description, tags
            from databases
            where id = $1
            for no key update"#,
            id.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(StoreError::NotFound { what: "database" })?;
        if change.revision.is_some_and(|read| read != row.revision) {
            return Ok(Written::Conflict);
        }
        let mut difference = Difference::default();
        let mut description = filled(row.description);
        let described = difference.apply("description", &mut description, change.description);
        let mut tags = row.tags;
        difference.apply("tags", &mut tags, change.tags);
        if difference.is_empty() {
            return Ok(Written::Unchanged);
        }
        sqlx::query!(
            r#"update databases set revision = revision + 1, description = $2, tags = $3,
                description_by_user_id = case when $4 then $5 else description_by_user_id end,
                description_at = case when $4 then now() else description_at end
            where id = $1"#,
            id.as_str(),
            description,
            &tags,
            described,
            audit.user_id.map(|id| id.0)
        )
        .execute(&mut *transaction)
        .await?;
        difference.record(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(Written::Changed)
    }
}
