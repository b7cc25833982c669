//! The command line: one file per command.

mod doctor;
mod import;
mod migrate;
mod sample;
mod serve;
mod user;

use crate::catalog_database::{CatalogDatabase, OpenError, Sharing};
use crate::config::{Config as Settings, ConfigError, Flags};
use crate::logging;
use crate::secret_key::seal_key;
use crate::site::SiteError;
use contract::context::Ctx;
use contract::error::AppError;
use service::config::Config;
use service::error::Fault;
use service::services::Services;
use std::io::Write as _;
use std::path::PathBuf;

/// What can be done.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Serve the catalog to browsers.
    Serve(serve::Serve),
    /// Bring the catalog's database to this version, and end.
    Migrate(migrate::Migrate),
    /// Read DDL scripts into a new database of the catalog.
    Import(import::Import),
    /// Create the sample: a shop's warehouse with 90 days of query history.
    Sample,
    /// List, add and change people.
    User(user::User),
    /// Say what this installation uses and whether it works.
    Doctor(doctor::Doctor),
}

/// A command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The catalog's database cannot be had.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A use case refused.
    #[error("{0}")]
    App(#[from] AppError),
    /// The services do not start.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// There is no key to seal passwords with.
    #[error(transparent)]
    SecretKey(#[from] crate::secret_key::SecretKeyError),
    /// The binary has no site inside.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not text that we can read.
    #[error("{path}: {message}", path = .path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}{hint}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
        /// What to do about it.
        hint: &'static str,
    },
    /// The runtime does not start, or the server failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A check of `doctor` failed.
    #[error("something is wrong; see above")]
    Unhealthy,
}

/// Runs a command to its end.
pub(crate) fn run(flags: Flags, command: Command) -> Result<(), CommandError> {
    let config = Settings::load(flags)?;
    // On the command line the answer is what was asked for; the log only warns.
    let filter = match (&command, config.log.as_str()) {
        (Command::Serve(_), filter) => filter.to_owned(),
        (_, "info") => "warn".to_owned(),
        (_, filter) => filter.to_owned(),
    };
    logging::start(&filter);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run(&config).await,
            Command::Migrate(migrate) => migrate.run(&config).await,
            Command::Import(import) => import.run(&config).await,
            Command::Sample => sample::run(&config).await,
            Command::User(user) => user.run(&config).await,
            Command::Doctor(doctor) => doctor.run(&config).await,
        }
    })
}

/// Opens the catalog for one piece of work of the command line, and closes it again whatever
/// the outcome.
async fn with_catalog<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(Services, Ctx) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let database = CatalogDatabase::open(settings, Sharing::Join).await?;
    let services = services_config(settings, &database)
        .and_then(|config| Ok(Services::new(database.store.clone(), config)?));
    let outcome = match services {
        Ok(services) => work(services, Ctx::system("command-line")).await,
        Err(error) => Err(error),
    };
    database.close().await;
    outcome
}

/// What the services need to know of the settings.
pub(crate) fn services_config(
    settings: &Settings,
    database: &CatalogDatabase,
) -> Result<Config, CommandError> {
    let seal_key = seal_key(settings.secret_key.as_ref(), &settings.data_dir)?;
    Ok(Config {
        sqlite_dirs: settings.sqlite_dirs.clone(),
        allow_link_local: settings.allow_link_local,
        allow_sockets: settings.allow_sockets,
        ..Config::new(database.url.clone(), seal_key)
    })
}

/// Prints a line of the answer. Where nobody listens any more, there is nothing to be done.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints why the command failed.
pub(crate) fn complain(error: &dyn std::error::Error) {
    let _ = writeln!(std::io::stderr(), "crowfoot: {error}");
}
