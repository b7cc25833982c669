//! One relation compared with its other state.

use super::facet::{self, Part};
use super::{Alteration, Aspect, Change, ColumnDiff, PartDiff, PartKind, TableDiff, order};
use crate::schema::{Column, QualifiedName, Table, Trigger};

/// A relation with what the schema keeps beside it.
pub(super) struct Side<'a> {
    pub(super) table: &'a Table,
    /// Its triggers, by name.
    pub(super) triggers: &'a [&'a Trigger],
}

impl Side<'_> {
    fn parts(&self) -> Vec<Part> {
        let mut parts = facet::parts_of(self.table);
        parts.extend(self.triggers.iter().map(|it| Part {
            kind: PartKind::Trigger,
            name: it.name.clone(),
            text: it.definition.clone(),
        }));
        parts.sort();
        parts
    }
}

/// A relation that only one of the schemas has.
pub(super) fn single(table: &Table, change: Change) -> TableDiff {
    let columns = table.columns.iter().zip(0..);
    TableDiff {
        name: table.name.clone(),
        renamed_from: None,
        kind: table.kind,
        old_kind: None,
        change,
        alterations: facet::all_of(facet::of_table(table), change)
            .into_iter()
            .filter(|it| it.aspect != Aspect::Kind)
            .collect(),
        columns: columns
            .map(|(column, place)| single_column(column, change, place, 0))
            .collect(),
        parts: Vec::new(),
        partitions: Vec::new(),
    }
}

fn single_column(column: &Column, change: Change, place: u32, stays_before: u32) -> ColumnDiff {
    ColumnDiff {
        name: column.name.clone(),
        renamed_from: None,
        change,
        place,
        stays_before,
        alterations: facet::all_of(facet::of_column(column), change),
    }
}

/// What differs between two states of a relation; none where nothing does.
///
/// `old_name` is its name before a confirmed rename, `old_column` answers the same for a column.
pub(super) fn between(
    old: &Side<'_>,
    new: &Side<'_>,
    old_name: Option<&QualifiedName>,
    old_column: &dyn Fn(&str) -> Option<String>,
) -> Option<TableDiff> {
    let alterations = facet::alterations(&facet::of_table(old.table), &facet::of_table(new.table));
    let columns = columns_between(&old.table.columns, &new.table.columns, old_column);
    let parts = parts_between(old.parts(), new.parts());
    let structural = old_name.is_some()
        || !parts.is_empty()
        || columns.iter().any(|it| it.change != Change::Commented)
        || alterations.iter().any(Alteration::is_structural);
    if !structural && columns.is_empty() && alterations.is_empty() {
        return None;
    }
    Some(TableDiff {
        name: new.table.name.clone(),
        renamed_from: old_name.cloned(),
        kind: new.table.kind,
        old_kind: (old.table.kind != new.table.kind).then_some(old.table.kind),
        change: if structural {
            Change::Altered
        } else {
            Change::Commented
        },
        alterations,
        columns,
        parts,
        partitions: Vec::new(),
    })
}

/// Names with their place, by name; of columns that share a name the first.
fn places(columns: &[Column]) -> Vec<(&str, usize)> {
    let mut places: Vec<(&str, usize)> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| (column.name.as_str(), place))
        .collect();
    places.sort_unstable();
    places.dedup_by_key(|(name, _)| *name);
    places
}

fn place_of(places: &[(&str, usize)], name: &str) -> Option<usize> {
    let at = places.binary_search_by_key(&name, |(name, _)| name).ok()?;
    places.get(at).map(|(_, place)| *place)
}

fn columns_between(
    old: &[Column],
    new: &[Column],
    old_column: &dyn Fn(&str) -> Option<String>,
) -> Vec<ColumnDiff> {
    let (old_places, new_places) = (places(old), places(new));
    let moves = moves_between(old, new, &old_places, &new_places);
    let mut found = Vec::new();
    let mut stays_before = 0;
    for ((column, place), at) in new.iter().zip(0_u32..).zip(0_usize..) {
        if place_of(&new_places, &column.name) != Some(at) {
            continue;
        }
        let before = place_of(&old_places, &column.name).and_then(|at| old.get(at));
        let Some(before) = before else {
            found.push(single_column(column, Change::Added, place, stays_before));
            continue;
        };
        let mut alterations =
            facet::alterations(&facet::of_column(before), &facet::of_column(column));
        if let Some((_, from, to)) = moves.iter().find(|(name, ..)| *name == column.name) {
            alterations.push(Alteration {
                aspect: Aspect::Position,
                before: Some(from.clone()),
                after: Some(to.clone()),
            });
        }
        let renamed_from = old_column(&column.name);
        let change = match facet::change_of(&alterations) {
            _ if renamed_from.is_some() => Some(Change::Altered),
            change => change,
        };
        if let Some(change) = change {
            found.push(ColumnDiff {
                name: column.name.clone(),
                renamed_from,
                change,
                place,
                stays_before,
                alterations,
            });
        }
        stays_before += 1;
    }
    stays_before = 0;
    for ((column, place), at) in old.iter().zip(0_u32..).zip(0_usize..) {
        if place_of(&old_places, &column.name) != Some(at) {
            continue;
        }
        if place_of(&new_places, &column.name).is_some() {
            stays_before += 1;
        } else {
            found.push(single_column(column, Change::Removed, place, stays_before));
        }
    }
    found
}

/// The columns that were moved, with their position before and after as text.
fn moves_between<'a>(
    old: &'a [Column],
    new: &'a [Column],
    old_places: &[(&str, usize)],
    new_places: &[(&str, usize)],
) -> Vec<(&'a str, String, String)> {
    let stays = |columns: &'a [Column], own: &[(&str, usize)], other: &[(&str, usize)]| {
        columns
            .iter()
            .enumerate()
            .filter(|(at, column)| {
                place_of(own, &column.name) == Some(*at) && place_of(other, &column.name).is_some()
            })
            .map(|(_, column)| column.name.as_str())
            .collect::<Vec<&str>>()
    };
    let old_order = stays(old, old_places, new_places);
    let new_order = stays(new, new_places, old_places);
    if old_order == new_order {
        return Vec::new();
    }
    let mut ranks: Vec<(&str, usize)> = new_order.iter().copied().zip(0..).collect();
    ranks.sort_unstable();
    let new_ranks: Vec<usize> = old_order
        .iter()
        .filter_map(|name| place_of(&ranks, name))
        .collect();
    order::moved(&new_ranks, &old_order)
        .into_iter()
        .filter_map(|at| {
            let name = *old_order.get(at)?;
            let to = *new_ranks.get(at)?;
            Some((name, position(&old_order, at), position(&new_order, to)))
        })
        .collect()
}

/// A position among the columns that stay, from 1: `3, after email`.
fn position(order: &[&str], at: usize) -> String {
    let mut text = (at + 1).to_string();
    match at.checked_sub(1).and_then(|before| order.get(before)) {
        Some(before) => {
            text.push_str(", after ");
            text.push_str(before);
        }
        None => text.push_str(", first"),
    }
    text
}

fn parts_between(old: Vec<Part>, new: Vec<Part>) -> Vec<PartDiff> {
    // What is the same in name and text goes first, so that parts that share a name (some
    // systems give none) are not taken for each other.
    let mut old: Vec<Option<Part>> = old.into_iter().map(Some).collect();
    let mut new: Vec<Option<Part>> = new.into_iter().map(Some).collect();
    let mut found = Vec::new();
    pair(&mut old, &mut new, &mut found, &|one, other| {
        one.kind == other.kind && one.name == other.name && one.same_text(other)
    });
    found.clear();
    pair(&mut old, &mut new, &mut found, &|one, other| {
        one.kind == other.kind && one.name == other.name
    });
    pair(&mut old, &mut new, &mut found, &|one, other| {
        one.kind == other.kind && one.kind != PartKind::Trigger && one.same_text(other)
    });
    // A table has one primary key, whatever it is called.
    pair(&mut old, &mut new, &mut found, &|one, other| {
        one.kind == PartKind::PrimaryKey && other.kind == PartKind::PrimaryKey
    });
    for part in old.into_iter().flatten() {
        found.push(PartDiff {
            kind: part.kind,
            name: part.name,
            renamed_from: None,
            change: Change::Removed,
            before: Some(part.text),
            after: None,
        });
    }
    for part in new.into_iter().flatten() {
        found.push(PartDiff {
            kind: part.kind,
            name: part.name,
            renamed_from: None,
            change: Change::Added,
            before: None,
            after: Some(part.text),
        });
    }
    found.sort_by(|left, right| {
        (left.kind, &left.name, left.change).cmp(&(right.kind, &right.name, right.change))
    });
    found
}

/// Takes out the pairs that belong together and puts them down as altered.
fn pair(
    old: &mut Vec<Option<Part>>,
    new: &mut Vec<Option<Part>>,
    found: &mut Vec<PartDiff>,
    together: &dyn Fn(&Part, &Part) -> bool,
) {
    for slot in old.iter_mut() {
        let Some(before) = slot.as_ref() else {
            continue;
        };
        let fits =
            |other: &&mut Option<Part>| other.as_ref().is_some_and(|other| together(before, other));
        let Some(other) = new.iter_mut().find(fits) else {
            continue;
        };
        if let (Some(before), Some(after)) = (slot.take(), other.take()) {
            found.push(PartDiff {
                kind: after.kind,
                renamed_from: (before.name != after.name).then_some(before.name),
                name: after.name,
                change: Change::Altered,
                before: Some(before.text),
                after: Some(after.text),
            });
        }
    }
    old.retain(Option::is_some);
    new.retain(Option::is_some);
}
