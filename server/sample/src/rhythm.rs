//! When a query runs: how often on a given day, and at which moment of it.

use crate::dice::Dice;
use time::{Date, Weekday};

/// What makes somebody run a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rhythm {
    /// A job, every hour of every day, some minutes past the hour.
    Hourly {
        /// Minutes past the hour.
        minute: i64,
    },
    /// A job, once a night, every night. Minutes after midnight.
    Nightly {
        /// Minutes after midnight, UTC.
        minute: i64,
    },
    /// A page that people open on working days, mostly in the morning.
    Dashboard {
        /// Times a working day.
        per_day: f64,
    },
    /// Whenever somebody has a question.
    Exploration {
        /// Times a working day, on average over the whole history.
        per_day: f64,
    },
    /// On the first three working days of a month.
    MonthEnd {
        /// Times a day.
        per_day: f64,
    },
}

const MINUTE_MS: f64 = 60_000.0;

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Working days of the month before and including `day`.
fn working_day_of_month(day: Date) -> u8 {
    (1..=day.day())
        .filter_map(|number| day.replace_day(number).ok())
        .filter(|date| !is_weekend(*date))
        .count() as u8
}

impl Rhythm {
    /// Moments of `day`, in milliseconds after its midnight. `progress` goes from 0 to 1 over the
    /// history: the team asks more as time goes on.
    pub(crate) fn moments(self, day: Date, progress: f64, dice: &mut Dice) -> Vec<i64> {
        let weekend = is_weekend(day);
        let growth = 0.55 + 0.5 * progress;
        match self {
            Self::Hourly { minute } => (0..24)
                .map(|hour| job_moment(hour * 60 + minute, dice))
                .collect(),
            Self::Nightly { minute } => vec![job_moment(minute, dice)],
            Self::Dashboard { per_day } => {
                // On weekends only the screens that nobody switched off still ask.
                let mean = if weekend { per_day * 0.15 } else { per_day };
                let count = dice.around(mean);
                (0..count).map(|_| office_moment(0.72, dice)).collect()
            }
            Self::Exploration { per_day } => {
                let mean = growth * if weekend { per_day * 0.1 } else { per_day };
                let wave = 0.4 + 1.2 * dice.unit();
                let count = dice.around(mean * wave);
                (0..count).map(|_| office_moment(0.45, dice)).collect()
            }
            Self::MonthEnd { per_day } => {
                if weekend || working_day_of_month(day) > 3 {
                    return Vec::new();
                }
                let count = dice.around(per_day);
                (0..count).map(|_| office_moment(0.5, dice)).collect()
            }
        }
    }
}

/// Jobs start on time, give or take the seconds that the scheduler needs.
fn job_moment(minute: i64, dice: &mut Dice) -> i64 {
    minute * 60_000 + dice.between(400, 21_000)
}

/// Between seven and eighteen, with a dip at noon; a few late workers. `morning` is the share of
/// queries before noon.
fn office_moment(morning: f64, dice: &mut Dice) -> i64 {
    let bell = (dice.unit() + dice.unit() + dice.unit()) / 3.0;
    let minute = if dice.chance(0.03) {
        18.0 * 60.0 + bell * 240.0
    } else if dice.chance(morning) {
        7.0 * 60.0 + bell * 310.0
    } else {
        12.6 * 60.0 + bell * 320.0
    };
    (minute * MINUTE_MS) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn month_end_means_three_working_days() {
        let rhythm = Rhythm::MonthEnd { per_day: 1.0 };
        let mut dice = Dice::new(3);
        let days: Vec<u8> = (1..=30)
            .filter_map(|number| date!(2026 - 11 - 01).replace_day(number).ok())
            .filter(|day| !rhythm.moments(*day, 0.5, &mut dice).is_empty())
            .map(Date::day)
            .collect();
        // The first of November 2026 is a Sunday.
        assert_eq!(days, [2, 3, 4]);
    }

    #[test]
    fn jobs_do_not_rest_on_weekends() {
        let mut dice = Dice::new(3);
        let sunday = date!(2026 - 11 - 01);
        let hourly = Rhythm::Hourly { minute: 5 }.moments(sunday, 0.0, &mut dice);
        assert_eq!(hourly.len(), 24);
        assert!(hourly.iter().all(|moment| (0..86_400_000).contains(moment)));
    }
}
