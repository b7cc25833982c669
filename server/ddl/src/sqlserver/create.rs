//! `CREATE`.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Fault, Read};
use crate::standard::draft::Entry;
use model::schema::{Domain, Sequence, Table, TableKind};

impl Reader<'_> {
    /// Reads what follows `CREATE`.
    pub(super) fn create(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
        conditional: bool,
    ) -> Read<()> {
        let replace = cursor.accept_all(&["OR", "ALTER"]);
        if cursor.accept("TABLE") {
            return self.create_table(cursor, conditional);
        }
        if cursor.accept("EXTERNAL") {
            if cursor.accept("TABLE") {
                return self.create_table(cursor, conditional);
            }
            self.reading.pass(whole, 2);
            return Ok(());
        }
        let index = cursor.is_any(&[
            "UNIQUE",
            "CLUSTERED",
            "NONCLUSTERED",
            "INDEX",
            "COLUMNSTORE",
        ]) || cursor.are(&["XML", "INDEX"])
            || cursor.are(&["PRIMARY", "XML", "INDEX"])
            || cursor.are(&["SPATIAL", "INDEX"]);
        if index {
            return self.reading.create_index(cursor);
        }
        if cursor.is_any(&["VIEW", "PROCEDURE", "PROC", "FUNCTION", "TRIGGER"]) {
            return self.module(cursor, whole, replace);
        }
        if cursor.accept("TYPE") {
            return self.create_type(cursor, conditional);
        }
        if cursor.accept("SEQUENCE") {
            let name = self.reading.name(&mut cursor)?;
            let name = self.reading.new_name(&name);
            self.reading.draft.sequences.push(Sequence {
                name,
                owned_by: None,
            });
            self.reading.tally.read();
            return Ok(());
        }
        // What the model does not have: schemas, users, partition functions, statistics.
        self.reading.pass(whole, 2);
        Ok(())
    }

    fn create_table(&mut self, mut cursor: Cursor<'_>, conditional: bool) -> Read<()> {
        let name = self.reading.name(&mut cursor)?;
        let full = self.reading.new_name(&name);
        if !self.reading.is_new(&name, &full, conditional, "TABLE")? {
            return Ok(());
        }
        if cursor.accept("AS") {
            // A graph's nodes and edges may have no columns; a file table has none either.
            if !cursor.is_any(&["NODE", "EDGE", "FILETABLE"]) {
                self.reading
                    .create_from_query(full, &cursor.rest(), name.at);
                self.reading.tally.read();
                return Ok(());
            }
            self.reading
                .draft
                .add(Entry::new(Table::new(full, TableKind::Table)));
            self.reading.tally.read();
            return Ok(());
        }
        let inside = cursor.group()?;
        // Where it is kept: `ON`, `TEXTIMAGE_ON`, `WITH (…)`, `AS NODE`.
        while !cursor.done() {
            let known = cursor.is_any(&["ON", "TEXTIMAGE_ON", "FILESTREAM_ON", "WITH", "AS"]);
            if !known {
                return cursor.expected("ON, TEXTIMAGE_ON, WITH or the end of the table");
            }
            cursor.step();
            cursor.skip_group();
            if cursor.is_symbol(b'(') {
                cursor.group()?;
            }
        }
        let items = self.reading.items(&inside);
        let id = self
            .reading
            .draft
            .add(Entry::new(Table::new(full, TableKind::Table)));
        self.reading.fill(id, items);
        self.reading.tally.read();
        Ok(())
    }

    /// Reads what follows `CREATE TYPE`: another name of a type, or a type of rows.
    fn create_type(&mut self, mut cursor: Cursor<'_>, conditional: bool) -> Read<()> {
        let name = self.reading.name(&mut cursor)?;
        let full = self.reading.new_name(&name);
        if cursor.accept("AS") || cursor.accept("EXTERNAL") {
            self.reading.tally.pass("CREATE TYPE AS TABLE");
            return Ok(());
        }
        cursor.expect("FROM")?;
        let data_type = GRAMMAR.data_type(&mut cursor)?;
        let nullable = !cursor.accept_all(&["NOT", "NULL"]);
        cursor.accept("NULL");
        cursor.end()?;
        self.add_domain(
            Domain {
                name: full,
                data_type,
                nullable,
                default: None,
                checks: Vec::new(),
                comment: None,
            },
            name.at,
            conditional,
        )
    }

    /// Adds a type whose name is free.
    pub(super) fn add_domain(&mut self, domain: Domain, at: usize, allowed: bool) -> Read<()> {
        let taken = self.reading.draft.domains.iter().any(|other| {
            GRAMMAR.naming.same(&other.name.schema, &domain.name.schema)
                && GRAMMAR.naming.same(&other.name.name, &domain.name.name)
        });
        if taken {
            if allowed {
                self.reading.tally.pass("CREATE TYPE of one that exists");
                return Ok(());
            }
            return Err(Fault {
                at,
                message: format!("{} exists already.", domain.name),
            });
        }
        self.reading.draft.domains.push(domain);
        self.reading.tally.read();
        Ok(())
    }

    /// Reads a view, a routine or a trigger, from its word on; each takes all of its batch.
    pub(super) fn module(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
        replace: bool,
    ) -> Read<()> {
        if cursor.accept("VIEW") {
            return self
                .reading
                .create_view(without_end(&cursor), replace, false, None);
        }
        if cursor.accept("TRIGGER") {
            let name = self.reading.name(&mut cursor)?;
            cursor.expect("ON")?;
            if cursor.is("DATABASE") || cursor.are(&["ALL", "SERVER"]) {
                self.reading.tally.pass("CREATE TRIGGER ON DATABASE");
                return Ok(());
            }
            let table = self.reading.name(&mut cursor)?;
            let id = self.reading.relation(&table)?;
            let definition = whole.rest_text().to_owned();
            self.reading.add_trigger(id, &name, definition);
            return Ok(());
        }
        cursor.step();
        let name = self.reading.name(&mut cursor)?;
        let arguments = if cursor.is_symbol(b'(') {
            cursor.group()?
        } else {
            // A procedure's arguments need no parentheses.
            let begin = cursor.place();
            while !cursor.done() && !cursor.is_any(&["AS", "WITH", "RETURNS", "FOR"]) {
                cursor.skip_group();
                // `@a AS int`.
                if cursor.is("AS")
                    && cursor
                        .previous()
                        .is_some_and(|token| cursor.text_of(token).starts_with('@'))
                {
                    cursor.step();
                }
            }
            cursor.since(begin)
        };
        self.reading.add_routine(&name, &arguments);
        Ok(())
    }
}

/// A run without the semicolon at its end.
fn without_end<'a>(cursor: &Cursor<'a>) -> Cursor<'a> {
    let rest = cursor.rest();
    let mut at = rest.tokens().len();
    while at > 0
        && rest
            .tokens()
            .get(at - 1)
            .is_some_and(|token| token.is_symbol(b';'))
    {
        at -= 1;
    }
    let mut end = rest;
    end.reset(at);
    end.since(0)
}
