//! `COMMENT ON`.

use super::Reader;
use super::alter::missing;
use crate::cursor::{Cursor, Name, Read};

impl Reader<'_, '_> {
    /// Reads what follows `COMMENT`.
    pub(crate) fn comment(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.expect("ON")?;
        if cursor.accept("COLUMN") {
            return self.comment_on_column(cursor);
        }
        let relation = cursor.accept("TABLE")
            || cursor.accept("VIEW")
            || cursor.accept_all(&["MATERIALIZED", "VIEW"])
            || cursor.accept_all(&["FOREIGN", "TABLE"]);
        if relation {
            let name = cursor.qualified()?;
            let text = comment_text(&mut cursor)?;
            let id = self.relation(&name)?;
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.comment = text;
            }
            self.tally.read();
            return Ok(());
        }
        if cursor.accept("TYPE") || cursor.accept("DOMAIN") {
            let name = cursor.qualified()?;
            let text = comment_text(&mut cursor)?;
            let (catalog, path) = self.scope();
            let id = catalog
                .find_type(name.schema.as_deref(), &name.name, path)
                .ok_or_else(|| missing("a type", &name))?;
            if let Some(found) = self.catalog.user_type_mut(id) {
                found.comment = text;
            }
            self.tally.read();
            return Ok(());
        }
        let Some(first) = cursor.peek() else {
            return cursor.expected("what it is about");
        };
        let kind = cursor.text_of(first).to_uppercase();
        self.tally.pass(&format!("COMMENT ON {kind}"));
        Ok(())
    }

    fn comment_on_column(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let (table, column) = column_name(&mut cursor)?;
        let text = comment_text(&mut cursor)?;
        let (catalog, path) = self.scope();
        let composite = catalog.find_type(table.schema.as_deref(), &table.name, path);
        if self.find(&table).is_none() && composite.is_some() {
            self.tally.pass("COMMENT ON COLUMN of a composite type");
            return Ok(());
        }
        let id = self.relation(&table)?;
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let full = relation.name.clone();
        match relation.column_mut(&column) {
            Some(row) => {
                row.column.comment = text;
                self.tally.read();
                Ok(())
            }
            None => Err(cursor.fault(format!("{full} has no column “{column}”."))),
        }
    }
}

/// Reads `table.column` or `schema.table.column`.
pub(crate) fn column_name(cursor: &mut Cursor<'_>) -> Read<(Name, String)> {
    let at = cursor.offset();
    let mut parts = vec![cursor.label()?];
    while cursor.accept_symbol(b'.') {
        parts.push(cursor.label()?);
    }
    match (parts.pop(), parts.pop()) {
        (Some(column), Some(name)) => Ok((
            Name {
                schema: parts.pop(),
                name,
                at,
            },
            column,
        )),
        _ => cursor.expected("a table and its column"),
    }
}

fn comment_text(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    cursor.expect("IS")?;
    if cursor.accept("NULL") {
        return Ok(None);
    }
    let text = cursor.string()?;
    cursor.end()?;
    // An empty comment is none; the server removes it too.
    Ok(Some(text).filter(|text| !text.is_empty()))
}
