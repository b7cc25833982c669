//! How the arrangement of a view changes.

use super::part::{arrangement_read, change_of, parts_write};
use super::snapshot::{snapshot_fetch, snapshot_take};
use super::{count, feed};
use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::store::Store;
use model::box_id::is_group;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, UserId, ViewId};
use model::saved_view::changes_between;
use model::view::{Arrangement, ViewChange};
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::HashSet;

/// So many minutes without a change make the next one the begin of something new.
const PAUSE_MINUTES: i32 = 10;

/// What happened to a view since a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesSince {
    /// The present revision.
    pub revision: u64,
    /// What is so now of each thing that changed, in the order of the changes.
    pub changes: Vec<ViewChange>,
    /// Whether it shows something else.
    pub has_other_query: bool,
}

/// What became of a wish to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// The view is as it was; this is its new revision.
    Done(u64),
    /// There is no such state, or no such view.
    Absent,
}

impl Store {
    /// What is arranged in a view, and its revision; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_arrangement(
        &self,
        view: &ViewId,
    ) -> Result<Option<(u64, Arrangement)>, StoreError> {
        let mut transaction = self.begin().await?;
        // The revision first: what is written meanwhile is then told again, never left out.
        let revision = sqlx::query_scalar!(
            "select revision from diagram_views where id = $1",
            view.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(revision) = revision else {
            return Ok(None);
        };
        let arrangement = arrangement_read(&mut transaction, view).await?;
        Ok(Some((count(revision), arrangement)))
    }

    /// Makes changes, the later ones counting, and answers the new revision; none when the view is
    /// not there. What is said of tables that the database does not have is left out. Before the
    /// first change of a person for some time, the view is kept as it is.
    ///
    /// # Errors
    /// Conflict when there is more than a view can hold (`diagram_view_parts_max`).
    pub async fn view_change(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        changes: &[ViewChange],
        by: Option<UserId>,
    ) -> Result<Option<u64>, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query!(
            r#"select v.revision, not exists (
                select 1 from diagram_view_snapshots s where s.view_id = v.id
            ) or not exists (
                select 1 from diagram_view_parts p
                where p.view_id = v.id and p.changed_by_user_id is not distinct from $3
                    and p.changed_at > now() - make_interval(mins => $4)
            ) as "begins!"
            from diagram_views v where v.database_id = $1 and v.id = $2 for update of v"#,
            database.as_str(),
            view.as_str(),
            by.map(|id| id.0),
            PAUSE_MINUTES
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let changes = known_tables_only(&mut transaction, database, changes).await?;
        if changes.is_empty() {
            return Ok(Some(count(row.revision)));
        }
        if row.begins {
            snapshot_take(&mut transaction, view).await?;
        }
        let revision = advance(&mut transaction, view, &changes, by, None).await?;
        transaction.commit().await?;
        Ok(Some(count(revision)))
    }

    /// What happened to a view after a revision; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_changes_since(
        &self,
        view: &ViewId,
        since: u64,
    ) -> Result<Option<ChangesSince>, StoreError> {
        let mut transaction = self.begin().await?;
        let since = i64::try_from(since).unwrap_or(i64::MAX);
        let row = sqlx::query!(
            "select revision, query_revision from diagram_views where id = $1",
            view.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let changes = sqlx::query!(
            r#"select kind, subject, value from diagram_view_parts
            where view_id = $1 and revision > $2
            order by revision, kind, subject"#,
            view.as_str(),
            since
        )
        .fetch_all(&mut *transaction)
        .await?
        .into_iter()
        .map(|row| change_of(&row.kind, row.subject, row.value))
        .collect::<Result<_, _>>()?;
        Ok(Some(ChangesSince {
            revision: count(row.revision),
            changes,
            has_other_query: row.query_revision > since,
        }))
    }

    /// Brings a view back to a state that was kept, and keeps the one that it leaves.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_restore(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        number: u32,
        by: Option<UserId>,
        audit: &AuditEntry,
    ) -> Result<Restored, StoreError> {
        let mut transaction = self.begin().await?;
        let row = sqlx::query!(
            r#"select query from diagram_views where database_id = $1 and id = $2 for update"#,
            database.as_str(),
            view.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else {
            return Ok(Restored::Absent);
        };
        let Some((query, then)) = snapshot_fetch(&mut transaction, view, number).await? else {
            return Ok(Restored::Absent);
        };
        let now = arrangement_read(&mut transaction, view).await?;
        snapshot_take(&mut transaction, view).await?;
        let changes = changes_between(&now, &then);
        let query = (query != row.query).then_some(query);
        let revision = advance(&mut transaction, view, &changes, by, query).await?;
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(Restored::Done(count(revision)))
    }
}

/// Writes changes, and another query where there is one, under the next revision, and tells
/// everybody who listens. The caller holds the view's row.
pub(super) async fn advance(
    connection: &mut PgConnection,
    view: &ViewId,
    changes: &[ViewChange],
    by: Option<UserId>,
    query: Option<Value>,
) -> Result<i64, StoreError> {
    let revision = sqlx::query_scalar!(
        r#"update diagram_views set revision = revision + 1, changed_at = now(),
            changed_by_user_id = $2, query = coalesce($3, query),
            query_revision = case when $3::jsonb is null then query_revision else revision + 1 end
        where id = $1 returning revision"#,
        view.as_str(),
        by.map(|id| id.0),
        query
    )
    .fetch_one(&mut *connection)
    .await?;
    parts_write(connection, view, changes, revision, by).await?;
    feed::tell(connection, view, revision).await?;
    Ok(revision)
}

/// Leaves out what is said of tables that are not the database's. Groups have no row: which there are
/// is found anew for every picture.
async fn known_tables_only(
    connection: &mut PgConnection,
    database: &DatabaseId,
    changes: &[ViewChange],
) -> Result<Vec<ViewChange>, StoreError> {
    let table_of = |change: &ViewChange| match change {
        ViewChange::Place { table, .. }
        | ViewChange::Pin { table, .. }
        | ViewChange::Hide { table, .. }
        | ViewChange::Colour { table, .. } => Some(*table),
        ViewChange::Area { .. } | ViewChange::Memo { .. } => None,
    };
    let named: HashSet<i64> = changes.iter().filter_map(table_of).collect();
    let named: Vec<i64> = named.into_iter().collect();
    let known: HashSet<i64> = if named.is_empty() {
        HashSet::new()
    } else {
        sqlx::query_scalar!(
            "select id from tables where database_id = $1 and id = any($2)",
            database.as_str(),
            &named
        )
        .fetch_all(connection)
        .await?
        .into_iter()
        .collect()
    };
    Ok(changes
        .iter()
        .filter(|change| {
            table_of(change).is_none_or(|table| is_group(table) || known.contains(&table))
        })
        .cloned()
        .collect())
}

/// Reads the query of a snapshot for the outside.
pub(super) fn query_of(value: Value) -> Result<DiagramQuery, StoreError> {
    super::read_query(value)
}
