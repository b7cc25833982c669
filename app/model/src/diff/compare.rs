//! Two schemas compared: relations, then everything beside them.

use super::apply::{self, Renamed};
use super::facet::{self, Object};
use super::table::{self, Side};
use super::{
    Alteration, Aspect, Change, ColumnDiff, ObjectDiff, ObjectKind, Rename, SchemaDiff, TableDiff,
};
use crate::schema::{QualifiedName, Schema, Table, Trigger};
use std::cmp::Ordering;

/// How deep partitions may be nested; deeper ones, and circles, stand on their own.
const NESTING_MAX: usize = 16;

impl SchemaDiff {
    /// What became of `old` in `new`.
    pub fn between(old: &Schema, new: &Schema) -> Self {
        compare(old, new, &Renamed::default())
    }

    /// What became of `old` in `new`, where a person confirmed what was renamed.
    ///
    /// Texts of before speak of what was renamed by its new name. A rename is passed over where
    /// the old schema does not hold the old name or holds the new one too, and where the new
    /// schema does not hold the new name or holds the old one too.
    pub fn with_renames(old: &Schema, new: &Schema, renames: &[Rename]) -> Self {
        let (schema, renamed) = apply::apply(old, new, renames);
        compare(&schema, new, &renamed)
    }
}

/// A schema's relations and triggers by name.
struct Names<'a> {
    tables: Vec<&'a Table>,
    triggers: Vec<&'a Trigger>,
}

impl<'a> Names<'a> {
    fn of(schema: &'a Schema) -> Self {
        let mut triggers: Vec<&Trigger> = schema.triggers.iter().collect();
        triggers.sort_by(|left, right| (&left.table, &left.name).cmp(&(&right.table, &right.name)));
        Self {
            tables: tables_by_name(schema),
            triggers,
        }
    }

    fn table(&self, name: &QualifiedName) -> Option<&'a Table> {
        find_table(&self.tables, name)
    }

    fn side<'b>(&'b self, table: &'b Table) -> Side<'b> {
        let from = self.triggers.partition_point(|it| it.table < table.name);
        let to = self.triggers.partition_point(|it| it.table <= table.name);
        Side {
            table,
            triggers: self.triggers.get(from..to).unwrap_or_default(),
        }
    }

    /// The table at the top of a partition's tree.
    fn root(&self, table: &'a Table) -> Option<&'a QualifiedName> {
        let mut at = table;
        for _ in 0..NESTING_MAX {
            match &at.partition_of {
                Some(link) => at = self.table(&link.parent)?,
                None if at.name == table.name => return None,
                None => return Some(&at.name),
            }
        }
        None
    }
}

/// The relations by name; of those that share a name the first.
pub(super) fn tables_by_name(schema: &Schema) -> Vec<&Table> {
    let mut tables: Vec<&Table> = schema.tables.iter().collect();
    tables.sort_by(|left, right| left.name.cmp(&right.name));
    tables.dedup_by(|later, first| later.name == first.name);
    tables
}

pub(super) fn find_table<'a>(tables: &[&'a Table], name: &QualifiedName) -> Option<&'a Table> {
    let at = tables.binary_search_by(|it| it.name.cmp(name)).ok()?;
    tables.get(at).copied()
}

fn compare(old: &Schema, new: &Schema, renamed: &Renamed) -> SchemaDiff {
    let (old_names, new_names) = (Names::of(old), Names::of(new));
    let mut tables = Vec::new();
    let mut partitions: Vec<(&QualifiedName, TableDiff)> = Vec::new();
    for pair in merged(&old_names.tables, &new_names.tables) {
        let (root, diff) = match pair {
            (Some(before), Some(after)) => {
                let (was, is) = (old_names.root(before), new_names.root(after));
                let (left, right) = (old_names.side(before), new_names.side(after));
                let old_name = renamed.table(&after.name);
                let old_column = |column: &str| renamed.column(&after.name, column);
                let diff = table::between(&left, &right, old_name, &old_column);
                (if was == is { is } else { None }, diff)
            }
            (Some(gone), None) => (
                old_names.root(gone),
                Some(table::single(gone, Change::Removed)),
            ),
            (None, Some(come)) => (
                new_names.root(come),
                Some(table::single(come, Change::Added)),
            ),
            (None, None) => continue,
        };
        match (root, diff) {
            (Some(root), Some(diff)) => partitions.push((root, diff)),
            (None, Some(diff)) => tables.push(diff),
            (_, None) => {}
        }
    }
    partitions.sort_by(|left, right| left.0.cmp(right.0));
    fold(&mut tables, partitions, &new_names, &old_names);
    SchemaDiff {
        tables,
        objects: objects_between(old, new, &old_names, &new_names),
    }
}

/// The relations of both sides, by name, those of one name together.
fn merged<'a>(old: &[&'a Table], new: &[&'a Table]) -> Vec<(Option<&'a Table>, Option<&'a Table>)> {
    let (mut left, mut right) = (
        old.iter().copied().peekable(),
        new.iter().copied().peekable(),
    );
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some(one), Some(other)) => one.name.cmp(&other.name),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return pairs,
        };
        pairs.push(match order {
            Ordering::Less => (left.next(), None),
            Ordering::Greater => (None, right.next()),
            Ordering::Equal => (left.next(), right.next()),
        });
    }
}

/// Puts partitions under their tables. `tables` is by name and stays so, `partitions` by table.
fn fold(
    tables: &mut Vec<TableDiff>,
    partitions: Vec<(&QualifiedName, TableDiff)>,
    new: &Names<'_>,
    old: &Names<'_>,
) {
    let known = tables.len();
    for (root, mut partition) in partitions {
        let at = tables
            .get(..known)
            .and_then(|known| known.binary_search_by(|it| it.name.cmp(root)).ok());
        let parent = match at {
            Some(at) => tables.get_mut(at),
            // Tables that differ in partitions alone are put down as they come.
            None => tables
                .get_mut(known..)
                .and_then(|more| more.last_mut())
                .filter(|it| it.name == *root),
        };
        if let Some(parent) = parent {
            if drop_what_follows(&mut partition, parent) {
                parent.partitions.push(partition);
            }
        } else if let Some(table) = new.table(root).or_else(|| old.table(root)) {
            tables.push(TableDiff {
                change: Change::Altered,
                alterations: Vec::new(),
                columns: Vec::new(),
                partitions: vec![partition],
                ..table::single(table, Change::Altered)
            });
        }
    }
    for table in tables.iter_mut() {
        table
            .partitions
            .sort_by(|left, right| left.name.cmp(&right.name));
        if table.change == Change::Commented
            && table
                .partitions
                .iter()
                .any(|it| it.change != Change::Commented)
        {
            table.change = Change::Altered;
        }
        // Commented partitions alone alter nothing.
        if !table.partitions.is_empty()
            && table.change == Change::Altered
            && !table.is_altered_itself()
            && table.renamed_from.is_none()
            && table
                .partitions
                .iter()
                .all(|it| it.change == Change::Commented)
        {
            table.change = Change::Commented;
        }
    }
    tables.sort_by(|left, right| left.name.cmp(&right.name));
}

/// Leaves only what the partition does not have from its table; whether anything is left.
fn drop_what_follows(partition: &mut TableDiff, table: &TableDiff) -> bool {
    if matches!(partition.change, Change::Added | Change::Removed) {
        return true;
    }
    partition
        .columns
        .retain(|column| !table.columns.iter().any(|other| follows(column, other)));
    partition.parts.retain(|part| {
        !table.parts.iter().any(|other| {
            part.kind == other.kind
                && part.change == other.change
                && part.before == other.before
                && part.after == other.after
        })
    });
    let structural = partition.is_altered_itself();
    if !structural {
        partition.change = Change::Commented;
    }
    structural || !partition.columns.is_empty() || !partition.alterations.is_empty()
}

fn follows(column: &ColumnDiff, other: &ColumnDiff) -> bool {
    // The order of a partition's columns is its own.
    let placed = |it: &&Alteration| it.aspect != Aspect::Position;
    let same = column.name == other.name
        && column
            .alterations
            .iter()
            .filter(placed)
            .eq(other.alterations.iter().filter(placed));
    same && (column.change == other.change || other.renamed_from.is_some())
}

fn objects_between(
    old: &Schema,
    new: &Schema,
    old_names: &Names<'_>,
    new_names: &Names<'_>,
) -> Vec<ObjectDiff> {
    let on_table =
        |name: &QualifiedName| old_names.table(name).is_some() || new_names.table(name).is_some();
    let old_objects = facet::objects_of(old, &on_table);
    let new_objects = facet::objects_of(new, &on_table);
    let gone = following(old, new_names);
    let come = following(new, old_names);
    let mut found = Vec::new();
    let mut single = |object: Object, change, following: &[&QualifiedName]| {
        // A sequence that comes or goes with its column is told by the column.
        if object.kind == ObjectKind::Sequence && following.binary_search(&&object.name).is_ok() {
            return;
        }
        found.push(ObjectDiff {
            kind: object.kind,
            name: object.name,
            detail: object.detail,
            change,
            alterations: facet::all_of(object.facets, change),
        });
    };
    let mut both = Vec::new();
    let mut right = new_objects.into_iter().peekable();
    for before in old_objects {
        while let Some(after) = right.next_if(|it| it.key() < before.key()) {
            single(after, Change::Added, &come);
        }
        match right.next_if(|it| it.key() == before.key()) {
            Some(after) => both.push((before, after)),
            None => single(before, Change::Removed, &gone),
        }
    }
    for after in right {
        single(after, Change::Added, &come);
    }
    for (before, after) in both {
        let alterations = facet::alterations(&before.facets, &after.facets);
        if let Some(change) = facet::change_of(&alterations) {
            found.push(ObjectDiff {
                kind: after.kind,
                name: after.name,
                detail: after.detail,
                change,
                alterations,
            });
        }
    }
    found.sort_by(|left, right| {
        (left.kind, &left.name, &left.detail).cmp(&(right.kind, &right.name, &right.detail))
    });
    found
}

/// Sequences whose owning column the other schema does not hold, by name.
fn following<'a>(schema: &'a Schema, other: &Names<'_>) -> Vec<&'a QualifiedName> {
    let mut names: Vec<&QualifiedName> = schema
        .sequences
        .iter()
        .filter(|sequence| {
            sequence.owned_by.as_ref().is_some_and(|(table, column)| {
                other
                    .table(table)
                    .and_then(|table| table.column(column))
                    .is_none()
            })
        })
        .map(|sequence| &sequence.name)
        .collect();
    names.sort_unstable();
    names
}
