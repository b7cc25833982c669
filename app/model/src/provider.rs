//! The database systems that the catalog knows.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A database system.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// PostgreSQL.
    #[default]
    PostgreSql,
    /// MySQL and MariaDB.
    MySql,
    /// SQLite.
    Sqlite,
    /// Microsoft SQL Server.
    SqlServer,
    /// Oracle Database.
    Oracle,
}

impl Provider {
    /// Every system, in the order in which forms offer them.
    pub const ALL: [Self; 5] = [
        Self::PostgreSql,
        Self::MySql,
        Self::Sqlite,
        Self::SqlServer,
        Self::Oracle,
    ];

    /// The word kept in the catalog and used in addresses and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
            Self::SqlServer => "sqlserver",
            Self::Oracle => "oracle",
        }
    }

    /// Reads the word that [`Provider::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|provider| provider.as_str() == word)
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::PostgreSql => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Sqlite => "SQLite",
            Self::SqlServer => "SQL Server",
            Self::Oracle => "Oracle",
        }
    }

    /// Whether a live database of this system can be read; the others come as DDL.
    pub fn is_live(self) -> bool {
        matches!(self, Self::PostgreSql | Self::MySql | Self::Sqlite)
    }

    /// The port that its servers usually listen on; none for files.
    pub fn default_port(self) -> Option<u16> {
        match self {
            Self::PostgreSql => Some(5432),
            Self::MySql => Some(3306),
            Self::Sqlite => None,
            Self::SqlServer => Some(1433),
            Self::Oracle => Some(1521),
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_back() {
        for provider in Provider::ALL {
            assert_eq!(Provider::from_word(provider.as_str()), Some(provider));
        }
    }
}
