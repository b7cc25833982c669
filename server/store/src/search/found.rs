//! What was found, put in order.

use super::text::SearchText;
use crate::databases::read_database_id;
use crate::error::StoreError;
use model::address::{column_address, database_address, table_address};
use model::catalog::{SearchHit, SearchKind};
use model::schema::TableKind;
use std::cmp::Reverse;
use std::collections::HashSet;

/// One thing found: a database, a table where there is one, a column where there is one.
pub(super) struct FoundRow {
    pub(super) database_id: String,
    pub(super) database_name: String,
    pub(super) provider: String,
    pub(super) table_count: i32,
    pub(super) table_id: Option<i64>,
    pub(super) schema_name: Option<String>,
    pub(super) table_name: Option<String>,
    pub(super) table_type: Option<String>,
    pub(super) source_comment: Option<String>,
    pub(super) references_in: Option<i32>,
    pub(super) column_id: Option<i64>,
    pub(super) column_name: Option<String>,
    pub(super) data_type: Option<String>,
}

/// How well a name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Prefix,
    WordPrefix,
    Inside,
    Similar,
}

/// A row with its place in the order.
struct Ranked {
    fit: Fit,
    kind: u8,
    row: FoundRow,
}

/// Everything found so far, each thing once.
#[derive(Default)]
pub(super) struct Found {
    rows: Vec<Ranked>,
    seen: HashSet<(String, Option<i64>, Option<i64>)>,
}

impl Found {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds what a question found. What an earlier one found keeps its place.
    pub(super) fn extend(&mut self, rows: Vec<FoundRow>, text: &SearchText) {
        for row in rows {
            let identity = (row.database_id.clone(), row.table_id, row.column_id);
            if self.seen.insert(identity) {
                let kind = u8::from(row.table_id.is_some()) + u8::from(row.column_id.is_some());
                let fit = fit(&row, text);
                self.rows.push(Ranked { fit, kind, row });
            }
        }
    }

    /// The best, as hits. Of one thing's columns alike in every table (`id`, `created_at`) there
    /// may be more than fit, so columns get half of the room while others want the rest.
    pub(super) fn hits(mut self, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        // Stable, so that what resembles stays in the order of resemblance.
        self.rows.sort_by(|one, other| {
            let place = |ranked: &Ranked| (ranked.fit, ranked.kind);
            place(one).cmp(&place(other)).then_with(|| {
                if one.fit == Fit::Similar {
                    return std::cmp::Ordering::Equal;
                }
                let order = |ranked: &Ranked| {
                    let row = &ranked.row;
                    (
                        name_of(row).chars().count(),
                        name_of(row).to_owned(),
                        Reverse(row.references_in),
                        row.database_name.clone(),
                        row.schema_name.clone(),
                        row.table_name.clone(),
                    )
                };
                order(one).cmp(&order(other))
            })
        });
        let others = self
            .rows
            .iter()
            .filter(|ranked| ranked.row.column_id.is_none());
        let mut columns_left = limit.saturating_sub(others.count()).max(limit.div_ceil(2));
        self.rows
            .into_iter()
            .filter(|ranked| {
                if ranked.row.column_id.is_none() {
                    return true;
                }
                let kept = columns_left > 0;
                columns_left = columns_left.saturating_sub(1);
                kept
            })
            .take(limit)
            .map(|ranked| hit(ranked.row))
            .collect()
    }
}

fn name_of(row: &FoundRow) -> &str {
    row.column_name
        .as_deref()
        .or(row.table_name.as_deref())
        .unwrap_or(&row.database_name)
}

fn fit(row: &FoundRow, text: &SearchText) -> Fit {
    let name = name_of(row).to_lowercase();
    let plain = fit_of(&name, &text.key.to_lowercase());
    let spaced = fit_of(&name, &text.key.replace('_', " ").to_lowercase());
    let above = match row.column_name {
        Some(_) => row.table_name.as_deref(),
        None => row.schema_name.as_deref(),
    };
    let qualified = match (&text.qualifier, &text.rest, above) {
        (Some(qualifier), Some(rest), Some(above))
            if above.to_lowercase() == qualifier.to_lowercase() =>
        {
            fit_of(&name, &rest.to_lowercase())
        }
        _ => Fit::Similar,
    };
    let loose = text.key.to_lowercase();
    let mut rest = name.as_str();
    let in_order = loose.split('_').all(|word| match rest.split_once(word) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    });
    let loosely = if in_order { Fit::Inside } else { Fit::Similar };
    plain.min(spaced).min(qualified).min(loosely)
}

fn fit_of(name: &str, text: &str) -> Fit {
    if name == text {
        return Fit::Exact;
    }
    if name.starts_with(text) {
        return Fit::Prefix;
    }
    let mut inside = name.match_indices(text).peekable();
    if inside.peek().is_none() {
        return Fit::Similar;
    }
    let begins_word = |(place, _): (usize, &str)| {
        let before = name.get(..place).and_then(|before| before.chars().last());
        before.is_none_or(|character| !character.is_alphanumeric())
    };
    if inside.any(begins_word) {
        Fit::WordPrefix
    } else {
        Fit::Inside
    }
}

fn hit(row: FoundRow) -> Result<SearchHit, StoreError> {
    let id = read_database_id(row.database_id)?;
    let (Some(schema), Some(table)) = (row.schema_name, row.table_name) else {
        let tables = if row.table_count == 1 {
            "table"
        } else {
            "tables"
        };
        return Ok(SearchHit {
            kind: SearchKind::Database,
            label: row.database_name,
            context: row.provider,
            detail: Some(format!("{} {tables}", row.table_count)),
            address: database_address(&id),
        });
    };
    let context = format!("{} / {schema}", row.database_name);
    Ok(match row.column_name {
        Some(column) => SearchHit {
            kind: SearchKind::Column,
            label: format!("{table}.{column}"),
            context,
            detail: row.data_type.filter(|data_type| !data_type.is_empty()),
            address: column_address(&id, &schema, &table, &column),
        },
        None => {
            let kind = row.table_type.as_deref().and_then(TableKind::from_word);
            SearchHit {
                kind: SearchKind::Table,
                address: table_address(&id, &schema, &table),
                label: table,
                context,
                detail: row
                    .source_comment
                    .or_else(|| kind.map(|kind| kind.label().to_owned())),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_better_the_earlier_the_text_stands() {
        for (name, fit) in [
            ("orders", Fit::Exact),
            ("orders_2026", Fit::Prefix),
            ("sales_orders", Fit::WordPrefix),
            ("reorders", Fit::Inside),
            ("reorders_orders", Fit::WordPrefix),
            ("odres", Fit::Similar),
        ] {
            assert_eq!(fit_of(name, "orders"), fit, "{name}");
        }
    }
}
