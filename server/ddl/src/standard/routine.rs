//! Triggers, functions and procedures.

use super::draft::RelationId;
use super::reading::Reading;
use crate::cursor::{Cursor, Name};
use model::schema::{Routine, Trigger};

impl Reading<'_> {
    /// Adds a trigger, in place of one of that name.
    pub(crate) fn add_trigger(&mut self, id: RelationId, name: &Name, definition: String) {
        let naming = self.grammar.naming;
        let Some(table) = self.draft.table(id).map(|table| table.name.clone()) else {
            return;
        };
        let new = Trigger {
            name: name.name.clone(),
            table,
            definition,
        };
        let old = self
            .draft
            .triggers
            .iter_mut()
            .find(|(other, trigger)| *other == id && naming.same(&trigger.name, &new.name));
        match old {
            Some(old) => old.1 = new,
            None => self.draft.triggers.push((id, new)),
        }
        self.tally.read();
    }

    /// Adds a function or a procedure, in place of one of that name.
    pub(crate) fn add_routine(&mut self, name: &Name, arguments: &Cursor<'_>) {
        let full = self.new_name(name);
        let naming = self.grammar.naming;
        let new = Routine {
            name: full,
            arguments: arguments.rest_text().to_owned(),
        };
        let old = self.draft.routines.iter_mut().find(|routine| {
            naming.same(&routine.name.schema, &new.name.schema)
                && naming.same(&routine.name.name, &new.name.name)
        });
        match old {
            Some(old) => *old = new,
            None => self.draft.routines.push(new),
        }
        self.tally.read();
    }
}
