//! Triggers, functions and procedures.

use super::Reader;
use super::name;
use crate::catalog::{RoutineRow, TriggerRow};
use crate::cursor::{Cursor, Fault, Read};
use crate::token::excerpt;

impl Reader<'_> {
    /// Reads what follows `CREATE … TRIGGER`; that word stands at `header`, and `whole` is all of
    /// the statement.
    pub(crate) fn create_trigger(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
        header: usize,
        replace: bool,
    ) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = name::qualified(&mut cursor)?;
        if !cursor.accept("BEFORE") && !cursor.accept("AFTER") {
            return cursor.expected("BEFORE or AFTER");
        }
        while !cursor.done() && !cursor.is("ON") {
            cursor.step();
        }
        cursor.expect("ON")?;
        let mut table = name::qualified(&mut cursor)?;
        if table.schema.is_none() {
            table.schema.clone_from(&written.schema);
        }
        cursor.expect("FOR")?;
        cursor.expect("EACH")?;
        cursor.expect("ROW")?;
        let relation = self.table(&table)?;
        let schema = self
            .catalog
            .relation(relation)
            .map(|found| found.name.schema.clone());
        // A trigger's name is taken in its whole database.
        let holder = self.catalog.triggers.iter().position(|trigger| {
            trigger.name == written.name
                && self
                    .catalog
                    .relation(trigger.relation)
                    .map(|found| &found.name.schema)
                    == schema.as_ref()
        });
        match holder {
            Some(at) if replace => {
                self.catalog.triggers.remove(at);
            }
            Some(_) if if_not_exists => {
                self.tally.pass("CREATE TRIGGER of one that exists");
                return Ok(());
            }
            Some(_) => {
                return Err(Fault {
                    at: written.at,
                    message: format!("There is a trigger “{}” already.", written.name),
                });
            }
            None => {}
        }
        // Dumps write the first words in comments of their own, with gaps between them.
        let start = whole.offset();
        let first = self.source.get(start..header).unwrap_or_default();
        let rest = whole.rest_text();
        let body = rest.get(header - start..).unwrap_or_default();
        self.catalog.triggers.push(TriggerRow {
            relation,
            name: written.name,
            definition: format!("{} {body}", excerpt(first)),
            each_row: true,
            inherited: false,
        });
        self.tally.read();
        Ok(())
    }

    /// Reads what follows `CREATE … FUNCTION` or `PROCEDURE`.
    pub(crate) fn create_routine(&mut self, mut cursor: Cursor<'_>, replace: bool) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = name::qualified(&mut cursor)?;
        if cursor.is("RETURNS") {
            // A function of a library: `CREATE FUNCTION f RETURNS INTEGER SONAME '…'`.
            self.tally.pass("CREATE FUNCTION of a library");
            return Ok(());
        }
        let arguments = cursor.group()?.rest_text().to_owned();
        let name = self.full_name(&written);
        let existing = self
            .catalog
            .routines
            .iter_mut()
            .find(|routine| routine.name == name);
        match existing {
            Some(routine) if replace => routine.arguments = arguments,
            Some(_) if if_not_exists => {
                self.tally.pass("CREATE FUNCTION of one that exists");
                return Ok(());
            }
            // A function and a procedure may share a name.
            _ => self.catalog.routines.push(RoutineRow {
                name,
                arguments,
                signature: String::new(),
                returns: None,
            }),
        }
        self.tally.read();
        Ok(())
    }
}
