//! Making a database on a server that somebody has named, as their login.

use super::session::{connect, within};
use crate::error::ConnectError;
use crate::identifier::quote;
use crate::introspection::Limits;
use crate::live::ServerFacts;
use crate::make::{MAKING_LIMIT, SCRIPT_LIMIT, at_line, failed};
use crate::relay::Relay;
use crate::target::ServerTarget;
use model::script::Statement;
use sqlx::postgres::{PgConnection, PgDatabaseError, PgErrorPosition};
use sqlx::{AssertSqlSafe, Connection as _};
use std::time::Duration;

/// The databases that servers have from the start, to make others from.
const MAINTENANCE: [&str; 2] = ["postgres", "template1"];
/// How long after the server's own limit we stop waiting.
const GRACE: Duration = Duration::from_secs(5);

/// See [`crate::make::create`]. The script runs in one transaction.
pub(crate) async fn create(
    target: &ServerTarget,
    script: &[Statement],
    limits: &Limits,
) -> Result<bool, ConnectError> {
    let (mut connection, _relay) = maintenance(target, limits).await?;
    let exists = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .persistent(false)
        .bind(&target.database);
    if within(limits.statement, exists.fetch_one(&mut connection)).await? {
        connection.close().await.ok();
        return Ok(false);
    }
    let create = format!("CREATE DATABASE {}", quote(&target.database));
    match run(&mut connection, create).await {
        Ok(()) => {}
        // Somebody else was faster.
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
    let (mut connection, _relay) = maintenance(target, limits).await?;
    let drop = format!("DROP DATABASE IF EXISTS {}", quote(&target.database));
    let dropped = run(&mut connection, drop).await;
    connection.close().await.ok();
    dropped
}

/// See [`crate::make::test`].
pub(crate) async fn test_server(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<ServerFacts, ConnectError> {
    let mut refusal = None;
    for database in MAINTENANCE {
        match super::test(&target.with_database(database), limits).await {
            Err(error) if is_about_database(&error) => {
                refusal.get_or_insert(error);
            }
            tested => return tested,
        }
    }
    Err(refusal.map_or(ConnectError::WrongTarget, no_way_in))
}

/// A connection to a database from which others can be made.
async fn maintenance(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<(PgConnection, Option<Relay>), ConnectError> {
    let mut refusal = None;
    for database in MAINTENANCE {
        match connect(&target.with_database(database), limits).await {
            Err(error) if is_about_database(&error) => {
                refusal.get_or_insert(error);
            }
            connected => return connected,
        }
    }
    Err(refusal.map_or(ConnectError::WrongTarget, no_way_in))
}

/// The database is missing there, or closed to this login.
fn is_about_database(error: &ConnectError) -> bool {
    matches!(
        error,
        ConnectError::DatabaseUnknown(_) | ConnectError::Refused(_)
    )
}

fn no_way_in(error: ConnectError) -> ConnectError {
    match error {
        ConnectError::DatabaseUnknown(cause) | ConnectError::Refused(cause) => {
            ConnectError::NoMaintenance(cause)
        }
        error => error,
    }
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
    let limit = format!("SET statement_timeout = {}", SCRIPT_LIMIT.as_millis());
    run(&mut connection, limit).await?;
    let filled = tokio::time::timeout(SCRIPT_LIMIT + GRACE, async {
        let mut transaction = connection.begin().await.map_err(ConnectError::reading)?;
        for statement in script {
            sqlx::raw_sql(AssertSqlSafe(statement.text.as_str()))
                .execute(&mut *transaction)
                .await
                .map_err(|error| in_script(error, statement))?;
        }
        // Constraints that were deferred speak up here.
        transaction.commit().await.map_err(|error| match error {
            sqlx::Error::Database(answer) => ConnectError::Script {
                place: " at its end".to_owned(),
                message: answer.message().to_owned(),
                left: crate::error::NOTHING_LEFT,
            },
            error => ConnectError::reading(error),
        })
    })
    .await;
    // A connection that may still be at work would keep its database from being dropped.
    connection.close_hard().await.ok();
    filled.unwrap_or(Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)))
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), ConnectError> {
    let done = tokio::time::timeout(
        MAKING_LIMIT,
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection),
    );
    match done.await {
        Ok(done) => done.map(drop).map_err(ConnectError::from),
        Err(_) => Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)),
    }
}

/// The server's words about a statement, with the line they are about.
fn in_script(error: sqlx::Error, statement: &Statement) -> ConnectError {
    let sqlx::Error::Database(answer) = &error else {
        return ConnectError::reading(error);
    };
    let position = answer
        .try_downcast_ref::<PgDatabaseError>()
        .and_then(|answer| match answer.position() {
            Some(PgErrorPosition::Original(place)) => Some(place),
            _ => None,
        });
    // The place counts characters, from 1; a statement without one is meant as a whole.
    let before = statement
        .text
        .chars()
        .take(position.map_or(0, |place| place.saturating_sub(1)));
    let lines = before.filter(|letter| *letter == '\n').count() as u64;
    ConnectError::Script {
        place: at_line(statement.line + lines),
        message: answer.message().to_owned(),
        left: crate::error::NOTHING_LEFT,
    }
}
