//! What somebody searches for, and what is found. The text of a search holds words and filters
//! (`db:shop type:uuid customer`); page and server read it here, so that they agree.

mod found;
mod parse;

pub use found::{
    Marking, MatchPlace, SearchFacet, SearchFind, SearchMatch, SearchResults, TextPiece, pieces,
};

use serde::{Deserialize, Serialize};
use std::fmt::{Display, Formatter};

/// Of a text only so many characters are read. Nobody types that much.
pub const TEXT_MAX_CHARS: usize = 400;
/// Of the words only so many count.
pub const WORDS_MAX: usize = 8;
/// Of the filters only so many count.
pub const FILTERS_MAX: usize = 16;

/// A search, read from its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchQuery {
    /// What must be found, in the order typed; what stood in quotes is one word.
    pub words: Vec<String>,
    /// What must hold: one of the values for each key that is there.
    pub filters: Vec<SearchFilter>,
    /// What of the text did not do what it may have been meant to.
    pub notes: Vec<SearchNote>,
}

/// One filter: `db:shop`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchFilter {
    /// What it is about.
    pub key: FilterKey,
    /// The value, as typed, without quotes.
    pub value: String,
}

/// What a filter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilterKey {
    /// `db:` – the database's name or id.
    Database,
    /// `schema:` – the schema's name.
    Schema,
    /// `type:` – a kind of table, a data type, a semantic type, `column` or `database`.
    Type,
    /// `tag:` – a tag of the database, of the table, or of the column.
    Tag,
    /// `owner:` – who owns the table, by username, email or name.
    Owner,
    /// `has:note` – somebody described it.
    Has,
    /// `is:undocumented` – neither people nor the source say what it is.
    Is,
}

/// What of a search's text did not do what it may have been meant to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchNote {
    /// A word like a filter that there is not; it is searched for as text.
    UnknownFilter(String),
    /// A filter without a value; it is left out.
    NoValue(String),
    /// More words or filters than count.
    TooMany,
    /// The text was longer than what is read.
    TooLong,
}

impl FilterKey {
    /// All keys, in the order in which pages show them.
    pub const ALL: [Self; 7] = [
        Self::Database,
        Self::Schema,
        Self::Type,
        Self::Tag,
        Self::Owner,
        Self::Has,
        Self::Is,
    ];

    /// Its word before the colon.
    pub fn word(self) -> &'static str {
        match self {
            Self::Database => "db",
            Self::Schema => "schema",
            Self::Type => "type",
            Self::Tag => "tag",
            Self::Owner => "owner",
            Self::Has => "has",
            Self::Is => "is",
        }
    }

    /// How pages call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Database => "Database",
            Self::Schema => "Schema",
            Self::Type => "Type",
            Self::Tag => "Tag",
            Self::Owner => "Owner",
            Self::Has | Self::Is => "Documentation",
        }
    }
}

impl SearchFilter {
    /// A filter.
    pub fn new(key: FilterKey, value: impl Into<String>) -> Self {
        Self {
            key,
            value: value.into(),
        }
    }
}

impl Display for SearchFilter {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let quoted = self.value.contains(char::is_whitespace);
        let quote = if quoted { "\"" } else { "" };
        write!(
            formatter,
            "{}:{quote}{}{quote}",
            self.key.word(),
            self.value
        )
    }
}

impl SearchQuery {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.filters.is_empty()
    }

    /// The values of a key.
    pub fn values(&self, key: FilterKey) -> impl Iterator<Item = &str> {
        self.filters
            .iter()
            .filter(move |filter| filter.key == key)
            .map(|filter| filter.value.as_str())
    }

    /// Whether the filter is set, whatever its case.
    pub fn has(&self, filter: &SearchFilter) -> bool {
        self.filters.iter().any(|one| one.same(filter))
    }

    /// The same search with one filter more, or without it where it is set.
    #[must_use]
    pub fn toggled(&self, filter: &SearchFilter) -> Self {
        let mut toggled = self.clone();
        if self.has(filter) {
            toggled.filters.retain(|one| !one.same(filter));
        } else {
            toggled.filters.push(filter.clone());
        }
        toggled
    }

    /// What `type:` asks for; none where it is not set.
    pub fn types(&self) -> Option<WantedTypes> {
        let mut wanted = WantedTypes::default();
        let mut any = false;
        for value in self.values(FilterKey::Type) {
            any = true;
            wanted.add(value);
        }
        any.then_some(wanted)
    }
}

impl Display for SearchQuery {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let mut gap = "";
        for filter in &self.filters {
            write!(formatter, "{gap}{filter}")?;
            gap = " ";
        }
        for word in &self.words {
            if word.contains(char::is_whitespace) {
                write!(formatter, "{gap}\"{word}\"")?;
            } else {
                write!(formatter, "{gap}{word}")?;
            }
            gap = " ";
        }
        Ok(())
    }
}

impl SearchFilter {
    fn same(&self, other: &Self) -> bool {
        self.key == other.key && self.value.to_lowercase() == other.value.to_lowercase()
    }
}

/// What `type:` asks for. Its values are alternatives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedTypes {
    /// Databases themselves.
    pub databases: bool,
    /// Columns of any type.
    pub columns: bool,
    /// Kinds of tables, as the catalog writes them.
    pub kinds: Vec<&'static str>,
    /// Data types and semantic types, in every usual spelling, in lower case.
    pub types: Vec<String>,
}

/// Kinds of tables: how people write them, and how the catalog does.
const KINDS: [(&str, &[&str]); 9] = [
    ("table", &["table"]),
    ("view", &["view", "materialized_view"]),
    ("materialized_view", &["materialized_view"]),
    ("matview", &["materialized_view"]),
    ("foreign_table", &["foreign_table"]),
    ("ncf", &["ncf"]),
    ("parquet", &["parquet"]),
    ("csv", &["csv"]),
    ("external", &["external"]),
];

/// Data types with several spellings. Who asks for one means all.
const SPELLINGS: [&[&str]; 11] = [
    &["varchar", "character varying", "varchar2", "nvarchar"],
    &["char", "character", "bpchar", "nchar"],
    &["int", "integer", "int4"],
    &["bigint", "int8"],
    &["smallint", "int2"],
    &["bool", "boolean"],
    &["float", "real", "float4"],
    &["double", "double precision", "float8"],
    &["decimal", "numeric", "number"],
    &["timestamptz", "timestamp with time zone"],
    &["timestamp", "timestamp without time zone", "datetime"],
];

impl WantedTypes {
    fn add(&mut self, value: &str) {
        let value = value.trim().to_lowercase();
        let word = value.replace([' ', '-'], "_");
        match word.as_str() {
            "database" => self.databases = true,
            "column" => self.columns = true,
            _ => match KINDS.iter().find(|(name, _)| *name == word) {
                Some((_, kinds)) => self.kinds.extend_from_slice(kinds),
                None => {
                    let spellings = SPELLINGS
                        .into_iter()
                        .find(|spellings| spellings.contains(&value.as_str()));
                    match spellings {
                        Some(spellings) => self
                            .types
                            .extend(spellings.iter().map(|one| (*one).to_owned())),
                        None => self.types.push(value),
                    }
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_set_and_taken_off_by_the_same_click() {
        let query: SearchQuery = "db:Shop customer".parse().unwrap_or_default();
        let filter = SearchFilter::new(FilterKey::Schema, "my sales");
        let more = query.toggled(&filter);
        assert_eq!(more.to_string(), r#"db:Shop schema:"my sales" customer"#);
        assert_eq!(more.to_string().parse(), Ok(more.clone()));
        assert_eq!(more.toggled(&filter), query);
        let same = SearchFilter::new(FilterKey::Database, "SHOP");
        assert_eq!(query.toggled(&same).to_string(), "customer");
    }

    #[test]
    fn types_are_kinds_or_any_spelling_of_a_data_type() {
        let types = |text: &str| {
            text.parse::<SearchQuery>()
                .unwrap_or_default()
                .types()
                .unwrap_or_default()
        };
        assert_eq!(types("type:view").kinds, ["view", "materialized_view"]);
        assert_eq!(
            types(r#"type:"materialized view""#).kinds,
            ["materialized_view"]
        );
        assert_eq!(types("type:INT").types, ["int", "integer", "int4"]);
        let both = types("type:email type:column type:database");
        assert_eq!(both.types, ["email"]);
        assert!(both.columns && both.databases && both.kinds.is_empty());
        let query: SearchQuery = "uuid".parse().unwrap_or_default();
        assert_eq!(query.types(), None);
    }
}
