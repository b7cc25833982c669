//! What people write about databases, tables and columns. Each change is stored together with its
//! line in the trail, which tells the values before and after.

mod column;
mod database;
mod dataset;
mod person;
mod table;

pub use column::ColumnChange;
pub use database::DatabaseChange;
pub use dataset::{DatasetColumnInsert, DatasetFilter, DatasetInsert};
pub use table::{TableChange, TableRecordFilter};
pub(crate) use table::{custom_pairs, partitioning_text};

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use model::access::Person;
use model::id::UserId;
use model::metadata::{Annotation, DraftText, WrittenText};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is stored.
    Changed,
    /// Everything was so already; nothing was stored.
    Unchanged,
    /// Somebody else was faster; nothing was stored.
    Conflict,
}

/// What every annotated row holds.
pub(crate) struct AnnotationRow {
    pub(crate) revision: i32,
    pub(crate) description: Option<String>,
    pub(crate) description_by: Option<String>,
    pub(crate) description_at: Option<OffsetDateTime>,
    pub(crate) ai_description: Option<String>,
    pub(crate) ai_description_at: Option<OffsetDateTime>,
    pub(crate) tags: Option<Vec<String>>,
}

impl From<AnnotationRow> for Annotation {
    fn from(row: AnnotationRow) -> Self {
        let full = |text: &String| !text.trim().is_empty();
        Self {
            revision: row.revision,
            description: row.description.filter(full).map(|markdown| WrittenText {
                markdown,
                html: String::new(),
                by: row.description_by,
                at: row.description_at.map(timestamp),
            }),
            ai_draft: row.ai_description.filter(full).map(|markdown| DraftText {
                markdown,
                html: String::new(),
                at: row.ai_description_at.map(timestamp),
            }),
            tags: row.tags.unwrap_or_default(),
        }
    }
}

/// A person from what a join gave.
pub(crate) fn person(
    id: Option<i64>,
    username: Option<String>,
    full_name: Option<String>,
) -> Option<Person> {
    Some(Person {
        id: UserId(id?),
        username: username?,
        full_name,
    })
}

/// The fields that a change makes different, with their values before and after.
#[derive(Default)]
struct Difference(Map<String, Value>);

impl Difference {
    /// Takes a wanted value over into `current`, where there is one and it differs. True when it
    /// did.
    fn apply<T: PartialEq + Serialize>(
        &mut self,
        field: &str,
        current: &mut T,
        wanted: Option<T>,
    ) -> bool {
        let Some(wanted) = wanted.filter(|wanted| wanted != current) else {
            return false;
        };
        self.note(field, json!(current), json!(wanted));
        *current = wanted;
        true
    }

    fn note(&mut self, field: &str, before: Value, after: Value) {
        self.0.insert(
            field.to_owned(),
            json!({ "before": before, "after": after }),
        );
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the line to the trail.
    async fn record(
        self,
        connection: &mut PgConnection,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            changes: Some(Value::Object(self.0)),
            ..audit.clone()
        };
        audit_record_in_txn(connection, &entry).await
    }
}

/// No text where there is an empty one.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
