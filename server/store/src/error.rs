//! The crate's one error.

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::MigrateError;

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What is to be changed is not there.
    #[error("the {what} does not exist")]
    NotFound {
        /// What it is, as a noun.
        what: &'static str,
    },
    /// It contradicts what is there already.
    #[error("it contradicts {constraint}")]
    Conflict {
        /// The constraint that refused, by its name in the database.
        constraint: String,
    },
    /// The text given as the place where a page ended is not one that a page ended with.
    #[error("not the cursor of such a list")]
    InvalidCursor,
    /// The address of the database cannot be read.
    #[error("the database's address cannot be read")]
    InvalidUrl(#[source] sqlx::Error),
    /// The database does not answer, or does not let us in.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A statement took longer than it may.
    #[error("a statement took too long")]
    TooSlow(#[source] sqlx::Error),
    /// The server is older than what we can work with.
    #[error("PostgreSQL 14 or newer is needed; this server is PostgreSQL {found}")]
    TooOld {
        /// Its version, as it says it.
        found: String,
    },
    /// The migrations failed.
    #[error("the database could not be brought to this version: {0}")]
    Migration(#[source] MigrateError),
    /// A row holds what this version does not know.
    #[error("the {what} stored in the catalog cannot be read")]
    Unreadable {
        /// What it is, as a noun.
        what: &'static str,
    },
    /// A value cannot be written as JSON.
    #[error("a value cannot be stored")]
    Unwritable(#[from] serde_json::Error),
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether trying again in a moment may help.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::TooSlow(_))
    }

    /// Whether it exists already, or contradicts what does.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// The name of the constraint that refused.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Conflict { constraint } => Some(constraint),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(refusal) => match kind_of(refusal.as_ref()) {
                Refusal::Conflict => Self::Conflict {
                    constraint: refusal.constraint().unwrap_or_default().to_owned(),
                },
                Refusal::Unavailable => Self::Unavailable(error),
                Refusal::TooSlow => Self::TooSlow(error),
                Refusal::Other => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        Self::Migration(error)
    }
}

/// What a refusal of the database means for whoever asked.
enum Refusal {
    Conflict,
    Unavailable,
    TooSlow,
    Other,
}

fn kind_of(refusal: &dyn DatabaseError) -> Refusal {
    if refusal.kind() == ErrorKind::UniqueViolation {
        return Refusal::Conflict;
    }
    match refusal.code().as_deref() {
        Some("57014") => Refusal::TooSlow,
        // Shutting down, crashed, starting up, or no room for one connection more.
        Some("57P01" | "57P02" | "57P03" | "53300") => Refusal::Unavailable,
        Some(code) if code.starts_with("08") => Refusal::Unavailable,
        _ => Refusal::Other,
    }
}
