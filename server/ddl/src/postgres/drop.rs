//! `DROP`. What is dropped that never was there is counted, not complained about: a script that
//! drops before it creates is usual.

use super::Reader;
use super::create::passed_kind;
use super::routine::routine_name;
use crate::catalog::Holder;
use crate::cursor::{Cursor, Read};
use model::schema::TableKind;

impl Reader<'_, '_> {
    /// Reads what follows `DROP`.
    pub(crate) fn drop(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        const RELATIONS: [(&[&str], &str); 6] = [
            (&["TABLE"], "DROP TABLE"),
            (&["FOREIGN", "TABLE"], "DROP FOREIGN TABLE"),
            (&["VIEW"], "DROP VIEW"),
            (&["MATERIALIZED", "VIEW"], "DROP MATERIALIZED VIEW"),
            (&["SEQUENCE"], "DROP SEQUENCE"),
            (&["INDEX"], "DROP INDEX"),
        ];
        if let Some((_, kind)) = RELATIONS.iter().find(|(words, _)| cursor.accept_all(words)) {
            cursor.accept("CONCURRENTLY");
            return self.drop_each(cursor, kind, Self::drop_relation);
        }
        if cursor.accept("TYPE") || cursor.accept("DOMAIN") {
            return self.drop_each(cursor, "DROP TYPE", |reader, part| {
                let name = part.qualified()?;
                let (catalog, path) = reader.scope();
                let found = catalog.find_type(name.schema.as_deref(), &name.name, path);
                if let Some(id) = found {
                    reader.catalog.remove_type(id);
                }
                Ok(found.is_some())
            });
        }
        if cursor.accept("SCHEMA") {
            return self.drop_each(cursor, "DROP SCHEMA", |reader, part| {
                let schema = part.label()?;
                let before = reader.catalog.relations.iter().flatten().count();
                reader.catalog.remove_schema(&schema);
                Ok(reader.catalog.relations.iter().flatten().count() < before)
            });
        }
        if cursor.is_any(&["FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"]) {
            cursor.step();
            return self.drop_each(cursor, "DROP FUNCTION", |reader, part| {
                let name = routine_name(part)?;
                let arguments = if part.is_symbol(b'(') {
                    Some(part.group()?)
                } else {
                    None
                };
                let found = reader.routines_named(&name, arguments.as_ref());
                for at in found.iter().rev() {
                    reader.catalog.routines.remove(*at);
                }
                Ok(!found.is_empty())
            });
        }
        if cursor.accept("TRIGGER") {
            cursor.accept_all(&["IF", "EXISTS"]);
            let name = cursor.label()?;
            cursor.expect("ON")?;
            let table = cursor.qualified()?;
            let relation = self.find(&table);
            let before = self.catalog.triggers.len();
            let below = relation
                .map(|id| self.catalog.with_descendants(id))
                .unwrap_or_default();
            self.catalog.triggers.retain(|trigger| {
                let here = Some(trigger.relation) == relation;
                let part = trigger.inherited && below.contains(&trigger.relation);
                !(here || part) || trigger.name != name
            });
            self.count_drop(self.catalog.triggers.len() < before, "DROP TRIGGER");
            return Ok(());
        }
        let mut kind = cursor.clone();
        kind.accept("PROCEDURAL");
        match passed_kind("DROP", &kind) {
            Some(kind) => {
                self.tally.pass(&kind);
                Ok(())
            }
            None if cursor.is("OWNED") => {
                self.tally.pass("DROP OWNED");
                Ok(())
            }
            None => cursor.expected("something that PostgreSQL can drop"),
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
        drop: impl Fn(&mut Self, &mut Cursor<'_>) -> Read<bool>,
    ) -> Read<()> {
        cursor.accept_all(&["IF", "EXISTS"]);
        let mut dropped = false;
        for mut part in cursor.split_commas() {
            dropped |= drop(self, &mut part)?;
            if !part.accept("CASCADE") {
                part.accept("RESTRICT");
            }
            if !part.done() {
                return part.expected("“,”, CASCADE or the end");
            }
        }
        self.count_drop(dropped, kind);
        Ok(())
    }

    /// Drops whatever relation has the name.
    fn drop_relation(&mut self, part: &mut Cursor<'_>) -> Read<bool> {
        let name = part.qualified()?;
        let path = self.path();
        let Some((full, holder)) = self.catalog.find(name.schema.as_deref(), &name.name, &path)
        else {
            return Ok(false);
        };
        match holder {
            Holder::Relation(id) => self.catalog.remove_relation(id),
            Holder::Index(id) => self.catalog.remove_index(id, &full.name),
            Holder::Sequence(id) => {
                self.catalog.remove_sequence(id);
                self.forget_default(&full);
            }
        }
        Ok(true)
    }

    /// A dropped sequence takes the defaults that use it along.
    fn forget_default(&mut self, sequence: &model::schema::QualifiedName) {
        let default = crate::catalog::Catalog::sequence_default(sequence);
        for relation in self.catalog.relations.iter_mut().flatten() {
            for row in &mut relation.columns {
                if relation.kind != TableKind::View
                    && row.column.default.as_deref() == Some(&default)
                {
                    row.column.default = None;
                }
            }
        }
    }
}
