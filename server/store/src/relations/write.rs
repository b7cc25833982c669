//! Verdicts as they are given and taken back, each with its line in the trail.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::id::{ColumnId, DatabaseId, TableId};
use model::relation::verdict::RelationKey;
use model::time::Timestamp;
use serde_json::Value;
use sqlx::PgConnection;

/// A verdict to be stored, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVerdict {
    /// On what.
    pub key: RelationKey,
    /// The table of the columns that refer.
    pub child: TableId,
    /// The table that they refer to; none for a pair.
    pub parent: Option<TableId>,
    /// For a pair, the keys known to be meant.
    pub among: Vec<ColumnId>,
    /// Whether it holds.
    pub is_accepted: bool,
    /// Whether somebody adds what is not proposed.
    pub is_by_hand: bool,
    /// What the proposal says.
    pub confidence: Option<f32>,
    /// What the proposal says.
    pub reason: String,
    /// What the person says.
    pub note: Option<String>,
    /// The relation in words, for the trail.
    pub name: String,
    /// What the trail tells of it.
    pub changes: Value,
}

/// What became of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerdictWritten {
    /// It is stored, under this number.
    Stored(i64),
    /// There is one already, the same or the contrary.
    Decided {
        /// Its number.
        id: i64,
        /// What it says.
        is_accepted: bool,
        /// Who gave it, where that is known.
        by: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// A column is not there any more.
    Gone,
}

impl Store {
    /// Stores verdicts, all in one transaction, each with its line in the trail; `audit` says who
    /// gives them. Those that somebody gave before stay as they are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn relation_verdicts_write(
        &self,
        id: &DatabaseId,
        verdicts: &[NewVerdict],
        audit: &AuditEntry,
    ) -> Result<Vec<VerdictWritten>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut written = Vec::with_capacity(verdicts.len());
        for verdict in verdicts {
            written.push(verdict_write_in_txn(&mut transaction, id, verdict, audit).await?);
        }
        transaction.commit().await?;
        Ok(written)
    }

    /// Takes a verdict back. False when it is not there (any more).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn relation_verdict_withdraw(
        &self,
        id: &DatabaseId,
        verdict: i64,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let gone = sqlx::query!(
            "delete from relation_verdicts where database_id = $1 and id = $2",
            id.as_str(),
            verdict
        )
        .execute(&mut *transaction)
        .await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn verdict_write_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    verdict: &NewVerdict,
    audit: &AuditEntry,
) -> Result<VerdictWritten, StoreError> {
    let ids = |columns: &[ColumnId]| columns.iter().map(|column| column.0).collect::<Vec<i64>>();
    let child = ids(verdict.key.from());
    let parent = match verdict.parent {
        Some(_) => ids(verdict.key.to()),
        None => ids(&verdict.among),
    };
    let type_column = verdict.key.type_column().map(|column| column.0);
    let mut all: Vec<i64> = child.iter().chain(&parent).copied().collect();
    all.extend(type_column);
    all.sort_unstable();
    all.dedup();
    let stored = sqlx::query_scalar!(
        r#"insert into relation_verdicts (
            database_id, child_table_id, child_column_ids, parent_table_id, parent_column_ids,
            type_column_id, is_accepted, is_by_hand, confidence, reason, note, decided_by_user_id
        )
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
        where cardinality($13::bigint[]) = (
            select count(*) from columns c join tables t on t.id = c.table_id
            where t.database_id = $1 and c.id = any ($13)
        )
        on conflict do nothing
        returning id"#,
        id.as_str(),
        verdict.child.0,
        &child,
        verdict.parent.map(|table| table.0),
        &parent,
        type_column,
        verdict.is_accepted,
        verdict.is_by_hand,
        verdict.confidence,
        verdict.reason,
        verdict.note,
        audit.user_id.map(|id| id.0),
        &all
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(stored) = stored {
        let line = AuditEntry {
            resource_id: Some(stored.to_string()),
            resource_name: Some(verdict.name.clone()),
            changes: Some(verdict.changes.clone()),
            ..audit.clone()
        };
        audit_record_in_txn(connection, &line).await?;
        return Ok(VerdictWritten::Stored(stored));
    }
    let known = sqlx::query!(
        r#"select v.id, v.is_accepted, v.decided_at,
            coalesce(nullif(u.full_name, ''), u.username) as decided_by
        from relation_verdicts v left join users u on u.id = v.decided_by_user_id
        where v.child_table_id = $1 and v.child_column_ids = $2
            and v.parent_table_id is not distinct from $3
            and (v.parent_table_id is null or v.parent_column_ids = $4)"#,
        verdict.child.0,
        &child,
        verdict.parent.map(|table| table.0),
        &parent
    )
    .fetch_optional(connection)
    .await?;
    Ok(match known {
        Some(row) => VerdictWritten::Decided {
            id: row.id,
            is_accepted: row.is_accepted,
            by: row.decided_by,
            at: timestamp(row.decided_at),
        },
        None => VerdictWritten::Gone,
    })
}
