//! Uniform grids over the world that answer which rectangles are near a place. Boxes of tables are of
//! similar size and are moved one at a time, for which a grid is simpler and faster than a tree. What
//! reaches over many cells goes into a coarser grid: whatever stands wherever, it takes few.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::geometry::{Point, Rect};

/// Side of a cell of the finest grid, in world units: a little more than a usual box.
const CELL: f64 = 512.0;
/// Cells of the finest grid, and of each further one, along a side of a cell of the next.
const COARSER: f64 = 4.0;
/// A rectangle goes into the first grid in which it reaches over no more steps than this.
const STEPS: i32 = 15;
/// Grids; in the coarsest the whole world has no more cells along a side than a rectangle may take.
const GRIDS: usize = 5;

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
    grids: [Grid; GRIDS],
}

/// The rectangles of a similar reach.
#[derive(Clone, Default)]
struct Grid {
    cells: HashMap<u64, Vec<u32>, BuildHasherDefault<CellHasher>>,
    /// The cells ever used.
    span: Option<Cells>,
}

/// Cells of a grid: the first column and row, the last column and row.
#[derive(Clone, Copy)]
struct Cells {
    c0: i32,
    r0: i32,
    c1: i32,
    r1: i32,
}

impl GridIndex {
    /// Adds a rectangle.
    pub fn insert(&mut self, id: u32, rect: &Rect) {
        let (grid, cells) = home(rect);
        if let Some(grid) = self.grids.get_mut(grid) {
            grid.insert(id, cells);
        }
    }

    /// Takes a rectangle out again; it has to be the one that was added.
    pub fn remove(&mut self, id: u32, rect: &Rect) {
        let (grid, cells) = home(rect);
        if let Some(grid) = self.grids.get_mut(grid) {
            grid.remove(id, cells);
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
        if rect.is_empty() {
            return;
        }
        let mut side = CELL;
        for grid in &self.grids {
            grid.collect(rect, side, out);
            side *= COARSER;
        }
    }
}

impl Grid {
    fn insert(&mut self, id: u32, cells: Cells) {
        for cell in cells.each() {
            self.cells.entry(cell).or_default().push(id);
        }
        self.span = Some(self.span.map_or(cells, |span| span.union(cells)));
    }

    fn remove(&mut self, id: u32, cells: Cells) {
        for cell in cells.each() {
            if let Some(list) = self.cells.get_mut(&cell)
                && let Some(at) = list.iter().position(|&other| other == id)
            {
                list.swap_remove(at);
            }
        }
    }

    fn collect(&self, rect: &Rect, side: f64, out: &mut Vec<u32>) {
        let Some(span) = self.span else { return };
        let Some(asked) = cells_of(rect, side).intersection(span) else {
            return;
        };
        // In a world that is nearly empty there are more cells than any that something is in.
        if asked.count() > self.cells.len() as u64 {
            let used = self.cells.iter().filter(|(cell, _)| asked.has(**cell));
            out.extend(used.flat_map(|(_, list)| list));
            return;
        }
        for c in asked.c0..=asked.c1 {
            for r in asked.r0..=asked.r1 {
                if let Some(list) = self.cells.get(&pack(c, r)) {
                    out.extend_from_slice(list);
                }
            }
        }
    }
}

impl Cells {
    fn each(self) -> impl Iterator<Item = u64> {
        (self.c0..=self.c1).flat_map(move |c| (self.r0..=self.r1).map(move |r| pack(c, r)))
    }

    fn count(self) -> u64 {
        let along = |first: i32, last: i32| u64::from(last.abs_diff(first)) + 1;
        along(self.c0, self.c1) * along(self.r0, self.r1)
    }

    fn has(self, cell: u64) -> bool {
        let (c, r) = ((cell >> 32) as u32 as i32, cell as u32 as i32);
        (self.c0..=self.c1).contains(&c) && (self.r0..=self.r1).contains(&r)
    }

    fn union(self, other: Self) -> Self {
        Self {
            c0: self.c0.min(other.c0),
            r0: self.r0.min(other.r0),
            c1: self.c1.max(other.c1),
            r1: self.r1.max(other.r1),
        }
    }

    fn intersection(self, other: Self) -> Option<Self> {
        let both = Self {
            c0: self.c0.max(other.c0),
            r0: self.r0.max(other.r0),
            c1: self.c1.min(other.c1),
            r1: self.r1.min(other.r1),
        };
        (both.c0 <= both.c1 && both.r0 <= both.r1).then_some(both)
    }
}

/// The grid in which a rectangle is kept, and its cells there.
fn home(rect: &Rect) -> (usize, Cells) {
    let mut side = CELL;
    for grid in 0..GRIDS - 1 {
        let cells = cells_of(rect, side);
        if cells.c1 - cells.c0 <= STEPS && cells.r1 - cells.r0 <= STEPS {
            return (grid, cells);
        }
        side *= COARSER;
    }
    (GRIDS - 1, cells_of(rect, side))
}

fn cells_of(rect: &Rect, side: f64) -> Cells {
    let (min, max) = (clamp(rect.min), clamp(rect.max));
    let cell = |v: f64| (v / side).floor() as i32;
    Cells {
        c0: cell(min.x),
        r0: cell(min.y),
        c1: cell(max.x),
        r1: cell(max.y),
    }
}

/// Infinities become the edge of the world, which `sane` keeps apart from NaN.
fn clamp(point: Point) -> Point {
    point.sane()
}

fn pack(c: i32, r: i32) -> u64 {
    (u64::from(c as u32) << 32) | u64::from(r as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Size, WORLD_LIMIT};

    impl GridIndex {
        fn lists(&self) -> impl Iterator<Item = &Vec<u32>> {
            self.grids.iter().flat_map(|grid| grid.cells.values())
        }
    }

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

    /// Whatever stands wherever, the index is small, and a question about all of it short.
    #[test]
    fn what_is_far_apart_takes_few_cells() {
        let mut index = GridIndex::default();
        let corners = [-WORLD_LIMIT, WORLD_LIMIT].map(|x| Point::new(x, -x));
        let mut every = Vec::new();
        for id in 0..1_000_u32 {
            // Links across the world, one way and the other, and boxes in its corners.
            let at = f64::from(id) * 1_999.0 - WORLD_LIMIT;
            let [a, b] = match id % 3 {
                0 => [Point::new(-WORLD_LIMIT, at), Point::new(WORLD_LIMIT, at)],
                1 => [Point::new(at, -WORLD_LIMIT), Point::new(at, WORLD_LIMIT)],
                _ => corners.map(|it| it.offset(at / 500.0, 0.0)),
            };
            let rects = match id % 3 {
                2 => [a, b]
                    .map(|it| Rect::new(it, Size::new(300.0, 900.0)))
                    .to_vec(),
                _ => vec![Rect::between(a, b)],
            };
            rects.iter().for_each(|rect| index.insert(id, rect));
            every.push((id, rects));
        }
        let entries: usize = index.lists().map(Vec::len).sum();
        assert!(entries <= 16 * 1_000, "{entries}");
        let mut found = Vec::new();
        let whole = Rect::between(corners[0], corners[1]);
        index.collect(&whole, &mut found);
        assert_eq!(found.len(), entries);
        let spot = Rect::new(Point::new(-71_000.0, 3_500.0), Size::new(3_000.0, 2_000.0));
        index.query(&spot, &mut found);
        for (id, rects) in &every {
            let is_there = rects.iter().any(|rect| rect.intersects(&spot));
            assert!(!is_there || found.contains(id), "{id}");
        }
        for (id, rects) in &every {
            rects.iter().for_each(|rect| index.remove(*id, rect));
        }
        assert!(index.lists().all(Vec::is_empty));
    }

    #[test]
    fn the_coarsest_grid_has_few_cells() {
        let whole = Rect::between(
            Point::new(-WORLD_LIMIT, -WORLD_LIMIT),
            Point::new(WORLD_LIMIT, WORLD_LIMIT),
        );
        let (_, cells) = home(&whole);
        assert!(cells.count() <= 256, "{}", cells.count());
    }
}
