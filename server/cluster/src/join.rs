//! Joining a cluster that another process of ours has started: the command line, while the
//! server runs.

use crate::config::ClusterConfig;
use crate::error::ClusterError;
use crate::init::Password;
use crate::{ROLE, home};
use std::path::Path;

/// The URL of a database in the cluster that runs on a data folder, with the password: not for a
/// log.
///
/// # Errors
/// [`ClusterError::NotRunning`] when no PostgreSQL runs there, which is so for a moment while
/// another process starts or stops one.
pub fn running_url(config: &ClusterConfig, database: &str) -> Result<String, ClusterError> {
    let data_dir = std::path::absolute(&config.data_dir).map_err(|source| ClusterError::Io {
        action: "resolve",
        path: config.data_dir.clone(),
        source,
    })?;
    let config = ClusterConfig {
        data_dir,
        ..config.clone()
    };
    let not_running = || ClusterError::NotRunning {
        dir: config.data_dir.clone(),
    };
    let home = home::existing(&config)?.ok_or_else(not_running)?;
    let note = home::pgdata(&home).join("postmaster.pid");
    let note = std::fs::read_to_string(note).map_err(|_| not_running())?;
    // Lines: process, data folder, start time, port, socket folder.
    let socket = note
        .lines()
        .nth(4)
        .map(str::trim)
        .filter(|path| !path.is_empty());
    let socket = socket.ok_or_else(not_running)?;
    let password = Password::read(&config.password_file())?.ok_or_else(not_running)?;
    Ok(url(database, Path::new(socket), &password))
}

/// The URL of a database behind a socket's folder. Understood by PostgreSQL's own programs and by
/// sqlx.
pub(crate) fn url(database: &str, socket: &Path, password: &Password) -> String {
    format!(
        "postgres://{ROLE}:{}@localhost:{}/{}?host={}&sslmode=disable",
        password.reveal(),
        crate::settings::PORT,
        percent_encode(database.as_bytes()),
        percent_encode(socket.as_os_str().as_encoded_bytes()),
    )
}

/// Escapes what has a meaning in a URL; slashes may stay where this is used.
fn percent_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_in_a_url() {
        assert_eq!(percent_encode(b"/a b/c&d=1%"), "/a%20b/c%26d%3D1%25");
    }
}
