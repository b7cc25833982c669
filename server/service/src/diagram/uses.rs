//! What the statements of a history use, read once for all who ask.

use ddl::usage::{ColumnPlace, Names};
use diagram::graph::{Graph, Link};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of so many histories it is kept what they use.
const HISTORIES_MAX: usize = 8;

/// What was read last. It is kept under all that it follows from, so nothing is told that is no
/// longer so when the history grows or the database changes.
#[derive(Clone, Default)]
pub(crate) struct UsesCache {
    kept: Arc<Mutex<Kept>>,
}

/// Names tables, columns and statements.
type Key = [u8; 32];
type Kept = Vec<(Key, Arc<Uses>)>;

impl UsesCache {
    /// What the statements use, in places of the graph.
    pub(super) fn uses(&self, graph: &Graph, statements: &[(String, u64)]) -> Arc<Uses> {
        let key = key_of(graph, statements);
        if let Some(known) = self.get(&key) {
            return known;
        }
        let uses = Arc::new(uses_of(graph, statements));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        if kept.len() >= HISTORIES_MAX {
            kept.remove(0);
        }
        kept.push((key, uses.clone()));
        uses
    }

    /// The one asked for last stands last.
    fn get(&self, key: &Key) -> Option<Arc<Uses>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at);
        let uses = found.1.clone();
        kept.push(found);
        Some(uses)
    }
}

fn key_of(graph: &Graph, statements: &[(String, u64)]) -> Key {
    let mut hash = Sha256::new();
    // With its length before it no text runs into the next.
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    for table in &graph.tables {
        text(&table.schema);
        text(&table.name);
        text(&table.columns.len().to_string());
        for column in &table.columns {
            text(&column.name);
        }
    }
    text("");
    for (statement, runs) in statements {
        text(statement);
        text(&runs.to_string());
    }
    hash.finalize().into()
}

/// How many runs of queries used each column, and how many joined by each pair.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub(super) columns: HashMap<ColumnPlace, u64>,
    joins: HashMap<(ColumnPlace, ColumnPlace), u64>,
}

impl Uses {
    /// How many runs joined by a link: by all of its columns.
    pub(super) fn joined(&self, link: &Link) -> u64 {
        let columns = link.from_columns.iter().zip(&link.to_columns);
        let counts = columns.map(|(from, to)| {
            let (one, other) = ((link.child(), *from), (link.parent(), *to));
            let join = (one.min(other), one.max(other));
            self.joins.get(&join).copied().unwrap_or_default()
        });
        counts.min().unwrap_or_default()
    }
}

pub(super) fn uses_of(graph: &Graph, statements: &[(String, u64)]) -> Uses {
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

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::{ColumnRow, TableNode};

    #[test]
    fn what_is_kept_is_what_is_so_now() {
        let column = |name: &str| ColumnRow {
            name: name.to_owned(),
            ..ColumnRow::default()
        };
        let mut graph = Graph {
            tables: vec![TableNode {
                schema: "s".to_owned(),
                name: "orders".to_owned(),
                columns: vec![column("id"), column("note")],
                ..TableNode::default()
            }],
            ..Graph::default()
        };
        let cache = UsesCache::default();
        let mut history = vec![("select note from s.orders".to_owned(), 3)];
        let first = cache.uses(&graph, &history);
        assert_eq!(first.columns.get(&(0, 1)), Some(&3));
        assert!(Arc::ptr_eq(&first, &cache.uses(&graph, &history)));
        // It was run once more, something else was run, and a column came before.
        history[0].1 = 4;
        let grown = cache.uses(&graph, &history);
        assert_eq!(grown.columns.get(&(0, 1)), Some(&4));
        history.push(("select id from s.orders".to_owned(), 1));
        let other = cache.uses(&graph, &history);
        assert_eq!(other.columns.get(&(0, 0)), Some(&1));
        graph.tables[0].columns.insert(0, column("new"));
        let moved = cache.uses(&graph, &history);
        assert_eq!(moved.columns.get(&(0, 2)), Some(&4));
        for runs in 10..30 {
            cache.uses(&graph, &[("select id from s.orders".to_owned(), runs)]);
        }
        assert_eq!(cache.kept.lock().unwrap().len(), HISTORIES_MAX);
    }
}
