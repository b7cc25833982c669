//! Polishing by the real measure: a small component is routed and judged again and again while its
//! tables are moved about. Estimates from straight lines are good enough for a thousand tables; for
//! thirty, which people look at most, only what is really drawn is.

use std::collections::BTreeSet;

use crate::geometry::Rect;
use crate::graph::{Graph, Link};
use crate::index::GridIndex;
use crate::layout::component::Component;
use crate::layout::{Algorithm, Deadline, columns};
use crate::measure::BoxModel;
use crate::quality::{DrawnLink, quality};
use crate::route::{Field, Route, mixed_ends, route};
use crate::sample::Random;
use crate::total::{Total as _, row};

/// Judges columns of one component by routing them.
pub(crate) struct Judge<'a> {
    component: &'a Component,
    graph: Graph,
    boxes: Vec<BoxModel>,
    aspect: f64,
    mixed: BTreeSet<(u32, i64)>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(
        component: &'a Component,
        boxes: &[BoxModel],
        links: Vec<Link>,
        aspect: f64,
    ) -> Self {
        let boxes = component
            .tables
            .iter()
            .filter_map(|&t| boxes.get(t as usize).cloned())
            .collect::<Vec<_>>();
        let graph = Graph {
            tables: Vec::new(),
            links,
        };
        Self {
            component,
            mixed: mixed_ends(&graph, &boxes),
            graph,
            boxes,
            aspect,
        }
    }

    /// What there is to judge, for the sharing out of time.
    pub(crate) fn size(&self) -> usize {
        self.graph.links.len() + self.boxes.len()
    }

    /// How bad the columns are; 1 would be perfect.
    pub(crate) fn score(&self, columns: &[Vec<u32>]) -> f64 {
        let (places, _) = columns::coordinates(self.component, columns);
        let rects: Vec<Rect> = places
            .iter()
            .zip(&self.component.sizes)
            .map(|(&p, &s)| Rect::new(p, s))
            .collect();
        let mut index = GridIndex::default();
        for (i, rect) in rects.iter().enumerate() {
            index.insert(i as u32, rect);
        }
        let field = Field {
            graph: &self.graph,
            boxes: &self.boxes,
            rects: &rects,
            index: &index,
            mixed: &self.mixed,
        };
        let mut routes = vec![Route::default(); self.graph.links.len()];
        route(&field, 0..self.graph.links.len(), &mut routes);
        let drawn: Vec<DrawnLink> = self
            .graph
            .links
            .iter()
            .zip(routes)
            .map(|(l, r)| DrawnLink {
                ends: (l.child(), l.parent()),
                points: r.points,
            })
            .collect();
        let q = quality(&rects, &drawn);
        let links = q.links.max(1) as f64;
        let boxes: f64 = rects
            .iter()
            .map(|r| r.width() * r.height())
            .sum::<f64>()
            .max(1.0);
        let unit = (boxes / rects.len().max(1) as f64).sqrt().max(1.0);
        let off = (q.aspect / self.aspect).max(self.aspect / q.aspect.max(1e-3));
        // References that run from left to right are easier to follow, at equal crossings.
        let back = self
            .graph
            .links
            .iter()
            .filter(|l| {
                let left = |t: usize| rects.at(t).min.x;
                left(l.child()) < left(l.parent())
            })
            .count() as f64;
        (1.0 + 6.0 * (q.crossings as f64 + 4.0 * q.through as f64) / links)
            * (1.0 + 0.2 * q.length / links / unit)
            * (q.area / boxes).powf(0.4)
            * off.powf(0.35)
            * (1.0 + 0.15 * back / links)
    }
}

/// So many starts climb side by side at first: which leads farthest shows only on the way.
const STARTS: usize = 2;

/// Columns to climb from.
#[derive(Default)]
pub(crate) struct Start {
    /// How bad they are.
    pub(crate) score: f64,
    /// The tables of each.
    pub(crate) columns: Vec<Vec<u32>>,
    /// How they came about.
    pub(crate) algorithm: Algorithm,
}

/// Climbs from the best of the starts and returns where that ends; without any effort the best start
/// itself. Deterministic, as many tries as the size of the component leaves time for.
pub(crate) fn polish(
    judge: &Judge<'_>,
    mut starts: Vec<Start>,
    effort: f64,
    deadline: &mut Deadline<'_>,
) -> Start {
    let tries = (100_000 / judge.size().max(1)).min(3_200);
    let tries = (tries as f64 * effort.clamp(0.0, 100.0)) as usize;
    let mut random = Random::new(judge.component.len() as u32);
    starts.sort_by(|a, b| a.score.total_cmp(&b.score));
    starts.truncate(STARTS);
    let first = tries / 2 / starts.len().max(1);
    for start in &mut starts {
        climb(judge, start, first, &mut random, deadline);
    }
    starts.sort_by(|a, b| a.score.total_cmp(&b.score));
    let mut best = starts.into_iter().next().unwrap_or_default();
    climb(judge, &mut best, tries / 2, &mut random, deadline);
    best
}

/// Tries changes one by one and keeps those that help.
fn climb(
    judge: &Judge<'_>,
    start: &mut Start,
    tries: usize,
    random: &mut Random,
    deadline: &mut Deadline<'_>,
) {
    for _ in 0..tries {
        if deadline.is_late() {
            return;
        }
        let Some(next) = varied(judge.component, &start.columns, random) else {
            continue;
        };
        let score = judge.score(&next);
        if score < start.score {
            start.score = score;
            start.columns = next;
        }
    }
}

/// The columns with one random change: two tables exchanged, one moved to where its neighbours are
/// or anywhere near, or two columns exchanged.
fn varied(
    component: &Component,
    columns: &[Vec<u32>],
    random: &mut Random,
) -> Option<Vec<Vec<u32>>> {
    let mut next = columns.to_vec();
    let home = random.below(next.len());
    let at = random.below(row(&next, home).len());
    let node = row(&next, home).get(at).copied()?;
    match random.below(10) {
        0..=2 => {
            let list = next.get_mut(home)?;
            let other = if at + 1 < list.len() {
                at + 1
            } else {
                at.checked_sub(1)?
            };
            list.swap(at, other);
        }
        3 => {
            let other = if home + 1 < next.len() {
                home + 1
            } else {
                home.checked_sub(1)?
            };
            next.swap(home, other);
        }
        4 | 5 => {
            let other = (home + random.below(5)).checked_sub(2)?;
            let place = random.below(row(&next, other).len());
            let swapped = row(&next, other).get(place).copied()?;
            next.with(other, |c| c.put(place, node));
            next.with(home, |c| c.put(at, swapped));
        }
        kind => {
            next.get_mut(home)?.remove(at);
            // Beside a neighbour, or one or two columns away.
            let near = row(&component.near, node as usize);
            let friend = near.get(random.below(near.len())).copied()?;
            let column = next.iter().position(|c| c.contains(&friend))?;
            let target = (column + random.below(3)).checked_sub(1)?;
            if target >= next.len() {
                next.push(vec![node]);
            } else {
                let length = row(&next, target).len();
                let wish = row(&next, column).iter().position(|&v| v == friend)?;
                let place = if kind < 9 {
                    (wish + random.below(3)).saturating_sub(1)
                } else {
                    random.below(length + 1)
                };
                next.get_mut(target)?.insert(place.min(length), node);
            }
            next.retain(|c| !c.is_empty());
        }
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_keep_every_table_once() {
        let component = Component {
            near: vec![vec![1], vec![0, 2], vec![1, 3], vec![2]],
            ..Component::default()
        };
        let mut columns = vec![vec![0, 1], vec![2, 3]];
        let mut random = Random::new(5);
        for _ in 0..500 {
            if let Some(next) = varied(&component, &columns, &mut random) {
                columns = next;
            }
            let mut all: Vec<u32> = columns.concat();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3]);
        }
    }
}
