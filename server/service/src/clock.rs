//! The present.

use model::time::Timestamp;
use time::OffsetDateTime;

/// The present moment, by the server's clock.
pub(crate) fn now() -> Timestamp {
    let milliseconds = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
    Timestamp(i64::try_from(milliseconds).unwrap_or(i64::MAX))
}
