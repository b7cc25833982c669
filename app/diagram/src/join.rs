//! The SELECT that joins the tables of a way.

use crate::graph::Graph;
use crate::path::Path;
use std::collections::BTreeSet;

/// Short words that some dialect takes for its own; as an alias each gets a number.
const RESERVED: [&str; 25] = [
    "add", "all", "and", "any", "as", "asc", "at", "by", "do", "end", "for", "go", "if", "in",
    "is", "key", "no", "not", "of", "on", "or", "out", "set", "to", "use",
];

/// The statement that joins the tables of a way, ready to be run. `quote` writes a name as the
/// dialect wants it, `kind_of` the child's column that says which table a link by this index leads to,
/// for a link that leads to one of several: only whoever knows the data knows its values, so there is
/// a place for one. None where a link's columns are not known.
///
/// Aliases stand without AS, which one dialect refuses.
#[must_use]
pub fn select(
    graph: &Graph,
    path: &Path,
    quote: &dyn Fn(&str) -> String,
    kind_of: &dyn Fn(usize) -> Option<String>,
) -> Option<String> {
    let mut taken = BTreeSet::new();
    let first = graph.tables.get(path.start)?;
    let first_alias = alias(&first.name, &mut taken);
    let table = |place: usize| -> Option<String> {
        let table = graph.tables.get(place)?;
        let mut name = String::new();
        if !table.schema.is_empty() {
            name.push_str(&quote(&table.schema));
            name.push('.');
        }
        name.push_str(&quote(&table.name));
        Some(name)
    };
    let mut joins = String::new();
    let mut before = (path.start, first_alias.clone());
    for step in &path.steps {
        let link = graph.links.get(step.link)?;
        let here = graph.tables.get(step.table)?;
        let alias = alias(&here.name, &mut taken);
        let (mine, others) = if step.to_parent {
            (&link.to_columns, &link.from_columns)
        } else {
            (&link.from_columns, &link.to_columns)
        };
        if mine.is_empty() || mine.len() != others.len() {
            return None;
        }
        let there = graph.tables.get(before.0)?;
        let mut condition = String::new();
        for (mine, other) in mine.iter().zip(others) {
            let mine = &here.columns.get(usize::from(*mine))?.name;
            let other = &there.columns.get(usize::from(*other))?.name;
            if !condition.is_empty() {
                condition.push_str(" AND ");
            }
            for part in [
                &alias,
                ".",
                &quote(mine),
                " = ",
                &before.1,
                ".",
                &quote(other),
            ] {
                condition.push_str(part);
            }
        }
        if let Some(column) = kind_of(step.link) {
            let child = if step.to_parent { &before.1 } else { &alias };
            let parent = &graph.tables.get(link.parent())?.name;
            for part in [
                " AND ",
                child,
                ".",
                &quote(&column),
                " = '...' /* the value that means ",
                &plain(parent),
                " */",
            ] {
                condition.push_str(part);
            }
        }
        for part in [
            "\nJOIN ",
            &table(step.table)?,
            " ",
            &alias,
            " ON ",
            &condition,
        ] {
            joins.push_str(part);
        }
        before = (step.table, alias);
    }
    let mut columns = [&first_alias, ".*"].concat();
    if !path.steps.is_empty() {
        for part in [", ", &before.1, ".*"] {
            columns.push_str(part);
        }
    }
    Some(
        [
            "SELECT ",
            &columns,
            "\nFROM ",
            &table(path.start)?,
            " ",
            &first_alias,
            &joins,
            ";\n",
        ]
        .concat(),
    )
}

/// A name as it may stand in a comment, which it cannot end.
fn plain(name: &str) -> String {
    name.replace(['*', '/'], " ")
}

/// The initials of a name's words, `oi` for `order_items`, with a number where that is taken.
fn alias(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut initials: String = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| word.chars().next())
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .take(6)
        .collect();
    if initials.is_empty() {
        initials.push('t');
    }
    let mut alias = initials.clone();
    let mut number = 1;
    while RESERVED.contains(&alias.as_str()) || taken.contains(&alias) {
        number += 1;
        alias = [&*initials, &*number.to_string()].concat();
    }
    taken.insert(alias.clone());
    alias
}
