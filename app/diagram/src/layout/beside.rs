//! Places for what came later, without moving what people have placed: new tables go beside the
//! tables that they are linked with, and boxes that grew push apart only what they would cover.

use std::collections::BTreeSet;

use crate::detail::Detail;
use crate::geometry::{Point, Rect, Size};
use crate::graph::Graph;
use crate::index::GridIndex;
use crate::layout::columns::{CHANNEL, ROW_GAP};
use crate::layout::pack::{self, BLOCK_GAP};
use crate::layout::{LayoutOptions, layout};
use crate::measure::{TextMetrics, measure};
use crate::total::{Total as _, row};

/// A new table stands beside at most this many of its neighbours in turn, those with the fewest
/// other links first: beside a hub stands everybody.
const ANCHORS: usize = 4;
/// The distance to at most this many neighbours counts.
const PULLS: usize = 16;
/// Columns that are tried to either side of a neighbour.
const COLUMNS: usize = 12;
/// Boxes that are passed within a column, up and down.
const PASSED: usize = 48;
/// Up to this many tables that no link ties to what is placed are laid out, more only packed.
const LAID_OUT: usize = 200;
/// What a table that was pushed keeps from the others, in world units.
const PUSHED_GAP: f64 = 24.0;
/// A table is pushed aside or up by at most this much, in world units; else it goes down, so that
/// columns stay columns.
const NUDGE: f64 = 160.0;

/// A place for each table: those with a place keep it exactly, the others are put beside the tables
/// that they are linked with, or below everything. What is put somewhere overlaps nothing; missing
/// entries of `places` count as none. `is_late` is asked for each table whether the time is up; once
/// it is, the rest stands below everything, linked or not.
#[must_use]
pub fn beside(
    graph: &Graph,
    detail: Detail,
    metrics: &TextMetrics,
    places: &[Option<Point>],
    is_late: &mut dyn FnMut() -> bool,
) -> Vec<Point> {
    let sizes: Vec<Size> = measure(graph, detail, metrics)
        .iter()
        .map(|model| model.size)
        .collect();
    let mut ground = Ground::new(sizes.len());
    for (table, &size) in sizes.iter().enumerate() {
        if let Some(at) = places.get(table).copied().flatten() {
            ground.put(table, Rect::new(at.sane(), size));
        }
    }
    let near = graph.adjacency();
    // Ring by ring away from what is placed; within a ring those first that are tied to the most.
    let mut ring = ring_around(&near, &ground);
    'rings: while !ring.is_empty() {
        let mut order: Vec<(usize, usize)> = ring
            .iter()
            .map(|&table| {
                let ties = row(&near, table)
                    .iter()
                    .filter(|&&other| ground.has(other as usize))
                    .count();
                (table, ties)
            })
            .collect();
        order.sort_by_key(|&(table, ties)| (std::cmp::Reverse(ties), table));
        for (table, _) in order {
            if is_late() {
                break 'rings;
            }
            let at =
                spot_for(table, sizes.at(table), &near, &ground).unwrap_or_else(|| ground.below());
            ground.put(table, Rect::new(at, sizes.at(table)));
        }
        ring = ring_around(&near, &ground);
    }
    let rest: Vec<usize> = (0..sizes.len()).filter(|&t| !ground.has(t)).collect();
    if !rest.is_empty() {
        let corner = ground.below();
        for (table, at) in laid_out(graph, &rest, detail, metrics, is_late) {
            let at = at.offset(corner.x, corner.y).sane();
            ground.put(table, Rect::new(at, sizes.at(table)));
        }
    }
    let at = |table: usize| {
        let placed = places.get(table).copied().flatten();
        placed.map_or_else(|| ground.rect(table).min, Point::sane)
    };
    (0..sizes.len()).map(at).collect()
}

/// After boxes grew from `before` to `now`: moves apart the tables whose boxes overlap now and would
/// not with their former sizes, each as little as possible, `pinned` ones not at all. Tables that
/// overlapped already stay so: somebody put them there. All lists go by the table's index; what is
/// missing from `before` counts as its present size, from `pinned` as not pinned. `is_late` is asked
/// for each table that has to move whether the time is up; once it is, the others that have to stand
/// in a grid below everything.
#[must_use]
pub fn separate(
    places: &[Point],
    before: &[Size],
    now: &[Size],
    pinned: &[bool],
    is_late: &mut dyn FnMut() -> bool,
) -> Vec<Point> {
    let count = places.len().min(now.len());
    let rect = |table: usize, sizes: &[Size]| {
        let size = sizes.get(table).copied();
        Rect::new(
            places.at(table).sane(),
            size.unwrap_or_else(|| now.at(table)),
        )
    };
    let mut former = Ground::new(count);
    let mut present = GridIndex::default();
    let mut reach = Vec::new();
    for table in 0..count {
        former.put(table, rect(table, before));
        present.insert(table as u32, &rect(table, now));
    }
    let is_free = |table: usize, other: usize| {
        // They lay over each other before.
        former.rect(table).overlaps(&former.rect(other))
    };
    let mut ground = Ground::new(count);
    let mut out = places.to_vec();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| {
        let (at, bt) = (places.at(a), places.at(b));
        (!pinned.at(a))
            .cmp(&!pinned.at(b))
            .then(at.y.total_cmp(&bt.y))
            .then(at.x.total_cmp(&bt.x))
            .then(a.cmp(&b))
    });
    let mut rest = Vec::new();
    for table in order {
        let own = rect(table, now);
        let covered = |ground: &Ground, at: &Rect, found: &mut Vec<u32>| {
            ground.index.query(at, found);
            found.iter().any(|&other| {
                ground.rect(other as usize).overlaps(at) && !is_free(table, other as usize)
            })
        };
        let at = if pinned.at(table) || !covered(&ground, &own, &mut reach) {
            own
        } else if is_late() {
            rest.push(table);
            continue;
        } else {
            let blocks = |other: usize| !is_free(table, other);
            pushed(&own, &ground, &blocks)
        };
        ground.put(table, at);
        out.put(table, if at == own { places.at(table) } else { at.min });
    }
    let corner = ground.below();
    let sizes: Vec<Size> = rest.iter().map(|&table| now.at(table)).collect();
    let (places, _) = pack::grid(&sizes, LayoutOptions::default().aspect);
    for (table, at) in rest.into_iter().zip(places) {
        out.put(table, at.offset(corner.x, corner.y).sane());
    }
    out
}

/// The nearest free place for a box: a little to the right, to the left or up, else as far down as
/// it takes. `blocks` says which of the tables on the ground may not be covered.
pub(crate) fn pushed(own: &Rect, ground: &Ground, blocks: &dyn Fn(usize) -> bool) -> Rect {
    let mut best: Option<(f64, Rect)> = None;
    let mut found = Vec::new();
    for way in [Way::Down, Way::Right, Way::Left, Way::Up] {
        let mut at = *own;
        loop {
            let moved = (at.min.x - own.min.x).abs() + (at.min.y - own.min.y).abs();
            let too_far = way != Way::Down && moved > NUDGE;
            if too_far || best.is_some_and(|(least, _)| moved >= least) {
                break;
            }
            // Where it stood it may touch others; where it goes it keeps away from them.
            let around = if moved > 0.0 {
                at.grow(PUSHED_GAP - 1.0)
            } else {
                at
            };
            ground.index.query(&around, &mut found);
            let block = found
                .iter()
                .map(|&other| other as usize)
                .filter(|&other| blocks(other))
                .map(|other| ground.rect(other))
                .filter(|other| other.overlaps(&around))
                .fold(None, |all: Option<Rect>, r| {
                    Some(all.map_or(r, |all| all.union(&r)))
                });
            let Some(block) = block else {
                best = Some((moved, at));
                break;
            };
            let (x, y) = match way {
                Way::Down => (own.min.x, (block.max.y + PUSHED_GAP).ceil()),
                Way::Up => (own.min.x, (block.min.y - PUSHED_GAP - own.height()).floor()),
                Way::Right => ((block.max.x + PUSHED_GAP).ceil(), own.min.y),
                Way::Left => ((block.min.x - PUSHED_GAP - own.width()).floor(), own.min.y),
            };
            at = Rect::new(Point::new(x, y), own.size());
        }
    }
    best.map_or_else(|| Rect::new(ground.below(), own.size()), |(_, at)| at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Down,
    Right,
    Left,
    Up,
}

/// What stands somewhere already.
pub(crate) struct Ground {
    rects: Vec<Option<Rect>>,
    pub(crate) index: GridIndex,
    bounds: Rect,
}

impl Ground {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            rects: vec![None; count],
            index: GridIndex::default(),
            bounds: Rect::EMPTY,
        }
    }

    pub(crate) fn put(&mut self, table: usize, rect: Rect) {
        if let Some(slot) = self.rects.get_mut(table) {
            *slot = Some(rect);
            self.index.insert(table as u32, &rect);
            self.bounds = self.bounds.union(&rect);
        }
    }

    fn has(&self, table: usize) -> bool {
        self.rects.at(table).is_some()
    }

    pub(crate) fn rect(&self, table: usize) -> Rect {
        self.rects.at(table).unwrap_or(Rect::EMPTY)
    }

    /// True when nothing would be covered.
    pub(crate) fn is_free(&self, at: &Rect) -> bool {
        let mut found = Vec::new();
        self.index.query(at, &mut found);
        !found
            .iter()
            .any(|&other| self.rect(other as usize).overlaps(at))
    }

    /// The corner below everything, at its left edge.
    fn below(&self) -> Point {
        if self.bounds.is_empty() {
            return Point::default();
        }
        Point::new(
            self.bounds.min.x.round(),
            (self.bounds.max.y + BLOCK_GAP).ceil(),
        )
    }

    /// The tables that `at`, with room for links around it, would cover.
    fn covered(&self, at: &Rect, found: &mut Vec<u32>) -> Option<Rect> {
        let around = Rect {
            min: at.min.offset(1.0 - CHANNEL, 1.0 - ROW_GAP),
            max: at.max.offset(CHANNEL - 1.0, ROW_GAP - 1.0),
        };
        self.index.query(&around, found);
        found
            .iter()
            .map(|&other| self.rect(other as usize))
            .filter(|other| other.overlaps(&around))
            .fold(None, |all: Option<Rect>, r| {
                Some(all.map_or(r, |all| all.union(&r)))
            })
    }
}

/// The tables without a place that are linked with one that has one.
fn ring_around(near: &[Vec<u32>], ground: &Ground) -> BTreeSet<usize> {
    (0..near.len())
        .filter(|&table| !ground.has(table))
        .filter(|&table| row(near, table).iter().any(|&o| ground.has(o as usize)))
        .collect()
}

/// The free place from which the links to placed neighbours are shortest.
fn spot_for(table: usize, size: Size, near: &[Vec<u32>], ground: &Ground) -> Option<Point> {
    let mut placed: Vec<usize> = row(near, table)
        .iter()
        .map(|&other| other as usize)
        .filter(|&other| ground.has(other))
        .collect();
    placed.sort_by_key(|&other| (row(near, other).len(), other));
    let pulls: Vec<Point> = placed
        .iter()
        .take(PULLS)
        .map(|&other| ground.rect(other).center())
        .collect();
    let cost = |at: Point| {
        let middle = Rect::new(at, size).center();
        let sum: f64 = pulls.iter().map(|pull| pull.distance(middle)).sum();
        sum / pulls.len().max(1) as f64
    };
    let mut best: Option<(f64, Point)> = None;
    for &anchor in placed.iter().take(ANCHORS) {
        let anchor = ground.rect(anchor);
        for side in [1.0, -1.0] {
            let mut x = if side > 0.0 {
                anchor.max.x + CHANNEL
            } else {
                anchor.min.x - CHANNEL - size.width
            };
            for _ in 0..COLUMNS {
                // Farther columns only get worse.
                let far = (x + size.width / 2.0 - anchor.center().x).abs();
                if pulls.len() == 1 && best.is_some_and(|(least, _)| far >= least) {
                    break;
                }
                let next = column(x, anchor.min.y, size, side, ground, &cost, &mut best);
                x = next;
            }
        }
    }
    best.map(|(_, at)| at)
}

/// Tries the free places of a column at `x`, from the height `y` up and down. Returns where the next
/// column begins.
fn column(
    x: f64,
    y: f64,
    size: Size,
    side: f64,
    ground: &Ground,
    cost: &dyn Fn(Point) -> f64,
    best: &mut Option<(f64, Point)>,
) -> f64 {
    let mut next = x + side * (size.width + CHANNEL);
    let mut found = Vec::new();
    for down in [true, false] {
        let mut at = Rect::new(Point::new(x.round(), y.round()), size);
        for passed in 0..PASSED {
            let Some(block) = ground.covered(&at, &mut found) else {
                let price = cost(at.min);
                if best.is_none_or(|(least, _)| price < least) {
                    *best = Some((price, at.min));
                }
                break;
            };
            if passed == 0 {
                // Right beside what stood in the way at the height that was wished for.
                next = if side > 0.0 {
                    block.max.x + CHANNEL
                } else {
                    block.min.x - CHANNEL - size.width
                };
            }
            let top = if down {
                (block.max.y + ROW_GAP).ceil()
            } else {
                (block.min.y - ROW_GAP - size.height).floor()
            };
            at = Rect::new(Point::new(at.min.x, top), size);
        }
    }
    next
}

/// Tables that nothing ties to what is placed, laid out by themselves from the origin on.
fn laid_out(
    graph: &Graph,
    tables: &[usize],
    detail: Detail,
    metrics: &TextMetrics,
    is_late: &mut dyn FnMut() -> bool,
) -> Vec<(usize, Point)> {
    let part = graph.subgraph(tables);
    let options = LayoutOptions {
        detail,
        metrics: *metrics,
        effort: 0.02,
        ..LayoutOptions::default()
    };
    let too_many = tables.len() > LAID_OUT;
    let found = layout(&part, &options, &mut || too_many || is_late());
    let corner = found.bounds.min;
    tables
        .iter()
        .zip(found.positions)
        .map(|(&table, at)| (table, at.offset(-corner.x, -corner.y)))
        .collect()
}
