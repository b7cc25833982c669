//! Which of a thing's texts fits, and what of it is shown.

use super::found::{Thing, kind_label};
use super::terms::Terms;
use model::search::{
    FilterKey, Marking, MatchPlace, SearchFacet, SearchFilter, SearchMatch, SearchQuery, pieces,
};
use std::collections::{BTreeSet, HashMap};

/// An excerpt has so many characters at the most.
const EXCERPT_MAX_CHARS: usize = 160;
/// Of the values of one filter so many are proposed.
const FACET_VALUES_MAX: usize = 6;

/// The text that holds a word which the names do not; without words the text that a filter
/// is about.
pub(super) fn matched(
    thing: &Thing,
    query: &SearchQuery,
    terms: Option<&Terms>,
) -> Option<SearchMatch> {
    let texts = texts(thing);
    let row = thing.row();
    let Some(terms) = terms else {
        let place = match () {
            () if query.values(FilterKey::Has).next().is_some() => MatchPlace::Description,
            () if query.values(FilterKey::Tag).next().is_some() => MatchPlace::Tags,
            () if row?.column_id.is_some() && query.types().is_some() => MatchPlace::SemanticType,
            () => return None,
        };
        let (_, text) = texts.into_iter().find(|(one, _)| *one == place)?;
        return Some(SearchMatch {
            place,
            text: pieces(&text, &[], Marking::Anywhere, EXCERPT_MAX_CHARS),
        });
    };
    let names = match (thing, row) {
        (Thing::Database(row), _) => row.name.to_lowercase(),
        (_, row) => {
            let row = row?;
            let column = row.column_name.as_deref().unwrap_or_default();
            format!("{} {} {column}", row.schema_name, row.table_name).to_lowercase()
        }
    };
    let wanted: Vec<String> = terms
        .lexemes
        .iter()
        .filter(|word| !names.contains(word.as_str()))
        .cloned()
        .collect();
    let marks: &[String] = if wanted.is_empty() {
        return None;
    } else {
        &terms.marks
    };
    texts.into_iter().find_map(|(place, text)| {
        let has_one = pieces(&text, &wanted, Marking::WordBegins, usize::MAX / 2)
            .iter()
            .any(|piece| piece.hit);
        has_one.then(|| SearchMatch {
            place,
            text: pieces(&text, marks, Marking::WordBegins, EXCERPT_MAX_CHARS),
        })
    })
}

/// What is written about a thing, what says most first.
fn texts(thing: &Thing) -> Vec<(MatchPlace, String)> {
    let written = match thing {
        Thing::Database(row) => vec![
            (MatchPlace::Description, row.description.clone()),
            (MatchPlace::Tags, Some(row.tags.join(", "))),
        ],
        Thing::Table(row) => {
            let kind = kind_label(&row.table_type).map(str::to_owned);
            vec![
                (MatchPlace::Description, row.description.clone()),
                (MatchPlace::Comment, row.source_comment.clone()),
                (MatchPlace::Tags, Some(row.tags.join(", "))),
                (MatchPlace::Kind, kind),
            ]
        }
        Thing::Column(row, _) => vec![
            (MatchPlace::Description, row.description.clone()),
            (MatchPlace::Comment, row.source_comment.clone()),
            (MatchPlace::Tags, Some(row.column_tags.join(", "))),
            (MatchPlace::SemanticType, row.semantic_type.clone()),
            (MatchPlace::DataType, row.data_type.clone()),
        ],
    };
    written
        .into_iter()
        .filter_map(|(place, text)| Some((place, text.filter(|text| !text.is_empty())?)))
        .collect()
}

/// Filters that would narrow what was found, and those that are set.
pub(super) fn facets(things: &[Thing], query: &SearchQuery) -> Vec<SearchFacet> {
    let mut counts: HashMap<SearchFilter, u32> = HashMap::new();
    for thing in things {
        for filter in filters_of(thing) {
            *counts.entry(filter).or_default() += 1;
        }
    }
    let total = u32::try_from(things.len()).unwrap_or(u32::MAX);
    let mut facets = Vec::new();
    for key in FilterKey::ALL {
        let mut values: Vec<SearchFacet> = counts
            .iter()
            .filter(|(filter, count)| filter.key == key && **count < total && !query.has(filter))
            .map(|(filter, count)| SearchFacet {
                key,
                value: filter.value.clone(),
                count: *count,
            })
            .collect();
        values.sort_by(|one, other| (other.count, &one.value).cmp(&(one.count, &other.value)));
        values.truncate(FACET_VALUES_MAX);
        facets.extend(values);
    }
    facets
}

fn filters_of(thing: &Thing) -> Vec<SearchFilter> {
    let mut filters = Vec::new();
    let mut add = |key, value: &str| filters.push(SearchFilter::new(key, value));
    match thing {
        Thing::Database(row) => {
            add(FilterKey::Database, &row.name);
            add(FilterKey::Type, "database");
            row.tags.iter().for_each(|tag| add(FilterKey::Tag, tag));
        }
        Thing::Table(row) | Thing::Column(row, _) => {
            if let Some(database) = &row.database_name {
                add(FilterKey::Database, database);
            }
            add(FilterKey::Schema, &row.schema_name);
            let tags: BTreeSet<&String> = row.tags.iter().chain(&row.column_tags).collect();
            tags.into_iter().for_each(|tag| add(FilterKey::Tag, tag));
            if let Some(owner) = &row.owner {
                add(FilterKey::Owner, owner);
            }
            match &row.column_id {
                Some(_) => add(FilterKey::Type, "column"),
                None => add(FilterKey::Type, &row.table_type),
            }
            if let Some(semantic_type) = &row.semantic_type {
                add(FilterKey::Type, semantic_type);
            }
            if row.description.is_some() {
                add(FilterKey::Has, "note");
            } else if row.source_comment.is_none() {
                add(FilterKey::Is, "undocumented");
            }
        }
    }
    filters
}
