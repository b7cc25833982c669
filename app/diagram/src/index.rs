//! A uniform grid over the world that answers which rectangles are near a place. Boxes of tables
//! are of similar size and are moved one at a time, for which a grid is simpler and faster than a
//! tree.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::geometry::{Point, Rect};

/// Side of a cell, in world units: a little more than a usual box.
const CELL: f64 = 512.0;

/// Hashes a packed cell number by one multiplication (Fibonacci hashing, Knuth, TAOCP 6.4); the
/// standard hasher resists attackers, which costs more than the rest of a query.
#[derive(Clone, Default)]
struct CellHasher(u64);

impl Hasher for CellHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, n: u64) {
        let mixed = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// Rectangles by number, found by place. One number may have several rectangles.
#[derive(Clone, Default)]
pub struct GridIndex {
    cells: HashMap<u64, Vec<u32>, BuildHasherDefault<CellHasher>>,
    /// The cells ever used: first column and row, last column and row.
    span: Option<(i32, i32, i32, i32)>,
}

impl GridIndex {
    /// Adds a rectangle.
    pub fn insert(&mut self, id: u32, rect: &Rect) {
        let (c0, r0, c1, r1) = cells_of(rect);
        for c in c0..=c1 {
            for r in r0..=r1 {
                self.cells.entry(pack(c, r)).or_default().push(id);
            }
        }
        let span = self.span.unwrap_or((c0, r0, c1, r1));
        self.span = Some((
            span.0.min(c0),
            span.1.min(r0),
            span.2.max(c1),
            span.3.max(r1),
        ));
    }

    /// Takes a rectangle out again; it has to be the one that was added.
    pub fn remove(&mut self, id: u32, rect: &Rect) {
        let (c0, r0, c1, r1) = cells_of(rect);
        for c in c0..=c1 {
            for r in r0..=r1 {
                if let Some(list) = self.cells.get_mut(&pack(c, r))
                    && let Some(at) = list.iter().position(|&other| other == id)
                {
                    list.swap_remove(at);
                }
            }
        }
    }

    /// Collects into `out` the numbers that may have a rectangle in `rect`: all that have one, and
    /// some nearby. Ascending, once each.
    pub fn query(&self, rect: &Rect, out: &mut Vec<u32>) {
        self.collect(rect, out);
        out.sort_unstable();
        out.dedup();
    }

    /// Like [`GridIndex::query`], in no particular order and some of them repeatedly: for questions
    /// whose answer does not depend on that, several times faster.
    pub fn collect(&self, rect: &Rect, out: &mut Vec<u32>) {
        out.clear();
        let Some(span) = self.span else { return };
        if rect.is_empty() {
            return;
        }
        let (c0, r0, c1, r1) = cells_of(rect);
        for c in c0.max(span.0)..=c1.min(span.2) {
            for r in r0.max(span.1)..=r1.min(span.3) {
                if let Some(list) = self.cells.get(&pack(c, r)) {
                    out.extend_from_slice(list);
                }
            }
        }
    }
}

fn cells_of(rect: &Rect) -> (i32, i32, i32, i32) {
    let (min, max) = (clamp(rect.min), clamp(rect.max));
    (cell(min.x), cell(min.y), cell(max.x), cell(max.y))
}

/// Infinities become the edge of the world, which `sane` keeps apart from NaN.
fn clamp(point: Point) -> Point {
    point.sane()
}

fn cell(v: f64) -> i32 {
    (v / CELL).floor() as i32
}

fn pack(c: i32, r: i32) -> u64 {
    (u64::from(c as u32) << 32) | u64::from(r as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn finds_what_was_added_until_it_is_removed() {
        let mut index = GridIndex::default();
        let rect = Rect::new(Point::new(-700.0, 3.0), Size::new(1500.0, 10.0));
        index.insert(7, &rect);
        let mut found = Vec::new();
        index.query(
            &Rect::new(Point::new(600.0, 0.0), Size::new(1.0, 1.0)),
            &mut found,
        );
        assert_eq!(found, [7]);
        index.query(
            &Rect {
                min: Point::new(f64::NEG_INFINITY, -1e300),
                max: Point::new(f64::INFINITY, 1e300),
            },
            &mut found,
        );
        assert_eq!(found, [7]);
        index.remove(7, &rect);
        index.query(&rect, &mut found);
        assert!(found.is_empty());
        index.query(&Rect::EMPTY, &mut found);
        assert!(found.is_empty());
    }
}
