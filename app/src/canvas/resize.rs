//! Areas and memos change their size, as the lower right corner follows the pointer, and what is
//! written on them.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::{Held, Written};
use diagram::area::AREA_MIN;
use diagram::geometry::Point;
use diagram::memo::MEMO_MIN;
use diagram::outline::{Note, notes_kept};
use diagram::snap::on_grid;
use model::view::{Area, Memo, ViewChange};
use std::sync::Arc;

/// An area or a memo whose lower right corner follows the pointer, as it was.
pub(super) enum Resize {
    Area(String, Area),
    Memo(String, Memo),
}

impl Resize {
    /// The change after which it is like this.
    pub(super) fn change(&self) -> ViewChange {
        match self {
            Self::Area(id, area) => ViewChange::Area {
                id: id.clone(),
                area: Some(area.clone()),
            },
            Self::Memo(id, memo) => ViewChange::Memo {
                id: id.clone(),
                memo: Some(memo.clone()),
            },
        }
    }
}

impl CanvasStage {
    pub(super) fn resize_note(&self, resize: &Resize, world: Point, held: Held) {
        let corner = if held.control { world } else { on_grid(world) };
        let change = match resize {
            Resize::Area(id, area) => {
                let mut area = area.clone();
                area.width = (corner.x - area.at.x).max(AREA_MIN.width);
                area.height = (corner.y - area.at.y).max(AREA_MIN.height);
                Resize::Area(id.clone(), area)
            }
            Resize::Memo(id, memo) => {
                let mut memo = memo.clone();
                memo.width = (corner.x - memo.at.x).max(MEMO_MIN.width);
                memo.height = (corner.y - memo.at.y).max(MEMO_MIN.height);
                Resize::Memo(id.clone(), memo)
            }
        };
        self.scene.borrow_mut().change(&change.change());
        self.touched_all();
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
                return Some(Resize::Area(id, area).change());
            }
            let mut memo = now.memos.get(&id)?.clone();
            memo.text = text;
            Some(Resize::Memo(id, memo).change())
        });
        self.commit(change.into_iter().collect());
    }

    pub(super) fn put_note_down(&self, resize: &Resize) {
        let now = self.with_scene(|scene| match resize {
            Resize::Area(id, _) => {
                let area = scene.arrangement().areas.get(id)?;
                Some(Resize::Area(id.clone(), area.clone()))
            }
            Resize::Memo(id, _) => {
                let memo = scene.arrangement().memos.get(id)?;
                Some(Resize::Memo(id.clone(), memo.clone()))
            }
        });
        if let Some(now) = now {
            self.scene.borrow_mut().change(&resize.change());
            self.commit(vec![now.change()]);
        }
    }
}
