//! The primitives that a renderer has to offer. What is drawn with them is decided in `paint`
//! alone, so that all renderers show the same picture.

use crate::geometry::{Point, Rect, Size, Transform};

/// The width of the line of a diamond that is only outlined, in world units.
pub const DIAMOND_LINE: f64 = 1.25;

/// A colour by its role; the renderer's theme says which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ink {
    /// Behind everything.
    Canvas,
    /// The dots of the background's grid.
    Dot,
    /// The inside of a box.
    Surface,
    /// The edge of a box.
    Border,
    /// The line below a header.
    Rule,
    /// The header of what is not an ordinary table (views and the like).
    HeaderFill,
    /// A row under the pointer.
    Hover,
    /// A box too small to show anything inside.
    Block,
    /// Names.
    Text,
    /// Types, counts, schemas.
    TextDim,
    /// The mark of a primary key.
    Key,
    /// The mark of a foreign key.
    ForeignKey,
    /// A link.
    Link,
    /// A link in a picture so far away that links are texture.
    LinkFar,
    /// A link that is proposed and not declared.
    LinkProposed,
    /// What is highlighted.
    Accent,
    /// The outline of what is selected.
    Selection,
    /// What an overlay says is new.
    Added,
    /// The tint behind it.
    AddedFill,
    /// What an overlay says is gone.
    Removed,
    /// The tint behind it.
    RemovedFill,
    /// What an overlay says is different.
    Altered,
    /// The tint behind it.
    AlteredFill,
    /// What an overlay warns of.
    Warning,
    /// The tint behind it.
    WarningFill,
    /// What an overlay points at.
    Notice,
    /// The tint behind it.
    NoticeFill,
    /// The least of what is counted.
    Heat1,
    /// More of it.
    Heat2,
    /// A middling amount.
    Heat3,
    /// Much of it.
    Heat4,
    /// The most of what is counted.
    Heat5,
    /// Red, as a person's choice: lines, strips, blocks.
    Red,
    /// The tint behind texts of it.
    RedFill,
    /// Orange, as a person's choice: lines, strips, blocks.
    Orange,
    /// The tint behind texts of it.
    OrangeFill,
    /// Yellow, as a person's choice: lines, strips, blocks.
    Yellow,
    /// The tint behind texts of it.
    YellowFill,
    /// Green, as a person's choice: lines, strips, blocks.
    Green,
    /// The tint behind texts of it.
    GreenFill,
    /// Teal, as a person's choice: lines, strips, blocks.
    Teal,
    /// The tint behind texts of it.
    TealFill,
    /// Blue, as a person's choice: lines, strips, blocks.
    Blue,
    /// The tint behind texts of it.
    BlueFill,
    /// Purple, as a person's choice: lines, strips, blocks.
    Purple,
    /// The tint behind texts of it.
    PurpleFill,
    /// Grey, as a person's choice: lines, strips, blocks.
    Grey,
    /// The tint behind texts of it.
    GreyFill,
}

impl Ink {
    /// All roles.
    pub const ALL: [Self; 48] = [
        Self::Canvas,
        Self::Dot,
        Self::Surface,
        Self::Border,
        Self::Rule,
        Self::HeaderFill,
        Self::Hover,
        Self::Block,
        Self::Text,
        Self::TextDim,
        Self::Key,
        Self::ForeignKey,
        Self::Link,
        Self::LinkFar,
        Self::LinkProposed,
        Self::Accent,
        Self::Selection,
        Self::Added,
        Self::AddedFill,
        Self::Removed,
        Self::RemovedFill,
        Self::Altered,
        Self::AlteredFill,
        Self::Warning,
        Self::WarningFill,
        Self::Notice,
        Self::NoticeFill,
        Self::Heat1,
        Self::Heat2,
        Self::Heat3,
        Self::Heat4,
        Self::Heat5,
        Self::Red,
        Self::RedFill,
        Self::Orange,
        Self::OrangeFill,
        Self::Yellow,
        Self::YellowFill,
        Self::Green,
        Self::GreenFill,
        Self::Teal,
        Self::TealFill,
        Self::Blue,
        Self::BlueFill,
        Self::Purple,
        Self::PurpleFill,
        Self::Grey,
        Self::GreyFill,
    ];

    /// The role's name in CSS: the custom property is `--er-` and this.
    #[must_use]
    pub const fn css_name(self) -> &'static str {
        match self {
            Self::Canvas => "canvas",
            Self::Dot => "dot",
            Self::Surface => "surface",
            Self::Border => "border",
            Self::Rule => "rule",
            Self::HeaderFill => "header",
            Self::Hover => "hover",
            Self::Block => "block",
            Self::Text => "text",
            Self::TextDim => "text-dim",
            Self::Key => "key",
            Self::ForeignKey => "foreign-key",
            Self::Link => "link",
            Self::LinkFar => "link-far",
            Self::LinkProposed => "link-proposed",
            Self::Accent => "accent",
            Self::Selection => "selection",
            Self::Added => "added",
            Self::AddedFill => "added-fill",
            Self::Removed => "removed",
            Self::RemovedFill => "removed-fill",
            Self::Altered => "altered",
            Self::AlteredFill => "altered-fill",
            Self::Warning => "warning",
            Self::WarningFill => "warning-fill",
            Self::Notice => "notice",
            Self::NoticeFill => "notice-fill",
            Self::Heat1 => "heat-1",
            Self::Heat2 => "heat-2",
            Self::Heat3 => "heat-3",
            Self::Heat4 => "heat-4",
            Self::Heat5 => "heat-5",
            Self::Red => "red",
            Self::RedFill => "red-fill",
            Self::Orange => "orange",
            Self::OrangeFill => "orange-fill",
            Self::Yellow => "yellow",
            Self::YellowFill => "yellow-fill",
            Self::Green => "green",
            Self::GreenFill => "green-fill",
            Self::Teal => "teal",
            Self::TealFill => "teal-fill",
            Self::Blue => "blue",
            Self::BlueFill => "blue-fill",
            Self::Purple => "purple",
            Self::PurpleFill => "purple-fill",
            Self::Grey => "grey",
            Self::GreyFill => "grey-fill",
        }
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// The colour.
    pub ink: Ink,
    /// The width, in world units.
    pub width: f64,
    /// Dashes of this length and gaps of three quarters of it, in world units; 0 is a full line.
    pub dash: f64,
}

impl Stroke {
    /// A full line.
    #[must_use]
    pub const fn solid(ink: Ink, width: f64) -> Self {
        Self {
            ink,
            width,
            dash: 0.0,
        }
    }
}

/// Where a text is put relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It starts there.
    Left,
    /// Its middle is there.
    Center,
    /// It ends there.
    Right,
}

/// A text in the monospace face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Text<'a> {
    /// On the alphabetic baseline, in world units.
    pub at: Point,
    /// What to write; already cut to fit.
    pub text: &'a str,
    /// The font's size, in world units.
    pub size: f64,
    /// Bold.
    pub bold: bool,
    /// The colour.
    pub ink: Ink,
    /// Where it is put.
    pub align: Align,
}

/// Many polylines in one allocation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    points: Vec<Point>,
    ends: Vec<usize>,
}

impl Paths {
    /// Adds a polyline.
    pub fn push(&mut self, points: &[Point]) {
        self.points.extend_from_slice(points);
        self.ends.push(self.points.len());
    }

    /// The polylines.
    pub fn iter(&self) -> impl Iterator<Item = &[Point]> + '_ {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let path = self.points.get(start..end).unwrap_or_default();
            start = end;
            path
        })
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Forgets all and keeps the memory.
    pub fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }
}

/// One step of a path with rounded corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Starts there.
    Move(Point),
    /// Straight on to there.
    Line(Point),
    /// A quadratic curve round the first point to the second.
    Curve(Point, Point),
}

/// A polyline as steps with its corners rounded by `radius` (world units), less where its pieces
/// are too short. Every renderer goes through this, so that all draw the same corners.
pub fn rounded(points: &[Point], radius: f64, mut step: impl FnMut(Step)) {
    let mut rest = points.iter().copied();
    let Some(mut before) = rest.next() else {
        return;
    };
    step(Step::Move(before));
    let mut at = rest.next();
    while let Some(corner) = at {
        let next = rest.next();
        if let Some(next) = next {
            let (into, out) = (before.distance(corner), corner.distance(next));
            let r = radius.min(into / 2.0).min(out / 2.0);
            if r > 0.05 {
                step(Step::Line(toward(corner, before, r / into)));
                step(Step::Curve(corner, toward(corner, next, r / out)));
            } else {
                step(Step::Line(corner));
            }
        } else {
            step(Step::Line(corner));
        }
        before = corner;
        at = next;
    }
}

fn toward(from: Point, to: Point, part: f64) -> Point {
    Point::new(
        from.x + (to.x - from.x) * part,
        from.y + (to.y - from.y) * part,
    )
}

/// A part of the picture that a renderer may want to keep apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A link by index.
    Link(usize),
    /// A table by index.
    Table(usize),
    /// An area by index.
    Area(usize),
    /// A memo by index.
    Memo(usize),
}

/// Which parts a renderer wants by themselves, each between `open` and `close`. Of the others equal
/// primitives come together, which a canvas draws much faster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grouping {
    /// None of them.
    #[default]
    Nothing,
    /// All but links.
    Boxes,
    /// All.
    Everything,
}

/// A renderer. All coordinates and lengths are world units; `begin` gives the transform to the
/// screen.
pub trait Painter {
    /// Starts a picture of `size` CSS pixels.
    fn begin(&mut self, screen_from_world: &Transform, size: Size);
    /// Ends the picture.
    fn end(&mut self) {}
    /// Which parts are to be painted by themselves, once the picture has begun.
    fn grouping(&self) -> Grouping {
        Grouping::Nothing
    }
    /// What follows, until `close`, belongs to this part. Only called as `grouping` asks.
    fn open(&mut self, _part: Part) {}
    /// Ends the part opened last.
    fn close(&mut self, _part: Part) {}

    /// Fills the whole picture.
    fn clear(&mut self, ink: Ink);
    /// Dots of `radius` at the multiples of `step` within `world`.
    fn dots(&mut self, world: &Rect, step: f64, radius: f64, ink: Ink);
    /// Fills rectangles with corners of `radius`.
    fn fill_rects(&mut self, rects: &[Rect], radius: f64, ink: Ink);
    /// Outlines rectangles with corners of `radius`; the line's middle is on the edge.
    fn stroke_rects(&mut self, rects: &[Rect], radius: f64, stroke: &Stroke);
    /// Straight lines from point to point.
    fn stroke_lines(&mut self, lines: &[(Point, Point)], stroke: &Stroke);
    /// Polylines with corners of `radius`, see [`rounded`].
    fn stroke_paths(&mut self, paths: &Paths, radius: f64, stroke: &Stroke);
    /// Circles of `radius`, filled and outlined.
    fn circles(&mut self, centers: &[Point], radius: f64, fill: Ink, stroke: &Stroke);
    /// Squares on their corner, `radius` from the middle to a corner; filled, or only outlined by a
    /// line of [`DIAMOND_LINE`].
    fn diamonds(&mut self, centers: &[Point], radius: f64, filled: bool, ink: Ink);
    /// Writes a text.
    fn text(&mut self, text: &Text<'_>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_rounded_and_ends_kept() {
        let p = [
            Point::new(0.0, 0.0),
            Point::new(10.0, 0.0),
            Point::new(10.0, 4.0),
        ];
        let mut steps = Vec::new();
        rounded(&p, 5.0, |s| steps.push(s));
        assert_eq!(
            steps,
            [
                Step::Move(p[0]),
                Step::Line(Point::new(8.0, 0.0)),
                Step::Curve(p[1], Point::new(10.0, 2.0)),
                Step::Line(p[2]),
            ]
        );
        rounded(&[], 5.0, |_| panic!("nothing to draw"));
    }

    #[test]
    fn paths_come_back_apart() {
        let mut paths = Paths::default();
        paths.push(&[Point::new(0.0, 0.0), Point::new(1.0, 0.0)]);
        paths.push(&[Point::new(5.0, 5.0)]);
        assert_eq!(paths.iter().map(<[Point]>::len).collect::<Vec<_>>(), [2, 1]);
    }
}
