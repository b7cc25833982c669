//! What is drawn, and in which order. This is the only place that says so: the canvas and the SVG
//! are equal because both come from here.

use crate::detail::{Detail, Lod};
use crate::geometry::{Point, Rect, Size, Transform};
use crate::marks::Marks;
use crate::painter::{Ink, Painter, Part, Paths, Stroke};
use crate::route::link_ends;
use crate::scene::{Hit, Scene};

mod table;

/// Radius of a box's corners, in world units.
pub const BOX_RADIUS: f64 = 4.0;
/// Radius of a link's corners, in world units.
pub const LINK_RADIUS: f64 = 5.0;
/// Distance of the background's dots, in world units.
pub const DOT_STEP: f64 = 24.0;

/// Which layers are painted; a renderer that keeps layers apart paints them one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// Canvas and dots.
    pub background: bool,
    /// Links that are not highlighted.
    pub links: bool,
    /// Tables, highlighted links and outlines.
    pub tables: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            background: true,
            links: true,
            tables: true,
        }
    }
}

/// Which tables are painted, with their links: what does not change while one table is dragged can
/// be painted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All.
    #[default]
    All,
    /// These tables and the links that touch them.
    Only(Vec<usize>),
    /// All others and the links between them.
    Without(Vec<usize>),
}

/// What is seen of a scene, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// From world to screen.
    pub transform: Transform,
    /// The picture's size, in CSS pixels.
    pub size: Size,
    /// At most this much of each table; the boxes keep the size they have in the scene.
    pub detail: Detail,
    /// The selected tables: outlined, with their links highlighted.
    pub selected: Vec<usize>,
    /// What is under the pointer or has the focus.
    pub hovered: Hit,
    /// Links highlighted besides those of selected and hovered tables.
    pub highlighted: Vec<usize>,
    /// Which layers.
    pub layers: Layers,
    /// Which tables.
    pub scope: Scope,
}

impl View {
    /// A view with nothing selected.
    #[must_use]
    pub fn new(transform: Transform, size: Size) -> Self {
        Self {
            transform,
            size,
            detail: Detail::All,
            selected: Vec::new(),
            hovered: Hit::Background,
            highlighted: Vec::new(),
            layers: Layers::default(),
            scope: Scope::All,
        }
    }

    /// The whole scene in a picture of `size` CSS pixels, at most at reading size.
    #[must_use]
    pub fn fit(scene: &Scene, size: Size, padding: f64) -> Self {
        Self::new(Transform::fit(&scene.bounds(), size, padding, 1.0), size)
    }

    /// The part of the world that is seen.
    #[must_use]
    pub fn world(&self) -> Rect {
        self.transform
            .invert_rect(&Rect::new(Point::default(), self.size))
    }
}

/// Paints what `view` sees of `scene`.
pub fn paint<P: Painter>(scene: &Scene, view: &View, painter: &mut P) {
    let zoom = view.transform.scale();
    let world = view.world();
    let look = Look {
        scene,
        zoom,
        lod: Lod::at(zoom, scene.detail().min(view.detail)),
        hovered: view.hovered,
        world,
    };
    painter.begin(&view.transform, view.size);
    if view.layers.background {
        painter.clear(Ink::Canvas);
        if zoom >= 0.5 {
            painter.dots(&world, DOT_STEP, 0.75 / zoom.max(1.0), Ink::Dot);
        }
    }

    // The margin keeps the marks of links that end just outside, and the outlines.
    let seen = world.grow(24.0);
    let in_scope = |table: usize| match &view.scope {
        Scope::All => true,
        Scope::Only(tables) => tables.contains(&table),
        Scope::Without(tables) => !tables.contains(&table),
    };
    let mut links = scene.visible_links(&seen);
    if view.scope != Scope::All {
        let only = matches!(view.scope, Scope::Only(_));
        links.retain(|&i| {
            scene.graph().links.get(i as usize).is_some_and(|l| {
                let (child, parent) = (in_scope(l.child()), in_scope(l.parent()));
                if only {
                    child || parent
                } else {
                    child && parent
                }
            })
        });
    }
    let lit = highlighted(scene, view);
    let (lit, plain): (Vec<u32>, Vec<u32>) = links
        .into_iter()
        .partition(|i| lit.binary_search(i).is_ok());
    if view.layers.links {
        paint_links(&look, &plain, false, painter);
    }
    if view.layers.tables {
        paint_links(&look, &lit, true, painter);
        let mut tables = scene.visible(&seen);
        tables.retain(|&i| in_scope(i as usize));
        table::paint_tables(&look, tables, painter);
        let outlined: Vec<Rect> = view
            .selected
            .iter()
            .filter(|&&i| in_scope(i))
            .map(|&i| scene.rect(i))
            .filter(|r| r.intersects(&seen))
            .collect();
        if !outlined.is_empty() {
            let stroke = Stroke::solid(Ink::Selection, 2.0 * hairline(zoom));
            painter.stroke_rects(&outlined, BOX_RADIUS, &stroke);
        }
    }
    painter.end();
}

/// What all parts of one painting share.
struct Look<'a> {
    scene: &'a Scene,
    zoom: f64,
    lod: Lod,
    hovered: Hit,
    world: Rect,
}

/// World units per screen pixel when zoomed out, 1 when zoomed in: lines never get thinner than
/// they can be drawn.
fn hairline(zoom: f64) -> f64 {
    (1.0 / zoom).max(1.0)
}

fn highlighted(scene: &Scene, view: &View) -> Vec<u32> {
    let mut lit: Vec<u32> = view.highlighted.iter().map(|&i| i as u32).collect();
    for &table in &view.selected {
        lit.extend_from_slice(scene.links_of(table));
    }
    match view.hovered {
        Hit::Table(table) => lit.extend_from_slice(scene.links_of(table)),
        Hit::Column(table, column) => lit.extend(scene.links_of(table).iter().filter(|&&i| {
            scene.graph().links.get(i as usize).is_some_and(|l| {
                let at = |side: usize, columns: &[u16]| {
                    side == table && columns.iter().any(|&c| usize::from(c) == column)
                };
                at(l.child(), &l.from_columns) || at(l.parent(), &l.to_columns)
            })
        })),
        Hit::Link(link) => lit.push(link as u32),
        Hit::Background => {}
    }
    lit.sort_unstable();
    lit.dedup();
    lit
}

fn paint_links<P: Painter>(look: &Look<'_>, links: &[u32], lit: bool, painter: &mut P) {
    if P::GROUPED {
        for link in links {
            painter.open(Part::Link(*link as usize));
            link_batch(look, std::slice::from_ref(link), lit, painter);
            painter.close(Part::Link(*link as usize));
        }
    } else {
        link_batch(look, links, lit, painter);
    }
}

fn link_batch<P: Painter>(look: &Look<'_>, links: &[u32], lit: bool, painter: &mut P) {
    let scene = look.scene;
    let far = look.lod == Lod::Block;
    let width = match (lit, far) {
        (true, true) => 1.5 / look.zoom,
        (true, false) => 2.0_f64.max(1.25 / look.zoom),
        (false, true) => 0.75 / look.zoom,
        (false, false) => 1.25_f64.max(0.85 / look.zoom),
    };
    for declared in [true, false] {
        let ink = match (lit, declared, far) {
            (true, _, _) => Ink::Accent,
            (false, false, _) => Ink::LinkProposed,
            (false, true, true) => Ink::LinkFar,
            (false, true, false) => Ink::Link,
        };
        let dash = if declared || far { 0.0 } else { 6.0 };
        let stroke = Stroke { ink, width, dash };
        let ours = links.iter().filter(|&&i| {
            scene
                .graph()
                .links
                .get(i as usize)
                .is_some_and(|l| l.declared == declared)
        });
        if far {
            let mut lines = Vec::new();
            for route in ours.filter_map(|&i| scene.route(i as usize)) {
                lines.extend(route.segments().filter(|&(a, b)| {
                    // What is shorter than a pixel or out of sight adds nothing.
                    ((a.x - b.x).abs() + (a.y - b.y).abs()) * look.zoom >= 1.0
                        && Rect::between(a, b).intersects(&look.world)
                }));
            }
            if !lines.is_empty() {
                painter.stroke_lines(&lines, &stroke);
            }
            continue;
        }
        let mut paths = Paths::default();
        let mut marks = Marks::default();
        for &i in ours {
            let Some(route) = scene.route(i as usize) else {
                continue;
            };
            paths.push(&route.points);
            if look.zoom >= Lod::READABLE {
                for end in link_ends(scene.graph(), i as usize, route)
                    .into_iter()
                    .flatten()
                {
                    marks.add(&end);
                }
            }
        }
        if paths.is_empty() {
            continue;
        }
        painter.stroke_paths(&paths, LINK_RADIUS, &stroke);
        if !marks.lines.is_empty() {
            painter.stroke_lines(&marks.lines, &Stroke::solid(ink, width));
        }
        if !marks.circles.is_empty() {
            painter.circles(
                &marks.circles,
                Marks::CIRCLE,
                Ink::Canvas,
                &Stroke::solid(ink, width),
            );
        }
    }
}
