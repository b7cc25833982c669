//! `DO` blocks. Tools wrap definitions in them to make a script safe to repeat: a block that
//! creates a type and ignores that it exists. Such plain blocks are read as if their statements
//! stood alone, in an empty database; what stands under other conditions is reported.

use super::Reader;
use super::script::{Piece, Script};
use crate::cursor::{Cursor, Read};
use crate::token::{Kind, Token};

/// Words that begin a definition.
const DEFINES: [&str; 4] = ["CREATE", "ALTER", "DROP", "COMMENT"];

impl Reader<'_, '_> {
    /// Reads a `DO` statement.
    pub(crate) fn do_block(&mut self, statement: &Cursor<'_>) -> Read<()> {
        let body = statement
            .tokens()
            .iter()
            .find(|token| token.kind == Kind::Text && statement.text_of(**token).starts_with('$'));
        let outer = self.statement_end;
        let read = body.is_some_and(|body| self.block_body(*body));
        self.statement_end = outer;
        if !read {
            self.tally.pass("DO");
        }
        Ok(())
    }

    /// Reads the statements of a block; whether any of them defined something.
    fn block_body(&mut self, body: Token) -> bool {
        let text = body.text(self.source);
        let mark = text
            .get(1..)
            .and_then(|rest| rest.find('$'))
            .map_or(0, |length| length + 2);
        let Some(inside) = self.source.get(..body.end.saturating_sub(mark)) else {
            return false;
        };
        let mut script = Script::at(inside, body.start + mark);
        let mut tokens = Vec::new();
        let (mut read, mut begun, mut skipping) = (false, false, false);
        while let Some(piece) = script.next_piece(&mut tokens) {
            if piece != Piece::Statement {
                continue;
            }
            let mut cursor = Cursor::new(self.source, &tokens);
            while cursor.accept("BEGIN") {
                begun = true;
            }
            if !begun || cursor.done() {
                continue;
            }
            if cursor.is("EXCEPTION") {
                return read;
            }
            if cursor.accept("END") {
                skipping = false;
                continue;
            }
            skipping |= cursor.is("ELSE");
            // In an empty database nothing exists yet.
            if cursor.are(&["IF", "NOT", "EXISTS"]) {
                while !cursor.done() && !cursor.is("THEN") {
                    cursor.skip_group();
                }
                cursor.step();
            }
            if skipping || cursor.done() {
                continue;
            }
            let start = cursor.offset();
            self.statement_end = tokens.last().map_or(start, |last| last.end);
            if cursor.is_any(&DEFINES) {
                read = true;
                if let Err(fault) = self.dispatch(cursor.rest()) {
                    self.part_problem(start, fault);
                }
            } else if defines_inside(&cursor) {
                self.tally.structure = true;
                let message = "This block may define something, but only the server can tell: it \
                               has conditions, loops or statements made up as text. It was not read \
                               from here on.";
                self.part_problem(start, cursor.fault(message));
                return read;
            }
        }
        read
    }
}

/// Whether a statement of a block may define something, in a branch or as text.
fn defines_inside(cursor: &Cursor<'_>) -> bool {
    let branch = cursor.is_any(&["IF", "FOR", "FOREACH", "WHILE", "LOOP", "CASE"]);
    let executes = cursor.is("EXECUTE");
    cursor
        .tokens()
        .iter()
        .skip(cursor.place())
        .any(|token| match token.kind {
            Kind::Word if branch => DEFINES
                .iter()
                .take(3)
                .any(|word| cursor.token_is(Some(*token), word)),
            Kind::Text if executes || branch => {
                let text = cursor.text_of(*token).to_ascii_uppercase();
                ["CREATE ", "ALTER ", "DROP "]
                    .iter()
                    .any(|word| text.contains(word))
            }
            _ => false,
        })
}
