//! Each column against all that is known, and what of it is worth proposing.

use super::candidate::{Candidate, Subject};
use super::composite::Composites;
use super::data_type::Fit;
use super::index::{Base, Entry, Found, Index};
use super::lexicon::{PEOPLE, PERSONAL};
use super::naming::ColumnName;
use super::polymorphic;
use super::role::Link;
use super::told::{Habits, Told, exactly};
use super::{End, Evidence, Hints, Options, Proposal, Target, reason, role, rule, word};
use crate::schema::Schema;
use std::collections::{HashMap, HashSet};

/// The confidence from which a proposal speaks for others.
const SURE: f32 = 0.85;
/// The confidence of a pair of which one column names the table.
const PAIR: f32 = 0.8;

/// Whether columns that refer say so, by `_id` or the like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    marked: u32,
    bare: u32,
}

impl Style {
    /// What a column without a mark loses of its confidence.
    pub(super) fn bare(self) -> f32 {
        let all = self.marked + self.bare;
        if all == 0 || self.bare * 2 >= all {
            1.0
        } else if self.bare * 5 >= all {
            0.85
        } else {
            0.6
        }
    }
}

/// Who the people of a schema are.
#[derive(Debug, Clone, Copy)]
pub(super) struct People {
    pub(super) table: usize,
    pub(super) certainty: f32,
}

/// What holds for a whole schema.
#[derive(Debug, Default)]
pub(super) struct Facts {
    styles: Vec<Style>,
    people: Vec<Option<People>>,
    anybody: Option<People>,
    made: (usize, usize),
    families: HashMap<(String, String), usize>,
}

impl Facts {
    pub(super) fn people(&self, space: usize) -> Option<People> {
        self.people.get(space).copied().flatten().or(self.anybody)
    }

    /// Whether most tables make the values of their keys, so that one that does not has them from
    /// elsewhere.
    pub(super) fn makes_keys(&self) -> bool {
        self.made.0 * 2 > self.made.1
    }

    /// How many tables add the same words to the name of another and have such a column.
    pub(super) fn family(&self, rest: &str, column: &str) -> usize {
        self.families
            .get(&(rest.to_owned(), column.to_owned()))
            .copied()
            .unwrap_or_default()
    }
}

pub(super) struct Search<'a> {
    pub(super) index: Index<'a>,
    names: HashMap<&'a str, ColumnName>,
    facts: Facts,
    declared: HashSet<(usize, usize)>,
    told: Told,
    enums: HashMap<&'a str, &'a [String]>,
    hints: &'a Hints,
}

impl<'a> Search<'a> {
    pub(super) fn new(schema: &'a Schema, hints: &'a Hints) -> Self {
        let index = Index::new(schema);
        let mut names = HashMap::new();
        let endings = index.key_endings();
        for column in schema.tables.iter().flat_map(|table| &table.columns) {
            names
                .entry(column.name.as_str())
                .or_insert_with(|| ColumnName::with(&column.name, &endings));
        }
        let told = Told::new(&index, hints);
        let mut search = Self {
            index,
            names,
            facts: Facts::default(),
            declared: HashSet::new(),
            told,
            enums: polymorphic::enums(schema),
            hints,
        };
        search.find_declared();
        search.find_facts();
        search
    }

    fn find_declared(&mut self) {
        for (at, entry) in self.index.tables.iter().enumerate() {
            for key in &entry.table.foreign_keys {
                for name in &key.columns {
                    let place = entry.table.columns.iter().position(|it| it.name == *name);
                    self.declared.extend(place.map(|place| (at, place)));
                }
            }
        }
        for (from, _) in &self.hints.accepted {
            let Some(at) = self.index.table(&from.table.schema, &from.table.name) else {
                continue;
            };
            for name in &from.columns {
                let place = self
                    .index
                    .get(at)
                    .and_then(|entry| entry.table.columns.iter().position(|it| it.name == *name));
                self.declared.extend(place.map(|place| (at, place)));
            }
        }
    }

    fn find_facts(&mut self) {
        let mut facts = Facts {
            styles: vec![Style::default(); self.index.spaces()],
            people: vec![None; self.index.spaces()],
            ..Facts::default()
        };
        let mut persons: Vec<Vec<(u32, usize)>> = vec![Vec::new(); self.index.spaces()];
        for (at, entry) in self.index.tables.iter().enumerate() {
            if !entry.refers() {
                continue;
            }
            if let Some(key) = entry.primary() {
                facts.made.0 += usize::from(entry.makes(key.column));
                facts.made.1 += 1;
            }
            let score = personality(entry, &self.names);
            if score > 0
                && let Some(list) = persons.get_mut(entry.space)
            {
                list.push((score, at));
            }
            let bases = self.index.bases(at);
            for column in 0..entry.table.columns.len() {
                let Some(subject) = self.subject(at, column, &bases) else {
                    continue;
                };
                if let Some(style) = facts.styles.get_mut(entry.space) {
                    self.note_style(&subject, style);
                }
                if subject.stem.len() <= 1
                    && let Some(base) = bases.first()
                    && let Some(column) = entry.column(column)
                {
                    *facts
                        .families
                        .entry((role::rest_of(&entry.words, base), column.name.clone()))
                        .or_default() += 1;
                }
            }
        }
        for (space, mut list) in persons.into_iter().enumerate() {
            list.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
            let people = list.first().map(|(score, table)| {
                // Two tables of people that are as likely leave it open whom a role means.
                let close = list.get(1).is_some_and(|(second, _)| second + 2 > *score);
                let certainty = if close { 0.75 } else { 1.0 };
                People {
                    table: *table,
                    certainty,
                }
            });
            if facts.anybody.is_none() {
                facts.anybody = people;
            }
            if let Some(slot) = facts.people.get_mut(space) {
                *slot = people;
            }
        }
        self.facts = facts;
    }

    fn note_style(&self, subject: &Subject<'_, '_>, style: &mut Style) {
        if subject.stem.is_empty() {
            return;
        }
        let found = self
            .index
            .named(&subject.stem.concat(), subject.entry.space);
        let fits = found.near
            && found.tables.iter().any(|at| {
                *at != subject.at
                    && self
                        .index
                        .key_for(subject, *at)
                        .is_some_and(|(_, fit)| fit == Fit::Equal)
            });
        if fits {
            match subject.name.marker {
                Some(_) => style.marked += 1,
                None => style.bare += 1,
            }
        }
    }

    /// A column that may refer to something.
    fn subject<'s>(
        &'s self,
        at: usize,
        column: usize,
        bases: &'s [Base],
    ) -> Option<Subject<'s, 'a>> {
        let entry = self.index.get(at)?;
        let data_type = *entry.types.get(column)?;
        let it = entry.column(column)?;
        if !self.index.types.get(data_type)?.refers() || it.generated.is_some() {
            return None;
        }
        let name = self.names.get(it.name.as_str())?;
        let shared = entry.column_prefix.is_some()
            && name.stem.len() > 1
            && name.stem.first() == entry.column_prefix.as_ref();
        let stem = name.stem.get(usize::from(shared)..).unwrap_or_default();
        Some(Subject {
            at,
            entry,
            column,
            data_type,
            name,
            stem,
            bases,
        })
    }

    /// Whether a column is the key that its own table makes or is named after.
    fn is_own_key(&self, subject: &Subject<'_, '_>) -> bool {
        let Some(key) = subject.entry.primary() else {
            return false;
        };
        if key.column != subject.column {
            return false;
        }
        if subject.entry.makes(subject.column) {
            return true;
        }
        let stem = subject.name.stem_text();
        let core = subject.entry.core().concat();
        if stem.is_empty() {
            return false;
        }
        let space = subject.entry.space;
        let others =
            |found: Found<'_>| found.near && found.tables.iter().any(|at| *at != subject.at);
        let keyed = || others(self.index.keyed(&subject.name.words.join(" "), space));
        let named = || others(self.index.named(&stem, space));
        subject.entry.words.concat() == stem
            || core == stem
            || (core.starts_with(&stem) && !keyed() && !named())
            || (core.ends_with(&stem) && !named())
    }

    /// The best answer for a column.
    fn best(
        &self,
        at: usize,
        column: usize,
        bases: &[Base],
        link: Option<&Link>,
    ) -> Option<Candidate> {
        let subject = self.subject(at, column, bases)?;
        if self.is_own_key(&subject) {
            return None;
        }
        let style = self
            .facts
            .styles
            .get(subject.entry.space)
            .copied()
            .unwrap_or_default();
        let mut all = rule::names(&self.index, style, &subject);
        all.extend(self.told.about(&self.index, &subject));
        all.extend(role::places(&self.index, &self.facts, link, &subject));
        // What is a key already says first what the table is about.
        let key = subject
            .entry
            .primary()
            .is_some_and(|key| key.column == column);
        // A table that inherits has its parent's columns, which do not lead there.
        let inherits = |table: usize| {
            self.index
                .get(table)
                .is_some_and(|entry| subject.entry.table.inherits.contains(&entry.table.name))
        };
        all.retain(|it| {
            (it.table != at || it.column != column)
                && !inherits(it.table)
                && (!key
                    || matches!(
                        it.evidence,
                        Evidence::TableName
                            | Evidence::TableNameEnd
                            | Evidence::KeyName
                            | Evidence::Extension
                            | Evidence::Join
                            | Evidence::Comment
                    ))
        });
        best_of(all)
    }

    pub(super) fn proposals(&self, options: Options) -> Vec<Proposal> {
        let composites = Composites::new(&self.index);
        let mut habits = Habits::default();
        let mut rows = Vec::new();
        for (at, entry) in self.index.tables.iter().enumerate() {
            if !entry.refers() {
                continue;
            }
            let bases = self.index.bases(at);
            let name = |column| self.names.get(entry.column(column)?.name.as_str());
            let link = Link::of(&self.index, entry, name);
            let pairs = polymorphic::pairs(&self.index, entry, &self.enums, name);
            let best: Vec<Option<Candidate>> = (0..entry.table.columns.len())
                .map(|column| {
                    let best = self.best(at, column, &bases, link.as_ref())?;
                    // What a pair refers to, a role does not tell.
                    let paired = pairs.iter().any(|pair| pair.row == column);
                    (!paired || best.confidence >= SURE).then_some(best)
                })
                .collect();
            for (column, best) in entry.table.columns.iter().zip(&best) {
                if let Some(best) = best.as_ref().filter(|best| best.confidence >= SURE) {
                    habits.note(&column.name, (best.table, best.column));
                }
            }
            rows.push((at, bases, pairs, best));
        }
        let mut proposals = Vec::new();
        for (at, bases, pairs, best) in rows {
            let Some(entry) = self.index.get(at) else {
                continue;
            };
            let is_declared = |column: usize| self.declared.contains(&(at, column));
            let mut refers = vec![false; best.len()];
            for (column, best) in best.into_iter().enumerate() {
                let likely = |it: &Candidate| it.confidence >= options.confidence_min;
                let pair = pairs.iter().find(|pair| pair.row == column);
                let best = best.filter(likely).or_else(|| {
                    let habit = self.by_habit(&habits, at, column, &bases);
                    habit.filter(|it| likely(it) && pair.is_none())
                });
                if let Some(slot) = refers.get_mut(column) {
                    *slot = best.is_some() || is_declared(column);
                }
                if is_declared(column) {
                    continue;
                }
                match (best, pair) {
                    (Some(best), _) => proposals.extend(self.proposal(at, column, &best)),
                    (None, Some(pair)) if PAIR >= options.confidence_min => {
                        proposals.extend(reason::pair(entry, pair, PAIR));
                    }
                    _ => {}
                }
            }
            let refers = |column: usize| refers.get(column).copied().unwrap_or_default();
            for found in composites.matches(&self.index, at, &bases, &refers) {
                let known = found.columns.iter().all(|column| is_declared(*column));
                if !known && found.confidence >= options.confidence_min {
                    proposals.extend(
                        self.index
                            .get(found.table)
                            .and_then(|target| reason::composite(entry, target, &found)),
                    );
                }
            }
        }
        proposals
    }

    /// What most columns of that name turned out to refer to.
    fn by_habit(
        &self,
        habits: &Habits,
        at: usize,
        column: usize,
        bases: &[Base],
    ) -> Option<Candidate> {
        let subject = self.subject(at, column, bases)?;
        let name = &subject.entry.column(column)?.name;
        let (target, count, share) = habits.usual(name)?;
        let near = self.index.get(target.0)?.space == subject.entry.space;
        if count < 3 || share < 0.9 || !near || target.0 == at || self.is_own_key(&subject) {
            return None;
        }
        let confidence = if subject.name.marker.is_some() {
            0.72
        } else {
            0.62
        };
        exactly(
            &self.index,
            &subject,
            target,
            confidence,
            Evidence::Habit,
            count,
        )
        .filter(|it| it.fit == Fit::Equal)
    }

    fn proposal(&self, at: usize, column: usize, best: &Candidate) -> Option<Proposal> {
        let entry = self.index.get(at)?;
        let target = self.index.get(best.table)?;
        let own = entry.column(column)?;
        let key = target.column(best.column)?;
        Some(Proposal {
            from: End::new(entry.table.name.clone(), vec![own.name.clone()]),
            to: Target::Key(End::new(target.table.name.clone(), vec![key.name.clone()])),
            confidence: best.confidence,
            evidence: best.evidence,
            reason: reason::sentence(entry, own, target, key, best),
            one_to_one: entry.keys.iter().any(|key| key.column == column),
            optional: own.nullable,
        })
    }
}

/// The likeliest of all candidates; others for the same key add to it, others for another key
/// that are as likely take from it.
fn best_of(all: Vec<Candidate>) -> Option<Candidate> {
    let mut merged: Vec<Candidate> = Vec::new();
    for it in all {
        match merged
            .iter_mut()
            .find(|known| known.table == it.table && known.column == it.column)
        {
            Some(known) => {
                let (mut strong, weak) = if it.confidence > known.confidence {
                    let weak = known.confidence;
                    (it, weak)
                } else {
                    (known.clone(), it.confidence)
                };
                strong.confidence = 1.0 - (1.0 - strong.confidence) * (1.0 - weak * 0.3);
                *known = strong;
            }
            None => merged.push(it),
        }
    }
    merged.sort_by(|one, other| {
        other
            .confidence
            .total_cmp(&one.confidence)
            .then(one.table.cmp(&other.table))
    });
    let second = merged.get(1).map(|it| it.confidence);
    let mut best = merged.into_iter().next()?;
    if second.is_some_and(|second| second + 0.04 > best.confidence) {
        best.confidence *= 0.8;
    }
    best.confidence = best.confidence.min(0.99);
    Some(best)
}

/// How much a table looks like one of people.
fn personality(entry: &Entry<'_>, names: &HashMap<&str, ColumnName>) -> u32 {
    if entry.primary().is_none() {
        return 0;
    }
    let core = entry.core().join(" ");
    let named = PEOPLE
        .iter()
        .position(|it| *it == core)
        .map_or(0, |place| if place == 0 { 6 } else { 4 });
    let personal = entry
        .table
        .columns
        .iter()
        .filter(|column| {
            names
                .get(column.name.as_str())
                .is_some_and(|name| PERSONAL.contains(&name.words.join(" ").as_str()))
        })
        .count();
    if named == 0 && personal < 2 {
        return 0;
    }
    let short = u32::from(entry.core().len() == 1);
    named
        + u32::try_from(personal.min(4)).unwrap_or_default()
        + short
        + u32::from(word::split(&entry.table.name.name).len() == 1)
}
