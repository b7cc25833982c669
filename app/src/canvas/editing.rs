//! Changes to what is arranged: the person's own, what is taken back, and what others did.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::note::{NoteName, places_of};
use crate::canvas::said::summary;
use crate::canvas::stage::{Chosen, Tool, Written};
use diagram::area::area_rect;
use diagram::arrange::arrange;
use diagram::geometry::{Point, Rect, Size};
use diagram::memo::memo_rect;
use diagram::paint::Notes;
use diagram::scene::{Scene, spot};
use diagram::snap::on_grid;
use model::box_id::is_lasting;
use model::number::counted;
use model::view::{Area, Memo, ViewChange, ViewColour};
use std::time::Duration;

/// What others do is said after so long.
const OTHERS_REST: Duration = Duration::from_secs(1);
/// Around the tables of a new area, in world units.
const AREA_MARGIN: f64 = 24.0;
/// For the title of a new area, in world units.
const AREA_TITLE: f64 = 16.0;
/// Of an area around nothing, in world units.
const AREA_SIZE: Size = Size::new(480.0, 320.0);
/// So many places on each side are tried for something new.
const FREE_STEPS: u32 = 24;
/// Of a new memo, in world units.
const MEMO_SIZE: Size = Size::new(240.0, 120.0);

impl CanvasStage {
    /// Makes changes of the person together: they can be taken back, and the page hears of them.
    /// Answers what was done, in words; none where all is as before.
    pub(super) fn commit(&self, changes: Vec<ViewChange>) -> Option<String> {
        if !self.may_arrange {
            return None;
        }
        let changes: Vec<ViewChange> = self.with_scene(|scene| {
            let now = scene.arrangement();
            let is_new = |change: &ViewChange| now.inverse(change) != *change;
            changes.into_iter().filter(is_new).collect()
        });
        if changes.is_empty() {
            self.tell();
            return None;
        }
        let (before, said) = self.with_scene(|scene| {
            let before = scene.arrangement_before(&changes);
            let said = summary(&before, &changes);
            (before, said)
        });
        self.history.borrow_mut().record(before, &changes);
        self.make(&changes);
        let is_kept = changes.iter().all(ViewChange::is_lasting);
        (self.listener.edited)(changes);
        match is_kept {
            true => Some(said),
            false => Some(format!(
                "{said}; the place of a table of an older version is not kept"
            )),
        }
    }

    pub(super) fn others_did(&self, changes: &[ViewChange]) {
        let changes = self.news_of(changes);
        if !changes.is_empty() {
            self.will_say_of_others(&changes);
            self.make(&changes);
            self.lift_again();
        }
    }

    pub(super) fn kept_before(&self, changes: &[ViewChange]) {
        let changes = self.news_of(changes);
        if !changes.is_empty() {
            let said = self.with_scene(|scene| summary(scene.arrangement(), &changes));
            self.make(&changes);
            self.say(format!("Not sent before: {said}."));
        }
    }

    /// The changes after which something is different. None of these things can be taken back any more
    /// to where the person had it.
    fn news_of(&self, changes: &[ViewChange]) -> Vec<ViewChange> {
        let changes: Vec<ViewChange> = self.with_scene(|scene| {
            let now = scene.arrangement();
            // What is so already is an echo of what was done here.
            let is_new = |change: &&ViewChange| now.inverse(change) != **change;
            changes.iter().filter(is_new).cloned().collect()
        });
        for change in &changes {
            self.history.borrow_mut().overtaken(change);
        }
        changes
    }

    /// What others do is said in one sentence a while later: it comes in many small parts.
    fn will_say_of_others(&self, changes: &[ViewChange]) {
        let mut others = self.others.borrow_mut();
        if let Some((_, heard)) = &mut *others {
            heard.extend_from_slice(changes);
            return;
        }
        let before = self.with_scene(|scene| scene.arrangement().clone());
        *others = Some((before, changes.to_vec()));
        let this = self.this.clone();
        leptos::prelude::set_timeout(
            move || {
                let Some(this) = this.upgrade() else { return };
                let heard = this.others.borrow_mut().take();
                if let Some((before, changes)) = heard {
                    this.say(format!("Elsewhere: {}.", summary(&before, &changes)));
                }
            },
            OTHERS_REST,
        );
    }

    pub(super) fn go_back(&self) {
        if self.call_off() {
            self.say("Called off.".to_owned());
            return;
        }
        let changes = self.history.borrow_mut().undo();
        self.repeat(changes, "Taken back", "There is nothing to take back.");
    }

    pub(super) fn go_on(&self) {
        let changes = self.history.borrow_mut().redo();
        self.repeat(changes, "Done again", "There is nothing to do again.");
    }

    fn repeat(&self, changes: Vec<ViewChange>, what: &str, nothing: &str) {
        if changes.is_empty() {
            self.say(nothing.to_owned());
            return;
        }
        let said = self.with_scene(|scene| summary(scene.arrangement(), &changes));
        self.make(&changes);
        self.say(format!("{what}: {said}."));
        (self.listener.edited)(changes);
    }

    /// Shows changes.
    fn make(&self, changes: &[ViewChange]) {
        let chosen = self.chosen_names();
        self.scene.borrow_mut().change_all(changes);
        // Areas and memos are known by their place in order, which others may have changed.
        {
            let scene = self.scene.borrow();
            let mut tables = self.view.borrow().selected.clone();
            tables.retain(|table| !scene.is_hidden(*table));
            let notes = places_of(&chosen, &scene);
            drop(scene);
            self.alter_selection(|view| {
                view.selected = tables;
                view.selected_notes = notes;
            });
        }
        self.touched_all();
        self.tell();
    }

    /// The selected areas and memos.
    pub(super) fn chosen_names(&self) -> Vec<NoteName> {
        let (areas, memos) = self.chosen_ids();
        let areas = areas.into_iter().map(NoteName::Area);
        areas.chain(memos.into_iter().map(NoteName::Memo)).collect()
    }

    /// The names of the selected areas and memos.
    fn chosen_ids(&self) -> (Vec<String>, Vec<String>) {
        let view = self.view.borrow();
        self.with_scene(|scene| {
            let areas = view.selected_notes.areas.iter();
            let memos = view.selected_notes.memos.iter();
            (
                areas
                    .filter_map(|area| Some(scene.area(*area)?.0.to_owned()))
                    .collect(),
                memos
                    .filter_map(|memo| Some(scene.memo(*memo)?.0.to_owned()))
                    .collect(),
            )
        })
    }

    pub(super) fn chosen_now(&self) -> Chosen {
        let (view, scene, history) = (
            self.view.borrow(),
            self.scene.borrow(),
            self.history.borrow(),
        );
        let tables = &view.selected;
        let area = view.selected_notes.areas.first();
        let area = area.and_then(|area| scene.area(*area));
        let memo = view.selected_notes.memos.first();
        let memo = memo.and_then(|memo| scene.memo(*memo));
        let mut colours = tables.iter().map(|table| scene.colour(*table));
        let first = colours.next().flatten();
        let colour = match area {
            Some((_, area)) if tables.is_empty() => Some(area.colour),
            _ => first.filter(|_| colours.all(|it| it == first)),
        };
        Chosen {
            tables: tables.len(),
            lasting: {
                let ids = tables.iter().filter_map(|table| scene.id_of(*table));
                ids.filter(|id| is_lasting(*id)).count()
            },
            several: match tables.len() {
                0 | 1 => Vec::new(),
                _ => tables.clone(),
            },
            place: tables.first().map(|table| {
                let at = scene.rect(*table).min;
                (at.x, at.y)
            }),
            pinned: !tables.is_empty() && tables.iter().all(|table| scene.is_pinned(*table)),
            colour,
            area: area.map(|(id, area)| Written::new(id, &area.title)),
            memo: memo.map(|(id, memo)| Written::new(id, &memo.text)),
            hidden: scene.arrangement().hidden.len(),
            hidden_here: scene.hidden(),
            is_hidden: tables.first().is_some_and(|table| scene.hides(*table)),
            notes: self.notes_told(),
            can_undo: history.can_undo(),
            can_redo: history.can_redo(),
        }
    }

    pub(super) fn use_tool(&self, tool: Tool) {
        if !self.may_arrange {
            return;
        }
        let mut ended = 0;
        let for_each = matches!(tool, Tool::Pin(_) | Tool::Colour(_) | Tool::Hide);
        let changes = match tool {
            Tool::Arrange(order) => {
                let tables = self.view.borrow().selected.clone();
                self.with_scene(|scene| places(scene, arrange(scene, &tables, order).into_iter()))
            }
            Tool::Pin(pinned) => self.for_tables(|table| ViewChange::Pin { table, pinned }),
            Tool::Colour(colour) => {
                let mut changes = self.for_tables(|table| ViewChange::Colour { table, colour });
                if let Some(colour) = colour {
                    changes.extend(self.for_areas(|area| area.colour = colour));
                }
                changes
            }
            Tool::Hide => {
                ended = self.end_peeks();
                let mut changes = self.for_tables(|table| ViewChange::Hide {
                    table,
                    hidden: true,
                });
                // Areas and memos that are selected with tables are for moving.
                if changes.is_empty() && ended == 0 {
                    changes.extend(self.removals());
                }
                changes
            }
            Tool::ShowHidden => self.with_scene(|scene| {
                let hidden = scene.arrangement().hidden.iter();
                hidden
                    .map(|&table| ViewChange::Hide {
                        table,
                        hidden: false,
                    })
                    .collect()
            }),
            Tool::ShowTable(table) => {
                let id = self.with_scene(|scene| scene.id_of(table));
                let hidden = false;
                id.map(|table| ViewChange::Hide { table, hidden })
                    .into_iter()
                    .collect()
            }
            Tool::Area => vec![self.new_area()],
            Tool::Memo => vec![self.new_memo()],
            Tool::Write(written) => return self.write_note(written),
            Tool::Remove => self.removals(),
        };
        let is_fleeting = changes.is_empty() && for_each && self.chosen_now().lasting == 0;
        let made = match changes.as_slice() {
            [ViewChange::Area { id, area: Some(_) }] => Some(id.clone()),
            [ViewChange::Memo { id, memo: Some(_) }] => Some(id.clone()),
            _ => None,
        };
        let said = self.commit(changes);
        if let Some(made) = made {
            self.select_note(&made);
        }
        match said {
            Some(said) => self.say(format!("{said}.")),
            // They are let go of, so nothing is selected by now.
            None if ended > 0 => self.say(format!("{} hidden again.", counted(ended, "table"))),
            None if is_fleeting => self.say(
                "A table of an older version cannot be pinned, coloured or hidden.".to_owned(),
            ),
            None => self.say("Nothing is different.".to_owned()),
        }
    }

    /// Shows a hidden table for now, and says so.
    pub(super) fn peek(&self, table: usize) {
        if !self.with_scene(|scene| scene.is_hidden(table)) {
            return;
        }
        self.scene.borrow_mut().peek(table);
        self.touched_all();
        let name = self.with_scene(|scene| {
            let node = scene.graph().tables.get(table);
            node.map(diagram::graph::TableNode::qualified_name)
        });
        let name = name.unwrap_or_default();
        (self.listener.said)(format!(
            "{name} is hidden in this view; it is shown for now."
        ));
    }

    /// Hides the selected tables again that were shown for now. Answers how many there were.
    fn end_peeks(&self) -> usize {
        let tables = self.view.borrow().selected.clone();
        let mut scene = self.scene.borrow_mut();
        let again: Vec<usize> = tables
            .into_iter()
            .filter(|table| scene.end_peek(*table))
            .collect();
        drop(scene);
        if !again.is_empty() {
            self.alter_selection(|view| view.selected.retain(|table| !again.contains(table)));
            self.touched_all();
        }
        again.len()
    }

    /// Moves the selected tables, areas and memos by so much, with what stands on the areas.
    pub(super) fn nudge(&self, dx: f64, dy: f64) -> Option<String> {
        let drag = self.drag_of_selection(Point::default());
        self.put_at(&drag, dx, dy);
        self.put_down(&drag)
    }

    fn for_tables(&self, change: impl Fn(i64) -> ViewChange) -> Vec<ViewChange> {
        let view = self.view.borrow();
        self.with_scene(|scene| {
            let ids = view.selected.iter().filter_map(|table| scene.id_of(*table));
            // Of others a view keeps nothing.
            ids.filter(|id| is_lasting(*id)).map(change).collect()
        })
    }

    fn for_areas(&self, alter: impl Fn(&mut Area)) -> Vec<ViewChange> {
        let view = self.view.borrow();
        self.with_scene(|scene| {
            let chosen = view.selected_notes.areas.iter();
            let areas = chosen.filter_map(|area| scene.area(*area));
            areas
                .map(|(id, area)| {
                    let mut area = area.clone();
                    alter(&mut area);
                    ViewChange::Area {
                        id: id.to_owned(),
                        area: Some(area),
                    }
                })
                .collect()
        })
    }

    fn removals(&self) -> Vec<ViewChange> {
        let (areas, memos) = self.chosen_ids();
        let areas = areas
            .into_iter()
            .map(|id| ViewChange::Area { id, area: None });
        let memos = memos
            .into_iter()
            .map(|id| ViewChange::Memo { id, memo: None });
        areas.chain(memos).collect()
    }

    /// Around the selected tables and memos; none without any.
    pub(super) fn around_selection(&self) -> Option<Rect> {
        let view = self.view.borrow();
        self.with_scene(|scene| {
            let tables = view.selected.iter().map(|table| scene.rect(*table));
            let memos = view.selected_notes.memos.iter();
            let memos = memos.filter_map(|memo| scene.memo(*memo));
            let areas = view.selected_notes.areas.iter();
            let areas = areas.filter_map(|area| scene.area(*area));
            let around = tables
                .chain(memos.map(|(_, memo)| memo_rect(memo)))
                .chain(areas.map(|(_, area)| area_rect(area)))
                .fold(Rect::EMPTY, |all, rect| all.union(&rect));
            (!around.is_empty()).then_some(around)
        })
    }

    fn new_area(&self) -> ViewChange {
        let around = match self.around_selection() {
            Some(around) => {
                let mut around = around.grow(AREA_MARGIN);
                around.min.y -= AREA_TITLE;
                around
            }
            None => self.in_the_middle(AREA_SIZE),
        };
        ViewChange::Area {
            id: name_for('a'),
            area: Some(Area {
                title: "Area".to_owned(),
                colour: ViewColour::Blue,
                at: spot(around.min),
                width: around.width(),
                height: around.height(),
            }),
        }
    }

    fn new_memo(&self) -> ViewChange {
        let place = match self.around_selection() {
            Some(around) => self.with_scene(|scene| free_beside(scene, &around, MEMO_SIZE)),
            None => {
                let middle = self.in_the_middle(MEMO_SIZE);
                self.with_scene(|scene| match is_free(scene, &middle) {
                    true => middle,
                    false => free_beside(scene, &middle, MEMO_SIZE),
                })
            }
        };
        ViewChange::Memo {
            id: name_for('m'),
            memo: Some(Memo {
                text: "Memo".to_owned(),
                at: spot(place.min),
                width: place.width(),
                height: place.height(),
            }),
        }
    }

    fn in_the_middle(&self, size: Size) -> Rect {
        let view = self.view.borrow();
        let center = view.world().center();
        let at = center.offset(-size.width / 2.0, -size.height / 2.0);
        Rect::new(on_grid(at), size)
    }

    /// Selects the area or memo of this name, and nothing else.
    pub(super) fn select_note(&self, id: &str) {
        let notes = self.with_scene(|scene| Notes {
            areas: scene
                .areas()
                .filter(|(_, (name, _))| *name == id)
                .map(|(place, _)| place)
                .collect(),
            memos: scene
                .memos()
                .filter(|(_, (name, _))| *name == id)
                .map(|(place, _)| place)
                .collect(),
        });
        self.alter_selection(|view| {
            view.selected = Vec::new();
            view.selected_notes = notes;
        });
        self.ask_frame();
        self.tell();
    }
}

/// Changes that put tables somewhere.
fn places(scene: &Scene, tables: impl Iterator<Item = (usize, Point)>) -> Vec<ViewChange> {
    tables
        .filter(|(table, at)| scene.rect(*table).min != *at)
        .filter_map(|(table, at)| {
            Some(ViewChange::Place {
                table: scene.id_of(table)?,
                at: Some(spot(at)),
            })
        })
        .collect()
}

/// The first place beside a part of the world, to its right, left, below or above, where nothing stands;
/// to the right where there is none near it.
fn free_beside(scene: &Scene, around: &Rect, size: Size) -> Rect {
    let rect = |x: f64, y: f64| Rect::new(on_grid(Point::new(x, y)), size);
    for step in 0..FREE_STEPS {
        let down = f64::from(step) * (size.height + AREA_MARGIN) / 2.0;
        let right = f64::from(step) * (size.width + AREA_MARGIN) / 2.0;
        let places = [
            rect(around.max.x + AREA_MARGIN, around.min.y + down),
            rect(around.min.x - AREA_MARGIN - size.width, around.min.y + down),
            rect(around.min.x + right, around.max.y + AREA_MARGIN),
            rect(
                around.min.x + right,
                around.min.y - AREA_MARGIN - size.height,
            ),
        ];
        if let Some(free) = places.into_iter().find(|place| is_free(scene, place)) {
            return free;
        }
    }
    rect(around.max.x + AREA_MARGIN, around.min.y)
}

/// Whether no table and no memo stands there.
fn is_free(scene: &Scene, place: &Rect) -> bool {
    let room = place.grow(AREA_MARGIN / 4.0);
    let mut memos = scene.memos();
    scene.visible(&room).is_empty() && !memos.any(|(_, (_, memo))| memo_rect(memo).overlaps(&room))
}

/// A name that nobody else makes up.
fn name_for(kind: char) -> String {
    let mut name = String::from(kind);
    for _ in 0..12 {
        let digit = (js_sys::Math::random() * 36.0) as u32;
        name.push(char::from_digit(digit.min(35), 36).unwrap_or('0'));
    }
    name
}
