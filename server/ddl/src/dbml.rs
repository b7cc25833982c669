//! Reads DBML, the language of dbdiagram, into a schema.
//!
//! Its types are kept as written. Keys without a name get the one that PostgreSQL would give.
//! What cannot be read costs its line or its block, and is reported with the line.

mod element;
mod lexer;
mod reference;
mod table;

use crate::tally::Tally;
use crate::token::Lines;
use crate::{Import, ReadError};
use lexer::{Kind, Token};
use model::schema::{QualifiedName, Schema};
use std::collections::HashMap;

/// Reads a document.
///
/// # Errors
///
/// When it defines no table and no enumerated type.
pub fn read_dbml(text: &str) -> Result<Import, ReadError> {
    let tokens = lexer::tokens(text);
    let mut reader = Reader {
        source: text,
        lines: Lines::of(text),
        tokens: &tokens,
        at: 0,
        schema: Schema::default(),
        tally: Tally::default(),
        aliases: HashMap::new(),
        places: HashMap::new(),
        references: Vec::new(),
    };
    reader.document();
    reader.resolve_references();
    if reader.schema.tables.is_empty() && reader.schema.enums.is_empty() {
        return Err(ReadError::NoDdl {
            found: "there is no Table and no Enum of DBML in it that could be read".to_owned(),
        });
    }
    Ok(Import {
        schema: reader.schema,
        report: reader.tally.finish(),
    })
}

/// Why a part could not be read: a sentence.
type Fault = String;

/// One side of a reference.
#[derive(Debug, Clone)]
struct End {
    table: QualifiedName,
    /// Whether the schema was written.
    qualified: bool,
    columns: Vec<String>,
}

/// A reference, to be made a foreign key when all tables are known.
#[derive(Debug, Clone)]
struct Reference {
    name: Option<String>,
    child: End,
    parent: End,
    on_delete: model::schema::ReferentialAction,
    on_update: model::schema::ReferentialAction,
    /// Where it stands.
    start: usize,
    end: usize,
}

struct Reader<'a> {
    source: &'a str,
    lines: Lines,
    tokens: &'a [Token],
    at: usize,
    schema: Schema,
    tally: Tally,
    aliases: HashMap<String, QualifiedName>,
    /// The places of tables by their names.
    places: HashMap<QualifiedName, usize>,
    references: Vec<Reference>,
}

/// A setting between brackets: its words, and what stands after its colon.
#[derive(Debug, Clone)]
struct Setting<'a> {
    /// The words before the colon, in lower case, joined by spaces.
    key: String,
    /// The tokens after it.
    value: &'a [Token],
    start: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn peek_at(&self, ahead: usize) -> Option<&'a Kind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    /// The byte of the next token, or of the end.
    fn offset(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.source.len(), |token| token.start)
    }

    fn is_symbol(&self, symbol: char) -> bool {
        self.peek() == Some(&Kind::Symbol(symbol))
    }

    fn accept(&mut self, symbol: char) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Kind::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn skip_newlines(&mut self) {
        while self.peek() == Some(&Kind::Newline) {
            self.at += 1;
        }
    }

    fn expected<T>(&self, what: &str) -> Result<T, Fault> {
        let found = match self.tokens.get(self.at) {
            None => "the end of the text".to_owned(),
            Some(token) => match &token.kind {
                Kind::Newline => "the end of the line".to_owned(),
                Kind::Unclosed(what) => {
                    return Err(format!("{what} that begins here is never closed."));
                }
                _ => {
                    let text = self.source.get(token.start..token.end);
                    format!("“{}”", crate::token::excerpt(text.unwrap_or_default()))
                }
            },
        };
        Err(format!("Expected {what}, found {found}."))
    }

    fn expect(&mut self, symbol: char) -> Result<(), Fault> {
        if self.accept(symbol) {
            Ok(())
        } else {
            self.expected(&format!("“{symbol}”"))
        }
    }

    fn name(&mut self) -> Result<String, Fault> {
        match self.peek() {
            Some(Kind::Word(name) | Kind::Quoted(name)) if !name.is_empty() => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => self.expected("a name"),
        }
    }

    fn text(&mut self) -> Result<String, Fault> {
        match self.peek() {
            Some(Kind::Text(text)) => {
                self.at += 1;
                Ok(text.clone())
            }
            _ => self.expected("a text in single quotes"),
        }
    }

    /// A name with or without its schema.
    fn qualified(&mut self) -> Result<(QualifiedName, bool), Fault> {
        let first = self.name()?;
        if !self.accept('.') {
            return Ok((QualifiedName::new("public", first), false));
        }
        let second = self.name()?;
        Ok((QualifiedName::new(first, second), true))
    }

    /// Moves to the end of the line, or to the brace that closes the block.
    fn skip_line(&mut self) {
        let mut depth = 0_usize;
        while let Some(kind) = self.peek() {
            match kind {
                Kind::Newline if depth == 0 => return,
                Kind::Symbol('}') if depth == 0 => return,
                Kind::Symbol('{' | '[' | '(') => depth += 1,
                Kind::Symbol('}' | ']' | ')') => depth -= usize::from(depth > 0),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Moves past a block whose brace was opened `depth` times.
    fn skip_block(&mut self, mut depth: usize) {
        while depth > 0 {
            match self.peek() {
                Some(Kind::Symbol('{')) => depth += 1,
                Some(Kind::Symbol('}')) => depth -= 1,
                Some(_) => {}
                None => return,
            }
            self.at += 1;
        }
    }

    fn problem(&mut self, start: usize, message: String) {
        let end = self
            .tokens
            .get(self.at)
            .map_or(self.source.len(), |token| token.end)
            .max(start);
        self.tally
            .problem_at(self.source, &self.lines, (start, end), message);
    }

    /// Reads `[a, b: c]` where it follows.
    fn settings(&mut self) -> Result<Vec<Setting<'a>>, Fault> {
        let mut settings = Vec::new();
        if !self.accept('[') {
            return Ok(settings);
        }
        loop {
            self.skip_newlines();
            if self.accept(']') {
                return Ok(settings);
            }
            let start = self.offset();
            let mut words = Vec::new();
            while let Some(Kind::Word(word)) = self.peek() {
                words.push(word.to_ascii_lowercase());
                self.at += 1;
            }
            if words.is_empty() {
                return self.expected("a setting");
            }
            let begin = if self.accept(':') {
                self.at
            } else {
                usize::MAX
            };
            let mut depth = 0_usize;
            let mut last = self.at;
            while let Some(kind) = self.peek() {
                match kind {
                    Kind::Symbol(',' | ']') if depth == 0 => break,
                    Kind::Symbol('(') => depth += 1,
                    Kind::Symbol(')') => depth -= usize::from(depth > 0),
                    Kind::Symbol('{' | '}') | Kind::Unclosed(_) => return self.expected("“]”"),
                    _ => {}
                }
                self.at += 1;
                if kind != &Kind::Newline {
                    last = self.at;
                }
            }
            settings.push(Setting {
                key: words.join(" "),
                value: self.tokens.get(begin..last).unwrap_or_default(),
                start,
                end: self.offset(),
            });
            if !self.accept(',') && !self.is_symbol(']') {
                return self.expected("“,” or “]”");
            }
        }
    }
}
