//! Cuts SQL into pieces that are coloured alike. It reads no grammar: enough for the eye in any
//! dialect, and never wrong about what the text says, because the pieces add up to it.

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Names, operators, space.
    Plain,
    /// A word of the language.
    Keyword,
    /// A string, dollar-quoted ones too.
    String,
    /// A number.
    Number,
    /// A place for a value: `$1`, `?`, `:name`.
    Parameter,
    /// A comment, to the end of the line or between stars.
    Comment,
    /// A name in quotes.
    Quoted,
}

/// Words of the language, in order.
const KEYWORDS: &[&str] = &[
    "add",
    "all",
    "alter",
    "always",
    "and",
    "any",
    "as",
    "asc",
    "begin",
    "between",
    "by",
    "cascade",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "comment",
    "commit",
    "constraint",
    "create",
    "cross",
    "current",
    "database",
    "default",
    "deferrable",
    "deferred",
    "delete",
    "desc",
    "distinct",
    "do",
    "domain",
    "drop",
    "else",
    "end",
    "enum",
    "escape",
    "except",
    "exclude",
    "execute",
    "exists",
    "extension",
    "false",
    "fetch",
    "filter",
    "first",
    "following",
    "for",
    "foreign",
    "from",
    "full",
    "function",
    "generated",
    "grant",
    "group",
    "having",
    "identity",
    "if",
    "ilike",
    "in",
    "index",
    "inherits",
    "initially",
    "inner",
    "insert",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "key",
    "language",
    "last",
    "lateral",
    "left",
    "like",
    "limit",
    "materialized",
    "natural",
    "not",
    "nothing",
    "null",
    "nulls",
    "of",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "policy",
    "preceding",
    "primary",
    "procedure",
    "range",
    "recursive",
    "references",
    "replace",
    "restrict",
    "returning",
    "returns",
    "revoke",
    "right",
    "rollback",
    "row",
    "rows",
    "schema",
    "select",
    "sequence",
    "set",
    "similar",
    "some",
    "stored",
    "table",
    "tablesample",
    "temporary",
    "then",
    "to",
    "trigger",
    "true",
    "truncate",
    "type",
    "unbounded",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "view",
    "when",
    "where",
    "window",
    "with",
    "within",
    "without",
];
const LONGEST_KEYWORD: usize = 12;

/// Cuts SQL into pieces. Put together they are the text again.
pub fn highlight(sql: &str) -> Vec<(TokenKind, &str)> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    // Where the run of plain text began that is not yet in the list.
    let mut plain = sql;
    while !rest.is_empty() {
        let (kind, length) = next_token(rest);
        let (token, after) = rest.split_at(length.clamp(1, rest.len()));
        if kind != TokenKind::Plain {
            let (before, _) = plain.split_at(plain.len() - rest.len());
            if !before.is_empty() {
                tokens.push((TokenKind::Plain, before));
            }
            tokens.push((kind, token));
            plain = after;
        }
        rest = after;
    }
    if !plain.is_empty() {
        tokens.push((TokenKind::Plain, plain));
    }
    tokens
}

/// Kind and length in bytes of the token at the start of a text that is not empty.
fn next_token(text: &str) -> (TokenKind, usize) {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let second = chars.next().unwrap_or(' ');
    match (first, second) {
        ('-', '-') => (TokenKind::Comment, text.find('\n').unwrap_or(text.len())),
        ('/', '*') => (TokenKind::Comment, block_comment(text)),
        ('e' | 'E', '\'') => (
            TokenKind::String,
            1 + quoted(text.get(1..).unwrap_or(""), '\'', true),
        ),
        ('\'', _) => (TokenKind::String, quoted(text, '\'', false)),
        ('"' | '`', _) => (TokenKind::Quoted, quoted(text, first, false)),
        ('$', '0'..='9') => (
            TokenKind::Parameter,
            1 + span(text.get(1..), |c| c.is_ascii_digit()),
        ),
        ('$', _) => {
            dollar_quoted(text).map_or((TokenKind::Plain, 1), |length| (TokenKind::String, length))
        }
        (':', ':') => (TokenKind::Plain, 2),
        (':', second) if second.is_alphabetic() => {
            (TokenKind::Parameter, 1 + span(text.get(1..), is_word))
        }
        ('0'..='9', _) | ('.', '0'..='9') => (TokenKind::Number, number(text)),
        (first, _) if first.is_alphabetic() || first == '_' => {
            let length = span(Some(text), is_word);
            let (word, _) = text.split_at(length);
            let kind = if is_keyword(word) {
                TokenKind::Keyword
            } else {
                TokenKind::Plain
            };
            (kind, length)
        }
        (first, _) => (TokenKind::Plain, first.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn is_keyword(word: &str) -> bool {
    word.len() <= LONGEST_KEYWORD
        && KEYWORDS
            .binary_search(&word.to_ascii_lowercase().as_str())
            .is_ok()
}

/// Length of the run of characters that pass.
fn span(text: Option<&str>, pass: impl Fn(char) -> bool) -> usize {
    let text = text.unwrap_or("");
    text.find(|c| !pass(c)).unwrap_or(text.len())
}

/// Length of a quoted text; a doubled quote stands for itself. Without an end it takes the rest.
fn quoted(text: &str, quote: char, backslash: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((place, c)) = chars.next() {
        if backslash && c == '\\' {
            chars.next();
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return place + c.len_utf8();
            }
        }
    }
    text.len()
}

/// Length of a dollar-quoted text, if this is the start of one.
fn dollar_quoted(text: &str) -> Option<usize> {
    let inner = text.get(1..)?;
    let tag_end = inner.find('$')?;
    let (tag, _) = inner.split_at(tag_end);
    if !tag.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let opening = tag_end + 2;
    let (fence, body) = text.split_at(opening);
    Some(
        body.find(fence)
            .map_or(text.len(), |end| opening + end + fence.len()),
    )
}

/// Length of a comment between stars; they nest, as PostgreSQL's do.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (place, c) in text.char_indices() {
        match (before, c) {
            ('/', '*') => {
                depth += 1;
                before = ' ';
            }
            ('*', '/') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return place + 1;
                }
                before = ' ';
            }
            _ => before = c,
        }
    }
    text.len()
}

/// Length of a number; a sign belongs to it only behind the exponent's letter.
fn number(text: &str) -> usize {
    let mut before = ' ';
    for (place, c) in text.char_indices() {
        let sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        if !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || sign) {
            return place;
        }
        before = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::{Comment, Keyword, Number, Parameter, Plain, Quoted, String as Text};

    #[test]
    fn keywords_are_in_order() {
        assert!(KEYWORDS.is_sorted());
        assert_eq!(
            KEYWORDS.iter().map(|word| word.len()).max(),
            Some(LONGEST_KEYWORD)
        );
    }

    #[test]
    fn a_query_is_cut_where_the_eye_does() {
        assert_eq!(
            highlight("SELECT a.\"Name\", 'it''s', 1.5e-3 FROM t WHERE id = $1 -- all\n;"),
            [
                (Keyword, "SELECT"),
                (Plain, " a."),
                (Quoted, "\"Name\""),
                (Plain, ", "),
                (Text, "'it''s'"),
                (Plain, ", "),
                (Number, "1.5e-3"),
                (Plain, " "),
                (Keyword, "FROM"),
                (Plain, " t "),
                (Keyword, "WHERE"),
                (Plain, " id = "),
                (Parameter, "$1"),
                (Plain, " "),
                (Comment, "-- all"),
                (Plain, "\n;"),
            ]
        );
    }

    #[test]
    fn names_that_contain_keywords_or_digits_are_names() {
        assert_eq!(highlight("order_lines t2"), [(Plain, "order_lines t2")]);
        assert_eq!(highlight("x::int"), [(Plain, "x::int")]);
        assert_eq!(highlight("id=:id"), [(Plain, "id="), (Parameter, ":id")]);
    }

    #[test]
    fn strings_and_comments_of_every_kind() {
        assert_eq!(highlight(r"E'a\'b'"), [(Text, r"E'a\'b'")]);
        assert_eq!(
            highlight("$f$ select 1 $f$;"),
            [(Text, "$f$ select 1 $f$"), (Plain, ";")]
        );
        assert_eq!(
            highlight("/* a /* b */ c */x"),
            [(Comment, "/* a /* b */ c */"), (Plain, "x")]
        );
        assert_eq!(highlight("`a``b`"), [(Quoted, "`a``b`")]);
    }

    #[test]
    fn any_text_comes_back_whole() {
        for text in [
            "",
            "'",
            "$",
            "$a$",
            "/*",
            "E'",
            "e",
            "\"é",
            "日本語 'テスト",
            "--",
            "1e+",
            "a$$b",
            "/*/",
            "€'\\",
        ] {
            let whole: String = highlight(text)
                .into_iter()
                .map(|(_, piece)| piece)
                .collect();
            assert_eq!(whole, text);
        }
    }
}
