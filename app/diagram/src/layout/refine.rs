//! Detailed placement: nodes change places while that shortens links and removes crossings.

use crate::geometry::Point;
use crate::layout::Deadline;
use crate::layout::columns::{CHANNEL, ROW_GAP};
use crate::layout::component::Component;
use crate::quality::cross;
use crate::total::{Total as _, row};

/// What a crossing costs, in world units of length.
const CROSSING: f64 = 160.0;

/// The columns with the middle of each node as it stands when columns are stacked from the top.
struct State<'a> {
    component: &'a Component,
    columns: Vec<Vec<u32>>,
    column_of: Vec<u32>,
    middles: Vec<Point>,
    /// Edges of each node, by index.
    edges_of: Vec<Vec<u32>>,
}

/// Improves the columns. The amount of work depends on the input alone, so the result does too.
pub(crate) fn refine(
    component: &Component,
    columns: &mut Vec<Vec<u32>>,
    deadline: &mut Deadline<'_>,
) {
    let n = component.len();
    let mut edges_of = vec![Vec::new(); n];
    for (i, &(a, b)) in component.edges.iter().enumerate() {
        edges_of.with(a as usize, |l: &mut Vec<u32>| l.push(i as u32));
        edges_of.with(b as usize, |l: &mut Vec<u32>| l.push(i as u32));
    }
    let mut state = State {
        component,
        columns: std::mem::take(columns),
        column_of: vec![0; n],
        middles: vec![Point::default(); n],
        edges_of,
    };
    state.stack();
    // Segment tests there are to spend: what fits in the time for a layout of this size.
    let mut budget: i64 = 80_000_000 + 50_000 * n as i64;
    for pass in 0..12 {
        let mut better = 0;
        for node in 0..n {
            if budget < 0 || (node % 32 == 0 && deadline.is_late()) {
                break;
            }
            better += usize::from(state.improve(node, pass, &mut budget));
        }
        state.stack();
        if better * 100 < n || budget < 0 {
            break;
        }
    }
    *columns = state.columns;
}

impl State<'_> {
    fn stack(&mut self) {
        let mut x = 0.0;
        let heights: Vec<f64> = self
            .columns
            .iter()
            .map(|c| {
                c.iter()
                    .map(|&v| self.component.sizes.at(v as usize).height + ROW_GAP)
                    .sum::<f64>()
            })
            .collect();
        let tallest = heights.iter().copied().fold(0.0, f64::max);
        for (i, column) in self.columns.iter().enumerate() {
            let width = column
                .iter()
                .map(|&v| self.component.sizes.at(v as usize).width)
                .fold(0.0, f64::max);
            // Spread over the whole height, as the fit will tend to.
            let spare = (tallest - heights.at(i)) / (column.len() as f64 + 1.0);
            let mut y = spare;
            for &node in column {
                let h = self.component.sizes.at(node as usize).height;
                self.middles
                    .put(node as usize, Point::new(x + width / 2.0, y + h / 2.0));
                self.column_of.put(node as usize, i as u32);
                y += h + ROW_GAP + spare;
            }
            x += width + CHANNEL * 1.4;
        }
    }

    /// What the links of the nodes cost: their length and their crossings with all others.
    fn cost(&self, nodes: [usize; 2], budget: &mut i64) -> f64 {
        let mut total = 0.0;
        for (k, &node) in nodes.iter().enumerate() {
            if k == 1 && nodes.first() == Some(&node) {
                break;
            }
            for &edge in row(&self.edges_of, node) {
                let (a, b) = self.component.edges.at(edge as usize);
                if k == 1
                    && nodes
                        .first()
                        .is_some_and(|&f| a as usize == f || b as usize == f)
                {
                    continue;
                }
                let (p, q) = (self.middles.at(a as usize), self.middles.at(b as usize));
                total += (p.x - q.x).abs() + (p.y - q.y).abs();
                let (x0, x1) = (p.x.min(q.x), p.x.max(q.x));
                let (y0, y1) = (p.y.min(q.y), p.y.max(q.y));
                let mut crossed = 0_u32;
                for &(c, d) in &self.component.edges {
                    let (r, s) = (self.middles.at(c as usize), self.middles.at(d as usize));
                    if r.x.max(s.x) < x0
                        || r.x.min(s.x) > x1
                        || r.y.max(s.y) < y0
                        || r.y.min(s.y) > y1
                    {
                        continue;
                    }
                    if a == c || a == d || b == c || b == d {
                        continue;
                    }
                    crossed += u32::from(cross((p, q), (r, s)));
                }
                total += f64::from(crossed) * CROSSING;
                *budget -= self.component.edges.len() as i64;
            }
        }
        total
    }

    /// Tries to exchange a node with those near the middle of its neighbours, or with the next in
    /// its column; keeps the best that helps.
    fn improve(&mut self, node: usize, pass: usize, budget: &mut i64) -> bool {
        let near = row(&self.component.near, node);
        // A hub costs more to try than all its children to bring to it.
        if near.is_empty() || near.len() > 40 {
            return false;
        }
        let count = near.len() as f64;
        let goal = near.iter().fold(Point::default(), |sum, &v| {
            let m = self.middles.at(v as usize);
            sum.offset(m.x / count, m.y / count)
        });
        let mut candidates: Vec<u32> = Vec::new();
        let here = self.middles.at(node);
        let home = self.column_of.at(node) as usize;
        if let Some(at) = row(&self.columns, home)
            .iter()
            .position(|&v| v as usize == node)
        {
            let list = row(&self.columns, home);
            candidates.extend(list.get(at + 1));
            candidates.extend(at.checked_sub(1).and_then(|i| list.get(i)));
        }
        // The columns at the goal and towards it, at the goal's height or halfway.
        let target = self.column_at(goal.x);
        for (column, y) in [
            (target, goal.y),
            (target + 1, goal.y),
            (target.wrapping_sub(1), goal.y),
            (usize::midpoint(target, home), f64::midpoint(here.y, goal.y)),
            (home, goal.y),
        ] {
            let list = row(&self.columns, column);
            let at = list.partition_point(|&v| self.middles.at(v as usize).y < y);
            let at = (at + pass % 2).saturating_sub(1);
            candidates.extend(list.get(at));
        }
        candidates
            .retain(|&v| v as usize != node && row(&self.component.near, v as usize).len() <= 40);
        candidates.sort_unstable();
        candidates.dedup();
        let mut best: Option<(f64, u32)> = None;
        for &other in &candidates {
            let pair = [node, other as usize];
            let before = self.cost(pair, budget);
            self.exchange(node, other as usize);
            let after = self.cost(pair, budget);
            self.exchange(node, other as usize);
            let gain = before - after;
            if gain > 1.0 && best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, other));
            }
        }
        let Some((_, other)) = best else { return false };
        let other = other as usize;
        let (a, b) = (
            self.column_of.at(node) as usize,
            self.column_of.at(other) as usize,
        );
        let i = row(&self.columns, a)
            .iter()
            .position(|&v| v as usize == node);
        let j = row(&self.columns, b)
            .iter()
            .position(|&v| v as usize == other);
        if let (Some(i), Some(j)) = (i, j) {
            self.columns.with(a, |c| c.put(i, other as u32));
            self.columns.with(b, |c| c.put(j, node as u32));
            self.exchange(node, other);
            self.column_of.put(node, b as u32);
            self.column_of.put(other, a as u32);
        }
        true
    }

    fn exchange(&mut self, a: usize, b: usize) {
        let (p, q) = (self.middles.at(a), self.middles.at(b));
        self.middles.put(a, q);
        self.middles.put(b, p);
    }

    fn column_at(&self, x: f64) -> usize {
        let middle = |c: &Vec<u32>| c.first().map_or(0.0, |&v| self.middles.at(v as usize).x);
        let at = self.columns.partition_point(|c| middle(c) < x);
        if at > 0
            && self.columns.get(at).is_none_or(|c| {
                let before = self.columns.get(at - 1).map_or(0.0, middle);
                middle(c) - x > x - before
            })
        {
            at - 1
        } else {
            at
        }
    }
}
