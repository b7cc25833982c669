//! Reading an SQLite file.
//!
//! The file is opened so that nothing can be written, beside it either, and nothing is attached.
//! Its structure comes from pragmas that are joined with the list of tables, and from the text of
//! the `CREATE` statements where no pragma tells: checks, generated columns, collations, names. The
//! constraints that nobody named get names that say what they are of.
//!
//! A virtual table is a table here; the shadow tables in which its module keeps its data are left
//! out.

mod connection;
mod create;
mod declaration;
mod file;
mod indexes;
mod keys;
mod names;
mod profile;
mod sizes;
mod tables;
mod text;

use crate::error::ConnectError;
use crate::introspection::{Introspection, Limits};
use crate::live::ServerFacts;
use connection::Reading;
pub(crate) use create::{create, take_back};
use model::schema::Schema;
pub(crate) use profile::profile;
use std::path::Path;

/// The name that SQLite gives the one schema of a file.
pub(crate) const SCHEMA: &str = "main";

/// Opens the file and says what it is.
///
/// # Errors
/// What keeps the file from being read as a database.
pub(crate) async fn test(path: &Path, limits: &Limits) -> Result<ServerFacts, ConnectError> {
    let mut reading = Reading::open(path, limits).await?;
    let version = reading.version().await?;
    reading.close().await;
    Ok(ServerFacts {
        server_version: version,
        user: None,
        database: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        tls: false,
        schema_count: 1,
    })
}

/// Reads the whole structure of a file, and the sizes and estimates in it. `progress` hears what
/// is read at the moment.
///
/// # Errors
/// What keeps the file from being read as a database.
pub(crate) async fn introspect(
    path: &Path,
    limits: &Limits,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    progress("Opening the file");
    let mut reading = Reading::open(path, limits).await?;
    let read = read(&mut reading, progress).await;
    reading.close().await;
    read
}

async fn read(
    reading: &mut Reading,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    let server_version = reading.version().await?;
    let mut unreadable = Vec::new();

    progress("Reading tables and columns");
    let listed = tables::list(reading).await?;
    let names = tables::constraint_names(&listed);
    let mut tables = tables::read(reading, &listed, &names, &mut unreadable).await?;
    progress("Reading indexes and keys");
    indexes::read(reading, &mut tables, &names).await?;
    keys::read_foreign_keys(reading, &mut tables, &names).await?;
    progress("Reading sizes");
    let sizes = sizes::read(reading, &tables, &mut unreadable).await?;
    let triggers = tables::triggers(reading).await?;
    Ok(Introspection {
        server_version,
        schema: Schema {
            tables,
            triggers,
            ..Schema::default()
        },
        tables: sizes.tables,
        indexes: sizes.indexes,
        columns: Vec::new(),
        unreadable,
    })
}
