//! A picture as PNG. It is painted in strips, one after the other, so that the largest one needs
//! little memory.

mod glyph;

use self::glyph::{Glyphs, Stamp};
use crate::font::{Fonts, left_end};
use crate::ink::Inks;
use crate::{Options, PictureError};
use ::png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::paint::{LEGEND_MARGIN, View, bitmap_size, fits_bitmap, legend_size, paint};
use diagram::painter::{DIAMOND_LINE, Grouping, Ink, Painter, Paths, Step, Stroke, Text, rounded};
use diagram::scene::Scene;
use std::cell::Cell;
use tiny_skia::{Color, FillRule, LineJoin, Paint, PathBuilder, Pixmap, StrokeDash};

/// Pixels of a strip, about.
const STRIP_PIXELS: u64 = 8_000_000;
/// Rows of a strip at the least.
const STRIP_MIN: u32 = 64;

/// What `view` sees of `scene`, with `scale` pixels for each of the view's.
///
/// # Errors
/// Too large, or too slow in the opinion of `options`.
pub fn png(
    scene: &Scene,
    view: &View,
    scale: f64,
    options: &Options<'_>,
) -> Result<Vec<u8>, PictureError> {
    let (width, height) = bitmap_size(view.size, scale);
    let too_large = PictureError::TooLarge { width, height };
    if !fits_bitmap(view.size, scale) {
        return Err(too_large);
    }
    let (width, height) = (
        u32::try_from(width).map_err(|_| too_large)?,
        u32::try_from(height).map_err(|_| too_large)?,
    );
    let fonts = Fonts::load()?;
    let inks = Inks::new(options.theme);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    // Most rows are like the one above them.
    encoder.set_filter(Filter::NoFilter);
    // Printed, it is as large as the page shows it, whatever the scale.
    let per_meter = (scale * 96.0 / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: per_meter,
        yppu: per_meter,
        unit: Unit::Meter,
    }));
    let broken = |_| PictureError::Broken;
    encoder
        .add_itxt_chunk("Title".to_owned(), options.title.to_owned())
        .map_err(broken)?;
    let mut writer = encoder.write_header().map_err(broken)?;
    let mut rows = writer.stream_writer().map_err(broken)?;

    let mut glyphs = Glyphs::new(&fonts);
    let mut line = Vec::with_capacity(width as usize * 3);
    let legend = legend_rows(scene, view, scale);
    let tall = u32::try_from(STRIP_PIXELS / u64::from(width))
        .unwrap_or(STRIP_MIN)
        .max(STRIP_MIN);
    let mut top = 0;
    while top < height {
        let rest = height - top;
        // The last strip holds the legend as a whole.
        let tall = if rest < tall.saturating_add(legend) {
            rest
        } else {
            tall
        };
        let mut pixmap = Pixmap::new(width, tall).ok_or(too_large)?;
        let mut strip = view.clone();
        strip.transform = view.transform.pan(0.0, -f64::from(top) / scale);
        strip.size.height = f64::from(tall) / scale;
        strip.legend = view.legend && top + tall >= height;
        let mut painter = PixelPainter {
            pixmap: &mut pixmap,
            glyphs: &mut glyphs,
            inks: &inks,
            scale,
            transform: Transform::default(),
            give_up: options.give_up,
            gave_up: Cell::new(false),
        };
        paint(scene, &strip, &mut painter);
        if painter.gave_up.get() {
            return Err(PictureError::TooSlow);
        }
        for row in pixmap.data().chunks_exact(width as usize * 4) {
            line.clear();
            for pixel in row.chunks_exact(4) {
                line.extend(pixel.iter().take(3));
            }
            std::io::Write::write_all(&mut rows, &line).map_err(|_| PictureError::Broken)?;
        }
        if (options.give_up)() {
            return Err(PictureError::TooSlow);
        }
        top += tall;
    }
    rows.finish().map_err(broken)?;
    writer.finish().map_err(broken)?;
    Ok(file)
}

/// Rows of pixels that the legend takes at the picture's lower end.
fn legend_rows(scene: &Scene, view: &View, scale: f64) -> u32 {
    let overlay = scene.overlay().filter(|_| view.legend);
    overlay.map_or(0, |overlay| {
        let legend = legend_size(overlay, scene.metrics());
        ((legend.height + 2.0 * LEGEND_MARGIN) * scale).ceil() as u32
    })
}

/// Paints on pixels. Parts are painted one after the other, as in an SVG.
struct PixelPainter<'a, 'f> {
    pixmap: &'a mut Pixmap,
    glyphs: &'a mut Glyphs<'f>,
    inks: &'a Inks,
    /// Pixels per CSS pixel.
    scale: f64,
    transform: Transform,
    give_up: &'a dyn Fn() -> bool,
    gave_up: Cell<bool>,
}

impl PixelPainter<'_, '_> {
    /// A world point in pixels.
    fn place(&self, point: Point) -> (f32, f32) {
        let at = self.transform.apply(point);
        ((at.x * self.scale) as f32, (at.y * self.scale) as f32)
    }

    /// A world length in pixels.
    fn length(&self, length: f64) -> f32 {
        (length * self.transform.scale() * self.scale) as f32
    }

    fn paint_with(&self, ink: Ink) -> Paint<'static> {
        let [red, green, blue] = self.inks.color(ink);
        let mut paint = Paint::default();
        paint.set_color_rgba8(red, green, blue, 255);
        paint
    }

    fn fill(&mut self, path: PathBuilder, ink: Ink) {
        if let Some(path) = path.finish() {
            let paint = self.paint_with(ink);
            let (rule, still) = (FillRule::Winding, tiny_skia::Transform::identity());
            self.pixmap.fill_path(&path, &paint, rule, still, None);
        }
    }

    fn stroke(&mut self, path: PathBuilder, stroke: &Stroke) {
        let Some(path) = path.finish() else {
            return;
        };
        let paint = self.paint_with(stroke.ink);
        let dash = self.length(stroke.dash);
        let pen = tiny_skia::Stroke {
            width: self.length(stroke.width),
            line_join: LineJoin::Round,
            dash: (dash > 0.0)
                .then(|| StrokeDash::new(vec![dash, dash * 0.75], 0.0))
                .flatten(),
            ..tiny_skia::Stroke::default()
        };
        let still = tiny_skia::Transform::identity();
        self.pixmap.stroke_path(&path, &paint, &pen, still, None);
    }

    fn trace_rect(&self, path: &mut PathBuilder, rect: &Rect, radius: f64) {
        let ((left, top), (right, bottom)) = (self.place(rect.min), self.place(rect.max));
        let r = self
            .length(radius)
            .min((right - left) / 2.0)
            .min((bottom - top) / 2.0);
        if r < 0.25 {
            if let Some(rect) = tiny_skia::Rect::from_ltrb(left, top, right, bottom) {
                path.push_rect(rect);
            }
            return;
        }
        // How far the handles of a quarter of a circle stand off its corner.
        let h = r * 0.447_715;
        path.move_to(left + r, top);
        path.line_to(right - r, top);
        path.cubic_to(right - h, top, right, top + h, right, top + r);
        path.line_to(right, bottom - r);
        path.cubic_to(right, bottom - h, right - h, bottom, right - r, bottom);
        path.line_to(left + r, bottom);
        path.cubic_to(left + h, bottom, left, bottom - h, left, bottom - r);
        path.line_to(left, top + r);
        path.cubic_to(left, top + h, left + h, top, left + r, top);
        path.close();
    }

    fn trace_rects(&self, rects: &[Rect], radius: f64) -> PathBuilder {
        let mut path = PathBuilder::new();
        for rect in rects {
            self.trace_rect(&mut path, rect, radius);
        }
        path
    }

    /// Whether somebody waits no longer; then nothing more is drawn.
    fn stops(&self) -> bool {
        if !self.gave_up.get() && (self.give_up)() {
            self.gave_up.set(true);
        }
        self.gave_up.get()
    }
}

impl Painter for PixelPainter<'_, '_> {
    fn grouping(&self) -> Grouping {
        Grouping::Everything
    }

    fn begin(&mut self, screen_from_world: &Transform, _size: Size) {
        self.transform = *screen_from_world;
    }

    fn clear(&mut self, ink: Ink) {
        let [red, green, blue] = self.inks.color(ink);
        self.pixmap.fill(Color::from_rgba8(red, green, blue, 255));
    }

    fn dots(&mut self, world: &Rect, step: f64, radius: f64, ink: Ink) {
        let radius = self.length(radius);
        let color = self.inks.color(ink);
        let mut y = (world.min.y / step).floor() * step;
        while y <= world.max.y + step {
            if self.stops() {
                return;
            }
            let mut x = (world.min.x / step).floor() * step;
            while x <= world.max.x + step {
                let at = self.place(Point::new(x, y));
                self.glyphs
                    .stamp(self.pixmap, Stamp::Dot(radius), at, color);
                x += step;
            }
            y += step;
        }
    }

    fn fill_rects(&mut self, rects: &[Rect], radius: f64, ink: Ink) {
        if !self.stops() {
            self.fill(self.trace_rects(rects, radius), ink);
        }
    }

    fn stroke_rects(&mut self, rects: &[Rect], radius: f64, stroke: &Stroke) {
        if !self.stops() {
            self.stroke(self.trace_rects(rects, radius), stroke);
        }
    }

    fn stroke_lines(&mut self, lines: &[(Point, Point)], stroke: &Stroke) {
        if self.stops() {
            return;
        }
        let mut path = PathBuilder::new();
        for &(a, b) in lines {
            let ((ax, ay), (bx, by)) = (self.place(a), self.place(b));
            path.move_to(ax, ay);
            path.line_to(bx, by);
        }
        self.stroke(path, stroke);
    }

    fn stroke_paths(&mut self, paths: &Paths, radius: f64, stroke: &Stroke) {
        if self.stops() {
            return;
        }
        let mut path = PathBuilder::new();
        for points in paths.iter() {
            rounded(points, radius, |step| match step {
                Step::Move(to) => {
                    let (x, y) = self.place(to);
                    path.move_to(x, y);
                }
                Step::Line(to) => {
                    let (x, y) = self.place(to);
                    path.line_to(x, y);
                }
                Step::Curve(around, to) => {
                    let ((cx, cy), (x, y)) = (self.place(around), self.place(to));
                    path.quad_to(cx, cy, x, y);
                }
            });
        }
        self.stroke(path, stroke);
    }

    fn circles(&mut self, centers: &[Point], radius: f64, fill: Ink, stroke: &Stroke) {
        if self.stops() {
            return;
        }
        let trace = |painter: &Self| {
            let mut path = PathBuilder::new();
            for center in centers {
                let (x, y) = painter.place(*center);
                path.push_circle(x, y, painter.length(radius));
            }
            path
        };
        self.fill(trace(self), fill);
        self.stroke(trace(self), stroke);
    }

    fn diamonds(&mut self, centers: &[Point], radius: f64, filled: bool, ink: Ink) {
        let mut path = PathBuilder::new();
        let r = self.length(radius);
        for center in centers {
            let (x, y) = self.place(*center);
            path.move_to(x, y - r);
            path.line_to(x + r, y);
            path.line_to(x, y + r);
            path.line_to(x - r, y);
            path.close();
        }
        if filled {
            self.fill(path, ink);
        } else {
            self.stroke(path, &Stroke::solid(ink, DIAMOND_LINE));
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        if self.stops() {
            return;
        }
        let color = self.inks.color(text.ink);
        let at = self.place(Point::new(left_end(text), text.at.y));
        let size = self.length(text.size);
        self.glyphs.write(self.pixmap, text, at, size, color);
    }
}
