//! Constraints as a script writes them, on a column or on a table.

use super::index;
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::fold;
use crate::token::Kind;
use model::schema::{IndexPart, ReferentialAction};

/// A constraint as written.
#[derive(Debug, Clone)]
pub(crate) struct ConstraintDef<'a> {
    /// Its name, where one is given.
    pub(crate) name: Option<String>,
    /// Where it begins.
    pub(crate) at: usize,
    pub(crate) body: ConstraintBody<'a>,
    pub(crate) deferrable: bool,
    pub(crate) no_inherit: bool,
}

/// What a constraint asks.
#[derive(Debug, Clone)]
pub(crate) enum ConstraintBody<'a> {
    /// A primary key or a unique constraint.
    Key {
        primary: bool,
        columns: Vec<String>,
        include: Vec<String>,
        /// An index that is there already and becomes the constraint's.
        using: Option<String>,
    },
    Check {
        expression: Cursor<'a>,
        text: String,
    },
    ForeignKey {
        columns: Vec<String>,
        target: Name,
        target_columns: Vec<String>,
        on_delete: ReferentialAction,
        on_update: ReferentialAction,
    },
    Exclusion {
        method: String,
        parts: Vec<(IndexPart, String)>,
        include: Vec<String>,
        predicate: Option<String>,
        text: String,
    },
}

/// Whether a constraint of a table begins here, and not a column.
pub(crate) fn begins_constraint(cursor: &Cursor<'_>) -> bool {
    if cursor.is_any(&["CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN"]) {
        return true;
    }
    // `exclude` may be the name of a column.
    cursor.is("EXCLUDE")
        && (cursor.token_is(cursor.peek_at(1), "USING")
            || cursor.peek_at(1).is_some_and(|next| next.is_symbol(b'(')))
}

/// Reads `(a, b)` of a key. Other dialects write more there; that is a fault.
fn key_columns(cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
    cursor.names()
}

fn included(cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
    if cursor.accept("INCLUDE") {
        cursor.names()
    } else {
        Ok(Vec::new())
    }
}

/// Reads what may follow an index that a constraint makes.
fn index_parameters(cursor: &mut Cursor<'_>) -> Read<()> {
    if cursor.is("WITH") && cursor.peek_at(1).is_some_and(|next| next.is_symbol(b'(')) {
        cursor.step();
        cursor.group()?;
    }
    if cursor.accept_all(&["USING", "INDEX", "TABLESPACE"]) {
        cursor.label()?;
    }
    Ok(())
}

/// What may follow any constraint.
#[derive(Debug, Clone, Copy, Default)]
struct Attributes {
    deferrable: bool,
    no_inherit: bool,
}

fn attributes(cursor: &mut Cursor<'_>) -> Attributes {
    let mut found = Attributes::default();
    loop {
        if cursor.accept_all(&["NOT", "DEFERRABLE"]) {
            found.deferrable = false;
        } else if cursor.accept("DEFERRABLE") {
            found.deferrable = true;
        } else if cursor.accept_all(&["INITIALLY", "DEFERRED"]) {
            // The server takes it so: what waits may wait.
            found.deferrable = true;
        } else if cursor.accept_all(&["NO", "INHERIT"]) {
            found.no_inherit = true;
        } else if !cursor.accept_all(&["INITIALLY", "IMMEDIATE"])
            && !cursor.accept_all(&["NOT", "VALID"])
        {
            return found;
        }
    }
}

/// Reads a constraint of a table, the word `CONSTRAINT` included, up to its end.
pub(crate) fn read_table_constraint<'a>(cursor: &mut Cursor<'a>) -> Read<ConstraintDef<'a>> {
    let at = cursor.offset();
    let name = if cursor.accept("CONSTRAINT") {
        Some(cursor.label()?)
    } else {
        None
    };
    let body = if cursor.accept("CHECK") {
        check(cursor)?
    } else if cursor.accept_all(&["PRIMARY", "KEY"]) {
        key(cursor, true)?
    } else if cursor.accept("UNIQUE") {
        key(cursor, false)?
    } else if cursor.accept_all(&["FOREIGN", "KEY"]) {
        let columns = key_columns(cursor)?;
        references(cursor, columns)?
    } else if cursor.accept("EXCLUDE") {
        exclusion(cursor)?
    } else {
        return cursor.expected("PRIMARY KEY, UNIQUE, FOREIGN KEY, CHECK or EXCLUDE");
    };
    let attributes = attributes(cursor);
    if !cursor.done() {
        return cursor.expected("the end of the constraint");
    }
    Ok(ConstraintDef {
        name,
        at,
        body,
        deferrable: attributes.deferrable,
        no_inherit: attributes.no_inherit,
    })
}

/// Reads a constraint that makes a column's definition longer; none if none begins here.
pub(crate) fn read_column_constraint<'a>(
    cursor: &mut Cursor<'a>,
    column: &str,
    name: Option<String>,
) -> Read<Option<ConstraintDef<'a>>> {
    let at = cursor.offset();
    let this = || vec![column.to_owned()];
    let body = if cursor.accept("CHECK") {
        check(cursor)?
    } else if cursor.accept_all(&["PRIMARY", "KEY"]) {
        let include = included(cursor)?;
        index_parameters(cursor)?;
        ConstraintBody::Key {
            primary: true,
            columns: this(),
            include,
            using: None,
        }
    } else if cursor.accept("UNIQUE") {
        nulls_distinct(cursor);
        let include = included(cursor)?;
        index_parameters(cursor)?;
        ConstraintBody::Key {
            primary: false,
            columns: this(),
            include,
            using: None,
        }
    } else if cursor.is("REFERENCES") {
        references(cursor, this())?
    } else {
        return Ok(None);
    };
    let attributes = attributes(cursor);
    Ok(Some(ConstraintDef {
        name,
        at,
        body,
        deferrable: attributes.deferrable,
        no_inherit: attributes.no_inherit,
    }))
}

fn nulls_distinct(cursor: &mut Cursor<'_>) {
    if !cursor.accept_all(&["NULLS", "NOT", "DISTINCT"]) {
        cursor.accept_all(&["NULLS", "DISTINCT"]);
    }
}

fn check<'a>(cursor: &mut Cursor<'a>) -> Read<ConstraintBody<'a>> {
    let expression = cursor.group()?;
    if expression.done() {
        return expression.expected("a condition");
    }
    let text = expression.rest_text().to_owned();
    Ok(ConstraintBody::Check { expression, text })
}

fn key<'a>(cursor: &mut Cursor<'a>, primary: bool) -> Read<ConstraintBody<'a>> {
    if cursor.accept_all(&["USING", "INDEX"]) {
        let using = Some(cursor.label()?);
        return Ok(ConstraintBody::Key {
            primary,
            columns: Vec::new(),
            include: Vec::new(),
            using,
        });
    }
    if !primary {
        nulls_distinct(cursor);
    }
    let columns = key_columns(cursor)?;
    let include = included(cursor)?;
    index_parameters(cursor)?;
    Ok(ConstraintBody::Key {
        primary,
        columns,
        include,
        using: None,
    })
}

fn references<'a>(cursor: &mut Cursor<'a>, columns: Vec<String>) -> Read<ConstraintBody<'a>> {
    cursor.expect("REFERENCES")?;
    let target = cursor.qualified()?;
    let target_columns = if cursor.is_symbol(b'(') {
        cursor.names()?
    } else {
        Vec::new()
    };
    if !target_columns.is_empty() && target_columns.len() != columns.len() {
        return Err(Fault {
            at: target.at,
            message: format!(
                "The foreign key has {} referencing and {} referenced columns.",
                columns.len(),
                target_columns.len()
            ),
        });
    }
    let (mut on_delete, mut on_update) = Default::default();
    loop {
        if cursor.accept("MATCH") {
            cursor.label()?;
        } else if cursor.accept_all(&["ON", "DELETE"]) {
            on_delete = action(cursor)?;
        } else if cursor.accept_all(&["ON", "UPDATE"]) {
            on_update = action(cursor)?;
        } else {
            break;
        }
    }
    Ok(ConstraintBody::ForeignKey {
        columns,
        target,
        target_columns,
        on_delete,
        on_update,
    })
}

fn action(cursor: &mut Cursor<'_>) -> Read<ReferentialAction> {
    let found = if cursor.accept_all(&["NO", "ACTION"]) {
        ReferentialAction::NoAction
    } else if cursor.accept("RESTRICT") {
        ReferentialAction::Restrict
    } else if cursor.accept("CASCADE") {
        ReferentialAction::Cascade
    } else if cursor.accept_all(&["SET", "NULL"]) {
        ReferentialAction::SetNull
    } else if cursor.accept_all(&["SET", "DEFAULT"]) {
        ReferentialAction::SetDefault
    } else {
        return cursor.expected("NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT");
    };
    let set = matches!(
        found,
        ReferentialAction::SetNull | ReferentialAction::SetDefault
    );
    if set && cursor.is_symbol(b'(') {
        cursor.names()?;
    }
    Ok(found)
}

fn exclusion<'a>(cursor: &mut Cursor<'a>) -> Read<ConstraintBody<'a>> {
    let begin = cursor.place();
    let method = if cursor.accept("USING") {
        cursor.label()?
    } else {
        "btree".to_owned()
    };
    let mut parts = Vec::new();
    for part in cursor.group()?.split_commas() {
        // What the index has stands before the last `WITH`.
        let mut scan = part.clone();
        let mut with = None;
        while !scan.done() {
            if scan.is("WITH") {
                with = Some(scan.place());
            }
            scan.skip_group();
        }
        let Some(with) = with else {
            return scan.expected("WITH and an operator");
        };
        let mut ahead = part;
        ahead.reset(with);
        parts.push(index::read_part(ahead.since(0))?);
    }
    if parts.len() > index::MOST_PARTS {
        return cursor.expected("at most 32 parts");
    }
    let include = included(cursor)?;
    index_parameters(cursor)?;
    let predicate = if cursor.accept("WHERE") {
        Some(cursor.group()?.rest_text().to_owned())
    } else {
        None
    };
    let text = cursor.text_since(begin).to_owned();
    Ok(ConstraintBody::Exclusion {
        method,
        parts,
        include,
        predicate,
        text,
    })
}

/// Whether a token can begin an expression's text at all; it keeps `DEFAULT ,` from passing.
pub(crate) fn begins_expression(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        Some(token) => match token.kind {
            Kind::Symbol(symbol) => symbol == b'(',
            Kind::Word => {
                let word = cursor.text_of(token);
                !fold::is_reserved(word)
                    || [
                        "NULL",
                        "TRUE",
                        "FALSE",
                        "CASE",
                        "CAST",
                        "ARRAY",
                        "CURRENT_DATE",
                        "CURRENT_TIME",
                        "CURRENT_TIMESTAMP",
                        "LOCALTIME",
                        "LOCALTIMESTAMP",
                        "CURRENT_USER",
                        "SESSION_USER",
                        "USER",
                        "CURRENT_ROLE",
                        "NOT",
                        "CURRENT_CATALOG",
                        "CURRENT_SCHEMA",
                        "LEFT",
                        "RIGHT",
                    ]
                    .iter()
                    .any(|allowed| word.eq_ignore_ascii_case(allowed))
            }
            Kind::Cast => false,
            _ => true,
        },
        None => false,
    }
}
