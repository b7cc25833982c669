//! How the marks of an overlay look: tints, edges, signs and the legend. Nothing here runs for a
//! scene without one.

use crate::detail::Lod;
use crate::geometry::{Point, Rect, Size};
use crate::measure::{
    BoxModel, HEADER_FONT, HEADER_HEIGHT, NAME_LEFT, PADDING, ROW_FONT, ROW_HEIGHT, TextMetrics,
    cells,
};
use crate::overlay::{Mark, MarkKind, Overlay};
use crate::paint::{BOX_RADIUS, Look, hairline};
use crate::painter::{Align, Ink, Painter, Stroke, Text};

/// Height of a sign's pill, in world units.
const BADGE: f64 = 15.0;
/// Font size in it.
const BADGE_FONT: f64 = 11.0;
/// Width of the bar at a marked row's left edge, in world units.
const BAR: f64 = 3.0;
/// Height of the line that says how much a column is used, in world units.
const GAUGE: f64 = 1.5;
/// Height of a line of the legend, in screen pixels.
const LEGEND_ROW: f64 = 20.0;
/// Space inside the legend, in screen pixels.
const LEGEND_PADDING: f64 = 12.0;
/// Font size of the legend, in screen pixels.
const LEGEND_FONT: f64 = 12.0;

/// Rectangles by colour, painted with one call for each.
#[derive(Default)]
struct Colored(Vec<(Ink, Vec<Rect>)>);

impl Colored {
    fn push(&mut self, ink: Ink, rect: Rect) {
        match self.0.iter_mut().find(|it| it.0 == ink) {
            Some((_, rects)) => rects.push(rect),
            None => self.0.push((ink, vec![rect])),
        }
    }

    fn fill<P: Painter>(&self, radius: f64, painter: &mut P) {
        for (ink, rects) in &self.0 {
            painter.fill_rects(rects, radius, *ink);
        }
    }
}

/// Blocks of far away tables in the colours of their marks, above the plain ones.
pub(super) fn paint_blocks<P: Painter>(
    look: &Look<'_>,
    overlay: &Overlay,
    tables: &[u32],
    painter: &mut P,
) {
    let mut blocks = Colored::default();
    for &table in tables {
        if let Some(mark) = look.table_mark(overlay, table as usize) {
            blocks.push(mark.ink(), look.scene.rect(table as usize));
        }
    }
    blocks.fill(0.0, painter);
}

/// Tints of boxes, headers and rows, below the edges and the texts.
pub(super) fn paint_tints<P: Painter>(
    look: &Look<'_>,
    overlay: &Overlay,
    tables: &[u32],
    painter: &mut P,
) {
    let plain = look.zoom >= Lod::READABLE;
    let (mut boxes, mut rows, mut bars) =
        (Colored::default(), Colored::default(), Colored::default());
    let mut gauges = Vec::new();
    for &table in tables {
        let rect = look.scene.rect(table as usize);
        if let Some(mark) = look.table_mark(overlay, table as usize) {
            let whole = !plain || mark.kind.is_whole();
            let bottom = if whole {
                rect.max.y
            } else {
                (rect.min.y + HEADER_HEIGHT).min(rect.max.y)
            };
            boxes.push(
                mark.fill(),
                Rect {
                    min: rect.min,
                    max: Point::new(rect.max.x, bottom),
                },
            );
        }
        if !plain || look.lod < Lod::Keys {
            continue;
        }
        let Some(model) = look.scene.box_model(table as usize) else {
            continue;
        };
        for (column, mark) in overlay.columns_of(table as usize) {
            let Some(row) = model.row_of(column) else {
                continue;
            };
            let top = rect.min.y + BoxModel::row_middle(row) - ROW_HEIGHT / 2.0;
            let left = Point::new(rect.min.x, top);
            rows.push(
                mark.fill(),
                Rect::new(left, Size::new(rect.width(), ROW_HEIGHT)),
            );
            if mark.kind == MarkKind::Heat {
                gauges.push(gauge(left, rect.width(), mark.strength));
            } else {
                bars.push(mark.ink(), Rect::new(left, Size::new(BAR, ROW_HEIGHT)));
            }
        }
    }
    boxes.fill(BOX_RADIUS, painter);
    rows.fill(0.0, painter);
    bars.fill(0.0, painter);
    if !gauges.is_empty() {
        painter.fill_rects(&gauges, 0.0, Ink::TextDim);
    }
}

/// A line below a row as long as the column is used: its colour alone would not be enough.
fn gauge(row: Point, width: f64, strength: f32) -> Rect {
    let length = width * (0.06 + 0.94 * f64::from(strength));
    Rect::new(
        row.offset(0.0, ROW_HEIGHT - GAUGE),
        Size::new(length, GAUGE),
    )
}

/// Edges of boxes: those without a mark as ever, the others in the colours of theirs, dashed for
/// ghosts.
pub(super) fn paint_edges<P: Painter>(
    look: &Look<'_>,
    overlay: &Overlay,
    tables: &[u32],
    painter: &mut P,
) {
    let width = hairline(look.zoom);
    let mut plain = Vec::new();
    let mut marked: Vec<(Ink, f64, Vec<Rect>)> = Vec::new();
    for &table in tables {
        let rect = look.scene.rect(table as usize);
        // Heat is said by the tint alone: a ring round every table would say nothing.
        let mark = look
            .table_mark(overlay, table as usize)
            .filter(|mark| mark.kind != MarkKind::Heat);
        let Some(mark) = mark else {
            plain.push(rect);
            continue;
        };
        let (ink, dash) = (mark.ink(), mark.kind.dash());
        match marked.iter_mut().find(|it| it.0 == ink && it.1 == dash) {
            Some((_, _, rects)) => rects.push(rect),
            None => marked.push((ink, dash, vec![rect])),
        }
    }
    if !plain.is_empty() {
        painter.stroke_rects(&plain, BOX_RADIUS, &Stroke::solid(Ink::Border, width));
    }
    for (ink, dash, rects) in marked {
        let stroke = Stroke {
            ink,
            width: 1.5 * width,
            // Dashes keep their length on the screen.
            dash: dash * width,
        };
        painter.stroke_rects(&rects, BOX_RADIUS, &stroke);
    }
}

/// Signs on boxes and rows, and lines through what is gone, above the texts.
pub(super) fn paint_signs<P: Painter>(
    look: &Look<'_>,
    overlay: &Overlay,
    tables: &[u32],
    painter: &mut P,
) {
    let scene = look.scene;
    let mut struck: Vec<(Point, Point)> = Vec::new();
    let mut badges: Vec<(Point, &Mark)> = Vec::new();
    for &table in tables {
        let place = table as usize;
        let (Some(node), Some(model)) = (scene.graph().tables.get(place), scene.box_model(place))
        else {
            continue;
        };
        let rect = scene.rect(place);
        if let Some(mark) = overlay.table(place) {
            badges.push((rect.min, mark));
            if mark.kind == MarkKind::Removed {
                let mut length = cells(&node.name);
                if scene.has_many_schemas() && !node.schema.is_empty() {
                    length += cells(&node.schema) + 1;
                }
                let y = rect.min.y + HEADER_HEIGHT / 2.0 + 0.5;
                struck.push(strike(
                    &rect,
                    PADDING,
                    y,
                    length,
                    HEADER_FONT,
                    scene.metrics(),
                ));
            }
        }
        if look.lod < Lod::Keys {
            continue;
        }
        for (column, mark) in overlay.columns_of(place) {
            let (Some(row), Some(node)) =
                (model.row_of(column), node.columns.get(usize::from(column)))
            else {
                continue;
            };
            let y = rect.min.y + BoxModel::row_middle(row);
            // The gutter has room for one character; how often a column is used says its line.
            if mark.kind == MarkKind::Heat || mark.sign().is_empty() {
                continue;
            }
            painter.text(&Text {
                at: Point::new(rect.min.x + BAR + 3.75, y + BADGE_FONT * 0.35),
                text: mark.sign(),
                size: BADGE_FONT,
                bold: true,
                ink: mark.ink(),
                align: Align::Center,
            });
            let key = node.primary_key || node.foreign_key;
            if mark.kind == MarkKind::Removed && (look.lod == Lod::Columns || key) {
                struck.push(strike(
                    &rect,
                    NAME_LEFT,
                    y,
                    cells(&node.name),
                    ROW_FONT,
                    scene.metrics(),
                ));
            }
        }
    }
    if !struck.is_empty() {
        painter.stroke_lines(&struck, &Stroke::solid(Ink::Removed, hairline(look.zoom)));
    }
    for (at, mark) in badges {
        badge(at, mark, scene.metrics(), painter);
    }
}

fn strike(
    rect: &Rect,
    left: f64,
    y: f64,
    length: usize,
    font: f64,
    metrics: &TextMetrics,
) -> (Point, Point) {
    let x = rect.min.x + left;
    let end = (x + length as f64 * metrics.advance(font)).min(rect.max.x - PADDING);
    (Point::new(x - 1.0, y), Point::new(end + 1.0, y))
}

/// A sign on the colour of its mark, with its middle at `at` where it is one character wide; wider
/// ones grow to the right.
pub(super) fn badge<P: Painter>(at: Point, mark: &Mark, metrics: &TextMetrics, painter: &mut P) {
    let sign = mark.sign();
    if sign.is_empty() {
        return;
    }
    let width = BADGE.max(cells(sign) as f64 * metrics.advance(BADGE_FONT) + 7.0);
    let rect = Rect::new(
        Point::new(at.x - BADGE / 2.0, at.y - BADGE / 2.0),
        Size::new(width, BADGE),
    );
    if mark.kind == MarkKind::Heat {
        // Where the person has few colours, heat has none, and the edge of the box is below.
        painter.fill_rects(&[rect], BADGE / 2.0, Ink::Surface);
    }
    painter.fill_rects(&[rect], BADGE / 2.0, mark.ink());
    painter.stroke_rects(&[rect], BADGE / 2.0, &Stroke::solid(Ink::Canvas, 1.5));
    painter.text(&Text {
        at: Point::new(rect.center().x, at.y + BADGE_FONT * 0.35),
        text: sign,
        size: BADGE_FONT,
        bold: true,
        // Heat has light steps on a light page and dark ones on a dark one, as texts need it.
        ink: if mark.kind == MarkKind::Heat {
            Ink::Text
        } else {
            Ink::Surface
        },
        align: Align::Center,
    });
}

/// How large the legend of an overlay is, in screen pixels.
#[must_use]
pub fn legend_size(overlay: &Overlay, metrics: &TextMetrics) -> Size {
    let lines = lines(overlay);
    let widest = lines
        .iter()
        .map(|line| line.indent + cells(&line.text) as f64 * metrics.advance(LEGEND_FONT))
        .fold(0.0, f64::max);
    Size::new(
        widest + 2.0 * LEGEND_PADDING,
        lines.len() as f64 * LEGEND_ROW + LEGEND_PADDING,
    )
}

struct Line {
    text: String,
    indent: f64,
    mark: Option<Mark>,
    is_scale: bool,
}

fn lines(overlay: &Overlay) -> Vec<Line> {
    let mut lines = vec![Line {
        text: overlay.title.clone(),
        indent: 0.0,
        mark: None,
        is_scale: false,
    }];
    for row in overlay.legend() {
        let is_scale = row.mark.kind == MarkKind::Heat;
        let text = match (&overlay.scale, is_scale) {
            (Some((least, most)), true) => [least, " … ", most].concat(),
            _ => [&row.name, ": ", &row.count].concat(),
        };
        lines.push(Line {
            text,
            indent: if is_scale { 5.0 * 12.0 + 10.0 } else { 24.0 },
            mark: Some(row.mark),
            is_scale,
        });
    }
    lines
}

/// Paints the legend with its lower left corner at `corner` (screen pixels).
pub(super) fn paint_legend<P: Painter>(
    look: &Look<'_>,
    overlay: &Overlay,
    to_world: impl Fn(Point) -> Point,
    corner: Point,
    painter: &mut P,
) {
    let metrics = look.scene.metrics();
    let unit = 1.0 / look.zoom;
    let size = legend_size(overlay, metrics);
    let top = corner.y - size.height;
    let rect = |left: f64, top: f64, width: f64, height: f64| {
        Rect::new(
            to_world(Point::new(left, top)),
            Size::new(width * unit, height * unit),
        )
    };
    let panel = rect(corner.x, top, size.width, size.height);
    painter.fill_rects(&[panel], BOX_RADIUS * unit, Ink::Surface);
    painter.stroke_rects(
        &[panel],
        BOX_RADIUS * unit,
        &Stroke::solid(Ink::Border, unit),
    );
    let mut middle = top + LEGEND_PADDING / 2.0 + LEGEND_ROW / 2.0;
    for (i, line) in lines(overlay).iter().enumerate() {
        let left = corner.x + LEGEND_PADDING;
        if line.is_scale {
            for (step, ink) in overlay.heat_steps().iter().enumerate() {
                let swatch = rect(left + step as f64 * 12.0, middle - 6.0, 12.0, 12.0);
                painter.fill_rects(&[swatch], 0.0, *ink);
            }
        } else if let Some(mark) = &line.mark {
            let swatch = rect(left, middle - 7.5, 15.0, 15.0);
            painter.fill_rects(&[swatch], 7.5 * unit, mark.ink());
            if !mark.sign().is_empty() {
                painter.text(&Text {
                    at: to_world(Point::new(left + 7.5, middle + BADGE_FONT * 0.35)),
                    text: mark.sign(),
                    size: BADGE_FONT * unit,
                    bold: true,
                    ink: Ink::Surface,
                    align: Align::Center,
                });
            }
        }
        painter.text(&Text {
            at: to_world(Point::new(left + line.indent, middle + LEGEND_FONT * 0.35)),
            text: &line.text,
            size: LEGEND_FONT * unit,
            bold: i == 0,
            ink: Ink::Text,
            align: Align::Left,
        });
        middle += LEGEND_ROW;
    }
}
