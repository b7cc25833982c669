//! One connection to a MySQL or MariaDB server, bounded and unable to write.

use super::error;
use super::row::Cells as _;
use super::server::Server;
use crate::dial::{dial, resolve};
use crate::error::ConnectError;
use crate::introspection::Limits;
use crate::live::ServerFacts;
use crate::relay::Relay;
use crate::target::{ServerTarget, TlsMode};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, Connection};
use std::time::Duration;

/// The relay's socket in its folder.
const SOCKET: &str = "mysql";

/// An open connection and what is known of its server.
pub(super) struct Session {
    connection: MySqlConnection,
    /// Carries the connection.
    _relay: Relay,
    server: Server,
    user: String,
    schema: String,
    tls: bool,
    patience: Duration,
}

impl Session {
    /// Connects, bounds what follows and asks who is there.
    pub(super) async fn open(target: &ServerTarget, limits: &Limits) -> Result<Self, ConnectError> {
        let opened = tokio::time::timeout(limits.connect, async {
            let (connection, relay) = connect(target, limits).await?;
            Self::prepare(connection, relay, limits).await
        });
        match opened.await {
            Ok(session) => session,
            Err(_) => Err(ConnectError::NoAnswer),
        }
    }

    async fn prepare(
        mut connection: MySqlConnection,
        relay: Relay,
        limits: &Limits,
    ) -> Result<Self, ConnectError> {
        // Each system runs the comment that is meant for it: MariaDB those with an M, MySQL
        // those with a version of 5.7, which MariaDB passes over. An empty mode has expressions
        // printed the same way whatever the server's settings are.
        let settings = format!(
            "SET NAMES utf8mb4, SESSION sql_mode = '', SESSION time_zone = '+00:00', \
             SESSION lock_wait_timeout = {lock} \
             /*!50708 , SESSION max_execution_time = {milliseconds} */ \
             /*M! , SESSION max_statement_time = {seconds} */",
            lock = limits.lock.as_secs().max(1),
            milliseconds = limits.statement.as_millis().max(1),
            seconds = limits.statement.as_secs_f64(),
        );
        sqlx::raw_sql(AssertSqlSafe(settings))
            .execute(&mut connection)
            .await
            .map_err(error::sort)?;
        let who = sqlx::raw_sql(
            "SELECT VERSION() AS version, CURRENT_USER() AS login, DATABASE() AS schema_name",
        )
        .fetch_one(&mut connection)
        .await
        .map_err(error::sort)?;
        let server = Server::from_version(&who.text("version")?);
        server.check_age()?;
        let cipher = sqlx::raw_sql("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            .fetch_optional(&mut connection)
            .await
            .map_err(error::sort)?;
        let tls = match cipher {
            Some(row) => row.filled("Value")?.is_some(),
            None => false,
        };
        Ok(Self {
            server,
            user: who.text("login")?,
            schema: who.text("schema_name")?,
            tls,
            connection,
            _relay: relay,
            // The server ends a statement itself; this is for a server that no longer answers.
            patience: limits.statement + limits.lock,
        })
    }

    /// What the connection told.
    pub(super) fn facts(&self) -> ServerFacts {
        ServerFacts {
            server_version: self.server.to_string(),
            user: Some(self.user.clone()),
            database: self.schema.clone(),
            tls: self.tls,
            schema_count: 1,
        }
    }

    /// The server.
    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// The database that is read, in the server's own spelling.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// Begins a transaction that cannot write. Rows are those of this moment; the dictionary of
    /// tables is always the present one, which no setting changes.
    pub(super) async fn begin(&mut self) -> Result<(), ConnectError> {
        sqlx::raw_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            .execute(&mut self.connection)
            .await
            .map_err(error::sort)?;
        Ok(())
    }

    /// Runs a statement in which every `?` stands for the database's name.
    pub(super) async fn fetch(
        &mut self,
        statement: &'static str,
    ) -> Result<Vec<MySqlRow>, ConnectError> {
        let mut query = sqlx::query(statement).persistent(false);
        for _ in statement.matches('?') {
            query = query.bind(&self.schema);
        }
        match tokio::time::timeout(self.patience, query.fetch_all(&mut self.connection)).await {
            Ok(rows) => rows.map_err(error::sort),
            Err(_) => Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)),
        }
    }

    /// Runs a statement in which the last two `?` stand for a table's name, the others for the
    /// database's.
    pub(super) async fn fetch_for(
        &mut self,
        statement: &'static str,
        table: &str,
    ) -> Result<Vec<MySqlRow>, ConnectError> {
        let mut query = sqlx::query(statement).persistent(false);
        for _ in statement.matches('?').skip(2) {
            query = query.bind(&self.schema);
        }
        query = query.bind(table).bind(table);
        match tokio::time::timeout(self.patience, query.fetch_all(&mut self.connection)).await {
            Ok(rows) => rows.map_err(error::sort),
            Err(_) => Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)),
        }
    }

    /// Runs a statement that was put together.
    pub(super) async fn fetch_text(
        &mut self,
        statement: String,
    ) -> Result<Vec<MySqlRow>, ConnectError> {
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false);
        match tokio::time::timeout(self.patience, query.fetch_all(&mut self.connection)).await {
            Ok(rows) => rows.map_err(error::sort),
            Err(_) => Err(ConnectError::TooSlow(sqlx::Error::PoolTimedOut)),
        }
    }

    /// Leaves. The transaction ends with the connection; it has nothing to keep.
    pub(super) async fn close(self) {
        let farewell = self.connection.close();
        tokio::time::timeout(Duration::from_secs(2), farewell)
            .await
            .ok();
    }
}

/// Connects through a relay, so that the address is the one that was checked and the name the one
/// in the certificate.
pub(super) async fn connect(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<(MySqlConnection, Relay), ConnectError> {
    let addresses = resolve(&target.host, target.port, target.reach, limits.connect).await?;
    let stream = dial(&addresses, limits.connect).await?;
    let relay = Relay::start_for_greeter(stream, SOCKET).map_err(ConnectError::opening)?;
    let options = options(target).socket(relay.folder().join(SOCKET));
    match MySqlConnection::connect_with(&options).await {
        Ok(connection) => Ok((connection, relay)),
        Err(error) => Err(error::sort_on_connect(error)),
    }
}

fn options(target: &ServerTarget) -> MySqlConnectOptions {
    let host = target.host.trim_matches(['[', ']']);
    let mut options = MySqlConnectOptions::new()
        .host(host)
        .username(&target.username)
        .statement_cache_capacity(0)
        .ssl_mode(match target.tls {
            TlsMode::Disable => MySqlSslMode::Disabled,
            TlsMode::Prefer => MySqlSslMode::Preferred,
            TlsMode::Require => MySqlSslMode::Required,
            TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
            TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        })
        // All settings are made at once, by `prepare`.
        .set_names(false)
        .timezone(None)
        .pipes_as_concat(false)
        .no_engine_substitution(false);
    // Without a name, no database is chosen.
    if !target.database.is_empty() {
        options = options.database(&target.database);
    }
    if let Some(password) = &target.password {
        options = options.password(password.reveal());
    }
    if let Some(authorities) = &target.tls_ca {
        options = options.ssl_ca_from_pem(authorities.clone().into_bytes());
    }
    options
}
