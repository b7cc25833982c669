//! `ALTER` of anything but tables.

use super::Reader;
use super::create::passed_kind;
use super::types;
use crate::catalog::{Holder, UserTypeKind};
use crate::cursor::{Cursor, Fault, Name, Read};
use model::schema::{Check, QualifiedName};
use std::collections::BTreeSet;

impl Reader<'_, '_> {
    /// Reads what follows `ALTER`; `whole` stands before that word.
    pub(crate) fn alter(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        if cursor.accept("TABLE") {
            return self.alter_table(cursor, "TABLE");
        }
        if cursor.accept_all(&["FOREIGN", "TABLE"]) {
            return self.alter_table(cursor, "FOREIGN TABLE");
        }
        if cursor.accept_all(&["MATERIALIZED", "VIEW"]) {
            return self.alter_table(cursor, "MATERIALIZED VIEW");
        }
        if cursor.accept("VIEW") {
            return self.alter_table(cursor, "VIEW");
        }
        if cursor.accept("INDEX") {
            return self.alter_index(cursor);
        }
        if cursor.accept("SEQUENCE") {
            return self.alter_sequence(cursor);
        }
        if cursor.accept("TYPE") {
            return self.alter_type(cursor);
        }
        if cursor.accept("DOMAIN") {
            return self.alter_domain(cursor);
        }
        if cursor.accept("TRIGGER") {
            return self.alter_trigger(cursor);
        }
        if cursor.is_any(&["FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"]) {
            cursor.step();
            return self.alter_routine(cursor);
        }
        if cursor.accept("SCHEMA") {
            let name = cursor.label()?;
            if cursor.accept_all(&["RENAME", "TO"]) {
                let new = cursor.label()?;
                self.rename_schema(&name, &new);
                self.tally.read();
            } else {
                self.tally.pass("ALTER SCHEMA");
            }
            return Ok(());
        }
        let mut kind = cursor.clone();
        if !kind.accept("TRUSTED") {
            kind.accept("PROCEDURAL");
        }
        match passed_kind("ALTER", &kind) {
            Some(kind) => {
                self.tally.pass(&kind);
                Ok(())
            }
            None if cursor.is("SYSTEM") => {
                self.tally.pass("ALTER SYSTEM");
                Ok(())
            }
            None => whole.expected("something that PostgreSQL can alter"),
        }
    }

    /// `RENAME` or `SET SCHEMA` of an index or a sequence; false when the name is of neither.
    pub(crate) fn alter_other(&mut self, name: &Name, mut action: Cursor<'_>) -> Read<bool> {
        let path = self.path();
        let Some((full, holder)) = self.catalog.find(name.schema.as_deref(), &name.name, &path)
        else {
            return Ok(false);
        };
        let new = if action.accept_all(&["RENAME", "TO"]) {
            QualifiedName::new(full.schema.clone(), action.name()?)
        } else if action.accept_all(&["SET", "SCHEMA"]) {
            QualifiedName::new(action.label()?, full.name.clone())
        } else {
            return Ok(false);
        };
        self.name_is_free(&new, &action)?;
        match holder {
            Holder::Index(id) => self.catalog.rename_index(id, &full.name, &new.name),
            Holder::Sequence(id) => self.catalog.rename_sequence(id, new),
            Holder::Relation(_) => return Ok(false),
        }
        self.tally.read();
        Ok(true)
    }

    fn alter_index(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        if cursor.is("ALL") {
            self.tally.pass("ALTER INDEX");
            return Ok(());
        }
        let if_exists = cursor.accept_all(&["IF", "EXISTS"]);
        let name = cursor.qualified()?;
        if cursor.is("RENAME") {
            if self.alter_other(&name, cursor.clone())? {
                return Ok(());
            }
            // A constraint's index may carry the name of a table in old scripts; not here.
            if if_exists {
                self.tally.pass("ALTER INDEX of one that does not exist");
                return Ok(());
            }
            return Err(missing("an index", &name));
        }
        if cursor.accept_all(&["ATTACH", "PARTITION"]) {
            let part = cursor.qualified()?;
            return self.attach_index(&name, &part);
        }
        self.tally.pass("ALTER INDEX");
        Ok(())
    }

    fn index_of(&self, name: &Name) -> Read<(usize, QualifiedName)> {
        let path = self.path();
        match self.catalog.find(name.schema.as_deref(), &name.name, &path) {
            Some((full, Holder::Index(id))) => Ok((id, full)),
            _ => Err(missing("an index", name)),
        }
    }

    fn attach_index(&mut self, parent: &Name, part: &Name) -> Read<()> {
        let (parent_table, parent) = self.index_of(parent)?;
        let (part_table, part) = self.index_of(part)?;
        let row = self.catalog.relation(parent_table).and_then(|relation| {
            relation
                .indexes
                .iter()
                .find(|row| row.index.name == parent.name)
                .map(|row| row.id)
        });
        let part = self.catalog.relation_mut(part_table).and_then(|relation| {
            relation
                .indexes
                .iter_mut()
                .find(|row| row.index.name == part.name)
        });
        if let Some(part) = part {
            part.parent = row;
        }
        self.tally.read();
        Ok(())
    }

    fn alter_sequence(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let if_exists = cursor.accept_all(&["IF", "EXISTS"]);
        let name = cursor.qualified()?;
        let path = self.path();
        let found = self.catalog.find(name.schema.as_deref(), &name.name, &path);
        if cursor.is("RENAME") || cursor.are(&["SET", "SCHEMA"]) {
            if self.alter_other(&name, cursor.clone())? || if_exists {
                return Ok(());
            }
            return Err(missing("a sequence", &name));
        }
        let mut owner = cursor.clone();
        while !owner.done() && !owner.are(&["OWNED", "BY"]) {
            owner.step();
        }
        if owner.done() {
            self.tally.pass("ALTER SEQUENCE");
            return Ok(());
        }
        let Some((_, Holder::Sequence(id))) = found else {
            return Err(missing("a sequence", &name));
        };
        let owner = self.sequence_owner(&mut owner)?;
        if let Some(sequence) = self.catalog.sequences.get_mut(id).and_then(Option::as_mut) {
            sequence.owner = owner;
        }
        self.tally.read();
        Ok(())
    }

    fn alter_type(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let name = cursor.qualified()?;
        if cursor.is_any(&["OWNER", "SET"]) && !cursor.are(&["SET", "SCHEMA"]) {
            self.tally.pass("ALTER TYPE");
            return Ok(());
        }
        let (catalog, path) = self.scope();
        let id = catalog
            .find_type(name.schema.as_deref(), &name.name, path)
            .ok_or_else(|| missing("a type", &name))?;
        let Some(full) = catalog.user_type(id).map(|found| found.name.clone()) else {
            return Ok(());
        };
        if cursor.accept_all(&["RENAME", "TO"]) {
            let new = cursor.name()?;
            self.catalog
                .rename_type(id, QualifiedName::new(full.schema, new));
        } else if cursor.accept_all(&["SET", "SCHEMA"]) {
            let schema = cursor.label()?;
            self.catalog
                .rename_type(id, QualifiedName::new(schema, full.name));
        } else {
            let Some(found) = self.catalog.user_type_mut(id) else {
                return Ok(());
            };
            let UserTypeKind::Enum(values) = &mut found.kind else {
                self.tally.pass("ALTER TYPE");
                return Ok(());
            };
            alter_values(values, &mut cursor)?;
        }
        self.tally.read();
        cursor.end()
    }

    fn alter_domain(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let name = cursor.qualified()?;
        if cursor.is_any(&["OWNER", "VALIDATE"]) {
            self.tally.pass("ALTER DOMAIN");
            return Ok(());
        }
        let (catalog, path) = self.scope();
        let id = catalog
            .find_type(name.schema.as_deref(), &name.name, path)
            .ok_or_else(|| missing("a domain", &name))?;
        let Some(full) = catalog.user_type(id).map(|found| found.name.clone()) else {
            return Ok(());
        };
        if cursor.accept_all(&["RENAME", "TO"]) {
            let new = cursor.name()?;
            self.catalog
                .rename_type(id, QualifiedName::new(full.schema, new));
        } else if cursor.accept_all(&["SET", "SCHEMA"]) {
            let schema = cursor.label()?;
            self.catalog
                .rename_type(id, QualifiedName::new(schema, full.name));
        } else {
            let Some(found) = self.catalog.user_type_mut(id) else {
                return Ok(());
            };
            let UserTypeKind::Domain {
                nullable,
                default,
                checks,
                ..
            } = &mut found.kind
            else {
                return Err(missing("a domain", &name));
            };
            if cursor.accept_all(&["SET", "NOT", "NULL"]) {
                *nullable = false;
            } else if cursor.accept_all(&["DROP", "NOT", "NULL"]) {
                *nullable = true;
            } else if cursor.accept_all(&["SET", "DEFAULT"]) {
                *default = super::column::kept_default(cursor.rest_text());
                cursor.skip_rest();
            } else if cursor.accept_all(&["DROP", "DEFAULT"]) {
                *default = None;
            } else if cursor.accept_all(&["DROP", "CONSTRAINT"]) {
                cursor.accept_all(&["IF", "EXISTS"]);
                let dropped = cursor.label()?;
                checks.retain(|check| check.name != dropped);
            } else if cursor.accept_all(&["RENAME", "CONSTRAINT"]) {
                let old = cursor.label()?;
                cursor.expect("TO")?;
                let new = cursor.label()?;
                for check in checks.iter_mut().filter(|check| check.name == old) {
                    check.name.clone_from(&new);
                }
            } else if cursor.accept("ADD") {
                let given = if cursor.accept("CONSTRAINT") {
                    Some(cursor.label()?)
                } else {
                    None
                };
                cursor.expect("CHECK")?;
                let expression = cursor.group()?.rest_text().to_owned();
                cursor.accept_all(&["NOT", "VALID"]);
                let name = given.unwrap_or_else(|| check_name(&full.name, checks));
                checks.push(Check { name, expression });
            } else {
                return cursor.expected("a change of a domain that PostgreSQL knows");
            }
            if !cursor.accept("CASCADE") {
                cursor.accept("RESTRICT");
            }
        }
        self.tally.read();
        cursor.end()
    }

    fn rename_schema(&mut self, old: &str, new: &str) {
        let relations: Vec<usize> = self
            .catalog
            .relations
            .iter()
            .enumerate()
            .filter(|(_, found)| found.as_ref().is_some_and(|found| found.name.schema == old))
            .map(|(id, _)| id)
            .collect();
        for id in relations {
            self.catalog.move_relation(id, new);
        }
        let sequences: Vec<(usize, String)> = self
            .catalog
            .sequences
            .iter()
            .enumerate()
            .filter_map(|(id, found)| found.as_ref().map(|found| (id, &found.name)))
            .filter(|(_, name)| name.schema == old)
            .map(|(id, name)| (id, name.name.clone()))
            .collect();
        for (id, name) in sequences {
            self.catalog
                .rename_sequence(id, QualifiedName::new(new, name));
        }
        let found: Vec<(usize, String)> = self
            .catalog
            .types
            .iter()
            .enumerate()
            .filter_map(|(id, found)| found.as_ref().map(|found| (id, &found.name)))
            .filter(|(_, name)| name.schema == old)
            .map(|(id, name)| (id, name.name.clone()))
            .collect();
        for (id, name) in found {
            self.catalog.rename_type(id, QualifiedName::new(new, name));
        }
        for routine in self
            .catalog
            .routines
            .iter_mut()
            .filter(|row| row.name.schema == old)
        {
            new.clone_into(&mut routine.name.schema);
        }
    }

    /// The base type of a domain or a cast, for readers elsewhere.
    pub(crate) fn read_type(&self, cursor: &mut Cursor<'_>) -> Read<types::TypeRef> {
        let (catalog, path) = self.scope();
        types::read_type(cursor, catalog, path)
    }
}

/// A name for a domain's check that has none.
pub(crate) fn check_name(domain: &str, checks: &[Check]) -> String {
    let taken: BTreeSet<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    let mut number = 0;
    loop {
        let label = if number == 0 {
            "check".to_owned()
        } else {
            format!("check{number}")
        };
        let name = crate::fold::compose(domain, None, &label);
        if !taken.contains(name.as_str()) {
            return name;
        }
        number += 1;
    }
}

fn alter_values(values: &mut Vec<String>, cursor: &mut Cursor<'_>) -> Read<()> {
    if cursor.accept_all(&["RENAME", "VALUE"]) {
        let old = cursor.string()?;
        cursor.expect("TO")?;
        let new = cursor.string()?;
        for value in values.iter_mut().filter(|value| **value == old) {
            value.clone_from(&new);
        }
        return Ok(());
    }
    if !cursor.accept_all(&["ADD", "VALUE"]) {
        return cursor.expected("ADD VALUE or RENAME");
    }
    let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
    let new = cursor.string()?;
    if values.contains(&new) {
        return match if_not_exists {
            true => Ok(()),
            false => Err(cursor.fault(format!("The type has a value '{new}' already."))),
        };
    }
    let before = cursor.accept("BEFORE");
    if !before && !cursor.accept("AFTER") {
        values.push(new);
        return Ok(());
    }
    let neighbour = cursor.string()?;
    match values.iter().position(|value| *value == neighbour) {
        Some(at) => {
            values.insert(if before { at } else { at + 1 }, new);
            Ok(())
        }
        None => Err(cursor.fault(format!("The type has no value '{neighbour}'."))),
    }
}

/// A fault for something that the script has not created.
pub(crate) fn missing(what: &str, name: &Name) -> Fault {
    Fault {
        at: name.at,
        message: format!("The script has not created {what} “{name}” before this."),
    }
}
