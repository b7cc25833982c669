//! From the catalog to the model.

use super::{Catalog, Place, Relation, Target, UserTypeKind, key_columns};
use crate::fold;
use model::schema::{
    ConstraintKind, Domain, EnumType, Exclusion, ForeignKey, Key, PartitionOf, QualifiedName,
    Routine, Schema, Sequence, Table, TableKind, Trigger,
};

/// A problem that only the end of the script can tell.
pub(crate) type LateProblem = (Place, String);

impl Catalog {
    /// Resolves what came before its target, then builds the model. Types are printed for a
    /// session with that search path.
    pub(crate) fn finish(mut self, path: &[String]) -> (Schema, Vec<LateProblem>) {
        self.resolve_types(path);
        let problems = self.resolve_targets();
        let mut schema = Schema::default();
        for relation in self.relations.iter().flatten() {
            schema.tables.push(self.table(relation, path));
        }
        for found in self.types.iter().flatten() {
            let (name, comment) = (found.name.clone(), found.comment.clone());
            match &found.kind {
                UserTypeKind::Enum(values) => {
                    schema.enums.push(EnumType {
                        name,
                        values: values.clone(),
                        comment,
                    });
                }
                UserTypeKind::Domain {
                    data_type,
                    nullable,
                    default,
                    checks,
                } => {
                    schema.domains.push(Domain {
                        name,
                        data_type: data_type.print(&self, path),
                        nullable: *nullable,
                        default: default.clone(),
                        checks: checks.clone(),
                        comment,
                    });
                }
                UserTypeKind::Composite(_) | UserTypeKind::Other => {}
            }
        }
        for sequence in self.sequences.iter().flatten() {
            let owned_by = sequence.owner.as_ref().and_then(|(relation, column)| {
                self.relation(*relation)
                    .map(|found| (found.name.clone(), column.clone()))
            });
            schema.sequences.push(Sequence {
                name: sequence.name.clone(),
                owned_by,
            });
        }
        for trigger in &self.triggers {
            if let Some(relation) = self.relation(trigger.relation) {
                schema.triggers.push(Trigger {
                    name: trigger.name.clone(),
                    table: relation.name.clone(),
                    definition: trigger.definition.clone(),
                });
            }
        }
        for routine in &self.routines {
            schema.routines.push(Routine {
                name: routine.name.clone(),
                arguments: routine.arguments.clone(),
            });
        }
        (schema, problems)
    }

    /// Types that another file created later.
    fn resolve_types(&mut self, path: &[String]) {
        let mut relations = std::mem::take(&mut self.relations);
        for row in relations
            .iter_mut()
            .flatten()
            .flat_map(|relation| &mut relation.columns)
        {
            if let Some(data_type) = &mut row.data_type {
                data_type.resolve(self, path);
            }
        }
        self.relations = relations;
    }

    fn resolve_targets(&mut self) -> Vec<LateProblem> {
        let mut changes = Vec::new();
        let mut problems = Vec::new();
        for (at, relation) in self.relations.iter().enumerate() {
            let Some(relation) = relation else { continue };
            for (row_at, row) in relation.foreign_keys.iter().enumerate() {
                let target = match &row.target {
                    Target::Relation(id) => Some(*id),
                    Target::Named { schema, name, path } => {
                        self.find_relation(schema.as_deref(), name, path)
                    }
                };
                let found = target.and_then(|id| self.relation(id).map(|found| (id, found)));
                let Some((id, found)) = found else {
                    if !row.key.inherited {
                        problems.push((
                            row.place.clone(),
                            format!(
                                "The foreign key “{}” of {} references {}, a table that the \
                                 script does not create.",
                                row.key.name, relation.name, row.key.target
                            ),
                        ));
                    }
                    continue;
                };
                let columns = match row.key.target_columns.is_empty() {
                    true => found.primary_key().map(|key| key_columns(&key.index)),
                    false => None,
                };
                if row.key.target_columns.is_empty() && columns.is_none() && !row.key.inherited {
                    problems.push((
                        row.place.clone(),
                        format!(
                            "The foreign key “{}” of {} names no columns of {}, which has no \
                             primary key.",
                            row.key.name, relation.name, found.name
                        ),
                    ));
                }
                changes.push((at, row_at, id, found.name.clone(), columns));
            }
        }
        for (at, row_at, id, name, columns) in changes {
            let row = self
                .relation_mut(at)
                .and_then(|relation| relation.foreign_keys.get_mut(row_at));
            if let Some(row) = row {
                row.target = Target::Relation(id);
                row.key.target = name;
                if let Some(columns) = columns {
                    row.key.target_columns = columns;
                }
            }
        }
        problems
    }

    fn table(&self, relation: &Relation, path: &[String]) -> Table {
        let kind = match relation.kind {
            TableKind::Table | TableKind::ForeignTable if relation.is_partition() => {
                TableKind::Partition
            }
            other => other,
        };
        let mut table = Table::new(relation.name.clone(), kind);
        table.comment.clone_from(&relation.comment);
        table.partition_key.clone_from(&relation.partition_key);
        table.definition.clone_from(&relation.definition);
        for row in &relation.columns {
            let mut column = row.column.clone();
            // A dialect that keeps no type by itself has its text in the column.
            if let Some(found) = &row.data_type {
                column.data_type = found.print(self, path);
            }
            table.columns.push(column);
        }
        table.checks = relation
            .checks
            .iter()
            .map(|row| row.check.clone())
            .collect();
        table.foreign_keys = relation
            .foreign_keys
            .iter()
            .map(|row| -> ForeignKey { row.key.clone() })
            .collect();
        for row in &relation.indexes {
            let key = || Key {
                name: row.index.name.clone(),
                columns: key_columns(&row.index),
            };
            match row.index.constraint {
                Some(ConstraintKind::PrimaryKey) => table.primary_key = Some(key()),
                Some(ConstraintKind::Unique) => table.unique_keys.push(key()),
                Some(ConstraintKind::Exclusion) => table.exclusions.push(Exclusion {
                    name: row.index.name.clone(),
                    definition: row.exclusion.clone().unwrap_or_default(),
                }),
                None => {}
            }
            table.indexes.push(row.index.clone());
        }
        let parents = relation
            .parents
            .iter()
            .filter_map(|parent| self.relation(*parent).map(|found| found.name.clone()));
        match &relation.bounds {
            Some(bounds) => {
                table.partition_of = parents.into_iter().next().map(|parent| PartitionOf {
                    parent,
                    bounds: bounds.clone(),
                });
            }
            None => table.inherits = parents.collect(),
        }
        table
    }

    /// The text of a serial column's default.
    pub(crate) fn sequence_default(name: &QualifiedName) -> String {
        let full = format!(
            "{}.{}",
            fold::quoted(&name.schema),
            fold::quoted(&name.name)
        );
        format!("nextval('{}'::regclass)", full.replace('\'', "''"))
    }
}
