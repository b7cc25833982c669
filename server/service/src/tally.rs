//! How often databases were read, and how often that failed: for whoever watches the server.

use contract::error::{AppError, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};

/// A way in which a database's structure comes into the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// From a script.
    Import,
    /// From a live database, for the first time.
    Connect,
    /// From a live database, again.
    Refresh,
}

impl Reading {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Import, Self::Connect, Self::Refresh];

    /// The word for it, as a label's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Connect => "connect",
            Self::Refresh => "refresh",
        }
    }
}

/// Counts since the start of the process.
#[derive(Debug, Default)]
pub struct Tally {
    done: [AtomicU64; 3],
    failed: [AtomicU64; 3],
}

impl Tally {
    /// How many readings came to a good end.
    pub fn done(&self, reading: Reading) -> u64 {
        load(&self.done, reading)
    }

    /// How many did not.
    pub fn failed(&self, reading: Reading) -> u64 {
        load(&self.failed, reading)
    }

    /// Counts how a reading ended, and hands the outcome on. What somebody was not allowed to do,
    /// or what is not there, was no reading.
    pub(crate) fn told<T>(
        &self,
        reading: Reading,
        outcome: Result<T, AppError>,
    ) -> Result<T, AppError> {
        let counts = match &outcome {
            Ok(_) => &self.done,
            Err(error) => match error.kind {
                ErrorKind::Unauthenticated | ErrorKind::Forbidden | ErrorKind::NotFound => {
                    return outcome;
                }
                _ => &self.failed,
            },
        };
        if let Some(count) = counts.get(reading as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }
}

fn load(counts: &[AtomicU64; 3], reading: Reading) -> u64 {
    counts
        .get(reading as usize)
        .map_or(0, |count| count.load(Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_may_do_is_no_failure_of_reading() {
        let tally = Tally::default();
        tally.told(Reading::Import, Ok(())).unwrap();
        tally
            .told(Reading::Import, Err::<(), _>(AppError::invalid("no DDL")))
            .unwrap_err();
        tally
            .told(Reading::Import, Err::<(), _>(AppError::forbidden()))
            .unwrap_err();
        assert_eq!(tally.done(Reading::Import), 1);
        assert_eq!(tally.failed(Reading::Import), 1);
        assert_eq!(tally.done(Reading::Refresh), 0);
    }
}
