//! What happens in a frame: links settle a little, and the picture is painted at once, from tiles,
//! or, while something is dragged, over a picture of all that stays.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::note::{NoteName, places_of};
use crate::canvas::offscreen::context_of;
use crate::canvas::painter::CanvasPainter;
use crate::canvas::tiles::{Source, Tiles, corner};
use diagram::detail::Lod;
use diagram::geometry::{Point, Rect, Transform};
use diagram::paint::{Layers, Notes, Scope, View, paint};
use diagram::painter::Ink;
use diagram::scene::Scene;
use std::rc::Weak;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::OffscreenCanvas;

/// So many boxes in view, weighed by what is in them, are painted anew each frame; more come from
/// tiles.
const LIGHT: usize = 500;
/// Milliseconds of a frame in which links may settle.
const SETTLE: f64 = 5.0;
/// Links that settle between two looks at the clock.
const SETTLE_AT_ONCE: usize = 120;

/// What is kept from frame to frame.
pub(super) struct Frames {
    on_frame: Closure<dyn FnMut()>,
    /// The number of the frame that was asked for.
    asked: Option<i32>,
    painted: bool,
    /// Links are to find their course again.
    unsettled: bool,
    lift: Option<Lift>,
    tiles: Tiles,
    /// The browser has no room for tiles: all that is in view is painted anew each frame.
    no_tiles: bool,
}

/// What is dragged, and a picture of all that stays.
struct Lift {
    tables: Vec<usize>,
    names: Vec<NoteName>,
    /// Where those are in order.
    notes: Notes,
    /// The picture, and the transform it was painted for.
    rest: Option<(OffscreenCanvas, Transform)>,
    /// Let go: the picture is shown until the tiles below it have caught up.
    landing: bool,
}

impl Frames {
    pub(super) fn new(stage: Weak<CanvasStage>) -> Self {
        let on_frame = Closure::<dyn FnMut()>::new(move || {
            if let Some(stage) = stage.upgrade() {
                stage.frames.borrow_mut().asked = None;
                stage.paint_now();
            }
        });
        Self {
            on_frame,
            asked: None,
            painted: false,
            unsettled: false,
            lift: None,
            tiles: Tiles::default(),
            no_tiles: false,
        }
    }

    pub(super) fn has_painted(&self) -> bool {
        self.painted
    }

    /// Does without tiles, and gives back the memory of those that there are.
    fn give_up_tiles(&mut self) {
        self.tiles.forget();
        self.no_tiles = true;
    }
}

impl Drop for Frames {
    /// The page was left: the frame that was asked for would find nobody.
    fn drop(&mut self) {
        if let (Some(asked), Some(window)) = (self.asked, web_sys::window()) {
            // Refused only for what is no number of a frame.
            let _ = window.cancel_animation_frame(asked);
        }
    }
}

impl CanvasStage {
    /// Paints before the browser shows its next picture.
    pub(super) fn ask_frame(&self) {
        let mut frames = self.frames.borrow_mut();
        if frames.asked.is_some() {
            return;
        }
        let on_frame = frames.on_frame.as_ref().unchecked_ref();
        let asked = web_sys::window().map(|window| window.request_animation_frame(on_frame));
        frames.asked = asked.and_then(Result::ok);
    }

    /// Paints at once.
    pub(super) fn paint_now(&self) {
        let moves = self.glide_a_little() | self.pan_at_edge();
        let more = moves | self.settle_a_little() | self.paint_frame();
        self.frames.borrow_mut().painted = true;
        self.follow_on_map();
        if more {
            self.ask_frame();
        }
    }

    /// From now on these follow the pointer.
    pub(super) fn lift(&self, tables: Vec<usize>, names: Vec<NoteName>) {
        let notes = self.with_scene(|scene| places_of(&names, scene));
        self.frames.borrow_mut().lift = Some(Lift {
            tables,
            names,
            notes,
            rest: None,
            landing: false,
        });
        self.ask_frame();
    }

    /// Others changed what stays, or what there is, while something follows the pointer.
    pub(super) fn lift_again(&self) {
        if let Some(lift) = &mut self.frames.borrow_mut().lift {
            lift.notes = self.with_scene(|scene| places_of(&lift.names, scene));
            // What is let go is shown for a moment only.
            if !lift.landing {
                lift.rest = None;
            }
        }
    }

    /// What was dragged is let go.
    pub(super) fn land(&self) {
        let mut frames = self.frames.borrow_mut();
        if let Some(lift) = &mut frames.lift {
            lift.landing = true;
        }
        frames.unsettled = true;
        drop(frames);
        self.ask_frame();
    }

    /// A part of the world has changed.
    pub(super) fn touched(&self, world: Rect) {
        self.frames.borrow_mut().tiles.stale(&[world]);
        self.map_is_stale();
    }

    /// Anything may have changed, the course of links too.
    pub(super) fn touched_all(&self) {
        let mut frames = self.frames.borrow_mut();
        frames.tiles.stale_all();
        frames.unsettled = true;
        drop(frames);
        self.map_is_stale();
        self.ask_frame();
    }

    /// True while something follows the pointer.
    pub(super) fn is_dragging(&self) -> bool {
        let frames = self.frames.borrow();
        frames.lift.as_ref().is_some_and(|lift| !lift.landing)
    }

    /// Nothing that was painted is of use any more.
    pub(super) fn forget_pictures(&self) {
        let mut frames = self.frames.borrow_mut();
        frames.tiles.forget();
        frames.no_tiles = false;
        if let Some(lift) = &mut frames.lift {
            lift.rest = None;
        }
        drop(frames);
        self.map_is_stale();
    }

    /// Lets links find their course for a few milliseconds. Says whether there is more to do.
    fn settle_a_little(&self) -> bool {
        // While something is dragged they would have to begin anew with every frame.
        if !self.frames.borrow().unsettled || self.is_dragging() {
            return false;
        }
        let began = now();
        while now() - began < SETTLE {
            let settled = self.scene.borrow_mut().settle_some(SETTLE_AT_ONCE);
            if let Some(dirty) = settled {
                let mut frames = self.frames.borrow_mut();
                frames.unsettled = false;
                frames.tiles.stale(&dirty);
                drop(frames);
                // Links that go another way may make the whole larger.
                self.map_is_stale();
                return false;
            }
        }
        true
    }

    /// Paints the picture. Says whether it is to be painted again, better.
    fn paint_frame(&self) -> bool {
        let mut frames = self.frames.borrow_mut();
        let frames = &mut *frames;
        let (scene, view) = (self.scene.borrow(), self.view.borrow());
        let palette = self.palette.borrow();
        let ratio = self.pixel_ratio.get();
        let mut heavy = !frames.no_tiles && is_heavy(&scene, &view);
        let source = Source {
            scene: &scene,
            palette: &palette,
            ratio,
            detail: view.detail,
        };
        if let Some(lift) = &mut frames.lift {
            let moved = lift.rest.as_ref().is_some_and(|it| it.1 != view.transform);
            let caught_up = !heavy || moved || frames.tiles.is_fresh(&view, ratio);
            if lift.landing && (caught_up || lift.rest.is_none()) {
                frames.lift = None;
            } else {
                let landing = lift.landing;
                let shown = lift.show(self, &source, &view).is_some();
                if landing && frames.tiles.work(&source, &view, now).is_none() {
                    frames.give_up_tiles();
                    heavy = false;
                }
                if shown {
                    return landing;
                }
                frames.lift = None;
            }
        }
        let more = heavy.then(|| frames.tiles.work(&source, &view, now));
        if more == Some(None) {
            frames.give_up_tiles();
        }
        let Some(more) = more.flatten() else {
            let mut painter = CanvasPainter::new(&self.context, &palette, ratio);
            paint(&scene, &view, &mut painter);
            return false;
        };
        frames
            .tiles
            .show(&self.context, palette.color(Ink::Canvas), &view, ratio);
        // What is lit lies over the tiles, which stand on whole pixels.
        let (left, top) = corner(&view, ratio);
        let mut lit = view.clone();
        lit.transform = Transform::new(
            view.transform.scale(),
            Point::new(left / ratio, top / ratio),
        );
        lit.layers = Layers {
            background: false,
            areas: false,
            links: false,
            tables: false,
            lit: true,
        };
        let mut painter = CanvasPainter::new(&self.context, &palette, ratio);
        paint(&scene, &lit, &mut painter);
        more
    }
}

impl Lift {
    /// Shows what stays as a picture, and what is dragged over it. None when the browser has no room
    /// for the picture.
    fn show(&mut self, stage: &CanvasStage, source: &Source<'_>, view: &View) -> Option<()> {
        let ratio = source.ratio;
        let wrong = self.rest.as_ref().is_none_or(|(canvas, transform)| {
            *transform != view.transform
                || canvas.width() != stage.canvas.width()
                || canvas.height() != stage.canvas.height()
        });
        let mut part = view.clone();
        part.lifted = self.notes.clone();
        if wrong {
            let (width, height) = (stage.canvas.width(), stage.canvas.height());
            // At an edge of the window the picture is another one with every frame.
            let canvas = match self.rest.take() {
                Some((canvas, _)) if canvas.width() == width && canvas.height() == height => canvas,
                _ => OffscreenCanvas::new(width, height).ok()?,
            };
            let context = context_of(&canvas).ok()?;
            part.scope = Scope::Without(self.tables.clone());
            part.layers = Layers {
                lit: false,
                ..Layers::default()
            };
            let mut painter = CanvasPainter::new(&context, source.palette, ratio);
            paint(source.scene, &part, &mut painter);
            self.rest = Some((canvas, view.transform));
        }
        let (rest, _) = self.rest.as_ref()?;
        let context = &stage.context;
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
        context
            .draw_image_with_offscreen_canvas(rest, 0.0, 0.0)
            .ok()?;
        part.scope = Scope::Only(self.tables.clone());
        part.layers = Layers {
            background: false,
            ..Layers::default()
        };
        let mut painter = CanvasPainter::new(context, source.palette, ratio);
        paint(source.scene, &part, &mut painter);
        Some(())
    }
}

/// True when painting all that is in view would take longer than a frame.
fn is_heavy(scene: &Scene, view: &View) -> bool {
    let lod = Lod::at(view.transform.scale(), scene.detail().min(view.detail));
    let weight = match lod {
        Lod::Block => 1,
        Lod::Name => 3,
        Lod::Keys | Lod::Columns => 12,
    };
    scene.visible(&view.world()).len() * weight > LIGHT
}

/// Milliseconds on a clock that only goes on.
pub(super) fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}
