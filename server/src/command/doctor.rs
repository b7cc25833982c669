//! `crowfoot doctor`

use crate::catalog_database::{CatalogDatabase, Sharing};
use crate::command::{CommandError, complain, say};
use crate::config::Config;
use crate::site;

/// Say what this installation uses and whether it works.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// Print only the address of the catalog's database, with its password, for psql.
    #[arg(long)]
    print_url: bool,
}

impl Doctor {
    pub(crate) async fn run(self, config: &Config) -> Result<(), CommandError> {
        if self.print_url {
            let database = CatalogDatabase::open(config, Sharing::Join).await?;
            say(database.url.reveal());
            database.close().await;
            return Ok(());
        }
        let mut healthy = true;
        say(format_args!("crowfoot {}", env!("CARGO_PKG_VERSION")));
        match site::assets() {
            Ok(_) => say("site       inside this binary"),
            Err(error) => {
                healthy = false;
                say(format_args!("site       {error}"));
            }
        }
        say(format_args!("data       {}", config.data_dir.display()));
        match CatalogDatabase::open(config, Sharing::Join).await {
            Ok(database) => {
                let kind = if config.database_url.is_some() {
                    "DATABASE_URL"
                } else {
                    "our own"
                };
                match database.store.server_version().await {
                    Ok(version) => say(format_args!(
                        "database   PostgreSQL {version} ({kind}), up to date"
                    )),
                    Err(error) => {
                        healthy = false;
                        complain(&error);
                    }
                }
                database.close().await;
            }
            Err(error) => {
                healthy = false;
                complain(&error);
            }
        }
        if healthy {
            Ok(())
        } else {
            Err(CommandError::Unhealthy)
        }
    }
}
