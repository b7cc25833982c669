//! Verdicts follow what they are about when people say that two names are one thing: the row that
//! came with the new name goes, and what was said of it holds for the row that stays.

use crate::error::StoreError;
use model::id::DatabaseId;
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Before the row of `new` goes: columns that the old table never had move to it, and verdicts on
/// the others are on those of the same name.
pub(crate) async fn verdicts_follow_table_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    old: i64,
    new: i64,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update columns c set table_id = $1
        where c.table_id = $2 and not exists (
            select 1 from columns o where o.table_id = $1 and o.column_name = c.column_name
        )"#,
        old,
        new
    )
    .execute(&mut *connection)
    .await?;
    let pairs = sqlx::query!(
        r#"select n.id as new, o.id as old
        from columns n join columns o on o.table_id = $1 and o.column_name = n.column_name
        where n.table_id = $2"#,
        old,
        new
    )
    .fetch_all(&mut *connection)
    .await?;
    let columns = pairs.into_iter().map(|pair| (pair.new, pair.old)).collect();
    follow_in_txn(connection, id, Some((new, old)), &columns).await
}

/// Before the row of `new` goes: verdicts on it are on the old column.
pub(crate) async fn verdicts_follow_column_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    old: i64,
    new: i64,
) -> Result<(), StoreError> {
    follow_in_txn(connection, id, None, &HashMap::from([(new, old)])).await
}

/// Writes other ids into verdicts. Where the old row has a verdict on the same already, that stays
/// and the other goes.
async fn follow_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    table: Option<(i64, i64)>,
    columns: &HashMap<i64, i64>,
) -> Result<(), StoreError> {
    let (new_table, _) = table.unzip();
    let new_columns: Vec<i64> = columns.keys().copied().collect();
    let verdicts = sqlx::query!(
        r#"select id, child_table_id, child_column_ids, parent_table_id, parent_column_ids,
            type_column_id
        from relation_verdicts
        where database_id = $1 and (child_table_id = $2 or parent_table_id = $2
            or child_column_ids && $3 or parent_column_ids && $3 or type_column_id = any ($3))
        order by id"#,
        id.as_str(),
        new_table,
        &new_columns
    )
    .fetch_all(&mut *connection)
    .await?;
    let of_table = |id: i64| match table {
        Some((new, old)) if new == id => old,
        _ => id,
    };
    let of_column = |id: &i64| columns.get(id).copied().unwrap_or(*id);
    let ids: Vec<i64> = verdicts.iter().map(|verdict| verdict.id).collect();
    let mut lost = Vec::new();
    let mut moved: BTreeMap<Key, Moved> = BTreeMap::new();
    for verdict in verdicts {
        let before = Key::of(
            verdict.child_table_id,
            &verdict.child_column_ids,
            verdict.parent_table_id,
            &verdict.parent_column_ids,
        );
        let child_table = of_table(verdict.child_table_id);
        let parent_table = verdict.parent_table_id.map(of_table);
        let mut child: Vec<i64> = verdict.child_column_ids.iter().map(of_column).collect();
        let mut parent: Vec<i64> = verdict.parent_column_ids.iter().map(of_column).collect();
        if parent_table.is_some() {
            let mut pairs: Vec<(i64, i64)> = child.into_iter().zip(parent).collect();
            pairs.sort_unstable();
            (child, parent) = pairs.into_iter().unzip();
        }
        let key = Key::of(child_table, &child, parent_table, &parent);
        let it = Moved {
            id: verdict.id,
            parent,
            type_column: verdict.type_column_id.as_ref().map(of_column),
        };
        // One that was on this before stays before any that comes to it; of these the first.
        match moved.entry(key) {
            Entry::Vacant(free) => {
                free.insert(it);
            }
            Entry::Occupied(mut taken) if *taken.key() == before => {
                lost.push(taken.insert(it).id);
            }
            Entry::Occupied(_) => lost.push(it.id),
        }
    }
    write_in_txn(connection, &ids, &lost, &moved).await
}

/// What a verdict is on; there is one on each.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    child_table: i64,
    child: Vec<i64>,
    parent_table: Option<i64>,
    /// Empty where another column names the table.
    parent: Vec<i64>,
}

impl Key {
    fn of(child_table: i64, child: &[i64], parent_table: Option<i64>, parent: &[i64]) -> Self {
        Self {
            child_table,
            child: child.to_vec(),
            parent_table,
            parent: match parent_table {
                Some(_) => parent.to_vec(),
                None => Vec::new(),
            },
        }
    }
}

/// A verdict that is on something else from now on.
struct Moved {
    id: i64,
    parent: Vec<i64>,
    type_column: Option<i64>,
}

/// Writes what verdicts are on, by one statement. Those that are lost go, and those on what another
/// one than these `ids` is on already.
async fn write_in_txn(
    connection: &mut PgConnection,
    ids: &[i64],
    lost: &[i64],
    moved: &BTreeMap<Key, Moved>,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = moved.values().map(|it| it.id).collect();
    let children: Vec<i64> = moved.keys().map(|key| key.child_table).collect();
    let child_columns: Vec<Value> = moved.keys().map(|key| json!(key.child)).collect();
    let parents: Vec<Option<i64>> = moved.keys().map(|key| key.parent_table).collect();
    let parent_columns: Vec<Value> = moved.values().map(|it| json!(it.parent)).collect();
    let types: Vec<Option<i64>> = moved.values().map(|it| it.type_column).collect();
    sqlx::query!(
        r#"with wanted as (
            select m.id, m.child_table, m.parent_table, m.type_column,
                array(select c.id::bigint from jsonb_array_elements_text(m.child)
                    with ordinality as c (id, place) order by c.place) as child,
                array(select c.id::bigint from jsonb_array_elements_text(m.parent)
                    with ordinality as c (id, place) order by c.place) as parent
            from unnest(
                $3::bigint[], $4::bigint[], $5::jsonb[], $6::bigint[], $7::jsonb[], $8::bigint[]
            ) as m (id, child_table, child, parent_table, parent, type_column)
        ),
        taken as (
            select wanted.id from wanted where exists (
                select from relation_verdicts o
                where o.id <> all ($1) and o.child_table_id = wanted.child_table
                    and o.child_column_ids = wanted.child
                    and o.parent_table_id is not distinct from wanted.parent_table
                    and (wanted.parent_table is null or o.parent_column_ids = wanted.parent)
            )
        ),
        gone as (
            delete from relation_verdicts
            where id = any ($2) or id in (select id from taken)
        )
        update relation_verdicts v
        set child_table_id = wanted.child_table, child_column_ids = wanted.child,
            parent_table_id = wanted.parent_table, parent_column_ids = wanted.parent,
            type_column_id = wanted.type_column
        from wanted
        where v.id = wanted.id and wanted.id not in (select id from taken)"#,
        ids,
        lost,
        &numbers,
        &children,
        &child_columns,
        &parents as &[Option<i64>],
        &parent_columns,
        &types as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}
