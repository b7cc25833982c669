//! One live database: how to reach it, and how to fill one of our own.

use crate::error::ConnectError;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection};
use std::str::FromStr;
use std::time::Duration;

/// How long a connection may take to be made. A host that drops packets would hold us for
/// minutes otherwise.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long one statement of a script may take.
const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// A live database.
#[derive(Debug, Clone)]
pub struct Source {
    options: PgConnectOptions,
}

impl Source {
    /// The database that the address leads to. Nothing is connected yet.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn new(url: &str) -> Result<Self, ConnectError> {
        Ok(Self::from_options(read_options(url)?))
    }

    pub(crate) fn from_options(options: PgConnectOptions) -> Self {
        Self { options }
    }

    /// Runs scripts in one transaction: all of them, or nothing. Meant for texts of our own; the
    /// scripts must not begin or end transactions themselves.
    ///
    /// # Errors
    /// When a statement fails; then nothing is left of any of them.
    pub async fn run_scripts(&self, scripts: &[&str]) -> Result<(), ConnectError> {
        let mut connection = self.connect(SCRIPT_LIMIT).await?;
        let mut transaction = connection.begin().await?;
        for script in scripts {
            sqlx::raw_sql(AssertSqlSafe(*script))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        connection.close().await?;
        Ok(())
    }

    /// Has the planner's statistics of every table taken anew.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn analyze(&self) -> Result<(), ConnectError> {
        let mut connection = self.connect(SCRIPT_LIMIT).await?;
        sqlx::raw_sql("ANALYZE").execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// A connection whose statements end at the limit.
    pub(crate) async fn connect(&self, limit: Duration) -> Result<PgConnection, ConnectError> {
        let options = self
            .options
            .clone()
            .application_name("crowfoot")
            // Statements of other databases have no business in our log, slow ones least of all:
            // they carry people's data.
            .disable_statement_logging()
            .options([("statement_timeout", limit.as_millis().to_string())]);
        match tokio::time::timeout(CONNECT_LIMIT, PgConnection::connect_with(&options)).await {
            Ok(connected) => connected.map_err(ConnectError::on_connect),
            Err(_) => Err(ConnectError::Unreachable(sqlx::Error::PoolTimedOut)),
        }
    }
}

/// Reads an address.
pub(crate) fn read_options(url: &str) -> Result<PgConnectOptions, ConnectError> {
    PgConnectOptions::from_str(url).map_err(ConnectError::Address)
}
