//! Confirmed renames, put into a copy of the old schema.

use super::Rename;
use super::compare::{find_table, tables_by_name};
use super::text::{replace_identifiers, same};
use crate::schema::{QualifiedName, Schema, Table};

/// What was renamed, by new name.
#[derive(Default)]
pub(super) struct Renamed {
    /// New and old name.
    tables: Vec<(QualifiedName, QualifiedName)>,
    /// The table's new name, the column's new and old name.
    columns: Vec<(QualifiedName, String, String)>,
}

impl Renamed {
    /// The old name of a table.
    pub(super) fn table(&self, new: &QualifiedName) -> Option<&QualifiedName> {
        let at = self.tables.binary_search_by(|it| it.0.cmp(new)).ok()?;
        self.tables.get(at).map(|(_, old)| old)
    }

    /// The old name of a column, by its table's new name.
    pub(super) fn column(&self, table: &QualifiedName, new: &str) -> Option<String> {
        let found = self
            .columns
            .iter()
            .find(|it| it.0 == *table && it.1 == new)?;
        Some(found.2.clone())
    }

    /// The new name of a table.
    fn new_table(&self, old: &QualifiedName) -> Option<&QualifiedName> {
        let found = self.tables.iter().find(|(_, was)| was == old)?;
        Some(&found.0)
    }

    fn rename_table(&self, name: &mut QualifiedName) {
        if let Some(new) = self.new_table(name) {
            *name = new.clone();
        }
    }
}

/// The old schema with new names, and which of the renames hold.
pub(super) fn apply(old: &Schema, new: &Schema, renames: &[Rename]) -> (Schema, Renamed) {
    let mut schema = old.clone();
    let mut renamed = Renamed::default();
    if renames.is_empty() {
        return (schema, renamed);
    }
    let new_tables = tables_by_name(new);
    rename_tables(&mut schema, &new_tables, renames, &mut renamed);
    for rename in renames {
        if let Rename::Column { table, old, new } = rename {
            rename_column(&mut schema, &new_tables, table, old, new, &mut renamed);
        }
    }
    rename_in_texts(&mut schema, new, &renamed);
    rename_sequences(&mut schema, new);
    (schema, renamed)
}

fn rename_tables(
    schema: &mut Schema,
    new_tables: &[&Table],
    renames: &[Rename],
    renamed: &mut Renamed,
) {
    {
        let old_tables = tables_by_name(schema);
        for rename in renames {
            let Rename::Table { old, new } = rename else {
                continue;
            };
            let holds = find_table(&old_tables, old).is_some()
                && find_table(&old_tables, new).is_none()
                && find_table(new_tables, new).is_some()
                && find_table(new_tables, old).is_none();
            let taken = renamed.tables.iter().any(|it| it.0 == *new || it.1 == *old);
            if holds && !taken {
                renamed.tables.push((new.clone(), old.clone()));
            }
        }
    }
    renamed.tables.sort();
    if renamed.tables.is_empty() {
        return;
    }
    for table in &mut schema.tables {
        renamed.rename_table(&mut table.name);
        for key in &mut table.foreign_keys {
            renamed.rename_table(&mut key.target);
        }
        for parent in &mut table.inherits {
            renamed.rename_table(parent);
        }
        if let Some(link) = &mut table.partition_of {
            renamed.rename_table(&mut link.parent);
        }
    }
    for trigger in &mut schema.triggers {
        renamed.rename_table(&mut trigger.table);
    }
    for sequence in &mut schema.sequences {
        if let Some((table, _)) = &mut sequence.owned_by {
            renamed.rename_table(table);
        }
    }
}

fn rename_column(
    schema: &mut Schema,
    new_tables: &[&Table],
    table: &QualifiedName,
    old: &str,
    new: &str,
    renamed: &mut Renamed,
) {
    let before = schema.tables.iter().find(|it| it.name == *table);
    let after = find_table(new_tables, table);
    let (Some(before), Some(after)) = (before, after) else {
        return;
    };
    let holds = before.column(old).is_some()
        && before.column(new).is_none()
        && after.column(new).is_some()
        && after.column(old).is_none();
    // A column that a rename before this one touched is under its new name by now.
    if !holds {
        return;
    }
    renamed
        .columns
        .push((table.clone(), new.to_owned(), old.to_owned()));
    // Partitions have their columns from their table, at whatever depth.
    let mut tree = vec![table.clone()];
    let mut at = 0;
    while let Some(parent) = tree.get(at).cloned() {
        for child in &schema.tables {
            let below = child
                .partition_of
                .as_ref()
                .is_some_and(|it| it.parent == parent);
            if below && !tree.contains(&child.name) {
                tree.push(child.name.clone());
            }
        }
        at += 1;
    }
    for it in &mut schema.tables {
        if tree.contains(&it.name) {
            rename_in_table(it, old, new);
        }
        for key in &mut it.foreign_keys {
            if tree.contains(&key.target) {
                rename_in_list(&mut key.target_columns, old, new);
            }
        }
    }
    for sequence in &mut schema.sequences {
        if let Some((owner, column)) = &mut sequence.owned_by
            && tree.contains(owner)
            && column == old
        {
            *column = new.to_owned();
        }
    }
}

fn rename_in_table(table: &mut Table, old: &str, new: &str) {
    let new_name = |word: &str| (word == old).then(|| new.to_owned());
    let in_text = |text: &mut String| *text = replace_identifiers(text, &new_name);
    for column in &mut table.columns {
        if column.name == old {
            column.name = new.to_owned();
        }
        column.generated.as_mut().map(in_text);
    }
    for key in table.primary_key.iter_mut().chain(&mut table.unique_keys) {
        rename_in_list(&mut key.columns, old, new);
    }
    for key in &mut table.foreign_keys {
        rename_in_list(&mut key.columns, old, new);
    }
    for index in &mut table.indexes {
        for part in &mut index.parts {
            if part.column.as_deref() == Some(old) {
                part.column = Some(new.to_owned());
            }
            in_text(&mut part.text);
        }
        rename_in_list(&mut index.include, old, new);
        index.predicate.as_mut().map(in_text);
    }
    for check in &mut table.checks {
        in_text(&mut check.expression);
    }
    for exclusion in &mut table.exclusions {
        in_text(&mut exclusion.definition);
    }
    table.partition_key.as_mut().map(in_text);
}

fn rename_in_list(names: &mut [String], old: &str, new: &str) {
    for name in names.iter_mut().filter(|name| *name == old) {
        *name = new.to_owned();
    }
}

/// Queries and triggers speak of tables and columns by words that may mean something else too,
/// so that a text is taken over only where the new names make it exactly the new text.
fn rename_in_texts(schema: &mut Schema, new: &Schema, renamed: &Renamed) {
    let new_name = |word: &str| {
        let table = renamed.tables.iter().find(|(_, old)| old.name == word);
        let column = renamed.columns.iter().find(|(_, _, old)| old == word);
        table
            .map(|(new, _)| new.name.clone())
            .or_else(|| column.map(|(_, new, _)| new.clone()))
    };
    let new_tables = tables_by_name(new);
    for table in &mut schema.tables {
        let after = find_table(&new_tables, &table.name).and_then(|it| it.definition.as_ref());
        take_over(&mut table.definition, after, &new_name);
    }
    for trigger in &mut schema.triggers {
        let after = new
            .triggers
            .iter()
            .find(|it| it.table == trigger.table && it.name == trigger.name);
        let mut definition = Some(std::mem::take(&mut trigger.definition));
        take_over(&mut definition, after.map(|it| &it.definition), &new_name);
        trigger.definition = definition.unwrap_or_default();
    }
}

fn take_over(
    text: &mut Option<String>,
    after: Option<&String>,
    new_name: &dyn Fn(&str) -> Option<String>,
) {
    if let (Some(before), Some(after)) = (text.as_ref(), after)
        && before != after
        && same(&replace_identifiers(before, new_name), after)
    {
        *text = Some(after.clone());
    }
}

/// A sequence that the same column owns in both schemas follows the column's name, and so does
/// the default that takes its next value.
fn rename_sequences(schema: &mut Schema, new: &Schema) {
    let has = |sequences: &Schema, name: &QualifiedName| {
        sequences.sequences.iter().any(|it| it.name == *name)
    };
    let mut pairs = Vec::new();
    for sequence in &schema.sequences {
        let owner = &sequence.owned_by;
        if owner.is_none() || has(new, &sequence.name) {
            continue;
        }
        let after = new.sequences.iter().find(|it| it.owned_by == *owner);
        if let Some(after) = after.filter(|after| !has(schema, &after.name)) {
            pairs.push((sequence.name.clone(), after.name.clone(), owner.clone()));
        }
    }
    for (old, name, owner) in pairs {
        for sequence in schema.sequences.iter_mut().filter(|it| it.name == old) {
            sequence.name = name.clone();
        }
        let Some((owner, column)) = owner else {
            continue;
        };
        let default_in = |tables: &Schema| {
            let table = tables.tables.iter().find(|it| it.name == owner)?;
            table.column(&column)?.default.clone()
        };
        let after = default_in(new);
        let follows = |text: &Option<String>, name: &QualifiedName| {
            let text = text.as_deref().unwrap_or_default();
            text.starts_with("nextval") && text.contains(&name.name)
        };
        if follows(&after, &name) {
            for table in schema.tables.iter_mut().filter(|it| it.name == owner) {
                for it in table.columns.iter_mut().filter(|it| it.name == column) {
                    if follows(&it.default, &old) {
                        it.default = after.clone();
                    }
                }
            }
        }
    }
}
