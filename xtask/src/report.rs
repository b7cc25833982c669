//! What was done, how long it took and what came of it.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::interrupt;

/// Numbers of tests.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    /// The tests that failed, by name and, where it is known, with what they said.
    pub(crate) failures: Vec<String>,
    /// The tests that failed and passed when they were run again, as above.
    pub(crate) flaky: Vec<String>,
}

impl Counts {
    /// Adds what a line of `cargo test` says, if it says something.
    pub(crate) fn read_cargo(&mut self, line: &str) {
        if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
            return;
        }
        let Some((_, numbers)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in numbers.split(';') {
            let mut words = part.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.failures.extend(other.failures);
        self.flaky.extend(other.flaky);
    }
}

enum Outcome {
    Done,
    Failed(String),
    Skipped(String),
}

struct Step {
    name: &'static str,
    took: Duration,
    counts: Counts,
    outcome: Outcome,
}

/// How a step may end without an error.
pub(crate) enum End {
    /// It did its work; the counts are zero unless it ran tests.
    Done(Counts),
    /// It could not do its work here, and why.
    Skipped(String),
    /// It has nothing to do in a plain clone, which is all right everywhere.
    Absent(String),
}

/// The steps of one run.
pub(crate) struct Report {
    steps: Vec<Step>,
    strict: bool,
}

impl Report {
    /// In CI a skipped step is a failed one.
    pub(crate) fn new() -> Self {
        let strict =
            std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        Self {
            steps: Vec::new(),
            strict,
        }
    }

    /// Runs a step; true when what depends on it can go on.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Counts) -> Result<End>,
    ) -> bool {
        if interrupt::happened() {
            self.unreached(name, "interrupted");
            return false;
        }
        println!("\n== {name}");
        let begun = Instant::now();
        let mut counts = Counts::default();
        let outcome = match work(&mut counts) {
            Ok(End::Done(more)) => {
                counts.add(more);
                Outcome::Done
            }
            Ok(End::Absent(why)) => {
                println!("skipped: {why}");
                Outcome::Skipped(why)
            }
            Ok(End::Skipped(why)) if self.strict => {
                println!("skipped, which CI does not allow: {why}");
                Outcome::Failed(format!("skipped in CI: {why}"))
            }
            Ok(End::Skipped(why)) => {
                println!("skipped: {why}");
                Outcome::Skipped(why)
            }
            Err(error) => {
                println!("failed: {error:#}");
                Outcome::Failed(format!("{error:#}"))
            }
        };
        // A step that failed without a failed test, such as a build, counts as one.
        match &outcome {
            Outcome::Failed(_) if counts.failed == 0 => counts.failed = 1,
            Outcome::Skipped(_) => counts.skipped += 1,
            _ => {}
        }
        let go_on = !matches!(outcome, Outcome::Failed(_));
        self.steps.push(Step {
            name,
            took: begun.elapsed(),
            counts,
            outcome,
        });
        go_on
    }

    /// Notes a step that cannot be done.
    pub(crate) fn unreached(&mut self, name: &'static str, because: &str) {
        self.steps.push(Step {
            name,
            took: Duration::ZERO,
            counts: Counts::default(),
            outcome: Outcome::Failed(format!("not reached: {because}")),
        });
    }

    /// Prints what failed, the table and, as the last line, the counts: whoever sees only the
    /// end of the output sees what went wrong. True when nothing failed.
    pub(crate) fn close(self) -> bool {
        for test in self.steps.iter().flat_map(|step| &step.counts.flaky) {
            println!("\nFLAKY, passed when run again: {test}");
        }
        for failure in self.steps.iter().flat_map(|step| &step.counts.failures) {
            println!("\nFAILED {failure}");
        }
        println!();
        let mut total = Counts::default();
        let mut failed = false;
        for step in &self.steps {
            let seconds = step.took.as_secs_f32();
            let (state, why) = match &step.outcome {
                Outcome::Done => ("ok", String::new()),
                Outcome::Failed(why) => {
                    ("FAILED", why.lines().next().unwrap_or_default().to_owned())
                }
                Outcome::Skipped(why) => ("skipped", why.clone()),
            };
            failed |= matches!(step.outcome, Outcome::Failed(_));
            let tests = match (step.counts.passed, step.counts.failed) {
                (0, 0) => String::new(),
                (passed, failed) => format!("{passed}/{}", passed + failed),
            };
            println!(
                "{:<24} {seconds:>8.1} s  {state:<8} {tests:>9}  {why}",
                step.name
            );
            total.add(step.counts.clone());
        }
        println!(
            "\n{} passed, {} failed, {} skipped",
            total.passed, total.failed, total.skipped
        );
        !failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_add_up() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
            "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
            "test parses::test result: no ... ok",
            "test parses::a_name ... FAILED",
        ] {
            counts.read_cargo(line);
        }
        assert_eq!(
            counts,
            Counts {
                passed: 10,
                failed: 2,
                skipped: 1,
                failures: vec!["parses::a_name".to_owned()],
                flaky: Vec::new(),
            }
        );
    }

    #[test]
    fn a_failed_step_without_tests_counts_as_one() {
        let mut report = Report {
            steps: Vec::new(),
            strict: true,
        };
        assert!(report.step("one", |_| Ok(End::Done(Counts {
            passed: 2,
            ..Counts::default()
        }))));
        assert!(!report.step("two", |_| anyhow::bail!("no")));
        assert!(!report.step("three", |_| Ok(End::Skipped("no tool".to_owned()))));
        assert!(report.step("four", |_| Ok(End::Absent("plain clone".to_owned()))));
        let failed: u64 = report.steps.iter().map(|step| step.counts.failed).sum();
        assert_eq!(failed, 2);
        assert!(!report.close());
    }
}
