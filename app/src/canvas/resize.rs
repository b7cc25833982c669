//! Areas and memos change their size: the lower right corner follows the pointer.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::Held;
use diagram::area::AREA_MIN;
use diagram::geometry::Point;
use diagram::memo::MEMO_MIN;
use diagram::snap::on_grid;
use model::view::{Area, Memo, ViewChange};

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
