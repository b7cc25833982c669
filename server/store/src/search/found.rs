//! What was found, put in order.

use super::excerpt::matched;
use super::rows::{DatabaseRow, FoundRow};
use super::terms::Terms;
use crate::databases::read_database_id;
use crate::error::StoreError;
use model::address::{
    column_address, database_address, dataset_address, dataset_column_address, table_address,
};
use model::catalog::{SearchHit, SearchKind};
use model::dataset::DatasetType;
use model::id::TableId;
use model::schema::TableKind;
use model::search::{Marking, SearchFind, SearchQuery, pieces};
use std::cmp::Reverse;

/// A name is shown whole up to so many characters.
const NAME_MAX_CHARS: usize = 400;

/// Where datasets are.
const DATASETS: &str = "Datasets";

/// One thing found.
pub(super) enum Thing {
    Database(DatabaseRow),
    Table(FoundRow),
    Column(FoundRow, String),
}

/// How well a thing fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Prefix,
    WordPrefix,
    /// Within the name, or all words in it in any order.
    Inside,
    /// In its name and those that it belongs to.
    Around,
    /// In what is written about it.
    Text,
    Similar,
}

impl Thing {
    pub(super) fn of(row: FoundRow) -> Self {
        match row.column_name.clone() {
            Some(column) => Self::Column(row, column),
            None => Self::Table(row),
        }
    }

    /// The row behind a table or column.
    pub(super) fn row(&self) -> Option<&FoundRow> {
        match self {
            Self::Database(_) => None,
            Self::Table(row) | Self::Column(row, _) => Some(row),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Database(row) => &row.name,
            Self::Table(row) => &row.table_name,
            Self::Column(_, column) => column,
        }
    }

    fn kind(&self) -> SearchKind {
        match self {
            Self::Database(_) => SearchKind::Database,
            Self::Table(_) => SearchKind::Table,
            Self::Column(..) => SearchKind::Column,
        }
    }

    /// What the thing is in, by its short name.
    fn above(&self) -> Option<&str> {
        match self {
            Self::Database(_) => None,
            Self::Table(row) => Some(&row.schema_name),
            Self::Column(row, _) => Some(&row.table_name),
        }
    }

    fn fit(&self, terms: &Terms) -> Fit {
        let name = self.name().to_lowercase();
        let key = terms.key.to_lowercase();
        let plain = fit_of(&name, &key);
        let spaced = fit_of(&name, &key.replace('_', " "));
        let qualified = match (&terms.qualifier, &terms.rest, self.above()) {
            (Some(qualifier), Some(rest), Some(above))
                if above.to_lowercase() == qualifier.to_lowercase() =>
            {
                fit_of(&name, &rest.to_lowercase())
            }
            _ => Fit::Similar,
        };
        plain
            .min(spaced)
            .min(qualified)
            .min(self.loose_fit(&name, terms))
    }

    fn loose_fit(&self, name: &str, terms: &Terms) -> Fit {
        if terms.lexemes.is_empty() {
            return Fit::Similar;
        }
        let all_in = |text: &str| {
            terms
                .lexemes
                .iter()
                .all(|word| text.contains(word.as_str()))
        };
        if all_in(name) {
            return Fit::Inside;
        }
        let Some(row) = self.row() else {
            return Fit::Text;
        };
        let around = format!("{} {} {name}", row.schema_name, row.table_name).to_lowercase();
        if all_in(&around) {
            Fit::Around
        } else {
            Fit::Text
        }
    }

    /// As pages show it.
    pub(super) fn find(
        self,
        query: &SearchQuery,
        terms: Option<&Terms>,
    ) -> Result<SearchFind, StoreError> {
        let marks = terms.map_or(&[][..], |terms| &terms.marks);
        let matched = matched(&self, query, terms);
        let hit = hit(self)?;
        Ok(SearchFind {
            name: pieces(&hit.label, marks, Marking::Anywhere, NAME_MAX_CHARS),
            matched,
            hit,
        })
    }
}

/// Puts things in order: how well they fit, what kind they are, how much they are used. Without
/// words, and where they only resemble the words, they stay in the order in which they came.
pub(super) fn rank(things: Vec<Thing>, terms: Option<&Terms>) -> Vec<Thing> {
    let Some(terms) = terms else { return things };
    let mut ranked: Vec<_> = things
        .into_iter()
        .map(|thing| (thing.fit(terms), thing))
        .collect();
    ranked.sort_by_cached_key(|(fit, thing)| {
        let row = thing.row();
        (
            *fit,
            match thing.kind() {
                SearchKind::Database => 0,
                SearchKind::Table => 1,
                SearchKind::Column | SearchKind::Page => 2,
            },
            Reverse(row.map(|row| row.references_in)),
            thing.name().chars().count(),
            thing.name().to_owned(),
            row.map(|row| {
                let place = (&row.database_name, &row.schema_name, &row.table_name);
                (place.0.clone(), place.1.clone(), place.2.clone())
            }),
            row.map(|row| (row.table_id, row.column_id)),
        )
    });
    ranked.into_iter().map(|(_, thing)| thing).collect()
}

/// The first of them. Of one thing's columns alike in every table (`id`, `created_at`) there may
/// be more than there is room for, so columns get half of it while others want the rest.
pub(super) fn best(things: Vec<Thing>, room: usize) -> Vec<Thing> {
    let is_column = |thing: &Thing| thing.kind() == SearchKind::Column;
    let others = things.iter().filter(|thing| !is_column(thing)).count();
    let mut columns_left = room.saturating_sub(others).max(room.div_ceil(2));
    things
        .into_iter()
        .filter(|thing| {
            if !is_column(thing) {
                return true;
            }
            let kept = columns_left > 0;
            columns_left = columns_left.saturating_sub(1);
            kept
        })
        .take(room)
        .collect()
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

fn hit(thing: Thing) -> Result<SearchHit, StoreError> {
    let kind = thing.kind();
    let (row, column) = match thing {
        Thing::Database(row) => {
            let id = read_database_id(row.id)?;
            let tables = if row.table_count == 1 {
                "table"
            } else {
                "tables"
            };
            return Ok(SearchHit {
                kind,
                label: row.name,
                context: row.provider,
                detail: Some(format!("{} {tables}", row.table_count)),
                address: database_address(&id),
            });
        }
        Thing::Table(row) => (row, None),
        Thing::Column(row, column) => (row, Some(column)),
    };
    let id = row.database_id.map(read_database_id).transpose()?;
    let context = match row.database_name {
        Some(database) => format!("{database} / {}", row.schema_name),
        None => DATASETS.to_owned(),
    };
    let dataset = TableId(row.table_id);
    let (schema, table) = (row.schema_name, row.table_name);
    Ok(match column {
        Some(column) => SearchHit {
            kind,
            address: match &id {
                Some(id) => column_address(id, &schema, &table, &column),
                None => dataset_column_address(dataset, &column),
            },
            label: format!("{table}.{column}"),
            context,
            detail: row.data_type.filter(|data_type| !data_type.is_empty()),
        },
        None => SearchHit {
            kind,
            address: match &id {
                Some(id) => table_address(id, &schema, &table),
                None => dataset_address(dataset),
            },
            label: table,
            context,
            detail: row
                .source_comment
                .or_else(|| kind_label(&row.table_type).map(str::to_owned)),
        },
    })
}

/// What kind of table it is, in words.
pub(super) fn kind_label(word: &str) -> Option<&'static str> {
    let kind = TableKind::from_word(word).map(TableKind::label);
    kind.or_else(|| DatasetType::from_word(word).map(DatasetType::label))
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
