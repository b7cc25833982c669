//! Live PostgreSQL databases, version 12 and newer.
//!
//! Everything is read from the system's catalogs in one read-only transaction, with a number of
//! statements that does not depend on how much there is. Texts are asked for with an empty search
//! path, as `pg_dump` asks for them, so that a database reads the same from its script and live.

mod assemble;
mod constraint;
mod create;
mod index;
mod index_text;
mod object;
mod profile;
mod query;
mod relation;
mod session;

use crate::error::ConnectError;
use crate::introspection::{Introspection, Limits};
use crate::live::ServerFacts;
use crate::target::ServerTarget;
pub(crate) use create::{create, take_back, test_server};
pub use profile::{ColumnProfile, TableProfile, profile};
use session::Session;
use sqlx::Row;

/// The oldest version that can be read.
const OLDEST: i32 = 120_000;

/// Connects, asks the server who it is, and leaves.
///
/// # Errors
/// What keeps the login from reading the database.
pub async fn test(target: &ServerTarget, limits: &Limits) -> Result<ServerFacts, ConnectError> {
    let mut session = Session::open(target, limits).await?;
    let row = session.fetch_one(query::SELF).await?;
    let facts = ServerFacts {
        server_version: session.server_version(),
        user: Some(row.try_get("user_name")?),
        database: row.try_get("database_name")?,
        tls: row.try_get("tls")?,
        schema_count: u64::try_from(row.try_get::<i64, _>("schema_count")?).unwrap_or_default(),
    };
    session.close().await;
    Ok(facts)
}

/// The statements that [`introspect`] reads with, in their order and with `$1` for the schemas:
/// for measuring what they take alone.
pub fn statements() -> [&'static str; 10] {
    [
        query::RELATIONS,
        query::COLUMNS,
        query::VIEWS,
        query::CONSTRAINTS,
        query::INDEXES,
        query::TYPES,
        query::SEQUENCES,
        query::ROUTINES,
        query::TRIGGERS,
        query::SIZES,
    ]
}

/// Reads the structure of a database, and what its server knows of sizes and values.
///
/// # Errors
/// What kept the database from being read.
pub async fn introspect(
    target: &ServerTarget,
    limits: &Limits,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    progress("Connecting");
    let mut session = Session::open(target, limits).await?;
    let introspection = assemble::read(&mut session, progress).await?;
    session.close().await;
    Ok(introspection)
}
