//! New names for things that exist.

use super::{Catalog, Holder, RelationId, Target};
use crate::fold;
use crate::postgres::expression;
use model::schema::QualifiedName;

impl Catalog {
    fn move_name(&mut self, old: &QualifiedName, new: QualifiedName) {
        if let Some(holder) = self.names.remove(old) {
            self.names.insert(new, holder);
        }
    }

    fn move_constraint(&mut self, old: &QualifiedName, new: QualifiedName) {
        self.forget_constraint(old);
        self.note_constraint(new);
    }

    /// Renames a relation.
    pub(crate) fn rename_relation(&mut self, id: RelationId, name: String) {
        let Some(relation) = self.relation(id) else {
            return;
        };
        let new = QualifiedName::new(relation.name.schema.clone(), name);
        self.give_name(id, new);
    }

    /// Gives a relation a full name; nothing that hangs on it is moved along.
    pub(crate) fn give_name(&mut self, id: RelationId, new: QualifiedName) {
        let Some(relation) = self.relation_mut(id) else {
            return;
        };
        let old = std::mem::replace(&mut relation.name, new.clone());
        self.move_name(&old, new);
    }

    /// Moves a relation with its indexes, its constraints and its own sequences.
    pub(crate) fn move_relation(&mut self, id: RelationId, schema: &str) {
        let Some(relation) = self.relation_mut(id) else {
            return;
        };
        let new = QualifiedName::new(schema, relation.name.name.clone());
        let old = std::mem::replace(&mut relation.name, new.clone());
        let mut names = vec![old.name.clone()];
        let mut constraints = Vec::new();
        for row in &relation.indexes {
            names.push(row.index.name.clone());
            if row.index.constraint.is_some() {
                constraints.push(row.index.name.clone());
            }
        }
        constraints.extend(relation.checks.iter().map(|row| row.check.name.clone()));
        constraints.extend(relation.foreign_keys.iter().map(|row| row.key.name.clone()));
        for name in names {
            let from = QualifiedName::new(old.schema.clone(), name.clone());
            self.move_name(&from, QualifiedName::new(schema, name));
        }
        for name in constraints {
            let from = QualifiedName::new(old.schema.clone(), name.clone());
            self.move_constraint(&from, QualifiedName::new(schema, name));
        }
        let owned: Vec<usize> = self
            .sequences
            .iter()
            .enumerate()
            .filter(|(_, sequence)| {
                let owner = sequence
                    .as_ref()
                    .and_then(|sequence| sequence.owner.as_ref());
                owner.is_some_and(|(relation, _)| *relation == id)
            })
            .map(|(at, _)| at)
            .collect();
        for sequence in owned {
            let name = self.sequence_name(sequence).map(|name| name.name.clone());
            if let Some(name) = name {
                self.rename_sequence(sequence, QualifiedName::new(schema, name));
            }
        }
    }

    fn sequence_name(&self, id: usize) -> Option<&QualifiedName> {
        self.sequences
            .get(id)
            .and_then(Option::as_ref)
            .map(|sequence| &sequence.name)
    }

    /// Gives a sequence another name.
    pub(crate) fn rename_sequence(&mut self, id: usize, new: QualifiedName) {
        let Some(sequence) = self.sequences.get_mut(id).and_then(Option::as_mut) else {
            return;
        };
        let old = std::mem::replace(&mut sequence.name, new.clone());
        // A default points at its sequence by identity.
        if let Some((relation, column)) = sequence.owner.clone()
            && let Some(row) = self
                .relation_mut(relation)
                .and_then(|it| it.column_mut(&column))
            && row.column.default.as_deref() == Some(&Self::sequence_default(&old))
        {
            row.column.default = Some(Self::sequence_default(&new));
        }
        self.move_name(&old, new);
    }

    /// Gives a type another name.
    pub(crate) fn rename_type(&mut self, id: usize, new: QualifiedName) {
        let Some(found) = self.user_type_mut(id) else {
            return;
        };
        let old = std::mem::replace(&mut found.name, new.clone());
        self.type_names.remove(&old);
        self.type_names.insert(new, id);
    }

    /// Renames an index, and with it the constraint that it serves.
    pub(crate) fn rename_index(&mut self, id: RelationId, old: &str, new: &str) {
        let Some(relation) = self.relation_mut(id) else {
            return;
        };
        let schema = relation.name.schema.clone();
        let Some(row) = relation
            .indexes
            .iter_mut()
            .find(|row| row.index.name == old)
        else {
            return;
        };
        row.index.name = new.to_owned();
        let constraint = row.index.constraint.is_some();
        let from = QualifiedName::new(schema.clone(), old);
        let to = QualifiedName::new(schema, new);
        if constraint {
            self.move_constraint(&from, to.clone());
        }
        self.names.remove(&from);
        self.names.insert(to, Holder::Index(id));
    }

    /// Renames a constraint; one behind an index takes the index along, and a check those that
    /// were inherited.
    pub(crate) fn rename_constraint(&mut self, id: RelationId, old: &str, new: &str) {
        let Some(relation) = self.relation(id) else {
            return;
        };
        let indexed = relation
            .indexes
            .iter()
            .any(|row| row.index.constraint.is_some() && row.index.name == old);
        if indexed {
            self.rename_index(id, old, new);
            return;
        }
        for each in self.with_descendants(id) {
            let Some(relation) = self.relation_mut(each) else {
                continue;
            };
            let schema = relation.name.schema.clone();
            let check = relation
                .checks
                .iter_mut()
                .find(|row| row.check.name == old && (each == id || row.parents > 0));
            let found = if let Some(row) = check {
                row.check.name = new.to_owned();
                true
            } else {
                let key = relation
                    .foreign_keys
                    .iter_mut()
                    .find(|row| row.key.name == old && each == id);
                let found = key.is_some();
                if let Some(row) = key {
                    row.key.name = new.to_owned();
                }
                found
            };
            if found {
                let from = QualifiedName::new(schema.clone(), old);
                self.move_constraint(&from, QualifiedName::new(schema, new));
            }
        }
    }

    /// Renames a column, here and below, wherever it is named.
    pub(crate) fn rename_column(&mut self, id: RelationId, old: &str, new: &str) {
        for each in self.with_descendants(id) {
            self.rename_column_here(each, old, new);
            for relation in self.relations.iter_mut().flatten() {
                for row in &mut relation.foreign_keys {
                    if row.target == Target::Relation(each) {
                        replace(&mut row.key.target_columns, old, new);
                    }
                }
            }
            for sequence in self.sequences.iter_mut().flatten() {
                if let Some((owner, column)) = &mut sequence.owner
                    && *owner == each
                    && column == old
                {
                    new.clone_into(column);
                }
            }
        }
    }

    fn rename_column_here(&mut self, id: RelationId, old: &str, new: &str) {
        let Some(relation) = self.relation_mut(id) else {
            return;
        };
        let table = relation.name.name.clone();
        let rewrite = |text: &mut String| {
            *text = expression::rename_column(text, &table, old, new);
        };
        for row in &mut relation.columns {
            if row.column.name == old {
                new.clone_into(&mut row.column.name);
            }
            if let Some(generated) = &mut row.column.generated {
                rewrite(generated);
            }
        }
        for row in &mut relation.checks {
            rewrite(&mut row.check.expression);
        }
        for row in &mut relation.foreign_keys {
            replace(&mut row.key.columns, old, new);
        }
        for row in &mut relation.indexes {
            replace(&mut row.index.include, old, new);
            for (part, label) in row.index.parts.iter_mut().zip(&mut row.labels) {
                match &mut part.column {
                    Some(column) if column == old => {
                        let after = part
                            .text
                            .strip_prefix(&fold::quoted(old))
                            .unwrap_or_default();
                        part.text = format!("{}{after}", fold::quoted(new));
                        new.clone_into(column);
                        new.clone_into(label);
                    }
                    Some(_) => {}
                    None => rewrite(&mut part.text),
                }
            }
            row.index.predicate.iter_mut().for_each(&rewrite);
            row.exclusion.iter_mut().for_each(&rewrite);
        }
        if let Some(key) = &mut relation.partition_key {
            rewrite(key);
        }
    }
}

fn replace(names: &mut [String], old: &str, new: &str) {
    for name in names.iter_mut().filter(|name| *name == old) {
        new.clone_into(name);
    }
}
