//! Where the tables of a diagram stand: as they were laid out before, as they are laid out now, or
//! where a view has them.

use super::opened::Arranged;
use super::options_for;
use crate::clock::now;
use crate::error::{Fault, OrAnswer as _};
use crate::services::{Services, Turn};
use crate::token::{sha256, to_hex};
use contract::context::Ctx;
use contract::error::AppError;
use diagram::courses::Courses;
use diagram::geometry::{Point, Rect, Size};
use diagram::graph::Graph;
use diagram::layout::{Algorithm, Layout, LayoutOptions, beside, layout, separate};
use diagram::measure::{TextMetrics, measure};
use diagram::scene::Scene;
use model::id::DatabaseId;
use model::view::Arrangement;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// A layout takes no longer than this; what it has by then is drawn.
pub(super) const LAYOUT_LIMIT: Duration = Duration::from_secs(8);
/// What is drawn because the time was up is drawn for so long before it is tried again: then there
/// may be less to do besides.
const LATE_KEPT: Duration = Duration::from_secs(600);
/// Where a layout that the limit cut short is kept, it says here when that was.
const LATE_AT: &str = "late_at";
/// Counts up whenever the engine places tables differently, so that no older layout is taken
/// from the cache.
const LAYOUT_VERSION: u32 = 3;

/// A layout from the cache.
struct Cached {
    layout: Layout,
    /// Cut short by the limit, a while ago: good for as long as there is no better one.
    is_makeshift: bool,
}

impl Services {
    /// The places of the graph's tables, and whether they came from the cache.
    pub(super) async fn placed(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        graph: &Graph,
        options: LayoutOptions,
        held: Option<Turn>,
    ) -> Result<(Layout, bool), AppError> {
        let key = layout_key(graph, &options).or_answer(ctx)?;
        let turn = match self.layout_cached(ctx, id, &key, graph).await? {
            None => self.layouts.take().await.or_answer(ctx)?,
            Some(cached) if !cached.is_makeshift => return Ok((cached.layout, true)),
            Some(cached) => match self.layouts.at_once() {
                Some(turn) => turn,
                None => return Ok((cached.layout, true)),
            },
        };
        // While we waited, somebody else may have laid out the same.
        let cached = self.layout_cached(ctx, id, &key, graph).await?;
        if let Some(cached) = cached.filter(|cached| !cached.is_makeshift) {
            return Ok((cached.layout, true));
        }
        let shown = graph.clone();
        let layout = tokio::task::spawn_blocking(move || {
            let start = Instant::now();
            let found = layout(&shown, &options, &mut || start.elapsed() > LAYOUT_LIMIT);
            let found = with_courses(found, shown, &options.metrics, BTreeSet::new());
            drop((turn, held));
            found
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?;
        let value = kept_as(&layout).or_answer(ctx)?;
        // A diagram that could not be kept is still a diagram.
        if let Err(error) = self.store.layout_store(id, &key, &value).await {
            tracing::warn!(request.id = %ctx.request_id, %error, "layout not cached");
        }
        Ok((layout, false))
    }

    async fn layout_cached(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        key: &str,
        graph: &Graph,
    ) -> Result<Option<Cached>, AppError> {
        let value = self.store.layout_fetch(id, key).await.or_answer(ctx)?;
        Ok(value
            .and_then(cached)
            .filter(|cached| cached.layout.positions.len() == graph.tables.len()))
    }
}

fn kept_as(layout: &Layout) -> Result<Value, Fault> {
    let mut value =
        serde_json::to_value(layout).map_err(|error| Fault::Inconsistent(error.to_string()))?;
    if let Value::Object(parts) = &mut value
        && !layout.complete
    {
        parts.insert(LATE_AT.to_owned(), now().0.into());
    }
    Ok(value)
}

/// What does not fit was written by another version and is written anew.
fn cached(value: Value) -> Option<Cached> {
    let late_at = value.get(LATE_AT).and_then(Value::as_i64);
    let layout = serde_json::from_value::<Layout>(value).ok()?;
    let is_recent = late_at.is_some_and(|at| {
        let age = u64::try_from(now().0.saturating_sub(at)).unwrap_or_default();
        Duration::from_millis(age) < LATE_KEPT
    });
    Some(Cached {
        is_makeshift: !layout.complete && !is_recent,
        layout,
    })
}

/// A layout with the courses of its links, which take longest: found once, for every first picture
/// and every browser, in the turn of the layout. Tables that are `hidden` are in no link's way.
pub(super) fn with_courses(
    layout: Layout,
    graph: Graph,
    metrics: &TextMetrics,
    hidden: BTreeSet<i64>,
) -> Layout {
    let arrangement = Arrangement {
        hidden,
        ..Arrangement::default()
    };
    let scene = Scene::arranged(graph, &layout, *metrics, arrangement);
    Layout {
        courses: scene.courses(),
        ..layout
    }
}

/// Tables where a view has them, and those that it has no place for beside their neighbours.
pub(super) fn beside_placed(graph: Graph, options: &LayoutOptions, arranged: &Arranged) -> Layout {
    let start = Instant::now();
    let mut is_late = || start.elapsed() > LAYOUT_LIMIT;
    let detail = options_for(&graph, arranged.level.as_deref(), &mut Vec::new()).detail;
    let sizes = |detail| -> Vec<Size> {
        let boxes = measure(&graph, detail, &options.metrics);
        boxes.into_iter().map(|model| model.size).collect()
    };
    let (metrics, places) = (&options.metrics, &arranged.places);
    let mut positions = beside(&graph, detail, metrics, places, &mut is_late);
    let now = sizes(options.detail);
    if detail != options.detail {
        // Taller boxes would lie over each other.
        let before = sizes(detail);
        positions = separate(&positions, &before, &now, &arranged.pinned, &mut is_late);
    }
    let layout = Layout {
        bounds: bounds(&positions, &now),
        positions,
        algorithm: Algorithm::default(),
        detail: options.detail,
        complete: !is_late(),
        courses: Courses::default(),
    };
    with_courses(layout, graph, metrics, arranged.hidden.clone())
}

/// The rectangle around boxes of these sizes.
pub(super) fn bounds(positions: &[Point], sizes: &[Size]) -> Rect {
    let rects = positions.iter().zip(sizes);
    rects
        .map(|(at, size)| Rect::new(*at, *size))
        .reduce(|all, rect| all.union(&rect))
        .unwrap_or_default()
}

/// Names everything that a layout depends on.
fn layout_key(graph: &Graph, options: &LayoutOptions) -> Result<String, Fault> {
    let mut key = format!("{LAYOUT_VERSION} {options:?} ").into_bytes();
    serde_json::to_writer(&mut key, graph)
        .map_err(|error| Fault::Inconsistent(error.to_string()))?;
    Ok(to_hex(&sha256(&key)))
}
