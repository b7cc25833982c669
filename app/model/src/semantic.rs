//! What a column's values mean, guessed from its name, its type and samples of its values.
//!
//! A guess is made only where the evidence speaks for one meaning; what contradicts itself, as a
//! boolean called `email`, gets none.

mod name;
mod shape;

use crate::catalog::ColumnStatistics;
use crate::schema::{Column, Table};
use serde::{Deserialize, Serialize};
use shape::Samples;

/// The confidence from which a meaning is proposed.
pub const CONFIDENCE_MIN: u8 = 60;

/// What a column's values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SemanticType {
    /// An address for mail.
    Email,
    /// A telephone number.
    Phone,
    /// An address in the web.
    Url,
    /// An address of a machine.
    IpAddress,
    /// A universally unique identifier.
    Uuid,
    /// A country by its code.
    CountryCode,
    /// A currency by its code.
    Currency,
    /// An amount of money.
    MoneyAmount,
    /// A share in per cent.
    Percentage,
    /// A postal code.
    PostalCode,
    /// A town.
    City,
    /// A person's name, or a part of it.
    PersonName,
    /// The day on which a person was born.
    DateOfBirth,
    /// When the row was created.
    TimestampCreated,
    /// When the row was changed last.
    TimestampUpdated,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// A password, hashed.
    PasswordHash,
    /// A secret that lets its bearer in.
    Token,
    /// One of a few states.
    Status,
    /// Yes or no.
    Flag,
    /// The key of a row elsewhere.
    ForeignIdentifier,
}

impl SemanticType {
    /// Every meaning, in the order in which forms offer them.
    pub const ALL: [Self; 22] = [
        Self::Email,
        Self::Phone,
        Self::Url,
        Self::IpAddress,
        Self::Uuid,
        Self::CountryCode,
        Self::Currency,
        Self::MoneyAmount,
        Self::Percentage,
        Self::PostalCode,
        Self::City,
        Self::PersonName,
        Self::DateOfBirth,
        Self::TimestampCreated,
        Self::TimestampUpdated,
        Self::Latitude,
        Self::Longitude,
        Self::PasswordHash,
        Self::Token,
        Self::Status,
        Self::Flag,
        Self::ForeignIdentifier,
    ];

    /// The word kept in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::IpAddress => "ip_address",
            Self::Uuid => "uuid",
            Self::CountryCode => "country_code",
            Self::Currency => "currency",
            Self::MoneyAmount => "money_amount",
            Self::Percentage => "percentage",
            Self::PostalCode => "postal_code",
            Self::City => "city",
            Self::PersonName => "person_name",
            Self::DateOfBirth => "date_of_birth",
            Self::TimestampCreated => "timestamp_created",
            Self::TimestampUpdated => "timestamp_updated",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::PasswordHash => "password_hash",
            Self::Token => "token",
            Self::Status => "status",
            Self::Flag => "flag",
            Self::ForeignIdentifier => "foreign_identifier",
        }
    }

    /// Reads the word that [`SemanticType::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A meaning that a person may confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SemanticProposal {
    /// The meaning.
    pub semantic_type: SemanticType,
    /// How sure it is, from [`CONFIDENCE_MIN`] to 100.
    pub confidence: u8,
    /// Why, in one sentence.
    pub reason: String,
}

/// What kind of values a data type holds, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Whole,
    Fraction,
    Boolean,
    Date,
    Moment,
    Uuid,
    Network,
    Money,
    /// Not known, as of a view read from text.
    Unknown,
    Other,
}

impl Family {
    fn of(data_type: &str) -> Self {
        let lower = data_type.trim().to_ascii_lowercase();
        if lower == "tinyint(1)" {
            return Self::Boolean;
        }
        if lower.ends_with(']') {
            return Self::Other;
        }
        let base = lower.split('(').next().unwrap_or_default().trim();
        let first = base.split(' ').next().unwrap_or_default();
        match first {
            "" => Self::Unknown,
            "text" | "character" | "char" | "bpchar" | "varchar" | "varchar2" | "nvarchar"
            | "nvarchar2" | "nchar" | "citext" | "tinytext" | "mediumtext" | "longtext"
            | "clob" | "string" => Self::Text,
            "integer" | "int" | "int2" | "int4" | "int8" | "bigint" | "smallint" | "tinyint"
            | "mediumint" | "serial" | "bigserial" | "smallserial" => Self::Whole,
            "numeric" | "decimal" | "number" | "real" | "double" | "float" | "float4"
            | "float8" => Self::Fraction,
            "boolean" | "bool" | "bit" => Self::Boolean,
            "date" => Self::Date,
            "timestamp" | "timestamptz" | "datetime" | "datetime2" | "datetimeoffset" => {
                Self::Moment
            }
            "uuid" | "uniqueidentifier" => Self::Uuid,
            "inet" | "cidr" => Self::Network,
            "money" | "smallmoney" => Self::Money,
            _ => Self::Other,
        }
    }

    /// Whether samples of this type are worth a look at their letters.
    fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Unknown)
    }
}

/// The meaning of a column, where the evidence is enough; its table tells the keys.
pub fn propose(
    table: &Table,
    column: &Column,
    statistics: Option<&ColumnStatistics>,
) -> Option<SemanticProposal> {
    let family = Family::of(&column.data_type);
    let key = table
        .foreign_keys
        .iter()
        .find(|key| key.columns.contains(&column.name));
    if let Some(key) = key {
        let target = key.target.to_string();
        let reason = ["It refers to ", &target, " by a foreign key."];
        return proposal(SemanticType::ForeignIdentifier, 100, &reason);
    }
    match family {
        Family::Uuid if !name::is_identifier(&column.name) || is_own_key(table, column) => {
            return proposal(
                SemanticType::Uuid,
                100,
                &["Its type is ", &column.data_type, "."],
            );
        }
        Family::Network => {
            return proposal(
                SemanticType::IpAddress,
                95,
                &["Its type is ", &column.data_type, "."],
            );
        }
        Family::Boolean => {
            return proposal(
                SemanticType::Flag,
                95,
                &["Its type is ", &column.data_type, "."],
            );
        }
        _ => {}
    }
    let samples = Samples::of(statistics);
    let by_name = name::meaning(table, column, family);
    // The letters of values say more than a name does, as long as the two do not disagree.
    if family.is_text()
        && let Some((seen, what)) = samples.telling()
    {
        let count = samples.len().to_string();
        let look = match samples.len() {
            1 => ["The known value looks like one of ", what].concat(),
            _ => ["All ", &count, " known values look like ", what].concat(),
        };
        match &by_name {
            Some((named, ..)) if *named == seen => {
                return proposal(seen, 98, &[&look, ", and the name says so."]);
            }
            None if samples.len() >= shape::SAMPLES_MIN => {
                return proposal(seen, 90, &[&look, "."]);
            }
            _ => {}
        }
    }
    let (named, confidence, word) = by_name?;
    match samples.speak_for(named) {
        Some(false) => None,
        Some(true) => {
            let reason = ["Its name says ", &word, ", and the known values fit."];
            proposal(named, confidence.saturating_add(10).min(95), &reason)
        }
        None => {
            let reason = ["Its name says ", &word, ", and its type fits."];
            proposal(named, confidence, &reason)
        }
    }
}

fn is_own_key(table: &Table, column: &Column) -> bool {
    table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.columns.contains(&column.name))
}

fn proposal(
    semantic_type: SemanticType,
    confidence: u8,
    reason: &[&str],
) -> Option<SemanticProposal> {
    (confidence >= CONFIDENCE_MIN).then(|| SemanticProposal {
        semantic_type,
        confidence,
        reason: reason.concat(),
    })
}
