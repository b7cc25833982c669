//! What pointers do: click, move the picture, pinch, frame, drag and resize.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::drag::Drag;
use crate::canvas::edge::Edge;
use crate::canvas::note::NoteName;
use crate::canvas::resize::Resize;
use crate::canvas::stage::{Held, Press, Stage as _};
use diagram::area::Grip;
use diagram::detail::Lod;
use diagram::geometry::{Point, Rect};
use diagram::paint::Notes;
use diagram::scene::Hit;
use leptos::prelude::set_timeout;
use std::collections::BTreeMap;
use std::time::Duration;

/// Pixels that a pointer may move between press and release and still be a click.
const CLICK_REACH: f64 = 4.0;
/// The same for a finger, which covers more and rolls.
const TAP_REACH: f64 = 10.0;
/// How long a finger rests on a table before it drags it.
const LONG_PRESS: Duration = Duration::from_millis(300);

/// The pointers on the canvas and what they are about.
#[derive(Default)]
pub(super) struct Hand {
    pointers: BTreeMap<i32, Point>,
    /// The pointer that went down first: it alone drags, frames and resizes.
    leader: i32,
    doing: Doing,
    /// Whether what is dragged is held at an edge.
    pub(super) edge: Edge,
    /// The space bar is held: drags move the picture.
    pub(super) space: bool,
    /// Presses so far, so that a timer knows its own.
    presses: u32,
}

#[derive(Default)]
enum Doing {
    #[default]
    Nothing,
    /// Down, and not far enough from there to be more than a click.
    Pressed(Pressed),
    /// One pointer moves the picture, or two do.
    Panning,
    /// A frame is drawn: from which world point, and what was selected before.
    Framing(Point, Vec<usize>),
    Dragging(Drag),
    Resizing(Resize),
    /// What was begun was called off; until the pointer is up nothing happens.
    Spent,
}

#[derive(Clone, Copy)]
struct Pressed {
    at: Point,
    hit: Hit,
    held: Held,
    pans: bool,
    /// Tables are so small that nobody means one of them with a drag.
    far: bool,
    finger: bool,
}

impl Pressed {
    /// Pixels that it may move and still be a click.
    fn reach(&self) -> f64 {
        if self.finger { TAP_REACH } else { CLICK_REACH }
    }
}

impl Hand {
    /// Whether this pointer only looks on while another one carries something.
    fn looks_on(&self, pointer: i32) -> bool {
        let carries = matches!(
            self.doing,
            Doing::Dragging(_) | Doing::Framing(..) | Doing::Resizing(_) | Doing::Spent
        );
        carries && pointer != self.leader
    }
}

impl CanvasStage {
    pub(super) fn pressed(&self, press: Press) {
        let hit = self.hit(press.at);
        let mut hand = self.hand.borrow_mut();
        hand.pointers.insert(press.pointer, press.at);
        hand.presses = hand.presses.wrapping_add(1);
        if hand.pointers.len() > 1 {
            // A second finger makes it a pinch, which is no click; a drag stays what it is.
            if matches!(hand.doing, Doing::Nothing | Doing::Pressed(_)) {
                hand.doing = Doing::Panning;
            }
            return;
        }
        let far = self.view.borrow().transform.scale() < Lod::BLOCK_BELOW;
        hand.leader = press.pointer;
        hand.doing = Doing::Pressed(Pressed {
            at: press.at,
            hit,
            held: press.held,
            pans: press.middle || hand.space || press.finger,
            far,
            finger: press.finger,
        });
        if press.finger && !far && self.may_arrange {
            let (this, number) = (self.this.clone(), hand.presses);
            set_timeout(
                move || {
                    if let Some(stage) = this.upgrade() {
                        stage.rested(number);
                    }
                },
                LONG_PRESS,
            );
        }
    }

    /// A finger has rested where it went down: from now on it drags.
    fn rested(&self, number: u32) {
        let pressed = {
            let mut hand = self.hand.borrow_mut();
            let is_last = hand.presses == number;
            match &mut hand.doing {
                Doing::Pressed(pressed) if pressed.finger && is_last => {
                    pressed.pans = false;
                    *pressed
                }
                _ => return,
            }
        };
        self.begin_drag(&pressed);
    }

    pub(super) fn pointer_moved(&self, pointer: i32, at: Point, held: Held) -> bool {
        let before = self.hand.borrow().pointers.get(&pointer).copied();
        let Some(before) = before else {
            self.hover(at);
            return false;
        };
        let from = {
            let mut hand = self.hand.borrow_mut();
            if hand.looks_on(pointer) {
                hand.pointers.insert(pointer, at);
                return true;
            }
            match hand.doing {
                Doing::Pressed(pressed) if pressed.at.distance(at) <= pressed.reach() => {
                    return false;
                }
                // From the press on, so that the point under the finger stays under it.
                Doing::Pressed(pressed) => {
                    drop(hand);
                    self.begin(&pressed);
                    hand = self.hand.borrow_mut();
                    hand.pointers.insert(pointer, at);
                    pressed.at
                }
                _ => {
                    hand.pointers.insert(pointer, at);
                    before
                }
            }
        };
        let world = self.transform().invert(at);
        let doing = std::mem::take(&mut self.hand.borrow_mut().doing);
        match &doing {
            Doing::Panning => self.pan_or_pinch(pointer, from, at),
            Doing::Framing(start, selected) => self.frame(*start, world, selected),
            Doing::Dragging(drag) => self.drag(drag, world, held),
            Doing::Resizing(resize) => self.resize_note(resize, world, held),
            Doing::Nothing | Doing::Pressed(_) | Doing::Spent => {}
        }
        let busy = !matches!(doing, Doing::Spent);
        let carries = matches!(
            doing,
            Doing::Dragging(_) | Doing::Framing(..) | Doing::Resizing(_)
        );
        let screen = self.view.borrow().size;
        let mut hand = self.hand.borrow_mut();
        if carries {
            hand.edge.meet(pointer, at, held, screen);
        }
        hand.doing = doing;
        drop(hand);
        if carries {
            self.ask_frame();
        }
        busy
    }

    pub(super) fn released(&self, pointer: i32, at: Option<Point>) {
        let doing = {
            let mut hand = self.hand.borrow_mut();
            // That a pointer is gone may be heard more than once.
            if hand.pointers.remove(&pointer).is_none() || hand.looks_on(pointer) {
                return;
            }
            hand.edge = Edge::default();
            if hand.pointers.is_empty() || !matches!(hand.doing, Doing::Panning) {
                std::mem::take(&mut hand.doing)
            } else {
                // The finger that is left goes on moving the picture.
                return;
            }
        };
        match (doing, at) {
            (Doing::Pressed(pressed), Some(at)) => {
                self.click(at, pressed.held);
                if pressed.finger {
                    self.name_tapped(at);
                }
            }
            (Doing::Dragging(drag), Some(_)) => {
                self.put_down(&drag);
            }
            (Doing::Resizing(resize), Some(_)) => self.put_note_down(&resize),
            (Doing::Framing(..), _) => {
                self.view.borrow_mut().frame = None;
                self.ask_frame();
            }
            (doing, None) => self.put_back(doing),
            _ => {}
        }
        self.show_hand();
    }

    /// Calls off what is being dragged, framed or resized: everything goes back. Says whether there
    /// was something.
    pub(super) fn call_off(&self) -> bool {
        let doing = {
            let mut hand = self.hand.borrow_mut();
            match hand.doing {
                Doing::Dragging(_) | Doing::Resizing(_) | Doing::Framing(..) => {
                    hand.edge = Edge::default();
                    std::mem::replace(&mut hand.doing, Doing::Spent)
                }
                _ => return false,
            }
        };
        self.put_back(doing);
        self.show_hand();
        true
    }

    /// What the pointer looks like.
    pub(super) fn show_hand(&self) {
        let hand = self.hand.borrow();
        let busy = matches!(
            hand.doing,
            Doing::Panning | Doing::Dragging(_) | Doing::Resizing(_)
        );
        // Refused only for a name that is no class.
        let _ = self
            .canvas
            .class_list()
            .toggle_with_force("is-panning", busy);
    }

    fn begin(&self, pressed: &Pressed) {
        let on_note = matches!(pressed.hit, Hit::Area(..) | Hit::Memo(..));
        let on_table = matches!(pressed.hit, Hit::Table(_) | Hit::Column(..));
        let takes = (on_table || on_note) && self.may_arrange && !pressed.far;
        if pressed.pans {
            self.hand.borrow_mut().doing = Doing::Panning;
        } else if takes {
            self.begin_drag(pressed);
        } else if pressed.held.shift && (pressed.far || !on_table) {
            let start = self.transform().invert(pressed.at);
            let before = if pressed.held.control {
                self.view.borrow().selected.clone()
            } else {
                Vec::new()
            };
            self.hand.borrow_mut().doing = Doing::Framing(start, before);
        } else {
            self.hand.borrow_mut().doing = Doing::Panning;
        }
        self.show_hand();
    }

    /// Takes hold of what was pressed: of all that is selected, where it is part of that.
    fn begin_drag(&self, pressed: &Pressed) {
        let resized = self.with_scene(|scene| {
            let name = match pressed.hit {
                Hit::Area(area, Grip::Corner) => NoteName::Area(scene.area(area)?.0.to_owned()),
                Hit::Memo(memo, Grip::Corner) => NoteName::Memo(scene.memo(memo)?.0.to_owned()),
                _ => return None,
            };
            let before = name.place(scene.arrangement())?;
            Some(Resize { name, before })
        });
        let notes = self.view.borrow().selected_notes.clone();
        let selected = match pressed.hit {
            Hit::Table(table) | Hit::Column(table, _) => {
                self.view.borrow().selected.contains(&table)
            }
            Hit::Area(area, _) => notes.areas.contains(&area),
            Hit::Memo(memo, _) => notes.memos.contains(&memo),
            Hit::Link(_) | Hit::Background => return,
        };
        if !selected {
            self.select_hit(pressed.hit);
        }
        if let Some(resize) = resized {
            self.hand.borrow_mut().doing = Doing::Resizing(resize);
            return;
        }
        let drag = self.drag_of_selection(self.transform().invert(pressed.at));
        let notes = drag.notes.iter().map(|it| it.0.clone()).collect();
        self.lift(drag.tables.iter().map(|it| it.0).collect(), notes);
        self.hand.borrow_mut().doing = Doing::Dragging(drag);
        self.show_hand();
    }

    fn put_back(&self, doing: Doing) {
        match doing {
            Doing::Dragging(drag) => {
                self.put_at(&drag, 0.0, 0.0);
                // Somebody else may have moved them meanwhile.
                let tables: Vec<usize> = drag.tables.iter().map(|it| it.0).collect();
                let dirty = self.scene.borrow_mut().put_back(&tables);
                self.touched(dirty);
                self.land();
            }
            Doing::Resizing(resize) => self.put_size_back(&resize),
            Doing::Framing(_, before) => self.select_tables(before),
            // Nothing was changed that would have to be painted anew.
            Doing::Nothing | Doing::Pressed(_) | Doing::Panning | Doing::Spent => return,
        }
        let mut view = self.view.borrow_mut();
        view.guides.clear();
        view.frame = None;
        drop(view);
        self.touched_all();
        self.tell();
    }

    fn frame(&self, start: Point, world: Point, before: &[usize]) {
        let frame = Rect::between(start, world);
        let mut tables: Vec<usize> = self.with_scene(|scene| {
            let within = scene.visible(&frame).into_iter();
            within.map(|table| table as usize).collect()
        });
        tables.extend(before);
        tables.sort_unstable();
        tables.dedup();
        self.view.borrow_mut().frame = Some(frame);
        let notes = self.notes_within(Some(&frame));
        self.select_with(tables, notes);
    }

    fn click(&self, at: Point, held: Held) {
        let hit = self.hit(at);
        if !(held.shift || held.control) {
            self.select_hit(hit);
            return;
        }
        let may = self.may_arrange;
        self.alter_selection(|view| {
            let (list, place) = match hit {
                Hit::Table(table) | Hit::Column(table, _) => (&mut view.selected, table),
                Hit::Area(area, _) if may => (&mut view.selected_notes.areas, area),
                Hit::Memo(memo, _) if may => (&mut view.selected_notes.memos, memo),
                _ => return,
            };
            match list.iter().position(|it| *it == place) {
                Some(at) => {
                    list.remove(at);
                }
                None => list.push(place),
            }
        });
        self.ask_frame();
        self.tell();
    }

    /// Names the link that a finger has tapped, as fingers never hover.
    fn name_tapped(&self, at: Point) {
        let link = match self.hit(at) {
            Hit::Link(link) => Some(link),
            _ => None,
        };
        self.view.borrow_mut().hovered = link.map_or(Hit::Background, Hit::Link);
        self.ask_frame();
        if link.is_some() || self.focused_link().is_none() {
            (self.listener.pointed)(link.map(|link| (link, at)));
        }
    }

    /// Selects what was hit, and nothing else.
    fn select_hit(&self, hit: Hit) {
        let (mut tables, mut notes) = (Vec::new(), Notes::default());
        match hit {
            Hit::Table(table) | Hit::Column(table, _) => tables.push(table),
            Hit::Area(area, _) if self.may_arrange => notes.areas.push(area),
            Hit::Memo(memo, _) if self.may_arrange => notes.memos.push(memo),
            _ => {}
        }
        self.alter_selection(|view| {
            view.selected = tables;
            view.selected_notes = notes;
        });
        self.ask_frame();
        self.tell();
    }

    fn pan_or_pinch(&self, pointer: i32, from: Point, at: Point) {
        let other = self
            .hand
            .borrow()
            .pointers
            .iter()
            .find(|(other, _)| **other != pointer)
            .map(|(_, other)| *other);
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
    }

    fn hover(&self, at: Point) {
        let hit = self.hit(at);
        if std::mem::replace(&mut self.view.borrow_mut().hovered, hit) != hit {
            self.ask_frame();
            (self.listener.pointed)(match hit {
                Hit::Link(link) => Some((link, at)),
                _ => None,
            });
        }
        let takes = match hit {
            Hit::Table(_) | Hit::Column(..) => true,
            Hit::Area(..) | Hit::Memo(..) => self.may_arrange,
            Hit::Link(_) | Hit::Background => false,
        };
        // Refused only for a name that is no class.
        let _ = self.canvas.class_list().toggle_with_force("is-over", takes);
    }
}
