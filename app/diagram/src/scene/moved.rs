//! Tables that move, and the links that follow: at once those that end at them, the others when all
//! has come to rest.

use crate::geometry::{Point, Rect};
use crate::index::GridIndex;
use crate::route::{Field, Route, Routing, route};
use crate::scene::{Scene, index, unindex};
use crate::total::Total as _;

/// All links being routed anew, a part at a time.
pub(super) struct Settling {
    routing: Routing,
    routes: Vec<Route>,
    /// The new index, and how many links are in it.
    links: GridIndex,
    indexed: usize,
    routed: bool,
}

impl Scene {
    /// Moves a table's top left corner to `to` (world units) and routes its links again. Returns the
    /// part of the world that has to be painted again. Links of other tables keep their course
    /// until [`Scene::settle`]: following the pointer has to cost the same on any diagram.
    pub fn move_table(&mut self, table: usize, to: Point) -> Rect {
        self.move_tables(&[(table, to)])
    }

    /// Moves several tables as [`Scene::move_table`] does one. Links between tables that move by the
    /// same distance keep their shape.
    pub fn move_tables(&mut self, places: &[(usize, Point)]) -> Rect {
        let mut dirty = Rect::EMPTY;
        let mut by: Vec<(usize, f64, f64)> = Vec::with_capacity(places.len());
        let mut links: Vec<u32> = Vec::new();
        for &(table, to) in places {
            let (Some(rect), Some(model)) = (self.rects.get_mut(table), self.boxes.get(table))
            else {
                continue;
            };
            let old = *rect;
            *rect = Rect::new(to.sane(), model.size);
            dirty = dirty.union(&old).union(rect);
            by.push((table, rect.min.x - old.min.x, rect.min.y - old.min.y));
            if !self.arranged.is_hidden(table) {
                self.tables.remove(table as u32, &old);
                self.tables.insert(table as u32, rect);
            }
            links.extend_from_slice(crate::total::row(&self.links_of, table));
        }
        if by.is_empty() {
            return Rect::EMPTY;
        }
        self.settling = None;
        by.sort_unstable_by_key(|it| it.0);
        links.sort_unstable();
        links.dedup();
        let moved = |table: usize| {
            let at = by.binary_search_by_key(&table, |it| it.0).ok()?;
            by.get(at).map(|&(_, dx, dy)| (dx, dy))
        };
        let mut bent = Vec::new();
        for &link in &links {
            let link = link as usize;
            let Some(route) = self.routes.get_mut(link) else {
                continue;
            };
            dirty = dirty.union(&route.bounds());
            unindex(&mut self.links, link, route);
            let ends = self.graph.links.get(link);
            let ends = ends.map(|it| (moved(it.child()), moved(it.parent())));
            match ends {
                Some((Some(child), Some(parent))) if child == parent && places.len() > 1 => {
                    for point in &mut route.points {
                        *point = point.offset(child.0, child.1);
                    }
                }
                _ => bent.push(link),
            }
        }
        self.route_some(bent.into_iter());
        for &link in &links {
            if let Some(route) = self.routes.get(link as usize) {
                dirty = dirty.union(&route.bounds());
                index(&mut self.links, link as usize, route);
            }
        }
        dirty.grow(24.0)
    }

    /// Routes all links again, after a move.
    pub fn settle(&mut self) {
        self.route_all();
    }

    /// Does a part of [`Scene::settle`], about `most` links of it, beginning anew where something
    /// has moved since. Answers none while there is more to do, and in the end where links changed
    /// their course: what has to be painted again.
    pub fn settle_some(&mut self, most: usize) -> Option<Vec<Rect>> {
        let mut settling = self.settling.take().unwrap_or_else(|| Settling {
            routing: Routing::new(&self.field(), self.drawn_links()),
            routes: vec![Route::default(); self.routes.len()],
            links: GridIndex::default(),
            indexed: 0,
            routed: false,
        });
        if !settling.routed {
            settling.routed = settling
                .routing
                .step(&self.field(), &mut settling.routes, most);
        } else {
            let end = settling
                .indexed
                .saturating_add(most)
                .min(settling.routes.len());
            for (place, route) in settling
                .routes
                .iter()
                .enumerate()
                .take(end)
                .skip(settling.indexed)
            {
                index(&mut settling.links, place, route);
            }
            settling.indexed = end;
            if end == settling.routes.len() {
                let mut dirty = Vec::new();
                for (old, new) in self.routes.iter().zip(&settling.routes) {
                    if old != new {
                        dirty.extend([old, new].into_iter().flat_map(|route| {
                            route
                                .segments()
                                .map(|(a, b)| Rect::between(a, b).grow(24.0))
                        }));
                    }
                }
                self.routes = settling.routes;
                self.links = settling.links;
                self.settled = true;
                return Some(dirty);
            }
        }
        self.settling = Some(settling);
        None
    }

    pub(super) fn route_all(&mut self) {
        self.settling = None;
        self.route_some(0..self.graph.links.len());
        self.settled = true;
        self.index_links();
    }

    /// Takes the courses of all links as they were kept.
    pub(super) fn take_routes(&mut self, routes: Vec<Route>) {
        self.routes = routes;
        self.settled = true;
        self.index_links();
    }

    fn index_links(&mut self) {
        self.links = GridIndex::default();
        for (i, route) in self.routes.iter().enumerate() {
            index(&mut self.links, i, route);
        }
    }

    pub(super) fn route_some(&mut self, links: impl Iterator<Item = usize>) {
        self.settling = None;
        self.settled = false;
        let (drawn, gone): (Vec<usize>, Vec<usize>) = links.partition(|&link| self.is_drawn(link));
        let mut routes = std::mem::take(&mut self.routes);
        route(&self.field(), drawn.into_iter(), &mut routes);
        for link in gone {
            routes.with(link, |route| route.points.clear());
        }
        self.routes = routes;
    }

    fn field(&self) -> Field<'_> {
        Field {
            graph: &self.graph,
            boxes: &self.boxes,
            rects: &self.rects,
            index: &self.tables,
            mixed: &self.mixed,
        }
    }

    fn drawn_links(&self) -> Vec<usize> {
        let links = 0..self.graph.links.len();
        links.filter(|&link| self.is_drawn(link)).collect()
    }

    /// False for links of hidden tables.
    fn is_drawn(&self, link: usize) -> bool {
        self.graph.links.get(link).is_some_and(|link| {
            !self.arranged.is_hidden(link.child()) && !self.arranged.is_hidden(link.parent())
        })
    }
}
