//! The account that a reader keeps while it reads.

use crate::token::{Lines, excerpt};
use model::import::{ImportProblem, ImportReport, PassedOver};
use std::collections::HashMap;

/// How many problems a report holds; the others are only counted.
const MOST_PROBLEMS: usize = 1_000;

/// Counts and problems so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    read: u64,
    passed: Vec<PassedOver>,
    places: HashMap<String, usize>,
    problems: Vec<ImportProblem>,
    problems_total: u64,
    /// Whether any statement was there that defines structure, read or not.
    pub(crate) structure: bool,
}

impl Tally {
    /// Counts a statement that became part of the schema.
    pub(crate) fn read(&mut self) {
        self.read += 1;
        self.structure = true;
    }

    /// Counts a statement that says nothing about the structure.
    pub(crate) fn pass(&mut self, kind: &str) {
        match self
            .places
            .get(kind)
            .and_then(|at| self.passed.get_mut(*at))
        {
            Some(row) => row.count += 1,
            None => {
                self.places.insert(kind.to_owned(), self.passed.len());
                self.passed.push(PassedOver {
                    kind: kind.to_owned(),
                    count: 1,
                });
            }
        }
    }

    /// Notes a problem at a line.
    pub(crate) fn problem(&mut self, line: u64, excerpt: String, message: String) {
        self.problems_total += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(ImportProblem {
                line,
                excerpt,
                message,
            });
        }
    }

    /// Whether a problem would still be kept; spares the work of describing it.
    pub(crate) fn has_room(&self) -> bool {
        self.problems.len() < MOST_PROBLEMS
    }

    /// Notes a problem at a byte of a text, shown up to `end`.
    pub(crate) fn problem_at(
        &mut self,
        source: &str,
        lines: &Lines,
        (start, end): (usize, usize),
        message: String,
    ) {
        if self.has_room() {
            // Enough for the longest excerpt; a statement may be megabytes long.
            let mut stop = end.min(start.saturating_add(2_000)).min(source.len());
            while !source.is_char_boundary(stop) {
                stop -= 1;
            }
            let text = excerpt(source.get(start..stop).unwrap_or_default());
            self.problem(lines.line(start), text, message);
        } else {
            self.problems_total += 1;
        }
    }

    /// What was passed over, most frequent first.
    pub(crate) fn passed(&self) -> Vec<PassedOver> {
        let mut passed = self.passed.clone();
        passed.sort_by(|one, two| {
            two.count
                .cmp(&one.count)
                .then_with(|| one.kind.cmp(&two.kind))
        });
        passed
    }

    /// The report.
    pub(crate) fn finish(self) -> ImportReport {
        ImportReport {
            statements_read: self.read,
            passed_over: self.passed(),
            problems: self.problems,
            problems_total: self.problems_total,
        }
    }
}
