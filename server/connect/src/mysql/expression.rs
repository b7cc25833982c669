//! Texts of expressions, as the two systems print them.

use super::server::Kind;

/// Types whose literals stand without quotes.
const BARE_TYPES: [&str; 13] = [
    "tinyint",
    "smallint",
    "mediumint",
    "int",
    "integer",
    "bigint",
    "decimal",
    "numeric",
    "float",
    "double",
    "bit",
    "year",
    "real",
];

/// A default as MariaDB keeps it: an expression with its quotes. The word NULL stands for a column
/// that has none but may be null.
pub(super) fn mariadb_default(text: &str) -> Option<String> {
    (!text.eq_ignore_ascii_case("NULL")).then(|| now_as_written(text))
}

/// A default as MySQL keeps it: a bare value, or an expression that `extra` marks as such.
pub(super) fn mysql_default(text: &str, data_type: &str, extra: &str) -> Option<String> {
    let now = text
        .get(..17)
        .is_some_and(|start| start.eq_ignore_ascii_case("CURRENT_TIMESTAMP"));
    let word = data_type
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    Some(if extra.contains("default_generated") || now {
        now_as_written(&clean(text, Kind::MySql))
    } else if BARE_TYPES.contains(&word.as_str()) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    })
}

/// Adds what happens to the column when its row changes, which stands behind the default.
pub(super) fn with_update(default: Option<String>, extra: &str) -> Option<String> {
    let Some((_, now)) = extra.split_once("on update ") else {
        return default;
    };
    let now = now_as_written(now.split(' ').next().unwrap_or_default());
    Some(match default {
        Some(default) => format!("{default} ON UPDATE {now}"),
        None => format!("NULL ON UPDATE {now}"),
    })
}

/// `current_timestamp()` is how MariaDB prints `CURRENT_TIMESTAMP`.
fn now_as_written(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    match lower.strip_prefix("current_timestamp") {
        Some("" | "()") => "CURRENT_TIMESTAMP".to_owned(),
        Some(rest) if rest.starts_with('(') => format!("CURRENT_TIMESTAMP{rest}"),
        _ => text.to_owned(),
    }
}

/// An expression without the escapes and the character sets that MySQL's dictionary adds.
pub(super) fn clean(text: &str, kind: Kind) -> String {
    if kind == Kind::MariaDb {
        return text.to_owned();
    }
    let plain = if text.contains("\\'") {
        unescape(text)
    } else {
        text.to_owned()
    };
    plain.replace("_utf8mb4'", "'").replace("_utf8mb3'", "'")
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some(next) => next,
                None => '\\',
            },
            other => other,
        };
        plain.push(letter);
    }
    plain
}

/// An expression without the parentheses around all of it.
pub(super) fn without_outer_parentheses(text: &str) -> &str {
    let mut bare = text.trim();
    while let Some(inside) = bare
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        if !is_balanced(inside) {
            break;
        }
        bare = inside.trim();
    }
    bare
}

/// Whether no parenthesis closes one that was opened before the text. Quoted texts do not count.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i64;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('\'' | '"'), '\\') => {
                letters.next();
            }
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && quote.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_systems_defaults_read_the_same() {
        for (maria, (my, data_type, extra)) in [
            ("'it''s'", ("it's", "varchar(20)", "")),
            ("0", ("0", "int unsigned", "")),
            ("b'101'", ("b'101'", "bit(3)", "")),
            ("''", ("", "varchar(1)", "")),
            (
                "current_timestamp()",
                ("CURRENT_TIMESTAMP", "datetime", "default_generated"),
            ),
            (
                "current_timestamp(3)",
                ("CURRENT_TIMESTAMP(3)", "datetime(3)", "default_generated"),
            ),
        ] {
            assert_eq!(
                mariadb_default(maria),
                mysql_default(my, data_type, extra),
                "{maria}"
            );
        }
        assert_eq!(mariadb_default("NULL"), None);
        assert_eq!(
            mysql_default("uuid()", "char(36)", "default_generated").unwrap(),
            "uuid()"
        );
    }

    #[test]
    fn the_update_stands_behind_the_default() {
        let now = || Some("CURRENT_TIMESTAMP".to_owned());
        for extra in [
            "on update current_timestamp()",
            "default_generated on update current_timestamp",
        ] {
            assert_eq!(
                with_update(now(), extra).unwrap(),
                "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"
            );
        }
        assert_eq!(with_update(None, "auto_increment"), None);
    }

    #[test]
    fn what_the_dictionary_adds_is_taken_off() {
        let text = r"(`state` in (_utf8mb4\'a\',_utf8mb4\'b\'))";
        assert_eq!(
            without_outer_parentheses(&clean(text, Kind::MySql)),
            "`state` in ('a','b')"
        );
        assert_eq!(without_outer_parentheses("(a) or (b)"), "(a) or (b)");
        assert_eq!(without_outer_parentheses("(a = ')')"), "a = ')'");
    }
}
