//! Views that other sites show to people who are not signed in.

use super::read_id;
use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::embed::ViewEmbed;
use model::id::{DatabaseId, UserId, ViewId};
use serde_json::{Value, json};
use sqlx::PgConnection;

/// What an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedView {
    /// The view's database.
    pub database: DatabaseId,
    /// The view.
    pub view: ViewId,
    /// The origins whose pages may frame it; empty for any.
    pub sites: Vec<String>,
}

impl Store {
    /// How a view is embedded; none where it is not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn embed_fetch(&self, view: &ViewId) -> Result<Option<ViewEmbed>, StoreError> {
        let row = sqlx::query!(
            r#"select e.sites, e.made_at,
                coalesce(nullif(u.full_name, ''), u.username) as made_by
            from diagram_view_embeds e left join users u on u.id = e.made_by_user_id
            where e.view_id = $1"#,
            view.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| ViewEmbed {
            sites: row.sites,
            made_at: timestamp(row.made_at),
            made_by: row.made_by,
        }))
    }

    /// The view behind the secret with this SHA-256.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn embed_find(&self, hash: &[u8; 32]) -> Result<Option<EmbeddedView>, StoreError> {
        let row = sqlx::query!(
            r#"select v.database_id, v.id, e.sites
            from diagram_view_embeds e join diagram_views v on v.id = e.view_id
            where e.token_hash = $1 and v.is_shared"#,
            &hash[..]
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(EmbeddedView {
                database: row
                    .database_id
                    .parse()
                    .map_err(|_| StoreError::Unreadable { what: "database" })?,
                view: read_id(&row.id)?,
                sites: row.sites,
            })
        })
        .transpose()
    }

    /// Gives a shared view an address for other sites; one that it had holds no longer. The line in
    /// the trail says what differs. Without `sites` those that it had stay. Answers the sites; none
    /// when the view is not there.
    ///
    /// # Errors
    /// Conflict for a private view (`diagram_view_embeds_shared`).
    pub async fn embed_put(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        hash: &[u8; 32],
        sites: Option<Vec<String>>,
        by: Option<UserId>,
        audit: &AuditEntry,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let mut transaction = self.begin().await?;
        let is_shared = sqlx::query_scalar!(
            "select is_shared from diagram_views where database_id = $1 and id = $2 for update",
            database.as_str(),
            view.as_str()
        )
        .fetch_optional(&mut *transaction)
        .await?;
        match is_shared {
            None => return Ok(None),
            Some(false) => {
                return Err(StoreError::Conflict {
                    constraint: "diagram_view_embeds_shared".to_owned(),
                });
            }
            Some(true) => {}
        }
        let before = sites_before(&mut transaction, view).await?;
        let sites = sites.or_else(|| before.clone()).unwrap_or_default();
        sqlx::query!(
            r#"insert into diagram_view_embeds (view_id, token_hash, sites, made_by_user_id)
            values ($1, $2, $3, $4)
            on conflict (view_id) do update set token_hash = excluded.token_hash,
                sites = excluded.sites, made_by_user_id = excluded.made_by_user_id,
                made_at = current_timestamp"#,
            view.as_str(),
            &hash[..],
            &sites,
            by.map(|id| id.0)
        )
        .execute(&mut *transaction)
        .await?;
        let audit = AuditEntry {
            action: if before.is_some() { "UPDATE" } else { "CREATE" }.to_owned(),
            changes: Some(json!({
                "embed": { "before": told(before.as_deref()), "after": told(Some(&sites)) },
                "newAddress": true,
            })),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(Some(sites))
    }

    /// Says which sites may frame an embedded view; its address stays. False when it is not
    /// embedded.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn embed_sites_set(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        sites: &[String],
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        if !view_locked(&mut transaction, database, view).await? {
            return Ok(false);
        }
        let Some(before) = sites_before(&mut transaction, view).await? else {
            return Ok(false);
        };
        if before == sites {
            return Ok(true);
        }
        sqlx::query!(
            "update diagram_view_embeds set sites = $2 where view_id = $1",
            view.as_str(),
            sites
        )
        .execute(&mut *transaction)
        .await?;
        let audit = AuditEntry {
            changes: Some(json!({
                "embed": { "before": told(Some(&before)), "after": told(Some(sites)) },
            })),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes the address for other sites from a view. False when it has none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn embed_delete(
        &self,
        database: &DatabaseId,
        view: &ViewId,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        if !view_locked(&mut transaction, database, view).await? {
            return Ok(false);
        }
        let Some(before) = revoke(&mut transaction, view).await? else {
            return Ok(false);
        };
        let audit = AuditEntry {
            changes: Some(json!({ "embed": { "before": told(Some(&before)), "after": null } })),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Takes the address from a view within the caller's transaction, and answers the sites that it was
/// for; none where it had none.
pub(super) async fn revoke(
    connection: &mut PgConnection,
    view: &ViewId,
) -> Result<Option<Vec<String>>, StoreError> {
    let sites = sqlx::query_scalar!(
        "delete from diagram_view_embeds where view_id = $1 returning sites",
        view.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(sites)
}

/// What the trail says of an embedded view: the sites, and never the secret or its hash.
pub(super) fn told(sites: Option<&[String]>) -> Value {
    sites.map_or(Value::Null, |sites| json!({ "sites": sites }))
}

/// Whether the view is there; then nobody else changes it until the transaction ends.
async fn view_locked(
    connection: &mut PgConnection,
    database: &DatabaseId,
    view: &ViewId,
) -> Result<bool, StoreError> {
    let id = sqlx::query_scalar!(
        "select id from diagram_views where database_id = $1 and id = $2 for update",
        database.as_str(),
        view.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(id.is_some())
}

async fn sites_before(
    connection: &mut PgConnection,
    view: &ViewId,
) -> Result<Option<Vec<String>>, StoreError> {
    let sites = sqlx::query_scalar!(
        "select sites from diagram_view_embeds where view_id = $1",
        view.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(sites)
}
