//! Types: read from a script, printed as the server prints them, in small letters and with one
//! name for each.
//!
//! The display width of integers stays as written: MariaDB prints one that nobody wrote, MySQL
//! drops even those that were, so neither would be right for both.

use super::name;
use crate::cursor::{Cursor, Read};
use crate::token::Kind;

/// A type as a column has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DataType {
    /// What prints: `bigint(20) unsigned`.
    pub(crate) text: String,
    /// A character set that it names or stands for.
    pub(crate) charset: Option<String>,
    /// Whether it compares bytes (`varchar(9) BINARY`).
    pub(crate) binary: bool,
    /// `SERIAL`: not null, counted and unique.
    pub(crate) serial: bool,
}

/// Words that begin an attribute, so that a column without a type is told from one with.
const NO_TYPES: [&str; 16] = [
    "NOT",
    "NULL",
    "DEFAULT",
    "AUTO_INCREMENT",
    "PRIMARY",
    "UNIQUE",
    "KEY",
    "COMMENT",
    "COLLATE",
    "CHECK",
    "CONSTRAINT",
    "REFERENCES",
    "GENERATED",
    "UNSIGNED",
    "ON",
    "AS",
];

/// Reads a type with what belongs to it: sizes, sign, character set.
pub(crate) fn read_type(cursor: &mut Cursor<'_>) -> Read<DataType> {
    let word = match cursor.peek() {
        Some(token) if token.kind == Kind::Word && !cursor.is_any(&NO_TYPES) => {
            cursor.text_of(token).to_ascii_lowercase()
        }
        _ => return cursor.expected("a type"),
    };
    let mut found = DataType::default();
    let national = word == "national";
    if national {
        found.charset = Some("utf8mb3".to_owned());
        cursor.step();
    }
    let base = base_name(cursor, &mut found)?;
    let mut arguments = arguments(cursor)?;
    let base = sized(base, &mut arguments);
    found.text = base;
    if !arguments.is_empty() {
        found.text.push('(');
        found.text.push_str(&arguments.join(","));
        found.text.push(')');
    }
    attributes(cursor, &mut found)?;
    Ok(found)
}

/// Moves past the words of a type; the one name that stands for all of its spellings.
fn base_name(cursor: &mut Cursor<'_>, found: &mut DataType) -> Read<String> {
    let word = match cursor.peek() {
        Some(token) if token.kind == Kind::Word => cursor.text_of(token).to_ascii_lowercase(),
        _ => return cursor.expected("a type"),
    };
    cursor.step();
    let name = match word.as_str() {
        "integer" | "int4" => "int",
        "int1" => "tinyint",
        "int2" => "smallint",
        "int3" | "middleint" => "mediumint",
        "int8" => "bigint",
        "dec" | "numeric" | "fixed" => "decimal",
        "double" => {
            cursor.accept("PRECISION");
            "double"
        }
        "real" | "float8" => "double",
        "float4" => "float",
        "nchar" | "nvarchar" => {
            found.charset = Some("utf8mb3".to_owned());
            let varying = cursor.accept("VARYING") || cursor.accept("VARCHAR");
            if varying || word == "nvarchar" {
                "varchar"
            } else {
                "char"
            }
        }
        "char" | "character" => {
            if cursor.accept("VARYING") {
                "varchar"
            } else if cursor.accept("BYTE") {
                "binary"
            } else {
                "char"
            }
        }
        "varcharacter" => "varchar",
        "long" => {
            if cursor.accept("VARBINARY") {
                "mediumblob"
            } else {
                if cursor.accept("CHAR") || cursor.accept("CHARACTER") {
                    cursor.accept("VARYING");
                } else if !cursor.accept("VARCHAR") {
                    cursor.accept("VARCHARACTER");
                }
                "mediumtext"
            }
        }
        "serial" => {
            found.serial = true;
            "bigint unsigned"
        }
        "geometrycollection" | "geomcollection" => "geometrycollection",
        other => return Ok(other.to_owned()),
    };
    Ok(name.to_owned())
}

/// What stands in parentheses: sizes, or values in quotes.
fn arguments(cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
    if !cursor.is_symbol(b'(') {
        return Ok(Vec::new());
    }
    let inside = cursor.group()?;
    let mut parts = Vec::new();
    for mut part in inside.split_commas() {
        let text = part.peek().is_some_and(|token| token.kind == Kind::Text);
        parts.push(match text {
            true => format!("'{}'", name::string(&mut part)?.replace('\'', "''")),
            false => part.rest_text().to_owned(),
        });
    }
    Ok(parts)
}

/// Sizes that the server adds, or that choose another type.
fn sized(base: String, arguments: &mut Vec<String>) -> String {
    let one = |value: &str| vec![value.to_owned()];
    match (base.as_str(), arguments.len()) {
        ("bool" | "boolean", 0) => {
            *arguments = one("1");
            return "tinyint".to_owned();
        }
        ("char" | "binary" | "bit", 0) => *arguments = one("1"),
        ("decimal", 0) => *arguments = vec!["10".to_owned(), "0".to_owned()],
        ("decimal", 1) => arguments.push("0".to_owned()),
        ("float", 1) => {
            let digits: u32 = arguments.concat().parse().unwrap_or_default();
            arguments.clear();
            return if digits > 24 { "double" } else { "float" }.to_owned();
        }
        ("text" | "blob", 1) => {
            let length: u64 = arguments.concat().parse().unwrap_or(u64::MAX);
            arguments.clear();
            let size = match length {
                0..=0xFF => "tiny",
                0x100..=0xFFFF => "",
                0x1_0000..=0xFF_FFFF => "medium",
                _ => "long",
            };
            return format!("{size}{base}");
        }
        _ => {}
    }
    base
}

/// Sign and character set, in any order.
fn attributes(cursor: &mut Cursor<'_>, found: &mut DataType) -> Read<()> {
    let (mut unsigned, mut zerofill) = (false, false);
    loop {
        if cursor.accept("UNSIGNED") {
            unsigned = true;
        } else if cursor.accept("ZEROFILL") {
            zerofill = true;
        } else if cursor.accept("BINARY") {
            found.binary = true;
        } else if cursor.accept("ASCII") {
            found.charset = Some("latin1".to_owned());
        } else if cursor.accept("UNICODE") {
            found.charset = Some("ucs2".to_owned());
        } else if begins_charset(cursor) {
            found.charset = Some(charset(cursor)?);
        } else if !cursor.accept("SIGNED") {
            break;
        }
    }
    if unsigned || zerofill {
        found.text.push_str(" unsigned");
    }
    if zerofill {
        found.text.push_str(" zerofill");
    }
    Ok(())
}

/// Whether a character set is named here.
pub(crate) fn begins_charset(cursor: &Cursor<'_>) -> bool {
    cursor.is("CHARSET") || cursor.are(&["CHARACTER", "SET"]) || cursor.are(&["CHAR", "SET"])
}

/// Reads `CHARSET x` or `CHARACTER SET x`.
pub(crate) fn charset(cursor: &mut Cursor<'_>) -> Read<String> {
    if !cursor.accept("CHARSET") {
        if !cursor.accept("CHAR") {
            cursor.expect("CHARACTER")?;
        }
        cursor.expect("SET")?;
    }
    cursor.accept_operator("=");
    word_or_text(cursor)
}

/// Reads the name of a character set, a collation or an engine: quotes make no difference.
pub(crate) fn word_or_text(cursor: &mut Cursor<'_>) -> Read<String> {
    match cursor.peek() {
        Some(token) if token.kind == Kind::Text => name::string(cursor),
        _ => name::label(cursor),
    }
}
