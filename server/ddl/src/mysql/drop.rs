//! `DROP` and `RENAME TABLE`. What is dropped that never was there is counted, not complained
//! about: a script that drops before it creates is usual.

use super::Reader;
use super::create::passed_kind;
use super::key::renamed;
use super::name;
use crate::catalog::{Holder, Relation, RelationId, TEMPORARY};
use crate::cursor::{Cursor, Fault, Name, Read};
use model::schema::QualifiedName;

impl Reader<'_> {
    /// Reads what follows `DROP`.
    pub(crate) fn drop(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.accept("TEMPORARY");
        if cursor.accept("TABLE") || cursor.accept("TABLES") {
            return self.drop_each(cursor, "DROP TABLE", |reader, name| {
                reader.drop_relation(name, false)
            });
        }
        if cursor.accept("VIEW") {
            return self.drop_each(cursor, "DROP VIEW", |reader, name| {
                reader.drop_relation(name, true)
            });
        }
        if cursor.accept("SEQUENCE") {
            return self.drop_each(cursor, "DROP SEQUENCE", |reader, name| {
                match reader.catalog.holder(&reader.full_name(name)) {
                    Some(Holder::Sequence(id)) => {
                        reader.catalog.remove_sequence(id);
                        true
                    }
                    _ => false,
                }
            });
        }
        if cursor.accept("INDEX") {
            return self.drop_index(cursor);
        }
        if cursor.accept("TRIGGER") {
            return self.drop_each(cursor, "DROP TRIGGER", Self::drop_trigger);
        }
        if cursor.accept("FUNCTION") || cursor.accept("PROCEDURE") {
            return self.drop_each(cursor, "DROP FUNCTION", |reader, name| {
                let full = reader.full_name(name);
                let before = reader.catalog.routines.len();
                reader
                    .catalog
                    .routines
                    .retain(|routine| routine.name != full);
                reader.catalog.routines.len() < before
            });
        }
        if cursor.is("DATABASE") || cursor.is("SCHEMA") {
            cursor.step();
            return self.drop_each(cursor, "DROP DATABASE", |reader, name| {
                let before = reader.catalog.relations.iter().flatten().count();
                reader.catalog.remove_schema(&name.name);
                reader.catalog.relations.iter().flatten().count() < before
            });
        }
        match passed_kind("DROP", &cursor) {
            Some(kind) => {
                self.tally.pass(&kind);
                Ok(())
            }
            None if cursor.is("PREPARE") => {
                self.tally.pass("DROP PREPARE");
                Ok(())
            }
            None => cursor.expected("something that MySQL can drop"),
        }
    }

    fn count_drop(&mut self, dropped: bool, kind: &str) {
        if dropped {
            self.tally.read();
        } else {
            self.tally
                .pass(&format!("{kind} of one that does not exist"));
        }
    }

    fn drop_each(
        &mut self,
        mut cursor: Cursor<'_>,
        kind: &str,
        drop: impl Fn(&mut Self, &Name) -> bool,
    ) -> Read<()> {
        cursor.accept_all(&["IF", "EXISTS"]);
        if cursor.done() {
            return cursor.expected("a name");
        }
        let mut dropped = false;
        for mut part in cursor.split_commas() {
            let name = name::qualified(&mut part)?;
            if !part.accept("CASCADE") {
                part.accept("RESTRICT");
            }
            part.end()?;
            dropped |= drop(self, &name);
        }
        self.count_drop(dropped, kind);
        Ok(())
    }

    /// Drops a table or a view, by its exact name: another with other letters may be meant to
    /// stay.
    fn drop_relation(&mut self, name: &Name, view: bool) -> bool {
        let temporary = QualifiedName::new(TEMPORARY, name.name.clone());
        let own = self.full_name(name);
        let id = match &name.schema {
            None => self.catalog.relation_id(&temporary),
            Some(_) => None,
        };
        let id = id.or_else(|| self.catalog.relation_id(&own));
        let found = id.filter(|id| {
            let relation = self.catalog.relation(*id);
            relation.is_some_and(|relation| relation.is_view() == view)
        });
        if let Some(id) = found {
            self.remove_table(id);
        }
        found.is_some()
    }

    /// Drops a trigger, whose name is taken in its whole database.
    fn drop_trigger(&mut self, name: &Name) -> bool {
        let full = self.full_name(name);
        let in_database = |relation: Option<&Relation>| {
            relation.is_some_and(|relation| relation.name.schema == full.schema)
        };
        let found = self.catalog.triggers.iter().position(|trigger| {
            trigger.name == full.name && in_database(self.catalog.relation(trigger.relation))
        });
        if let Some(at) = found {
            self.catalog.triggers.remove(at);
        }
        found.is_some()
    }

    /// Reads what follows `DROP INDEX`.
    fn drop_index(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.accept_all(&["IF", "EXISTS"]);
        let index = name::label(&mut cursor)?;
        cursor.expect("ON")?;
        let table = name::qualified(&mut cursor)?;
        let dropped = match self.find(&table) {
            Some(id) => self.remove_index(id, &index),
            None => false,
        };
        self.count_drop(dropped, "DROP INDEX");
        Ok(())
    }

    /// Reads what follows `RENAME`.
    pub(crate) fn rename(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        if cursor.accept("USER") {
            self.tally.pass("RENAME USER");
            return Ok(());
        }
        if !cursor.accept("TABLE") {
            cursor.expect("TABLES")?;
        }
        cursor.accept_all(&["IF", "EXISTS"]);
        for mut part in cursor.split_commas() {
            let old = name::qualified(&mut part)?;
            if part.accept("WAIT") {
                part.step();
            } else {
                part.accept("NOWAIT");
            }
            part.expect("TO")?;
            let new = name::qualified(&mut part)?;
            part.end()?;
            let id = self.relation(&old)?;
            self.rename_relation(id, &new)?;
        }
        self.tally.read();
        Ok(())
    }

    /// Gives a table another name, perhaps in another database.
    pub(crate) fn rename_relation(&mut self, id: RelationId, new: &Name) -> Read<()> {
        let full = self.full_name(new);
        let Some(old) = self.catalog.relation(id).map(|found| found.name.clone()) else {
            return Ok(());
        };
        let taken = self.catalog.holder(&full);
        if taken.is_some_and(|holder| holder != Holder::Relation(id)) {
            return Err(Fault {
                at: new.at,
                message: format!("{full} exists already."),
            });
        }
        self.catalog.give_name(id, full.clone());
        if let Some(relation) = self.catalog.relation_mut(id) {
            for row in &mut relation.checks {
                let name = renamed(&row.check.name, &old.name, &full.name);
                row.check.name = name.unwrap_or_else(|| row.check.name.clone());
            }
            for row in &mut relation.foreign_keys {
                let name = renamed(&row.key.name, &old.name, &full.name);
                row.key.name = name.unwrap_or_else(|| row.key.name.clone());
            }
        }
        self.retarget(&old, &full);
        Ok(())
    }

    /// Foreign keys follow the table that they point at.
    fn retarget(&mut self, old: &QualifiedName, new: &QualifiedName) {
        for relation in self.catalog.relations.iter_mut().flatten() {
            for row in &mut relation.foreign_keys {
                if row.key.target == *old {
                    row.key.target = new.clone();
                    row.target = crate::catalog::Target::Named {
                        schema: Some(new.schema.clone()),
                        name: new.name.clone(),
                        path: Vec::new(),
                    };
                }
            }
        }
    }
}
