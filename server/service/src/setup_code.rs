//! The one-time code that guards the making of the first administrator: whoever can read the
//! server's output may set it up, and nobody else who happens to find the page first.

use crate::error::Fault;
use crate::token::{random_bytes, same_bytes, sha256, to_hex};
use std::fmt;

/// A code of 128 random bits. It lives as long as the process and is never stored.
#[derive(Clone)]
pub struct SetupCode {
    bytes: [u8; 16],
}

impl SetupCode {
    /// Makes a new code.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate() -> Result<Self, Fault> {
        Ok(Self {
            bytes: random_bytes()?,
        })
    }

    /// The code for the operator's eyes, in four groups: `3f9a01c2-…`.
    pub fn reveal(&self) -> String {
        let digits = to_hex(&self.bytes);
        let mut shown = String::with_capacity(digits.len() + 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && place % 8 == 0 {
                shown.push('-');
            }
            shown.push(digit);
        }
        shown
    }

    /// Whether somebody typed this code. Case, dashes and blanks do not count. The time this
    /// takes tells nothing of how much of it was right.
    pub fn matches(&self, typed: &str) -> bool {
        let typed: String = typed
            .chars()
            .filter(|character| character.is_ascii_alphanumeric())
            .map(|character| character.to_ascii_lowercase())
            .collect();
        // Hashes have one length, so that not even the length of what was typed shows.
        same_bytes(
            &sha256(typed.as_bytes()),
            &sha256(to_hex(&self.bytes).as_bytes()),
        )
    }
}

impl fmt::Debug for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_known_again_however_it_is_typed() {
        let code = SetupCode::generate().unwrap();
        let shown = code.reveal();
        assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [8; 4]);
        for typed in [
            shown.clone(),
            shown.to_uppercase(),
            shown.replace('-', ""),
            format!("  {} ", shown.replace('-', " ")),
        ] {
            assert!(code.matches(&typed), "{typed}");
        }
    }

    #[test]
    fn nothing_else_is_taken_for_it() {
        let code = SetupCode::generate().unwrap();
        let other = SetupCode::generate().unwrap();
        assert!(!code.matches(&other.reveal()));
        assert!(!code.matches(""));
        assert!(!code.matches(&code.reveal()[..34]));
        assert!(!code.matches(&format!("{}0", code.reveal())));
        assert!(!format!("{code:?}").contains(&code.reveal()));
    }
}
