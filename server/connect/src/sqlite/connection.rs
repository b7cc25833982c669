//! One connection to a file, in one read transaction.

use super::file::{self, DatabaseFile};
use crate::error::{ConnectError, FileError};
use crate::introspection::Limits;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Connection, Row, SqlSafeStr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The clock is looked at after so many steps of SQLite's machine.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// An open file.
pub(super) struct Reading {
    connection: SqliteConnection,
    file: DatabaseFile,
    limit: Duration,
    /// When the present statement is to end.
    deadline: Arc<Mutex<Instant>>,
}

impl Reading {
    /// Looks at the file, opens it and begins to read.
    pub(super) async fn open(
        path: &std::path::Path,
        limits: &Limits,
    ) -> Result<Self, ConnectError> {
        let path = path.to_owned();
        let file = tokio::task::spawn_blocking(move || file::look(&path))
            .await
            .map_err(|_| ConnectError::Statement(sqlx::Error::WorkerCrashed))??;
        let options = SqliteConnectOptions::new()
            .filename(&file.path)
            .create_if_missing(false)
            .read_only(true)
            // SQLite would make an index for a log that is not there.
            .immutable(file.is_settled_wal)
            .busy_timeout(limits.lock)
            .statement_cache_capacity(0);
        let mut connection = SqliteConnection::connect_with(&options)
            .await
            .map_err(sort)?;
        let deadline = Arc::new(Mutex::new(Instant::now() + limits.statement));
        let watched = Arc::clone(&deadline);
        connection
            .lock_handle()
            .await
            .map_err(sort)?
            .set_progress_handler(STEPS_BETWEEN_LOOKS, move || {
                Instant::now() < *watched.lock().unwrap_or_else(PoisonError::into_inner)
            });
        let mut reading = Self {
            connection,
            file,
            limit: limits.statement,
            deadline,
        };
        // The file is foreign: nothing in it may call what has effects.
        for statement in [
            "PRAGMA query_only = ON",
            "PRAGMA trusted_schema = OFF",
            "BEGIN",
        ] {
            sqlx::raw_sql(statement)
                .execute(&mut reading.connection)
                .await
                .map_err(sort)?;
        }
        // The transaction begins with the first read, which also meets whatever lock there is.
        reading.fetch("SELECT count(*) FROM sqlite_schema").await?;
        Ok(reading)
    }

    /// Bytes of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.file.bytes
    }

    /// `SQLite` and the version of the library that reads: a file has none of its own.
    pub(super) async fn version(&mut self) -> Result<String, ConnectError> {
        let rows = self.fetch("SELECT sqlite_version() AS version").await?;
        let version = match rows.first() {
            Some(row) => row.text("version")?,
            None => String::new(),
        };
        Ok(format!("SQLite {version}"))
    }

    /// Runs a statement.
    pub(super) async fn fetch(
        &mut self,
        statement: impl SqlSafeStr,
    ) -> Result<Vec<SqliteRow>, ConnectError> {
        self.wind_up();
        sqlx::query(statement)
            .fetch_all(&mut self.connection)
            .await
            .map_err(sort)
    }

    /// Runs a statement with one name in it.
    pub(super) async fn fetch_for(
        &mut self,
        statement: &'static str,
        name: &str,
    ) -> Result<Vec<SqliteRow>, ConnectError> {
        self.wind_up();
        sqlx::query(statement)
            .bind(name)
            .fetch_all(&mut self.connection)
            .await
            .map_err(sort)
    }

    fn wind_up(&self) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + self.limit;
    }

    /// Leaves.
    pub(super) async fn close(self) {
        self.connection.close().await.ok();
    }
}

/// Reads cells by the name of their column.
pub(super) trait Cells {
    /// A text; none for null.
    fn maybe(&self, column: &str) -> Result<Option<String>, ConnectError>;

    /// A number; none for null.
    fn number(&self, column: &str) -> Result<Option<i64>, ConnectError>;

    /// A text, empty for null.
    fn text(&self, column: &str) -> Result<String, ConnectError> {
        Ok(self.maybe(column)?.unwrap_or_default())
    }

    /// Whether a number is there and not zero.
    fn is(&self, column: &str) -> Result<bool, ConnectError> {
        Ok(self.number(column)?.unwrap_or_default() != 0)
    }
}

impl Cells for SqliteRow {
    fn maybe(&self, column: &str) -> Result<Option<String>, ConnectError> {
        // A file may hold any bytes where a text belongs.
        let bytes: Option<Vec<u8>> = self.try_get_unchecked(column).map_err(sort)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn number(&self, column: &str) -> Result<Option<i64>, ConnectError> {
        self.try_get_unchecked(column).map_err(sort)
    }
}

/// Sorts SQLite's result codes; the low byte is the kind, the rest refines it.
pub(super) fn sort(error: sqlx::Error) -> ConnectError {
    let sqlx::Error::Database(answer) = &error else {
        return ConnectError::Statement(error);
    };
    let code: i32 = answer
        .code()
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    match code & 0xff {
        3 | 23 => FileError::Denied.into(),
        5 | 6 => FileError::Locked.into(),
        8 => FileError::Unfinished.into(),
        9 => ConnectError::TooSlow(error),
        11 => FileError::Damaged.into(),
        14 => FileError::Denied.into(),
        26 => FileError::NotADatabase.into(),
        _ => ConnectError::Statement(error),
    }
}
