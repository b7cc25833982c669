//! Areas as the scene has them: where their titles stand, and where one takes hold of them.

use model::view::{Area, ViewColour};

use crate::detail::Lod;
use crate::geometry::{Point, Rect, Size};
use crate::measure::{PADDING, TextMetrics, cells};
use crate::painter::Ink;

/// Radius of an area's corners, in world units.
pub const AREA_RADIUS: f64 = 8.0;
/// Font size of a title at reading size, in world units.
const TITLE_FONT: f64 = 14.0;
/// The smallest a title is on the screen, in pixels, as long as it fits.
const TITLE_MIN: f64 = 11.0;
/// The smallest area that can be made, in world units.
pub const AREA_MIN: Size = Size::new(80.0, 60.0);

/// The rectangle of an area; what is no number, or too small, is made good.
#[must_use]
pub fn area_rect(area: &Area) -> Rect {
    sane_rect(area.at.x, area.at.y, area.width, area.height)
}

pub(crate) fn sane_rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
    let at = Point::new(x, y).sane();
    let size = Point::new(width, height).sane();
    Rect::new(at, Size::new(size.x.max(16.0), size.y.max(16.0)))
}

/// The font size of an area's title at a zoom, in world units: larger from afar, as far as the area
/// has room for it.
#[must_use]
pub fn title_font(area: &Area, zoom: f64, metrics: &TextMetrics) -> f64 {
    let rect = area_rect(area);
    let wanted = TITLE_FONT.max(TITLE_MIN / zoom.max(0.001));
    let room = (rect.width() - 2.0 * PADDING) / (cells(&area.title).max(1) as f64);
    let fitting = room / metrics.advance(1.0).max(0.01);
    wanted
        .min(fitting.max(TITLE_FONT))
        .min((rect.height() * 0.4).max(TITLE_FONT))
}

/// The band at the top of an area that holds its title and by which it is taken, in world units.
#[must_use]
pub fn title_band(area: &Area, zoom: f64, metrics: &TextMetrics) -> Rect {
    let rect = area_rect(area);
    let height = title_font(area, zoom, metrics) * 1.9;
    Rect {
        min: rect.min,
        max: Point::new(rect.max.x, (rect.min.y + height).min(rect.max.y)),
    }
}

/// The strong colour: lines, strips, blocks.
#[must_use]
pub const fn strong(colour: ViewColour) -> Ink {
    match colour {
        ViewColour::Red => Ink::Red,
        ViewColour::Orange => Ink::Orange,
        ViewColour::Yellow => Ink::Yellow,
        ViewColour::Green => Ink::Green,
        ViewColour::Teal => Ink::Teal,
        ViewColour::Blue => Ink::Blue,
        ViewColour::Purple => Ink::Purple,
        ViewColour::Grey => Ink::Grey,
    }
}

/// The tint behind texts.
#[must_use]
pub const fn tint(colour: ViewColour) -> Ink {
    match colour {
        ViewColour::Red => Ink::RedFill,
        ViewColour::Orange => Ink::OrangeFill,
        ViewColour::Yellow => Ink::YellowFill,
        ViewColour::Green => Ink::GreenFill,
        ViewColour::Teal => Ink::TealFill,
        ViewColour::Blue => Ink::BlueFill,
        ViewColour::Purple => Ink::PurpleFill,
        ViewColour::Grey => Ink::GreyFill,
    }
}

/// What of an area, or of a memo, is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// Where one takes hold of it to move it.
    Body,
    /// Its lower right corner, which resizes it.
    Corner,
}

/// How far from a corner it is still taken, in screen pixels.
const CORNER_REACH: f64 = 10.0;

/// The grip of a box at `world`, where all of it (`solid`) or only its edge and `band` can be taken.
pub(crate) fn grip(
    rect: &Rect,
    band: Option<&Rect>,
    solid: bool,
    world: Point,
    reach: f64,
    zoom: f64,
) -> Option<Grip> {
    if !rect.grow(reach).contains(world) {
        return None;
    }
    // From afar the corner of a small box would be all of it.
    let corner = (CORNER_REACH / zoom)
        .min(rect.width() / 4.0)
        .min(rect.height() / 4.0);
    if zoom >= Lod::BLOCK_BELOW
        && (world.x - rect.max.x).abs() <= corner
        && (world.y - rect.max.y).abs() <= corner
    {
        return Some(Grip::Corner);
    }
    let inside = rect.grow(-reach);
    let on_edge = inside.is_empty() || !inside.contains(world);
    (solid || on_edge || band.is_some_and(|band| band.contains(world))).then_some(Grip::Body)
}
