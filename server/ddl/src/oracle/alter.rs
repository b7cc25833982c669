//! `ALTER TABLE`, and what else is altered.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Fault, Read};
use crate::standard::constraint::begins_constraint;
use crate::standard::draft::RelationId;
use crate::standard::table::Items;

impl Reader<'_> {
    /// Reads what follows `ALTER`.
    pub(super) fn alter(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        if cursor.accept_all(&["SESSION", "SET"]) {
            if cursor.accept("CURRENT_SCHEMA") {
                cursor.accept_operator("=");
                self.reading.draft.schema = GRAMMAR.naming.label(&mut cursor)?;
            }
            self.reading.pass(whole, 2);
            return Ok(());
        }
        if cursor.accept("INDEX") {
            let name = self.reading.name(&mut cursor)?;
            if cursor.accept_all(&["RENAME", "TO"]) {
                let new = GRAMMAR.naming.label(&mut cursor)?;
                let home = self
                    .reading
                    .draft
                    .index_home(name.schema.as_deref(), &name.name);
                let renamed =
                    home.is_some_and(|id| self.reading.draft.rename_index(id, &name.name, &new));
                if !renamed {
                    return Err(Fault {
                        at: name.at,
                        message: format!(
                            "The script has not created an index “{name}” before this."
                        ),
                    });
                }
                self.reading.tally.read();
                return Ok(());
            }
            self.reading.pass(whole, 2);
            return Ok(());
        }
        if !cursor.accept("TABLE") {
            self.reading.pass(whole, 2);
            return Ok(());
        }
        let name = self.reading.name(&mut cursor)?;
        let id = self.reading.relation(&name)?;
        let mut read = false;
        while !cursor.done() {
            if cursor.accept("ADD") {
                if cursor.is_any(&["PARTITION", "SUBPARTITION", "SUPPLEMENTAL"]) {
                    cursor.skip_rest();
                } else {
                    self.alter_add(id, &mut cursor)?;
                    read = true;
                }
            } else if cursor.accept("MODIFY") {
                read |= self.alter_modify(id, &mut cursor)?;
            } else if cursor.accept("DROP") {
                read |= self.alter_drop(id, &mut cursor)?;
            } else if cursor.accept("RENAME") {
                self.alter_rename(id, &mut cursor)?;
                read = true;
            } else {
                // What says nothing about the structure: ENABLE, MOVE, PARALLEL, LOGGING.
                let known = cursor
                    .peek()
                    .is_some_and(|token| token.kind == crate::token::Kind::Word);
                if !known {
                    return cursor.expected("ADD, MODIFY, DROP or RENAME");
                }
                cursor.skip_rest();
            }
        }
        if read {
            self.reading.tally.read();
        } else {
            self.reading.pass(whole, 2);
        }
        Ok(())
    }

    /// Reads `ADD (a …, CONSTRAINT …)`, `ADD a …` or `ADD CONSTRAINT …`.
    fn alter_add(&mut self, id: RelationId, cursor: &mut Cursor<'_>) -> Read<()> {
        if cursor.is_symbol(b'(') {
            let inside = cursor.group()?;
            let items = self.reading.items(&inside);
            self.reading.fill(id, items);
            // How LOBs and partitions of the new columns are kept.
            while !cursor.done() && !cursor.is_any(&["ADD", "MODIFY", "DROP", "RENAME"]) {
                cursor.skip_group();
            }
            return Ok(());
        }
        let mut items = Items::default();
        if begins_constraint(cursor) {
            items.constraints.push(GRAMMAR.table_constraint(cursor)?);
        } else {
            cursor.accept("COLUMN");
            let mut def = GRAMMAR.column_name(cursor)?;
            while !cursor.done() && !cursor.is_any(&["ADD", "MODIFY", "DROP", "RENAME"]) {
                GRAMMAR.option(cursor, &mut def)?;
            }
            items.columns.push(def);
        }
        self.reading.fill(id, items);
        Ok(())
    }

    /// Reads `DROP (a, b)`, `DROP COLUMN a`, `DROP CONSTRAINT a`, `DROP PRIMARY KEY`.
    fn alter_drop(&mut self, id: RelationId, cursor: &mut Cursor<'_>) -> Read<bool> {
        let at = cursor.offset();
        if cursor.accept("COLUMN") || cursor.is_symbol(b'(') {
            let names = match cursor.is_symbol(b'(') {
                true => GRAMMAR.naming.names(cursor)?,
                false => vec![GRAMMAR.naming.label(cursor)?],
            };
            for name in self.reading.spelled(id, &names, at)? {
                self.reading.draft.remove_column(id, &name, GRAMMAR.rules);
            }
        } else if cursor.accept("CONSTRAINT") {
            let name = GRAMMAR.naming.label(cursor)?;
            if !self.reading.draft.remove_constraint(id, &name) {
                return Err(Fault {
                    at,
                    message: format!(
                        "The script has not created a constraint “{name}” before this."
                    ),
                });
            }
        } else if cursor.accept_all(&["PRIMARY", "KEY"]) {
            self.reading.draft.remove_key(id, None);
        } else if cursor.accept("UNIQUE") {
            let columns = GRAMMAR.naming.names(cursor)?;
            self.reading.draft.remove_key(id, Some(&columns));
        } else {
            // Partitions, unused columns.
            cursor.skip_rest();
            return Ok(false);
        }
        let words = [
            "CASCADE",
            "CONSTRAINTS",
            "KEEP",
            "INDEX",
            "ONLINE",
            "INVALIDATE",
        ];
        while cursor.is_any(&words) || cursor.are(&["DROP", "INDEX"]) {
            cursor.step();
        }
        Ok(true)
    }

    fn alter_rename(&mut self, id: RelationId, cursor: &mut Cursor<'_>) -> Read<()> {
        let naming = GRAMMAR.naming;
        let at = cursor.offset();
        if cursor.accept("TO") {
            let new = naming.label(cursor)?;
            self.reading.draft.rename(id, &new);
        } else if cursor.accept("COLUMN") {
            let old = naming.label(cursor)?;
            cursor.expect("TO")?;
            let new = naming.label(cursor)?;
            self.reading.spelled(id, std::slice::from_ref(&old), at)?;
            self.reading
                .draft
                .rename_column(id, &old, &new, GRAMMAR.rules);
        } else if cursor.accept("CONSTRAINT") {
            let old = naming.label(cursor)?;
            cursor.expect("TO")?;
            let new = naming.label(cursor)?;
            if !self.reading.draft.rename_constraint(id, &old, &new) {
                return Err(Fault {
                    at,
                    message: format!(
                        "The script has not created a constraint “{old}” before this."
                    ),
                });
            }
        } else {
            // A partition.
            cursor.skip_rest();
        }
        Ok(())
    }
}
