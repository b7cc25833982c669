//! Types, as SQL Server prints them.

use crate::cursor::{Cursor, Read};
use crate::standard::Grammar;
use crate::token::Kind;

/// Other names of types.
const SYNONYMS: [(&str, &str); 10] = [
    ("binary varying", "varbinary"),
    ("char varying", "varchar"),
    ("character", "char"),
    ("character varying", "varchar"),
    ("dec", "decimal"),
    ("double precision", "float"),
    ("integer", "int"),
    ("national text", "ntext"),
    ("rowversion", "timestamp"),
    ("sysdatetime", "datetime2"),
];

/// Types of the system.
const SYSTEM: [&str; 37] = [
    "bigint",
    "binary",
    "bit",
    "char",
    "date",
    "datetime",
    "datetime2",
    "datetimeoffset",
    "decimal",
    "float",
    "geography",
    "geometry",
    "hierarchyid",
    "image",
    "int",
    "json",
    "money",
    "nchar",
    "ntext",
    "numeric",
    "nvarchar",
    "real",
    "smalldatetime",
    "smallint",
    "smallmoney",
    "sql_variant",
    "sysname",
    "text",
    "time",
    "timestamp",
    "tinyint",
    "uniqueidentifier",
    "varbinary",
    "varchar",
    "vector",
    "xml",
    "cursor",
];

/// Reads a type.
pub(crate) fn read(grammar: &Grammar, cursor: &mut Cursor<'_>) -> Read<String> {
    let ends = cursor.is_any(&[
        "NOT",
        "NULL",
        "CONSTRAINT",
        "PRIMARY",
        "DEFAULT",
        "REFERENCES",
    ]);
    if ends || !grammar.naming.takes(cursor.peek()) {
        return cursor.expected("a type");
    }
    let bare = cursor.peek().is_some_and(|token| token.kind == Kind::Word);
    let national = bare && cursor.is("NATIONAL");
    if national {
        cursor.step();
    }
    let name = grammar.naming.qualified(cursor)?;
    let mut base = name.name.to_lowercase();
    if bare {
        for second in ["VARYING", "PRECISION"] {
            if cursor.accept(second) {
                base = format!("{base} {}", second.to_lowercase());
            }
        }
    }
    if let Some((_, real)) = SYNONYMS.iter().find(|(other, _)| *other == base) {
        base = (*real).to_owned();
    }
    if national && !base.starts_with('n') {
        base.insert(0, 'n');
    }
    let system = SYSTEM.contains(&base.as_str())
        && name
            .schema
            .as_deref()
            .is_none_or(|schema| schema.eq_ignore_ascii_case("sys"));
    let mut text = match (system, name.schema) {
        (true, _) => base,
        (false, Some(schema)) => format!("{schema}.{}", name.name),
        (false, None) => name.name,
    };
    if cursor.is_symbol(b'(') {
        text.push_str(&modifiers(&cursor.group()?));
    }
    Ok(text)
}

/// What stands in a type's parentheses, without spaces.
fn modifiers(inside: &Cursor<'_>) -> String {
    let parts: Vec<String> = inside
        .split_commas()
        .iter()
        .map(|part| match part.is("MAX") {
            true => "max".to_owned(),
            false => part.rest_text().to_owned(),
        })
        .collect();
    format!("({})", parts.join(","))
}
