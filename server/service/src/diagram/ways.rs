//! Ways between two tables that an address names.

use super::undeclared::Kinds;
use super::{Whole, WholeFirst};
use crate::show::{Words, select};
use contract::catalog::TableWay;
use diagram::graph::{Graph, References};
use diagram::join;
use diagram::overlay::{Mark, MarkKind, Overlay};
use diagram::path::{Path, PathLimits, Weights, paths};
use model::diagram::split_terms;
use model::provider::Provider;
use model::schema::QualifiedName;
use std::time::{Duration, Instant};

/// The search takes no longer than this.
const SEARCH_LIMIT: Duration = Duration::from_secs(2);

/// Finds the best ways between the two tables of `text`, marks the chosen one (from 1 on; the best
/// without) and lets the view begin with the tables of all. `joins` is how many statements of the
/// history join over each link; nothing where there is none; `kinds` the columns that links to one of
/// several tables depend on. What cannot be answered becomes a note.
pub(super) fn find(
    whole: &mut Whole,
    (text, chosen): (&str, Option<u32>),
    provider: Provider,
    joins: Vec<u64>,
    kinds: &Kinds,
    notes: &mut Vec<String>,
) -> (Vec<TableWay>, usize) {
    let Some((from, to)) = ends(&whole.graph, text, notes) else {
        return (Vec::new(), 0);
    };
    let weights = Weights {
        joins,
        ..Weights::default()
    };
    let start = Instant::now();
    let found = paths(
        &whole.graph,
        from,
        to,
        &weights,
        PathLimits::default(),
        &mut || start.elapsed() > SEARCH_LIMIT,
    );
    let name = |table: usize| {
        let table = whole.graph.tables.get(table);
        table.map(|it| it.qualified_name()).unwrap_or_default()
    };
    if found.paths.is_empty() {
        notes.push(none_found(&name(from), &name(to), found.is_complete));
        return (Vec::new(), 0);
    }
    let quote = |name: &str| ddl::write::quoted(name, provider);
    let kind_of = |link: usize| kinds.get(&link).cloned();
    let ways: Vec<TableWay> = found
        .paths
        .iter()
        .map(|path| TableWay {
            tables: path.tables().map(name).collect(),
            joins: path
                .steps
                .iter()
                .filter_map(|step| {
                    let link = whole.graph.links.get(step.link)?;
                    let joined = weights.joins.get(step.link).copied().unwrap_or_default();
                    Some(with_joins(whole.graph.link_sentence(link), joined))
                })
                .collect(),
            sql: join::select(&whole.graph, path, &quote, &kind_of),
        })
        .collect();
    let chosen = (chosen.unwrap_or(1).max(1) as usize).min(ways.len()) - 1;
    let title = format!("{} to {}", name(from), name(to));
    let mut shown: Vec<usize> = found.paths.iter().flat_map(Path::tables).collect();
    shown.sort_unstable();
    shown.dedup();
    whole.first = WholeFirst::These(shown);
    let chosen_path = found.paths.get(chosen);
    whole.way = chosen_path.map(|path| path.tables().collect());
    whole.overlay = chosen_path.map(|path| marks(title, path));
    (ways, chosen)
}

/// What is said where no way was found: whether there is none is only known where all was looked at.
fn none_found(from: &str, to: &str, is_complete: bool) -> String {
    let most = PathLimits::default().links;
    if is_complete {
        return format!("No way of {most} references or fewer leads from {from} to {to}.");
    }
    format!(
        "No way of {most} references or fewer from {from} to {to} was found in time; there may be \
         one. Look for ways to a table between them."
    )
}

/// What a link says, with how many statements join over it.
fn with_joins(sentence: String, joined: u64) -> String {
    match joined {
        0 => sentence,
        1 => format!("{sentence} (joined by 1 statement)"),
        joined => format!("{sentence} (joined by {joined} statements)"),
    }
}

fn marks(title: String, path: &Path) -> Overlay {
    let mut overlay = Overlay::new(title);
    overlay.quiet_rest = true;
    for (step, table) in path.tables().enumerate() {
        let step = (step + 1).to_string();
        let mark = Mark::new(MarkKind::Path, format!("step {step} of the way"));
        overlay.mark_table(table, mark.with_badge(step));
    }
    for step in &path.steps {
        overlay.mark_link(step.link, Mark::new(MarkKind::Path, "on the way"));
    }
    overlay
}

/// The two tables that a text names, as in `show`.
fn ends(graph: &Graph, text: &str, notes: &mut Vec<String>) -> Option<(usize, usize)> {
    let terms = split_terms(text);
    let [from, to] = terms.as_slice() else {
        notes.push("A path is between two tables, separated by a comma.".to_owned());
        return None;
    };
    let names: Vec<QualifiedName> = graph
        .tables
        .iter()
        .map(|table| QualifiedName::new(&table.schema, &table.name))
        .collect();
    let mut end = |term: &str| {
        let found = select(term, &names, &References::default(), Words::default()).places;
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            (None, _) => {
                notes.push(format!("Nothing is called {term}."));
                None
            }
            (Some(_), Some(_)) => {
                notes.push(format!(
                    "{term} is more than one table; write its schema too."
                ));
                None
            }
        }
    };
    let (from, to) = (end(from), end(to));
    Some((from?, to?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_looked_at_is_not_denied() {
        let none = none_found("a", "b", true);
        assert_eq!(none, "No way of 8 references or fewer leads from a to b.");
        assert!(none_found("a", "b", false).contains("there may be one"));
    }
}
