//! Where a page of a list of jobs ended.

use crate::error::StoreError;
use model::id::JobId;
use time::OffsetDateTime;

/// The last job of a page. As text its microseconds since 1970 and its id: `1795247160123456.0b9f…`.
pub(super) struct Cursor {
    pub(super) created_at: OffsetDateTime,
    pub(super) id: JobId,
}

impl Cursor {
    pub(super) fn write(created_at: OffsetDateTime, id: &str) -> String {
        format!("{}.{id}", created_at.unix_timestamp_nanos() / 1_000)
    }

    pub(super) fn read(text: &str) -> Result<Self, StoreError> {
        let parsed = text.split_once('.').and_then(|(micros, id)| {
            let nanos = i128::from(micros.parse::<i64>().ok()?) * 1_000;
            Some(Self {
                created_at: OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?,
                id: id.parse().ok()?,
            })
        });
        parsed.ok_or(StoreError::InvalidCursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_is_read() {
        let id = "0b9f8a1e-7c55-4f0e-9a3b-1d2e3f405162";
        let at = OffsetDateTime::from_unix_timestamp_nanos(1_795_247_160_123_456_000).unwrap();
        let cursor = Cursor::read(&Cursor::write(at, id)).unwrap();
        assert_eq!((cursor.created_at, cursor.id.as_str()), (at, id));
        for text in [
            "",
            ".",
            "1",
            &format!("x.{id}"),
            "1.2",
            &format!("{}.{id}", i64::MAX),
        ] {
            assert!(Cursor::read(text).is_err(), "{text:?}");
        }
    }
}
