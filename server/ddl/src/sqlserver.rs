//! Scripts for SQL Server: what each statement does to the draft.

mod alter;
mod batch;
mod create;
mod property;
mod text;
pub(crate) mod types;

use crate::cursor::{Cursor, Read};
use crate::standard::Grammar;
use crate::standard::lexer;
use crate::standard::name::Naming;
use crate::standard::reading::Reading;
use crate::token::Token;
use crate::{Import, ReadError};
use batch::{Batches, Condition, Piece};
use model::provider::Provider;

/// What sets SQL Server apart.
pub(crate) const GRAMMAR: Grammar = Grammar {
    provider: Provider::SqlServer,
    naming: Naming {
        upper: false,
        blind: true,
        texts: false,
    },
    rules: lexer::SQL_SERVER,
    schema: "dbo",
    method: "nonclustered",
};

/// Words that may begin a statement that says nothing about the structure.
const PASSED: [&str; 54] = [
    "ADD",
    "BACKUP",
    "BEGIN",
    "BREAK",
    "BULK",
    "CHECKPOINT",
    "CLOSE",
    "COMMIT",
    "CONTINUE",
    "DBCC",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DENY",
    "DISABLE",
    "ELSE",
    "ENABLE",
    "END",
    "FETCH",
    "GOTO",
    "GRANT",
    "IF",
    "INSERT",
    "KILL",
    "MERGE",
    "OPEN",
    "PRINT",
    "RAISERROR",
    "RECONFIGURE",
    "RESTORE",
    "RETURN",
    "REVERT",
    "REVOKE",
    "ROLLBACK",
    "SAVE",
    "SELECT",
    "SET",
    "SETUSER",
    "SHUTDOWN",
    "THROW",
    "TRUNCATE",
    "UPDATE",
    "USE",
    "WAITFOR",
    "WHILE",
    "WITH",
    "EXEC",
    "EXECUTE",
    "OPENQUERY",
    "RECEIVE",
    "SEND",
    "MOVE",
    "GET",
    "(",
];

/// How deep statements within texts are followed.
const DEEPEST: usize = 4;

/// Reads scripts, one after another.
pub(crate) struct Reader<'a> {
    reading: Reading<'a>,
    /// How many texts of `EXEC` the statement stands in.
    depth: usize,
}

impl<'a> Reader<'a> {
    /// A reader with an empty database.
    pub(crate) fn new() -> Self {
        Self {
            reading: Reading::new(GRAMMAR),
            depth: 0,
        }
    }

    /// Reads one script in a session of its own.
    pub(crate) fn read_file(&mut self, source: &'a str) {
        self.reading.open(source);
        self.read(source);
        // Local temporary tables go with the session.
        let temporary: Vec<usize> = (0..self.reading.draft.entries.len())
            .filter(|id| {
                self.reading
                    .draft
                    .table(*id)
                    .is_some_and(|table| table.name.name.starts_with('#'))
            })
            .collect();
        for id in temporary {
            self.reading.draft.remove(id);
        }
    }

    fn read(&mut self, source: &str) {
        let mut batches = Batches::new(source);
        let mut tokens = Vec::new();
        while let Some(piece) = batches.next_piece(&mut tokens) {
            match piece {
                Piece::Statement(condition) => self.statement(source, &tokens, condition),
                Piece::Command(word) => self.reading.tally.pass(word),
                Piece::Unclosed(open, what) => self.reading.unclosed(open, what),
            }
        }
    }

    /// The schema and the report.
    pub(crate) fn finish(self) -> Result<Import, ReadError> {
        self.reading.finish()
    }

    fn statement(&mut self, source: &str, tokens: &[Token], condition: Condition) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return;
        };
        self.reading.statement_end = last.end;
        let cursor = Cursor::new(source, tokens);
        if let Err(fault) = self.dispatch(cursor, condition) {
            self.reading.part_problem(first.start, fault);
        }
    }

    fn dispatch(&mut self, mut cursor: Cursor<'_>, condition: Condition) -> Read<()> {
        let whole = cursor.clone();
        let conditional = condition != Condition::Always;
        if cursor.is_any(&["CREATE", "ALTER", "DROP"]) && cursor.tokens().len() > 1 {
            cursor.step();
            let read = match () {
                // In an empty database what is not there is made, and nothing else is done.
                () if condition == Condition::Else && !whole.is("CREATE") => Err(whole.fault(
                    "This stands under ELSE: only the server can tell whether it is done. It was \
                     not read.",
                )),
                () if whole.is("CREATE") => self.create(cursor, &whole, conditional),
                () if whole.is("ALTER") => self.alter(cursor, &whole),
                () => self.reading.drop(cursor, conditional),
            };
            // A definition that could not be read is one all the same.
            self.reading.tally.structure |= read.is_err();
            return read;
        }
        if cursor.accept("EXEC") || cursor.accept("EXECUTE") {
            return self.execute(cursor);
        }
        if cursor.is("SELECT") && creates_table(&cursor) {
            self.reading.tally.structure = true;
            return Err(cursor.fault("SELECT INTO creates a table; it was not read."));
        }
        let known = PASSED.iter().find(|word| cursor.is(word));
        match known {
            Some(word) => {
                self.reading.tally.pass(word);
                Ok(())
            }
            None if cursor.is_symbol(b'(') => {
                self.reading.tally.pass("SELECT");
                Ok(())
            }
            // The first statement of a batch may call a procedure without a word.
            None if cursor
                .peek()
                .is_some_and(|first| cursor.text_of(first).to_lowercase().contains("sp_")) =>
            {
                self.execute(cursor)
            }
            None => Err(cursor.fault("This is not a statement that SQL Server knows.")),
        }
    }
}

/// Whether a `SELECT` puts its rows into a new table that stays.
fn creates_table(statement: &Cursor<'_>) -> bool {
    let mut cursor = statement.clone();
    while !cursor.done() && !cursor.is("FROM") {
        if cursor.accept("INTO") {
            return cursor.peek().is_some_and(|token| {
                !cursor
                    .text_of(token)
                    .trim_start_matches('[')
                    .starts_with(['#', '@'])
            });
        }
        cursor.skip_group();
    }
    false
}
