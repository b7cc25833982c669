//! Indexes, and how partitions come by theirs.

use super::naming::distinct_labels;
use super::{Catalog, ForeignKeyRow, IndexRow, Place, RelationId, RowId, Target, TriggerRow};
use crate::fold;
use model::schema::{ConstraintKind, ForeignKey, Index, IndexPart};

/// An index to be made: of a statement, of a constraint, or of a partition from its parent.
#[derive(Debug, Clone)]
pub(crate) struct NewIndex {
    /// Its name, where one is given.
    pub(crate) name: Option<String>,
    pub(crate) method: String,
    pub(crate) unique: bool,
    /// Each part with what a generated name calls it.
    pub(crate) parts: Vec<(IndexPart, String)>,
    pub(crate) include: Vec<String>,
    pub(crate) predicate: Option<String>,
    pub(crate) constraint: Option<ConstraintKind>,
    pub(crate) exclusion: Option<String>,
}

impl NewIndex {
    /// The index behind a key.
    pub(crate) fn of_key(
        name: Option<String>,
        primary: bool,
        columns: &[String],
        include: Vec<String>,
    ) -> Self {
        let kind = if primary {
            ConstraintKind::PrimaryKey
        } else {
            ConstraintKind::Unique
        };
        Self {
            name,
            method: "btree".to_owned(),
            unique: true,
            parts: columns.iter().map(|column| column_part(column)).collect(),
            include,
            predicate: None,
            constraint: Some(kind),
            exclusion: None,
        }
    }

    /// The same index, to be made for a partition.
    pub(crate) fn of_parent(row: &IndexRow) -> Self {
        Self {
            name: None,
            method: row.index.method.clone(),
            unique: row.index.unique,
            parts: row
                .index
                .parts
                .iter()
                .cloned()
                .zip(row.labels.iter().cloned())
                .collect(),
            include: row.index.include.clone(),
            predicate: row.index.predicate.clone(),
            constraint: row.index.constraint,
            exclusion: row.exclusion.clone(),
        }
    }
}

/// A part that is just a column.
fn column_part(column: &str) -> (IndexPart, String) {
    let part = IndexPart {
        column: Some(column.to_owned()),
        text: fold::quoted(column),
    };
    (part, column.to_owned())
}

impl Catalog {
    /// Makes an index and, if `recurse` says so, those of the partitions.
    pub(crate) fn make_index(&mut self, id: RelationId, new: NewIndex, recurse: bool) {
        self.spread_index(id, None, new, recurse);
    }

    fn spread_index(
        &mut self,
        id: RelationId,
        parent: Option<RowId>,
        new: NewIndex,
        recurse: bool,
    ) {
        let mut waiting = vec![(id, parent, new)];
        while let Some((id, parent, new)) = waiting.pop() {
            let row = match parent.and_then(|parent| self.adopt_index(id, parent, &new)) {
                Some(adopted) => adopted,
                None => self.make_one_index(id, parent, &new),
            };
            if !recurse {
                return;
            }
            let Some(relation) = self.relation(id) else {
                continue;
            };
            if relation.partition_key.is_some() {
                let made = relation.indexes.iter().find(|found| found.id == row);
                if let Some(next) = made.map(NewIndex::of_parent) {
                    for child in relation.children.iter().rev() {
                        waiting.push((*child, Some(row), next.clone()));
                    }
                }
            }
        }
    }

    /// Makes an index of a partition that has the same one already part of its parent's.
    fn adopt_index(&mut self, id: RelationId, parent: RowId, new: &NewIndex) -> Option<RowId> {
        let relation = self.relation_mut(id)?;
        let same = relation.indexes.iter_mut().find(|row| {
            row.parent.is_none()
                && row.index.method == new.method
                && row.index.unique == new.unique
                && row.index.predicate == new.predicate
                && row.index.include == new.include
                && (new.constraint.is_none() || row.index.constraint == new.constraint)
                && row
                    .index
                    .parts
                    .iter()
                    .eq(new.parts.iter().map(|(part, _)| part))
        })?;
        same.parent = Some(parent);
        Some(same.id)
    }

    fn make_one_index(&mut self, id: RelationId, parent: Option<RowId>, new: &NewIndex) -> RowId {
        let row = self.next_row();
        let Some(relation) = self.relation(id) else {
            return row;
        };
        let table = relation.name.clone();
        let labels: Vec<String> = new.parts.iter().map(|(_, label)| label.clone()).collect();
        let name = new.name.clone().unwrap_or_else(|| {
            let all: Vec<String> = labels.iter().chain(&new.include).cloned().collect();
            let columns = distinct_labels(&all);
            let columns = fold::join_columns(columns.iter().map(String::as_str));
            let (second, label) = match new.constraint {
                Some(ConstraintKind::PrimaryKey) => (None, "pkey"),
                Some(ConstraintKind::Unique) => (Some(columns.as_str()), "key"),
                Some(ConstraintKind::Exclusion) => (Some(columns.as_str()), "excl"),
                None => (Some(columns.as_str()), "idx"),
            };
            let constraint = new.constraint.is_some();
            self.relation_name(&table.schema, &table.name, second, label, constraint)
        });
        if new.constraint == Some(ConstraintKind::PrimaryKey) {
            for (part, _) in &new.parts {
                if let Some(column) = &part.column {
                    self.set_not_null(id, column);
                }
            }
        }
        let index = Index {
            name,
            method: new.method.clone(),
            unique: new.unique,
            parts: new.parts.iter().map(|(part, _)| part.clone()).collect(),
            include: new.include.clone(),
            predicate: new.predicate.clone(),
            constraint: new.constraint,
        };
        let exclusion = new.exclusion.clone();
        self.add_index(
            id,
            IndexRow {
                id: row,
                parent,
                index,
                exclusion,
                labels,
            },
        );
        row
    }

    /// Refuses null in a column, and in those that inherit it.
    pub(crate) fn set_not_null(&mut self, id: RelationId, column: &str) {
        for each in self.with_descendants(id) {
            if let Some(row) = self
                .relation_mut(each)
                .and_then(|found| found.column_mut(column))
            {
                row.column.nullable = false;
            }
        }
    }

    /// Makes a foreign key and, if `recurse` says so, those of the partitions.
    pub(crate) fn make_foreign_key(
        &mut self,
        id: RelationId,
        name: Option<String>,
        key: ForeignKey,
        target: Target,
        place: Place,
        recurse: bool,
    ) {
        let name = name.unwrap_or_else(|| self.foreign_key_name(id, &key.columns));
        let row = self.next_row();
        let key = ForeignKey { name, ..key };
        self.add_foreign_key(
            id,
            ForeignKeyRow {
                id: row,
                parent: None,
                key,
                target,
                place,
            },
        );
        if recurse {
            self.spread_foreign_key(id, row);
        }
    }

    fn foreign_key_name(&mut self, id: RelationId, columns: &[String]) -> String {
        let joined = fold::join_columns(columns.iter().map(String::as_str));
        self.constraint_name(id, Some(&joined), "fkey")
    }

    /// Gives a foreign key to all partitions below.
    fn spread_foreign_key(&mut self, id: RelationId, row: RowId) {
        let mut waiting = vec![(id, row)];
        while let Some((id, row)) = waiting.pop() {
            let Some(relation) = self.relation(id) else {
                continue;
            };
            if relation.partition_key.is_none() {
                continue;
            }
            let children = relation.children.clone();
            for child in children {
                if let Some(made) = self.copy_foreign_key(id, row, child) {
                    waiting.push((child, made));
                }
            }
        }
    }

    /// Gives a partition its parent's foreign key, or makes its own equal one part of that.
    fn copy_foreign_key(
        &mut self,
        parent: RelationId,
        row: RowId,
        child: RelationId,
    ) -> Option<RowId> {
        let original = self
            .relation(parent)?
            .foreign_keys
            .iter()
            .find(|found| found.id == row)?
            .clone();
        let relation = self.relation_mut(child)?;
        let equal = relation.foreign_keys.iter_mut().find(|own| {
            own.parent.is_none()
                && own.key.columns == original.key.columns
                && own.key.on_delete == original.key.on_delete
                && own.key.on_update == original.key.on_update
                && own.key.deferrable == original.key.deferrable
                && own.key.target_columns == original.key.target_columns
                && own.target == original.target
        });
        if let Some(own) = equal {
            own.parent = Some(row);
            own.key.inherited = true;
            return Some(own.id);
        }
        let taken = relation.has_constraint(&original.key.name);
        let name = match taken {
            true => self.foreign_key_name(child, &original.key.columns),
            false => original.key.name.clone(),
        };
        let id = self.next_row();
        let key = ForeignKey {
            name,
            inherited: true,
            ..original.key
        };
        let copy = ForeignKeyRow {
            id,
            parent: Some(row),
            key,
            target: original.target,
            place: original.place,
        };
        self.add_foreign_key(child, copy);
        Some(id)
    }

    /// Gives a partition the indexes and the foreign keys of its parent.
    pub(crate) fn give_to_partition(&mut self, parent: RelationId, child: RelationId) {
        let Some(relation) = self.relation(parent) else {
            return;
        };
        let indexes: Vec<(RowId, NewIndex)> = relation
            .indexes
            .iter()
            .map(|row| (row.id, NewIndex::of_parent(row)))
            .collect();
        let keys: Vec<RowId> = relation.foreign_keys.iter().map(|row| row.id).collect();
        for (row, new) in indexes {
            self.spread_index(child, Some(row), new, true);
        }
        for row in keys {
            if let Some(made) = self.copy_foreign_key(parent, row, child) {
                self.spread_foreign_key(child, made);
            }
        }
        let triggers: Vec<TriggerRow> = self
            .triggers
            .iter()
            .filter(|trigger| trigger.relation == parent && trigger.each_row)
            .cloned()
            .collect();
        for trigger in triggers {
            self.give_trigger(child, &trigger);
        }
    }

    /// Gives a trigger to a table and to the partitions below it.
    fn give_trigger(&mut self, id: RelationId, trigger: &TriggerRow) {
        for relation in self.with_descendants(id) {
            let copy = TriggerRow {
                relation,
                inherited: true,
                ..trigger.clone()
            };
            self.triggers.push(copy);
        }
    }

    /// Adds a trigger to a table and, if it fires for each row, to the partitions below it.
    pub(crate) fn add_trigger(&mut self, trigger: TriggerRow) {
        let children = match self.relation(trigger.relation) {
            Some(relation) if trigger.each_row && relation.partition_key.is_some() => {
                relation.children.clone()
            }
            _ => Vec::new(),
        };
        self.triggers.push(trigger.clone());
        for child in children {
            self.give_trigger(child, &trigger);
        }
    }
}
