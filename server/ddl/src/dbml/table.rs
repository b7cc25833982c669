//! Tables: columns, indexes, checks and notes.

use super::lexer::Kind;
use super::{Fault, Reader, Setting};
use crate::fold;
use model::schema::{
    Check, Column, ConstraintKind, Index, IndexPart, Key, QualifiedName, Table, TableKind,
};

impl Reader<'_> {
    /// Reads `Table schema.name as alias [settings] { … }`.
    pub(super) fn table(&mut self) -> Result<(), Fault> {
        let start = self.offset();
        self.at += 1;
        let (name, _) = self.qualified()?;
        let alias = if self.is_word("as") {
            self.at += 1;
            Some(self.name()?)
        } else {
            None
        };
        let settings = self.settings()?;
        self.skip_newlines();
        self.expect('{')?;
        let mut table = Table::new(name.clone(), TableKind::Table);
        for setting in &settings {
            if setting.key == "note" {
                table.comment = Some(setting.text()?);
            }
        }
        let mut primary: Vec<String> = Vec::new();
        loop {
            self.skip_newlines();
            if self.accept('}') {
                break;
            }
            if self.peek().is_none() {
                self.problem(
                    start,
                    "The table that begins here is never closed.".to_owned(),
                );
                break;
            }
            let line = self.offset();
            if let Err(message) = self.part(&mut table, &mut primary) {
                self.problem(line, message);
                self.skip_line();
            }
        }
        if !primary.is_empty() && table.primary_key.is_none() {
            set_primary(&mut table, None, primary);
        }
        if self.places.contains_key(&name) {
            return Err(format!("The table {name} exists already."));
        }
        if let Some(alias) = alias {
            self.aliases.insert(alias, name.clone());
        }
        self.places.insert(name, self.schema.tables.len());
        self.schema.tables.push(table);
        self.tally.read();
        Ok(())
    }

    fn part(&mut self, table: &mut Table, primary: &mut Vec<String>) -> Result<(), Fault> {
        let opens = |ahead: Option<&Kind>| ahead == Some(&Kind::Symbol('{'));
        if self.is_word("note")
            && (opens(self.peek_at(1)) || self.peek_at(1) == Some(&Kind::Symbol(':')))
        {
            self.at += 1;
            table.comment = Some(self.note()?);
            return self.line_end();
        }
        if self.is_word("indexes") && opens(self.peek_at(1)) {
            self.at += 2;
            return self.block(table, Self::index);
        }
        if self.is_word("checks") && opens(self.peek_at(1)) {
            self.at += 2;
            return self.block(table, Self::check);
        }
        if self.is_symbol('~') {
            return Err("Parts of tables (TablePartial) are not taken over.".to_owned());
        }
        self.column(table, primary)?;
        self.line_end()
    }

    fn line_end(&self) -> Result<(), Fault> {
        if self.is_symbol('}') || matches!(self.peek(), None | Some(Kind::Newline)) {
            Ok(())
        } else {
            self.expected("the end of the line")
        }
    }

    fn block(
        &mut self,
        table: &mut Table,
        read: fn(&mut Self, &mut Table) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            self.skip_newlines();
            if self.accept('}') || self.peek().is_none() {
                return Ok(());
            }
            let start = self.offset();
            let outcome = read(self, table).and_then(|()| self.line_end());
            if let Err(message) = outcome {
                self.problem(start, message);
                self.skip_line();
            }
        }
    }

    fn column(&mut self, table: &mut Table, primary: &mut Vec<String>) -> Result<(), Fault> {
        let start = self.offset();
        let name = self.name()?;
        let mut column = Column {
            name: name.clone(),
            data_type: self.data_type()?,
            nullable: true,
            ..Column::default()
        };
        if table.column(&name).is_some() {
            return Err(format!(
                "The table {} has a column “{name}” already.",
                table.name
            ));
        }
        let settings = self.settings();
        // What its settings are worth does not change that the column is there.
        table.columns.push(column.clone());
        let settings = settings?;
        let mut unique = false;
        for setting in &settings {
            match setting.key.as_str() {
                "pk" | "primary key" => {
                    primary.push(name.clone());
                    column.nullable = false;
                }
                "not null" => column.nullable = false,
                "null" => column.nullable = true,
                "unique" => unique = true,
                "increment" => column.identity = Some("by default".to_owned()),
                "note" => column.comment = Some(setting.text()?),
                "default" => column.default = default(self.source, setting),
                "ref" => {
                    let own = table.name.clone();
                    if let Err(message) = self.inline_reference(&own, &name, setting) {
                        self.problem(setting.start, message);
                    }
                }
                "check" => {
                    if let [
                        super::Token {
                            kind: Kind::Expression(expression),
                            ..
                        },
                    ] = setting.value
                    {
                        add_check(table, Some(&name), None, expression);
                    }
                }
                other => {
                    let message = format!("The setting “{other}” of a column is not known.");
                    self.problem(setting.start.max(start), message);
                }
            }
        }
        if column.identity.is_some() || primary.contains(&name) {
            column.nullable = false;
        }
        if let Some(last) = table.columns.last_mut() {
            *last = column;
        }
        if unique {
            add_unique(table, None, vec![name]);
        }
        Ok(())
    }

    /// Reads a type as written: `varchar(160)`, `"double precision"`, `core.status[]`.
    fn data_type(&mut self) -> Result<String, Fault> {
        let begin = self.offset();
        let mut text = match self.peek() {
            Some(Kind::Quoted(name)) if self.peek_at(1) != Some(&Kind::Symbol('.')) => {
                // The quotes are there for its spaces.
                self.at += 1;
                name.clone()
            }
            _ => {
                let first = self.name()?;
                if self.accept('.') {
                    let second = self.name()?;
                    format!("{}.{}", fold::quoted(&first), fold::quoted(&second))
                } else {
                    first
                }
            }
        };
        if text == "unknown" {
            text.clear();
        }
        if self.is_symbol('(') {
            let open = self.offset();
            while let Some(kind) = self.peek() {
                if kind == &Kind::Newline {
                    return self.expected("“)”");
                }
                self.at += 1;
                if kind == &Kind::Symbol(')') {
                    break;
                }
            }
            let end = self.previous_end();
            text.push_str(self.source.get(open.max(begin)..end).unwrap_or_default());
        }
        while self.is_symbol('[') && self.peek_at(1) == Some(&Kind::Symbol(']')) {
            self.at += 2;
            text.push_str("[]");
        }
        Ok(text)
    }

    fn previous_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |token| token.end)
    }

    /// Reads a line of `indexes`.
    fn index(&mut self, table: &mut Table) -> Result<(), Fault> {
        let mut parts: Vec<IndexPart> = Vec::new();
        if self.accept('(') {
            loop {
                parts.push(self.index_part(table)?);
                if !self.accept(',') {
                    break;
                }
            }
            self.expect(')')?;
        } else {
            parts.push(self.index_part(table)?);
        }
        let settings = self.settings()?;
        let (mut unique, mut primary, mut name, mut method) = (false, false, None, None);
        for setting in &settings {
            match setting.key.as_str() {
                "unique" => unique = true,
                "pk" | "primary key" => primary = true,
                "name" => name = Some(setting.text()?),
                "type" => method = Some(setting.text()?.to_ascii_lowercase()),
                "note" => {}
                other => {
                    let message = format!("The setting “{other}” of an index is not known.");
                    self.problem(setting.start, message);
                }
            }
        }
        let columns: Option<Vec<String>> = parts.iter().map(|part| part.column.clone()).collect();
        match columns {
            Some(columns) if primary => set_primary(table, name, columns),
            // An index names its method where it is no more than that.
            Some(columns) if unique && method.is_none() => add_unique(table, name, columns),
            columns => {
                let labels = columns.unwrap_or_else(|| vec!["expr".to_owned()]);
                let name = name.unwrap_or_else(|| generated(table, &labels, "idx"));
                table.indexes.push(Index {
                    name,
                    method: method.unwrap_or_else(|| "btree".to_owned()),
                    unique,
                    parts,
                    include: Vec::new(),
                    predicate: None,
                    constraint: None,
                });
            }
        }
        Ok(())
    }

    fn index_part(&mut self, table: &Table) -> Result<IndexPart, Fault> {
        if let Some(Kind::Expression(expression)) = self.peek() {
            self.at += 1;
            // A column with its order stands in backticks too.
            let head = expression.split([' ', '(']).next().unwrap_or_default();
            let name = fold::name(head);
            let call = expression
                .get(head.len()..)
                .unwrap_or_default()
                .starts_with('(');
            let column = table.column(&name).filter(|_| !call && !head.is_empty());
            return Ok(IndexPart {
                column: column.map(|column| column.name.clone()),
                text: expression.clone(),
            });
        }
        let column = self.name()?;
        if table.column(&column).is_none() {
            return Err(format!(
                "The table {} has no column “{column}”.",
                table.name
            ));
        }
        Ok(column_part(&column))
    }

    /// Reads a line of `checks`.
    fn check(&mut self, table: &mut Table) -> Result<(), Fault> {
        let Some(Kind::Expression(expression)) = self.peek() else {
            return self.expected("an expression in backticks");
        };
        self.at += 1;
        let mut name = None;
        for setting in self.settings()? {
            if setting.key == "name" {
                name = Some(setting.text()?);
            }
        }
        add_check(table, None, name, expression);
        Ok(())
    }
}

/// A default as SQL; none for null.
fn default(source: &str, setting: &Setting<'_>) -> Option<String> {
    match setting.value {
        [token] => match &token.kind {
            Kind::Text(text) => Some(format!("'{}'", text.replace('\'', "''"))),
            Kind::Expression(expression) => Some(expression.clone()),
            Kind::Word(word) if word.eq_ignore_ascii_case("null") => None,
            Kind::Word(word) | Kind::Quoted(word) => Some(word.clone()),
            _ => None,
        },
        // A number with a sign or a point.
        [first, .., last] => source.get(first.start..last.end).map(str::to_owned),
        [] => None,
    }
}

fn generated(table: &Table, columns: &[String], label: &str) -> String {
    let joined = fold::join_columns(columns.iter().map(String::as_str));
    let taken = |name: &String| table.indexes.iter().any(|index| index.name == *name);
    let mut name = fold::compose(&table.name.name, Some(&joined), label);
    let mut number = 0;
    while taken(&name) {
        number += 1;
        name = fold::compose(&table.name.name, Some(&joined), &format!("{label}{number}"));
    }
    name
}

fn column_part(column: &str) -> IndexPart {
    IndexPart {
        column: Some(column.to_owned()),
        text: fold::quoted(column),
    }
}

fn key_index(name: &str, columns: &[String], kind: ConstraintKind) -> Index {
    Index {
        name: name.to_owned(),
        method: "btree".to_owned(),
        unique: true,
        parts: columns.iter().map(|column| column_part(column)).collect(),
        include: Vec::new(),
        predicate: None,
        constraint: Some(kind),
    }
}

fn set_primary(table: &mut Table, name: Option<String>, columns: Vec<String>) {
    let QualifiedName { name: own, .. } = &table.name;
    let name = name.unwrap_or_else(|| fold::compose(own, None, "pkey"));
    for column in &mut table.columns {
        if columns.contains(&column.name) {
            column.nullable = false;
        }
    }
    let index = key_index(&name, &columns, ConstraintKind::PrimaryKey);
    table.indexes.insert(0, index);
    table.primary_key = Some(Key { name, columns });
}

fn add_unique(table: &mut Table, name: Option<String>, columns: Vec<String>) {
    let name = name.unwrap_or_else(|| generated(table, &columns, "key"));
    let index = key_index(&name, &columns, ConstraintKind::Unique);
    table.indexes.push(index);
    table.unique_keys.push(Key { name, columns });
}

fn add_check(table: &mut Table, column: Option<&str>, name: Option<String>, expression: &str) {
    let taken = |name: &String| table.checks.iter().any(|check| check.name == *name);
    let own = table.name.name.clone();
    let mut number = 0;
    let mut candidate = name.unwrap_or_else(|| fold::compose(&own, column, "check"));
    while taken(&candidate) {
        number += 1;
        candidate = fold::compose(&own, column, &format!("check{number}"));
    }
    table.checks.push(Check {
        name: candidate,
        expression: expression.to_owned(),
    });
}
