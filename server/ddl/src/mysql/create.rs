//! What `CREATE` makes.

use super::Reader;
use super::constraint::{Body, Element, KeyDef, KeyKind, read_key};
use super::name;
use super::view::ViewKind;
use crate::catalog::SequenceRow;
use crate::cursor::{Cursor, Fault, Read};

/// Things of which the model holds nothing.
const PASSED: [&[&str]; 12] = [
    &["DATABASE"],
    &["SCHEMA"],
    &["EVENT"],
    &["USER"],
    &["ROLE"],
    &["SERVER"],
    &["TABLESPACE"],
    &["UNDO", "TABLESPACE"],
    &["LOGFILE", "GROUP"],
    &["RESOURCE", "GROUP"],
    &["SPATIAL", "REFERENCE", "SYSTEM"],
    &["PACKAGE"],
];

/// The kind of a statement that is passed over, where it is one.
pub(crate) fn passed_kind(verb: &str, cursor: &Cursor<'_>) -> Option<String> {
    PASSED
        .iter()
        .find(|words| cursor.are(words))
        .map(|words| format!("{verb} {}", words.join(" ")))
}

/// Moves past `DEFINER = name@host`, `ALGORITHM = …` and `SQL SECURITY …`.
pub(crate) fn skip_definer(cursor: &mut Cursor<'_>) -> Read<()> {
    loop {
        if cursor.accept("DEFINER") {
            cursor.accept_operator("=");
            cursor.step();
            if cursor.is_symbol(b'(') {
                cursor.group()?;
            }
            if cursor.accept_operator("@") {
                cursor.step();
                // A host without quotes: db.example.org.
                while cursor.accept_symbol(b'.') {
                    cursor.step();
                }
            }
        } else if cursor.accept("ALGORITHM") {
            cursor.accept_operator("=");
            cursor.step();
        } else if cursor.accept_all(&["SQL", "SECURITY"]) {
            cursor.step();
        } else {
            return Ok(());
        }
    }
}

impl Reader<'_> {
    /// Reads what follows `CREATE`; `whole` stands before that word.
    pub(crate) fn create(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        let replace = cursor.accept_all(&["OR", "REPLACE"]);
        skip_definer(&mut cursor)?;
        let temporary = cursor.accept("TEMPORARY");
        if cursor.accept("TABLE") {
            return self.create_table(cursor, temporary, replace);
        }
        if cursor.accept("VIEW") {
            let kind = ViewKind {
                replace,
                alter: false,
            };
            return self.create_view(cursor, whole, kind);
        }
        let header = cursor.offset();
        cursor.accept("AGGREGATE");
        if cursor.accept("TRIGGER") {
            return self.create_trigger(cursor, whole, header, replace);
        }
        if cursor.accept("FUNCTION") || cursor.accept("PROCEDURE") {
            return self.create_routine(cursor, replace);
        }
        if cursor.accept("SEQUENCE") {
            return self.create_sequence(cursor, replace);
        }
        let reference_system = cursor.are(&["SPATIAL", "REFERENCE"]);
        let kind = cursor.clone();
        let (kind_of, method) = if cursor.accept("UNIQUE") {
            (KeyKind::Unique, "btree")
        } else if cursor.accept("FULLTEXT") {
            (KeyKind::Plain, "fulltext")
        } else if !reference_system && cursor.accept("SPATIAL") {
            (KeyKind::Plain, "spatial")
        } else {
            (KeyKind::Plain, "btree")
        };
        cursor.accept("ONLINE");
        if cursor.accept("INDEX") {
            return self.create_index(cursor, kind_of, method, replace);
        }
        match passed_kind("CREATE", &kind) {
            Some(kind) => {
                self.tally.pass(&kind);
                Ok(())
            }
            None => kind.expected("something that MySQL can create"),
        }
    }

    /// Reads what follows `CREATE … INDEX`.
    fn create_index(
        &mut self,
        mut cursor: Cursor<'_>,
        kind: KeyKind,
        method: &str,
        replace: bool,
    ) -> Read<()> {
        let at = cursor.offset();
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = name::label(&mut cursor)?;
        let mut written = method.to_owned();
        if cursor.accept("USING") {
            written = name::label(&mut cursor)?.to_ascii_lowercase();
        }
        cursor.expect("ON")?;
        let table = name::qualified(&mut cursor)?;
        let (method, parts) = read_key(&mut cursor, &written)?;
        while cursor.is_any(&["ALGORITHM", "LOCK", "WAIT", "NOWAIT"]) {
            cursor.step();
            cursor.accept_operator("=");
            if !cursor.done() {
                cursor.step();
            }
        }
        cursor.end()?;
        let id = self.table(&table)?;
        if replace {
            self.remove_index(id, &name);
        }
        let key = KeyDef {
            name: Some(name),
            kind,
            method,
            parts,
        };
        let element = Element {
            at,
            if_not_exists,
            body: Body::Key(key),
        };
        self.add_elements(id, vec![element]);
        self.tally.read();
        Ok(())
    }

    /// Reads what follows `CREATE SEQUENCE`, which MariaDB has.
    fn create_sequence(&mut self, mut cursor: Cursor<'_>, replace: bool) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = name::qualified(&mut cursor)?;
        let name = self.full_name(&written);
        match self.catalog.holder(&name) {
            Some(crate::catalog::Holder::Sequence(id)) if replace => {
                self.catalog.remove_sequence(id);
            }
            Some(_) if if_not_exists => {
                self.tally.pass("CREATE SEQUENCE of one that exists");
                return Ok(());
            }
            Some(_) => {
                return Err(Fault {
                    at: written.at,
                    message: format!("{name} exists already."),
                });
            }
            None => {}
        }
        self.catalog.add_sequence(SequenceRow { name, owner: None });
        self.tally.read();
        Ok(())
    }
}
