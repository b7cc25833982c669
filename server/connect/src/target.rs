//! Where a live database is and how to get in.

use model::provider::Provider;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// A live database that somebody has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A database on a server.
    Server(ServerTarget),
    /// An SQLite file on the machine that Crowfoot runs on.
    File(PathBuf),
}

/// A database on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerTarget {
    /// PostgreSQL or MySQL (MariaDB too).
    pub provider: Provider,
    /// Name or address of the host; for PostgreSQL also the folder of a Unix socket.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The database; for MySQL the one schema that is read.
    pub database: String,
    /// The login.
    pub username: String,
    /// Its password, where it has one.
    pub password: Option<Password>,
    /// How the connection is guarded.
    pub tls: TlsMode,
    /// Certificates (PEM) of authorities to trust besides the usual ones.
    pub tls_ca: Option<String>,
    /// Which addresses may be reached.
    pub reach: Reach,
}

impl ServerTarget {
    /// Another database of the same server, with the same login.
    pub(crate) fn with_database(&self, name: &str) -> Self {
        Self {
            database: name.to_owned(),
            ..self.clone()
        }
    }
}

/// How a connection is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server can; nothing is verified.
    #[default]
    Prefer,
    /// Encrypted or not at all; nothing is verified.
    Require,
    /// Encrypted, and the server's certificate must come from a trusted authority.
    VerifyCa,
    /// As before, and it must be made out to the host's name.
    VerifyFull,
}

impl TlsMode {
    /// Every mode, from the weakest to the strongest.
    pub const ALL: [Self; 5] = [
        Self::Disable,
        Self::Prefer,
        Self::Require,
        Self::VerifyCa,
        Self::VerifyFull,
    ];

    /// The word that PostgreSQL's clients use for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    /// Reads the word that [`TlsMode::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// Which addresses a connection may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// All but link-local ones, where clouds keep the services that hand out their secrets.
    #[default]
    NoLinkLocal,
    /// All, because the configuration says so.
    Everywhere,
}

impl Reach {
    /// Whether that address may be connected to.
    pub fn allows(self, address: IpAddr) -> bool {
        self == Self::Everywhere || !is_link_local(address)
    }
}

/// 169.254.0.0/16 and fe80::/10, an IPv4 address in IPv6's clothes too, and the IPv6 address of
/// Amazon's metadata service.
fn is_link_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_unicast_link_local()
                || address.segments() == [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254]
        }
    }
}

/// A password. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text. Not to be logged, stored unsealed or sent anywhere but to its server.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_metadata_services_are_out_of_reach() {
        for address in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert!(!Reach::NoLinkLocal.allows(address), "{address}");
            assert!(Reach::Everywhere.allows(address), "{address}");
        }
        for address in ["127.0.0.1", "10.0.0.7", "::1", "192.0.2.1", "fd00::1"] {
            let address: IpAddr = address.parse().unwrap();
            assert!(Reach::NoLinkLocal.allows(address), "{address}");
        }
    }

    #[test]
    fn a_password_does_not_print() {
        let shown = format!("{:?}", Password::new("hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
