//! Scripts for SQLite: what each statement does to the draft.

mod alter;
pub(crate) mod script;
mod table;
mod trigger;

use crate::cursor::{Cursor, Read};
use crate::standard::Grammar;
use crate::standard::lexer::{self, Lexer};
use crate::standard::name::{Naming, text_value};
use crate::standard::reading::Reading;
use crate::token::{Kind, Token};
use crate::{Import, ReadError};
use model::provider::Provider;
use script::{Piece, Script};
use std::collections::HashSet;

/// What sets SQLite apart.
pub(crate) const GRAMMAR: Grammar = Grammar {
    provider: Provider::Sqlite,
    naming: Naming {
        upper: false,
        blind: true,
        texts: true,
    },
    rules: lexer::SQLITE,
    schema: "main",
    method: "btree",
};

/// The schema of temporary tables; it goes with the session.
const TEMPORARY: &str = "temp";

/// Words that may begin a statement that says nothing about the structure.
const PASSED: [&str; 20] = [
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "COMMIT",
    "DELETE",
    "DETACH",
    "END",
    "EXPLAIN",
    "INSERT",
    "PRAGMA",
    "REINDEX",
    "RELEASE",
    "REPLACE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
];

/// Reads scripts, one after another.
pub(crate) struct Reader<'a> {
    reading: Reading<'a>,
    /// The virtual tables that keep their data in other tables, in small letters.
    virtuals: HashSet<String>,
}

impl<'a> Reader<'a> {
    /// A reader with an empty database.
    pub(crate) fn new() -> Self {
        Self {
            reading: Reading::new(GRAMMAR),
            virtuals: HashSet::new(),
        }
    }

    /// Reads one script in a session of its own.
    pub(crate) fn read_file(&mut self, source: &'a str) {
        self.reading.open(source);
        let mut script = Script::new(source);
        let mut tokens = Vec::new();
        while let Some(piece) = script.next_piece(&mut tokens) {
            match piece {
                Piece::Statement => self.statement(&tokens),
                Piece::Command(word) => self.reading.tally.pass(word),
                Piece::Unclosed(open, what) => self.reading.unclosed(open, what),
            }
        }
        self.reading.draft.remove_schema(TEMPORARY);
    }

    /// The schema and the report.
    pub(crate) fn finish(self) -> Result<Import, ReadError> {
        self.reading.finish()
    }

    fn statement(&mut self, tokens: &[Token]) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return;
        };
        self.reading.statement_end = last.end;
        let cursor = Cursor::new(self.reading.source, tokens);
        if let Err(fault) = self.dispatch(cursor) {
            self.reading.part_problem(first.start, fault);
        }
    }

    fn dispatch(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        if cursor.is_any(&["CREATE", "ALTER", "DROP"]) && cursor.tokens().len() > 1 {
            let whole = cursor.clone();
            cursor.step();
            let read = match () {
                () if whole.is("CREATE") => self.create(cursor, &whole),
                () if whole.is("ALTER") => self.alter(cursor),
                () => self.reading.drop(cursor, false),
            };
            // A definition that could not be read is one all the same.
            self.reading.tally.structure |= read.is_err();
            return read;
        }
        if cursor.are(&["INSERT", "INTO", "sqlite_schema"])
            || cursor.are(&["INSERT", "INTO", "sqlite_master"])
        {
            return self.insert_definition(&cursor);
        }
        match PASSED.iter().find(|word| cursor.is(word)) {
            Some(word) => {
                self.reading.tally.pass(word);
                Ok(())
            }
            None => Err(cursor.fault("This is not a statement that SQLite knows.")),
        }
    }

    /// A dump writes virtual tables as rows of SQLite's own table, their definition as text.
    fn insert_definition(&mut self, cursor: &Cursor<'_>) -> Read<()> {
        let texts = cursor
            .tokens()
            .iter()
            .filter(|token| token.kind == Kind::Text);
        let definition = texts
            .map(|token| text_value(cursor.text_of(*token)))
            .find(|text| {
                text.get(..7)
                    .is_some_and(|word| word.eq_ignore_ascii_case("CREATE "))
            });
        let Some(text) = definition else {
            self.reading.tally.pass("INSERT");
            return Ok(());
        };
        let tokens = Lexer::all(&text, GRAMMAR.rules);
        let mut inner = Cursor::new(&text, &tokens);
        let whole = inner.clone();
        inner.step();
        let lent = self.reading.lend(cursor.offset());
        let read = self.create(inner, &whole);
        self.reading.give_back(lent);
        self.reading.tally.structure |= read.is_err();
        read
    }

    fn create(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) -> Read<()> {
        let temporary = cursor.accept("TEMP") || cursor.accept("TEMPORARY");
        if cursor.accept("TABLE") {
            self.create_table(cursor, temporary)
        } else if cursor.accept("VIEW") {
            let schema = temporary.then_some(TEMPORARY);
            self.reading.create_view(cursor, false, false, schema)
        } else if cursor.is("INDEX") || cursor.is("UNIQUE") {
            self.reading.create_index(cursor)
        } else if cursor.accept("TRIGGER") {
            self.create_trigger(cursor, whole)
        } else if cursor.accept_all(&["VIRTUAL", "TABLE"]) {
            self.create_virtual(cursor)
        } else {
            cursor.expected("TABLE, VIEW, INDEX, TRIGGER or VIRTUAL TABLE")
        }
    }
}
