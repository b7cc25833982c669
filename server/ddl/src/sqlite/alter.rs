//! `ALTER TABLE`.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Fault, Read};
use crate::standard::constraint::Body;
use model::schema::TableKind;

impl Reader<'_> {
    /// Reads what follows `ALTER`.
    pub(super) fn alter(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.expect("TABLE")?;
        let name = self.reading.name(&mut cursor)?;
        let id = self.reading.relation(&name)?;
        let naming = GRAMMAR.naming;
        if cursor.accept("RENAME") {
            if cursor.accept("TO") {
                let new = naming.label(&mut cursor)?;
                cursor.end()?;
                let schema = self
                    .reading
                    .draft
                    .table(id)
                    .map(|table| table.name.schema.clone());
                let full = self.reading.draft.full(schema.as_deref(), &new);
                if self
                    .reading
                    .draft
                    .exact(&full)
                    .is_some_and(|other| other != id)
                {
                    return Err(cursor.fault(format!("{full} exists already.")));
                }
                self.rename_autoindexes(id, &new);
                self.reading.draft.rename(id, &new);
            } else {
                cursor.accept("COLUMN");
                let old = naming.label(&mut cursor)?;
                cursor.expect("TO")?;
                let new = naming.label(&mut cursor)?;
                cursor.end()?;
                self.reading
                    .spelled(id, std::slice::from_ref(&old), name.at)?;
                self.reading
                    .draft
                    .rename_column(id, &old, &new, GRAMMAR.rules);
            }
        } else if cursor.accept("ADD") {
            cursor.accept("COLUMN");
            let start = cursor.offset();
            let mut def = GRAMMAR.column(&mut cursor)?;
            if let Some(fault) = def.fault.take() {
                self.reading.part_problem(start, fault);
            }
            let keyed = def
                .constraints
                .iter()
                .any(|constraint| matches!(constraint.body, Body::Key { .. }));
            if keyed {
                return Err(Fault {
                    at: start,
                    message: "SQLite adds no column with a key to a table that exists.".to_owned(),
                });
            }
            let mut constraints = Vec::new();
            self.reading.add_column(id, def, &mut constraints)?;
            self.reading.add_constraints(id, constraints);
        } else if cursor.accept("DROP") {
            cursor.accept("COLUMN");
            let column = naming.label(&mut cursor)?;
            cursor.end()?;
            self.reading
                .spelled(id, std::slice::from_ref(&column), name.at)?;
            self.reading.draft.remove_column(id, &column, GRAMMAR.rules);
        } else {
            return cursor.expected("RENAME, ADD or DROP");
        }
        self.reading.tally.read();
        Ok(())
    }

    /// The indexes that SQLite made itself follow the name of their table.
    fn rename_autoindexes(&mut self, id: usize, new: &str) {
        let Some(table) = self.reading.draft.table(id) else {
            return;
        };
        if table.kind != TableKind::Table {
            return;
        }
        let prefix = format!("sqlite_autoindex_{}_", table.name.name);
        let made: Vec<(String, String)> = table
            .indexes
            .iter()
            .filter_map(|index| {
                let number = index.name.strip_prefix(&prefix)?;
                Some((
                    index.name.clone(),
                    format!("sqlite_autoindex_{new}_{number}"),
                ))
            })
            .collect();
        for (old, new) in made {
            if !self.reading.draft.rename_constraint(id, &old, &new) {
                self.reading.draft.rename_index(id, &old, &new);
            }
        }
    }
}
