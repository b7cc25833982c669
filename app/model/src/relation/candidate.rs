//! What a column may refer to, and why.

use super::Evidence;
use super::data_type::Fit;
use super::index::{Base, Entry, Found, Index, KeyColumn};
use super::naming::ColumnName;

/// One answer to the question what a column refers to.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) table: usize,
    /// The place of the key's column in its table.
    pub(super) column: usize,
    pub(super) fit: Fit,
    pub(super) confidence: f32,
    pub(super) evidence: Evidence,
    /// What the sentence about it needs besides: a role, a part of a name.
    pub(super) word: String,
    /// How many tables fitted as well.
    pub(super) rivals: usize,
}

/// A column that is looked at.
pub(super) struct Subject<'i, 'a> {
    pub(super) at: usize,
    pub(super) entry: &'i Entry<'a>,
    pub(super) column: usize,
    pub(super) data_type: usize,
    pub(super) name: &'i ColumnName,
    /// The stem, without the prefix that the table's columns share.
    pub(super) stem: &'i [String],
    /// The tables after which its own is named.
    pub(super) bases: &'i [Base],
}

/// What a rule thinks of those that it found.
pub(super) struct Claim {
    pub(super) confidence: f32,
    pub(super) evidence: Evidence,
    pub(super) word: String,
    /// Whether the column's own table may be meant.
    pub(super) own: bool,
}

impl Claim {
    pub(super) fn new(confidence: f32, evidence: Evidence) -> Self {
        Self {
            confidence,
            evidence,
            word: String::new(),
            own: false,
        }
    }

    pub(super) fn word(mut self, word: impl Into<String>) -> Self {
        self.word = word.into();
        self
    }

    pub(super) fn own(mut self) -> Self {
        self.own = true;
        self
    }
}

impl Index<'_> {
    /// The key of a table that a column could hold: the primary one, or a unique one that the
    /// column's name speaks of (`country_code` and `countries.code`).
    pub(super) fn key_for(
        &self,
        subject: &Subject<'_, '_>,
        target: usize,
    ) -> Option<(KeyColumn, Fit)> {
        let entry = self.get(target)?;
        let own_name = subject.entry.column(subject.column)?.name.as_str();
        let marker = subject.name.marker.as_deref();
        let mut best: Option<(u32, KeyColumn, Fit)> = None;
        for key in &entry.keys {
            let Some(fit) = self.fit(subject.data_type, key.data_type) else {
                continue;
            };
            let Some(name) = entry.column(key.column).map(|it| it.name.as_str()) else {
                continue;
            };
            let said =
                marker.is_some_and(|marker| marker != "id" && name.eq_ignore_ascii_case(marker));
            let same = name.eq_ignore_ascii_case(own_name);
            if !key.primary && !said && !same {
                continue;
            }
            let score = u32::from(key.primary) * 2 + u32::from(said) * 3 + u32::from(same) * 3;
            if best.as_ref().is_none_or(|(known, ..)| score > *known) {
                best = Some((score, *key, fit));
            }
        }
        best.map(|(_, key, fit)| (key, fit))
    }

    /// The best of the tables that answer to a name, where one stands out.
    pub(super) fn pick(
        &self,
        subject: &Subject<'_, '_>,
        found: &Found<'_>,
        claim: Claim,
    ) -> Option<Candidate> {
        let mut ranked: Vec<(Rank, usize, KeyColumn, Fit)> = found
            .tables
            .iter()
            .filter(|at| claim.own || **at != subject.at)
            .filter_map(|at| {
                let (key, fit) = self.key_for(subject, *at)?;
                Some((self.rank(subject, *at, fit)?, *at, key, fit))
            })
            .collect();
        ranked.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let (rank, table, key, fit) = ranked.first()?;
        // What differs only in singular and plural is one thing under two names, of which the
        // schema's own habit tells one; what differs in nothing is a guess.
        let rivals = ranked.len() - 1;
        let level = match ranked.get(1) {
            None => 1.0,
            Some((second, ..)) if second == rank => 0.5,
            Some((second, ..))
                if second.related < rank.related || (rank.exact && !second.exact) =>
            {
                0.96
            }
            Some(_) => 0.85,
        };
        // Names reach further within a schema than from one to another.
        let distance = match (found.near, claim.evidence, rivals) {
            (true, ..) => 1.0,
            (false, _, 1..) => 0.5,
            (false, Evidence::TableName | Evidence::Extension, _) => 0.88,
            (false, ..) => 0.6,
        };
        let kind = if self.is_view(*table) { 0.7 } else { 1.0 };
        Some(Candidate {
            table: *table,
            column: key.column,
            fit: *fit,
            confidence: claim.confidence * level * distance * kind * fit.factor(),
            evidence: claim.evidence,
            word: claim.word,
            rivals,
        })
    }

    fn rank(&self, subject: &Subject<'_, '_>, at: usize, fit: Fit) -> Option<Rank> {
        let entry = self.get(at)?;
        let related = subject
            .entry
            .words
            .iter()
            .zip(&entry.words)
            .take_while(|(one, other)| one == other)
            .count();
        Some(Rank {
            table: !self.is_view(at),
            exact: entry.words == subject.stem,
            related,
            core: entry.core() == subject.stem,
            fit,
            plural: entry.plural == self.mostly_plural(entry.space),
        })
    }
}

/// What sets one table before another, from what matters most.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    table: bool,
    exact: bool,
    related: usize,
    core: bool,
    fit: Fit,
    plural: bool,
}
