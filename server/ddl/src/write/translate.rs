//! From the texts of one dialect to those of another.

use model::provider::Provider;
use model::schema::{QualifiedName, Schema};
use std::collections::HashMap;

/// A schema in the texts of the target, and what had to stay behind.
pub(crate) struct Translated {
    /// The schema.
    pub(crate) schema: Schema,
    /// What could not be carried over, by table; each a comment of one or more lines.
    notes: HashMap<QualifiedName, Vec<String>>,
    /// What belongs to no table.
    pub(crate) general: Vec<String>,
}

impl Translated {
    /// What could not be carried over of a table.
    pub(crate) fn notes_of(&self, table: &QualifiedName) -> &[String] {
        self.notes.get(table).map_or(&[], Vec::as_slice)
    }
}

/// Translates a schema; of the same dialect, it stays as it is.
pub(crate) fn translate(schema: &Schema, source: Provider, target: Provider) -> Translated {
    let mut translated = Translated {
        schema: schema.clone(),
        notes: HashMap::new(),
        general: Vec::new(),
    };
    if source != target {
        translated.general.push(String::new());
    }
    translated
}
