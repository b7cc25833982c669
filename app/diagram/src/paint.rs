//! What is drawn, and in which order. This is the only place that says so: the canvas and the SVG
//! are equal because both come from here.

use crate::detail::{Detail, Lod};
use crate::geometry::{Point, Rect, Size, Transform};
use crate::graph::Standing;
use crate::marks::Marks;
use crate::overlay::{Mark, MarkKind, Overlay};
use crate::painter::{Grouping, Ink, Painter, Part, Paths, Stroke};
use crate::route::link_ends;
use crate::scene::{Hit, Scene};
use crate::total::Total as _;

mod label;
mod mark;
mod notes;
mod table;

pub use mark::legend_size;

/// Radius of a box's corners, in world units.
pub const BOX_RADIUS: f64 = 4.0;
/// Radius of a link's corners, in world units.
pub const LINK_RADIUS: f64 = 5.0;
/// Distance of the background's dots, in world units.
pub const DOT_STEP: f64 = 24.0;
/// Dashes of a link that is not declared but accepted, in world units.
const ACCEPTED_DASH: f64 = 6.0;
/// Dots of a link that is only proposed, in world units.
const PROPOSED_DASH: f64 = 2.0;
/// From the picture's edges to the legend, in CSS pixels.
pub const LEGEND_MARGIN: f64 = 12.0;
/// Around the whole scene where it is taken along as a file, in CSS pixels.
const WHOLE_PADDING: f64 = 32.0;
/// The least width and height of such a file, in CSS pixels: one of nothing is a picture too.
const WHOLE_MIN: f64 = 160.0;
/// Of so many selected tables the links are lit.
const LIT_MAX: usize = 300;

/// Which layers are painted; a renderer that keeps layers apart paints them one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// Canvas and dots.
    pub background: bool,
    /// Areas.
    pub areas: bool,
    /// Links that are not highlighted.
    pub links: bool,
    /// Tables and memos.
    pub tables: bool,
    /// What pointer, selection and hand add: highlighted links, the row under the pointer,
    /// outlines. Without it the picture is that of a view with nothing selected.
    pub lit: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            background: true,
            areas: true,
            links: true,
            tables: true,
            lit: true,
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

/// Areas and memos, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The areas.
    pub areas: Vec<usize>,
    /// The memos.
    pub memos: Vec<usize>,
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
    /// The link that has the focus of the keyboard.
    pub focused_link: Option<usize>,
    /// Which layers.
    pub layers: Layers,
    /// Which tables.
    pub scope: Scope,
    /// Areas and memos that go with the tables of the scope: painted with [`Scope::Only`], left out
    /// with [`Scope::Without`].
    pub lifted: Notes,
    /// The selected areas and memos.
    pub selected_notes: Notes,
    /// Lines that show what a dragged table is in line with, in world units.
    pub guides: Vec<(Point, Point)>,
    /// The frame that is being drawn to select what is in it, in world units.
    pub frame: Option<Rect>,
    /// What was found and is pointed out by a ring, in world units.
    pub ring: Option<Rect>,
    /// Whether the legend of the scene's overlay is painted into the lower left corner: for
    /// pictures that stand alone.
    pub legend: bool,
}

/// The longest side of a bitmap, in pixels.
const BITMAP_SIDE_MAX: u64 = 60_000;
/// The most pixels of a bitmap.
const BITMAP_PIXELS_MAX: u64 = 1_500_000_000;

/// Width and height, in pixels, of a picture of `size` with `scale` pixels for each of its own.
#[must_use]
pub fn bitmap_size(size: Size, scale: f64) -> (u64, u64) {
    let side = |length: f64| ((length * scale).round() as u64).max(1);
    (side(size.width), side(size.height))
}

/// Whether a bitmap may be that large.
#[must_use]
pub fn fits_bitmap(size: Size, scale: f64) -> bool {
    let (width, height) = bitmap_size(size, scale);
    width.max(height) <= BITMAP_SIDE_MAX && width.saturating_mul(height) <= BITMAP_PIXELS_MAX
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
            focused_link: None,
            layers: Layers::default(),
            scope: Scope::All,
            lifted: Notes::default(),
            selected_notes: Notes::default(),
            guides: Vec::new(),
            frame: None,
            ring: None,
            legend: false,
        }
    }

    /// The whole scene in a picture of `size` CSS pixels, at most at reading size.
    #[must_use]
    pub fn fit(scene: &Scene, size: Size, padding: f64) -> Self {
        Self::new(Transform::fit(&scene.bounds(), size, padding, 1.0), size)
    }

    /// The whole scene at reading size with its legend below: what is taken along as a file.
    #[must_use]
    pub fn whole(scene: &Scene) -> Self {
        let mut around = scene.bounds().grow(WHOLE_PADDING);
        if let Some(overlay) = scene.overlay() {
            let legend = legend_size(overlay, scene.metrics());
            around.max.y += legend.height;
            let wide = around.min.x + legend.width + 2.0 * LEGEND_MARGIN;
            around.max.x = around.max.x.max(wide);
        }
        let side = |length: f64| {
            if length.is_finite() {
                length.max(WHOLE_MIN).ceil()
            } else {
                WHOLE_MIN
            }
        };
        let size = Size::new(side(around.width()), side(around.height()));
        let mut view = Self::new(Transform::fit(&around, size, 0.0, 1.0), size);
        view.legend = true;
        view
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
        hovered: if view.layers.lit {
            view.hovered
        } else {
            Hit::Background
        },
        world,
    };
    painter.begin(&view.transform, view.size);
    if view.layers.background {
        painter.clear(Ink::Canvas);
        if zoom >= 0.5 {
            painter.dots(&world, DOT_STEP, 0.75 / zoom.max(1.0), Ink::Dot);
        }
    }

    let in_notes = |list: &[usize], place: usize| match view.scope {
        Scope::All => true,
        Scope::Only(_) => list.contains(&place),
        Scope::Without(_) => !list.contains(&place),
    };
    if view.layers.areas {
        let bare = matches!(view.scope, Scope::Only(_));
        let chosen = |area: usize| in_notes(&view.lifted.areas, area);
        notes::paint_areas(&look, chosen, bare, painter);
    }

    // The margin keeps the marks of links that end just outside, and the outlines.
    let seen = world.grow(24.0);
    let mut listed = vec![false; scene.rects().len()];
    if let Scope::Only(tables) | Scope::Without(tables) = &view.scope {
        for &table in tables {
            listed.put(table, true);
        }
    }
    let in_scope = |table: usize| match &view.scope {
        Scope::All => true,
        Scope::Only(_) => listed.at(table),
        Scope::Without(_) => !listed.at(table),
    };
    let link_in_scope = |link: u32| {
        scene.graph().links.get(link as usize).is_some_and(|l| {
            let (child, parent) = (in_scope(l.child()), in_scope(l.parent()));
            match view.scope {
                Scope::All => true,
                Scope::Only(_) => child || parent,
                Scope::Without(_) => child && parent,
            }
        })
    };
    let mut lit = if view.layers.lit {
        highlighted(scene, view)
    } else {
        Vec::new()
    };
    let mut plain = Vec::new();
    if view.layers.links {
        plain = scene.visible_links(&seen);
        plain.retain(|&link| link_in_scope(link) && lit.binary_search(&link).is_err());
    }
    lit.retain(|&link| link_in_scope(link) && scene.is_link_visible(link as usize, &seen));
    if view.layers.links {
        match scene.overlay().filter(|overlay| overlay.has_links()) {
            None => paint_links(&look, &plain, Style::Plain, painter),
            Some(overlay) => paint_marked_links(&look, overlay, plain, painter),
        }
    }
    if view.layers.lit {
        paint_links(&look, &lit, Style::Lit, painter);
        if let Some(link) = view.focused_link.and_then(|it| u32::try_from(it).ok()) {
            paint_links(&look, &[link], Style::Focused, painter);
        }
    }
    if view.layers.tables {
        let chosen = |memo: usize| in_notes(&view.lifted.memos, memo);
        notes::paint_memos(&look, chosen, painter);
        let mut tables = scene.visible(&seen);
        tables.retain(|&i| in_scope(i as usize));
        table::paint_tables(&look, tables, painter);
    } else if view.layers.lit {
        // Over a picture of everything else: the table under the pointer shows its row.
        if let Hit::Table(table) | Hit::Column(table, _) = view.hovered
            && in_scope(table)
            && !scene.is_hidden(table)
        {
            table::paint_tables(&look, vec![table as u32], painter);
        }
    }
    if view.layers.lit {
        let outlined: Vec<Rect> = view
            .selected
            .iter()
            .filter(|&&i| in_scope(i) && !scene.is_hidden(i))
            .map(|&i| scene.rect(i))
            .filter(|r| r.intersects(&seen))
            .collect();
        if !outlined.is_empty() {
            let stroke = Stroke::solid(Ink::Selection, 2.0 * hairline(zoom));
            painter.stroke_rects(&outlined, BOX_RADIUS, &stroke);
        }
        notes::paint_selected(&look, &view.selected_notes, painter);
        notes::paint_hand(&look, &view.guides, view.frame, painter);
        if let Some(found) = view.ring {
            paint_ring(&look, &found, painter);
        }
        label::paint_labels(&look, view, painter);
    }
    if view.legend
        && let Some(overlay) = scene.overlay()
    {
        let corner = Point::new(LEGEND_MARGIN, view.size.height - LEGEND_MARGIN);
        let to_world = |at| view.transform.invert(at);
        mark::paint_legend(&look, overlay, to_world, corner, painter);
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

impl Look<'_> {
    /// What is said of a table: its own mark, or, where it is too small to show its rows, that of
    /// its columns when all that is said of it is there.
    fn table_mark<'a>(&self, overlay: &'a Overlay, table: usize) -> Option<&'a Mark> {
        overlay.table(table).or_else(|| {
            if self.lod >= Lod::Keys {
                return None;
            }
            overlay.columns_of(table).next().map(|(_, mark)| mark)
        })
    }
}

/// How links are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Lit,
    Focused,
    /// With how many steps wider than usual.
    Marked(MarkKind, u8),
}

/// World units per screen pixel when zoomed out, 1 when zoomed in: lines never get thinner than
/// they can be drawn.
fn hairline(zoom: f64) -> f64 {
    (1.0 / zoom).max(1.0)
}

/// A ring around what was found, apart from the outline of what is selected.
fn paint_ring<P: Painter>(look: &Look<'_>, found: &Rect, painter: &mut P) {
    let unit = 1.0 / look.zoom;
    let around = found.grow(6.0 * unit);
    painter.stroke_rects(
        &[around],
        6.0 * unit,
        &Stroke::solid(Ink::Canvas, 6.0 * unit),
    );
    painter.stroke_rects(
        &[around],
        6.0 * unit,
        &Stroke::solid(Ink::Accent, 3.0 * unit),
    );
}

/// The selected tables whose links are lit. Of very many none: that says nothing of one of them, and
/// is painted with every frame.
fn lit_tables(view: &View) -> &[usize] {
    match view.selected.len() {
        0..=LIT_MAX => &view.selected,
        _ => &[],
    }
}

fn highlighted(scene: &Scene, view: &View) -> Vec<u32> {
    let mut lit: Vec<u32> = Vec::new();
    for &table in lit_tables(view) {
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
        Hit::Memo(..) | Hit::Area(..) | Hit::Background => {}
    }
    lit.sort_unstable();
    lit.dedup();
    lit
}

/// Those that are not marked below, the others in the colours of their marks, with their signs.
fn paint_marked_links<P: Painter>(
    look: &Look<'_>,
    overlay: &Overlay,
    mut links: Vec<u32>,
    painter: &mut P,
) {
    let mut marked: Vec<(MarkKind, u8, Vec<u32>)> = Vec::new();
    links.retain(|&link| {
        let Some(mark) = overlay.link(link as usize) else {
            return true;
        };
        let width = mark.link_step();
        match marked
            .iter_mut()
            .find(|it| it.0 == mark.kind && it.1 == width)
        {
            Some((_, _, links)) => links.push(link),
            None => marked.push((mark.kind, width, vec![link])),
        }
        false
    });
    paint_links(look, &links, Style::Plain, painter);
    for (kind, width, links) in &marked {
        paint_links(look, links, Style::Marked(*kind, *width), painter);
    }
    if look.zoom < Lod::READABLE {
        return;
    }
    for link in marked.iter().flat_map(|it| &it.2) {
        let (Some(mark), Some(route)) = (
            overlay.link(*link as usize),
            look.scene.route(*link as usize),
        ) else {
            continue;
        };
        // On the longest piece it hides the least.
        let longest = route
            .segments()
            .max_by(|a, b| a.0.distance(a.1).total_cmp(&b.0.distance(b.1)));
        if let Some((a, b)) = longest {
            let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
            mark::badge(middle, mark, look.scene.metrics(), painter);
        }
    }
}

fn paint_links<P: Painter>(look: &Look<'_>, links: &[u32], style: Style, painter: &mut P) {
    if painter.grouping() == Grouping::Everything {
        for link in links {
            painter.open(Part::Link(*link as usize));
            link_batch(look, std::slice::from_ref(link), style, painter);
            painter.close(Part::Link(*link as usize));
        }
    } else {
        link_batch(look, links, style, painter);
    }
}

fn link_batch<P: Painter>(look: &Look<'_>, links: &[u32], style: Style, painter: &mut P) {
    let scene = look.scene;
    let far = look.lod == Lod::Block;
    let width = match (style, far) {
        (Style::Plain, true) => 0.75 / look.zoom,
        (Style::Plain, false) => 1.25_f64.max(0.85 / look.zoom),
        (Style::Focused, _) => 4.0_f64.max(3.0 / look.zoom),
        (Style::Marked(_, wider), true) => (1.5 + 0.5 * f64::from(wider)) / look.zoom,
        (Style::Marked(_, wider), false) => {
            (2.0 + f64::from(wider)).max((1.25 + 0.5 * f64::from(wider)) / look.zoom)
        }
        (_, true) => 1.5 / look.zoom,
        (_, false) => 2.0_f64.max(1.25 / look.zoom),
    };
    for standing in Standing::ALL {
        let ink = match (style, standing, far) {
            (Style::Lit, _, _) => Ink::Accent,
            (Style::Focused, _, _) => Ink::Selection,
            (Style::Marked(kind, _), _, _) => crate::overlay::ink(kind),
            (Style::Plain, Standing::Proposed, _) => Ink::LinkProposed,
            (Style::Plain, _, true) => Ink::LinkFar,
            (Style::Plain, _, false) => Ink::Link,
        };
        let dash = match (style, standing) {
            _ if far => 0.0,
            (Style::Marked(kind, _), _) if kind.dash() > 0.0 => kind.dash(),
            (_, Standing::Declared) => 0.0,
            (_, Standing::Accepted) => ACCEPTED_DASH,
            (_, Standing::Proposed) => PROPOSED_DASH,
        };
        let stroke = Stroke { ink, width, dash };
        let ours = links.iter().filter(|&&i| {
            scene
                .graph()
                .links
                .get(i as usize)
                .is_some_and(|l| l.standing() == standing)
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
