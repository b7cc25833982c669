//! Characters as stamps: drawn once for each size and place within a pixel, and put wherever they
//! are needed.

use crate::font::{Fonts, Sign, Weight, advance};
use diagram::painter::Text;
use std::collections::HashMap;
use tiny_skia::{FillRule, Mask, PathBuilder, Pixmap, PremultipliedColorU8, Rect, Transform};
use ttf_parser::{GlyphId, OutlineBuilder};

/// Places within a pixel that are told apart, in each direction.
const PLACES: f32 = 4.0;
/// So many stamps are kept; beyond, all are drawn anew.
const STAMPS_MAX: usize = 20_000;

/// What is put.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stamp {
    /// A character at a size, bold or not.
    Sign(Sign, bool, f32),
    /// A disc of a radius.
    Dot(f32),
}

/// What a stamp is kept under; sizes by their bits.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    sign: Option<(Sign, bool)>,
    size: u32,
    place: (u8, u8),
}

/// How much of each pixel is covered, and where the first one is.
struct Coverage {
    left: i64,
    top: i64,
    width: usize,
    covered: Vec<u8>,
}

/// The stamps of one picture.
pub(super) struct Glyphs<'a> {
    fonts: &'a Fonts,
    stamps: HashMap<Key, Option<Coverage>>,
}

impl<'a> Glyphs<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            stamps: HashMap::new(),
        }
    }

    /// Writes a text whose left end is at `at`; all in pixels.
    pub(super) fn write(
        &mut self,
        pixmap: &mut Pixmap,
        text: &Text<'_>,
        at: (f32, f32),
        size: f32,
        color: [u8; 3],
    ) {
        // Above or below the strip there is nothing to do.
        if at.1 + size < 0.0 || at.1 - size * 1.5 > pixmap.height() as f32 {
            return;
        }
        let step = advance(f64::from(size)) as f32;
        let fonts = self.fonts;
        for placed in fonts.weight(text.bold).place(text.text) {
            let stamp = Stamp::Sign(placed.sign, text.bold, size);
            let x = at.0 + step * placed.cell as f32;
            self.stamp(pixmap, stamp, (x, at.1), color);
        }
    }

    /// Puts a stamp.
    pub(super) fn stamp(
        &mut self,
        pixmap: &mut Pixmap,
        stamp: Stamp,
        at: (f32, f32),
        color: [u8; 3],
    ) {
        let (x, y) = (at.0.floor(), at.1.floor());
        let place = |rest: f32| ((rest * PLACES) as u8).min(PLACES as u8 - 1);
        let place = (place(at.0 - x), place(at.1 - y));
        let key = match stamp {
            Stamp::Sign(sign, bold, size) => Key {
                sign: Some((sign, bold)),
                size: size.to_bits(),
                place,
            },
            Stamp::Dot(radius) => Key {
                sign: None,
                size: radius.to_bits(),
                place,
            },
        };
        if self.stamps.len() > STAMPS_MAX {
            self.stamps.clear();
        }
        let fonts = self.fonts;
        let coverage = self.stamps.entry(key).or_insert_with(|| {
            let shift = |place: u8| (f32::from(place) + 0.5) / PLACES;
            draw(fonts, stamp, shift(place.0), shift(place.1))
        });
        if let Some(coverage) = coverage {
            put(pixmap, coverage, x as i64, y as i64, color);
        }
    }
}

/// Draws a stamp whose point is at `x`, `y`; nothing for a blank.
fn draw(fonts: &Fonts, stamp: Stamp, x: f32, y: f32) -> Option<Coverage> {
    let mut outline = Outline {
        path: PathBuilder::new(),
        scale: 1.0,
        x,
        y,
    };
    match stamp {
        Stamp::Dot(radius) => outline.path.push_circle(x, y, radius),
        Stamp::Sign(sign, bold, size) => {
            let weight = fonts.weight(bold);
            outline.scale = size / f32::from(weight.face.units_per_em());
            trace(weight, sign, size, &mut outline)?;
        }
    }
    let path = outline.path.finish()?;
    let bounds = path.bounds();
    let (left, top) = (bounds.left().floor(), bounds.top().floor());
    let width = (bounds.right().ceil() - left) as u32;
    let height = (bounds.bottom().ceil() - top) as u32;
    let mut mask = Mask::new(width.max(1), height.max(1))?;
    let moved = Transform::from_translate(-left, -top);
    // A frame is a hole in a box; strokes of a glyph may lie over each other.
    let rule = match stamp {
        Stamp::Sign(Sign::Frame(_), ..) => FillRule::EvenOdd,
        _ => FillRule::Winding,
    };
    mask.fill_path(&path, rule, true, moved);
    Some(Coverage {
        left: left as i64,
        top: top as i64,
        width: mask.width() as usize,
        covered: mask.data().to_vec(),
    })
}

fn trace(weight: &Weight, sign: Sign, size: f32, outline: &mut Outline) -> Option<()> {
    match sign {
        Sign::Glyph(glyph) => {
            weight.face.outline_glyph(GlyphId(glyph), outline)?;
        }
        Sign::Frame(cells) => {
            let width = advance(f64::from(size)) as f32 * f32::from(cells);
            let line = size * 0.07;
            let (left, right) = (outline.x + size * 0.08, outline.x + width - size * 0.08);
            let (top, bottom) = (outline.y - size * 0.73, outline.y);
            for inset in [0.0, line] {
                let (left, right) = (left + inset, right - inset);
                let rect = Rect::from_ltrb(left, top + inset, right, bottom - inset)?;
                outline.path.push_rect(rect);
            }
        }
    }
    Some(())
}

fn put(pixmap: &mut Pixmap, coverage: &Coverage, x: i64, y: i64, color: [u8; 3]) {
    let (width, height) = (i64::from(pixmap.width()), i64::from(pixmap.height()));
    let left = x + coverage.left;
    let pixels = pixmap.pixels_mut();
    for (row, covered) in coverage.covered.chunks_exact(coverage.width).enumerate() {
        let y = y + coverage.top + row as i64;
        if !(0..height).contains(&y) {
            continue;
        }
        for (column, &covered) in covered.iter().enumerate() {
            let x = left + column as i64;
            if covered == 0 || !(0..width).contains(&x) {
                continue;
            }
            let place = usize::try_from(y * width + x).unwrap_or(usize::MAX);
            if let Some(pixel) = pixels.get_mut(place) {
                *pixel = over(*pixel, color, covered);
            }
        }
    }
}

/// The colour laid over a pixel that is not transparent.
fn over(pixel: PremultipliedColorU8, color: [u8; 3], covered: u8) -> PremultipliedColorU8 {
    let [red, green, blue] = color;
    let covered = u32::from(covered);
    let mix = |below: u8, above: u8| {
        let sum = u32::from(below) * (255 - covered) + u32::from(above) * covered;
        ((sum + 127) / 255) as u8
    };
    PremultipliedColorU8::from_rgba(
        mix(pixel.red(), red),
        mix(pixel.green(), green),
        mix(pixel.blue(), blue),
        255,
    )
    .unwrap_or(pixel)
}

/// Turns a glyph's outline into a path: from the font's units to pixels, upside down.
struct Outline {
    path: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Outline {
    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.point(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.point(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.point(x1, y1), self.point(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2)) = (self.point(x1, y1), self.point(x2, y2));
        let (x, y) = self.point(x, y);
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
