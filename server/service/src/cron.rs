//! Cron texts: what people write to say when something happens, and when that is. In UTC, to the
//! minute.

use chrono::{DateTime, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use model::time::Timestamp;

/// Longer than any that means something.
const TEXT_MAX_CHARS: usize = 100;
/// The fields, in their order, and what may stand in each.
const FIELDS: [(&str, &str); 5] = [
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31"),
    ("month", "1 to 12, or JAN to DEC"),
    ("day of the week", "0 to 7, or SUN to SAT"),
];

/// When something happens, again and again.
#[derive(Debug, Clone)]
pub(crate) struct CronText {
    text: String,
    cron: Cron,
}

impl CronText {
    /// Reads five fields, or a word such as `@daily`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shape = "A schedule has five fields: minute, hour, day of the month, month, day of \
                     the week. “0 3 * * *” is daily at 03:00.";
        if text.is_empty() {
            return Err(format!("Say when. {shape}"));
        }
        if text.chars().count() > TEXT_MAX_CHARS {
            return Err(format!("This is too long for a schedule. {shape}"));
        }
        if !text.starts_with('@') {
            match text.split(' ').count() {
                5 => {}
                6 | 7 => {
                    return Err(format!(
                        "Seconds and years cannot be set; leave them out. {shape}"
                    ));
                }
                _ => return Err(shape.to_owned()),
            }
        }
        let cron = match parse(&text) {
            Some(cron) => cron,
            None => return Err(what_is_wrong(&text).unwrap_or_else(|| shape.to_owned())),
        };
        Ok(Self { text, cron })
    }

    /// The text, with single spaces between its fields.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The first time after a moment; none when there is no such day, ever.
    pub(crate) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after = DateTime::<Utc>::from_timestamp_millis(after.0)?;
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(Timestamp(next.timestamp_millis()))
    }

    /// The next few times after a moment.
    pub(crate) fn next_runs(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next(after), |last| self.next(*last))
            .take(count)
            .collect()
    }
}

fn parse(text: &str) -> Option<Cron> {
    CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build()
        .parse(text)
        .ok()
}

/// Names the field that cannot be read: the first that cannot even stand alone.
fn what_is_wrong(text: &str) -> Option<String> {
    if text.starts_with('@') {
        return Some(format!(
            "There is no schedule “{text}”; @hourly, @daily, @weekly, @monthly and @yearly are."
        ));
    }
    let fields: Vec<&str> = text.split(' ').collect();
    fields
        .iter()
        .zip(FIELDS)
        .enumerate()
        .find_map(|(place, (field, (name, range)))| {
            let alone: Vec<&str> = (0..FIELDS.len())
                .map(|other| if other == place { field } else { "*" })
                .collect();
            parse(&alone.join(" "))
                .is_none()
                .then(|| format!("The {name} cannot be “{field}”; it goes from {range}."))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21, a Saturday, at 07:46:12 UTC.
    const NOW: Timestamp = Timestamp(1_795_247_172_000);

    fn next(text: &str) -> String {
        CronText::read(text).unwrap().next(NOW).unwrap().to_iso()
    }

    #[test]
    fn the_usual_ones_mean_what_people_expect() {
        assert_eq!(NOW.to_iso(), "2026-11-21T07:46:12Z");
        assert_eq!(next("0 * * * *"), "2026-11-21T08:00:00Z");
        assert_eq!(next("0 3 * * *"), "2026-11-22T03:00:00Z");
        assert_eq!(next("0 3 * * 1"), "2026-11-23T03:00:00Z");
        assert_eq!(next("0 3 * * MON"), "2026-11-23T03:00:00Z");
        assert_eq!(next("*/15 * * * *"), "2026-11-21T08:00:00Z");
        assert_eq!(next("@daily"), "2026-11-22T00:00:00Z");
        assert_eq!(next("0 0 29 2 *"), "2028-02-29T00:00:00Z");
        assert_eq!(next("  0   3\t* * * "), "2026-11-22T03:00:00Z");
    }

    #[test]
    fn the_next_three_follow_each_other() {
        let runs = CronText::read("0 3 * * *").unwrap().next_runs(NOW, 3);
        let runs: Vec<String> = runs.into_iter().map(Timestamp::to_iso).collect();
        assert_eq!(
            runs,
            [
                "2026-11-22T03:00:00Z",
                "2026-11-23T03:00:00Z",
                "2026-11-24T03:00:00Z"
            ]
        );
    }

    #[test]
    fn the_minute_that_runs_does_not_run_again() {
        let cron = CronText::read("0 3 * * *").unwrap();
        let run = cron.next(NOW).unwrap();
        assert_eq!(cron.next(run).unwrap().to_iso(), "2026-11-23T03:00:00Z");
    }

    #[test]
    fn a_day_that_never_comes_is_found_out() {
        let cron = CronText::read("0 0 31 2 *").unwrap();
        assert_eq!(cron.next(NOW), None);
        assert_eq!(cron.next_runs(NOW, 3), []);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, told) in [
            ("", "Say when"),
            ("   ", "Say when"),
            ("every day", "five fields"),
            ("0 0 3 * * *", "Seconds"),
            ("0 0 3 * * * 2027", "Seconds"),
            ("61 * * * *", "minute cannot be “61”"),
            ("0 25 * * *", "hour cannot be “25”"),
            ("0 0 0 * *", "day of the month cannot be “0”"),
            ("0 0 * 13 *", "month cannot be “13”"),
            ("0 0 * * 9", "day of the week cannot be “9”"),
            ("a b c d e", "minute cannot be “a”"),
            ("0 0 * * '; drop", "Seconds"),
            ("@nonsense", "no schedule “@nonsense”"),
            ("@reboot", "no schedule “@reboot”"),
            ("-1 * * * *", "minute cannot be “-1”"),
            ("*/0 * * * *", "minute cannot be “*/0”"),
            ("5-1 * * * *", "minute cannot be “5-1”"),
        ] {
            let error = CronText::read(text).unwrap_err();
            assert!(error.contains(told), "{text:?}: {error}");
        }
        assert!(
            CronText::read(&"0 ".repeat(200))
                .unwrap_err()
                .contains("too long")
        );
    }
}
