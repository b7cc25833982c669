//! From the bytes of a file to text.

use thiserror::Error;

/// Why bytes are not text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A byte that UTF-8 does not allow.
    #[error(
        "This file is not UTF-8: byte {offset} (line {line}) cannot be read. Save it as UTF-8 and \
         try again."
    )]
    NotUtf8 {
        /// The offset of the first byte that cannot be read, from 0.
        offset: u64,
        /// The line on which it stands, from 1.
        line: u64,
    },
    /// A UTF-16 file with a broken pair or an odd number of bytes.
    #[error(
        "This file begins as UTF-16, but byte {offset} (line {line}) cannot be read. Save it as \
         UTF-8 and try again."
    )]
    NotUtf16 {
        /// The offset of the first byte that cannot be read, from 0.
        offset: u64,
        /// The line on which it stands, from 1.
        line: u64,
    },
    /// Zero bytes: an archive or another binary file.
    #[error(
        "This is not a text file: byte {offset} (line {line}) is zero. If it is a PostgreSQL \
         archive, turn it into SQL first: pg_restore --schema-only --file=schema.sql THE_FILE."
    )]
    Binary {
        /// The offset of the first zero byte, from 0.
        offset: u64,
        /// The line on which it stands, from 1.
        line: u64,
    },
}

/// Decodes a script: UTF-8, with or without its mark, or UTF-16 with its mark.
///
/// # Errors
///
/// When the bytes are neither; the error names the first byte that is wrong.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return utf16(rest, u16::from_be_bytes);
    }
    let (body, mark) = match bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        Some(rest) => (rest, 3),
        None => (bytes, 0),
    };
    // PostgreSQL knows no zero in text, so nothing that reads as SQL has one.
    if let Some(zero) = body.iter().position(|byte| *byte == 0) {
        return Err(DecodeError::Binary {
            offset: (zero + mark) as u64,
            line: line_at(body, zero),
        });
    }
    match std::str::from_utf8(body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            Err(DecodeError::NotUtf8 {
                offset: (at + mark) as u64,
                line: line_at(body, at),
            })
        }
    }
}

fn line_at(bytes: &[u8], offset: usize) -> u64 {
    bytes
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count() as u64
        + 1
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    // The mark that was stripped counts in what the person is told.
    const MARK: usize = 2;
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 0;
    let mut line = 1;
    let (pairs, odd) = bytes.as_chunks::<2>();
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(character) => {
                line += u64::from(character == '\n');
                at += character.len_utf16() * 2;
                text.push(character);
            }
            Err(_) => {
                return Err(DecodeError::NotUtf16 {
                    offset: (at + MARK) as u64,
                    line,
                });
            }
        }
    }
    if !odd.is_empty() {
        return Err(DecodeError::NotUtf16 {
            offset: (at + MARK) as u64,
            line,
        });
    }
    Ok(text)
}
