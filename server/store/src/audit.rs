//! The trail of who did what. Rows are only ever added.

use crate::error::StoreError;
use crate::store::Store;
use model::account::CurrentUser;
use model::id::UserId;
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::net::IpAddr;

/// Something that was done, or tried.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuditEntry {
    /// Who did it; none for the system and for people who were not signed in.
    pub user_id: Option<UserId>,
    /// What was done: `CREATE`, `READ`, `UPDATE`, `DELETE`, `LOGIN`.
    pub action: String,
    /// To what kind of thing: `database`, `user`.
    pub resource_type: Option<String>,
    /// Which one, by its id.
    pub resource_id: Option<String>,
    /// Which one, by its name.
    pub resource_name: Option<String>,
    /// Whether it failed.
    pub failed: bool,
    /// Where the request came from.
    pub ip_address: Option<IpAddr>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The id under which the request is logged.
    pub request_id: Option<String>,
    /// The HTTP status of the answer.
    pub response_status: Option<i32>,
    /// Values before and after.
    pub changes: Option<Value>,
    /// Why it failed.
    pub error_message: Option<String>,
    /// Anything more.
    pub metadata: Option<Value>,
}

impl AuditEntry {
    /// An action on a kind of thing, to be filled.
    pub fn new(action: impl Into<String>, resource_type: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            resource_type: Some(resource_type.into()),
            ..Self::default()
        }
    }

    /// Makes the person both who acts and what is acted on.
    pub(crate) fn about_user(mut self, user: &CurrentUser) -> Self {
        self.user_id = Some(user.id);
        self.resource_id = Some(user.id.to_string());
        self.resource_name = Some(user.username.clone());
        self
    }
}

impl Store {
    /// Adds to the trail.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_record(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        audit_record_in_txn(&mut connection, entry).await
    }
}

/// Adds to the trail within the caller's transaction, so that what was done and that it was done
/// are stored together or not at all.
///
/// # Errors
/// When the database does not answer.
pub async fn audit_record_in_txn(
    connection: &mut PgConnection,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    let empty = json!({});
    // Texts are cut to what the columns hold: an entry of the trail shall not fail for its length.
    sqlx::query!(
        r#"insert into audit_logs (
            user_id, action, resource_type, resource_id, resource_name, status, ip_address,
            user_agent, request_id, response_status, changes, error_message, metadata
        ) values (
            $1, left($2, 100), left($3, 100), left($4, 255), left($5, 255), $6, $7::text::inet,
            $8, left($9, 255), $10, $11, $12, $13
        )"#,
        entry.user_id.map(|id| id.0),
        entry.action,
        entry.resource_type,
        entry.resource_id,
        entry.resource_name,
        if entry.failed { "failure" } else { "success" },
        entry.ip_address.map(|address| address.to_string()),
        entry.user_agent,
        entry.request_id,
        entry.response_status,
        entry.changes,
        entry.error_message,
        entry.metadata.as_ref().unwrap_or(&empty)
    )
    .execute(connection)
    .await?;
    Ok(())
}
