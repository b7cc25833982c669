//! Columns as a script writes them.

use super::constraint::{self, ConstraintDef};
use super::expression;
use super::types::{self, ColumnType, TypeRef};
use crate::catalog::Catalog;
use crate::cursor::{Cursor, Fault, Read};

/// A column as written.
#[derive(Debug, Clone)]
pub(crate) struct ColumnDef<'a> {
    pub(crate) name: String,
    /// Its type; none in a table that has its columns from elsewhere.
    pub(crate) data_type: Option<ColumnType>,
    pub(crate) not_null: bool,
    pub(crate) default: Option<String>,
    pub(crate) generated: Option<String>,
    pub(crate) identity: Option<IdentityDef>,
    pub(crate) collation: Option<String>,
    pub(crate) constraints: Vec<ConstraintDef<'a>>,
    /// What could not be read; all before it was.
    pub(crate) fault: Option<Fault>,
}

/// An identity as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdentityDef {
    /// `always` or `by default`.
    pub(crate) kind: &'static str,
    /// The name that its sequence is to have, with its schema.
    pub(crate) sequence: Option<(Option<String>, String)>,
}

impl ColumnDef<'_> {
    fn new(name: String) -> Self {
        Self {
            name,
            data_type: None,
            not_null: false,
            default: None,
            generated: None,
            identity: None,
            collation: None,
            constraints: Vec::new(),
            fault: None,
        }
    }

    /// The type that the column really has.
    pub(crate) fn real_type(&self) -> Option<TypeRef> {
        match self.data_type.as_ref()? {
            ColumnType::Type(found) => Some(found.clone()),
            ColumnType::Serial(serial) => Some(serial.data_type()),
        }
    }
}

/// Reads a column up to its end. A type that cannot be read is a fault; what cannot be read
/// after it is noted in the column.
pub(crate) fn read_column<'a>(
    cursor: &mut Cursor<'a>,
    catalog: &Catalog,
    path: &[String],
) -> Read<ColumnDef<'a>> {
    let mut column = ColumnDef::new(cursor.name()?);
    column.data_type = Some(types::read_column_type(cursor, catalog, path)?);
    if let Err(fault) = read_constraints(cursor, &mut column) {
        column.fault = Some(fault);
    }
    Ok(column)
}

/// Reads what a typed table or a partition says of a column that it has already.
pub(crate) fn read_options<'a>(cursor: &mut Cursor<'a>) -> Read<ColumnDef<'a>> {
    let mut column = ColumnDef::new(cursor.name()?);
    cursor.accept_all(&["WITH", "OPTIONS"]);
    if let Err(fault) = read_constraints(cursor, &mut column) {
        column.fault = Some(fault);
    }
    Ok(column)
}

fn read_constraints<'a>(cursor: &mut Cursor<'a>, column: &mut ColumnDef<'a>) -> Read<()> {
    while !cursor.done() {
        let name = if cursor.accept("CONSTRAINT") {
            Some(cursor.label()?)
        } else {
            None
        };
        let column_name = column.name.clone();
        if cursor.accept_all(&["NOT", "NULL"]) {
            column.not_null = true;
            cursor.accept_all(&["NO", "INHERIT"]);
        } else if cursor.accept("NULL") {
            // The usual case, said aloud.
        } else if cursor.accept("DEFAULT") {
            column.default = default(cursor)?;
        } else if cursor.accept("COLLATE") {
            column.collation = Some(collation(cursor)?);
        } else if cursor.accept("GENERATED") {
            generated(cursor, column)?;
        } else if cursor.accept("COMPRESSION") || cursor.accept("STORAGE") {
            cursor.label()?;
        } else if cursor.accept("OPTIONS") {
            cursor.group()?;
        } else if cursor.accept("DEFERRABLE")
            || cursor.accept_all(&["NOT", "DEFERRABLE"])
            || cursor.accept_all(&["INITIALLY", "IMMEDIATE"])
            || cursor.accept_all(&["INITIALLY", "DEFERRED"])
        {
            // Attributes that stand apart from their constraint.
        } else {
            match constraint::read_column_constraint(cursor, &column_name, name)? {
                Some(found) => column.constraints.push(found),
                None => return cursor.expected("a constraint of the column"),
            }
        }
    }
    Ok(())
}

/// Reads the name of a collation, as SQL would write it; none for the default one.
pub(crate) fn collation(cursor: &mut Cursor<'_>) -> Read<String> {
    Ok(cursor.qualified()?.name)
}

/// Reads the expression of a default; none for `NULL`, which the server does not keep.
pub(crate) fn default(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    if !constraint::begins_expression(cursor) {
        return cursor.expected("a default");
    }
    let begin = cursor.place();
    expression::skip_default(cursor);
    Ok(kept_default(cursor.text_since(begin)))
}

/// A default as the server keeps it: none for a bare `NULL`.
pub(crate) fn kept_default(text: &str) -> Option<String> {
    (!text.eq_ignore_ascii_case("NULL")).then(|| text.to_owned())
}

/// Reads what follows `GENERATED`.
fn generated(cursor: &mut Cursor<'_>, column: &mut ColumnDef<'_>) -> Read<()> {
    let kind = identity_kind(cursor)?;
    cursor.expect("AS")?;
    if cursor.accept("IDENTITY") {
        column.identity = Some(identity(cursor, kind)?);
        column.not_null = true;
        return Ok(());
    }
    let inside = cursor.group()?;
    column.generated = Some(inside.rest_text().to_owned());
    // PostgreSQL 15 knows only stored ones; later servers have both.
    if cursor.accept("STORED") || cursor.accept("VIRTUAL") {
        Ok(())
    } else {
        cursor.expected("STORED")
    }
}

/// Reads `ALWAYS` or `BY DEFAULT`.
pub(crate) fn identity_kind(cursor: &mut Cursor<'_>) -> Read<&'static str> {
    if cursor.accept("ALWAYS") {
        Ok("always")
    } else if cursor.accept_all(&["BY", "DEFAULT"]) {
        Ok("by default")
    } else {
        cursor.expected("ALWAYS or BY DEFAULT")
    }
}

/// Reads the options of an identity's sequence, of which only the name matters.
pub(crate) fn identity(cursor: &mut Cursor<'_>, kind: &'static str) -> Read<IdentityDef> {
    let mut found = IdentityDef {
        kind,
        sequence: None,
    };
    if cursor.is_symbol(b'(') {
        let mut options = cursor.group()?;
        while !options.done() {
            if options.accept_all(&["SEQUENCE", "NAME"]) {
                let name = options.qualified()?;
                found.sequence = Some((name.schema, name.name));
            } else {
                options.skip_group();
            }
        }
    }
    Ok(found)
}
