//! Sealing of passwords that have to be known again: AES-256-GCM under the server's key.

use crate::error::Fault;
use crate::token::random_bytes;
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use contract::account::Secret;
use std::fmt;

/// The form of what is sealed; counts up when it changes.
const FORM: u8 = 1;
const NONCE_BYTES: usize = 12;

/// The server's key. It does not print.
#[derive(Clone)]
pub struct SealKey(Aes256Gcm);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// A key of 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Aes256Gcm::new(&bytes.into()))
    }

    /// Seals a text so that it can be opened for the same owner only: form, nonce, ciphertext
    /// with its tag.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn seal(&self, text: &Secret, owner: &str) -> Result<Vec<u8>, Fault> {
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: text.reveal().as_bytes(),
            aad: owner.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Fault::Unsealable)?;
        let mut all = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        all.push(FORM);
        all.extend(nonce);
        all.extend(sealed);
        Ok(all)
    }

    /// Opens what was sealed for that owner.
    ///
    /// # Errors
    /// When it was sealed under another key, for another owner, or is damaged.
    pub fn open(&self, sealed: &[u8], owner: &str) -> Result<Secret, Fault> {
        let (nonce, ciphertext) = sealed
            .strip_prefix(&[FORM])
            .and_then(|rest| rest.split_first_chunk::<NONCE_BYTES>())
            .ok_or(Fault::Unsealable)?;
        let payload = Payload {
            msg: ciphertext,
            aad: owner.as_bytes(),
        };
        let opened = self
            .0
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| Fault::Unsealable)?;
        String::from_utf8(opened)
            .map(Secret::new)
            .map_err(|_| Fault::Unsealable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_only() {
        let key = SealKey::new([7; 32]);
        let sealed = key.seal(&Secret::new("hunter2"), "db_0123456789").unwrap();
        assert!(!sealed.windows(7).any(|window| window == b"hunter2"));
        assert_eq!(
            key.open(&sealed, "db_0123456789").unwrap().reveal(),
            "hunter2"
        );
        assert!(key.open(&sealed, "db_9876543210").is_err());
        assert!(
            SealKey::new([8; 32])
                .open(&sealed, "db_0123456789")
                .is_err()
        );
        let mut damaged = sealed.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(key.open(&damaged, "db_0123456789").is_err());
        assert!(key.open(&sealed[..5], "db_0123456789").is_err());
        assert_ne!(
            sealed,
            key.seal(&Secret::new("hunter2"), "db_0123456789").unwrap()
        );
    }
}
