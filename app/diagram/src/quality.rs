//! How good a drawing is: what the layouts are tuned and compared with.

use crate::geometry::{Point, Rect};
use crate::index::GridIndex;
use crate::scene::Scene;
use crate::total::Total as _;

/// The measures of a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Tables.
    pub tables: usize,
    /// Links that are drawn.
    pub links: usize,
    /// Pairs of links that cross, each crossing counted, without those that start or end together.
    pub crossings: u64,
    /// Pairs of a link and a table that is not one of its ends, where the link goes through the box.
    pub through: u64,
    /// Length of all links, in world units.
    pub length: f64,
    /// Width of the whole to its height.
    pub aspect: f64,
    /// Pairs of tables that overlap.
    pub overlaps: u64,
    /// Area of the rectangle around all tables and links, in square world units.
    pub area: f64,
}

impl Quality {
    /// Crossings per link.
    #[must_use]
    pub fn crossings_per_link(&self) -> f64 {
        self.crossings as f64 / self.links.max(1) as f64
    }
}

/// A link as drawn: the tables at its ends and its course.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawnLink {
    /// The tables at its ends, by index of the boxes.
    pub ends: (usize, usize),
    /// The course.
    pub points: Vec<Point>,
}

/// Measures the drawing of a scene, as routed.
#[must_use]
pub fn quality_of_scene(scene: &Scene) -> Quality {
    let links: Vec<DrawnLink> = scene
        .graph()
        .links
        .iter()
        .zip(scene.routes())
        .map(|(l, r)| DrawnLink {
            ends: (l.child(), l.parent()),
            points: r.points.clone(),
        })
        .collect();
    quality(scene.rects(), &links)
}

/// Measures the drawing of a scene as if links were straight from middle to middle, which compares
/// the places of tables without the routing.
#[must_use]
pub fn quality_straight(scene: &Scene) -> Quality {
    let links: Vec<DrawnLink> = scene
        .graph()
        .links
        .iter()
        .filter(|l| l.from != l.to && scene.graph().has_ends(l))
        .map(|l| DrawnLink {
            ends: (l.child(), l.parent()),
            points: vec![
                scene.rect(l.child()).center(),
                scene.rect(l.parent()).center(),
            ],
        })
        .collect();
    quality(scene.rects(), &links)
}

/// Measures any drawing, also one of another program.
#[must_use]
pub fn quality(boxes: &[Rect], links: &[DrawnLink]) -> Quality {
    let mut bounds = boxes.iter().fold(Rect::EMPTY, |all, r| all.union(r));
    let mut tables = GridIndex::default();
    let mut near = Vec::new();
    let mut overlaps = 0;
    for (i, rect) in boxes.iter().enumerate() {
        tables.query(rect, &mut near);
        overlaps += near
            .iter()
            .filter(|&&j| boxes.at(j as usize).overlaps(rect))
            .count() as u64;
        tables.insert(i as u32, rect);
    }

    let mut pieces: Vec<(Point, Point)> = Vec::new();
    let mut owner: Vec<u32> = Vec::new();
    let mut through = 0;
    let mut length = 0.0;
    let mut drawn = 0;
    for (i, link) in links.iter().enumerate().filter(|(_, l)| l.points.len() > 1) {
        drawn += 1;
        let mut hit: Vec<u32> = Vec::new();
        for (&a, &b) in link.points.iter().zip(link.points.iter().skip(1)) {
            pieces.push((a, b));
            owner.push(i as u32);
            length += a.distance(b);
            let span = Rect::between(a, b);
            bounds = bounds.union(&span);
            tables.query(&span, &mut near);
            hit.extend(near.iter().filter(|&&t| {
                let table = t as usize;
                table != link.ends.0
                    && table != link.ends.1
                    && passes(a, b, &boxes.at(table).grow(-1.0))
            }));
        }
        hit.sort_unstable();
        hit.dedup();
        through += hit.len() as u64;
    }

    let mut index = GridIndex::default();
    let mut crossings = 0;
    for (i, &(a, b)) in pieces.iter().enumerate() {
        let span = Rect::between(a, b);
        index.query(&span, &mut near);
        for &j in &near {
            let (mine, other) = (owner.at(i) as usize, owner.at(j as usize) as usize);
            if mine == other {
                continue;
            }
            if cross((a, b), pieces.get(j as usize).copied().unwrap_or((a, a))) {
                crossings += 1;
            }
        }
        index.insert(i as u32, &span);
    }
    Quality {
        tables: boxes.len(),
        links: drawn,
        crossings,
        through,
        length,
        aspect: if bounds.height() > 0.0 {
            bounds.width() / bounds.height()
        } else {
            0.0
        },
        overlaps,
        area: bounds.width() * bounds.height(),
    }
}

/// True when two straight pieces cross in their inside; touching ends do not count, for the corner
/// of a course would count twice.
pub(crate) fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    let (e, f) = (side(a, b, c), side(a, b, d));
    let (g, h) = (side(c, d, a), side(c, d, b));
    e * f < 0.0 && g * h < 0.0
}

/// True when the piece has a point inside the box (slab method).
fn passes(a: Point, b: Point, rect: &Rect) -> bool {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (from, way, min, max) in [
        (a.x, b.x - a.x, rect.min.x, rect.max.x),
        (a.y, b.y - a.y, rect.min.y, rect.max.y),
    ] {
        if way == 0.0 {
            if from <= min || from >= max {
                return false;
            }
        } else {
            let (t, u) = ((min - from) / way, (max - from) / way);
            enter = enter.max(t.min(u));
            leave = leave.min(t.max(u));
        }
    }
    enter < leave
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn counts_what_is_there() {
        let boxes: Vec<Rect> = [(0.0, 0.0), (300.0, 0.0), (600.0, 0.0), (300.0, 300.0)]
            .map(|(x, y)| Rect::new(Point::new(x, y), Size::new(100.0, 100.0)))
            .to_vec();
        let line = |a: usize, b: usize| DrawnLink {
            ends: (a, b),
            points: vec![boxes[a].center(), boxes[b].center()],
        };
        let upright = DrawnLink {
            ends: (3, 3),
            points: vec![Point::new(350.0, 310.0), Point::new(350.0, -20.0)],
        };
        let q = quality(&boxes, &[line(0, 2), upright, line(0, 1)]);
        assert_eq!((q.crossings, q.through, q.overlaps, q.links), (1, 2, 0, 3));
        let q = quality(&[boxes[0], boxes[0].translate(5.0, 5.0)], &[]);
        assert_eq!(q.overlaps, 1);
    }
}
