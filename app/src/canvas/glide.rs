//! The picture moves by itself: to what was found, to what is selected, to what is near.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::frame::now;
use crate::canvas::stage::{Stage as _, fitted};
use diagram::area::area_rect;
use diagram::find::Found;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::glide::between;
use diagram::memo::memo_rect;
use diagram::scene::Scene;
use leptos::prelude::set_timeout;
use std::time::Duration;

/// Milliseconds of the way.
const GLIDE: f64 = 200.0;
/// The zoom at which what was found can be read.
const READING: f64 = 0.6;
/// What lies farther than this part of the screen from its edges needs not be brought nearer.
const WELL_INSIDE: f64 = 0.22;
/// When, in milliseconds, the ring around what was found comes and goes.
const FLASHES: [(u64, bool); 4] = [(0, true), (350, false), (550, true), (1_000, false)];
/// The same for those who want nothing to move.
const STILL: [(u64, bool); 2] = [(0, true), (2_000, false)];

/// On the way to another part of the picture.
pub(super) struct Glide {
    from: Transform,
    to: Transform,
    /// The clock at its first frame.
    began: Option<f64>,
    /// What is pointed out at its end, in world units.
    ring: Option<Rect>,
}

impl CanvasStage {
    /// Goes there, and at the end points something out. Whoever moves the picture meanwhile ends it.
    fn glide_to(&self, to: Transform, ring: Option<Rect>) {
        if is_still() || to == self.transform() {
            self.look(to);
            if let Some(ring) = ring {
                self.flash(ring);
            }
            return;
        }
        // What is named will stand elsewhere.
        (self.listener.pointed)(None);
        self.glide.replace(Some(Glide {
            from: self.transform(),
            to,
            began: None,
            ring,
        }));
        self.ask_frame();
    }

    /// The next step of the way, if there is one. Says whether more follow.
    pub(super) fn glide_a_little(&self) -> bool {
        let ring = {
            let mut slot = self.glide.borrow_mut();
            let Some(glide) = slot.as_mut() else {
                return false;
            };
            let time = now();
            let part = (time - *glide.began.get_or_insert(time)) / GLIDE;
            let mut view = self.view.borrow_mut();
            view.transform = between(&glide.from, &glide.to, view.size, part);
            if part < 1.0 {
                return true;
            }
            slot.take().and_then(|glide| glide.ring)
        };
        self.tell();
        if let Some(ring) = ring {
            self.flash(ring);
        }
        false
    }

    /// Points something out: a ring that comes and goes twice.
    fn flash(&self, ring: Rect) {
        let number = self.flashes.get().wrapping_add(1);
        self.flashes.set(number);
        let steps: &[(u64, bool)] = if is_still() { &STILL } else { &FLASHES };
        for &(after, shows) in steps {
            let this = self.this.clone();
            let step = move || {
                let Some(stage) = this.upgrade() else { return };
                // Something else has been found since.
                if stage.flashes.get() == number {
                    stage.view.borrow_mut().ring = shows.then_some(ring);
                    stage.ask_frame();
                }
            };
            if after == 0 {
                step();
            } else {
                set_timeout(step, Duration::from_millis(after));
            }
        }
    }

    /// Shows a table at once; the view stays where it shows it well enough.
    pub(super) fn bring_into_view(&self, table: usize) {
        let spot = self.with_scene(|scene| scene.rect(table));
        if !spot.is_empty() {
            self.bring(&spot);
        }
    }

    fn bring(&self, spot: &Rect) {
        let to = {
            let view = self.view.borrow();
            into_view(&view.transform, view.size, spot)
        };
        if let Some(to) = to {
            self.look(to);
        }
    }

    pub(super) fn show_note(&self, id: &str) {
        let spot = self.with_scene(|scene| {
            let now = scene.arrangement();
            let area = now.areas.get(id).map(area_rect);
            area.or_else(|| now.memos.get(id).map(memo_rect))
        });
        let Some(spot) = spot else { return };
        self.focus_link(None);
        if self.may_arrange {
            self.select_note(id);
        } else {
            self.select(None);
        }
        self.bring(&spot);
        self.flash(spot);
    }

    pub(super) fn go_to_found(&self, found: Found) {
        // One that the view hides is shown for now.
        self.peek(found.table);
        let (table, spot) = self.with_scene(|scene| {
            let table = scene.rect(found.table);
            let row = found.column.map(|it| scene.column_rect(found.table, it));
            (table, row.unwrap_or(table))
        });
        if table.is_empty() {
            return;
        }
        // What was pointed out before is no longer.
        self.flashes.set(self.flashes.get().wrapping_add(1));
        let (transform, size) = {
            let mut view = self.view.borrow_mut();
            view.ring = None;
            (view.transform, view.size)
        };
        self.select_tables(vec![found.table]);
        let to = toward(&transform, size, &spot);
        self.glide_to(to, Some(spot));
    }

    /// Shows what is selected, or the tables at both ends of the link that has the focus, or all
    /// where there is neither.
    pub(super) fn show_selection(&self) {
        let ends = self.focused_link().and_then(|link| {
            self.with_scene(|scene| {
                let link = scene.graph().links.get(link)?;
                Some(scene.rect(link.child()).union(&scene.rect(link.parent())))
            })
        });
        let Some(around) = ends.or_else(|| self.around_selection()) else {
            self.say("Nothing is selected: all of it is in view.".to_owned());
            self.fit();
            return;
        };
        self.say("What is selected is in view.".to_owned());
        let size = self.view.borrow().size;
        self.glide_to(fitted(&around, size), None);
    }

    /// True when nothing of the diagram is in the window although there is something.
    pub(super) fn sees_nothing(&self) -> bool {
        let world = self.view.borrow().world();
        self.with_scene(|scene| {
            scene.visible(&world).is_empty()
                && scene.visible_links(&world).is_empty()
                && scene
                    .memos()
                    .all(|(_, (_, memo))| !memo_rect(memo).intersects(&world))
                && has_tables(scene)
        })
    }

    pub(super) fn go_to_near(&self) {
        if let Some(table) = self.nearest_to_center() {
            self.go_to_found(Found {
                table,
                column: None,
            });
            self.say(self.table_said(table));
        }
    }
}

/// The view that shows `spot` (world units), of what is higher than the screen the beginning. None
/// where the present one does so at a size that can be read.
pub(crate) fn into_view(now: &Transform, screen: Size, spot: &Rect) -> Option<Transform> {
    let mut shown = *spot;
    shown.max.y = shown.max.y.min(shown.min.y + room(screen, now.scale()));
    let window = Rect::new(Point::default(), screen);
    let is_seen = window.contains_rect(&now.apply_rect(&shown));
    (now.scale() < READING || !is_seen).then(|| toward(now, screen, spot))
}

/// How much height there is well inside of the screen, in world units.
fn room(screen: Size, zoom: f64) -> f64 {
    screen.height * (1.0 - 2.0 * WELL_INSIDE) / zoom
}

/// The view that shows `spot` (world units) in the middle at a size that can be read; the present
/// one where it does so well enough.
fn toward(now: &Transform, screen: Size, spot: &Rect) -> Transform {
    let zoom = now.scale().max(READING);
    let inside = Rect {
        min: Point::new(screen.width * WELL_INSIDE, screen.height * WELL_INSIDE),
        max: Point::new(
            screen.width * (1.0 - WELL_INSIDE),
            screen.height * (1.0 - WELL_INSIDE),
        ),
    };
    if zoom == now.scale() && inside.contains_rect(&now.apply_rect(spot)) {
        return *now;
    }
    // Of what is higher than the screen the beginning is shown.
    let mut shown = *spot;
    shown.max.y = shown.max.y.min(shown.min.y + room(screen, zoom));
    let center = shown.center();
    Transform::new(
        zoom,
        Point::new(
            screen.width / 2.0 - center.x * zoom,
            screen.height / 2.0 - center.y * zoom,
        ),
    )
}

fn has_tables(scene: &Scene) -> bool {
    (0..scene.rects().len()).any(|table| !scene.is_hidden(table))
}

/// True for people who want nothing to move.
fn is_still() -> bool {
    web_sys::window()
        .and_then(|window| {
            let still = window.match_media("(prefers-reduced-motion: reduce)");
            still.ok().flatten()
        })
        .is_some_and(|still| still.matches())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Size = Size::new(1_000.0, 600.0);

    #[test]
    fn what_is_found_comes_to_the_middle_and_what_is_there_stays() {
        let spot = Rect::new(Point::new(5_000.0, -900.0), Size::new(200.0, 120.0));
        let far = Transform::new(0.05, Point::default());
        let there = toward(&far, SCREEN, &spot);
        assert_eq!(there.scale(), READING);
        let middle = there.apply(spot.center());
        assert!(middle.distance(Point::new(500.0, 300.0)) < 1e-6);
        assert_eq!(toward(&there, SCREEN, &spot), there);
        // Nobody who looks closely is taken away from that.
        let near = Transform::new(2.0, Point::default());
        assert_eq!(toward(&near, SCREEN, &spot).scale(), 2.0);
    }

    #[test]
    fn a_table_higher_than_the_screen_is_brought_into_view_by_its_name() {
        let table = Rect::new(Point::new(300.0, 4_000.0), Size::new(200.0, 30_000.0));
        let name = table.min;
        let window = Rect::new(Point::default(), SCREEN);
        // From afar, and from the middle of its columns.
        let below = Transform::new(1.0, Point::new(0.0, -20_000.0));
        for from in [Transform::new(0.02, Point::default()), below] {
            let there = into_view(&from, SCREEN, &table).unwrap();
            let seen = there.apply(name);
            assert!(window.contains(seen), "{seen:?}");
            assert_eq!(into_view(&there, SCREEN, &table), None);
        }
    }

    #[test]
    fn what_is_in_sight_is_left_where_it_is() {
        let corner = Rect::new(Point::new(5.0, 5.0), Size::new(200.0, 120.0));
        assert_eq!(into_view(&Transform::default(), SCREEN, &corner), None);
        let over = Rect::new(Point::new(900.0, 5.0), Size::new(200.0, 120.0));
        assert!(into_view(&Transform::default(), SCREEN, &over).is_some());
    }

    #[test]
    fn of_what_is_high_the_beginning_is_shown() {
        let spot = Rect::new(Point::new(0.0, 0.0), Size::new(200.0, 20_000.0));
        let there = toward(&Transform::default(), SCREEN, &spot);
        let top = there.apply(spot.min).y;
        assert!(top > 0.0 && top < 300.0);
    }
}
