//! `CREATE TRIGGER`.

use super::Reader;
use crate::cursor::{Cursor, Read};

impl Reader<'_> {
    /// Reads what follows `CREATE [TEMP] TRIGGER`.
    pub(super) fn create_trigger(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
    ) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = self.reading.name(&mut cursor)?;
        while !cursor.done() && !cursor.is_any(&["ON", "BEGIN"]) {
            cursor.skip_group();
        }
        cursor.expect("ON")?;
        let table = self.reading.name(&mut cursor)?;
        let last = whole.tokens().last().copied();
        if !whole.token_is(last, "END") {
            return Err(cursor.fault("The trigger's body has no END."));
        }
        let id = self.reading.relation(&table)?;
        let naming = self.reading.grammar.naming;
        let taken = self
            .reading
            .draft
            .triggers
            .iter()
            .any(|(_, trigger)| naming.same(&trigger.name, &name.name));
        if taken {
            if if_not_exists {
                self.reading.tally.pass("CREATE TRIGGER of one that exists");
                return Ok(());
            }
            return Err(cursor.fault(format!("A trigger “{name}” exists already.")));
        }
        let definition = whole.rest_text().to_owned();
        self.reading.add_trigger(id, &name, definition);
        Ok(())
    }
}
