//! The stage: a scene, the part of it that is seen, and the picture that shows it. Here is what the
//! page knows of it.

use crate::canvas::minimap::MapParts;
use crate::canvas::view_state::ViewState;
use contract::catalog::DiagramData;
use diagram::arrange::Arrange;
use diagram::find::Found;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::outline::Note;
use model::view::{Arrangement, ViewChange, ViewColour};
use std::sync::Arc;
use web_sys::HtmlCanvasElement;

/// Pixels around the whole when it is fitted to the screen, and besides at the upper edge, where the
/// tools are. The style of the server's picture says the same.
const FIT_PADDING: f64 = 32.0;
const FIT_TOP: f64 = 24.0;
/// The factor of one press of a zoom button or key.
pub const ZOOM_STEP: f64 = 1.25;

/// Shows all of a part of the world on a screen of `size` pixels, below the tools, at most at zoom 1.
pub fn fitted(world: &Rect, size: Size) -> Transform {
    let below = Size::new(size.width, (size.height - FIT_TOP).max(1.0));
    Transform::fit(world, below, FIT_PADDING, 1.0).pan(0.0, FIT_TOP)
}

/// Told of a stage that has changed.
pub type OnChange = Box<dyn Fn(&dyn Stage)>;

/// What the page around the stage wants to hear.
pub struct Listener {
    /// The view has moved, something else is selected, or can be taken back.
    pub changed: OnChange,
    /// A table was opened: double click or Enter.
    pub opened: Box<dyn Fn(usize)>,
    /// The person has arranged something; the stage shows it already. Changes come together as they
    /// were made.
    pub edited: Box<dyn Fn(Vec<ViewChange>)>,
    /// Another link, or none, is to be named: it has the pointer over it or the focus of the keyboard.
    /// With it the point, on the canvas, beside which it is named.
    pub pointed: OnPoint,
    /// Something has happened that those who do not see the picture want to hear, in a sentence.
    pub said: Box<dyn Fn(String)>,
}

/// Told of a link that is to be named.
pub type OnPoint = Box<dyn Fn(Option<(usize, Point)>)>;

/// What a stage is made of.
pub struct Start {
    /// Where it paints.
    pub canvas: HtmlCanvasElement,
    /// What it shows.
    pub data: Arc<DiagramData>,
    /// Which part of it at first.
    pub view: ViewState,
    /// What was arranged so far.
    pub arrangement: Arrangement,
    /// Whether the person may arrange: without it, nothing can be moved.
    pub may_arrange: bool,
    /// Who wants to hear of it.
    pub listener: Listener,
}

/// Keys that are held while something else happens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Shift.
    pub shift: bool,
    /// Control, or Command.
    pub control: bool,
    /// Alt.
    pub alt: bool,
}

/// A pointer that went down.
#[derive(Debug, Clone, Copy)]
pub struct Press {
    /// Which one.
    pub pointer: i32,
    /// Where, in pixels on the canvas.
    pub at: Point,
    /// Which keys were held.
    pub held: Held,
    /// With the middle button, which always moves the picture.
    pub middle: bool,
    /// A finger: it drags a table only after it has rested on it.
    pub finger: bool,
}

/// What is selected, for tools that act on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chosen {
    /// How many tables.
    pub tables: usize,
    /// How many of them a view can keep something of: not tables of an older version.
    pub lasting: usize,
    /// All of them, by index, where there are several.
    pub several: Vec<usize>,
    /// Where the first of them stands, in world units.
    pub place: Option<(f64, f64)>,
    /// Whether all of them are pinned.
    pub pinned: bool,
    /// The colour that all of them, and the area, have.
    pub colour: Option<ViewColour>,
    /// The area, where one is selected, with its title.
    pub area: Option<Written>,
    /// The memo, where one is selected, with its text.
    pub memo: Option<Written>,
    /// How many tables are hidden in all.
    pub hidden: usize,
    /// Those of them that would be in the picture, by index, ascending.
    pub hidden_here: Vec<usize>,
    /// Whether the view hides the first of the selected tables, which may be shown for now.
    pub is_hidden: bool,
    /// All areas and memos.
    pub notes: Arc<Vec<Note>>,
    /// Whether something can be taken back.
    pub can_undo: bool,
    /// Whether something can be done again.
    pub can_redo: bool,
}

/// An area or a memo, with what is written on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// Which one.
    pub id: String,
    /// The title, or the text in Markdown.
    pub text: String,
}

impl Written {
    /// The area or memo `id`, with what is written on it.
    pub fn new(id: &str, text: &str) -> Self {
        Self {
            id: id.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// What a tool does with what is selected.
#[derive(Debug, Clone, PartialEq)]
pub enum Tool {
    /// Puts tables in line, evenly apart or in order.
    Arrange(Arrange),
    /// Pins tables, or lets them go.
    Pin(bool),
    /// Gives tables and areas a colour, or takes it from tables.
    Colour(Option<ViewColour>),
    /// Leaves tables out of the picture; takes areas and memos away.
    Hide,
    /// Shows all hidden tables again.
    ShowHidden,
    /// Shows a hidden table again, by index.
    ShowTable(usize),
    /// Draws an area around the selected tables.
    Area,
    /// Writes a memo beside what is selected.
    Memo,
    /// Gives an area a title or a memo a text, whatever is selected by then.
    Write(Written),
    /// Takes the selected areas and memos away.
    Remove,
}

/// A scene that follows pointer, wheel and keys. Points are pixels on the canvas unless called
/// world points.
pub trait Stage {
    /// The zoom: 1 is reading size.
    fn zoom(&self) -> f64;
    /// The world point in the middle of the screen.
    fn center(&self) -> Point;
    /// Index of the table that is selected; of several, of the first.
    fn selected(&self) -> Option<usize>;
    /// What is selected, for tools.
    fn chosen(&self) -> Chosen;
    /// Index of the link that has the focus of the keyboard.
    fn focused_link(&self) -> Option<usize>;
    /// Gives a link the focus of the keyboard, or takes it away.
    fn focus_link(&self, link: Option<usize>);
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
    /// Selects a table besides those before, or lets go of it where it is one of them, and says so.
    fn toggle(&self, table: usize);
    /// Selects a table and brings it onto the screen, at reading size where it was too small. One that
    /// is hidden is shown for now; the view stays as it is.
    fn reveal(&self, table: usize);
    /// Selects what was found, shows it for now if the view hides it, brings it to the middle of the screen and points it out.
    fn go_to(&self, found: Found);
    /// Shows an area or a memo and points it out; who may arrange has it selected.
    fn go_to_note(&self, id: &str);
    /// Shows what is selected, or both ends of the link that has the focus, or all.
    fn frame_selection(&self);
    /// Whether there is nothing in the window although there is something elsewhere. Not to be asked
    /// with every frame.
    fn is_lost(&self) -> bool;
    /// Whether the picture is on its way somewhere.
    fn is_gliding(&self) -> bool;
    /// Goes to the table that is nearest to the middle of the screen.
    fn go_to_nearest(&self);
    /// Keeps a small map of the whole from now on.
    fn attach_map(&self, parts: MapParts);
    /// A pointer went down on the small map, or moved there while it was down. `at` is in pixels
    /// on it.
    fn map_pointed(&self, at: Point, presses: bool);
    /// A pointer went down.
    fn press(&self, press: Press);
    /// A pointer moved. Says whether something is being dragged.
    fn moved(&self, pointer: i32, at: Point, held: Held) -> bool;
    /// A pointer went up, or was lost.
    fn release(&self, pointer: i32, at: Option<Point>);
    /// Opens the table there.
    fn open_at(&self, at: Point);
    /// The pointer left the canvas.
    fn leave(&self);
    /// The wheel turned: zooms about the point; a sideways turn, or one with Shift, moves the
    /// picture. Distances are CSS pixels.
    fn wheel(&self, at: Point, dx: f64, dy: f64, pinches: bool, sideways: bool);
    /// A key was pressed. Says whether it meant something here.
    fn key(&self, key: &str, held: Held) -> bool;
    /// A key was let go.
    fn key_up(&self, key: &str);
    /// Shows what somebody else has arranged. What they changed can no longer be taken back here.
    fn apply(&self, changes: &[ViewChange]);
    /// Shows what the person arranged on an earlier visit and could not send.
    fn resume(&self, changes: &[ViewChange]);
    /// Takes back what the person did last.
    fn undo(&self);
    /// Does again what was taken back last.
    fn redo(&self);
    /// Uses a tool on what is selected.
    fn work(&self, tool: Tool);
}
