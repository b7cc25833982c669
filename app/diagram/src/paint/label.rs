//! The names of tables that highlighted links lead to, where these tables are out of sight or too
//! small to be read.

use crate::detail::Lod;
use crate::geometry::{Point, Rect, Size};
use crate::measure::{cells, cut};
use crate::paint::{BOX_RADIUS, Look, View, hairline, lit_tables};
use crate::painter::{Align, Ink, Painter, Stroke, Text};
use crate::route::Route;
use crate::scene::Hit;

/// Size of the names, in screen pixels.
const FONT: f64 = 11.0;
/// Height of a label, in screen pixels.
const HEIGHT: f64 = 18.0;
/// Between a name and its label's edges, in screen pixels.
const INSET: f64 = 6.0;
/// From a label to the picture's edges, in screen pixels.
const MARGIN: f64 = 4.0;
/// Longer names are cut, in cells.
const CELLS_MAX: usize = 32;
/// More labels than this are no help.
const LABELS_MAX: usize = 24;

/// Labels of the links of the selected tables and of the one under the pointer.
pub(super) fn paint_labels<P: Painter>(look: &Look<'_>, view: &View, painter: &mut P) {
    let mut from = lit_tables(view).to_vec();
    if let Hit::Table(table) | Hit::Column(table, _) = look.hovered
        && !from.contains(&table)
    {
        from.push(table);
    }
    let room = look.world.grow(-MARGIN / look.zoom);
    let mut taken: Vec<Rect> = Vec::new();
    for table in from {
        for &link in look.scene.links_of(table) {
            if taken.len() >= LABELS_MAX {
                return;
            }
            if let Some((at, text)) = label(look, &room, table, link as usize) {
                paint_label(look, &room, at, &text, &mut taken, painter);
            }
        }
    }
}

/// Where the other end of a link is named, and how; nowhere when it can be read itself.
fn label(look: &Look<'_>, room: &Rect, table: usize, link: usize) -> Option<(Point, String)> {
    let graph = look.scene.graph();
    let it = graph.links.get(link)?;
    let (other, arrow) = if it.child() == table {
        (it.parent(), "→ ")
    } else {
        (it.child(), "← ")
    };
    if other == table || look.scene.is_hidden(other) {
        return None;
    }
    let rect = look.scene.rect(other);
    let seen = rect.intersects(room);
    if seen && look.zoom >= Lod::READABLE {
        return None;
    }
    let at = if seen {
        rect.center()
    } else {
        leaving(look.scene.route(link)?, room, it.child() == table)?
    };
    let name = graph.tables.get(other).map(|it| it.name.as_str())?;
    Some((at, [arrow, &cut(name, CELLS_MAX)].concat()))
}

/// Where a route leaves the room for good, walking from the child or towards it.
fn leaving(route: &Route, room: &Rect, from_child: bool) -> Option<Point> {
    let mut points = route.points.clone();
    if from_child {
        points.reverse();
    }
    // From the far end: the first piece that touches the room is where it leaves.
    let pieces = points.iter().zip(points.iter().skip(1));
    pieces.into_iter().find_map(|(&far, &near)| {
        let piece = Rect::between(far, near);
        piece.intersects(room).then(|| {
            Point::new(
                far.x.clamp(room.min.x, room.max.x),
                far.y.clamp(room.min.y, room.max.y),
            )
        })
    })
}

fn paint_label<P: Painter>(
    look: &Look<'_>,
    room: &Rect,
    at: Point,
    text: &str,
    taken: &mut Vec<Rect>,
    painter: &mut P,
) {
    let unit = 1.0 / look.zoom;
    let advance = look.scene.metrics().advance(FONT);
    let size = Size::new(
        (cells(text) as f64 * advance + 2.0 * INSET) * unit,
        HEIGHT * unit,
    );
    let corner = |middle: f64, length: f64, least: f64, most: f64| {
        (middle - length / 2.0).min(most - length).max(least)
    };
    let rect = Rect::new(
        Point::new(
            corner(at.x, size.width, room.min.x, room.max.x),
            corner(at.y, size.height, room.min.y, room.max.y),
        ),
        size,
    );
    if taken.iter().any(|other| other.overlaps(&rect)) {
        return;
    }
    let radius = BOX_RADIUS * unit;
    painter.fill_rects(&[rect], radius, Ink::Surface);
    let edge = Stroke::solid(Ink::Accent, hairline(look.zoom));
    painter.stroke_rects(&[rect], radius, &edge);
    painter.text(&Text {
        at: Point::new(
            rect.min.x + INSET * unit,
            rect.center().y + FONT * 0.35 * unit,
        ),
        text,
        size: FONT * unit,
        bold: false,
        ink: Ink::Text,
        align: Align::Left,
    });
    taken.push(rect);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Transform;
    use crate::graph::{Graph, Link, TableNode};
    use crate::layout::Layout;
    use crate::measure::TextMetrics;
    use crate::scene::Scene;
    use crate::svg::{SvgOptions, svg_inline};

    #[test]
    fn a_link_names_the_table_that_is_out_of_sight() {
        let table = |name: &str| TableNode {
            name: name.into(),
            ..TableNode::default()
        };
        let graph = Graph {
            tables: vec![table("orders"), table("customers")],
            links: vec![Link {
                to: 1,
                declared: true,
                ..Link::default()
            }],
        };
        let layout = Layout {
            positions: vec![Point::new(0.0, 0.0), Point::new(4_000.0, 0.0)],
            ..Layout::default()
        };
        let scene = Scene::new(graph, &layout, TextMetrics::default());
        let size = Size::new(600.0, 400.0);
        let mut view = View::new(Transform::new(1.0, Point::new(50.0, 50.0)), size);
        let drawn = |view: &View| svg_inline(&scene, view, &SvgOptions::default());
        assert!(!drawn(&view).contains("→ customers"), "nothing is lit");
        view.selected = vec![0];
        assert!(drawn(&view).contains("→ customers"));
        // Where the table itself can be read, it needs no label.
        let mut whole = View::fit(&scene, Size::new(4_800.0, 400.0), 20.0);
        whole.selected = vec![0];
        assert!(!drawn(&whole).contains("→ customers"));
        // From the other end the arrow points the other way.
        let mut other = View::new(Transform::new(1.0, Point::new(-3_900.0, 50.0)), size);
        other.selected = vec![1];
        assert!(drawn(&other).contains("← orders"));
    }
}
