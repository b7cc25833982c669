//! What can go wrong between us and a live database.

use sqlx::error::DatabaseError;

/// A failure of a live database, sorted by what the caller can do about it.
///
/// The texts hold no address and no password; the server's own words stay in the source.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address cannot be read.
    #[error("the database's address cannot be read")]
    Address(#[source] sqlx::Error),
    /// Nothing answers there, or it refuses us.
    #[error("the database does not answer")]
    Unreachable(#[source] sqlx::Error),
    /// The server answers, but our role may not do this.
    #[error("the database server does not allow this role to do that")]
    Refused(#[source] sqlx::Error),
    /// There is a database of that name already.
    #[error("there is a database of that name already")]
    Taken(#[source] sqlx::Error),
    /// There is a database of that name, and it does not carry our mark.
    #[error("there is a database of that name that was not made by us")]
    Foreign,
    /// The statement took longer than its limit.
    #[error("the database took too long to answer")]
    TooSlow(#[source] sqlx::Error),
    /// Anything else that the server said about a statement.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

impl ConnectError {
    /// Sorts what happened while connecting.
    pub(crate) fn on_connect(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Configuration(_) => Self::Address(error),
            _ => Self::Unreachable(error),
        }
    }
}

impl From<sqlx::Error> for ConnectError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => {
                Self::Unreachable(error)
            }
            sqlx::Error::Database(answer) => match code_of(answer.as_ref()).as_str() {
                "42501" => Self::Refused(error),
                "42P04" => Self::Taken(error),
                "57014" | "55P03" => Self::TooSlow(error),
                // The server goes down, comes up or has no room for one more connection.
                "57P01" | "57P02" | "57P03" | "53300" => Self::Unreachable(error),
                _ => Self::Statement(error),
            },
            _ => Self::Statement(error),
        }
    }
}

fn code_of(answer: &dyn DatabaseError) -> String {
    answer
        .code()
        .map(|code| code.into_owned())
        .unwrap_or_default()
}
