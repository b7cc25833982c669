//! From text to tokens, by the rules of MySQL. Comments that the server runs are exposed before.

use super::executable::{begins_dashes, comment_end};
use crate::token::{Kind, Token, Unclosed};

/// The symbol that stands for the end of a statement, whatever the delimiter is.
pub(crate) const END: u8 = 0;

/// Reads one token after another.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// The offset of the next byte to read.
    pub(crate) at: usize,
    /// What ends a statement; never empty.
    pub(crate) delimiter: &'a str,
    /// Whether double quotes hold names (`ANSI_QUOTES`) and not texts.
    pub(crate) ansi_quotes: bool,
    /// Whether a backslash escapes in texts (not in `NO_BACKSLASH_ESCAPES`).
    pub(crate) backslashes: bool,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
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
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b'?'
            | b':'
    )
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            delimiter: ";",
            ansi_quotes: false,
            backslashes: true,
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
                b'#' => self.at = self.line_end(self.at),
                b'-' if self.byte(self.at + 1) == Some(b'-')
                    && begins_dashes(self.bytes, self.at) =>
                {
                    self.at = self.line_end(self.at);
                }
                b'/' if self.byte(self.at + 1) == Some(b'*') => {
                    match comment_end(self.bytes, self.at) {
                        Some(end) => self.at = end,
                        None => return Some(self.unclosed(Unclosed::Comment)),
                    }
                }
                // A byte order mark where files were joined.
                0xEF if self.rest(self.at).starts_with(&[0xEF, 0xBB, 0xBF]) => self.at += 3,
                _ => return None,
            }
        }
    }

    fn unclosed(&mut self, what: Unclosed) -> Token {
        let start = self.at;
        self.at = self.bytes.len();
        self.token(Kind::Unclosed(what), start)
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        Token {
            kind,
            start,
            end: self.at,
        }
    }

    /// The next token; none at the end of the text. The end of a statement is [`END`].
    pub(crate) fn next_token(&mut self) -> Option<Token> {
        if let Some(open) = self.skip_blank() {
            return Some(open);
        }
        let start = self.at;
        let first = self.byte(start)?;
        if self.rest(start).starts_with(self.delimiter.as_bytes()) {
            self.at += self.delimiter.len();
            return Some(self.token(Kind::Symbol(END), start));
        }
        let kind = match first {
            b'\'' => return Some(self.quoted(start, first)),
            b'"' | b'`' => return Some(self.quoted(start, first)),
            b'(' | b')' | b',' | b';' => {
                self.at += 1;
                Kind::Symbol(first)
            }
            b'.' if !self
                .byte(start + 1)
                .is_some_and(|next| next.is_ascii_digit()) =>
            {
                self.at += 1;
                Kind::Symbol(first)
            }
            b'\\' => {
                self.at += 1;
                Kind::Backslash
            }
            b'.' => {
                self.at += 1;
                self.run(is_word);
                Kind::Number
            }
            byte if is_word(byte) => {
                // b'01', x'4D' and N'text'.
                let prefix = matches!(byte, b'b' | b'B' | b'x' | b'X' | b'n' | b'N');
                if prefix && self.byte(start + 1) == Some(b'\'') {
                    self.at += 1;
                    return Some(self.quoted(start, b'\''));
                }
                self.run(is_word);
                self.number_or_word(start)
            }
            byte if is_operator(byte) => {
                self.operator();
                Kind::Operator
            }
            _ => {
                self.at += 1;
                Kind::Operator
            }
        };
        self.cut_at_delimiter(start);
        Some(self.token(kind, start))
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) {
        let length = self.rest(self.at).iter().position(|byte| !belongs(*byte));
        self.at = length.map_or(self.bytes.len(), |length| self.at + length);
    }

    /// A run of word characters that begins with a digit is a number only if all of it is one;
    /// names such as `2fa` need no quotes.
    fn number_or_word(&mut self, start: usize) -> Kind {
        let run = self.text.get(start..self.at).unwrap_or_default();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let hexadecimal = run
            .strip_prefix("0x")
            .or_else(|| run.strip_prefix("0b"))
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit()));
        let power = run
            .split_once(['e', 'E'])
            .is_some_and(|(one, two)| digits(one) && (two.is_empty() || digits(two)));
        if !digits(run) && !hexadecimal && !power {
            return Kind::Word;
        }
        if digits(run) && self.byte(self.at) == Some(b'.') {
            self.at += 1;
            self.run(|byte| byte.is_ascii_alphanumeric());
        }
        let exponent = matches!(self.byte(self.at.wrapping_sub(1)), Some(b'e' | b'E'));
        if exponent && matches!(self.byte(self.at), Some(b'+' | b'-')) && !hexadecimal {
            self.at += 1;
            self.run(|byte| byte.is_ascii_digit());
        }
        Kind::Number
    }

    fn operator(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            let next = self.byte(self.at + 1);
            let comment =
                (byte == b'-' && next == Some(b'-') && begins_dashes(self.bytes, self.at))
                    || (byte == b'/' && next == Some(b'*'));
            if !is_operator(byte) || comment {
                break;
            }
            self.at += 1;
        }
    }

    /// A delimiter needs no space before it: `END$$`.
    fn cut_at_delimiter(&mut self, start: usize) {
        let text = self.text.get(start..self.at).unwrap_or_default();
        if let Some(length) = text.find(self.delimiter).filter(|length| *length > 0) {
            self.at = start + length;
        }
    }

    /// A text or a name; the lexer stands at its opening quote.
    fn quoted(&mut self, start: usize, quote: u8) -> Token {
        let name = quote == b'`' || (quote == b'"' && self.ansi_quotes);
        let escapes = self.backslashes && !name;
        let mut at = self.at + 1;
        loop {
            let next = self
                .rest(at)
                .iter()
                .position(|byte| *byte == quote || (escapes && *byte == b'\\'));
            let Some(length) = next else {
                self.at = start;
                return self.unclosed(if name { Unclosed::Name } else { Unclosed::Text });
            };
            at += length;
            if self.byte(at) == Some(b'\\') || self.byte(at + 1) == Some(quote) {
                at += 2;
                continue;
            }
            self.at = at + 1;
            return self.token(if name { Kind::Quoted } else { Kind::Text }, start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{END, Lexer};
    use crate::token::Kind;

    fn read(text: &str) -> Vec<(Kind, &str)> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| lexer.next_token())
            .map(|token| (token.kind, token.text(text)))
            .collect()
    }

    #[test]
    fn names_texts_and_numbers() {
        assert_eq!(
            read("`a``b` 'it''s \\' x' \"t\" 2fa 12 1.5 0xFF 1e-3 b'01'"),
            [
                (Kind::Quoted, "`a``b`"),
                (Kind::Text, "'it''s \\' x'"),
                (Kind::Text, "\"t\""),
                (Kind::Word, "2fa"),
                (Kind::Number, "12"),
                (Kind::Number, "1.5"),
                (Kind::Number, "0xFF"),
                (Kind::Number, "1e-3"),
                (Kind::Text, "b'01'"),
            ]
        );
    }

    #[test]
    fn comments_need_a_space_after_two_dashes() {
        assert_eq!(
            read("a -- x\n5--3 # y\n/* z /* */ b"),
            [
                (Kind::Word, "a"),
                (Kind::Number, "5"),
                (Kind::Operator, "--"),
                (Kind::Number, "3"),
                (Kind::Word, "b"),
            ]
        );
    }

    #[test]
    fn a_delimiter_cuts_words() {
        let text = "END$$ a;";
        let mut lexer = Lexer::new(text);
        lexer.delimiter = "$$";
        let kinds: Vec<Kind> = std::iter::from_fn(|| lexer.next_token())
            .map(|token| token.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                Kind::Word,
                Kind::Symbol(END),
                Kind::Word,
                Kind::Symbol(b';')
            ]
        );
    }
}
