//! Failures inside, and the one place where they become the answer of a request.

use connect::error::ConnectError;
use contract::context::Ctx;
use contract::error::AppError;
use std::error::Error;
use std::fmt::Write as _;
use store::StoreError;

/// Something inside failed. The person is told what it means for them; the cause goes to the log.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The system has no randomness to give.
    #[error("the system gives no random bytes")]
    Randomness,
    /// A password could not be hashed.
    #[error("hashing failed: {0}")]
    Hashing(String),
    /// Too much of the same work is waiting already.
    #[error("too much work is waiting")]
    Busy,
    /// Work on another thread panicked or was cancelled.
    #[error("work in the background did not end")]
    Background(#[from] tokio::task::JoinError),
    /// A sealed text cannot be opened: another key, or damage.
    #[error("a sealed text cannot be opened with this key")]
    Unsealable,
    /// A live database failed.
    #[error("a live database failed")]
    Connect(#[from] ConnectError),
    /// The catalog's own database failed.
    #[error("the catalog's database failed")]
    Store(#[from] StoreError),
    /// What we ship or stored ourselves is not what we take it for.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
}

impl Fault {
    /// What the person is told.
    fn answer(&self) -> AppError {
        match self {
            Self::Busy => AppError::unavailable(
                "The server is busy with the same work for others; please try again in a minute.",
            ),
            Self::Store(error) if error.is_unavailable() => AppError::unavailable(
                "The catalog's database does not answer; please try again in a moment.",
            ),
            Self::Connect(ConnectError::Unreachable(_) | ConnectError::TooSlow(_)) => {
                AppError::unavailable(
                    "The database server does not answer in time; please try again in a moment.",
                )
            }
            _ => AppError::internal(),
        }
    }
}

/// Turns a failure inside into an answer, and logs it: the only place that does either.
pub(crate) trait OrAnswer<T> {
    /// The value, or the answer to give instead.
    fn or_answer(self, ctx: &Ctx) -> Result<T, AppError>;
}

impl<T, E: Into<Fault>> OrAnswer<T> for Result<T, E> {
    fn or_answer(self, ctx: &Ctx) -> Result<T, AppError> {
        self.map_err(|error| {
            let fault = error.into();
            let cause = with_causes(&fault);
            let answer = fault.answer();
            if matches!(fault, Fault::Busy) {
                tracing::warn!(request.id = %ctx.request_id, %cause, "request put off");
            } else {
                tracing::error!(request.id = %ctx.request_id, %cause, "request failed");
            }
            answer
        })
    }
}

/// An error and everything below it, on one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        // Writing to a string cannot fail.
        write!(text, ": {cause}").ok();
        below = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::error::ErrorKind;

    #[test]
    fn causes_never_travel() {
        let secret = "host=10.0.0.7";
        let fault = Fault::Inconsistent(secret.to_owned());
        let answer = Err::<(), _>(fault)
            .or_answer(&Ctx::system("test"))
            .unwrap_err();
        assert_eq!(answer.kind, ErrorKind::Internal);
        assert!(!answer.message.contains(secret));
        let answer = Err::<(), _>(Fault::Busy)
            .or_answer(&Ctx::system("test"))
            .unwrap_err();
        assert_eq!(answer.kind, ErrorKind::Unavailable);
    }

    #[test]
    fn a_log_line_names_every_cause() {
        let below = std::io::Error::other("the cable is out");
        let fault = Fault::from(ConnectError::Unreachable(below.into()));
        let text = with_causes(&fault);
        assert!(
            text.contains("does not answer") && text.contains("cable"),
            "{text}"
        );
    }
}
