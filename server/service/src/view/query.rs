//! What a view shows and where its tables stand, as it is kept.

use contract::catalog::DiagramData;
use contract::error::AppError;
use model::box_id::is_lasting;
use model::diagram::{DAYS_MAX, DiagramQuery, term_of};
use model::view::{Arrangement, Spot};

/// The longest text of a view's query, in bytes.
pub(super) const QUERY_MAX_BYTES: usize = 8_000;

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
    if query.days.is_some_and(|days| days > DAYS_MAX) {
        return Err(AppError::invalid_field(
            "days",
            format!("Days are a whole number of at most {DAYS_MAX}."),
        ));
    }
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
