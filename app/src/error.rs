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
        Self(told(&error, cfg!(feature = "ssr")))
    }
}

/// What went wrong on the way, in the contract's terms.
fn told(error: &ServerFnErrorErr, on_server: bool) -> AppError {
    const WHAT: &str = "The server did not understand this request. Reload the page.";
    match error {
        ServerFnErrorErr::Request(_) => AppError::unavailable(
            "The server cannot be reached. Check the connection and try again.",
        ),
        ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => AppError::invalid(WHAT),
        // The server cannot read the question, the browser cannot read the answer: it is that of a
        // proxy whose server is away, or of a network that wants a password first.
        ServerFnErrorErr::Deserialization(_) if on_server => AppError::invalid(WHAT),
        ServerFnErrorErr::Deserialization(_) => AppError::unavailable(
            "What arrived is not the server's answer. Check the connection and try again, or \
             reload the page.",
        ),
        _ => AppError::internal(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_of_the_server_is_no_refusal() {
        let unreadable = ServerFnErrorErr::Deserialization("<html>502</html>".to_owned());
        assert_eq!(told(&unreadable, false).kind, ErrorKind::Unavailable);
        assert_eq!(told(&unreadable, true).kind, ErrorKind::Invalid);
        let away = ServerFnErrorErr::Request(String::new());
        assert_eq!(told(&away, false).kind, ErrorKind::Unavailable);
        for asked in [
            ServerFnErrorErr::Args(String::new()),
            ServerFnErrorErr::MissingArg(String::new()),
        ] {
            assert_eq!(told(&asked, false).kind, ErrorKind::Invalid);
        }
    }
}
