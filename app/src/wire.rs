//! The compact form in which answers travel: the bytes of postcard, as text.
//!
//! Postcard writes no names of fields, so both ends must be of one build; they are, since the page
//! brings its own code. What a person arranged is different: it comes from pages that were open while
//! the server was renewed, and a browser keeps it until it can be sent. It says which form it has.
//! The text is one character for each byte: most bytes stand for themselves,
//! so that names stay readable and compress well, and those that JSON would have to escape stand
//! beyond U+0100.

use model::view::ViewChange;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Where the stand-ins begin.
const ESCAPED: u32 = 0x100;

/// The form of [`ViewChange`], to be counted up whenever what is written of one becomes different.
const CHANGES_FORM: u32 = 1;

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
    postcard::from_bytes(&bytes_of(text)).map_err(|_| WireError)
}

fn bytes_of(text: &str) -> Vec<u8> {
    // The low byte is the byte, whether it stands for itself or beyond.
    text.chars().map(|letter| letter as u32 as u8).collect()
}

/// Writes changes to a view, with their form.
///
/// # Errors
/// As [`write`].
pub fn write_changes(changes: &[ViewChange]) -> Result<String, WireError> {
    write(&(CHANGES_FORM, changes))
}

/// Reads what [`write_changes`] wrote, in this build or in another one.
///
/// # Errors
/// When it is of another form, or damaged.
pub fn read_changes(text: &str) -> Result<Vec<ViewChange>, WireError> {
    let bytes = bytes_of(text);
    let Ok((CHANGES_FORM, changes)) = postcard::take_from_bytes(&bytes) else {
        return Err(WireError);
    };
    match postcard::take_from_bytes(changes) {
        Ok((changes, [])) => Ok(changes),
        _ => Err(WireError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::view::{Area, Memo, Spot, ViewColour};

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

    /// One of each kind.
    fn changes() -> Vec<ViewChange> {
        let at = Spot { x: 1.5, y: -2.0 };
        vec![
            ViewChange::Place {
                table: 7,
                at: Some(at),
            },
            ViewChange::Pin {
                table: 7,
                pinned: true,
            },
            ViewChange::Hide {
                table: 7,
                hidden: true,
            },
            ViewChange::Colour {
                table: 7,
                colour: Some(ViewColour::Grey),
            },
            ViewChange::Area {
                id: "a".to_owned(),
                area: Some(Area {
                    title: "T".to_owned(),
                    colour: ViewColour::Red,
                    at,
                    width: 1.0,
                    height: 2.0,
                }),
            },
            ViewChange::Memo {
                id: "m".to_owned(),
                memo: Some(Memo {
                    text: "M".to_owned(),
                    at,
                    width: 1.0,
                    height: 2.0,
                }),
            },
        ]
    }

    /// Where this fails, what pages and browsers hold of earlier builds would be read as something
    /// else: count [`CHANGES_FORM`] up with the new text.
    #[test]
    fn the_form_of_changes_has_a_number() {
        let text = write_changes(&changes()).unwrap();
        let bytes: Vec<String> = bytes_of(&text)
            .iter()
            .map(|it| format!("{it:02x}"))
            .collect();
        assert_eq!(
            (CHANGES_FORM, bytes.concat().as_str()),
            (
                1,
                "0106000e01000000000000f83f00000000000000c0010e01020e01030e010704016101015400000000000000f83f\
                 00000000000000c0000000000000f03f000000000000004005016d01014d000000000000f83f00000000000000c0\
                 000000000000f03f0000000000000040"
            )
        );
    }

    #[test]
    fn changes_of_another_form_are_not_read_as_something_else() {
        let text = write_changes(&changes()).unwrap();
        assert_eq!(read_changes(&text).unwrap(), changes());
        let other = write(&(CHANGES_FORM + 1, changes())).unwrap();
        assert_eq!(read_changes(&other), Err(WireError));
        // Before forms were counted there was none.
        for number in 0..=changes().len() {
            let old: Vec<ViewChange> = changes().into_iter().take(number).collect();
            assert_eq!(read_changes(&write(&old).unwrap()), Err(WireError));
        }
        assert_eq!(read_changes(""), Err(WireError));
    }
}
