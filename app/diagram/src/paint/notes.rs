//! Areas, memos, pins, and what the hand does: the frame that selects and the lines that snap.

use crate::area::{AREA_RADIUS, area_rect, strong, tint, title_band, title_font};
use crate::detail::Lod;
use crate::geometry::{Point, Rect};
use crate::measure::{PADDING, cut};
use crate::memo::{memo_lines, memo_rect};
use crate::paint::{BOX_RADIUS, Look, Notes, hairline};
use crate::painter::{Align, Grouping, Ink, Painter, Part, Stroke, Text};
use model::view::{Area, Memo, ViewColour};

/// The smallest text that is drawn, in screen pixels.
const TEXT_MIN: f64 = 5.0;
/// Radius of a pin's head, in world units.
const PIN: f64 = 4.5;

/// Areas, the first at the bottom. Those that are being dragged over the others (`bare`) are lines
/// only, so that they cover nothing.
pub(super) fn paint_areas<P: Painter>(
    look: &Look<'_>,
    chosen: impl Fn(usize) -> bool,
    bare: bool,
    painter: &mut P,
) {
    for (place, (_, area)) in look.scene.areas() {
        let rect = area_rect(area);
        if !chosen(place) || !rect.intersects(&look.world) {
            continue;
        }
        if painter.grouping() >= Grouping::Boxes {
            painter.open(Part::Area(place));
        }
        paint_area(look, area, &rect, bare, painter);
        if painter.grouping() >= Grouping::Boxes {
            painter.close(Part::Area(place));
        }
    }
}

fn paint_area<P: Painter>(look: &Look<'_>, area: &Area, rect: &Rect, bare: bool, painter: &mut P) {
    if !bare {
        painter.fill_rects(&[*rect], AREA_RADIUS, tint(area.colour));
    }
    let width = 1.5 * hairline(look.zoom);
    painter.stroke_rects(
        &[*rect],
        AREA_RADIUS,
        &Stroke::solid(strong(area.colour), width),
    );
    let metrics = look.scene.metrics();
    let size = title_font(area, look.zoom, metrics);
    if area.title.is_empty() || size * look.zoom < TEXT_MIN {
        return;
    }
    let band = title_band(area, look.zoom, metrics);
    let room = metrics.cells_in(rect.width() - 2.0 * PADDING, size);
    painter.text(&Text {
        at: Point::new(rect.min.x + PADDING, band.center().y + size * 0.35),
        text: &cut(&area.title, room),
        size,
        bold: true,
        ink: Ink::Text,
        align: Align::Left,
    });
}

/// Memos, the first at the bottom.
pub(super) fn paint_memos<P: Painter>(
    look: &Look<'_>,
    chosen: impl Fn(usize) -> bool,
    painter: &mut P,
) {
    for (place, (_, memo)) in look.scene.memos() {
        let rect = memo_rect(memo);
        if !chosen(place) || !rect.intersects(&look.world) {
            continue;
        }
        if painter.grouping() >= Grouping::Boxes {
            painter.open(Part::Memo(place));
        }
        paint_memo(look, memo, &rect, painter);
        if painter.grouping() >= Grouping::Boxes {
            painter.close(Part::Memo(place));
        }
    }
}

fn paint_memo<P: Painter>(look: &Look<'_>, memo: &Memo, rect: &Rect, painter: &mut P) {
    let colour = ViewColour::Yellow;
    if look.lod == Lod::Block {
        painter.fill_rects(&[*rect], 0.0, strong(colour));
        return;
    }
    painter.fill_rects(&[*rect], BOX_RADIUS, tint(colour));
    let edge = Stroke::solid(strong(colour), hairline(look.zoom));
    painter.stroke_rects(&[*rect], BOX_RADIUS, &edge);
    let mut hints = Vec::new();
    for line in memo_lines(memo, look.scene.metrics()) {
        let middle = rect.min.y + line.middle;
        for span in &line.spans {
            let left = rect.min.x + span.left;
            if line.size * look.zoom < TEXT_MIN {
                let width = look.scene.metrics().width(&span.text, line.size);
                hints.push(Rect {
                    min: Point::new(left, middle - line.size * 0.2),
                    max: Point::new((left + width).min(rect.max.x), middle + line.size * 0.2),
                });
                continue;
            }
            painter.text(&Text {
                at: Point::new(left, middle + line.size * 0.35),
                text: &span.text,
                size: line.size,
                bold: span.bold,
                ink: Ink::Text,
                align: Align::Left,
            });
        }
    }
    if !hints.is_empty() {
        painter.fill_rects(&hints, 0.0, strong(colour));
    }
}

/// Pins at the upper right corners of tables that stay where they are.
pub(super) fn paint_pins<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    let (mut heads, mut needles) = (Vec::new(), Vec::new());
    for &table in tables {
        if look.scene.is_pinned(table as usize) {
            let rect = look.scene.rect(table as usize);
            let head = Point::new(rect.max.x - 3.0, rect.min.y - 3.0);
            heads.push(head);
            needles.push((head, head.offset(-7.0, 9.0)));
        }
    }
    if !heads.is_empty() {
        painter.stroke_lines(&needles, &Stroke::solid(Ink::Accent, 1.75));
        let ring = Stroke::solid(Ink::Canvas, 1.5);
        painter.circles(&heads, PIN, Ink::Accent, &ring);
    }
}

/// Outlines of selected areas and memos, with the corners that resize them.
pub(super) fn paint_selected<P: Painter>(look: &Look<'_>, selected: &Notes, painter: &mut P) {
    let areas = selected.areas.iter().filter_map(|&i| look.scene.area(i));
    let memos = selected.memos.iter().filter_map(|&i| look.scene.memo(i));
    let rects: Vec<Rect> = areas
        .map(|(_, area)| area_rect(area))
        .chain(memos.map(|(_, memo)| memo_rect(memo)))
        .filter(|rect| rect.intersects(&look.world))
        .collect();
    if rects.is_empty() {
        return;
    }
    let unit = hairline(look.zoom);
    painter.stroke_rects(
        &rects,
        BOX_RADIUS,
        &Stroke::solid(Ink::Selection, 2.0 * unit),
    );
    let corners: Vec<Rect> = rects
        .iter()
        .map(|rect| {
            Rect {
                min: rect.max,
                max: rect.max,
            }
            .grow(4.0 * unit)
        })
        .collect();
    painter.fill_rects(&corners, 0.0, Ink::Selection);
}

/// What a drag shows: lines to what is in line, and the frame that selects.
pub(super) fn paint_hand<P: Painter>(
    look: &Look<'_>,
    guides: &[(Point, Point)],
    frame: Option<Rect>,
    painter: &mut P,
) {
    let unit = 1.0 / look.zoom;
    if !guides.is_empty() {
        painter.stroke_lines(guides, &Stroke::solid(Ink::Accent, unit));
    }
    if let Some(frame) = frame {
        let stroke = Stroke {
            ink: Ink::Selection,
            width: 1.5 * unit,
            dash: 5.0 * unit,
        };
        painter.stroke_rects(&[frame], 0.0, &stroke);
    }
}
