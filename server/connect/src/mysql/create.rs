//! Making a database on a server that somebody has named, as their login.

use super::connection::{Session, connect};
use super::error::{number_of, sort};
use super::programs::quote;
use crate::error::ConnectError;
use crate::introspection::Limits;
use crate::live::ServerFacts;
use crate::make::{MAKING_LIMIT, SCRIPT_LIMIT, at_line, failed};
use crate::relay::Relay;
use crate::target::ServerTarget;
use model::script::Statement;
use sqlx::mysql::{MySqlConnection, MySqlDatabaseError};
use sqlx::{AssertSqlSafe, Connection as _};

/// The server has a database of that name.
const EXISTS: u16 = 1007;
/// How a script's failure ends: every definition is a transaction of its own there.
const DROPPED: &str =
    "MySQL cannot take definitions back, so the database that was made for it was dropped again.";

/// See [`crate::make::create`]. A definition ends the transaction that it stands in, so what a
/// failed script leaves is dropped with its database.
pub(crate) async fn create(
    target: &ServerTarget,
    script: &[Statement],
    limits: &Limits,
) -> Result<bool, ConnectError> {
    let (mut connection, _relay) = server(target, limits).await?;
    let name = quote(&target.database);
    // Before the server asks whether the login may make one.
    let exists = sqlx::query("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?")
        .persistent(false)
        .bind(&target.database)
        .fetch_optional(&mut connection)
        .await
        .map_err(sort)?;
    if exists.is_some() {
        connection.close().await.ok();
        return Ok(false);
    }
    let made = run(
        &mut connection,
        format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
    );
    match made.await {
        Ok(()) => {}
        // One that this login may not see.
        Err(ConnectError::Taken(_)) => return Ok(false),
        Err(ConnectError::Refused(cause)) => return Err(ConnectError::CreateRefused(cause)),
        Err(error) => return Err(error),
    }
    connection.close().await.ok();
    if let Err(error) = fill(target, script, limits).await {
        let dropped = take_back(target, limits).await;
        return Err(failed(error, dropped, &target.database));
    }
    Ok(true)
}

/// See [`crate::make::take_back`].
pub(crate) async fn take_back(target: &ServerTarget, limits: &Limits) -> Result<(), ConnectError> {
    let (mut connection, _relay) = server(target, limits).await?;
    let name = quote(&target.database);
    let dropped = run(&mut connection, format!("DROP DATABASE IF EXISTS {name}")).await;
    connection.close().await.ok();
    dropped
}

/// See [`crate::make::test`].
pub(crate) async fn test_server(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<ServerFacts, ConnectError> {
    let session = Session::open(&target.with_database(""), limits).await?;
    let facts = ServerFacts {
        schema_count: 0,
        ..session.facts()
    };
    session.close().await;
    Ok(facts)
}

/// A connection to no database of the server.
async fn server(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<(MySqlConnection, Relay), ConnectError> {
    connect(&target.with_database(""), limits).await
}

async fn fill(
    target: &ServerTarget,
    script: &[Statement],
    limits: &Limits,
) -> Result<(), ConnectError> {
    if script.is_empty() {
        return Ok(());
    }
    let (mut connection, _relay) = connect(target, limits).await?;
    let filled = tokio::time::timeout(SCRIPT_LIMIT, async {
        // The server's own mode stays: the script was written for it.
        run(&mut connection, "SET NAMES utf8mb4".to_owned()).await?;
        for statement in script {
            sqlx::raw_sql(AssertSqlSafe(statement.text.as_str()))
                .execute(&mut connection)
                .await
                .map_err(|error| in_script(error, statement))?;
        }
        Ok(())
    })
    .await;
    connection.close().await.ok();
    filled.unwrap_or(Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)))
}

async fn run(connection: &mut MySqlConnection, sql: String) -> Result<(), ConnectError> {
    let done = tokio::time::timeout(
        MAKING_LIMIT,
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection),
    );
    match done.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if number_of(&error) == Some(EXISTS) => Err(ConnectError::Taken(error)),
        Ok(Err(error)) => Err(sort(error)),
        Err(_) => Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)),
    }
}

/// The server's words about a statement, with the line they are about.
fn in_script(error: sqlx::Error, statement: &Statement) -> ConnectError {
    let sqlx::Error::Database(answer) = &error else {
        return sort(error);
    };
    let words = answer
        .try_downcast_ref::<MySqlDatabaseError>()
        .map_or_else(|| answer.message(), MySqlDatabaseError::message);
    let (message, line) = line_of(words);
    ConnectError::Script {
        place: at_line(statement.line + line.saturating_sub(1)),
        message: message.to_owned(),
        left: DROPPED,
    }
}

/// Parts “… near 'x' at line 3” from its line, which is counted within the statement.
fn line_of(words: &str) -> (&str, u64) {
    words
        .rsplit_once(" at line ")
        .and_then(|(message, line)| Some((message, line.parse().ok()?)))
        .unwrap_or((words, 1))
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn the_servers_line_is_told_once() {
        assert_eq!(line_of("error near 'x' at line 3"), ("error near 'x'", 3));
        assert_eq!(line_of("Unknown table 'a'"), ("Unknown table 'a'", 1));
        assert_eq!(line_of("near ' at line x'"), ("near ' at line x'", 1));
    }
}
