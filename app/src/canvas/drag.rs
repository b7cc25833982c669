//! What is dragged: it follows the pointer, snaps to what stays, and is put down.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::resize::Resize;
use crate::canvas::stage::Held;
use diagram::area::area_rect;
use diagram::geometry::{Point, Rect};
use diagram::memo::memo_rect;
use diagram::paint::Notes;
use diagram::scene::spot;
use diagram::snap::{Snap, snap};
use model::view::{Area, Memo, ViewChange};

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
    pub(super) areas: Vec<(String, Area)>,
    pub(super) memos: Vec<(String, Memo)>,
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
            let areas: Vec<(String, Area)> = areas
                .into_iter()
                .filter_map(|area| scene.area(area))
                .map(|(id, area)| (id.to_owned(), area.clone()))
                .collect();
            let memos: Vec<(String, Memo)> = memos
                .into_iter()
                .filter_map(|memo| scene.memo(memo))
                .map(|(id, memo)| (id.to_owned(), memo.clone()))
                .collect();
            for (_, area) in &areas {
                bounds = bounds.union(&area_rect(area));
            }
            for (_, memo) in &memos {
                bounds = bounds.union(&memo_rect(memo));
            }
            Drag {
                held_at,
                tables: tables
                    .into_iter()
                    .map(|table| (table, scene.rect(table).min))
                    .collect(),
                areas,
                memos,
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
        for change in notes_moved(drag, dx, dy) {
            scene.change(&change);
        }
        drop(scene);
        let around = drag.bounds.union(&drag.bounds.translate(dx, dy));
        self.touched(dirty.union(&around.grow(24.0)));
    }

    pub(super) fn put_down(&self, drag: &Drag) {
        let (changes, by) = self.with_scene(|scene| {
            let mut changes = Vec::new();
            let mut by = (0.0, 0.0);
            for &(table, at) in &drag.tables {
                let now = scene.rect(table).min;
                by = (now.x - at.x, now.y - at.y);
                if now != at
                    && let Some(id) = scene.id_of(table)
                {
                    changes.push(ViewChange::Place {
                        table: id,
                        at: Some(spot(now)),
                    });
                }
            }
            let moved = drag.areas.first().and_then(|(id, area)| {
                let now = scene.arrangement().areas.get(id)?;
                Some((now.at.x - area.at.x, now.at.y - area.at.y))
            });
            let moved = moved.or_else(|| {
                let (id, memo) = drag.memos.first()?;
                let now = scene.arrangement().memos.get(id)?;
                Some((now.at.x - memo.at.x, now.at.y - memo.at.y))
            });
            (changes, moved.unwrap_or(by))
        });
        // What is recorded is compared with what was before the drag.
        let mut changes = changes;
        if by != (0.0, 0.0) {
            changes.extend(notes_moved(drag, by.0, by.1));
        }
        self.put_notes_back(drag);
        self.view.borrow_mut().guides.clear();
        self.commit(changes);
        self.land();
    }

    fn put_notes_back(&self, drag: &Drag) {
        let mut scene = self.scene.borrow_mut();
        for change in notes_moved(drag, 0.0, 0.0) {
            scene.change(&change);
        }
    }
}

/// The areas and memos of a drag, so far from where they were.
fn notes_moved(drag: &Drag, dx: f64, dy: f64) -> Vec<ViewChange> {
    let areas = drag.areas.iter().map(|(id, area)| {
        let mut area = area.clone();
        area.at.x += dx;
        area.at.y += dy;
        Resize::Area(id.clone(), area).change()
    });
    let memos = drag.memos.iter().map(|(id, memo)| {
        let mut memo = memo.clone();
        memo.at.x += dx;
        memo.at.y += dy;
        Resize::Memo(id.clone(), memo).change()
    });
    areas.chain(memos).collect()
}
