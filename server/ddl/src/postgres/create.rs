//! `CREATE`: which kind of thing it creates.

use super::Reader;
use crate::cursor::{Cursor, Read};

/// Things whose creation says nothing about the structure that is kept.
const PASSED: [&[&str]; 27] = [
    &["ACCESS", "METHOD"],
    &["CAST"],
    &["COLLATION"],
    &["CONVERSION"],
    &["DATABASE"],
    &["EVENT", "TRIGGER"],
    &["EXTENSION"],
    &["FOREIGN", "DATA", "WRAPPER"],
    &["GROUP"],
    &["LANGUAGE"],
    &["OPERATOR", "CLASS"],
    &["OPERATOR", "FAMILY"],
    &["OPERATOR"],
    &["POLICY"],
    &["PUBLICATION"],
    &["ROLE"],
    &["RULE"],
    &["SERVER"],
    &["STATISTICS"],
    &["SUBSCRIPTION"],
    &["TABLESPACE"],
    &["TEXT", "SEARCH"],
    &["TRANSFORM"],
    &["USER", "MAPPING"],
    &["USER"],
    &["LARGE", "OBJECT"],
    &["DEFAULT", "PRIVILEGES"],
];

/// The kind of a statement that is passed over, where it is one.
pub(crate) fn passed_kind(verb: &str, cursor: &Cursor<'_>) -> Option<String> {
    PASSED
        .iter()
        .find(|words| cursor.are(words))
        .map(|words| format!("{verb} {}", words.join(" ")))
}

impl Reader<'_, '_> {
    /// Reads what follows `CREATE`; `whole` stands before that word.
    pub(crate) fn create(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        let replace = cursor.accept_all(&["OR", "REPLACE"]);
        if !cursor.accept("GLOBAL") {
            cursor.accept("LOCAL");
        }
        let temporary = cursor.accept("TEMPORARY") || cursor.accept("TEMP");
        cursor.accept("UNLOGGED");
        if cursor.accept("TABLE") {
            return self.create_table(cursor, temporary, false);
        }
        if cursor.accept_all(&["FOREIGN", "TABLE"]) {
            return self.create_table(cursor, false, true);
        }
        if cursor.accept_all(&["UNIQUE", "INDEX"]) {
            return self.create_index(cursor, true);
        }
        if cursor.accept("INDEX") {
            return self.create_index(cursor, false);
        }
        if cursor.accept_all(&["MATERIALIZED", "VIEW"]) {
            return self.create_view(cursor, whole, view_kind(true, false, false));
        }
        let recursive = cursor.accept("RECURSIVE");
        if cursor.accept("VIEW") {
            let mut kind = view_kind(false, replace, temporary);
            kind.recursive = recursive;
            return self.create_view(cursor, whole, kind);
        }
        if cursor.accept("SEQUENCE") {
            return self.create_sequence(cursor, temporary);
        }
        if cursor.accept("SCHEMA") {
            return self.create_schema(cursor);
        }
        if cursor.accept("TYPE") {
            return self.create_type(cursor);
        }
        if cursor.accept("DOMAIN") {
            return self.create_domain(cursor);
        }
        if cursor.accept("TRIGGER") || cursor.accept_all(&["CONSTRAINT", "TRIGGER"]) {
            return self.create_trigger(cursor, whole, replace);
        }
        if cursor.is_any(&["FUNCTION", "PROCEDURE", "AGGREGATE"]) {
            cursor.step();
            return self.create_routine(cursor, replace);
        }
        let mut kind = cursor.clone();
        if !kind.accept("TRUSTED") {
            kind.accept("DEFAULT");
        }
        kind.accept("PROCEDURAL");
        match passed_kind("CREATE", &kind) {
            Some(kind) => {
                self.tally.pass(&kind);
                Ok(())
            }
            None => cursor.expected("something that PostgreSQL can create"),
        }
    }
}

fn view_kind(materialized: bool, replace: bool, temporary: bool) -> super::view::ViewKind {
    super::view::ViewKind {
        materialized,
        replace,
        temporary,
        recursive: false,
    }
}
