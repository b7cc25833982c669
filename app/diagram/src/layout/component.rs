//! Takes the graph apart into connected components, has each laid out, and packs the results.

use std::collections::BTreeMap;

use crate::geometry::{Point, Size};
use crate::graph::{Graph, Link};
use crate::layout::polish::{Judge, Start};
use crate::layout::{Algorithm, Deadline, LayoutOptions, columns, layered, pack, placed, polish};
use crate::measure::BoxModel;
use crate::total::{Total as _, row};

/// One connected component, renumbered from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Component {
    /// The table of each node.
    pub(crate) tables: Vec<u32>,
    /// The box of each node.
    pub(crate) sizes: Vec<Size>,
    /// Child and parent, once for each pair of tables.
    pub(crate) edges: Vec<(u32, u32)>,
    /// The neighbours of each node.
    pub(crate) near: Vec<Vec<u32>>,
    /// The schema of each node.
    pub(crate) group: Vec<u32>,
}

impl Component {
    pub(crate) fn len(&self) -> usize {
        self.tables.len()
    }

    /// The links of the graph within the component, with its nodes as their tables.
    fn links(&self, graph: &Graph) -> Vec<Link> {
        let node = |table: u32| self.tables.binary_search(&table).ok().map(|i| i as u32);
        graph
            .links
            .iter()
            .filter_map(|l| {
                Some(Link {
                    from: node(l.from)?,
                    to: node(l.to)?,
                    ..l.clone()
                })
            })
            .collect()
    }
}

/// A component with its places.
struct Block {
    tables: Vec<u32>,
    places: Vec<Point>,
    size: Size,
}

pub(crate) fn place_all(
    graph: &Graph,
    boxes: &[BoxModel],
    options: &LayoutOptions,
    deadline: &mut Deadline<'_>,
) -> (Vec<Point>, Algorithm) {
    let sizes: &[Size] = &boxes.iter().map(|b| b.size).collect::<Vec<_>>();
    let (components, alone) = split(graph, sizes, options.group_schemas);
    let mut algorithm = Algorithm::Grid;
    let mut blocks = Vec::new();
    for (i, component) in components.iter().enumerate() {
        let (columns, how) = if deadline.is_late() {
            (columns::plain(component, options.aspect), Algorithm::Grid)
        } else {
            best_columns(graph, boxes, component, options, deadline)
        };
        if i == 0 {
            algorithm = how;
        }
        let (places, size) = columns::coordinates(component, &columns);
        blocks.push(Block {
            tables: component.tables.clone(),
            places,
            size,
        });
    }
    for tables in alone {
        let boxes: Vec<Size> = tables.iter().map(|&t| sizes.at(t as usize)).collect();
        let (places, size) = pack::grid(&boxes, options.aspect);
        blocks.push(Block {
            tables,
            places,
            size,
        });
    }

    let corners = pack::pack(
        &blocks.iter().map(|b| b.size).collect::<Vec<_>>(),
        options.aspect,
    );
    let mut positions = vec![Point::default(); sizes.len()];
    for (block, corner) in blocks.iter().zip(corners) {
        for (&table, place) in block.tables.iter().zip(&block.places) {
            let at = place.offset(corner.x, corner.y);
            positions.put(table as usize, Point::new(at.x.round(), at.y.round()));
        }
    }
    (positions, algorithm)
}

/// Up to this many tables the methods are compared by routing their results.
const JUDGED: usize = 400;
/// Up to this many tables the result is polished.
const POLISHED: usize = 120;

/// The best of the methods. Layers show the direction of references and suit what has one;
/// placement suits a web of hubs.
fn best_columns(
    graph: &Graph,
    boxes: &[BoxModel],
    component: &Component,
    options: &LayoutOptions,
    deadline: &mut Deadline<'_>,
) -> (Vec<Vec<u32>>, Algorithm) {
    let placed = placed::columns(component, options.aspect, deadline);
    if component.len() > JUDGED || deadline.is_late() {
        return (placed, Algorithm::Placed);
    }
    let judge = Judge::new(component, boxes, component.links(graph), options.aspect);
    let start = |columns: Vec<Vec<u32>>, algorithm| Start {
        score: judge.score(&columns),
        columns,
        algorithm,
    };
    let mut starts = vec![start(placed, Algorithm::Placed)];
    let small = component.len() <= POLISHED;
    for stretch in [1.0, 0.6, 1.7, 6.0]
        .into_iter()
        .take(if small { 4 } else { 1 })
    {
        if deadline.is_late() {
            break;
        }
        let columns = layered::columns(component, options.aspect / stretch, deadline);
        starts.push(start(columns, Algorithm::Layered));
    }
    for stretch in [0.7, 1.5] {
        if !small || deadline.is_late() {
            break;
        }
        let columns = placed::columns(component, options.aspect * stretch, deadline);
        starts.push(start(columns, Algorithm::Placed));
    }
    let effort = if small { options.effort } else { 0.0 };
    let best = polish::polish(&judge, starts, effort, deadline);
    (best.columns, best.algorithm)
}

/// The components with links, largest first, and the tables without, by schema.
fn split(graph: &Graph, sizes: &[Size], by_schema: bool) -> (Vec<Component>, Vec<Vec<u32>>) {
    let mut names: Vec<&str> = graph.tables.iter().map(|t| t.schema.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let group = |table: usize| {
        if !by_schema {
            return 0;
        }
        let name = graph.tables.get(table).map_or("", |t| t.schema.as_str());
        names.binary_search(&name).unwrap_or(0) as u32
    };

    let near = graph.adjacency();
    let mut of = vec![u32::MAX; sizes.len()];
    let mut local = vec![0_u32; sizes.len()];
    let mut components: Vec<Component> = Vec::new();
    let mut alone: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for start in 0..sizes.len() {
        if of.at(start) != u32::MAX {
            continue;
        }
        if row(&near, start).is_empty() {
            alone.entry(group(start)).or_default().push(start as u32);
            continue;
        }
        let number = components.len() as u32;
        let mut component = Component::default();
        let mut stack = vec![start as u32];
        of.put(start, number);
        while let Some(table) = stack.pop() {
            component.tables.push(table);
            for &next in row(&near, table as usize) {
                if of.at(next as usize) == u32::MAX {
                    of.put(next as usize, number);
                    stack.push(next);
                }
            }
        }
        component.tables.sort_unstable();
        for (i, &table) in component.tables.iter().enumerate() {
            local.put(table as usize, i as u32);
            component.sizes.push(sizes.at(table as usize));
            component.group.push(group(table as usize));
        }
        components.push(component);
    }
    for link in graph
        .links
        .iter()
        .filter(|l| graph.has_ends(l) && l.from != l.to)
    {
        let number = of.at(link.child()) as usize;
        if let Some(component) = components.get_mut(number) {
            component
                .edges
                .push((local.at(link.child()), local.at(link.parent())));
        }
    }
    for component in &mut components {
        component.edges.sort_unstable();
        component.edges.dedup();
        component.near = vec![Vec::new(); component.tables.len()];
        for &(a, b) in &component.edges {
            component.near.with(a as usize, |l| l.push(b));
            component.near.with(b as usize, |l| l.push(a));
        }
    }
    components.sort_by_key(|c| (std::cmp::Reverse(c.tables.len()), c.tables.first().copied()));
    (components, alone.into_values().collect())
}
