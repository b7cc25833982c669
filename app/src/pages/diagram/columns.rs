//! The columns of a large diagram that come when somebody looks closer: those of the selected table
//! and its neighbours, of a table that is opened in the tree, and all while something is looked for.

use crate::api::{self, PageAnswer, PageQuestion};
use contract::catalog::{COLUMNS_TABLES_MAX, DiagramData};
use diagram::graph::ColumnRow;
use diagram::late::LateColumns;
use leptos::prelude::*;
use model::id::{DatabaseId, TableId};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What is known of the columns. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    data: StoredValue<Arc<DiagramData>>,
    late: RwSignal<LateColumns>,
    /// Tables by index that were asked for, and did not fail.
    asked: StoredValue<BTreeSet<usize>>,
    /// How many requests are under way.
    under_way: RwSignal<usize>,
    /// Why the last ones did not come.
    fault: RwSignal<Option<String>>,
}

impl Columns {
    pub(super) fn new(data: &Arc<DiagramData>) -> Self {
        Self {
            data: StoredValue::new(data.clone()),
            late: RwSignal::new(LateColumns::default()),
            asked: StoredValue::new(BTreeSet::new()),
            under_way: RwSignal::new(0),
            fault: RwSignal::new(None),
        }
    }

    /// Reads with those that have come; whoever reads hears of more.
    pub(super) fn with<T>(self, read: impl FnOnce(&DiagramData, &LateColumns) -> T) -> T {
        self.data
            .with_value(|data| self.late.with(|late| read(data, late)))
    }

    /// One column of a table, unless it has not come yet.
    pub(super) fn column(self, table: usize, place: usize) -> Option<ColumnRow> {
        self.with(|data, late| late.column(&data.graph, table, place).cloned())
    }

    /// How many columns of a table have not come yet.
    pub(super) fn missing(self, table: usize) -> usize {
        self.with(|data, late| late.missing(&data.graph, table))
    }

    /// Whether some are on their way.
    pub(super) fn are_coming(self) -> bool {
        self.under_way.get() > 0
    }

    /// Why some did not come.
    pub(super) fn fault(self) -> Option<String> {
        self.fault.get()
    }

    /// Asks for the columns of a table and of those that it is linked with.
    pub(super) fn want_around(self, table: usize) {
        let near = self.data.with_value(|data| {
            let links = data.graph.links.iter();
            let near = links.filter_map(|link| {
                let (child, parent) = (link.child(), link.parent());
                match table {
                    it if it == child => Some(parent),
                    it if it == parent => Some(child),
                    _ => None,
                }
            });
            std::iter::once(table).chain(near).collect()
        });
        self.want(near);
    }

    /// Asks for the columns of every table.
    pub(super) fn want_all(self) {
        let count = self.data.with_value(|data| data.graph.tables.len());
        self.want((0..count).collect());
    }

    /// Asks for the columns of these tables that have not come and were not asked for.
    pub(super) fn want(self, tables: BTreeSet<usize>) {
        let wanted: Vec<(usize, TableId)> = self.data.with_value(|data| {
            let graph = &data.graph;
            let missing = |table: &usize| {
                let late = |late: &LateColumns| late.missing(graph, *table) > 0;
                self.late.with_untracked(late)
            };
            let is_asked = |table: &usize| self.asked.with_value(|asked| asked.contains(table));
            tables
                .into_iter()
                .filter(|table| !is_asked(table) && missing(table))
                .filter_map(|table| Some((table, TableId(graph.tables.get(table)?.id))))
                .collect()
        });
        let id = self.data.with_value(|data| data.database_id.clone());
        for some in wanted.chunks(COLUMNS_TABLES_MAX) {
            self.asked
                .update_value(|asked| asked.extend(some.iter().map(|(table, _)| *table)));
            self.under_way.update(|count| *count += 1);
            let (id, some) = (id.clone(), some.to_vec());
            leptos::task::spawn_local(async move { self.ask(id, some).await });
        }
    }

    async fn ask(self, id: DatabaseId, some: Vec<(usize, TableId)>) {
        let tables = some.iter().map(|(_, table)| *table).collect();
        let answer = api::page(PageQuestion::DiagramColumns { id, tables }).await;
        // By then the page may have been left.
        let Some(data) = self.data.try_with_value(|data| data.clone()) else {
            return;
        };
        match answer {
            Ok(PageAnswer::DiagramColumns(came)) => {
                let mut came: HashMap<TableId, _> =
                    came.into_iter().map(|it| (it.table, it.columns)).collect();
                self.fault.set(None);
                self.late.update(|late| {
                    for (table, id) in some {
                        // What is gone by now has none.
                        late.put(&data.graph, table, came.remove(&id).unwrap_or_default());
                    }
                });
            }
            other => {
                let message = match other {
                    Err(error) => error.0.message,
                    Ok(_) => "The server answered something else.".to_owned(),
                };
                self.asked.update_value(|asked| {
                    for (table, _) in &some {
                        asked.remove(table);
                    }
                });
                self.fault.set(Some(message));
            }
        }
        self.under_way
            .update(|count| *count = count.saturating_sub(1));
    }
}
