//! Folding: all tables of a group as one box, with their links bundled, so that a large database
//! shows how its parts hang together. A group is a schema, or a community.

use std::collections::BTreeMap;

use model::box_id::schema_box;

use crate::graph::{ColumnRow, Graph, Link, NodeKind, TableNode};

/// Tables that a group's box names, the best connected first.
const NAMED: usize = 6;

/// Which tables are folded into which box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// What the boxes are called, in the order in which they come.
    pub names: Vec<String>,
    /// The ids of their boxes, in the same order ([`model::box_id`]).
    pub ids: Vec<i64>,
    /// The group of each table, by index in `names`; none for those that stay.
    pub of: Vec<Option<usize>>,
}

impl Groups {
    /// Schemas, each as a group called `schema.*`, by name. Names of schemas that the graph does not
    /// have mean nothing.
    #[must_use]
    pub fn of_schemas(graph: &Graph, schemas: &[String]) -> Self {
        let mut sorted: Vec<&String> = schemas.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let place = |table: &TableNode| sorted.binary_search(&&table.schema).ok();
        Self {
            of: graph.tables.iter().map(place).collect(),
            ids: sorted.iter().map(|schema| schema_box(schema)).collect(),
            names: sorted.iter().map(|schema| format!("{schema}.*")).collect(),
        }
    }

    /// A further group, of those of these tables that are in none yet.
    pub fn add(&mut self, name: String, id: i64, tables: &[usize]) {
        for &table in tables {
            if let Some(group @ None) = self.of.get_mut(table) {
                *group = Some(self.names.len());
            }
        }
        self.names.push(name);
        self.ids.push(id);
    }

    /// The groups of some of the tables, in that order.
    #[must_use]
    pub fn part(&self, tables: &[usize]) -> Self {
        let group = |table: &usize| self.of.get(*table).copied().flatten();
        Self {
            names: self.names.clone(),
            ids: self.ids.clone(),
            of: tables.iter().map(group).collect(),
        }
    }

    /// Takes tables out of their groups: they stay open.
    pub fn leave_out(&mut self, tables: &[usize]) {
        for &table in tables {
            if let Some(group) = self.of.get_mut(table) {
                *group = None;
            }
        }
    }

    /// Whether a table is in a group.
    #[must_use]
    pub fn has(&self, table: usize) -> bool {
        self.of.get(table).is_some_and(Option::is_some)
    }
}

/// A graph with some groups folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folded {
    /// The tables of no group in their order, then one box for each group that has tables.
    pub graph: Graph,
    /// The tables of no group, by index in the graph that was folded.
    pub tables: Vec<usize>,
    /// The links between them, by index in the graph that was folded; they come first and in this
    /// order, bundles after them.
    pub links: Vec<usize>,
    /// The group of each box, by index in the groups' names, in the order of the boxes.
    pub groups: Vec<usize>,
}

/// Folds each group into one box: [`NodeKind::Group`], called as the group is. Links between two
/// boxes, and between a table and a box, are bundled into one for each direction, which stands as the
/// surest of them does; links within a group are not drawn.
#[must_use]
pub fn fold(graph: &Graph, groups: &Groups) -> Folded {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut tables = Vec::new();
    for place in 0..graph.tables.len() {
        match groups.of.get(place).copied().flatten() {
            Some(group) => members.entry(group).or_default().push(place),
            None => tables.push(place),
        }
    }
    let links = graph.links_within(&tables);
    let mut folded = graph.subgraph(&tables);
    let near = graph.adjacency();
    // The box of each table, by its place in the new graph.
    let mut box_of: Vec<Option<u32>> = vec![None; graph.tables.len()];
    for (place, &table) in tables.iter().enumerate() {
        put(&mut box_of, table, place);
    }
    for (group, inside) in &members {
        for &table in inside {
            put(&mut box_of, table, folded.tables.len());
        }
        let mut named = inside.clone();
        named.sort_by_key(|&table| {
            (
                std::cmp::Reverse(near.get(table).map_or(0, Vec::len)),
                table,
            )
        });
        let mut columns: Vec<ColumnRow> = named
            .iter()
            .take(NAMED)
            .filter_map(|&table| graph.tables.get(table))
            .map(|table| row(table.name.clone()))
            .collect();
        if inside.len() > NAMED {
            columns.push(row(format!("and {} more", inside.len() - NAMED)));
        }
        folded.tables.push(TableNode {
            id: groups.ids.get(*group).copied().unwrap_or_default(),
            name: groups.names.get(*group).cloned().unwrap_or_default(),
            kind: NodeKind::Group,
            row_count: Some(inside.len() as u64),
            columns,
            ..TableNode::default()
        });
    }
    let mut bundles: BTreeMap<(u32, u32), Bundle> = BTreeMap::new();
    let is_open = |table: usize| !groups.has(table);
    for link in &graph.links {
        if is_open(link.child()) && is_open(link.parent()) {
            continue;
        }
        let end = |table: usize| box_of.get(table).copied().flatten();
        if let (Some(from), Some(to)) = (end(link.child()), end(link.parent()))
            && from != to
        {
            bundles.entry((from, to)).or_default().add(link);
        }
    }
    for ((from, to), bundle) in bundles {
        folded.links.push(Link {
            from,
            to,
            name: if bundle.count == 1 {
                "1 reference".to_owned()
            } else {
                format!("{} references", bundle.count)
            },
            accepted_by: bundle.accepted_by.filter(|_| !bundle.declared),
            declared: bundle.declared,
            ..Link::default()
        });
    }
    Folded {
        graph: folded,
        tables,
        links,
        groups: members.into_keys().collect(),
    }
}

/// Links that are drawn as one.
#[derive(Default)]
struct Bundle {
    count: usize,
    declared: bool,
    /// Who accepted those that are not declared; empty where they are several.
    accepted_by: Option<String>,
}

impl Bundle {
    fn add(&mut self, link: &Link) {
        self.count += 1;
        self.declared |= link.declared;
        if let (false, Some(person)) = (link.declared, &link.accepted_by) {
            let known = self.accepted_by.get_or_insert_with(|| person.clone());
            if known != person {
                known.clear();
            }
        }
    }
}

fn row(name: String) -> ColumnRow {
    ColumnRow {
        name,
        ..ColumnRow::default()
    }
}

fn put(boxes: &mut [Option<u32>], table: usize, place: usize) {
    if let (Some(slot), Ok(place)) = (boxes.get_mut(table), u32::try_from(place)) {
        *slot = Some(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Standing;
    use crate::outline::{column_sentence, table_sentence};

    fn shop() -> Graph {
        let names = [
            ("sales", "orders"),
            ("sales", "lines"),
            ("stock", "products"),
            ("stock", "bins"),
            ("hr", "people"),
        ];
        let link = |from, to| Link {
            from,
            to,
            declared: true,
            ..Link::default()
        };
        Graph {
            tables: (0..)
                .zip(names)
                .map(|(id, (schema, name))| TableNode {
                    id,
                    schema: schema.into(),
                    name: name.into(),
                    ..TableNode::default()
                })
                .collect(),
            // lines → orders, lines → products, orders → products, bins → products, orders → people,
            // people → people.
            links: vec![
                link(1, 0),
                link(1, 2),
                link(0, 2),
                link(3, 2),
                link(0, 4),
                link(4, 4),
            ],
        }
    }

    fn fold_schemas(schemas: &[String]) -> Folded {
        let graph = shop();
        fold(&graph, &Groups::of_schemas(&graph, schemas))
    }

    #[test]
    fn a_table_is_in_the_first_group_that_has_it() {
        let graph = shop();
        let mut groups = Groups::of_schemas(&graph, &["stock".into()]);
        groups.add("around orders".to_owned(), -7, &[0, 1, 2]);
        let folded = fold(&graph, &groups);
        let names: Vec<(String, Option<u64>)> = folded
            .graph
            .tables
            .iter()
            .map(|it| (it.qualified_name(), it.row_count))
            .collect();
        assert_eq!(
            names,
            [
                ("hr.people".to_owned(), None),
                ("stock.*".to_owned(), Some(2)),
                ("around orders".to_owned(), Some(2)),
            ]
        );
        // Of some of the tables the groups stay what they are.
        let part = groups.part(&[4, 0]);
        assert_eq!(part.of, [None, Some(1)]);
        assert!(part.has(1) && !part.has(0) && !part.has(9));
        // What is taken out of its group stays open; of a group without tables there is no box.
        assert_eq!(folded.groups, [0, 1]);
        groups.leave_out(&[2, 3, 9]);
        let folded = fold(&graph, &groups);
        assert_eq!(folded.groups, [1]);
        assert_eq!(folded.tables, [2, 3, 4]);
        // It keeps its id, whichever others there are.
        assert_eq!(folded.graph.tables.last().map(|it| it.id), Some(-7));
    }

    #[test]
    fn a_folded_schema_is_one_box_with_its_links_bundled() {
        let folded = fold_schemas(&["stock".into(), "nowhere".into()]);
        let names: Vec<String> = folded
            .graph
            .tables
            .iter()
            .map(TableNode::qualified_name)
            .collect();
        assert_eq!(
            names,
            ["sales.orders", "sales.lines", "hr.people", "stock.*"]
        );
        assert_eq!(folded.tables, [0, 1, 4]);
        assert_eq!(folded.links, [0, 4, 5]);
        let ends: Vec<(u32, u32, &str)> = folded
            .graph
            .links
            .iter()
            .map(|link| (link.from, link.to, link.name.as_str()))
            .collect();
        assert_eq!(
            ends,
            [
                (1, 0, ""),
                (0, 2, ""),
                (2, 2, ""),
                (0, 3, "1 reference"),
                (1, 3, "1 reference"),
            ]
        );
        let group = &folded.graph.tables[3];
        assert_eq!(group.kind, NodeKind::Group);
        assert_eq!(group.row_count, Some(2));
        // The best connected first; they are no columns, of which more could be said.
        let named: Vec<String> = group.columns.iter().map(column_sentence).collect();
        assert_eq!(named, ["products", "bins"]);
        assert_eq!(
            table_sentence(&folded.graph, 3, 2),
            "stock.*, group of 2 tables, 2 links"
        );
    }

    #[test]
    fn two_folded_schemas_are_linked_once_each_way() {
        let folded = fold_schemas(&["stock".into(), "sales".into()]);
        let links: Vec<(u32, u32, &str)> = folded
            .graph
            .links
            .iter()
            .map(|link| (link.from, link.to, link.name.as_str()))
            .collect();
        // people, sales, stock.
        assert_eq!(
            links,
            [(0, 0, ""), (1, 0, "1 reference"), (1, 2, "2 references"),]
        );
        assert!(folded.graph.tables.iter().all(|table| table.id != 0));
    }

    #[test]
    fn a_bundle_stands_as_the_surest_of_its_links() {
        let by = |names: [Option<&str>; 2], declared: bool| {
            let mut graph = shop();
            for (place, name) in [1, 2].into_iter().zip(names) {
                graph.links[place].declared = false;
                graph.links[place].accepted_by = name.map(str::to_owned);
            }
            graph.links[2].declared = declared;
            let groups = Groups::of_schemas(&graph, &["stock".into(), "sales".into()]);
            let folded = fold(&graph, &groups);
            let bundle = folded.graph.links.last().cloned().unwrap();
            (bundle.standing(), bundle.accepted_by)
        };
        let ada = || Some("Ada".to_owned());
        assert_eq!(by([None, None], false), (Standing::Proposed, None));
        assert_eq!(by([Some("Ada"), None], false), (Standing::Accepted, ada()));
        assert_eq!(by([Some("Ada"); 2], false), (Standing::Accepted, ada()));
        let several = (Standing::Accepted, Some(String::new()));
        assert_eq!(by([Some("Ada"), Some("Eve")], false), several);
        assert_eq!(by([Some("Ada"), None], true), (Standing::Declared, None));
    }

    #[test]
    fn nothing_folded_is_the_same_graph() {
        let graph = shop();
        let folded = fold(&graph, &Groups::default());
        assert_eq!(folded.graph, graph);
        assert_eq!(folded.tables.len(), 5);
    }
}
