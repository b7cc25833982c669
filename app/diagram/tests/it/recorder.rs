//! A painter that writes down what it is told to paint.

use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::paint::{View, paint};
use diagram::painter::{Ink, Painter, Paths, Stroke, Text};
use diagram::scene::Scene;

#[derive(Default)]
pub(crate) struct Recorder {
    /// How often something was to be painted.
    pub(crate) calls: usize,
    /// What was painted, in this order, apart from texts.
    pub(crate) inks: Vec<Ink>,
    pub(crate) texts: Vec<String>,
    /// The size of the smallest text, in world units.
    pub(crate) smallest: f64,
    /// How many of each were painted.
    pub(crate) rects: usize,
    pub(crate) lines: usize,
    pub(crate) paths: usize,
    /// How many rectangles have the line of what is selected.
    pub(crate) outlined: usize,
    /// How many rectangles and paths have a broken line.
    pub(crate) dashed: usize,
}

impl Recorder {
    fn call(&mut self, ink: Ink) {
        self.calls += 1;
        self.inks.push(ink);
    }

    fn stroke(&mut self, stroke: &Stroke, count: usize) {
        self.call(stroke.ink);
        if stroke.dash > 0.0 {
            self.dashed += count;
        }
    }
}

impl Painter for Recorder {
    fn begin(&mut self, _: &Transform, _: Size) {
        self.smallest = f64::INFINITY;
    }
    fn clear(&mut self, _: Ink) {
        self.calls += 1;
    }
    fn dots(&mut self, _: &Rect, _: f64, _: f64, _: Ink) {
        self.calls += 1;
    }
    fn fill_rects(&mut self, rects: &[Rect], _: f64, ink: Ink) {
        self.call(ink);
        self.rects += rects.len();
    }
    fn stroke_rects(&mut self, rects: &[Rect], _: f64, stroke: &Stroke) {
        self.stroke(stroke, rects.len());
        if stroke.ink == Ink::Selection {
            self.outlined += rects.len();
        }
    }
    fn stroke_lines(&mut self, lines: &[(Point, Point)], stroke: &Stroke) {
        self.stroke(stroke, 0);
        self.lines += lines.len();
    }
    fn stroke_paths(&mut self, paths: &Paths, _: f64, stroke: &Stroke) {
        let count = paths.iter().count();
        self.stroke(stroke, count);
        self.paths += count;
    }
    fn circles(&mut self, _: &[Point], _: f64, _: Ink, _: &Stroke) {
        self.calls += 1;
    }
    fn diamonds(&mut self, _: &[Point], _: f64, _: bool, _: Ink) {
        self.calls += 1;
    }
    fn text(&mut self, text: &Text<'_>) {
        self.texts.push(text.text.to_owned());
        self.smallest = self.smallest.min(text.size);
    }
}

pub(crate) fn recorded(scene: &Scene, view: &View) -> Recorder {
    let mut recorder = Recorder::default();
    paint(scene, view, &mut recorder);
    recorder
}
