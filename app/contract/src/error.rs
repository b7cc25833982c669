//! The one error that crosses the edge: to a page, a server function or a REST answer.

use serde::{Deserialize, Serialize};

/// What went wrong, in the terms of whoever asked.
///
/// Internals never travel in it: they are logged where they happen, with the request's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// The kind, which decides the HTTP status.
    pub kind: ErrorKind,
    /// What happened, as a sentence for the person.
    pub message: String,
    /// The field that is wrong, where it is one.
    pub field: Option<String>,
}

/// Kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Nobody is signed in.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// It does not exist, or not for the one who asks.
    NotFound,
    /// What was given cannot be used.
    Invalid,
    /// It contradicts what is there already.
    Conflict,
    /// It is larger than what is accepted.
    TooLarge,
    /// Too many tries in a short time.
    TooMany,
    /// Something that we depend on does not answer.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ErrorKind {
    /// The HTTP status that tells this kind.
    pub fn status(self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

impl AppError {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            field: None,
        }
    }

    /// Nobody is signed in, or the session has expired.
    pub fn unauthenticated() -> Self {
        Self::new(
            ErrorKind::Unauthenticated,
            "Please sign in; your session may have expired.",
        )
    }

    /// Signed in, but this needs another role.
    pub fn forbidden() -> Self {
        Self::new(
            ErrorKind::Forbidden,
            "You do not have the right to do this.",
        )
    }

    /// The thing named by `what` is not there: "This database".
    pub fn not_found(what: &str) -> Self {
        Self::new(
            ErrorKind::NotFound,
            format!("{what} does not exist, or no longer."),
        )
    }

    /// What was given cannot be used; `message` says why and what would do.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// The same, for one field of a form.
    pub fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(ErrorKind::Invalid, message)
        }
    }

    /// It contradicts what is there already.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// It is larger than what is accepted.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    /// Too many tries in a short time.
    pub fn too_many(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooMany, message)
    }

    /// Something that we depend on does not answer.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// A fault of ours. The cause belongs in the log, not in here.
    pub fn internal() -> Self {
        Self::new(
            ErrorKind::Internal,
            "Something went wrong on our side. It has been logged; please try again.",
        )
    }
}
