//! The picture of a large scene in tiles, so that moving it costs as much as copying it. Tiles are
//! painted a few a frame; until one is there, those of the zoom before, or a small picture of the
//! whole, stand in for it.

use crate::canvas::offscreen::context_of;
use crate::canvas::painter::CanvasPainter;
use crate::canvas::palette::Palette;
use diagram::detail::Detail;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::paint::{View, paint};
use diagram::scene::Scene;
use std::collections::HashMap;
use web_sys::{CanvasRenderingContext2d, OffscreenCanvas};

/// Side of a tile, in device pixels.
const SIDE: f64 = 512.0;
/// Tiles of one zoom that are kept, a mebibyte each.
const KEPT: usize = 60;
/// The longer side of the picture of the whole, in device pixels.
const WHOLE: f64 = 1_400.0;
/// Tiles that the picture of the whole may take.
const WHOLE_TILES: f64 = 16.0;
/// Milliseconds of a frame that painting tiles may take.
const BUDGET: f64 = 6.0;
/// Milliseconds of rest after which a new zoom is painted sharply, and what may come into view next.
const REST: f64 = 150.0;

/// A column and a row of tiles; the corner of 0, 0 is the world's origin.
type Place = (i32, i32);

/// One tile.
struct Tile {
    canvas: OffscreenCanvas,
    /// Shows the scene as it is.
    fresh: bool,
}

/// The tiles of one zoom.
#[derive(Default)]
struct Level {
    /// Device pixels per world unit.
    scale: f64,
    tiles: HashMap<Place, Tile>,
}

/// What tiles are painted from.
pub(super) struct Source<'a> {
    /// The scene.
    pub(super) scene: &'a Scene,
    /// The colours.
    pub(super) palette: &'a Palette,
    /// Device pixels per CSS pixel.
    pub(super) ratio: f64,
    /// At most this much of each table.
    pub(super) detail: Detail,
}

/// The tiles of a scene.
#[derive(Default)]
pub(super) struct Tiles {
    present: Level,
    before: Level,
    whole: Level,
    /// Since when the zoom is another than that of the present tiles, and which it was.
    zoomed: Option<(f64, f64)>,
    /// The transform of the last frame, and since when.
    looked: Option<(f64, Transform)>,
}

impl Tiles {
    /// Forgets all pictures: colours or density have changed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// What lies in these rectangles of the world has to be painted again.
    pub(super) fn stale(&mut self, dirty: &[Rect]) {
        for level in [&mut self.present, &mut self.whole] {
            let side = SIDE / level.scale;
            for (place, tile) in &mut level.tiles {
                let at = Point::new(f64::from(place.0) * side, f64::from(place.1) * side);
                let world = Rect::new(at, Size::new(side, side));
                tile.fresh = tile.fresh && !dirty.iter().any(|rect| rect.intersects(&world));
            }
        }
    }

    /// Everything has to be painted again.
    pub(super) fn stale_all(&mut self) {
        for level in [&mut self.present, &mut self.whole] {
            for tile in level.tiles.values_mut() {
                tile.fresh = false;
            }
        }
    }

    /// True when all that is in view shows the scene as it is.
    pub(super) fn is_fresh(&self, view: &View, ratio: f64) -> bool {
        let scale = view.transform.scale() * ratio;
        self.present.scale == scale
            && in_view(view, ratio)
                .iter()
                .all(|place| self.present.tiles.get(place).is_some_and(|tile| tile.fresh))
    }

    /// Paints tiles, as many as a frame has time for, those in view first. Says whether there are
    /// more to paint. None where the browser has no room for what is in view.
    pub(super) fn work(
        &mut self,
        source: &Source<'_>,
        view: &View,
        now: impl Fn() -> f64,
    ) -> Option<bool> {
        let began = now();
        let (since, looked) = *self.looked.get_or_insert((began, view.transform));
        let rests = looked == view.transform && began - since >= REST;
        if looked != view.transform {
            self.looked = Some((began, view.transform));
        }
        let scale = view.transform.scale() * source.ratio;
        if self.present.scale != scale {
            let (since, wanted) = *self.zoomed.get_or_insert((began, scale));
            if wanted != scale {
                self.zoomed = Some((began, scale));
            }
            let waits = wanted != scale || began - since < REST;
            if waits && !self.present.tiles.is_empty() {
                return Some(true);
            }
            self.before = std::mem::take(&mut self.present);
            self.present.scale = scale;
        }
        self.zoomed = None;
        // With nothing to show at all it has to be painted at once.
        let nothing = [&self.present, &self.before, &self.whole]
            .iter()
            .all(|level| level.tiles.is_empty());
        let mut painted = 0;
        let has_time = |painted: usize| painted == 0 || nothing || now() - began < BUDGET;
        let seen = in_view(view, source.ratio);
        for place in &seen {
            if self.present.tiles.get(place).is_some_and(|it| it.fresh) {
                continue;
            }
            if !has_time(painted) {
                return Some(true);
            }
            self.present.paint(*place, source)?;
            painted += 1;
        }
        self.before.tiles.clear();
        if !rests {
            return Some(true);
        }
        // The whole, for what comes into view suddenly; then what is next to what is in view.
        if self.whole.tiles.is_empty() || self.whole.tiles.values().any(|tile| !tile.fresh) {
            let around = source.scene.bounds().grow(40.0);
            let fitting = whole_scale(&around, source.ratio);
            if self.whole.scale != fitting {
                self.whole.tiles.clear();
                self.whole.scale = fitting;
            }
            for place in places(&around, fitting) {
                if self.whole.tiles.get(&place).is_some_and(|it| it.fresh) {
                    continue;
                }
                if !has_time(painted.max(1)) {
                    return Some(true);
                }
                // What is in view is there; for more there is no room.
                if self.whole.paint(place, source).is_none() {
                    return Some(false);
                }
                painted += 1;
            }
        }
        let ring = ring_kept(&seen);
        for &place in &ring {
            if self.present.tiles.get(&place).is_some_and(|it| it.fresh) {
                continue;
            }
            if !has_time(painted.max(1)) || painted > 0 {
                return Some(true);
            }
            if self.present.paint(place, source).is_none() {
                break;
            }
            painted += 1;
        }
        self.present.keep_near(&seen, &ring);
        Some(false)
    }

    /// Copies what there is onto the canvas.
    pub(super) fn show(
        &self,
        context: &CanvasRenderingContext2d,
        ground: &str,
        view: &View,
        ratio: f64,
    ) {
        // Only numbers that are not finite are refused.
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        let (width, height) = (view.size.width * ratio, view.size.height * ratio);
        // Copying with another size costs several times as much when it is done smoothly, and what
        // it shows is replaced as soon as the zoom rests.
        context.set_image_smoothing_enabled(false);
        // What the present tiles hide need not be copied.
        let unit = view.transform.scale() * ratio / self.present.scale.max(1e-9);
        let (left, top) = corner(view, ratio);
        let seen = Rect::new(
            Point::new(-left / unit, -top / unit),
            Size::new(width / unit, height / unit),
        );
        let complete = places(&seen, 1.0)
            .iter()
            .all(|place| self.present.tiles.contains_key(place));
        if !complete {
            context.set_fill_style_str(ground);
            context.fill_rect(0.0, 0.0, width, height);
            for level in [&self.whole, &self.before] {
                level.show(context, view, ratio);
            }
        }
        self.present.show(context, view, ratio);
        context.set_image_smoothing_enabled(true);
    }
}

impl Level {
    /// None where the browser has no such canvas, or no memory for one more.
    fn paint(&mut self, place: Place, source: &Source<'_>) -> Option<()> {
        let side = SIDE as u32;
        let canvas = match self.tiles.remove(&place) {
            Some(tile) => tile.canvas,
            None => OffscreenCanvas::new(side, side).ok()?,
        };
        let context = context_of(&canvas).ok()?;
        let size = SIDE / source.ratio;
        let corner = Point::new(f64::from(place.0) * -size, f64::from(place.1) * -size);
        let transform = Transform::new(self.scale / source.ratio, corner);
        let mut view = View::new(transform, Size::new(size, size));
        view.detail = source.detail;
        view.layers.lit = false;
        let mut painter = CanvasPainter::new(&context, source.palette, source.ratio);
        paint(source.scene, &view, &mut painter);
        let fresh = true;
        self.tiles.insert(place, Tile { canvas, fresh });
        Some(())
    }

    fn show(&self, context: &CanvasRenderingContext2d, view: &View, ratio: f64) {
        let (width, height) = (view.size.width * ratio, view.size.height * ratio);
        let (left, top) = corner(view, ratio);
        let side = SIDE * view.transform.scale() * ratio / self.scale;
        for (place, tile) in &self.tiles {
            // Whole pixels, so that there is no seam between tiles.
            let x0 = (f64::from(place.0) * side + left).round();
            let y0 = (f64::from(place.1) * side + top).round();
            let x1 = (f64::from(place.0 + 1) * side + left).round();
            let y1 = (f64::from(place.1 + 1) * side + top).round();
            if x1 <= 0.0 || y1 <= 0.0 || x0 >= width || y0 >= height {
                continue;
            }
            // Refused only for a canvas without pixels.
            let _ = context.draw_image_with_offscreen_canvas_and_dw_and_dh(
                &tile.canvas,
                x0,
                y0,
                x1 - x0,
                y1 - y0,
            );
        }
    }

    /// Drops the tiles that are farthest from what is in view, where there are many.
    fn keep_near(&mut self, seen: &[Place], ring: &[Place]) {
        let all = self.tiles.keys().copied().collect();
        for place in too_many(all, seen, ring) {
            self.tiles.remove(&place);
        }
    }
}

/// How far a tile is from the middle of those in view.
fn away(place: Place, seen: &[Place]) -> u32 {
    let (column, row) = seen.first().copied().unwrap_or(place);
    place.0.abs_diff(column).max(place.1.abs_diff(row))
}

/// Of the tiles next to those in view as many as are kept, the nearest.
fn ring_kept(seen: &[Place]) -> Vec<Place> {
    let mut ring = ring_around(seen);
    ring.sort_by_key(|place| (away(*place, seen), *place));
    ring.truncate(KEPT.saturating_sub(seen.len()));
    ring
}

/// Those of all tiles that are not kept: never one in view or of the ring, which would only be painted
/// again.
fn too_many(mut all: Vec<Place>, seen: &[Place], ring: &[Place]) -> Vec<Place> {
    let kept = KEPT.max(seen.len());
    if all.len() <= kept {
        return Vec::new();
    }
    let is_needed = |place: &Place| seen.contains(place) || ring.contains(place);
    all.sort_by_key(|place| (!is_needed(place), away(*place, seen), *place));
    all.split_off(kept)
}

/// The world's origin on the canvas, in whole device pixels.
pub(super) fn corner(view: &View, ratio: f64) -> (f64, f64) {
    let offset = view.transform.offset();
    ((offset.x * ratio).round(), (offset.y * ratio).round())
}

/// The tiles in view, from the middle outwards.
fn in_view(view: &View, ratio: f64) -> Vec<Place> {
    let (left, top) = corner(view, ratio);
    let seen = Rect::new(
        Point::new(-left, -top),
        Size::new(view.size.width * ratio, view.size.height * ratio),
    );
    let mut found = places(&seen, 1.0);
    let middle = Point::new(seen.center().x / SIDE - 0.5, seen.center().y / SIDE - 0.5);
    let far = |place: &Place| Point::new(f64::from(place.0), f64::from(place.1)).distance(middle);
    found.sort_by(|a, b| far(a).total_cmp(&far(b)).then(a.cmp(b)));
    found
}

/// The scale of the picture of the whole: one table far away must not make it larger than what it
/// stands in for.
fn whole_scale(around: &Rect, ratio: f64) -> f64 {
    let fitting = WHOLE / around.width().max(around.height()).max(1.0);
    let mut scale = fitting.max(0.02 * ratio);
    let tiles = |scale: f64| {
        let cell = |value: f64| (value * scale / SIDE).floor();
        let along = |from: f64, to: f64| cell(to) - cell(from) + 1.0;
        along(around.min.x, around.max.x) * along(around.min.y, around.max.y)
    };
    while tiles(scale) > WHOLE_TILES && scale > f64::EPSILON {
        scale *= 0.8;
    }
    scale
}

/// The tiles that a rectangle touches, at `scale` device pixels per unit of it.
fn places(rect: &Rect, scale: f64) -> Vec<Place> {
    let cell = |value: f64| (value * scale / SIDE).floor() as i32;
    let mut found = Vec::new();
    if rect.is_empty() {
        return found;
    }
    for row in cell(rect.min.y)..=cell(rect.max.y - 0.5 / scale) {
        for column in cell(rect.min.x)..=cell(rect.max.x - 0.5 / scale) {
            found.push((column, row));
        }
    }
    found
}

/// The tiles next to some others.
fn ring_around(seen: &[Place]) -> Vec<Place> {
    let range = |list: Vec<i32>| {
        let low = list.iter().copied().min().unwrap_or_default();
        let high = list.iter().copied().max().unwrap_or_default();
        (low, high)
    };
    let (left, right) = range(seen.iter().map(|place| place.0).collect());
    let (top, bottom) = range(seen.iter().map(|place| place.1).collect());
    let mut found = Vec::new();
    for row in top - 1..=bottom + 1 {
        for column in left - 1..=right + 1 {
            let inside = (left..=right).contains(&column) && (top..=bottom).contains(&row);
            if !inside {
                found.push((column, row));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_far_away_does_not_make_the_whole_larger() {
        let around = |width, height| Rect::new(Point::new(-40.0, -40.0), Size::new(width, height));
        let usual = around(9_000.0, 9_000.0);
        assert!((whole_scale(&usual, 1.0) - WHOLE / 9_000.0).abs() < 1e-9);
        for far in [around(300_000.0, 200_000.0), around(1e9, 1e9)] {
            let count = places(&far, whole_scale(&far, 2.0)).len();
            assert!((1..=16).contains(&count), "{count}");
        }
    }

    fn view(x: f64, y: f64) -> View {
        let transform = Transform::new(0.5, Point::new(x, y));
        View::new(transform, Size::new(1_000.0, 600.0))
    }

    #[test]
    fn tiles_cover_the_screen_and_those_around_it_are_next() {
        for ratio in [1.0, 1.5, 2.0] {
            for (x, y) in [(0.0, 0.0), (-3.3, 700.2), (12_345.6, -98_765.4)] {
                let view = view(x, y);
                let seen = in_view(&view, ratio);
                let (left, top) = corner(&view, ratio);
                for (px, py) in [(0.0, 0.0), (999.0, 0.0), (0.0, 599.0), (999.0, 599.0)] {
                    let column = ((px * ratio - left) / SIDE).floor() as i32;
                    let row = ((py * ratio - top) / SIDE).floor() as i32;
                    assert!(seen.contains(&(column, row)));
                }
                assert!(seen.len() <= 35);
                let ring = ring_around(&seen);
                assert!(ring.iter().all(|place| !seen.contains(place)));
                assert!(!ring.is_empty());
            }
        }
        assert!(places(&Rect::EMPTY, 1.0).is_empty());
    }

    #[test]
    fn on_a_large_screen_no_tile_is_dropped_that_is_painted_again() {
        for (width, height) in [(1_000.0, 600.0), (3_840.0, 2_160.0), (7_680.0, 4_320.0)] {
            let mut view = view(-3.3, 700.2);
            view.size = Size::new(width, height);
            let seen = in_view(&view, 1.0);
            let ring = ring_kept(&seen);
            let mut all = [seen.clone(), ring.clone()].concat();
            assert!(all.len() <= KEPT.max(seen.len()));
            assert!(too_many(all.clone(), &seen, &ring).is_empty());
            // Those of an earlier place go, and no others.
            let earlier: Vec<Place> = (0..KEPT as i32).map(|column| (column, 9_000)).collect();
            all.extend(&earlier);
            let dropped = too_many(all, &seen, &ring);
            assert!(!dropped.is_empty());
            assert!(dropped.iter().all(|place| earlier.contains(place)));
        }
    }
}
