//! The names that constraints are given, which no pragma tells.

use super::declaration::{given_name, is_constraint, top};
use super::text::{Word, items, words};
use std::collections::HashMap;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NamedKind {
    PrimaryKey,
    Unique,
    ForeignKey,
}

/// A table's names, by what they are of and its columns in lower case.
#[derive(Debug, Default)]
pub(super) struct ConstraintNames(HashMap<(NamedKind, Vec<String>), String>);

impl ConstraintNames {
    /// Reads the text of a `CREATE TABLE`.
    pub(super) fn read(statement: &str) -> Self {
        let words = words(statement);
        let mut names = Self::default();
        let Some(open) = words.iter().position(|word| word.text == "(") else {
            return names;
        };
        for item in items(&words, open) {
            let column = match item.first() {
                Some(first) if !is_constraint(item) => Some(first.name().to_lowercase()),
                _ => None,
            };
            for (place, word) in top(item) {
                let Some((kind, length)) = kind(word, column.is_some()) else {
                    continue;
                };
                let Some(name) = given_name(item, place) else {
                    continue;
                };
                let columns = match &column {
                    Some(column) => vec![column.clone()],
                    None => columns(item, place + length),
                };
                // The first of two of the same is the one that is kept.
                names.0.entry((kind, columns)).or_insert(name);
            }
        }
        names
    }

    /// The name of the constraint on those columns.
    pub(super) fn find(&self, kind: NamedKind, columns: &[String]) -> Option<String> {
        let columns = columns.iter().map(|column| column.to_lowercase()).collect();
        self.0.get(&(kind, columns)).cloned()
    }
}

/// What begins with that word, and after how many words its columns stand.
fn kind(word: &Word<'_>, in_column: bool) -> Option<(NamedKind, usize)> {
    if word.is("PRIMARY") {
        Some((NamedKind::PrimaryKey, 2))
    } else if word.is("UNIQUE") {
        Some((NamedKind::Unique, 1))
    } else if word.is("FOREIGN") || (in_column && word.is("REFERENCES")) {
        Some((NamedKind::ForeignKey, 2))
    } else {
        None
    }
}

/// The first word of each part in the parentheses.
fn columns(item: &[Word<'_>], open: usize) -> Vec<String> {
    if item.get(open).is_none_or(|word| word.text != "(") {
        return Vec::new();
    }
    items(item, open)
        .into_iter()
        .filter_map(|part| Some(part.first()?.name().to_lowercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_what_they_are_of() {
        let names = ConstraintNames::read(
            "CREATE TABLE t (Id INT CONSTRAINT \"the key\" PRIMARY KEY,
             a INT CONSTRAINT only UNIQUE CONSTRAINT up REFERENCES u (x), b INT UNIQUE,
             CONSTRAINT both UNIQUE (a COLLATE nocase, B DESC),
             CONSTRAINT far FOREIGN KEY (a, b) REFERENCES u (x, y))",
        );
        let find = |kind, columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|one| (*one).to_owned()).collect();
            names.find(kind, &columns)
        };
        let found = |name: &str| Some(name.to_owned());
        assert_eq!(find(NamedKind::PrimaryKey, &["id"]), found("the key"));
        assert_eq!(find(NamedKind::Unique, &["a"]), found("only"));
        assert_eq!(find(NamedKind::Unique, &["b"]), None);
        assert_eq!(find(NamedKind::Unique, &["a", "b"]), found("both"));
        assert_eq!(find(NamedKind::ForeignKey, &["a"]), found("up"));
        assert_eq!(find(NamedKind::ForeignKey, &["A", "b"]), found("far"));
    }
}
