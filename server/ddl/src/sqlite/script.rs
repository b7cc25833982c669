//! A script for SQLite, cut into statements and commands of its shell.

use crate::standard::lexer::{Lexer, SQLITE};
use crate::token::{Kind, Token, Unclosed};

/// Tokens kept of a statement that holds only data.
const HEAD: usize = 32;

/// A piece of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A statement; its tokens were put where the caller asked.
    Statement,
    /// A command for the shell: its word with the dot.
    Command(&'a str),
    /// Something that is never closed, which begins here.
    Unclosed(usize, Unclosed),
}

/// Cuts a script.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    pending: Option<Piece<'a>>,
}

impl<'a> Script<'a> {
    /// A script at its beginning.
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            lexer: Lexer::new(source, SQLITE),
            pending: None,
        }
    }

    /// The byte up to which the script has been cut.
    pub(crate) fn position(&self) -> usize {
        self.lexer.at
    }

    fn is(&self, token: Option<&Token>, word: &str) -> bool {
        token.is_some_and(|token| {
            token.kind == Kind::Word && token.text(self.source).eq_ignore_ascii_case(word)
        })
    }

    /// The next piece; none at the end. The tokens of a statement replace those in `tokens`.
    pub(crate) fn next_piece(&mut self, tokens: &mut Vec<Token>) -> Option<Piece<'a>> {
        tokens.clear();
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        let (mut data, mut trigger, mut body) = (false, false, false);
        loop {
            let before = self.lexer.at;
            let Some(token) = self.lexer.next_token() else {
                break;
            };
            let semicolon = token.is_symbol(b';');
            if let Kind::Unclosed(what) = token.kind {
                self.lexer.restart(token);
                let piece = Piece::Unclosed(token.start, what);
                if tokens.is_empty() {
                    return Some(piece);
                }
                // The statement that it stands in is read as far as it goes.
                self.pending = Some(piece);
                return Some(Piece::Statement);
            }
            if tokens.is_empty() {
                if semicolon {
                    continue;
                }
                if token.is_symbol(b'.') && self.lexer.begins_line(token.start) {
                    return Some(self.command(token));
                }
                data = ["INSERT", "REPLACE"]
                    .iter()
                    .any(|word| self.is(Some(&token), word));
            }
            let last_semicolon = tokens.last().is_some_and(|last| last.is_symbol(b';'));
            if semicolon && (!body || self.ends_body(tokens)) {
                return Some(Piece::Statement);
            }
            // A body that has lost its end must not take the rest of the script with it.
            if body && last_semicolon && self.is(Some(&token), "CREATE") {
                self.lexer.at = before;
                return Some(Piece::Statement);
            }
            if !data || tokens.len() < HEAD {
                tokens.push(token);
            }
            if tokens.len() <= 3 && self.is(Some(&token), "TRIGGER") {
                trigger = self.is(tokens.first(), "CREATE");
            }
            body |= trigger && self.is(Some(&token), "BEGIN");
        }
        (!tokens.is_empty()).then_some(Piece::Statement)
    }

    /// Whether the last token is the `END` of a trigger's body: one after a semicolon.
    fn ends_body(&self, tokens: &[Token]) -> bool {
        match tokens {
            [.., before, last] => {
                self.is(Some(last), "END")
                    && (before.is_symbol(b';') || self.is(Some(before), "BEGIN"))
            }
            _ => false,
        }
    }

    fn command(&mut self, dot: Token) -> Piece<'a> {
        let end = self.lexer.line_end(dot.start);
        let line = self.source.get(dot.start..end).unwrap_or_default();
        self.lexer.at = end;
        Piece::Command(line.split_whitespace().next().unwrap_or("."))
    }
}
