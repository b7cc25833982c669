//! The whole model as JSON, with what people wrote about it.

use super::Texts;
use model::provider::Provider;
use model::schema::Schema;
use serde::Serialize;

/// The document; `schema` reads back as a [`Schema`].
#[derive(Serialize)]
struct Document<'a> {
    /// The version of this layout.
    version: u32,
    provider: Provider,
    schema: &'a Schema,
    descriptions: Vec<Description<'a>>,
}

/// A text that a person wrote about a table, or about a column of it.
#[derive(Serialize)]
struct Description<'a> {
    schema: &'a str,
    table: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    description: &'a str,
}

/// Writes the document.
pub(super) fn write(schema: &Schema, source: Provider, texts: &Texts) -> String {
    let mut descriptions = Vec::new();
    for table in &schema.tables {
        let mut push = |column, description| {
            descriptions.push(Description {
                schema: &table.name.schema,
                table: &table.name.name,
                column,
                description,
            });
        };
        if let Some(text) = texts.table(&table.name) {
            push(None, text);
        }
        for column in &table.columns {
            if let Some(text) = texts.column(&table.name, &column.name) {
                push(Some(&column.name), text);
            }
        }
    }
    let document = Document {
        version: 1,
        provider: source,
        schema,
        descriptions,
    };
    // Text keys and plain values only: there is nothing that could fail.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
