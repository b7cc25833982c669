//! Making a file, with what a script puts in it.

use super::connection::sort;
use crate::error::{ConnectError, FileError, NOTHING_LEFT};
use crate::introspection::Limits;
use crate::make::{SCRIPT_LIMIT, at_line, failed};
use libsqlite3_sys::{SQLITE_LIMIT_ATTACHED, sqlite3_limit};
use model::script::Statement;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{AssertSqlSafe, Connection as _};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The clock is looked at after so many steps of SQLite's machine.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;
/// A script may not fill the disk: so many pages of 4 KiB are a gigabyte.
const MOST_PAGES: u32 = 262_144;

/// See [`crate::make::create`]. The script runs in one transaction.
pub(crate) async fn create(
    path: &Path,
    script: &[Statement],
    limits: &Limits,
) -> Result<bool, ConnectError> {
    // Made by us or not at all: no link is followed and nothing is written over.
    match tokio::fs::File::create_new(path).await {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => {
            return Err(match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::NoFolder.into(),
                _ => FileError::NotWritable.into(),
            });
        }
    }
    if let Err(error) = fill(path, script, limits).await {
        let dropped = take_back(path).await;
        let name = path.to_string_lossy();
        return Err(failed(error, dropped, &name));
    }
    Ok(true)
}

/// See [`crate::make::take_back`].
pub(crate) async fn take_back(path: &Path) -> Result<(), ConnectError> {
    for ending in ["-journal", "-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        tokio::fs::remove_file(PathBuf::from(beside)).await.ok();
    }
    tokio::fs::remove_file(path)
        .await
        .map_err(|_| FileError::NotWritable.into())
}

async fn fill(path: &Path, script: &[Statement], limits: &Limits) -> Result<(), ConnectError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Delete)
        .foreign_keys(false)
        .pragma("max_page_count", MOST_PAGES.to_string())
        .busy_timeout(limits.lock)
        .statement_cache_capacity(0);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .map_err(sort)?;
    let filled = fill_on_conn(&mut connection, script).await;
    connection.close().await.ok();
    filled
}

async fn fill_on_conn(
    connection: &mut SqliteConnection,
    script: &[Statement],
) -> Result<(), ConnectError> {
    let deadline = Instant::now() + SCRIPT_LIMIT;
    let mut handle = connection.lock_handle().await.map_err(sort)?;
    stay_in_file(&mut handle);
    handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || Instant::now() < deadline);
    drop(handle);
    let mut transaction = connection.begin().await.map_err(sort)?;
    for statement in script {
        sqlx::raw_sql(AssertSqlSafe(statement.text.as_str()))
            .execute(&mut *transaction)
            .await
            .map_err(|error| in_script(error, statement.line))?;
    }
    transaction.commit().await.map_err(sort)
}

/// Lets no statement of the connection open another file, however it is written.
#[expect(unsafe_code, reason = "sqlx does not offer the limits of a connection")]
fn stay_in_file(handle: &mut sqlx::sqlite::LockedSqliteHandle<'_>) {
    // SAFETY: the handle is a live connection, which the lock keeps from all others meanwhile.
    unsafe {
        sqlite3_limit(handle.as_raw_handle().as_ptr(), SQLITE_LIMIT_ATTACHED, 0);
    }
}

fn in_script(error: sqlx::Error, line: u64) -> ConnectError {
    match sort(error) {
        ConnectError::Statement(sqlx::Error::Database(answer)) => ConnectError::Script {
            place: at_line(line),
            message: answer.message().to_owned(),
            left: NOTHING_LEFT,
        },
        error => error,
    }
}
