//! A place in a statement's tokens, with the small questions that readers ask there.

use crate::fold;
use crate::token::{Kind, Token};

/// Why a part of a statement could not be read, and where.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// The offset of the byte at which reading stopped.
    pub(crate) at: usize,
    /// A sentence for the person who gave the script.
    pub(crate) message: String,
}

/// What reading a part gives.
pub(crate) type Read<T> = Result<T, Fault>;

/// A name as it stands in a script: with or without a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// The schema, where one is given.
    pub(crate) schema: Option<String>,
    /// The name itself.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) at: usize,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A place in a run of tokens.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    /// The whole script.
    pub(crate) source: &'a str,
    tokens: &'a [Token],
    at: usize,
    /// The offset of the end of this run, for faults at its end.
    limit: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the first of some tokens.
    pub(crate) fn new(source: &'a str, tokens: &'a [Token]) -> Self {
        let limit = tokens.last().map_or(0, |token| token.end);
        Self {
            source,
            tokens,
            at: 0,
            limit,
        }
    }

    /// The next token.
    pub(crate) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The token after `ahead` others.
    pub(crate) fn peek_at(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// The token before this place.
    pub(crate) fn previous(&self) -> Option<Token> {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .copied()
    }

    /// Moves past one token.
    pub(crate) fn step(&mut self) {
        self.at += 1;
    }

    /// Moves back to a place noted before.
    pub(crate) fn reset(&mut self, place: usize) {
        self.at = place;
    }

    /// This place, to come back to.
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    /// Whether nothing is left.
    pub(crate) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The offset of the next token, or of the end.
    pub(crate) fn offset(&self) -> usize {
        self.peek().map_or(self.limit, |token| token.start)
    }

    /// The text of a token.
    pub(crate) fn text_of(&self, token: Token) -> &'a str {
        token.text(self.source)
    }

    /// The text from a noted place up to this one, as written.
    pub(crate) fn text_since(&self, place: usize) -> &'a str {
        let first = self.tokens.get(place).map(|token| token.start);
        match (first, self.previous()) {
            (Some(start), Some(last)) if self.at > place => {
                self.source.get(start..last.end).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The tokens from a noted place up to this one.
    pub(crate) fn since(&self, place: usize) -> Cursor<'a> {
        Cursor::new(
            self.source,
            self.tokens.get(place..self.at).unwrap_or_default(),
        )
    }

    /// All that is left, as a run of its own.
    pub(crate) fn rest(&self) -> Cursor<'a> {
        Cursor::new(self.source, self.tokens.get(self.at..).unwrap_or_default())
    }

    /// The text of all that is left, as written.
    pub(crate) fn rest_text(&self) -> &'a str {
        match (self.peek(), self.tokens.last()) {
            (Some(first), Some(last)) => self.source.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The tokens of this run.
    pub(crate) fn tokens(&self) -> &'a [Token] {
        self.tokens
    }

    /// Whether a token is that bare word.
    pub(crate) fn token_is(&self, token: Option<Token>, word: &str) -> bool {
        token.is_some_and(|token| {
            token.kind == Kind::Word && self.text_of(token).eq_ignore_ascii_case(word)
        })
    }

    /// Whether the next token is that bare word.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.token_is(self.peek(), word)
    }

    /// Whether the next token is one of those bare words.
    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Whether those bare words follow.
    pub(crate) fn are(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.token_is(self.peek_at(ahead), word))
    }

    /// Moves past a bare word, if it follows.
    pub(crate) fn accept(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.at += 1;
        }
        found
    }

    /// Moves past some bare words, if they follow.
    pub(crate) fn accept_all(&mut self, words: &[&str]) -> bool {
        let found = self.are(words);
        if found {
            self.at += words.len();
        }
        found
    }

    /// Whether the next token is that symbol.
    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        self.peek().is_some_and(|token| token.is_symbol(symbol))
    }

    /// Moves past a symbol, if it follows.
    pub(crate) fn accept_symbol(&mut self, symbol: u8) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.at += 1;
        }
        found
    }

    /// Moves past an operator, if it follows.
    pub(crate) fn accept_operator(&mut self, operator: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|token| token.kind == Kind::Operator && self.text_of(token) == operator);
        if found {
            self.at += 1;
        }
        found
    }

    /// A fault at this place.
    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault {
            at: self.offset(),
            message: message.into(),
        }
    }

    /// A fault that says what should stand here, and what does.
    pub(crate) fn expected<T>(&self, what: &str) -> Read<T> {
        Err(match self.peek() {
            Some(token) => {
                let found = crate::token::excerpt(self.text_of(token));
                self.fault(format!("Expected {what}, found “{found}”."))
            }
            None => self.fault(format!("Expected {what}, but it ends here.")),
        })
    }

    /// Moves past a bare word that has to follow.
    pub(crate) fn expect(&mut self, word: &str) -> Read<()> {
        if self.accept(word) {
            Ok(())
        } else {
            self.expected(word)
        }
    }

    /// Moves past all that is left.
    pub(crate) fn skip_rest(&mut self) {
        self.at = self.tokens.len();
    }

    /// A fault when something is left.
    pub(crate) fn end(&self) -> Read<()> {
        if self.done() {
            Ok(())
        } else {
            self.expected("the end of the statement")
        }
    }

    /// The tokens between the parenthesis that has to follow and its partner; moves past both.
    pub(crate) fn group(&mut self) -> Read<Cursor<'a>> {
        if !self.is_symbol(b'(') {
            return self.expected("“(”");
        }
        let begin = self.at + 1;
        let open = self.offset();
        match self.skip_group() {
            true => {
                let inside = self.tokens.get(begin..self.at - 1).unwrap_or_default();
                let mut group = Cursor::new(self.source, inside);
                group.limit = self.previous().map_or(self.limit, |token| token.start);
                Ok(group)
            }
            false => Err(Fault {
                at: open,
                message: "“(” without its “)”.".to_owned(),
            }),
        }
    }

    /// Moves past one token, or past a whole group when an opening bracket follows. False when
    /// the group is never closed; then nothing is left.
    pub(crate) fn skip_group(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            self.at += 1;
            match token.kind {
                Kind::Symbol(b'(' | b'[') => depth += 1,
                Kind::Symbol(b')' | b']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return true;
            }
        }
        false
    }

    /// Cuts what is left at the commas outside of brackets.
    pub(crate) fn split_commas(&self) -> Vec<Cursor<'a>> {
        let mut parts = Vec::new();
        let mut depth = 0_usize;
        let mut begin = self.at;
        for (at, token) in self.tokens.iter().enumerate().skip(self.at) {
            match token.kind {
                Kind::Symbol(b'(' | b'[') => depth += 1,
                Kind::Symbol(b')' | b']') => depth = depth.saturating_sub(1),
                Kind::Symbol(b',') if depth == 0 => {
                    let part = self.tokens.get(begin..at).unwrap_or_default();
                    let mut part = Cursor::new(self.source, part);
                    part.limit = token.start;
                    parts.push(part);
                    begin = at + 1;
                }
                _ => {}
            }
        }
        if !self.done() {
            let part = self.tokens.get(begin..).unwrap_or_default();
            let mut part = Cursor::new(self.source, part);
            part.limit = self.limit;
            parts.push(part);
        }
        parts
    }

    /// Reads a name, quoted or bare; any word, keywords too.
    pub(crate) fn label(&mut self) -> Read<String> {
        let Some(token) = self.peek() else {
            return self.expected("a name");
        };
        let name = match token.kind {
            Kind::Word | Kind::Quoted => fold::name(self.text_of(token)),
            Kind::UnicodeQuoted => {
                let text = self.text_of(token);
                self.at += 1;
                let escape = self.unicode_escape();
                return Ok(fold::truncate(&fold::unicode(text, escape)).to_owned());
            }
            _ => return self.expected("a name"),
        };
        if name.is_empty() {
            return self.expected("a name");
        }
        self.at += 1;
        Ok(name)
    }

    /// The character after `UESCAPE`, or the usual backslash.
    fn unicode_escape(&mut self) -> char {
        if !self.accept("UESCAPE") {
            return '\\';
        }
        let character = self
            .peek()
            .and_then(|token| self.text_of(token).chars().nth(1));
        self.at += 1;
        character.unwrap_or('\\')
    }

    /// Reads a name that may not be a reserved word.
    pub(crate) fn name(&mut self) -> Read<String> {
        if let Some(token) = self.peek()
            && token.kind == Kind::Word
            && fold::is_reserved(self.text_of(token))
        {
            let word = self.text_of(token);
            return Err(self.fault(format!(
                "Expected a name, found the reserved word {word}; as a name it needs double quotes."
            )));
        }
        self.label()
    }

    /// Reads a name with or without a schema; the database before it is dropped.
    pub(crate) fn qualified(&mut self) -> Read<Name> {
        let at = self.offset();
        let mut name = Name {
            schema: None,
            name: self.name()?,
            at,
        };
        while self.accept_symbol(b'.') {
            let next = self.label()?;
            name.schema = Some(std::mem::replace(&mut name.name, next));
        }
        Ok(name)
    }

    /// Reads `(a, b, c)`.
    pub(crate) fn names(&mut self) -> Read<Vec<String>> {
        let inside = self.group()?;
        let mut names = Vec::new();
        for mut part in inside.split_commas() {
            names.push(part.name()?);
            if !part.done() {
                return part.expected("“,” or “)”");
            }
        }
        if names.is_empty() {
            return inside.expected("a name");
        }
        Ok(names)
    }

    /// Reads a string constant, with those that continue it.
    pub(crate) fn string(&mut self) -> Read<String> {
        let mut value = match self.peek() {
            Some(token) if token.kind == Kind::Text => fold::string(self.text_of(token)),
            _ => return self.expected("a text in single quotes"),
        };
        self.at += 1;
        while let Some(token) = self.peek().filter(|token| token.kind == Kind::Text) {
            value.push_str(&fold::string(self.text_of(token)));
            self.at += 1;
        }
        Ok(value)
    }
}
