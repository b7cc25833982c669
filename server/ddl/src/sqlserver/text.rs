//! Statements that are made up as text and executed. Tools write views and procedures so, where
//! they stand under a condition.

use super::batch::{Batches, Condition, Piece};
use super::{DEEPEST, Reader};
use crate::cursor::{Cursor, Read};
use crate::standard::name::text_value;
use crate::token::Kind;

impl Reader<'_> {
    /// Reads the text that is executed: one constant, with its name before it or not. What
    /// cannot be read in it is told at the statement itself.
    pub(super) fn text(&mut self, given: &Cursor<'_>) -> Read<()> {
        let mut given = given.clone();
        if given
            .peek()
            .is_some_and(|token| given.text_of(token).starts_with('@'))
        {
            given.step();
            given.accept_operator("=");
        }
        let constant = match given.rest().tokens() {
            [only] if only.kind == Kind::Text => Some(text_value(given.text_of(*only))),
            _ => None,
        };
        let Some(text) = constant else {
            let defines = given.tokens().iter().any(|token| {
                token.kind == Kind::Text && {
                    let upper = given.text_of(*token).to_uppercase();
                    ["CREATE ", "ALTER ", "DROP "]
                        .iter()
                        .any(|word| upper.contains(word))
                }
            });
            if defines {
                self.reading.tally.structure = true;
                return Err(given.fault(
                    "This statement is put together from texts; only the server can tell what \
                     it defines.",
                ));
            }
            self.reading.tally.pass("EXEC");
            return Ok(());
        };
        if self.depth >= DEEPEST {
            return Err(given.fault("Texts are executed within texts, too deep to follow."));
        }
        let (outer, end) = (given.offset(), self.reading.statement_end);
        let mut batches = Batches::new(&text);
        let mut tokens = Vec::new();
        let mut first = None;
        self.depth += 1;
        while let Some(piece) = batches.next_piece(&mut tokens) {
            if let Piece::Unclosed(_, what) = piece {
                first.get_or_insert(format!("{} in it is never closed.", what.label()));
            }
            if let Piece::Statement(_) = piece {
                // Places within the text are not places of the script.
                let lent = self.reading.lend(outer);
                let read = self.dispatch(Cursor::new(&text, &tokens), Condition::If);
                self.reading.give_back(lent);
                if let Err(fault) = read {
                    first.get_or_insert(fault.message);
                }
            }
        }
        self.depth -= 1;
        self.reading.statement_end = end;
        match first {
            Some(message) => Err(given.fault(message)),
            None => Ok(()),
        }
    }
}
