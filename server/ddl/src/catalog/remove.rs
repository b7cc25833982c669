//! What `DROP` takes away, and what goes with it.

use super::{Catalog, Holder, Relation, RelationId, RowId, Target, UserTypeKind, key_columns};
use crate::postgres::expression;
use model::schema::QualifiedName;
use std::collections::BTreeSet;

impl Catalog {
    /// Removes a relation with all that hangs on it: partitions and children, the foreign keys
    /// that point at it, and views that read it.
    pub(crate) fn remove_relation(&mut self, id: RelationId) {
        let mut gone: BTreeSet<RelationId> = BTreeSet::new();
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            if !gone.insert(next) {
                continue;
            }
            if let Some(relation) = self.relation(next) {
                waiting.extend(relation.children.iter().copied());
            }
            waiting.extend(self.readers(next));
        }
        for id in &gone {
            self.take_out(*id);
        }
        let mut forgotten = Vec::new();
        for relation in self.relations.iter_mut().flatten() {
            relation.children.retain(|child| !gone.contains(child));
            relation.parents.retain(|parent| !gone.contains(parent));
            let schema = &relation.name.schema;
            relation.foreign_keys.retain(|row| {
                let keep = !matches!(&row.target, Target::Relation(id) if gone.contains(id));
                if !keep {
                    forgotten.push(QualifiedName::new(schema, row.key.name.clone()));
                }
                keep
            });
        }
        for name in forgotten {
            self.forget_constraint(&name);
        }
        self.triggers
            .retain(|trigger| !gone.contains(&trigger.relation));
        let owned: Vec<usize> = self
            .sequences
            .iter()
            .enumerate()
            .filter(|(_, sequence)| {
                sequence
                    .as_ref()
                    .and_then(|sequence| sequence.owner.as_ref())
                    .is_some_and(|(owner, _)| gone.contains(owner))
            })
            .map(|(at, _)| at)
            .collect();
        for sequence in owned {
            self.remove_sequence(sequence);
        }
    }

    /// The views that read a relation.
    pub(crate) fn readers(&self, id: RelationId) -> Vec<RelationId> {
        self.relations
            .iter()
            .enumerate()
            .filter(|(_, relation)| {
                relation
                    .as_ref()
                    .is_some_and(|relation| relation.reads.contains(&id))
            })
            .map(|(at, _)| at)
            .collect()
    }

    fn take_out(&mut self, id: RelationId) {
        let Some(relation) = self.relations.get_mut(id).and_then(Option::take) else {
            return;
        };
        self.names.remove(&relation.name);
        let schema = relation.name.schema;
        for row in relation.indexes {
            let name = QualifiedName::new(schema.clone(), row.index.name);
            // Where an index's name is taken only within its table, another may hold it here.
            if matches!(self.names.get(&name), Some(Holder::Index(_))) {
                self.names.remove(&name);
            }
            if row.index.constraint.is_some() {
                self.forget_constraint(&name);
            }
        }
        let checks = relation.checks.into_iter().map(|row| row.check.name);
        let keys = relation.foreign_keys.into_iter().map(|row| row.key.name);
        for name in checks.chain(keys) {
            self.forget_constraint(&QualifiedName::new(schema.clone(), name));
        }
    }

    /// Removes a sequence.
    pub(crate) fn remove_sequence(&mut self, id: usize) {
        if let Some(sequence) = self.sequences.get_mut(id).and_then(Option::take) {
            self.names.remove(&sequence.name);
        }
    }

    /// Removes a type with the columns that have it and the domains over it.
    pub(crate) fn remove_type(&mut self, id: usize) {
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            let Some(removed) = self.types.get_mut(id).and_then(Option::take) else {
                continue;
            };
            self.type_names.remove(&removed.name);
            let mut columns = Vec::new();
            for (at, relation) in self.relations.iter().enumerate() {
                for row in relation.iter().flat_map(|relation| &relation.columns) {
                    if row
                        .data_type
                        .as_ref()
                        .is_some_and(|found| found.rests_on(id))
                    {
                        columns.push((at, row.column.name.clone()));
                    }
                }
            }
            for (relation, column) in columns {
                if self.relation(relation).is_some_and(Relation::is_view) {
                    self.remove_relation(relation);
                } else {
                    self.remove_column(relation, &column, true, true);
                }
            }
            for (at, found) in self.types.iter().enumerate() {
                if let Some(UserTypeKind::Domain { data_type, .. }) =
                    found.as_ref().map(|found| &found.kind)
                    && data_type.rests_on(id)
                {
                    waiting.push(at);
                }
            }
        }
    }

    /// Removes all that a schema holds.
    pub(crate) fn remove_schema(&mut self, schema: &str) {
        let holders: Vec<Holder> = self
            .names
            .iter()
            .filter(|(name, _)| name.schema == schema)
            .map(|(_, holder)| *holder)
            .collect();
        for holder in holders {
            match holder {
                Holder::Relation(id) => self.remove_relation(id),
                Holder::Sequence(id) => self.remove_sequence(id),
                Holder::Index(_) => {}
            }
        }
        let types: Vec<usize> = self
            .type_names
            .iter()
            .filter(|(name, _)| name.schema == schema)
            .map(|(_, id)| *id)
            .collect();
        for id in types {
            self.remove_type(id);
        }
        self.routines
            .retain(|routine| routine.name.schema != schema);
    }

    /// Removes indexes by identity, with those of partitions that are part of them.
    fn remove_index_rows(&mut self, id: RelationId, rows: Vec<RowId>) {
        let mut gone: BTreeSet<RowId> = rows.into_iter().collect();
        for each in self.with_descendants(id) {
            let Some(relation) = self.relation_mut(each) else {
                continue;
            };
            let schema = relation.name.schema.clone();
            let mut removed = Vec::new();
            relation.indexes.retain(|row| {
                let part = row.parent.is_some_and(|parent| gone.contains(&parent));
                let remove = part || gone.contains(&row.id);
                if remove {
                    gone.insert(row.id);
                    let name = QualifiedName::new(schema.clone(), row.index.name.clone());
                    removed.push((name, row.index.constraint.is_some()));
                }
                !remove
            });
            for (name, constraint) in removed {
                self.names.remove(&name);
                if constraint {
                    self.forget_constraint(&name);
                }
            }
        }
    }

    /// Removes foreign keys by identity, with those of partitions that are part of them.
    fn remove_foreign_key_rows(&mut self, id: RelationId, rows: Vec<RowId>) {
        let mut gone: BTreeSet<RowId> = rows.into_iter().collect();
        for each in self.with_descendants(id) {
            let Some(relation) = self.relation_mut(each) else {
                continue;
            };
            let schema = relation.name.schema.clone();
            let mut removed = Vec::new();
            relation.foreign_keys.retain(|row| {
                let part = row.parent.is_some_and(|parent| gone.contains(&parent));
                let remove = part || gone.contains(&row.id);
                if remove {
                    gone.insert(row.id);
                    removed.push(QualifiedName::new(schema.clone(), row.key.name.clone()));
                }
                !remove
            });
            for name in removed {
                self.forget_constraint(&name);
            }
        }
    }

    /// Removes an index by name.
    pub(crate) fn remove_index(&mut self, id: RelationId, name: &str) {
        let rows = self.relation(id).map(|relation| {
            relation
                .indexes
                .iter()
                .filter(|row| row.index.name == name)
                .map(|row| row.id)
                .collect::<Vec<_>>()
        });
        self.remove_index_rows(id, rows.unwrap_or_default());
    }

    /// Removes a constraint by name; with `cascade`, the foreign keys that rest on it too.
    pub(crate) fn remove_constraint(&mut self, id: RelationId, name: &str, cascade: bool) {
        let Some(relation) = self.relation(id) else {
            return;
        };
        let index = relation
            .indexes
            .iter()
            .find(|row| row.index.constraint.is_some() && row.index.name == name);
        if let Some(row) = index {
            let (row, columns) = (row.id, key_columns(&row.index));
            if cascade {
                self.remove_pointing(id, |targets| {
                    targets.len() == columns.len()
                        && targets.iter().all(|one| columns.contains(one))
                });
            }
            self.remove_index_rows(id, vec![row]);
            return;
        }
        let keys: Vec<RowId> = relation
            .foreign_keys
            .iter()
            .filter(|row| row.key.name == name)
            .map(|row| row.id)
            .collect();
        if !keys.is_empty() {
            self.remove_foreign_key_rows(id, keys);
            return;
        }
        self.remove_checks(id, |check| check == name);
    }

    /// Removes checks by name, here and where they were inherited.
    fn remove_checks(&mut self, id: RelationId, which: impl Fn(&str) -> bool) {
        for each in self.with_descendants(id) {
            let Some(relation) = self.relation_mut(each) else {
                continue;
            };
            let schema = relation.name.schema.clone();
            let mut removed = Vec::new();
            relation.checks.retain_mut(|row| {
                if !which(&row.check.name) {
                    return true;
                }
                if each != id {
                    row.parents = row.parents.saturating_sub(1);
                    if row.local || row.parents > 0 {
                        return true;
                    }
                }
                removed.push(QualifiedName::new(schema.clone(), row.check.name.clone()));
                false
            });
            for name in removed {
                self.forget_constraint(&name);
            }
        }
    }

    /// Removes the foreign keys that point at some columns of a relation.
    fn remove_pointing(&mut self, id: RelationId, which: impl Fn(&[String]) -> bool) {
        let mut found = Vec::new();
        for (at, relation) in self.relations.iter().enumerate() {
            for row in relation.iter().flat_map(|relation| &relation.foreign_keys) {
                if row.target == Target::Relation(id) && which(&row.key.target_columns) {
                    found.push((at, row.id));
                }
            }
        }
        for (relation, row) in found {
            self.remove_foreign_key_rows(relation, vec![row]);
        }
    }

    /// Removes a column, here and where it was inherited, with all that rests on it; with
    /// `cascade`, the views that show or name it too.
    pub(crate) fn remove_column(
        &mut self,
        id: RelationId,
        column: &str,
        recurse: bool,
        cascade: bool,
    ) {
        let mut below = self.with_descendants(id);
        if !recurse {
            below.truncate(1);
        }
        for each in below {
            let Some(relation) = self.relation_mut(each) else {
                continue;
            };
            if each != id {
                let Some(row) = relation.column_mut(column) else {
                    continue;
                };
                row.parents = row.parents.saturating_sub(1);
                if row.local || row.parents > 0 {
                    continue;
                }
            }
            if cascade {
                for view in self.readers(each) {
                    if self
                        .relation(view)
                        .is_some_and(|view| names_column(view, column))
                    {
                        self.remove_relation(view);
                    }
                }
            }
            self.remove_column_here(each, column);
        }
    }

    fn remove_column_here(&mut self, id: RelationId, column: &str) {
        let Some(relation) = self.relation(id) else {
            return;
        };
        let table = relation.name.name.clone();
        let names = BTreeSet::from([column.to_owned()]);
        let mentions = |text: &str| expression::mentions(text, &table, &names);
        let indexes: Vec<RowId> = relation
            .indexes
            .iter()
            .filter(|row| {
                row.index.include.iter().any(|name| name == column)
                    || row.index.predicate.as_deref().is_some_and(mentions)
                    || row.index.parts.iter().any(|part| match &part.column {
                        Some(name) => name == column,
                        None => mentions(&part.text),
                    })
            })
            .map(|row| row.id)
            .collect();
        let keys: Vec<RowId> = relation
            .foreign_keys
            .iter()
            .filter(|row| row.key.columns.iter().any(|name| name == column))
            .map(|row| row.id)
            .collect();
        let checks: BTreeSet<String> = relation
            .checks
            .iter()
            .filter(|row| mentions(&row.check.expression))
            .map(|row| row.check.name.clone())
            .collect();
        self.remove_pointing(id, |targets| targets.iter().any(|name| name == column));
        self.remove_index_rows(id, indexes);
        self.remove_foreign_key_rows(id, keys);
        self.remove_checks(id, |name| checks.contains(name));
        let owned: Vec<usize> = self
            .sequences
            .iter()
            .enumerate()
            .filter(|(_, sequence)| {
                let owner = sequence
                    .as_ref()
                    .and_then(|sequence| sequence.owner.as_ref());
                owner.is_some_and(|(relation, name)| *relation == id && name == column)
            })
            .map(|(at, _)| at)
            .collect();
        for sequence in owned {
            self.remove_sequence(sequence);
        }
        if let Some(relation) = self.relation_mut(id) {
            relation.columns.retain(|row| row.column.name != column);
        }
    }
}

/// Whether a view shows a column of that name or its query names one.
fn names_column(view: &Relation, column: &str) -> bool {
    view.column(column).is_some()
        || view
            .definition
            .as_deref()
            .is_some_and(|text| expression::has_word(text, column))
}
