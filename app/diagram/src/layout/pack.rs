//! Packs rectangles into a whole of a given aspect ratio.

use crate::geometry::{Point, Size};
use crate::total::Total as _;

/// Between blocks, in world units.
pub(crate) const BLOCK_GAP: f64 = 64.0;
/// Between tables of a grid, in world units.
const GRID_GAP: f64 = 32.0;

/// Boxes in columns of a grid, wide ones with wide ones, so that no column is wider than it needs
/// to be. Returns corners and extent.
pub(crate) fn grid(boxes: &[Size], aspect: f64) -> (Vec<Point>, Size) {
    let area: f64 = boxes
        .iter()
        .map(|b| (b.width + GRID_GAP) * (b.height + GRID_GAP))
        .sum();
    let stack: f64 = boxes.iter().map(|b| b.height + GRID_GAP).sum();
    let usual = (stack / (area / aspect.max(0.1)).sqrt().max(1.0)).floor();
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    order.sort_by(|&a, &b| {
        boxes
            .at(b)
            .width
            .total_cmp(&boxes.at(a).width)
            .then(a.cmp(&b))
    });
    let mut best: Option<(f64, Vec<Point>, Size)> = None;
    for count in [usual, usual + 1.0, usual - 1.0, usual + 2.0] {
        let count = count.clamp(1.0, boxes.len().max(1) as f64);
        let (places, extent) = filled(boxes, &order, stack / count);
        let cost = cost(extent, aspect);
        if best
            .as_ref()
            .is_none_or(|(least, ..)| cost < *least * 0.999)
        {
            best = Some((cost, places, extent));
        }
    }
    best.map_or_else(Default::default, |(_, places, extent)| (places, extent))
}

/// Columns of about the height given, filled in the order given.
fn filled(boxes: &[Size], order: &[usize], height: f64) -> (Vec<Point>, Size) {
    let mut places = vec![Point::default(); boxes.len()];
    let mut extent = Size::default();
    let (mut x, mut y, mut widest, mut sum) = (0.0, 0.0, 0.0_f64, 0.0);
    let mut column = 0;
    for &index in order {
        let size = boxes.at(index);
        // By its middle: what hangs over the one edge of a column is made up for at the other.
        let own = ((sum + (size.height + GRID_GAP) / 2.0) / height.max(1.0)) as usize;
        sum += size.height + GRID_GAP;
        if own > column && y > 0.0 {
            column = own;
            x += widest + GRID_GAP;
            (y, widest) = (0.0, 0.0);
        }
        places.put(index, Point::new(x, y));
        extent.width = extent.width.max(x + size.width);
        extent.height = extent.height.max(y + size.height);
        y += size.height + GRID_GAP;
        widest = widest.max(size.width);
    }
    (places, extent)
}

/// How bad an extent is: its area, more the farther from the aspect ratio asked for.
fn cost(extent: Size, aspect: f64) -> f64 {
    let (w, h) = (extent.width.max(1.0), extent.height.max(1.0));
    let off = (w / h / aspect).max(h * aspect / w);
    w * h * off.sqrt()
}

/// The corners of blocks packed on a skyline (bottom-left rule of Baker, Coffman and Rivest, 1980)
/// for several widths; the packing with the least area beyond the aspect ratio asked for wins.
pub(crate) fn pack(blocks: &[Size], aspect: f64) -> Vec<Point> {
    let area: f64 = blocks
        .iter()
        .map(|b| (b.width + BLOCK_GAP) * (b.height + BLOCK_GAP))
        .sum();
    let widest = blocks
        .iter()
        .map(|b| b.width + BLOCK_GAP)
        .fold(1.0, f64::max);
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by(|&a, &b| {
        let (a_size, b_size) = (blocks.at(a), blocks.at(b));
        (b_size.width * b_size.height)
            .total_cmp(&(a_size.width * a_size.height))
            .then(a.cmp(&b))
    });
    let mut best: Option<(f64, Vec<Point>)> = None;
    for factor in [0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5] {
        let width = ((area * aspect).sqrt() * factor).max(widest);
        let (corners, extent) = skyline(blocks, &order, width);
        let cost = cost(extent, aspect);
        if best.as_ref().is_none_or(|(least, _)| cost < *least * 0.999) {
            best = Some((cost, corners));
        }
    }
    best.map_or_else(Vec::new, |(_, corners)| corners)
}

fn skyline(blocks: &[Size], order: &[usize], width: f64) -> (Vec<Point>, Size) {
    // Left end and height of each step, left to right.
    let mut steps: Vec<(f64, f64)> = vec![(0.0, 0.0)];
    let mut corners = vec![Point::default(); blocks.len()];
    let mut extent = Size::default();
    for &index in order {
        let block = blocks.at(index);
        let (w, h) = (block.width + BLOCK_GAP, block.height + BLOCK_GAP);
        let mut best: Option<(f64, f64)> = None;
        for (i, &(left, _)) in steps.iter().enumerate() {
            if left + w > width + 0.5 && left > 0.0 {
                continue;
            }
            let top = steps
                .iter()
                .skip(i)
                .take_while(|s| s.0 < left + w)
                .map(|s| s.1)
                .fold(0.0, f64::max);
            if best.is_none_or(|(least, _)| top < least) {
                best = Some((top, left));
            }
        }
        let (top, left) = best.unwrap_or_default();
        corners.put(index, Point::new(left, top));
        extent.width = extent.width.max(left + block.width);
        extent.height = extent.height.max(top + block.height);
        let right = left + w;
        // The step that goes on right of the block keeps its height from there.
        let after = steps
            .iter()
            .rev()
            .find(|s| s.0 <= right)
            .map_or(0.0, |s| s.1);
        steps.retain(|s| s.0 < left || s.0 > right);
        steps.push((left, top + h));
        if right < width {
            steps.push((right, after));
        }
        steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    (corners, extent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

    #[test]
    fn blocks_keep_apart() {
        let blocks: Vec<Size> = (0..40)
            .map(|i| {
                Size::new(
                    60.0 + f64::from(i * 37 % 400),
                    40.0 + f64::from(i * 91 % 700),
                )
            })
            .collect();
        let corners = pack(&blocks, 1.6);
        let (places, extent) = grid(&blocks, 1.6);
        for at in [&corners, &places] {
            let rects: Vec<Rect> = at
                .iter()
                .zip(&blocks)
                .map(|(&p, &s)| Rect::new(p, s))
                .collect();
            for (i, a) in rects.iter().enumerate() {
                assert!(rects[i + 1..].iter().all(|b| !a.overlaps(b)));
            }
        }
        assert!(extent.width / extent.height > 0.8 && extent.width / extent.height < 3.0);
    }
}
