//! Saved views of diagrams.

mod change;
mod embed;
mod feed;
mod part;
mod snapshot;

pub(crate) use part::parts_follow_table_in_txn;

pub use change::{ChangesSince, Restored};
pub use embed::EmbeddedView;
pub use feed::ViewFeed;
pub use snapshot::StoredSnapshot;

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::metadata::person;
use crate::moment::timestamp;
use crate::store::Store;
use model::access::Person;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, UserId, ViewId};
use model::saved_view::VIEW_NAME_MAX_CHARS;
use model::time::Timestamp;
use model::view::ViewChange;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Views of one database are listed up to so many.
const VIEWS_MAX: i64 = 2_000;
/// A person keeps so many views of one database.
pub const OWN_VIEWS_MAX: i64 = 200;
/// A name that is taken gets a number up to this.
const NAME_NUMBER_MAX: u32 = 1_000;

/// A view as it is stored, without what is arranged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredView {
    /// Which one.
    pub id: ViewId,
    /// The database's name.
    pub database_name: String,
    /// The path of its folder; empty for none.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: Option<Person>,
    /// Whether others see it.
    pub is_shared: bool,
    /// Whether other sites show it, to people who are not signed in too.
    pub is_embedded: bool,
    /// What it shows.
    pub query: DiagramQuery,
    /// Counts changes of arrangement and query.
    pub revision: u64,
    /// When there was the last one.
    pub changed_at: Timestamp,
    /// Who made it.
    pub changed_by: Option<String>,
    /// Whether it opens when the address says nothing.
    pub is_default: bool,
}

/// A view to keep.
#[derive(Debug, Clone)]
pub struct ViewInsert {
    /// Which one it will be.
    pub id: ViewId,
    /// The path of its folder; empty for none.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// Whether the name gets a number where it is taken.
    pub may_number: bool,
    /// Whose it is.
    pub owner: UserId,
    /// Whether others see it.
    pub is_shared: bool,
    /// What it shows.
    pub query: DiagramQuery,
    /// What it begins with.
    pub changes: Vec<ViewChange>,
}

/// What of a view becomes different; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct ViewUpdate {
    /// Its name.
    pub name: Option<String>,
    /// The path of its folder.
    pub folder: Option<String>,
    /// Whether others see it.
    pub is_shared: Option<bool>,
    /// What it shows, and what has to be arranged otherwise for it.
    pub query: Option<(DiagramQuery, Vec<ViewChange>)>,
}

struct ViewRow {
    id: String,
    database_name: String,
    folder: String,
    name: String,
    owner_user_id: Option<i64>,
    owner_username: Option<String>,
    owner_full_name: Option<String>,
    is_shared: bool,
    is_embedded: bool,
    query: Value,
    revision: i64,
    changed_at: OffsetDateTime,
    changed_by: Option<String>,
    is_default: bool,
}

impl TryFrom<ViewRow> for StoredView {
    type Error = StoreError;

    fn try_from(row: ViewRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: read_id(&row.id)?,
            database_name: row.database_name,
            folder: row.folder,
            name: row.name,
            owner: person(row.owner_user_id, row.owner_username, row.owner_full_name),
            is_shared: row.is_shared,
            is_embedded: row.is_embedded,
            query: read_query(row.query)?,
            revision: count(row.revision),
            changed_at: timestamp(row.changed_at),
            changed_by: row.changed_by,
            is_default: row.is_default,
        })
    }
}

fn read_id(text: &str) -> Result<ViewId, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Unreadable { what: "view" })
}

fn read_query(value: Value) -> Result<DiagramQuery, StoreError> {
    serde_json::from_value(value).map_err(|_| StoreError::Unreadable { what: "view" })
}

/// A revision as it is counted outside; the database's numbers are never below 0.
fn count(revision: i64) -> u64 {
    u64::try_from(revision).unwrap_or_default()
}

impl Store {
    /// The views of a database that a person sees: those shared, and their own; by folder and
    /// name, and not more than 2,000.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_list(
        &self,
        database: &DatabaseId,
        person: Option<UserId>,
    ) -> Result<Vec<StoredView>, StoreError> {
        sqlx::query_as!(
            ViewRow,
            r#"select v.id, d.name as database_name, v.folder, v.name, v.owner_user_id,
                o.username as "owner_username?", o.full_name as owner_full_name,
                v.is_shared, v.query, v.revision, v.changed_at,
                exists (select from diagram_view_embeds e where e.view_id = v.id)
                    as "is_embedded!",
                coalesce(nullif(c.full_name, ''), c.username) as changed_by,
                coalesce(d.default_view_id = v.id, false) as "is_default!"
            from diagram_views v
                join databases d on d.id = v.database_id
                left join users o on o.id = v.owner_user_id
                left join users c on c.id = v.changed_by_user_id
            where v.database_id = $1 and (v.is_shared or v.owner_user_id = $2)
            order by lower(v.folder), lower(v.name), v.id
            limit $3"#,
            database.as_str(),
            person.map(|id| id.0),
            VIEWS_MAX
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(StoredView::try_from)
        .collect()
    }

    /// One view of a database, whoever may see it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_fetch(
        &self,
        database: &DatabaseId,
        view: &ViewId,
    ) -> Result<Option<StoredView>, StoreError> {
        sqlx::query_as!(
            ViewRow,
            r#"select v.id, d.name as database_name, v.folder, v.name, v.owner_user_id,
                o.username as "owner_username?", o.full_name as owner_full_name,
                v.is_shared, v.query, v.revision, v.changed_at,
                exists (select from diagram_view_embeds e where e.view_id = v.id)
                    as "is_embedded!",
                coalesce(nullif(c.full_name, ''), c.username) as changed_by,
                coalesce(d.default_view_id = v.id, false) as "is_default!"
            from diagram_views v
                join databases d on d.id = v.database_id
                left join users o on o.id = v.owner_user_id
                left join users c on c.id = v.changed_by_user_id
            where v.database_id = $1 and v.id = $2"#,
            database.as_str(),
            view.as_str()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(StoredView::try_from)
        .transpose()
    }

    /// Keeps a view with what it begins with. False when its owner has the view already: then it
    /// stays as it is.
    ///
    /// # Errors
    /// Conflict when its owner has one of this name in this folder (`diagram_views_name_key`) or
    /// has too many (`diagram_views_own`), or somebody else has this id (`diagram_views_pkey`); not
    /// found when the database is gone.
    pub async fn view_insert(
        &self,
        database: &DatabaseId,
        new: ViewInsert,
        audit: AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        // So that names and their number can be looked at, too.
        if !views_hold(&mut transaction, database).await? {
            return Err(StoreError::NotFound { what: "database" });
        }
        let is_there = sqlx::query_scalar!(
            r#"select exists (
                select from diagram_views
                where id = $1 and database_id = $2 and owner_user_id = $3
            ) as "is_there!""#,
            new.id.as_str(),
            database.as_str(),
            new.owner.0
        )
        .fetch_one(&mut *transaction)
        .await?;
        if is_there {
            return Ok(false);
        }
        let own = sqlx::query_scalar!(
            r#"select count(*) as "count!" from diagram_views
            where database_id = $1 and owner_user_id = $2"#,
            database.as_str(),
            new.owner.0
        )
        .fetch_one(&mut *transaction)
        .await?;
        if own >= OWN_VIEWS_MAX {
            return Err(StoreError::Conflict {
                constraint: "diagram_views_own".to_owned(),
            });
        }
        let name = if new.may_number {
            free_name(&mut transaction, database, &new).await?
        } else {
            new.name.clone()
        };
        sqlx::query!(
            r#"insert into diagram_views
                (id, database_id, folder, name, owner_user_id, is_shared, query, changed_by_user_id)
            values ($1, $2, $3, $4, $5, $6, $7, $5)"#,
            new.id.as_str(),
            database.as_str(),
            new.folder,
            name,
            new.owner.0,
            new.is_shared,
            serde_json::to_value(&new.query)?
        )
        .execute(&mut *transaction)
        .await?;
        part::parts_write(&mut transaction, &new.id, &new.changes, 1, Some(new.owner)).await?;
        let audit = AuditEntry {
            resource_id: Some(new.id.to_string()),
            resource_name: Some(name),
            ..audit
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Changes what a view is called, who sees it and what it shows. False when it is not there.
    /// The line in the trail tells what differs; where nothing does, there is none.
    ///
    /// # Errors
    /// Conflict when its owner has another one of this name in this folder.
    pub async fn view_update(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        update: ViewUpdate,
        by: Option<UserId>,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        views_hold(&mut transaction, database).await?;
        let row = sqlx::query!(
            r#"select name, folder, is_shared, query, revision from diagram_views
            where database_id = $1 and id = $2 for update"#,
            database.as_str(),
            view.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(false) };
        let name = update.name.unwrap_or_else(|| row.name.clone());
        let folder = update.folder.unwrap_or_else(|| row.folder.clone());
        let is_shared = update.is_shared.unwrap_or(row.is_shared);
        let mut changes = serde_json::Map::new();
        let mut note = |field: &str, before: Value, after: Value| {
            if before != after {
                changes.insert(
                    field.to_owned(),
                    json!({ "before": before, "after": after }),
                );
            }
        };
        note("name", json!(row.name), json!(name));
        note("folder", json!(row.folder), json!(folder));
        note("shared", json!(row.is_shared), json!(is_shared));
        if let Some((query, _)) = &update.query {
            note("query", row.query.clone(), serde_json::to_value(query)?);
        }
        if changes.is_empty() {
            return Ok(true);
        }
        sqlx::query!(
            "update diagram_views set name = $2, folder = $3, is_shared = $4 where id = $1",
            view.as_str(),
            name,
            folder,
            is_shared
        )
        .execute(&mut *transaction)
        .await?;
        if !is_shared {
            // What one alone sees opens for nobody else.
            sqlx::query!(
                "update databases set default_view_id = null where id = $1 and default_view_id = $2",
                database.as_str(),
                view.as_str()
            )
            .execute(&mut *transaction)
            .await?;
            if let Some(sites) = embed::revoke(&mut transaction, view).await? {
                changes.insert(
                    "embed".to_owned(),
                    json!({ "before": embed::told(Some(&sites)), "after": null }),
                );
            }
        }
        if let Some((query, arranged)) = update.query {
            let query = serde_json::to_value(&query)?;
            if query != row.query {
                snapshot::snapshot_take(&mut transaction, view).await?;
                change::advance(&mut transaction, view, &arranged, by, Some(query)).await?;
            }
        }
        let audit = AuditEntry {
            changes: Some(Value::Object(changes)),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets a view. False when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_delete(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        views_hold(&mut transaction, database).await?;
        let embedded = sqlx::query_scalar!(
            r#"select e.sites from diagram_views v join diagram_view_embeds e on e.view_id = v.id
            where v.database_id = $1 and v.id = $2 for update of v"#,
            database.as_str(),
            view.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let done = sqlx::query!(
            "delete from diagram_views where database_id = $1 and id = $2",
            database.as_str(),
            view.as_str()
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let changes = embedded.map(
            |sites| json!({ "embed": { "before": embed::told(Some(&sites)), "after": null } }),
        );
        let audit = AuditEntry {
            changes: changes.or_else(|| audit.changes.clone()),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        feed::tell(&mut transaction, view, i64::MAX).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The view that opens when the address says nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn default_view(&self, database: &DatabaseId) -> Result<Option<ViewId>, StoreError> {
        let id = sqlx::query_scalar!(
            "select default_view_id from databases where id = $1",
            database.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        id.flatten().as_deref().map(read_id).transpose()
    }

    /// Says which view opens when the address says nothing; none for none. False when the database
    /// is not there.
    ///
    /// # Errors
    /// Not found when it is no view of the database; conflict when it is private
    /// (`databases_default_view_shared`).
    pub async fn default_view_set(
        &self,
        database: &DatabaseId,
        view: Option<&ViewId>,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let before = sqlx::query_scalar!(
            "select default_view_id from databases where id = $1 for no key update",
            database.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(before) = before else {
            return Ok(false);
        };
        let after = view.map(ViewId::as_str);
        if before.as_deref() == after {
            return Ok(true);
        }
        if let Some(view) = view {
            // Whether it is shared does not change while the database's row is held.
            let is_shared = sqlx::query_scalar!(
                "select is_shared from diagram_views where database_id = $1 and id = $2",
                database.as_str(),
                view.as_str()
            )
            .fetch_optional(&mut *transaction)
            .await?;
            match is_shared {
                Some(true) => {}
                Some(false) => {
                    return Err(StoreError::Conflict {
                        constraint: "databases_default_view_shared".to_owned(),
                    });
                }
                None => return Err(StoreError::NotFound { what: "view" }),
            }
        }
        sqlx::query!(
            "update databases set default_view_id = $2 where id = $1",
            database.as_str(),
            after
        )
        .execute(&mut *transaction)
        .await?;
        let audit = AuditEntry {
            changes: Some(json!({ "defaultView": { "before": before, "after": after } })),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Holds the row of a database, if there is one. What changes a view in a way that may change which
/// one opens by itself, and the other way round, takes this first: so they come one after the other
/// and never wait for each other.
async fn views_hold(
    connection: &mut PgConnection,
    database: &DatabaseId,
) -> Result<bool, StoreError> {
    let held = sqlx::query_scalar!(
        "select id from databases where id = $1 for no key update",
        database.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(held.is_some())
}

/// The wanted name, or with the first number that is free.
async fn free_name(
    connection: &mut PgConnection,
    database: &DatabaseId,
    new: &ViewInsert,
) -> Result<String, StoreError> {
    let taken = sqlx::query_scalar!(
        r#"select lower(name) as "name!" from diagram_views
        where database_id = $1 and owner_user_id = $2 and lower(folder) = lower($3)"#,
        database.as_str(),
        new.owner.0,
        new.folder
    )
    .fetch_all(connection)
    .await?;
    let is_free = |name: &str| !taken.iter().any(|taken| *taken == name.to_lowercase());
    if is_free(&new.name) {
        return Ok(new.name.clone());
    }
    let numbered = |number| {
        let end = format!(" {number}");
        let room = VIEW_NAME_MAX_CHARS.saturating_sub(end.len());
        let begin: String = new.name.chars().take(room).collect();
        begin + &end
    };
    (2..=NAME_NUMBER_MAX)
        .map(numbered)
        .find(|name| is_free(name))
        .ok_or_else(|| StoreError::Conflict {
            constraint: "diagram_views_name_key".to_owned(),
        })
}
