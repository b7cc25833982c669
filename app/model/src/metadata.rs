//! What people write about databases, tables and columns, and the rules that it obeys.
//!
//! Three texts tell what a thing is, and they are never mixed: the source's own comment, what a
//! person wrote, and what a machine drafted.

use crate::access::Person;
use crate::id::{ColumnId, DatabaseId, TableId};
use crate::schema::QualifiedName;
use crate::semantic::{SemanticProposal, SemanticType};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest description of a database or table, in characters of Markdown.
pub const DESCRIPTION_MAX_CHARS: usize = 20_000;
/// The longest description of a column, in characters of Markdown: a table's page shows them all.
pub const COLUMN_DESCRIPTION_MAX_CHARS: usize = 4_000;
/// Tags of one thing at the most.
pub const TAGS_MAX: usize = 30;
/// The longest tag, in characters.
pub const TAG_MAX_CHARS: usize = 50;
/// The longest storage location, in characters.
pub const LOCATION_MAX_CHARS: usize = 2_000;
/// The longest name of a storage format, in characters.
pub const FORMAT_MAX_CHARS: usize = 50;
/// The longest text about partitioning, in characters.
pub const PARTITIONING_MAX_CHARS: usize = 4_000;
/// Pairs of custom metadata at the most.
pub const CUSTOM_MAX: usize = 50;
/// The longest key of custom metadata, in characters.
pub const CUSTOM_KEY_MAX_CHARS: usize = 100;
/// The longest value of custom metadata, in characters.
pub const CUSTOM_VALUE_MAX_CHARS: usize = 2_000;

/// A text that a person wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenText {
    /// As it was written, in Markdown.
    pub markdown: String,
    /// The same as sanitised HTML; empty until the service has rendered it.
    pub html: String,
    /// Who wrote it, by the name to show; none where that is not known (any more).
    pub by: Option<String>,
    /// When; none for texts of before this was kept.
    pub at: Option<Timestamp>,
}

/// A text that a machine drafted and no person has taken for theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftText {
    /// As it was drafted, in Markdown.
    pub markdown: String,
    /// The same as sanitised HTML; empty until the service has rendered it.
    pub html: String,
    /// When.
    pub at: Option<Timestamp>,
}

/// What people may write about anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// Grows with each change by people, never with a refresh. A form carries the one that it was
    /// filled with, so that nobody overwrites what they have not read.
    pub revision: i32,
    /// What a person wrote.
    pub description: Option<WrittenText>,
    /// What a machine drafted.
    pub ai_draft: Option<DraftText>,
    /// Tags in alphabetical order, lower-case.
    pub tags: Vec<String>,
}

/// What people say of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseMetadata {
    /// Texts and tags. Who owns it stands with the rights.
    pub annotation: Annotation,
}

/// What people say of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableMetadata {
    /// Texts and tags.
    pub annotation: Annotation,
    /// Who answers for it.
    pub owner: Option<Person>,
    /// Where its data is.
    pub storage_location: Option<String>,
    /// How its data is written: `parquet`.
    pub storage_format: Option<String>,
    /// How its data is cut into parts: words, or a JSON object or array as text.
    pub partitioning: Option<String>,
    /// Keys and values of people's own, by key.
    pub custom: Vec<(String, String)>,
}

/// What people say of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMetadata {
    /// Texts and tags.
    pub annotation: Annotation,
    /// What its values mean: a word of [`SemanticType`], or of a system before us.
    pub semantic_type: Option<String>,
    /// Meanings on which somebody has given a verdict; they are not proposed again.
    pub decided: Vec<String>,
    /// What its values may mean, where nobody has said.
    pub proposal: Option<SemanticProposal>,
}

/// A database as its form shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseRecord {
    /// Its id.
    pub id: DatabaseId,
    /// Its name.
    pub name: String,
    /// What people say of it.
    pub metadata: DatabaseMetadata,
}

/// A table as its form and programs see it, without its columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRecord {
    /// Its id.
    pub id: TableId,
    /// The database that it belongs to, with its name; none for a dataset.
    pub database: Option<(DatabaseId, String)>,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `table`, `view`, …, or a dataset's `ncf`, `parquet`, `csv` and `external`.
    pub table_type: String,
    /// The source's comment.
    pub source_comment: Option<String>,
    /// How many columns it has.
    pub columns: u32,
    /// Rows, where they are known.
    pub row_count: Option<i64>,
    /// Size in bytes, where it is known.
    pub size_bytes: Option<i64>,
    /// How many times smaller than plain its data is written.
    pub compression_ratio: Option<f64>,
    /// What people say of it.
    pub metadata: TableMetadata,
    /// When it was first put in the catalog.
    pub created_at: Timestamp,
    /// When anything about it changed last.
    pub updated_at: Timestamp,
}

/// A column as its form and programs see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRecord {
    /// Its id.
    pub id: ColumnId,
    /// Its table's id.
    pub table_id: TableId,
    /// The database of its table, with its name; none for a dataset.
    pub database: Option<(DatabaseId, String)>,
    /// Its table's schema.
    pub schema: String,
    /// Its table's name.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its place among the columns, counted from 1.
    pub position: i32,
    /// Its type's exact text.
    pub data_type: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// The source's comment.
    pub source_comment: Option<String>,
    /// What people say of it.
    pub metadata: ColumnMetadata,
    /// When anything about it changed last.
    pub updated_at: Timestamp,
}

/// Which table is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableKey {
    /// By its id.
    Id(TableId),
    /// By its name in a database.
    Named(DatabaseId, QualifiedName),
}

/// Which column is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKey {
    /// By its id.
    Id(ColumnId),
    /// By its name in a table.
    Named(TableKey, String),
}

/// What a form is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectKey {
    /// A database.
    Database(DatabaseId),
    /// A table.
    Table(TableKey),
    /// A column.
    Column(ColumnKey),
}

/// A change of what people say of a database. In each field the outer `None` leaves it as it is,
/// and `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabasePatch {
    /// The revision that the change was made on; none to change whatever is there.
    pub revision: Option<i32>,
    /// Markdown.
    pub description: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
}

/// A change of what people say of a table; as in [`DatabasePatch`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TablePatch {
    /// The revision that the change was made on; none to change whatever is there.
    pub revision: Option<i32>,
    /// Markdown.
    pub description: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// An address or a name to sign in with.
    pub owner: Option<Option<String>>,
    /// Where its data is.
    pub storage_location: Option<Option<String>>,
    /// How its data is written.
    pub storage_format: Option<Option<String>>,
    /// How its data is cut into parts.
    pub partitioning: Option<Option<String>>,
    /// All pairs.
    pub custom: Option<Vec<(String, String)>>,
    /// Rows; of a dataset only, for a source counts those of its tables.
    pub row_count: Option<Option<i64>>,
    /// Size in bytes; of a dataset only.
    pub size_bytes: Option<Option<i64>>,
    /// How many times smaller than plain its data is written; of a dataset only.
    pub compression_ratio: Option<Option<f64>>,
}

impl TablePatch {
    /// Whether it says what only a dataset is told by people.
    pub fn has_numbers(&self) -> bool {
        self.row_count.is_some() || self.size_bytes.is_some() || self.compression_ratio.is_some()
    }
}

/// A change of what people say of a column; as in [`DatabasePatch`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnPatch {
    /// The revision that the change was made on; none to change whatever is there.
    pub revision: Option<i32>,
    /// Markdown.
    pub description: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// What its values mean.
    pub semantic_type: Option<Option<SemanticType>>,
}

/// Why a list of tags or pairs cannot be taken, as a sentence.
pub type Reason = String;

/// Tags as they are kept: trimmed, lower-case, inner white space as one hyphen, each once, in
/// alphabetical order. What is empty is passed over.
///
/// # Errors
/// A tag that is too long or holds what no tag may, or too many.
pub fn normalised_tags(given: &[String]) -> Result<Vec<String>, Reason> {
    let mut tags = Vec::new();
    for tag in given {
        let tag = tag.to_lowercase();
        let tag = tag
            .trim()
            .trim_start_matches('#')
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("-");
        if tag.is_empty() {
            continue;
        }
        if tag.chars().count() > TAG_MAX_CHARS {
            return Err(format!("A tag has at most {TAG_MAX_CHARS} characters."));
        }
        let fits = |letter: char| letter.is_alphanumeric() || "-_.:/".contains(letter);
        if !tag.chars().all(fits) {
            return Err(format!(
                "“{tag}” is no tag: letters, digits and - _ . : / may stand in one."
            ));
        }
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    if tags.len() > TAGS_MAX {
        return Err(format!("At most {TAGS_MAX} tags, please."));
    }
    Ok(tags)
}

/// Reads tags from one line, where commas or semicolons stand between them; without any, spaces do.
pub fn split_tags(line: &str) -> Vec<String> {
    let separated = line.contains([',', ';', '\n']);
    line.split(|letter: char| {
        if separated {
            matches!(letter, ',' | ';' | '\n')
        } else {
            letter.is_whitespace()
        }
    })
    .filter(|tag| !tag.trim().is_empty())
    .map(str::to_owned)
    .collect()
}

/// Pairs as they are kept: trimmed, by key.
///
/// # Errors
/// An empty, doubled or overlong key, an overlong value, or too many.
pub fn normalised_custom(given: &[(String, String)]) -> Result<Vec<(String, String)>, Reason> {
    let mut pairs = Vec::new();
    for (key, value) in given {
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err(format!("The value “{}” has no key.", cut(value)));
        }
        if key.chars().count() > CUSTOM_KEY_MAX_CHARS {
            return Err(format!(
                "A key has at most {CUSTOM_KEY_MAX_CHARS} characters."
            ));
        }
        if key.contains(|letter: char| letter == ':' || letter.is_control()) {
            return Err(format!(
                "The key “{}” holds a colon or a line break, which no key may.",
                cut(key)
            ));
        }
        if value.chars().count() > CUSTOM_VALUE_MAX_CHARS {
            return Err(format!(
                "The value of “{key}” has more than {CUSTOM_VALUE_MAX_CHARS} characters."
            ));
        }
        if value.contains(char::is_control) {
            return Err(format!("The value of “{key}” must stand on one line."));
        }
        pairs.push((key.to_owned(), value.to_owned()));
    }
    pairs.sort();
    for (one, next) in pairs.iter().zip(pairs.iter().skip(1)) {
        if one.0 == next.0 {
            return Err(format!("The key “{}” stands twice.", one.0));
        }
    }
    if pairs.len() > CUSTOM_MAX {
        return Err(format!("At most {CUSTOM_MAX} pairs, please."));
    }
    Ok(pairs)
}

/// Reads pairs from lines of `key: value`; empty lines are passed over.
///
/// # Errors
/// A line without a colon.
pub fn read_custom(lines: &str) -> Result<Vec<(String, String)>, Reason> {
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            line.split_once(':')
                .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
                .ok_or_else(|| format!("“{}” is not of the form key: value.", cut(line)))
        })
        .collect()
}

/// Writes pairs as [`read_custom`] reads them.
pub fn write_custom(pairs: &[(String, String)]) -> String {
    let lines: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    lines.join("\n")
}

fn cut(text: &str) -> String {
    const SHOWN: usize = 40;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[test]
    fn tags_are_told_apart_by_their_letters_alone() {
        assert_eq!(
            normalised_tags(&owned(&[
                "PII",
                " pii ",
                "#Finance",
                "",
                "Sales  data",
                "größe"
            ])),
            Ok(owned(&["finance", "größe", "pii", "sales-data"]))
        );
        assert!(normalised_tags(&owned(&["<b>"])).is_err());
        assert!(normalised_tags(&["x".repeat(51)]).is_err());
        let many: Vec<String> = (0..31).map(|number| format!("t{number}")).collect();
        assert!(normalised_tags(&many).is_err());
    }

    #[test]
    fn tags_are_read_from_a_line() {
        assert_eq!(split_tags("a b"), owned(&["a", "b"]));
        let tags = split_tags("sales data, pii;gdpr");
        assert_eq!(
            normalised_tags(&tags),
            Ok(owned(&["gdpr", "pii", "sales-data"]))
        );
    }

    #[test]
    fn pairs_come_back_from_their_lines() {
        let pairs = vec![
            ("retention".to_owned(), "30 d: then gone".to_owned()),
            ("tier".to_owned(), String::new()),
        ];
        let read = read_custom(&write_custom(&pairs)).unwrap();
        assert_eq!(normalised_custom(&read), Ok(pairs));
        assert!(read_custom("no colon here").is_err());
    }

    #[test]
    fn pairs_that_contradict_are_refused() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        for pairs in [
            vec![pair("a", "1"), pair("a", "2")],
            vec![pair("", "1")],
            vec![pair("a:b", "1")],
            vec![pair("a", "1\n2")],
            vec![pair(&"k".repeat(101), "")],
            vec![pair("a", &"v".repeat(2_001))],
        ] {
            assert!(normalised_custom(&pairs).is_err(), "{pairs:?}");
        }
    }
}
