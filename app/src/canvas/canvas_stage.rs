//! The stage in a browser with a 2D canvas: what it is made of and what the page asks of it. What
//! pointers do is in `gesture`, keys in `keys`, changes in `editing`, painting in `frame`.

use crate::canvas::density::Density;
use crate::canvas::frame::Frames;
use crate::canvas::gesture::Hand;
use crate::canvas::glide::Glide;
use crate::canvas::minimap::{Map, MapParts};
use crate::canvas::note::within;
use crate::canvas::palette::Palette;
use crate::canvas::seat::Seat;
use crate::canvas::stage::{Chosen, Held, Listener, Press, Stage, Start, Tool, fitted};
use crate::canvas::view_state::ViewState;
use diagram::find::Found;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::measure::TextMetrics;
use diagram::outline::Note;
use diagram::paint::{Notes, View};
use diagram::scene::{Hit, Scene};
use diagram::undo::History;
use model::view::{Arrangement, ViewChange};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// A scene on a canvas.
pub struct CanvasStage {
    pub(super) canvas: HtmlCanvasElement,
    pub(super) context: CanvasRenderingContext2d,
    pub(super) scene: RefCell<Scene>,
    pub(super) view: RefCell<View>,
    pub(super) palette: RefCell<Palette>,
    pub(super) pixel_ratio: Cell<f64>,
    /// Where the canvas stood on the page last.
    pub(super) seat: Cell<Option<Seat>>,
    /// What is to be shown as soon as the canvas has a size.
    unseen: RefCell<Option<ViewState>>,
    pub(super) density: RefCell<Density>,
    /// The areas and memos that the page was told of last.
    pub(super) noted: RefCell<Arc<Vec<Note>>>,
    pub(super) hand: RefCell<Hand>,
    pub(super) history: RefCell<History>,
    pub(super) may_arrange: bool,
    pub(super) frames: RefCell<Frames>,
    pub(super) listener: Listener,
    pub(super) glide: RefCell<Option<Glide>>,
    /// What others did that is to be said yet, and what was arranged before.
    pub(super) others: RefCell<Option<(Arrangement, Vec<ViewChange>)>>,
    /// How often something was pointed out, so that a timer knows its own.
    pub(super) flashes: Cell<u32>,
    pub(super) map: RefCell<Option<Map>>,
    pub(super) map_painted: Cell<bool>,
    pub(super) map_waits: Cell<bool>,
    /// For what happens later: it must not keep the stage alive, which the page owns.
    pub(super) this: Weak<Self>,
}

impl CanvasStage {
    /// Puts the diagram on its canvas, as the address asks. None where the browser has no 2D canvas.
    pub fn start(start: Start) -> Option<Rc<dyn Stage>> {
        let Start {
            canvas,
            data,
            view,
            arrangement,
            may_arrange,
            listener,
        } = start;
        let mut scene = Scene::new(data.graph.clone(), &data.layout, TextMetrics::default());
        scene.set_overlay(data.overlay.clone());
        if arrangement != Default::default() {
            scene.arrange(arrangement);
        }
        let context = canvas
            .get_context("2d")
            .ok()
            .flatten()?
            .dyn_into::<CanvasRenderingContext2d>()
            .ok()?;
        let palette = Palette::of(&canvas);
        let stage = Rc::new_cyclic(|this: &Weak<Self>| Self {
            context,
            palette: RefCell::new(palette),
            view: RefCell::new(View::new(Transform::default(), Size::default())),
            scene: RefCell::new(scene),
            pixel_ratio: Cell::new(1.0),
            seat: Cell::default(),
            unseen: RefCell::new(Some(view)),
            noted: RefCell::default(),
            density: RefCell::new(Density::new(this.clone())),
            hand: RefCell::default(),
            history: RefCell::default(),
            may_arrange,
            frames: RefCell::new(Frames::new(this.clone())),
            listener,
            glide: RefCell::default(),
            others: RefCell::default(),
            flashes: Cell::default(),
            map: RefCell::default(),
            map_painted: Cell::default(),
            map_waits: Cell::default(),
            canvas,
            this: this.clone(),
        });
        stage.resize();
        stage.paint_now();
        Some(stage)
    }

    /// Shows what the address asks for.
    fn show_first(&self, view: ViewState) {
        match view.at {
            Some((center, zoom)) => self.look_at(center, zoom),
            None => self.fit(),
        }
        let found = |name: &String| self.with_scene(|scene| scene.find(name));
        let tables: Vec<usize> = view.tables.iter().filter_map(found).collect();
        let Some(&first) = tables.first() else { return };
        if view.at.is_some() {
            self.peek(first);
        } else {
            self.reveal(first);
        }
        self.select_tables(tables);
    }

    /// Reads the scene.
    pub(super) fn with_scene<T>(&self, read: impl FnOnce(&Scene) -> T) -> T {
        read(&self.scene.borrow())
    }

    /// The transform from world to screen.
    pub(super) fn transform(&self) -> Transform {
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

    pub(super) fn look(&self, transform: Transform) {
        self.glide.take();
        {
            let mut view = self.view.borrow_mut();
            view.transform = transform;
            // What is named stands elsewhere now. Where the pointer is on it still, it is named again.
            if matches!(view.hovered, Hit::Link(_)) {
                view.hovered = Hit::Background;
            }
        }
        self.ask_frame();
        (self.listener.pointed)(None);
        self.tell();
    }

    /// Tells the page that something is different.
    pub(super) fn tell(&self) {
        (self.listener.changed)(self);
    }

    pub(super) fn table_at(&self, at: Point) -> Option<usize> {
        match self.hit(at) {
            Hit::Table(table) | Hit::Column(table, _) => Some(table),
            Hit::Link(_) | Hit::Memo(..) | Hit::Area(..) | Hit::Background => None,
        }
    }

    pub(super) fn hit(&self, at: Point) -> Hit {
        let transform = self.transform();
        self.scene
            .borrow()
            .hit(transform.invert(at), transform.scale())
    }

    /// Selects tables in the place of those before, and no areas or memos.
    pub(super) fn select_tables(&self, tables: Vec<usize>) {
        self.select_with(tables, Notes::default());
    }

    /// The areas and memos in a frame, or all of them, for those who may arrange.
    pub(super) fn notes_within(&self, frame: Option<&Rect>) -> Notes {
        match self.may_arrange {
            true => self.with_scene(|scene| within(frame, scene)),
            false => Notes::default(),
        }
    }

    /// Selects tables, areas and memos, and nothing else.
    pub(super) fn select_with(&self, tables: Vec<usize>, notes: Notes) {
        self.alter_selection(|view| {
            view.selected = tables;
            view.selected_notes = notes;
        });
        self.ask_frame();
        self.tell();
    }

    /// Changes what is selected. The link that has the focus is one of the first table's: with
    /// another first table it lets go.
    pub(super) fn alter_selection(&self, alter: impl FnOnce(&mut View)) {
        let before = self.selected();
        alter(&mut self.view.borrow_mut());
        if self.selected() != before {
            self.focus_link(None);
        }
    }

    /// Selects a table besides those before, or lets go of it where it is one of them.
    fn toggle_table(&self, table: usize) {
        self.alter_selection(
            |view| match view.selected.iter().position(|it| *it == table) {
                Some(at) => {
                    view.selected.remove(at);
                }
                None => view.selected.push(table),
            },
        );
        self.ask_frame();
        self.tell();
        self.say_selected();
    }

    pub(super) fn nearest_to_center(&self) -> Option<usize> {
        let center = self.center();
        self.with_scene(|scene| {
            (0..scene.graph().tables.len())
                .filter(|table| !scene.is_hidden(*table))
                .min_by(|a, b| {
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

    fn chosen(&self) -> Chosen {
        self.chosen_now()
    }

    fn focused_link(&self) -> Option<usize> {
        self.view.borrow().focused_link
    }

    fn focus_link(&self, link: Option<usize>) {
        if std::mem::replace(&mut self.view.borrow_mut().focused_link, link) == link {
            return;
        }
        self.ask_frame();
        let named = link.and_then(|link| Some((link, self.name_place(link)?)));
        (self.listener.pointed)(named);
    }

    fn resize(&self) {
        let ratio = web_sys::window()
            .map_or(1.0, |window| window.device_pixel_ratio())
            .clamp(0.5, 4.0);
        let width = f64::from(self.canvas.client_width());
        let height = f64::from(self.canvas.client_height());
        // In what is folded away, or in a frame that nobody sees yet, there is nothing to fit into.
        let has_size = width > 0.0 && height > 0.0;
        let (width, height) = (width.max(1.0), height.max(1.0));
        let size = Size { width, height };
        let is_other = self.pixel_ratio.get() != ratio || self.view.borrow().size != size;
        // Who begins to observe a size is told of it once; all of it would be painted again.
        if !is_other && self.frames.borrow().has_painted() {
            return;
        }
        if self.pixel_ratio.replace(ratio) != ratio {
            self.map_is_stale();
        }
        self.canvas.set_width((width * ratio).round() as u32);
        self.canvas.set_height((height * ratio).round() as u32);
        self.sit(size);
        let unseen = self.unseen.take();
        if let Some(view) = unseen {
            if has_size {
                self.show_first(view);
            } else {
                self.unseen.replace(Some(view));
            }
        }
        // Setting the size has emptied the canvas.
        if self.frames.borrow().has_painted() {
            self.paint_now();
        }
    }

    fn retheme(&self) {
        *self.palette.borrow_mut() = Palette::of(&self.canvas);
        self.forget_pictures();
        self.ask_frame();
    }

    fn fit(&self) {
        let size = self.view.borrow().size;
        let transform = self.with_scene(|scene| fitted(&scene.bounds(), size));
        self.look(transform);
    }

    fn zoom_by(&self, factor: f64) {
        let size = self.view.borrow().size;
        self.zoom_about(Point::new(size.width / 2.0, size.height / 2.0), factor);
    }

    fn select(&self, table: Option<usize>) {
        self.select_tables(table.into_iter().collect());
    }

    fn toggle(&self, table: usize) {
        self.toggle_table(table);
    }

    fn reveal(&self, table: usize) {
        self.peek(table);
        self.bring_into_view(table);
        self.select(Some(table));
    }

    fn go_to(&self, found: Found) {
        self.go_to_found(found);
    }

    fn go_to_note(&self, id: &str) {
        self.show_note(id);
    }

    fn frame_selection(&self) {
        self.show_selection();
    }

    fn is_lost(&self) -> bool {
        self.sees_nothing()
    }

    fn is_gliding(&self) -> bool {
        self.glide.borrow().is_some()
    }

    fn go_to_nearest(&self) {
        self.go_to_near();
    }

    fn attach_map(&self, parts: MapParts) {
        self.show_map(parts);
    }

    fn map_pointed(&self, at: Point, presses: bool) {
        self.point_on_map(at, presses);
    }

    fn press(&self, press: Press) {
        self.pressed(press);
    }

    fn moved(&self, pointer: i32, at: Point, held: Held) -> bool {
        self.pointer_moved(pointer, at, held)
    }

    fn release(&self, pointer: i32, at: Option<Point>) {
        self.released(pointer, at);
    }

    fn open_at(&self, at: Point) {
        if let Some(table) = self.table_at(at) {
            (self.listener.opened)(table);
        }
    }

    fn leave(&self) {
        self.view.borrow_mut().hovered = Hit::Background;
        self.ask_frame();
        if self.focused_link().is_none() {
            (self.listener.pointed)(None);
        }
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

    fn key(&self, key: &str, held: Held) -> bool {
        self.key_pressed(key, held)
    }

    fn key_up(&self, key: &str) {
        if key == " " {
            self.hand.borrow_mut().space = false;
            self.show_hand();
        }
    }

    fn apply(&self, changes: &[ViewChange]) {
        self.others_did(changes);
    }

    fn resume(&self, changes: &[ViewChange]) {
        self.kept_before(changes);
    }

    fn undo(&self) {
        self.go_back();
    }

    fn redo(&self) {
        self.go_on();
    }

    fn work(&self, tool: Tool) {
        self.use_tool(tool);
    }
}
