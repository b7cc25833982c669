//! The diagram as a tree for those who do not see the picture, or rather walk through a list: tables,
//! and below each its columns and its links as sentences; after them areas and memos.

use crate::graph::{ColumnRow, Graph};
use model::number::counted;
use model::view::Arrangement;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A row of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// A table by index.
    Table(usize),
    /// A column: table and column by index.
    Column(usize, usize),
    /// A link by index, below one of its tables.
    Link(usize, usize),
    /// An area or a memo by its place in what [`notes_of`] gave.
    Note(usize),
}

impl Row {
    /// The table that the row is, or is below.
    #[must_use]
    pub const fn table(self) -> Option<usize> {
        match self {
            Self::Table(table) | Self::Column(table, _) | Self::Link(table, _) => Some(table),
            Self::Note(_) => None,
        }
    }

    /// The link that the row says.
    #[must_use]
    pub const fn link(self) -> Option<usize> {
        match self {
            Self::Link(_, link) => Some(link),
            Self::Table(_) | Self::Column(..) | Self::Note(_) => None,
        }
    }

    /// How deep it is, from 1 on.
    #[must_use]
    pub const fn level(self) -> usize {
        match self {
            Self::Table(_) | Self::Note(_) => 1,
            Self::Column(..) | Self::Link(..) => 2,
        }
    }
}

/// An area or a memo, as the tree says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Which one.
    pub id: String,
    /// Whether it is an area.
    pub is_area: bool,
    /// The title, or the text in Markdown.
    pub text: String,
}

impl Note {
    /// In a sentence: `Area, Money`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let kind = if self.is_area { "Area" } else { "Memo" };
        let words: Vec<&str> = self.text.split_whitespace().collect();
        match (words.is_empty(), self.is_area) {
            (false, _) => [kind, ", ", &words.join(" ")].concat(),
            (true, true) => "Area without a title".to_owned(),
            (true, false) => "Memo without a text".to_owned(),
        }
    }
}

/// The areas and then the memos of an arrangement.
pub fn notes_of(arrangement: &Arrangement) -> impl Iterator<Item = (&str, bool, &str)> {
    let areas = arrangement.areas.iter();
    let memos = arrangement.memos.iter();
    areas
        .map(|(id, area)| (id.as_str(), true, area.title.as_str()))
        .chain(memos.map(|(id, memo)| (id.as_str(), false, memo.text.as_str())))
}

/// The same, kept; `before` is given back where it says that already.
#[must_use]
pub fn notes_kept(arrangement: &Arrangement, before: &Arc<Vec<Note>>) -> Arc<Vec<Note>> {
    let known = before.iter();
    let known = known.map(|note| (note.id.as_str(), note.is_area, note.text.as_str()));
    if known.eq(notes_of(arrangement)) {
        return before.clone();
    }
    let notes = notes_of(arrangement).map(|(id, is_area, text)| Note {
        id: id.to_owned(),
        is_area,
        text: text.to_owned(),
    });
    Arc::new(notes.collect())
}

/// The tree of a graph. It is made once; its rows depend on what is open and what is looked for.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The tables by schema and name.
    order: Vec<usize>,
    /// What each is found by, in lower case.
    names: Vec<String>,
    links_of: Vec<Vec<usize>>,
    columns: Vec<usize>,
}

impl Outline {
    /// The tree of `graph`.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        let mut order: Vec<usize> = (0..graph.tables.len()).collect();
        order.sort_by_key(|&table| graph.tables.get(table).map(|it| (&it.schema, &it.name)));
        let mut links_of = vec![Vec::new(); graph.tables.len()];
        for (place, link) in graph.links.iter().enumerate() {
            if !graph.has_ends(link) {
                continue;
            }
            // What a table references comes before what references it.
            if let Some(list) = links_of.get_mut(link.child()) {
                list.push((false, place));
            }
            if link.parent() != link.child()
                && let Some(list) = links_of.get_mut(link.parent())
            {
                list.push((true, place));
            }
        }
        let plain = |mut list: Vec<(bool, usize)>| {
            list.sort_unstable();
            list.into_iter().map(|(_, place)| place).collect()
        };
        Self {
            order,
            names: graph
                .tables
                .iter()
                .map(|table| table.qualified_name().to_lowercase())
                .collect(),
            links_of: links_of.into_iter().map(plain).collect(),
            columns: graph.tables.iter().map(|it| it.columns.len()).collect(),
        }
    }

    /// The links of a table: first what it references, then what references it.
    #[must_use]
    pub fn links_of(&self, table: usize) -> &[usize] {
        self.links_of.get(table).map_or(&[], Vec::as_slice)
    }

    /// True when there is something below a table.
    #[must_use]
    pub fn has_children(&self, table: usize) -> bool {
        self.children(table) > 0
    }

    fn children(&self, table: usize) -> usize {
        self.columns.get(table).copied().unwrap_or_default() + self.links_of(table).len()
    }

    /// The rows in order: the tables whose names contain `wanted`, those in `open` with what is
    /// below them; those in `hidden`, ascending, are left out. Then what of `notes` contains `wanted`.
    #[must_use]
    pub fn rows(
        &self,
        open: &BTreeSet<usize>,
        wanted: &str,
        hidden: &[usize],
        notes: &[Note],
    ) -> Vec<Row> {
        let wanted = wanted.trim().to_lowercase();
        let mut rows = Vec::new();
        for &table in &self.order {
            let fits = self
                .names
                .get(table)
                .is_some_and(|name| name.contains(&wanted));
            if !fits || hidden.binary_search(&table).is_ok() {
                continue;
            }
            rows.push(Row::Table(table));
            if open.contains(&table) {
                let columns = self.columns.get(table).copied().unwrap_or_default();
                rows.extend((0..columns).map(|column| Row::Column(table, column)));
                rows.extend(
                    self.links_of(table)
                        .iter()
                        .map(|&link| Row::Link(table, link)),
                );
            }
        }
        let fits = |note: &Note| note.sentence().to_lowercase().contains(&wanted);
        let notes = notes.iter().enumerate().filter(|(_, note)| fits(note));
        rows.extend(notes.map(|(place, _)| Row::Note(place)));
        rows
    }

    /// The place of a row among those on its level below the same table, from 1 on, and how many
    /// these are; `rows` are those that [`Outline::rows`] gave, `at` the row's place in them.
    #[must_use]
    pub fn place(&self, rows: &[Row], at: usize) -> (usize, usize) {
        match rows.get(at) {
            Some(&Row::Column(table, column)) => (column + 1, self.children(table)),
            Some(&Row::Link(table, link)) => {
                let columns = self.columns.get(table).copied().unwrap_or_default();
                let place = self.links_of(table).iter().position(|&it| it == link);
                (
                    columns + place.unwrap_or_default() + 1,
                    self.children(table),
                )
            }
            Some(Row::Table(_) | Row::Note(_)) | None => {
                let of_first_level =
                    |rows: &[Row]| rows.iter().filter(|row| row.level() == 1).count();
                let before = rows.get(..at).map_or(0, of_first_level);
                (before + 1, of_first_level(rows))
            }
        }
    }

    /// The table after `from` in the order of the tree, round its end, whose own name or whose name
    /// with its schema begins with `letters`; `from` itself too when `stay`.
    #[must_use]
    pub fn starting_with(
        &self,
        rows: &[Row],
        from: usize,
        letters: &str,
        stay: bool,
    ) -> Option<usize> {
        let letters = letters.to_lowercase();
        let begins = |table: usize| {
            self.names.get(table).is_some_and(|name| {
                let own = name.split_once('.').map_or(name.as_str(), |(_, own)| own);
                own.starts_with(&letters) || name.starts_with(&letters)
            })
        };
        let first = from + usize::from(!stay);
        (first..rows.len())
            .chain(0..first.min(rows.len()))
            .find(|&at| matches!(rows.get(at), Some(&Row::Table(table)) if begins(table)))
    }
}

/// A table in a sentence: `sales.orders, table, 12 columns, 4 links`; a group
/// `sales.*, group of 40 tables, 3 links`.
#[must_use]
pub fn table_sentence(graph: &Graph, table: usize, links: usize) -> String {
    let Some(node) = graph.tables.get(table) else {
        return String::new();
    };
    let (name, size) = (node.qualified_name(), node.size_sentence());
    [&name, ", ", &size, ", ", &counted(links, "link")].concat()
}

/// A column in a sentence: `customer_id, bigint, foreign key, may be null`.
#[must_use]
pub fn column_sentence(column: &ColumnRow) -> String {
    let mut out = column.name.clone();
    for part in [
        Some(column.data_type.as_str()).filter(|it| !it.is_empty()),
        column.primary_key.then_some("primary key"),
        column.foreign_key.then_some("foreign key"),
        (column.unique && !column.primary_key).then_some("unique"),
        column.nullable.then_some("may be null"),
    ]
    .into_iter()
    .flatten()
    {
        out.push_str(", ");
        out.push_str(part);
    }
    out
}

/// Where the area or memo at a place is now that there are others; none where it is gone.
#[must_use]
pub fn moved(before: &[Note], now: &[Note], place: usize) -> Option<usize> {
    let known = before.get(place)?;
    now.iter()
        .position(|note| note.id == known.id && note.is_area == known.is_area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{ColumnRow, Link, TableNode};

    #[test]
    fn a_note_is_found_again_when_others_come_and_go() {
        let note = |id: &str, is_area| Note {
            id: id.to_owned(),
            is_area,
            text: String::new(),
        };
        let before = [note("b", true), note("x", true), note("x", false)];
        let now = [note("a", true), note("x", true), note("x", false)];
        assert_eq!(moved(&before, &now, 1), Some(1));
        assert_eq!(moved(&before, &now, 2), Some(2));
        let more = [note("a", true), note("b", true), note("x", false)];
        assert_eq!(moved(&before, &more, 0), Some(1));
        assert_eq!(moved(&before, &more, 1), None);
        assert_eq!(moved(&before, &more, 9), None);
    }

    fn shop() -> Graph {
        let table = |schema: &str, name: &str, columns: &[&str]| TableNode {
            schema: schema.into(),
            name: name.into(),
            columns: columns
                .iter()
                .map(|name| ColumnRow {
                    name: (*name).into(),
                    data_type: "bigint".into(),
                    nullable: *name == "parent_id",
                    ..ColumnRow::default()
                })
                .collect(),
            ..TableNode::default()
        };
        let link = |from, to| Link {
            from,
            to,
            declared: true,
            ..Link::default()
        };
        Graph {
            tables: vec![
                table("sales", "orders", &["id", "customer_id"]),
                table("crm", "customers", &["id"]),
                table("sales", "lines", &["id", "order_id", "parent_id"]),
            ],
            links: vec![link(2, 0), link(0, 1), link(2, 2), link(9, 0)],
        }
    }

    #[test]
    fn tables_stand_by_name_and_open_to_columns_and_links() {
        let outline = Outline::new(&shop());
        let closed = outline.rows(&BTreeSet::new(), "", &[], &[]);
        assert_eq!(closed, [Row::Table(1), Row::Table(2), Row::Table(0)]);
        let rows = outline.rows(&BTreeSet::from([0]), " SALES.O ", &[], &[]);
        assert_eq!(
            rows,
            [
                Row::Table(0),
                Row::Column(0, 0),
                Row::Column(0, 1),
                // What it references, then what references it.
                Row::Link(0, 1),
                Row::Link(0, 0),
            ]
        );
        assert_eq!(
            outline.links_of(2),
            [0, 2],
            "a table that references itself, once"
        );
        assert_eq!(outline.place(&rows, 3), (3, 4));
        assert_eq!(outline.place(&closed, 2), (3, 3));
        assert_eq!(outline.rows(&BTreeSet::new(), "nothing", &[], &[]), []);
        assert_eq!(
            outline.rows(&BTreeSet::new(), "", &[0, 2], &[]),
            [Row::Table(1)]
        );
    }

    #[test]
    fn areas_and_memos_stand_after_the_tables() {
        use model::view::{Area, Memo, Spot, ViewColour};
        let at = Spot { x: 0.0, y: 0.0 };
        let area = |title: &str| Area {
            title: title.into(),
            colour: ViewColour::Blue,
            at,
            width: 10.0,
            height: 10.0,
        };
        let memo = Memo {
            text: "**Mind**\n\nthe gap".into(),
            at,
            width: 10.0,
            height: 10.0,
        };
        let mut arrangement = Arrangement::default();
        arrangement.areas.insert("b".into(), area("Money"));
        arrangement.areas.insert("c".into(), area(" "));
        arrangement.memos.insert("a".into(), memo);
        let notes = notes_kept(&arrangement, &Arc::default());
        let said: Vec<String> = notes.iter().map(Note::sentence).collect();
        assert_eq!(
            said,
            [
                "Area, Money",
                "Area without a title",
                "Memo, **Mind** the gap"
            ]
        );
        // A drag changes nothing of what is said.
        arrangement.areas.insert(
            "b".into(),
            Area {
                width: 99.0,
                ..area("Money")
            },
        );
        assert!(Arc::ptr_eq(&notes, &notes_kept(&arrangement, &notes)));
        let outline = Outline::new(&shop());
        let rows = outline.rows(&BTreeSet::from([0]), "", &[], &notes);
        assert_eq!(rows.len(), 3 + 4 + 3);
        assert_eq!(outline.place(&rows, 9), (6, 6));
        assert_eq!(outline.place(&rows, 0), (1, 6));
        let found = outline.rows(&BTreeSet::new(), "GAP", &[], &notes);
        assert_eq!(found, [Row::Note(2)]);
    }

    #[test]
    fn letters_lead_to_the_next_table_that_begins_with_them() {
        let outline = Outline::new(&shop());
        let rows = outline.rows(&BTreeSet::from([2]), "", &[], &[]);
        assert_eq!(
            outline.starting_with(&rows, 0, "o", false),
            Some(rows.len() - 1)
        );
        assert_eq!(
            outline.starting_with(&rows, rows.len() - 1, "cu", false),
            Some(0)
        );
        assert_eq!(outline.starting_with(&rows, 0, "crm.c", true), Some(0));
        assert_eq!(outline.starting_with(&rows, 0, "x", true), None);
    }

    #[test]
    fn rows_are_said_in_sentences() {
        let graph = shop();
        assert_eq!(
            table_sentence(&graph, 1, 1),
            "crm.customers, table, 1 column, 1 link"
        );
        assert_eq!(
            column_sentence(&graph.tables[2].columns[2]),
            "parent_id, bigint, may be null"
        );
    }

    #[test]
    fn five_thousand_tables_are_no_burden() {
        let graph = crate::sample::sample_graph(5_000, 8, 1);
        let outline = Outline::new(&graph);
        let open: BTreeSet<usize> = (0..5_000).collect();
        let rows = outline.rows(&open, "", &[], &[]);
        let columns: usize = graph.tables.iter().map(|it| it.columns.len()).sum();
        assert!(rows.len() > 5_000 + columns);
        let (place, count) = outline.place(&rows, 0);
        assert_eq!((place, count), (1, 5_000));
    }
}
