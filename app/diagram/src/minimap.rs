//! The whole diagram as blocks in a small picture, on which one sees where one is.

use crate::area::{area_rect, strong, tint};
use crate::geometry::{Point, Rect, Size};
use crate::painter::Ink;
use crate::scene::Scene;

/// Pixels around the whole.
const PADDING: f64 = 4.0;
/// The least side of a block, in pixels: what is smaller would not be seen.
const LEAST: f64 = 1.0;

/// A small picture of a scene: where in it things of the world are. Unlike a view it has no smallest
/// zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimap {
    bounds: Rect,
    scale: f64,
    offset: Point,
}

impl Minimap {
    /// A picture of `size` pixels of all that lies within `bounds`.
    #[must_use]
    pub fn new(bounds: Rect, size: Size) -> Self {
        let (width, height) = (bounds.width(), bounds.height());
        if bounds.is_empty() || !width.is_finite() || !height.is_finite() {
            return Self {
                bounds: Rect::EMPTY,
                scale: 1.0,
                offset: Point::new(size.width / 2.0, size.height / 2.0),
            };
        }
        let room = |side: f64| (side - 2.0 * PADDING).max(1.0);
        let scale = (room(size.width) / width.max(1.0)).min(room(size.height) / height.max(1.0));
        let center = bounds.center();
        Self {
            bounds,
            scale,
            offset: Point::new(
                size.width / 2.0 - center.x * scale,
                size.height / 2.0 - center.y * scale,
            ),
        }
    }

    /// True when all there is lies in this part of the world.
    #[must_use]
    pub fn is_within(&self, world: &Rect) -> bool {
        self.bounds.is_empty() || world.contains_rect(&self.bounds)
    }

    /// A rectangle of the world in the picture, in pixels.
    #[must_use]
    pub fn to_picture(&self, world: &Rect) -> Rect {
        let at = |point: Point| {
            Point::new(
                point.x * self.scale + self.offset.x,
                point.y * self.scale + self.offset.y,
            )
        };
        Rect {
            min: at(world.min),
            max: at(world.max),
        }
    }

    /// A point of the picture in the world.
    #[must_use]
    pub fn to_world(&self, picture: Point) -> Point {
        Point::new(
            (picture.x - self.offset.x) / self.scale,
            (picture.y - self.offset.y) / self.scale,
        )
    }

    /// What is painted, in this order: areas, tables, and over them those with a colour or a mark.
    /// Rectangles are pixels of the picture.
    #[must_use]
    pub fn blocks(&self, scene: &Scene) -> Vec<(Ink, Vec<Rect>)> {
        let mut blocks: Vec<(Ink, Vec<Rect>)> = Vec::new();
        let mut put = |ink: Ink, rect: Rect| match blocks.iter_mut().find(|it| it.0 == ink) {
            Some((_, rects)) => rects.push(rect),
            None => blocks.push((ink, vec![rect])),
        };
        for (_, (_, area)) in scene.areas() {
            put(tint(area.colour), self.to_picture(&area_rect(area)));
        }
        let tables: Vec<usize> = (0..scene.rects().len())
            .filter(|&table| !scene.is_hidden(table))
            .collect();
        for &table in &tables {
            put(Ink::LinkFar, self.block(scene, table));
        }
        for &table in &tables {
            let mark = scene.overlay().and_then(|overlay| overlay.table(table));
            let ink = mark.map(|mark| mark.ink());
            if let Some(ink) = ink.or_else(|| scene.colour(table).map(strong)) {
                put(ink, self.block(scene, table));
            }
        }
        blocks
    }

    fn block(&self, scene: &Scene, table: usize) -> Rect {
        let mut block = self.to_picture(&scene.rect(table));
        block.max.x = block.max.x.max(block.min.x + LEAST);
        block.max.y = block.max.y.max(block.min.y + LEAST);
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detail::Detail;
    use crate::layout::{LayoutOptions, layout};
    use crate::measure::TextMetrics;
    use crate::sample::sample_graph;
    use model::view::{ViewChange, ViewColour};

    const SIZE: Size = Size::new(180.0, 120.0);

    #[test]
    fn the_whole_lies_in_the_picture_however_large_it_is() {
        for side in [1.0, 900.0, 400_000.0] {
            let bounds = Rect::new(Point::new(-700.0, 33.0), Size::new(side, side / 3.0));
            let map = Minimap::new(bounds, SIZE);
            let picture = Rect::new(Point::default(), SIZE);
            assert!(picture.contains_rect(&map.to_picture(&bounds)));
            let at = Point::new(20.0, 100.0);
            let there = map.to_world(at);
            let back = map.to_picture(&Rect {
                min: there,
                max: there,
            });
            assert!(back.min.distance(at) < 1e-6);
            assert!(map.is_within(&bounds.grow(1.0)));
            assert!(!map.is_within(&bounds.translate(5.0, 0.0)));
        }
    }

    #[test]
    fn a_map_of_nothing_has_nothing_to_show() {
        let map = Minimap::new(Rect::EMPTY, SIZE);
        assert!(map.is_within(&Rect::new(Point::default(), SIZE)));
        assert!(map.to_world(Point::new(1.0, 1.0)).x.is_finite());
    }

    #[test]
    fn every_table_that_is_not_hidden_is_a_block_and_colours_are_seen() {
        let graph = sample_graph(30, 4, 7);
        let ids: Vec<i64> = graph.tables.iter().map(|table| table.id).collect();
        let placed = layout(&graph, &LayoutOptions::default(), &mut || false);
        let mut scene = Scene::new(graph, &placed, TextMetrics::default());
        assert_eq!(scene.detail(), Detail::All);
        scene.change(&ViewChange::Colour {
            table: ids[2],
            colour: Some(ViewColour::Red),
        });
        scene.change(&ViewChange::Hide {
            table: ids[0],
            hidden: true,
        });
        let map = Minimap::new(scene.bounds(), SIZE);
        let blocks = map.blocks(&scene);
        let of = |ink: Ink| {
            let found = blocks.iter().find(|it| it.0 == ink);
            found.map_or(0, |it| it.1.len())
        };
        assert_eq!(of(Ink::LinkFar), 29);
        assert_eq!(of(Ink::Red), 1);
        let picture = Rect::new(Point::default(), SIZE);
        for rect in blocks.iter().flat_map(|it| &it.1) {
            assert!(picture.contains_rect(rect));
            assert!(rect.width() >= 1.0 && rect.height() >= 1.0);
        }
    }
}
