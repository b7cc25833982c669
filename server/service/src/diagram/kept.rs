//! Showing more without moving what is there: the first terms of an expression are laid out, and
//! what each further term brings is put beside its neighbours.

use super::groups::Named;
use super::opened::Kept;
use super::places::{LAYOUT_LIMIT, bounds, with_courses};
use super::{Whole, choose};
use crate::error::OrAnswer as _;
use crate::services::{Services, Turn};
use contract::context::Ctx;
use contract::error::AppError;
use diagram::courses::Courses;
use diagram::geometry::{Point, Size};
use diagram::graph::{Graph, TableNode};
use diagram::layout::{Layout, LayoutOptions, beside};
use diagram::measure::measure;
use model::diagram::split_terms;
use model::id::DatabaseId;
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

/// So many terms are put beside one after the other; what follows comes with the last of them.
const STEPS_MAX: usize = 12;

/// What an expression shows after its first terms, and after each further one. The last is what it
/// shows as a whole. Empty when nothing is kept.
pub(super) fn steps(
    whole: &Whole,
    show: &str,
    keep: u32,
    named: &Named,
    kept: &Kept,
) -> Vec<Graph> {
    let terms = split_terms(show);
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    if keep == 0 || keep >= terms.len() {
        return Vec::new();
    }
    let ends = (keep..terms.len()).take(STEPS_MAX).chain([terms.len()]);
    ends.filter_map(|end| terms.get(..end))
        .map(|terms| choose(whole, Some(&terms.join(",")), named, kept).graph)
        .collect()
}

/// Boxes of groups have no lasting id, so tables are known by their names.
fn name_of(table: &TableNode) -> (&str, &str) {
    (&table.schema, &table.name)
}

impl Services {
    /// The places of the last graph's tables: the first graph's as it is laid out, and what each
    /// further one adds beside what is there.
    pub(super) async fn kept(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        graphs: Vec<Graph>,
        options: LayoutOptions,
        turn: Option<Turn>,
    ) -> Result<(Layout, bool), AppError> {
        let mut graphs = graphs.into_iter();
        let first = graphs.next().unwrap_or_default();
        let placed = self.placed(ctx, id, &first, options, turn.clone());
        let (laid_out, cached) = placed.await?;
        let work = move || add(&first, laid_out, graphs, &options);
        let layout = self.layouts.work(turn, work).await.or_answer(ctx)?;
        Ok((layout, cached))
    }
}

fn add(
    first: &Graph,
    laid_out: Layout,
    graphs: impl Iterator<Item = Graph>,
    options: &LayoutOptions,
) -> Layout {
    let mut places: HashMap<(String, String), Point> = HashMap::new();
    let mut keep = |graph: &Graph, positions: &[Point]| {
        for (table, at) in graph.tables.iter().zip(positions) {
            let (schema, name) = name_of(table);
            places
                .entry((schema.to_owned(), name.to_owned()))
                .or_insert(*at);
        }
        places.clone()
    };
    let mut known = keep(first, &laid_out.positions);
    let mut layout = laid_out;
    let mut last = None;
    let start = Instant::now();
    let mut is_late = || start.elapsed() > LAYOUT_LIMIT;
    let mut graphs = graphs.peekable();
    while let Some(graph) = graphs.next() {
        // What is late comes together with the last.
        if graphs.peek().is_some() && is_late() {
            continue;
        }
        let given: Vec<Option<Point>> = graph
            .tables
            .iter()
            .map(|table| {
                let (schema, name) = name_of(table);
                known.get(&(schema.to_owned(), name.to_owned())).copied()
            })
            .collect();
        let (detail, metrics) = (options.detail, &options.metrics);
        let positions = beside(&graph, detail, metrics, &given, &mut is_late);
        known = keep(&graph, &positions);
        let boxes = measure(&graph, detail, metrics).into_iter();
        let sizes: Vec<Size> = boxes.map(|model| model.size).collect();
        layout = Layout {
            bounds: bounds(&positions, &sizes),
            positions,
            complete: layout.complete && !is_late(),
            courses: Courses::default(),
            ..layout
        };
        last = Some(graph);
    }
    match last {
        Some(graph) => with_courses(layout, graph, &options.metrics, BTreeSet::new()),
        None => layout,
    }
}
