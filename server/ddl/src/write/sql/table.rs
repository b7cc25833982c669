//! Tables, indexes and foreign keys.

use super::Writer;
use crate::write::comment;
use model::provider::Provider;
use model::schema::{Column, ForeignKey, Index, Key, QualifiedName, ReferentialAction, Table};
use std::collections::HashSet;
use std::fmt::Write as _;

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let target = self.words.target;
        let name = self.name(&table.name);
        if let (Provider::Sqlite, Some(words)) = (target, &table.comment) {
            comment::push(&mut self.out, words);
        }
        let mut left = String::new();
        let counter = self.counter(table, &mut left);
        let mut lines: Vec<(String, Option<String>)> = Vec::new();
        for column in &table.columns {
            let counts = counter == Some(column.name.as_str());
            let line = self.column(table, column, counts, &mut left);
            let note = column
                .comment
                .as_ref()
                .filter(|_| target == Provider::Sqlite)
                .map(|words| words.replace(['\n', '\r'], " "));
            lines.push((line, note));
        }
        for line in self.keys(table, counter) {
            lines.push((line, None));
        }
        if target == Provider::Sqlite {
            for key in &table.foreign_keys {
                match self.missing(&key.target) {
                    false => lines.push((self.foreign_key(key), None)),
                    true => comment::push_statement(
                        &mut left,
                        &format!("{} is not part of this script:", key.target),
                        &self.foreign_key(key),
                    ),
                }
            }
        }
        let _ = write!(self.out, "CREATE TABLE {name} (");
        for (at, (line, note)) in lines.iter().enumerate() {
            let comma = if at + 1 < lines.len() { "," } else { "" };
            let _ = write!(self.out, "\n    {line}{comma}");
            if let Some(note) = note {
                let _ = write!(self.out, " -- {note}");
            }
        }
        self.out.push_str("\n)");
        if let (Provider::MySql, Some(words)) = (target, &table.comment) {
            let _ = write!(self.out, " COMMENT = {}", self.words.text(words));
        }
        self.out.push_str(";\n");
        for index in &table.indexes {
            if index.constraint.is_none() {
                let statement = self.index(&name, index);
                self.out.push_str(&statement);
                self.out.push('\n');
            }
        }
        self.remarks(table, &mut left);
        self.out.push_str(&left);
        for note in self.translated.notes_of(&table.name) {
            comment::push(&mut self.out, note);
        }
        self.out.push('\n');
    }

    /// What a table of the dialect's own has that a statement here does not say.
    fn remarks(&self, table: &Table, left: &mut String) {
        for exclusion in &table.exclusions {
            let words = format!("Exclusion {}: {}", exclusion.name, exclusion.definition);
            comment::push(left, &words);
        }
        if let Some(key) = &table.partition_key {
            comment::push(left, &format!("Partitioned by {key}"));
        }
        if let Some(part) = &table.partition_of {
            comment::push(
                left,
                &format!("A partition of {}: {}", part.parent, part.bounds),
            );
        }
    }

    /// The column that the database counts up. MySQL and SQLite have at most one, and it is
    /// (part of) a key.
    fn counter<'t>(&self, table: &'t Table, left: &mut String) -> Option<&'t str> {
        let mut found: Option<&str> = None;
        let counting = table
            .columns
            .iter()
            .filter(|column| column.identity.is_some());
        for column in counting {
            let name = column.name.as_str();
            let leads = |columns: &[String]| columns.first().is_some_and(|first| first == name);
            let primary = table.primary_key.iter().any(|key| leads(&key.columns));
            let fits = match self.words.target {
                Provider::Sqlite => {
                    primary && table.primary_key.iter().all(|key| key.columns.len() == 1)
                }
                Provider::MySql => {
                    primary || table.unique_keys.iter().any(|key| leads(&key.columns))
                }
                _ => true,
            };
            if fits && found.is_none() {
                found = Some(name);
            } else {
                let words = format!("{name} is counted up by the source, and cannot be here.");
                comment::push(left, &words);
            }
        }
        found
    }

    fn column(&self, table: &Table, column: &Column, counts: bool, left: &mut String) -> String {
        let target = self.words.target;
        let name = self.words.name(&column.name);
        if counts && target == Provider::Sqlite {
            return format!("{name} INTEGER PRIMARY KEY AUTOINCREMENT");
        }
        if let (Some(generated), Provider::SqlServer) = (&column.generated, target) {
            return format!("{name} {}", self.words.generated(generated));
        }
        let data_type = match column.data_type.as_str() {
            // Only SQLite knows columns without a type.
            "" if target != Provider::Sqlite => {
                comment::push(left, &format!("The type of {name} is not known."));
                "varchar(255)"
            }
            data_type => data_type,
        };
        let mut line = format!("{name} {data_type}").trim_end().to_owned();
        if let Some(collation) = &column.collation {
            let collation = match target {
                Provider::Oracle | Provider::Sqlite => self.words.name(collation),
                _ => collation.clone(),
            };
            let _ = write!(line, " COLLATE {collation}");
        }
        if let Some(generated) = &column.generated {
            let _ = write!(line, " {}", self.words.generated(generated));
        }
        if let Some(default) = column.default.as_ref().filter(|_| !counts) {
            let _ = write!(line, " DEFAULT {}", self.default(default));
        }
        let primary = table
            .primary_key
            .iter()
            .any(|key| key.columns.contains(&column.name));
        if counts {
            // Oracle wants its identity before NOT NULL, which it implies.
            line.push_str(self.words.identity(column));
        }
        let null = match target {
            _ if column.nullable && !primary => "",
            Provider::Oracle if counts => "",
            _ => " NOT NULL",
        };
        line.push_str(null);
        if let (Provider::MySql, Some(words)) = (target, &column.comment) {
            let _ = write!(line, " COMMENT {}", self.words.text(words));
        }
        line
    }

    /// A default; SQLite wants more than a constant in parentheses.
    fn default(&self, default: &str) -> String {
        let plain = default.starts_with(['\'', '(', '"'])
            || default.parse::<f64>().is_ok()
            || default
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if self.words.target == Provider::Sqlite && !plain {
            format!("({default})")
        } else {
            default.to_owned()
        }
    }

    fn keys(&self, table: &Table, counter: Option<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        let target = self.words.target;
        let inline = target == Provider::Sqlite && counter.is_some();
        if let Some(key) = table.primary_key.as_ref().filter(|_| !inline) {
            let columns = self.key_columns(table, key);
            // MySQL's has one name only.
            lines.push(match target {
                Provider::MySql => format!("PRIMARY KEY ({columns})"),
                _ => format!(
                    "CONSTRAINT {} PRIMARY KEY{} ({columns})",
                    self.words.name(&key.name),
                    self.clustering(table, key, "nonclustered")
                ),
            });
        }
        for key in &table.unique_keys {
            lines.push(format!(
                "CONSTRAINT {} UNIQUE{} ({})",
                self.words.name(&key.name),
                self.clustering(table, key, "clustered"),
                self.key_columns(table, key)
            ));
        }
        for check in &table.checks {
            lines.push(format!(
                "CONSTRAINT {} CHECK ({})",
                self.words.name(&check.name),
                check.expression
            ));
        }
        lines
    }

    /// The columns of a key. MySQL's own may take a prefix of a text, which its index knows.
    fn key_columns(&self, table: &Table, key: &Key) -> String {
        let index = table.indexes.iter().find(|index| index.name == key.name);
        let own = self.words.target == Provider::MySql && self.words.own;
        match index.filter(|_| own) {
            Some(index) => self.words.parts(&index.parts),
            None => self.words.list(key.columns.iter().map(String::as_str)),
        }
    }

    /// How SQL Server orders the rows of a key, where that is the unusual way.
    fn clustering(&self, table: &Table, key: &Key, unusual: &str) -> &'static str {
        let index = table.indexes.iter().find(|index| index.name == key.name);
        if self.words.target != Provider::SqlServer {
            return "";
        }
        match index.map(|index| index.method.as_str()) {
            Some(method) if method == unusual && method == "clustered" => " CLUSTERED",
            Some(method) if method == unusual => " NONCLUSTERED",
            _ => "",
        }
    }

    fn index(&self, table: &str, index: &Index) -> String {
        let target = self.words.target;
        let kind = match (target, index.method.as_str()) {
            (Provider::MySql, "fulltext") => "FULLTEXT ",
            (Provider::MySql, "spatial") => "SPATIAL ",
            (Provider::Oracle, "bitmap") => "BITMAP ",
            (Provider::SqlServer, "clustered") if index.unique => "UNIQUE CLUSTERED ",
            (Provider::SqlServer, "clustered") => "CLUSTERED ",
            (Provider::SqlServer, "columnstore") => "COLUMNSTORE ",
            _ if index.unique => "UNIQUE ",
            _ => "",
        };
        let mut statement = format!(
            "CREATE {kind}INDEX {} ON {table} ({})",
            self.words.name(&index.name),
            self.words.parts(&index.parts)
        );
        if !index.include.is_empty() && target == Provider::SqlServer {
            let columns = self.words.list(index.include.iter().map(String::as_str));
            let _ = write!(statement, " INCLUDE ({columns})");
        }
        if let Some(predicate) = &index.predicate {
            let _ = write!(statement, " WHERE {predicate}");
        }
        statement.push(';');
        statement
    }

    /// Whether a table is not part of the script.
    fn missing(&self, table: &QualifiedName) -> bool {
        self.schema.tables.iter().all(|other| other.name != *table)
    }

    pub(super) fn foreign_keys(&mut self) {
        let present: HashSet<&QualifiedName> =
            self.schema.tables.iter().map(|table| &table.name).collect();
        let mut any = false;
        for table in &self.schema.tables {
            for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
                any = true;
                let statement = format!(
                    "ALTER TABLE {} ADD {};",
                    self.name(&table.name),
                    self.foreign_key(key)
                );
                if present.contains(&key.target) {
                    let _ = writeln!(self.out, "{statement}");
                } else {
                    let reason = format!("{} is not part of this script:", key.target);
                    comment::push_statement(&mut self.out, &reason, &statement);
                }
            }
        }
        if any {
            self.out.push('\n');
        }
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        let mut line = format!(
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}",
            self.words.name(&key.name),
            self.words.list(key.columns.iter().map(String::as_str)),
            self.name(&key.target)
        );
        if !key.target_columns.is_empty() {
            let columns = self
                .words
                .list(key.target_columns.iter().map(String::as_str));
            let _ = write!(line, " ({columns})");
        }
        if key.on_update != ReferentialAction::NoAction {
            let _ = write!(line, " ON UPDATE {}", key.on_update.as_sql());
        }
        if key.on_delete != ReferentialAction::NoAction {
            let _ = write!(line, " ON DELETE {}", key.on_delete.as_sql());
        }
        if key.deferrable {
            line.push_str(" DEFERRABLE");
        }
        line
    }
}
