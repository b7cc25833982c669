//! Which columns and references queries use, read from their texts in the history.

use super::Whole;
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use ddl::usage::{ColumnPlace, Names};
use diagram::detail::Detail;
use diagram::graph::{Graph, Link};
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use std::cmp::Reverse;
use std::collections::HashMap;

/// So many columns of a table are its most used, besides its keys.
const MOST_USED: usize = 8;

/// What of it a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Which columns are used most decides which are drawn.
    level: bool,
}

impl Wanted {
    pub(super) fn of(query: &DiagramQuery) -> Self {
        Self {
            level: query.level.as_deref() == Some(Detail::Used.as_str()),
        }
    }

    fn is_nothing(self) -> bool {
        !self.level
    }
}

/// How many runs of queries used each column, and how many joined by each pair.
#[derive(Debug, Default)]
struct Uses {
    columns: HashMap<ColumnPlace, u64>,
    joins: HashMap<(ColumnPlace, ColumnPlace), u64>,
}

impl Services {
    /// The statements of the history with how often each was run, where the question needs them.
    pub(super) async fn statements(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        wanted: Wanted,
        notes: &mut Vec<String>,
    ) -> Result<Vec<(String, u64)>, AppError> {
        if wanted.is_nothing() {
            return Ok(Vec::new());
        }
        let statements = self.store.statements_run(id).await.or_answer(ctx)?;
        if statements.is_empty() && wanted.level {
            notes.push(
                "What people query in this database is not known yet: its keys are shown."
                    .to_owned(),
            );
        }
        Ok(statements)
    }
}

/// Puts into the whole database what its statements tell.
pub(super) fn tell(whole: &mut Whole, statements: &[(String, u64)], wanted: Wanted) {
    if wanted.is_nothing() || statements.is_empty() {
        return;
    }
    let uses = uses_of(&whole.graph, statements);
    if wanted.level {
        mark_most_used(&mut whole.graph, &uses);
    }
}

fn uses_of(graph: &Graph, statements: &[(String, u64)]) -> Uses {
    let mut names = Names::default();
    for table in &graph.tables {
        let columns = table.columns.iter().map(|column| column.name.as_str());
        names.add(&table.schema, &table.name, columns);
    }
    let mut uses = Uses::default();
    for (text, runs) in statements {
        let used = names.used(text);
        for column in used.columns {
            *uses.columns.entry(column).or_default() += runs;
        }
        for join in used.joins {
            *uses.joins.entry(join).or_default() += runs;
        }
    }
    uses
}

/// Says of each table which of its columns are used most; of those used alike, the first ones.
fn mark_most_used(graph: &mut Graph, uses: &Uses) {
    let mut by_table: HashMap<usize, Vec<(Reverse<u64>, u16)>> = HashMap::new();
    for ((table, column), runs) in &uses.columns {
        let columns = by_table.entry(*table).or_default();
        columns.push((Reverse(*runs), *column));
    }
    let mut linked: HashMap<usize, Vec<u16>> = HashMap::new();
    for link in &graph.links {
        let Link {
            from_columns,
            to_columns,
            ..
        } = link;
        linked.entry(link.child()).or_default().extend(from_columns);
        linked.entry(link.parent()).or_default().extend(to_columns);
    }
    for (table, mut columns) in by_table {
        let keys = linked.remove(&table).unwrap_or_default();
        let Some(node) = graph.tables.get_mut(table) else {
            continue;
        };
        // Keys are drawn anyway and take no other column's place.
        columns.retain(|(_, column)| {
            let is_key = node
                .columns
                .get(usize::from(*column))
                .is_some_and(|column| column.primary_key || column.foreign_key);
            !is_key && !keys.contains(column)
        });
        columns.sort_unstable();
        for (_, column) in columns.into_iter().take(MOST_USED) {
            if let Some(column) = node.columns.get_mut(usize::from(column)) {
                column.used = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::{ColumnRow, TableNode};

    fn graph() -> Graph {
        let table = |name: &str, columns: &[&str]| TableNode {
            schema: "s".to_owned(),
            name: name.to_owned(),
            columns: columns
                .iter()
                .map(|name| ColumnRow {
                    name: (*name).to_owned(),
                    primary_key: *name == "id",
                    ..ColumnRow::default()
                })
                .collect(),
            ..TableNode::default()
        };
        let many: Vec<String> = (0..12).map(|number| format!("c{number}")).collect();
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        many.insert(0, "id");
        Graph {
            tables: vec![
                table("orders", &["id", "status", "note", "customer"]),
                table("customers", &["id", "name"]),
                table("wide", &many),
            ],
            links: vec![Link {
                from: 0,
                from_columns: vec![3],
                to: 1,
                to_columns: vec![0],
                declared: true,
                ..Link::default()
            }],
        }
    }

    fn used(graph: &Graph, table: usize) -> Vec<&str> {
        let columns = graph.tables[table].columns.iter();
        columns
            .filter(|column| column.used)
            .map(|column| column.name.as_str())
            .collect()
    }

    #[test]
    fn the_most_used_columns_are_few_and_no_keys() {
        let mut graph = graph();
        let all: Vec<String> = (0..12).map(|number| format!("c{number}")).collect();
        let statements = [
            (
                "select o.id, o.customer, o.status from s.orders o".to_owned(),
                3,
            ),
            (format!("select {} from s.wide", all.join(", ")), 1),
            ("select c11, c10 from s.wide".to_owned(), 1),
        ];
        let uses = uses_of(&graph, &statements);
        mark_most_used(&mut graph, &uses);
        assert_eq!(used(&graph, 0), ["status"]);
        assert_eq!(used(&graph, 1), [""; 0]);
        assert_eq!(
            used(&graph, 2),
            ["c0", "c1", "c2", "c3", "c4", "c5", "c10", "c11"]
        );
    }
    #[test]
    fn queries_of_the_sample_tell_what_is_used() {
        let schema = ddl::read_postgres(sample::ddl()).unwrap().schema;
        let mut names = Names::default();
        let mut places = HashMap::new();
        for (place, table) in schema.tables.iter().enumerate() {
            let columns = table.columns.iter().map(|column| column.name.as_str());
            names.add(&table.name.schema, &table.name.name, columns);
            places.insert(table.name.to_string(), place);
        }
        let history = sample::history(1_760_000_000_000, 1);
        let of_orders = |run: &&sample::HistoryEntry| {
            let tables = &run.tables_accessed;
            tables.iter().any(|table| table == "sales.orders")
        };
        let runs: Vec<&sample::HistoryEntry> = history.iter().filter(of_orders).take(400).collect();
        let orders = places["sales.orders"];
        // Each names at least one column of a table that it reads.
        let telling = runs.iter().filter(|run| {
            let used = names.used(&run.query_text).columns;
            used.iter().any(|(table, _)| *table == orders)
        });
        assert_eq!(telling.count(), runs.len());
    }
}
