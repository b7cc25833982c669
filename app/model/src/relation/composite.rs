//! Keys of several columns: a table that has all columns of another's key refers to it.

use super::data_type::Fit;
use super::index::{Base, Index};
use super::lexicon::GENERIC_KEYS;
use super::word;
use std::collections::{HashMap, HashSet};

/// A column name in more keys than this leads nowhere.
const CROWD: usize = 24;

/// The keys of several columns of a schema.
pub(super) struct Composites {
    /// By the name of one of their columns.
    by_column: HashMap<String, Vec<(usize, usize)>>,
}

/// Columns that refer to a key of several.
pub(super) struct Match {
    pub(super) table: usize,
    /// Places of the columns, and of those of the key, in the order of the key.
    pub(super) columns: Vec<usize>,
    pub(super) key: Vec<usize>,
    pub(super) confidence: f32,
}

impl Composites {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut by_column: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (at, entry) in index.tables.iter().enumerate() {
            for (number, key) in entry.composite.iter().enumerate() {
                for column in key.iter().filter_map(|place| entry.column(*place)) {
                    by_column
                        .entry(column.name.to_lowercase())
                        .or_default()
                        .push((at, number));
                }
            }
        }
        Self { by_column }
    }

    /// The keys of which a table has all columns. `refers` tells columns that already refer to
    /// something by themselves.
    pub(super) fn matches(
        &self,
        index: &Index<'_>,
        at: usize,
        bases: &[Base],
        refers: &dyn Fn(usize) -> bool,
    ) -> Vec<Match> {
        let Some(entry) = index.get(at) else {
            return Vec::new();
        };
        let places: HashMap<String, usize> = entry
            .table
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| (column.name.to_lowercase(), place))
            .collect();
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for column in &entry.table.columns {
            let Some(keys) = self.by_column.get(&column.name.to_lowercase()) else {
                continue;
            };
            if keys.len() > CROWD {
                continue;
            }
            for (table, number) in keys {
                if *table == at || !seen.insert((*table, *number)) {
                    continue;
                }
                found.extend(one(index, at, *table, *number, &places, bases, refers));
            }
        }
        found.sort_by(|left, right| {
            right
                .confidence
                .total_cmp(&left.confidence)
                .then(right.key.len().cmp(&left.key.len()))
                .then(left.table.cmp(&right.table))
        });
        // One answer for the same columns.
        let mut taken: HashSet<Vec<usize>> = HashSet::new();
        found.retain(|it| {
            let mut columns = it.columns.clone();
            columns.sort_unstable();
            taken.insert(columns)
        });
        found
    }
}

fn one(
    index: &Index<'_>,
    at: usize,
    table: usize,
    number: usize,
    places: &HashMap<String, usize>,
    bases: &[Base],
    refers: &dyn Fn(usize) -> bool,
) -> Option<Match> {
    let (entry, target) = (index.get(at)?, index.get(table)?);
    let key = target.composite.get(number)?;
    if target.space != entry.space || index.is_view(table) {
        return None;
    }
    let mut columns = Vec::with_capacity(key.len());
    let mut fit = Fit::Equal;
    let mut distinctive = false;
    let mut related = false;
    for place in key {
        let name = &target.column(*place)?.name;
        let own = *places.get(&name.to_lowercase())?;
        fit = fit.min(index.fit(*entry.types.get(own)?, *target.types.get(*place)?)?);
        let words = word::words(name);
        let own_word = !refers(own) && !GENERIC_KEYS.contains(&words.join(" ").as_str());
        distinctive |= own_word;
        // `branch_code` in the key of `customer_branches`.
        related |= own_word
            && words.first().is_some_and(|first| {
                target
                    .core()
                    .iter()
                    .any(|it| it.starts_with(first.as_str()))
            });
        columns.push(own);
    }
    let is_base = bases.iter().any(|base| base.table == table);
    // Tables with one key in common both say what they are about; only a name tells which of them
    // comes first.
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    let same = entry.composite.iter().any(|own| {
        let mut own = own.clone();
        own.sort_unstable();
        own == sorted
    });
    let confidence = match (is_base, distinctive, same) {
        (true, true, _) => 0.88,
        (true, false, false) => 0.72,
        (false, _, false) if related => 0.7,
        (false, true, false) => 0.5,
        _ => return None,
    };
    Some(Match {
        table,
        columns,
        key: key.clone(),
        confidence: confidence * fit.factor(),
    })
}
