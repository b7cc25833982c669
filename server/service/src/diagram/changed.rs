//! Two versions of a database as one graph: what the newer declares and, as ghosts, what only the
//! older one has.

use super::kind_of;
use crate::changes::Compared;
use diagram::graph::{ColumnRow, Graph, Link, TableNode};
use diagram::measure::short_type;
use diagram::overlay::{Mark, MarkKind, Overlay};
use model::diff::{Alteration, Aspect, Change, ColumnDiff, PartKind, TableDiff};
use model::schema::{Column, ForeignKey, QualifiedName, Schema, Table, TableKind};
use std::collections::{HashMap, HashSet};
use store::diagram::DiagramRows;

/// Two versions with their numbers.
pub(super) struct Changed {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) compared: Compared,
}

/// The graph of both versions, and what differs. `rows` are the tables of now, for their ids and
/// counts of rows.
pub(super) fn changed(versions: &Changed, rows: &DiagramRows) -> (Graph, Overlay) {
    let Compared { old, new, diff } = &versions.compared;
    let mut overlay = Overlay::new(format!(
        "Changes from version {} to {}",
        versions.from, versions.to
    ));
    overlay.quiet_rest = true;
    let diffs: HashMap<&QualifiedName, &TableDiff> = diff
        .tables
        .iter()
        .map(|table| (&table.name, table))
        .collect();
    let known: HashMap<(&str, &str), (i64, Option<i64>)> = rows
        .tables
        .iter()
        .map(|it| {
            let name = (it.schema.as_str(), it.name.as_str());
            (name, (it.id.0, it.row_count))
        })
        .collect();
    let old_tables: HashMap<&QualifiedName, &Table> = old
        .tables
        .iter()
        .map(|table| (&table.name, table))
        .collect();
    let mut union = Union {
        graph: Graph::default(),
        overlay,
        places: HashMap::new(),
        columns: Vec::new(),
        renamed: diff
            .tables
            .iter()
            .filter_map(|it| Some((it.renamed_from.as_ref()?, &it.name)))
            .collect(),
    };

    let mut all: Vec<(&Table, Option<&TableDiff>)> = shown(new)
        .map(|table| (table, diffs.get(&table.name).copied()))
        .collect();
    let gone = diff.tables.iter().filter(|it| it.change == Change::Removed);
    all.extend(gone.filter_map(|diff| {
        let table = old_tables.get(&diff.name)?;
        (table.kind != TableKind::Partition).then_some((*table, Some(diff)))
    }));
    // As the diagram of now has them: by schema and name, a ghost among the others.
    all.sort_by(|left, right| left.0.name.cmp(&right.0.name));
    all.dedup_by(|later, first| later.0.name == first.0.name);
    for (place, (table, diff)) in all.iter().enumerate() {
        let old = diff.and_then(|diff| {
            old_tables
                .get(diff.renamed_from.as_ref().unwrap_or(&diff.name))
                .copied()
        });
        let name = (table.name.schema.as_str(), table.name.name.as_str());
        // A ghost is no row of the catalog.
        let (id, row_count) = known
            .get(&name)
            .copied()
            .unwrap_or((-1 - i64::try_from(place).unwrap_or(i64::MAX - 1), None));
        union.add_table(table, old, *diff, id, row_count);
    }
    for (table, diff) in &all {
        union.add_links(table, *diff, &old_tables);
    }
    (union.graph, union.overlay)
}

fn shown(schema: &Schema) -> impl Iterator<Item = &Table> {
    let mut seen = HashSet::new();
    schema
        .tables
        .iter()
        .filter(move |table| table.kind != TableKind::Partition && seen.insert(&table.name))
}

struct Union<'a> {
    graph: Graph,
    overlay: Overlay,
    places: HashMap<QualifiedName, usize>,
    /// The places of each table's columns, by name; those of old names too.
    columns: Vec<HashMap<String, u16>>,
    /// New names by old ones.
    renamed: HashMap<&'a QualifiedName, &'a QualifiedName>,
}

impl Union<'_> {
    fn add_table(
        &mut self,
        table: &Table,
        old: Option<&Table>,
        diff: Option<&TableDiff>,
        id: i64,
        row_count: Option<i64>,
    ) {
        let place = self.graph.tables.len();
        let altered = diff.filter(|diff| diff.change == Change::Altered);
        let mut columns: Vec<(ColumnRow, Option<&ColumnDiff>)> = table
            .columns
            .iter()
            .map(|column| {
                let diff = altered
                    .and_then(|diff| diff.columns.iter().find(|it| it.name == column.name))
                    .filter(|it| it.change != Change::Removed);
                (row_of(table, column), diff)
            })
            .collect();
        if let (Some(diff), Some(old)) = (altered, old) {
            for gone in diff
                .columns
                .iter()
                .filter(|it| it.change == Change::Removed)
            {
                let Some(column) = old.column(&gone.name) else {
                    continue;
                };
                // Where it stood, as far as that can be said.
                let at = (gone.place as usize).min(columns.len());
                columns.insert(at, (row_of(old, column), Some(gone)));
            }
        }
        let mut names = HashMap::with_capacity(columns.len());
        for (at, (row, diff)) in columns.iter_mut().enumerate() {
            let Ok(at) = u16::try_from(at) else {
                break;
            };
            names.insert(row.name.clone(), at);
            let Some(diff) = diff else {
                continue;
            };
            if let Some(old) = &diff.renamed_from {
                names.insert(old.clone(), at);
            }
            if let Some(mark) = column_mark(diff) {
                if let Some((before, after)) = types_of(diff) {
                    // In the picture there is one place for a type: both are shown in it.
                    row.data_type = both_types(before, after);
                }
                self.overlay.mark_column(place, at, mark);
            }
        }
        if let Some(mark) = diff.and_then(table_mark) {
            self.overlay.mark_table(place, mark);
        }
        self.graph.tables.push(TableNode {
            id,
            schema: table.name.schema.clone(),
            name: table.name.name.clone(),
            kind: kind_of(table.kind),
            column_count: u32::try_from(columns.len()).unwrap_or(u32::MAX),
            row_count: row_count.and_then(|count| u64::try_from(count).ok()),
            gone: false,
            columns: columns.into_iter().map(|(row, _)| row).collect(),
        });
        self.places.insert(table.name.clone(), place);
        self.columns.push(names);
    }

    fn add_links(
        &mut self,
        table: &Table,
        diff: Option<&TableDiff>,
        old_tables: &HashMap<&QualifiedName, &Table>,
    ) {
        let whole = diff
            .filter(|it| matches!(it.change, Change::Added | Change::Removed))
            .map(|it| it.change);
        let parts: Vec<_> = diff
            .iter()
            .flat_map(|diff| &diff.parts)
            .filter(|part| part.kind == PartKind::ForeignKey)
            .collect();
        for key in &table.foreign_keys {
            let part = parts
                .iter()
                .find(|part| part.name == key.name && part.change != Change::Removed);
            let mark = match (whole, part) {
                (Some(change), _) => mark_for(change, change.label()),
                (None, Some(part)) => {
                    let label = match (&part.before, &part.after) {
                        (Some(before), Some(after)) => format!("was {before}, is {after}"),
                        _ => part.change.label().to_owned(),
                    };
                    mark_for(part.change, &label)
                }
                (None, None) => None,
            };
            self.add_link(table, key, mark);
        }
        let old = diff
            .filter(|it| it.change == Change::Altered)
            .and_then(|it| old_tables.get(it.renamed_from.as_ref().unwrap_or(&it.name)));
        let gone = parts.iter().filter(|part| part.change == Change::Removed);
        for part in gone {
            let key = old.and_then(|old| old.foreign_keys.iter().find(|it| it.name == part.name));
            if let Some(key) = key {
                self.add_link(table, key, mark_for(Change::Removed, "removed"));
            }
        }
    }

    fn add_link(&mut self, table: &Table, key: &ForeignKey, mark: Option<Mark>) {
        let target = self
            .renamed
            .get(&key.target)
            .copied()
            .unwrap_or(&key.target);
        let (Some(&from), Some(&to)) = (self.places.get(&table.name), self.places.get(target))
        else {
            return;
        };
        if key.inherited {
            return;
        }
        let places = |table: usize, names: &[String]| -> Vec<u16> {
            let known = self.columns.get(table);
            names
                .iter()
                .filter_map(|name| known?.get(name).copied())
                .collect()
        };
        let from_columns = places(from, &key.columns);
        let to_columns = places(to, &key.target_columns);
        let mut optional = false;
        let mut unique = false;
        if let Some(child) = self.graph.tables.get_mut(from) {
            let mut whole_key = child.columns.iter().any(|it| it.primary_key);
            for (at, column) in child.columns.iter_mut().enumerate() {
                let is_part = from_columns.iter().any(|it| usize::from(*it) == at);
                whole_key &= is_part || !column.primary_key;
                if is_part {
                    column.foreign_key = true;
                    optional |= column.nullable;
                    unique |= column.unique;
                }
            }
            unique |= whole_key;
        }
        if let Some(mark) = mark {
            self.overlay.mark_link(self.graph.links.len(), mark);
        }
        self.graph.links.push(Link {
            from: u32::try_from(from).unwrap_or(u32::MAX),
            to: u32::try_from(to).unwrap_or(u32::MAX),
            name: key.name.clone(),
            optional,
            unique,
            declared: true,
            accepted_by: None,
            from_columns,
            to_columns,
        });
    }
}

fn row_of(table: &Table, column: &Column) -> ColumnRow {
    let alone = |columns: &[String]| matches!(columns, [only] if *only == column.name);
    let primary_key = table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.columns.contains(&column.name));
    ColumnRow {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        primary_key,
        foreign_key: false,
        nullable: column.nullable && !primary_key,
        unique: table.unique_keys.iter().any(|key| alone(&key.columns))
            || table.primary_key.iter().any(|key| alone(&key.columns)),
        used: false,
    }
}

/// What is said of a table that differs; nothing where only comments do.
fn table_mark(diff: &TableDiff) -> Option<Mark> {
    let mut parts = Vec::new();
    if let Some(old) = &diff.renamed_from {
        parts.push(format!("renamed from {old}"));
    }
    if diff.change == Change::Altered {
        for change in [Change::Added, Change::Altered, Change::Removed] {
            let count = diff.columns.iter().filter(|it| it.change == change).count();
            push_count(&mut parts, count, "column", change);
        }
        for part in &diff.parts {
            parts.push([part.kind.label(), " ", part.change.label()].concat());
        }
        parts.extend(
            diff.alterations
                .iter()
                .filter(|it| it.is_structural())
                .map(|it| [it.aspect.label(), " altered"].concat()),
        );
        push_count(&mut parts, diff.partitions.len(), "partition", diff.change);
    }
    let label = if parts.is_empty() {
        diff.change.label().to_owned()
    } else {
        parts.join(", ")
    };
    mark_for(diff.change, &label)
}

fn push_count(parts: &mut Vec<String>, count: usize, word: &str, change: Change) {
    let change = change.label();
    match count {
        0 => {}
        1 => parts.push(format!("1 {word} {change}")),
        many => parts.push(format!("{many} {word}s {change}")),
    }
}

fn column_mark(diff: &ColumnDiff) -> Option<Mark> {
    let mut parts = Vec::new();
    if let Some(old) = &diff.renamed_from {
        parts.push(format!("renamed from {old}"));
    }
    if diff.change == Change::Altered {
        let structural = diff.alterations.iter().filter(|it| it.is_structural());
        parts.extend(structural.map(sentence));
    }
    let label = if parts.is_empty() {
        diff.change.label().to_owned()
    } else {
        parts.join(", ")
    };
    mark_for(diff.change, &label)
}

fn sentence(alteration: &Alteration) -> String {
    let aspect = alteration.aspect.label();
    match (&alteration.before, &alteration.after) {
        (Some(before), Some(after)) => format!("{aspect} {before} → {after}"),
        (None, Some(after)) => format!("{aspect} {after} added"),
        (Some(before), None) => format!("{aspect} {before} removed"),
        (None, None) => aspect.to_owned(),
    }
}

/// The types before and now, where that is what differs of a column that stays.
fn types_of(diff: &ColumnDiff) -> Option<(&str, &str)> {
    if diff.change != Change::Altered {
        return None;
    }
    let alteration = diff
        .alterations
        .iter()
        .find(|it| it.aspect == Aspect::DataType)?;
    Some((alteration.before.as_deref()?, alteration.after.as_deref()?))
}

/// Two types in the room of one: `varchar(80) → text`, `numeric(10,2) → (14,2)`.
fn both_types(before: &str, after: &str) -> String {
    let (before, after) = (short_type(before), short_type(after));
    let word = |text: &str| text.find('(').unwrap_or(text.len());
    let (before_word, after_word) = (
        before.get(..word(&before)).unwrap_or_default(),
        after.get(..word(&after)).unwrap_or_default(),
    );
    let rest = after.get(after_word.len()..).unwrap_or_default();
    if before_word == after_word && !rest.is_empty() {
        [&*before, " → ", rest].concat()
    } else {
        [&*before, " → ", &*after].concat()
    }
}

fn mark_for(change: Change, label: &str) -> Option<Mark> {
    let kind = match change {
        Change::Added => MarkKind::Added,
        Change::Removed => MarkKind::Removed,
        Change::Altered => MarkKind::Altered,
        Change::Commented => return None,
    };
    Some(Mark::new(kind, label))
}

#[cfg(test)]
mod tests {
    use super::both_types;

    #[test]
    fn two_types_share_what_is_alike() {
        for (before, after, both) in [
            ("integer", "bigint", "integer → bigint"),
            ("numeric(10,2)", "numeric(14,2)", "numeric(10,2) → (14,2)"),
            ("character varying(80)", "text", "varchar(80) → text"),
            (
                "character varying(80)",
                "character varying",
                "varchar(80) → varchar",
            ),
        ] {
            assert_eq!(both_types(before, after), both);
        }
    }
}
