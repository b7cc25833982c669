//! `crowfoot migrate`

use crate::catalog_database::{CatalogDatabase, Sharing};
use crate::command::{CommandError, say};
use crate::config::Config;

/// Bring the catalog's database to this version, and end.
#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    /// Go back to an empty database instead. Everything in the catalog is lost.
    #[arg(long)]
    down_to_empty: bool,
}

impl Migrate {
    pub(crate) async fn run(self, config: &Config) -> Result<(), CommandError> {
        // Opening applies what is missing.
        let database = CatalogDatabase::open(config, Sharing::Join).await?;
        let outcome = if self.down_to_empty {
            database.store.migrate_down().await
        } else {
            Ok(())
        };
        database.close().await;
        outcome?;
        say(if self.down_to_empty {
            "The catalog's database is empty."
        } else {
            "The catalog's database is up to date."
        });
        Ok(())
    }
}
