//! What goes to the audit trail.

use crate::error::with_causes;
use crate::services::Services;
use contract::context::Ctx;
use serde_json::Value;
use store::audit::AuditEntry;

/// One line of the trail, before it is known who did it and where from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    action: &'static str,
    resource_type: &'static str,
    resource_id: Option<String>,
    resource_name: Option<String>,
    success: bool,
    changes: Option<Value>,
}

impl Entry {
    /// Something done to a kind of resource. Actions are `LOGIN`, `LOGOUT`, `CREATE`, `UPDATE`
    /// and `DELETE`.
    pub(crate) fn new(action: &'static str, resource_type: &'static str) -> Self {
        Self {
            action,
            resource_type,
            resource_id: None,
            resource_name: None,
            success: true,
            changes: None,
        }
    }

    /// The same, under another action.
    pub(crate) fn instead(self, action: &'static str) -> Self {
        Self { action, ..self }
    }

    /// Which one it was.
    pub(crate) fn of(mut self, id: impl ToString, name: &str) -> Self {
        self.resource_id = Some(id.to_string());
        self.resource_name = Some(name.to_owned());
        self
    }

    /// It was tried in vain.
    pub(crate) fn failed(mut self) -> Self {
        self.success = false;
        self
    }

    /// What became different.
    pub(crate) fn with(mut self, changes: Value) -> Self {
        self.changes = Some(changes);
        self
    }
}

impl Entry {
    /// The line as it is stored, with who asked and from where.
    pub(crate) fn by(self, ctx: &Ctx) -> AuditEntry {
        AuditEntry {
            user_id: ctx.user().map(|user| user.id),
            resource_id: self.resource_id,
            resource_name: self.resource_name,
            failed: !self.success,
            ip_address: ctx.ip_address,
            user_agent: ctx.user_agent.clone(),
            request_id: Some(ctx.request_id.clone()),
            changes: self.changes,
            ..AuditEntry::new(self.action, self.resource_type)
        }
    }
}

impl Services {
    /// Adds a line to the trail. What it tells of has happened already, so a trail that cannot be
    /// written is shouted about in the log and does not turn success into failure.
    pub(crate) async fn audit(&self, ctx: &Ctx, entry: Entry) {
        let entry = entry.by(ctx);
        if let Err(error) = self.store.audit_record(&entry).await {
            let cause = with_causes(&error);
            tracing::error!(
                request.id = %ctx.request_id, action = entry.action, %cause, "audit line lost"
            );
        }
    }
}
