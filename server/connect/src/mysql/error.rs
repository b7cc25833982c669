//! MySQL's error numbers, sorted by what one can do about them.

use crate::error::ConnectError;
use model::provider::Provider;
use sqlx::mysql::MySqlDatabaseError;

/// Sorts what happened to a statement.
pub(super) fn sort(error: sqlx::Error) -> ConnectError {
    match number_of(&error) {
        Some(number) => by_number(number, error),
        None => ConnectError::reading(error),
    }
}

/// Sorts what happened while logging in.
pub(super) fn sort_on_connect(error: sqlx::Error) -> ConnectError {
    if let Some(number) = number_of(&error) {
        return by_number(number, error);
    }
    match &error {
        // The driver sends a password itself only over TLS, and some logins ask for it.
        sqlx::Error::Configuration(_) => ConnectError::TlsNeeded(error),
        sqlx::Error::Protocol(words) if words.contains("authentication plugin") => {
            ConnectError::LoginKind(error)
        }
        _ => ConnectError::logging_in(error, Provider::MySql),
    }
}

/// The number of what the server says; none where it is not the server that speaks.
pub(super) fn number_of(error: &sqlx::Error) -> Option<u16> {
    let sqlx::Error::Database(answer) = error else {
        return None;
    };
    answer
        .try_downcast_ref::<MySqlDatabaseError>()
        .map(MySqlDatabaseError::number)
}

fn by_number(number: u16, error: sqlx::Error) -> ConnectError {
    match number {
        // Wrong password; host blocked or not admitted; a login of another kind; a socket's login;
        // password expired (twice); account locked (MySQL's and MariaDB's).
        1045 | 1129 | 1130 | 1251 | 1698 | 1820 | 1862 | 3118 | 4151 => {
            ConnectError::LoginRefused(error)
        }
        1049 => ConnectError::DatabaseUnknown(error),
        // To a database, a table, a column, an administrative command, a routine.
        1044 | 1142 | 1143 | 1227 | 1370 => ConnectError::Refused(error),
        // Of the server, of the login, of the login's quota.
        1040 | 1203 | 1226 => ConnectError::TooManyConnections(error),
        1205 => ConnectError::Locked(error),
        // Interrupted, MariaDB's limit, MySQL's limit.
        1317 | 1969 | 3024 => ConnectError::TooSlow(error),
        1053 => ConnectError::NotReady(error),
        // Killed.
        1927 => ConnectError::Lost(error),
        // The server insists on encryption.
        3159 => ConnectError::TlsNeeded(error),
        _ => ConnectError::Statement(error),
    }
}
