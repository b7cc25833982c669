//! The stage in a browser with a 2D canvas. It paints at most once a frame.

use crate::canvas::painter::CanvasPainter;
use crate::canvas::palette::Palette;
use crate::canvas::picture;
use crate::canvas::stage::{FIT_PADDING, Listener, Stage, Start, ZOOM_STEP};
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::measure::TextMetrics;
use diagram::paint::{View, paint};
use diagram::scene::{Direction, Hit, Scene};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Pixels that a pointer may move between press and release and still be a click.
const CLICK_REACH: f64 = 4.0;
/// A scene on a canvas.
pub struct CanvasStage {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    scene: Rc<RefCell<Scene>>,
    view: RefCell<View>,
    palette: RefCell<Palette>,
    pixel_ratio: Cell<f64>,
    pointers: RefCell<BTreeMap<i32, Point>>,
    pressed_at: Cell<Option<Point>>,
    frame_asked: Cell<bool>,
    painted: Cell<bool>,
    on_frame: RefCell<Option<Closure<dyn FnMut()>>>,
    listener: Listener,
}

impl CanvasStage {
    /// Puts the diagram on its canvas, as the address asks.
    pub fn start(start: Start) -> Option<Rc<dyn Stage>> {
        let Start {
            canvas,
            data,
            view,
            listener,
        } = start;
        let mut scene = Scene::new(data.graph.clone(), &data.layout, TextMetrics::default());
        scene.set_overlay(data.overlay.clone());
        let stage = Self::new(canvas, scene, listener)?;
        match view.at {
            Some((center, zoom)) => stage.look_at(center, zoom),
            None => stage.fit(),
        }
        if let Some(table) = view
            .table
            .and_then(|name| stage.with_scene(|scene| scene.find(&name)))
        {
            if view.at.is_some() {
                stage.select(Some(table));
            } else {
                stage.reveal(table);
            }
        }
        stage.paint_now();
        Some(stage)
    }

    /// None where the browser has no 2D canvas.
    fn new(canvas: HtmlCanvasElement, scene: Scene, listener: Listener) -> Option<Rc<Self>> {
        let context = canvas
            .get_context("2d")
            .ok()
            .flatten()?
            .dyn_into::<CanvasRenderingContext2d>()
            .ok()?;
        let palette = Palette::of(&canvas);
        let stage = Rc::new(Self {
            context,
            palette: RefCell::new(palette),
            view: RefCell::new(View::new(Transform::default(), Size::default())),
            scene: Rc::new(RefCell::new(scene)),
            pixel_ratio: Cell::new(1.0),
            pointers: RefCell::default(),
            pressed_at: Cell::new(None),
            frame_asked: Cell::new(false),
            painted: Cell::new(false),
            on_frame: RefCell::new(None),
            listener,
            canvas,
        });
        // The frame's closure must not keep the stage alive: the page owns it.
        let weak = Rc::downgrade(&stage);
        let on_frame = Closure::<dyn FnMut()>::new(move || {
            if let Some(stage) = weak.upgrade() {
                stage.frame_asked.set(false);
                stage.paint_now();
            }
        });
        *stage.on_frame.borrow_mut() = Some(on_frame);
        stage.resize();
        Some(stage)
    }

    /// Reads the scene.
    fn with_scene<T>(&self, read: impl FnOnce(&Scene) -> T) -> T {
        read(&self.scene.borrow())
    }

    /// The transform from world to screen.
    fn transform(&self) -> Transform {
        self.view.borrow().transform
    }

    /// Shows a world point in the middle of the screen.
    fn look_at(&self, center: Point, zoom: f64) {
        let size = self.view.borrow().size;
        let around = Rect {
            min: center,
            max: Point::new(center.x + 0.01, center.y + 0.01),
        };
        let moved = Transform::fit(&around, size, 0.0, zoom);
        self.look(moved);
    }

    fn zoom_about(&self, screen: Point, factor: f64) {
        let transform = self.transform().zoom_about(screen, factor);
        self.look(transform);
    }

    fn look(&self, transform: Transform) {
        self.view.borrow_mut().transform = transform;
        self.ask_frame();
        (self.listener.changed)(self);
    }

    fn ask_frame(&self) {
        if self.frame_asked.replace(true) {
            return;
        }
        let asked = web_sys::window().zip(self.on_frame.borrow().as_ref().map(|on_frame| {
            on_frame
                .as_ref()
                .unchecked_ref::<js_sys::Function>()
                .clone()
        }));
        if let Some((window, on_frame)) = asked
            && window.request_animation_frame(&on_frame).is_err()
        {
            self.frame_asked.set(false);
        }
    }

    /// Paints at once.
    fn paint_now(&self) {
        let palette = self.palette.borrow();
        let mut painter = CanvasPainter::new(&self.context, &palette, self.pixel_ratio.get());
        paint(&self.scene.borrow(), &self.view.borrow(), &mut painter);
        self.painted.set(true);
    }

    fn table_at(&self, at: Point) -> Option<usize> {
        match self.hit(at) {
            Hit::Table(table) | Hit::Column(table, _) => Some(table),
            Hit::Link(_) | Hit::Memo(..) | Hit::Area(..) | Hit::Background => None,
        }
    }

    fn hit(&self, at: Point) -> Hit {
        let transform = self.transform();
        self.scene
            .borrow()
            .hit(transform.invert(at), transform.scale())
    }

    fn hover(&self, at: Point) {
        let hit = self.hit(at);
        if std::mem::replace(&mut self.view.borrow_mut().hovered, hit) != hit {
            self.ask_frame();
        }
        let over_table = matches!(hit, Hit::Table(_) | Hit::Column(..));
        let class = self.canvas.class_list();
        let _ = class.toggle_with_force("is-over", over_table);
    }

    fn nearest_to_center(&self) -> Option<usize> {
        let center = self.center();
        self.with_scene(|scene| {
            (0..scene.graph().tables.len()).min_by(|a, b| {
                let far = |table: usize| scene.rect(table).center().distance(center);
                far(*a).total_cmp(&far(*b))
            })
        })
    }
}

impl Stage for CanvasStage {
    fn zoom(&self) -> f64 {
        self.view.borrow().transform.scale()
    }

    fn center(&self) -> Point {
        let view = self.view.borrow();
        view.transform
            .invert(Point::new(view.size.width / 2.0, view.size.height / 2.0))
    }

    fn selected(&self) -> Option<usize> {
        self.view.borrow().selected.first().copied()
    }

    fn resize(&self) {
        let ratio = web_sys::window()
            .map_or(1.0, |window| window.device_pixel_ratio())
            .clamp(0.5, 4.0);
        let width = f64::from(self.canvas.client_width()).max(1.0);
        let height = f64::from(self.canvas.client_height()).max(1.0);
        self.pixel_ratio.set(ratio);
        self.canvas.set_width((width * ratio).round() as u32);
        self.canvas.set_height((height * ratio).round() as u32);
        self.view.borrow_mut().size = Size { width, height };
        // Setting the size has emptied the canvas.
        if self.painted.get() {
            self.paint_now();
        }
    }

    fn retheme(&self) {
        *self.palette.borrow_mut() = Palette::of(&self.canvas);
        self.ask_frame();
    }

    fn fit(&self) {
        let transform = {
            let view = self.view.borrow();
            View::fit(&self.scene.borrow(), view.size, FIT_PADDING).transform
        };
        self.look(transform);
    }

    fn zoom_by(&self, factor: f64) {
        let size = self.view.borrow().size;
        self.zoom_about(Point::new(size.width / 2.0, size.height / 2.0), factor);
    }

    fn select(&self, table: Option<usize>) {
        self.view.borrow_mut().selected = table.into_iter().collect();
        self.ask_frame();
        (self.listener.changed)(self);
    }

    fn reveal(&self, table: usize) {
        let rect = self.scene.borrow().rect(table);
        let zoom = self.zoom();
        let (seen, zoom) = (self.view.borrow().world(), zoom.max(0.6));
        if !seen.contains_rect(&rect) || zoom > self.zoom() {
            self.look_at(rect.center(), zoom);
        }
        self.select(Some(table));
    }

    fn press(&self, pointer: i32, at: Point) {
        let mut pointers = self.pointers.borrow_mut();
        pointers.insert(pointer, at);
        // A second finger makes it a pinch, which is no click.
        self.pressed_at.set((pointers.len() == 1).then_some(at));
    }

    fn moved(&self, pointer: i32, at: Point) -> bool {
        let Some(before) = self.pointers.borrow().get(&pointer).copied() else {
            self.hover(at);
            return false;
        };
        let other = self
            .pointers
            .borrow()
            .iter()
            .find(|(other, _)| **other != pointer)
            .map(|(_, other)| *other);
        let still_click = self
            .pressed_at
            .get()
            .is_some_and(|pressed| pressed.distance(at) <= CLICK_REACH);
        if still_click {
            return false;
        }
        // From the press on, so that the point under the finger stays under it.
        let from = self.pressed_at.take().unwrap_or(before);
        self.pointers.borrow_mut().insert(pointer, at);
        let transform = self.transform();
        let moved = match other {
            None => transform.pan(at.x - from.x, at.y - from.y),
            Some(other) => {
                let middle = |a: Point| Point::new((a.x + other.x) / 2.0, (a.y + other.y) / 2.0);
                let factor = at.distance(other) / from.distance(other).max(1.0);
                let (old, new) = (middle(from), middle(at));
                transform
                    .zoom_about(old, factor)
                    .pan(new.x - old.x, new.y - old.y)
            }
        };
        self.look(moved);
        true
    }

    fn release(&self, pointer: i32, at: Option<Point>) {
        self.pointers.borrow_mut().remove(&pointer);
        if let (Some(_), Some(at)) = (self.pressed_at.take(), at) {
            let table = self.table_at(at);
            self.select(table);
        }
    }

    fn open_at(&self, at: Point) {
        if let Some(table) = self.table_at(at) {
            (self.listener.opened)(table);
        }
    }

    fn leave(&self) {
        self.view.borrow_mut().hovered = Hit::Background;
        self.ask_frame();
    }

    fn wheel(&self, at: Point, dx: f64, dy: f64, pinches: bool, sideways: bool) {
        if !pinches && (sideways || dx.abs() > dy.abs()) {
            let (dx, dy) = if sideways && dx == 0.0 {
                (dy, 0.0)
            } else {
                (dx, dy)
            };
            self.look(self.transform().pan(-dx, -dy));
        } else {
            // A pinch on a touch pad sends small numbers, a wheel large ones.
            let strength = if pinches && dy.abs() < 40.0 {
                0.01
            } else {
                0.0015
            };
            self.zoom_about(at, (-dy * strength).clamp(-1.0, 1.0).exp());
        }
    }

    fn save(&self, scale: f64, file_name: String, done: Box<dyn FnOnce(bool)>) {
        let (scene, palette) = (self.scene.clone(), self.palette.borrow().clone());
        leptos::task::spawn_local(async move {
            let saved = picture::save(scene, palette, scale, file_name).await;
            done(saved.is_ok());
        });
    }

    fn key(&self, key: &str) -> bool {
        let direction = match key {
            "ArrowLeft" => Direction::Left,
            "ArrowRight" => Direction::Right,
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            "+" | "=" => {
                self.zoom_by(ZOOM_STEP);
                return true;
            }
            "-" => {
                self.zoom_by(1.0 / ZOOM_STEP);
                return true;
            }
            "0" => {
                self.fit();
                return true;
            }
            "Escape" => {
                let had = self.selected().is_some();
                self.select(None);
                return had;
            }
            "Enter" => {
                if let Some(table) = self.selected() {
                    (self.listener.opened)(table);
                }
                return true;
            }
            _ => return false,
        };
        let next = match self.selected() {
            Some(table) => self.scene.borrow().nearest_table(table, direction),
            None => self.nearest_to_center(),
        };
        if let Some(table) = next {
            self.reveal(table);
        }
        true
    }
}
