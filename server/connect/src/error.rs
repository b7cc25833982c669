//! What can go wrong between us and a live database.

use model::provider::Provider;
use sqlx::error::DatabaseError;
use std::io::ErrorKind;

/// What becomes of a failed script where all of it is one transaction.
pub(crate) const NOTHING_LEFT: &str = "Nothing of it is left, and no database was made.";

/// A failure of a live database, sorted by what the person who named it can do about it.
///
/// The texts are for people. They hold no address and no password; the server's own words stay in
/// the source.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address cannot be read.
    #[error("The database's address cannot be read. Check host, port and name.")]
    Address(#[source] sqlx::Error),
    /// No address belongs to the host's name.
    #[error("There is no host of that name. Check its spelling.")]
    HostUnknown(#[source] std::io::Error),
    /// The host's addresses are out of reach by configuration.
    #[error(
        "This host may not be connected to: its address is link-local, where clouds keep the \
         services that hand out secrets. Name another host, or have the administrator allow it."
    )]
    AddressNotAllowed,
    /// The host is there, and nothing listens on that port.
    #[error(
        "The host refuses the connection: nothing listens on that port. Check the port, and \
         whether the database server is running and listens on its network."
    )]
    ConnectionRefused(#[source] sqlx::Error),
    /// No way leads to the host.
    #[error("No route leads to the host. Check the network, a VPN, or the host's address.")]
    NoRoute(#[source] sqlx::Error),
    /// Nothing came back in time.
    #[error(
        "The host did not answer in time. A firewall may drop the connection; check host and port."
    )]
    NoAnswer,
    /// There is no socket in the folder.
    #[error(
        "There is no socket of a database server in that folder. Check the folder and the port."
    )]
    SocketMissing(#[source] sqlx::Error),
    /// The socket or file is there, and we may not use it.
    #[error("The operating system does not let Crowfoot open that. Check its permissions.")]
    NotPermitted(#[source] sqlx::Error),
    /// The server does not encrypt, and the mode asks for it.
    #[error("The server does not offer TLS. Turn TLS on there, or choose a mode without it.")]
    TlsNotOffered(#[source] sqlx::Error),
    /// Nobody whom we trust has signed the server's certificate.
    #[error(
        "The server's certificate comes from no trusted authority. Give the authority's \
         certificate, or choose a mode that does not verify it."
    )]
    CertificateUntrusted(#[source] sqlx::Error),
    /// The certificate belongs to another host.
    #[error(
        "The server's certificate is made out to another name. Use the name in the certificate \
         as host, or choose a mode that does not verify the name."
    )]
    CertificateName(#[source] sqlx::Error),
    /// The certificate is out of date.
    #[error("The server's certificate has expired or is not valid yet. Renew it there.")]
    CertificateExpired(#[source] sqlx::Error),
    /// TLS failed otherwise.
    #[error("TLS could not be agreed on with the server. Check its certificate and ours.")]
    TlsFailed(#[source] sqlx::Error),
    /// Wrong password, unknown user, or a rule that keeps this login out.
    #[error(
        "The server refuses the login. Check user name and password, and whether the server \
         lets this user in from here."
    )]
    LoginRefused(#[source] sqlx::Error),
    /// The server has no such database.
    #[error("The server has no database of that name. Check its spelling; case counts.")]
    DatabaseUnknown(#[source] sqlx::Error),
    /// The server has no room for one more connection.
    #[error("The server has no connection left for this login. Try again later.")]
    TooManyConnections(#[source] sqlx::Error),
    /// The server is starting up, shutting down or recovering.
    #[error("The server is starting up or shutting down. Try again in a moment.")]
    NotReady(#[source] sqlx::Error),
    /// The server is older than what we can read.
    #[error("The server is {provider} {found}, which is too old: {oldest} or newer can be read.")]
    TooOld {
        /// The system.
        provider: Provider,
        /// The server's version.
        found: String,
        /// The oldest version that can be read.
        oldest: &'static str,
    },
    /// We have nowhere to put the socket that a connection goes through.
    #[error(
        "Crowfoot cannot write to its folder for temporary files. Set TMPDIR to one that it can \
         write to."
    )]
    NoTemporaryFolder(#[source] std::io::Error),
    /// What answers there does not speak the protocol.
    #[error("Something else than {0} answers there. Check the port.")]
    NotTheSystem(Provider),
    /// Live databases of this system are not read.
    #[error("A live {0} database cannot be read; import its DDL instead.")]
    Unsupported(Provider),
    /// The target's kind does not fit its system: a file for a server, or the other way round.
    #[error("This target does not fit its system.")]
    WrongTarget,
    /// The connection ended half way.
    #[error(
        "The connection was lost while reading: the server or the network ended it. Try again."
    )]
    Lost(#[source] sqlx::Error),
    /// Somebody holds a lock that a statement had to wait for.
    #[error("Another session holds a lock on what was to be read. Try again when it is done.")]
    Locked(#[source] sqlx::Error),
    /// Something was dropped between two statements.
    #[error("The database has changed while or since it was read. Read it again.")]
    Changed(#[source] sqlx::Error),
    /// Nothing answers there, or it refuses us.
    #[error("The database does not answer. Check that it runs and can be reached.")]
    Unreachable(#[source] sqlx::Error),
    /// The server answers, but our role may not do this.
    #[error(
        "The server does not allow this login to do that. Have the missing permission granted to it."
    )]
    Refused(#[source] sqlx::Error),
    /// There is a database of that name already.
    #[error("There is a database of that name already.")]
    Taken(#[source] sqlx::Error),
    /// There is a database of that name, and it does not carry our mark.
    #[error("There is a database of that name that was not made by us.")]
    Foreign,
    /// The statement took longer than its limit.
    #[error("The database took too long to answer. Try again when it is less busy.")]
    TooSlow(#[source] sqlx::Error),
    /// The server wants the login encrypted, and the mode keeps it from being so.
    #[error("The server takes this login only over TLS. Choose a mode with TLS.")]
    TlsNeeded(#[source] sqlx::Error),
    /// The server wants a kind of login that we do not speak.
    #[error(
        "The server asks for a kind of login that Crowfoot does not know. Use a user with a \
         password."
    )]
    LoginKind(#[source] sqlx::Error),
    /// The file cannot be read as a database.
    #[error(transparent)]
    File(#[from] FileError),
    /// The login may not create databases there.
    #[error(
        "The server does not let this login create databases. Have the right granted to it \
         (CREATEDB in PostgreSQL, CREATE in MySQL), or name a database that is there."
    )]
    CreateRefused(#[source] sqlx::Error),
    /// No database from which another could be made lets the login in.
    #[error(
        "To make a database, the login must be let into the database postgres or template1 of the \
         server, and neither does so."
    )]
    NoMaintenance(#[source] sqlx::Error),
    /// A script that somebody gave failed; nothing of it is left.
    #[error("The script failed{place}: {message}. {left}")]
    Script {
        /// ` at line 12`, or nothing.
        place: String,
        /// The server's own words.
        message: String,
        /// What became of the database.
        left: &'static str,
    },
    /// A script that somebody gave failed, and the database that was made for it is still there.
    #[error(
        "The script failed{place}: {message}. The database “{database}” that was made for it could \
         not be dropped again; drop it by hand."
    )]
    ScriptLeft {
        /// ` at line 12`, or nothing.
        place: String,
        /// The server's own words.
        message: String,
        /// The database's name, or the file.
        database: String,
    },
    /// Anything else that the server said about a statement.
    #[error("The server refused one of our statements.")]
    Statement(#[source] sqlx::Error),
}

/// Why a file cannot be read as an SQLite database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is none.
    #[error("There is no such file. The path is one of the machine that Crowfoot runs on.")]
    Missing,
    /// It is a folder or a device.
    #[error("This is a folder or a device, and no file.")]
    NotAFile,
    /// We may not read it.
    #[error("Crowfoot may not read the file. Check its permissions and those of its folder.")]
    Denied,
    /// It cannot be made, for its folder is not there.
    #[error("The folder in which the file is to be made does not exist.")]
    NoFolder,
    /// It cannot be made, or not be removed again.
    #[error("Crowfoot may not write in the file's folder. Check its permissions.")]
    NotWritable,
    /// It holds something else.
    #[error("The file is no SQLite database.")]
    NotADatabase,
    /// It is encrypted, by all appearances.
    #[error("The file looks encrypted. An encrypted database cannot be read.")]
    Encrypted,
    /// Somebody is writing to it and does not let go.
    #[error("Another program has locked the file. Try again when it is done.")]
    Locked,
    /// A writer died in the middle of a change, which only a writer can undo.
    #[error(
        "The file was left in the middle of a change. Open it once with a program that may \
         write to it."
    )]
    Unfinished,
    /// Its structure is broken.
    #[error("The database in the file is damaged.")]
    Damaged,
}

impl ConnectError {
    /// Sorts what happened while connecting to a server of our own configuration.
    pub(crate) fn on_connect(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Configuration(_) => Self::Address(error),
            _ => Self::Unreachable(error),
        }
    }

    /// Sorts what happened while opening a socket.
    pub(crate) fn opening(error: std::io::Error) -> Self {
        let kind = error.kind();
        let error = sqlx::Error::Io(error);
        match kind {
            ErrorKind::ConnectionRefused => Self::ConnectionRefused(error),
            ErrorKind::TimedOut => Self::NoAnswer,
            ErrorKind::NotFound => Self::SocketMissing(error),
            ErrorKind::PermissionDenied => Self::NotPermitted(error),
            ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable => Self::NoRoute(error),
            _ => Self::Unreachable(error),
        }
    }

    /// Sorts what happened while logging in to a server that somebody has named.
    pub(crate) fn logging_in(error: sqlx::Error, provider: Provider) -> Self {
        match error {
            sqlx::Error::Configuration(_) => Self::Address(error),
            // The server asks for Kerberos or the like.
            sqlx::Error::Protocol(ref words) if words.contains("authentication method") => {
                Self::LoginRefused(error)
            }
            sqlx::Error::Protocol(_) => Self::NotTheSystem(provider),
            sqlx::Error::Io(error) => match error.kind() {
                // The other side took the connection and hung up before it had said anything.
                ErrorKind::UnexpectedEof
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe => Self::NotTheSystem(provider),
                // The TLS library wraps its own errors so.
                ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                    Self::on_tls(sqlx::Error::Io(error), provider)
                }
                _ => Self::opening(error),
            },
            sqlx::Error::Tls(_) => Self::on_tls(error, provider),
            sqlx::Error::Database(answer) => {
                let code = code_of(answer.as_ref());
                let error = sqlx::Error::Database(answer);
                match code.as_str() {
                    "28000" | "28P01" => Self::LoginRefused(error),
                    "3D000" => Self::DatabaseUnknown(error),
                    _ => Self::reading(error),
                }
            }
            _ => Self::Unreachable(error),
        }
    }

    /// Sorts what happened to a statement on a connection that somebody has named.
    pub(crate) fn reading(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
                Self::Lost(error)
            }
            sqlx::Error::PoolTimedOut => Self::TooSlow(error),
            sqlx::Error::Database(answer) => match code_of(answer.as_ref()).as_str() {
                "42501" => Self::Refused(error),
                "57014" => Self::TooSlow(error),
                "55P03" => Self::Locked(error),
                "53300" => Self::TooManyConnections(error),
                "57P03" => Self::NotReady(error),
                "57P01" | "57P02" | "57P04" | "57P05" | "08006" | "08003" => Self::Lost(error),
                "XX000" | "42P01" | "42703" | "3F000" => Self::Changed(error),
                _ => Self::Statement(error),
            },
            _ => Self::Statement(error),
        }
    }

    /// Why something could not be read, in the server's words where ours would say nothing.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Refused(sqlx::Error::Database(answer))
            | Self::Statement(sqlx::Error::Database(answer)) => {
                format!("The server says: {}.", answer.message())
            }
            other => other.to_string(),
        }
    }

    /// TLS libraries tell their faults only in words.
    fn on_tls(error: sqlx::Error, provider: Provider) -> Self {
        let words = error.to_string();
        let has = |part: &str| words.contains(part);
        if has("does not support TLS") {
            Self::TlsNotOffered(error)
        } else if has("corrupt message") {
            // What came after the yes was no TLS.
            Self::NotTheSystem(provider)
        } else if has("not valid for name") || has("NotValidForName") {
            Self::CertificateName(error)
        } else if has("expired") || has("Expired") || has("not valid yet") || has("NotValidYet") {
            Self::CertificateExpired(error)
        } else if has("UnknownIssuer")
            || has("invalid peer certificate")
            || has("CaUsedAsEndEntity")
        {
            Self::CertificateUntrusted(error)
        } else {
            Self::TlsFailed(error)
        }
    }
}

impl From<sqlx::Error> for ConnectError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => {
                Self::Unreachable(error)
            }
            sqlx::Error::Database(answer) => match code_of(answer.as_ref()).as_str() {
                "42501" => Self::Refused(error),
                "42P04" => Self::Taken(error),
                "57014" | "55P03" => Self::TooSlow(error),
                // The server goes down, comes up or has no room for one more connection.
                "57P01" | "57P02" | "57P03" | "53300" => Self::Unreachable(error),
                _ => Self::Statement(error),
            },
            _ => Self::Statement(error),
        }
    }
}

fn code_of(answer: &dyn DatabaseError) -> String {
    answer
        .code()
        .map(|code| code.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_certificates_are_told_apart_by_their_words() {
        type Is = fn(&ConnectError) -> bool;
        let cases: [(&str, Is); 5] = [
            ("invalid peer certificate: UnknownIssuer", |e| {
                matches!(e, ConnectError::CertificateUntrusted(_))
            }),
            (
                "invalid peer certificate: certificate not valid for name \"db\"; certificate \
                 is only valid for DnsName(\"other\")",
                |e| matches!(e, ConnectError::CertificateName(_)),
            ),
            ("invalid peer certificate: certificate expired: …", |e| {
                matches!(e, ConnectError::CertificateExpired(_))
            }),
            ("received corrupt message of type InvalidContentType", |e| {
                matches!(e, ConnectError::NotTheSystem(_))
            }),
            ("received fatal alert: HandshakeFailure", |e| {
                matches!(e, ConnectError::TlsFailed(_))
            }),
        ];
        for (words, is) in cases {
            let error = std::io::Error::new(ErrorKind::InvalidData, words);
            let sorted = ConnectError::logging_in(error.into(), Provider::PostgreSql);
            assert!(is(&sorted), "{words}: {sorted:?}");
        }
    }
}
