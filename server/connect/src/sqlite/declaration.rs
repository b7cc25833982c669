//! What only the text of a `CREATE TABLE` tells.

use super::text::{Word, between, closing, items, words};
use model::schema::Check;
use std::collections::{HashMap, HashSet};

/// What a table's text says besides its pragmas.
#[derive(Debug, Default)]
pub(super) struct Declaration {
    pub(super) checks: Vec<Check>,
    /// By column, in lower case.
    pub(super) columns: HashMap<String, ColumnDeclaration>,
}

/// What a column's text says besides its pragma.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnDeclaration {
    /// The expression of a generated column.
    pub(super) generated: Option<String>,
    /// A collation.
    pub(super) collation: Option<String>,
    /// Whether numbers are never used twice.
    pub(super) autoincrement: bool,
}

/// Reads the text of a `CREATE TABLE`.
pub(super) fn read(table: &str, statement: &str) -> Declaration {
    let words = words(statement);
    let mut declaration = Declaration::default();
    let Some(open) = words.iter().position(|word| word.text == "(") else {
        return declaration;
    };
    let mut taken = HashSet::new();
    for item in items(&words, open) {
        let Some(first) = item.first() else { continue };
        let column = (!is_constraint(item)).then(|| first.name());
        for (given, expression) in checks(statement, item) {
            let made = match &column {
                Some(column) => format!("{table}_{column}_check"),
                None => format!("{table}_check"),
            };
            let name = free(given.unwrap_or(made), &mut taken);
            declaration.checks.push(Check { name, expression });
        }
        if let Some(column) = column {
            let said = column_declaration(statement, item);
            declaration.columns.insert(column.to_lowercase(), said);
        }
    }
    declaration
}

/// The conditions in an item, with the names they are given.
fn checks(statement: &str, item: &[Word<'_>]) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    for (place, word) in top(item) {
        if !word.is("CHECK") {
            continue;
        }
        let Some(expression) = parenthesised(statement, item, place + 1) else {
            continue;
        };
        found.push((given_name(item, place), expression));
    }
    found
}

fn column_declaration(statement: &str, item: &[Word<'_>]) -> ColumnDeclaration {
    let mut said = ColumnDeclaration::default();
    for (place, word) in top(item).skip(1) {
        if word.is("AS") {
            said.generated = parenthesised(statement, item, place + 1);
        } else if word.is("COLLATE") {
            said.collation = item
                .get(place + 1)
                .map(Word::name)
                // The collation that every column has.
                .filter(|name| !name.eq_ignore_ascii_case("BINARY"));
        } else if word.is("AUTOINCREMENT") {
            said.autoincrement = true;
        }
    }
    said
}

/// The words of an item that stand in no parentheses, with their places.
pub(super) fn top<'w, 'a>(
    item: &'w [Word<'a>],
) -> impl Iterator<Item = (usize, &'w Word<'a>)> + use<'w, 'a> {
    let mut depth = 0_i64;
    item.iter().enumerate().filter(move |(_, word)| {
        match word.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => return depth == 0,
        }
        false
    })
}

/// The name that a constraint is given, whose first word stands at that place.
pub(super) fn given_name(item: &[Word<'_>], place: usize) -> Option<String> {
    match item.get(place.checked_sub(2)?..place)? {
        [keyword, name] if keyword.is("CONSTRAINT") => Some(name.name()),
        _ => None,
    }
}

/// Whether an item is a constraint of the table and no column.
pub(super) fn is_constraint(item: &[Word<'_>]) -> bool {
    ["CONSTRAINT", "CHECK", "PRIMARY", "UNIQUE", "FOREIGN"]
        .into_iter()
        .any(|keyword| item.first().is_some_and(|first| first.is(keyword)))
}

fn parenthesised(statement: &str, item: &[Word<'_>], open: usize) -> Option<String> {
    if item.get(open)?.text != "(" {
        return None;
    }
    let close = closing(item, open)?;
    Some(between(statement, item.get(open + 1..close)?).to_owned())
}

/// The name, with a number where it is taken.
fn free(name: String, taken: &mut HashSet<String>) -> String {
    let mut free = name.clone();
    let mut number = 1;
    while !taken.insert(free.clone()) {
        free = format!("{name}{number}");
        number += 1;
    }
    free
}

/// The query in the text of a `CREATE VIEW`.
pub(super) fn view_query(statement: &str) -> Option<String> {
    let words = words(statement);
    let place = words.iter().position(|word| word.is("AS"))?;
    let query = between(statement, words.get(place + 1..)?);
    Some(query.trim_end_matches(';').trim_end().to_owned())
}

/// The parts of a `CREATE INDEX` and its condition.
pub(super) fn index_parts(statement: &str) -> (Vec<String>, Option<String>) {
    let words = words(statement);
    // A name may be anything, a parenthesis in quotes too; those are words of their own.
    let Some(open) = words.iter().position(|word| word.text == "(") else {
        return (Vec::new(), None);
    };
    let parts = items(&words, open)
        .into_iter()
        .map(|item| between(statement, item).to_owned())
        .collect();
    let predicate = closing(&words, open)
        .and_then(|close| words.get(close + 1..))
        .and_then(|rest| match rest {
            [keyword, condition @ ..] if keyword.is("WHERE") => {
                Some(between(statement, condition).to_owned())
            }
            _ => None,
        });
    (parts, predicate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_found_with_their_names() {
        let declaration = read(
            "t",
            "CREATE TABLE t (\"check (\" int CHECK (\"check (\" > (0)), b text DEFAULT 'CHECK (no)'
             CONSTRAINT short CHECK (length(b) < 9) CHECK (b <> ')'), -- CHECK (comment)
             CHECK (b IN ('x', 'y')), CONSTRAINT \"last one\" CHECK (1))",
        );
        let found: Vec<(&str, &str)> = declaration
            .checks
            .iter()
            .map(|check| (check.name.as_str(), check.expression.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("t_check (_check", "\"check (\" > (0)"),
                ("short", "length(b) < 9"),
                ("t_b_check", "b <> ')'"),
                ("t_check", "b IN ('x', 'y')"),
                ("last one", "1"),
            ]
        );
    }

    #[test]
    fn columns_say_what_pragmas_do_not() {
        let declaration = read(
            "t",
            "create table t (id integer primary key autoincrement, a text collate nocase,
             b int generated always as (a || f(1, 2)) stored, c as (id + 1), d int default (1))",
        );
        assert!(declaration.columns["id"].autoincrement);
        assert_eq!(
            declaration.columns["a"].collation.as_deref(),
            Some("nocase")
        );
        let generated = |column: &str| declaration.columns[column].generated.as_deref();
        assert_eq!(generated("b"), Some("a || f(1, 2)"));
        assert_eq!(generated("c"), Some("id + 1"));
        assert_eq!(generated("d"), None);
    }

    #[test]
    fn views_and_indexes_are_taken_apart() {
        assert_eq!(
            view_query("CREATE TEMP VIEW \"as\" (x) AS SELECT 1 AS x;").unwrap(),
            "SELECT 1 AS x"
        );
        let (parts, predicate) =
            index_parts("CREATE INDEX i ON \"t(\" (lower(a), b DESC) WHERE a > 0 AND b IS NULL");
        assert_eq!(parts, ["lower(a)", "b DESC"]);
        assert_eq!(predicate.as_deref(), Some("a > 0 AND b IS NULL"));
    }
}
