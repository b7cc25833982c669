//! Scripts for Oracle: what each statement does to the draft.

mod alter;
mod create;
mod modify;
mod script;
pub(crate) mod types;

use crate::cursor::{Cursor, Fault, Read};
use crate::standard::Grammar;
use crate::standard::lexer;
use crate::standard::name::{Naming, read_text};
use crate::standard::reading::Reading;
use crate::token::Token;
use crate::{Import, ReadError};
use model::provider::Provider;
use script::{Piece, Script};

/// What sets Oracle apart. A name without a schema is of the user who runs the script, and no
/// script tells who that is; `USER` stands for them, as in the views of the dictionary.
pub(crate) const GRAMMAR: Grammar = Grammar {
    provider: Provider::Oracle,
    naming: Naming {
        upper: true,
        blind: false,
        texts: false,
    },
    rules: lexer::ORACLE,
    schema: "USER",
    method: "btree",
};

/// Words that may begin a statement that says nothing about the structure.
const PASSED: [&str; 31] = [
    "ADMINISTER",
    "ANALYZE",
    "ASSOCIATE",
    "AUDIT",
    "BEGIN",
    "CALL",
    "COMMIT",
    "DECLARE",
    "DELETE",
    "DISASSOCIATE",
    "EXPLAIN",
    "FLASHBACK",
    "GRANT",
    "INSERT",
    "LOCK",
    "MERGE",
    "NOAUDIT",
    "PURGE",
    "RENAME",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHUTDOWN",
    "STARTUP",
    "TRUNCATE",
    "UPDATE",
    "VALUES",
    "WITH",
    "(",
];

/// Reads scripts, one after another.
pub(crate) struct Reader<'a> {
    reading: Reading<'a>,
}

impl<'a> Reader<'a> {
    /// A reader with an empty database.
    pub(crate) fn new() -> Self {
        Self {
            reading: Reading::new(GRAMMAR),
        }
    }

    /// Reads one script in a session of its own.
    pub(crate) fn read_file(&mut self, source: &'a str) {
        self.reading.open(source);
        GRAMMAR.schema.clone_into(&mut self.reading.draft.schema);
        let mut script = Script::new(source);
        let mut tokens = Vec::new();
        while let Some(piece) = script.next_piece(&mut tokens) {
            match piece {
                Piece::Statement => self.statement(&tokens),
                Piece::Command(line) => self.command(line),
                Piece::Unclosed(open, what) => self.reading.unclosed(open, what),
            }
        }
    }

    /// The schema and the report.
    pub(crate) fn finish(self) -> Result<Import, ReadError> {
        self.reading.finish()
    }

    /// A command of SQL*Plus; one that connects tells the user.
    fn command(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or_default().to_uppercase();
        if word == "CONNECT" || word == "CONN" {
            let user = words.next().unwrap_or_default();
            let user = user.split(['/', '@', ';']).next().unwrap_or_default();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_$#".contains(&byte);
            if !user.is_empty() && user.bytes().all(plain) {
                self.reading.draft.schema = user.to_uppercase();
            }
        }
        let word = word.trim_end_matches(';');
        self.reading.tally.pass(match word.starts_with('@') {
            true => "@",
            false => word,
        });
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
        let whole = cursor.clone();
        if cursor.is_any(&["CREATE", "ALTER", "DROP", "COMMENT"]) && cursor.tokens().len() > 1 {
            cursor.step();
            let read = match () {
                () if whole.is("CREATE") => self.create(cursor, &whole),
                () if whole.is("ALTER") => self.alter(cursor, &whole),
                () if whole.is("DROP") => self.reading.drop(cursor, false),
                () => self.comment(cursor),
            };
            // A definition that could not be read is one all the same.
            self.reading.tally.structure |= read.is_err();
            return read;
        }
        if cursor.is("RENAME") {
            cursor.step();
            let old = self.reading.name(&mut cursor)?;
            cursor.expect("TO")?;
            let new = GRAMMAR.naming.label(&mut cursor)?;
            let id = self.reading.relation(&old)?;
            self.reading.draft.rename(id, &new);
            self.reading.tally.read();
            return Ok(());
        }
        if cursor.is_any(&["BEGIN", "DECLARE"]) {
            return self.block(&whole);
        }
        match PASSED.iter().find(|word| cursor.is(word)) {
            Some(word) => {
                self.reading.tally.pass(word);
                Ok(())
            }
            None if cursor.is_symbol(b'(') => {
                self.reading.tally.pass("SELECT");
                Ok(())
            }
            None => Err(cursor.fault("This is not a statement that Oracle knows.")),
        }
    }

    /// A block of PL/SQL: passed over, unless a text in it may define something.
    fn block(&mut self, whole: &Cursor<'_>) -> Read<()> {
        let executes = whole
            .tokens()
            .iter()
            .any(|token| whole.token_is(Some(*token), "IMMEDIATE"));
        let text = whole.tokens().iter().find(|token| {
            let upper = whole.text_of(**token).to_uppercase();
            executes
                && token.kind == crate::token::Kind::Text
                && ["CREATE ", "ALTER TABLE"]
                    .iter()
                    .any(|word| upper.contains(word))
        });
        if let Some(text) = text {
            self.reading.tally.structure = true;
            return Err(Fault {
                at: text.start,
                message: "This block executes texts that define something; only the server can \
                          tell what. It was not read."
                    .to_owned(),
            });
        }
        self.reading.pass(whole, 1);
        Ok(())
    }

    /// Reads what follows `COMMENT`.
    fn comment(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.expect("ON")?;
        if cursor.accept("TABLE") || cursor.accept_all(&["MATERIALIZED", "VIEW"]) {
            let name = self.reading.name(&mut cursor)?;
            cursor.expect("IS")?;
            let text = read_text(&mut cursor)?;
            cursor.end()?;
            let id = self.reading.relation(&name)?;
            if let Some(table) = self.reading.draft.table_mut(id) {
                table.comment = (!text.is_empty()).then_some(text);
            }
        } else if cursor.accept("COLUMN") {
            let at = cursor.offset();
            let mut path = vec![GRAMMAR.naming.label(&mut cursor)?];
            while cursor.accept_symbol(b'.') {
                path.push(GRAMMAR.naming.label(&mut cursor)?);
            }
            cursor.expect("IS")?;
            let text = read_text(&mut cursor)?;
            cursor.end()?;
            let column = path.pop().unwrap_or_default();
            let name = crate::cursor::Name {
                name: path.pop().unwrap_or_default(),
                schema: path.pop(),
                at,
            };
            let id = self.reading.relation(&name)?;
            let column = self.reading.spelled(id, &[column], at)?;
            if let Some(found) = column
                .first()
                .and_then(|column| self.reading.draft.column_mut(id, column))
            {
                found.comment = (!text.is_empty()).then_some(text);
            }
        } else {
            self.reading.tally.pass("COMMENT");
            return Ok(());
        }
        self.reading.tally.read();
        Ok(())
    }
}
