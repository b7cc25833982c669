//! What people arranged, laid over a scene: places that win over the layout's, tables that are left
//! out, colours, pins, areas and memos.

use std::collections::BTreeMap;

use model::saved_view::COORDINATE_MAX;
use model::view::{Area, Arrangement, Memo, Spot, ViewChange, ViewColour};

use crate::area::{area_rect, grip, title_band};
use crate::geometry::{Point, Rect};
use crate::index::GridIndex;
use crate::memo::memo_rect;
use crate::scene::{Hit, LINK_REACH, Scene, index, unindex};
use crate::total::Total as _;

/// An arrangement, and what of it each table of the scene has.
#[derive(Default)]
pub(super) struct Arranged {
    arrangement: Arrangement,
    /// Tables by the catalog's id.
    table_of: BTreeMap<i64, u32>,
    /// Where the layout put the tables.
    home: Vec<Point>,
    hidden: Vec<bool>,
    pinned: Vec<bool>,
    colours: Vec<Option<ViewColour>>,
}

impl Arranged {
    pub(super) fn new(ids: impl Iterator<Item = i64>, home: Vec<Point>) -> Self {
        let mut table_of = BTreeMap::new();
        for (table, id) in ids.enumerate() {
            table_of.entry(id).or_insert(table as u32);
        }
        Self {
            arrangement: Arrangement::default(),
            table_of,
            hidden: vec![false; home.len()],
            pinned: vec![false; home.len()],
            colours: vec![None; home.len()],
            home,
        }
    }

    pub(super) fn is_hidden(&self, table: usize) -> bool {
        self.hidden.at(table)
    }
}

/// Whether a table stands where it stood, as exactly as places travel to the browser.
fn is_same(a: Point, b: Point) -> bool {
    const STEP: f64 = 1.0 / 16.0;
    (a.x - b.x).abs() < STEP && (a.y - b.y).abs() < STEP
}

/// What stands on an area: tables, areas and memos by index, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The tables.
    pub tables: Vec<usize>,
    /// Other areas.
    pub areas: Vec<usize>,
    /// The memos.
    pub memos: Vec<usize>,
}

/// The place of a point in an arrangement, as far out as one may be kept.
#[must_use]
pub fn spot(at: Point) -> Spot {
    let at = at.sane();
    let near = |value: f64| value.clamp(-COORDINATE_MAX, COORDINATE_MAX);
    Spot {
        x: near(at.x),
        y: near(at.y),
    }
}

impl Scene {
    /// What people arranged.
    #[must_use]
    pub fn arrangement(&self) -> &Arrangement {
        &self.arranged.arrangement
    }

    /// What people arranged, with the places at which the layout has those of the tables that
    /// `changes` put somewhere else for the first time. A view keeps the places of all its tables:
    /// taken back, the changes lead there.
    #[must_use]
    pub fn arrangement_before(&self, changes: &[ViewChange]) -> Arrangement {
        let mut before = self.arrangement().clone();
        for change in changes {
            if let ViewChange::Place { table: id, .. } = change
                && let Some(table) = self.table_of(*id)
            {
                let home = self.arranged.home.at(table);
                before.places.entry(*id).or_insert(spot(home));
            }
        }
        before
    }

    /// Lays an arrangement over the scene in the place of the one before: what it says nothing of is
    /// as the layout has it. Where nothing moves for it, links keep their courses.
    pub fn arrange(&mut self, arrangement: Arrangement) {
        let mut keeps = self.settled;
        let arranged = &mut self.arranged;
        for (id, &table) in &arranged.table_of {
            let table = table as usize;
            let home = arranged.home.at(table);
            let place = arrangement.places.get(id).map(|it| Point::new(it.x, it.y));
            let size = self
                .boxes
                .get(table)
                .map_or_else(Default::default, |b| b.size);
            let rect = Rect::new(place.unwrap_or(home).sane(), size);
            let hidden = arrangement.hidden.contains(id);
            let before = self.rects.get(table).map(|before| before.min);
            keeps &= before.is_some_and(|before| is_same(before, rect.min));
            if hidden != arranged.hidden.at(table) {
                // Courses that are kept with a layout may be those without it already.
                let links = crate::total::row(&self.links_of, table);
                keeps &= hidden
                    && !links.is_empty()
                    && links.iter().all(|&link| {
                        let route = self.routes.get(link as usize);
                        route.is_some_and(|route| route.points.is_empty())
                    });
            }
            self.rects.put(table, rect);
            arranged.hidden.put(table, hidden);
            arranged.pinned.put(table, arrangement.pinned.contains(id));
            arranged
                .colours
                .put(table, arrangement.colours.get(id).copied());
        }
        arranged.arrangement = arrangement;
        self.tables = GridIndex::default();
        for (table, rect) in self.rects.iter().enumerate() {
            if !self.arranged.hidden.at(table) {
                self.tables.insert(table as u32, rect);
            }
        }
        if !keeps {
            self.route_all();
        }
    }

    /// Makes one change. Links of tables that did not move keep their course until
    /// [`Scene::settle`].
    pub fn change(&mut self, change: &ViewChange) {
        self.change_all(std::slice::from_ref(change));
    }

    /// Makes changes together, as [`Scene::change`] makes one. Tables that they put somewhere move at
    /// once: links are routed only once, and between those that move alike they keep their shape.
    pub fn change_all(&mut self, changes: &[ViewChange]) {
        let mut moved: BTreeMap<usize, Point> = BTreeMap::new();
        for change in changes {
            self.arranged.arrangement.apply(change);
            match change {
                ViewChange::Place { table, at } => {
                    if let Some(table) = self.table_of(*table) {
                        let to = at.map(|at| Point::new(at.x, at.y));
                        let to = to.unwrap_or_else(|| self.arranged.home.at(table));
                        moved.insert(table, to.sane());
                    }
                }
                ViewChange::Pin { table, pinned } => {
                    if let Some(table) = self.table_of(*table) {
                        self.arranged.pinned.put(table, *pinned);
                    }
                }
                ViewChange::Hide { table, hidden } => {
                    if let Some(table) = self.table_of(*table) {
                        self.hide(table, *hidden);
                    }
                }
                ViewChange::Colour { table, colour } => {
                    if let Some(table) = self.table_of(*table) {
                        self.arranged.colours.put(table, *colour);
                    }
                }
                ViewChange::Area { .. } | ViewChange::Memo { .. } => {}
            }
        }
        // At the end of a drag they stand there already.
        moved.retain(|table, to| self.rects.get(*table).is_none_or(|rect| rect.min != *to));
        if !moved.is_empty() {
            let moved: Vec<(usize, Point)> = moved.into_iter().collect();
            self.move_tables(&moved);
        }
    }

    /// Puts tables back where the arrangement, or else the layout, has them. Returns the part of the
    /// world that has to be painted again.
    pub fn put_back(&mut self, tables: &[usize]) -> Rect {
        let places: Vec<(usize, Point)> = tables
            .iter()
            .map(|&table| {
                let id = self.id_of(table).unwrap_or_default();
                let place = self.arrangement().places.get(&id);
                let place = place.map(|it| Point::new(it.x, it.y));
                (table, place.unwrap_or_else(|| self.arranged.home.at(table)))
            })
            .collect();
        self.move_tables(&places)
    }

    /// Shows a table that the arrangement leaves out, for now: nothing is arranged otherwise.
    pub fn peek(&mut self, table: usize) {
        self.hide(table, false);
    }

    /// Leaves a table out again that was shown for now. Says whether it was.
    pub fn end_peek(&mut self, table: usize) -> bool {
        let was_shown = self.hides(table) && !self.is_hidden(table);
        if was_shown {
            self.hide(table, true);
        }
        was_shown
    }

    /// Whether the arrangement hides a table, which may be shown for now.
    #[must_use]
    pub fn hides(&self, table: usize) -> bool {
        let hidden = &self.arrangement().hidden;
        self.id_of(table).is_some_and(|id| hidden.contains(&id))
    }

    /// The tables that are left out of the picture, ascending.
    #[must_use]
    pub fn hidden(&self) -> Vec<usize> {
        // Most arrangements leave nothing out, and this is asked with every frame.
        if self.arrangement().hidden.is_empty() {
            return Vec::new();
        }
        (0..self.graph.tables.len())
            .filter(|table| self.is_hidden(*table))
            .collect()
    }

    fn hide(&mut self, table: usize, hidden: bool) {
        if self.is_hidden(table) == hidden {
            return;
        }
        let links: Vec<usize> = self.links_of(table).iter().map(|&l| l as usize).collect();
        for &link in &links {
            if let Some(route) = self.routes.get(link) {
                unindex(&mut self.links, link, route);
            }
        }
        let rect = self.rect(table);
        if hidden {
            self.tables.remove(table as u32, &rect);
        } else {
            self.tables.insert(table as u32, &rect);
        }
        self.arranged.hidden.put(table, hidden);
        self.route_some(links.iter().copied());
        for &link in &links {
            if let Some(route) = self.routes.get(link) {
                index(&mut self.links, link, route);
            }
        }
    }

    /// The table with this id of the catalog.
    #[must_use]
    pub fn table_of(&self, id: i64) -> Option<usize> {
        self.arranged.table_of.get(&id).map(|&table| table as usize)
    }

    /// The catalog's id of a table.
    #[must_use]
    pub fn id_of(&self, table: usize) -> Option<i64> {
        self.graph.tables.get(table).map(|table| table.id)
    }

    /// True for a table that is left out of the picture.
    #[must_use]
    pub fn is_hidden(&self, table: usize) -> bool {
        self.arranged.is_hidden(table)
    }

    /// True for a table that stays where it is when others are tidied.
    #[must_use]
    pub fn is_pinned(&self, table: usize) -> bool {
        self.arranged.pinned.at(table)
    }

    /// The colour that somebody gave a table.
    #[must_use]
    pub fn colour(&self, table: usize) -> Option<ViewColour> {
        self.arranged.colours.at(table)
    }

    /// True for a table that disappeared from its source.
    #[must_use]
    pub fn is_ghost(&self, table: usize) -> bool {
        self.graph.tables.get(table).is_some_and(|it| it.gone)
    }

    /// The areas with their names; the place in this order is their index.
    pub fn areas(&self) -> impl DoubleEndedIterator<Item = (usize, (&str, &Area))> + '_ {
        let areas: Vec<(&str, &Area)> = self
            .arrangement()
            .areas
            .iter()
            .map(|(id, area)| (id.as_str(), area))
            .collect();
        areas.into_iter().enumerate()
    }

    /// An area with its name, by index.
    #[must_use]
    pub fn area(&self, area: usize) -> Option<(&str, &Area)> {
        let found = self.arrangement().areas.iter().nth(area);
        found.map(|(id, area)| (id.as_str(), area))
    }

    /// The memos with their names; the place in this order is their index.
    pub fn memos(&self) -> impl DoubleEndedIterator<Item = (usize, (&str, &Memo))> + '_ {
        let memos: Vec<(&str, &Memo)> = self
            .arrangement()
            .memos
            .iter()
            .map(|(id, memo)| (id.as_str(), memo))
            .collect();
        memos.into_iter().enumerate()
    }

    /// A memo with its name, by index.
    #[must_use]
    pub fn memo(&self, memo: usize) -> Option<(&str, &Memo)> {
        let found = self.arrangement().memos.iter().nth(memo);
        found.map(|(id, memo)| (id.as_str(), memo))
    }

    /// What stands on an area: tables and memos whose middle is on it, areas that are wholly on it.
    #[must_use]
    pub fn standing_on(&self, area: usize) -> Standing {
        let Some((_, ground)) = self.area(area) else {
            return Standing::default();
        };
        let ground = area_rect(ground);
        let tables = self.visible(&ground).into_iter().map(|t| t as usize);
        Standing {
            tables: tables
                .filter(|&table| ground.contains(self.rect(table).center()))
                .collect(),
            areas: self
                .areas()
                .filter(|(other, (_, it))| *other != area && ground.contains_rect(&area_rect(it)))
                .map(|(other, _)| other)
                .collect(),
            memos: self
                .memos()
                .filter(|(_, (_, memo))| ground.contains(memo_rect(memo).center()))
                .map(|(memo, _)| memo)
                .collect(),
        }
    }

    /// The memo at a place, the last one painted first.
    pub(super) fn hit_memo(&self, world: Point, zoom: f64) -> Option<Hit> {
        self.memos().rev().find_map(|(place, (_, memo))| {
            let reach = LINK_REACH / zoom / 2.0;
            let found = grip(&memo_rect(memo), None, true, world, reach, zoom)?;
            Some(Hit::Memo(place, found))
        })
    }

    /// The area whose edge or title is at a place, the last one painted first.
    pub(super) fn hit_area(&self, world: Point, zoom: f64) -> Option<Hit> {
        self.areas().rev().find_map(|(place, (_, area))| {
            let band = title_band(area, zoom, &self.metrics);
            let reach = LINK_REACH / zoom;
            let found = grip(&area_rect(area), Some(&band), false, world, reach, zoom)?;
            Some(Hit::Area(place, found))
        })
    }

    /// The rectangle around areas and memos; empty without any.
    pub(super) fn notes_bounds(&self) -> Rect {
        let areas = self.areas().map(|(_, (_, area))| area_rect(area));
        let memos = self.memos().map(|(_, (_, memo))| memo_rect(memo));
        areas
            .chain(memos)
            .fold(Rect::EMPTY, |all, rect| all.union(&rect))
    }
}
