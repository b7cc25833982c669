//! From text to tokens, by the rules of PostgreSQL.
//!
//! It allocates nothing and never looks back, so that megabytes of data between two
//! definitions cost little.

use crate::token::{Kind, Token, Unclosed};

/// Reads one token after another.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// The offset of the next byte to read.
    pub(crate) at: usize,
    /// Whether a backslash escapes in plain strings (`standard_conforming_strings = off`).
    pub(crate) backslashes: bool,
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn continues_word(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-'
            | b'*'
            | b'/'
            | b'<'
            | b'>'
            | b'='
            | b'~'
            | b'!'
            | b'@'
            | b'#'
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b'?'
    )
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            backslashes: false,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The offset of the end of the line on which `at` stands: its newline or the text's end.
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let found = self.rest(at).iter().position(|byte| *byte == b'\n');
        found.map_or(self.bytes.len(), |length| at + length)
    }

    /// Passes over white space and comments; an open comment is returned as a token.
    fn skip_blank(&mut self) -> Option<Token> {
        loop {
            match self.byte(self.at)? {
                byte if byte.is_ascii_whitespace() || byte == 0x0B => self.at += 1,
                b'-' if self.byte(self.at + 1) == Some(b'-') => self.at = self.line_end(self.at),
                b'/' if self.byte(self.at + 1) == Some(b'*') => {
                    let start = self.at;
                    match self.comment_end(start) {
                        Some(end) => self.at = end,
                        None => {
                            self.at = self.bytes.len();
                            return Some(self.unclosed(Unclosed::Comment, start));
                        }
                    }
                }
                // A byte order mark where files were joined.
                0xEF if self.rest(self.at).starts_with(&[0xEF, 0xBB, 0xBF]) => self.at += 3,
                _ => return None,
            }
        }
    }

    /// The end of a comment; in PostgreSQL comments nest.
    fn comment_end(&self, start: usize) -> Option<usize> {
        let mut at = start + 2;
        let mut depth = 1_usize;
        loop {
            match (self.byte(at)?, self.byte(at + 1)) {
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                (b'/', Some(b'*')) => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
    }

    fn unclosed(&self, what: Unclosed, start: usize) -> Token {
        Token {
            kind: Kind::Unclosed(what),
            start,
            end: self.bytes.len(),
        }
    }

    /// The next token; none at the end of the text.
    pub(crate) fn next_token(&mut self) -> Option<Token> {
        if let Some(open) = self.skip_blank() {
            return Some(open);
        }
        let start = self.at;
        let first = self.byte(start)?;
        let kind = match first {
            b'\'' => return Some(self.string(start, start + 1, self.backslashes)),
            b'"' => return Some(self.quoted(start, start + 1, Kind::Quoted)),
            b'$' => return Some(self.dollar(start)),
            b'(' | b')' | b'[' | b']' | b',' | b';' => {
                self.at += 1;
                Kind::Symbol(first)
            }
            b':' if self.byte(start + 1) == Some(b':') => {
                self.at += 2;
                Kind::Cast
            }
            b'.' if !self
                .byte(start + 1)
                .is_some_and(|byte| byte.is_ascii_digit()) =>
            {
                self.at += 1;
                Kind::Symbol(b'.')
            }
            b':' => {
                self.at += 1;
                Kind::Symbol(b':')
            }
            b'`' => {
                self.at += 1;
                Kind::Backtick
            }
            b'\\' => {
                self.at += 1;
                Kind::Backslash
            }
            byte if byte.is_ascii_digit() || byte == b'.' => {
                self.number();
                Kind::Number
            }
            byte if begins_word(byte) => return Some(self.word(start, byte)),
            byte if is_operator(byte) => {
                self.operator();
                Kind::Operator
            }
            _ => {
                self.at += 1;
                Kind::Operator
            }
        };
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }

    fn number(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            let sign = matches!(byte, b'+' | b'-')
                && matches!(self.byte(self.at.wrapping_sub(1)), Some(b'e' | b'E'))
                && self
                    .byte(self.at + 1)
                    .is_some_and(|next| next.is_ascii_digit());
            // `1..5` is two numbers with two dots between them; nobody writes it in DDL.
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || sign {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn operator(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            let next = self.byte(self.at + 1);
            let comment =
                (byte == b'-' && next == Some(b'-')) || (byte == b'/' && next == Some(b'*'));
            if !is_operator(byte) || comment {
                break;
            }
            self.at += 1;
        }
    }

    fn word(&mut self, start: usize, first: u8) -> Token {
        // Prefixed constants: E'…', B'…', X'…', N'…', U&'…' and U&"…".
        match (first, self.byte(start + 1), self.byte(start + 2)) {
            (b'e' | b'E', Some(b'\''), _) => return self.string(start, start + 2, true),
            (b'b' | b'B' | b'x' | b'X' | b'n' | b'N', Some(b'\''), _) => {
                return self.string(start, start + 2, self.backslashes);
            }
            (b'u' | b'U', Some(b'&'), Some(b'\'')) => return self.string(start, start + 3, false),
            (b'u' | b'U', Some(b'&'), Some(b'"')) => {
                return self.quoted(start, start + 3, Kind::UnicodeQuoted);
            }
            _ => {}
        }
        let length = self
            .rest(start)
            .iter()
            .position(|byte| !continues_word(*byte));
        self.at = length.map_or(self.bytes.len(), |length| start + length);
        Token {
            kind: Kind::Word,
            start,
            end: self.at,
        }
    }

    fn string(&mut self, start: usize, body: usize, escapes: bool) -> Token {
        let mut at = body;
        loop {
            let next = self
                .rest(at)
                .iter()
                .position(|byte| *byte == b'\'' || (escapes && *byte == b'\\'));
            let Some(length) = next else {
                self.at = self.bytes.len();
                return self.unclosed(Unclosed::Text, start);
            };
            at += length;
            if self.byte(at) == Some(b'\\') || self.byte(at + 1) == Some(b'\'') {
                at += 2;
                continue;
            }
            self.at = at + 1;
            return Token {
                kind: Kind::Text,
                start,
                end: self.at,
            };
        }
    }

    fn quoted(&mut self, start: usize, body: usize, kind: Kind) -> Token {
        let mut at = body;
        while let Some(length) = self.rest(at).iter().position(|byte| *byte == b'"') {
            at += length + 1;
            if self.byte(at) == Some(b'"') {
                at += 1;
                continue;
            }
            self.at = at;
            return Token {
                kind,
                start,
                end: at,
            };
        }
        self.at = self.bytes.len();
        self.unclosed(Unclosed::Name, start)
    }

    fn dollar(&mut self, start: usize) -> Token {
        let rest = self.rest(start + 1);
        if rest.first().is_some_and(u8::is_ascii_digit) {
            let length = rest.iter().position(|byte| !byte.is_ascii_digit());
            self.at = length.map_or(self.bytes.len(), |length| start + 1 + length);
            return Token {
                kind: Kind::Parameter,
                start,
                end: self.at,
            };
        }
        let tag = rest
            .iter()
            .position(|byte| !(begins_word(*byte) || byte.is_ascii_digit()))
            .filter(|length| rest.get(*length) == Some(&b'$'));
        let Some(tag) = tag else {
            self.at = start + 1;
            return Token {
                kind: Kind::Operator,
                start,
                end: self.at,
            };
        };
        let body = start + tag + 2;
        let (Some(mark), Some(text)) = (self.text.get(start..body), self.text.get(body..)) else {
            self.at = start + 1;
            return Token {
                kind: Kind::Operator,
                start,
                end: self.at,
            };
        };
        match text.find(mark) {
            Some(length) => {
                self.at = body + length + mark.len();
                Token {
                    kind: Kind::Text,
                    start,
                    end: self.at,
                }
            }
            None => {
                self.at = self.bytes.len();
                self.unclosed(Unclosed::Dollar, start)
            }
        }
    }
}
