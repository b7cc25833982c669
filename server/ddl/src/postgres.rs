//! Scripts for PostgreSQL: what each statement does to the catalog.

mod alter;
mod alter_table;
mod block;
mod column;
mod comment;
mod constraint;
mod create;
mod drop;
pub(crate) mod expression;
mod from;
mod index;
mod routine;
mod schema;
pub(crate) mod script;
pub(crate) mod select;
mod session;
mod table;
mod table_constraint;
mod trigger;
pub(crate) mod types;
mod types_created;
mod view;

use crate::catalog::{Catalog, Place, RelationId, TEMPORARY};
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::dialect::foreign_mark;
use crate::tally::Tally;
use crate::token::{Lines, Token, excerpt};
use crate::{Import, ReadError, ReadOptions};
use model::import::PassedOver;
use model::schema::QualifiedName;
use script::{Piece, Script};

/// Words that may begin a statement that says nothing about the structure.
const PASSED: [&str; 50] = [
    "ABORT",
    "ANALYSE",
    "ANALYZE",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMIT",
    "COPY",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DISCARD",
    "DO",
    "END",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "GRANT",
    "INSERT",
    "LISTEN",
    "LOAD",
    "LOCK",
    "MERGE",
    "MOVE",
    "NOTIFY",
    "PREPARE",
    "REASSIGN",
    "REFRESH",
    "REINDEX",
    "RELEASE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SECURITY",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "TABLE",
    "TRUNCATE",
    "UNLISTEN",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
    "IMPORT",
    "(",
];

/// Reads scripts, one after another, into one catalog.
pub(crate) struct Reader<'a, 'o> {
    options: &'o ReadOptions,
    pub(crate) catalog: Catalog,
    pub(crate) tally: Tally,
    /// The schemas in which unqualified names are looked for; never empty.
    path: Vec<String>,
    source: &'a str,
    lines: Lines,
    /// Where the statement that is being read ends.
    statement_end: usize,
    /// Whether plain strings hold escapes, as the script last set it.
    backslashes: bool,
    file: usize,
}

impl<'a, 'o> Reader<'a, 'o> {
    /// A reader with an empty catalog.
    pub(crate) fn new(options: &'o ReadOptions) -> Self {
        Self {
            options,
            catalog: Catalog::default(),
            tally: Tally::default(),
            path: Vec::new(),
            source: "",
            lines: Lines::default(),
            statement_end: 0,
            backslashes: false,
            file: 0,
        }
    }

    /// Reads one script in a session of its own.
    pub(crate) fn read_file(&mut self, source: &'a str) -> Result<(), ReadError> {
        self.source = source;
        self.lines = Lines::of(source);
        self.backslashes = false;
        self.reset_path();
        let mut script = Script::new(source);
        let mut tokens = Vec::new();
        while let Some(piece) = script.next_piece(&mut tokens) {
            match piece {
                Piece::Statement => self.statement(&tokens)?,
                Piece::Command { start, end } => self.command(start, end),
                Piece::Unclosed { at, what } => {
                    let end = source.len();
                    let message = format!("{} that begins here is never closed.", what.label());
                    self.problem(at, end, message);
                }
                Piece::OpenData { at } => {
                    let message = "The data of COPY that begins here has no end (a line with \\.); \
                                   all of the rest was taken for data.";
                    self.problem(at, source.len(), message.to_owned());
                }
            }
            if let Some(at) = script.batch_mark {
                return Err(self.other_dialect(crate::dialect::Dialect::SqlServer, at));
            }
            script.set_backslashes(self.backslashes);
        }
        self.catalog.remove_schema(TEMPORARY);
        self.file += 1;
        Ok(())
    }

    /// The schema and the report.
    pub(crate) fn finish(mut self) -> Result<Import, ReadError> {
        if !self.tally.structure {
            return Err(ReadError::NoDdl {
                found: found(&self.tally.passed()),
            });
        }
        let path = session::effective(&self.options.search_path);
        let (schema, late) = self.catalog.finish(&path);
        for (place, message) in late {
            self.tally.problem(place.line, place.excerpt, message);
        }
        Ok(Import {
            schema,
            report: self.tally.finish(),
        })
    }

    fn other_dialect(&self, dialect: crate::dialect::Dialect, at: usize) -> ReadError {
        let line = self.lines.line(at);
        let text = self.source.get(..at).unwrap_or_default();
        let begin = text.rfind('\n').map_or(0, |newline| newline + 1);
        let text = self.source.get(begin..).unwrap_or_default();
        ReadError::OtherDialect {
            dialect: dialect.name(self.source),
            line,
            excerpt: excerpt(text.lines().next().unwrap_or_default()),
            file: self.file,
        }
    }

    fn statement(&mut self, tokens: &[Token]) -> Result<(), ReadError> {
        let cursor = Cursor::new(self.source, tokens);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return Ok(());
        };
        if let Some((dialect, at)) = foreign_mark(&cursor)
            && !self.own_type(&cursor, at)
        {
            return Err(self.other_dialect(dialect, at));
        }
        self.statement_end = last.end;
        if let Err(fault) = self.dispatch(cursor) {
            self.problem(first.start, last.end, fault.message);
        }
        Ok(())
    }

    /// Whether a mark is the name of a type that the script itself creates.
    fn own_type(&self, cursor: &Cursor<'_>, at: usize) -> bool {
        let token = cursor.tokens().iter().find(|token| token.start == at);
        token.is_some_and(|token| {
            let name = crate::fold::name(cursor.text_of(*token));
            self.catalog.find_type(None, &name, &self.path).is_some()
        })
    }

    pub(crate) fn dispatch(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let structure = cursor.is_any(&["CREATE", "ALTER", "DROP", "COMMENT"]);
        if structure && cursor.tokens().len() > 1 {
            let first = cursor.clone();
            let read = match () {
                () if cursor.accept("CREATE") => self.create(cursor, &first),
                () if cursor.accept("ALTER") => self.alter(cursor, &first),
                () if cursor.accept("DROP") => self.drop(cursor),
                () => {
                    cursor.step();
                    self.comment(cursor)
                }
            };
            // A definition that could not be read is one all the same.
            self.tally.structure |= read.is_err();
            return read;
        }
        if cursor.is("SET") || cursor.is("RESET") || cursor.is("DISCARD") {
            self.set(&cursor);
        } else if cursor.is("SELECT") {
            self.set_config(&cursor);
            if view::selects_into(&cursor) {
                return Err(cursor.fault(
                    "SELECT INTO creates a table; it was not read. CREATE TABLE AS would be.",
                ));
            }
        }
        if cursor.is("DO") {
            return self.do_block(&cursor);
        }
        let known = PASSED.iter().find(|word| cursor.is(word));
        match known {
            Some(word) => {
                self.tally.pass(word);
                Ok(())
            }
            None if cursor.is_symbol(b'(') => {
                self.tally.pass("SELECT");
                Ok(())
            }
            None => Err(cursor.fault("This is not a statement that PostgreSQL knows.")),
        }
    }

    /// Notes a problem at a byte.
    pub(crate) fn problem(&mut self, start: usize, end: usize, message: String) {
        self.tally
            .problem_at(self.source, &self.lines, (start, end), message);
    }

    /// Notes a problem of a part of the statement that is being read.
    pub(crate) fn part_problem(&mut self, start: usize, fault: Fault) {
        self.problem(start, self.statement_end, fault.message);
    }

    /// A place to remember.
    pub(crate) fn place(&self, at: usize) -> Place {
        let end = self.statement_end.min(at.saturating_add(1_000));
        let text = self
            .source
            .get(at..end)
            .or_else(|| self.source.get(at..self.statement_end));
        Place {
            line: self.lines.line(at),
            excerpt: excerpt(text.unwrap_or_default()),
        }
    }

    /// The full name of something new.
    pub(crate) fn new_name(&self, name: &Name) -> QualifiedName {
        let schema = match &name.schema {
            Some(schema) => schema.clone(),
            None => self
                .path
                .first()
                .cloned()
                .unwrap_or_else(|| "public".to_owned()),
        };
        QualifiedName::new(schema, name.name.clone())
    }

    /// The relation of a name; a fault when the script has not created it.
    pub(crate) fn relation(&self, name: &Name) -> Read<RelationId> {
        self.find(name).ok_or_else(|| Fault {
            at: name.at,
            message: format!("The script has not created a table or view “{name}” before this."),
        })
    }

    /// The relation of a name, if there is one.
    pub(crate) fn find(&self, name: &Name) -> Option<RelationId> {
        self.catalog
            .find_relation(name.schema.as_deref(), &name.name, &self.path)
    }

    /// Lends what types are looked up with.
    pub(crate) fn scope(&self) -> (&Catalog, &[String]) {
        (&self.catalog, &self.path)
    }
}

/// What a script without definitions holds, in words.
pub(crate) fn found(passed: &[PassedOver]) -> String {
    let listed: Vec<String> = passed
        .iter()
        .filter(|row| !row.kind.starts_with('\\'))
        .take(3)
        .map(|row| {
            let plural = if row.count == 1 { "" } else { "s" };
            format!("{} {} statement{plural}", grouped(row.count), row.kind)
        })
        .collect();
    if listed.is_empty() {
        return "there is no SQL in it".to_owned();
    }
    let more = if passed.len() > listed.len() {
        " and others"
    } else {
        ""
    };
    format!("it has {}{more} but no CREATE", listed.join(", "))
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut result = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}
