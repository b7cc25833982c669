//! PostgreSQL's settings, written anew at each start so that an upgrade of Crowfoot brings its own.

use std::path::Path;

use crate::account::Account;
use crate::error::{ClusterError, IoContext as _};
use crate::home::write_private;

/// The include file in PostgreSQL's data folder.
const FILE: &str = "crowfoot.conf";

/// The socket's number; there is one cluster per socket folder, so it never clashes.
pub(crate) const PORT: u16 = 5432;

/// Small on purpose: the catalog of a thousand tables fits in shared_buffers, and PostgreSQL
/// shares the machine with everything else. Durability settings are left at their safe defaults
/// and written out so that nobody has to wonder.
const SETTINGS: &str = "\
# Written by Crowfoot at each start. Put your own settings into postgresql.conf, below the include.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 50
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 512MB
max_wal_size = 512MB
random_page_cost = 1.1
jit = off
huge_pages = off
log_min_messages = warning
log_checkpoints = off
log_destination = stderr
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
log_timezone = 'UTC'
timezone = 'UTC'
";

/// Makes postgresql.conf of a new data folder read the include file.
pub(crate) fn include(pgdata: &Path) -> Result<(), ClusterError> {
    use std::io::Write as _;
    let path = pgdata.join("postgresql.conf");
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .on("write", &path)?;
    writeln!(file, "\ninclude_if_exists = '{FILE}'").on("write", &path)?;
    file.sync_all().on("write", &path)
}

/// Writes the include file.
pub(crate) fn write(
    pgdata: &Path,
    socket_dir: &Path,
    account: &Account,
) -> Result<(), ClusterError> {
    let path = pgdata.join(FILE);
    let text = format!(
        "{SETTINGS}port = {PORT}\nunix_socket_directories = {}",
        quote_dir(socket_dir)
    );
    write_private(&path, text.as_bytes())?;
    account.own(&path)
}

/// A folder as a value of `unix_socket_directories`: an element of a list (in double quotes)
/// inside a setting (in single quotes).
fn quote_dir(dir: &Path) -> String {
    let element = dir.to_string_lossy().replace('"', "\"\"");
    let value = format!("\"{element}\"")
        .replace('\\', "\\\\")
        .replace('\'', "''");
    format!("'{value}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_with_odd_names_stay_one_value() {
        assert_eq!(
            quote_dir(Path::new("/a b/it's, 1\"")),
            r#"'"/a b/it''s, 1"""'"#
        );
    }
}
