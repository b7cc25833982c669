//! Columns that come after the graph. A diagram of very many tables travels with the columns that its
//! boxes draw and its links end at; the others have a place in it and no name, so that every index
//! stays what it is, and are asked for where somebody looks closer.

use std::collections::BTreeMap;

use crate::detail::Detail;
use crate::graph::{ColumnRow, Graph, NodeKind, TableNode};

/// Takes what the detail does not draw from the columns of tables of the catalog, but for those of
/// keys and those at which a link ends. At [`Detail::All`] everything is drawn.
pub fn leave_for_later(graph: &mut Graph, detail: Detail) {
    if detail == Detail::All {
        return;
    }
    let linked = graph.linked_columns();
    for (node, linked) in graph.tables.iter_mut().zip(linked) {
        if !comes_later(node) {
            continue;
        }
        for (place, column) in (0_u16..).zip(&mut node.columns) {
            let is_drawn = column.primary_key
                || column.foreign_key
                || (column.used && detail == Detail::Used)
                || linked.binary_search(&place).is_ok();
            if !is_drawn {
                *column = ColumnRow::default();
            }
        }
    }
}

/// Whether the catalog can be asked for the columns of a table by its id: what a box of several
/// tables holds, what only an older version has and what is gone cannot be asked for.
fn comes_later(node: &TableNode) -> bool {
    node.id > 0 && !node.gone && node.kind != NodeKind::Group
}

/// A column that has not come yet.
fn is_missing(column: &ColumnRow) -> bool {
    column.name.is_empty() && column.data_type.is_empty()
}

/// The columns that came after a graph.
#[derive(Clone, Debug, Default)]
pub struct LateColumns {
    of: BTreeMap<usize, Vec<ColumnRow>>,
}

impl LateColumns {
    /// The columns of a table by its index, with those that came later.
    #[must_use]
    pub fn of<'a>(&'a self, graph: &'a Graph, table: usize) -> &'a [ColumnRow] {
        let at_first = graph.tables.get(table).map(|it| it.columns.as_slice());
        self.of
            .get(&table)
            .map_or(at_first.unwrap_or_default(), Vec::as_slice)
    }

    /// One of them, unless it has not come yet.
    #[must_use]
    pub fn column<'a>(
        &'a self,
        graph: &'a Graph,
        table: usize,
        place: usize,
    ) -> Option<&'a ColumnRow> {
        let column = self.of(graph, table).get(place)?;
        (!is_missing(column) || self.of.contains_key(&table)).then_some(column)
    }

    /// How many columns of a table have not come yet.
    #[must_use]
    pub fn missing(&self, graph: &Graph, table: usize) -> usize {
        if self.of.contains_key(&table) {
            return 0;
        }
        let columns = graph.tables.get(table).map(|it| it.columns.iter());
        columns
            .into_iter()
            .flatten()
            .filter(|it| is_missing(it))
            .count()
    }

    /// Takes the columns of a table in. Columns that the graph has are left as it has them: it knows
    /// more of them. A source may have been read again since the graph was made; then there are
    /// still as many columns as the graph has places for.
    pub fn put(&mut self, graph: &Graph, table: usize, came: Vec<ColumnRow>) {
        let Some(node) = graph.tables.get(table) else {
            return;
        };
        let mut came = came.into_iter();
        let columns = node.columns.iter().map(|column| {
            let later = came.next().unwrap_or_default();
            if is_missing(column) {
                later
            } else {
                column.clone()
            }
        });
        self.of.insert(table, columns.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Link;
    use crate::measure::{TextMetrics, measure};

    fn graph() -> Graph {
        let column = |name: &str, primary_key| ColumnRow {
            name: name.to_owned(),
            data_type: "bigint".to_owned(),
            primary_key,
            ..ColumnRow::default()
        };
        let table = |id, name: &str| TableNode {
            id,
            name: name.to_owned(),
            columns: vec![
                column("id", true),
                column("note", false),
                column("code", false),
                column("parent_id", false),
            ],
            column_count: 4,
            ..TableNode::default()
        };
        Graph {
            tables: vec![table(1, "a"), table(2, "b"), table(-3, "older")],
            links: vec![Link {
                from: 1,
                from_columns: vec![3],
                to: 0,
                to_columns: vec![2],
                ..Link::default()
            }],
        }
    }

    fn names(columns: &[ColumnRow]) -> Vec<&str> {
        columns.iter().map(|it| it.name.as_str()).collect()
    }

    #[test]
    fn boxes_are_the_same_without_what_they_do_not_draw() {
        for detail in [Detail::Names, Detail::Keys, Detail::Used, Detail::All] {
            let mut whole = graph();
            whole.tables[0].columns[1].used = true;
            let mut part = whole.clone();
            leave_for_later(&mut part, detail);
            let boxes = |graph| measure(graph, detail, &TextMetrics::default());
            assert_eq!(boxes(&part), boxes(&whole), "{detail:?}");
            assert_eq!(part.links, whole.links);
            let usual = if detail == Detail::All {
                vec!["id", "note", "code", "parent_id"]
            } else if detail == Detail::Used {
                vec!["id", "note", "code", ""]
            } else {
                vec!["id", "", "code", ""]
            };
            assert_eq!(names(&part.tables[0].columns), usual, "{detail:?}");
            assert_eq!(part.tables[2].columns, whole.tables[2].columns);
        }
    }

    #[test]
    fn what_comes_takes_the_places_that_were_kept_for_it() {
        let whole = graph();
        let mut part = whole.clone();
        leave_for_later(&mut part, Detail::Keys);
        let mut late = LateColumns::default();
        assert_eq!(late.missing(&part, 1), 2);
        assert_eq!(late.column(&part, 1, 1), None);
        assert_eq!(names(late.of(&part, 1)), ["id", "", "", "parent_id"]);
        late.put(&part, 1, whole.tables[1].columns.clone());
        assert_eq!(late.of(&part, 1), whole.tables[1].columns);
        assert_eq!(late.missing(&part, 1), 0);
        // What the page knew stays, and there are never more or fewer places.
        late.put(
            &part,
            0,
            vec![
                ColumnRow {
                    name: "other".into(),
                    ..ColumnRow::default()
                };
                9
            ],
        );
        assert_eq!(names(late.of(&part, 0)), ["id", "other", "code", "other"]);
        late.put(&part, 0, Vec::new());
        assert_eq!(names(late.of(&part, 0)), ["id", "", "code", ""]);
        assert_eq!((late.missing(&part, 0), late.missing(&part, 9)), (0, 0));
        late.put(&part, 9, Vec::new());
        assert_eq!(late.of(&part, 9), []);
    }
}
