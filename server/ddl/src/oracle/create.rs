//! `CREATE`.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Fault, Read};
use crate::standard::draft::Entry;
use model::schema::{Sequence, Table, TableKind};

impl Reader<'_> {
    /// Reads what follows `CREATE`.
    pub(super) fn create(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        let replace = cursor.accept_all(&["OR", "REPLACE"]);
        cursor.accept_all(&["NO", "FORCE"]);
        loop {
            let word = [
                "FORCE",
                "NOFORCE",
                "EDITIONABLE",
                "NONEDITIONABLE",
                "EDITIONING",
            ]
            .iter()
            .any(|word| cursor.accept(word));
            if !word {
                break;
            }
        }
        // Temporary tables keep their structure between sessions here.
        let kind = cursor.accept_all(&["GLOBAL", "TEMPORARY"])
            || cursor.accept_all(&["PRIVATE", "TEMPORARY"])
            || ["SHARDED", "DUPLICATED", "IMMUTABLE", "BLOCKCHAIN"]
                .iter()
                .any(|word| cursor.accept(word));
        if kind || cursor.is("TABLE") {
            cursor.expect("TABLE")?;
            return self.create_table(cursor);
        }
        if cursor.accept("VIEW") {
            return self.reading.create_view(cursor, replace, false, None);
        }
        if cursor.accept_all(&["MATERIALIZED", "VIEW"]) || cursor.accept("SNAPSHOT") {
            if cursor.is("LOG") {
                self.reading.pass(whole, 4);
                return Ok(());
            }
            return self.reading.create_view(cursor, replace, true, None);
        }
        if cursor.is_any(&["UNIQUE", "BITMAP", "INDEX", "MULTIVALUE"]) {
            return self.reading.create_index(cursor);
        }
        if cursor.accept("SEQUENCE") {
            cursor.accept_all(&["IF", "NOT", "EXISTS"]);
            let name = self.reading.name(&mut cursor)?;
            let full = self.reading.new_name(&name);
            let taken = self
                .reading
                .draft
                .sequences
                .iter()
                .any(|sequence| sequence.name == full);
            if taken {
                return Err(Fault {
                    at: name.at,
                    message: format!("{full} exists already."),
                });
            }
            self.reading.draft.sequences.push(Sequence {
                name: full,
                owned_by: None,
            });
            self.reading.tally.read();
            return Ok(());
        }
        if cursor.accept("TRIGGER") {
            return self.create_trigger(cursor, whole);
        }
        let routine = cursor.is_any(&["FUNCTION", "PROCEDURE"]);
        if routine || cursor.is("PACKAGE") {
            cursor.step();
            if cursor.accept("BODY") {
                self.reading.tally.pass("CREATE PACKAGE BODY");
                return Ok(());
            }
            cursor.accept_all(&["IF", "NOT", "EXISTS"]);
            let name = self.reading.name(&mut cursor)?;
            if !routine {
                self.reading.tally.pass("CREATE PACKAGE");
                return Ok(());
            }
            let arguments = match cursor.is_symbol(b'(') {
                true => cursor.group()?,
                false => cursor.since(cursor.place()),
            };
            self.reading.add_routine(&name, &arguments);
            return Ok(());
        }
        // What the model does not have: synonyms, types of rows, users, tablespaces.
        let mut kind = format!("CREATE {}", words(&cursor));
        if cursor.are(&["PUBLIC", "SYNONYM"]) {
            "CREATE SYNONYM".clone_into(&mut kind);
        }
        self.reading.tally.pass(&kind);
        Ok(())
    }

    fn create_table(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = self.reading.name(&mut cursor)?;
        let full = self.reading.new_name(&name);
        if !self.reading.is_new(&name, &full, if_not_exists, "TABLE")? {
            return Ok(());
        }
        let object = cursor.accept("OF");
        if object {
            // A table of objects: its columns are those of a type.
            self.reading.name(&mut cursor)?;
            let message = format!(
                "{full} is a table of objects; its columns are those of their type and were not \
                 read."
            );
            self.reading.part_problem(
                name.at,
                Fault {
                    at: name.at,
                    message,
                },
            );
        }
        let inside = match cursor.is_symbol(b'(') {
            true => Some(cursor.group()?),
            false => None,
        };
        // Where and how it is kept may hold anything; a query comes last.
        let (mut partition, mut query) = (None, None);
        while !cursor.done() {
            if cursor.is("AS")
                && cursor.peek_at(1).is_some_and(|next| {
                    next.is_symbol(b'(')
                        || cursor.token_is(Some(next), "SELECT")
                        || cursor.token_is(Some(next), "WITH")
                })
            {
                cursor.step();
                query = Some(cursor.rest());
                break;
            }
            if partition.is_none() && cursor.are(&["PARTITION", "BY"]) {
                cursor.step();
                cursor.step();
                let begin = cursor.place();
                while !cursor.done() && !cursor.is_symbol(b'(') {
                    cursor.step();
                }
                cursor.skip_group();
                partition = Some(cursor.text_since(begin).to_owned());
                continue;
            }
            cursor.skip_group();
        }
        if let Some(query) = query {
            let id = self.reading.create_from_query(full, &query, name.at);
            if let (Some(inside), Some(table)) = (inside, self.reading.draft.table_mut(id)) {
                for (part, column) in inside.split_commas().iter().zip(&mut table.columns) {
                    if let Ok(new) = GRAMMAR.naming.label(&mut part.clone()) {
                        column.name = new;
                    }
                }
            }
            self.reading.tally.read();
            return Ok(());
        }
        let items = match inside {
            Some(inside) => self.reading.items(&inside),
            None if object => Default::default(),
            None => return cursor.expected("“(”"),
        };
        let mut table = Table::new(full, TableKind::Table);
        table.partition_key = partition;
        let id = self.reading.draft.add(Entry::new(table));
        self.reading.fill(id, items);
        self.reading.tally.read();
        Ok(())
    }

    fn create_trigger(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = self.reading.name(&mut cursor)?;
        while !cursor.done() && !cursor.is("ON") && !cursor.is_any(&["BEGIN", "DECLARE"]) {
            cursor.skip_group();
        }
        cursor.expect("ON")?;
        if cursor.accept_all(&["NESTED", "TABLE"]) {
            cursor.step();
            cursor.expect("OF")?;
        }
        if cursor.is_any(&["DATABASE", "SCHEMA", "PLUGGABLE"])
            || cursor.token_is(cursor.peek_at(2), "SCHEMA")
        {
            self.reading.tally.pass("CREATE TRIGGER ON SCHEMA");
            return Ok(());
        }
        let table = self.reading.name(&mut cursor)?;
        let id = self.reading.relation(&table)?;
        let definition = whole.rest_text().to_owned();
        self.reading.add_trigger(id, &name, definition);
        Ok(())
    }
}

/// The first bare words, at most two.
fn words(cursor: &Cursor<'_>) -> String {
    let mut found = Vec::new();
    let whole = cursor.rest();
    for token in whole.tokens().iter().take(2) {
        let text = whole.text_of(*token).to_uppercase();
        if token.kind != crate::token::Kind::Word {
            break;
        }
        found.push(text);
        if !["PUBLIC", "DATABASE", "TYPE", "FLASHBACK"].contains(&found.concat().as_str()) {
            break;
        }
    }
    // The second is a name, unless it goes on with the first.
    found.truncate(match found.get(1).map(String::as_str) {
        Some("SYNONYM" | "LINK" | "BODY" | "ARCHIVE" | "DATABASE") => 2,
        _ => 1,
    });
    crate::fold::clip(&found.join(" "), 60).to_owned()
}
