//! What stands in the parentheses of `CREATE TABLE`, and how it becomes part of a table.

use super::column::ColumnDef;
use super::constraint::{Body, Constraint, begins_constraint};
use super::draft::RelationId;
use super::index::IndexDef;
use super::reading::Reading;
use crate::cursor::{Cursor, Fault, Name, Read};
use model::provider::Provider;
use model::schema::{ForeignKey, QualifiedName};

/// What a table is made of.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub(crate) columns: Vec<ColumnDef>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) indexes: Vec<IndexDef>,
}

impl Reading<'_> {
    /// Whether something new of that name may be made: none of that name is there. Says so in
    /// the account where the script itself allows for it.
    pub(crate) fn is_new(
        &mut self,
        name: &Name,
        full: &QualifiedName,
        allowed: bool,
        what: &str,
    ) -> Read<bool> {
        if self.draft.exact(full).is_none() {
            return Ok(true);
        }
        if allowed {
            self.tally
                .pass(&format!("CREATE {what} of one that exists"));
            return Ok(false);
        }
        Err(Fault {
            at: name.at,
            message: format!("{full} exists already."),
        })
    }

    /// Reads the columns and constraints of a table; what cannot be read is told of and left out.
    pub(crate) fn items(&mut self, inside: &Cursor<'_>) -> Items {
        let mut items = Items::default();
        for mut item in inside.split_commas() {
            let start = item.offset();
            if let Err(fault) = self.item(&mut item, &mut items) {
                self.part_problem(start, fault);
            }
        }
        items
    }

    fn item(&mut self, item: &mut Cursor<'_>, items: &mut Items) -> Read<()> {
        let grammar = self.grammar;
        if item.done() {
            return item.expected("a column or a constraint");
        }
        if begins_constraint(item) {
            // SQLite takes constraints without commas between them.
            while !item.done() {
                if !begins_constraint(item) {
                    return item.expected("the end of the constraint");
                }
                items.constraints.push(grammar.table_constraint(item)?);
            }
            return Ok(());
        }
        if grammar.is(Provider::SqlServer) {
            if item.are(&["PERIOD", "FOR"]) {
                return Ok(());
            }
            let inline = item.is("INDEX")
                && grammar.naming.takes(item.peek_at(1))
                && item.tokens().iter().any(|token| token.is_symbol(b'('));
            if inline {
                item.step();
                items.indexes.push(grammar.inline_index(item)?);
                return Ok(());
            }
        }
        if grammar.is(Provider::Oracle)
            && (item.are(&["SUPPLEMENTAL", "LOG"]) || item.are(&["PERIOD", "FOR"]))
        {
            return Ok(());
        }
        let start = item.offset();
        let mut def = grammar.column(item)?;
        if let Some(fault) = def.fault.take() {
            self.part_problem(start, fault);
        }
        items.columns.push(def);
        Ok(())
    }

    /// Gives a table its columns; the constraints that stood among them follow those of the
    /// columns.
    pub(crate) fn fill(&mut self, id: RelationId, items: Items) {
        let mut constraints = Vec::new();
        let mut indexes = Vec::new();
        for mut def in items.columns {
            let at = def.at;
            indexes.append(&mut def.indexes);
            if let Err(fault) = self.add_column(id, def, &mut constraints) {
                self.part_problem(at, fault);
            }
        }
        constraints.extend(items.constraints);
        self.add_constraints(id, constraints);
        indexes.extend(items.indexes);
        for index in indexes {
            let at = index.at;
            if let Err(fault) = self.add_index(id, index) {
                self.part_problem(at, fault);
            }
        }
    }

    /// Adds a column; its constraints go to `constraints`.
    pub(crate) fn add_column(
        &mut self,
        id: RelationId,
        mut def: ColumnDef,
        constraints: &mut Vec<Constraint>,
    ) -> Read<()> {
        if self.draft.column(id, &def.column.name).is_some() {
            let at = def.at;
            let table = self.draft.table(id).map(|table| table.name.to_string());
            return Err(Fault {
                at,
                message: format!(
                    "{} has a column “{}” already.",
                    table.unwrap_or_default(),
                    def.column.name
                ),
            });
        }
        if def.null.is_none()
            && let Some(domain) = self.draft.domains.iter().find(|domain| {
                let full = format!("{}.{}", domain.name.schema, domain.name.name);
                self.draft.naming.same(&full, &def.column.data_type)
                    || (domain.name.schema == self.draft.schema
                        && self
                            .draft
                            .naming
                            .same(&domain.name.name, &def.column.data_type))
            })
        {
            def.column.nullable &= domain.nullable;
        }
        constraints.append(&mut def.constraints);
        let name = def.column.name.clone();
        if let Some(entry) = self.draft.entry_mut(id) {
            entry.table.columns.push(def.column);
            if let Some(default) = def.default_name {
                entry.defaults.push((default, name));
            }
        }
        Ok(())
    }

    /// Adds constraints: keys before what may point at them, each where it can be.
    pub(crate) fn add_constraints(&mut self, id: RelationId, constraints: Vec<Constraint>) {
        for constraint in constraints {
            let at = constraint.at;
            if let Err(fault) = self.add_constraint(id, constraint) {
                self.part_problem(at, fault);
            }
        }
    }

    /// The columns of a constraint as the table spells them.
    pub(crate) fn spelled(
        &self,
        id: RelationId,
        columns: &[String],
        at: usize,
    ) -> Read<Vec<String>> {
        self.draft.spelled(id, columns).map_err(|missing| {
            let table = self.draft.table(id).map(|table| table.name.to_string());
            Fault {
                at,
                message: format!("{} has no column “{missing}”.", table.unwrap_or_default()),
            }
        })
    }

    /// Adds one constraint.
    pub(crate) fn add_constraint(&mut self, id: RelationId, constraint: Constraint) -> Read<()> {
        let Constraint { name, at, body } = constraint;
        if let Some(name) = &name
            && !self.grammar.is(Provider::Sqlite)
            && self.draft.has_constraint(id, name)
        {
            return Err(Fault {
                at,
                message: format!("A constraint “{name}” exists already."),
            });
        }
        match body {
            Body::Key {
                primary,
                columns,
                orders,
                method,
                ..
            } => {
                let columns = self.spelled(id, &columns, at)?;
                let second = primary
                    && self
                        .draft
                        .table(id)
                        .is_some_and(|table| table.primary_key.is_some());
                if second {
                    return Err(Fault {
                        at,
                        message: "The table has a primary key already.".to_owned(),
                    });
                }
                self.draft
                    .add_key(id, name, primary, columns, &orders, method);
            }
            Body::Check(expression) => self.draft.add_check(id, name, expression),
            Body::ForeignKey {
                columns,
                target,
                target_columns,
                on_delete,
                on_update,
                deferrable,
            } => {
                let columns = self.spelled(id, &columns, at)?;
                let name = name.unwrap_or_else(|| self.draft.constraint_name(id, &columns, "fkey"));
                let key = ForeignKey {
                    name,
                    columns,
                    target: self.target(id, &target),
                    target_columns,
                    on_delete,
                    on_update,
                    deferrable,
                    inherited: false,
                };
                let place = self.place(at);
                self.draft.add_foreign_key(id, key, place);
            }
            Body::Default { column, text } => {
                let column = self.spelled(id, &[column], at)?.pop().unwrap_or_default();
                if let Some(found) = self.draft.column_mut(id, &column) {
                    found.default = Some(text);
                }
                if let (Some(name), Some(entry)) = (name, self.draft.entry_mut(id)) {
                    entry.defaults.push((name, column));
                }
            }
        }
        Ok(())
    }

    /// The full name of what a foreign key points at.
    fn target(&self, id: RelationId, target: &Name) -> QualifiedName {
        let own = self.draft.table(id).map(|table| table.name.schema.clone());
        let schema = match (&target.schema, self.grammar.provider) {
            (Some(schema), _) => Some(schema.clone()),
            // In SQLite a key never leaves its own file.
            (None, Provider::Sqlite) => own,
            (None, _) => None,
        };
        match self.draft.find(schema.as_deref(), &target.name) {
            Some(found) => self
                .draft
                .table(found)
                .map(|table| table.name.clone())
                .unwrap_or_else(|| self.draft.full(schema.as_deref(), &target.name)),
            None => self.draft.full(schema.as_deref(), &target.name),
        }
    }
}
