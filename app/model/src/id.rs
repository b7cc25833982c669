//! Typed identifiers: one type per resource, so that a table's id is never taken for a column's.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The text given as an id does not have the shape of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    /// What the id names, for the message: "database", "table".
    pub noun: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not the id of a {}", self.noun)
    }
}

impl std::error::Error for IdError {}

/// Identifies a database in the catalog: `db_` and ten characters of `[a-z0-9]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "schema",
    schema(pattern = "^db_[a-z0-9]{10}$", example = "db_a1b2c3d4e5")
)]
#[serde(try_from = "String", into = "String")]
pub struct DatabaseId(String);

impl DatabaseId {
    /// The characters after `db_`.
    pub const ALPHABET: &'static [u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    /// How many characters follow `db_`.
    pub const LENGTH: usize = 10;

    /// Makes an id from ten numbers, of which only the remainder by 36 counts.
    /// Whoever calls this brings the randomness; this crate has none.
    pub fn from_entropy(entropy: [u8; Self::LENGTH]) -> Self {
        let tail: String = entropy
            .iter()
            .filter_map(|byte| {
                let place = usize::from(*byte) % Self::ALPHABET.len();
                Self::ALPHABET.get(place).copied().map(char::from)
            })
            .collect();
        Self(format!("db_{tail}"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let tail = text
            .strip_prefix("db_")
            .ok_or(IdError { noun: "database" })?;
        let well_formed =
            tail.len() == Self::LENGTH && tail.bytes().all(|byte| Self::ALPHABET.contains(&byte));
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { noun: "database" })
        }
    }
}

impl TryFrom<String> for DatabaseId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<DatabaseId> for String {
    fn from(id: DatabaseId) -> Self {
        id.0
    }
}

impl fmt::Display for DatabaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Identifies a job: a UUID, in its usual form of lowercase letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "schema",
    schema(format = "uuid", example = "0b9f8a1e-7c55-4f0e-9a3b-1d2e3f405162")
)]
pub struct JobId(String);

impl JobId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JobId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let well_formed = groups == [8, 4, 4, 4, 12]
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { noun: "job" })
        }
    }
}

impl TryFrom<String> for JobId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<JobId> for String {
    fn from(id: JobId) -> Self {
        id.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Identifies a saved view of a diagram: `vw_` and ten characters of `[a-z0-9]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "schema",
    schema(pattern = "^vw_[a-z0-9]{10}$", example = "vw_a1b2c3d4e5")
)]
#[serde(try_from = "String", into = "String")]
pub struct ViewId(String);

impl ViewId {
    /// Makes an id from ten numbers, of which only the remainder by 36 counts.
    pub fn from_entropy(entropy: [u8; DatabaseId::LENGTH]) -> Self {
        let tail = DatabaseId::from_entropy(entropy).0;
        Self(tail.replacen("db_", "vw_", 1))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ViewId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let well_formed = text.strip_prefix("vw_").is_some_and(|tail| {
            tail.len() == DatabaseId::LENGTH
                && tail
                    .bytes()
                    .all(|byte| DatabaseId::ALPHABET.contains(&byte))
        });
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { noun: "view" })
        }
    }
}

impl TryFrom<String> for ViewId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<ViewId> for String {
    fn from(id: ViewId) -> Self {
        id.0
    }
}

impl fmt::Display for ViewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self).map_err(|_| IdError { noun: $noun })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

numeric_id!(
    /// Identifies a table, view or other relation across refreshes.
    TableId,
    "table"
);
numeric_id!(
    /// Identifies a column across refreshes.
    ColumnId,
    "column"
);
numeric_id!(
    /// Identifies a person.
    UserId,
    "user"
);
numeric_id!(
    /// Identifies a group of people.
    GroupId,
    "group"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_id_is_read_only_in_its_own_shape() {
        assert!("db_a1b2c3d4e5".parse::<DatabaseId>().is_ok());
        for text in [
            "",
            "db_",
            "db_A1b2c3d4e5",
            "db_a1b2c3d4e",
            "db_a1b2c3d4e55",
            "xx_a1b2c3d4e5",
        ] {
            assert!(
                text.parse::<DatabaseId>().is_err(),
                "{text:?} was taken for an id"
            );
        }
    }

    #[test]
    fn a_job_id_is_a_uuid() {
        let id = "0b9f8a1e-7c55-4f0e-9a3b-1d2e3f405162";
        assert_eq!(id.parse::<JobId>().unwrap().as_str(), id);
        for text in [
            "",
            "0b9f8a1e7c554f0e9a3b1d2e3f405162",
            "0B9F8A1E-7C55-4F0E-9A3B-1D2E3F405162",
            "0b9f8a1e-7c55-4f0e-9a3b-1d2e3f40516'",
        ] {
            assert!(text.parse::<JobId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn entropy_of_any_value_gives_a_readable_id() {
        for byte in 0..=255 {
            let id = DatabaseId::from_entropy([byte; DatabaseId::LENGTH]);
            assert_eq!(id.as_str().parse(), Ok(id.clone()));
            let id = ViewId::from_entropy([byte; DatabaseId::LENGTH]);
            assert_eq!(id.as_str().parse(), Ok(id.clone()));
        }
        assert!("db_a1b2c3d4e5".parse::<ViewId>().is_err());
    }
}
