//! What is arranged, one row for each thing.

use super::feed;
use crate::error::StoreError;
use model::id::{DatabaseId, UserId, ViewId};
use model::view::{Arrangement, ViewChange, ViewSubject};
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::collections::HashMap;

/// So many things are arranged in one view, those taken back too.
const PARTS_MAX: i64 = 60_000;
/// So many of them are areas and memos, which may be long texts.
const NOTES_MAX: i64 = 2_000;

/// A change as its row has it.
struct Part {
    kind: &'static str,
    subject: String,
    value: Option<Value>,
}

fn part_of(change: &ViewChange) -> Result<Part, StoreError> {
    let (kind, subject, value) = match change {
        ViewChange::Place { table, at } => ("place", table.to_string(), filled(at)?),
        ViewChange::Pin { table, pinned } => {
            ("pin", table.to_string(), pinned.then(|| json!(true)))
        }
        ViewChange::Hide { table, hidden } => {
            ("hide", table.to_string(), hidden.then(|| json!(true)))
        }
        ViewChange::Colour { table, colour } => ("colour", table.to_string(), filled(colour)?),
        ViewChange::Area { id, area } => ("area", id.clone(), filled(area)?),
        ViewChange::Memo { id, memo } => ("memo", id.clone(), filled(memo)?),
    };
    Ok(Part {
        kind,
        subject,
        value,
    })
}

fn filled<T: serde::Serialize>(value: &Option<T>) -> Result<Option<Value>, StoreError> {
    Ok(value.as_ref().map(serde_json::to_value).transpose()?)
}

/// The change that a row stands for.
pub(super) fn change_of(
    kind: &str,
    subject: String,
    value: Option<Value>,
) -> Result<ViewChange, StoreError> {
    let unreadable = || StoreError::Unreadable { what: "view" };
    let table = || subject.parse::<i64>().map_err(|_| unreadable());
    fn read<T: serde::de::DeserializeOwned>(value: Option<Value>) -> Result<Option<T>, StoreError> {
        value
            .map(serde_json::from_value)
            .transpose()
            .map_err(|_| StoreError::Unreadable { what: "view" })
    }
    Ok(match kind {
        "place" => ViewChange::Place {
            table: table()?,
            at: read(value)?,
        },
        "pin" => ViewChange::Pin {
            table: table()?,
            pinned: value.is_some(),
        },
        "hide" => ViewChange::Hide {
            table: table()?,
            hidden: value.is_some(),
        },
        "colour" => ViewChange::Colour {
            table: table()?,
            colour: read(value)?,
        },
        "area" => ViewChange::Area {
            id: subject,
            area: read(value)?,
        },
        "memo" => ViewChange::Memo {
            id: subject,
            memo: read(value)?,
        },
        _ => return Err(unreadable()),
    })
}

/// Writes changes under a revision; of several to one thing the last counts.
pub(super) async fn parts_write(
    connection: &mut PgConnection,
    view: &ViewId,
    changes: &[ViewChange],
    revision: i64,
    by: Option<UserId>,
) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let last: HashMap<ViewSubject, &ViewChange> = changes
        .iter()
        .map(|change| (change.subject(), change))
        .collect();
    let (mut kinds, mut subjects, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for change in last.into_values() {
        let part = part_of(change)?;
        kinds.push(part.kind.to_owned());
        subjects.push(part.subject);
        values.push(part.value);
    }
    sqlx::query!(
        r#"insert into diagram_view_parts
            (view_id, kind, subject, value, revision, changed_by_user_id)
        select $1, p.kind, p.subject, p.value, $5, $6
        from unnest($2::text[], $3::text[], $4::jsonb[]) as p (kind, subject, value)
        on conflict (view_id, kind, subject) do update set value = excluded.value,
            revision = excluded.revision, changed_by_user_id = excluded.changed_by_user_id,
            changed_at = excluded.changed_at"#,
        view.as_str(),
        &kinds,
        &subjects,
        &values as &[Option<Value>],
        revision,
        by.map(|id| id.0)
    )
    .execute(&mut *connection)
    .await?;
    let parts = sqlx::query!(
        r#"select count(*) as "all!",
            count(*) filter (where kind in ('area', 'memo') and value is not null) as "notes!"
        from diagram_view_parts where view_id = $1"#,
        view.as_str()
    )
    .fetch_one(&mut *connection)
    .await?;
    if parts.all > PARTS_MAX || parts.notes > NOTES_MAX {
        return Err(StoreError::Conflict {
            constraint: "diagram_view_parts_max".to_owned(),
        });
    }
    Ok(())
}

/// What is arranged in a view.
pub(super) async fn arrangement_read(
    connection: &mut PgConnection,
    view: &ViewId,
) -> Result<Arrangement, StoreError> {
    let rows = sqlx::query!(
        "select kind, subject, value from diagram_view_parts where view_id = $1 and value is not null",
        view.as_str()
    )
    .fetch_all(connection)
    .await?;
    let mut arrangement = Arrangement::default();
    for row in rows {
        arrangement.apply(&change_of(&row.kind, row.subject, row.value)?);
    }
    Ok(arrangement)
}

/// Before the row of the table `new` goes: what was arranged of it is so of `old`, as far as nothing
/// was arranged of that. Everybody who listens to such a view is told.
pub(crate) async fn parts_follow_table_in_txn(
    connection: &mut PgConnection,
    database: &DatabaseId,
    old: i64,
    new: i64,
) -> Result<(), StoreError> {
    let grown = sqlx::query!(
        r#"with held as (
            select id from diagram_views where database_id = $3 order by id for no key update
        ),
        moved as (
            select part.view_id, part.kind, part.value, part.changed_by_user_id, part.changed_at
            from held join diagram_view_parts part on part.view_id = held.id
            where part.subject = $2 and part.kind in ('place', 'pin', 'hide', 'colour')
                and part.value is not null
        ),
        grown as (
            update diagram_views set revision = revision + 1
            where id in (select view_id from moved)
            returning id, revision
        ),
        written as (
            insert into diagram_view_parts as part
                (view_id, kind, subject, value, revision, changed_by_user_id, changed_at)
            select moved.view_id, moved.kind, $1, moved.value, grown.revision,
                moved.changed_by_user_id, moved.changed_at
            from moved join grown on grown.id = moved.view_id
            on conflict (view_id, kind, subject) do update
                set value = excluded.value, revision = excluded.revision,
                    changed_by_user_id = excluded.changed_by_user_id,
                    changed_at = excluded.changed_at
                where part.value is null
        )
        select id, revision from grown order by id"#,
        old.to_string(),
        new.to_string(),
        database.as_str()
    )
    .fetch_all(&mut *connection)
    .await?;
    let grown = grown.into_iter().map(|row| (row.id, row.revision));
    feed::tell_all(connection, grown).await
}
