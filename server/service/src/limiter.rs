//! How often somebody may try a password.
//!
//! Failures are kept in the store, so that a restart forgets none and several servers count
//! together. Tries under way count like failures until they are known not to be, so that a hundred
//! guesses at the same moment are a hundred guesses.

use crate::error::OrAnswer as _;
use crate::services::Services;
use crate::token::{sha256, to_hex};
use contract::context::Ctx;
use contract::error::AppError;
use model::id::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// So many failures within [`WINDOW_MINUTES`], for one name or from one address, are let through.
const FAILURES_MAX: u64 = 10;
/// How long a failure counts.
const WINDOW_MINUTES: u64 = 15;
/// No name or address to sign in with is longer.
const LOGIN_MAX_CHARS: usize = 255;

/// Whether a text can be a name to sign in with at all.
pub(crate) fn may_be_a_login(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= LOGIN_MAX_CHARS
        && !name.chars().any(char::is_control)
}

/// Tries under way, by what they count against.
#[derive(Clone, Default)]
pub(crate) struct Pending {
    counts: Arc<Mutex<HashMap<String, u64>>>,
}

impl Pending {
    /// Adds one, and answers how many there were before.
    fn enter(&self, key: &str) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    fn leave(&self, key: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(key);
            }
        }
    }
}

/// A try under way. It counts until it is dropped.
pub(crate) struct Attempt {
    pending: Pending,
    /// Against the name and, where it is known, the address.
    keys: Vec<String>,
}

impl Drop for Attempt {
    fn drop(&mut self) {
        for key in &self.keys {
            self.pending.leave(key);
        }
    }
}

impl Services {
    /// Begins a try; too many when there were enough failures lately. It counts against the
    /// person, whichever of their names was typed, or against a name that is nobody's.
    pub(crate) async fn attempt_begin(
        &self,
        ctx: &Ctx,
        name: &str,
        person: Option<UserId>,
    ) -> Result<Attempt, AppError> {
        let mut attempt = Attempt {
            pending: self.pending.clone(),
            keys: Vec::with_capacity(2),
        };
        let name = match person {
            Some(id) => format!("user {id}"),
            // Hashed, since it may be a password in the wrong field.
            None => format!("name {}", to_hex(&sha256(name.to_lowercase().as_bytes()))),
        };
        let address = ctx.ip_address.map(|address| format!("address {address}"));
        for key in std::iter::once(name).chain(address) {
            let under_way = self.pending.enter(&key);
            attempt.keys.push(key.clone());
            // Asked after entering: whoever entered before us is either still under way or has
            // been written down.
            let failures = self.failures(ctx, &key, WINDOW_MINUTES).await?;
            if failures + under_way >= FAILURES_MAX {
                tracing::warn!(request.id = %ctx.request_id, "login refused after many failures");
                return Err(too_many(self.wait_minutes(ctx, &key).await?));
            }
        }
        Ok(attempt)
    }

    /// Writes down that the password was wrong.
    pub(crate) async fn attempt_failed(&self, ctx: &Ctx, attempt: Attempt) -> Result<(), AppError> {
        for key in &attempt.keys {
            self.store.login_attempt_record(key).await.or_answer(ctx)?;
        }
        Ok(())
    }

    /// Forgets the failures of whoever knew the password in the end. Those of the address stay:
    /// one account of one's own must not buy ever more guesses at others'.
    pub(crate) async fn attempt_succeeded(
        &self,
        ctx: &Ctx,
        attempt: Attempt,
    ) -> Result<(), AppError> {
        if let Some(name) = attempt.keys.first() {
            self.store.login_attempts_clear(name).await.or_answer(ctx)?;
        }
        Ok(())
    }

    async fn failures(&self, ctx: &Ctx, key: &str, minutes: u64) -> Result<u64, AppError> {
        self.store
            .login_attempts_recent(key, Duration::from_secs(minutes * 60))
            .await
            .or_answer(ctx)
    }

    /// In how many minutes enough failures will have been forgotten.
    async fn wait_minutes(&self, ctx: &Ctx, key: &str) -> Result<u64, AppError> {
        // The wait is at least `least` and at most `most`.
        let (mut least, mut most) = (1, WINDOW_MINUTES);
        while least < most {
            let wait = least.midpoint(most);
            if self.failures(ctx, key, WINDOW_MINUTES - wait).await? < FAILURES_MAX {
                most = wait;
            } else {
                least = wait + 1;
            }
        }
        Ok(least)
    }
}

fn too_many(minutes: u64) -> AppError {
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    AppError::too_many(format!(
        "Too many wrong passwords. Please try again in {minutes} {unit}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_count_while_they_last() {
        let pending = Pending::default();
        assert_eq!(
            (pending.enter("a"), pending.enter("a"), pending.enter("b")),
            (0, 1, 0)
        );
        let attempt = Attempt {
            pending: pending.clone(),
            keys: vec!["a".to_owned(), "b".to_owned()],
        };
        drop(attempt);
        assert_eq!((pending.enter("a"), pending.enter("b")), (1, 0));
        for key in ["a", "a", "b", "b", "c"] {
            pending.leave(key);
        }
        assert!(pending.counts.lock().unwrap().is_empty());
    }

    #[test]
    fn no_name_is_empty_endless_or_odd() {
        assert!(may_be_a_login("ada@example.org"));
        for name in ["", "a\0b", &"x".repeat(256)] {
            assert!(!may_be_a_login(name));
        }
    }
}
