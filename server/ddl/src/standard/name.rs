//! Names and texts, as the dialects store them.

use crate::cursor::{Cursor, Name, Read};
use crate::fold;
use crate::token::{Kind, Token};

/// The longest name that is kept, in bytes: no server but SQLite takes longer ones.
const LONGEST: usize = 512;

/// How a dialect stores names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Naming {
    /// Whether bare names become capitals.
    pub(crate) upper: bool,
    /// Whether two names that differ only in case are the same.
    pub(crate) blind: bool,
    /// Whether a text in single quotes may stand for a name.
    pub(crate) texts: bool,
}

impl Naming {
    /// What names are compared by.
    pub(crate) fn key(self, name: &str) -> String {
        if self.blind {
            name.to_lowercase()
        } else {
            name.to_owned()
        }
    }

    /// Whether two names are the same.
    pub(crate) fn same(self, one: &str, two: &str) -> bool {
        one == two || (self.blind && one.to_lowercase() == two.to_lowercase())
    }

    /// The name of a token, if it may be one.
    pub(crate) fn of(self, text: &str, kind: Kind) -> Option<String> {
        let name = match kind {
            Kind::Word if self.upper => text.to_uppercase(),
            Kind::Word => text.to_owned(),
            Kind::Quoted => unquoted(text),
            Kind::Text if self.texts => fold::string(text),
            _ => return None,
        };
        let name = fold::clip(&name, LONGEST);
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Whether a token may be a name.
    pub(crate) fn takes(self, token: Option<Token>) -> bool {
        token.is_some_and(|token| match token.kind {
            Kind::Word | Kind::Quoted => true,
            Kind::Text => self.texts,
            _ => false,
        })
    }

    /// Reads a name, quoted or bare.
    pub(crate) fn label(self, cursor: &mut Cursor<'_>) -> Read<String> {
        let found = cursor
            .peek()
            .and_then(|token| self.of(cursor.text_of(token), token.kind));
        match found {
            Some(name) => {
                cursor.step();
                Ok(name)
            }
            None => cursor.expected("a name"),
        }
    }

    /// Reads a name with or without a schema; a server and a database before it are dropped.
    pub(crate) fn qualified(self, cursor: &mut Cursor<'_>) -> Read<Name> {
        let at = cursor.offset();
        let mut name = Name {
            schema: None,
            name: self.label(cursor)?,
            at,
        };
        while cursor.accept_symbol(b'.') {
            // `db..table`: the schema is the user's own.
            let own = cursor.accept_symbol(b'.');
            let next = self.label(cursor)?;
            let before = std::mem::replace(&mut name.name, next);
            name.schema = (!own).then_some(before);
        }
        Ok(name)
    }

    /// Reads `(a, b DESC)`: the names, without what may follow each.
    pub(crate) fn names(self, cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
        self.ordered(cursor).map(|(names, _)| names)
    }

    /// Reads `(a, b COLLATE x DESC)`: the names, and what follows each.
    pub(crate) fn ordered(self, cursor: &mut Cursor<'_>) -> Read<(Vec<String>, Vec<String>)> {
        let inside = cursor.group()?;
        let (mut names, mut orders) = (Vec::new(), Vec::new());
        for mut part in inside.split_commas() {
            names.push(self.label(&mut part)?);
            let mut order = String::new();
            if part.accept("COLLATE") {
                order.push_str(" COLLATE ");
                order.push_str(&self.label(&mut part)?);
            }
            if part.accept("DESC") {
                order.push_str(" DESC");
            } else {
                part.accept("ASC");
            }
            orders.push(order);
            if !part.done() {
                return part.expected("“,” or “)”");
            }
        }
        if names.is_empty() {
            return inside.expected("a name");
        }
        Ok((names, orders))
    }
}

/// A name without its quotes of any kind.
fn unquoted(text: &str) -> String {
    let (close, doubled) = match text.as_bytes().first() {
        Some(b'[') => ("]", "]]"),
        Some(b'`') => ("`", "``"),
        _ => ("\"", "\"\""),
    };
    let body = text.get(1..).unwrap_or_default();
    body.strip_suffix(close)
        .unwrap_or(body)
        .replace(doubled, close)
}

/// The value of a text: plain, `N'…'` or `q'[…]'`.
pub(crate) fn text_value(token: &str) -> String {
    let delimited = token
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("q'"))
        || token
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case("nq'"));
    if !delimited {
        return fold::string(token);
    }
    let Some(quote) = token.find('\'') else {
        return String::new();
    };
    let mut body = token.get(quote + 1..).unwrap_or_default().chars();
    body.next();
    let body = body.as_str();
    let mut body = body.strip_suffix('\'').unwrap_or(body).chars();
    body.next_back();
    body.as_str().to_owned()
}

/// Reads a text in single quotes.
pub(crate) fn read_text(cursor: &mut Cursor<'_>) -> Read<String> {
    match cursor.peek() {
        Some(token) if token.kind == Kind::Text => {
            cursor.step();
            Ok(text_value(cursor.text_of(token)))
        }
        _ => cursor.expected("a text in single quotes"),
    }
}
