//! Comments that the server runs: `/*!40101 … */` and, on MariaDB, `/*M!100100 … */`.
//!
//! Their marks become spaces before anything else is read, so that all offsets and lines stay
//! and texts cut out of the script hold no marks. The version is not asked for: what any server
//! would run counts, save for versions that none will have (dumps of MariaDB begin with one).

use std::borrow::Cow;

/// The lowest version that stands for “never”.
const NEVER: u32 = 999_999;
/// How often reading goes on behind a quote that is never closed. Each time may cost a pass
/// over the rest of the text.
const MOST_RESTARTS: usize = 16;

/// A script without those marks.
#[derive(Debug, Clone)]
pub(crate) struct Exposed<'a> {
    /// The text, as long as the script.
    pub(crate) text: Cow<'a, str>,
    /// Where comments begin that are never closed.
    pub(crate) open: Vec<usize>,
}

/// Replaces the marks by spaces.
pub(crate) fn expose(source: &str) -> Exposed<'_> {
    let marks = if source.contains("/*!") || source.contains("/*M!") {
        marks(source.as_bytes())
    } else {
        Marks::default()
    };
    if marks.ranges.is_empty() {
        return Exposed {
            text: Cow::Borrowed(source),
            open: Vec::new(),
        };
    }
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    for (start, end) in marks.ranges {
        text.push_str(source.get(copied..start).unwrap_or_default());
        text.extend(std::iter::repeat_n(' ', end - start));
        copied = end;
    }
    text.push_str(source.get(copied..).unwrap_or_default());
    Exposed {
        text: Cow::Owned(text),
        open: marks.open,
    }
}

#[derive(Debug, Default)]
struct Marks {
    /// Each mark's first byte and the one after its last, in order.
    ranges: Vec<(usize, usize)>,
    open: Vec<usize>,
}

fn marks(bytes: &[u8]) -> Marks {
    let mut found = Marks::default();
    let mut restarts = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let next = bytes.get(at + 1).copied();
        match (byte, next) {
            (b'\'' | b'"' | b'`', _) => match quote_end(bytes, at, byte) {
                Some(end) => at = end,
                None if restarts < MOST_RESTARTS => {
                    restarts += 1;
                    at += 1;
                }
                None => break,
            },
            (b'#', _) => at = line_end(bytes, at),
            (b'-', Some(b'-')) if begins_dashes(bytes, at) => at = line_end(bytes, at),
            (b'/', Some(b'*')) => match opening(bytes, at) {
                Some(end) => {
                    found.ranges.push((at, end));
                    found.open.push(at);
                    at = end;
                }
                None => match comment_end(bytes, at) {
                    Some(end) => at = end,
                    None => break,
                },
            },
            (b'*', Some(b'/')) if !found.open.is_empty() => {
                found.open.pop();
                found.ranges.push((at, at + 2));
                at += 2;
            }
            _ => at += 1,
        }
    }
    found
}

/// The end of the opening mark of a comment that is run; none if it is a plain comment.
fn opening(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let mark = if rest.starts_with(b"/*!") {
        3
    } else if rest.starts_with(b"/*M!") {
        4
    } else {
        return None;
    };
    let digits: Vec<u32> = rest
        .get(mark..)?
        .iter()
        .take(6)
        .map_while(|byte| char::from(*byte).to_digit(10))
        .collect();
    if digits.len() < 5 {
        return Some(at + mark);
    }
    let version = digits.iter().fold(0, |value, digit| value * 10 + digit);
    (version < NEVER).then_some(at + mark + digits.len())
}

/// The offset behind a text or a name in quotes.
fn quote_end(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut at = at + 1;
    loop {
        let byte = *bytes.get(at)?;
        if byte == quote && bytes.get(at + 1) == Some(&quote) || byte == b'\\' && quote != b'`' {
            at += 2;
        } else if byte == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest.iter().position(|byte| *byte == b'\n');
    found.map_or(bytes.len(), |length| at + length)
}

/// The offset behind a plain comment; they do not nest.
pub(crate) fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let body = bytes.get(at + 2..)?;
    let length = body.windows(2).position(|pair| pair == b"*/")?;
    Some(at + length + 4)
}

/// Whether two dashes begin a comment: only before white space or at the end, since `5--3` is
/// arithmetic.
pub(crate) fn begins_dashes(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at + 2)
        .is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
}

#[cfg(test)]
mod tests {
    use super::expose;

    #[test]
    fn marks_become_spaces_and_what_they_hold_stays() {
        let text = "/*!40101 SET a=1 */; /* plain */ x";
        let exposed = expose(text);
        assert_eq!(exposed.text.len(), text.len());
        assert_eq!(exposed.text.trim_start(), "SET a=1   ; /* plain */ x");
        assert!(exposed.open.is_empty());
    }

    #[test]
    fn quotes_and_plain_comments_hide_marks() {
        for text in [
            "'/*! a */'",
            "\"/*! \\\" a */\"",
            "`/*!`",
            "-- /*! a\n",
            "# /*!\n",
        ] {
            assert_eq!(expose(text).text, text);
        }
        assert_eq!(expose("/* ' */ /*!a*/").text, "/* ' */    a  ");
    }

    #[test]
    fn versions_and_nesting() {
        assert_eq!(expose("/*!12 a*/").text, "   12 a  ");
        assert_eq!(
            expose("/*M!100100 a*/").text,
            format!("{}a  ", " ".repeat(11))
        );
        assert_eq!(expose("/*!999999\\- x */").text, "/*!999999\\- x */");
        assert_eq!(
            expose("/*!50003 a /*!50003 b */ /* c */ d */").text.trim(),
            "a          b    /* c */ d"
        );
    }

    #[test]
    fn one_that_is_never_closed_is_told() {
        assert_eq!(expose("a /*!40101 b").open, [2]);
    }
}
