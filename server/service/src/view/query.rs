//! What a view shows and where its tables stand, as it is kept.

use contract::catalog::DiagramData;
use contract::error::AppError;
use diagram::graph::NodeKind;
use model::box_id::is_lasting;
use model::diagram::{DiagramQuery, term_of};
use model::saved_view::changes_between;
use model::view::{Arrangement, Spot, ViewChange};
use std::collections::BTreeSet;

/// The longest text of a view's query, in bytes.
const QUERY_MAX_BYTES: usize = 8_000;

/// What a view of this diagram begins with: its question, said so that nothing moves later, and
/// the places of all its tables.
pub(super) fn beginning(data: &DiagramData) -> (DiagramQuery, Vec<ViewChange>) {
    let mut query = DiagramQuery {
        view: None,
        level: Some(data.layout.detail.as_str().to_owned()),
        ..data.shown.clone()
    };
    // All tables stay all when there are more some day. The best connected stay those that they
    // are, by their places.
    let is_all = tables_of(data) >= data.tables_total;
    if query.show.is_none()
        && !data.hubs_only
        && is_all
        && query.overlay.as_deref() != Some("changes")
    {
        query.show = Some("*".to_owned());
    }
    let mut arrangement = data.arrangement.clone();
    let shown: BTreeSet<i64> = data.graph.tables.iter().map(|table| table.id).collect();
    arrangement.places.retain(|table, _| shown.contains(table));
    place_all(&mut arrangement, data);
    (
        query,
        changes_between(&Arrangement::default(), &arrangement),
    )
}

/// How many tables a diagram shows, those in the boxes of folded groups too.
fn tables_of(data: &DiagramData) -> u64 {
    let tables = data.graph.tables.iter();
    tables
        .map(|table| match table.kind {
            NodeKind::Group => table.row_count.unwrap_or_default(),
            _ => 1,
        })
        .sum()
}

/// Writes down where the boxes of a diagram stand: tables, and groups that are folded.
pub(super) fn place_all(arrangement: &mut Arrangement, data: &DiagramData) {
    for (table, at) in data.graph.tables.iter().zip(&data.layout.positions) {
        // What an overlay adds of an older version is no table of the catalog.
        if is_lasting(table.id) {
            arrangement
                .places
                .insert(table.id, Spot { x: at.x, y: at.y });
        }
    }
}

/// The tables of a diagram as an expression; those in the boxes of groups are not named.
pub(super) fn names_of(data: &DiagramData) -> String {
    let names: Vec<String> = data
        .graph
        .tables
        .iter()
        .filter(|table| table.id >= 0)
        .map(|table| term_of(&table.schema, &table.name))
        .collect();
    names.join(",")
}

/// Refuses what is not kept.
pub(super) fn check_query(query: &DiagramQuery) -> Result<(), AppError> {
    let texts = [
        &query.show,
        &query.fold,
        &query.hide,
        &query.overlay,
        &query.path,
        &query.level,
        &query.relations,
        &query.view,
    ];
    let length: usize = texts.into_iter().flatten().map(String::len).sum();
    if texts.into_iter().flatten().any(|text| text.contains('\0')) {
        return Err(AppError::invalid_field(
            "query",
            "What the view shows is said with a character that no name has.",
        ));
    }
    if length > QUERY_MAX_BYTES {
        return Err(AppError::invalid_field(
            "query",
            "What the view shows is said in more words than are kept. Use patterns for names.",
        ));
    }
    Ok(())
}
