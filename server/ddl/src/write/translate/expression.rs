//! Expressions, as far as all dialects understand them: columns, constants, comparisons and a
//! few functions. What is more than that is not translated at all.

use crate::fold;
use model::provider::Provider;

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A bare word.
    Word(String),
    /// A name in quotes of the dialect.
    Name(String),
    Text(String),
    Number(String),
    Operator(String),
}

/// A text constant of a dialect.
pub(crate) fn text(value: &str, dialect: Provider) -> String {
    let quoted = value.replace('\'', "''");
    match dialect {
        Provider::MySql => format!("'{}'", quoted.replace('\\', "\\\\")),
        Provider::SqlServer if !value.is_ascii() => format!("N'{quoted}'"),
        _ => format!("'{quoted}'"),
    }
}

/// A name in a dialect's quotes. `own` says that the name is one as that dialect stores it.
pub(crate) fn quoted(name: &str, dialect: Provider, own: bool) -> String {
    match dialect {
        Provider::PostgreSql => fold::quoted(name),
        Provider::MySql => format!("`{}`", name.replace('`', "``")),
        Provider::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
        Provider::SqlServer => format!("[{}]", name.replace(']', "]]")),
        Provider::Oracle => oracle_name(name, own),
    }
}

/// Oracle stores bare names in capitals; those of other dialects, in small letters, may follow.
fn oracle_name(name: &str, own: bool) -> String {
    const RESERVED: &str = " access add all alter and any as asc audit between by char check \
        cluster column column_value comment compress connect create current date decimal default \
        delete desc distinct drop else exclusive exists file float for from grant group having \
        identified immediate in increment index initial insert integer intersect into is level \
        like lock long maxextents minus mlslabel mode modify nested_table_id noaudit nocompress \
        not nowait null number of offline on online option or order pctfree prior public raw \
        rename resource revoke row rowid rownum rows select session set share size smallint start \
        successful synonym sysdate table then to trigger uid union unique update user validate \
        values varchar varchar2 view whenever where with ";
    let lower = name.to_ascii_lowercase();
    let stored = if own {
        lower.to_ascii_uppercase()
    } else {
        lower.clone()
    };
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && stored == name
        && !RESERVED.contains(&format!(" {lower} "));
    if plain {
        name.to_owned()
    } else {
        // It has no way to have a quote in a name.
        format!("\"{}\"", name.replace('"', "'"))
    }
}

/// An expression of one dialect in the words of another; none where it asks for more.
pub(crate) fn translate(
    expression: &str,
    source: Provider,
    target: Provider,
    columns: &[String],
) -> Option<String> {
    let pieces = pieces(expression, source)?;
    let mut out = String::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if let Some((list, after)) = any_of_array(&pieces, at) {
            let mut values = Vec::new();
            for value in list {
                values.push(match value {
                    Piece::Text(value) => text(value, target),
                    Piece::Number(number) => number.clone(),
                    _ => return None,
                });
            }
            push(&mut out, &format!("IN ({})", values.join(", ")));
            at = after;
            continue;
        }
        let next = pieces.get(at + 1);
        let call = next == Some(&Piece::Operator("(".to_owned()));
        match piece {
            Piece::Text(value) => push(&mut out, &text(value, target)),
            Piece::Number(number) => push(&mut out, number),
            Piece::Name(name) => {
                let known = columns.contains(name) && !call;
                push(&mut out, &quoted(known.then_some(name)?, target, false));
            }
            Piece::Word(word) => push(&mut out, &translate_word(word, call, target, columns)?),
            Piece::Operator(operator) => match operator.as_str() {
                "::" => {
                    at = skip_cast(&pieces, at + 1)?;
                    continue;
                }
                "||" if matches!(target, Provider::MySql | Provider::SqlServer) => return None,
                "!=" => push(&mut out, "<>"),
                "(" | ")" | "," | "=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/"
                | "||" => push(&mut out, operator),
                _ => return None,
            },
        }
        at += 1;
    }
    Some(out)
}

fn push(out: &mut String, piece: &str) {
    let tight = out.is_empty() || out.ends_with('(') || piece == ")" || piece == ",";
    // A call's parenthesis stands at its name.
    let call = piece == "("
        && FUNCTIONS
            .iter()
            .any(|(_, names)| names.iter().any(|name| ends_with_word(out, name)));
    if !tight && !call {
        out.push(' ');
    }
    out.push_str(piece);
}

fn ends_with_word(out: &str, word: &str) -> bool {
    let Some(before) = out.strip_suffix(word) else {
        return false;
    };
    !before.ends_with(|last: char| last.is_alphanumeric() || last == '_')
}

/// Functions that all have, by their names in source and target.
const FUNCTIONS: [(&str, [&str; 5]); 8] = [
    ("lower", ["lower", "lower", "lower", "lower", "lower"]),
    ("upper", ["upper", "upper", "upper", "upper", "upper"]),
    ("abs", ["abs", "abs", "abs", "abs", "abs"]),
    (
        "coalesce",
        ["coalesce", "coalesce", "coalesce", "coalesce", "coalesce"],
    ),
    (
        "length",
        ["length", "char_length", "length", "len", "length"],
    ),
    (
        "char_length",
        ["length", "char_length", "length", "len", "length"],
    ),
    ("len", ["length", "char_length", "length", "len", "length"]),
    ("nullif", ["nullif", "nullif", "nullif", "nullif", "nullif"]),
];

fn translate_word(word: &str, call: bool, target: Provider, columns: &[String]) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    let place = match target {
        Provider::PostgreSql => 0,
        Provider::MySql => 1,
        Provider::Sqlite => 2,
        Provider::SqlServer => 3,
        Provider::Oracle => 4,
    };
    if call && let Some((_, names)) = FUNCTIONS.iter().find(|(name, _)| *name == lower) {
        return names.get(place).map(|name| (*name).to_owned());
    }
    let numbers = matches!(target, Provider::SqlServer | Provider::Oracle);
    match lower.as_str() {
        "true" if numbers => return Some("1".to_owned()),
        "false" if numbers => return Some("0".to_owned()),
        "and" | "or" | "not" | "in" | "is" | "null" | "between" | "like" | "true" | "false"
        | "case" | "when" | "then" | "else" | "end" => return Some(word.to_ascii_uppercase()),
        _ => {}
    }
    let column = columns.iter().find(|column| **column == word).or_else(|| {
        columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(word))
    });
    column
        .filter(|_| !call)
        .map(|column| quoted(column, target, false))
}

/// `= ANY (ARRAY['a'::text, 'b'::text])`, as the server prints an IN; the values, and the place
/// after it.
fn any_of_array(pieces: &[Piece], at: usize) -> Option<(Vec<&Piece>, usize)> {
    let operator = |at: usize, wanted: &str| matches!(pieces.get(at), Some(Piece::Operator(found)) if found == wanted);
    let word = |at: usize, wanted: &str| matches!(pieces.get(at), Some(Piece::Word(found)) if found.eq_ignore_ascii_case(wanted));
    if !(operator(at, "=") && word(at + 1, "any")) {
        return None;
    }
    let mut next = at + 2;
    let mut open = 0;
    while operator(next, "(") {
        next += 1;
        open += 1;
    }
    if !(word(next, "array") && operator(next + 1, "[")) {
        return None;
    }
    next += 2;
    let mut values = Vec::new();
    while !operator(next, "]") {
        match pieces.get(next)? {
            Piece::Operator(found) if found == "::" => {
                next = skip_cast(pieces, next + 1)?;
                continue;
            }
            Piece::Operator(found) if matches!(found.as_str(), "," | "(" | ")") => {}
            value => values.push(value),
        }
        next += 1;
    }
    next += 1;
    while open > 0 {
        if operator(next, "::") {
            next = skip_cast(pieces, next + 1)?;
        } else if operator(next, ")") {
            next += 1;
            open -= 1;
        } else {
            return None;
        }
    }
    Some((values, next))
}

/// The place after a cast's type, where leaving the cast out changes nothing that matters.
fn skip_cast(pieces: &[Piece], at: usize) -> Option<usize> {
    let Some(Piece::Word(first)) = pieces.get(at) else {
        return None;
    };
    const TYPES: [&str; 12] = [
        "text",
        "varchar",
        "bpchar",
        "character",
        "numeric",
        "integer",
        "bigint",
        "smallint",
        "date",
        "double",
        "real",
        "boolean",
    ];
    if !TYPES.contains(&first.to_ascii_lowercase().as_str()) {
        return None;
    }
    let mut next = at + 1;
    while let Some(piece) = pieces.get(next) {
        match piece {
            Piece::Word(word)
                if ["varying", "precision"].contains(&word.to_ascii_lowercase().as_str()) => {}
            Piece::Operator(found)
                if found == "["
                    && pieces.get(next + 1) == Some(&Piece::Operator("]".to_owned())) =>
            {
                next += 1;
            }
            Piece::Operator(found)
                if found == "(" && matches!(pieces.get(next + 1), Some(Piece::Number(_))) =>
            {
                while pieces.get(next)? != &Piece::Operator(")".to_owned()) {
                    next += 1;
                }
            }
            _ => break,
        }
        next += 1;
    }
    Some(next)
}

/// Cuts an expression into pieces; none where something is not understood.
fn pieces(expression: &str, source: Provider) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let (piece, length) = match first {
            '\'' => {
                let (value, length) = between(rest, '\'', source == Provider::MySql)?;
                // N'…' and _utf8mb4'…' say only in what letters it is written.
                if let Some(Piece::Word(word)) = pieces.last() {
                    let tight = expression.len() > rest.len()
                        && !expression
                            .get(..expression.len() - rest.len())
                            .is_some_and(|before| before.ends_with(char::is_whitespace));
                    if tight && (word.eq_ignore_ascii_case("n") || word.starts_with('_')) {
                        pieces.pop();
                    } else if tight {
                        return None;
                    }
                }
                (Piece::Text(value), length)
            }
            '"' => {
                let (value, length) = between(rest, '"', source == Provider::MySql)?;
                match source {
                    Provider::MySql => (Piece::Text(value), length),
                    _ => (Piece::Name(value), length),
                }
            }
            '`' => {
                let (value, length) = between(rest, '`', false)?;
                (Piece::Name(value), length)
            }
            '[' if matches!(source, Provider::SqlServer | Provider::Sqlite) => {
                let (value, length) = between(rest, ']', false)?;
                (Piece::Name(value), length)
            }
            _ if first.is_ascii_digit() => {
                let length = rest
                    .find(|character: char| !character.is_ascii_digit() && character != '.')
                    .unwrap_or(rest.len());
                (Piece::Number(rest.get(..length)?.to_owned()), length)
            }
            _ if first.is_alphabetic() || first == '_' => {
                let length = rest
                    .find(|character: char| !character.is_alphanumeric() && character != '_')
                    .unwrap_or(rest.len());
                (Piece::Word(rest.get(..length)?.to_owned()), length)
            }
            _ => {
                let two = rest
                    .get(..2)
                    .filter(|two| ["::", "<>", "!=", "<=", ">=", "||", "--", "/*"].contains(two));
                let length = two.map_or(first.len_utf8(), str::len);
                (Piece::Operator(rest.get(..length)?.to_owned()), length)
            }
        };
        pieces.push(piece);
        rest = rest.get(length..)?.trim_start();
    }
    Some(pieces)
}

/// A quoted value and the length of all of it; a doubled mark stands for one.
fn between(rest: &str, close: char, backslashes: bool) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == close {
            if characters.peek().is_some_and(|(_, next)| *next == close) {
                characters.next();
                value.push(close);
                continue;
            }
            return Some((value, at + close.len_utf8()));
        }
        if character == '\\' && backslashes {
            let (_, escaped) = characters.next()?;
            value.push(match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => return None,
                other => other,
            });
            continue;
        }
        value.push(character);
    }
    None
}
