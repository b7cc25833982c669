//! Orders that a person gives to several tables at once: in line, evenly apart, tidy.

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect};
use crate::layout::{Ground, LayoutOptions, layout, pushed};
use crate::scene::Scene;
use crate::total::Total as _;

/// What several tables are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrange {
    /// Left edges in line.
    Left,
    /// Middles in line, one above the other.
    Centre,
    /// Right edges in line.
    Right,
    /// Upper edges in line.
    Top,
    /// Middles in line, side by side.
    Middle,
    /// Lower edges in line.
    Bottom,
    /// Equal gaps from left to right.
    Across,
    /// Equal gaps from top to bottom.
    Down,
    /// Laid out anew where they are.
    Tidy,
}

/// Between tables that are put evenly apart where there is no room for them, in world units.
const GAP: f64 = 24.0;
/// Up to this many tables are tidied well, more only quickly: a person waits for it.
const TIDIED_WELL: usize = 60;

/// Where tables go when they are told `order`: the tables and their new places. Pinned ones stay
/// when others are tidied; hidden ones and unknown ones are left out.
#[must_use]
pub fn arrange(scene: &Scene, tables: &[usize], order: Arrange) -> Vec<(usize, Point)> {
    let mut tables: Vec<usize> = tables.to_vec();
    tables.sort_unstable();
    tables.dedup();
    tables.retain(|&table| table < scene.rects().len() && !scene.is_hidden(table));
    if order == Arrange::Tidy {
        return tidy(scene, &tables);
    }
    let rects: Vec<Rect> = tables.iter().map(|&table| scene.rect(table)).collect();
    let places = match order {
        Arrange::Across => distribute(&rects, true),
        Arrange::Down => distribute(&rects, false),
        _ => align(&rects, order),
    };
    tables.into_iter().zip(places).collect()
}

fn align(rects: &[Rect], order: Arrange) -> Vec<Point> {
    let all = rects.iter().fold(Rect::EMPTY, |all, r| all.union(r));
    let middle = all.center();
    rects
        .iter()
        .map(|r| match order {
            Arrange::Left => Point::new(all.min.x, r.min.y),
            Arrange::Centre => Point::new((middle.x - r.width() / 2.0).round(), r.min.y),
            Arrange::Right => Point::new(all.max.x - r.width(), r.min.y),
            Arrange::Top => Point::new(r.min.x, all.min.y),
            Arrange::Middle => Point::new(r.min.x, (middle.y - r.height() / 2.0).round()),
            Arrange::Bottom => Point::new(r.min.x, all.max.y - r.height()),
            Arrange::Across | Arrange::Down | Arrange::Tidy => r.min,
        })
        .collect()
}

/// Equal gaps between the first and the last, which stay; with too little room, the usual gap from
/// the first on.
fn distribute(rects: &[Rect], across: bool) -> Vec<Point> {
    let start = |r: &Rect| if across { r.min.x } else { r.min.y };
    let length = |r: &Rect| if across { r.width() } else { r.height() };
    let mut order: Vec<usize> = (0..rects.len()).collect();
    order.sort_by(|&a, &b| {
        let (a_rect, b_rect) = (rects.at(a), rects.at(b));
        let middle = |r: &Rect| start(r) + length(r) / 2.0;
        middle(&a_rect).total_cmp(&middle(&b_rect)).then(a.cmp(&b))
    });
    let mut places: Vec<Point> = rects.iter().map(|r| r.min).collect();
    if rects.len() < 3 {
        return places;
    }
    let first = order.first().map_or(0.0, |&i| start(&rects.at(i)));
    let end = rects
        .iter()
        .map(|r| start(r) + length(r))
        .fold(f64::NEG_INFINITY, f64::max);
    let taken: f64 = rects.iter().map(length).sum();
    let gap = (end - first - taken) / (rects.len() - 1) as f64;
    let gap = if gap < 0.0 { GAP } else { gap };
    let mut next = first;
    for i in order {
        let rect = rects.at(i);
        let at = next.round();
        places.put(
            i,
            if across {
                Point::new(at, rect.min.y)
            } else {
                Point::new(rect.min.x, at)
            },
        );
        next += length(&rect) + gap;
    }
    places
}

/// The tables laid out by themselves, from the upper left corner of where they are now. Where
/// others, or pinned ones, are in the way, they step aside.
fn tidy(scene: &Scene, tables: &[usize]) -> Vec<(usize, Point)> {
    let moving: Vec<usize> = tables
        .iter()
        .copied()
        .filter(|&table| !scene.is_pinned(table))
        .collect();
    let corner = moving
        .iter()
        .fold(Rect::EMPTY, |all, &table| all.union(&scene.rect(table)))
        .min;
    if moving.is_empty() {
        return Vec::new();
    }
    let part = scene.graph().subgraph(&moving);
    let options = LayoutOptions {
        detail: scene.detail(),
        metrics: *scene.metrics(),
        effort: 0.05,
        aspect: 1.3,
        ..LayoutOptions::default()
    };
    let late = moving.len() > 4 * TIDIED_WELL;
    let found = layout(&part, &options, &mut || late);
    let shift = found.bounds.min;
    let mut wanted: Vec<(usize, Rect)> = moving
        .iter()
        .zip(&found.positions)
        .map(|(&table, at)| {
            let at = at.offset(corner.x - shift.x, corner.y - shift.y);
            let at = Point::new(at.x.round(), at.y.round());
            // The box has the size that it has in the scene: measured among the others it may show
            // more than among these alone.
            (table, Rect::new(at, scene.rect(table).size()))
        })
        .collect();
    let mut ground = Ground::new(scene.rects().len());
    let mut is_moving = vec![false; scene.rects().len()];
    for &table in &moving {
        is_moving.put(table, true);
    }
    for (table, rect) in scene.rects().iter().enumerate() {
        if !is_moving.at(table) && !scene.is_hidden(table) {
            ground.put(table, *rect);
        }
    }
    wanted.sort_by(|a, b| {
        a.1.min
            .y
            .total_cmp(&b.1.min.y)
            .then(a.1.min.x.total_cmp(&b.1.min.x))
            .then(a.0.cmp(&b.0))
    });
    wanted
        .into_iter()
        .map(|(table, rect)| {
            let at = if ground.is_free(&rect) {
                rect
            } else {
                pushed(&rect, &ground, &|_| true)
            };
            ground.put(table, at);
            (table, at.min)
        })
        .collect()
}
