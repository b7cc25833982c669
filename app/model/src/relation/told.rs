//! What is known of columns beyond their names: keys that are declared or confirmed elsewhere,
//! joins that queries make, comments.

use super::End;
use super::Evidence;
use super::Hints;
use super::candidate::{Candidate, Claim, Subject};
use super::data_type::Fit;
use super::index::{Found, Index};
use super::word;
use crate::schema::ForeignKey;
use std::collections::HashMap;

/// A column, by its table's place and its own.
type Place = (usize, usize);

/// A name that refers to more than this refers to nothing.
const TARGETS_MAX: usize = 32;

/// Phrases after which a comment names a table, and how surely.
const PHRASES: &[(&str, f32)] = &[
    ("foreign key to ", 0.92),
    ("foreign key of ", 0.92),
    ("foreign key on ", 0.92),
    ("references ", 0.92),
    ("reference to ", 0.9),
    ("refers to ", 0.9),
    ("fk to ", 0.92),
    ("fk: ", 0.9),
    ("fk -> ", 0.92),
    ("-> ", 0.85),
    ("→ ", 0.85),
    ("points to ", 0.85),
    ("links to ", 0.8),
    ("link to ", 0.8),
    ("key of ", 0.8),
    ("id of ", 0.75),
    ("see ", 0.6),
];

/// Words between such a phrase and the table's name.
const ARTICLES: &[&str] = &[
    "the", "a", "an", "table", "row", "in", "of", "column", "its",
];

/// What columns of one name refer to where it is known, and how often.
#[derive(Debug, Default)]
pub(super) struct Habits {
    by_name: HashMap<String, Vec<(Place, u32)>>,
}

impl Habits {
    pub(super) fn note(&mut self, column: &str, target: Place) {
        let known = self.by_name.entry(column.to_lowercase()).or_default();
        if let Some((_, count)) = known.iter_mut().find(|(place, _)| *place == target) {
            *count += 1;
        } else if known.len() < TARGETS_MAX {
            known.push((target, 1));
        }
    }

    /// What columns of that name usually refer to: the key, the number of times, and the share of
    /// all those that are known.
    pub(super) fn usual(&self, column: &str) -> Option<(Place, u32, f32)> {
        let known = self.by_name.get(&column.to_lowercase())?;
        let all: u32 = known.iter().map(|(_, count)| count).sum();
        let (place, count) = known
            .iter()
            .max_by_key(|(place, count)| (*count, std::cmp::Reverse(*place)))?;
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let share = *count as f32 / all as f32;
        Some((*place, *count, share))
    }
}

/// All that is known of columns beyond their names.
#[derive(Debug, Default)]
pub(super) struct Told {
    habits: Habits,
    /// For each name, the columns in tables that declare foreign keys, and those that have one.
    declared: HashMap<String, (u32, u32)>,
    joins: HashMap<Place, Vec<(Place, u64)>>,
    notes: HashMap<Place, Vec<String>>,
}

impl Told {
    pub(super) fn new(index: &Index<'_>, hints: &Hints) -> Self {
        let mut told = Self::default();
        for entry in &index.tables {
            if entry.table.foreign_keys.is_empty() {
                continue;
            }
            for column in &entry.table.columns {
                let counts = told.declared.entry(column.name.to_lowercase()).or_default();
                let has = |key: &ForeignKey| key.columns.contains(&column.name);
                counts.0 += 1;
                counts.1 += u32::from(entry.table.foreign_keys.iter().any(has));
            }
            for key in &entry.table.foreign_keys {
                if let ([column], [target]) =
                    (key.columns.as_slice(), key.target_columns.as_slice())
                    && let Some(at) = index.table(&key.target.schema, &key.target.name)
                    && let Some(place) = place(index, at, target)
                {
                    told.habits.note(column, place);
                }
            }
        }
        for (from, to) in &hints.accepted {
            if let ([column], Some(place)) = (from.columns.as_slice(), single(index, to)) {
                told.habits.note(column, place);
            }
        }
        for join in &hints.joins {
            let (Some(left), Some(right)) = (single(index, &join.left), single(index, &join.right))
            else {
                continue;
            };
            for (from, to) in [(left, right), (right, left)] {
                if from != to && is_key(index, to) && !is_shared_key(index, from, to) {
                    told.joins.entry(from).or_default().push((to, join.count));
                }
            }
        }
        for note in &hints.notes {
            let end = End::new(note.table.clone(), vec![note.column.clone()]);
            if let Some(place) = single(index, &end) {
                told.notes.entry(place).or_default().push(note.text.clone());
            }
        }
        told
    }

    /// The share of columns of a name that declare what they refer to, among those of tables that
    /// declare such things.
    fn adherence(&self, column: &str) -> f32 {
        let Some((all, declared)) = self.declared.get(&column.to_lowercase()) else {
            return 1.0;
        };
        #[expect(clippy::cast_precision_loss, reason = "counts of columns")]
        let share = *declared as f32 / (*all).max(1) as f32;
        share.min(1.0)
    }

    /// What is known of a column.
    pub(super) fn about(&self, index: &Index<'_>, subject: &Subject<'_, '_>) -> Vec<Candidate> {
        let mut found = Vec::new();
        let Some(column) = subject.entry.column(subject.column) else {
            return found;
        };
        let here = (subject.at, subject.column);
        if let Some((target, count, share)) = self.habits.usual(&column.name)
            && share >= 0.5
            && !subject.stem.is_empty()
        {
            // Once may be chance; more often is a habit, unless others of that name do not.
            let level = if count > 1 {
                0.6 + 0.37 * share
            } else {
                0.5 + 0.3 * share
            };
            let confidence = level * (0.5 + 0.5 * self.adherence(&column.name));
            found.extend(exactly(
                index,
                subject,
                target,
                confidence,
                Evidence::Habit,
                count,
            ));
        }
        for (target, count) in self.joins.get(&here).into_iter().flatten() {
            let confidence = match count {
                0 => continue,
                1 => 0.7,
                2..=9 => 0.78,
                10..=99 => 0.86,
                _ => 0.92,
            };
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            found.extend(exactly(
                index,
                subject,
                *target,
                confidence,
                Evidence::Join,
                count,
            ));
        }
        let notes = self.notes.get(&here).into_iter().flatten();
        for text in column.comment.iter().chain(notes) {
            found.extend(commented(index, subject, text));
        }
        found
    }
}

/// A candidate for one known key.
pub(super) fn exactly(
    index: &Index<'_>,
    subject: &Subject<'_, '_>,
    target: Place,
    confidence: f32,
    evidence: Evidence,
    count: u32,
) -> Option<Candidate> {
    let entry = index.get(target.0)?;
    let fit = index.fit(subject.data_type, *entry.types.get(target.1)?)?;
    Some(Candidate {
        table: target.0,
        column: target.1,
        fit,
        confidence: confidence * fit.factor(),
        evidence,
        word: count.to_string(),
        rivals: 0,
    })
}

/// The table that a comment names: `references customers.id`, “the id of the customer”.
fn commented(index: &Index<'_>, subject: &Subject<'_, '_>, text: &str) -> Option<Candidate> {
    let lower: String = text.chars().take(500).collect::<String>().to_lowercase();
    for (phrase, confidence) in PHRASES {
        let Some((before, rest)) = lower.split_once(phrase) else {
            continue;
        };
        // `preferences ` is not `references `.
        if before.chars().last().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let mut names = rest
            .split(|letter: char| letter.is_whitespace() || "(),;:".contains(letter))
            .filter(|name| !name.is_empty() && !ARTICLES.contains(name));
        let Some(name) = names.next() else { continue };
        let name = name.trim_matches(|letter: char| "\"`'[].".contains(letter));
        let parts: Vec<&str> = name.split('.').collect();
        // Table, table.column, schema.table or schema.table.column.
        for part in parts.iter().rev().skip(usize::from(parts.len() > 2)) {
            let found = index.named(&word::words(part).concat(), subject.entry.space);
            if let [only] = found.tables {
                let alone = Found {
                    tables: &[*only],
                    near: true,
                };
                let claim = Claim::new(*confidence, Evidence::Comment).own();
                return index.pick(subject, &alone, claim).filter(|it| {
                    (it.table, it.column) != (subject.at, subject.column) && it.fit > Fit::Unknown
                });
            }
        }
    }
    None
}

fn place(index: &Index<'_>, at: usize, column: &str) -> Option<Place> {
    let columns = &index.get(at)?.table.columns;
    Some((at, columns.iter().position(|it| it.name == column)?))
}

fn single(index: &Index<'_>, end: &End) -> Option<Place> {
    let [column] = end.columns.as_slice() else {
        return None;
    };
    let at = index.table(&end.table.schema, &end.table.name)?;
    place(index, at, column)
}

fn is_key(index: &Index<'_>, place: Place) -> bool {
    index
        .get(place.0)
        .is_some_and(|entry| entry.keys.iter().any(|key| key.column == place.1))
}

/// Whether both are keys and the first one makes its values, so that the other refers to it.
fn is_shared_key(index: &Index<'_>, from: Place, to: Place) -> bool {
    let makes = |place: Place| index.get(place.0).is_some_and(|entry| entry.makes(place.1));
    is_key(index, from) && (makes(from) || !makes(to))
}
