//! The geometry of links: orthogonal polylines from the child's row to the parent's. A link walks
//! from the parent towards the child on the parent's row, goes round the boxes in its way through
//! the nearest gap, and turns to the child's row in the channel before it. `lanes` then spreads
//! those that share a channel.

use std::collections::{BTreeMap, BTreeSet};

use crate::courses::rounded_point;
use crate::geometry::{Point, Rect};
use crate::graph::{Cardinality, Graph, Link};
use crate::index::GridIndex;
use crate::lanes::{self, Channels};
use crate::measure::{BoxModel, End};

/// From a box to where its links may first turn, in world units: room for the crow's foot.
pub const STUB: f64 = 18.0;
/// From a box to where the ends of a shared trunk part, in world units: the length of a mark.
const FORK: f64 = 14.5;
/// What a link keeps from a box that it passes, in world units.
const CLEARANCE: f64 = 8.0;
/// A link goes round at most this many boxes; one in a heap of overlapping boxes just goes through.
const DETOURS: usize = 200;

/// The drawn course of a link.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// From the edge of the child's box to the edge of the parent's, each piece parallel to an
    /// axis. Empty for a link whose tables do not exist.
    pub points: Vec<Point>,
}

/// An end of a link: where it meets the box, which way it leaves, and its mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkEnd {
    /// On the box's edge.
    pub at: Point,
    /// Away from the box: 1 to the right, -1 to the left.
    pub direction: f64,
    /// The mark.
    pub cardinality: Cardinality,
}

impl Route {
    /// The rectangle around the course.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        self.points.iter().fold(Rect::EMPTY, |bounds, &p| {
            bounds.union(&Rect { min: p, max: p })
        })
    }

    /// The pieces as pairs of points.
    pub fn segments(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.points
            .iter()
            .zip(self.points.iter().skip(1))
            .map(|(&a, &b)| (a, b))
    }

    /// The distance from `point` to the course, in world units.
    #[must_use]
    pub fn distance(&self, point: Point) -> f64 {
        self.segments()
            .map(|(a, b)| {
                let nearest = Point::new(
                    point.x.clamp(a.x.min(b.x), a.x.max(b.x)),
                    point.y.clamp(a.y.min(b.y), a.y.max(b.y)),
                );
                nearest.distance(point)
            })
            .fold(f64::INFINITY, f64::min)
    }
}

/// What routing has to know: the boxes and where they stand.
pub(crate) struct Field<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) boxes: &'a [BoxModel],
    pub(crate) rects: &'a [Rect],
    pub(crate) index: &'a GridIndex,
    /// See [`mixed_ends`].
    pub(crate) mixed: &'a BTreeSet<(u32, i64)>,
}

/// Routes the links named, all others staying as they are.
pub(crate) fn route(field: &Field<'_>, links: impl Iterator<Item = usize>, routes: &mut [Route]) {
    let mut routing = Routing::new(field, links.collect());
    while !routing.step(field, routes, usize::MAX) {}
}

/// Routing that can be interrupted: as long as nothing of the field changes, the steps together come
/// to the same as all at once.
pub(crate) struct Routing {
    links: Vec<usize>,
    offsets: Vec<f64>,
    channels: Channels,
    phase: Phase,
    next: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Walk,
    Gather { vertical: bool },
    Spread { vertical: bool },
    Fork,
    Done,
}

impl Routing {
    pub(crate) fn new(field: &Field<'_>, links: Vec<usize>) -> Self {
        Self {
            offsets: parallel_offsets(field, &links),
            links,
            channels: Channels::default(),
            phase: Phase::Walk,
            next: 0,
        }
    }

    /// Goes on with about `most` links. Says whether all is done.
    pub(crate) fn step(&mut self, field: &Field<'_>, routes: &mut [Route], most: usize) -> bool {
        let end = self.next.saturating_add(most).min(self.links.len());
        let ours = self.links.get(self.next..end).unwrap_or_default();
        let offsets = self.offsets.get(self.next..end).unwrap_or_default();
        match self.phase {
            Phase::Walk => {
                let mut found = Vec::new();
                for (&index, &offset) in ours.iter().zip(offsets) {
                    if let Some(route) = routes.get_mut(index) {
                        route.points.clear();
                        walk(field, index, offset, &mut found, &mut route.points);
                    }
                }
            }
            Phase::Gather { vertical } => {
                lanes::gather(field, ours, routes, vertical, &mut self.channels);
            }
            Phase::Spread { vertical } => {
                let mut moved = 0;
                while moved < most {
                    let Some(pieces) = self.channels.spread_next(routes, vertical) else {
                        self.next = self.links.len();
                        break;
                    };
                    moved += pieces;
                }
            }
            Phase::Fork => {
                for (&index, &offset) in ours.iter().zip(offsets) {
                    if let (Some(link), Some(route)) =
                        (field.graph.links.get(index), routes.get_mut(index))
                        && offset == 0.0
                        && link.from != link.to
                        && field.mixed.contains(&(link.to, row_height(field, link)))
                    {
                        fork(&mut route.points, link.optional);
                    }
                    // As they are kept: a course that is found again is the same.
                    for point in routes
                        .get_mut(index)
                        .into_iter()
                        .flat_map(|it| &mut it.points)
                    {
                        *point = rounded_point(*point);
                    }
                }
            }
            Phase::Done => return true,
        }
        if !matches!(self.phase, Phase::Spread { .. }) {
            self.next = end;
        }
        if self.next >= self.links.len() {
            self.next = 0;
            self.phase = match self.phase {
                Phase::Walk => Phase::Gather { vertical: true },
                Phase::Gather { vertical } => Phase::Spread { vertical },
                Phase::Spread { vertical: true } => Phase::Gather { vertical: false },
                Phase::Spread { vertical: false } => Phase::Fork,
                Phase::Fork | Phase::Done => Phase::Done,
            };
        }
        self.phase == Phase::Done
    }
}

fn row_height(field: &Field<'_>, link: &Link) -> i64 {
    parent_row(field.boxes, link)
}

fn parent_row(boxes: &[BoxModel], link: &Link) -> i64 {
    boxes
        .get(link.parent())
        .map_or(0, |b| b.link_y(&link.to_columns, End::Parent) as i64)
}

/// Moves the end at the parent a little up or down within its row, just before the box, so that the
/// trunk up to there stays one line.
fn fork(points: &mut Vec<Point>, optional: bool) {
    let [.., before, last] = points.as_slice() else {
        return;
    };
    let way = before.x - last.x;
    if way.abs() < FORK + 0.5 {
        return;
    }
    let at = Point::new(last.x + FORK * way.signum(), last.y);
    let shift = if optional { 4.5 } else { -4.5 };
    let end = last.offset(0.0, shift);
    points.pop();
    points.extend([at, at.offset(0.0, shift), end]);
}

/// Links that would coincide from end to end (same tables, same rows) get offsets across their
/// course, a few units apart and within the row.
fn parallel_offsets(field: &Field<'_>, links: &[usize]) -> Vec<f64> {
    let mut groups: BTreeMap<[i64; 4], Vec<usize>> = BTreeMap::new();
    for (slot, &index) in links.iter().enumerate() {
        let Some(link) = field.graph.links.get(index) else {
            continue;
        };
        let y = |table: u32, columns: &[u16], end: End| {
            field
                .boxes
                .get(table as usize)
                .map_or(0, |b| b.link_y(columns, end) as i64)
        };
        let child = (
            i64::from(link.from),
            y(link.from, &link.from_columns, End::Child),
        );
        let parent = (
            i64::from(link.to),
            y(link.to, &link.to_columns, End::Parent),
        );
        let (a, b) = if child <= parent {
            (child, parent)
        } else {
            (parent, child)
        };
        groups.entry([a.0, a.1, b.0, b.1]).or_default().push(slot);
    }
    let mut offsets = vec![0.0; links.len()];
    for group in groups.values().filter(|g| g.len() > 1) {
        let step = (8.0 / (group.len() - 1) as f64).min(5.0);
        for (i, &slot) in group.iter().enumerate() {
            if let Some(offset) = offsets.get_mut(slot) {
                *offset = step * (i as f64 - (group.len() - 1) as f64 / 2.0);
            }
        }
    }
    offsets
}

/// The rows, as table and height, where links with different marks end at the parent. One over the
/// other such marks could not be read, so their ends are put apart.
pub(crate) fn mixed_ends(graph: &Graph, boxes: &[BoxModel]) -> BTreeSet<(u32, i64)> {
    let mut marks: BTreeMap<(u32, i64), (bool, bool)> = BTreeMap::new();
    for link in graph.links.iter().filter(|l| l.from != l.to) {
        let seen = marks.entry((link.to, parent_row(boxes, link))).or_default();
        if link.optional {
            seen.0 = true;
        } else {
            seen.1 = true;
        }
    }
    marks
        .into_iter()
        .filter(|(_, seen)| seen.0 && seen.1)
        .map(|(row, _)| row)
        .collect()
}

fn walk(field: &Field<'_>, index: usize, offset: f64, found: &mut Vec<u32>, out: &mut Vec<Point>) {
    let Some(link) = field.graph.links.get(index) else {
        return;
    };
    let (Some(child), Some(parent)) = (
        field.rects.get(link.child()),
        field.rects.get(link.parent()),
    ) else {
        return;
    };
    let (Some(child_box), Some(parent_box)) = (
        field.boxes.get(link.child()),
        field.boxes.get(link.parent()),
    ) else {
        return;
    };
    let mut child_y = child.min.y + child_box.link_y(&link.from_columns, End::Child) + offset;
    let mut parent_y = parent.min.y + parent_box.link_y(&link.to_columns, End::Parent) + offset;

    if link.from == link.to {
        if (child_y - parent_y).abs() < 8.0 {
            child_y -= offset + 6.0;
            parent_y += 6.0 - offset;
        }
        let out_x = child.max.x + STUB + 6.0 + offset.abs();
        out.extend([
            Point::new(child.max.x, child_y),
            Point::new(out_x, child_y),
            Point::new(out_x, parent_y),
            Point::new(child.max.x, parent_y),
        ]);
        return;
    }

    let reach = 2.0 * STUB;
    if child.min.x - parent.max.x >= reach {
        let from = Point::new(parent.max.x, parent_y);
        sideways(
            field,
            link.child(),
            link.parent(),
            from,
            Point::new(child.min.x, child_y),
            found,
            out,
        );
    } else if parent.min.x - child.max.x >= reach {
        // The same walk in the mirror.
        let from = Point::new(parent.min.x, parent_y);
        sideways(
            field,
            link.child(),
            link.parent(),
            from,
            Point::new(child.max.x, child_y),
            found,
            out,
        );
    } else {
        bracket(field, child, parent, child_y, parent_y, found, out);
    }
}

/// One above or beside the other: out on one side, along, and in on the same side.
fn bracket(
    field: &Field<'_>,
    child: &Rect,
    parent: &Rect,
    child_y: f64,
    parent_y: f64,
    found: &mut Vec<u32>,
    out: &mut Vec<Point>,
) {
    let (top, bottom) = (child_y.min(parent_y), child_y.max(parent_y));
    let mut best = (f64::INFINITY, 0.0, true);
    for right in [true, false] {
        let (mut x, sign) = if right {
            (child.max.x.max(parent.max.x) + STUB + 4.0, 1.0)
        } else {
            (child.min.x.min(parent.min.x) - STUB - 4.0, -1.0)
        };
        let mut cost = if right { 0.0 } else { 1.0 };
        // Move out past what stands in the way, a little; beyond that a crossing is the lesser evil.
        for _ in 0..3 {
            let lane = Rect {
                min: Point::new(x, top),
                max: Point::new(x, bottom),
            }
            .grow(CLEARANCE);
            field.index.collect(&lane, found);
            let block = found
                .iter()
                .filter_map(|&i| field.rects.get(i as usize))
                .filter(|r| r.overlaps(&lane) && *r != child && *r != parent)
                .fold(None, |edge: Option<f64>, r| {
                    let own = if right { r.max.x } else { r.min.x };
                    Some(edge.map_or(own, |e| if right { e.max(own) } else { e.min(own) }))
                });
            let Some(edge) = block else { break };
            cost += 200.0 + (edge - x).abs();
            x = edge + sign * STUB;
        }
        let near = if right {
            child.max.x.min(parent.max.x)
        } else {
            child.min.x.max(parent.min.x)
        };
        cost += (x - near).abs();
        if cost < best.0 {
            best = (cost, x, right);
        }
    }
    let (_, x, right) = best;
    let edge = |r: &Rect| if right { r.max.x } else { r.min.x };
    out.extend([
        Point::new(edge(child), child_y),
        Point::new(x, child_y),
        Point::new(x, parent_y),
        Point::new(edge(parent), parent_y),
    ]);
}

/// From the parent's facing side to the child's. `sign` turns the leftward walk into the rightward.
fn sideways(
    field: &Field<'_>,
    child: usize,
    parent: usize,
    from: Point,
    to: Point,
    found: &mut Vec<u32>,
    out: &mut Vec<Point>,
) {
    let sign = if to.x > from.x { 1.0 } else { -1.0 };
    let ends = [child as u32, parent as u32];
    out.push(from);
    let mut x = from.x;
    let mut y = from.y;
    let mut last_turn = None;
    for _ in 0..DETOURS {
        let Some(block) = first_block(field, ends, x, to.x, y, sign, found) else {
            break;
        };
        let face = if sign > 0.0 { block.min.x } else { block.max.x };
        let turn = if (face - x) * sign > 2.0 * STUB {
            face - sign * STUB
        } else {
            f64::midpoint(x, face)
        };
        // A box above or below the child itself: no need to go round it, the child can be had from
        // here.
        let beside = field
            .rects
            .get(child)
            .is_some_and(|c| block.min.x < c.max.x && c.min.x < block.max.x);
        if beside && first_block(field, ends, turn, to.x, to.y, sign, found).is_none() {
            last_turn = Some(turn);
            break;
        }
        let gap = nearest_gap(field, ends, &block, y, to.y, found);
        out.push(Point::new(turn, y));
        out.push(Point::new(turn, gap));
        x = turn;
        y = gap;
    }
    if (y - to.y).abs() > 0.01 {
        let turn = last_turn.unwrap_or(if (to.x - x) * sign > 2.0 * STUB {
            to.x - sign * STUB
        } else {
            f64::midpoint(x, to.x)
        });
        out.push(Point::new(turn, y));
        out.push(Point::new(turn, to.y));
    }
    out.push(to);
    // The walk went from the parent; a link runs from the child.
    out.reverse();
}

/// The first box on the way from `x` to `end` at height `y`.
fn first_block(
    field: &Field<'_>,
    ends: [u32; 2],
    x: f64,
    end: f64,
    y: f64,
    sign: f64,
    found: &mut Vec<u32>,
) -> Option<Rect> {
    const WINDOW: f64 = 1500.0;
    let mut start = x;
    // In windows: the answer is nearly always in the first, and a diagram may be 100,000 wide.
    while (end - start) * sign > 0.0 {
        let stop = if (end - start).abs() > WINDOW {
            start + sign * WINDOW
        } else {
            end
        };
        let ray = Rect {
            min: Point::new(start.min(stop), y - CLEARANCE),
            max: Point::new(start.max(stop), y + CLEARANCE),
        };
        field.index.collect(&ray, found);
        let first = found
            .iter()
            .filter(|i| !ends.contains(i))
            .filter_map(|&i| field.rects.get(i as usize))
            .filter(|r| r.overlaps(&ray) && if sign > 0.0 { r.min.x > x } else { r.max.x < x })
            .min_by(|a, b| {
                let nearer = if sign > 0.0 {
                    a.min.x.total_cmp(&b.min.x)
                } else {
                    b.max.x.total_cmp(&a.max.x)
                };
                nearer.then(a.min.y.total_cmp(&b.min.y))
            });
        if let Some(first) = first {
            return Some(*first);
        }
        start = stop;
    }
    None
}

/// The height of the gap above or below `block` that costs the shorter way from `y` to `target`.
fn nearest_gap(
    field: &Field<'_>,
    ends: [u32; 2],
    block: &Rect,
    y: f64,
    target: f64,
    found: &mut Vec<u32>,
) -> f64 {
    let mut best = (f64::INFINITY, y);
    for up in [true, false] {
        let mut gap = if up {
            block.min.y - CLEARANCE - 4.0
        } else {
            block.max.y + CLEARANCE + 4.0
        };
        for _ in 0..64 {
            let lane = Rect {
                min: Point::new(block.min.x, gap - CLEARANCE),
                max: Point::new(block.max.x, gap + CLEARANCE),
            };
            field.index.collect(&lane, found);
            let next = found
                .iter()
                .filter(|i| !ends.contains(i))
                .filter_map(|&i| field.rects.get(i as usize))
                .filter(|r| r.overlaps(&lane))
                .map(|r| {
                    if up {
                        r.min.y - CLEARANCE - 4.0
                    } else {
                        r.max.y + CLEARANCE + 4.0
                    }
                })
                .fold(None, |a: Option<f64>, b| {
                    Some(a.map_or(b, |a| if up { a.min(b) } else { a.max(b) }))
                });
            match next {
                Some(next) if (next < gap) == up && next != gap => gap = next,
                _ => break,
            }
        }
        let cost = (gap - y).abs() + (target - gap).abs();
        if cost < best.0 {
            best = (cost, gap);
        }
    }
    best.1
}

/// The marks of a routed link: the child's, then the parent's.
#[must_use]
pub fn link_ends(graph: &Graph, link: usize, route: &Route) -> Option<[LinkEnd; 2]> {
    let link = graph.links.get(link)?;
    let (first, second, before, last) = match route.points.as_slice() {
        [a, b] => (*a, *b, *a, *b),
        [a, b, c] => (*a, *b, *b, *c),
        [a, b, .., c, d] => (*a, *b, *c, *d),
        _ => return None,
    };
    let way = |from: Point, to: Point| if to.x < from.x { -1.0 } else { 1.0 };
    Some([
        LinkEnd {
            at: first,
            direction: way(first, second),
            cardinality: link.child_end(),
        },
        LinkEnd {
            at: last,
            direction: way(last, before),
            cardinality: link.parent_end(),
        },
    ])
}
