//! Columns in `ALTER TABLE`: added, defined anew, moved, renamed, dropped.

use super::alter_table::Later;
use super::column::{ColumnDef, read_column};
use super::table::own_row;
use super::{Reader, name};
use crate::catalog::RelationId;
use crate::cursor::{Cursor, Fault, Read};
use model::schema::IndexPart;

/// Where a column goes.
enum Position {
    /// Where it is, or at the end.
    Last,
    First,
    After(String),
}

/// Reads `FIRST` or `AFTER x`.
fn position(cursor: &mut Cursor<'_>) -> Read<Position> {
    if cursor.accept("FIRST") {
        Ok(Position::First)
    } else if cursor.accept("AFTER") {
        Ok(Position::After(name::label(cursor)?))
    } else {
        Ok(Position::Last)
    }
}

impl Reader<'_> {
    /// Reads the definition of a new column.
    pub(crate) fn add_column(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        if_not_exists: bool,
        later: &mut Later,
    ) -> Read<()> {
        let at = action.offset();
        let mut def = read_column(action)?;
        let position = position(action)?;
        action.end()?;
        let name = def.column.name.clone();
        if self.stored_column(id, &name, at).is_ok() {
            if if_not_exists {
                self.tally.pass("ADD COLUMN of one that exists");
                return Ok(());
            }
            let message = format!("The table has a column “{name}” already.");
            return Err(Fault { at, message });
        }
        later.elements.append(&mut def.elements);
        let column = self.settle_column(id, &def);
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.columns.push(own_row(column));
        }
        self.place_column(id, &name, position, at)
    }

    /// Puts a column where it belongs.
    fn place_column(
        &mut self,
        id: RelationId,
        column: &str,
        position: Position,
        at: usize,
    ) -> Read<()> {
        let after = match position {
            Position::Last => return Ok(()),
            Position::First => None,
            Position::After(other) => Some(self.stored_column(id, &other, at)?),
        };
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let columns = &mut relation.columns;
        if after.as_deref() == Some(column) {
            return Ok(());
        }
        let Some(from) = columns.iter().position(|row| row.column.name == column) else {
            return Ok(());
        };
        let row = columns.remove(from);
        let to = match after {
            None => 0,
            Some(after) => columns
                .iter()
                .position(|row| row.column.name == after)
                .map_or(columns.len(), |found| found + 1),
        };
        columns.insert(to, row);
        Ok(())
    }

    /// `MODIFY` and `CHANGE`: the column is defined anew; its keys stay.
    pub(crate) fn change(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        old: &str,
        mut def: ColumnDef,
        if_exists: bool,
        later: &mut Later,
    ) -> Read<()> {
        let at = action.offset();
        let position = position(action)?;
        action.end()?;
        let stored = match self.stored_column(id, old, at) {
            Ok(stored) => stored,
            Err(_) if if_exists => {
                self.tally.pass("A change of a column that does not exist");
                return Ok(());
            }
            Err(fault) => return Err(fault),
        };
        let name = def.column.name.clone();
        later.elements.append(&mut def.elements);
        let mut column = self.settle_column(id, &def);
        let in_key = |relation: &crate::catalog::Relation| {
            relation.primary_key().is_some_and(|key| {
                let mut parts = key.index.parts.iter();
                parts.any(|part| part.column.as_deref() == Some(stored.as_str()))
            })
        };
        if self.catalog.relation(id).is_some_and(in_key) {
            column.nullable = false;
        }
        if name != stored {
            self.rename_column(id, &stored, &name, at)?;
        }
        if let Some(row) = self
            .catalog
            .relation_mut(id)
            .and_then(|relation| relation.column_mut(&name))
        {
            row.column = column;
        }
        self.place_column(id, &name, position, at)
    }

    /// A dropped column leaves its indexes, and those that have no other column go.
    pub(crate) fn drop_column(&mut self, id: RelationId, column: &str, at: usize) -> Read<()> {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let holds = |names: &[String]| names.iter().any(|name| name == column);
        if let Some(row) = relation
            .foreign_keys
            .iter()
            .find(|row| holds(&row.key.columns))
        {
            let message = format!(
                "The column “{column}” cannot be dropped: the foreign key “{}” needs it.",
                row.key.name
            );
            return Err(Fault { at, message });
        }
        for row in &mut relation.indexes {
            row.index
                .parts
                .retain(|part| part.column.as_deref() != Some(column));
        }
        relation.indexes.retain(|row| !row.index.parts.is_empty());
        relation.columns.retain(|row| row.column.name != column);
        Ok(())
    }

    /// Gives a column another name, in keys and in what points at it too.
    pub(crate) fn rename_column(
        &mut self,
        id: RelationId,
        old: &str,
        new: &str,
        at: usize,
    ) -> Read<()> {
        if !name::same(old, new) && self.stored_column(id, new, at).is_ok() {
            let message = format!("The table has a column “{new}” already.");
            return Err(Fault { at, message });
        }
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let table = relation.name.clone();
        if let Some(row) = relation.column_mut(old) {
            row.column.name = new.to_owned();
        }
        let rename = |part: &mut IndexPart| {
            if part.column.as_deref() == Some(old) {
                let rest = part.text.split_off(name::quoted(old).len());
                part.text = name::quoted(new) + &rest;
                part.column = Some(new.to_owned());
            }
        };
        for row in &mut relation.indexes {
            row.index.parts.iter_mut().for_each(rename);
        }
        let swap = |names: &mut Vec<String>| {
            for name in names.iter_mut().filter(|name| name::same(name, old)) {
                new.clone_into(name);
            }
        };
        for row in &mut relation.foreign_keys {
            swap(&mut row.key.columns);
        }
        for relation in self.catalog.relations.iter_mut().flatten() {
            for row in &mut relation.foreign_keys {
                if row.key.target == table {
                    swap(&mut row.key.target_columns);
                }
            }
        }
        Ok(())
    }
}
