//! Finding tables and columns by what somebody types.

use crate::graph::{Graph, TableNode};
use crate::late::LateColumns;

/// A table, or one of its columns, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The table.
    pub table: usize,
    /// The column, where it is one that was found.
    pub column: Option<usize>,
}

impl Found {
    /// Its whole name: `sales.orders`, or `sales.orders.customer_id`.
    #[must_use]
    pub fn name(self, graph: &Graph, late: &LateColumns) -> String {
        let Some(table) = graph.tables.get(self.table) else {
            return String::new();
        };
        let columns = late.of(graph, self.table);
        let column = self.column.and_then(|column| columns.get(column));
        match column {
            Some(column) => [&table.qualified_name(), ".", &column.name].concat(),
            None => table.qualified_name(),
        }
    }
}

/// How well a name fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Start,
    Inside,
}

impl Fit {
    const COUNT: usize = 3;
}

/// Of tables and of columns one list for each fit, and one for tables of which only the schema fits.
const LISTS: usize = 2 * Fit::COUNT + 1;

/// What `wanted` finds among the tables, hidden ones too, and among their columns: what is called so
/// before what begins so, that before what holds it, tables before columns, then by name. Upper and
/// lower case are alike. With a dot it is a schema's table, `sales.ord`, or a
/// table's column, `orders.cust`. Nothing finds nothing. Columns that have not come yet are not found.
#[must_use]
pub fn find(graph: &Graph, late: &LateColumns, wanted: &str) -> Vec<Found> {
    let wanted = wanted.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<(usize, &TableNode)> = graph.tables.iter().enumerate().collect();
    order.sort_by(|a, b| (&a.1.schema, &a.1.name).cmp(&(&b.1.schema, &b.1.name)));
    let mut lists: [Vec<Found>; LISTS] = Default::default();
    let mut put = |list: usize, found: Found| {
        if let Some(list) = lists.get_mut(list) {
            list.push(found);
        }
    };
    let halves = wanted.rsplit_once('.').filter(|(path, _)| !path.is_empty());
    for (table, node) in order {
        let whole = Found {
            table,
            column: None,
        };
        let by_name = fit(&node.name, &wanted);
        let by_path = halves.and_then(|_| fit(&node.qualified_name(), &wanted));
        match by_name.into_iter().chain(by_path).min() {
            Some(fit) => put(2 * fit as usize, whole),
            None if fit(&node.schema, &wanted).is_some() => put(LISTS - 1, whole),
            None => {}
        }
        // After a dot stands the beginning of a column, where what is before it is this table.
        let rest = halves.and_then(|(path, rest)| is_called(node, path).then_some(rest));
        for (column, row) in late.of(graph, table).iter().enumerate() {
            if row.name.is_empty() {
                continue;
            }
            let by_name = fit(&row.name, &wanted);
            let by_path = rest.and_then(|rest| match rest {
                "" => Some(Fit::Start),
                rest => fit(&row.name, rest),
            });
            if let Some(fit) = by_name.into_iter().chain(by_path).min() {
                let column = Some(column);
                put(2 * fit as usize + 1, Found { table, column });
            }
        }
    }
    lists.concat()
}

/// True when a table is called `path`, with its schema or without; `path` is in lower case.
fn is_called(table: &TableNode, path: &str) -> bool {
    let exact = |name: &str| fit(name, path) == Some(Fit::Exact);
    exact(&table.name) || exact(&table.qualified_name())
}

/// How well a name fits what is wanted, which is in lower case and not empty.
fn fit(name: &str, wanted: &str) -> Option<Fit> {
    // Nearly all names are plain, and there are very many of them: nothing is copied for these.
    let (place, same) = if name.is_ascii() {
        let mut parts = name.as_bytes().windows(wanted.len().max(1));
        let place = parts.position(|part| part.eq_ignore_ascii_case(wanted.as_bytes()))?;
        (place, name.len() == wanted.len())
    } else {
        let name = name.to_lowercase();
        (name.find(wanted)?, name.len() == wanted.len())
    };
    Some(match (place, same) {
        (_, true) => Fit::Exact,
        (0, _) => Fit::Start,
        _ => Fit::Inside,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ColumnRow;

    fn shop() -> Graph {
        let table = |schema: &str, name: &str, columns: &[&str]| TableNode {
            schema: schema.into(),
            name: name.into(),
            columns: columns
                .iter()
                .map(|name| ColumnRow {
                    name: (*name).into(),
                    ..ColumnRow::default()
                })
                .collect(),
            ..TableNode::default()
        };
        Graph {
            tables: vec![
                table("sales", "reorders", &["id", "order_id"]),
                table("sales", "Orders", &["id", "customer_id"]),
                table("crm", "customer", &["id", "Straße"]),
                table("sales", "order_lines", &["id", "order"]),
            ],
            links: Vec::new(),
        }
    }

    fn found(wanted: &str) -> Vec<String> {
        let graph = shop();
        let late = LateColumns::default();
        let found = find(&graph, &late, wanted);
        found.into_iter().map(|it| it.name(&graph, &late)).collect()
    }

    #[test]
    fn what_is_called_so_comes_before_what_begins_so_and_that_before_what_holds_it() {
        assert_eq!(
            found(" ORDER "),
            [
                "sales.order_lines.order",
                "sales.Orders",
                "sales.order_lines",
                "sales.reorders.order_id",
                "sales.reorders",
            ]
        );
        assert_eq!(
            found("customer"),
            ["crm.customer", "sales.Orders.customer_id"]
        );
        assert_eq!(found("id").len(), 6);
        assert_eq!(found("stra"), ["crm.customer.Straße"]);
        assert_eq!(found("STRASSE"), [""; 0]);
        assert_eq!(found("STRAßE"), ["crm.customer.Straße"]);
    }

    #[test]
    fn schemas_find_their_tables_and_dots_part_names() {
        assert_eq!(found("crm"), ["crm.customer"]);
        assert_eq!(
            found("sales"),
            ["sales.Orders", "sales.order_lines", "sales.reorders"]
        );
        assert_eq!(found("sales.ord"), ["sales.Orders", "sales.order_lines"]);
        assert_eq!(found("sales.orders"), ["sales.Orders"]);
        assert_eq!(found("orders.cust"), ["sales.Orders.customer_id"]);
        assert_eq!(
            found("Sales.Orders."),
            ["sales.Orders.id", "sales.Orders.customer_id"]
        );
        assert_eq!(
            found("sales.orders.id"),
            ["sales.Orders.id", "sales.Orders.customer_id"]
        );
        assert_eq!(found("customer.customer_id"), [""; 0]);
    }

    #[test]
    fn what_nobody_is_called_is_not_found() {
        for nothing in [
            "",
            "  ",
            "no_such",
            ".",
            ".a",
            "an extremely long name that nobody has",
        ] {
            assert_eq!(found(nothing), [""; 0], "{nothing:?}");
        }
        let late = LateColumns::default();
        assert_eq!(find(&Graph::default(), &late, "a"), []);
        let nobody = Found {
            table: 9,
            column: Some(1),
        };
        assert_eq!(nobody.name(&shop(), &late), "");
    }

    #[test]
    fn columns_are_found_once_they_have_come() {
        let whole = shop();
        let mut graph = whole.clone();
        for (id, table) in (1..).zip(&mut graph.tables) {
            table.id = id;
        }
        crate::late::leave_for_later(&mut graph, crate::detail::Detail::Keys);
        let mut late = LateColumns::default();
        assert_eq!(find(&graph, &late, "customer_id"), []);
        assert_eq!(find(&graph, &late, "orders.").len(), 0);
        late.put(&graph, 1, whole.tables[1].columns.clone());
        let found = find(&graph, &late, "customer_id");
        let names: Vec<String> = found.iter().map(|it| it.name(&graph, &late)).collect();
        assert_eq!(names, ["sales.Orders.customer_id"]);
    }

    #[test]
    fn five_thousand_tables_are_no_burden() {
        let graph = crate::sample::sample_graph(5_000, 8, 1);
        assert!(find(&graph, &LateColumns::default(), "i").len() > 5_000);
    }
}
