//! Communities: tables that reference each other more than they reference the rest. A large database
//! without schemas falls into them.
//!
//! Found by the method of Blondel, Guillaume, Lambiotte and Lefebvre ("Fast unfolding of communities
//! in large networks", 2008): every table moves to the community of those of its neighbours where
//! modularity grows most, until none moves; then communities are taken for tables, and so on. Tables
//! are asked in their order, so the same graph has the same communities.

use std::collections::BTreeMap;

use crate::graph::Graph;

/// Fewer tables are none.
const LEAST: usize = 3;
/// Tables are asked so often whether they move. Nearly all have moved after three times.
const ROUNDS: usize = 20;
/// Modularity has to grow by more than rounding does.
const GAIN: f64 = 1e-9;

/// Tables that hang together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Community {
    /// The one that is linked with most of the others; of such the one that most links lead to, and
    /// of these the first.
    pub hub: usize,
    /// All of them in order, three at least, by index.
    pub tables: Vec<usize>,
}

/// The communities of a graph, the largest first. Direction and number of the links between two
/// tables mean nothing. Tables that hang together with fewer than two others are in none.
#[must_use]
pub fn communities(graph: &Graph) -> Vec<Community> {
    let near = graph.adjacency();
    let mut network = Network::of(&near);
    let mut home: Vec<usize> = (0..near.len()).collect();
    loop {
        let (moved, to) = network.settle();
        if !moved {
            break;
        }
        for community in &mut home {
            *community = to.get(*community).copied().unwrap_or_default();
        }
        network = network.merged(&to);
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (table, community) in home.iter().enumerate() {
        members.entry(*community).or_default().push(table);
    }
    let mut led_to = vec![0_usize; near.len()];
    for link in &graph.links {
        if let Some(count) = led_to.get_mut(link.parent()) {
            *count += 1;
        }
    }
    let mut found: Vec<Community> = members
        .into_values()
        .filter(|tables| tables.len() >= LEAST)
        .filter_map(|tables| {
            let inside = |table: usize| {
                let others = near.get(table).map_or(&[][..], Vec::as_slice);
                let is_one = |other: &&u32| tables.binary_search(&(**other as usize)).is_ok();
                others.iter().filter(is_one).count()
            };
            let hub = tables.iter().copied().max_by_key(|&table| {
                let led_to = led_to.get(table).copied().unwrap_or_default();
                (inside(table), led_to, std::cmp::Reverse(table))
            })?;
            Some(Community { hub, tables })
        })
        .collect();
    found.sort_by_key(|community| (std::cmp::Reverse(community.tables.len()), community.hub));
    found
}

/// Nodes with weighted edges between them; every edge is told at both of its ends.
struct Network {
    edges: Vec<Vec<(usize, f64)>>,
    /// Twice the weight inside of each node.
    inside: Vec<f64>,
}

impl Network {
    fn of(near: &[Vec<u32>]) -> Self {
        let edges = near
            .iter()
            .map(|others| others.iter().map(|&other| (other as usize, 1.0)).collect())
            .collect();
        Self {
            edges,
            inside: vec![0.0; near.len()],
        }
    }

    /// The weight of a node's edges, those inside of it twice.
    fn degree(&self, node: usize) -> f64 {
        let edges = self.edges.get(node).map_or(&[][..], Vec::as_slice);
        let outside: f64 = edges.iter().map(|(_, weight)| weight).sum();
        outside + self.inside.get(node).copied().unwrap_or_default()
    }

    /// Lets every node move to where it belongs. Says whether one has moved, and the community of
    /// each, numbered from 0 without gaps.
    fn settle(&self) -> (bool, Vec<usize>) {
        let degrees: Vec<f64> = (0..self.edges.len())
            .map(|node| self.degree(node))
            .collect();
        let whole: f64 = degrees.iter().sum();
        let mut home: Vec<usize> = (0..self.edges.len()).collect();
        let mut total = degrees.clone();
        let mut moved = false;
        if whole > 0.0 {
            for _ in 0..ROUNDS {
                if !self.round(&degrees, whole, &mut home, &mut total) {
                    break;
                }
                moved = true;
            }
        }
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
        let numbered = home
            .into_iter()
            .map(|community| {
                let next = numbers.len();
                *numbers.entry(community).or_insert(next)
            })
            .collect();
        (moved, numbered)
    }

    /// Asks every node once. `total` is the sum of degrees in each community.
    fn round(&self, degrees: &[f64], whole: f64, home: &mut [usize], total: &mut [f64]) -> bool {
        let mut moved = false;
        let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
        for (node, (edges, &degree)) in self.edges.iter().zip(degrees).enumerate() {
            let Some(&here) = home.get(node) else {
                continue;
            };
            shared.clear();
            for &(other, weight) in edges {
                if let Some(&community) = home.get(other) {
                    *shared.entry(community).or_default() += weight;
                }
            }
            if let Some(total) = total.get_mut(here) {
                *total -= degree;
            }
            let gain = |community: usize, shared: f64| {
                let total = total.get(community).copied().unwrap_or_default();
                shared - total * degree / whole
            };
            let stays = gain(here, shared.get(&here).copied().unwrap_or_default());
            let mut best = (here, stays);
            for (&community, &weight) in &shared {
                let gain = gain(community, weight);
                if gain > best.1 + GAIN {
                    best = (community, gain);
                }
            }
            if let Some(total) = total.get_mut(best.0) {
                *total += degree;
            }
            if let Some(home) = home.get_mut(node).filter(|home| **home != best.0) {
                *home = best.0;
                moved = true;
            }
        }
        moved
    }

    /// The network whose nodes are the communities of this one.
    fn merged(&self, to: &[usize]) -> Self {
        let count = to.iter().max().map_or(0, |last| last + 1);
        let mut weights: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); count];
        let mut inside = vec![0.0; count];
        for (node, edges) in self.edges.iter().enumerate() {
            let Some(&from) = to.get(node) else { continue };
            if let Some(inside) = inside.get_mut(from) {
                *inside += self.inside.get(node).copied().unwrap_or_default();
            }
            for &(other, weight) in edges {
                match to.get(other) {
                    Some(&other) if other == from => {
                        if let Some(inside) = inside.get_mut(from) {
                            *inside += weight;
                        }
                    }
                    Some(&other) => {
                        if let Some(weights) = weights.get_mut(from) {
                            *weights.entry(other).or_default() += weight;
                        }
                    }
                    None => {}
                }
            }
        }
        Self {
            edges: weights
                .into_iter()
                .map(|weights| weights.into_iter().collect())
                .collect(),
            inside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Link, TableNode};

    fn graph(tables: usize, links: &[(u32, u32)]) -> Graph {
        Graph {
            tables: vec![TableNode::default(); tables],
            links: links
                .iter()
                .map(|&(from, to)| Link {
                    from,
                    to,
                    ..Link::default()
                })
                .collect(),
        }
    }

    #[test]
    fn what_hangs_together_is_found_with_its_hub() {
        // Two stars around 0 and 4 whose hubs know each other, two alone, one that knows itself.
        let links = [
            (1, 0),
            (2, 0),
            (3, 0),
            (5, 4),
            (6, 4),
            (7, 4),
            (5, 6),
            (0, 4),
            (8, 9),
            (10, 10),
        ];
        let found = communities(&graph(11, &links));
        assert_eq!(
            found,
            [
                Community {
                    hub: 0,
                    tables: vec![0, 1, 2, 3]
                },
                Community {
                    hub: 4,
                    tables: vec![4, 5, 6, 7]
                },
            ]
        );
    }

    #[test]
    fn the_number_of_links_between_two_tables_means_nothing() {
        let mut links = vec![(1, 0), (2, 0), (1, 2), (4, 3), (5, 3), (4, 5)];
        let once = communities(&graph(6, &links));
        links.extend([(3, 0); 40]);
        assert_eq!(communities(&graph(6, &links)), once);
        assert_eq!(once.len(), 2);
    }

    #[test]
    fn nothing_hangs_together_in_nothing() {
        assert_eq!(communities(&Graph::default()), []);
        assert_eq!(communities(&graph(5, &[(0, 0), (1, 2)])), []);
        // A link to a table that is not there.
        assert_eq!(communities(&graph(2, &[(0, 9)])), []);
    }

    #[test]
    fn large_graphs_fall_into_parts_that_are_the_same_every_time() {
        let graph = crate::sample::sample_graph(2_000, 3, 7);
        let found = communities(&graph);
        assert!(found.len() > 5, "{}", found.len());
        assert_eq!(found, communities(&graph));
        let mut seen: Vec<usize> = found.iter().flat_map(|it| it.tables.clone()).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "a table is in one of them");
    }
}
