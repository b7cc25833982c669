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

/// Adds entries to the trail, all by one statement.
pub(crate) async fn audit_records_in_txn(
    connection: &mut PgConnection,
    entries: &[AuditEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    fn texts(
        entries: &[AuditEntry],
        of: fn(&AuditEntry) -> Option<&String>,
    ) -> Vec<Option<String>> {
        entries.iter().map(|entry| of(entry).cloned()).collect()
    }
    let users: Vec<Option<i64>> = entries
        .iter()
        .map(|entry| entry.user_id.map(|id| id.0))
        .collect();
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    let status = |entry: &AuditEntry| if entry.failed { "failure" } else { "success" };
    let status: Vec<&str> = entries.iter().map(status).collect();
    let addresses = entries.iter().map(|entry| entry.ip_address);
    let addresses: Vec<Option<String>> = addresses
        .map(|address| address.map(|address| address.to_string()))
        .collect();
    let answers: Vec<Option<i32>> = entries.iter().map(|it| it.response_status).collect();
    let changes: Vec<Option<Value>> = entries.iter().map(|it| it.changes.clone()).collect();
    let metadata: Vec<Value> = entries
        .iter()
        .map(|entry| entry.metadata.clone().unwrap_or_else(|| json!({})))
        .collect();
    sqlx::query!(
        r#"insert into audit_logs (
            user_id, action, resource_type, resource_id, resource_name, status, ip_address,
            user_agent, request_id, response_status, changes, error_message, metadata
        )
        select e.user_id, left(e.action, 100), left(e.resource_type, 100),
            left(e.resource_id, 255), left(e.resource_name, 255), e.status, e.ip_address::inet,
            e.user_agent, left(e.request_id, 255), e.response_status, e.changes, e.error_message,
            e.metadata
        from unnest(
            $1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::int[], $11::jsonb[], $12::text[], $13::jsonb[]
        ) with ordinality as e (user_id, action, resource_type, resource_id, resource_name, status,
            ip_address, user_agent, request_id, response_status, changes, error_message, metadata,
            place)
        order by e.place"#,
        &users as &[Option<i64>],
        &actions as &[&str],
        &texts(entries, |it| it.resource_type.as_ref()) as &[Option<String>],
        &texts(entries, |it| it.resource_id.as_ref()) as &[Option<String>],
        &texts(entries, |it| it.resource_name.as_ref()) as &[Option<String>],
        &status as &[&str],
        &addresses as &[Option<String>],
        &texts(entries, |it| it.user_agent.as_ref()) as &[Option<String>],
        &texts(entries, |it| it.request_id.as_ref()) as &[Option<String>],
        &answers as &[Option<i32>],
        &changes as &[Option<Value>],
        &texts(entries, |it| it.error_message.as_ref()) as &[Option<String>],
        &metadata
    )
    .execute(connection)
    .await?;
    Ok(())
}
