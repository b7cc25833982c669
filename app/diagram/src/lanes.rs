//! Spreads the pieces of links that share a channel between boxes, so that each can be followed.
//! Pieces of links to the same row of the same parent stay together as one trunk.
//!
//! The order of lanes follows from what channel routing in circuit design knows: two links that
//! both go down do not cross when the one that starts lower turns first. Lanes are then given by
//! the left-edge rule (Hashimoto and Stevens, 1971), with the order as a constraint.

use std::collections::BTreeMap;

use crate::geometry::{Point, Rect};
use crate::route::{Field, Route};
use crate::total::Total as _;

/// How far apart lanes are at most, in world units.
const LANE: f64 = 8.0;
/// How far to look for the boxes at both sides of an upright channel and of a gap, in world units.
const LOOK: [f64; 2] = [320.0, 96.0];
/// Length of the steps in which lanes are given out, in world units.
const SLOT: f64 = 8.0;

/// A piece between two turns, as if it were upright: `lo` and `hi` bound it along its length.
#[derive(Clone, Copy, Default)]
struct Piece {
    link: u32,
    point: u32,
    lo: f64,
    hi: f64,
    free: (f64, f64),
    /// Parent and row: what may share a lane.
    net: (u32, i32),
    order: (u8, f64),
    /// The pieces before and after: at which height, and whether to the left.
    arms: [(f64, bool); 2],
}

/// Pieces of one net that touch: they share a lane.
#[derive(Clone, Default)]
struct Trunk {
    lo: f64,
    hi: f64,
    order: (u8, f64),
    pieces: Vec<usize>,
    arms: Vec<(f64, bool)>,
    lane: u32,
}

/// The pieces that share a channel between boxes.
#[derive(Default)]
pub(crate) struct Channels(BTreeMap<(i64, bool), Vec<Piece>>);

impl Channels {
    /// Moves the pieces of one channel apart, as long as there is one left: how many.
    pub(crate) fn spread_next(&mut self, routes: &mut [Route], vertical: bool) -> Option<usize> {
        let (_, pieces) = self.0.pop_first()?;
        assign(&pieces, vertical, routes);
        Some(pieces.len())
    }
}

/// Collects the inner pieces of the links named, upright (to be spread first) or level ones; the first
/// and the last piece of a link stay on their rows.
pub(crate) fn gather(
    field: &Field<'_>,
    links: &[usize],
    routes: &[Route],
    vertical: bool,
    channels: &mut Channels,
) {
    let mut found = Vec::new();
    for &index in links {
        let Some(link) = field.graph.links.get(index) else {
            continue;
        };
        let Some(route) = routes.get(index) else {
            continue;
        };
        if link.from == link.to {
            continue;
        }
        let net = (
            link.to,
            route.points.last().map_or(0, |p| (p.y * 4.0) as i32),
        );
        for (at, piece) in route.points.windows(4).enumerate() {
            let [before, a, b, after] = piece else {
                continue;
            };
            let along = if vertical { a.x == b.x } else { a.y == b.y };
            if !along || (a.x == b.x && a.y == b.y) {
                continue;
            }
            let free = free_around(field, *a, *b, vertical, &mut found);
            let (key, has_hi) = if free.1.is_finite() {
                (free.1, true)
            } else {
                (free.0, false)
            };
            if !key.is_finite() {
                continue;
            }
            let turned = |p: &Point| if vertical { *p } else { Point::new(p.y, p.x) };
            let (before, a, b, after) = (turned(before), turned(a), turned(b), turned(after));
            channels
                .0
                .entry((key as i64, has_hi))
                .or_default()
                .push(Piece {
                    link: index as u32,
                    point: at as u32 + 1,
                    lo: a.y.min(b.y),
                    hi: a.y.max(b.y),
                    free,
                    net,
                    order: lane_order(before, a, b, after),
                    arms: [(a.y, before.x < a.x), (b.y, after.x < b.x)],
                });
        }
    }
}

/// Brackets that open to the left stay left, the short ones innermost; then what goes down, the
/// lower start first; then what goes up, the higher start first; then brackets to the right.
fn lane_order(before: Point, a: Point, b: Point, after: Point) -> (u8, f64) {
    let from_left = before.x < a.x;
    let to_left = after.x < b.x;
    let length = (a.y - b.y).abs();
    match (from_left, to_left) {
        (true, true) => (0, length),
        (false, false) => (3, -length),
        _ => {
            let (left, right) = if from_left { (a.y, b.y) } else { (b.y, a.y) };
            if right > left { (1, -left) } else { (2, left) }
        }
    }
}

/// The free interval across the piece from `a` to `b`, infinite where nothing is near.
fn free_around(
    field: &Field<'_>,
    a: Point,
    b: Point,
    vertical: bool,
    found: &mut Vec<u32>,
) -> (f64, f64) {
    let span = Rect::between(a, b);
    let [wide, high] = LOOK;
    let (dx, dy) = if vertical { (wide, 4.0) } else { (4.0, high) };
    let look = Rect {
        min: span.min.offset(-dx, -dy),
        max: span.max.offset(dx, dy),
    };
    field.index.collect(&look, found);
    let place = if vertical { a.x } else { a.y };
    let mut free = (f64::NEG_INFINITY, f64::INFINITY);
    for rect in found
        .iter()
        .filter_map(|&i| field.rects.get(i as usize))
        .filter(|r| r.overlaps(&look))
    {
        let (lo, hi) = if vertical {
            (rect.min.x, rect.max.x)
        } else {
            (rect.min.y, rect.max.y)
        };
        if hi <= place {
            free.0 = free.0.max(hi);
        } else if lo >= place {
            free.1 = free.1.min(lo);
        }
    }
    free
}

fn assign(pieces: &[Piece], vertical: bool, routes: &mut [Route]) {
    let mut trunks = trunks(pieces);
    trunks.sort_by(|a, b| {
        let first = |t: &Trunk| t.pieces.first().copied();
        a.order
            .0
            .cmp(&b.order.0)
            .then(a.order.1.total_cmp(&b.order.1))
            .then(first(a).cmp(&first(b)))
    });
    untangle(&mut trunks);
    // The first free lane at each height, in steps: each trunk takes the first that is free along
    // all of its length, and frees only the ones after it.
    let lowest = trunks.iter().map(|t| t.lo).fold(f64::INFINITY, f64::min);
    let highest = trunks
        .iter()
        .map(|t| t.hi)
        .fold(f64::NEG_INFINITY, f64::max);
    let slot = |y: f64| ((y - lowest) / SLOT).max(0.0) as usize;
    let mut free_from = vec![0_u32; slot(highest) + 1];
    let mut lanes = 0;
    for trunk in &mut trunks {
        let Some(along) = free_from.get_mut(slot(trunk.lo)..=slot(trunk.hi)) else {
            continue;
        };
        trunk.lane = along.iter().copied().max().unwrap_or(0);
        along.fill(trunk.lane + 1);
        lanes = lanes.max(trunk.lane + 1);
    }
    // What is free for all pieces of the channel, or for the piece alone where they differ.
    let all = pieces
        .iter()
        .fold((f64::NEG_INFINITY, f64::INFINITY), |free, p| {
            (free.0.max(p.free.0), free.1.min(p.free.1))
        });
    for trunk in &trunks {
        for piece in trunk.pieces.iter().filter_map(|&i| pieces.get(i)) {
            let free = if all.1 - all.0 >= 24.0 {
                all
            } else {
                piece.free
            };
            // Nothing is known of what lies beyond where was looked.
            let [wide, high] = LOOK;
            let look = if vertical { wide } else { high };
            let open = (36.0 + LANE * f64::from(lanes + 1)).min(look);
            let free = match (free.0.is_finite(), free.1.is_finite()) {
                (true, true) => free,
                (true, false) => (free.0, free.0 + open),
                (false, true) => (free.1 - open, free.1),
                (false, false) => continue,
            };
            let width = free.1 - free.0;
            let margin = if vertical {
                (width * 0.25).min(17.0)
            } else {
                (width * 0.2).min(6.0)
            };
            let step = ((width - 2.0 * margin) / f64::from(lanes + 1)).min(LANE);
            let middle = f64::midpoint(free.0, free.1);
            let place = middle + step * (f64::from(trunk.lane) - f64::from(lanes - 1) / 2.0);
            let place = (place * 2.0).round() / 2.0;
            if let Some(route) = routes.get_mut(piece.link as usize) {
                for at in [piece.point as usize, piece.point as usize + 1] {
                    route
                        .points
                        .with(at, |p| if vertical { p.x = place } else { p.y = place });
                }
            }
        }
    }
}

fn trunks(pieces: &[Piece]) -> Vec<Trunk> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (pieces.at(a), pieces.at(b));
        a.net
            .cmp(&b.net)
            .then(a.lo.total_cmp(&b.lo))
            .then(a.link.cmp(&b.link))
    });
    let mut trunks: Vec<Trunk> = Vec::new();
    let mut net = None;
    for index in order {
        let piece = pieces.at(index);
        match trunks.last_mut() {
            Some(trunk) if net == Some(piece.net) && piece.lo <= trunk.hi + 3.0 => {
                trunk.hi = trunk.hi.max(piece.hi);
                trunk.pieces.push(index);
                trunk.arms.extend(piece.arms);
            }
            _ => trunks.push(Trunk {
                lo: piece.lo,
                hi: piece.hi,
                order: piece.order,
                pieces: vec![index],
                arms: piece.arms.to_vec(),
                lane: 0,
            }),
        }
        net = Some(piece.net);
    }
    trunks
}

/// Moves trunks to other places in the order while that removes crossings. With `a` left of `b`,
/// the arms of `a` to the right cross `b`, and the arms of `b` to the left cross `a`, where they
/// meet its length. Arms at the same height would lie on each other, and two links look like one:
/// that weighs more than a crossing.
fn untangle(trunks: &mut [Trunk]) {
    /// More than this and the order by kinds, which is nearly as good, has to do.
    const MOST: usize = 160;
    let n = trunks.len();
    if !(2..=MOST).contains(&n) {
        return;
    }
    let crossed = |a: &Trunk, b: &Trunk| {
        if a.hi + 3.0 < b.lo || b.hi + 3.0 < a.lo {
            return 0;
        }
        let meets = |arms: &[(f64, bool)], left: bool, of: &Trunk| {
            arms.iter()
                .filter(|(y, l)| *l == left && *y > of.lo && *y < of.hi)
                .count() as i32
        };
        if a.hi + 3.0 < b.lo || b.hi + 3.0 < a.lo {
            return 0;
        }
        let shared = a
            .arms
            .iter()
            .filter(|(y, left)| !left && b.arms.iter().any(|(z, l)| *l && (y - z).abs() < 2.5))
            .count() as i32;
        meets(&a.arms, false, b) + meets(&b.arms, true, a) + 3 * shared
    };
    // What it gains to have the first left of the second instead of right.
    let mut gain = vec![0_i32; n * n];
    for (i, a) in trunks.iter().enumerate() {
        for (j, b) in trunks.iter().enumerate().filter(|&(j, _)| j != i) {
            gain.put(i * n + j, crossed(b, a) - crossed(a, b));
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    for _ in 0..6 {
        let mut better = false;
        for at in 0..n {
            let node = order.at(at);
            let (mut best, mut to) = (0, at);
            let mut sum = 0;
            for i in (0..at).rev() {
                sum += gain.at(node * n + order.at(i));
                if sum > best {
                    (best, to) = (sum, i);
                }
            }
            sum = 0;
            for i in at + 1..n {
                sum += gain.at(order.at(i) * n + node);
                if sum > best {
                    (best, to) = (sum, i);
                }
            }
            if to < at {
                order
                    .get_mut(to..=at)
                    .into_iter()
                    .for_each(|s| s.rotate_right(1));
                better = true;
            } else if to > at {
                order
                    .get_mut(at..=to)
                    .into_iter()
                    .for_each(|s| s.rotate_left(1));
                better = true;
            }
        }
        if !better {
            break;
        }
    }
    let sorted: Vec<Trunk> = order
        .iter()
        .filter_map(|&i| trunks.get(i).cloned())
        .collect();
    trunks.clone_from_slice(&sorted);
}
