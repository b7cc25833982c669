//! A script for the `mysql` client, cut into statements and the client's own commands.
//!
//! The delimiter ends a statement even inside an open parenthesis: a missing bracket then costs
//! one statement and not the rest of the file.

use super::lexer::{END, Lexer};
use crate::token::{Kind, Token, Unclosed};

/// Tokens kept of a statement that holds only data.
const HEAD: usize = 24;
/// How often reading starts again after something that is never closed. Each time may cost a
/// pass over the rest of the text.
const MOST_RESTARTS: usize = 16;
/// Commands of the client that take the rest of their line and need no delimiter.
const COMMANDS: [&str; 12] = [
    "CHARSET",
    "CONNECT",
    "EXIT",
    "NOTEE",
    "NOWARNING",
    "PAGER",
    "PROMPT",
    "QUIT",
    "SOURCE",
    "SYSTEM",
    "TEE",
    "WARNINGS",
];

/// A piece of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A statement; its tokens were put where the caller asked.
    Statement,
    /// A command for the client, up to the end of its line.
    Command { start: usize, end: usize },
    /// `DELIMITER` without one.
    NoDelimiter { at: usize },
    /// Something that is never closed.
    Unclosed { at: usize, what: Unclosed },
    /// `BEGIN` without its `END`, in the routine that begins there.
    OpenBody { at: usize },
}

/// Cuts a script.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    restarts: usize,
    pending: Option<Piece>,
}

/// What is known of a statement while it is cut.
#[derive(Debug, Default)]
struct Shape {
    /// Only its beginning matters.
    data: bool,
    /// Whether the word that says what is created is still to come.
    create: bool,
    /// Whether it may hold `BEGIN … END`.
    routine: bool,
    /// How deep in such a body.
    body: usize,
    /// Whether the token before was `END`.
    after_end: bool,
    /// Where the first delimiter inside of a body ends, and the tokens before it.
    inside: Option<(usize, usize)>,
}

impl<'a> Script<'a> {
    /// A script at its beginning.
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            lexer: Lexer::new(source),
            restarts: 0,
            pending: None,
        }
    }

    /// The byte up to which the script has been cut.
    pub(crate) fn position(&self) -> usize {
        self.lexer.at
    }

    /// What ends a statement at this place.
    pub(crate) fn delimiter(&self) -> &'a str {
        self.lexer.delimiter
    }

    /// Sets how quotes and backslashes are read from here on.
    pub(crate) fn set_mode(&mut self, ansi_quotes: bool, backslashes: bool) {
        self.lexer.ansi_quotes = ansi_quotes;
        self.lexer.backslashes = backslashes;
    }

    fn word_is(&self, token: Token, word: &str) -> bool {
        token.kind == Kind::Word && token.text(self.source).eq_ignore_ascii_case(word)
    }

    fn one_of(&self, token: Token, words: &[&str]) -> bool {
        words.iter().any(|word| self.word_is(token, word))
    }

    /// The next piece; none at the end. The tokens of a statement replace those in `tokens`.
    pub(crate) fn next_piece(&mut self, tokens: &mut Vec<Token>) -> Option<Piece> {
        tokens.clear();
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        let mut shape = Shape::default();
        while let Some(token) = self.lexer.next_token() {
            match token.kind {
                Kind::Symbol(END) if tokens.is_empty() => continue,
                Kind::Symbol(END) if shape.body == 0 => return Some(Piece::Statement),
                Kind::Symbol(END) => {
                    shape.inside.get_or_insert((token.end, tokens.len()));
                    shape.after_end = false;
                }
                Kind::Unclosed(what) => {
                    let piece = self.restart(token, what);
                    if tokens.is_empty() {
                        return Some(piece);
                    }
                    // The statement that it stands in is read as far as it goes.
                    self.pending = Some(piece);
                    return Some(Piece::Statement);
                }
                Kind::Backslash => {
                    if let Some(piece) = self.backslash(token, tokens.is_empty()) {
                        return Some(piece);
                    }
                }
                Kind::Word if tokens.is_empty() && self.word_is(token, "USE") => {
                    self.name_of_line(token, tokens);
                    return Some(Piece::Statement);
                }
                Kind::Word if self.sets_delimiter(token, tokens.is_empty()) => {
                    let missing = self.take_delimiter(token);
                    if !tokens.is_empty() {
                        self.pending = missing;
                        return Some(Piece::Statement);
                    }
                    if missing.is_some() {
                        return missing;
                    }
                }
                Kind::Word if tokens.is_empty() && self.one_of(token, &COMMANDS) => {
                    return Some(self.command(token));
                }
                _ => {
                    if !shape.data || tokens.len() < HEAD {
                        tokens.push(token);
                    }
                    self.look(&mut shape, tokens.len(), token);
                }
            }
        }
        if let (Some((end, length)), Some(first)) = (shape.inside, tokens.first().copied()) {
            // A body without its end: it is cut after its first statement.
            tokens.truncate(length);
            self.restarts += 1;
            if self.restarts <= MOST_RESTARTS {
                self.lexer.at = end;
            }
            self.pending = Some(Piece::OpenBody { at: first.start });
        }
        (!tokens.is_empty()).then_some(Piece::Statement)
    }

    /// Learns from a token what kind of statement it stands in.
    fn look(&self, shape: &mut Shape, length: usize, token: Token) {
        const ROUTINES: [&str; 5] = ["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"];
        const OTHERS: [&str; 8] = [
            "TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "USER", "SEQUENCE", "SERVER",
        ];
        let after_end = std::mem::take(&mut shape.after_end);
        if token.kind != Kind::Word {
            return;
        }
        if length == 1 {
            shape.data = self.one_of(token, &["INSERT", "REPLACE"]);
            shape.create = self.one_of(token, &["CREATE", "ALTER"]);
        } else if shape.create {
            shape.routine = self.one_of(token, &ROUTINES);
            shape.create = !shape.routine && !self.one_of(token, &OTHERS);
        } else if shape.routine {
            self.count_body(shape, token, after_end);
        }
    }

    /// Follows how deep in a body a word stands.
    fn count_body(&self, shape: &mut Shape, token: Token, after_end: bool) {
        // `END IF` and its like close what is not counted.
        const INNER: [&str; 5] = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"];
        let case = self.word_is(token, "CASE") && shape.body > 0 && !after_end;
        if case || self.word_is(token, "BEGIN") {
            shape.body += 1;
        } else if self.word_is(token, "END") {
            shape.after_end = true;
            let next = self.lexer.clone().next_token();
            if !next.is_some_and(|next| self.one_of(next, &INNER)) {
                shape.body = shape.body.saturating_sub(1);
            }
        }
    }

    /// Goes on after something that is never closed: with the next line.
    fn restart(&mut self, token: Token, what: Unclosed) -> Piece {
        self.restarts += 1;
        self.lexer.at = match self.restarts > MOST_RESTARTS {
            true => self.source.len(),
            false => self.lexer.line_end(token.start),
        };
        Piece::Unclosed {
            at: token.start,
            what,
        }
    }

    fn command(&mut self, token: Token) -> Piece {
        let end = self.lexer.line_end(token.start);
        self.lexer.at = end;
        Piece::Command {
            start: token.start,
            end,
        }
    }

    /// A backslash: `\g` and `\G` end a statement, between statements others are commands.
    fn backslash(&mut self, token: Token, between: bool) -> Option<Piece> {
        let next = self.source.as_bytes().get(token.end).copied();
        if between {
            return Some(self.command(token));
        }
        if matches!(next, Some(b'g' | b'G')) {
            self.lexer.at = token.end + 1;
            return Some(Piece::Statement);
        }
        None
    }

    /// Takes the name after `USE`, which needs no delimiter at the end of its line.
    fn name_of_line(&mut self, token: Token, tokens: &mut Vec<Token>) {
        tokens.push(token);
        let end = self.lexer.line_end(token.end);
        let mut ahead = self.lexer.clone();
        let Some(next) = ahead.next_token() else {
            return;
        };
        let named = ahead.clone();
        let after = ahead.next_token();
        let ends = after.is_some_and(|after| after.kind == Kind::Symbol(END));
        let is_name = matches!(next.kind, Kind::Word | Kind::Quoted);
        if is_name && (ends || next.start < end) {
            tokens.push(next);
            let same_line = after.is_some_and(|after| after.start < end || next.start > end);
            self.lexer = if ends && same_line { ahead } else { named };
        }
    }

    /// Whether a word is the client's `DELIMITER`. Within a statement that lacks its own end it
    /// may be a column's name, so there something that is no word has to follow.
    fn sets_delimiter(&self, token: Token, between: bool) -> bool {
        if !self.word_is(token, "DELIMITER") {
            return false;
        }
        if between {
            return true;
        }
        let before = self.source.get(..token.start).unwrap_or_default();
        let begins_line = before.rfind('\n').is_some_and(|newline| {
            let before = before.get(newline..).unwrap_or_default();
            before.trim().is_empty()
        });
        let word = self.rest_of_line(token).split_whitespace().next();
        begins_line
            && word.is_some_and(|word| !word.contains(|c: char| c.is_alphanumeric() || c == '('))
    }

    fn rest_of_line(&self, token: Token) -> &'a str {
        let end = self.lexer.line_end(token.end);
        self.source.get(token.end..end).unwrap_or_default()
    }

    fn take_delimiter(&mut self, token: Token) -> Option<Piece> {
        let word = self.rest_of_line(token).split_whitespace().next();
        self.lexer.at = self.lexer.line_end(token.end);
        match word.filter(|word| !word.contains('\\')) {
            Some(word) => {
                self.lexer.delimiter = word;
                None
            }
            None => Some(Piece::NoDelimiter { at: token.start }),
        }
    }
}
