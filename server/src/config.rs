//! Settings: by flag, else by environment variable, else from `crowfoot.toml`.

use contract::account::Secret;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Flags that every command takes. `clap` reads the environment where a flag is absent.
#[derive(Debug, clap::Args)]
pub(crate) struct Flags {
    /// PostgreSQL that keeps the catalog (14 or newer). Without it, an own one is started.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// Folder for the catalog's own data.
    #[arg(long, env = "CROWFOOT_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// Folder with PostgreSQL's programs (postgres, initdb, pg_ctl).
    #[arg(long, env = "CROWFOOT_PG_BIN", global = true)]
    pg_bin: Option<PathBuf>,
    /// What to log: error, warn, info, debug, or a filter such as `info,sqlx=debug`.
    #[arg(long, env = "CROWFOOT_LOG", global = true)]
    log: Option<String>,
    /// Key that seals the passwords of live databases: 64 hexadecimal digits. Without it, one is
    /// made and kept in the data folder.
    #[arg(
        long,
        env = "CROWFOOT_SECRET_KEY",
        hide_env_values = true,
        global = true
    )]
    secret_key: Option<String>,
    /// Folders that SQLite files may be read from, separated by colons.
    #[arg(
        long,
        env = "CROWFOOT_SQLITE_DIRS",
        value_delimiter = ':',
        global = true
    )]
    sqlite_dirs: Option<Vec<PathBuf>>,
    /// Let live databases have link-local addresses, where clouds keep their metadata services.
    #[arg(long, env = "CROWFOOT_ALLOW_LINK_LOCAL", global = true)]
    allow_link_local: bool,
    /// Let live databases be reached by Unix sockets of this machine.
    #[arg(long, env = "CROWFOOT_ALLOW_SOCKETS", global = true)]
    allow_sockets: bool,
    /// Settings file. Without it, `crowfoot.toml` in the current folder where there is one.
    #[arg(long, env = "CROWFOOT_CONFIG", global = true)]
    config: Option<PathBuf>,
}

/// The settings file. Every key is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    data_dir: Option<PathBuf>,
    pg_bin: Option<PathBuf>,
    log: Option<String>,
    addr: Option<SocketAddr>,
    public_url: Option<String>,
    admin_email: Option<String>,
    admin_password: Option<String>,
    metrics_token: Option<String>,
    secret_key: Option<String>,
    sqlite_dirs: Option<Vec<PathBuf>>,
    allow_link_local: Option<bool>,
    allow_sockets: Option<bool>,
}

/// The settings in force.
#[derive(Debug)]
pub(crate) struct Config {
    /// The given PostgreSQL; none for the embedded one.
    pub(crate) database_url: Option<Secret>,
    /// The folder for data.
    pub(crate) data_dir: PathBuf,
    /// PostgreSQL's programs.
    pub(crate) pg_bin: Option<PathBuf>,
    /// The log filter.
    pub(crate) log: String,
    /// From the file, for `serve`.
    pub(crate) addr: Option<SocketAddr>,
    /// From the file, for `serve`.
    pub(crate) public_url: Option<String>,
    /// From the file, for `serve`.
    pub(crate) admin_email: Option<String>,
    /// From the file, for `serve`.
    pub(crate) admin_password: Option<Secret>,
    /// From the file, for `serve`.
    pub(crate) metrics_token: Option<Secret>,
    /// What passwords of live databases are sealed with; none for the key file.
    pub(crate) secret_key: Option<Secret>,
    /// Folders that SQLite files may be read from.
    pub(crate) sqlite_dirs: Vec<PathBuf>,
    /// Whether link-local addresses may be connected to.
    pub(crate) allow_link_local: bool,
    /// Whether live databases may be reached by sockets of this machine.
    pub(crate) allow_sockets: bool,
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file that was named is not there or cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file does not parse.
    #[error("the settings file {path} is not understood: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why, with line and column.
        source: Box<toml::de::Error>,
    },
}

impl Config {
    /// Merges flags, environment and file.
    pub(crate) fn load(flags: Flags) -> Result<Self, ConfigError> {
        let file = match &flags.config {
            Some(path) => File::read(path)?,
            None if Path::new("crowfoot.toml").is_file() => File::read(Path::new("crowfoot.toml"))?,
            None => File::default(),
        };
        // An empty variable means an absent one, as in compose files.
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Ok(Self {
            database_url: given(flags.database_url)
                .or(file.database_url)
                .map(Secret::new),
            data_dir: flags
                .data_dir
                .filter(|path| !path.as_os_str().is_empty())
                .or(file.data_dir)
                .unwrap_or_else(default_data_dir),
            pg_bin: flags
                .pg_bin
                .filter(|path| !path.as_os_str().is_empty())
                .or(file.pg_bin),
            log: given(flags.log)
                .or(file.log)
                .unwrap_or_else(|| "info".to_owned()),
            addr: file.addr,
            public_url: file.public_url,
            admin_email: file.admin_email,
            admin_password: file.admin_password.map(Secret::new),
            metrics_token: given(file.metrics_token).map(Secret::new),
            secret_key: given(flags.secret_key)
                .or(file.secret_key)
                .map(|key| Secret::new(key.trim())),
            sqlite_dirs: flags.sqlite_dirs.or(file.sqlite_dirs).unwrap_or_default(),
            allow_sockets: flags.allow_sockets || file.allow_sockets.unwrap_or(false),
            allow_link_local: flags.allow_link_local || file.allow_link_local.unwrap_or(false),
        })
    }
}

impl File {
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| ConfigError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }
}

/// The platform's folder for data of programs.
fn default_data_dir() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if cfg!(target_os = "macos")
        && let Some(home) = variable("HOME")
    {
        return PathBuf::from(home).join("Library/Application Support/crowfoot");
    }
    if let Some(folder) = variable("XDG_DATA_HOME") {
        return PathBuf::from(folder).join("crowfoot");
    }
    match variable("HOME") {
        // The home of root is closed to the user under which PostgreSQL runs.
        Some(home) if home != "/root" && home != "/" => {
            PathBuf::from(home).join(".local/share/crowfoot")
        }
        _ => PathBuf::from("/var/lib/crowfoot"),
    }
}
