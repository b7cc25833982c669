//! The stage: a scene, the part of it that is seen, and the picture that shows it. Here is what the
//! page knows of it.

use crate::canvas::view_state::ViewState;
use contract::catalog::DiagramData;
use diagram::geometry::Point;
use std::sync::Arc;
use web_sys::HtmlCanvasElement;

/// Pixels around the whole when it is fitted to the screen.
pub const FIT_PADDING: f64 = 32.0;
/// The factor of one press of a zoom button or key.
pub const ZOOM_STEP: f64 = 1.25;

/// Told of a stage that has changed.
pub type OnChange = Box<dyn Fn(&dyn Stage)>;

/// What the page around the stage wants to hear.
pub struct Listener {
    /// The view has moved or another table is selected.
    pub changed: OnChange,
    /// A table was opened: double click or Enter.
    pub opened: Box<dyn Fn(usize)>,
}

/// What a stage is made of.
pub struct Start {
    /// Where it paints.
    pub canvas: HtmlCanvasElement,
    /// What it shows.
    pub data: Arc<DiagramData>,
    /// Which part of it at first.
    pub view: ViewState,
    /// Who wants to hear of it.
    pub listener: Listener,
}

/// A scene that follows pointer, wheel and keys. Points are pixels on the canvas unless called
/// world points.
pub trait Stage {
    /// The zoom: 1 is reading size.
    fn zoom(&self) -> f64;
    /// The world point in the middle of the screen.
    fn center(&self) -> Point;
    /// Index of the table that is selected.
    fn selected(&self) -> Option<usize>;
    /// Fits backing store and view to the canvas's present size.
    fn resize(&self);
    /// Takes the colours of the present theme.
    fn retheme(&self);
    /// Shows the whole scene.
    fn fit(&self);
    /// Zooms about the middle of the screen.
    fn zoom_by(&self, factor: f64);
    /// Selects a table, or none.
    fn select(&self, table: Option<usize>);
    /// Selects a table and brings it onto the screen, at reading size where it was too small.
    fn reveal(&self, table: usize);
    /// A pointer went down.
    fn press(&self, pointer: i32, at: Point);
    /// A pointer moved. Says whether the picture is being dragged.
    fn moved(&self, pointer: i32, at: Point) -> bool;
    /// A pointer went up, or was lost.
    fn release(&self, pointer: i32, at: Option<Point>);
    /// Opens the table there.
    fn open_at(&self, at: Point);
    /// The pointer left the canvas.
    fn leave(&self);
    /// The wheel turned: zooms about the point; a sideways turn, or one with Shift, moves the
    /// picture. Distances are CSS pixels.
    fn wheel(&self, at: Point, dx: f64, dy: f64, pinches: bool, sideways: bool);
    /// Makes a PNG file of the whole scene with `scale` pixels per world unit, and calls `done` with
    /// whether that worked.
    fn save(&self, scale: f64, file_name: String, done: Box<dyn FnOnce(bool)>);
    /// A key was pressed. Says whether it meant something here.
    fn key(&self, key: &str) -> bool;
}
