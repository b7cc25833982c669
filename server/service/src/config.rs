//! What the server tells the services at start.

use crate::seal::SealKey;
use crate::setup_code::SetupCode;
use contract::account::Secret;
use std::path::PathBuf;
use std::time::Duration;
use store::sessions::SessionLimits;

/// Settings of [`Services`](crate::services::Services).
#[derive(Debug, Clone)]
pub struct Config {
    /// The address of the catalog's database; the sample is created on the same server.
    pub database_url: Secret,
    /// The code that `/setup` asks for. Without one `/setup` stays closed.
    pub setup_code: Option<SetupCode>,
    /// When sessions end.
    pub session: SessionLimits,
    /// The name of the sample's own database.
    pub sample_database: String,
    /// What passwords of live databases are sealed with.
    pub seal_key: SealKey,
    /// Folders that SQLite files may be read from.
    pub sqlite_dirs: Vec<PathBuf>,
    /// Whether link-local addresses may be connected to.
    pub allow_link_local: bool,
    /// Whether live databases may be reached by sockets of this machine.
    pub allow_sockets: bool,
    /// How often whoever listens to a view is told that the connection lives, and asked whether they
    /// still may.
    pub view_heartbeat: Duration,
}

impl Config {
    /// The defaults for a catalog at that address, with the key that its passwords are sealed with.
    pub fn new(database_url: Secret, seal_key: SealKey) -> Self {
        Self {
            database_url,
            setup_code: None,
            session: SessionLimits::default(),
            sample_database: sample::DATABASE_NAME.to_owned(),
            seal_key,
            sqlite_dirs: Vec::new(),
            allow_link_local: false,
            allow_sockets: false,
            view_heartbeat: Duration::from_secs(15),
        }
    }
}
