//! From a host's name to a connected socket, by way of the addresses that may be reached.
//!
//! A name is looked up once. What was checked is what is connected to, so that a name server
//! that answers differently the second time leads nowhere else.

use crate::error::ConnectError;
use crate::target::Reach;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// The addresses of a host that may be reached; never none.
///
/// # Errors
/// When the name is unknown, when its lookup takes longer than the limit, and when all its
/// addresses are out of reach.
pub(crate) async fn resolve(
    host: &str,
    port: u16,
    reach: Reach,
    limit: Duration,
) -> Result<Vec<SocketAddr>, ConnectError> {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    let found = match tokio::time::timeout(limit, tokio::net::lookup_host((bare, port))).await {
        Err(_) => return Err(ConnectError::NoAnswer),
        Ok(found) => found.map_err(ConnectError::HostUnknown)?,
    };
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        return Err(ConnectError::HostUnknown(io::ErrorKind::NotFound.into()));
    }
    let allowed: Vec<SocketAddr> = found
        .into_iter()
        .filter(|address| reach.allows(address.ip()))
        .collect();
    if allowed.is_empty() {
        return Err(ConnectError::AddressNotAllowed);
    }
    Ok(allowed)
}

/// Connects to the first address that answers; each has its share of the time.
///
/// # Errors
/// What the last address said, when none answers.
pub(crate) async fn dial(
    addresses: &[SocketAddr],
    limit: Duration,
) -> Result<TcpStream, ConnectError> {
    let share = limit / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    let mut failure = ConnectError::NoAnswer;
    for address in addresses {
        match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Statements are small; they must not wait for each other.
                stream.set_nodelay(true).ok();
                return Ok(stream);
            }
            Ok(Err(error)) => failure = ConnectError::opening(error),
            Err(_) => failure = ConnectError::NoAnswer,
        }
    }
    Err(failure)
}
