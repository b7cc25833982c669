//! Making and dropping databases of our own on somebody's server.
//!
//! A database that we made carries a mark in its comment. Nothing without the mark is ever
//! dropped, whatever it is called.

use crate::error::ConnectError;
use crate::identifier::{literal, quote};
use crate::source::{Source, read_options};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::time::Duration;

/// Creating a database copies its template and waits for a checkpoint.
const CREATE_LIMIT: Duration = Duration::from_secs(60);

/// Whether a database is there, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseState {
    /// There is none of that name.
    Absent,
    /// We made it: it carries the mark.
    Ours,
    /// Somebody else made it.
    Foreign,
}

/// A server on which we may be allowed to create databases.
#[derive(Debug, Clone)]
pub struct Admin {
    options: PgConnectOptions,
}

impl Admin {
    /// The server that the address leads to. Nothing is connected yet.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn new(url: &str) -> Result<Self, ConnectError> {
        Ok(Self {
            options: read_options(url)?,
        })
    }

    /// The database that the address itself names.
    pub fn database_name(&self) -> &str {
        // As PostgreSQL has it, a role without a database goes to the one of its own name.
        self.options
            .get_database()
            .unwrap_or_else(|| self.options.get_username())
    }

    /// Another database of the same server, to be read with the same role.
    pub fn source(&self, name: &str) -> Source {
        Source::from_options(self.options.clone().database(name))
    }

    /// Whether a database of that name is there and carries the mark.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn database_state(
        &self,
        name: &str,
        mark: &str,
    ) -> Result<DatabaseState, ConnectError> {
        let mut connection = self.connect().await?;
        let state = database_state_on_conn(&mut connection, name, mark).await?;
        connection.close().await?;
        Ok(state)
    }

    /// Creates an empty database and marks it as ours.
    ///
    /// # Errors
    /// Refused when the role may not create databases; taken when there is one already.
    pub async fn database_create(&self, name: &str, mark: &str) -> Result<(), ConnectError> {
        let mut connection = self.connect().await?;
        // template0 has nothing of the site's own in it, and nobody can be connected to it. The C
        // locale fits UTF-8 whatever the server's own locale is.
        let create = format!(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
            quote(name)
        );
        sqlx::raw_sql(AssertSqlSafe(create))
            .execute(&mut connection)
            .await?;
        let comment = format!("COMMENT ON DATABASE {} IS {}", quote(name), literal(mark));
        let marked = sqlx::raw_sql(AssertSqlSafe(comment))
            .execute(&mut connection)
            .await;
        if let Err(error) = marked {
            // Without its mark nobody would ever clean it up.
            let drop = format!("DROP DATABASE IF EXISTS {}", quote(name));
            sqlx::raw_sql(AssertSqlSafe(drop))
                .execute(&mut connection)
                .await
                .ok();
            return Err(error.into());
        }
        connection.close().await?;
        Ok(())
    }

    /// Drops a database that carries the mark, whoever is connected to it. Answers whether there
    /// was one.
    ///
    /// # Errors
    /// Foreign when the database does not carry the mark; it is left alone then.
    pub async fn database_drop(&self, name: &str, mark: &str) -> Result<bool, ConnectError> {
        let mut connection = self.connect().await?;
        let dropped = match database_state_on_conn(&mut connection, name, mark).await? {
            DatabaseState::Absent => false,
            DatabaseState::Foreign => return Err(ConnectError::Foreign),
            DatabaseState::Ours => {
                // PostgreSQL 12 cannot send everybody away by itself.
                let forces = connection
                    .server_version_num()
                    .is_none_or(|version| version >= 130_000);
                if !forces {
                    sqlx::query(
                        "SELECT pg_catalog.pg_terminate_backend(pid)
                        FROM pg_catalog.pg_stat_activity WHERE datname = $1",
                    )
                    .bind(name)
                    .execute(&mut connection)
                    .await?;
                }
                let drop = format!(
                    "DROP DATABASE IF EXISTS {}{}",
                    quote(name),
                    if forces { " WITH (FORCE)" } else { "" }
                );
                sqlx::raw_sql(AssertSqlSafe(drop))
                    .execute(&mut connection)
                    .await?;
                true
            }
        };
        connection.close().await?;
        Ok(dropped)
    }

    /// Waits until nobody else holds the lock of that name on this server, and holds it.
    ///
    /// # Errors
    /// Too slow when somebody holds it for longer than a minute.
    pub async fn lock(&self, name: &str) -> Result<AdminLock, ConnectError> {
        let mut connection = self.connect().await?;
        sqlx::query("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended($1, 0))")
            .bind(name)
            .execute(&mut connection)
            .await?;
        Ok(AdminLock { connection })
    }

    async fn connect(&self) -> Result<PgConnection, ConnectError> {
        Source::from_options(self.options.clone())
            .connect(CREATE_LIMIT)
            .await
    }
}

/// A lock that lasts as long as its connection, so that a process that dies gives it back.
#[derive(Debug)]
pub struct AdminLock {
    connection: PgConnection,
}

impl AdminLock {
    /// Gives it back at once; dropping it does the same a little later.
    pub async fn release(self) {
        // Whatever goes wrong here also ends the connection, and with it the lock.
        self.connection.close().await.ok();
    }
}

async fn database_state_on_conn(
    connection: &mut PgConnection,
    name: &str,
    mark: &str,
) -> Result<DatabaseState, ConnectError> {
    let row = sqlx::query(
        "SELECT pg_catalog.shobj_description(oid, 'pg_database') AS comment
         FROM pg_catalog.pg_database WHERE datname = $1",
    )
    .bind(name)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(DatabaseState::Absent);
    };
    let comment: Option<String> = row.try_get("comment")?;
    Ok(if comment.as_deref() == Some(mark) {
        DatabaseState::Ours
    } else {
        DatabaseState::Foreign
    })
}
