//! What close looks at tables' rows found.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::id::TableId;
use model::profile::{ColumnProfile, TableProfile, ValueProfile};
use model::time::Timestamp;
use serde_json::Value;
use sqlx::types::Json;

/// What was found, to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewProfile {
    /// How many rows were read.
    pub rows: i64,
    /// Whether they were a part of all.
    pub sampled: bool,
    /// The columns that were looked at.
    pub columns: Vec<ColumnProfile>,
}

impl Store {
    /// What the last look at a table's rows found; none where nobody has looked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn profile_fetch(&self, id: TableId) -> Result<Option<TableProfile>, StoreError> {
        let rows = sqlx::query!(
            r#"select t.profiled_at as "profiled_at!", t.profile_rows as "profile_rows!",
                t.profile_sampled, c.column_name as "column_name?",
                c.profile as "profile?: Json<ValueProfile>"
            from tables t
                left join columns c
                    on c.table_id = t.id and c.gone_at is null and c.profile is not null
            where t.id = $1 and t.profiled_at is not null and t.profile_rows is not null
            order by c.column_position, c.id"#,
            id.0
        )
        .fetch_all(&self.pool)
        .await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(TableProfile {
            taken_at: timestamp(first.profiled_at),
            rows: first.profile_rows,
            sampled: first.profile_sampled,
            columns: rows
                .into_iter()
                .filter_map(|row| {
                    let (column, values) = row.column_name.zip(row.profile)?;
                    Some(ColumnProfile {
                        column,
                        values: values.0,
                    })
                })
                .collect(),
        }))
    }

    /// Keeps what a look at a table's rows found in place of what the one before did. Returns
    /// when that is taken to have been; none when the table is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn profile_write(
        &self,
        id: TableId,
        profile: &NewProfile,
        audit: &AuditEntry,
    ) -> Result<Option<Timestamp>, StoreError> {
        let names: Vec<&str> = profile
            .columns
            .iter()
            .map(|column| column.column.as_str())
            .collect();
        let values = profile
            .columns
            .iter()
            .map(|column| serde_json::to_value(&column.values))
            .collect::<Result<Vec<Value>, _>>()?;
        let mut transaction = self.begin().await?;
        let taken_at = sqlx::query_scalar!(
            r#"update tables
            set profiled_at = now(), profile_rows = $2, profile_sampled = $3
            where id = $1 and gone_at is null
            returning profiled_at as "profiled_at!""#,
            id.0,
            profile.rows,
            profile.sampled
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(taken_at) = taken_at else {
            return Ok(None);
        };
        sqlx::query!(
            r#"update columns c
            set profile = (
                select p.profile from unnest($2::text[], $3::jsonb[]) as p (name, profile)
                where p.name = c.column_name
            )
            where c.table_id = $1"#,
            id.0,
            &names as &[&str],
            &values
        )
        .execute(&mut *transaction)
        .await?;
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(Some(timestamp(taken_at)))
    }
}
