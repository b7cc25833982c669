//! Functions and procedures: their names and arguments.

use super::Reader;
use super::alter::missing;
use super::types::TypeRef;
use crate::catalog::RoutineRow;
use crate::cursor::{Cursor, Name, Read};
use crate::token::Kind;
use model::schema::QualifiedName;

impl Reader<'_, '_> {
    /// Reads what follows `CREATE [OR REPLACE] FUNCTION` or `PROCEDURE`.
    pub(crate) fn create_routine(&mut self, mut cursor: Cursor<'_>, replace: bool) -> Read<()> {
        let name = routine_name(&mut cursor)?;
        let arguments = cursor.group()?;
        let signature = self.signature(&arguments);
        let full = self.new_name(&name);
        let returns = self.returned_columns(&mut cursor);
        let arguments = arguments.rest_text().to_owned();
        let row = RoutineRow {
            name: full,
            arguments,
            signature,
            returns,
        };
        let existing = self
            .catalog
            .routines
            .iter_mut()
            .find(|other| other.signature == row.signature && other.name == row.name);
        match existing {
            Some(existing) if replace => *existing = row,
            Some(_) => {
                return Err(
                    cursor.fault(format!("{} exists already with these arguments.", row.name))
                );
            }
            None => self.catalog.routines.push(row),
        }
        self.tally.read();
        Ok(())
    }

    /// The columns of `RETURNS TABLE (…)` or `RETURNS [SETOF] some_table`.
    fn returned_columns(&self, cursor: &mut Cursor<'_>) -> Option<Vec<(String, Option<TypeRef>)>> {
        if !cursor.accept("RETURNS") {
            return None;
        }
        if cursor.accept("TABLE") {
            let mut columns = Vec::new();
            for mut part in cursor.group().ok()?.split_commas() {
                let name = part.label().ok()?;
                columns.push((name, self.read_type(&mut part).ok()));
            }
            return Some(columns);
        }
        cursor.accept("SETOF");
        let name = cursor.qualified().ok()?;
        let relation = self.catalog.relation(self.find(&name)?)?;
        let columns = relation.columns.iter();
        Some(
            columns
                .map(|row| (row.column.name.clone(), row.data_type.clone()))
                .collect(),
        )
    }

    /// The types of the arguments that a call gives, which tell overloads apart.
    pub(crate) fn signature(&self, arguments: &Cursor<'_>) -> String {
        let (catalog, path) = self.scope();
        let mut types = Vec::new();
        for mut part in arguments.split_commas() {
            if part.accept("OUT") {
                continue;
            }
            if !part.accept("INOUT") && !part.accept("VARIADIC") && part.tokens().len() > 1 {
                part.accept("IN");
            }
            part.accept("OUT");
            let begin = part.place();
            let ends = |part: &Cursor<'_>| {
                part.done()
                    || part.is("DEFAULT")
                    || part
                        .peek()
                        .is_some_and(|token| token.kind == Kind::Operator || token.is_symbol(b':'))
            };
            // Without a name, or with one before the type.
            let mut found = self.read_type(&mut part).ok().filter(|_| ends(&part));
            if found.is_none() {
                part.reset(begin + 1);
                found = self.read_type(&mut part).ok();
            }
            types.push(match found {
                Some(found) => found.print(catalog, path),
                None => part.rest_text().to_owned(),
            });
        }
        types.join(", ")
    }

    /// The routines that a name (with its arguments, where given) means.
    pub(crate) fn routines_named(&self, name: &Name, arguments: Option<&Cursor<'_>>) -> Vec<usize> {
        let signature = arguments.map(|arguments| self.signature(arguments));
        let path = self.path();
        self.catalog
            .routines
            .iter()
            .enumerate()
            .filter(|(_, row)| {
                row.name.name == name.name
                    && match &name.schema {
                        Some(schema) => row.name.schema == *schema,
                        None => path.contains(&row.name.schema),
                    }
                    && signature
                        .as_ref()
                        .is_none_or(|wanted| row.signature == *wanted)
            })
            .map(|(at, _)| at)
            .collect()
    }

    /// Reads what follows `ALTER FUNCTION` or the like.
    pub(crate) fn alter_routine(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let name = routine_name(&mut cursor)?;
        let arguments = if cursor.is_symbol(b'(') {
            Some(cursor.group()?)
        } else {
            None
        };
        let rename = cursor.accept_all(&["RENAME", "TO"]);
        if !rename && !cursor.accept_all(&["SET", "SCHEMA"]) {
            self.tally.pass("ALTER FUNCTION");
            return Ok(());
        }
        let new = cursor.label()?;
        let found = self.routines_named(&name, arguments.as_ref());
        if found.is_empty() {
            return Err(missing("a function or procedure", &name));
        }
        for at in found {
            if let Some(row) = self.catalog.routines.get_mut(at) {
                let (schema, old) = (row.name.schema.clone(), row.name.name.clone());
                row.name = match rename {
                    true => QualifiedName::new(schema, new.clone()),
                    false => QualifiedName::new(new.clone(), old),
                };
            }
        }
        self.tally.read();
        Ok(())
    }
}

/// The name of a routine: words that no table may have may name a function.
pub(crate) fn routine_name(cursor: &mut Cursor<'_>) -> Read<Name> {
    let at = cursor.offset();
    let mut name = Name {
        schema: None,
        name: cursor.label()?,
        at,
    };
    while cursor.accept_symbol(b'.') {
        let next = cursor.label()?;
        name.schema = Some(std::mem::replace(&mut name.name, next));
    }
    Ok(name)
}
