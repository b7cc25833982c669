//! Constraints, put on a table.

use super::Reader;
use super::constraint::{ConstraintBody, ConstraintDef};
use super::expression;
use crate::catalog::{CheckRow, NewIndex, RelationId, Target, key_columns};
use crate::cursor::{Fault, Name, Read};
use model::schema::{Check, ConstraintKind, ForeignKey, QualifiedName};

impl Reader<'_, '_> {
    /// Adds the constraints of a new table, in the order in which the server does: it decides
    /// about the names that it makes up.
    pub(crate) fn add_constraints(&mut self, id: RelationId, constraints: Vec<ConstraintDef<'_>>) {
        let (mut checks, mut primary, mut others, mut foreign) = (vec![], vec![], vec![], vec![]);
        for constraint in constraints {
            match &constraint.body {
                ConstraintBody::Check { .. } => checks.push(constraint),
                ConstraintBody::Key { primary: true, .. } => primary.push(constraint),
                ConstraintBody::Key { .. } | ConstraintBody::Exclusion { .. } => {
                    others.push(constraint);
                }
                ConstraintBody::ForeignKey { .. } => foreign.push(constraint),
            }
        }
        primary.append(&mut others);
        let mut keys: Vec<ConstraintDef<'_>> = Vec::new();
        for constraint in primary {
            // A key that says what an earlier one says already is not made twice; if only the
            // later one has a name, the earlier one gets it.
            let earlier = keys
                .iter_mut()
                .find(|earlier| same_key(earlier, &constraint));
            match earlier {
                Some(earlier) if earlier.name.is_none() || constraint.name.is_none() => {
                    earlier.name = earlier.name.take().or(constraint.name);
                }
                _ => keys.push(constraint),
            }
        }
        for constraint in checks.into_iter().chain(keys).chain(foreign) {
            let at = constraint.at;
            if let Err(fault) = self.add_constraint(id, constraint, true) {
                self.part_problem(at, fault);
            }
        }
    }

    /// Adds one constraint to a table and, if `recurse` says so, to those below it.
    pub(crate) fn add_constraint(
        &mut self,
        id: RelationId,
        constraint: ConstraintDef<'_>,
        recurse: bool,
    ) -> Read<()> {
        let at = constraint.at;
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(());
        };
        let table = relation.name.clone();
        let fault = |message: String| Err(Fault { at, message });
        let columns = match &constraint.body {
            ConstraintBody::Key {
                columns, include, ..
            } => columns.iter().chain(include).cloned().collect(),
            ConstraintBody::ForeignKey { columns, .. } => columns.clone(),
            ConstraintBody::Exclusion { parts, .. } => parts
                .iter()
                .filter_map(|(part, _)| part.column.clone())
                .collect(),
            ConstraintBody::Check { .. } => Vec::new(),
        };
        if let Some(missing) = columns
            .iter()
            .find(|column| relation.column(column).is_none())
        {
            return fault(format!("{table} has no column “{missing}”."));
        }
        if let Some(name) = &constraint.name
            && relation.has_constraint(name)
        {
            let inherited = relation
                .checks
                .iter()
                .any(|row| row.check.name == *name && !row.local);
            if !inherited {
                return fault(format!("{table} has a constraint “{name}” already."));
            }
        }
        match constraint.body {
            ConstraintBody::Check { expression, text } => {
                self.add_check(
                    id,
                    constraint.name,
                    &expression,
                    text,
                    constraint.no_inherit,
                    recurse,
                );
            }
            ConstraintBody::Key {
                primary,
                columns,
                include,
                using,
            } => {
                if primary && relation.primary_key().is_some() {
                    return fault(format!("{table} has a primary key already."));
                }
                match using {
                    Some(index) => {
                        let given = constraint.name;
                        return self.use_index(id, &index, given, primary, at);
                    }
                    None => {
                        self.index_name_is_free(&table, constraint.name.as_deref(), at)?;
                        let new = NewIndex::of_key(constraint.name, primary, &columns, include);
                        self.catalog.make_index(id, new, recurse);
                    }
                }
            }
            ConstraintBody::Exclusion {
                method,
                parts,
                include,
                predicate,
                text,
            } => {
                self.index_name_is_free(&table, constraint.name.as_deref(), at)?;
                let new = NewIndex {
                    name: constraint.name,
                    method,
                    unique: false,
                    parts,
                    include,
                    predicate,
                    constraint: Some(ConstraintKind::Exclusion),
                    exclusion: Some(text),
                };
                self.catalog.make_index(id, new, recurse);
            }
            ConstraintBody::ForeignKey {
                columns,
                target,
                target_columns,
                on_delete,
                on_update,
            } => {
                let mut key = ForeignKey {
                    name: String::new(),
                    columns,
                    target: self.new_name(&target),
                    target_columns,
                    on_delete,
                    on_update,
                    deferrable: constraint.deferrable,
                    inherited: false,
                };
                let target = self.resolve_target(&mut key, &target)?;
                let place = self.place(at);
                self.catalog
                    .make_foreign_key(id, constraint.name, key, target, place, recurse);
            }
        }
        Ok(())
    }

    fn index_name_is_free(&self, table: &QualifiedName, name: Option<&str>, at: usize) -> Read<()> {
        let full = name.map(|name| QualifiedName::new(table.schema.clone(), name));
        match full.filter(|full| self.catalog.holder(full).is_some()) {
            Some(full) => Err(Fault {
                at,
                message: format!("{full} exists already."),
            }),
            None => Ok(()),
        }
    }

    fn add_check(
        &mut self,
        id: RelationId,
        name: Option<String>,
        expression: &crate::cursor::Cursor<'_>,
        text: String,
        no_inherit: bool,
        recurse: bool,
    ) {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return;
        };
        if let Some(name) = &name
            && let Some(own) = relation
                .checks
                .iter_mut()
                .find(|row| row.check.name == *name)
        {
            // The same check, inherited and declared again.
            own.local = true;
            return;
        }
        let columns = relation.column_names();
        let table = relation.name.name.clone();
        let name = name.unwrap_or_else(|| {
            let named = expression::columns_in(expression, &table, &columns);
            let only = match named.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            };
            self.catalog.constraint_name(id, only, "check")
        });
        let check = Check {
            name,
            expression: text,
        };
        let row = CheckRow {
            check,
            no_inherit,
            local: true,
            parents: 0,
        };
        self.catalog.spread_check(id, row, recurse);
    }

    /// What a foreign key points at; fills in columns that it leaves to the target's key.
    fn resolve_target(&self, key: &mut ForeignKey, target: &Name) -> Read<Target> {
        let Some(found) = self.find(target) else {
            return Ok(Target::Named {
                schema: target.schema.clone(),
                name: target.name.clone(),
                path: self.path(),
            });
        };
        if let Some(relation) = self.catalog.relation(found) {
            key.target = relation.name.clone();
            if key.target_columns.is_empty()
                && let Some(primary) = relation.primary_key()
            {
                key.target_columns = key_columns(&primary.index);
            }
            let missing = key
                .target_columns
                .iter()
                .find(|column| relation.column(column).is_none());
            if let Some(missing) = missing {
                return Err(Fault {
                    at: target.at,
                    message: format!(
                        "The foreign key references “{missing}”, a column that {} does not have.",
                        relation.name
                    ),
                });
            }
        }
        Ok(Target::Relation(found))
    }

    /// Makes an index that is there already the one of a constraint.
    fn use_index(
        &mut self,
        id: RelationId,
        index: &str,
        name: Option<String>,
        primary: bool,
        at: usize,
    ) -> Read<()> {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let table = relation.name.clone();
        let Some(row) = relation
            .indexes
            .iter_mut()
            .find(|row| row.index.name == index)
        else {
            return Err(Fault {
                at,
                message: format!("{table} has no index “{index}”."),
            });
        };
        let kind = if primary {
            ConstraintKind::PrimaryKey
        } else {
            ConstraintKind::Unique
        };
        row.index.constraint = Some(kind);
        let columns = key_columns(&row.index);
        self.catalog
            .note_constraint(QualifiedName::new(table.schema, index));
        if let Some(name) = name.filter(|name| name != index) {
            self.catalog.rename_index(id, index, &name);
        }
        if primary {
            for column in columns {
                self.catalog.set_not_null(id, &column);
            }
        }
        Ok(())
    }
}

fn same_key(one: &ConstraintDef<'_>, two: &ConstraintDef<'_>) -> bool {
    match (&one.body, &two.body) {
        (
            ConstraintBody::Key {
                columns: a,
                include: b,
                using: None,
                ..
            },
            ConstraintBody::Key {
                columns: c,
                include: d,
                using: None,
                ..
            },
        ) => a == c && b == d && one.deferrable == two.deferrable,
        _ => false,
    }
}
