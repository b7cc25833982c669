//! The boxes of tables.

use std::borrow::Cow;

use crate::area::{strong, tint};
use crate::detail::Lod;
use crate::geometry::{Point, Rect, Size};
use crate::graph::NodeKind;
use crate::measure::{
    BoxModel, COUNT_FONT, HEADER_FONT, HEADER_HEIGHT, NAME_LEFT, PADDING, ROW_FONT, ROW_HEIGHT,
    ROWS_TOP, cells, cut, header_cells, row_cells, short_count, short_type,
};
use crate::paint::{BOX_RADIUS, Look, hairline, mark, notes};
use crate::painter::{Align, Grouping, Ink, Painter, Part, Stroke, Text};
use crate::scene::Hit;
use model::view::ViewColour;

/// The smallest text that is drawn, in screen pixels.
const TEXT_MIN: f64 = 5.0;
/// Height of the strip of a table's colour, in world units.
const STRIP: f64 = 4.0;
/// The largest a name is drawn while its box is too small for the header, in screen pixels.
const NAME_MAX: f64 = 11.0;
/// Sizes of such names are rounded down to so many parts of a screen pixel.
const NAME_PARTS: f64 = 2.0;

pub(super) fn paint_tables<P: Painter>(look: &Look<'_>, tables: Vec<u32>, painter: &mut P) {
    if painter.grouping() >= Grouping::Boxes {
        for table in &tables {
            painter.open(Part::Table(*table as usize));
            table_batch(look, std::slice::from_ref(table), painter);
            painter.close(Part::Table(*table as usize));
        }
        return;
    }
    // A batch writes all texts after all boxes, so boxes that lie over each other (someone put them
    // there) go into batches of their own, one above the other.
    let mut rest = tables;
    while !rest.is_empty() {
        let (mut over, mut batch) = (Vec::new(), Vec::new());
        if look.lod == Lod::Block {
            batch.append(&mut rest);
        } else {
            let mut taken = crate::index::GridIndex::default();
            let mut near = Vec::new();
            for &table in &rest {
                let rect = look.scene.rect(table as usize);
                taken.query(&rect, &mut near);
                let covers = near
                    .iter()
                    .any(|&i| look.scene.rect(i as usize).overlaps(&rect));
                taken.insert(table, &rect);
                if covers {
                    over.push(table)
                } else {
                    batch.push(table)
                }
            }
        }
        table_batch(look, &batch, painter);
        rest = over;
    }
}

fn table_batch<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    let rects: Vec<Rect> = tables
        .iter()
        .map(|&i| look.scene.rect(i as usize))
        .collect();
    if look.lod == Lod::Block {
        let (gone, there): (Vec<u32>, Vec<u32>) = tables
            .iter()
            .partition(|&&table| look.scene.is_ghost(table as usize));
        let blocks: Vec<Rect> = there
            .iter()
            .map(|&table| look.scene.rect(table as usize))
            .collect();
        painter.fill_rects(&blocks, 0.0, Ink::Block);
        paint_ghost_edges(look, &gone, painter);
        for (colour, rects) in coloured(look, &there, false) {
            painter.fill_rects(&rects, 0.0, strong(colour));
        }
        if let Some(overlay) = look.scene.overlay() {
            mark::paint_blocks(look, overlay, tables, painter);
        }
        return;
    }
    painter.fill_rects(&rects, BOX_RADIUS, Ink::Surface);
    let plain = look.zoom >= Lod::READABLE;
    if plain {
        paint_header_fills(look, tables, painter);
    }
    for (colour, rects) in coloured(look, tables, plain) {
        painter.fill_rects(&rects, BOX_RADIUS, tint(colour));
    }
    if let Some(overlay) = look.scene.overlay() {
        mark::paint_tints(look, overlay, tables, painter);
    }
    if plain {
        paint_hover(look, tables, painter);
    }
    paint_strips(look, tables, painter);
    let (gone, there): (Vec<u32>, Vec<u32>) = tables
        .iter()
        .partition(|&&table| look.scene.is_ghost(table as usize));
    match look.scene.overlay() {
        Some(overlay) => mark::paint_edges(look, overlay, &there, painter),
        None if gone.is_empty() => paint_edges(look, &rects, painter),
        None => {
            let rects: Vec<Rect> = there
                .iter()
                .map(|&table| look.scene.rect(table as usize))
                .collect();
            paint_edges(look, &rects, painter);
        }
    }
    paint_ghost_edges(look, &gone, painter);
    if plain {
        paint_headers(look, tables, painter);
        if look.lod >= Lod::Keys {
            paint_rows(look, tables, painter);
        }
        if let Some(overlay) = look.scene.overlay() {
            mark::paint_signs(look, overlay, tables, painter);
        }
        notes::paint_pins(look, tables, painter);
    } else {
        for &table in tables {
            paint_large_name(look, table as usize, painter);
        }
    }
}

/// The rectangles of tables that somebody gave a colour: their headers, or all of the box.
fn coloured(look: &Look<'_>, tables: &[u32], header: bool) -> Vec<(ViewColour, Vec<Rect>)> {
    let mut found: Vec<(ViewColour, Vec<Rect>)> = Vec::new();
    for &table in tables {
        let Some(colour) = look.scene.colour(table as usize) else {
            continue;
        };
        let mut rect = look.scene.rect(table as usize);
        if header {
            rect.max.y = rect.max.y.min(rect.min.y + HEADER_HEIGHT);
        }
        match found.iter_mut().find(|it| it.0 == colour) {
            Some((_, rects)) => rects.push(rect),
            None => found.push((colour, vec![rect])),
        }
    }
    found
}

/// Strips of colour along the upper edges.
fn paint_strips<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    let height = STRIP * hairline(look.zoom);
    for (colour, mut rects) in coloured(look, tables, false) {
        for rect in &mut rects {
            rect.max.y = rect.max.y.min(rect.min.y + height);
        }
        painter.fill_rects(&rects, STRIP / 2.0, strong(colour));
    }
}

fn paint_edges<P: Painter>(look: &Look<'_>, rects: &[Rect], painter: &mut P) {
    let stroke = Stroke::solid(Ink::Border, hairline(look.zoom));
    painter.stroke_rects(rects, BOX_RADIUS, &stroke);
}

/// Tables that are gone are drawn dashed.
fn paint_ghost_edges<P: Painter>(look: &Look<'_>, gone: &[u32], painter: &mut P) {
    if gone.is_empty() {
        return;
    }
    let rects: Vec<Rect> = gone
        .iter()
        .map(|&table| look.scene.rect(table as usize))
        .collect();
    let unit = hairline(look.zoom);
    let stroke = Stroke {
        ink: Ink::TextDim,
        width: 1.25 * unit,
        // Dashes keep their length on the screen.
        dash: 5.0 * unit,
    };
    painter.stroke_rects(&rects, BOX_RADIUS, &stroke);
}

fn paint_header_fills<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    let fills: Vec<Rect> = tables
        .iter()
        .filter(|&&i| {
            look.scene
                .graph()
                .tables
                .get(i as usize)
                .is_some_and(|t| t.kind != NodeKind::Table)
        })
        .map(|&i| {
            let rect = look.scene.rect(i as usize);
            Rect {
                min: rect.min,
                max: Point::new(rect.max.x, rect.min.y + HEADER_HEIGHT),
            }
        })
        .collect();
    if !fills.is_empty() {
        painter.fill_rects(&fills, BOX_RADIUS, Ink::HeaderFill);
    }
}

fn paint_hover<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    if let Hit::Column(table, column) = look.hovered
        && tables.contains(&(table as u32))
    {
        let row = look.scene.column_rect(table, column);
        let row = Rect {
            min: row.min.offset(1.0, 0.0),
            max: row.max.offset(-1.0, 0.0),
        };
        painter.fill_rects(&[row], 0.0, Ink::Hover);
    }
}

fn baseline(middle: f64, size: f64) -> f64 {
    middle + size * 0.35
}

fn paint_headers<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    let scene = look.scene;
    let advance = scene.metrics().advance(HEADER_FONT);
    let mut rules = Vec::new();
    let mut later: Vec<(Point, String, Ink)> = Vec::new();
    let mut counts: Vec<(Point, String, Ink)> = Vec::new();
    for &i in tables {
        let Some(table) = scene.graph().tables.get(i as usize) else {
            continue;
        };
        let rect = scene.rect(i as usize);
        let count = table.row_count.map(short_count).unwrap_or_default();
        let schema = if scene.has_many_schemas() && !table.schema.is_empty() {
            cells(&table.schema) + 1
        } else {
            0
        };
        let (schema, name) = header_cells(
            schema,
            cells(&table.name),
            cells(&count),
            rect.width(),
            scene.metrics(),
        );
        let y = baseline(rect.min.y + HEADER_HEIGHT / 2.0 + 0.5, HEADER_FONT);
        let x = rect.min.x + PADDING;
        let (strong, weak) = header_inks(look, i as usize);
        if schema > 0 {
            later.push((
                Point::new(x, y),
                [table.schema.as_str(), "."].concat(),
                weak,
            ));
        }
        painter.text(&Text {
            at: Point::new(x + schema as f64 * advance, y),
            text: &cut(&table.name, name),
            size: HEADER_FONT,
            bold: true,
            ink: strong,
            align: Align::Left,
        });
        if !count.is_empty() {
            counts.push((Point::new(rect.max.x - PADDING, y), count, weak));
        }
        if rect.height() > HEADER_HEIGHT + 1.0 {
            let y = rect.min.y + HEADER_HEIGHT + 0.5;
            rules.push((
                Point::new(rect.min.x + 0.5, y),
                Point::new(rect.max.x - 0.5, y),
            ));
        }
    }
    for (at, text, ink) in &later {
        let text = dim(*at, text, HEADER_FONT, Align::Left);
        painter.text(&Text { ink: *ink, ..text });
    }
    if COUNT_FONT * look.zoom >= TEXT_MIN {
        for (at, text, ink) in &counts {
            let text = dim(*at, text, COUNT_FONT, Align::Right);
            painter.text(&Text { ink: *ink, ..text });
        }
    }
    if !rules.is_empty() {
        painter.stroke_lines(&rules, &Stroke::solid(Ink::Rule, hairline(look.zoom)));
    }
}

/// The colours of a header's name and of what stands beside it.
fn header_inks(look: &Look<'_>, table: usize) -> (Ink, Ink) {
    // Dimmed texts are not readable on a tint.
    let plain = match look.scene.colour(table) {
        Some(_) => (Ink::Text, Ink::Text),
        None if look.scene.is_ghost(table) => (Ink::TextDim, Ink::TextDim),
        None => (Ink::Text, Ink::TextDim),
    };
    let Some(overlay) = look.scene.overlay() else {
        return plain;
    };
    match overlay.table(table) {
        Some(_) => (Ink::Text, Ink::Text),
        None if overlay.quiet_rest && overlay.columns_of(table).next().is_none() => {
            (Ink::TextDim, Ink::TextDim)
        }
        None => plain,
    }
}

fn dim(at: Point, text: &str, size: f64, align: Align) -> Text<'_> {
    Text {
        at,
        text,
        size,
        bold: false,
        ink: Ink::TextDim,
        align,
    }
}

fn paint_rows<P: Painter>(look: &Look<'_>, tables: &[u32], painter: &mut P) {
    let scene = look.scene;
    let (mut primary, mut foreign, mut hints) = (Vec::new(), Vec::new(), Vec::new());
    let mut types: Vec<(Point, Cow<'_, str>, Ink)> = Vec::new();
    for &i in tables {
        let (Some(table), Some(model)) = (
            scene.graph().tables.get(i as usize),
            scene.box_model(i as usize),
        ) else {
            continue;
        };
        let rect = scene.rect(i as usize);
        // A box can be far taller than the screen.
        let row_at = |y: f64| ((y - rect.min.y - ROWS_TOP) / ROW_HEIGHT).max(0.0) as usize;
        let first = row_at(look.world.min.y);
        let last = row_at(look.world.max.y) + 1;
        for (row, &place) in model.rows.iter().enumerate().take(last).skip(first) {
            let Some(column) = table.columns.get(usize::from(place)) else {
                continue;
            };
            let key = column.primary_key || column.foreign_key;
            let middle = rect.min.y + BoxModel::row_middle(row);
            if look.lod == Lod::Keys && !key {
                let length = scene
                    .metrics()
                    .width(&column.name, ROW_FONT)
                    .min(rect.width() * 0.5);
                let left = Point::new(rect.min.x + NAME_LEFT, middle - 2.5);
                hints.push(Rect::new(left, Size::new(length, 5.0)));
                continue;
            }
            let mark = Point::new(rect.min.x + PADDING + 4.0, middle);
            if column.primary_key {
                primary.push(mark);
            } else if column.foreign_key {
                foreign.push(mark);
            }
            let short = short_type(&column.data_type);
            let (name_cells, type_cells) = row_cells(
                cells(&column.name),
                cells(&short),
                rect.width(),
                scene.metrics(),
            );
            let y = baseline(middle, ROW_FONT);
            painter.text(&Text {
                at: Point::new(rect.min.x + NAME_LEFT, y),
                text: &cut(&column.name, name_cells),
                size: ROW_FONT,
                bold: false,
                ink: if table.gone { Ink::TextDim } else { Ink::Text },
                align: Align::Left,
            });
            let short = match cut(&short, type_cells) {
                Cow::Borrowed(_) => short,
                Cow::Owned(text) => Cow::Owned(text),
            };
            let marked = look
                .scene
                .overlay()
                .is_some_and(|overlay| overlay.column(i as usize, place).is_some());
            let ink = if marked { Ink::Text } else { Ink::TextDim };
            types.push((Point::new(rect.max.x - PADDING, y), short, ink));
        }
        if model.more > 0 && look.lod == Lod::Columns {
            let middle = rect.min.y + BoxModel::row_middle(model.rows.len());
            let word = if model.more == 1 {
                " more column"
            } else {
                " more columns"
            };
            let text = [&model.more.to_string(), word].concat();
            let at = Point::new(rect.min.x + NAME_LEFT, baseline(middle, ROW_FONT));
            painter.text(&dim(at, &text, ROW_FONT, Align::Left));
        }
    }
    for (at, text, ink) in &types {
        let text = dim(*at, text, ROW_FONT, Align::Right);
        painter.text(&Text { ink: *ink, ..text });
    }
    if !hints.is_empty() {
        painter.fill_rects(&hints, 0.0, Ink::Rule);
    }
    if !primary.is_empty() {
        painter.diamonds(&primary, 3.5, true, Ink::Key);
    }
    if !foreign.is_empty() {
        painter.diamonds(&foreign, 3.25, false, Ink::ForeignKey);
    }
}

/// The name as large as the box allows, on up to four lines, while the header is too small to read.
fn paint_large_name<P: Painter>(look: &Look<'_>, table: usize, painter: &mut P) {
    let Some(name) = look
        .scene
        .graph()
        .tables
        .get(table)
        .map(|t| t.name.as_str())
    else {
        return;
    };
    let rect = look.scene.rect(table);
    // Too small for a sign of its own, it stands before the name; a number below it.
    let mark = look
        .scene
        .overlay()
        .and_then(|overlay| look.table_mark(overlay, table));
    let sign = mark.map(|mark| mark.kind.sign()).unwrap_or_default();
    let number = mark
        .filter(|mark| sign.is_empty() && !mark.badge.is_empty())
        .map(|mark| mark.badge.as_str());
    let advance = look.scene.metrics().advance(1.0);
    let mut best: (f64, Vec<Cow<'_, str>>) = (0.0, Vec::new());
    for count in 1..=4 {
        let mut lines: Vec<Cow<'_, str>> = split_lines(name, count)
            .into_iter()
            .chain(number)
            .map(Cow::Borrowed)
            .collect();
        if let Some(first) = lines.first_mut().filter(|_| !sign.is_empty()) {
            *first = Cow::Owned([sign, " ", first].concat());
        }
        let longest = lines.iter().map(|l| cells(l)).max().unwrap_or(0).max(1);
        let size = (rect.width() * 0.9 / (longest as f64 * advance))
            .min(rect.height() * 0.84 / (lines.len().max(1) as f64 * 1.15))
            .min(NAME_MAX / look.zoom);
        if size > best.0 * 1.12 {
            best = (size, lines);
        }
    }
    let (size, lines) = best;
    // Few sizes instead of one for each box: letters that were drawn for one serve the others.
    let size = (size * look.zoom * NAME_PARTS).floor() / NAME_PARTS / look.zoom;
    if size * look.zoom < TEXT_MIN {
        return;
    }
    let center = rect.center();
    for (i, line) in lines.iter().enumerate() {
        let middle = center.y + (i as f64 - (lines.len() - 1) as f64 / 2.0) * size * 1.15;
        painter.text(&Text {
            at: Point::new(center.x, baseline(middle, size)),
            text: line,
            size,
            bold: true,
            ink: header_inks(look, table).0,
            align: Align::Center,
        });
    }
}

/// The name in at most `count` lines of similar length, broken after underscores, dots
/// and spaces.
fn split_lines(name: &str, count: usize) -> Vec<&str> {
    let goal = cells(name).div_ceil(count.max(1));
    let mut lines = Vec::with_capacity(count);
    let mut rest = name;
    while lines.len() + 1 < count && cells(rest) > goal {
        let mut used = 0;
        let mut at = None;
        for (i, c) in rest.char_indices() {
            used += crate::measure::char_cells(c);
            let after = i + c.len_utf8();
            if matches!(c, '_' | '.' | ' ') && after < rest.len() {
                // The break nearest to the goal.
                let better = at.is_none_or(|(_, d): (usize, usize)| used.abs_diff(goal) < d);
                if better {
                    at = Some((after, used.abs_diff(goal)));
                }
            }
        }
        let Some((line, tail)) = at.and_then(|(i, _)| rest.split_at_checked(i)) else {
            break;
        };
        lines.push(line.trim_end());
        rest = tail;
    }
    lines.push(rest);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_after_underscores() {
        assert_eq!(split_lines("crm_channel_item", 2), ["crm_", "channel_item"]);
        assert_eq!(split_lines("orders", 3), ["orders"]);
        // What a group is called.
        assert_eq!(
            split_lines("around sales.order_lines", 3),
            ["around", "sales.", "order_lines"]
        );
        assert_eq!(split_lines("表_🚀_x", 9).concat(), "表_🚀_x");
    }
}
