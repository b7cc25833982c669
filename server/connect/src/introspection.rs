//! What reading a live database gives, whichever system it is.

use crate::statistics::ColumnFacts;
use model::schema::{QualifiedName, Schema};
use std::time::Duration;

/// A live database as it was at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Introspection {
    /// The server's own words for its version: `PostgreSQL 15.8`, `MariaDB 10.11.6`, `SQLite 3.46`.
    pub server_version: String,
    /// The structure, in the order of schema and name. Columns keep their order.
    pub schema: Schema,
    /// Owners of tables, views and the like, and the sizes of those that have rows.
    pub tables: Vec<TableFacts>,
    /// Sizes of indexes, where the server tells them.
    pub indexes: Vec<IndexFacts>,
    /// What the planner knows of columns.
    pub columns: Vec<ColumnFacts>,
    /// What could not be read, and why. The rest is complete.
    pub unreadable: Vec<Unreadable>,
}

/// What a server tells of a table besides its structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFacts {
    /// The table.
    pub table: QualifiedName,
    /// The role that owns it.
    pub owner: Option<String>,
    /// The planner's estimate of its rows; none where it was never analysed.
    pub row_estimate: Option<i64>,
    /// Bytes on disk without indexes.
    pub size_bytes: Option<i64>,
    /// Bytes of its indexes.
    pub index_bytes: Option<i64>,
}

/// How large an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFacts {
    /// The table.
    pub table: QualifiedName,
    /// The index.
    pub index: String,
    /// Bytes on disk.
    pub size_bytes: i64,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What: `schema payroll`, `statistics of columns`.
    pub what: String,
    /// Why, in the server's words or ours, without addresses and passwords.
    pub reason: String,
}

/// How long reading may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Making the connection.
    pub connect: Duration,
    /// One statement.
    pub statement: Duration,
    /// Waiting for a lock.
    pub lock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            statement: Duration::from_secs(60),
            lock: Duration::from_secs(5),
        }
    }
}
