//! Types, domains and sequences that a script creates.

use super::Reader;
use super::alter::{check_name, missing};
use super::column;
use crate::catalog::{RelationId, SequenceRow, TEMPORARY, UserType, UserTypeKind};
use crate::cursor::{Cursor, Read};
use crate::postgres::expression;
use model::schema::{Check, QualifiedName};

impl Reader<'_, '_> {
    fn type_is_free(&self, name: &QualifiedName, cursor: &Cursor<'_>) -> Read<()> {
        match self.catalog.find_type(Some(&name.schema), &name.name, &[]) {
            Some(_) => Err(cursor.fault(format!("The type {name} exists already."))),
            None => Ok(()),
        }
    }

    /// Reads what follows `CREATE TYPE`.
    pub(crate) fn create_type(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let name = cursor.qualified()?;
        let name = self.new_name(&name);
        let existing = self.catalog.find_type(Some(&name.schema), &name.name, &[]);
        // A base type is announced by its name alone, then defined.
        let shell = existing
            .and_then(|id| self.catalog.user_type(id))
            .is_some_and(|found| matches!(found.kind, UserTypeKind::Other));
        if !shell {
            self.type_is_free(&name, &cursor)?;
        }
        let kind = if cursor.accept_all(&["AS", "ENUM"]) {
            let mut values = Vec::new();
            for mut part in cursor.group()?.split_commas() {
                values.push(part.string()?);
                if !part.done() {
                    return part.expected("“,” or “)”");
                }
            }
            UserTypeKind::Enum(values)
        } else if cursor.are(&["AS", "RANGE"]) || cursor.done() || cursor.is_symbol(b'(') {
            UserTypeKind::Other
        } else {
            cursor.expect("AS")?;
            UserTypeKind::Composite(self.fields(&cursor.group()?))
        };
        let passed = match kind {
            UserTypeKind::Enum(_) | UserTypeKind::Domain { .. } => None,
            UserTypeKind::Composite(_) => Some("CREATE TYPE of a composite type"),
            UserTypeKind::Other => Some("CREATE TYPE of a range or base type"),
        };
        match passed {
            Some(passed) => {
                self.tally.structure = true;
                self.tally.pass(passed);
            }
            None => self.tally.read(),
        }
        let end = if passed.is_none() {
            cursor.end()
        } else {
            Ok(())
        };
        if !shell {
            self.catalog.add_type(UserType {
                name,
                comment: None,
                kind,
            });
        }
        end
    }

    fn fields(&mut self, items: &Cursor<'_>) -> Vec<crate::catalog::ColumnRow> {
        let mut fields = Vec::new();
        for mut item in items.split_commas() {
            let start = item.offset();
            let (catalog, path) = self.scope();
            match column::read_column(&mut item, catalog, path) {
                // No relation has that identity, so nothing but the row comes of it.
                Ok(field) => fields.push(self.column_row(RelationId::MAX, &field)),
                Err(fault) => self.part_problem(start, fault),
            }
        }
        fields
    }

    /// Reads what follows `CREATE DOMAIN`.
    pub(crate) fn create_domain(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let name = cursor.qualified()?;
        let name = self.new_name(&name);
        self.type_is_free(&name, &cursor)?;
        cursor.accept("AS");
        let data_type = self.read_type(&mut cursor)?;
        let mut nullable = true;
        let mut default = None;
        let mut checks: Vec<Check> = Vec::new();
        while !cursor.done() {
            let given = if cursor.accept("CONSTRAINT") {
                Some(cursor.label()?)
            } else {
                None
            };
            if cursor.accept_all(&["NOT", "NULL"]) {
                nullable = false;
            } else if cursor.accept("NULL") {
                nullable = true;
            } else if cursor.accept("COLLATE") {
                column::collation(&mut cursor)?;
            } else if cursor.accept("DEFAULT") {
                let begin = cursor.place();
                expression::skip_default(&mut cursor);
                default = column::kept_default(cursor.text_since(begin));
            } else {
                cursor.expect("CHECK")?;
                let expression = cursor.group()?.rest_text().to_owned();
                let name = given.unwrap_or_else(|| check_name(&name.name, &checks));
                checks.push(Check { name, expression });
                cursor.accept_all(&["NOT", "VALID"]);
            }
        }
        let kind = UserTypeKind::Domain {
            data_type,
            nullable,
            default,
            checks,
        };
        self.catalog.add_type(UserType {
            name,
            comment: None,
            kind,
        });
        self.tally.read();
        Ok(())
    }

    /// Reads what follows `CREATE … SEQUENCE`.
    pub(crate) fn create_sequence(&mut self, mut cursor: Cursor<'_>, temporary: bool) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = cursor.qualified()?;
        let name = match temporary {
            true => QualifiedName::new(TEMPORARY, written.name.clone()),
            false => self.new_name(&written),
        };
        if self.catalog.holder(&name).is_some() {
            if if_not_exists {
                self.tally.pass("CREATE SEQUENCE of one that exists");
                return Ok(());
            }
            return Err(cursor.fault(format!("{name} exists already.")));
        }
        let mut owner = None;
        while !cursor.done() {
            if cursor.are(&["OWNED", "BY"]) {
                owner = self.sequence_owner(&mut cursor)?;
            } else {
                cursor.step();
            }
        }
        self.catalog.add_sequence(SequenceRow { name, owner });
        self.tally.read();
        Ok(())
    }

    /// Reads `OWNED BY table.column` or `OWNED BY NONE`.
    pub(crate) fn sequence_owner(
        &mut self,
        cursor: &mut Cursor<'_>,
    ) -> Read<Option<(RelationId, String)>> {
        cursor.expect("OWNED")?;
        cursor.expect("BY")?;
        if cursor.accept("NONE") {
            return Ok(None);
        }
        let (table, column) = super::comment::column_name(cursor)?;
        let id = self.relation(&table)?;
        let found = self
            .catalog
            .relation(id)
            .and_then(|relation| relation.column(&column));
        if found.is_none() {
            let mut wanted = table;
            wanted.name = format!("{}.{column}", wanted.name);
            return Err(missing("a column", &wanted));
        }
        Ok(Some((id, column)))
    }
}
