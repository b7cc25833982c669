//! The contract's error as server functions carry it.

use contract::error::{AppError, ErrorKind};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An [`AppError`] on its way through a server function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub AppError);

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ApiError {}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Request(_) => AppError::unavailable(
                "The server cannot be reached. Check the connection and try again.",
            ),
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => {
                AppError::invalid("The server did not understand this request. Reload the page.")
            }
            _ => AppError::internal(),
        })
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        #[cfg(feature = "ssr")]
        crate::context::respond_with(error.kind);
        Self(error)
    }
}

impl ApiError {
    /// Whether nobody is signed in (any more).
    pub fn is_unauthenticated(&self) -> bool {
        self.0.kind == ErrorKind::Unauthenticated
    }
}
