//! Making a database on a server that somebody has named, as their login.

use super::session::connect;
use crate::error::ConnectError;
use crate::identifier::quote;
use crate::introspection::Limits;
use crate::target::ServerTarget;
use sqlx::postgres::{PgConnection, PgDatabaseError};
use sqlx::{AssertSqlSafe, Connection as _};
use std::time::Duration;

/// The database that every server has, to make others from.
const MAINTENANCE: &str = "postgres";
/// How long a script may take.
const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// Makes the target's database unless it is there, and runs a script in it in one transaction.
/// Answers whether it was made; in one that was there already nothing is run. When the script
/// fails the new database is dropped again.
///
/// # Errors
/// Refused when the login may not create databases; [`ConnectError::Script`] with the server's
/// words and the line when the script fails.
pub async fn create(
    target: &ServerTarget,
    script: Option<&str>,
    limits: &Limits,
) -> Result<bool, ConnectError> {
    let maintenance = ServerTarget {
        database: MAINTENANCE.to_owned(),
        ..target.clone()
    };
    let (mut connection, _relay) = connect(&maintenance, limits).await?;
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .persistent(false)
            .bind(&target.database)
            .fetch_one(&mut connection)
            .await?;
    if exists {
        connection.close().await.ok();
        return Ok(false);
    }
    run(
        &mut connection,
        &format!("CREATE DATABASE {}", quote(&target.database)),
    )
    .await?;
    if let Some(script) = script
        && let Err(error) = fill(target, script, limits).await
    {
        let drop = format!("DROP DATABASE IF EXISTS {}", quote(&target.database));
        run(&mut connection, &drop).await?;
        return Err(error);
    }
    connection.close().await.ok();
    Ok(true)
}

async fn fill(target: &ServerTarget, script: &str, limits: &Limits) -> Result<(), ConnectError> {
    let (mut connection, _relay) = connect(target, limits).await?;
    let limit = format!("SET statement_timeout = {}", SCRIPT_LIMIT.as_millis());
    run(&mut connection, &limit).await?;
    let filled = async {
        let mut transaction = connection.begin().await?;
        sqlx::raw_sql(AssertSqlSafe(script))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }
    .await;
    connection.close().await.ok();
    filled.map_err(|error| in_script(error, script))
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), ConnectError> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await?;
    Ok(())
}

/// The server's words about a script, with the line they are about where it tells.
fn in_script(error: sqlx::Error, script: &str) -> ConnectError {
    let sqlx::Error::Database(answer) = &error else {
        return error.into();
    };
    let position = answer
        .try_downcast_ref::<PgDatabaseError>()
        .and_then(|answer| match answer.position() {
            Some(sqlx::postgres::PgErrorPosition::Original(place)) => Some(place),
            _ => None,
        });
    let line = position.map(|place| {
        // The place counts characters, from 1.
        let before = script.chars().take(place.saturating_sub(1));
        1 + before.filter(|letter| *letter == '\n').count()
    });
    let place = line.map_or_else(String::new, |line| format!(" at line {line}"));
    ConnectError::Script {
        place,
        message: answer.message().to_owned(),
    }
}
