//! The cluster as its user sees it.

use std::path::Path;

use crate::account::Account;
use crate::binaries::{self, Binaries, Version};
use crate::config::ClusterConfig;
use crate::error::ClusterError;
use crate::home;
use crate::init::{self, Password};
use crate::lock::Lock;
use crate::postmaster::{self, Postmaster};
use crate::socket::SocketDir;
use crate::{join, settings};

/// A running private PostgreSQL. Dropping it stops the server.
#[derive(Debug)]
pub struct Cluster {
    // Dropped in this order: the server before its socket's folder before the lock.
    postmaster: Postmaster,
    socket: SocketDir,
    password: Password,
    binaries: Binaries,
    _lock: Lock,
}

impl Cluster {
    /// Starts the cluster of a data folder, making or repairing it first as needed. Blocks until
    /// it takes connections.
    pub fn start(config: &ClusterConfig) -> Result<Self, ClusterError> {
        let config = ClusterConfig {
            data_dir: absolute(&config.data_dir)?,
            ..config.clone()
        };
        home::make_data_dir(&config)?;
        let lock = Lock::acquire(&config.data_dir)?;
        let existing = home::existing(&config)?;
        let account = Account::choose(config.run_as.as_deref(), existing.as_deref())?;
        let binaries = binaries::find(&config, &account, existing.as_deref())?;
        let home = home::place(&config, existing, &account)?;
        let pgdata = home::pgdata(&home);

        postmaster::recover(&pgdata)?;
        let password = init::prepare(&config, &home, &binaries, &account)?;
        let socket = SocketDir::make(&home, &config.data_dir, &account)?;
        settings::write(&pgdata, socket.path(), &account)?;
        let postmaster = Postmaster::start(
            &pgdata,
            &binaries,
            &account,
            &config.log_file(),
            config.start_timeout,
        )?;
        tracing::info!("{} runs on {}", binaries.version(), pgdata.display());
        Ok(Self {
            postmaster,
            socket,
            password,
            binaries,
            _lock: lock,
        })
    }

    /// The URL of a database in the cluster, with the password: not for a log. Understood by
    /// PostgreSQL's own programs and by sqlx.
    pub fn url(&self, database: &str) -> String {
        join::url(database, self.socket.path(), &self.password)
    }

    /// The version that runs.
    pub fn version(&self) -> &Version {
        self.binaries.version()
    }

    /// The programs that run it, for their companions such as `pg_dump`.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Stops the server and waits for its end: connections are closed, everything is on disk.
    pub fn stop(mut self) -> Result<(), ClusterError> {
        self.postmaster.stop()
    }
}

fn absolute(path: &Path) -> Result<std::path::PathBuf, ClusterError> {
    std::path::absolute(path).map_err(|source| ClusterError::Io {
        action: "resolve",
        path: path.to_owned(),
        source,
    })
}
