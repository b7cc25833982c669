//! Where the tables stand. Connected components are laid out apart, each by the method that scores
//! best, and packed towards the aspect ratio asked for; tables without links fill a grid.

use serde::{Deserialize, Serialize};

use crate::courses::Courses;
use crate::detail::Detail;
use crate::geometry::{Point, Rect};
use crate::graph::Graph;
use crate::measure::{TextMetrics, measure};

mod beside;
mod columns;
mod component;
mod force;
mod layered;
mod order;
mod pack;
mod placed;
mod polish;
mod refine;

pub(crate) use beside::{Ground, pushed};
pub use beside::{beside, separate};

/// How tables came to their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Only rows of boxes: no links, or no time.
    #[default]
    Grid,
    /// Layers of references, left to right.
    Layered,
    /// Neighbours near each other, in columns.
    Placed,
}

/// What a layout depends on besides the graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayoutOptions {
    /// How much of each table the boxes show.
    pub detail: Detail,
    /// Width to height that the whole should have.
    pub aspect: f64,
    /// Tables of one schema stand near each other.
    pub group_schemas: bool,
    /// How long to search for a better arrangement, 1 being what is worth waiting for. The result
    /// depends on it.
    pub effort: f64,
    /// The widths of characters.
    pub metrics: TextMetrics,
}

impl Default for LayoutOptions {
    fn default() -> Self {
        Self {
            detail: Detail::All,
            aspect: 1.6,
            group_schemas: true,
            effort: 1.0,
            metrics: TextMetrics::default(),
        }
    }
}

/// A place for each table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// The top left corner of each table's box, by the table's index; whole world units.
    pub positions: Vec<Point>,
    /// What was used for the largest component.
    pub algorithm: Algorithm,
    /// The detail the boxes were measured for.
    pub detail: Detail,
    /// The rectangle around all boxes.
    pub bounds: Rect,
    /// False when the deadline cut the work short.
    pub complete: bool,
    /// The courses of the links between tables that stand so, where they were kept.
    #[serde(default)]
    pub courses: Courses,
}

/// Lays out a graph. `is_late` is asked often whether the time is up; once it is, the best answer so
/// far is completed the cheap way, so there always is one.
pub fn layout(graph: &Graph, options: &LayoutOptions, is_late: &mut dyn FnMut() -> bool) -> Layout {
    let boxes = measure(graph, options.detail, &options.metrics);
    let mut deadline = Deadline {
        is_late,
        late: false,
    };
    let (positions, algorithm) = component::place_all(graph, &boxes, options, &mut deadline);
    let bounds = positions
        .iter()
        .zip(&boxes)
        .fold(None, |all: Option<Rect>, (&at, model)| {
            let rect = Rect::new(at, model.size);
            Some(all.map_or(rect, |all| all.union(&rect)))
        })
        .unwrap_or_default();
    Layout {
        positions,
        algorithm,
        detail: options.detail,
        bounds,
        complete: !deadline.late,
        courses: Courses::default(),
    }
}

/// Asks for the time until it is up, and remembers that it is.
pub(crate) struct Deadline<'a> {
    is_late: &'a mut dyn FnMut() -> bool,
    late: bool,
}

impl Deadline<'_> {
    pub(crate) fn is_late(&mut self) -> bool {
        self.late = self.late || (self.is_late)();
        self.late
    }
}
