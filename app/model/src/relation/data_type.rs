//! What data types have in common, as far as it matters for the two ends of a relation.

use crate::schema::Schema;
use std::collections::HashMap;

/// Which values a type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Whole,
    Text,
    Uuid,
    Binary,
    /// Not known: a column of SQLite without a type, or a view's.
    Unknown,
    /// A type of the schema's own, or one that nobody knows here.
    Named,
    /// Moments, truth values, fractions, documents, arrays: no one refers by these.
    Never,
}

/// A type, without what does not matter here (the width of numbers in print, `unsigned`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataType {
    family: Family,
    base: String,
    length: Option<u32>,
}

impl DataType {
    fn of(text: &str) -> Self {
        let lower = text.trim().to_lowercase();
        let (base, length) = match lower.split_once('(') {
            Some((base, rest)) => {
                let inside = rest.split(')').next().unwrap_or_default();
                (base.trim(), Some(inside))
            }
            None => (lower.as_str(), None),
        };
        let after = lower.split(')').nth(1).unwrap_or_default();
        if lower.ends_with(']') || after.contains('[') {
            return Self::new(Family::Never, &lower, None);
        }
        let scale = length.and_then(|inside| inside.split_once(','));
        let number = length.and_then(|inside| {
            let digits: String = inside.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().ok()
        });
        let base = base
            .trim_end_matches(" unsigned")
            .trim_end_matches(" zerofill")
            .trim_end_matches(" unsigned");
        let (family, base) = match base {
            "" => (Family::Unknown, ""),
            "tinyint" if number == Some(1) => (Family::Never, "boolean"),
            "smallint" | "int2" | "smallserial" => (Family::Whole, "smallint"),
            "integer" | "int" | "int4" | "serial" => (Family::Whole, "integer"),
            "bigint" | "int8" | "bigserial" => (Family::Whole, "bigint"),
            "tinyint" | "mediumint" => (Family::Whole, base),
            // Oracle's numbers, and everybody's without a fraction.
            "number" | "numeric" | "decimal" => match scale {
                Some((_, scale)) if scale.trim() != "0" => (Family::Never, "numeric"),
                None if number.is_none() && base != "number" => (Family::Never, "numeric"),
                _ => (Family::Whole, "numeric"),
            },
            "character varying"
            | "varchar"
            | "varchar2"
            | "nvarchar"
            | "nvarchar2"
            | "national character varying" => (Family::Text, "varchar"),
            "character" | "char" | "bpchar" | "nchar" => (Family::Text, "char"),
            "text" | "citext" | "string" | "tinytext" => (Family::Text, "text"),
            "uuid" | "uniqueidentifier" => (Family::Uuid, "uuid"),
            "binary" | "varbinary" | "raw" | "bytea" => (Family::Binary, base),
            "mediumtext" | "longtext" | "ntext" | "clob" | "nclob" | "blob" | "longblob"
            | "mediumblob" | "tinyblob" | "image" | "xml" | "json" | "jsonb" | "hstore"
            | "boolean" | "bool" | "bit" | "bit varying" | "date" | "time" | "datetime"
            | "datetime2" | "smalldatetime" | "datetimeoffset" | "interval" | "year" | "real"
            | "float" | "float4" | "float8" | "double" | "double precision" | "money"
            | "smallmoney" | "point" | "box" | "polygon" | "geometry" | "geography"
            | "tsvector" | "inet" | "cidr" | "macaddr" | "enum" | "set" => (Family::Never, base),
            _ if base.starts_with("timestamp") || base.starts_with("time ") => {
                (Family::Never, "timestamp")
            }
            _ => (Family::Named, base),
        };
        let length = match family {
            Family::Text | Family::Binary | Family::Named => number,
            _ => None,
        };
        Self::new(family, base, length)
    }

    fn new(family: Family, base: &str, length: Option<u32>) -> Self {
        Self {
            family,
            base: base.to_owned(),
            length,
        }
    }

    /// Whether a column of this type may refer to anything.
    pub(super) fn refers(&self) -> bool {
        self.family != Family::Never
    }

    /// Whether it is text, by which things are called as well as referred to.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.family, Family::Text | Family::Binary)
    }

    /// Whether it may hold the name of a kind of thing.
    pub(super) fn is_word(text: &str) -> bool {
        let lower = text.trim().to_lowercase();
        let own = Self::of(&lower);
        matches!(own.family, Family::Text | Family::Named) || lower.starts_with("enum")
    }

    /// How well a column of this type goes with a key of that one: 1 for equal types, less for
    /// those that a database compares all the same, none for the rest.
    pub(super) fn fit(&self, key: &Self) -> Option<Fit> {
        if self.family == Family::Never || key.family == Family::Never {
            return None;
        }
        if self == key {
            return Some(match self.family {
                Family::Unknown => Fit::Unknown,
                _ => Fit::Equal,
            });
        }
        if self.family == Family::Unknown || key.family == Family::Unknown {
            return Some(Fit::Unknown);
        }
        if self.family != key.family {
            // UUIDs are kept as text or bytes where the database has no type for them.
            let text = match (self.family, key.family) {
                (Family::Uuid, Family::Text | Family::Binary) => key,
                (Family::Text | Family::Binary, Family::Uuid) => self,
                _ => return None,
            };
            return matches!(text.length, Some(16 | 32 | 36 | 38)).then_some(Fit::Compatible);
        }
        match self.family {
            Family::Named => (self.base == key.base).then_some(Fit::Equal),
            _ if self.base == key.base => Some(Fit::Near),
            _ => Some(Fit::Compatible),
        }
    }
}

/// Whether columns of two types compare.
pub(super) fn go_together(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
        || DataType::of(one).fit(&DataType::of(other)).is_some()
}

/// How two types go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// One of them is not known.
    Unknown,
    /// Another width or another kind of text: the database converts.
    Compatible,
    /// The same but for its length.
    Near,
    /// The same.
    Equal,
}

impl Fit {
    /// What it leaves of a confidence.
    pub(super) fn factor(self) -> f32 {
        match self {
            Self::Equal => 1.0,
            Self::Near => 0.97,
            Self::Compatible => 0.85,
            Self::Unknown => 0.9,
        }
    }

    /// The end of the sentence "…and has the type of its key".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Equal => "has the type of its key",
            Self::Near => "has the type of its key, but for the length",
            Self::Compatible => "has a type that compares with its key's",
            Self::Unknown => "has no type that contradicts",
        }
    }
}

/// The types of a schema, each text read once; domains count as what is below them.
pub(super) struct Types<'a> {
    domains: HashMap<&'a str, &'a str>,
    read: HashMap<&'a str, usize>,
    types: Vec<DataType>,
}

impl<'a> Types<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self {
            domains: schema
                .domains
                .iter()
                .map(|domain| (domain.name.name.as_str(), domain.data_type.as_str()))
                .collect(),
            read: HashMap::new(),
            types: Vec::new(),
        }
    }

    /// The number of a type's text.
    pub(super) fn number(&mut self, text: &'a str) -> usize {
        if let Some(number) = self.read.get(text) {
            return *number;
        }
        let bare = text.rsplit('.').next().unwrap_or(text);
        let mut below = text;
        // A domain may stand on a domain, but not for ever.
        for _ in 0..4 {
            let name = if below == text { bare } else { below };
            match self.domains.get(name.trim_matches('"')) {
                Some(next) => below = next,
                None => break,
            }
        }
        let number = self.types.len();
        self.types.push(DataType::of(below));
        self.read.insert(text, number);
        number
    }

    /// The type of that number.
    pub(super) fn get(&self, number: usize) -> Option<&DataType> {
        self.types.get(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(one: &str, other: &str) -> Option<Fit> {
        DataType::of(one).fit(&DataType::of(other))
    }

    #[test]
    fn equal_types_are_equal_however_written() {
        assert_eq!(fit("integer", "int4"), Some(Fit::Equal));
        assert_eq!(fit("int(11)", "int(10) unsigned"), Some(Fit::Equal));
        assert_eq!(
            fit("character varying(20)", "varchar(20)"),
            Some(Fit::Equal)
        );
        assert_eq!(fit("uuid", "uniqueidentifier"), Some(Fit::Equal));
        assert_eq!(fit("NUMBER(10)", "number"), Some(Fit::Equal));
    }

    #[test]
    fn others_compare_or_do_not() {
        assert_eq!(fit("varchar(20)", "varchar(30)"), Some(Fit::Near));
        assert_eq!(fit("bigint", "integer"), Some(Fit::Compatible));
        assert_eq!(fit("char(36)", "uuid"), Some(Fit::Compatible));
        assert_eq!(fit("", "integer"), Some(Fit::Unknown));
        for (one, other) in [
            ("integer", "uuid"),
            ("text", "uuid"),
            ("text", "integer"),
            ("timestamp with time zone", "timestamp with time zone"),
            ("integer[]", "integer"),
            ("numeric(10,2)", "integer"),
            ("boolean", "boolean"),
            ("tinyint(1)", "int"),
            ("mood", "season"),
        ] {
            assert_eq!(fit(one, other), None, "{one} {other}");
        }
    }
}
