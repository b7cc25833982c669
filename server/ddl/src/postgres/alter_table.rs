//! `ALTER TABLE`: a list of actions on one relation.

use super::Reader;
use super::{column, constraint, table, types};
use crate::catalog::{RelationId, TEMPORARY};
use crate::cursor::{Cursor, Fault, Read};
use model::schema::QualifiedName;

/// What an action did.
enum Done {
    /// It changed the structure.
    Structure,
    /// It says nothing about the structure; its leading words.
    Passed(String),
}

impl Reader<'_, '_> {
    /// Reads what follows `ALTER TABLE` (or `FOREIGN TABLE`, `VIEW`, `MATERIALIZED VIEW`, as
    /// `what` says).
    pub(crate) fn alter_table(&mut self, mut cursor: Cursor<'_>, what: &str) -> Read<()> {
        if cursor.accept_all(&["ALL", "IN", "TABLESPACE"]) {
            self.tally.pass(&format!("ALTER {what} ALL IN TABLESPACE"));
            return Ok(());
        }
        let if_exists = cursor.accept_all(&["IF", "EXISTS"]);
        let only = cursor.accept("ONLY");
        let name = cursor.qualified()?;
        cursor.accept_operator("*");
        let actions = cursor.split_commas();
        if actions.is_empty() {
            return cursor.expected("an action");
        }
        // Dumps set the owner of sequences and views so too; that needs no look-up.
        if actions.iter().all(|action| passed_action(action).is_some()) {
            for kind in actions.iter().filter_map(passed_action) {
                self.tally.pass(&format!("ALTER {what} {kind}"));
            }
            return Ok(());
        }
        let Some(id) = self.find(&name) else {
            if let Some(action) = actions.first()
                && action.is("RENAME")
                && self.alter_other(&name, action.clone())?
            {
                return Ok(());
            }
            if if_exists {
                self.tally
                    .pass(&format!("ALTER {what} of one that does not exist"));
                return Ok(());
            }
            return self.relation(&name).map(|_| ());
        };
        let mut changed = false;
        for mut action in actions {
            let start = action.offset();
            match self.table_action(id, &mut action, !only) {
                Ok(Done::Structure) => {
                    changed = true;
                    for word in ["CASCADE", "RESTRICT", "CONCURRENTLY", "FINALIZE"] {
                        action.accept(word);
                    }
                    if let Err(fault) = action.end() {
                        self.part_problem(start, fault);
                    }
                }
                Ok(Done::Passed(kind)) => self.tally.pass(&format!("ALTER {what} {kind}")),
                Err(fault) => {
                    self.tally.structure = true;
                    self.part_problem(start, fault);
                }
            }
        }
        if changed {
            self.tally.read();
        }
        Ok(())
    }

    fn table_action(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        recurse: bool,
    ) -> Read<Done> {
        if let Some(kind) = passed_action(action) {
            return Ok(Done::Passed(kind));
        }
        let Some(relation) = self.catalog.relation(id) else {
            return action.expected("a relation that still exists");
        };
        let table = relation.name.clone();
        if action.accept("ADD") {
            return self.add_to_table(id, action, recurse);
        }
        if action.accept("DROP") {
            return self.drop_from_table(id, action, recurse);
        }
        if action.accept("ALTER") {
            if action.accept("CONSTRAINT") {
                let name = action.label()?;
                let deferrable = !action.are(&["NOT", "DEFERRABLE"]);
                action.skip_rest();
                self.set_deferrable(id, &name, deferrable);
                return Ok(Done::Structure);
            }
            action.accept("COLUMN");
            let name = action.label()?;
            return self.alter_column(id, &name, action, recurse);
        }
        if action.accept("RENAME") {
            return self.rename_in_table(id, action);
        }
        if action.accept_all(&["SET", "SCHEMA"]) {
            let schema = action.label()?;
            let new = QualifiedName::new(schema.clone(), table.name);
            self.name_is_free(&new, action)?;
            self.catalog.move_relation(id, &schema);
            return Ok(Done::Structure);
        }
        if action.accept_all(&["ATTACH", "PARTITION"]) {
            let child = action.qualified()?;
            let child_id = self.relation(&child)?;
            let bounds = table::read_bounds(action)?;
            if self.catalog.is_above(child_id, id) {
                return Err(action.fault(format!("{child} stands above {table}.")));
            }
            if let Some(relation) = self.catalog.relation_mut(child_id) {
                if relation.bounds.is_some() {
                    return Err(action.fault(format!("{child} is a partition already.")));
                }
                relation.bounds = Some(bounds);
            }
            self.catalog.inherit_existing(id, child_id);
            self.catalog.give_to_partition(id, child_id);
            return Ok(Done::Structure);
        }
        if action.accept_all(&["DETACH", "PARTITION"]) {
            let child = action.qualified()?;
            let child_id = self.relation(&child)?;
            if let Some(relation) = self.catalog.relation_mut(child_id) {
                relation.bounds = None;
            }
            self.catalog.disinherit(id, child_id);
            return Ok(Done::Structure);
        }
        if action.accept("INHERIT") {
            let parent = action.qualified()?;
            let parent_id = self.relation(&parent)?;
            if self.catalog.is_above(id, parent_id) {
                return Err(action.fault(format!("{parent} stands below {table}.")));
            }
            self.catalog.inherit_existing(parent_id, id);
            return Ok(Done::Structure);
        }
        if action.accept_all(&["NO", "INHERIT"]) {
            let parent = action.qualified()?;
            let parent_id = self.relation(&parent)?;
            self.catalog.disinherit(parent_id, id);
            return Ok(Done::Structure);
        }
        action.expected("an action that PostgreSQL knows")
    }

    fn add_to_table(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        recurse: bool,
    ) -> Read<Done> {
        if constraint::begins_constraint(action) {
            let constraint = constraint::read_table_constraint(action)?;
            self.add_constraint(id, constraint, recurse)?;
            return Ok(Done::Structure);
        }
        action.accept("COLUMN");
        let if_not_exists = action.accept_all(&["IF", "NOT", "EXISTS"]);
        let start = action.offset();
        let (catalog, path) = self.scope();
        let mut column = column::read_column(action, catalog, path)?;
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(Done::Structure);
        };
        if relation.column(&column.name).is_some() {
            if if_not_exists {
                return Ok(Done::Passed("ADD COLUMN of one that exists".to_owned()));
            }
            let message = format!("{} has a column “{}” already.", relation.name, column.name);
            return Err(Fault { at: start, message });
        }
        let constraints = std::mem::take(&mut column.constraints);
        let row = self.column_row(id, &column);
        self.catalog.add_column(id, row);
        self.add_constraints(id, constraints);
        column.fault.map_or(Ok(Done::Structure), Err)
    }

    fn drop_from_table(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        recurse: bool,
    ) -> Read<Done> {
        let constraint = action.accept("CONSTRAINT");
        if !constraint {
            action.accept("COLUMN");
        }
        let if_exists = action.accept_all(&["IF", "EXISTS"]);
        let name = action.label()?;
        let cascade = action.is("CASCADE");
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(Done::Structure);
        };
        let exists = match constraint {
            true => relation.has_constraint(&name),
            false => relation.column(&name).is_some(),
        };
        if !exists {
            let kind = if constraint { "constraint" } else { "column" };
            if if_exists {
                return Ok(Done::Passed(format!(
                    "DROP {} IF EXISTS",
                    kind.to_uppercase()
                )));
            }
            return Err(action.fault(format!("{} has no {kind} “{name}”.", relation.name)));
        }
        if constraint {
            self.catalog.remove_constraint(id, &name, cascade);
        } else {
            self.catalog.remove_column(id, &name, recurse, cascade);
        }
        Ok(Done::Structure)
    }

    fn alter_column(
        &mut self,
        id: RelationId,
        name: &str,
        action: &mut Cursor<'_>,
        recurse: bool,
    ) -> Read<Done> {
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(Done::Structure);
        };
        if relation.column(name).is_none() {
            return Err(action.fault(format!("{} has no column “{name}”.", relation.name)));
        }
        let mut all = self.catalog.with_descendants(id);
        if !recurse {
            all.truncate(1);
        }
        if action.accept_all(&["SET", "DATA", "TYPE"]) || action.accept("TYPE") {
            let (catalog, path) = self.scope();
            let data_type = types::read_type(action, catalog, path)?;
            let collation = if action.accept("COLLATE") {
                Some(column::collation(action)?)
            } else {
                None
            };
            if !action.done() && !action.is("USING") {
                return action.expected("USING or the end");
            }
            action.skip_rest();
            let collation = collation.filter(|name| name != "default");
            self.each_column(&all, name, |row| {
                row.data_type = Some(data_type.clone());
                row.column.collation.clone_from(&collation);
            });
        } else if action.accept_all(&["SET", "DEFAULT"]) {
            if !constraint::begins_expression(action) {
                return action.expected("a default");
            }
            let default = column::kept_default(action.rest_text());
            action.skip_rest();
            self.each_column(&all, name, |row| row.column.default.clone_from(&default));
        } else if action.accept_all(&["DROP", "DEFAULT"]) {
            self.each_column(&all, name, |row| row.column.default = None);
        } else if action.accept_all(&["SET", "NOT", "NULL"]) {
            self.each_column(&all, name, |row| row.column.nullable = false);
        } else if action.accept_all(&["DROP", "NOT", "NULL"]) {
            self.each_column(&all, name, |row| row.column.nullable = true);
        } else if action.accept_all(&["DROP", "EXPRESSION"]) {
            self.each_column(&all, name, |row| row.column.generated = None);
        } else if action.accept_all(&["DROP", "IDENTITY"]) {
            self.each_column(&[id], name, |row| row.column.identity = None);
            self.drop_own_sequence(id, name);
        } else if action.accept_all(&["ADD", "GENERATED"]) {
            let kind = column::identity_kind(action)?;
            if !action.accept_all(&["AS", "IDENTITY"]) {
                return action.expected("AS IDENTITY");
            }
            let identity = column::identity(action, kind)?;
            self.each_column(&[id], name, |row| {
                row.column.identity = Some(identity.kind.to_owned());
                row.column.nullable = false;
            });
            self.own_sequence(id, name, identity.sequence);
        } else if action.accept_all(&["SET", "GENERATED"]) {
            let kind = column::identity_kind(action)?;
            self.each_column(&[id], name, |row| {
                row.column.identity = Some(kind.to_owned())
            });
        } else if action.is_any(&["SET", "RESET", "OPTIONS", "RESTART"]) {
            let mut words = vec!["ALTER COLUMN"];
            for token in action.tokens().iter().skip(action.place()).take(2) {
                if token.kind == crate::token::Kind::Word {
                    words.push(action.text_of(*token));
                }
            }
            return Ok(Done::Passed(words.join(" ").to_uppercase()));
        } else {
            return action.expected("a change of a column that PostgreSQL knows");
        }
        Ok(Done::Structure)
    }

    fn each_column(
        &mut self,
        relations: &[RelationId],
        name: &str,
        mut change: impl FnMut(&mut crate::catalog::ColumnRow),
    ) {
        for id in relations {
            if let Some(row) = self
                .catalog
                .relation_mut(*id)
                .and_then(|relation| relation.column_mut(name))
            {
                change(row);
            }
        }
    }

    fn drop_own_sequence(&mut self, id: RelationId, column: &str) {
        let owned = self.catalog.sequences.iter().position(|sequence| {
            sequence
                .as_ref()
                .and_then(|sequence| sequence.owner.as_ref())
                .is_some_and(|(owner, name)| *owner == id && name == column)
        });
        if let Some(owned) = owned {
            self.catalog.remove_sequence(owned);
        }
    }

    fn set_deferrable(&mut self, id: RelationId, name: &str, deferrable: bool) {
        if let Some(relation) = self.catalog.relation_mut(id) {
            for row in relation
                .foreign_keys
                .iter_mut()
                .filter(|row| row.key.name == name)
            {
                row.key.deferrable = deferrable;
            }
        }
    }

    fn rename_in_table(&mut self, id: RelationId, action: &mut Cursor<'_>) -> Read<Done> {
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(Done::Structure);
        };
        let table = relation.name.clone();
        if action.accept("TO") {
            let new = action.name()?;
            self.name_is_free(&QualifiedName::new(table.schema, new.clone()), action)?;
            self.catalog.rename_relation(id, new);
        } else if action.accept("CONSTRAINT") {
            let old = action.label()?;
            action.expect("TO")?;
            let new = action.name()?;
            if !relation.has_constraint(&old) {
                return Err(action.fault(format!("{table} has no constraint “{old}”.")));
            }
            self.catalog.rename_constraint(id, &old, &new);
        } else {
            action.accept("COLUMN");
            let old = action.label()?;
            action.expect("TO")?;
            let new = action.name()?;
            if relation.column(&old).is_none() {
                return Err(action.fault(format!("{table} has no column “{old}”.")));
            }
            if relation.column(&new).is_some() {
                return Err(action.fault(format!("{table} has a column “{new}” already.")));
            }
            self.catalog.rename_column(id, &old, &new);
        }
        Ok(Done::Structure)
    }

    /// A fault when a name is taken.
    pub(crate) fn name_is_free(&self, name: &QualifiedName, cursor: &Cursor<'_>) -> Read<()> {
        debug_assert_ne!(name.schema, TEMPORARY);
        match self.catalog.holder(name) {
            Some(_) => Err(cursor.fault(format!("{name} exists already."))),
            None => Ok(()),
        }
    }
}

/// The leading words of an action that says nothing about the structure.
fn passed_action(action: &Cursor<'_>) -> Option<String> {
    const PASSED: [&[&str]; 31] = [
        &["OWNER"],
        &["ENABLE", "TRIGGER"],
        &["ENABLE", "ROW"],
        &["ENABLE", "RULE"],
        &["ENABLE", "REPLICA"],
        &["ENABLE", "ALWAYS"],
        &["DISABLE", "TRIGGER"],
        &["DISABLE", "ROW"],
        &["DISABLE", "RULE"],
        &["FORCE", "ROW"],
        &["NO", "FORCE"],
        &["REPLICA", "IDENTITY"],
        &["CLUSTER", "ON"],
        &["VALIDATE", "CONSTRAINT"],
        &["SET", "WITHOUT"],
        &["SET", "WITH"],
        &["SET", "LOGGED"],
        &["SET", "UNLOGGED"],
        &["SET", "TABLESPACE"],
        &["SET", "ACCESS"],
        &["SET", "STATISTICS"],
        &["RESET"],
        &["OPTIONS"],
        &["DEPENDS"],
        &["NO", "DEPENDS"],
        &["START"],
        &["RESTART"],
        &["AS"],
        &["INCREMENT"],
        &["OF"],
        &["NOT", "OF"],
    ];
    if let Some(words) = PASSED.iter().find(|words| action.are(words)) {
        return Some(words.join(" "));
    }
    let set = action.is("SET") && action.peek_at(1).is_some_and(|next| next.is_symbol(b'('));
    set.then(|| "SET".to_owned())
}
