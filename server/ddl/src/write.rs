//! Writes a [`Schema`] as text: DDL of each dialect, DBML, Mermaid, Markdown or JSON.
//!
//! Nothing is dropped in silence. What a format cannot hold, or what the model knows by name only
//! (the bodies of functions), stands in the text as a comment that says why. Two steps make a
//! script of DDL: `translate` turns the texts of types and expressions into those of the target,
//! and the target's own writer puts them in order.

mod comment;
mod dbml;
mod folded;
mod json;
mod markdown;
mod mermaid;
mod postgres;
mod select;
mod sql;
mod translate;
mod undeclared;

pub use folded::folded;
pub use select::select;
pub use undeclared::undeclared;

use model::provider::Provider;
use model::schema::{QualifiedName, Schema};
use std::collections::HashMap;

/// A format in which a schema can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A script of DDL for one database system.
    Ddl(Provider),
    /// DBML, the language of dbdiagram.
    Dbml,
    /// An entity-relationship diagram in Mermaid.
    Mermaid,
    /// Documentation in Markdown.
    Markdown,
    /// The whole model as JSON.
    Json,
}

impl Format {
    /// Every format, in the order in which forms offer them.
    pub const ALL: [Self; 9] = [
        Self::Ddl(Provider::PostgreSql),
        Self::Ddl(Provider::MySql),
        Self::Ddl(Provider::Sqlite),
        Self::Ddl(Provider::SqlServer),
        Self::Ddl(Provider::Oracle),
        Self::Dbml,
        Self::Mermaid,
        Self::Markdown,
        Self::Json,
    ];

    /// The word used in addresses and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ddl(provider) => provider.as_str(),
            Self::Dbml => "dbml",
            Self::Mermaid => "mermaid",
            Self::Markdown => "markdown",
            Self::Json => "json",
        }
    }

    /// Reads the word that [`Format::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ddl(Provider::PostgreSql) => "SQL for PostgreSQL",
            Self::Ddl(Provider::MySql) => "SQL for MySQL",
            Self::Ddl(Provider::Sqlite) => "SQL for SQLite",
            Self::Ddl(Provider::SqlServer) => "SQL for SQL Server",
            Self::Ddl(Provider::Oracle) => "SQL for Oracle",
            Self::Dbml => "DBML",
            Self::Mermaid => "Mermaid",
            Self::Markdown => "Markdown",
            Self::Json => "JSON",
        }
    }

    /// The extension of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ddl(_) => "sql",
            Self::Dbml => "dbml",
            Self::Mermaid => "mmd",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// The media type, with the charset where it is text.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Ddl(_) => "application/sql; charset=utf-8",
            Self::Dbml | Self::Mermaid => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// What people wrote about tables and columns, besides the source's own comments. Markdown and
/// JSON show it, apart from those.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Descriptions of tables.
    pub tables: HashMap<QualifiedName, String>,
    /// Descriptions of columns, by table and column.
    pub columns: HashMap<(QualifiedName, String), String>,
}

impl Texts {
    /// The description of a table, where it has one that says something.
    pub fn table(&self, table: &QualifiedName) -> Option<&str> {
        said(self.tables.get(table))
    }

    /// The description of a column, where it has one that says something.
    pub fn column(&self, table: &QualifiedName, column: &str) -> Option<&str> {
        if self.columns.is_empty() {
            return None;
        }
        said(self.columns.get(&(table.clone(), column.to_owned())))
    }
}

fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// A name as a statement of this dialect has it: in quotes where it needs them.
pub fn quoted(name: &str, provider: Provider) -> String {
    translate::expression::quoted(name, provider, true)
}

/// Writes a schema. `source` is the dialect of its types' and expressions' texts; `texts` are
/// descriptions to go along, for the formats that show them.
pub fn write(schema: &Schema, source: Provider, format: Format, texts: Option<&Texts>) -> String {
    let none = Texts::default();
    let texts = texts.unwrap_or(&none);
    match format {
        Format::Ddl(Provider::PostgreSql) => {
            let translated = translate::translate(schema, source, Provider::PostgreSql);
            postgres::write(&translated)
        }
        Format::Ddl(target) => sql::write(&translate::translate(schema, source, target), target),
        Format::Dbml => dbml::write(schema, source),
        Format::Mermaid => mermaid::write(schema),
        Format::Markdown => markdown::write(schema, source, texts),
        Format::Json => json::write(schema, source, texts),
    }
}
