//! `CREATE SCHEMA`, with what it may create inside.

use super::Reader;
use crate::cursor::{Cursor, Read};

impl Reader<'_, '_> {
    /// Reads what follows `CREATE SCHEMA`.
    pub(crate) fn create_schema(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let mut name = None;
        if !cursor.is("AUTHORIZATION") {
            name = Some(cursor.label()?);
        }
        if cursor.accept("AUTHORIZATION") {
            let role = cursor.label()?;
            name.get_or_insert(role);
        }
        // A schema by itself is empty; the model has schemas only by what is in them.
        self.tally.pass("CREATE SCHEMA");
        self.tally.structure = true;
        let before = self.path();
        let mut path = before.clone();
        path.splice(0..0, name);
        self.set_path(&path);
        while !cursor.done() {
            let begin = cursor.place();
            let start = cursor.offset();
            if !cursor.is_any(&["CREATE", "GRANT"]) {
                self.set_path(&before);
                return cursor.expected("CREATE, GRANT or the end");
            }
            cursor.step();
            while !cursor.done() && !begins_element(&cursor) {
                cursor.skip_group();
            }
            if let Err(fault) = self.dispatch(cursor.since(begin)) {
                self.part_problem(start, fault);
            }
        }
        self.set_path(&before);
        Ok(())
    }
}

/// Whether the next thing to create in the schema begins here.
fn begins_element(cursor: &Cursor<'_>) -> bool {
    cursor.is("GRANT")
        || (cursor.is("CREATE")
            && [
                "TABLE", "VIEW", "INDEX", "UNIQUE", "SEQUENCE", "TRIGGER", "OR", "UNLOGGED", "TEMP",
            ]
            .iter()
            .any(|word| cursor.token_is(cursor.peek_at(1), word)))
}
