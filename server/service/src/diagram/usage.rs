//! Which columns and references queries use, read from their texts in the history.

use super::Whole;
use super::uses::{Uses, UsesCache};
use crate::clock::now;
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use ddl::usage::ColumnPlace;
use diagram::detail::Detail;
use diagram::graph::{Graph, Link};
use diagram::measure::short_count;
use diagram::overlay::{Mark, MarkKind, Overlay};
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use std::cmp::Reverse;
use std::collections::HashMap;
use store::history::UsageWindow;

/// Where nothing else is asked for, joins of so many days say which ways are the best: all that is
/// known may be years.
const WAYS_DAYS: u32 = 90;
/// So many columns of a table are its most used, besides its keys.
const MOST_USED: usize = 8;

/// What of it a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Which columns are used most decides which are drawn.
    level: bool,
    /// How often columns and references are used is said over the picture.
    overlay: bool,
    /// How often references are joined over decides which ways between tables are the best.
    ways: bool,
    /// Of so many days; none for all that is known.
    days: Option<u32>,
}

/// The window of a question's usage.
pub(super) fn window(days: Option<u32>) -> UsageWindow {
    days.map_or(UsageWindow::ALL, |days| UsageWindow::last(days, now()))
}

/// Why there is no usage to tell, without a full stop.
pub(super) fn nothing_known(has_history: bool, days: Option<u32>) -> String {
    match days.filter(|_| has_history) {
        None => "What people query in this database is not known yet".to_owned(),
        Some(1) => "Nothing in this database was queried in the last day".to_owned(),
        Some(days) => format!("Nothing in this database was queried in the last {days} days"),
    }
}

impl Wanted {
    pub(super) fn of(query: &DiagramQuery) -> Self {
        Self {
            level: query.level.as_deref() == Some(Detail::Used.as_str()),
            overlay: query.overlay.as_deref() == Some("usage"),
            ways: query.path.is_some(),
            days: query.days,
        }
    }

    fn is_nothing(self) -> bool {
        !self.level && !self.overlay && !self.ways
    }

    /// Whether usage is asked for by itself, and not for the best way only.
    fn is_told(self) -> bool {
        self.level || self.overlay
    }
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
        let days = match wanted.is_told() {
            true => wanted.days,
            false => wanted.days.or(Some(WAYS_DAYS)),
        };
        let statements = match self.store.statements_run(id, window(days)).await {
            // There are ways all the same.
            Err(error) if error.is_unavailable() && !wanted.is_told() => {
                tracing::warn!(request.id = %ctx.request_id, %error, "joins not counted");
                notes.push(
                    "Which references people join over could not be found out in time: shorter \
                     ways come first."
                        .to_owned(),
                );
                return Ok(Vec::new());
            }
            found => found.or_answer(ctx)?,
        };
        if wanted.level && statements.as_ref().is_none_or(Vec::is_empty) {
            let note = nothing_known(statements.is_some(), days);
            notes.push(format!("{note}: its keys are shown."));
        }
        Ok(statements.unwrap_or_default())
    }
}

/// Puts into the whole database what its statements tell. Answers how many of them join over each
/// link; nothing where that is not known or not wanted.
pub(super) fn tell(
    whole: &mut Whole,
    statements: &[(String, u64)],
    wanted: Wanted,
    cache: &UsesCache,
) -> Vec<u64> {
    if wanted.is_nothing() || statements.is_empty() {
        return Vec::new();
    }
    let uses = cache.uses(&whole.graph, statements);
    if wanted.level {
        mark_most_used(&mut whole.graph, &uses);
    }
    if let (Some(overlay), Some(degrees)) = (&mut whole.overlay, &whole.degrees) {
        mark_columns_and_links(&whole.graph, &uses, degrees, overlay);
    }
    match wanted.ways {
        true => whole
            .graph
            .links
            .iter()
            .map(|link| uses.joined(link))
            .collect(),
        false => Vec::new(),
    }
}

/// How much each number of statements is between the least and the most, by the logarithm: the most
/// used tables of a warehouse are used thousands of times as often as the middling ones, which would
/// all look unused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Degrees {
    low: f64,
    high: f64,
}

impl Degrees {
    fn between(least: u64, most: u64) -> Self {
        Self {
            low: (least.max(1) as f64).ln(),
            high: (most.max(1) as f64).ln(),
        }
    }

    /// From 0 to 1.
    fn degree(&self, count: u64) -> f32 {
        let above = (count as f64).ln() - self.low;
        let all = self.high - self.low;
        if all > 0.0 {
            (above / all).clamp(0.0, 1.0) as f32
        } else {
            1.0
        }
    }
}

/// Heat on what `count` statements use; `how` is what they do with it.
fn heat(count: u64, degrees: &Degrees, how: [&str; 2]) -> Mark {
    let [one, many] = how;
    let word = if count == 1 { one } else { many };
    Mark::new(MarkKind::Heat, format!("{count} {word}"))
        .with_badge(short_count(count))
        .with_strength(degrees.degree(count))
}

/// How many statements a mark of [`heat`] tells of.
fn count_of(mark: &Mark) -> Option<u64> {
    let (count, _) = mark.label.split_once(' ')?;
    count.parse().ok()
}

/// Puts what is said of a part of the tables on a scale of its own; without heat nothing changes.
pub(super) fn rescale(overlay: &mut Overlay) {
    if overlay.scale.is_none() {
        return;
    }
    let counts = || overlay.tables().filter_map(|(_, mark)| count_of(mark));
    let (Some(least), Some(most)) = (counts().min(), counts().max()) else {
        overlay.scale = None;
        return;
    };
    let degrees = Degrees::between(least, most);
    overlay.scale = Some((short_count(least), short_count(most)));
    for mark in overlay.marks_mut() {
        if let Some(count) = count_of(mark) {
            mark.strength = degrees.degree(count);
        }
    }
}

/// Marks the tables that statements use, with the scale of their marks.
pub(super) fn of_usage(
    graph: &Graph,
    counts: &HashMap<String, u64>,
    days: Option<u32>,
) -> (Overlay, Degrees) {
    let uses: Vec<u64> = graph
        .tables
        .iter()
        .map(|table| counts.get(&table.qualified_name()).copied())
        .map(Option::unwrap_or_default)
        .collect();
    let most = uses.iter().copied().max().unwrap_or_default();
    let least = uses.iter().copied().filter(|it| *it > 0).min().unwrap_or(1);
    let degrees = Degrees::between(least, most);
    let what = "Statements that use a table, column or join";
    let mut overlay = Overlay::new(match days {
        None => what.to_owned(),
        Some(1) => format!("{what}, last day"),
        Some(days) => format!("{what}, last {days} days"),
    });
    overlay.quiet_rest = true;
    overlay.scale = Some((short_count(least), short_count(most)));
    for (place, &count) in uses.iter().enumerate().filter(|(_, count)| **count > 0) {
        let mark = heat(count, &degrees, ["statement uses it", "statements use it"]);
        overlay.mark_table(place, mark);
    }
    (overlay, degrees)
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

/// Adds the columns that statements name and the references that they join by, on the scale of the
/// tables.
fn mark_columns_and_links(graph: &Graph, uses: &Uses, degrees: &Degrees, overlay: &mut Overlay) {
    let mut columns: Vec<(ColumnPlace, u64)> = uses
        .columns
        .iter()
        .map(|(place, count)| (*place, *count))
        .collect();
    columns.sort_unstable();
    for ((table, column), count) in columns {
        let mark = heat(count, degrees, ["statement names it", "statements name it"]);
        overlay.mark_column(table, column, mark);
    }
    for (place, link) in graph.links.iter().enumerate() {
        let count = uses.joined(link);
        if count > 0 {
            let mark = heat(
                count,
                degrees,
                ["statement joins by it", "statements join by it"],
            );
            overlay.mark_link(place, mark);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::uses::uses_of;
    use super::*;
    use ddl::usage::Names;
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

    fn named(name: &str) -> TableNode {
        TableNode {
            schema: "s".to_owned(),
            name: name.to_owned(),
            ..TableNode::default()
        }
    }

    #[test]
    fn columns_and_references_are_as_hot_as_statements_name_them() {
        let graph = graph();
        let statements = [
            (
                "select o.status from s.orders o join s.customers c on c.id = o.customer"
                    .to_owned(),
                90,
            ),
            ("select note from s.orders".to_owned(), 10),
        ];
        let counts = HashMap::from([("s.orders".to_owned(), 100), ("s.customers".to_owned(), 90)]);
        let (mut overlay, degrees) = of_usage(&graph, &counts, None);
        let uses = uses_of(&graph, &statements);
        mark_columns_and_links(&graph, &uses, &degrees, &mut overlay);
        let column = |column| {
            let mark = overlay.column(0, column);
            mark.map(|it| (it.sign(), it.label.as_str(), it.strength))
        };
        assert_eq!(column(0), None);
        assert_eq!(column(1), Some(("90", "90 statements name it", 0.0)));
        // Less than the least used table is as little.
        assert_eq!(column(2), Some(("10", "10 statements name it", 0.0)));
        let link = overlay.link(0).map(|it| it.label.as_str());
        assert_eq!(link, Some("90 statements join by it"));
        let rows = overlay.legend();
        assert_eq!(rows[0].count, "2 tables, 4 columns, 1 link");
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

    #[test]
    fn usage_has_degrees_and_leaves_the_unused_alone() {
        let counts = HashMap::from([("s.one".to_owned(), 3_000), ("s.three".to_owned(), 1)]);
        let graph = Graph {
            tables: ["one", "two", "three"].map(named).into(),
            links: Vec::new(),
        };
        let (overlay, _) = of_usage(&graph, &counts, None);
        let degree = |place| overlay.table(place).map(|it| it.strength);
        assert_eq!(degree(0), Some(1.0));
        assert_eq!(degree(1), None);
        assert_eq!(degree(2), Some(0.0));
        assert_eq!(overlay.table(0).map(Mark::sign), Some("3 k"));
        assert!(of_usage(&graph, &HashMap::new(), None).0.is_empty());
    }
}
