//! Keys and constraints as a script writes them, in a table or in `ALTER TABLE`.

use super::column;
use super::name;
use super::options::begins_engine_option;
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::token::Kind;
use model::schema::{IndexPart, ReferentialAction};

/// Something in a table's definition that is not a column.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// Where it begins.
    pub(crate) at: usize,
    /// Whether one of its name may be there already.
    pub(crate) if_not_exists: bool,
    pub(crate) body: Body,
}

/// What it is.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Key(KeyDef),
    ForeignKey(ForeignKeyDef),
    Check(CheckDef),
    /// `PERIOD FOR …`, which the model does not hold.
    Period,
}

/// A key or an index.
#[derive(Debug, Clone)]
pub(crate) struct KeyDef {
    pub(crate) name: Option<String>,
    pub(crate) kind: KeyKind,
    pub(crate) method: String,
    pub(crate) parts: Vec<IndexPart>,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Primary,
    Unique,
    Plain,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub(crate) struct ForeignKeyDef {
    /// The constraint's name.
    pub(crate) name: Option<String>,
    /// The name after `FOREIGN KEY`, for the index.
    pub(crate) index: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) target: Name,
    pub(crate) target_columns: Vec<String>,
    pub(crate) on_delete: ReferentialAction,
    pub(crate) on_update: ReferentialAction,
}

/// A check.
#[derive(Debug, Clone)]
pub(crate) struct CheckDef {
    pub(crate) name: Option<String>,
    pub(crate) expression: String,
}

/// Whether something other than a column begins here. All but `PERIOD` are reserved words.
pub(crate) fn begins_element(cursor: &Cursor<'_>) -> bool {
    cursor.is_any(&[
        "CONSTRAINT",
        "PRIMARY",
        "UNIQUE",
        "KEY",
        "INDEX",
        "FULLTEXT",
        "SPATIAL",
        "FOREIGN",
        "CHECK",
    ]) || cursor.are(&["CLUSTERING", "KEY"])
        || (cursor.are(&["PERIOD", "FOR"])
            && cursor
                .peek_at(2)
                .is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted)))
}

/// Reads a key or a constraint up to its end.
pub(crate) fn read_element(cursor: &mut Cursor<'_>) -> Read<Element> {
    let at = cursor.offset();
    let mut if_not_exists = false;
    let body = read_body(cursor, &mut if_not_exists)?;
    if !cursor.done() {
        return cursor.expected("the end of the key or constraint");
    }
    Ok(Element {
        at,
        if_not_exists,
        body,
    })
}

fn read_body(cursor: &mut Cursor<'_>, if_not_exists: &mut bool) -> Read<Body> {
    if cursor.accept_all(&["PERIOD", "FOR"]) {
        cursor.skip_rest();
        return Ok(Body::Period);
    }
    let mut named = cursor.clone();
    let mut constraint = None;
    if named.accept("CONSTRAINT") {
        *if_not_exists |= named.accept_all(&["IF", "NOT", "EXISTS"]);
        let begins = ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];
        if !named.is_any(&begins) {
            constraint = Some(name::label(&mut named)?);
        }
    }
    if named.is("CHECK") {
        *cursor = named;
        let mut check = column::check(cursor)?;
        check.name = constraint;
        return Ok(Body::Check(check));
    }
    *cursor = named;
    if cursor.accept_all(&["FOREIGN", "KEY"]) {
        *if_not_exists |= cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let index = match cursor.is_symbol(b'(') {
            true => None,
            false => Some(name::label(cursor)?),
        };
        let columns = name::names(cursor)?;
        return references(cursor, constraint, index, columns).map(Body::ForeignKey);
    }
    let (kind, method) = if cursor.accept_all(&["PRIMARY", "KEY"]) {
        (KeyKind::Primary, "btree")
    } else if cursor.accept("UNIQUE") {
        cursor.accept("CLUSTERING");
        if !cursor.accept("KEY") {
            cursor.accept("INDEX");
        }
        (KeyKind::Unique, "btree")
    } else if cursor.is("FULLTEXT") || cursor.is("SPATIAL") {
        let method = if cursor.is("SPATIAL") {
            "spatial"
        } else {
            "fulltext"
        };
        cursor.step();
        if !cursor.accept("KEY") {
            cursor.accept("INDEX");
        }
        (KeyKind::Plain, method)
    } else if cursor.accept("KEY")
        || cursor.accept("INDEX")
        || cursor.accept_all(&["CLUSTERING", "KEY"])
    {
        (KeyKind::Plain, "btree")
    } else {
        return cursor.expected("PRIMARY KEY, UNIQUE, KEY, INDEX, FOREIGN KEY or CHECK");
    };
    *if_not_exists |= cursor.accept_all(&["IF", "NOT", "EXISTS"]);
    let name = match cursor.is_symbol(b'(') || cursor.is("USING") {
        true => None,
        false => Some(name::label(cursor)?),
    };
    let (method, parts) = read_key(cursor, method)?;
    Ok(Body::Key(KeyDef {
        name: name.or(constraint),
        kind,
        method,
        parts,
    }))
}

/// Reads `[USING method] (parts) options`; the method and the parts.
pub(crate) fn read_key(cursor: &mut Cursor<'_>, method: &str) -> Read<(String, Vec<IndexPart>)> {
    let mut method = method.to_owned();
    if cursor.accept("USING") || cursor.accept("TYPE") {
        method = name::label(cursor)?.to_ascii_lowercase();
    }
    let inside = cursor.group()?;
    let mut parts = Vec::new();
    for part in inside.split_commas() {
        parts.push(read_part(part)?);
    }
    if parts.is_empty() {
        return inside.expected("a column");
    }
    loop {
        if cursor.accept("USING") || cursor.accept("TYPE") {
            method = name::label(cursor)?.to_ascii_lowercase();
        } else if !index_option(cursor)? {
            return Ok((method, parts));
        }
    }
}

/// Options of an index that the model does not hold.
fn index_option(cursor: &mut Cursor<'_>) -> Read<bool> {
    if cursor.accept("COMMENT") {
        name::string(cursor)?;
    } else if cursor.accept_all(&["WITH", "PARSER"]) {
        name::label(cursor)?;
    } else if cursor.is_any(&[
        "KEY_BLOCK_SIZE",
        "ENGINE_ATTRIBUTE",
        "SECONDARY_ENGINE_ATTRIBUTE",
        "CLUSTERING",
    ]) || begins_engine_option(cursor)
    {
        cursor.step();
        cursor.accept_operator("=");
        cursor.step();
    } else if !cursor.accept("VISIBLE")
        && !cursor.accept("INVISIBLE")
        && !cursor.accept("IGNORED")
        && !cursor.accept_all(&["NOT", "IGNORED"])
    {
        return Ok(false);
    }
    Ok(true)
}

/// Reads a part of a key: a column, how much of it, and the order; or an expression.
fn read_part(mut cursor: Cursor<'_>) -> Read<IndexPart> {
    let mut part = if cursor.is_symbol(b'(') {
        let begin = cursor.place();
        cursor.group()?;
        IndexPart {
            column: None,
            text: cursor.text_since(begin).to_owned(),
        }
    } else {
        let column = name::label(&mut cursor)?;
        let mut text = name::quoted(&column);
        if cursor.is_symbol(b'(') {
            let inside = cursor.group()?;
            let length = inside.rest_text();
            if !inside
                .peek()
                .is_some_and(|token| token.kind == Kind::Number && inside.tokens().len() == 1)
            {
                return inside.expected("a length");
            }
            text.push_str(&format!("({length})"));
        }
        IndexPart {
            column: Some(column),
            text,
        }
    };
    if cursor.accept("DESC") {
        part.text.push_str(" DESC");
    } else {
        cursor.accept("ASC");
    }
    if !cursor.done() {
        return cursor.expected("“,” or “)”");
    }
    Ok(part)
}

/// Reads `REFERENCES t (a) ON DELETE …` for some columns.
pub(crate) fn references(
    cursor: &mut Cursor<'_>,
    name: Option<String>,
    index: Option<String>,
    columns: Vec<String>,
) -> Read<ForeignKeyDef> {
    cursor.expect("REFERENCES")?;
    let target = name::qualified(cursor)?;
    let target_columns = if cursor.is_symbol(b'(') {
        name::names(cursor)?
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
            name::label(cursor)?;
        } else if cursor.accept_all(&["ON", "DELETE"]) {
            on_delete = action(cursor)?;
        } else if cursor.accept_all(&["ON", "UPDATE"]) {
            on_update = action(cursor)?;
        } else {
            break;
        }
    }
    Ok(ForeignKeyDef {
        name,
        index,
        columns,
        target,
        target_columns,
        on_delete,
        on_update,
    })
}

fn action(cursor: &mut Cursor<'_>) -> Read<ReferentialAction> {
    let actions: [(&[&str], ReferentialAction); 5] = [
        (&["NO", "ACTION"], ReferentialAction::NoAction),
        (&["RESTRICT"], ReferentialAction::Restrict),
        (&["CASCADE"], ReferentialAction::Cascade),
        (&["SET", "NULL"], ReferentialAction::SetNull),
        (&["SET", "DEFAULT"], ReferentialAction::SetDefault),
    ];
    match actions.iter().find(|(words, _)| cursor.accept_all(words)) {
        Some((_, action)) => Ok(*action),
        None => cursor.expected("NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT"),
    }
}
