//! Names and texts as MySQL has them: bare words keep their letters, backticks quote.

use crate::cursor::{Cursor, Name, Read};
use crate::token::Kind;

/// Reads a name, quoted or bare; any word, keywords too.
pub(crate) fn label(cursor: &mut Cursor<'_>) -> Read<String> {
    let Some(token) = cursor.peek() else {
        return cursor.expected("a name");
    };
    let text = cursor.text_of(token);
    let name = match token.kind {
        Kind::Word => text.to_owned(),
        Kind::Quoted => unquoted(text),
        _ => return cursor.expected("a name"),
    };
    if name.is_empty() {
        return cursor.expected("a name");
    }
    cursor.step();
    Ok(name)
}

/// A name without its quotes.
fn unquoted(text: &str) -> String {
    let quote = text.chars().next().unwrap_or('`');
    let body = text.strip_prefix(quote).unwrap_or(text);
    let body = body.strip_suffix(quote).unwrap_or(body);
    body.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// Reads a name with or without its database.
pub(crate) fn qualified(cursor: &mut Cursor<'_>) -> Read<Name> {
    let at = cursor.offset();
    let mut name = Name {
        schema: None,
        name: label(cursor)?,
        at,
    };
    if cursor.accept_symbol(b'.') {
        let next = label(cursor)?;
        name.schema = Some(std::mem::replace(&mut name.name, next));
    }
    Ok(name)
}

/// Reads `(a, b, c)`.
pub(crate) fn names(cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
    let inside = cursor.group()?;
    let mut names = Vec::new();
    for mut part in inside.split_commas() {
        names.push(label(&mut part)?);
        if !part.done() {
            return part.expected("“,” or “)”");
        }
    }
    if names.is_empty() {
        return inside.expected("a name");
    }
    Ok(names)
}

/// Reads a text, with those that continue it.
pub(crate) fn string(cursor: &mut Cursor<'_>) -> Read<String> {
    let mut value = String::new();
    let begin = cursor.place();
    while let Some(token) = cursor.peek().filter(|token| token.kind == Kind::Text) {
        value.push_str(&text_value(cursor.text_of(token)));
        cursor.step();
    }
    if cursor.place() == begin {
        return cursor.expected("a text in quotes");
    }
    Ok(value)
}

/// The value of a text in quotes.
fn text_value(token: &str) -> String {
    let body = token.trim_start_matches(['n', 'N', 'b', 'B', 'x', 'X']);
    let Some(quote) = body.chars().next() else {
        return String::new();
    };
    let body = body.strip_prefix(quote).unwrap_or(body);
    let body = body.strip_suffix(quote).unwrap_or(body);
    let mut result = String::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some('n') => result.push('\n'),
                Some('t') => result.push('\t'),
                Some('r') => result.push('\r'),
                Some('b') => result.push('\u{8}'),
                // A zero and the end-of-file of old systems have no place in a comment.
                Some('0' | 'Z') => {}
                Some(other @ ('%' | '_')) => result.extend(['\\', other]),
                Some(other) => result.push(other),
                None => result.push('\\'),
            },
            other if other == quote => {
                // Two of them stand for one.
                rest.next();
                result.push(other);
            }
            other => result.push(other),
        }
    }
    result
}

/// A name as SQL would have it, in backticks where it has other characters than names may have.
pub(crate) fn quoted(name: &str) -> String {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
        && !name.bytes().all(|byte| byte.is_ascii_digit());
    if plain {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

/// Whether two names of columns, indexes or constraints are the same to the server.
pub(crate) fn same(one: &str, two: &str) -> bool {
    let plain = one.is_ascii() && two.is_ascii();
    one.eq_ignore_ascii_case(two) || (!plain && one.to_lowercase() == two.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{text_value, unquoted};

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(unquoted("`a``b`"), "a`b");
        assert_eq!(unquoted("\"a\"\"b\""), "a\"b");
        assert_eq!(
            text_value(r"'it''s \'so\'\n100\% \\'"),
            "it's 'so'\n100\\% \\"
        );
        assert_eq!(text_value("\"a 'b'\""), "a 'b'");
    }
}
