//! Scripts for MySQL and MariaDB: what each statement does to the catalog.
//!
//! Where the two differ the reader follows what both read, and says so at the place. Unlike in
//! PostgreSQL, names keep their letters, those of columns, indexes and constraints are compared
//! without regard to case, and an index's name is only taken within its table.

mod alter;
mod alter_column;
mod alter_table;
mod column;
mod constraint;
mod create;
mod drop;
pub(crate) mod executable;
mod key;
mod lexer;
mod name;
mod options;
mod query;
mod routine;
pub(crate) mod script;
mod table;
mod types;
mod view;

use crate::catalog::{Catalog, Place, Relation, RelationId, RowId, TEMPORARY, Target};
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::tally::Tally;
use crate::token::{Lines, Token, Unclosed, excerpt};
use crate::{Import, ReadError};
use executable::expose;
use model::schema::QualifiedName;
use options::TableOptions;
use script::{Piece, Script};
use std::collections::{BTreeSet, HashMap};

/// The database of a script that names none. Dumps of a single database hold no name but in a
/// remark, which changes from one server to the next and so would tear a catalog's tables from
/// their history.
pub(crate) const DEFAULT_DATABASE: &str = "main";

/// Words that may begin a statement that says nothing about the structure.
const PASSED: [&str; 54] = [
    "ANALYZE",
    "BACKUP",
    "BEGIN",
    "BINLOG",
    "CACHE",
    "CALL",
    "CHANGE",
    "CHECK",
    "CHECKSUM",
    "CLONE",
    "COMMIT",
    "DEALLOCATE",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DO",
    "END",
    "EXECUTE",
    "EXPLAIN",
    "FLUSH",
    "GET",
    "GRANT",
    "HANDLER",
    "HELP",
    "IMPORT",
    "INSERT",
    "INSTALL",
    "KILL",
    "LOAD",
    "LOCK",
    "OPTIMIZE",
    "PREPARE",
    "PURGE",
    "RELEASE",
    "REPAIR",
    "REPLACE",
    "RESET",
    "RESIGNAL",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "SHUTDOWN",
    "SIGNAL",
    "START",
    "STOP",
    "TABLE",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "VALUES",
];

/// Reads scripts, one after another, into one catalog.
pub(crate) struct Reader<'a> {
    catalog: Catalog,
    tally: Tally,
    /// The database that `USE` chose.
    database: Option<String>,
    /// Indexes that the server made for foreign keys; it drops them for better ones.
    generated: BTreeSet<RowId>,
    options: HashMap<RelationId, TableOptions>,
    source: &'a str,
    lines: Lines,
    /// Where the statement that is being read ends.
    statement_end: usize,
    ansi_quotes: bool,
    backslashes: bool,
}

/// Reads scripts in their order into one schema, each in a session of its own.
pub(crate) fn read<'a>(files: impl IntoIterator<Item = &'a str>) -> Result<Import, ReadError> {
    let exposed: Vec<_> = files.into_iter().map(expose).collect();
    let mut reader = Reader::new();
    for file in &exposed {
        reader.read_file(&file.text, &file.open);
    }
    reader.finish()
}

impl<'a> Reader<'a> {
    fn new() -> Self {
        Self {
            catalog: Catalog::default(),
            tally: Tally::default(),
            database: None,
            generated: BTreeSet::new(),
            options: HashMap::new(),
            source: "",
            lines: Lines::default(),
            statement_end: 0,
            ansi_quotes: false,
            backslashes: true,
        }
    }

    fn read_file(&mut self, source: &'a str, open: &[usize]) {
        self.source = source;
        self.lines = Lines::of(source);
        self.database = None;
        (self.ansi_quotes, self.backslashes) = (false, true);
        for at in open {
            let message =
                "The comment that begins here is never closed; what stands in it was read.";
            self.problem(*at, source.len(), message.to_owned());
        }
        let mut script = Script::new(source);
        let mut tokens = Vec::new();
        while let Some(piece) = script.next_piece(&mut tokens) {
            match piece {
                Piece::Statement => self.statement(&tokens),
                Piece::Command { start, end } => self.command(start, end),
                Piece::NoDelimiter { at } => {
                    let message = "DELIMITER needs the new delimiter behind it.";
                    self.problem(at, source.len(), message.to_owned());
                }
                Piece::Unclosed { at, what } => {
                    let label = match (what, source.get(at..at + 1)) {
                        (Unclosed::Name, Some("`")) => "The name in backticks",
                        (Unclosed::Text, Some("\"")) => "The text in double quotes",
                        _ => what.label(),
                    };
                    let message = format!("{label} that begins here is never closed.");
                    self.problem(at, source.len(), message);
                }
                Piece::OpenBody { at } => {
                    let message = "BEGIN without its END; only the first statement was taken for \
                                   the body.";
                    self.problem(at, source.len(), message.to_owned());
                }
            }
            script.set_mode(self.ansi_quotes, self.backslashes);
        }
        self.catalog.remove_schema(TEMPORARY);
    }

    /// The schema and the report.
    fn finish(mut self) -> Result<Import, ReadError> {
        if !self.tally.structure {
            return Err(ReadError::NoDdl {
                found: crate::postgres::found(&self.tally.passed()),
            });
        }
        self.settle_targets();
        let (schema, late) = self.catalog.finish(&[]);
        for (place, message) in late {
            self.tally.problem(place.line, place.excerpt, message);
        }
        Ok(Import {
            schema,
            report: self.tally.finish(),
        })
    }

    /// Gives foreign keys the letters of the tables and columns that they point at.
    fn settle_targets(&mut self) {
        let mut settled = Vec::new();
        for (at, relation) in self.catalog.relations.iter().enumerate() {
            for (row_at, row) in relation
                .iter()
                .flat_map(|found| found.foreign_keys.iter().enumerate())
            {
                let name = &row.key.target;
                let target = self.look_up(&name.schema, &name.name);
                let Some((id, found)) =
                    target.and_then(|id| self.catalog.relation(id).map(|found| (id, found)))
                else {
                    continue;
                };
                let columns: Vec<String> = row
                    .key
                    .target_columns
                    .iter()
                    .map(|column| stored_name(found, column).unwrap_or_else(|| column.clone()))
                    .collect();
                settled.push((at, row_at, id, columns));
            }
        }
        for (at, row_at, id, columns) in settled {
            let relation = self.catalog.relation_mut(at);
            if let Some(row) = relation.and_then(|found| found.foreign_keys.get_mut(row_at)) {
                row.target = Target::Relation(id);
                row.key.target_columns = columns;
            }
        }
    }

    fn statement(&mut self, tokens: &[Token]) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return;
        };
        self.statement_end = last.end;
        if let Err(fault) = self.dispatch(Cursor::new(self.source, tokens)) {
            self.problem(first.start, last.end, fault.message);
        }
    }

    fn dispatch(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let structure = cursor.is_any(&["CREATE", "ALTER", "DROP", "RENAME"]);
        if structure {
            let whole = cursor.clone();
            cursor.step();
            let read = match () {
                () if whole.is("CREATE") => self.create(cursor, &whole),
                () if whole.is("ALTER") => self.alter(cursor, &whole),
                () if whole.is("DROP") => self.drop(cursor),
                () => self.rename(cursor),
            };
            // A definition that could not be read is one all the same.
            self.tally.structure |= read.is_err();
            return read;
        }
        if cursor.accept("USE") {
            self.database = Some(name::label(&mut cursor)?);
            self.tally.pass("USE");
            return cursor.end();
        }
        if cursor.is("SET") {
            self.set_mode(&cursor);
        }
        let known = PASSED.iter().find(|word| cursor.is(word));
        match known {
            Some(word) => self.tally.pass(word),
            None if cursor.is("WITH") || cursor.is_symbol(b'(') => self.tally.pass("SELECT"),
            None if cursor.is("XA") => self.tally.pass("XA"),
            None => {
                return Err(cursor.fault("This is not a statement that MySQL or MariaDB knows."));
            }
        }
        Ok(())
    }

    /// `SET sql_mode` changes how quotes and backslashes are read. A variable as its value puts
    /// back what was there before, which is the usual mode.
    fn set_mode(&mut self, cursor: &Cursor<'_>) {
        let is_at = |token: Option<Token>| token.is_some_and(|token| cursor.text_of(token) == "@");
        for mut part in cursor.split_commas() {
            while !part.done() && !part.is("SQL_MODE") {
                part.step();
            }
            // `@sql_mode` is a variable of the user's own, `@@sql_mode` is not.
            let before = part.place().checked_sub(2);
            let before = before.and_then(|at| part.tokens().get(at)).copied();
            let own = is_at(part.previous()) && !is_at(before);
            part.step();
            if own || !(part.accept_operator("=") || part.accept_operator(":=")) {
                continue;
            }
            let value = part.rest_text().to_ascii_uppercase();
            self.ansi_quotes = value.contains("ANSI");
            self.backslashes = !value.contains("NO_BACKSLASH_ESCAPES");
        }
    }

    /// A command for the client.
    fn command(&mut self, start: usize, end: usize) {
        let line = self.source.get(start..end).unwrap_or_default();
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or_default();
        if word.starts_with("\\.") || word.eq_ignore_ascii_case("SOURCE") {
            let message = "This includes another file, which was not read; import that file too, \
                           at its place in the order.";
            self.problem(start, end, message.to_owned());
            return;
        }
        if word == "\\u" {
            let name = words.next().unwrap_or_default().trim_end_matches(';');
            self.database = (!name.is_empty()).then(|| name.trim_matches('`').to_owned());
        }
        let short: String = word.chars().take(16).collect();
        self.tally.pass(&short.to_ascii_uppercase());
    }

    /// Notes a problem at a byte.
    fn problem(&mut self, start: usize, end: usize, message: String) {
        self.tally
            .problem_at(self.source, &self.lines, (start, end), message);
    }

    /// Notes a problem of a part of the statement that is being read.
    fn part_problem(&mut self, start: usize, fault: Fault) {
        self.problem(start, self.statement_end, fault.message);
    }

    /// A place to remember.
    fn place(&self, at: usize) -> Place {
        let mut end = self.statement_end.min(at.saturating_add(1_000));
        while !self.source.is_char_boundary(end) {
            end -= 1;
        }
        Place {
            line: self.lines.line(at),
            excerpt: excerpt(self.source.get(at..end).unwrap_or_default()),
        }
    }

    /// The full name of something, in the database in use where none is given.
    fn full_name(&self, name: &Name) -> QualifiedName {
        let schema = name.schema.as_deref().or(self.database.as_deref());
        QualifiedName::new(schema.unwrap_or(DEFAULT_DATABASE), name.name.clone())
    }

    /// The relation of a name; a fault when the script has not created it.
    fn relation(&self, name: &Name) -> Read<RelationId> {
        self.find(name).ok_or_else(|| Fault {
            at: name.at,
            message: format!("The script has not created a table or view “{name}” before this."),
        })
    }

    /// The relation of a name, if there is one.
    fn find(&self, name: &Name) -> Option<RelationId> {
        if name.schema.is_none() {
            let temporary = QualifiedName::new(TEMPORARY, name.name.clone());
            if let Some(id) = self.catalog.relation_id(&temporary) {
                return Some(id);
            }
        }
        let full = self.full_name(name);
        self.look_up(&full.schema, &full.name)
    }

    /// Whether the letters of a table's name matter depends on the server's machine; a script
    /// that is not careful with them is read as its author's machine read it.
    fn look_up(&self, schema: &str, table: &str) -> Option<RelationId> {
        let exact = QualifiedName::new(schema, table);
        self.catalog.relation_id(&exact).or_else(|| {
            self.catalog.relations.iter().position(|relation| {
                relation.as_ref().is_some_and(|relation| {
                    relation.name.name.eq_ignore_ascii_case(table)
                        && relation.name.schema.eq_ignore_ascii_case(schema)
                })
            })
        })
    }

    /// The table of a name; a fault when it is a view.
    fn table(&self, name: &Name) -> Read<RelationId> {
        let id = self.relation(name)?;
        match self.catalog.relation(id) {
            Some(relation) if relation.is_view() => Err(Fault {
                at: name.at,
                message: format!("{} is a view, not a table.", relation.name),
            }),
            _ => Ok(id),
        }
    }
}

/// A column's name with the letters that the table has it with.
fn stored_name(relation: &Relation, column: &str) -> Option<String> {
    let row = relation.column(column).or_else(|| {
        relation
            .columns
            .iter()
            .find(|row| name::same(&row.column.name, column))
    });
    row.map(|row| row.column.name.clone())
}
