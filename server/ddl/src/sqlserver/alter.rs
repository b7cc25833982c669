//! `ALTER TABLE`, and what else is altered.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Fault, Read};
use crate::standard::constraint::begins_constraint;
use crate::standard::draft::RelationId;
use crate::standard::table::Items;

impl Reader<'_> {
    /// Reads what follows `ALTER`.
    pub(super) fn alter(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        if cursor.is("VIEW") {
            return self.module(cursor, whole, true);
        }
        if cursor.is_any(&["PROCEDURE", "PROC", "FUNCTION", "TRIGGER"]) {
            return self.module(cursor, whole, true);
        }
        if cursor.accept("SCHEMA") {
            return self.transfer(cursor, whole);
        }
        if !cursor.accept("TABLE") {
            self.reading.pass(whole, 2);
            return Ok(());
        }
        let name = self.reading.name(&mut cursor)?;
        let id = self.reading.relation(&name)?;
        let with = cursor.accept_all(&["WITH", "CHECK"]) || cursor.accept_all(&["WITH", "NOCHECK"]);
        if cursor.accept("ADD") {
            self.alter_add(id, &cursor)?;
        } else if cursor.accept_all(&["ALTER", "COLUMN"]) {
            self.alter_column(id, cursor)?;
        } else if cursor.accept("DROP") {
            self.alter_drop(id, cursor)?;
        } else if with
            || cursor.is_any(&[
                "CHECK", "NOCHECK", "ENABLE", "DISABLE", "SET", "REBUILD", "SWITCH",
            ])
        {
            // Whether constraints and triggers are at work says nothing about the structure.
            self.reading.tally.pass("ALTER TABLE");
            return Ok(());
        } else {
            return cursor.expected("ADD, ALTER COLUMN, DROP or CHECK CONSTRAINT");
        }
        self.reading.tally.read();
        Ok(())
    }

    /// Reads columns and constraints, with commas between them.
    fn alter_add(&mut self, id: RelationId, cursor: &Cursor<'_>) -> Read<()> {
        let mut items = Items::default();
        if cursor.done() {
            return cursor.expected("a column or a constraint");
        }
        for mut item in cursor.rest().split_commas() {
            let start = item.offset();
            // `ADD a int, ADD b int` is not theirs, but what tools write.
            item.accept("ADD");
            let default = item.is("DEFAULT");
            let read = if begins_constraint(&item) || default {
                GRAMMAR.table_constraint(&mut item).and_then(|constraint| {
                    items.constraints.push(constraint);
                    match item.done() {
                        true => Ok(()),
                        false => item.expected("the end of the constraint"),
                    }
                })
            } else if item.are(&["PERIOD", "FOR"]) {
                Ok(())
            } else if item.accept("INDEX") {
                GRAMMAR
                    .inline_index(&mut item)
                    .map(|index| items.indexes.push(index))
            } else {
                GRAMMAR.column(&mut item).map(|mut def| {
                    if let Some(fault) = def.fault.take() {
                        self.reading.part_problem(start, fault);
                    }
                    items.columns.push(def);
                })
            };
            if let Err(fault) = read {
                self.reading.failed(start, fault);
            }
        }
        self.reading.fill(id, items);
        Ok(())
    }

    fn alter_column(&mut self, id: RelationId, mut cursor: Cursor<'_>) -> Read<()> {
        let at = cursor.offset();
        let name = GRAMMAR.naming.label(&mut cursor)?;
        let name = self
            .reading
            .spelled(id, &[name], at)?
            .pop()
            .unwrap_or_default();
        if cursor.is("ADD") || cursor.is("DROP") {
            // ROWGUIDCOL, PERSISTED, SPARSE, MASKED.
            return Ok(());
        }
        let data_type = GRAMMAR.data_type(&mut cursor)?;
        let mut def = crate::standard::column::ColumnDef::default();
        def.column.name.clone_from(&name);
        if cursor.accept("WITH") {
            cursor.skip_rest();
        }
        GRAMMAR.options(&mut cursor, &mut def);
        if let Some(column) = self.reading.draft.column_mut(id, &name) {
            column.data_type = data_type;
            column.nullable = def.null != Some(false);
            if def.column.collation.is_some() {
                column.collation = def.column.collation;
            }
        }
        def.fault.map_or(Ok(()), Err)
    }

    /// Reads `DROP CONSTRAINT a, COLUMN b, c`.
    fn alter_drop(&mut self, id: RelationId, mut cursor: Cursor<'_>) -> Read<()> {
        let mut column = false;
        loop {
            if cursor.accept("COLUMN") {
                column = true;
            } else if cursor.accept("CONSTRAINT") {
                column = false;
            } else if cursor.are(&["PERIOD", "FOR"]) {
                return Ok(());
            }
            let lenient = cursor.accept_all(&["IF", "EXISTS"]);
            let at = cursor.offset();
            let name = GRAMMAR.naming.label(&mut cursor)?;
            if column {
                if self.reading.draft.column(id, &name).is_some() || !lenient {
                    self.reading.spelled(id, std::slice::from_ref(&name), at)?;
                    self.reading.draft.remove_column(id, &name, GRAMMAR.rules);
                }
            } else if !self.reading.draft.remove_constraint(id, &name) && !lenient {
                return Err(Fault {
                    at,
                    message: format!(
                        "The script has not created a constraint “{name}” before this."
                    ),
                });
            }
            if cursor.accept("WITH") {
                cursor.group()?;
            }
            if !cursor.accept_symbol(b',') {
                return cursor.end();
            }
        }
    }

    /// Reads `SCHEMA new TRANSFER old.table`.
    fn transfer(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        let schema = GRAMMAR.naming.label(&mut cursor)?;
        cursor.expect("TRANSFER")?;
        if cursor.accept("OBJECT") || cursor.accept("TYPE") {
            while !cursor.done() && !GRAMMAR.naming.takes(cursor.peek()) {
                cursor.step();
            }
        }
        let name = self.reading.name(&mut cursor)?;
        match self.reading.find(&name) {
            Some(id) => {
                self.reading.draft.transfer(id, &schema);
                self.reading.tally.read();
            }
            None => self.reading.pass(whole, 2),
        }
        Ok(())
    }
}
