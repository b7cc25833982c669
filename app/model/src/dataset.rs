//! Datasets: what is catalogued without a database, a file in a store of objects for one. Nothing
//! reads them from a source, so people write them down whole.

use crate::catalog::ColumnDetail;
use crate::id::TableId;
use crate::metadata::{ColumnPatch, Reason, TablePatch, TableRecord};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Columns of a dataset at the most.
pub const DATASET_COLUMNS_MAX: u32 = 5_000;

/// What a dataset is: data without a database, known to the catalog by where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DatasetType {
    /// A file of the columnar format NCF.
    Ncf,
    /// Files of Apache Parquet.
    Parquet,
    /// Files of values between commas.
    Csv,
    /// Anything else that is elsewhere.
    External,
}

impl DatasetType {
    /// All of them, in the order in which pages offer them.
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Csv, Self::Ncf, Self::External];

    /// The word kept in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ncf => "ncf",
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::External => "external",
        }
    }

    /// Reads the word that [`DatasetType::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// How pages call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ncf => "NCF",
            Self::Parquet => "Parquet",
            Self::Csv => "CSV",
            Self::External => "External",
        }
    }
}

/// A dataset that is to be catalogued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDataset {
    /// The schema to catalogue it in; empty for `public`.
    pub schema: String,
    /// Its name, unique among the datasets of its schema.
    pub name: String,
    /// What it is.
    pub dataset_type: DatasetType,
    /// What is said of it, its numbers among it.
    pub said: TablePatch,
    /// Its columns in order; more can be added later.
    pub columns: Vec<NewColumn>,
}

/// A column that is to be added to a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewColumn {
    /// Its name, unique in its dataset.
    pub name: String,
    /// Its type's text.
    pub data_type: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether it is part of what tells rows apart.
    pub primary_key: bool,
    /// What is said of it.
    pub said: ColumnPatch,
}

/// Which datasets a list shall hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetQuery {
    /// Only those with this in their schema, name or location; empty for all.
    pub text: String,
    /// Only those of this type.
    pub dataset_type: Option<DatasetType>,
    /// Only those after this one, by schema and name: the `next` of the page before.
    pub after: Option<String>,
}

/// A dataset as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Its id.
    pub id: TableId,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub dataset_type: DatasetType,
    /// Where its data is.
    pub storage_location: Option<String>,
    /// How many columns it has.
    pub columns: u32,
    /// Rows, where they are known.
    pub row_count: Option<i64>,
    /// Size in bytes, where it is known.
    pub size_bytes: Option<i64>,
    /// When anything about it changed last.
    pub updated_at: Timestamp,
}

/// A page of datasets by schema and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetPage {
    /// The datasets.
    pub datasets: Vec<DatasetSummary>,
    /// What to give as `after` for those that follow; none at the end.
    pub next: Option<String>,
}

/// A dataset as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasetDetail {
    /// What is known of it.
    pub record: TableRecord,
    /// Its columns in order.
    pub columns: Vec<ColumnDetail>,
    /// Whether the one who asks may change it.
    pub may_edit: bool,
}

/// Reads columns from lines of `name type [not null]`; empty lines are passed over. A name with
/// blanks stands in double quotes.
///
/// # Errors
/// The first line that is not of that form, by its number.
pub fn read_columns(lines: &str) -> Result<Vec<NewColumn>, Reason> {
    let mut columns: Vec<NewColumn> = Vec::new();
    for (place, line) in lines.lines().enumerate() {
        let line = line.trim().trim_end_matches(',').trim_end();
        if line.is_empty() {
            continue;
        }
        let wrong = |why: &str| format!("Line {}: {why}", place + 1);
        let column = read_column(line).map_err(|why| wrong(&why))?;
        if columns.iter().any(|known| known.name == column.name) {
            return Err(wrong(&format!(
                "the column “{}” stands twice.",
                column.name
            )));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn read_column(line: &str) -> Result<NewColumn, Reason> {
    let (name, rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted
            .split_once('"')
            .ok_or_else(|| "the quote around the name does not end.".to_owned())?,
        None => line
            .split_once(char::is_whitespace)
            .ok_or_else(|| format!("the column “{line}” has no type."))?,
    };
    let (name, rest) = (name.trim(), rest.trim());
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (types, nullable) = match words.as_slice() {
        [types @ .., not, null]
            if not.eq_ignore_ascii_case("not") && null.eq_ignore_ascii_case("null") =>
        {
            (types, false)
        }
        [types @ .., null] if null.eq_ignore_ascii_case("null") => (types, true),
        types => (types, true),
    };
    if name.is_empty() {
        return Err("the column has no name.".to_owned());
    }
    if types.is_empty() {
        return Err(format!("the column “{name}” has no type."));
    }
    Ok(NewColumn {
        name: name.to_owned(),
        data_type: types.join(" "),
        nullable,
        ..NewColumn::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_their_lines() {
        let lines =
            "id bigint NOT NULL,\r\n\n  \"first name\" varchar(20)\namount decimal(10, 2) null";
        let columns = read_columns(lines).unwrap_or_default();
        let read: Vec<_> = columns
            .iter()
            .map(|one| (one.name.as_str(), one.data_type.as_str(), one.nullable))
            .collect();
        assert_eq!(
            read,
            [
                ("id", "bigint", false),
                ("first name", "varchar(20)", true),
                ("amount", "decimal(10, 2)", true),
            ]
        );
        assert_eq!(read_columns(" \n"), Ok(Vec::new()));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (lines, place) in [
            ("id bigint\nemail", "Line 2"),
            ("id not null", "Line 1"),
            ("\"id bigint", "Line 1"),
            ("\"\" bigint", "Line 1"),
            ("id bigint\n\nid text", "Line 3"),
        ] {
            let reason = read_columns(lines).err().unwrap_or_default();
            assert!(reason.starts_with(place), "{lines:?}: {reason}");
        }
    }
}
