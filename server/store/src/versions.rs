//! The structures that a database had, from reading to reading.

use crate::error::StoreError;
use crate::moment::timestamp;
use crate::relations::{verdicts_follow_column_in_txn, verdicts_follow_table_in_txn};
use crate::schema_refresh::structure_write_in_txn;
use crate::store::Store;
use crate::views::parts_follow_table_in_txn;
use model::catalog::SchemaVersion;
use model::diff::{Rename, SchemaDiff};
use model::id::{DatabaseId, UserId};
use model::schema::Schema;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::fmt::Write as _;

/// Versions are listed up to so many, the newest first.
const VERSIONS_MAX: i64 = 500;

/// What is said of a new version besides its structure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewVersion {
    /// Who asked for the reading.
    pub created_by: Option<UserId>,
}

impl Store {
    /// The versions of a database, the newest first, up to 500.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn version_list(&self, id: &DatabaseId) -> Result<Vec<SchemaVersion>, StoreError> {
        let rows = sqlx::query!(
            r#"select v.number, v.summary, v.created_at,
                lag(v.hash) over (order by v.number) is distinct from v.hash as "has_changed!",
                coalesce(nullif(u.full_name, ''), u.username) as created_by
            from schema_versions v left join users u on u.id = v.created_by_user_id
            where v.database_id = $1
            order by v.number desc
            limit $2"#,
            id.as_str(),
            VERSIONS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| SchemaVersion {
                number: row.number.unsigned_abs(),
                summary: row.summary,
                has_changed: row.has_changed,
                created_by: row.created_by,
                created_at: timestamp(row.created_at),
            })
            .collect())
    }

    /// The structure of one version; none when there is no such version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn version_structure(
        &self,
        id: &DatabaseId,
        number: u32,
    ) -> Result<Option<Schema>, StoreError> {
        let structure = sqlx::query_scalar!(
            r#"select s.structure as "structure: Json<Schema>"
            from schema_versions v
                join schema_structures s on s.database_id = v.database_id and s.hash = v.hash
            where v.database_id = $1 and v.number = $2"#,
            id.as_str(),
            i32::try_from(number).unwrap_or(i32::MAX)
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(structure.map(|structure| structure.0))
    }

    /// The structure of the newest version; none when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn structure_newest(&self, id: &DatabaseId) -> Result<Option<Schema>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        newest_in_txn(&mut connection, id).await
    }

    /// Keeps the structure of a database that has no version yet as its first. Nothing happens
    /// when it has one, or is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn version_first(&self, id: &DatabaseId, schema: &Schema) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        // Two who need it at once make it once: the second looks when the first is done.
        let found = sqlx::query!(
            "select id from databases where id = $1 for update",
            id.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let has_one = newest_in_txn(&mut transaction, id).await?.is_some();
        if found.is_some() && !has_one {
            let version = NewVersion::default();
            version_insert_in_txn(&mut transaction, id, schema, &version).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// What people said is the same under another name, in the order in which they said it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rename_list(&self, id: &DatabaseId) -> Result<Vec<Rename>, StoreError> {
        let rows = sqlx::query_scalar!(
            r#"select rename as "rename: Json<Rename>" from schema_renames
            where database_id = $1 order by id"#,
            id.as_str()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|rename| rename.0).collect())
    }

    /// Makes what is gone and what came one thing: the old row, with all that people wrote,
    /// takes the new name, and the new row goes. False when either is not there (any more).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rename_confirm(
        &self,
        id: &DatabaseId,
        rename: &Rename,
        by: Option<UserId>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query!(
            "select id from databases where id = $1 for update",
            id.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        verdicts_follow_in_txn(&mut transaction, id, rename).await?;
        let moved = match rename {
            Rename::Table { old, new } => sqlx::query!(
                r#"with old as (
                        select id from tables where database_id = $1 and schema_name = $2
                            and table_name = $3 and gone_at is not null
                    ), new as (
                        delete from tables where database_id = $1 and schema_name = $4
                            and table_name = $5 and gone_at is null
                            and exists (select 1 from old)
                        returning id
                    )
                    select old.id from old, new"#,
                id.as_str(),
                old.schema,
                old.name,
                new.schema,
                new.name
            )
            .fetch_optional(&mut *transaction)
            .await?
            .map(|row| row.id),
            Rename::Column { table, old, new } => sqlx::query!(
                r#"with place as (
                        select id from tables where database_id = $1 and schema_name = $2
                            and table_name = $3 and gone_at is null
                    ), old as (
                        select c.id from columns c join place on place.id = c.table_id
                        where c.column_name = $4 and c.gone_at is not null
                    ), new as (
                        delete from columns c using place
                        where c.table_id = place.id and c.column_name = $5
                            and c.gone_at is null and exists (select 1 from old)
                        returning c.id
                    )
                    select old.id from old, new"#,
                id.as_str(),
                table.schema,
                table.name,
                old,
                new
            )
            .fetch_optional(&mut *transaction)
            .await?
            .map(|row| row.id),
        };
        let Some(row_id) = moved else {
            return Ok(false);
        };
        match rename {
            Rename::Table { new, .. } => {
                sqlx::query!(
                    "update tables set schema_name = $2, table_name = $3, gone_at = null where id = $1",
                    row_id,
                    new.schema,
                    new.name
                )
                .execute(&mut *transaction)
                .await?;
            }
            Rename::Column { new, .. } => {
                sqlx::query!(
                    "update columns set column_name = $2, gone_at = null where id = $1",
                    row_id,
                    new
                )
                .execute(&mut *transaction)
                .await?;
            }
        }
        sqlx::query!(
            "insert into schema_renames (database_id, rename, created_by_user_id) values ($1, $2, $3)",
            id.as_str(),
            Json(rename) as _,
            by.map(|id| id.0)
        )
        .execute(&mut *transaction)
        .await?;
        // The row that went had the keys and indexes; the one that stays gets them now.
        if let Some(newest) = newest_in_txn(&mut transaction, id).await? {
            structure_write_in_txn(&mut transaction, id, &newest, by).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// What people said of the new name's row holds for the one that stays.
async fn verdicts_follow_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    rename: &Rename,
) -> Result<(), StoreError> {
    match rename {
        Rename::Table { old, new } => {
            let both = sqlx::query!(
                r#"select o.id as old, n.id as new
                from tables o join tables n on n.database_id = o.database_id
                where o.database_id = $1 and o.schema_name = $2 and o.table_name = $3
                    and o.gone_at is not null and n.schema_name = $4 and n.table_name = $5
                    and n.gone_at is null"#,
                id.as_str(),
                old.schema,
                old.name,
                new.schema,
                new.name
            )
            .fetch_optional(&mut *connection)
            .await?;
            match both {
                Some(both) => {
                    parts_follow_table_in_txn(connection, id, both.old, both.new).await?;
                    verdicts_follow_table_in_txn(connection, id, both.old, both.new).await
                }
                None => Ok(()),
            }
        }
        Rename::Column { table, old, new } => {
            let both = sqlx::query!(
                r#"select o.id as old, n.id as new
                from tables t
                    join columns o on o.table_id = t.id
                    join columns n on n.table_id = t.id
                where t.database_id = $1 and t.schema_name = $2 and t.table_name = $3
                    and t.gone_at is null and o.column_name = $4 and o.gone_at is not null
                    and n.column_name = $5 and n.gone_at is null"#,
                id.as_str(),
                table.schema,
                table.name,
                old,
                new
            )
            .fetch_optional(&mut *connection)
            .await?;
            match both {
                Some(both) => {
                    verdicts_follow_column_in_txn(connection, id, both.old, both.new).await
                }
                None => Ok(()),
            }
        }
    }
}

async fn newest_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
) -> Result<Option<Schema>, StoreError> {
    let row = sqlx::query!(
        r#"select s.structure as "structure: Json<Schema>"
        from schema_versions v
            join schema_structures s on s.database_id = v.database_id and s.hash = v.hash
        where v.database_id = $1
        order by v.number desc
        limit 1"#,
        id.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| row.structure.0))
}

/// Adds the next version. Returns its number and whether its structure differs from the one
/// before.
pub(crate) async fn version_insert_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    schema: &Schema,
    version: &NewVersion,
) -> Result<(i32, bool), StoreError> {
    let text = serde_json::to_string(schema)?;
    let hash = hash_of(&text);
    let last = sqlx::query!(
        "select number, hash from schema_versions where database_id = $1 order by number desc limit 1",
        id.as_str()
    )
    .fetch_optional(&mut *connection)
    .await?;
    let has_changed = last.as_ref().is_none_or(|last| last.hash != hash);
    let mut summary = None;
    if has_changed {
        if last.is_some() {
            let before = newest_in_txn(connection, id).await?;
            summary = before.map(|before| SchemaDiff::between(&before, schema).summary());
        }
        sqlx::query!(
            r#"insert into schema_structures (database_id, hash, structure)
            values ($1, $2, $3::text::json)
            on conflict do nothing"#,
            id.as_str(),
            hash,
            text
        )
        .execute(&mut *connection)
        .await?;
    }
    let number = last.map_or(0, |last| last.number) + 1;
    sqlx::query!(
        r#"insert into schema_versions (database_id, number, hash, summary, created_by_user_id)
        values ($1, $2, $3, $4, $5)"#,
        id.as_str(),
        number,
        hash,
        summary,
        version.created_by.map(|id| id.0)
    )
    .execute(connection)
    .await?;
    Ok((number, has_changed))
}

fn hash_of(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a text does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
