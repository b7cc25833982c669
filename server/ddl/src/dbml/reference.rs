//! References between tables.

use super::lexer::Kind;
use super::{End, Fault, Reader, Reference, Setting};
use crate::fold;
use model::schema::{ForeignKey, QualifiedName, ReferentialAction, Table};

/// How the two sides of a reference stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// The left has the foreign key.
    LeftChild,
    /// The right has it.
    RightChild,
    /// Neither can have one.
    ManyToMany,
}

impl Reader<'_> {
    /// Reads `Ref name: a.b > c.d` or `Ref name { a.b > c.d }`.
    pub(super) fn reference_element(&mut self) -> Result<(), Fault> {
        let start = self.offset();
        self.at += 1;
        let name = match self.peek() {
            Some(Kind::Word(_) | Kind::Quoted(_)) => Some(self.name()?),
            _ => None,
        };
        if self.accept(':') {
            return self.reference(name, start);
        }
        self.skip_newlines();
        self.expect('{')?;
        loop {
            self.skip_newlines();
            if self.accept('}') {
                return Ok(());
            }
            let start = self.offset();
            self.reference(name.clone(), start)?;
        }
    }

    fn reference(&mut self, name: Option<String>, start: usize) -> Result<(), Fault> {
        self.skip_newlines();
        let left = self.end_of_reference()?;
        let relation = self.relation()?;
        let right = self.end_of_reference()?;
        let settings = self.settings()?;
        let (child, parent) = match relation {
            Relation::LeftChild => (left, right),
            Relation::RightChild => (right, left),
            Relation::ManyToMany => return Err(many_to_many()),
        };
        let (on_delete, on_update) = self.actions(&settings);
        let end = self.offset();
        self.references.push(Reference {
            name,
            child,
            parent,
            on_delete,
            on_update,
            start,
            end,
        });
        Ok(())
    }

    fn actions(&mut self, settings: &[Setting<'_>]) -> (ReferentialAction, ReferentialAction) {
        let (mut on_delete, mut on_update) = Default::default();
        for setting in settings {
            let words: Vec<String> = setting
                .value
                .iter()
                .filter_map(|token| match &token.kind {
                    Kind::Word(word) => Some(word.to_ascii_uppercase()),
                    _ => None,
                })
                .collect();
            let action = ReferentialAction::from_sql(&words.join(" "));
            match (setting.key.as_str(), action) {
                ("delete", Some(action)) => on_delete = action,
                ("update", Some(action)) => on_update = action,
                // The colour of its line, and the like.
                ("color" | "inactive", _) => {}
                _ => {
                    let message =
                        format!("The setting “{}” of a reference is not known.", setting.key);
                    let place = (setting.start, setting.end);
                    self.tally
                        .problem_at(self.source, &self.lines, place, message);
                }
            }
        }
        (on_delete, on_update)
    }

    fn relation(&mut self) -> Result<Relation, Fault> {
        if self.accept('<') {
            return Ok(match self.accept('>') {
                true => Relation::ManyToMany,
                false => Relation::RightChild,
            });
        }
        // Of one to one, the left has the key.
        if self.accept('>') || self.accept('-') {
            return Ok(Relation::LeftChild);
        }
        self.expected("“>”, “<” or “-”")
    }

    /// Reads `table.column`, `schema.table.column` or `schema.table.(a, b)`.
    fn end_of_reference(&mut self) -> Result<End, Fault> {
        let mut names = vec![self.name()?];
        let mut columns = Vec::new();
        while self.accept('.') {
            if self.accept('(') {
                loop {
                    columns.push(self.name()?);
                    if !self.accept(',') {
                        break;
                    }
                }
                self.expect(')')?;
                break;
            }
            names.push(self.name()?);
        }
        if columns.is_empty() {
            columns.extend(names.pop());
        }
        match (names.pop(), names.pop()) {
            (Some(table), schema) => Ok(End {
                qualified: schema.is_some(),
                table: QualifiedName::new(schema.unwrap_or_else(|| "public".to_owned()), table),
                columns,
            }),
            _ => Err("A side of a reference is a table and a column of it.".to_owned()),
        }
    }

    /// Reads the value of `ref: > table.column` at a column.
    pub(super) fn inline_reference(
        &mut self,
        table: &QualifiedName,
        column: &str,
        setting: &Setting<'_>,
    ) -> Result<(), Fault> {
        let mut inner = Reader {
            source: self.source,
            lines: crate::token::Lines::default(),
            tokens: setting.value,
            at: 0,
            schema: model::schema::Schema::default(),
            tally: crate::tally::Tally::default(),
            aliases: std::collections::HashMap::new(),
            places: std::collections::HashMap::new(),
            references: Vec::new(),
        };
        let relation = inner.relation()?;
        let other = inner.end_of_reference()?;
        let own = End {
            table: table.clone(),
            qualified: true,
            columns: vec![column.to_owned()],
        };
        let (child, parent) = match relation {
            Relation::LeftChild => (own, other),
            Relation::RightChild => (other, own),
            Relation::ManyToMany => return Err(many_to_many()),
        };
        self.references.push(Reference {
            name: None,
            child,
            parent,
            on_delete: ReferentialAction::default(),
            on_update: ReferentialAction::default(),
            start: setting.start,
            end: setting.end,
        });
        Ok(())
    }

    /// Makes foreign keys of the references.
    pub(super) fn resolve_references(&mut self) {
        for reference in std::mem::take(&mut self.references) {
            let (start, end) = (reference.start, reference.end);
            if let Err(message) = self.resolve(reference) {
                self.tally
                    .problem_at(self.source, &self.lines, (start, end), message);
            }
        }
    }

    fn resolve(&mut self, reference: Reference) -> Result<(), Fault> {
        let child = self.place(&reference.child)?;
        let parent = self.place(&reference.parent)?;
        if reference.child.columns.len() != reference.parent.columns.len() {
            return Err("The two sides of a reference name as many columns.".to_owned());
        }
        let target = match self.schema.tables.get(parent) {
            Some(table) => table.name.clone(),
            None => return Ok(()),
        };
        let Some(table) = self.schema.tables.get_mut(child) else {
            return Ok(());
        };
        let name = reference.name.unwrap_or_else(|| {
            let columns = reference.child.columns.iter().map(String::as_str);
            let columns = fold::join_columns(columns);
            free(table, &table.name.name, &columns)
        });
        table.foreign_keys.push(ForeignKey {
            name,
            columns: reference.child.columns,
            target,
            target_columns: reference.parent.columns,
            on_delete: reference.on_delete,
            on_update: reference.on_update,
            deferrable: false,
            inherited: false,
        });
        self.tally.read();
        Ok(())
    }

    /// The place of the table of one side, whose columns it has.
    fn place(&self, end: &End) -> Result<usize, Fault> {
        let alias = match end.qualified {
            true => None,
            false => self.aliases.get(&end.table.name),
        };
        let name = alias.unwrap_or(&end.table);
        let found = self
            .places
            .get(name)
            .and_then(|at| Some((*at, self.schema.tables.get(*at)?)));
        let Some((at, table)) = found else {
            return Err(format!("There is no table {name} for this reference."));
        };
        let missing = end
            .columns
            .iter()
            .find(|column| table.column(column).is_none());
        match missing {
            Some(column) => Err(format!("The table {name} has no column “{column}”.")),
            None => Ok(at),
        }
    }
}

fn free(table: &Table, name: &str, columns: &str) -> String {
    let taken = |name: &String| table.foreign_keys.iter().any(|key| key.name == *name);
    let mut candidate = fold::compose(name, Some(columns), "fkey");
    let mut number = 0;
    while taken(&candidate) {
        number += 1;
        candidate = fold::compose(name, Some(columns), &format!("fkey{number}"));
    }
    candidate
}

fn many_to_many() -> Fault {
    "A reference from many to many is no foreign key; it needs a table between.".to_owned()
}
