//! A connection to a server that somebody has named, in one read-only transaction.

use super::{OLDEST, query};
use crate::dial;
use crate::error::ConnectError;
use crate::introspection::Limits;
use crate::relay::Relay;
use crate::statistics::{self, ColumnFacts};
use crate::target::{Password, ServerTarget, TlsMode};
use futures_util::TryStreamExt;
use model::provider::Provider;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::time::{Duration, Instant};

/// How long after the server's own limit we stop waiting for a server that says nothing at all.
const GRACE: Duration = Duration::from_secs(5);

/// The question whether a server would encrypt: its length, and a number for the purpose.
const ASKS_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A transaction on a connection of its own. It ends when this is dropped.
pub(super) struct Session {
    connection: PgConnection,
    /// Passes the connection's bytes on as long as it lives.
    _relay: Option<Relay>,
    patience: Duration,
    version: String,
    version_number: i32,
    schemas: Vec<Oid>,
}

impl Session {
    /// Connects, and begins a transaction that sees one moment and changes nothing.
    pub(super) async fn open(target: &ServerTarget, limits: &Limits) -> Result<Self, ConnectError> {
        let (connection, relay) = connect(target, limits).await?;
        let mut session = Self {
            connection,
            _relay: relay,
            patience: limits.statement + GRACE,
            version: String::new(),
            version_number: 0,
            schemas: Vec::new(),
        };
        session.begin(limits).await?;
        Ok(session)
    }

    async fn begin(&mut self, limits: &Limits) -> Result<(), ConnectError> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .await?;
        let statement = sqlx::query(query::BEGIN)
            .persistent(false)
            .bind(limits.statement.as_millis().to_string())
            .bind(limits.lock.as_millis().to_string());
        let row = within(self.patience, statement.fetch_one(&mut self.connection)).await?;
        self.version = row.try_get("version")?;
        self.version_number = row.try_get("version_number")?;
        if self.version_number < OLDEST {
            return Err(ConnectError::TooOld {
                provider: Provider::PostgreSql,
                found: self.version.clone(),
                oldest: "12",
            });
        }
        Ok(())
    }

    /// `PostgreSQL 15.8`.
    pub(super) fn server_version(&self) -> String {
        format!("PostgreSQL {}", self.version)
    }

    /// The version as the server compares it: 150008.
    pub(super) fn version_number(&self) -> i32 {
        self.version_number
    }

    /// From now on statements are about these schemas, which they have as `$1`.
    pub(super) fn read_schemas(&mut self, schemas: Vec<Oid>) {
        self.schemas = schemas;
    }

    /// The one row of a statement without parameters.
    pub(super) async fn fetch_one(&mut self, sql: &'static str) -> Result<PgRow, ConnectError> {
        // Without a name, so that a pooler between us and the server need not remember it.
        let statement = sqlx::query(sql).persistent(false);
        within(self.patience, statement.fetch_one(&mut self.connection)).await
    }

    /// The rows of a statement without parameters.
    pub(super) async fn fetch_all(
        &mut self,
        sql: &'static str,
    ) -> Result<Vec<PgRow>, ConnectError> {
        let statement = sqlx::query(sql).persistent(false);
        within(self.patience, statement.fetch_all(&mut self.connection)).await
    }

    /// The row of a statement about one schema-qualified name, where there is one.
    pub(super) async fn fetch_named(
        &mut self,
        sql: &'static str,
        schema: &str,
        name: &str,
    ) -> Result<Option<PgRow>, ConnectError> {
        let statement = sqlx::query(sql).persistent(false).bind(schema).bind(name);
        within(
            self.patience,
            statement.fetch_optional(&mut self.connection),
        )
        .await
    }

    /// The rows of a statement that was put together; its names and literals must be quoted.
    pub(super) async fn fetch_text(&mut self, sql: String) -> Result<Vec<PgRow>, ConnectError> {
        let statement = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        within(self.patience, statement.fetch_all(&mut self.connection)).await
    }

    /// Hands over every row of a statement about the schemas, one by one: a large database's
    /// columns need not be held twice.
    pub(super) async fn each(
        &mut self,
        sql: &'static str,
        mut take: impl FnMut(&PgRow) -> Result<(), sqlx::Error>,
    ) -> Result<(), ConnectError> {
        let statement = sqlx::query(sql).persistent(false).bind(&self.schemas);
        let mut rows = statement.fetch(&mut self.connection);
        within(self.patience, async {
            while let Some(row) = rows.try_next().await? {
                take(&row)?;
            }
            Ok(())
        })
        .await
    }

    /// Does something that may fail without spoiling the transaction.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), ConnectError> {
        within(
            self.patience,
            sqlx::raw_sql(sql).execute(&mut self.connection),
        )
        .await?;
        Ok(())
    }

    /// What the planner knows of all columns whose tables the login may read.
    pub(super) async fn statistics(&mut self) -> Result<Vec<ColumnFacts>, ConnectError> {
        let read = statistics::statistics_on_conn(&mut self.connection);
        within(self.patience, read).await
    }

    /// Ends the transaction and says goodbye. Nothing is lost when that fails.
    pub(super) async fn close(mut self) {
        self.run("COMMIT").await.ok();
        tokio::time::timeout(GRACE, self.connection.close())
            .await
            .ok();
    }
}

/// A connection to exactly an address that may be reached, and what passes its bytes on; the
/// connection ends with it.
pub(super) async fn connect(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<(PgConnection, Option<Relay>), ConnectError> {
    let options = options(target)?;
    let start = Instant::now();
    let left = || limits.connect.saturating_sub(start.elapsed());
    let (options, relay) = if target.host.starts_with('/') {
        (options, None)
    } else {
        let addresses = dial::resolve(&target.host, target.port, target.reach, left()).await?;
        let stream = dial::dial(&addresses, left()).await?;
        let name = format!(".s.PGSQL.{}", target.port);
        let relay =
            Relay::start(stream, &name, is_answer).map_err(ConnectError::NoTemporaryFolder)?;
        (options.socket(relay.folder()), Some(relay))
    };
    let connecting = PgConnection::connect_with(&options);
    let connection = match tokio::time::timeout(left(), connecting).await {
        Err(_) => return Err(ConnectError::NoAnswer),
        Ok(Err(_)) if relay.as_ref().is_some_and(Relay::is_foreign) => {
            return Err(ConnectError::NotTheSystem(Provider::PostgreSql));
        }
        Ok(connected) => {
            connected.map_err(|error| ConnectError::logging_in(error, Provider::PostgreSql))?
        }
    };
    Ok((connection, relay))
}

/// Whether a server's first byte answers what it was asked first.
fn is_answer(asked: &[u8], first: u8) -> bool {
    match asked == ASKS_FOR_TLS {
        // Yes, no, or an error.
        true => matches!(first, b'S' | b'N' | b'E'),
        // A question for the password, an error, a notice, another version of the protocol.
        false => matches!(first, b'R' | b'E' | b'N' | b'v'),
    }
}

/// Waits for a server that may have gone without a word.
pub(super) async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, ConnectError> {
    match tokio::time::timeout(patience, work).await {
        Ok(done) => done.map_err(ConnectError::reading),
        Err(_) => Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)),
    }
}

fn options(target: &ServerTarget) -> Result<PgConnectOptions, ConnectError> {
    if target.provider != Provider::PostgreSql {
        return Err(ConnectError::WrongTarget);
    }
    let mode = match target.tls {
        TlsMode::Disable => PgSslMode::Disable,
        TlsMode::Prefer => PgSslMode::Prefer,
        TlsMode::Require => PgSslMode::Require,
        TlsMode::VerifyCa => PgSslMode::VerifyCa,
        TlsMode::VerifyFull => PgSslMode::VerifyFull,
    };
    // A password of our own surroundings must not go to somebody's server; so one is always set.
    let password = target.password.as_ref().map_or("", Password::reveal);
    // TLS knows addresses without brackets.
    let host = target.host.trim_matches(['[', ']']);
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(host)
        .port(target.port)
        .database(&target.database)
        .username(&target.username)
        .password(password)
        .application_name("crowfoot")
        .ssl_mode(mode)
        .disable_statement_logging();
    if let Some(authorities) = &target.tls_ca {
        options = options.ssl_root_cert_from_pem(authorities.clone().into_bytes());
    }
    Ok(options)
}
