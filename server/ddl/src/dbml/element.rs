//! The elements of a document.

use super::lexer::Kind;
use super::{Fault, Reader, Setting};
use model::schema::EnumType;

impl Reader<'_> {
    /// Reads all elements.
    pub(super) fn document(&mut self) {
        loop {
            self.skip_newlines();
            let Some(kind) = self.peek() else { return };
            let start = self.offset();
            let begin = self.at;
            let word = match kind {
                Kind::Word(word) => word.to_ascii_lowercase(),
                _ => String::new(),
            };
            let read = match word.as_str() {
                "table" => self.table(),
                "enum" => self.enum_type(),
                "ref" => self.reference_element(),
                "project" | "tablegroup" | "tablepartial" | "note" | "records" | "diagramview" => {
                    self.passed(&word);
                    continue;
                }
                _ => Err("This is not an element of DBML.".to_owned()),
            };
            self.tally.structure = true;
            if let Err(message) = read {
                self.problem(start, message);
                self.recover(begin);
            }
        }
    }

    /// Moves past an element that could not be read.
    fn recover(&mut self, begin: usize) {
        let read = self.tokens.get(begin..self.at).unwrap_or_default();
        let count = |symbol| {
            let is = |token: &&super::Token| token.kind == Kind::Symbol(symbol);
            read.iter().filter(is).count()
        };
        let open = count('{').saturating_sub(count('}'));
        if open > 0 {
            self.skip_block(open);
            return;
        }
        // Nothing was opened yet: the rest of the line, with a block that begins on it.
        self.at = self.at.max(begin + 1);
        while let Some(kind) = self.peek() {
            self.at += 1;
            match kind {
                Kind::Newline => return,
                Kind::Symbol('{') => return self.skip_block(1),
                _ => {}
            }
        }
    }

    /// Counts an element that says nothing about the structure.
    fn passed(&mut self, word: &str) {
        let kind = match word {
            "project" => "Project",
            "tablegroup" => "TableGroup",
            "tablepartial" => "TablePartial",
            "note" => "Note",
            "records" => "Records",
            _ => "DiagramView",
        };
        self.tally.pass(kind);
        let begin = self.at;
        self.at += 1;
        self.recover(begin);
    }

    /// Reads `Enum name { value [note: '…'] }`.
    fn enum_type(&mut self) -> Result<(), Fault> {
        self.at += 1;
        let (name, _) = self.qualified()?;
        self.skip_newlines();
        self.expect('{')?;
        let mut found = EnumType {
            name,
            values: Vec::new(),
            comment: None,
        };
        loop {
            self.skip_newlines();
            if self.accept('}') {
                break;
            }
            let value = match self.peek() {
                Some(Kind::Quoted(value)) => {
                    self.at += 1;
                    value.clone()
                }
                _ => self.name()?,
            };
            found.values.push(value);
            self.settings()?;
            if !self.is_symbol('}') && self.peek() != Some(&Kind::Newline) {
                return self.expected("the end of the line");
            }
        }
        if self
            .schema
            .enums
            .iter()
            .any(|other| other.name == found.name)
        {
            return Err(format!("The enum {} exists already.", found.name));
        }
        self.schema.enums.push(found);
        self.tally.read();
        Ok(())
    }

    /// Reads what follows `Note`: `: '…'` or `{ '…' }`.
    pub(super) fn note(&mut self) -> Result<String, Fault> {
        if self.accept('{') {
            self.skip_newlines();
            let text = self.text()?;
            self.skip_newlines();
            self.expect('}')?;
            return Ok(text);
        }
        self.expect(':')?;
        self.text()
    }
}

impl Setting<'_> {
    /// The text that it gives.
    pub(super) fn text(&self) -> Result<String, Fault> {
        match self.value {
            [token] => match &token.kind {
                Kind::Text(text) => Ok(text.clone()),
                Kind::Word(word) | Kind::Quoted(word) => Ok(word.clone()),
                _ => Err(format!("The setting “{}” needs a text.", self.key)),
            },
            _ => Err(format!("The setting “{}” needs a text.", self.key)),
        }
    }
}
