//! From the draft to the model.

use super::draft::Draft;
use crate::catalog::Place;
use model::schema::{QualifiedName, Schema};

/// A problem that only the end of the script can tell.
pub(crate) type LateProblem = (Place, String);

impl Draft {
    /// Looks up what foreign keys point at, then builds the model.
    pub(crate) fn finish(mut self) -> (Schema, Vec<LateProblem>) {
        let problems = self.resolve_targets();
        self.borrow_types();
        let mut schema = Schema {
            domains: std::mem::take(&mut self.domains),
            sequences: std::mem::take(&mut self.sequences),
            routines: std::mem::take(&mut self.routines),
            ..Schema::default()
        };
        for (id, mut trigger) in std::mem::take(&mut self.triggers) {
            if let Some(table) = self.table(id) {
                trigger.table = table.name.clone();
                schema.triggers.push(trigger);
            }
        }
        schema.tables = self
            .entries
            .into_iter()
            .flatten()
            .map(|entry| entry.table)
            .collect();
        (schema, problems)
    }

    /// In Oracle a column may leave its type to the one that it references.
    fn borrow_types(&mut self) {
        if self.naming.blind {
            return;
        }
        let mut found = Vec::new();
        for (id, entry) in self.entries.iter().enumerate() {
            for key in entry.iter().flat_map(|entry| &entry.table.foreign_keys) {
                let ([column], [target]) = (key.columns.as_slice(), key.target_columns.as_slice())
                else {
                    continue;
                };
                let empty = self
                    .column(id, column)
                    .is_some_and(|column| column.data_type.is_empty());
                let there = self
                    .exact(&key.target)
                    .and_then(|other| self.column(other, target));
                if let Some(there) = there.filter(|_| empty) {
                    found.push((id, column.clone(), there.data_type.clone()));
                }
            }
        }
        for (id, column, data_type) in found {
            if let Some(column) = self.column_mut(id, &column) {
                column.data_type = data_type;
            }
        }
    }

    fn resolve_targets(&mut self) -> Vec<LateProblem> {
        let mut problems = Vec::new();
        let mut changes: Vec<(usize, usize, QualifiedName, Vec<String>)> = Vec::new();
        for (id, entry) in self.entries.iter().enumerate() {
            let Some(entry) = entry else { continue };
            for (at, (key, place)) in entry
                .table
                .foreign_keys
                .iter()
                .zip(&entry.places)
                .enumerate()
            {
                let mut tell = |message: String| problems.push((place.clone(), message));
                let found = self
                    .exact(&key.target)
                    .and_then(|target| self.table(target).map(|table| (target, table)));
                let Some((target, table)) = found else {
                    tell(format!(
                        "The foreign key “{}” of {} references {}, a table that the script does \
                         not create.",
                        key.name, entry.table.name, key.target
                    ));
                    continue;
                };
                let columns = if key.target_columns.is_empty() {
                    let primary = table.primary_key.as_ref().map(|key| key.columns.clone());
                    if primary.is_none() {
                        tell(format!(
                            "The foreign key “{}” of {} names no columns of {}, which has no \
                             primary key.",
                            key.name, entry.table.name, table.name
                        ));
                    }
                    primary.unwrap_or_default()
                } else {
                    match self.spelled(target, &key.target_columns) {
                        Ok(columns) => columns,
                        Err(missing) => {
                            tell(format!(
                                "The foreign key “{}” of {} references “{missing}”, a column that \
                                 {} does not have.",
                                key.name, entry.table.name, table.name
                            ));
                            continue;
                        }
                    }
                };
                changes.push((id, at, table.name.clone(), columns));
            }
        }
        for (id, at, name, columns) in changes {
            let key = self
                .table_mut(id)
                .and_then(|table| table.foreign_keys.get_mut(at));
            if let Some(key) = key {
                key.target = name;
                key.target_columns = columns;
            }
        }
        problems
    }
}
