//! The connection to the catalog's database.

use crate::error::StoreError;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool, Postgres, Transaction};
use std::str::FromStr as _;
use std::time::Duration;

/// The oldest server that has everything we use, as `server_version_num` counts.
const VERSION_MIN: i32 = 140_000;

/// The migrations, in their order. Each can be taken back.
pub(crate) static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// The catalog. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
}

/// How the store connects.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// How many connections there are at the most.
    pub connections_max: u32,
    /// How long a statement may take. Writing a large structure has its own, longer limit.
    pub statement_timeout: Duration,
    /// How long somebody waits for a connection.
    pub connect_timeout: Duration,
    /// The name under which the server lists our connections.
    pub application_name: String,
}

/// The connections at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// How many there may be.
    pub max: u32,
    /// How many there are.
    pub size: u32,
    /// How many of them nobody uses.
    pub idle: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            connections_max: 10,
            statement_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            application_name: "crowfoot".to_owned(),
        }
    }
}

impl Store {
    /// Connects to a PostgreSQL of version 14 or newer.
    ///
    /// # Errors
    /// Invalid address; unavailable when nothing answers in time or lets us in; too old.
    pub async fn connect(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let connect_options = PgConnectOptions::from_str(url)
            .map_err(StoreError::InvalidUrl)?
            .application_name(&options.application_name);
        // One connection outside the pool, since the pool tries on and on and then says only that
        // it took too long.
        let check = version_check(&connect_options);
        tokio::time::timeout(options.connect_timeout, check)
            .await
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))??;
        let statement_timeout = options.statement_timeout.as_millis().to_string();
        let pool = PgPoolOptions::new()
            .max_connections(options.connections_max)
            .acquire_timeout(options.connect_timeout)
            .connect_lazy_with(connect_options.options([("statement_timeout", statement_timeout)]));
        Ok(Self { pool })
    }

    /// Brings the database to this version. Several servers may do so at the same time: one
    /// works, the others wait.
    ///
    /// # Errors
    /// Migration, when one fails; it leaves the database as the one before it did.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let pool = self.migration_pool();
        let migrated = MIGRATOR.run(&pool).await;
        pool.close().await;
        Ok(migrated?)
    }

    /// Takes back every migration: everything that is stored is lost. For tests.
    ///
    /// # Errors
    /// Migration, when one cannot be taken back.
    pub async fn migrate_down(&self) -> Result<(), StoreError> {
        let pool = self.migration_pool();
        let undone = MIGRATOR.undo(&pool, 0).await;
        pool.close().await;
        Ok(undone?)
    }

    /// A connection of its own, because a migration (or the wait for another server's) may take
    /// longer than any statement of a request. A pool of one, since the migrator's future is
    /// `Send` over a pool only.
    fn migration_pool(&self) -> PgPool {
        let options = (*self.pool.connect_options())
            .clone()
            .options([("statement_timeout", "0")]);
        PgPoolOptions::new()
            .max_connections(1)
            .connect_lazy_with(options)
    }

    /// Begins a transaction, in a task of its own: a `BEGIN` that is called off on its way leaves
    /// its connection in a transaction that sqlx 0.9.0 knows nothing of (its issue 4393), and what
    /// others write there later is not kept.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move { pool.begin().await }).await;
        begun.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Unavailable when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar!(r#"select 1 as "one!""#)
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// The server's version, as it says it: `15.14`.
    ///
    /// # Errors
    /// Unavailable when it does not answer.
    pub async fn server_version(&self) -> Result<String, StoreError> {
        let version =
            sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#)
                .fetch_one(&self.pool)
                .await?;
        Ok(short_version(&version))
    }

    /// The connections at this moment.
    pub fn pool_state(&self) -> PoolState {
        PoolState {
            max: self.pool.options().get_max_connections(),
            size: self.pool.size(),
            idle: self.pool.num_idle(),
        }
    }

    /// Closes every connection, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The connections, for statements that no method here has.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

async fn version_check(options: &PgConnectOptions) -> Result<(), StoreError> {
    // Whatever goes wrong here, a wrong password too, means that the database cannot be used.
    let mut connection = PgConnection::connect_with(options)
        .await
        .map_err(StoreError::Unavailable)?;
    let version = sqlx::query!(
        r#"select current_setting('server_version_num')::int as "number!",
            current_setting('server_version') as "text!""#
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    version_allow(version.number, &version.text)
}

fn version_allow(number: i32, text: &str) -> Result<(), StoreError> {
    if number < VERSION_MIN {
        return Err(StoreError::TooOld {
            found: short_version(text),
        });
    }
    Ok(())
}

/// Without what a distribution adds: `15.14 (Debian 15.14-0+deb12u1)` is 15.14.
fn short_version(text: &str) -> String {
    text.split_whitespace().next().unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_is_named_in_the_message() {
        assert!(version_allow(140_000, "14.0").is_ok());
        let error = version_allow(130_022, "13.22 (Debian 13.22-1)").unwrap_err();
        assert_eq!(
            error.to_string(),
            "PostgreSQL 14 or newer is needed; this server is PostgreSQL 13.22"
        );
    }
}
