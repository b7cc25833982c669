//! The tags of tables and columns, over a diagram.

use diagram::graph::Graph;
use diagram::measure::cut;
use diagram::overlay::{Mark, Overlay, tag_signs};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use store::diagram::Tagged;

/// The names of a table's tags take so much room at its corner, in characters.
const BADGE_CELLS: usize = 24;

/// Marks what has tags. Those on the most things come first, so that they have the colours.
pub(super) fn of_tags(graph: &Graph, tagged: &[Tagged]) -> Overlay {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for tag in tagged.iter().flat_map(|it| &it.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|(name, count)| (Reverse(*count), *name));
    let places: HashMap<&str, u16> = names
        .iter()
        .zip(0_u16..)
        .map(|((name, _), place)| (*name, place))
        .collect();
    let tables: HashMap<i64, usize> = graph
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.id, place))
        .collect();
    let mut overlay = Overlay::new("Tags");
    overlay.quiet_rest = true;
    overlay.tags = tag_signs(names.iter().map(|(name, _)| (*name).to_owned()));
    for it in tagged {
        let Some(&table) = tables.get(&it.table.0) else {
            continue;
        };
        let mut tags: Vec<u16> = it
            .tags
            .iter()
            .filter_map(|tag| places.get(tag.as_str()).copied())
            .collect();
        tags.sort_unstable();
        tags.dedup();
        let named: Vec<&str> = tags
            .iter()
            .filter_map(|tag| names.get(usize::from(*tag)))
            .map(|(name, _)| *name)
            .collect();
        let named = named.join(", ");
        let first = tags
            .first()
            .and_then(|tag| overlay.tags.get(usize::from(*tag)));
        let sign = first.map(|tag| tag.sign.clone()).unwrap_or_default();
        let mark = Mark::of_tags(tags, format!("Tagged {named}"));
        match &it.column {
            None => overlay.mark_table(table, mark.with_badge(cut(&named, BADGE_CELLS))),
            Some(name) => {
                let columns = graph.tables.get(table).map(|it| it.columns.iter());
                let column = columns.and_then(|mut it| it.position(|it| it.name == *name));
                if let Some(Ok(column)) = column.map(u16::try_from) {
                    overlay.mark_column(table, column, mark.with_badge(sign));
                }
            }
        }
    }
    overlay
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::{ColumnRow, TableNode};
    use model::id::TableId;

    #[test]
    fn tables_and_columns_are_marked_with_the_tags_that_most_have_first() {
        let table = |id: i64| TableNode {
            id,
            name: format!("t{id}"),
            columns: vec![
                ColumnRow::default(),
                ColumnRow {
                    name: "email".to_owned(),
                    ..ColumnRow::default()
                },
            ],
            ..TableNode::default()
        };
        let graph = Graph {
            tables: vec![table(10), table(20)],
            links: Vec::new(),
        };
        let tagged = |table: i64, column: Option<&str>, tags: &[&str]| Tagged {
            table: TableId(table),
            column: column.map(str::to_owned),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        };
        let overlay = of_tags(
            &graph,
            &[
                tagged(10, Some("email"), &["pii"]),
                tagged(20, None, &["core", "pii"]),
                tagged(10, Some("gone"), &["pii"]),
                tagged(30, None, &["core"]),
                tagged(10, None, &["archive of everything that is old"]),
            ],
        );
        let names: Vec<&str> = overlay.tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["pii", "core", "archive of everything that is old"]);
        let mark = overlay.table(1).unwrap();
        assert_eq!(
            (mark.sign(), mark.label.as_str()),
            ("pii, core", "Tagged pii, core")
        );
        let column = overlay.column(0, 1).unwrap();
        assert_eq!((column.sign(), column.label.as_str()), ("P", "Tagged pii"));
        assert_eq!(overlay.columns_of(0).count(), 1);
        let long = overlay.table(0).map(Mark::sign);
        assert_eq!(long, Some("archive of everything t…"));
    }
}
