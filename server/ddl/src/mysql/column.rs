//! Columns as a script defines them.

use super::constraint::{Body, CheckDef, Element, KeyDef, KeyKind, references};
use super::name;
use super::options::begins_engine_option;
use super::types::{self, read_type};
use crate::cursor::{Cursor, Read};
use model::schema::{Column, IndexPart};

/// A column as written.
#[derive(Debug, Clone)]
pub(crate) struct ColumnDef {
    pub(crate) column: Column,
    /// The character set that it names.
    pub(crate) charset: Option<String>,
    /// Whether it compares bytes.
    pub(crate) binary: bool,
    /// Keys and checks that stand in its definition.
    pub(crate) elements: Vec<Element>,
}

/// Words that begin the next attribute and so end a default.
const AFTER_DEFAULT: [&str; 28] = [
    "AFTER",
    "AS",
    "AUTO_INCREMENT",
    "CHARSET",
    "CHECK",
    "COLLATE",
    "COLUMN_FORMAT",
    "COMMENT",
    "CONSTRAINT",
    "DEFAULT",
    "ENGINE_ATTRIBUTE",
    "FIRST",
    "GENERATED",
    "INVISIBLE",
    "KEY",
    "NOT",
    "NULL",
    "ON",
    "PERSISTENT",
    "PRIMARY",
    "REFERENCES",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "SRID",
    "STORAGE",
    "STORED",
    "UNIQUE",
    "VIRTUAL",
    "VISIBLE",
];

/// Reads a column's definition up to its end, or to where `ALTER TABLE` places it.
pub(crate) fn read_column(cursor: &mut Cursor<'_>) -> Read<ColumnDef> {
    let name = name::label(cursor)?;
    let data_type = read_type(cursor)?;
    let mut found = ColumnDef {
        column: Column {
            name,
            data_type: data_type.text,
            nullable: true,
            ..Column::default()
        },
        charset: data_type.charset,
        binary: data_type.binary,
        elements: Vec::new(),
    };
    if data_type.serial {
        found.serial(cursor.offset());
    }
    while !cursor.done() && !cursor.is_any(&["FIRST", "AFTER"]) {
        attribute(cursor, &mut found)?;
    }
    if found.column.identity.is_some() {
        // Whatever it says: a counted column never holds null.
        found.column.nullable = false;
    }
    Ok(found)
}

impl ColumnDef {
    /// What `SERIAL` and `SERIAL DEFAULT VALUE` stand for.
    fn serial(&mut self, at: usize) {
        self.column.nullable = false;
        self.counts();
        self.key(KeyKind::Unique, at);
    }

    /// `AUTO_INCREMENT` is an identity that rows may give a value of their own: `by default`.
    fn counts(&mut self) {
        self.column.identity = Some("by default".to_owned());
    }

    fn key(&mut self, kind: KeyKind, at: usize) {
        let part = IndexPart {
            column: Some(self.column.name.clone()),
            text: name::quoted(&self.column.name),
        };
        let key = KeyDef {
            name: None,
            kind,
            method: "btree".to_owned(),
            parts: vec![part],
        };
        self.elements.push(Element {
            at,
            if_not_exists: false,
            body: Body::Key(key),
        });
    }
}

fn attribute(cursor: &mut Cursor<'_>, found: &mut ColumnDef) -> Read<()> {
    let at = cursor.offset();
    let column = &mut found.column;
    if cursor.accept_all(&["NOT", "NULL"]) {
        column.nullable = false;
    } else if cursor.accept("NULL") {
        column.nullable = true;
    } else if cursor.accept("DEFAULT") {
        // A default of null says nothing that the lack of one does not.
        let text = expression(cursor)?;
        column.default = (!text.eq_ignore_ascii_case("NULL")).then_some(text);
    } else if cursor.accept_all(&["ON", "UPDATE"]) {
        // The model has one text for what the server does by itself; it is printed as the
        // server prints it, behind the default.
        let text = expression(cursor)?;
        let default = column.default.take().unwrap_or_else(|| "NULL".to_owned());
        column.default = Some(format!("{default} ON UPDATE {text}"));
    } else if cursor.accept("AUTO_INCREMENT") {
        found.counts();
    } else if cursor.accept_all(&["SERIAL", "DEFAULT", "VALUE"]) {
        found.serial(at);
    } else if cursor.accept("UNIQUE") {
        cursor.accept("KEY");
        found.key(KeyKind::Unique, at);
    } else if cursor.accept_all(&["PRIMARY", "KEY"]) || cursor.accept("KEY") {
        found.key(KeyKind::Primary, at);
    } else if cursor.accept("COMMENT") {
        column.comment = Some(name::string(cursor)?).filter(|text| !text.is_empty());
    } else if cursor.accept("COLLATE") {
        cursor.accept_operator("=");
        column.collation = Some(types::word_or_text(cursor)?);
    } else if types::begins_charset(cursor) {
        found.charset = Some(types::charset(cursor)?);
    } else if cursor.accept("BINARY") {
        found.binary = true;
    } else if cursor.is("AS") || cursor.is("GENERATED") {
        generated(cursor, column)?;
    } else if cursor.is("CONSTRAINT") || cursor.is("CHECK") {
        let check = check(cursor)?;
        let body = Body::Check(check);
        found.elements.push(Element {
            at,
            if_not_exists: false,
            body,
        });
    } else if cursor.is("REFERENCES") {
        // MySQL took a reference in a column's definition for a remark up to 8.4; MySQL 9 and
        // MariaDB since 10.5 make a foreign key of it, which is what its author meant. Dumps
        // never have one there, so this only concerns scripts written by hand.
        let columns = vec![column.name.clone()];
        let body = Body::ForeignKey(references(cursor, None, None, columns)?);
        found.elements.push(Element {
            at,
            if_not_exists: false,
            body,
        });
    } else {
        return other_attribute(cursor);
    }
    Ok(())
}

/// Attributes that say nothing about what the model holds.
fn other_attribute(cursor: &mut Cursor<'_>) -> Read<()> {
    const WITH_VALUE: [&str; 6] = [
        "COLUMN_FORMAT",
        "STORAGE",
        "SRID",
        "REF_SYSTEM_ID",
        "ENGINE_ATTRIBUTE",
        "SECONDARY_ENGINE_ATTRIBUTE",
    ];
    if cursor.is_any(&["VISIBLE", "INVISIBLE", "VIRTUAL", "STORED", "PERSISTENT"]) {
        cursor.step();
    } else if cursor.is_any(&WITH_VALUE) || begins_engine_option(cursor) {
        cursor.step();
        cursor.accept_operator("=");
        if cursor.done() {
            return cursor.expected("a value");
        }
        cursor.step();
    } else if cursor.accept("COMPRESSED") {
        if cursor.accept_operator("=") {
            cursor.step();
        }
    } else if cursor.accept_all(&["WITH", "SYSTEM", "VERSIONING"])
        || cursor.accept_all(&["WITHOUT", "SYSTEM", "VERSIONING"])
        || cursor.accept_all(&["NOT", "SECONDARY"])
    {
    } else {
        return cursor.expected("an attribute of a column");
    }
    Ok(())
}

/// Reads `[GENERATED ALWAYS] AS (…) [VIRTUAL | STORED]`.
fn generated(cursor: &mut Cursor<'_>, column: &mut Column) -> Read<()> {
    if cursor.accept("GENERATED") {
        cursor.expect("ALWAYS")?;
    }
    cursor.expect("AS")?;
    if cursor.accept("ROW") {
        // The period of a table with versions.
        let start = cursor.accept("START");
        if !start {
            cursor.expect("END")?;
        }
        let words = if start { "ROW START" } else { "ROW END" };
        column.generated = Some(words.to_owned());
        column.nullable = false;
        return Ok(());
    }
    let inside = cursor.group()?;
    if inside.done() {
        return inside.expected("an expression");
    }
    column.generated = Some(inside.rest_text().to_owned());
    Ok(())
}

/// Reads `[CONSTRAINT [name]] CHECK (…) [[NOT] ENFORCED]`.
pub(crate) fn check(cursor: &mut Cursor<'_>) -> Read<CheckDef> {
    let mut name = None;
    if cursor.accept("CONSTRAINT") && !cursor.is("CHECK") {
        name = Some(name::label(cursor)?);
    }
    cursor.expect("CHECK")?;
    let inside = cursor.group()?;
    if inside.done() {
        return inside.expected("a condition");
    }
    let expression = inside.rest_text().to_owned();
    if !cursor.accept_all(&["NOT", "ENFORCED"]) {
        cursor.accept("ENFORCED");
    }
    Ok(CheckDef { name, expression })
}

/// Reads an expression up to the next attribute; its text as written.
pub(crate) fn expression(cursor: &mut Cursor<'_>) -> Read<String> {
    let begin = cursor.place();
    let mut cases = 0_usize;
    while !cursor.done() {
        let first = cursor.place() == begin;
        if cursor.is("CASE") {
            cases += 1;
        } else if cursor.is("END") {
            cases = cases.saturating_sub(1);
        } else if cases == 0
            && !first
            && (cursor.is_any(&AFTER_DEFAULT)
                || types::begins_charset(cursor)
                || begins_engine_option(cursor))
        {
            break;
        }
        cursor.skip_group();
    }
    let text = cursor.text_since(begin);
    if text.is_empty() {
        return cursor.expected("a value");
    }
    Ok(text.to_owned())
}
