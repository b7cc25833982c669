//! What is dragged: it follows the pointer, snaps to what stays, and is put down.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::note::NoteName;
use crate::canvas::stage::Held;
use diagram::area::area_rect;
use diagram::geometry::{Point, Rect};
use diagram::memo::memo_rect;
use diagram::paint::Notes;
use diagram::scene::spot;
use diagram::snap::{Snap, snap};
use model::view::{Arrangement, Spot, ViewChange};

/// How near an edge must come to another to snap, in pixels.
const SNAP_REACH: f64 = 6.0;
/// So far away neighbours are looked for to snap to, in pixels.
const SNAP_AROUND: f64 = 500.0;
/// More neighbours than this are not compared with.
const SNAP_MOST: usize = 80;

/// Tables, areas and memos that follow the pointer, each with where it was.
pub(super) struct Drag {
    /// The world point that was taken hold of.
    held_at: Point,
    pub(super) tables: Vec<(usize, Point)>,
    pub(super) notes: Vec<(NoteName, Spot)>,
    /// Around all of it, where it was.
    bounds: Rect,
}

impl CanvasStage {
    /// All that is selected, with what stands on selected areas.
    pub(super) fn drag_of_selection(&self, held_at: Point) -> Drag {
        let view = self.view.borrow();
        self.with_scene(|scene| {
            let mut tables = view.selected.clone();
            let Notes {
                mut areas,
                mut memos,
            } = view.selected_notes.clone();
            for &area in &view.selected_notes.areas {
                let standing = scene.standing_on(area);
                tables.extend(standing.tables);
                areas.extend(standing.areas);
                memos.extend(standing.memos);
            }
            for list in [&mut tables, &mut areas, &mut memos] {
                list.sort_unstable();
                list.dedup();
            }
            tables.retain(|table| !scene.is_hidden(*table));
            let mut bounds = Rect::EMPTY;
            for table in &tables {
                bounds = bounds.union(&scene.rect(*table));
            }
            let mut notes = Vec::new();
            for (id, area) in areas.into_iter().filter_map(|area| scene.area(area)) {
                bounds = bounds.union(&area_rect(area));
                notes.push((NoteName::Area(id.to_owned()), area.at));
            }
            for (id, memo) in memos.into_iter().filter_map(|memo| scene.memo(memo)) {
                bounds = bounds.union(&memo_rect(memo));
                notes.push((NoteName::Memo(id.to_owned()), memo.at));
            }
            Drag {
                held_at,
                tables: tables
                    .into_iter()
                    .map(|table| (table, scene.rect(table).min))
                    .collect(),
                notes,
                bounds,
            }
        })
    }

    pub(super) fn drag(&self, drag: &Drag, world: Point, held: Held) {
        let (dx, dy) = (world.x - drag.held_at.x, world.y - drag.held_at.y);
        let wanted = drag.bounds.translate(dx, dy);
        let snapped = if held.control {
            Snap::default()
        } else {
            let unit = 1.0 / self.transform().scale();
            let others = self.neighbours_of(drag, &wanted.grow(SNAP_AROUND * unit));
            snap(&wanted, &others, SNAP_REACH * unit)
        };
        self.put_at(drag, dx + snapped.dx, dy + snapped.dy);
        self.view.borrow_mut().guides = snapped.guides;
        self.ask_frame();
        self.tell();
    }

    /// The boxes that stay, near what is dragged; the nearest where there are many.
    fn neighbours_of(&self, drag: &Drag, around: &Rect) -> Vec<Rect> {
        self.with_scene(|scene| {
            let middle = around.center();
            let mut others: Vec<Rect> = scene
                .visible(around)
                .into_iter()
                .map(|table| table as usize)
                .filter(|table| drag.tables.binary_search_by_key(table, |it| it.0).is_err())
                .map(|table| scene.rect(table))
                .collect();
            let far = |rect: &Rect| rect.center().distance(middle);
            others.sort_by(|a, b| far(a).total_cmp(&far(b)));
            others.truncate(SNAP_MOST);
            others
        })
    }

    /// Puts what is dragged so far from where it was. Nothing is said of it yet.
    pub(super) fn put_at(&self, drag: &Drag, dx: f64, dy: f64) {
        let mut scene = self.scene.borrow_mut();
        let places: Vec<(usize, Point)> = drag
            .tables
            .iter()
            .map(|&(table, at)| (table, at.offset(dx, dy)))
            .collect();
        let dirty = scene.move_tables(&places);
        for change in notes_moved(drag, scene.arrangement(), dx, dy) {
            scene.change(&change);
        }
        drop(scene);
        let around = drag.bounds.union(&drag.bounds.translate(dx, dy));
        self.touched(dirty.union(&around.grow(24.0)));
    }

    pub(super) fn put_down(&self, drag: &Drag) -> Option<String> {
        let changes = self.with_scene(|scene| {
            let mut changes = Vec::new();
            for &(table, at) in &drag.tables {
                let now = scene.rect(table).min;
                if now != at
                    && let Some(id) = scene.id_of(table)
                {
                    changes.push(ViewChange::Place {
                        table: id,
                        at: Some(spot(now)),
                    });
                }
            }
            let now = scene.arrangement();
            let notes = drag.notes.iter().filter_map(|(name, at)| {
                let here = name.place(now)?.at;
                name.put_at(now, here).filter(|_| here != *at)
            });
            changes.extend(notes);
            changes
        });
        // What is recorded is compared with what was before the drag.
        self.put_notes_back(drag);
        self.view.borrow_mut().guides.clear();
        let said = self.commit(changes);
        self.land();
        said
    }

    fn put_notes_back(&self, drag: &Drag) {
        let mut scene = self.scene.borrow_mut();
        for change in notes_moved(drag, scene.arrangement(), 0.0, 0.0) {
            scene.change(&change);
        }
    }
}

/// The areas and memos of a drag that are still there, so far from where they were.
fn notes_moved(drag: &Drag, now: &Arrangement, dx: f64, dy: f64) -> Vec<ViewChange> {
    let notes = drag.notes.iter().filter_map(|(name, at)| {
        let at = Spot {
            x: at.x + dx,
            y: at.y + dy,
        };
        name.put_at(now, at)
    });
    notes.collect()
}
