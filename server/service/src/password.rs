//! Passwords: what is accepted, and how it is kept.

use crate::error::Fault;
use crate::services::Turns;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use contract::account::Secret;
use contract::error::AppError;
use model::account::{PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARS};
use std::sync::Arc;
use std::time::Duration;

/// Memory of one hash, in KiB. With two at once that is all the memory logins can take.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// How many hashes are computed at the same time.
const AT_ONCE: usize = 2;
/// How long a request waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// Refuses a password that is too short, too long or too easy to guess.
///
/// # Errors
/// Invalid, on the field `password`.
pub(crate) fn password_check(field: &str, password: &Secret, email: &str) -> Result<(), AppError> {
    let text = password.reveal();
    let message = if text.len() > PASSWORD_MAX_BYTES {
        format!("The password is too long; {PASSWORD_MAX_BYTES} bytes are the most.")
    } else if text.chars().count() < PASSWORD_MIN_CHARS {
        format!("The password is too short; it needs {PASSWORD_MIN_CHARS} characters or more.")
    } else if text.trim().is_empty() {
        "The password may not be blank.".to_owned()
    } else if text.eq_ignore_ascii_case(email.trim()) {
        "The password may not be the email address.".to_owned()
    } else {
        return Ok(());
    };
    Err(AppError::invalid_field(field, message))
}

/// How a password compares with what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is another one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, but its hash was made with other parameters and should be made anew.
    RightButDated,
}

/// Computes Argon2id hashes, a few at a time.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    /// Verified against when there is nobody of that name, so that the time of an answer does not
    /// tell which names exist.
    nobody: Arc<str>,
    turns: Turns,
}

impl Hasher {
    pub(crate) fn new() -> Result<Self, Fault> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|error| Fault::Hashing(error.to_string()))?;
        // A hash of zeros: no password is known that gives it.
        let nobody = format!(
            "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
            "A".repeat(22),
            "A".repeat(43)
        );
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            nobody: nobody.into(),
            turns: Turns::new(AT_ONCE, PATIENCE),
        })
    }

    /// The text to store for a password.
    pub(crate) async fn hash(&self, password: Secret) -> Result<String, Fault> {
        let turn = self.turns.take().await?;
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || {
            let hash = argon2
                .hash_password(password.reveal().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| Fault::Hashing(error.to_string()));
            // The permit belongs to the work, not to the request: one that is given up leaves its
            // hash running.
            drop(turn);
            hash
        })
        .await?
    }

    /// Compares a password with what is stored. Without anything stored it takes as long and
    /// answers wrong.
    pub(crate) async fn verify(
        &self,
        password: Secret,
        stored: Option<String>,
    ) -> Result<Verdict, Fault> {
        let turn = self.turns.take().await?;
        let hasher = self.clone();
        Ok(tokio::task::spawn_blocking(move || {
            let verdict = hasher.verify_blocking(&password, stored.as_deref());
            drop(turn);
            verdict
        })
        .await?)
    }

    fn verify_blocking(&self, password: &Secret, stored: Option<&str>) -> Verdict {
        // More than is ever accepted is wrong, at no cost that the sender may choose.
        let password = match password.reveal() {
            long if long.len() > PASSWORD_MAX_BYTES => "",
            text => text,
        };
        let parsed = stored.and_then(|stored| PasswordHash::new(stored).ok());
        let known = parsed.is_some();
        let Some(hash) = parsed.or_else(|| PasswordHash::new(&self.nobody).ok()) else {
            return Verdict::Wrong;
        };
        let right = self
            .argon2
            .verify_password(password.as_bytes(), &hash)
            .is_ok();
        match (right && known, self.is_current(&hash)) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButDated,
        }
    }

    fn is_current(&self, hash: &PasswordHash) -> bool {
        let ours = self.argon2.params();
        hash.algorithm == Algorithm::Argon2id.ident()
            && hash.version == Some(Version::V0x13.into())
            && Params::try_from(hash).is_ok_and(|params| {
                params.m_cost() == ours.m_cost()
                    && params.t_cost() == ours.t_cost()
                    && params.p_cost() == ours.p_cost()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    #[test]
    fn weak_and_huge_passwords_are_refused() {
        let email = "ada@example.org";
        for (password, part) in [
            ("short", "10 characters"),
            ("", "10 characters"),
            ("ADA@example.org", "email"),
            ("            ", "blank"),
            ("x".repeat(513).as_str(), "512 bytes"),
        ] {
            let error = password_check("password", &secret(password), email).unwrap_err();
            assert!(error.message.contains(part), "{}", error.message);
            assert_eq!(error.field.as_deref(), Some("password"));
        }
        for password in ["ten chars!", "pässwörter", &"x".repeat(512)] {
            password_check("password", &secret(password), email).unwrap();
        }
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_again() {
        let hasher = Hasher::new().unwrap();
        let stored = hasher.hash(secret("correct horse")).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        let verify = |password: &str, stored: Option<&str>| {
            hasher.verify(secret(password), stored.map(str::to_owned))
        };
        assert_eq!(
            verify("correct horse", Some(&stored)).await.unwrap(),
            Verdict::Right
        );
        for (password, stored) in [
            ("Correct horse", Some(stored.as_str())),
            ("", Some(&stored)),
            (&"x".repeat(600), Some(&stored)),
            ("", Some("")),
            ("hashed_password", Some("hashed_password")),
            ("", None),
            ("correct horse", None),
        ] {
            assert_eq!(verify(password, stored).await.unwrap(), Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn older_parameters_are_told_apart() {
        let hasher = Hasher::new().unwrap();
        let older = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let stored = older.hash_password(b"correct horse").unwrap().to_string();
        assert_eq!(
            hasher
                .verify(secret("correct horse"), Some(stored))
                .await
                .unwrap(),
            Verdict::RightButDated
        );
    }

    #[test]
    fn nobodys_hash_can_be_read() {
        let hasher = Hasher::new().unwrap();
        let hash = PasswordHash::new(&hasher.nobody).unwrap();
        assert!(hasher.is_current(&hash));
        assert_eq!(hash.hash.unwrap().len(), 32);
    }
}
