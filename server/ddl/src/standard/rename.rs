//! New names for things that exist.

use super::draft::{Draft, RelationId};
use super::expression;
use super::lexer::Rules;
use model::schema::QualifiedName;

impl Draft {
    /// Gives a relation another name; foreign keys follow it.
    pub(crate) fn rename(&mut self, id: RelationId, new: &str) {
        if let Some(schema) = self.table(id).map(|table| table.name.schema.clone()) {
            self.move_to(id, QualifiedName::new(schema, new));
        }
    }

    /// Moves a relation to another schema; foreign keys follow it.
    pub(crate) fn transfer(&mut self, id: RelationId, schema: &str) {
        if let Some(name) = self.table(id).map(|table| table.name.name.clone()) {
            self.move_to(id, QualifiedName::new(schema, name));
        }
    }

    fn move_to(&mut self, id: RelationId, name: QualifiedName) {
        let Some(old) = self.table(id).map(|table| table.name.clone()) else {
            return;
        };
        self.forget_name(id, &old);
        self.note_name(id, &name);
        let naming = self.naming;
        for entry in self.entries.iter_mut().flatten() {
            for key in &mut entry.table.foreign_keys {
                if naming.same(&key.target.schema, &old.schema)
                    && naming.same(&key.target.name, &old.name)
                {
                    key.target = name.clone();
                }
            }
        }
        if let Some(table) = self.table_mut(id) {
            table.name = name;
        }
    }

    /// Gives a column another name, wherever it is named.
    pub(crate) fn rename_column(&mut self, id: RelationId, old: &str, new: &str, rules: Rules) {
        let Some(name) = self.table(id).map(|table| table.name.clone()) else {
            return;
        };
        let naming = self.naming;
        let replace = |column: &mut String| {
            if naming.same(column, old) {
                new.clone_into(column);
            }
        };
        for entry in self.entries.iter_mut().flatten() {
            for key in &mut entry.table.foreign_keys {
                if naming.same(&key.target.schema, &name.schema)
                    && naming.same(&key.target.name, &name.name)
                {
                    key.target_columns.iter_mut().for_each(replace);
                }
            }
        }
        let Some(entry) = self.entry_mut(id) else {
            return;
        };
        let rewrite = |text: &mut String| *text = expression::rename(text, rules, naming, old, new);
        entry
            .defaults
            .iter_mut()
            .for_each(|(_, column)| replace(column));
        let table = &mut entry.table;
        for column in &mut table.columns {
            replace(&mut column.name);
            column.generated.iter_mut().for_each(rewrite);
        }
        for check in &mut table.checks {
            rewrite(&mut check.expression);
        }
        for key in table.unique_keys.iter_mut().chain(&mut table.primary_key) {
            key.columns.iter_mut().for_each(replace);
        }
        for key in &mut table.foreign_keys {
            key.columns.iter_mut().for_each(replace);
        }
        for index in &mut table.indexes {
            index.include.iter_mut().for_each(replace);
            index.predicate.iter_mut().for_each(rewrite);
            for part in &mut index.parts {
                match &mut part.column {
                    Some(column) if naming.same(column, old) => {
                        let after = part.text.strip_prefix(column.as_str());
                        part.text = format!("{new}{}", after.unwrap_or_default());
                        new.clone_into(column);
                    }
                    Some(_) => {}
                    None => rewrite(&mut part.text),
                }
            }
        }
    }

    /// Gives a constraint, and the index that serves it, another name; whether there was one.
    pub(crate) fn rename_constraint(&mut self, id: RelationId, old: &str, new: &str) -> bool {
        let found = self.has_constraint(id, old);
        let naming = self.naming;
        let Some(entry) = self.entry_mut(id).filter(|_| found) else {
            return false;
        };
        let replace = |name: &mut String| {
            if naming.same(name, old) {
                new.clone_into(name);
            }
        };
        entry
            .defaults
            .iter_mut()
            .for_each(|(name, _)| replace(name));
        let table = &mut entry.table;
        for key in table.unique_keys.iter_mut().chain(&mut table.primary_key) {
            replace(&mut key.name);
        }
        table
            .checks
            .iter_mut()
            .for_each(|check| replace(&mut check.name));
        table
            .foreign_keys
            .iter_mut()
            .for_each(|key| replace(&mut key.name));
        let indexed = table
            .indexes
            .iter()
            .any(|index| index.constraint.is_some() && naming.same(&index.name, old));
        if indexed {
            self.rename_index(id, old, new);
        }
        true
    }

    /// Gives an index another name; whether there was one.
    pub(crate) fn rename_index(&mut self, id: RelationId, old: &str, new: &str) -> bool {
        let naming = self.naming;
        let found = self.table_mut(id).and_then(|table| {
            table
                .indexes
                .iter_mut()
                .find(|index| naming.same(&index.name, old))
        });
        let Some(index) = found else { return false };
        new.clone_into(&mut index.name);
        self.note_index(id, new);
        true
    }
}
