//! What the caller decides about the cluster.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the cluster lives, which PostgreSQL runs it and as whom.
#[derive(Debug, Clone)]
pub struct ClusterConfig {
    /// Crowfoot's data folder (`CROWFOOT_DATA_DIR`). Made when it is not there.
    pub data_dir: PathBuf,
    /// The folder with `postgres`, `initdb` and `pg_ctl` to use (`CROWFOOT_PG_BIN`).
    pub bin_dir: Option<PathBuf>,
    /// A PostgreSQL that was fetched for this project (`CROWFOOT_PG_FETCHED`): the folder that
    /// holds `bin`. Looked at when the machine has none of its own.
    pub fetched_dir: Option<PathBuf>,
    /// The account that runs PostgreSQL when we are root (`CROWFOOT_PG_USER`).
    pub run_as: Option<String>,
    /// How long crash recovery and start may take. Recovery after a power cut can take minutes.
    pub start_timeout: Duration,
}

impl ClusterConfig {
    /// A cluster in `data_dir`, everything else found by itself.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            bin_dir: None,
            fetched_dir: None,
            run_as: None,
            start_timeout: Duration::from_secs(300),
        }
    }

    /// A cluster in `data_dir`, with `CROWFOOT_PG_BIN`, `CROWFOOT_PG_FETCHED` and
    /// `CROWFOOT_PG_USER` taken from the environment.
    pub fn from_env(data_dir: impl Into<PathBuf>) -> Self {
        let path = |name| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Self {
            bin_dir: path("CROWFOOT_PG_BIN"),
            fetched_dir: path("CROWFOOT_PG_FETCHED"),
            run_as: std::env::var("CROWFOOT_PG_USER")
                .ok()
                .filter(|name| !name.is_empty()),
            ..Self::new(data_dir)
        }
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.data_dir.join("postgres.password")
    }

    pub(crate) fn location_file(&self) -> PathBuf {
        self.data_dir.join("postgres.location")
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        log_file(&self.data_dir)
    }
}

/// Where PostgreSQL's log of a data folder stands.
pub(crate) fn log_file(data_dir: &Path) -> PathBuf {
    data_dir.join("postgres.log")
}
