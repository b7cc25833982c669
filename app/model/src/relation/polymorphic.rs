//! Pairs of columns of which one names a table and the other a row of it: `commentable_type` and
//! `commentable_id`.

use super::data_type::DataType;
use super::index::{Entry, Index};
use super::naming::ColumnName;
use super::{End, word};
use crate::schema::Schema;
use std::collections::HashMap;

/// Last words of columns that name a table.
const KINDS: &[&str] = &["type", "class", "kind", "model", "table", "entity", "klass"];

/// A pair, by the places of its columns.
pub(super) struct Pair {
    pub(super) row: usize,
    pub(super) kind: usize,
    pub(super) among: Vec<End>,
}

/// The values of the enumerated types of a schema, by the names of these.
pub(super) fn enums(schema: &Schema) -> HashMap<&str, &[String]> {
    schema
        .enums
        .iter()
        .map(|it| (it.name.name.as_str(), it.values.as_slice()))
        .collect()
}

/// The pairs of a table.
pub(super) fn pairs<'n>(
    index: &Index<'_>,
    entry: &Entry<'_>,
    enums: &HashMap<&str, &[String]>,
    name: impl Fn(usize) -> Option<&'n ColumnName>,
) -> Vec<Pair> {
    let count = entry.table.columns.len();
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for at in 0..count {
        let (Some(name), Some(column)) = (name(at), entry.column(at)) else {
            continue;
        };
        if let [stem @ .., last] = name.words.as_slice()
            && !stem.is_empty()
            && KINDS.contains(&last.as_str())
            && DataType::is_word(&column.data_type)
        {
            kinds.insert(stem.concat(), at);
        }
    }
    if kinds.is_empty() {
        return Vec::new();
    }
    let mut pairs = Vec::new();
    for at in 0..count {
        let Some(name) = name(at).filter(|name| name.marker.is_some()) else {
            continue;
        };
        let stem = name.stem_text();
        let Some(kind) = kinds.get(&stem).copied().filter(|kind| *kind != at) else {
            continue;
        };
        let Some(data_type) = entry.types.get(at).copied() else {
            continue;
        };
        // `order_type` beside `order_id` tells what kind of order it is.
        if !index.types.get(data_type).is_some_and(DataType::refers)
            || index.named(&stem, entry.space).near
        {
            continue;
        }
        let among = among(index, entry, enums, kind, data_type);
        pairs.push(Pair {
            row: at,
            kind,
            among,
        });
    }
    pairs
}

/// The tables that the values of a column are known to name.
fn among(
    index: &Index<'_>,
    entry: &Entry<'_>,
    enums: &HashMap<&str, &[String]>,
    kind: usize,
    data_type: usize,
) -> Vec<End> {
    let Some(column) = entry.column(kind) else {
        return Vec::new();
    };
    let bare = column.data_type.rsplit('.').next().unwrap_or_default();
    let mut values: Vec<String> = enums
        .get(bare.trim_matches('"'))
        .map(|values| values.to_vec())
        .unwrap_or_default();
    if values.is_empty() && column.data_type.to_lowercase().starts_with("enum") {
        values = quoted(&column.data_type);
    }
    if values.is_empty() {
        let words = |text: &str| word::split(text).join(" ");
        let own = words(&column.name);
        values = entry
            .table
            .checks
            .iter()
            .filter(|check| words(&check.expression).starts_with(&own))
            .flat_map(|check| quoted(&check.expression))
            .collect();
    }
    let mut ends: Vec<End> = Vec::new();
    for value in values {
        let last = value.rsplit(['\\', ':', '.', '/']).next().unwrap_or(&value);
        let found = index.named(&word::words(last).concat(), entry.space);
        let [only] = found.tables else { continue };
        let Some(target) = index.get(*only) else {
            continue;
        };
        let key = target
            .primary()
            .filter(|key| found.near && index.fit(data_type, key.data_type).is_some());
        if let Some(column) = key.and_then(|key| target.column(key.column)) {
            let end = End::new(target.table.name.clone(), vec![column.name.clone()]);
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
    }
    ends
}

/// The texts in single quotes.
fn quoted(text: &str) -> Vec<String> {
    text.split('\'')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}
