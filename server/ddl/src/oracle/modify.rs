//! `ALTER TABLE … MODIFY`.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Read};
use crate::standard::column::ColumnDef;
use crate::standard::draft::RelationId;

/// Words that go on with a column where its type is left out.
const OPTIONS: [&str; 16] = [
    "CHECK",
    "COLLATE",
    "CONSTRAINT",
    "DECRYPT",
    "DEFAULT",
    "DROP",
    "ENCRYPT",
    "GENERATED",
    "INVISIBLE",
    "NOT",
    "NULL",
    "PRIMARY",
    "REFERENCES",
    "UNIQUE",
    "VISIBLE",
    "AS",
];

impl Reader<'_> {
    /// Reads what follows `MODIFY`: columns, with parentheses around them or not. Whether it
    /// says something about the structure.
    pub(super) fn alter_modify(&mut self, id: RelationId, cursor: &mut Cursor<'_>) -> Read<bool> {
        if cursor.is_any(&[
            "CONSTRAINT",
            "PARTITION",
            "SUBPARTITION",
            "LOB",
            "NESTED",
            "DEFAULT",
        ]) || cursor.are(&["PRIMARY", "KEY"])
            || cursor.is("UNIQUE")
        {
            cursor.skip_rest();
            return Ok(false);
        }
        if cursor.is_symbol(b'(') {
            for mut part in cursor.group()?.split_commas() {
                let start = part.offset();
                if let Err(fault) = self.modify(id, &mut part) {
                    self.reading.failed(start, fault);
                }
            }
        } else {
            self.modify(id, cursor)?;
        }
        Ok(true)
    }

    fn modify(&mut self, id: RelationId, cursor: &mut Cursor<'_>) -> Read<()> {
        let at = cursor.offset();
        let name = GRAMMAR.naming.label(cursor)?;
        let name = self
            .reading
            .spelled(id, &[name], at)?
            .pop()
            .unwrap_or_default();
        let mut def = ColumnDef {
            at,
            ..ColumnDef::default()
        };
        def.column.name.clone_from(&name);
        if !cursor.done() && !cursor.is_any(&OPTIONS) {
            def.column.data_type = GRAMMAR.data_type(cursor)?;
        }
        if cursor.accept_all(&["DROP", "IDENTITY"])
            && let Some(column) = self.reading.draft.column_mut(id, &name)
        {
            column.identity = None;
        }
        while !cursor.done() && !cursor.is_any(&["ADD", "MODIFY", "RENAME"]) {
            GRAMMAR.option(cursor, &mut def)?;
        }
        if let Some(column) = self.reading.draft.column_mut(id, &name) {
            if !def.column.data_type.is_empty() {
                column.data_type = def.column.data_type;
            }
            if let Some(null) = def.null {
                column.nullable = null;
            }
            match def.column.default.as_deref() {
                // That is how a default is taken away.
                Some(null) if null.eq_ignore_ascii_case("NULL") => column.default = None,
                Some(_) => column.default = def.column.default,
                None => {}
            }
            if def.column.identity.is_some() {
                column.identity = def.column.identity;
            }
            if def.column.generated.is_some() {
                column.generated = def.column.generated;
            }
        }
        self.reading.add_constraints(id, def.constraints);
        Ok(())
    }
}
