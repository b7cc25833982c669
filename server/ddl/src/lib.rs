//! Reads scripts of DDL into a [`Schema`]: what the database would hold after running them.
//! [`mod@write`] turns a schema into text again; [`usage`] tells what queries use of one; [`read_dbml`] reads the language of dbdiagram.
//!
//! The reader is our own, over tokens, for two reasons. Texts of types, defaults and expressions
//! are kept as written, which a syntax tree would not give back. And what cannot be read costs
//! only the smallest part around it (a column, a statement) and is reported with its line.
//!
//! Three layers, so that a dialect can be added beside PostgreSQL: `token`, `lexer` and `cursor`
//! know text; `postgres` and `mysql` each know the statements of one dialect (and `mysql` its own
//! tokens); `catalog` knows what statements do to a database and becomes the model at the end.

mod catalog;
mod cursor;
mod cut;
mod dbml;
mod decode;
mod dialect;
mod fold;
mod lexer;
mod mysql;
mod oracle;
mod postgres;
mod sqlite;
mod sqlserver;
mod standard;
mod tally;
mod token;
pub mod usage;
pub mod write;

pub use cut::{CutError, statements};
pub use dbml::read_dbml;
pub use decode::{DecodeError, decode};
pub use dialect::{detect, read, read_oracle_files, read_sqlite_files, read_sqlserver_files};

use model::import::ImportReport;
use model::schema::Schema;
use thiserror::Error;

/// What reading a script gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The structure.
    pub schema: Schema,
    /// What was read, passed over and not understood.
    pub report: ImportReport,
}

/// How a script is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// The search path of a new session: unqualified names go to its first schema, and types in
    /// any of its schemas are printed without theirs.
    pub search_path: Vec<String>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            search_path: vec!["public".to_owned()],
        }
    }
}

/// Why nothing of a script can be stored.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// No statement in it defines anything.
    #[error(
        "This script defines no tables, views or types: {found}. Import the script that creates \
         them, for instance the output of pg_dump --schema-only or mysqldump --no-data."
    )]
    NoDdl {
        /// What is in it, in words: “1,204 INSERT statements but no CREATE”.
        found: String,
    },
    /// It is SQL of another dialect.
    #[error(
        "This looks like {dialect}: line {line} has “{excerpt}”, which PostgreSQL does not \
         accept. Choose its dialect and import it again; nothing was read from this one."
    )]
    OtherDialect {
        /// The dialect's name.
        dialect: &'static str,
        /// The line of the first mark, from 1.
        line: u64,
        /// The text around that mark, on one line.
        excerpt: String,
        /// The script in which it stands, from 0, where several were given.
        file: usize,
    },
}

/// Reads one script for PostgreSQL.
///
/// # Errors
///
/// When it defines nothing or is of another dialect. What cannot be read within a script of
/// PostgreSQL is no error; the report tells of it.
pub fn read_postgres(text: &str) -> Result<Import, ReadError> {
    read_postgres_files([text])
}

/// Reads several scripts for PostgreSQL, in their order, into one schema. Each begins with a
/// session of its own, as if it were given to psql by itself.
///
/// # Errors
///
/// As [`read_postgres`]; no single script needs to define anything as long as one does.
pub fn read_postgres_files<'a>(
    files: impl IntoIterator<Item = &'a str>,
) -> Result<Import, ReadError> {
    read_postgres_with(files, &ReadOptions::default())
}

/// Reads several scripts for PostgreSQL as [`read_postgres_files`] does, with options.
///
/// # Errors
///
/// As [`read_postgres_files`].
pub fn read_postgres_with<'a>(
    files: impl IntoIterator<Item = &'a str>,
    options: &ReadOptions,
) -> Result<Import, ReadError> {
    let mut reader = postgres::Reader::new(options);
    for file in files {
        reader.read_file(file)?;
    }
    reader.finish()
}

/// Reads several scripts for MySQL or MariaDB, in their order, into one schema: what `mysqldump`
/// writes, and what people write for the `mysql` client. Each begins with a session of its own.
///
/// The schema of a table is its database, as `USE` or its own name gives it; without one it is
/// `main`.
///
/// # Errors
///
/// When no script defines anything. What cannot be read is no error; the report tells of it.
pub fn read_mysql_files<'a>(files: impl IntoIterator<Item = &'a str>) -> Result<Import, ReadError> {
    mysql::read(files)
}
