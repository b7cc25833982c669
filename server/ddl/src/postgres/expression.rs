//! Expressions: where they end, which columns they name, what they would be called. Their text
//! is kept; they are never taken apart further.

use crate::cursor::Cursor;
use crate::fold;
use crate::token::{Kind, Token};
use std::collections::BTreeSet;

/// Words that begin the next constraint of a column and so end a default.
const AFTER_DEFAULT: [&str; 12] = [
    "NOT",
    "NULL",
    "CONSTRAINT",
    "CHECK",
    "UNIQUE",
    "PRIMARY",
    "REFERENCES",
    "GENERATED",
    "DEFAULT",
    "COLLATE",
    "DEFERRABLE",
    "INITIALLY",
];

/// Moves past an expression in a column's definition, up to the next constraint.
pub(crate) fn skip_default(cursor: &mut Cursor<'_>) {
    let begin = cursor.place();
    let mut cases = 0_usize;
    while !cursor.done() {
        if cursor.is("CASE") {
            cases += 1;
        } else if cursor.is("END") {
            cases = cases.saturating_sub(1);
        } else if cases == 0 && cursor.place() > begin && cursor.is_any(&AFTER_DEFAULT) {
            return;
        }
        cursor.skip_group();
    }
}

/// The columns that an expression names, in the order of their first mention.
pub(crate) fn columns_in(
    expression: &Cursor<'_>,
    table: &str,
    columns: &BTreeSet<String>,
) -> Vec<String> {
    let tokens = expression.tokens();
    let mut found: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        if let Some(name) = column_at(expression, tokens, at, *token, table)
            && columns.contains(&name)
            && seen.insert(name.clone())
        {
            found.push(name);
        }
    }
    found
}

/// The name that a token has if it may be a column.
fn column_at(
    expression: &Cursor<'_>,
    tokens: &[Token],
    at: usize,
    token: Token,
    table: &str,
) -> Option<String> {
    let text = expression.text_of(token);
    match token.kind {
        Kind::Word if fold::is_reserved(text) => return None,
        Kind::Word | Kind::Quoted => {}
        _ => return None,
    }
    let before = |distance: usize| {
        at.checked_sub(distance)
            .and_then(|at| tokens.get(at))
            .copied()
    };
    let next = tokens.get(at + 1);
    // A function, a schema or a table, or a type before its constant: `date '2026-01-01'`.
    if next
        .is_some_and(|next| next.is_symbol(b'(') || next.is_symbol(b'.') || next.kind == Kind::Text)
    {
        return None;
    }
    let previous = before(1);
    if previous.is_some_and(|previous| previous.kind == Kind::Cast)
        || expression.token_is(previous, "AS")
        || expression.token_is(previous, "COLLATE")
    {
        return None;
    }
    if previous.is_some_and(|previous| previous.is_symbol(b'.')) {
        let qualifier = before(2).filter(|qualifier| {
            matches!(qualifier.kind, Kind::Word | Kind::Quoted)
                && fold::name(expression.text_of(*qualifier)) == table
        });
        qualifier?;
    }
    let extract = expression.token_is(next.copied(), "FROM")
        && previous.is_some_and(|previous| previous.is_symbol(b'('))
        && expression.token_is(before(2), "EXTRACT");
    if extract {
        None
    } else {
        Some(fold::name(text))
    }
}

/// Renames a column in the text of an expression.
pub(crate) fn rename_column(text: &str, table: &str, old: &str, new: &str) -> String {
    let mut lexer = crate::lexer::Lexer::new(text);
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    let expression = Cursor::new(text, &tokens);
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        if column_at(&expression, &tokens, at, *token, table).is_some_and(|name| name == old) {
            result.push_str(text.get(copied..token.start).unwrap_or_default());
            result.push_str(&fold::quoted(new));
            copied = token.end;
        }
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    result
}

/// What the server would call an expression: `lower(name)` is `lower`, `(a)::text` is `a`.
pub(crate) fn label(expression: &Cursor<'_>) -> Option<String> {
    label_of(expression.clone(), 16).map(|found| found.0)
}

/// The same, where only so many levels may still be gone down.
pub(crate) fn label_within(expression: &Cursor<'_>, depth: usize) -> Option<String> {
    label_of(expression.clone(), depth).map(|found| found.0)
}

/// The label and whether it is a strong one (a cast gives only a weak one).
fn label_of(mut cursor: Cursor<'_>, depth: usize) -> Option<(String, bool)> {
    if depth == 0 {
        return None;
    }
    // What stands before casts, collations and subscripts.
    let first = cursor.peek()?;
    let text = cursor.text_of(first);
    let mut found = match first.kind {
        Kind::Symbol(b'(') => {
            let inside = cursor.group().ok()?;
            if inside.is_any(&["SELECT", "WITH", "VALUES"]) {
                super::select::first_label(&inside, depth - 1).map(|name| (name, true))
            } else {
                label_of(inside, depth - 1)
            }
        }
        Kind::Word if text.eq_ignore_ascii_case("CASE") => {
            let mut cases = 0_usize;
            let mut fallback = None;
            while !cursor.done() {
                if cursor.is("CASE") {
                    cases += 1;
                } else if cursor.is("ELSE") && cases == 1 {
                    fallback = Some(cursor.place() + 1);
                } else if cursor.is("END") {
                    cases = cases.saturating_sub(1);
                    if cases == 0 {
                        break;
                    }
                }
                cursor.skip_group();
            }
            let other = fallback.and_then(|place| label_of(cursor.since(place), depth - 1));
            cursor.step();
            match other {
                Some((name, true)) => Some((name, true)),
                _ => Some(("case".to_owned(), false)),
            }
        }
        Kind::Word if text.eq_ignore_ascii_case("ARRAY") => {
            cursor.step();
            cursor.skip_group();
            Some(("array".to_owned(), true))
        }
        Kind::Word if text.eq_ignore_ascii_case("CAST") => {
            cursor.step();
            let inside = cursor.group().ok()?;
            let mut value = inside.clone();
            while !value.done() && !value.is("AS") {
                value.skip_group();
            }
            let named = label_of(value.since(0), depth - 1);
            value.step();
            match named {
                Some((name, true)) => Some((name, true)),
                _ => type_label(&mut value).map(|name| (name, false)),
            }
        }
        Kind::Word if is_value_word(text) => {
            cursor.step();
            let name = text.to_ascii_lowercase();
            Some((name, true))
        }
        Kind::Word | Kind::Quoted | Kind::UnicodeQuoted => {
            if first.kind == Kind::Word
                && fold::is_reserved(text)
                && !cursor.peek_at(1).is_some_and(|next| next.is_symbol(b'('))
            {
                if text.eq_ignore_ascii_case("TRUE") || text.eq_ignore_ascii_case("FALSE") {
                    cursor.step();
                    finish_label(&mut cursor, Some(("bool".to_owned(), false)))
                        .filter(|_| cursor.done())
                } else if text.eq_ignore_ascii_case("NULL") {
                    cursor.step();
                    None
                } else {
                    return None;
                }
            } else if cursor
                .peek_at(1)
                .is_some_and(|next| next.kind == Kind::Text)
            {
                // A type before its constant: `date '2026-01-01'`.
                let name = type_label(&mut cursor);
                cursor.step();
                name.map(|name| (name, false))
            } else {
                path_label(&mut cursor)?
            }
        }
        Kind::Text | Kind::Number | Kind::Parameter => {
            cursor.step();
            None
        }
        _ => return None,
    };
    found = finish_label(&mut cursor, found);
    if cursor.done() { found } else { None }
}

/// Words that stand for a value by themselves and name it.
fn is_value_word(word: &str) -> bool {
    [
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_user",
        "session_user",
        "user",
        "current_role",
        "current_catalog",
        "current_schema",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}

/// `a.b.c`, `f(x)`, `s.f(x) FILTER (…) OVER (…)`.
fn path_label(cursor: &mut Cursor<'_>) -> Option<Option<(String, bool)>> {
    let mut name = cursor.label().ok()?;
    while cursor.accept_symbol(b'.') {
        name = cursor.label().ok()?;
    }
    if cursor.is_symbol(b'(') {
        cursor.skip_group();
        if cursor.accept_all(&["WITHIN", "GROUP"]) {
            cursor.skip_group();
        }
        if cursor.accept("FILTER") {
            cursor.skip_group();
        }
        if cursor.accept("OVER") {
            cursor.skip_group();
        }
    }
    Some(Some((name, true)))
}

/// Casts, collations and subscripts after a value.
fn finish_label(
    cursor: &mut Cursor<'_>,
    mut found: Option<(String, bool)>,
) -> Option<(String, bool)> {
    loop {
        if cursor.peek().is_some_and(|token| token.kind == Kind::Cast) {
            cursor.step();
            let cast = type_label(cursor);
            if !found.as_ref().is_some_and(|(_, strong)| *strong) {
                found = cast.map(|name| (name, false));
            }
        } else if cursor.accept("COLLATE") {
            cursor.qualified().ok()?;
        } else if cursor.is_symbol(b'[') {
            cursor.skip_group();
        } else if cursor.is_symbol(b'.') {
            // A field of a composite value.
            cursor.step();
            found = cursor.label().ok().map(|name| (name, true));
        } else {
            return found;
        }
    }
}

/// The name that `pg_type` has for a type; moves past the type.
fn type_label(cursor: &mut Cursor<'_>) -> Option<String> {
    let begin = cursor.place();
    let mut name = cursor.label().ok()?;
    while cursor.accept_symbol(b'.') {
        name = cursor.label().ok()?;
    }
    let word = cursor.since(begin);
    let plain =
        word.tokens().len() == 1 && word.peek().is_some_and(|token| token.kind == Kind::Word);
    let mut zone = false;
    if plain {
        if matches!(name.as_str(), "double") {
            cursor.accept("PRECISION");
        }
        if cursor.accept("VARYING") {
            name = if name == "bit" { "varbit" } else { "varchar" }.to_owned();
        }
        if cursor.is_symbol(b'(') {
            cursor.skip_group();
        }
        if cursor.accept_all(&["WITH", "TIME", "ZONE"]) {
            zone = true;
        } else {
            cursor.accept_all(&["WITHOUT", "TIME", "ZONE"]);
        }
    } else if cursor.is_symbol(b'(') {
        cursor.skip_group();
    }
    while cursor.is_symbol(b'[') {
        cursor.skip_group();
    }
    let internal = match (name.as_str(), zone) {
        _ if !plain => name.as_str(),
        ("int" | "integer", _) => "int4",
        ("smallint", _) => "int2",
        ("bigint", _) => "int8",
        ("real", _) => "float4",
        ("double" | "float", _) => "float8",
        ("boolean", _) => "bool",
        ("decimal" | "dec", _) => "numeric",
        ("char" | "character", _) => "bpchar",
        ("timestamp", true) => "timestamptz",
        ("time", true) => "timetz",
        (other, _) => other,
    };
    Some(internal.to_owned())
}

/// Whether the text of an expression names one of some columns.
pub(crate) fn mentions(text: &str, table: &str, columns: &BTreeSet<String>) -> bool {
    let mut lexer = crate::lexer::Lexer::new(text);
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    !columns_in(&Cursor::new(text, &tokens), table, columns).is_empty()
}

/// Whether a text has a name anywhere, whatever it may stand for.
pub(crate) fn has_word(text: &str, name: &str) -> bool {
    let mut lexer = crate::lexer::Lexer::new(text);
    std::iter::from_fn(|| lexer.next_token()).any(|token| {
        matches!(token.kind, Kind::Word | Kind::Quoted) && fold::name(token.text(text)) == name
    })
}
