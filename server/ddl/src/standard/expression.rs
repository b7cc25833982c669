//! Expressions: where they end, and the columns that they name.

use super::lexer::{Lexer, Rules};
use super::name::Naming;
use crate::cursor::Cursor;
use crate::token::Kind;

/// Words that go on with a column's definition after an expression.
const FOLLOWS: [&str; 36] = [
    "AS",
    "AUTOINCREMENT",
    "CHECK",
    "COLLATE",
    "CONSTRAINT",
    "DEFAULT",
    "DEFERRABLE",
    "DISABLE",
    "ENABLE",
    "ENCRYPT",
    "ENCRYPTED",
    "FOR",
    "FOREIGN",
    "GENERATED",
    "HIDDEN",
    "IDENTITY",
    "INDEX",
    "INITIALLY",
    "INVISIBLE",
    "MASKED",
    "NOT",
    "NULL",
    "ON",
    "PERSISTED",
    "PRIMARY",
    "REFERENCES",
    "ROWGUIDCOL",
    "SPARSE",
    "STORED",
    "UNIQUE",
    "USING",
    "VIRTUAL",
    "VISIBLE",
    "WITH",
    "ADD",
    "GO",
];

/// Moves past an expression within a column's definition.
pub(crate) fn skip(cursor: &mut Cursor<'_>) {
    if cursor.accept_all(&["NEXT", "VALUE", "FOR"]) {
        cursor.step();
        while cursor.accept_symbol(b'.') {
            cursor.step();
        }
        return;
    }
    let mut cases = 0_usize;
    let mut first = true;
    while !cursor.done() {
        if cursor.is("CASE") {
            cases += 1;
        } else if cursor.is("END") {
            cases = cases.saturating_sub(1);
        } else if cases == 0 && !first && cursor.is_any(&FOLLOWS) {
            return;
        }
        // What follows an operator belongs to the expression whatever word it is.
        first = cursor
            .peek()
            .is_some_and(|token| token.kind == Kind::Operator);
        cursor.skip_group();
    }
}

/// What stands in the parentheses, where a run is nothing but one pair.
pub(crate) fn only_group<'a>(run: &Cursor<'a>) -> Option<Cursor<'a>> {
    let mut cursor = run.clone();
    let inside = cursor.group().ok()?;
    (cursor.done() && !inside.done()).then_some(inside)
}

/// An expression with a column's new name.
pub(crate) fn rename(text: &str, rules: Rules, naming: Naming, old: &str, new: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for token in Lexer::all(text, rules) {
        let word = token.text(text);
        let named = matches!(token.kind, Kind::Word | Kind::Quoted)
            && naming
                .of(word, token.kind)
                .is_some_and(|name| naming.same(&name, old));
        if named {
            result.push_str(text.get(at..token.start).unwrap_or_default());
            match word.as_bytes().first() {
                Some(b'[') => result.push_str(&format!("[{new}]")),
                Some(b'`') => result.push_str(&format!("`{new}`")),
                Some(b'"') => result.push_str(&format!("\"{new}\"")),
                _ => result.push_str(new),
            }
            at = token.end;
        }
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// Whether an expression names a column.
pub(crate) fn mentions(text: &str, rules: Rules, naming: Naming, column: &str) -> bool {
    Lexer::all(text, rules).into_iter().any(|token| {
        matches!(token.kind, Kind::Word | Kind::Quoted)
            && naming
                .of(token.text(text), token.kind)
                .is_some_and(|name| naming.same(&name, column))
    })
}
