//! What a reader of any of these dialects holds: the draft, the account, and its place.

use super::Grammar;
use super::draft::{Draft, RelationId};
use crate::catalog::Place;
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::tally::Tally;
use crate::token::{Lines, Unclosed, excerpt};
use crate::{Import, ReadError};
use model::schema::QualifiedName;

/// A reading of scripts, one after another, into one draft.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) grammar: Grammar,
    pub(crate) draft: Draft,
    pub(crate) tally: Tally,
    pub(crate) source: &'a str,
    lines: Lines,
    /// Where the statement that is being read ends.
    pub(crate) statement_end: usize,
    /// Where the statement stands whose text is read as statements, from and to.
    pinned: Option<(usize, usize)>,
}

impl<'a> Reading<'a> {
    /// A reading that has read nothing.
    pub(crate) fn new(grammar: Grammar) -> Self {
        Self {
            draft: Draft::new(&grammar),
            grammar,
            tally: Tally::default(),
            source: "",
            lines: Lines::default(),
            statement_end: 0,
            pinned: None,
        }
    }

    /// Turns to another script.
    pub(crate) fn open(&mut self, source: &'a str) {
        self.source = source;
        self.lines = Lines::of(source);
        self.statement_end = 0;
    }

    /// The schema and the report.
    pub(crate) fn finish(mut self) -> Result<Import, ReadError> {
        if !self.tally.structure {
            return Err(ReadError::NoDdl {
                found: crate::postgres::found(&self.tally.passed()),
            });
        }
        let (schema, late) = self.draft.finish();
        for (place, message) in late {
            self.tally.problem(place.line, place.excerpt, message);
        }
        Ok(Import {
            schema,
            report: self.tally.finish(),
        })
    }

    /// Turns to a text that stands in a statement: its places are told as that of the statement.
    /// Gives what to give back afterwards.
    pub(crate) fn lend(&mut self, at: usize) -> Option<(usize, usize)> {
        let end = self.statement_end;
        let before = self.pinned;
        self.pinned.get_or_insert((at, end));
        before
    }

    /// Turns back from such a text.
    pub(crate) fn give_back(&mut self, before: Option<(usize, usize)>) {
        self.pinned = before;
    }

    /// Tells of something that is never closed.
    pub(crate) fn unclosed(&mut self, open: usize, what: Unclosed) {
        let message = format!("{} that begins here is never closed.", what.label());
        self.problem(open, self.source.len(), message);
    }

    /// Notes a problem at a byte.
    pub(crate) fn problem(&mut self, start: usize, end: usize, message: String) {
        let (start, end) = self.pinned.unwrap_or((start, end));
        self.tally
            .problem_at(self.source, &self.lines, (start, end), message);
    }

    /// Notes a problem of a part of the statement that is being read.
    pub(crate) fn part_problem(&mut self, start: usize, fault: Fault) {
        self.problem(start, self.statement_end, fault.message);
    }

    /// Notes a problem of a definition, which is one all the same.
    pub(crate) fn failed(&mut self, start: usize, fault: Fault) {
        self.tally.structure = true;
        self.part_problem(start, fault);
    }

    /// A place to remember.
    pub(crate) fn place(&self, at: usize) -> Place {
        let (at, end) = self.pinned.unwrap_or((at, self.statement_end));
        let mut end = end.min(at.saturating_add(1_000)).min(self.source.len());
        while !self.source.is_char_boundary(end) {
            end -= 1;
        }
        Place {
            line: self.lines.line(at),
            excerpt: excerpt(self.source.get(at..end).unwrap_or_default()),
        }
    }

    /// Reads a name with or without a schema.
    pub(crate) fn name(&self, cursor: &mut Cursor<'_>) -> Read<Name> {
        self.grammar.naming.qualified(cursor)
    }

    /// The full name of something new.
    pub(crate) fn new_name(&self, name: &Name) -> QualifiedName {
        self.draft.full(name.schema.as_deref(), &name.name)
    }

    /// The relation of a name; a fault when the script has not created it.
    pub(crate) fn relation(&self, name: &Name) -> Read<RelationId> {
        self.find(name).ok_or_else(|| Fault {
            at: name.at,
            message: format!("The script has not created a table or view “{name}” before this."),
        })
    }

    /// The relation of a name, if there is one.
    pub(crate) fn find(&self, name: &Name) -> Option<RelationId> {
        self.draft.find(name.schema.as_deref(), &name.name)
    }

    /// Passes over a statement by its first words, at most so many.
    pub(crate) fn pass(&mut self, cursor: &Cursor<'_>, words: usize) {
        let mut kind = String::new();
        for token in cursor.tokens().iter().take(words) {
            if token.kind != crate::token::Kind::Word {
                break;
            }
            if !kind.is_empty() {
                kind.push(' ');
            }
            kind.push_str(&cursor.text_of(*token).to_uppercase());
        }
        if kind.is_empty() {
            kind.push_str("SELECT");
        }
        self.tally.pass(crate::fold::clip(&kind, 80));
    }
}
