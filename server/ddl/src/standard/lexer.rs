//! From text to tokens, by the rules of a dialect.

use crate::token::{Kind, Token, Unclosed};

/// How often reading starts again after something that is never closed. Each time may cost a
/// pass over the rest of the text.
const MOST_RESTARTS: usize = 16;

/// The byte order mark, which may stand before the first line.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// What a dialect takes for a name, a text or a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Names in brackets, `[a]`; whether `]]` stands for one within.
    pub(crate) brackets: Option<bool>,
    /// Names in backticks.
    pub(crate) backticks: bool,
    /// Whether comments nest.
    pub(crate) nested: bool,
    /// Texts with delimiters of their own, `q'[…]'`.
    pub(crate) delimited: bool,
    /// Bytes besides letters, digits, `_` and `$` that a word may hold, at its beginning too.
    pub(crate) word_bytes: &'static [u8],
}

/// The rules of SQLite.
pub(crate) const SQLITE: Rules = Rules {
    brackets: Some(false),
    backticks: true,
    nested: false,
    delimited: false,
    word_bytes: b"",
};

/// The rules of SQL Server.
pub(crate) const SQL_SERVER: Rules = Rules {
    brackets: Some(true),
    backticks: false,
    nested: true,
    delimited: false,
    word_bytes: b"@#",
};

/// The rules of Oracle.
pub(crate) const ORACLE: Rules = Rules {
    brackets: None,
    backticks: false,
    nested: false,
    delimited: true,
    word_bytes: b"#",
};

/// Reads one token after another.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    /// The offset of the next byte to read.
    pub(crate) at: usize,
    rules: Rules,
    restarts: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of a text.
    pub(crate) fn new(text: &'a str, rules: Rules) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            rules,
            restarts: 0,
        }
    }

    /// All tokens of a short text.
    pub(crate) fn all(text: &'a str, rules: Rules) -> Vec<Token> {
        let mut lexer = Self::new(text, rules);
        std::iter::from_fn(|| lexer.next_token()).collect()
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

    /// Whether only blanks stand before a byte on its line.
    pub(crate) fn begins_line(&self, at: usize) -> bool {
        let before = self.bytes.get(..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .all(|byte| byte.is_ascii_whitespace() || MARK.contains(byte))
    }

    /// Whether only blanks stand after a byte on its line.
    pub(crate) fn ends_line(&self, at: usize) -> bool {
        self.rest(at)
            .iter()
            .take_while(|byte| **byte != b'\n')
            .all(u8::is_ascii_whitespace)
    }

    /// Goes on after something that is never closed: with the next line.
    pub(crate) fn restart(&mut self, open: Token) {
        self.restarts += 1;
        self.at = match self.restarts > MOST_RESTARTS {
            true => self.bytes.len(),
            false => self.line_end(open.start),
        };
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
                        None => return Some(self.unclosed(Unclosed::Comment, start)),
                    }
                }
                // A byte order mark where files were joined, and the space that does not break.
                0xEF if self.rest(self.at).starts_with(&MARK) => self.at += 3,
                0xC2 if self.byte(self.at + 1) == Some(0xA0) => self.at += 2,
                _ => return None,
            }
        }
    }

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
                (b'/', Some(b'*')) if self.rules.nested => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
    }

    fn unclosed(&mut self, what: Unclosed, start: usize) -> Token {
        self.at = self.bytes.len();
        Token {
            kind: Kind::Unclosed(what),
            start,
            end: self.at,
        }
    }

    fn begins_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphabetic()
            || byte == b'_'
            || byte >= 0x80
            || self.rules.word_bytes.contains(&byte)
    }

    /// The next token; none at the end of the text.
    pub(crate) fn next_token(&mut self) -> Option<Token> {
        if let Some(open) = self.skip_blank() {
            return Some(open);
        }
        let start = self.at;
        let first = self.byte(start)?;
        let next = self.byte(start + 1);
        let kind = match first {
            b'\'' => return Some(self.closed_by(start, start + 1, b'\'', true, Kind::Text)),
            b'"' => return Some(self.closed_by(start, start + 1, b'"', true, Kind::Quoted)),
            b'`' if self.rules.backticks => {
                return Some(self.closed_by(start, start + 1, b'`', true, Kind::Quoted));
            }
            b'[' if self.rules.brackets.is_some() => {
                let doubled = self.rules.brackets == Some(true);
                return Some(self.closed_by(start, start + 1, b']', doubled, Kind::Quoted));
            }
            b'(' | b')' | b',' | b';' => self.one(Kind::Symbol(first)),
            b'.' if !next.is_some_and(|byte| byte.is_ascii_digit()) => {
                self.one(Kind::Symbol(first))
            }
            byte if byte.is_ascii_digit() || byte == b'.' => {
                self.number();
                Kind::Number
            }
            byte if self.begins_word(byte) => return Some(self.word(start, byte)),
            b'<' | b'>' | b'=' | b'!' | b'|' if matches!(next, Some(b'=' | b'>' | b'|')) => {
                self.at += 2;
                Kind::Operator
            }
            _ => self.one(Kind::Operator),
        };
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }

    fn one(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    fn number(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            let sign = matches!(byte, b'+' | b'-')
                && matches!(self.byte(self.at.wrapping_sub(1)), Some(b'e' | b'E'))
                && self
                    .byte(self.at + 1)
                    .is_some_and(|next| next.is_ascii_digit());
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || sign {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn word(&mut self, start: usize, first: u8) -> Token {
        // Prefixed texts: N'…', X'…', q'[…]' and nq'[…]'.
        let second = self.byte(start + 1);
        let third = self.byte(start + 2);
        match (first, second, third) {
            (b'n' | b'N' | b'x' | b'X', Some(b'\''), _) => {
                return self.closed_by(start, start + 2, b'\'', true, Kind::Text);
            }
            (b'q' | b'Q', Some(b'\''), _) if self.rules.delimited => {
                return self.delimited(start, start + 2);
            }
            (b'n' | b'N', Some(b'q' | b'Q'), Some(b'\'')) if self.rules.delimited => {
                return self.delimited(start, start + 3);
            }
            _ => {}
        }
        let length = self
            .rest(start)
            .iter()
            .position(|byte| !(self.begins_word(*byte) || byte.is_ascii_digit() || *byte == b'$'));
        self.at = length.map_or(self.bytes.len(), |length| start + length);
        Token {
            kind: Kind::Word,
            start,
            end: self.at,
        }
    }

    /// What reaches to a byte; where `doubled`, two of that byte stand for one.
    fn closed_by(
        &mut self,
        start: usize,
        body: usize,
        close: u8,
        doubled: bool,
        kind: Kind,
    ) -> Token {
        let mut at = body;
        while let Some(length) = self.rest(at).iter().position(|byte| *byte == close) {
            at += length + 1;
            if doubled && self.byte(at) == Some(close) {
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
        self.unclosed(
            match kind {
                Kind::Text => Unclosed::Text,
                _ => Unclosed::Name,
            },
            start,
        )
    }

    /// The rest of `q'[…]'`, from its delimiter on.
    fn delimited(&mut self, start: usize, delimiter: usize) -> Token {
        let close = match self.byte(delimiter) {
            Some(b'[') => b']',
            Some(b'(') => b')',
            Some(b'{') => b'}',
            Some(b'<') => b'>',
            Some(other) => other,
            None => return self.unclosed(Unclosed::Text, start),
        };
        let found = self
            .rest(delimiter + 1)
            .windows(2)
            .position(|pair| pair == [close, b'\'']);
        match found {
            Some(length) => {
                self.at = delimiter + 1 + length + 2;
                Token {
                    kind: Kind::Text,
                    start,
                    end: self.at,
                }
            }
            None => self.unclosed(Unclosed::Text, start),
        }
    }
}
