//! Points in time between PostgreSQL and the model.

use model::time::Timestamp;
use time::OffsetDateTime;

const NANOSECONDS_PER_MILLISECOND: i128 = 1_000_000;

/// What PostgreSQL says, cut to the millisecond.
pub(crate) fn timestamp(moment: OffsetDateTime) -> Timestamp {
    let milliseconds = moment
        .unix_timestamp_nanos()
        .div_euclid(NANOSECONDS_PER_MILLISECOND);
    // Every moment that the type can hold fits by far.
    Timestamp(i64::try_from(milliseconds).unwrap_or(i64::MAX))
}

/// What PostgreSQL is told. Beyond the calendar's end (the year 9999) it is the epoch, which no
/// window of time that we ask for can mean.
pub(crate) fn moment(timestamp: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(timestamp.0) * NANOSECONDS_PER_MILLISECOND)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_back() {
        for milliseconds in [0, -1, 1_795_247_160_123] {
            assert_eq!(timestamp(moment(Timestamp(milliseconds))).0, milliseconds);
        }
        assert_eq!(moment(Timestamp(i64::MAX)), OffsetDateTime::UNIX_EPOCH);
    }
}
