//! A script for SQL Server, cut into batches at `GO` and into statements, which need no
//! semicolons between them.

use crate::standard::lexer::{Lexer, SQL_SERVER};
use crate::token::{Kind, Token, Unclosed};

/// Tokens kept of a statement that holds only data.
const HEAD: usize = 24;

/// A piece of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A statement; its tokens were put where the caller asked.
    Statement(Condition),
    /// A command of the tool: `GO`, `:setvar`.
    Command(&'a str),
    /// Something that is never closed, which begins here.
    Unclosed(usize, Unclosed),
}

/// Whether a statement is done whatever the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Condition {
    /// It is.
    Always,
    /// It stands under `IF` or `WHILE`.
    If,
    /// It stands under `ELSE`.
    Else,
}

/// Words that begin a statement wherever they stand outside of parentheses.
const BEGINS: [&str; 37] = [
    "BACKUP",
    "BEGIN",
    "BREAK",
    "BULK",
    "CHECKPOINT",
    "CLOSE",
    "COMMIT",
    "CONTINUE",
    "DBCC",
    "DEALLOCATE",
    "DECLARE",
    "DENY",
    "ELSE",
    "END",
    "EXEC",
    "EXECUTE",
    "FETCH",
    "GOTO",
    "GRANT",
    "IF",
    "KILL",
    "MERGE",
    "OPEN",
    "PRINT",
    "RAISERROR",
    "RECONFIGURE",
    "RESTORE",
    "RETURN",
    "REVOKE",
    "ROLLBACK",
    "THROW",
    "TRUNCATE",
    "USE",
    "WAITFOR",
    "WHILE",
    "SAVE",
    "SHUTDOWN",
];

/// What may be created, altered or dropped; the word after `DROP` that begins a statement.
const OBJECTS: [&str; 24] = [
    "AGGREGATE",
    "ASSEMBLY",
    "CERTIFICATE",
    "DATABASE",
    "DEFAULT",
    "EXTERNAL",
    "FULLTEXT",
    "FUNCTION",
    "INDEX",
    "LOGIN",
    "PARTITION",
    "PROC",
    "PROCEDURE",
    "ROLE",
    "RULE",
    "SCHEMA",
    "SEQUENCE",
    "STATISTICS",
    "SYNONYM",
    "TABLE",
    "TRIGGER",
    "TYPE",
    "USER",
    "VIEW",
];

/// Cuts a script.
#[derive(Debug)]
pub(super) struct Batches<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    pending: Option<Piece<'a>>,
    /// A token that was read ahead.
    next: Option<Token>,
    /// How many blocks of `BEGIN` are open in this batch, and whether a condition stands.
    condition: Condition,
    blocks: usize,
}

impl<'a> Batches<'a> {
    /// A script at its beginning.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            lexer: Lexer::new(source, SQL_SERVER),
            pending: None,
            next: None,
            condition: Condition::Always,
            blocks: 0,
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

    /// Whether a token is `GO` on a line of its own, perhaps with a count.
    fn is_go(&self, token: &Token) -> bool {
        if !self.is(Some(token), "GO") || !self.lexer.begins_line(token.start) {
            return false;
        }
        let end = self.lexer.line_end(token.end);
        let rest = self.source.get(token.end..end).unwrap_or_default().trim();
        rest.is_empty()
            || rest == ";"
            || rest.starts_with("--")
            || rest.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The next piece; none at the end. The tokens of a statement replace those in `tokens`.
    pub(super) fn next_piece(&mut self, tokens: &mut Vec<Token>) -> Option<Piece<'a>> {
        tokens.clear();
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        let mut depth = 0_usize;
        // A module takes all of its batch.
        let mut module = false;
        // Not all tokens are kept.
        let mut last: Option<Token> = None;
        while let Some(token) = self.next.take().or_else(|| self.lexer.next_token()) {
            if let Kind::Unclosed(what) = token.kind {
                self.lexer.restart(token);
                let piece = Piece::Unclosed(token.start, what);
                return Some(self.before(tokens, piece));
            }
            if self.is_go(&token) {
                self.lexer.at = self.lexer.line_end(token.end);
                self.blocks = 0;
                let condition = std::mem::replace(&mut self.condition, Condition::Always);
                if tokens.is_empty() {
                    continue;
                }
                return Some(Piece::Statement(condition));
            }
            if tokens.is_empty() {
                if token.is_symbol(b';') {
                    self.after(tokens, true);
                    continue;
                }
                if let Some(piece) = self.command(token) {
                    return Some(piece);
                }
            } else if !module && token.is_symbol(b';') {
                return Some(self.statement(tokens));
            } else if !module && depth == 0 && self.begins(tokens, last.as_ref(), &token) {
                self.next = Some(token);
                return Some(self.statement(tokens));
            }
            match token.kind {
                Kind::Symbol(b'(') => depth += 1,
                Kind::Symbol(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            last = Some(token);
            let data = self.one_of(tokens.first(), &["INSERT", "UPDATE", "DELETE"]);
            if !data || tokens.len() < HEAD {
                tokens.push(token);
            }
            if tokens.len() <= 4 && !module {
                module = self.begins_module(tokens);
            }
            if let [only] = tokens.as_slice()
                && self.control(*only)
            {
                tokens.clear();
            }
        }
        if tokens.is_empty() {
            return None;
        }
        Some(self.statement(tokens))
    }

    /// A statement that has begun comes before another piece.
    fn before(&mut self, tokens: &[Token], piece: Piece<'a>) -> Piece<'a> {
        if tokens.is_empty() {
            return piece;
        }
        self.pending = Some(piece);
        Piece::Statement(self.condition)
    }

    fn statement(&mut self, tokens: &[Token]) -> Piece<'a> {
        let condition = self.condition;
        self.after(tokens, false);
        Piece::Statement(condition)
    }

    /// A condition holds for one statement or one block.
    fn after(&mut self, tokens: &[Token], empty: bool) {
        if self.blocks == 0 && !empty && !self.one_of(tokens.first(), &["IF", "WHILE"]) {
            self.condition = Condition::Always;
        }
    }

    /// Words that only hold statements together.
    fn control(&mut self, token: Token) -> bool {
        let mut ahead = self.lexer.clone();
        let next = ahead.next_token();
        if self.is(Some(&token), "BEGIN") {
            if self.one_of(
                next.as_ref(),
                &[
                    "TRAN",
                    "TRANSACTION",
                    "DISTRIBUTED",
                    "DIALOG",
                    "CONVERSATION",
                ],
            ) {
                return false;
            }
            if self.one_of(next.as_ref(), &["TRY", "CATCH"]) {
                self.lexer = ahead;
            }
            self.blocks += 1;
            return true;
        }
        if self.is(Some(&token), "END") {
            if self.one_of(next.as_ref(), &["TRY", "CATCH"]) {
                self.lexer = ahead;
            }
            self.blocks = self.blocks.saturating_sub(1);
            if self.blocks == 0 {
                self.condition = Condition::Always;
            }
            return true;
        }
        if self.is(Some(&token), "ELSE") {
            self.condition = Condition::Else;
            return true;
        }
        if self.one_of(Some(&token), &["IF", "WHILE"]) {
            self.condition = self.condition.max(Condition::If);
        }
        false
    }

    /// Whether a view, a routine or a trigger begins with these tokens.
    fn begins_module(&self, tokens: &[Token]) -> bool {
        if !self.one_of(tokens.first(), &["CREATE", "ALTER"]) {
            return false;
        }
        let mut rest = tokens.iter().skip(1);
        let mut next = rest.next();
        if self.is(next, "OR") {
            rest.next();
            next = rest.next();
        }
        self.one_of(next, &["VIEW", "PROCEDURE", "PROC", "FUNCTION", "TRIGGER"])
    }

    /// Whether a token begins a statement after those of another.
    fn begins(&self, tokens: &[Token], last: Option<&Token>, token: &Token) -> bool {
        if token.kind != Kind::Word {
            return false;
        }
        let first = tokens.first();
        let is = |word: &str| self.is(Some(token), word);
        let grants = self.one_of(first, &["GRANT", "DENY", "REVOKE"]);
        if grants {
            return self.lexer.begins_line(token.start)
                && (self.one_of(Some(token), &BEGINS)
                    || self.one_of(Some(token), &["CREATE", "ALTER", "DROP", "INSERT"]))
                && !self.one_of(last, &["GRANT", "DENY", "REVOKE"])
                && !last.is_some_and(|last| last.is_symbol(b','));
        }
        if last.is_some_and(|last| last.is_symbol(b'.') || last.is_symbol(b',')) {
            return false;
        }
        let alters = self.is(first, "ALTER");
        let next = || self.lexer.clone().next_token();
        if is("CREATE") {
            return true;
        }
        if is("ALTER") || is("DROP") {
            return self.one_of(next().as_ref(), &OBJECTS)
                && !(alters && tokens.len() <= 2)
                && !(alters
                    && self.one_of(next().as_ref(), &["PARTITION", "INDEX", "ROLE"])
                    && self.one_of(tokens.get(1), &["TABLE", "USER"])
                    && is("DROP")
                    && !self.lexer.begins_line(token.start));
        }
        if is("SET") {
            // `ALTER TABLE t SET (…)`, `ALTER DATABASE d SET …`, `ON DELETE SET NULL`.
            let own = self.one_of(first, &["UPDATE", "MERGE"])
                || self.one_of(last, &["DELETE", "UPDATE"])
                || next().is_some_and(|next| next.is_symbol(b'('));
            let table = self.is(tokens.get(1), "TABLE") && self.lexer.begins_line(token.start);
            return !own && (!alters || table);
        }
        if is("INSERT") || is("UPDATE") || is("DELETE") {
            if self.is(first, "SET") {
                return true;
            }
            return self.one_of(
                first,
                &[
                    "CREATE", "ALTER", "DROP", "EXEC", "EXECUTE", "SET", "PRINT", "USE", "DECLARE",
                    "INSERT", "TRUNCATE", "UPDATE", "DELETE", "SELECT", "IF", "WHILE", "WITH",
                ],
            ) && !self.one_of(last, &["ON", "FOR", "AFTER", "OF", "DEFAULT", "NOT"]);
        }
        if is("SELECT") {
            return self.one_of(
                first,
                &[
                    "ALTER", "DROP", "EXEC", "EXECUTE", "PRINT", "USE", "TRUNCATE", "UPDATE",
                    "DELETE", "IF",
                ],
            ) || (self.is(first, "CREATE") && !self.is(last, "AS"));
        }
        if is("IF") {
            return !(self.one_of(first, &["DROP", "ALTER"]) && self.is(next().as_ref(), "EXISTS"));
        }
        if is("EXEC") || is("EXECUTE") {
            return !self.one_of(last, &["WITH", "AS"]) && !self.is(first, "INSERT");
        }
        if is("END") || is("ELSE") {
            return !self.one_of(
                first,
                &[
                    "SELECT", "UPDATE", "SET", "INSERT", "DELETE", "PRINT", "RETURN", "IF", "WHILE",
                ],
            ) || self.lexer.begins_line(token.start) && self.blocks > 0;
        }
        if is("WITH") {
            return false;
        }
        self.one_of(Some(token), &BEGINS)
    }

    /// A command for the tool: `:setvar`, at the beginning of a line.
    fn command(&mut self, token: Token) -> Option<Piece<'a>> {
        let colon = token.kind == Kind::Operator && token.text(self.source) == ":";
        if !colon || !self.lexer.begins_line(token.start) {
            return None;
        }
        let end = self.lexer.line_end(token.start);
        let line = self.source.get(token.start..end).unwrap_or_default();
        self.lexer.at = end;
        Some(Piece::Command(
            line.split_whitespace().next().unwrap_or(":"),
        ))
    }
}
