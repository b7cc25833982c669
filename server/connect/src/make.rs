//! Making the database that somebody names, where it is not there yet, with what a script puts in
//! it: the database with all of it, or no database.

use crate::error::ConnectError;
use crate::introspection::Limits;
use crate::live::ServerFacts;
use crate::target::{ServerTarget, Target};
use crate::{mysql, postgres, sqlite};
use model::provider::Provider;
use model::script::Statement;
use std::time::Duration;

/// How long making an empty database may take.
pub(crate) const MAKING_LIMIT: Duration = Duration::from_secs(60);
/// How long a script may take.
pub(crate) const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// Makes the target's database unless it is there, and runs a script in it as the target's login.
/// Answers whether it was made; in one that was there already nothing is run. Where the script
/// fails the new database is dropped again.
///
/// # Errors
/// [`ConnectError::CreateRefused`] when the login may not create databases;
/// [`ConnectError::Script`] with the server's words and the line when the script fails;
/// [`ConnectError::ScriptLeft`] when moreover the new database could not be dropped again.
pub async fn create(
    target: &Target,
    script: &[Statement],
    limits: &Limits,
) -> Result<bool, ConnectError> {
    match target {
        Target::Server(server) => match server.provider {
            Provider::PostgreSql => postgres::create(server, script, limits).await,
            Provider::MySql => mysql::create(server, script, limits).await,
            provider => Err(ConnectError::Unsupported(provider)),
        },
        Target::File(path) => sqlite::create(path, script, limits).await,
    }
}

/// Drops a database again that [`create`] has just made.
///
/// # Errors
/// What keeps the login from dropping it.
pub async fn take_back(target: &Target, limits: &Limits) -> Result<(), ConnectError> {
    match target {
        Target::Server(server) => match server.provider {
            Provider::PostgreSql => postgres::take_back(server, limits).await,
            Provider::MySql => mysql::take_back(server, limits).await,
            provider => Err(ConnectError::Unsupported(provider)),
        },
        Target::File(path) => sqlite::take_back(path).await,
    }
}

/// Connects to a server on which a database is to be made, without the database.
///
/// # Errors
/// As [`crate::live::test`].
pub async fn test(server: &ServerTarget, limits: &Limits) -> Result<ServerFacts, ConnectError> {
    match server.provider {
        Provider::PostgreSql => postgres::test_server(server, limits).await,
        Provider::MySql => mysql::test_server(server, limits).await,
        provider => Err(ConnectError::Unsupported(provider)),
    }
}

/// What a failed script comes to once its database has been dropped again, or could not be.
pub(crate) fn failed(
    error: ConnectError,
    dropped: Result<(), ConnectError>,
    database: &str,
) -> ConnectError {
    match (error, dropped) {
        (error, Ok(())) => error,
        (ConnectError::Script { place, message, .. }, Err(_)) => ConnectError::ScriptLeft {
            place,
            message,
            database: database.to_owned(),
        },
        (error, Err(_)) => ConnectError::ScriptLeft {
            place: String::new(),
            message: error.to_string().trim_end_matches('.').to_owned(),
            database: database.to_owned(),
        },
    }
}

/// ` at line 12`.
pub(crate) fn at_line(line: u64) -> String {
    format!(" at line {line}")
}
