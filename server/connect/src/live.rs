//! Reading a live database, whichever system it is.

use crate::error::ConnectError;
use crate::introspection::{Introspection, Limits};
use crate::postgres::TableProfile;
use crate::target::{ServerTarget, Target};
use crate::{mysql, postgres, sqlite};
use model::provider::Provider;
use model::schema::QualifiedName;

/// What a server tells of itself and of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// The server's own words for its version: `PostgreSQL 15.8`.
    pub server_version: String,
    /// The user that the login became; none for files.
    pub user: Option<String>,
    /// The database; for a file its name.
    pub database: String,
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// How many schemas the login may see, those of the system not counted.
    pub schema_count: u64,
}

/// Connects, asks the server who it is, and leaves.
///
/// # Errors
/// What keeps the login from reading the database, sorted by what can be done about it.
pub async fn test(target: &Target, limits: &Limits) -> Result<ServerFacts, ConnectError> {
    match target {
        Target::Server(server) => match server.provider {
            Provider::PostgreSql => postgres::test(server, limits).await,
            Provider::MySql => mysql::test(server, limits).await,
            _ => Err(not_a_server(server)),
        },
        Target::File(path) => sqlite::test(path, limits).await,
    }
}

/// Reads the structure of a database, and what its server knows of sizes and values. No table's
/// rows are read. `progress` is told in a few words what is being read.
///
/// # Errors
/// What kept the database from being read, sorted by what can be done about it. What only a part
/// of it refuses is no error but stands in [`Introspection::unreadable`].
pub async fn introspect(
    target: &Target,
    limits: &Limits,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    match target {
        Target::Server(server) => match server.provider {
            Provider::PostgreSql => postgres::introspect(server, limits, progress).await,
            Provider::MySql => mysql::introspect(server, limits, progress).await,
            _ => Err(not_a_server(server)),
        },
        Target::File(path) => sqlite::introspect(path, limits, progress).await,
    }
}

/// How many things `progress` of [`introspect`] is told.
pub fn steps(target: &Target) -> u32 {
    match target {
        Target::Server(server) if server.provider == Provider::MySql => 6,
        Target::Server(_) => 9,
        Target::File(_) => 4,
    }
}

/// Looks at the values of some columns of a table. This reads rows, a bounded number of them.
///
/// # Errors
/// What keeps the table from being read; changed when it is gone, too slow when the look takes
/// longer than a statement may.
pub async fn profile(
    target: &Target,
    table: &QualifiedName,
    columns: &[String],
    limits: &Limits,
) -> Result<TableProfile, ConnectError> {
    match target {
        Target::Server(server) => match server.provider {
            Provider::PostgreSql => postgres::profile(server, table, columns, limits).await,
            Provider::MySql => mysql::profile(server, table, columns, limits).await,
            _ => Err(not_a_server(server)),
        },
        Target::File(path) => sqlite::profile(path, table, columns, limits).await,
    }
}

fn not_a_server(server: &ServerTarget) -> ConnectError {
    match server.provider {
        Provider::Sqlite => ConnectError::WrongTarget,
        provider => ConnectError::Unsupported(provider),
    }
}
