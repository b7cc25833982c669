//! Types, as Oracle prints them.

use crate::cursor::{Cursor, Read};
use crate::standard::Grammar;

/// Reads a type.
pub(crate) fn read(grammar: &Grammar, cursor: &mut Cursor<'_>) -> Read<String> {
    const ENDS: [&str; 9] = [
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "REFERENCES",
        "GENERATED",
    ];
    // A column that references another may leave its type to that.
    if cursor.is_any(&["CONSTRAINT", "REFERENCES"]) {
        return Ok(String::new());
    }
    if !grammar.naming.takes(cursor.peek()) || cursor.is_any(&ENDS) {
        return cursor.expected("a type");
    }
    cursor.accept("REF");
    let double = cursor.are(&["DOUBLE", "PRECISION"]);
    let raw = cursor.are(&["LONG", "RAW"]);
    let varying = (cursor.is("CHAR") || cursor.is("CHARACTER") || cursor.is("NCHAR"))
        && cursor.token_is(cursor.peek_at(1), "VARYING");
    let national = cursor.is("NATIONAL");
    if national {
        cursor.step();
    }
    let name = grammar.naming.qualified(cursor)?;
    let mut text = name.to_string();
    if double || raw {
        text.push(' ');
        text.push_str(&grammar.naming.label(cursor)?);
        return Ok(text);
    }
    if varying || cursor.is("VARYING") {
        cursor.accept("VARYING");
        text = match national || text == "NCHAR" {
            true => "NVARCHAR2".to_owned(),
            false => "VARCHAR2".to_owned(),
        };
    } else if national {
        text = "NCHAR".to_owned();
    }
    // Other names of types that the dictionary does not keep.
    text = match text.as_str() {
        "VARCHAR" => "VARCHAR2".to_owned(),
        "CHARACTER" => "CHAR".to_owned(),
        _ => text,
    };
    if text == "INTERVAL" {
        interval(&mut text, cursor)?;
        return Ok(text);
    }
    modifiers(&mut text, cursor)?;
    if text.starts_with("TIMESTAMP") && cursor.accept("WITH") {
        text.push_str(" WITH ");
        if cursor.accept("LOCAL") {
            text.push_str("LOCAL ");
        }
        cursor.expect("TIME")?;
        cursor.expect("ZONE")?;
        text.push_str("TIME ZONE");
    }
    Ok(text)
}

/// Reads `(20 CHAR)`, `(10, 2)`, where it stands.
fn modifiers(text: &mut String, cursor: &mut Cursor<'_>) -> Read<()> {
    if !cursor.is_symbol(b'(') {
        return Ok(());
    }
    let parts: Vec<String> = cursor
        .group()?
        .split_commas()
        .iter()
        .map(|part| {
            let words: Vec<String> = part
                .tokens()
                .iter()
                .map(|token| part.text_of(*token).to_uppercase())
                .collect();
            // A sign belongs to its number.
            words.join(" ").replace("- ", "-")
        })
        .collect();
    text.push_str(&format!("({})", parts.join(",")));
    Ok(())
}

/// Reads the rest of `INTERVAL DAY(2) TO SECOND(6)`.
fn interval(text: &mut String, cursor: &mut Cursor<'_>) -> Read<()> {
    for word in ["YEAR", "DAY"] {
        if cursor.accept(word) {
            text.push(' ');
            text.push_str(word);
            modifiers(text, cursor)?;
        }
    }
    cursor.expect("TO")?;
    for word in ["MONTH", "SECOND"] {
        if cursor.accept(word) {
            text.push_str(" TO ");
            text.push_str(word);
            modifiers(text, cursor)?;
        }
    }
    Ok(())
}
