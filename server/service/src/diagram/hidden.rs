//! Columns that a diagram leaves out, because its address says so.

use super::Chosen;
use crate::show::{Part, parse_path};
use diagram::drawn::keep_columns;
use diagram::graph::{Graph, NodeKind, TableNode};
use model::diagram::split_terms;
use model::schema::Table;
use std::collections::{BTreeSet, HashMap, HashSet};

/// So many terms are read.
const TERMS_MAX: usize = 200;

/// A term of `hide`: `column`, `table.column` or `schema.table.column`, each part a name or a
/// pattern with stars.
struct Term {
    written: String,
    /// None where it cannot be read.
    parts: Option<Vec<Part>>,
}

impl Term {
    /// Whether a column of this name may be meant, in one table or another.
    fn fits_name(&self, column: &str) -> bool {
        let last = self.parts.as_ref().and_then(|parts| parts.last());
        last.is_some_and(|part| part.fits_in_any_case(column))
    }

    fn fits(&self, table: &TableNode, column: &str) -> bool {
        let Some(parts) = &self.parts else {
            return false;
        };
        let names = [table.schema.as_str(), table.name.as_str(), column];
        let names = names.iter().rev();
        let mut pairs = parts.iter().rev().zip(names);
        parts.len() <= 3 && pairs.all(|(part, name)| part.fits_in_any_case(name))
    }
}

/// Which columns of which tables are left out, by the names of the tables.
type LeftOut = HashMap<(String, String), BTreeSet<u16>>;

/// Leaves columns out of what is shown, and of the steps that lead to it. Columns that a link ends at
/// stay: without them nobody could tell what it joins.
pub(super) fn leave_out(
    chosen: &mut Chosen,
    steps: &mut [Graph],
    hide: &str,
    notes: &mut Vec<String>,
) {
    let terms: Vec<Term> = split_terms(hide)
        .into_iter()
        .take(TERMS_MAX)
        .map(|written| Term {
            parts: parse_path(&written),
            written,
        })
        .collect();
    let mut linked: HashSet<(usize, u16)> = HashSet::new();
    for link in &chosen.graph.links {
        linked.extend(link.from_columns.iter().map(|it| (link.child(), *it)));
        linked.extend(link.to_columns.iter().map(|it| (link.parent(), *it)));
    }
    // Large databases have few names and many columns.
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    let mut left_out = LeftOut::new();
    let mut found = vec![Found::Nothing; terms.len()];
    for (place, table) in chosen.graph.tables.iter().enumerate() {
        if table.kind == NodeKind::Group {
            continue;
        }
        let mut gone = BTreeSet::new();
        for (at, column) in (0_u16..).zip(&table.columns) {
            if !by_name.contains_key(&column.name) {
                let fitting = terms.iter().enumerate();
                let fitting = fitting.filter(|(_, term)| term.fits_name(&column.name));
                by_name.insert(column.name.clone(), fitting.map(|(at, _)| at).collect());
            }
            let stays = linked.contains(&(place, at));
            for &at_term in by_name.get(&column.name).into_iter().flatten() {
                let (Some(term), Some(found)) = (terms.get(at_term), found.get_mut(at_term)) else {
                    continue;
                };
                if term.fits(table, &column.name) {
                    *found = (*found).max(if stays { Found::Linked } else { Found::Hidden });
                    if !stays {
                        gone.insert(at);
                    }
                }
            }
        }
        if !gone.is_empty() {
            left_out.insert((table.schema.clone(), table.name.clone()), gone);
        }
    }
    for (term, found) in terms.iter().zip(&found) {
        match found {
            Found::Nothing => notes.push(format!(
                "No column of the tables shown is called {}.",
                term.written
            )),
            Found::Linked => notes.push(format!(
                "{} stays, as links end at it wherever it is.",
                term.written
            )),
            Found::Hidden => {}
        }
    }
    if left_out.is_empty() {
        return;
    }
    let kept = kept_columns(&chosen.graph, &left_out);
    keep_columns(&mut chosen.graph, chosen.overlay.as_mut(), &kept);
    for graph in steps {
        let kept = kept_columns(graph, &left_out);
        keep_columns(graph, None, &kept);
    }
}

/// What came of a term.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Nothing,
    Linked,
    Hidden,
}

/// The columns of each table that are not left out, ascending.
fn kept_columns(graph: &Graph, left_out: &LeftOut) -> Vec<Vec<u16>> {
    let tables = graph.tables.iter();
    tables
        .map(|table| {
            let gone = left_out.get(&(table.schema.clone(), table.name.clone()));
            let all = (0_u16..).zip(&table.columns).map(|(at, _)| at);
            match gone {
                Some(gone) => all.filter(|at| !gone.contains(at)).collect(),
                None => all.collect(),
            }
        })
        .collect()
}

/// A table as it is drawn: without the columns that its node does not have, and without what needs
/// them.
pub(super) fn as_drawn(table: &mut Table, node: &TableNode) {
    let shown: HashSet<&str> = node.columns.iter().map(|it| it.name.as_str()).collect();
    let all = |columns: &[String]| columns.iter().all(|it| shown.contains(it.as_str()));
    table.columns.retain(|it| shown.contains(it.name.as_str()));
    table.primary_key = table.primary_key.take().filter(|key| all(&key.columns));
    table.unique_keys.retain(|key| all(&key.columns));
    table.foreign_keys.retain(|key| all(&key.columns));
    table.indexes.retain(|index| {
        let columns = index.parts.iter().filter_map(|part| part.column.as_ref());
        columns
            .chain(&index.include)
            .all(|it| shown.contains(it.as_str()))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::{ColumnRow, Link};
    use diagram::overlay::{Mark, MarkKind, Overlay};

    fn chosen() -> Chosen {
        let table = |name: &str, columns: &[&str]| TableNode {
            schema: "sales".to_owned(),
            name: name.to_owned(),
            column_count: u32::try_from(columns.len()).unwrap(),
            columns: columns
                .iter()
                .map(|name| ColumnRow {
                    name: (*name).to_owned(),
                    ..ColumnRow::default()
                })
                .collect(),
            ..TableNode::default()
        };
        let graph = Graph {
            tables: vec![
                table(
                    "orders",
                    &["created_at", "id", "Tenant_Id", "customer", "note"],
                ),
                table("customers", &["created_at", "id", "tenant_id"]),
            ],
            links: vec![Link {
                from: 0,
                from_columns: vec![3],
                to: 1,
                to_columns: vec![1],
                ..Link::default()
            }],
        };
        let mut overlay = Overlay::new("Changes");
        for column in [0, 4] {
            overlay.mark_column(0, column, Mark::new(MarkKind::Added, column.to_string()));
        }
        Chosen {
            folded: Vec::new(),
            graph,
            overlay: Some(overlay),
            tables_total: 2,
            unknown: Vec::new(),
            hubs_only: false,
            note: None,
        }
    }

    fn names(graph: &Graph, table: usize) -> Vec<&str> {
        let columns = graph.tables[table].columns.iter();
        columns.map(|it| it.name.as_str()).collect()
    }

    #[test]
    fn columns_go_and_links_and_marks_follow() {
        let mut chosen = chosen();
        let mut steps = [chosen.graph.clone()];
        let mut notes = Vec::new();
        let hide = "created_at, *.tenant_id,sales.orders.customer";
        leave_out(&mut chosen, &mut steps, hide, &mut notes);
        assert_eq!(names(&chosen.graph, 0), ["id", "customer", "note"]);
        assert_eq!(names(&chosen.graph, 1), ["id"]);
        assert_eq!(chosen.graph.tables[0].column_total(), 3);
        let link = &chosen.graph.links[0];
        assert_eq!(
            (&*link.from_columns, &*link.to_columns),
            (&[1][..], &[0][..])
        );
        assert_eq!(
            notes,
            ["sales.orders.customer stays, as links end at it wherever it is."]
        );
        let overlay = chosen.overlay.unwrap();
        let marks: Vec<(u16, &str)> = overlay
            .columns_of(0)
            .map(|(column, mark)| (column, mark.label.as_str()))
            .collect();
        assert_eq!(marks, [(2, "4")]);
        assert_eq!(steps[0], chosen.graph);
    }

    #[test]
    fn names_of_one_table_and_nonsense_touch_nothing_else() {
        let mut chosen = chosen();
        let before = chosen.graph.clone();
        let mut notes = Vec::new();
        leave_out(
            &mut chosen,
            &mut [],
            "a.b.c.d,\"x,orders.nothing",
            &mut notes,
        );
        assert_eq!(chosen.graph, before);
        assert_eq!(notes.len(), 2, "{notes:?}");
        leave_out(&mut chosen, &mut [], "orders.created*", &mut Vec::new());
        assert_eq!(
            names(&chosen.graph, 0),
            ["id", "Tenant_Id", "customer", "note"]
        );
        assert_eq!(names(&chosen.graph, 1), ["created_at", "id", "tenant_id"]);
    }
}
