//! The compact form in which answers travel: the bytes of postcard, as text.
//!
//! Postcard writes no names of fields, so both ends must be of one build; they are, since the page
//! brings its own code. The text is one character for each byte: most bytes stand for themselves,
//! so that names stay readable and compress well, and those that JSON would have to escape stand
//! beyond U+0100.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Where the stand-ins begin.
const ESCAPED: u32 = 0x100;

/// A text that is not of this form, or a value that cannot be written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireError;

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is not in the form that was expected")
    }
}

/// Writes a value.
///
/// # Errors
/// When the value has parts of unknown length, which no type of ours has.
pub fn write(value: &impl Serialize) -> Result<String, WireError> {
    let bytes = postcard::to_allocvec(value).map_err(|_| WireError)?;
    Ok(bytes
        .into_iter()
        .map(|byte| match byte {
            0..=0x1f | b'"' | b'\\' | b'<' | b'>' | b'&' | 0x7f => {
                char::from_u32(ESCAPED + u32::from(byte)).unwrap_or_default()
            }
            byte => char::from(byte),
        })
        .collect())
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// When the text is of another type or damaged.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, WireError> {
    // The low byte is the byte, whether it stands for itself or beyond.
    let bytes: Vec<u8> = text.chars().map(|letter| letter as u32 as u8).collect();
    postcard::from_bytes(&bytes).map_err(|_| WireError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_and_none_needs_an_escape() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = write(&bytes).unwrap();
        assert_eq!(read::<Vec<u8>>(&text).unwrap(), bytes);
        let quoted = serde_json::to_string(&text).unwrap();
        assert_eq!(quoted, format!("\"{text}\""));
        assert!(!text.contains(['<', '>', '&']));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let text = write(&("name".to_owned(), 7_u32)).unwrap();
        let cut: String = text.chars().take(3).collect();
        assert_eq!(read::<(String, u32)>(&cut), Err(WireError));
    }
}
