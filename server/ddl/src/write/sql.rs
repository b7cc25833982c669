//! DDL for MySQL, SQLite, SQL Server and Oracle.
//!
//! One order serves all: schemas, tables with their keys and checks, indexes, foreign keys,
//! comments. Where the dialects differ in words, `words` says how.

mod table;
mod words;

use super::comment;
use super::translate::{Translated, default_schema};
use model::provider::Provider;
use model::schema::{QualifiedName, Schema, Table, TableKind};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use words::Words;

/// Writes the script.
pub(super) fn write(translated: &Translated, target: Provider) -> String {
    let mut writer = Writer {
        out: String::new(),
        translated,
        schema: &translated.schema,
        words: Words::new(target, translated.source == target),
        qualified: false,
    };
    writer.script();
    writer.out
}

struct Writer<'a> {
    out: String,
    translated: &'a Translated,
    schema: &'a Schema,
    words: Words,
    /// Whether names need their schemas.
    qualified: bool,
}

impl Writer<'_> {
    fn script(&mut self) {
        let target = self.words.target;
        comment::push(&mut self.out, &format!("DDL for {target}."));
        self.out.push('\n');
        let home = default_schema(target);
        let schemas: BTreeSet<&str> = self
            .schema
            .tables
            .iter()
            .map(|table| table.name.schema.as_str())
            .collect();
        self.qualified = schemas.len() > 1
            || schemas
                .iter()
                .any(|schema| *schema != home && target == Provider::SqlServer);
        if let (Provider::MySql, true, Some(schema)) = (
            target,
            self.words.own && !self.qualified,
            schemas.iter().find(|schema| **schema != home),
        ) {
            // Queries of views name their database.
            let name = self.words.name(schema);
            let _ = writeln!(
                self.out,
                "CREATE DATABASE IF NOT EXISTS {name};\nUSE {name};\n"
            );
        }
        if self.qualified {
            self.schemas(schemas.iter().copied().filter(|schema| *schema != home));
        }
        for domain in &self.schema.domains {
            let null = if domain.nullable { "" } else { " NOT NULL" };
            let name = self.name(&domain.name);
            let statement = format!("CREATE TYPE {name} FROM {}{null};", domain.data_type);
            match target {
                Provider::SqlServer => {
                    let _ = writeln!(self.out, "{statement}");
                }
                _ => comment::push_statement(&mut self.out, "A type of its own:", &statement),
            }
        }
        for sequence in &self.schema.sequences {
            if sequence.owned_by.is_none() {
                let name = self.name(&sequence.name);
                let _ = writeln!(self.out, "CREATE SEQUENCE {name};");
            }
        }
        for table in &self.schema.tables {
            match table.kind {
                TableKind::Table | TableKind::Partition | TableKind::ForeignTable => {
                    self.table(table);
                }
                TableKind::View | TableKind::MaterializedView => {}
            }
        }
        if target != Provider::Sqlite {
            self.foreign_keys();
        }
        for table in &self.schema.tables {
            if matches!(table.kind, TableKind::View | TableKind::MaterializedView) {
                self.view(table);
            }
        }
        self.comments();
        for trigger in &self.schema.triggers {
            self.statement_of_source("Trigger", &trigger.definition);
        }
        for routine in &self.schema.routines {
            let words = format!(
                "The function or procedure {}({}) is known by name only.",
                routine.name, routine.arguments
            );
            comment::push(&mut self.out, &words);
        }
        for note in &self.translated.general {
            comment::push(&mut self.out, note);
            self.out.push('\n');
        }
        while self.out.ends_with("\n\n") {
            self.out.pop();
        }
    }

    /// Triggers hold semicolons of their own; a person decides how to run them.
    fn statement_of_source(&mut self, what: &str, definition: &str) {
        comment::push_statement(&mut self.out, &format!("{what}:"), definition);
        self.out.push('\n');
    }

    fn schemas<'s>(&mut self, schemas: impl Iterator<Item = &'s str>) {
        for schema in schemas {
            let name = self.words.name(schema);
            match self.words.target {
                Provider::MySql => {
                    let _ = writeln!(self.out, "CREATE DATABASE IF NOT EXISTS {name};");
                }
                Provider::SqlServer => {
                    // It has to stand alone in its batch.
                    let _ = writeln!(self.out, "GO\nCREATE SCHEMA {name};\nGO");
                }
                Provider::Oracle => {
                    let words = format!("The schema {name} is a user, and has to exist.");
                    comment::push(&mut self.out, &words);
                }
                Provider::Sqlite | Provider::PostgreSql => {
                    let words = format!("The schema {name} has to be attached.");
                    comment::push(&mut self.out, &words);
                }
            }
        }
        self.out.push('\n');
    }

    /// A name, with its schema where that is needed.
    fn name(&self, name: &QualifiedName) -> String {
        let bare = self.words.name(&name.name);
        if self.qualified && name.schema != default_schema(self.words.target) {
            format!("{}.{bare}", self.words.name(&name.schema))
        } else {
            bare
        }
    }

    fn view(&mut self, view: &Table) {
        let name = self.name(&view.name);
        let Some(definition) = &view.definition else {
            let words = format!("{name} is a view whose query is not known.");
            comment::push(&mut self.out, &words);
            return;
        };
        let columns: Vec<&str> = view
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let list = match columns.is_empty() {
            true => String::new(),
            false => format!(" ({})", self.words.list(columns)),
        };
        if self.qualified && self.words.target == Provider::MySql {
            // Bare names in its query are of its own database.
            let schema = self.words.name(&view.name.schema);
            let _ = writeln!(self.out, "USE {schema};");
        }
        let definition = definition.trim().trim_end_matches(';');
        let kind = match (view.kind, self.words.target) {
            (TableKind::MaterializedView, Provider::Oracle) => "MATERIALIZED VIEW",
            _ => "VIEW",
        };
        // SQL Server wants a view alone in its batch.
        let batch = match self.words.target {
            Provider::SqlServer => "GO\n",
            _ => "",
        };
        let _ = writeln!(
            self.out,
            "{batch}CREATE {kind} {name}{list} AS\n{definition};\n{batch}"
        );
    }

    /// Comments, in the dialects that have statements for them.
    fn comments(&mut self) {
        for table in &self.schema.tables {
            let view = matches!(table.kind, TableKind::View | TableKind::MaterializedView);
            let columns = table.columns.iter().filter_map(|column| {
                let words = column.comment.as_deref()?;
                Some((Some(column.name.as_str()), words))
            });
            let own = table.comment.as_deref().map(|words| (None, words));
            for (column, words) in own.into_iter().chain(columns) {
                match self.words.target {
                    Provider::Oracle => self.oracle_comment(table, column, words),
                    Provider::SqlServer => self.sqlserver_comment(table, column, words, view),
                    Provider::MySql | Provider::Sqlite | Provider::PostgreSql => {}
                }
            }
        }
    }

    fn oracle_comment(&mut self, table: &Table, column: Option<&str>, words: &str) {
        let text = self.words.text(words);
        let name = self.name(&table.name);
        let _ = match column {
            Some(column) => writeln!(
                self.out,
                "COMMENT ON COLUMN {name}.{} IS {text};",
                self.words.name(column)
            ),
            None => writeln!(self.out, "COMMENT ON TABLE {name} IS {text};"),
        };
    }

    fn sqlserver_comment(&mut self, table: &Table, column: Option<&str>, words: &str, view: bool) {
        let text = |words: &str| format!("N'{}'", words.replace('\'', "''"));
        let kind = if view { "VIEW" } else { "TABLE" };
        let _ = write!(
            self.out,
            "EXEC sys.sp_addextendedproperty N'MS_Description', {}, N'SCHEMA', {}, N'{kind}', {}",
            text(words),
            text(&table.name.schema),
            text(&table.name.name)
        );
        if let Some(column) = column {
            let _ = write!(self.out, ", N'COLUMN', {}", text(column));
        }
        self.out.push_str(";\n");
    }
}
