//! How good proposals are, against the foreign keys that a schema declares.

use super::{End, Evidence, Proposal, Target};
use crate::schema::{Schema, TableKind};
use std::collections::{BTreeMap, BTreeSet};

/// What proposals for a stripped schema came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Foreign keys that the schema declares; those that partitions have from their parent not.
    pub declared: u64,
    /// Proposals to a key; polymorphic pairs, for which there is no foreign key, are left out.
    pub proposed: u64,
    /// Proposals that are declared.
    pub right: u64,
    /// Proposals from columns that have a declared key, whichever.
    pub on_declared: u64,
}

impl Score {
    /// The share of proposals that are declared; 1 where nothing was proposed.
    pub fn precision(&self) -> f64 {
        share(self.right, self.proposed)
    }

    /// The share of declared keys that were proposed.
    pub fn recall(&self) -> f64 {
        share(self.right, self.declared)
    }

    /// The share of proposals that are right among those from columns with a declared key.
    pub fn right_on_declared(&self) -> f64 {
        share(self.right, self.on_declared)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            declared: self.declared + other.declared,
            proposed: self.proposed + other.proposed,
            right: self.right + other.right,
            on_declared: self.on_declared + other.on_declared,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of keys")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// The schema with nothing left that tells of a foreign key: tables, columns with their types and
/// defaults, keys, and unique indexes stay; comments, checks, other indexes, views' queries,
/// triggers and routines go.
pub fn stripped(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for table in &mut schema.tables {
        table.foreign_keys.clear();
        table.indexes.retain(|index| index.unique);
        table.comment = None;
        table.checks.clear();
        table.exclusions.clear();
        table.definition = None;
        for column in &mut table.columns {
            column.comment = None;
        }
    }
    schema.triggers.clear();
    schema.routines.clear();
    schema
}

/// One difference between proposals and declared keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss<'a> {
    /// The columns.
    pub from: End,
    /// What the schema declares for them, where it does.
    pub declared: Option<End>,
    /// What was proposed, where something was.
    pub proposed: Option<&'a Proposal>,
}

/// Compares proposals with what a schema declares, for the tables that are asked for.
pub fn compare<'a>(
    truth: &Schema,
    proposals: &'a [Proposal],
    asked: &dyn Fn(&End) -> bool,
) -> (Score, Vec<Miss<'a>>) {
    let mut declared: BTreeMap<End, BTreeSet<End>> = BTreeMap::new();
    let tables = truth
        .tables
        .iter()
        .filter(|table| table.kind != TableKind::Partition);
    for table in tables {
        for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
            let (from, to) = ordered(
                End::new(table.name.clone(), key.columns.clone()),
                End::new(key.target.clone(), key.target_columns.clone()),
            );
            if asked(&from) {
                declared.entry(from).or_default().insert(to);
            }
        }
    }
    let mut score = Score {
        declared: declared.values().map(|it| it.len() as u64).sum(),
        ..Score::default()
    };
    let mut missed: BTreeSet<(End, End)> = declared
        .iter()
        .flat_map(|(from, ends)| ends.iter().map(move |to| (from.clone(), to.clone())))
        .collect();
    let mut misses = Vec::new();
    for proposal in proposals {
        let Target::Key(to) = &proposal.to else {
            continue;
        };
        let (from, to) = ordered(proposal.from.clone(), to.clone());
        if !asked(&from) {
            continue;
        }
        score.proposed += 1;
        let known = declared.get(&from);
        score.on_declared += u64::from(known.is_some());
        if known.is_some_and(|ends| ends.contains(&to)) {
            score.right += 1;
            missed.remove(&(from, to));
        } else {
            let first = known.and_then(|ends| ends.first()).cloned();
            if let Some(first) = &first {
                missed.remove(&(from.clone(), first.clone()));
            }
            misses.push(Miss {
                from,
                declared: first,
                proposed: Some(proposal),
            });
        }
    }
    misses.extend(missed.into_iter().map(|(from, to)| Miss {
        from,
        declared: Some(to),
        proposed: None,
    }));
    (score, misses)
}

/// Both ends with their pairs of columns in one order.
fn ordered(from: End, to: End) -> (End, End) {
    let mut pairs: Vec<(String, String)> = from.columns.into_iter().zip(to.columns).collect();
    pairs.sort();
    let (left, right) = pairs.into_iter().unzip();
    (End::new(from.table, left), End::new(to.table, right))
}

/// How many proposals each kind of evidence gave, and how many of them are declared.
pub fn by_evidence(proposals: &[Proposal], misses: &[Miss<'_>]) -> BTreeMap<Evidence, (u64, u64)> {
    let mut counts: BTreeMap<Evidence, (u64, u64)> = BTreeMap::new();
    for proposal in proposals {
        let count = counts.entry(proposal.evidence).or_default();
        count.0 += 1;
        count.1 += 1;
    }
    for proposal in misses.iter().filter_map(|miss| miss.proposed) {
        counts.entry(proposal.evidence).or_default().1 -= 1;
    }
    counts
}
