//! Random tokens and their hashes.

use crate::error::Fault;
use contract::account::Secret;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

/// Fresh bytes from the system's own source.
///
/// # Errors
/// When it has none to give.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| Fault::Randomness)?;
    Ok(bytes)
}

/// A new session's token, 256 bits in hexadecimal.
pub(crate) fn session_token() -> Result<Secret, Fault> {
    Ok(Secret::new(to_hex(&random_bytes::<32>()?)))
}

/// Whether a text can be a token at all, so that nonsense costs no statement.
pub(crate) fn is_token(text: &Secret) -> bool {
    let text = text.reveal();
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What is stored of a token. A hash without salt will do: nobody can guess 256 random bits.
pub(crate) fn token_hash(token: &Secret) -> [u8; 32] {
    sha256(token.reveal().as_bytes())
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters, digits, `-` and `_` (RFC 4648), without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, place| {
            bits << 8 | chunk.get(place).map_or(0, |byte| u32::from(*byte))
        });
        // So many bytes are one letter more.
        for place in 0..=chunk.len() {
            let letter = (bits >> (18 - 6 * place)) & 63;
            text.extend(LETTERS.get(letter as usize).copied().map(char::from));
        }
    }
    text
}

/// Compares without stopping at the first difference.
pub(crate) fn same_bytes(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let difference = one
        .iter()
        .zip(other)
        .fold(0, |difference, (one, other)| difference | (one ^ other));
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_the_rfc() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (&[0xfb, 0xff, 0xfe], "-__-"),
        ] {
            assert_eq!(base64url(bytes), text);
        }
        assert_eq!(base64url(&[0; 32]).len(), model::embed::TOKEN_CHARS);
    }

    #[test]
    fn tokens_differ_and_hash_alike() {
        let (one, other) = (session_token().unwrap(), session_token().unwrap());
        assert!(is_token(&one));
        assert!(!is_token(&Secret::new("x".repeat(64))));
        assert_ne!(one, other);
        assert_eq!(token_hash(&one), token_hash(&one.clone()));
        assert_eq!(
            to_hex(&sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
