//! Where something that is dragged comes to rest: in line with its neighbours, else on the grid.

use crate::geometry::{Point, Rect};

/// The grid that dragged tables keep to, in world units.
pub const GRID: f64 = 8.0;

/// How far to move what is dragged, and what it is in line with then.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snap {
    /// To the right.
    pub dx: f64,
    /// Down.
    pub dy: f64,
    /// Lines to show, each from end to end of what is in line.
    pub guides: Vec<(Point, Point)>,
}

/// Snaps `moving` to edges and middles of `others` within `reach` (world units), separately in both
/// directions, and to the grid where nothing is in line.
#[must_use]
pub fn snap(moving: &Rect, others: &[Rect], reach: f64) -> Snap {
    let x = along(moving, others, reach, |r| [r.min.x, r.center().x, r.max.x]);
    let y = along(moving, others, reach, |r| [r.min.y, r.center().y, r.max.y]);
    let dx = x.map_or_else(|| to_grid(moving.min.x), |it| it.0);
    let dy = y.map_or_else(|| to_grid(moving.min.y), |it| it.0);
    let own = moving.translate(dx, dy);
    let mut guides = Vec::new();
    if let Some((_, other, at)) = x {
        let all = own.union(&other);
        guides.push((Point::new(at, all.min.y), Point::new(at, all.max.y)));
    }
    if let Some((_, other, at)) = y {
        let all = own.union(&other);
        guides.push((Point::new(all.min.x, at), Point::new(all.max.x, at)));
    }
    Snap { dx, dy, guides }
}

/// The place on the grid next to a point.
#[must_use]
pub fn on_grid(at: Point) -> Point {
    at.offset(to_grid(at.x), to_grid(at.y))
}

fn to_grid(value: f64) -> f64 {
    (value / GRID).round() * GRID - value
}

/// The smallest move that brings like edges, or the middles, in line: the move, with what, and where
/// the line is. Of equal moves that to the nearest counts.
fn along(
    moving: &Rect,
    others: &[Rect],
    reach: f64,
    lines: impl Fn(&Rect) -> [f64; 3],
) -> Option<(f64, Rect, f64)> {
    let own = lines(moving);
    let mut best: Option<(f64, Rect, f64)> = None;
    for other in others {
        let theirs = lines(other);
        for (i, line) in theirs.into_iter().enumerate() {
            for (j, mine) in own.into_iter().enumerate() {
                // Middles go with middles only: half boxes in line help nobody.
                if (i == 1) != (j == 1) {
                    continue;
                }
                let by = line - mine;
                let is_better = best.as_ref().is_none_or(|(least, with, _)| {
                    let near = |r: &Rect| r.center().distance(moving.center());
                    by.abs() < least.abs() - 0.01
                        || (by.abs() <= least.abs() + 0.01 && near(other) < near(with))
                });
                if by.abs() <= reach && is_better {
                    best = Some((by, *other, line));
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn rect(x: f64, y: f64) -> Rect {
        Rect::new(Point::new(x, y), Size::new(100.0, 40.0))
    }

    #[test]
    fn near_edges_come_in_line_and_say_so() {
        let found = snap(&rect(203.0, 305.0), &[rect(201.0, 11.0)], 6.0);
        assert_eq!((found.dx, found.dy), (-2.0, -1.0));
        assert_eq!(
            found.guides,
            [(Point::new(201.0, 11.0), Point::new(201.0, 344.0))]
        );
    }

    #[test]
    fn what_is_in_line_with_nothing_goes_to_the_grid() {
        let found = snap(&rect(203.0, 301.0), &[rect(500.0, 1000.0)], 6.0);
        assert_eq!((found.dx, found.dy), (-3.0, 3.0));
        assert!(found.guides.is_empty());
        assert_eq!(on_grid(Point::new(-3.0, 12.0)), Point::new(0.0, 16.0));
    }

    #[test]
    fn right_edges_and_middles_count_too_and_the_nearest_wins() {
        let wide = Rect::new(Point::new(100.0, 0.0), Size::new(206.0, 40.0));
        assert_eq!(snap(&rect(204.0, 200.0), &[wide], 6.0).dx, 2.0);
        let near = rect(204.0, 260.0);
        let found = snap(&rect(204.0, 200.0), &[rect(204.0, 900.0), near], 6.0);
        assert_eq!(
            found.guides,
            [(Point::new(204.0, 200.0), Point::new(204.0, 300.0))]
        );
    }
}
