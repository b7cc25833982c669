//! Three months of queries, as the log of the warehouse would have recorded them.

use crate::dice::Dice;
use crate::literal;
use crate::rhythm::Rhythm;
use crate::template::{self, Ending, Template};
use time::{Duration, OffsetDateTime};

/// How many days [`history`] covers.
pub const HISTORY_DAYS: i64 = 90;

const DAY_MS: i64 = 86_400_000;
/// Statements longer than this are stopped by the warehouse.
const TIME_LIMIT_MS: i64 = 300_000;

/// One run of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Login name of whoever ran it.
    pub analyst: &'static str,
    /// The text as sent.
    pub query_text: String,
    /// SELECT, INSERT, UPDATE, DELETE or CREATE.
    pub query_type: &'static str,
    /// `success`, `failed` or `cancelled`.
    pub query_status: &'static str,
    /// Tables and views that the text names, as `schema.table`. Empty when the database refused
    /// the text, because then nothing was read.
    pub tables_accessed: Vec<String>,
    /// Rows read from tables.
    pub rows_read: i64,
    /// Bytes read from tables.
    pub bytes_read: i64,
    /// From start to end, in milliseconds.
    pub execution_time_ms: i32,
    /// Start, in milliseconds of Unix time.
    pub started_at_ms: i64,
    /// End, in milliseconds of Unix time.
    pub completed_at_ms: i64,
    /// What the database said, unless it succeeded.
    pub error_message: Option<String>,
    /// Name of the error, in the words of PostgreSQL's list of error codes.
    pub error_type: Option<String>,
}

/// The queries of the 90 days up to `end_ms`, oldest first. The same arguments always give the
/// same history; another `seed` gives other literals, times and moments.
pub fn history(end_ms: i64, seed: u64) -> Vec<HistoryEntry> {
    let start_ms = end_ms.saturating_sub(HISTORY_DAYS * DAY_MS);
    let dice = Dice::new(seed);
    let templates: Vec<(&Template, Vec<String>)> = template::all()
        .map(|template| (template, template::tables_accessed(template.sql)))
        .collect();
    let mut entries = Vec::new();
    // The window seldom starts at midnight, so it touches one day more than it is long.
    for offset in 0..=HISTORY_DAYS {
        let midnight_ms = (start_ms.div_euclid(DAY_MS) + offset) * DAY_MS;
        let progress = offset as f64 / HISTORY_DAYS as f64;
        for (number, (template, tables)) in templates.iter().enumerate() {
            let key = (midnight_ms / DAY_MS) as u64 * 1_000 + number as u64;
            let mut dice = dice.fork(key);
            entries.extend(runs_of_day(
                template,
                tables,
                midnight_ms,
                progress,
                &mut dice,
            ));
        }
    }
    entries.retain(|entry| entry.started_at_ms >= start_ms && entry.completed_at_ms <= end_ms);
    entries.sort_by(|left, right| {
        (left.started_at_ms, left.analyst, &left.query_text).cmp(&(
            right.started_at_ms,
            right.analyst,
            &right.query_text,
        ))
    });
    entries
}

fn runs_of_day(
    template: &Template,
    tables: &[String],
    midnight_ms: i64,
    progress: f64,
    dice: &mut Dice,
) -> Vec<HistoryEntry> {
    // A date outside the years that a calendar knows has no queries.
    let Some(day) = OffsetDateTime::UNIX_EPOCH
        .checked_add(Duration::milliseconds(midnight_ms))
        .map(OffsetDateTime::date)
    else {
        return Vec::new();
    };
    template
        .rhythm
        .moments(day, progress, dice)
        .into_iter()
        .map(|moment| {
            let text = literal::fill(template.sql, day, dice);
            run(template, text, tables, midnight_ms + moment, dice)
        })
        .collect()
}

fn run(
    template: &Template,
    query_text: String,
    tables: &[String],
    started_at_ms: i64,
    dice: &mut Dice,
) -> HistoryEntry {
    let mut ending = template.ending;
    let mut execution_ms = dice.log_normal(template.median_ms, 0.55) as i64;
    let by_hand = matches!(template.rhythm, Rhythm::Exploration { .. });
    // Somebody notices a wrong filter and stops a query that would have been fine.
    if ending == Ending::Success && by_hand && dice.chance(0.008) {
        ending = Ending::Cancelled;
        execution_ms = execution_ms.saturating_mul(4).max(1_500);
    }
    if ending == Ending::TimedOut {
        execution_ms = TIME_LIMIT_MS + dice.between(3, 90);
    }
    let execution_ms = execution_ms.clamp(1, TIME_LIMIT_MS + 100);
    // A slow run is mostly one that read more.
    let rows_read = dice.log_normal(template.rows, 0.2) as i64;
    let bytes_read = rows_read * dice.between(60, 140) * tables.len().clamp(1, 3) as i64;
    let failure = match ending {
        Ending::Success => None,
        Ending::Refused {
            error_type,
            message,
        }
        | Ending::Broken {
            error_type,
            message,
        } => Some((error_type, message)),
        Ending::TimedOut => Some((
            "query_canceled",
            "canceling statement due to statement timeout",
        )),
        Ending::Cancelled => Some(("query_canceled", "canceling statement due to user request")),
    };
    let refused = matches!(ending, Ending::Refused { .. });
    HistoryEntry {
        analyst: dice.pick(template.analysts),
        query_text,
        query_type: template.query_type,
        query_status: match ending {
            Ending::Success => "success",
            Ending::Cancelled => "cancelled",
            _ => "failed",
        },
        tables_accessed: if refused { Vec::new() } else { tables.to_vec() },
        rows_read: if refused { 0 } else { rows_read },
        bytes_read: if refused { 0 } else { bytes_read },
        execution_time_ms: i32::try_from(execution_ms).unwrap_or(i32::MAX),
        started_at_ms,
        completed_at_ms: started_at_ms + execution_ms,
        error_message: failure.map(|(_, message)| message.to_owned()),
        error_type: failure.map(|(error_type, _)| error_type.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use time::Weekday;

    // 2026-11-21 09:30 UTC, a Saturday.
    const END_MS: i64 = 1_795_253_400_000;

    fn weekday(entry: &HistoryEntry) -> Weekday {
        OffsetDateTime::from_unix_timestamp(entry.started_at_ms / 1_000)
            .unwrap()
            .weekday()
    }

    #[test]
    fn the_same_arguments_give_the_same_history() {
        assert_eq!(history(END_MS, 42), history(END_MS, 42));
        assert_ne!(history(END_MS, 42), history(END_MS, 43));
    }

    #[test]
    fn it_has_the_promised_size_for_any_end_and_seed() {
        for seed in 0..8 {
            let end = END_MS + seed as i64 * 41 * DAY_MS;
            let count = history(end, seed).len();
            println!("{count} entries for seed {seed}");
            assert!((6_000..=9_000).contains(&count), "{count} for seed {seed}");
        }
    }

    #[test]
    fn it_is_sorted_and_within_the_window() {
        let entries = history(END_MS, 7);
        assert!(entries.is_sorted_by_key(|entry| entry.started_at_ms));
        for entry in &entries {
            assert!(entry.started_at_ms >= END_MS - HISTORY_DAYS * DAY_MS);
            assert!(entry.completed_at_ms <= END_MS);
            assert_eq!(
                entry.completed_at_ms - entry.started_at_ms,
                i64::from(entry.execution_time_ms)
            );
        }
    }

    #[test]
    fn working_days_are_busier_and_people_sleep() {
        let entries = history(END_MS, 7);
        let by_people: Vec<_> = entries
            .iter()
            .filter(|entry| entry.analyst != crate::analyst::ETL)
            .collect();
        let weekend = by_people
            .iter()
            .filter(|entry| matches!(weekday(entry), Weekday::Saturday | Weekday::Sunday))
            .count();
        let working = by_people.len() - weekend;
        // Five days against two: alike days would give a factor of 2.5.
        assert!(working > weekend * 10, "{working} against {weekend}");
        let asleep = by_people
            .iter()
            .filter(|entry| entry.started_at_ms.rem_euclid(DAY_MS) < 5 * 3_600_000)
            .count();
        assert_eq!(asleep, 0);
    }

    #[test]
    fn it_grows() {
        let entries = history(END_MS, 7);
        let middle = END_MS - 45 * DAY_MS;
        let late = entries
            .iter()
            .filter(|entry| entry.started_at_ms >= middle)
            .count();
        assert!(late * 2 > entries.len());
    }

    #[test]
    fn every_kind_of_entry_occurs() {
        let entries = history(END_MS, 7);
        let types: BTreeSet<_> = entries.iter().map(|entry| entry.query_type).collect();
        assert_eq!(
            types,
            BTreeSet::from(["CREATE", "DELETE", "INSERT", "SELECT", "UPDATE"])
        );
        let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &entries {
            *statuses.entry(entry.query_status).or_default() += 1;
            assert_eq!(entry.query_status == "success", entry.error_type.is_none());
            assert_eq!(entry.error_type.is_some(), entry.error_message.is_some());
        }
        assert!(statuses["success"] > entries.len() * 9 / 10);
        assert!(statuses["failed"] > 40, "{statuses:?}");
        assert!(statuses["cancelled"] > 10, "{statuses:?}");
        let people: BTreeSet<_> = entries.iter().map(|entry| entry.analyst).collect();
        assert_eq!(people.len(), crate::analysts().len());
    }

    #[test]
    fn no_placeholder_is_left() {
        for entry in history(END_MS, 7) {
            // Array and object literals have braces too, with something else inside.
            let left = entry.query_text.split('{').skip(1).find(|rest| {
                rest.split('}').next().is_some_and(|name| {
                    !name.is_empty()
                        && !["gift", "bestseller", "textile", "dishwasher-safe"].contains(&name)
                        && !name.starts_with('"')
                })
            });
            assert_eq!(left, None, "{}", entry.query_text);
        }
    }
}
