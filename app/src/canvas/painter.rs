//! The engine's primitives on a 2D canvas. What is drawn is decided in the engine alone.

use crate::canvas::palette::Palette;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::painter::{Align, DIAMOND_LINE, Ink, Painter, Paths, Step, Stroke, Text, rounded};
use js_sys::Array;
use std::f64::consts::TAU;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// Paints on a canvas whose backing store has `pixel_ratio` device pixels per CSS pixel.
pub struct CanvasPainter<'a> {
    context: &'a CanvasRenderingContext2d,
    palette: &'a Palette,
    pixel_ratio: f64,
    size: Size,
    transform: Transform,
    dashed: bool,
    font: Option<(u64, bool)>,
    /// Whether lengths are CSS pixels for the moment instead of world units.
    in_pixels: bool,
}

/// Sizes of letters are rounded to so many parts of a CSS pixel, which nobody sees.
const FONT_PARTS: f64 = 64.0;

impl<'a> CanvasPainter<'a> {
    /// A painter for one picture.
    pub fn new(
        context: &'a CanvasRenderingContext2d,
        palette: &'a Palette,
        pixel_ratio: f64,
    ) -> Self {
        Self {
            context,
            palette,
            pixel_ratio,
            size: Size::default(),
            transform: Transform::default(),
            dashed: false,
            font: None,
            in_pixels: false,
        }
    }

    /// Lengths are world units.
    fn use_world(&mut self) {
        if self.in_pixels {
            self.in_pixels = false;
            self.set_transform(&self.transform);
        }
    }

    /// Lengths are CSS pixels. A browser keeps the letters that it has drawn by their size and by
    /// the transform: so they serve the next frame of a zoom too.
    fn use_pixels(&mut self) {
        if !self.in_pixels {
            self.in_pixels = true;
            self.set_transform(&Transform::default());
        }
    }

    fn set_transform(&self, screen_from_here: &Transform) {
        let scale = screen_from_here.scale() * self.pixel_ratio;
        let offset = screen_from_here.offset();
        // Only numbers that are not finite are refused, and a transform has none.
        let _ = self.context.set_transform(
            scale,
            0.0,
            0.0,
            scale,
            offset.x * self.pixel_ratio,
            offset.y * self.pixel_ratio,
        );
    }

    fn fill_with(&self, ink: Ink) {
        self.context.set_fill_style_str(self.palette.color(ink));
    }

    fn stroke_with(&mut self, stroke: &Stroke) {
        self.context
            .set_stroke_style_str(self.palette.color(stroke.ink));
        self.context.set_line_width(stroke.width);
        let dashed = stroke.dash > 0.0;
        if dashed || self.dashed {
            let dashes = Array::new();
            if dashed {
                dashes.push(&JsValue::from_f64(stroke.dash));
                dashes.push(&JsValue::from_f64(stroke.dash * 0.75));
            }
            // Only a list with a negative number is refused.
            let _ = self.context.set_line_dash(&dashes);
            self.dashed = dashed;
        }
    }

    fn trace_rects(&self, rects: &[Rect], radius: f64) {
        self.context.begin_path();
        // Below half a device pixel a rounded corner cannot be told from a square one.
        let rounds = radius * self.transform.scale() * self.pixel_ratio > 0.5;
        for rect in rects {
            let (x, y, width, height) = (rect.min.x, rect.min.y, rect.width(), rect.height());
            if !rounds
                || self
                    .context
                    .round_rect_with_f64(x, y, width, height, radius)
                    .is_err()
            {
                self.context.rect(x, y, width, height);
            }
        }
    }
}

impl Painter for CanvasPainter<'_> {
    fn begin(&mut self, screen_from_world: &Transform, size: Size) {
        self.transform = *screen_from_world;
        self.size = size;
        self.in_pixels = false;
        self.set_transform(screen_from_world);
        self.context.set_line_join("round");
        // The painter before may have left dashes behind.
        let _ = self.context.set_line_dash(&Array::new());
        self.dashed = false;
        self.context.set_text_baseline("alphabetic");
    }

    fn clear(&mut self, ink: Ink) {
        self.use_world();
        self.fill_with(ink);
        let seen = self
            .transform
            .invert_rect(&Rect::new(Point::default(), self.size))
            .grow(1.0);
        self.context
            .fill_rect(seen.min.x, seen.min.y, seen.width(), seen.height());
    }

    fn dots(&mut self, world: &Rect, step: f64, radius: f64, ink: Ink) {
        self.use_world();
        self.fill_with(ink);
        let side = radius * 2.0;
        let mut y = (world.min.y / step).floor() * step;
        while y <= world.max.y {
            let mut x = (world.min.x / step).floor() * step;
            while x <= world.max.x {
                self.context.fill_rect(x - radius, y - radius, side, side);
                x += step;
            }
            y += step;
        }
    }

    fn fill_rects(&mut self, rects: &[Rect], radius: f64, ink: Ink) {
        self.use_world();
        self.fill_with(ink);
        self.trace_rects(rects, radius);
        self.context.fill();
    }

    fn stroke_rects(&mut self, rects: &[Rect], radius: f64, stroke: &Stroke) {
        self.use_world();
        self.stroke_with(stroke);
        self.trace_rects(rects, radius);
        self.context.stroke();
    }

    fn stroke_lines(&mut self, lines: &[(Point, Point)], stroke: &Stroke) {
        self.use_world();
        self.stroke_with(stroke);
        self.context.begin_path();
        for (from, to) in lines {
            self.context.move_to(from.x, from.y);
            self.context.line_to(to.x, to.y);
        }
        self.context.stroke();
    }

    fn stroke_paths(&mut self, paths: &Paths, radius: f64, stroke: &Stroke) {
        self.use_world();
        self.stroke_with(stroke);
        self.context.begin_path();
        for path in paths.iter() {
            rounded(path, radius, |step| match step {
                Step::Move(to) => self.context.move_to(to.x, to.y),
                Step::Line(to) => self.context.line_to(to.x, to.y),
                Step::Curve(around, to) => {
                    self.context
                        .quadratic_curve_to(around.x, around.y, to.x, to.y);
                }
            });
        }
        self.context.stroke();
    }

    fn circles(&mut self, centers: &[Point], radius: f64, fill: Ink, stroke: &Stroke) {
        self.use_world();
        self.stroke_with(stroke);
        self.fill_with(fill);
        self.context.begin_path();
        for center in centers {
            self.context.move_to(center.x + radius, center.y);
            // Only a negative radius is refused.
            let _ = self.context.arc(center.x, center.y, radius, 0.0, TAU);
        }
        self.context.fill();
        self.context.stroke();
    }

    fn diamonds(&mut self, centers: &[Point], radius: f64, filled: bool, ink: Ink) {
        self.use_world();
        self.context.begin_path();
        for center in centers {
            self.context.move_to(center.x, center.y - radius);
            self.context.line_to(center.x + radius, center.y);
            self.context.line_to(center.x, center.y + radius);
            self.context.line_to(center.x - radius, center.y);
            self.context.close_path();
        }
        if filled {
            self.fill_with(ink);
            self.context.fill();
        } else {
            self.stroke_with(&Stroke::solid(ink, DIAMOND_LINE));
            self.context.stroke();
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        self.use_pixels();
        let size = (text.size * self.transform.scale() * FONT_PARTS).round() / FONT_PARTS;
        // Setting a font is dear; most texts that follow each other share it.
        let wanted = (size.to_bits(), text.bold);
        if self.font != Some(wanted) {
            let weight = if text.bold { "700 " } else { "" };
            self.context
                .set_font(&format!("{weight}{size}px {}", self.palette.face));
            self.font = Some(wanted);
        }
        self.fill_with(text.ink);
        self.context.set_text_align(match text.align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        });
        // Only numbers that are not finite are refused.
        let at = self.transform.apply(text.at);
        let _ = self.context.fill_text(text.text, at.x, at.y);
    }

    fn end(&mut self) {
        self.use_world();
    }
}
