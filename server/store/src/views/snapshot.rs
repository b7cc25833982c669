//! Views as they were.

use super::change::query_of;
use super::part::arrangement_read;
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use futures_util::TryStreamExt as _;
use model::diagram::DiagramQuery;
use model::id::ViewId;
use model::time::Timestamp;
use model::view::Arrangement;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

/// So many states of a view are kept, the last ones.
pub(super) const SNAPSHOTS_MAX: i32 = 100;

/// A state of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSnapshot {
    /// Its number within the view.
    pub number: u32,
    /// What the view showed.
    pub query: DiagramQuery,
    /// What was arranged.
    pub arrangement: Arrangement,
    /// When the view came to be like this.
    pub changed_at: Timestamp,
    /// Who made it so.
    pub changed_by: Option<String>,
    /// When somebody began to change it.
    pub left_at: Timestamp,
}

impl Store {
    /// The states of a view that are kept, the newest first, one after the other: each may be large,
    /// and the next is read when the last is taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_snapshots_each<F, W>(
        &self,
        view: &ViewId,
        mut take: F,
    ) -> Result<(), StoreError>
    where
        F: FnMut(StoredSnapshot) -> W + Send,
        W: Future<Output = ()> + Send,
    {
        let mut rows = sqlx::query!(
            r#"select s.number, s.query, s.arrangement as "arrangement: Json<Arrangement>",
                s.changed_at, s.created_at,
                coalesce(nullif(u.full_name, ''), u.username) as changed_by
            from diagram_view_snapshots s left join users u on u.id = s.changed_by_user_id
            where s.view_id = $1
            order by s.number desc
            limit $2"#,
            view.as_str(),
            i64::from(SNAPSHOTS_MAX)
        )
        .fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            let state = StoredSnapshot {
                number: u32::try_from(row.number).unwrap_or_default(),
                query: query_of(row.query)?,
                arrangement: row.arrangement.0,
                changed_at: timestamp(row.changed_at),
                changed_by: row.changed_by,
                left_at: timestamp(row.created_at),
            };
            take(state).await;
        }
        Ok(())
    }
}

fn read(value: Value) -> Result<Arrangement, StoreError> {
    serde_json::from_value(value).map_err(|_| StoreError::Unreadable { what: "view" })
}

/// Keeps a view as it is, and lets go of the oldest state where there are too many. The caller
/// holds the view's row.
pub(super) async fn snapshot_take(
    connection: &mut PgConnection,
    view: &ViewId,
) -> Result<(), StoreError> {
    let arrangement = arrangement_read(connection, view).await?;
    sqlx::query!(
        r#"insert into diagram_view_snapshots
            (view_id, number, query, arrangement, changed_by_user_id, changed_at)
        select v.id, coalesce((
            select max(s.number) from diagram_view_snapshots s where s.view_id = v.id
        ), 0) + 1, v.query, $2, v.changed_by_user_id, v.changed_at
        from diagram_views v where v.id = $1"#,
        view.as_str(),
        serde_json::to_value(&arrangement)?
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"delete from diagram_view_snapshots
        where view_id = $1 and number <= (
            select max(number) from diagram_view_snapshots where view_id = $1
        ) - $2"#,
        view.as_str(),
        SNAPSHOTS_MAX
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// The query, as it is stored, and the arrangement of a state.
pub(super) async fn snapshot_fetch(
    connection: &mut PgConnection,
    view: &ViewId,
    number: u32,
) -> Result<Option<(Value, Arrangement)>, StoreError> {
    let Ok(number) = i32::try_from(number) else {
        return Ok(None);
    };
    let row = sqlx::query!(
        "select query, arrangement from diagram_view_snapshots where view_id = $1 and number = $2",
        view.as_str(),
        number
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.query, read(row.arrangement)?)))
        .transpose()
}
