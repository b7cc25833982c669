//! A script for psql, cut into statements, its own commands and data.
//!
//! A semicolon ends a statement even inside an open parenthesis (except where SQL allows one
//! there): a missing bracket then costs one statement and not the rest of the file.

use crate::lexer::Lexer;
use crate::token::{Kind, Token, Unclosed};

/// Tokens kept of a statement that holds only data.
const HEAD: usize = 24;
/// How often reading starts again after something that is never closed. Each time may cost a
/// pass over the rest of the text.
const MOST_RESTARTS: usize = 16;

/// A piece of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A statement; its tokens were put where the caller asked.
    Statement,
    /// A command for psql, from its backslash to the end of its line.
    Command { start: usize, end: usize },
    /// Something that is never closed.
    Unclosed { at: usize, what: Unclosed },
    /// Data of COPY without its end.
    OpenData { at: usize },
}

/// Cuts a script.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    restarts: usize,
    pending: Option<Piece>,
    /// Where a line holds nothing but `GO`, which separates batches in another dialect.
    pub(crate) batch_mark: Option<usize>,
}

impl<'a> Script<'a> {
    /// A script at its beginning.
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            lexer: Lexer::new(source),
            restarts: 0,
            pending: None,
            batch_mark: None,
        }
    }

    /// A script that begins at some byte of a text.
    pub(crate) fn at(source: &'a str, at: usize) -> Self {
        let mut script = Self::new(source);
        script.lexer.at = at;
        script
    }

    /// The byte up to which the script has been cut.
    pub(crate) fn position(&self) -> usize {
        self.lexer.at
    }

    /// Sets whether a backslash escapes in plain strings from here on.
    pub(crate) fn set_backslashes(&mut self, escape: bool) {
        self.lexer.backslashes = escape;
    }

    fn word_is(&self, token: Option<&Token>, word: &str) -> bool {
        token.is_some_and(|token| {
            token.kind == Kind::Word && token.text(self.source).eq_ignore_ascii_case(word)
        })
    }

    fn one_of(&self, token: Option<&Token>, words: &[&str]) -> bool {
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
                Kind::Symbol(b';') if tokens.is_empty() => continue,
                Kind::Symbol(b';') if !shape.holds_semicolons() => {
                    self.after_statement(tokens);
                    return Some(Piece::Statement);
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
                    if let Some(piece) = self.command(token, tokens.is_empty()) {
                        return Some(piece);
                    }
                }
                _ => {
                    if token.kind == Kind::Word {
                        self.note_batch(token, tokens);
                    }
                    if shape.keeps(tokens.len()) {
                        tokens.push(token);
                    }
                    self.look(&mut shape, tokens, token);
                }
            }
        }
        (!tokens.is_empty()).then_some(Piece::Statement)
    }

    /// Learns from a token what kind of statement it stands in.
    fn look(&self, shape: &mut Shape, tokens: &[Token], token: Token) {
        match token.kind {
            Kind::Symbol(b'(') => shape.depth += 1,
            Kind::Symbol(b')') => shape.depth = shape.depth.saturating_sub(1),
            Kind::Word if tokens.len() <= 4 => {
                let is = |word| self.word_is(Some(&token), word);
                if tokens.len() == 1 {
                    shape.data = is("INSERT");
                    shape.create = is("CREATE");
                } else if shape.create {
                    shape.rule |= is("RULE");
                    shape.routine |= is("FUNCTION") || is("PROCEDURE");
                }
            }
            Kind::Word if shape.routine => {
                let is = |word| self.word_is(Some(&token), word);
                let before = tokens.len().checked_sub(2).and_then(|at| tokens.get(at));
                if shape.body == 0 {
                    if is("ATOMIC") && self.word_is(before, "BEGIN") {
                        shape.body = 1;
                    }
                } else if is("CASE") {
                    shape.body += 1;
                } else if is("END") {
                    shape.body -= 1;
                }
            }
            _ => {}
        }
    }

    /// Notes a line that holds nothing but `GO`.
    fn note_batch(&mut self, token: Token, tokens: &[Token]) {
        if self.batch_mark.is_some()
            || token.end - token.start != 2
            || !self.word_is(Some(&token), "GO")
        {
            return;
        }
        let before = self.source.get(..token.start).unwrap_or_default();
        let line_begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        let before = before.get(line_begin..).unwrap_or_default();
        let end = self.lexer.line_end(token.end);
        let after = self.source.get(token.end..end).unwrap_or_default();
        // In PostgreSQL it could only be a name there, after one of these.
        let named = self.one_of(
            tokens.last(),
            &["AS", "TO", "TABLE", "FROM", "JOIN", "SELECT"],
        ) || tokens.last().is_some_and(|last| {
            matches!(last.kind, Kind::Symbol(b',' | b'(' | b'.') | Kind::Operator)
        });
        if before.trim().is_empty() && after.trim().is_empty() && !named {
            let mut ahead = self.lexer.clone();
            let next = ahead.next_token();
            let begins = self.one_of(
                next.as_ref(),
                &[
                    "CREATE", "ALTER", "SET", "USE", "INSERT", "IF", "EXEC", "EXECUTE", "PRINT",
                    "DROP", "DECLARE", "GRANT", "BEGIN", "SELECT", "UPDATE", "DELETE",
                ],
            );
            if begins || next.is_none() {
                self.batch_mark = Some(token.start);
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

    /// A backslash: between statements a command, within one mostly nothing to us.
    fn command(&mut self, token: Token, between: bool) -> Option<Piece> {
        let rest = self.source.get(token.end..).unwrap_or_default();
        if rest.starts_with(';') {
            self.lexer.at = token.end + 1;
            return (!between).then_some(Piece::Statement);
        }
        let end = self.lexer.line_end(token.start);
        self.lexer.at = end;
        if between {
            let piece = Piece::Command {
                start: token.start,
                end,
            };
            let line = self.source.get(token.end..end).unwrap_or_default();
            let word = line.split_whitespace().next().unwrap_or_default();
            if word.eq_ignore_ascii_case("copy") {
                let lower = line.to_ascii_lowercase();
                if lower.contains("from stdin") || lower.contains("from pstdin") {
                    self.skip_data();
                }
            }
            return Some(piece);
        }
        let sends =
            rest.starts_with('g') || rest.starts_with("crosstab") || rest.starts_with("watch");
        sends.then_some(Piece::Statement)
    }

    /// What follows some statements is not SQL.
    fn after_statement(&mut self, tokens: &[Token]) {
        if !self.word_is(tokens.first(), "COPY") {
            return;
        }
        let from = tokens
            .iter()
            .zip(tokens.iter().skip(1))
            .any(|(one, two)| self.word_is(Some(one), "FROM") && self.word_is(Some(two), "STDIN"));
        if from {
            self.lexer.at = self.lexer.line_end(self.lexer.at);
            self.skip_data();
        }
    }

    /// Moves past lines of data up to `\.`; the lexer stands at the end of the line before.
    fn skip_data(&mut self) {
        let begin = self.lexer.at;
        let rest = self.source.get(begin..).unwrap_or_default();
        let mut at = 0;
        while let Some(found) = rest.get(at..).and_then(|rest| rest.find("\n\\.")) {
            let after = at + found + 3;
            let end = self.lexer.line_end(begin + after);
            let line = self.source.get(begin + after..end).unwrap_or_default();
            if line.trim_end().is_empty() {
                self.lexer.at = end;
                return;
            }
            at = after;
        }
        self.lexer.at = self.source.len();
        self.pending = Some(Piece::OpenData { at: begin });
    }
}

/// What is known of a statement while it is cut.
#[derive(Debug, Default)]
struct Shape {
    /// Only its beginning matters.
    data: bool,
    create: bool,
    rule: bool,
    routine: bool,
    /// How deep in a body `BEGIN ATOMIC … END`.
    body: usize,
    depth: usize,
}

impl Shape {
    fn keeps(&self, length: usize) -> bool {
        !self.data || length < HEAD
    }

    fn holds_semicolons(&self) -> bool {
        self.body > 0 || (self.rule && self.depth > 0)
    }
}
