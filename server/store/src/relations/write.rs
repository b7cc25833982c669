//! Verdicts as they are given and taken back, each with its line in the trail.

use crate::audit::{AuditEntry, audit_record_in_txn, audit_records_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::id::{ColumnId, DatabaseId, TableId, UserId};
use model::relation::verdict::RelationKey;
use model::time::Timestamp;
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};

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
        let rows: Vec<VerdictRow> = verdicts.iter().map(VerdictRow::of).collect();
        let mut transaction = self.begin().await?;
        let mut stored = verdicts_insert_in_txn(&mut transaction, id, &rows, audit.user_id).await?;
        let mut written: Vec<Option<VerdictWritten>> = Vec::with_capacity(rows.len());
        let mut lines = Vec::new();
        for (row, verdict) in rows.iter().zip(verdicts) {
            // Of two on one thing the first counts.
            let number = stored.remove(&row.key);
            if let Some(number) = number {
                lines.push(AuditEntry {
                    resource_id: Some(number.to_string()),
                    resource_name: Some(verdict.name.clone()),
                    changes: Some(verdict.changes.clone()),
                    ..audit.clone()
                });
            }
            written.push(number.map(VerdictWritten::Stored));
        }
        audit_records_in_txn(&mut transaction, &lines).await?;
        let rest = rows.iter().zip(&written).filter(|(_, it)| it.is_none());
        let rest: Vec<&VerdictRow> = rest.map(|(row, _)| row).collect();
        let known = verdicts_known_in_txn(&mut transaction, &rest).await?;
        transaction.commit().await?;
        Ok(rows
            .iter()
            .zip(written)
            .map(|(row, written)| {
                let known = || known.get(&row.key).cloned();
                written.or_else(known).unwrap_or(VerdictWritten::Gone)
            })
            .collect())
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

/// What a verdict is on; there is one on each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct VerdictKey {
    child_table: i64,
    child: Vec<i64>,
    parent_table: Option<i64>,
    /// Empty where another column names the table.
    parent: Vec<i64>,
}

/// A verdict as it is written.
struct VerdictRow<'a> {
    key: VerdictKey,
    /// The columns that are referred to, or known to be meant.
    parent: Vec<i64>,
    type_column: Option<i64>,
    verdict: &'a NewVerdict,
}

impl<'a> VerdictRow<'a> {
    fn of(verdict: &'a NewVerdict) -> Self {
        let ids = |columns: &[ColumnId]| columns.iter().map(|it| it.0).collect::<Vec<i64>>();
        let parent = match verdict.parent {
            Some(_) => ids(verdict.key.to()),
            None => ids(&verdict.among),
        };
        Self {
            key: VerdictKey {
                child_table: verdict.child.0,
                child: ids(verdict.key.from()),
                parent_table: verdict.parent.map(|table| table.0),
                parent: match verdict.parent {
                    Some(_) => parent.clone(),
                    None => Vec::new(),
                },
            },
            parent,
            type_column: verdict.key.type_column().map(|column| column.0),
            verdict,
        }
    }
}

/// Inserts those that are not there yet and whose columns are, in the order of what they are on: two
/// people who decide the same at once, each in an order of their own, wait for each other once and
/// not both ways. Answers the numbers of those that are stored.
async fn verdicts_insert_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    rows: &[VerdictRow<'_>],
    by: Option<UserId>,
) -> Result<HashMap<VerdictKey, i64>, StoreError> {
    let mut rows: Vec<&VerdictRow<'_>> = rows.iter().collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    let children: Vec<i64> = rows.iter().map(|row| row.key.child_table).collect();
    let parents: Vec<Option<i64>> = rows.iter().map(|row| row.key.parent_table).collect();
    let child_columns: Vec<Value> = rows.iter().map(|row| json!(row.key.child)).collect();
    let parent_columns: Vec<Value> = rows.iter().map(|row| json!(row.parent)).collect();
    let type_columns: Vec<Option<i64>> = rows.iter().map(|row| row.type_column).collect();
    let verdicts = || rows.iter().map(|row| row.verdict);
    let accepted: Vec<bool> = verdicts().map(|it| it.is_accepted).collect();
    let by_hand: Vec<bool> = verdicts().map(|it| it.is_by_hand).collect();
    let confidences: Vec<Option<f32>> = verdicts().map(|it| it.confidence).collect();
    let reasons: Vec<&str> = verdicts().map(|it| it.reason.as_str()).collect();
    let notes: Vec<Option<&str>> = verdicts().map(|it| it.note.as_deref()).collect();
    let stored = sqlx::query!(
        r#"with wanted as (
            select v.place, v.child_table, v.parent_table, v.type_column, v.is_accepted,
                v.is_by_hand, v.confidence, v.reason, v.note,
                array(select c.id::bigint from jsonb_array_elements_text(v.child)
                    with ordinality as c (id, place) order by c.place) as child,
                array(select c.id::bigint from jsonb_array_elements_text(v.parent)
                    with ordinality as c (id, place) order by c.place) as parent
            from unnest(
                $2::bigint[], $3::jsonb[], $4::bigint[], $5::jsonb[], $6::bigint[], $7::bool[],
                $8::bool[], $9::real[], $10::text[], $11::text[]
            ) with ordinality as v (child_table, child, parent_table, parent, type_column,
                is_accepted, is_by_hand, confidence, reason, note, place)
        )
        insert into relation_verdicts (
            database_id, child_table_id, child_column_ids, parent_table_id, parent_column_ids,
            type_column_id, is_accepted, is_by_hand, confidence, reason, note, decided_by_user_id
        )
        select $1, child_table, child, parent_table, parent, type_column, is_accepted, is_by_hand,
            confidence, reason, note, $12
        from wanted
        where not exists (
            select from unnest(child || parent || type_column) as named (id)
            where named.id is not null and not exists (
                select from columns c join tables t on t.id = c.table_id
                where t.database_id = $1 and c.id = named.id
            )
        )
        order by place
        on conflict do nothing
        returning id, child_table_id, child_column_ids, parent_table_id, parent_column_ids"#,
        id.as_str(),
        &children,
        &child_columns,
        &parents as &[Option<i64>],
        &parent_columns,
        &type_columns as &[Option<i64>],
        &accepted,
        &by_hand,
        &confidences as &[Option<f32>],
        &reasons as &[&str],
        &notes as &[Option<&str>],
        by.map(|id| id.0)
    )
    .fetch_all(connection)
    .await?;
    let stored = stored.into_iter().map(|row| {
        let key = VerdictKey {
            child_table: row.child_table_id,
            child: row.child_column_ids,
            parent: match row.parent_table_id {
                Some(_) => row.parent_column_ids,
                None => Vec::new(),
            },
            parent_table: row.parent_table_id,
        };
        (key, row.id)
    });
    Ok(stored.collect())
}

/// Those that somebody gave before.
async fn verdicts_known_in_txn(
    connection: &mut PgConnection,
    rows: &[&VerdictRow<'_>],
) -> Result<HashMap<VerdictKey, VerdictWritten>, StoreError> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let children: Vec<i64> = rows.iter().map(|row| row.key.child_table).collect();
    let wanted: HashSet<&VerdictKey> = rows.iter().map(|row| &row.key).collect();
    let known = sqlx::query!(
        r#"select v.id, v.is_accepted, v.decided_at, v.child_table_id, v.child_column_ids,
            v.parent_table_id,
            case when v.parent_table_id is null then '{}' else v.parent_column_ids end
                as "parent_column_ids!",
            coalesce(nullif(u.full_name, ''), u.username) as decided_by
        from relation_verdicts v left join users u on u.id = v.decided_by_user_id
        where v.child_table_id = any ($1)"#,
        &children
    )
    .fetch_all(connection)
    .await?;
    let known = known.into_iter().map(|row| {
        let key = VerdictKey {
            child_table: row.child_table_id,
            child: row.child_column_ids,
            parent_table: row.parent_table_id,
            parent: row.parent_column_ids,
        };
        let decided = VerdictWritten::Decided {
            id: row.id,
            is_accepted: row.is_accepted,
            by: row.decided_by,
            at: timestamp(row.decided_at),
        };
        (key, decided)
    });
    Ok(known.filter(|(key, _)| wanted.contains(key)).collect())
}
