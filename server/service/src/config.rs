//! What the server tells the services at start.

use crate::setup_code::SetupCode;
use contract::account::Secret;
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
}

impl Config {
    /// The defaults for a catalog at that address.
    pub fn new(database_url: Secret) -> Self {
        Self {
            database_url,
            setup_code: None,
            session: SessionLimits::default(),
            sample_database: sample::DATABASE_NAME.to_owned(),
        }
    }
}
