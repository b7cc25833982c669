//! Names and constants as PostgreSQL stores them: folded, unquoted, cut to length; and back to
//! SQL, quoted where that is needed.

/// The longest name that PostgreSQL keeps, in bytes.
pub(crate) const NAME_LENGTH: usize = 63;

/// Words that cannot be the name of a column or a table without quotes, in order.
const RESERVED: [&str; 100] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

/// Words that may be names, but that the server prints in quotes, in order.
const QUOTED_WHEN_PRINTED: [&str; 51] = [
    "between",
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "coalesce",
    "dec",
    "decimal",
    "exists",
    "extract",
    "float",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "least",
    "national",
    "nchar",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "row",
    "setof",
    "smallint",
    "substring",
    "time",
    "timestamp",
    "treat",
    "trim",
    "values",
    "varchar",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// Whether a bare word is reserved.
pub(crate) fn is_reserved(word: &str) -> bool {
    listed(&RESERVED, word)
}

fn listed(words: &[&str], word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    words.binary_search(&lower.as_str()).is_ok()
}

/// A name as it would be stored, from a bare or a double-quoted token.
pub(crate) fn name(token: &str) -> String {
    let full = match token.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
        None => token.to_ascii_lowercase(),
    };
    truncate(&full).to_owned()
}

/// The longest beginning of a name that fits, cut between characters.
pub(crate) fn truncate(name: &str) -> &str {
    clip(name, NAME_LENGTH)
}

/// The longest beginning of at most that many bytes, cut between characters.
pub(crate) fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A name with Unicode escapes, from a token `U&"…"`.
pub(crate) fn unicode(token: &str, escape: char) -> String {
    let body = token.get(3..).unwrap_or_default();
    let body = body.strip_suffix('"').unwrap_or(body).replace("\"\"", "\"");
    unescape_unicode(&body, escape)
}

fn unescape_unicode(body: &str, escape: char) -> String {
    let mut result = String::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(character) = rest.next() {
        if character != escape {
            result.push(character);
            continue;
        }
        let mut ahead = rest.clone();
        let first = ahead.next();
        if first == Some(escape) {
            result.push(escape);
            rest = ahead;
            continue;
        }
        let digits = if first == Some('+') { 6 } else { 4 };
        if first != Some('+') {
            ahead = rest.clone();
        }
        match number(&mut ahead, digits, 16).and_then(char::from_u32) {
            Some(decoded) => {
                result.push(decoded);
                rest = ahead;
            }
            None => result.push(character),
        }
    }
    result
}

fn number(characters: &mut std::str::Chars<'_>, digits: usize, radix: u32) -> Option<u32> {
    let mut value = 0_u32;
    for _ in 0..digits {
        let digit = characters.next()?.to_digit(radix)?;
        value = value.checked_mul(radix)?.checked_add(digit)?;
    }
    Some(value)
}

/// The value of a string constant: plain, `E'…'`, `U&'…'` or dollar-quoted.
pub(crate) fn string(token: &str) -> String {
    let Some(quote) = token.find('\'').filter(|_| !token.starts_with('$')) else {
        let mark = token
            .get(1..)
            .and_then(|rest| rest.find('$'))
            .map_or(0, |length| length + 2);
        let end = token.len().saturating_sub(mark);
        return token.get(mark..end).unwrap_or_default().to_owned();
    };
    let body = token.get(quote + 1..).unwrap_or_default();
    let body = body.strip_suffix('\'').unwrap_or(body);
    match token.get(..quote).unwrap_or_default() {
        "e" | "E" => escaped(body),
        "u&" | "U&" => unescape_unicode(&body.replace("''", "'"), '\\'),
        _ => body.replace("''", "'"),
    }
}

fn escaped(body: &str) -> String {
    let mut result = String::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(character) = rest.next() {
        match character {
            '\'' => {
                // Two of them stand for one.
                rest.next();
                result.push('\'');
            }
            '\\' => match rest.next() {
                Some('n') => result.push('\n'),
                Some('t') => result.push('\t'),
                Some('r') => result.push('\r'),
                Some('b') => result.push('\u{8}'),
                Some('f') => result.push('\u{c}'),
                Some(mark @ ('u' | 'U')) => {
                    let digits = if mark == 'u' { 4 } else { 8 };
                    let mut ahead = rest.clone();
                    match number(&mut ahead, digits, 16).and_then(char::from_u32) {
                        Some(decoded) => {
                            result.push(decoded);
                            rest = ahead;
                        }
                        None => result.push(mark),
                    }
                }
                Some(other) => result.push(other),
                None => result.push('\\'),
            },
            other => result.push(other),
        }
    }
    result
}

/// A name as SQL would have it, in quotes where that is needed.
pub(crate) fn quoted(name: &str) -> String {
    let plain = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if plain && !is_reserved(name) && !listed(&QUOTED_WHEN_PRINTED, name) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Joins the parts of a generated name, cut so that it fits: the longer part loses first, and
/// the label never does.
pub(crate) fn compose(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let room = NAME_LENGTH.saturating_sub(overhead);
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > room {
        if one > two { one -= 1 } else { two -= 1 }
    }
    let mut name = clip(first, one).to_owned();
    if let Some(second) = second {
        name.push('_');
        name.push_str(clip(second, two));
    }
    name.push('_');
    name.push_str(label);
    name
}

/// Joins the names of columns for a generated name.
pub(crate) fn join_columns<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
        if joined.len() > NAME_LENGTH {
            break;
        }
    }
    clip(&joined, NAME_LENGTH).to_owned()
}
