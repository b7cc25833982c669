//! What `ALTER` changes, tables apart.

use super::Reader;
use super::create::{passed_kind, skip_definer};
use super::view::ViewKind;
use crate::cursor::{Cursor, Read};

impl Reader<'_> {
    /// Reads what follows `ALTER`; `whole` stands before that word.
    pub(crate) fn alter(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        skip_definer(&mut cursor)?;
        let table = cursor.clone();
        cursor.accept("ONLINE");
        cursor.accept("IGNORE");
        if cursor.accept("TABLE") {
            return self.alter_table(cursor);
        }
        let mut cursor = table;
        if cursor.accept("VIEW") {
            let kind = ViewKind {
                replace: false,
                alter: true,
            };
            return self.create_view(cursor, whole, kind);
        }
        if let Some(kind) = passed_kind("ALTER", &cursor) {
            self.tally.pass(&kind);
            return Ok(());
        }
        // These change nothing that the model holds of them.
        let others = ["FUNCTION", "PROCEDURE", "SEQUENCE", "INSTANCE"];
        match others.iter().find(|word| cursor.is(word)) {
            Some(word) => {
                self.tally.pass(&format!("ALTER {word}"));
                Ok(())
            }
            None => cursor.expected("something that MySQL can alter"),
        }
    }
}
