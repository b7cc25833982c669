//! Dialects: telling which one a script is in, reading it in a given one, and the marks of
//! others in places where PostgreSQL could not accept them.

mod detect;
mod marks;

pub use detect::detect;

use crate::cursor::Cursor;
use crate::token::Kind;
use crate::{Import, ReadError};
use model::provider::Provider;

/// Reads several scripts in the dialect of a system, in their order, into one schema.
///
/// # Errors
///
/// When none of them defines anything, or they are in a dialect that cannot be read.
pub fn read<'a>(
    provider: Provider,
    files: impl IntoIterator<Item = &'a str>,
) -> Result<Import, ReadError> {
    match provider {
        Provider::PostgreSql => crate::read_postgres_files(files),
        Provider::Sqlite => read_sqlite_files(files),
        Provider::SqlServer => read_sqlserver_files(files),
        Provider::Oracle => read_oracle_files(files),
        Provider::MySql => crate::read_mysql_files(files),
    }
}

/// Reads several scripts for SQLite, in their order, into one schema. Tables of the file itself
/// go to the schema `main`; temporary ones last as long as their script.
///
/// # Errors
///
/// When none of them defines anything. What cannot be read is no error; the report tells of it.
pub fn read_sqlite_files<'a>(
    files: impl IntoIterator<Item = &'a str>,
) -> Result<Import, ReadError> {
    let mut reader = crate::sqlite::Reader::new();
    for file in files {
        reader.read_file(file);
    }
    reader.finish()
}

/// Reads several scripts for SQL Server, in their order, into one schema. Names without a schema
/// go to `dbo`.
///
/// # Errors
///
/// As [`read_sqlite_files`].
pub fn read_sqlserver_files<'a>(
    files: impl IntoIterator<Item = &'a str>,
) -> Result<Import, ReadError> {
    let mut reader = crate::sqlserver::Reader::new();
    for file in files {
        reader.read_file(file);
    }
    reader.finish()
}

/// Reads several scripts for Oracle, in their order, into one schema. Bare names become capitals;
/// those without a schema go to the one that the script names for its session, or else to `USER`.
///
/// # Errors
///
/// As [`read_sqlite_files`].
pub fn read_oracle_files<'a>(
    files: impl IntoIterator<Item = &'a str>,
) -> Result<Import, ReadError> {
    let mut reader = crate::oracle::Reader::new();
    for file in files {
        reader.read_file(file);
    }
    reader.finish()
}

/// A dialect that a script may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    MySql,
    SqlServer,
    Sqlite,
    Oracle,
    /// Names in brackets: SQL Server has them, and SQLite takes them too.
    Brackets,
}

impl Dialect {
    /// Its name for people. Bracketed names alone leave two; what else the script holds
    /// decides.
    pub(crate) fn name(self, source: &str) -> &'static str {
        match self {
            Self::MySql => "MySQL",
            Self::SqlServer => "SQL Server",
            Self::Sqlite => "SQLite",
            Self::Oracle => "Oracle",
            Self::Brackets => {
                let marks = [
                    "[dbo].",
                    "IDENTITY(",
                    "CLUSTERED",
                    "NVARCHAR(MAX)",
                    "DATETIME2",
                    "\nGO",
                ];
                let upper = source.to_ascii_uppercase();
                let server = marks
                    .iter()
                    .any(|mark| upper.contains(&mark.to_ascii_uppercase()));
                if server { "SQL Server" } else { "SQLite" }
            }
        }
    }
}

/// Finds a mark of another dialect in a statement: the dialect and the byte.
pub(crate) fn foreign_mark(statement: &Cursor<'_>) -> Option<(Dialect, usize)> {
    let first = statement.peek()?;
    let at = first.start;
    let is = |word: &str| statement.is(word);
    if first.kind != Kind::Word {
        return None;
    }
    if is("USE") {
        let bracket = statement
            .peek_at(1)
            .is_some_and(|next| next.is_symbol(b'['));
        let backtick = statement
            .peek_at(1)
            .is_some_and(|next| next.kind == Kind::Backtick);
        return match (bracket, backtick) {
            (true, _) => Some((Dialect::SqlServer, at)),
            (_, true) => Some((Dialect::MySql, at)),
            // `USE shop;`: both have it; nothing else in PostgreSQL reads so.
            _ if statement.tokens().len() == 2 => Some((Dialect::MySql, at)),
            _ => None,
        };
    }
    if is("DELIMITER") || statement.are(&["LOCK", "TABLES"]) && lock_mode(statement) {
        return Some((Dialect::MySql, at));
    }
    if is("PRAGMA") {
        return Some((Dialect::Sqlite, at));
    }
    if statement.are(&["CREATE", "VIRTUAL", "TABLE"]) {
        return Some((Dialect::Sqlite, at));
    }
    let defines = statement.is_any(&["CREATE", "ALTER", "DROP", "INSERT", "LOCK", "TRUNCATE"]);
    let operator = statement.token_is(statement.peek_at(1), "OPERATOR");
    if !defines || operator {
        return None;
    }
    names_mark(statement).or_else(|| table_mark(statement))
}

fn lock_mode(statement: &Cursor<'_>) -> bool {
    let last = statement.tokens().last().copied();
    ["READ", "WRITE", "LOCAL"]
        .iter()
        .any(|word| statement.token_is(last, word))
}

/// Names in backticks or in brackets.
fn names_mark(statement: &Cursor<'_>) -> Option<(Dialect, usize)> {
    let tokens = statement.tokens();
    for (at, token) in tokens.iter().enumerate().skip(1) {
        let Some(previous) = tokens.get(at - 1) else {
            continue;
        };
        let next = tokens.get(at + 1);
        let opens = matches!(previous.kind, Kind::Symbol(b'(' | b',' | b'.'));
        if token.kind == Kind::Backtick {
            let closed = tokens
                .get(at + 1..)
                .unwrap_or_default()
                .iter()
                .take(12)
                .any(|later| later.kind == Kind::Backtick);
            if closed && (opens || previous.kind == Kind::Word) {
                return Some((Dialect::MySql, token.start));
            }
        }
        if token.is_symbol(b'[') {
            let word = next.is_some_and(|next| next.kind == Kind::Word);
            let after_name = at <= 6 && previous.kind == Kind::Word && {
                let text = statement.text_of(*previous);
                [
                    "TABLE",
                    "INTO",
                    "INDEX",
                    "VIEW",
                    "EXISTS",
                    "DATABASE",
                    "SCHEMA",
                    "TYPE",
                    "TRIGGER",
                    "PROCEDURE",
                    "PROC",
                    "FUNCTION",
                    "ON",
                ]
                .iter()
                .any(|keyword| text.eq_ignore_ascii_case(keyword))
            };
            let inside = matches!(previous.kind, Kind::Symbol(b'(' | b'.'));
            if word && (after_name || inside) {
                return Some((Dialect::Brackets, token.start));
            }
        }
    }
    None
}

/// Words within a table's definition.
fn table_mark(statement: &Cursor<'_>) -> Option<(Dialect, usize)> {
    let table = statement.are(&["CREATE", "TABLE"])
        || statement.are(&["ALTER", "TABLE"])
        || statement.are(&["CREATE", "TEMPORARY", "TABLE"])
        || statement.are(&["CREATE", "GLOBAL", "TEMPORARY", "TABLE"]);
    if !table {
        return None;
    }
    let tokens = statement.tokens();
    let number = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Number)
    };
    let symbol =
        |at: usize, symbol: u8| tokens.get(at).is_some_and(|token| token.is_symbol(symbol));
    let word_at = |at: usize, word: &str| statement.token_is(tokens.get(at).copied(), word);
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(2) {
        match token.kind {
            Kind::Symbol(b'(') => depth += 1,
            Kind::Symbol(b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if token.kind != Kind::Word {
            continue;
        }
        let previous = tokens.get(at - 1).copied();
        // A column may have any of these names; then it stands first in its definition.
        let names = previous
            .is_some_and(|previous| matches!(previous.kind, Kind::Symbol(b'(' | b',' | b'.')));
        if names || depth > 1 {
            continue;
        }
        let is = |word: &str| word_at(at, word);
        let sized = symbol(at + 1, b'(');
        let mysql = is("AUTO_INCREMENT")
            || (is("UNSIGNED") && depth == 1)
            || (is("ENGINE") && depth == 0 && engine(statement, at));
        let sqlite = is("AUTOINCREMENT") || (is("ROWID") && word_at(at - 1, "WITHOUT"));
        let counted =
            is("IDENTITY") && sized && number(at + 2) && symbol(at + 3, b',') && number(at + 4);
        let unlimited = (is("NVARCHAR") || is("VARCHAR") || is("VARBINARY"))
            && sized
            && word_at(at + 2, "MAX")
            && symbol(at + 3, b')');
        let clustered = (is("CLUSTERED") || is("NONCLUSTERED"))
            && (word_at(at - 1, "KEY") || word_at(at - 1, "UNIQUE"));
        let oracle = (is("VARCHAR2") || is("NVARCHAR2") || is("NUMBER"))
            && sized
            && number(at + 2)
            && depth == 1;
        let found = if mysql {
            Dialect::MySql
        } else if sqlite {
            Dialect::Sqlite
        } else if counted || unlimited || clustered {
            Dialect::SqlServer
        } else if oracle {
            Dialect::Oracle
        } else {
            continue;
        };
        return Some((found, token.start));
    }
    None
}

/// Whether `ENGINE` is followed by the name of one.
fn engine(statement: &Cursor<'_>, at: usize) -> bool {
    let tokens = statement.tokens();
    let mut next = tokens.get(at + 1);
    if next.is_some_and(|next| next.kind == Kind::Operator) {
        next = tokens.get(at + 2);
    }
    next.is_some_and(|next| next.kind == Kind::Word)
}
