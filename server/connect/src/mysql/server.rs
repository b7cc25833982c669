//! Which of the two systems answers, and how old it is.

use crate::error::ConnectError;
use model::provider::Provider;
use std::fmt;

/// The two systems that speak the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    MySql,
    MariaDb,
}

/// A server's system and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) kind: Kind,
    /// Major, minor, patch.
    pub(super) version: (u32, u32, u32),
}

impl Server {
    /// Reads what `VERSION()` says: `8.0.36-0ubuntu0.22.04.1`, `10.11.19-MariaDB-0+deb12u1`.
    pub(super) fn from_version(text: &str) -> Self {
        let kind = if text.to_ascii_lowercase().contains("mariadb") {
            Kind::MariaDb
        } else {
            Kind::MySql
        };
        let mut numbers = text
            .split(|letter: char| !letter.is_ascii_digit())
            .map(|number| number.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Self {
            kind,
            version: (next(), next(), next()),
        }
    }

    /// Older ones keep less in `information_schema` than is read here.
    ///
    /// # Errors
    /// Too old.
    pub(super) fn check_age(&self) -> Result<(), ConnectError> {
        let (least, oldest) = match self.kind {
            Kind::MySql => ((8, 0, 0), "8.0"),
            Kind::MariaDb => ((10, 6, 0), "MariaDB 10.6"),
        };
        if self.version >= least {
            return Ok(());
        }
        Err(ConnectError::TooOld {
            provider: Provider::MySql,
            found: match self.kind {
                Kind::MySql => format!("{}.{}.{}", self.version.0, self.version.1, self.version.2),
                Kind::MariaDb => format!("({self})"),
            },
            oldest,
        })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.kind {
            Kind::MySql => "MySQL",
            Kind::MariaDb => "MariaDB",
        };
        let (major, minor, patch) = self.version;
        write!(f, "{name} {major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_systems_are_told_apart() {
        let maria = Server::from_version("10.11.19-MariaDB-0+deb12u1");
        assert_eq!(maria.kind, Kind::MariaDb);
        assert_eq!(maria.to_string(), "MariaDB 10.11.19");
        let my = Server::from_version("8.0.36-0ubuntu0.22.04.1");
        assert_eq!(my.kind, Kind::MySql);
        assert_eq!(my.to_string(), "MySQL 8.0.36");
    }

    #[test]
    fn old_servers_are_refused() {
        for (version, fine) in [
            ("5.7.44-log", false),
            ("8.0.11", true),
            ("9.1.0", true),
            ("10.5.27-MariaDB", false),
            ("10.6.1-MariaDB", true),
            ("11.4.2-MariaDB", true),
        ] {
            let age = Server::from_version(version).check_age();
            assert_eq!(age.is_ok(), fine, "{version}");
        }
    }
}
