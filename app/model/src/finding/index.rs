//! Indexes that others make superfluous.

use super::{Finding, FindingKind, push};
use crate::schema::{Index, Table};

/// Indexes of a table beyond which they are not compared with each other.
const INDEXES_MAX: usize = 500;

/// Indexes that repeat another one or that another one begins with.
pub(super) fn redundant(table: &Table, found: &mut Vec<Finding>) {
    // What serves a constraint, or is unique, is kept; of those alike the first by name is kept.
    let mut indexes: Vec<&Index> = table.indexes.iter().take(INDEXES_MAX).collect();
    indexes.sort_by(|left, right| {
        (left.constraint.is_none(), !left.unique, &left.name).cmp(&(
            right.constraint.is_none(),
            !right.unique,
            &right.name,
        ))
    });
    for (at, index) in indexes.iter().enumerate() {
        // Constraints need the index that they have.
        if index.constraint.is_some() || index.parts.is_empty() {
            continue;
        }
        let before = indexes.iter().take(at);
        if let Some(other) = before.into_iter().find(|other| repeats(index, other)) {
            tell(table, index, other, FindingKind::DuplicateIndex, found);
            continue;
        }
        let others = indexes.iter().enumerate().filter(|(place, _)| *place != at);
        let longer = others
            .map(|(_, other)| other)
            .find(|other| is_prefix(index, other));
        if let Some(other) = longer {
            tell(table, index, other, FindingKind::PrefixIndex, found);
        }
    }
}

fn tell(table: &Table, index: &Index, other: &Index, kind: FindingKind, found: &mut Vec<Finding>) {
    let column = index.parts.first().and_then(|part| part.column.as_deref());
    let parts: Vec<&str> = index.parts.iter().map(|part| part.text.as_str()).collect();
    let verb = match kind {
        FindingKind::DuplicateIndex => " repeats ",
        _ => " is covered by ",
    };
    let end = match kind {
        FindingKind::DuplicateIndex => ": both are on ",
        _ => ", which begins with the same ",
    };
    let reason = [
        "The index ",
        &index.name,
        verb,
        &other.name,
        end,
        &parts.join(", "),
        ".",
    ];
    push(found, kind, table, column, &reason);
}

/// Whether `other` does all that the index does, with the same columns.
fn repeats(index: &Index, other: &Index) -> bool {
    index.parts.len() == other.parts.len() && alike(index, other) && carries(index, other)
        // A unique index guards; one that is not does not.
        && (!index.unique || other.unique)
}

/// Whether `other` begins with the index's parts and goes on. A unique index guards fewer columns
/// than a longer one, and a hash has no beginning.
fn is_prefix(index: &Index, other: &Index) -> bool {
    !index.unique
        && index.method.eq_ignore_ascii_case("btree")
        && index.parts.len() < other.parts.len()
        && alike(index, other)
        && carries(index, other)
}

fn alike(index: &Index, other: &Index) -> bool {
    index.method.eq_ignore_ascii_case(&other.method)
        && index.predicate == other.predicate
        && index
            .parts
            .iter()
            .zip(&other.parts)
            .all(|(one, other)| one.text == other.text)
}

/// Whether `other` holds all that the index carries along.
fn carries(index: &Index, other: &Index) -> bool {
    index.include.iter().all(|column| {
        other.include.contains(column)
            || other
                .parts
                .iter()
                .any(|part| part.column.as_ref() == Some(column))
    })
}
