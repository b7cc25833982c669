//! The small map: the whole painted once, and over it an element for what is in the window, which is
//! only moved.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::Stage as _;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::minimap::Minimap;
use leptos::prelude::set_timeout;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

/// Of the map, in CSS pixels; the style sheet has the same.
const SIZE: Size = Size::new(180.0, 120.0);
/// The least side of the window on it, in CSS pixels.
const LEAST: f64 = 6.0;
/// After a change so many milliseconds pass until it is painted again.
const REST: Duration = Duration::from_millis(200);

/// What the page has for the map.
pub struct MapParts {
    /// Around all of it: hidden while the window shows everything.
    pub root: HtmlElement,
    /// Where the whole is painted.
    pub canvas: HtmlCanvasElement,
    /// What is in the window.
    pub window: HtmlElement,
}

/// The map of a stage.
pub(super) struct Map {
    parts: MapParts,
    context: CanvasRenderingContext2d,
    map: Minimap,
    /// The view that it shows.
    seen: Option<(Transform, Size)>,
    /// The window's size that the element has.
    given: Option<Size>,
    /// Whether it is on the page.
    is_out: Option<bool>,
    /// From where the pointer took hold of the window to its middle, in world units.
    grip: Point,
}

impl Map {
    /// Shows another part of the world as what is in the window.
    fn follow(&mut self, seen: (Transform, Size), world: &Rect) {
        self.seen = Some(seen);
        let is_out = !self.map.is_within(world);
        if self.is_out != Some(is_out) {
            self.is_out = Some(is_out);
            self.parts.root.set_hidden(!is_out);
        }
        let window = self.map.to_picture(world);
        let size = Size::new(window.width().max(LEAST), window.height().max(LEAST));
        let style = self.parts.window.style();
        // A length is refused by no browser.
        if self.given != Some(size) {
            self.given = Some(size);
            let _ = style.set_property("width", &pixels(size.width));
            let _ = style.set_property("height", &pixels(size.height));
        }
        let center = window.center();
        let (x, y) = (
            pixels(center.x - size.width / 2.0),
            pixels(center.y - size.height / 2.0),
        );
        let _ = style.set_property("transform", &["translate(", &x, ",", &y, ")"].concat());
    }
}

impl CanvasStage {
    pub(super) fn show_map(&self, parts: MapParts) {
        let context = parts.canvas.get_context("2d").ok().flatten();
        let Some(context) = context.and_then(|it| it.dyn_into().ok()) else {
            return;
        };
        self.map.replace(Some(Map {
            parts,
            context,
            map: Minimap::new(Rect::EMPTY, SIZE),
            seen: None,
            given: None,
            is_out: None,
            grip: Point::default(),
        }));
        self.map_is_stale();
    }

    /// The map shows what is in the window now. Costs a comparison where that is the same.
    pub(super) fn follow_on_map(&self) {
        if let Some(map) = self.map.borrow_mut().as_mut() {
            let view = self.view.borrow();
            let seen = (view.transform, view.size);
            // Until it is painted it has no scale.
            if self.map_painted.get() && map.seen != Some(seen) {
                map.follow(seen, &view.world());
            }
        }
    }

    /// What the map shows has changed: it is painted again before long, once for many changes.
    pub(super) fn map_is_stale(&self) {
        if self.map_waits.replace(true) {
            return;
        }
        let this = self.this.clone();
        set_timeout(
            move || {
                if let Some(stage) = this.upgrade() {
                    stage.map_waits.set(false);
                    // What is dragged is told of again when it is let go.
                    if !stage.is_dragging() {
                        stage.paint_map();
                    }
                }
            },
            REST,
        );
    }

    fn paint_map(&self) {
        if let Some(map) = self.map.borrow_mut().as_mut() {
            let (scene, palette) = (self.scene.borrow(), self.palette.borrow());
            let ratio = self.pixel_ratio.get();
            map.map = Minimap::new(scene.bounds(), SIZE);
            map.seen = None;
            // Setting the size empties it.
            map.parts
                .canvas
                .set_width((SIZE.width * ratio).round() as u32);
            map.parts
                .canvas
                .set_height((SIZE.height * ratio).round() as u32);
            let context = &map.context;
            // Only numbers that are not finite are refused.
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
            for (ink, rects) in map.map.blocks(&scene) {
                context.set_fill_style_str(palette.color(ink));
                context.begin_path();
                for rect in rects {
                    context.rect(rect.min.x, rect.min.y, rect.width(), rect.height());
                }
                context.fill();
            }
            self.map_painted.set(true);
        }
        self.follow_on_map();
    }

    /// A pointer went down on the map, or moved there while it was down: the window follows it, at
    /// once or, where it was taken hold of, with the point that was taken.
    pub(super) fn point_on_map(&self, at: Point, presses: bool) {
        let center = {
            let mut map = self.map.borrow_mut();
            let Some(map) = map.as_mut() else { return };
            let at = Point::new(at.x.clamp(0.0, SIZE.width), at.y.clamp(0.0, SIZE.height));
            let there = map.map.to_world(at);
            if presses {
                let window = map.map.to_picture(&self.view.borrow().world());
                let middle = self.center();
                map.grip = if window.contains(at) {
                    Point::new(middle.x - there.x, middle.y - there.y)
                } else {
                    Point::default()
                };
            }
            there.offset(map.grip.x, map.grip.y)
        };
        let (zoom, size) = {
            let view = self.view.borrow();
            (view.transform.scale(), view.size)
        };
        self.look(Transform::centered(center, zoom, size));
    }
}

/// A length for a style, to a tenth of a pixel.
fn pixels(length: f64) -> String {
    // Far away all places are alike; a style has no room for more digits.
    let length = length.clamp(-10_000.0, 10_000.0);
    [&model::number::decimal(length, 1), "px"].concat()
}
