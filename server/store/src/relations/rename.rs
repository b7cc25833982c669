//! Verdicts follow what they are about when people say that two names are one thing: the row that
//! came with the new name goes, and what was said of it holds for the row that stays.

use crate::error::StoreError;
use model::id::DatabaseId;
use sqlx::PgConnection;
use std::collections::HashMap;

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
    for verdict in verdicts {
        let child_table = of_table(verdict.child_table_id);
        let parent_table = verdict.parent_table_id.map(of_table);
        let mut child: Vec<i64> = verdict.child_column_ids.iter().map(of_column).collect();
        let mut parent: Vec<i64> = verdict.parent_column_ids.iter().map(of_column).collect();
        if parent_table.is_some() {
            let mut pairs: Vec<(i64, i64)> = child.into_iter().zip(parent).collect();
            pairs.sort_unstable();
            (child, parent) = pairs.into_iter().unzip();
        }
        let moved = sqlx::query!(
            r#"update relation_verdicts v
            set child_table_id = $2, child_column_ids = $3, parent_table_id = $4,
                parent_column_ids = $5, type_column_id = $6
            where v.id = $1 and not exists (
                select 1 from relation_verdicts o
                where o.id <> $1 and o.child_table_id = $2 and o.child_column_ids = $3
                    and o.parent_table_id is not distinct from $4
                    and ($4::bigint is null or o.parent_column_ids = $5)
            )"#,
            verdict.id,
            child_table,
            &child,
            parent_table,
            &parent,
            verdict.type_column_id.as_ref().map(of_column)
        )
        .execute(&mut *connection)
        .await?;
        if moved.rows_affected() == 0 {
            sqlx::query!("delete from relation_verdicts where id = $1", verdict.id)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}
