//! A script for SQL*Plus, cut into statements and its commands. A unit of PL/SQL holds
//! semicolons and ends at a line with a slash.

use crate::standard::lexer::{Lexer, ORACLE};
use crate::token::{Kind, Token, Unclosed};

/// Tokens kept of a statement that holds only data.
const HEAD: usize = 24;

/// A piece of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A statement; its tokens were put where the caller asked.
    Statement,
    /// A command of SQL*Plus: its line.
    Command(&'a str),
    /// Something that is never closed, which begins here.
    Unclosed(usize, Unclosed),
}

/// Words that begin a command of SQL*Plus.
const COMMANDS: [&str; 38] = [
    "ACCEPT",
    "ARCHIVE",
    "BREAK",
    "BTITLE",
    "CLEAR",
    "COL",
    "COLUMN",
    "COMPUTE",
    "CONN",
    "CONNECT",
    "DEFINE",
    "DEL",
    "DESC",
    "DESCRIBE",
    "DISCONNECT",
    "EDIT",
    "EXEC",
    "EXECUTE",
    "EXIT",
    "HOST",
    "PASSWORD",
    "PAUSE",
    "PRINT",
    "PRO",
    "PROMPT",
    "QUIT",
    "REM",
    "REMARK",
    "REPHEADER",
    "SHO",
    "SHOW",
    "SPO",
    "SPOOL",
    "START",
    "TIMING",
    "TTITLE",
    "UNDEFINE",
    "WHENEVER",
];

/// Words after `CREATE [OR REPLACE]` that begin a unit of PL/SQL.
const UNITS: [&str; 7] = [
    "FUNCTION",
    "LIBRARY",
    "PACKAGE",
    "PROCEDURE",
    "TRIGGER",
    "TYPE",
    "JAVA",
];

/// Words that cannot stand in PL/SQL where a statement begins.
const NOT_IN_UNITS: [&str; 5] = ["CREATE", "ALTER", "COMMENT", "GRANT", "PROMPT"];

/// Cuts a script.
#[derive(Debug)]
pub(super) struct Script<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    pending: Option<Piece<'a>>,
}

impl<'a> Script<'a> {
    /// A script at its beginning.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            lexer: Lexer::new(source, ORACLE),
            pending: None,
        }
    }

    fn is(&self, token: Option<&Token>, word: &str) -> bool {
        token.is_some_and(|token| {
            token.kind == Kind::Word && token.text(self.source).eq_ignore_ascii_case(word)
        })
    }

    fn one_of(&self, token: Option<&Token>, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(token, word))
    }

    /// The next piece; none at the end. The tokens of a statement replace those in `tokens`.
    pub(super) fn next_piece(&mut self, tokens: &mut Vec<Token>) -> Option<Piece<'a>> {
        tokens.clear();
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        let (mut data, mut unit) = (false, false);
        loop {
            let before = self.lexer.at;
            let Some(token) = self.lexer.next_token() else {
                break;
            };
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
            if self.is_slash(&token) {
                if tokens.is_empty() {
                    continue;
                }
                return Some(Piece::Statement);
            }
            if tokens.is_empty() {
                if token.is_symbol(b';') {
                    continue;
                }
                if let Some(piece) = self.command(token) {
                    return Some(piece);
                }
                data = self.is(Some(&token), "INSERT");
                unit = self.one_of(Some(&token), &["BEGIN", "DECLARE"]);
            } else if token.is_symbol(b';') && !unit {
                return Some(Piece::Statement);
            } else if unit
                && tokens.last().is_some_and(|last| last.is_symbol(b';'))
                && self.one_of(Some(&token), &NOT_IN_UNITS)
                && self.lexer.begins_line(token.start)
            {
                // A unit that has lost its slash must not take the rest of the script with it.
                self.lexer.at = before;
                return Some(Piece::Statement);
            }
            if !data || tokens.len() < HEAD {
                tokens.push(token);
            }
            if !unit && (2..=7).contains(&tokens.len()) {
                unit = self.begins_unit(tokens);
            }
        }
        (!tokens.is_empty()).then_some(Piece::Statement)
    }

    /// Whether a slash stands on a line of its own.
    fn is_slash(&self, token: &Token) -> bool {
        token.kind == Kind::Operator
            && token.text(self.source) == "/"
            && self.lexer.begins_line(token.start)
            && self.lexer.ends_line(token.end)
    }

    fn begins_unit(&self, tokens: &[Token]) -> bool {
        if !self.is(tokens.first(), "CREATE") {
            return false;
        }
        const BETWEEN: [&str; 7] = [
            "OR",
            "REPLACE",
            "EDITIONABLE",
            "NONEDITIONABLE",
            "IF",
            "NOT",
            "EXISTS",
        ];
        let mut rest = tokens
            .iter()
            .skip(1)
            .skip_while(|token| self.one_of(Some(*token), &BETWEEN));
        let found = rest.next();
        // A type without a body ends at its semicolon, but its slash is there too.
        self.one_of(found, &UNITS)
            || (self.is(found, "AND") && self.one_of(tokens.last(), &["JAVA"]))
    }

    /// A command of SQL*Plus, to the end of its line; one with a hyphen goes on.
    fn command(&mut self, token: Token) -> Option<Piece<'a>> {
        if !self.lexer.begins_line(token.start) {
            return None;
        }
        let text = token.text(self.source);
        let at = token.kind == Kind::Operator && matches!(text, "@" | "!");
        let mut ahead = self.lexer.clone();
        let next = ahead.next_token();
        // `SET` is SQL only before these.
        let sets = self.is(Some(&token), "SET")
            && !self.one_of(
                next.as_ref(),
                &["ROLE", "TRANSACTION", "CONSTRAINT", "CONSTRAINTS"],
            );
        let variable = self.one_of(Some(&token), &["VAR", "VARIABLE"]);
        if !at && !sets && !variable && !self.one_of(Some(&token), &COMMANDS) {
            return None;
        }
        let mut end = self.lexer.line_end(token.start);
        while self
            .source
            .get(token.start..end)
            .is_some_and(|line| line.trim_end().ends_with(" -"))
            && end < self.source.len()
        {
            end = self.lexer.line_end(end + 1);
        }
        self.lexer.at = end;
        Some(Piece::Command(
            self.source.get(token.start..end).unwrap_or_default(),
        ))
    }
}
