//! Areas and memos change their size, as the lower right corner follows the pointer, and what is
//! written on them.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::note::{NoteName, Place};
use crate::canvas::stage::{Held, Written};
use diagram::geometry::Point;
use diagram::outline::{Note, notes_kept};
use diagram::snap::on_grid;
use model::number::decimal;
use model::view::ViewChange;
use std::sync::Arc;

/// An area or a memo whose lower right corner follows the pointer, and its place before.
pub(super) struct Resize {
    pub(super) name: NoteName,
    pub(super) before: Place,
}

impl CanvasStage {
    pub(super) fn resize_note(&self, resize: &Resize, world: Point, held: Held) {
        let corner = if held.control { world } else { on_grid(world) };
        let min = resize.name.smallest();
        let change = self.with_scene(|scene| {
            let now = scene.arrangement();
            let place = resize.name.place(now)?;
            let place = Place {
                width: (corner.x - place.at.x).max(min.width),
                height: (corner.y - place.at.y).max(min.height),
                ..place
            };
            resize.name.put(now, place)
        });
        self.show_change(change);
    }

    /// Shows a change of what is being resized; nothing where somebody took it away.
    fn show_change(&self, change: Option<ViewChange>) {
        if let Some(change) = change {
            self.scene.borrow_mut().change(&change);
            self.touched_all();
        }
    }

    /// Gives what was being resized the size that it had before.
    pub(super) fn put_size_back(&self, resize: &Resize) {
        let change = self.with_scene(|scene| {
            let now = scene.arrangement();
            let place = resize.name.place(now)?;
            let Place { width, height, .. } = resize.before;
            let before = Place {
                width,
                height,
                ..place
            };
            resize.name.put(now, before)
        });
        self.show_change(change);
    }

    /// Makes the selected areas and memos wider and taller by so much.
    pub(super) fn resize_selection(&self, dx: f64, dy: f64) {
        let names = self.chosen_names();
        let changes: Vec<ViewChange> = self.with_scene(|scene| {
            let now = scene.arrangement();
            let resized = names.iter().filter_map(|name| {
                let (place, min) = (name.place(now)?, name.smallest());
                let place = Place {
                    width: (place.width + dx).max(min.width),
                    height: (place.height + dy).max(min.height),
                    ..place
                };
                name.put(now, place)
            });
            resized.collect()
        });
        self.commit(changes);
        let size = names
            .first()
            .and_then(|name| self.with_scene(|scene| name.place(scene.arrangement())));
        if let Some(place) = size {
            let (width, height) = (decimal(place.width, 0), decimal(place.height, 0));
            self.say(format!("{width} wide, {height} high."));
        }
    }

    /// All areas and memos, for the page; the same list for as long as it says the same.
    pub(super) fn notes_told(&self) -> Arc<Vec<Note>> {
        let mut told = self.noted.borrow_mut();
        *told = self.with_scene(|scene| notes_kept(scene.arrangement(), &told));
        told.clone()
    }

    /// Writes on an area or a memo. What is selected stays so: who typed may have gone on to
    /// something else.
    pub(super) fn write_note(&self, written: Written) {
        let Written { id, text } = written;
        let change = self.with_scene(|scene| {
            let now = scene.arrangement();
            if let Some(area) = now.areas.get(&id) {
                let mut area = area.clone();
                area.title = text;
                let area = Some(area);
                return Some(ViewChange::Area { id, area });
            }
            let mut memo = now.memos.get(&id)?.clone();
            memo.text = text;
            let memo = Some(memo);
            Some(ViewChange::Memo { id, memo })
        });
        self.commit(change.into_iter().collect());
    }

    pub(super) fn put_note_down(&self, resize: &Resize) {
        let now = self.with_scene(|scene| {
            let now = scene.arrangement();
            resize.name.put(now, resize.name.place(now)?)
        });
        // What is recorded is compared with what was before.
        self.put_size_back(resize);
        self.commit(now.into_iter().collect());
    }
}
