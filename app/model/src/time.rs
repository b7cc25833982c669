//! Points in time as they travel between server and browser.

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(example = 1_795_000_000_000_i64))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// ISO 8601 in UTC to the second: `2026-11-21T07:46:00Z`.
    pub fn to_iso(self) -> String {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            rest / HOUR,
            rest % HOUR / MINUTE,
            rest % MINUTE / SECOND
        )
    }

    /// For people, to the minute: `2026-11-21 07:46 UTC`.
    pub fn to_minute(self) -> String {
        let iso = self.to_iso();
        let (date, time) = iso.split_once('T').unwrap_or((iso.as_str(), ""));
        format!("{date} {} UTC", time.get(..5).unwrap_or(time))
    }

    /// How long before `now` this was, in words: `just now`, `12 min ago`, `3 weeks ago`. Whoever
    /// calls this brings the clock, so that server and browser can render the same text.
    pub fn ago(self, now: Self) -> String {
        let passed = now.0 - self.0;
        if passed < MINUTE {
            return "just now".to_owned();
        }
        if passed < HOUR {
            return format!("{} min ago", passed / MINUTE);
        }
        if passed < DAY {
            return format!("{} h ago", passed / HOUR);
        }
        let days = passed / DAY;
        let (count, unit) = if days < 14 {
            (days, "day")
        } else if days < 61 {
            (days / 7, "week")
        } else if days < 730 {
            (days / 30, "month")
        } else {
            (days / 365, "year")
        };
        if count == 1 {
            format!("1 {unit} ago")
        } else {
            format!("{count} {unit}s ago")
        }
    }
}

/// Year, month and day of a count of days since 1970-01-01, in the proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_print_as_iso() {
        assert_eq!(Timestamp(0).to_iso(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp(951_827_696_000).to_iso(), "2000-02-29T12:34:56Z");
        assert_eq!(Timestamp(-1).to_iso(), "1969-12-31T23:59:59Z");
        assert_eq!(
            Timestamp(4_102_444_800_000).to_minute(),
            "2100-01-01 00:00 UTC"
        );
    }

    #[test]
    fn the_past_is_told_in_words() {
        let now = Timestamp(1_800_000_000_000);
        let before = |milliseconds| Timestamp(now.0 - milliseconds).ago(now);
        assert_eq!(before(-5), "just now");
        assert_eq!(before(12 * MINUTE), "12 min ago");
        assert_eq!(before(3 * HOUR), "3 h ago");
        assert_eq!(before(DAY), "1 day ago");
        assert_eq!(before(21 * DAY), "3 weeks ago");
        assert_eq!(before(800 * DAY), "2 years ago");
    }
}
