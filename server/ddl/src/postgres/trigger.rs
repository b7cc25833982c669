//! Triggers.

use super::Reader;
use super::alter::missing;
use crate::catalog::TriggerRow;
use crate::cursor::{Cursor, Read};

impl Reader<'_, '_> {
    /// Reads what follows `CREATE … TRIGGER`; `whole` is all of the statement.
    pub(crate) fn create_trigger(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
        replace: bool,
    ) -> Read<()> {
        let name = cursor.label()?;
        if !cursor.accept("BEFORE") && !cursor.accept("AFTER") {
            if !cursor.accept("INSTEAD") {
                return cursor.expected("BEFORE, AFTER or INSTEAD OF");
            }
            cursor.expect("OF")?;
        }
        // Events, up to the table; columns may stand in `UPDATE OF`.
        while !cursor.done() && !cursor.is("ON") {
            cursor.step();
        }
        cursor.expect("ON")?;
        let table = cursor.qualified()?;
        let relation = self.relation(&table)?;
        let mut level = cursor.clone();
        while !level.done() && !level.are(&["EACH", "ROW"]) && !level.are(&["FOR", "ROW"]) {
            level.step();
        }
        let each_row = !level.done();
        let definition = whole.rest_text().to_owned();
        let existing = self
            .catalog
            .triggers
            .iter_mut()
            .find(|trigger| trigger.relation == relation && trigger.name == name);
        match existing {
            Some(existing) if replace => existing.definition = definition,
            Some(_) => {
                return Err(cursor.fault(format!("{table} has a trigger “{name}” already.")));
            }
            None => self.catalog.add_trigger(TriggerRow {
                relation,
                name,
                definition,
                each_row,
                inherited: false,
            }),
        }
        self.tally.read();
        Ok(())
    }

    /// Reads what follows `ALTER TRIGGER`.
    pub(crate) fn alter_trigger(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let name = cursor.label()?;
        cursor.expect("ON")?;
        let table = cursor.qualified()?;
        if !cursor.accept_all(&["RENAME", "TO"]) {
            self.tally.pass("ALTER TRIGGER");
            return Ok(());
        }
        let new = cursor.label()?;
        let relation = self.relation(&table)?;
        let found = self
            .catalog
            .triggers
            .iter_mut()
            .find(|trigger| trigger.relation == relation && trigger.name == name);
        match found {
            Some(found) => {
                found.name = new;
                self.tally.read();
                Ok(())
            }
            None => {
                let mut wanted = table;
                wanted.name = name;
                wanted.schema = None;
                Err(missing("a trigger", &wanted))
            }
        }
    }
}
