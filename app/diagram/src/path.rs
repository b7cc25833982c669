//! The best ways from one table to another along links, against their direction too. Best-first
//! search over partial ways with an estimate that never exceeds what is left, so the first ways
//! that arrive are the best ones and nobody ever lists them all; bounded in links, in work and, by
//! the caller, in time.

use crate::graph::{Graph, Standing};
use crate::total::row;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// So many partial ways are looked at; then what was found is the answer.
const WORK_MAX: usize = 200_000;
/// The caller is asked whether to stop once in so many steps.
const STOP_EVERY: usize = 256;
/// A link costs no less than this, so that longer ways are never free.
const COST_MIN: f64 = 0.01;

/// What makes a way better or worse. The cost of a way is the sum over its links and over the
/// tables between its ends; numbers that are negative or none count as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Of a declared link.
    pub declared: f64,
    /// Of a link that is not declared but accepted.
    pub accepted: f64,
    /// Of a link that is only proposed.
    pub proposed: f64,
    /// More for a link whose child need not have a parent.
    pub optional: f64,
    /// More for each doubling of a passed table's neighbours beyond [`Weights::hub_from`]: nearly
    /// everything is near everything through `users`.
    pub hub: f64,
    /// From so many neighbours on a table is a hub.
    pub hub_from: usize,
    /// More for passing a table that both links refer to: its rows multiply both sides.
    pub through_parent: f64,
    /// How often each link was joined over, by its place in the graph; empty where nothing is
    /// known. The most joined link costs [`Weights::observed`] of what it would.
    pub joins: Vec<u64>,
    /// The part of its cost that the most joined link keeps.
    pub observed: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            declared: 1.0,
            accepted: 1.15,
            proposed: 1.6,
            optional: 0.15,
            hub: 0.3,
            hub_from: 8,
            through_parent: 0.5,
            joins: Vec::new(),
            observed: 0.4,
        }
    }
}

impl Weights {
    /// What each link costs, by its place in the graph.
    fn links(&self, graph: &Graph) -> Vec<f64> {
        let most = self.joins.iter().copied().max().unwrap_or_default();
        let observed = sane(self.observed).min(1.0);
        graph
            .links
            .iter()
            .enumerate()
            .map(|(place, link)| {
                let base = sane(match link.standing() {
                    Standing::Declared => self.declared,
                    Standing::Accepted => self.accepted,
                    Standing::Proposed => self.proposed,
                });
                let optional = if link.optional {
                    sane(self.optional)
                } else {
                    0.0
                };
                let joins = self.joins.get(place).copied().unwrap_or_default();
                let known = if joins == 0 {
                    0.0
                } else {
                    (joins as f64).ln_1p() / (most as f64).ln_1p()
                };
                ((base + optional) * (1.0 - known * (1.0 - observed))).max(COST_MIN)
            })
            .collect()
    }

    /// What passing a table with so many neighbours costs.
    fn table(&self, neighbours: usize) -> f64 {
        let from = self.hub_from.max(1);
        if neighbours <= from {
            return 0.0;
        }
        sane(self.hub) * (neighbours as f64 / from as f64).log2()
    }
}

fn sane(weight: f64) -> f64 {
    if weight.is_finite() {
        weight.max(0.0)
    } else {
        0.0
    }
}

/// How far to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathLimits {
    /// So many ways at the most.
    pub ways: usize,
    /// A way has so many links at the most.
    pub links: usize,
}

impl Default for PathLimits {
    fn default() -> Self {
        Self { ways: 5, links: 8 }
    }
}

/// One link of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The link, by its place in the graph.
    pub link: usize,
    /// The table that the step leads to.
    pub table: usize,
    /// True from the child to the parent.
    pub to_parent: bool,
}

/// A way from one table to another. No table comes twice, but where both ends are the same one.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it starts.
    pub start: usize,
    /// Its links in order.
    pub steps: Vec<PathStep>,
    /// The lower, the better.
    pub cost: f64,
}

impl Path {
    /// Its tables in order, both ends among them.
    pub fn tables(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.start).chain(self.steps.iter().map(|step| step.table))
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    /// The best ways, the best first.
    pub paths: Vec<Path>,
    /// False when the search ended early: there may be more, though none found later would have
    /// been better than these.
    pub is_complete: bool,
}

/// The best ways between two tables. From a table to itself they are its links to itself. `stop` is
/// asked now and then whether to end with what there is.
#[must_use]
pub fn paths(
    graph: &Graph,
    from: usize,
    to: usize,
    weights: &Weights,
    limits: PathLimits,
    stop: &mut dyn FnMut() -> bool,
) -> Paths {
    let count = graph.tables.len();
    if from >= count || to >= count || limits.ways == 0 || limits.links == 0 {
        return Paths {
            paths: Vec::new(),
            is_complete: true,
        };
    }
    let costs = weights.links(graph);
    if from == to {
        return to_itself(graph, from, &costs, limits);
    }
    let map = Map::new(graph, weights, costs);
    let Some(left) = map.left(to) else {
        return Paths::default();
    };
    map.search(from, to, &left, limits, stop)
}

fn to_itself(graph: &Graph, table: usize, costs: &[f64], limits: PathLimits) -> Paths {
    let mut paths: Vec<Path> = graph
        .links
        .iter()
        .enumerate()
        .filter(|(_, link)| link.child() == table && link.parent() == table)
        .map(|(link, _)| Path {
            start: table,
            steps: vec![PathStep {
                link,
                table,
                to_parent: true,
            }],
            cost: costs.get(link).copied().unwrap_or_default(),
        })
        .collect();
    paths.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    paths.truncate(limits.ways);
    Paths {
        paths,
        is_complete: true,
    }
}

/// The graph as the search walks it.
struct Map<'a> {
    weights: &'a Weights,
    costs: Vec<f64>,
    /// The steps that leave each table.
    steps: Vec<Vec<PathStep>>,
    /// What passing each table costs.
    passing: Vec<f64>,
}

/// What is left to the goal: at the least so many links, at the least such a cost.
struct Left {
    links: Vec<usize>,
    cost: Vec<f64>,
}

/// A way that has not arrived, as the last step of another.
struct Part {
    before: Option<usize>,
    step: Option<PathStep>,
    table: usize,
    links: usize,
    cost: f64,
}

/// A part in the queue: the least total first, then the one found first.
struct Waiting {
    total: f64,
    part: usize,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first.
        other
            .total
            .total_cmp(&self.total)
            .then_with(|| other.part.cmp(&self.part))
    }
}

impl<'a> Map<'a> {
    fn new(graph: &Graph, weights: &'a Weights, costs: Vec<f64>) -> Self {
        let mut steps: Vec<Vec<PathStep>> = vec![Vec::new(); graph.tables.len()];
        for (place, link) in graph.links.iter().enumerate() {
            // A link of a table to itself leads nowhere.
            if !graph.has_ends(link) || link.from == link.to {
                continue;
            }
            for (start, table, to_parent) in [
                (link.child(), link.parent(), true),
                (link.parent(), link.child(), false),
            ] {
                if let Some(list) = steps.get_mut(start) {
                    list.push(PathStep {
                        link: place,
                        table,
                        to_parent,
                    });
                }
            }
        }
        let passing = graph
            .adjacency()
            .iter()
            .map(|list| weights.table(list.len()))
            .collect();
        Self {
            weights,
            costs,
            steps,
            passing,
        }
    }

    fn cost(&self, link: usize) -> f64 {
        self.costs.get(link).copied().unwrap_or(COST_MIN)
    }

    fn passing(&self, table: usize) -> f64 {
        self.passing.get(table).copied().unwrap_or_default()
    }

    /// What is left to `goal` from each table; none when it is no table.
    fn left(&self, goal: usize) -> Option<Left> {
        let count = self.steps.len();
        let mut left = Left {
            links: vec![usize::MAX; count],
            cost: vec![f64::INFINITY; count],
        };
        *left.links.get_mut(goal)? = 0;
        *left.cost.get_mut(goal)? = 0.0;
        let mut ring = vec![goal];
        let mut distance = 0;
        while !ring.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for table in ring {
                for step in row(&self.steps, table) {
                    if let Some(links) = left.links.get_mut(step.table)
                        && *links == usize::MAX
                    {
                        *links = distance;
                        next.push(step.table);
                    }
                }
            }
            ring = next;
        }
        let mut queue = BinaryHeap::from([Waiting {
            total: 0.0,
            part: goal,
        }]);
        while let Some(Waiting { total, part: table }) = queue.pop() {
            if left.cost.get(table).is_some_and(|best| total > *best) {
                continue;
            }
            // Going on from `table` towards the goal passes it, unless it is the goal.
            let passed = if table == goal {
                0.0
            } else {
                self.passing(table)
            };
            for step in row(&self.steps, table) {
                let total = total + passed + self.cost(step.link);
                if let Some(best) = left.cost.get_mut(step.table)
                    && total < *best
                {
                    *best = total;
                    queue.push(Waiting {
                        total,
                        part: step.table,
                    });
                }
            }
        }
        Some(left)
    }

    fn search(
        &self,
        from: usize,
        to: usize,
        left: &Left,
        limits: PathLimits,
        stop: &mut dyn FnMut() -> bool,
    ) -> Paths {
        let mut found = Paths::default();
        let mut parts = vec![Part {
            before: None,
            step: None,
            table: from,
            links: 0,
            cost: 0.0,
        }];
        let mut queue = BinaryHeap::from([Waiting {
            total: 0.0,
            part: 0,
        }]);
        let mut work = 0;
        while let Some(Waiting { part: at, .. }) = queue.pop() {
            let Some(&Part {
                step: last,
                table,
                links,
                cost,
                ..
            }) = parts.get(at)
            else {
                continue;
            };
            if table == to {
                found.paths.push(Path {
                    start: from,
                    steps: steps_to(&parts, at),
                    cost,
                });
                if found.paths.len() >= limits.ways {
                    found.is_complete = true;
                    return found;
                }
                continue;
            }
            work += 1;
            if parts.len() > WORK_MAX || (work % STOP_EVERY == 0 && stop()) {
                return found;
            }
            for step in row(&self.steps, table) {
                let most = limits.links.saturating_sub(links + 1);
                let near = left.links.get(step.table).is_some_and(|it| *it <= most);
                if !near || passes(&parts, at, step.table) {
                    continue;
                }
                let mut cost = cost + self.cost(step.link);
                if let Some(last) = last {
                    cost += self.passing(table);
                    if last.to_parent && !step.to_parent {
                        cost += sane(self.weights.through_parent);
                    }
                }
                // The table itself is passed too when the goal is still ahead.
                let ahead = if step.table == to {
                    0.0
                } else {
                    left.cost.get(step.table).copied().unwrap_or_default()
                        + self.passing(step.table)
                };
                queue.push(Waiting {
                    total: cost + ahead,
                    part: parts.len(),
                });
                parts.push(Part {
                    before: Some(at),
                    step: Some(*step),
                    table: step.table,
                    links: links + 1,
                    cost,
                });
            }
        }
        found.is_complete = true;
        found
    }
}

/// Whether the way up to a part has been at a table.
fn passes(parts: &[Part], mut at: usize, table: usize) -> bool {
    while let Some(part) = parts.get(at) {
        if part.table == table {
            return true;
        }
        match part.before {
            Some(before) => at = before,
            None => return false,
        }
    }
    false
}

fn steps_to(parts: &[Part], mut at: usize) -> Vec<PathStep> {
    let mut steps = Vec::new();
    while let Some(part) = parts.get(at) {
        steps.extend(part.step);
        match part.before {
            Some(before) => at = before,
            None => break,
        }
    }
    steps.reverse();
    steps
}
