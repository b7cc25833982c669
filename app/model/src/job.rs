//! Work in the background, and when it is done by itself.

use crate::id::{DatabaseId, JobId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// It waits for its turn.
    Pending,
    /// It is worked on.
    Running,
    /// It did what was asked.
    Completed,
    /// It did not, and says why.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl JobStatus {
    /// Each of them.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Running,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word kept in `jobs.status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word that [`JobStatus::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether it has not ended yet.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Pending | Self::Running)
    }
}

/// Who wanted a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobTrigger {
    /// Somebody asked for it.
    Manual,
    /// The database's schedule did.
    Schedule,
}

impl JobTrigger {
    /// The word kept in a job's parameters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Schedule => "schedule",
        }
    }

    /// Reads the word that [`JobTrigger::as_str`] wrote; what is no such word was asked for by
    /// somebody.
    pub fn from_word(word: &str) -> Self {
        match word {
            "schedule" => Self::Schedule,
            _ => Self::Manual,
        }
    }
}

/// How far a job has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobProgress {
    /// Steps that have begun.
    pub current: u32,
    /// How many there are, where that is known.
    pub total: Option<u32>,
    /// What is being done.
    pub message: Option<String>,
}

/// What reading a database again brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshResult {
    /// The version that it became.
    pub version: u32,
    /// Whether the structure changed.
    pub has_changed: bool,
    /// What changed, in words; none when nothing did.
    pub summary: Option<String>,
    /// What could not be read, and why.
    pub unreadable: Vec<(String, String)>,
}

/// A reading of a database in the background: one that waits, runs, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The database that is read.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Whether somebody has asked for it to stop.
    pub cancel_requested: bool,
    /// Who wanted it.
    pub trigger: JobTrigger,
    /// The name of the person who asked for it; none for a schedule, the command line and people
    /// who are gone.
    pub started_by: Option<String>,
    /// How far it has come.
    pub progress: JobProgress,
    /// What it brought, once it is completed.
    pub result: Option<RefreshResult>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When somebody began to work on it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Job {
    /// How long it was worked on, in milliseconds; none before it has ended.
    pub fn duration_ms(&self) -> Option<i64> {
        let (start, end) = (self.started_at?, self.finished_at?);
        Some((end.0 - start.0).max(0))
    }
}

/// Which jobs to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobQuery {
    /// Those of one database only.
    pub database: Option<DatabaseId>,
    /// Where the page before ended.
    pub after: Option<String>,
    /// How many at the most.
    pub limit: u32,
}

/// A page of jobs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPage {
    /// The jobs, the newest first.
    pub jobs: Vec<Job>,
    /// What to give as `after` for those before; none at the end.
    pub next: Option<String>,
}

/// When a database is read by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Five fields, in UTC: minute, hour, day of the month, month, day of the week.
    pub cron: String,
    /// Whether it counts at the moment.
    pub enabled: bool,
    /// The name of the person who set it.
    pub set_by: Option<String>,
    /// When it was set.
    pub set_at: Timestamp,
    /// The next runs, up to three; none while it is off.
    pub next_runs: Vec<Timestamp>,
}

/// A schedule that many want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchedulePreset {
    /// The word that a form posts for it.
    pub word: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its text.
    pub cron: &'static str,
}

/// The schedules that a form offers by name.
pub const SCHEDULE_PRESETS: [SchedulePreset; 3] = [
    SchedulePreset {
        word: "hourly",
        label: "Every hour",
        cron: "0 * * * *",
    },
    SchedulePreset {
        word: "daily",
        label: "Daily at 03:00 UTC",
        cron: "0 3 * * *",
    },
    SchedulePreset {
        word: "weekly",
        label: "Mondays at 03:00 UTC",
        cron: "0 3 * * 1",
    },
];

/// What a page of one database shows of its readings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshState {
    /// The newest job; none when it was never read again.
    pub job: Option<Job>,
    /// When it is read by itself.
    pub schedule: Option<Schedule>,
}

/// A span of time in a few letters: `0.4 s`, `1 min 20 s`, `2 h 5 min`.
pub fn duration_text(milliseconds: i64) -> String {
    let seconds = milliseconds / 1_000;
    match seconds {
        0..10 => format!("{}.{} s", seconds, milliseconds % 1_000 / 100),
        10..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for status in JobStatus::ALL {
            assert_eq!(JobStatus::from_word(status.as_str()), Some(status));
        }
        for trigger in [JobTrigger::Manual, JobTrigger::Schedule] {
            assert_eq!(JobTrigger::from_word(trigger.as_str()), trigger);
        }
    }

    #[test]
    fn spans_are_short() {
        for (milliseconds, text) in [
            (0, "0.0 s"),
            (449, "0.4 s"),
            (9_999, "9.9 s"),
            (59_000, "59 s"),
            (80_000, "1 min 20 s"),
            (7_500_000, "2 h 5 min"),
        ] {
            assert_eq!(duration_text(milliseconds), text);
        }
    }
}
