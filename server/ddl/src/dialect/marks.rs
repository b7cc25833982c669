//! The words and signs of a script, without its texts and comments, as far as they tell a
//! dialect.

/// A piece of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A bare word.
    Word(&'a str),
    /// A name in backticks.
    Backticks,
    /// A name in brackets.
    Brackets,
    /// `::`
    Cast,
    /// A text in dollars.
    Dollars,
    /// A comment that only MySQL executes, `/*! … */`.
    Executed,
    /// A comment from `#` on.
    Hash,
    /// A text in quotes with a letter before: `N'…'`, `E'…'`, `q'…'`.
    Prefixed(u8),
    /// A line of nothing but a slash.
    Slash,
    /// A line of nothing but `GO`.
    Go,
    /// A command of psql: a backslash at the beginning of a line.
    Backslash,
    /// A single sign.
    Sign(u8),
    /// A number.
    Number,
}

/// The longest tag of a text in dollars, in bytes.
const LONGEST_TAG: usize = 64;
/// How often the end of a text in dollars is looked for in vain; each time costs a pass over the
/// rest of the script.
const MOST_MISSES: usize = 16;

/// Reads the pieces of a script in any dialect.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Whether a closing mark was missing once: then it is not looked for again.
    open: bool,
    /// How many texts in dollars were never closed.
    misses: usize,
}

impl<'a> Pieces<'a> {
    /// The pieces of a text.
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            open: false,
            misses: 0,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    fn line_end(&self, at: usize) -> usize {
        let found = self.rest(at).iter().position(|byte| *byte == b'\n');
        found.map_or(self.bytes.len(), |length| at + length)
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = self.bytes.get(..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0xEF | 0xBB | 0xBF))
    }

    fn ends_line(&self, at: usize) -> bool {
        self.rest(at)
            .iter()
            .take_while(|byte| **byte != b'\n')
            .all(|byte| byte.is_ascii_whitespace() || *byte == b';')
    }

    /// Moves past a text in single quotes. A backslash before a quote is part of the text unless
    /// what follows looks like its end; only one of the dialects has such escapes by default.
    fn skip_text(&mut self, quote: u8) {
        let mut at = self.at + 1;
        while let Some(length) = self.rest(at).iter().position(|byte| *byte == quote) {
            at += length + 1;
            if self.byte(at) == Some(quote) {
                at += 1;
                continue;
            }
            let escaped = self.byte(at.wrapping_sub(2)) == Some(b'\\');
            let after = self
                .rest(at)
                .iter()
                .find(|byte| !byte.is_ascii_whitespace());
            if escaped && !matches!(after, None | Some(b',' | b')' | b';')) {
                continue;
            }
            self.at = at;
            return;
        }
        // Never closed: what follows may still tell something.
        self.at = match std::mem::replace(&mut self.open, true) {
            false => self.line_end(self.at),
            true => self.bytes.len(),
        };
    }

    fn skip_comment(&mut self) {
        let body = self.at + 2;
        let found = self.text.get(body..).and_then(|text| text.find("*/"));
        self.at = found.map_or(self.bytes.len(), |length| body + length + 2);
    }

    /// The data of `COPY … FROM stdin` ends at a line with `\.`.
    pub(super) fn skip_data(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = rest.find("\n\\.");
        self.at = found.map_or(self.bytes.len(), |length| self.at + length + 3);
    }

    fn dollars(&mut self) -> Option<Piece<'a>> {
        let rest = self.text.get(self.at..)?;
        let mut head = self.rest(self.at + 1).iter().take(LONGEST_TAG);
        let tag = head.position(|byte| *byte == b'$')? + 2;
        let mark = rest.get(..tag)?;
        let plain = mark
            .trim_matches('$')
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !plain || self.misses > MOST_MISSES {
            return None;
        }
        let Some(length) = rest.get(tag..)?.find(mark) else {
            self.misses += 1;
            return None;
        };
        self.at += tag + length + tag;
        Some(Piece::Dollars)
    }

    /// A name between two marks on one line.
    fn between(&mut self, close: u8, piece: Piece<'a>) -> Option<Piece<'a>> {
        let line = self
            .rest(self.at + 1)
            .iter()
            .take(260)
            .take_while(|byte| **byte != b'\n');
        let length = line.clone().position(|byte| *byte == close)?;
        if length == 0 {
            return None;
        }
        self.at += length + 2;
        Some(piece)
    }

    fn word(&mut self, start: usize) -> Piece<'a> {
        let first = self.byte(start).unwrap_or_default().to_ascii_lowercase();
        if self.byte(start + 1) == Some(b'\'') && b"enqxb".contains(&first) {
            self.at = start + 1;
            self.skip_text(b'\'');
            return Piece::Prefixed(first);
        }
        let length = self.rest(start).iter().position(|byte| {
            !(byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_$#@".contains(byte))
        });
        self.at = length.map_or(self.bytes.len(), |length| start + length);
        let word = self.text.get(start..self.at).unwrap_or_default();
        if word.eq_ignore_ascii_case("GO") && self.begins_line(start) && self.ends_line(self.at) {
            return Piece::Go;
        }
        Piece::Word(word)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let start = self.at;
            let byte = self.byte(start)?;
            let next = self.byte(start + 1);
            match byte {
                byte if byte.is_ascii_whitespace() => self.at += 1,
                b'-' if next == Some(b'-') => self.at = self.line_end(start),
                b'/' if next == Some(b'*') => {
                    let executed = self.byte(start + 2) == Some(b'!');
                    self.skip_comment();
                    if executed {
                        return Some(Piece::Executed);
                    }
                }
                b'#' if self.begins_line(start) => {
                    self.at = self.line_end(start);
                    return Some(Piece::Hash);
                }
                b'\'' => self.skip_text(b'\''),
                b'"' => self.skip_text(b'"'),
                b'`' => {
                    if let Some(piece) = self.between(b'`', Piece::Backticks) {
                        return Some(piece);
                    }
                    self.at += 1;
                }
                b'[' if next.is_some_and(|next| next.is_ascii_alphabetic() || next == b'_') => {
                    if let Some(piece) = self.between(b']', Piece::Brackets) {
                        return Some(piece);
                    }
                    self.at += 1;
                }
                b'$' => {
                    if let Some(piece) = self.dollars() {
                        return Some(piece);
                    }
                    self.at += 1;
                }
                b':' if next == Some(b':') => {
                    self.at += 2;
                    return Some(Piece::Cast);
                }
                b'\\' if self.begins_line(start) => {
                    self.at = self.line_end(start);
                    return Some(Piece::Backslash);
                }
                b'/' if self.begins_line(start) && self.ends_line(start + 1) => {
                    self.at += 1;
                    return Some(Piece::Slash);
                }
                byte if byte.is_ascii_digit() => {
                    let length = self
                        .rest(start)
                        .iter()
                        .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'.'));
                    self.at = length.map_or(self.bytes.len(), |length| start + length);
                    return Some(Piece::Number);
                }
                byte if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'@' => {
                    return Some(self.word(start));
                }
                byte if byte >= 0x80 => self.at += 1,
                byte => {
                    self.at += 1;
                    return Some(Piece::Sign(byte));
                }
            }
        }
    }
}
