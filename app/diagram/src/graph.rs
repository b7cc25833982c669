//! What a diagram shows: tables, their columns and the links between them, as they travel from the
//! server to the browser. Where things stand is the layout's business, how they look the painter's.

use model::number::counted;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Tables and links. Links name their tables by index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// The tables; the index in this list names a table everywhere in this crate.
    pub tables: Vec<TableNode>,
    /// The links; those whose tables do not exist are ignored.
    pub links: Vec<Link>,
}

/// What kind of relation a node stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// An ordinary table.
    #[default]
    Table,
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
    /// A table that another server holds.
    ForeignTable,
    /// A part of a partitioned table.
    Partition,
    /// A group of tables that is folded into one box: a schema, or a community. Its rows name some of
    /// the tables, its number of rows is how many there are.
    Group,
}

impl NodeKind {
    /// The kind in words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::ForeignTable => "foreign table",
            Self::Partition => "partition",
            Self::Group => "group",
        }
    }
}

/// One table, view or the like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableNode {
    /// The catalog's id.
    pub id: i64,
    /// The schema's name; empty for none.
    pub schema: String,
    /// The table's name.
    pub name: String,
    /// The kind.
    pub kind: NodeKind,
    /// The columns in their order; empty while only names and links are loaded.
    pub columns: Vec<ColumnRow>,
    /// How many columns there are, loaded or not. Fewer than `columns` means as many as `columns`.
    pub column_count: u32,
    /// Rows, as estimated by the source.
    pub row_count: Option<u64>,
    /// Disappeared from the source and drawn as a ghost, because somebody arranged it.
    #[serde(default)]
    pub gone: bool,
}

impl TableNode {
    /// How many columns the table has, loaded or not.
    #[must_use]
    pub fn column_total(&self) -> usize {
        self.columns.len().max(self.column_count as usize)
    }

    /// What it is and how much is in it: `table, 12 columns`, `group of 40 tables`.
    #[must_use]
    pub fn size_sentence(&self) -> String {
        let label = self.kind.label();
        match (self.kind, self.row_count) {
            (NodeKind::Group, Some(tables)) => {
                let tables = usize::try_from(tables).unwrap_or(usize::MAX);
                [label, " of ", &counted(tables, "table")].concat()
            }
            (NodeKind::Group, None) => label.to_owned(),
            _ => [label, ", ", &counted(self.column_total(), "column")].concat(),
        }
    }

    /// `schema.name`, or the name alone when there is no schema.
    #[must_use]
    pub fn qualified_name(&self) -> String {
        let mut out = String::with_capacity(self.schema.len() + self.name.len() + 1);
        if !self.schema.is_empty() {
            out.push_str(&self.schema);
            out.push('.');
        }
        out.push_str(&self.name);
        out
    }
}

/// One column as a row of its table's box.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(String, String, u8)", into = "(String, String, u8)")]
pub struct ColumnRow {
    /// The column's name.
    pub name: String,
    /// Its type as the source writes it.
    pub data_type: String,
    /// Part of the primary key.
    pub primary_key: bool,
    /// Part of a foreign key.
    pub foreign_key: bool,
    /// May hold null.
    pub nullable: bool,
    /// Unique by itself.
    pub unique: bool,
    /// One of those of its table that queries use most; known where [`Detail::Used`] is asked for.
    ///
    /// [`Detail::Used`]: crate::detail::Detail::Used
    pub used: bool,
}

/// On the wire a column is a triple: name, type and its marks as bits.
impl From<(String, String, u8)> for ColumnRow {
    fn from((name, data_type, marks): (String, String, u8)) -> Self {
        Self {
            name,
            data_type,
            primary_key: marks & 1 != 0,
            foreign_key: marks & 2 != 0,
            nullable: marks & 4 != 0,
            unique: marks & 8 != 0,
            used: marks & 16 != 0,
        }
    }
}

impl From<ColumnRow> for (String, String, u8) {
    fn from(column: ColumnRow) -> Self {
        let marks = u8::from(column.primary_key)
            | u8::from(column.foreign_key) << 1
            | u8::from(column.nullable) << 2
            | u8::from(column.unique) << 3
            | u8::from(column.used) << 4;
        (column.name, column.data_type, marks)
    }
}

/// How many rows of one table belong to one row of the other, drawn as a crow's-foot end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// Two bars.
    ExactlyOne,
    /// A bar and a circle.
    ZeroOrOne,
    /// A foot and a bar.
    OneOrMany,
    /// A foot and a circle.
    ZeroOrMany,
}

impl Cardinality {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::ExactlyOne => "exactly one",
            Self::ZeroOrOne => "zero or one",
            Self::OneOrMany => "one or many",
            Self::ZeroOrMany => "zero or many",
        }
    }
}

/// A reference of one table (the child) to another (the parent).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The child, by index in [`Graph::tables`].
    pub from: u32,
    /// The child's columns, by index in its `columns`.
    pub from_columns: Vec<u16>,
    /// The parent, by index in [`Graph::tables`].
    pub to: u32,
    /// The parent's columns, by index in its `columns`.
    pub to_columns: Vec<u16>,
    /// The constraint's name; empty for none.
    pub name: String,
    /// A child column may be null: a child need not have a parent.
    pub optional: bool,
    /// The child columns are unique: a parent has at most one child.
    pub unique: bool,
    /// Declared in the source; what is not is drawn dashed.
    pub declared: bool,
    /// For a link that is not declared, who accepted it; empty where that is not to be said, none for
    /// one that is only proposed.
    pub accepted_by: Option<String>,
}

/// What a link rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The source declares it.
    Declared,
    /// Somebody accepted it.
    Accepted,
    /// It is proposed, and nobody has said anything to it.
    Proposed,
}

impl Standing {
    /// Each of them, the surest first.
    pub const ALL: [Self; 3] = [Self::Declared, Self::Accepted, Self::Proposed];
}

impl Link {
    /// The mark at the child: how many children a parent may have.
    #[must_use]
    pub fn child_end(&self) -> Cardinality {
        if self.unique {
            Cardinality::ZeroOrOne
        } else {
            Cardinality::ZeroOrMany
        }
    }

    /// The mark at the parent: how many parents a child has.
    #[must_use]
    pub fn parent_end(&self) -> Cardinality {
        if self.optional {
            Cardinality::ZeroOrOne
        } else {
            Cardinality::ExactlyOne
        }
    }

    /// What it rests on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.declared, &self.accepted_by) {
            (true, _) => Standing::Declared,
            (false, Some(_)) => Standing::Accepted,
            (false, None) => Standing::Proposed,
        }
    }

    /// The child's index.
    #[must_use]
    pub fn child(&self) -> usize {
        self.from as usize
    }

    /// The parent's index.
    #[must_use]
    pub fn parent(&self) -> usize {
        self.to as usize
    }
}

/// Which tables each table is linked with, by the direction of the reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The tables that a table references.
    pub parents: Vec<Vec<u32>>,
    /// The tables that reference a table.
    pub children: Vec<Vec<u32>>,
}

impl Graph {
    /// The number of different schemas.
    #[must_use]
    pub fn schema_count(&self) -> usize {
        let mut names: Vec<&str> = self.tables.iter().map(|t| t.schema.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// True when both tables of the link exist.
    #[must_use]
    pub fn has_ends(&self, link: &Link) -> bool {
        link.child() < self.tables.len() && link.parent() < self.tables.len()
    }

    /// Which tables each table is linked with: ascending, once each, without itself.
    #[must_use]
    pub fn adjacency(&self) -> Vec<Vec<u32>> {
        let mut lists = vec![Vec::new(); self.tables.len()];
        for link in self
            .links
            .iter()
            .filter(|l| self.has_ends(l) && l.from != l.to)
        {
            if let Some(list) = lists.get_mut(link.child()) {
                list.push(link.to);
            }
            if let Some(list) = lists.get_mut(link.parent()) {
                list.push(link.from);
            }
        }
        for list in &mut lists {
            list.sort_unstable();
            list.dedup();
        }
        lists
    }

    /// The columns of each table at which links end: ascending, once each.
    #[must_use]
    pub fn linked_columns(&self) -> Vec<Vec<u16>> {
        let mut linked: Vec<Vec<u16>> = vec![Vec::new(); self.tables.len()];
        for link in &self.links {
            let ends = [
                (link.child(), &link.from_columns),
                (link.parent(), &link.to_columns),
            ];
            for (table, columns) in ends {
                if let Some(list) = linked.get_mut(table) {
                    list.extend_from_slice(columns);
                }
            }
        }
        for list in &mut linked {
            list.sort_unstable();
            list.dedup();
        }
        linked
    }

    /// Which tables each table references and is referenced by: ascending, once each, without
    /// itself.
    #[must_use]
    pub fn references(&self) -> References {
        let mut references = References {
            parents: vec![Vec::new(); self.tables.len()],
            children: vec![Vec::new(); self.tables.len()],
        };
        for link in self
            .links
            .iter()
            .filter(|l| self.has_ends(l) && l.from != l.to)
        {
            if let Some(list) = references.parents.get_mut(link.child()) {
                list.push(link.to);
            }
            if let Some(list) = references.children.get_mut(link.parent()) {
                list.push(link.from);
            }
        }
        for list in references
            .parents
            .iter_mut()
            .chain(&mut references.children)
        {
            list.sort_unstable();
            list.dedup();
        }
        references
    }

    /// The sentence that says a link: `orders.customer_id references customers.id, many to one`.
    #[must_use]
    pub fn link_sentence(&self, link: &Link) -> String {
        let end = |table: usize, columns: &[u16]| {
            let mut out = String::new();
            if let Some(table) = self.tables.get(table) {
                out.push_str(&table.name);
                let names: Vec<&str> = columns
                    .iter()
                    .filter_map(|&c| table.columns.get(usize::from(c)).map(|c| c.name.as_str()))
                    .collect();
                if !names.is_empty() {
                    out.push('.');
                    out.push_str(&names.join(", "));
                }
            }
            out
        };
        let mut out = end(link.child(), &link.from_columns);
        out.push_str(match link.standing() {
            Standing::Declared | Standing::Accepted => " references ",
            Standing::Proposed => " probably references ",
        });
        out.push_str(&end(link.parent(), &link.to_columns));
        out.push_str(match (link.unique, link.optional) {
            (false, false) => ", many to one",
            (false, true) => ", many to zero or one",
            (true, false) => ", one to one",
            (true, true) => ", one to zero or one",
        });
        if let (false, Some(person)) = (link.declared, &link.accepted_by) {
            out.push_str("; not declared, accepted");
            if !person.is_empty() {
                out.push_str(" by ");
                out.push_str(person);
            }
        }
        out
    }

    /// The links that [`Graph::subgraph`] of these tables keeps, in its order.
    #[must_use]
    pub fn links_within(&self, tables: &[usize]) -> Vec<usize> {
        let mut chosen = vec![false; self.tables.len()];
        for &table in tables {
            if let Some(flag) = chosen.get_mut(table) {
                *flag = true;
            }
        }
        let is_chosen = |table: usize| chosen.get(table).copied().unwrap_or_default();
        self.links
            .iter()
            .enumerate()
            .filter(|(_, link)| is_chosen(link.child()) && is_chosen(link.parent()))
            .map(|(place, _)| place)
            .collect()
    }

    /// The part of the graph with the given tables only, in the order given (first mention
    /// counts), and the links between them.
    #[must_use]
    pub fn subgraph(&self, tables: &[usize]) -> Self {
        let mut place = BTreeMap::new();
        let mut part = Self::default();
        for &index in tables {
            if let Some(table) = self.tables.get(index)
                && !place.contains_key(&index)
            {
                place.insert(index, part.tables.len() as u32);
                part.tables.push(table.clone());
            }
        }
        for link in &self.links {
            if let (Some(&from), Some(&to)) = (place.get(&link.child()), place.get(&link.parent()))
            {
                part.links.push(Link {
                    from,
                    to,
                    ..link.clone()
                });
            }
        }
        part
    }
}

/// The `n` tables with the most neighbours, best connected first; ties go by index.
#[must_use]
pub fn hubs(graph: &Graph, n: usize) -> Vec<usize> {
    let adjacency = graph.adjacency();
    let mut order: Vec<usize> = (0..graph.tables.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(adjacency.get(i).map_or(0, Vec::len)), i));
    order.truncate(n);
    order
}

/// The seeds and all tables within `depth` links of one of them, nearest first, then by index.
#[must_use]
pub fn neighbourhood(graph: &Graph, seeds: &[usize], depth: usize) -> Vec<usize> {
    let adjacency = graph.adjacency();
    let mut seen = vec![false; graph.tables.len()];
    let mut out = Vec::new();
    let mut ring: Vec<usize> = seeds.to_vec();
    for step in 0..=depth {
        let mut fresh = Vec::new();
        for &index in &ring {
            if let Some(flag) = seen.get_mut(index)
                && !*flag
            {
                *flag = true;
                fresh.push(index);
            }
        }
        if step > 0 {
            fresh.sort_unstable();
        }
        out.extend_from_slice(&fresh);
        if fresh.is_empty() {
            break;
        }
        ring = fresh
            .iter()
            .filter_map(|&i| adjacency.get(i))
            .flatten()
            .map(|&i| i as usize)
            .collect();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn star() -> Graph {
        let tables = (0..5)
            .map(|i| TableNode {
                id: i,
                name: ["hub", "a", "b", "c", "d"][i as usize].into(),
                ..TableNode::default()
            })
            .collect();
        let link = |from, to| Link {
            from,
            to,
            declared: true,
            ..Link::default()
        };
        Graph {
            tables,
            links: vec![link(1, 0), link(2, 0), link(3, 0), link(4, 3), link(9, 0)],
        }
    }

    #[test]
    fn hubs_come_first() {
        assert_eq!(hubs(&star(), 2), [0, 3]);
        assert_eq!(hubs(&Graph::default(), 2), [0; 0]);
    }

    #[test]
    fn neighbourhoods_grow_ring_by_ring() {
        assert_eq!(neighbourhood(&star(), &[4], 0), [4]);
        assert_eq!(neighbourhood(&star(), &[4], 2), [4, 3, 0]);
        assert_eq!(neighbourhood(&star(), &[4], usize::MAX), [4, 3, 0, 1, 2]);
        assert_eq!(neighbourhood(&star(), &[77], 3), [0; 0]);
    }

    #[test]
    fn subgraphs_renumber() {
        let part = star().subgraph(&[3, 4, 3, 99]);
        assert_eq!(part.tables.len(), 2);
        assert_eq!(
            (part.links.len(), part.links[0].from, part.links[0].to),
            (1, 1, 0)
        );
    }

    #[test]
    fn a_sentence_says_what_a_link_rests_on() {
        let mut graph = star();
        let sentence = |graph: &Graph| graph.link_sentence(&graph.links[0]);
        assert_eq!(sentence(&graph), "a references hub, many to one");
        graph.links[0].declared = false;
        assert_eq!(sentence(&graph), "a probably references hub, many to one");
        graph.links[0].accepted_by = Some("Ada".to_owned());
        assert_eq!(
            sentence(&graph),
            "a references hub, many to one; not declared, accepted by Ada"
        );
        graph.links[0].accepted_by = Some(String::new());
        assert_eq!(
            sentence(&graph),
            "a references hub, many to one; not declared, accepted"
        );
    }

    #[test]
    fn a_graph_survives_json() {
        let graph = Graph {
            tables: vec![TableNode {
                id: 7,
                name: "t".into(),
                columns: vec![ColumnRow {
                    name: "id".into(),
                    data_type: "bigint".into(),
                    primary_key: true,
                    unique: true,
                    ..ColumnRow::default()
                }],
                ..TableNode::default()
            }],
            links: vec![Link {
                declared: true,
                from_columns: vec![0],
                ..Link::default()
            }],
        };
        let text = serde_json::to_string(&graph).unwrap();
        assert!(text.contains(r#"["id","bigint",9]"#), "{text}");
        assert_eq!(serde_json::from_str::<Graph>(&text).unwrap(), graph);
    }
}
