//! A graph without what its detail does not draw, for those who are to see the picture and no more.

use crate::detail::Detail;
use crate::graph::Graph;
use crate::measure::{TextMetrics, measure};
use crate::overlay::Overlay;

/// Takes away the columns that are not drawn, with what is said of them. The picture stays as it
/// is.
pub fn only_drawn(graph: &mut Graph, overlay: Option<&mut Overlay>, detail: Detail) {
    if detail == Detail::All {
        return;
    }
    let totals: Vec<usize> = graph.tables.iter().map(|it| it.column_total()).collect();
    let kept = drawn_columns(graph, detail);
    keep_columns(graph, overlay, &kept);
    if detail == Detail::Names {
        for link in &mut graph.links {
            // Constraints are usually called by their columns.
            link.name.clear();
        }
    }
    if detail == Detail::Used {
        // The last row of a box counts those that have no row.
        for (table, total) in graph.tables.iter_mut().zip(totals) {
            table.column_count = u32::try_from(total).unwrap_or(u32::MAX);
        }
    }
}

/// Takes away the columns that are not kept, with what is said of them; `kept` has the columns of
/// each table, ascending. Links forget that they end at them.
pub fn keep_columns(graph: &mut Graph, overlay: Option<&mut Overlay>, kept: &[Vec<u16>]) {
    if let Some(overlay) = overlay {
        overlay.keep_columns(kept);
    }
    for link in &mut graph.links {
        let renumber = |table: usize, columns: &[u16]| -> Vec<u16> {
            let kept = kept.get(table).map(Vec::as_slice).unwrap_or_default();
            columns
                .iter()
                .filter_map(|column| place_of(kept, *column))
                .collect()
        };
        link.from_columns = renumber(link.child(), &link.from_columns);
        link.to_columns = renumber(link.parent(), &link.to_columns);
    }
    for (table, kept) in graph.tables.iter_mut().zip(kept) {
        table.columns = kept
            .iter()
            .filter_map(|column| table.columns.get(usize::from(*column)).cloned())
            .collect();
        table.column_count = u32::try_from(table.columns.len()).unwrap_or(u32::MAX);
    }
}

/// Where a column is among those that are kept.
pub(crate) fn place_of(kept: &[u16], column: u16) -> Option<u16> {
    let place = kept.binary_search(&column).ok()?;
    u16::try_from(place).ok()
}

/// The columns of each table that are drawn, ascending.
fn drawn_columns(graph: &Graph, detail: Detail) -> Vec<Vec<u16>> {
    let boxes = measure(graph, detail, &TextMetrics::default());
    let tables = graph.tables.iter().zip(boxes).zip(graph.linked_columns());
    let columns = tables.map(|((table, rows), linked)| {
        let mut drawn = rows.rows;
        // A row that stands for those left out counts them, so they stay.
        if rows.more > 0 {
            let keys = (0u16..).zip(&table.columns);
            let keys = keys.filter(|(_, column)| column.primary_key || column.foreign_key);
            drawn.extend(keys.map(|(column, _)| column));
            drawn.extend(linked);
        }
        drawn.sort_unstable();
        drawn.dedup();
        drawn.retain(|column| usize::from(*column) < table.columns.len());
        drawn
    });
    columns.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{ColumnRow, Link, TableNode};
    use crate::measure::{TextMetrics, measure};
    use crate::overlay::{Mark, MarkKind};

    fn table(name: &str, columns: &[(&str, bool)]) -> TableNode {
        TableNode {
            name: name.to_owned(),
            columns: columns
                .iter()
                .map(|(name, primary_key)| ColumnRow {
                    name: (*name).to_owned(),
                    primary_key: *primary_key,
                    ..ColumnRow::default()
                })
                .collect(),
            column_count: columns.len() as u32,
            ..TableNode::default()
        }
    }

    fn shop() -> (Graph, Overlay) {
        let graph = Graph {
            tables: vec![
                table(
                    "orders",
                    &[
                        ("salary", false),
                        ("id", true),
                        ("by", false),
                        ("note", false),
                    ],
                ),
                table("people", &[("name", false), ("id", true)]),
            ],
            links: vec![Link {
                from: 0,
                from_columns: vec![2],
                to: 1,
                to_columns: vec![1],
                name: "orders_by_fkey".to_owned(),
                declared: true,
                ..Link::default()
            }],
        };
        let mut overlay = Overlay::new("Usage");
        overlay.mark_column(0, 0, Mark::new(MarkKind::Notice, "salary"));
        overlay.mark_column(0, 2, Mark::new(MarkKind::Notice, "by"));
        (graph, overlay)
    }

    #[test]
    fn the_picture_stays_and_the_rest_goes() {
        for detail in Detail::ALL {
            let (mut graph, mut overlay) = shop();
            let sizes = |graph: &Graph| -> Vec<_> {
                let boxes = measure(graph, detail, &TextMetrics::default());
                boxes.into_iter().map(|it| it.size).collect()
            };
            let before = sizes(&graph);
            only_drawn(&mut graph, Some(&mut overlay), detail);
            assert_eq!(sizes(&graph), before, "{detail:?}");
        }
    }

    #[test]
    fn of_the_most_used_columns_only_their_number_is_told() {
        let (mut graph, _) = shop();
        graph.tables[0].columns[3].used = true;
        only_drawn(&mut graph, None, Detail::Used);
        let columns = graph.tables[0].columns.iter();
        let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "by", "note"]);
        let measured = &measure(&graph, Detail::Used, &TextMetrics::default())[0];
        assert_eq!((measured.rows.len(), measured.more), (3, 1));
    }

    #[test]
    fn a_table_of_very_many_keys_is_as_tall_as_before() {
        let names: Vec<String> = (0..80).map(|number| format!("key_{number}")).collect();
        let columns: Vec<(&str, bool)> = names.iter().map(|name| (name.as_str(), true)).collect();
        let mut graph = Graph {
            tables: vec![table("wide", &columns)],
            ..Graph::default()
        };
        graph.tables[0].columns.push(ColumnRow::default());
        let size = |graph: &Graph| measure(graph, Detail::Keys, &TextMetrics::default())[0].size;
        let before = size(&graph);
        only_drawn(&mut graph, None, Detail::Keys);
        assert_eq!(graph.tables[0].columns.len(), 80);
        assert_eq!(size(&graph), before);
    }

    #[test]
    fn keys_keep_their_links_and_marks() {
        let (mut graph, mut overlay) = shop();
        only_drawn(&mut graph, Some(&mut overlay), Detail::Keys);
        let names: Vec<&str> = graph.tables[0]
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["id", "by"]);
        assert_eq!(
            (&graph.links[0].from_columns, &graph.links[0].to_columns),
            (&vec![1], &vec![0])
        );
        let marks: Vec<(u16, &str)> = overlay
            .columns_of(0)
            .map(|(column, mark)| (column, mark.label.as_str()))
            .collect();
        assert_eq!(marks, [(1, "by")]);
    }

    #[test]
    fn names_have_no_columns() {
        let (mut graph, mut overlay) = shop();
        only_drawn(&mut graph, Some(&mut overlay), Detail::Names);
        assert!(
            graph
                .tables
                .iter()
                .all(|it| it.columns.is_empty() && it.column_count == 0)
        );
        assert!(graph.links[0].from_columns.is_empty() && graph.links[0].name.is_empty());
        assert!(overlay.is_empty());
    }
}
