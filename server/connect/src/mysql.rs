//! Reading a live MySQL or MariaDB database.
//!
//! Everything comes from `information_schema`, in a fixed number of statements however many
//! tables there are, in a transaction that can only read. The one schema is the database that
//! the target names. The two systems differ in small ways only; [`server::Server`] knows which
//! one answers.

mod columns;
mod connection;
mod constraints;
mod create;
mod error;
mod expression;
mod histogram;
mod indexes;
mod profile;
mod programs;
mod row;
mod server;
mod statistics;
mod tables;

use crate::error::ConnectError;
use crate::introspection::{Introspection, Limits, Unreadable};
use crate::live::ServerFacts;
use crate::target::ServerTarget;
use connection::Session;
pub(crate) use create::{create, take_back, test_server};
use model::schema::{QualifiedName, Schema, Sequence};
pub(crate) use profile::profile;

/// Connects and says what answers.
///
/// # Errors
/// Whatever keeps us from the database, sorted.
pub(crate) async fn test(
    target: &ServerTarget,
    limits: &Limits,
) -> Result<ServerFacts, ConnectError> {
    let session = Session::open(target, limits).await?;
    let facts = session.facts();
    session.close().await;
    Ok(facts)
}

/// Reads the whole structure of the target's database, and what the server knows of sizes and
/// values. `progress` hears what is read at the moment.
///
/// # Errors
/// Whatever keeps us from the database or from its tables. What only some logins may read is
/// listed as unreadable instead.
pub(crate) async fn introspect(
    target: &ServerTarget,
    limits: &Limits,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    progress("Connecting");
    let mut session = Session::open(target, limits).await?;
    session.begin().await?;
    let read = read(&mut session, progress).await;
    session.close().await;
    read
}

async fn read(
    session: &mut Session,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    let mut unreadable = Vec::new();

    progress("Reading tables and views");
    let mut relations = tables::read(session).await?;
    optional(
        tables::read_views(session, &mut relations).await,
        "definitions of views",
        &mut unreadable,
    )?;
    optional(
        tables::read_partitions(session, &mut relations).await,
        "partitions",
        &mut unreadable,
    )?;
    unreadable.append(&mut relations.unreadable);

    progress("Reading columns");
    columns::read(session, &mut relations).await?;

    progress("Reading constraints and indexes");
    indexes::read(session, &mut relations).await?;
    optional(
        constraints::read_checks(session, &mut relations).await,
        "check constraints",
        &mut unreadable,
    )?;
    constraints::read_foreign_keys(session, &mut relations).await?;

    progress("Reading triggers and routines");
    let triggers = optional(
        programs::read_triggers(session).await,
        "triggers",
        &mut unreadable,
    )?;
    let routines = optional(
        programs::read_routines(session).await,
        "routines",
        &mut unreadable,
    )?;

    let no_triggers = triggers.as_ref().is_some_and(Vec::is_empty);
    let no_routines = routines.as_ref().is_some_and(Vec::is_empty);
    if no_triggers || no_routines {
        note_unseen(session, no_triggers, no_routines, &mut unreadable).await?;
    }

    progress("Reading statistics");
    let columns = optional(
        statistics::read(session, &relations).await,
        "statistics of columns",
        &mut unreadable,
    )?;

    let schema_name = session.schema().to_owned();
    let sequences = relations
        .sequences
        .iter()
        .map(|name| Sequence {
            name: QualifiedName::new(&schema_name, name),
            owned_by: None,
        })
        .collect();
    Ok(Introspection {
        server_version: session.server().to_string(),
        schema: Schema {
            tables: relations.tables,
            sequences,
            triggers: triggers.unwrap_or_default(),
            routines: routines.unwrap_or_default(),
            ..Schema::default()
        },
        tables: relations.facts,
        indexes: Vec::new(),
        columns: columns.unwrap_or_default(),
        unreadable,
    })
}

/// None seen may be none there, or none shown to this login.
async fn note_unseen(
    session: &mut Session,
    no_triggers: bool,
    no_routines: bool,
    unreadable: &mut Vec<Unreadable>,
) -> Result<(), ConnectError> {
    let Some(sight) = optional(programs::read_sight(session).await, "rights", unreadable)? else {
        return Ok(());
    };
    let mut note = |what: &str, right: &str| {
        unreadable.push(Unreadable {
            what: what.to_owned(),
            reason: format!("the login sees none without the right {right}"),
        });
    };
    if no_triggers && !sight.triggers {
        note("triggers", "TRIGGER");
    }
    if no_routines && !sight.routines {
        note("routines", "EXECUTE");
    }
    Ok(())
}

/// Turns a refusal into a note; every other failure stays one.
fn optional<T>(
    result: Result<T, ConnectError>,
    what: &str,
    unreadable: &mut Vec<Unreadable>,
) -> Result<Option<T>, ConnectError> {
    let reason = match result {
        Ok(value) => return Ok(Some(value)),
        Err(ConnectError::Refused(_)) => "the login may not read them",
        Err(ConnectError::Statement(_)) => "the server does not tell them",
        Err(error) => return Err(error),
    };
    unreadable.push(Unreadable {
        what: what.to_owned(),
        reason: reason.to_owned(),
    });
    Ok(None)
}
