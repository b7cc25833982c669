//! A graph with a place for each table: what stands where, what is under the pointer, what is in
//! view. It knows nothing of colours or of the screen.

use std::collections::{BTreeMap, BTreeSet};

use crate::area::Grip;
use crate::courses::Courses;
use crate::detail::{Detail, Lod};
use crate::geometry::{Point, Rect};
use crate::graph::Graph;
use crate::index::GridIndex;
use crate::layout::Layout;
use crate::measure::{BoxModel, HEADER_HEIGHT, ROW_HEIGHT, ROWS_TOP, TextMetrics, measure};
use crate::overlay::Overlay;
use crate::route::{Route, mixed_ends};
use crate::total::row;
use model::view::Arrangement;

mod arranged;
mod moved;

use arranged::Arranged;
pub use arranged::{Standing, spot};
use moved::Settling;

/// What is at a place of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A table's box, its header or where no column is drawn.
    Table(usize),
    /// A column: table and column by index.
    Column(usize, usize),
    /// A link by index.
    Link(usize),
    /// A memo by index.
    Memo(usize, Grip),
    /// The edge or the title of an area by index: what stands on it is something else, and between
    /// there is nothing.
    Area(usize, Grip),
    /// Nothing.
    Background,
}

/// A way on the diagram, for the arrow keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To smaller x.
    Left,
    /// To larger x.
    Right,
    /// To smaller y.
    Up,
    /// To larger y.
    Down,
}

/// How near to a link the pointer has to be, in screen pixels.
const LINK_REACH: f64 = 5.0;

/// The scene of a diagram.
pub struct Scene {
    graph: Graph,
    detail: Detail,
    metrics: TextMetrics,
    many_schemas: bool,
    boxes: Vec<BoxModel>,
    rects: Vec<Rect>,
    tables: GridIndex,
    adjacency: Vec<Vec<u32>>,
    links_of: Vec<Vec<u32>>,
    routes: Vec<Route>,
    links: GridIndex,
    overlay: Option<Overlay>,
    arranged: Arranged,
    /// Rows at parents where marks differ; they depend on no place.
    mixed: BTreeSet<(u32, i64)>,
    settling: Option<Settling>,
    /// Whether every link has the course that it has when all are routed together.
    settled: bool,
}

impl Scene {
    /// The scene of `graph` laid out as `layout` says. A table without a position is put at the
    /// origin's side, below everything else.
    #[must_use]
    pub fn new(graph: Graph, layout: &Layout, metrics: TextMetrics) -> Self {
        let mut scene = Self::unrouted(graph, layout, metrics);
        match layout.courses.routes(scene.graph.links.len()) {
            Some(routes) => scene.take_routes(routes),
            None => scene.route_all(),
        }
        scene
    }

    /// The same with an arrangement over it, its links routed once.
    #[must_use]
    pub fn arranged(
        graph: Graph,
        layout: &Layout,
        metrics: TextMetrics,
        arrangement: Arrangement,
    ) -> Self {
        let mut scene = Self::unrouted(graph, layout, metrics);
        if let Some(routes) = layout.courses.routes(scene.graph.links.len()) {
            scene.take_routes(routes);
        }
        scene.arrange(arrangement);
        scene
    }

    fn unrouted(graph: Graph, layout: &Layout, metrics: TextMetrics) -> Self {
        let detail = layout.detail;
        let boxes = measure(&graph, detail, &metrics);
        let mut below = f64::NEG_INFINITY;
        let mut rects: Vec<Rect> = Vec::with_capacity(boxes.len());
        for (model, at) in boxes.iter().zip(&layout.positions) {
            let rect = Rect::new(at.sane(), model.size);
            below = below.max(rect.max.y);
            rects.push(rect);
        }
        for model in boxes.iter().skip(rects.len()) {
            let top = if below.is_finite() { below + 40.0 } else { 0.0 };
            let rect = Rect::new(Point::new(0.0, top), model.size);
            below = rect.max.y;
            rects.push(rect);
        }
        let mut tables = GridIndex::default();
        for (i, rect) in rects.iter().enumerate() {
            tables.insert(i as u32, rect);
        }
        let arranged = Arranged::new(
            graph.tables.iter().map(|table| table.id),
            rects.iter().map(|rect| rect.min).collect(),
        );
        let mixed = mixed_ends(&graph, &boxes);
        let mut links_of = vec![Vec::new(); graph.tables.len()];
        for (i, link) in graph
            .links
            .iter()
            .enumerate()
            .filter(|(_, l)| graph.has_ends(l))
        {
            for table in [link.child(), link.parent()] {
                if let Some(list) = links_of.get_mut(table)
                    && list.last() != Some(&(i as u32))
                {
                    list.push(i as u32);
                }
            }
        }
        Self {
            many_schemas: graph.schema_count() > 1,
            adjacency: graph.adjacency(),
            routes: vec![Route::default(); graph.links.len()],
            links: GridIndex::default(),
            graph,
            detail,
            metrics,
            boxes,
            rects,
            tables,
            links_of,
            overlay: None,
            arranged,
            mixed,
            settling: None,
            settled: false,
        }
    }

    /// The courses of the links as they are now, to be kept with the layout.
    #[must_use]
    pub fn courses(&self) -> Courses {
        Courses::of(&self.routes)
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Lays marks over the picture in the place of those before, or takes them away. Nothing moves
    /// for it; an overlay without marks is none.
    pub fn set_overlay(&mut self, overlay: Option<Overlay>) {
        self.overlay = overlay.filter(|overlay| !overlay.is_empty());
    }

    /// The marks over the picture.
    #[must_use]
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }

    /// How much of the tables the boxes have room for.
    #[must_use]
    pub fn detail(&self) -> Detail {
        self.detail
    }

    /// The widths of characters the scene was measured with.
    #[must_use]
    pub fn metrics(&self) -> &TextMetrics {
        &self.metrics
    }

    /// True when tables of several schemas are shown, so that headers name the schema.
    #[must_use]
    pub fn has_many_schemas(&self) -> bool {
        self.many_schemas
    }

    /// The box of a table, in world units; empty for a table that does not exist.
    #[must_use]
    pub fn rect(&self, table: usize) -> Rect {
        self.rects.get(table).copied().unwrap_or(Rect::EMPTY)
    }

    /// The boxes of all tables, by index.
    #[must_use]
    pub fn rects(&self) -> &[Rect] {
        &self.rects
    }

    /// The rows of a table's box.
    #[must_use]
    pub fn box_model(&self, table: usize) -> Option<&BoxModel> {
        self.boxes.get(table)
    }

    /// The course of a link.
    #[must_use]
    pub fn route(&self, link: usize) -> Option<&Route> {
        self.routes.get(link)
    }

    /// The courses of all links, by index.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The tables linked with a table, ascending.
    #[must_use]
    pub fn neighbours(&self, table: usize) -> &[u32] {
        row(&self.adjacency, table)
    }

    /// The links that start or end at a table, ascending.
    #[must_use]
    pub fn links_of(&self, table: usize) -> &[u32] {
        row(&self.links_of, table)
    }

    /// The first table with this `schema.name` or `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.graph
            .tables
            .iter()
            .position(|t| t.name == name || t.qualified_name() == name)
    }

    /// The rectangle around all that is drawn, in world units; empty for an empty scene.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let tables = self.rects.iter().enumerate();
        let tables = tables
            .filter(|(table, _)| !self.is_hidden(*table))
            .fold(self.notes_bounds(), |all, (_, r)| all.union(r));
        self.routes
            .iter()
            .fold(tables, |all, r| all.union(&r.bounds()))
    }

    /// The tables that share a point with `world`, ascending.
    #[must_use]
    pub fn visible(&self, world: &Rect) -> Vec<u32> {
        let mut found = Vec::new();
        self.tables.query(world, &mut found);
        found.retain(|&i| self.rect(i as usize).intersects(world));
        found
    }

    /// The links that have a piece in `world`, ascending.
    #[must_use]
    pub fn visible_links(&self, world: &Rect) -> Vec<u32> {
        let mut found = Vec::new();
        self.links.query(world, &mut found);
        found.retain(|&i| self.is_link_visible(i as usize, world));
        found
    }

    /// True when a link has a piece in `world`.
    #[must_use]
    pub fn is_link_visible(&self, link: usize, world: &Rect) -> bool {
        self.routes.get(link).is_some_and(|route| {
            let mut pieces = route.segments();
            pieces.any(|(a, b)| Rect::between(a, b).intersects(world))
        })
    }

    /// What is at `world` at a zoom (screen pixels per world unit). Tables lie over memos, these over
    /// links and areas, later ones over earlier ones.
    #[must_use]
    pub fn hit(&self, world: Point, zoom: f64) -> Hit {
        let zoom = crate::geometry::clamp_zoom(zoom);
        let mut found = Vec::new();
        let spot = Rect {
            min: world,
            max: world,
        };
        self.tables.query(&spot, &mut found);
        let table = found
            .iter()
            .rev()
            .map(|&i| i as usize)
            .find(|&i| self.rect(i).contains(world));
        if let Some(table) = table {
            if Lod::at(zoom, self.detail) >= Lod::Keys
                && let Some(column) = self.column_at(table, world)
            {
                return Hit::Column(table, column);
            }
            return Hit::Table(table);
        }
        if let Some(memo) = self.hit_memo(world, zoom) {
            return memo;
        }
        let reach = LINK_REACH / zoom;
        self.links.query(&spot.grow(reach), &mut found);
        found
            .iter()
            .filter_map(|&i| {
                let distance = self.routes.get(i as usize)?.distance(world);
                (distance <= reach).then_some((distance, i))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, i)| Hit::Link(i as usize))
            .or_else(|| self.hit_area(world, zoom))
            .unwrap_or(Hit::Background)
    }

    fn column_at(&self, table: usize, world: Point) -> Option<usize> {
        let model = self.boxes.get(table)?;
        let y = world.y - self.rect(table).min.y - ROWS_TOP;
        if y < 0.0 {
            return None;
        }
        model
            .rows
            .get((y / ROW_HEIGHT) as usize)
            .map(|&c| usize::from(c))
    }

    /// The row of a column, in world units; of the header when the column is not shown.
    #[must_use]
    pub fn column_rect(&self, table: usize, column: usize) -> Rect {
        let rect = self.rect(table);
        let row = u16::try_from(column)
            .ok()
            .and_then(|c| self.boxes.get(table)?.row_of(c));
        let (top, height) = match row {
            Some(row) => (ROWS_TOP + row as f64 * ROW_HEIGHT, ROW_HEIGHT),
            None => (0.0, HEADER_HEIGHT),
        };
        Rect {
            min: Point::new(rect.min.x, rect.min.y + top),
            max: Point::new(rect.max.x, rect.min.y + top + height),
        }
    }

    /// The table one gets to from `table` with an arrow key: the nearest one that way, with what
    /// lies straight ahead preferred to what lies to the side.
    #[must_use]
    pub fn nearest_table(&self, table: usize, direction: Direction) -> Option<usize> {
        let here = self.rects.get(table)?.center();
        let mut best: Option<(f64, usize)> = None;
        for (i, rect) in self.rects.iter().enumerate() {
            if i == table || self.is_hidden(i) {
                continue;
            }
            let there = rect.center();
            let (dx, dy) = (there.x - here.x, there.y - here.y);
            let (ahead, aside) = match direction {
                Direction::Left => (-dx, dy),
                Direction::Right => (dx, dy),
                Direction::Up => (-dy, dx),
                Direction::Down => (dy, dx),
            };
            if ahead <= 0.5 {
                continue;
            }
            let cost = ahead + 2.5 * aside.abs();
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, i));
            }
        }
        best.map(|(_, i)| i)
    }

    /// Where all tables stand, by the catalog's id, to be kept.
    #[must_use]
    pub fn positions(&self) -> BTreeMap<i64, Point> {
        self.graph
            .tables
            .iter()
            .zip(&self.rects)
            .map(|(t, r)| (t.id, r.min))
            .collect()
    }
}

fn index(links: &mut GridIndex, link: usize, route: &Route) {
    for (a, b) in route.segments() {
        links.insert(link as u32, &Rect::between(a, b));
    }
}

fn unindex(links: &mut GridIndex, link: usize, route: &Route) {
    for (a, b) in route.segments() {
        links.remove(link as u32, &Rect::between(a, b));
    }
}
