//! A place on the plane for each node, such that neighbours are near and others apart. Forces as in
//! ForceAtlas2 (Jacomy et al., 2014): repulsion weighted by degree gives hubs room. Far nodes act
//! through the cells of a coarse grid.

use crate::geometry::Point;
use crate::layout::Deadline;
use crate::layout::component::Component;
use crate::total::{Total as _, row};

pub(crate) fn place(component: &Component, aspect: f64, deadline: &mut Deadline<'_>) -> Vec<Point> {
    let n = component.len();
    let mut points = start(component);
    let mass: Vec<f64> = component
        .near
        .iter()
        .map(|l| l.len() as f64 + 1.0)
        .collect();
    let rounds = if n > 2500 { 90 } else { 160 };
    let mut push = vec![Point::default(); n];
    let unit = 40.0;
    for round in 0..rounds {
        if deadline.is_late() {
            break;
        }
        push.fill(Point::default());
        repel(&points, &mass, unit, &mut push);
        for &(a, b) in &component.edges {
            let (a, b) = (a as usize, b as usize);
            let (p, q) = (points.at(a), points.at(b));
            let (dx, dy) = (q.x - p.x, q.y - p.y);
            push.with(a, |f| *f = f.offset(dx, dy));
            push.with(b, |f| *f = f.offset(-dx, -dy));
        }
        gather(component, &points, &mut push);
        let cool = 1.0 - f64::from(round) / f64::from(rounds);
        let most = unit * (0.3 + 6.0 * cool * cool);
        for (i, point) in points.iter_mut().enumerate() {
            let force = push.at(i);
            let length = force.x.hypot(force.y);
            if length > 1e-9 {
                let step = (length / mass.at(i) * 0.5).min(most) / length;
                *point = point.offset(force.x * step, force.y * step).sane();
            }
        }
    }
    orient(component, &mut points);
    for point in &mut points {
        point.x *= aspect;
    }
    points
}

/// A weak pull towards the middle of everything and, with several schemas, of the own schema.
fn gather(component: &Component, points: &[Point], push: &mut [Point]) {
    let groups = component.group.iter().max().map_or(1, |&g| g as usize + 1);
    let mut sums = vec![(Point::default(), 0.0); groups];
    for (i, p) in points.iter().enumerate() {
        sums.with(component.group.at(i) as usize, |s| {
            *s = (s.0.offset(p.x, p.y), s.1 + 1.0)
        });
    }
    let many = sums.iter().filter(|s| s.1 > 0.0).count() > 1;
    for (i, p) in points.iter().enumerate() {
        let (sum, count) = sums.at(component.group.at(i) as usize);
        let pull = if many { 0.25 } else { 0.0 };
        push.with(i, |f| {
            *f = f.offset(
                pull * (sum.x / count - p.x) - 0.02 * p.x,
                pull * (sum.y / count - p.y) - 0.02 * p.y,
            );
        });
    }
}

fn repel(points: &[Point], mass: &[f64], unit: f64, push: &mut [Point]) {
    let (mut min, mut max) = (
        Point::new(f64::MAX, f64::MAX),
        Point::new(f64::MIN, f64::MIN),
    );
    for p in points {
        min = Point::new(min.x.min(p.x), min.y.min(p.y));
        max = Point::new(max.x.max(p.x), max.y.max(p.y));
    }
    let side = ((points.len() as f64).sqrt() / 2.0)
        .clamp(1.0, 28.0)
        .floor();
    let cell = ((max.x - min.x).max(max.y - min.y) / side).max(1e-6);
    let cells = side as usize;
    let at = |p: Point| {
        let c = (((p.x - min.x) / cell) as usize).min(cells - 1);
        let r = (((p.y - min.y) / cell) as usize).min(cells - 1);
        (c, r)
    };
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); cells * cells];
    let mut weights = vec![(Point::default(), 0.0); cells * cells];
    for (i, &p) in points.iter().enumerate() {
        let (c, r) = at(p);
        let m = mass.at(i);
        members.with(r * cells + c, |l| l.push(i as u32));
        weights.with(r * cells + c, |w| {
            *w = (w.0.offset(p.x * m, p.y * m), w.1 + m)
        });
    }
    let strength = unit * unit;
    for (i, &p) in points.iter().enumerate() {
        let (c, r) = at(p);
        let m = mass.at(i);
        let mut force = Point::default();
        let mut act = |q: Point, weight: f64| {
            let (dx, dy) = (p.x - q.x, p.y - q.y);
            let squared = (dx * dx + dy * dy).max(unit * unit * 0.01);
            let f = strength * m * weight / squared;
            force = force.offset(dx * f, dy * f);
        };
        for (index, &(sum, weight)) in weights.iter().enumerate() {
            if weight == 0.0 {
                continue;
            }
            let near = (index % cells).abs_diff(c) <= 1 && (index / cells).abs_diff(r) <= 1;
            if near {
                for &j in row(&members, index) {
                    if j as usize != i {
                        act(points.at(j as usize), mass.at(j as usize));
                    }
                }
            } else {
                act(Point::new(sum.x / weight, sum.y / weight), weight);
            }
        }
        push.with(i, |f| *f = f.offset(force.x, force.y));
    }
}

/// Where the forces start: distances to a few far-apart nodes, reduced to two dimensions (PivotMDS,
/// Brandes and Pich, 2006), which gets the large shape right that forces find only slowly.
fn start(component: &Component) -> Vec<Point> {
    let n = component.len();
    let mut pivots: Vec<Vec<f64>> = Vec::new();
    let mut nearest = vec![f64::INFINITY; n];
    let mut pivot = 0;
    for _ in 0..n.min(24) {
        let distances = distances(component, pivot);
        for (i, &d) in distances.iter().enumerate() {
            nearest.with(i, |m| *m = m.min(d));
        }
        pivots.push(distances);
        pivot = nearest
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))
            .map_or(0, |(i, _)| i);
    }
    // Squared distances, centred on rows and columns.
    let k = pivots.len().max(1) as f64;
    for column in &mut pivots {
        column.iter_mut().for_each(|d| *d *= *d);
        let mean = column.iter().sum::<f64>() / n.max(1) as f64;
        column.iter_mut().for_each(|d| *d -= mean);
    }
    for i in 0..n {
        let mean = pivots.iter().map(|c| c.at(i)).sum::<f64>() / k;
        for column in &mut pivots {
            column.with(i, |d| *d -= mean);
        }
    }
    let first = principal(&pivots, None);
    let second = principal(&pivots, Some(&first));
    let project = |axis: &[f64], i: usize| {
        pivots
            .iter()
            .zip(axis)
            .map(|(c, a)| c.at(i) * a)
            .sum::<f64>()
    };
    let spread = (0..n)
        .map(|i| project(&first, i).abs())
        .fold(1e-9, f64::max);
    let scale = 40.0 * (n as f64).sqrt() / spread;
    (0..n)
        .map(|i| {
            // Leaves of one hub have the same distances to everything; a spiral sets them apart.
            let turn = i as f64 * 2.399_963;
            let apart = 4.0 + (i % 17) as f64;
            Point::new(
                project(&first, i) * scale + turn.cos() * apart,
                project(&second, i) * scale + turn.sin() * apart,
            )
        })
        .collect()
}

/// The direction of most variance among pivots, not along `without`, by power iteration.
fn principal(pivots: &[Vec<f64>], without: Option<&[f64]>) -> Vec<f64> {
    let k = pivots.len();
    let product: Vec<Vec<f64>> = pivots
        .iter()
        .map(|a| {
            pivots
                .iter()
                .map(|b| a.iter().zip(b).map(|(x, y)| x * y).sum())
                .collect()
        })
        .collect();
    let mut axis: Vec<f64> = (0..k).map(|i| 1.0 + (i * 7 % 11) as f64 * 0.1).collect();
    for _ in 0..40 {
        if let Some(other) = without {
            let along: f64 = axis.iter().zip(other).map(|(a, b)| a * b).sum();
            axis.iter_mut()
                .zip(other)
                .for_each(|(a, b)| *a -= along * b);
        }
        let next: Vec<f64> = product
            .iter()
            .map(|r| r.iter().zip(&axis).map(|(a, b)| a * b).sum())
            .collect();
        let length = next.iter().map(|v| v * v).sum::<f64>().sqrt();
        if length < 1e-12 {
            break;
        }
        axis = next.into_iter().map(|v| v / length).collect();
    }
    axis
}

fn distances(component: &Component, from: usize) -> Vec<f64> {
    let mut out = vec![-1.0; component.len()];
    out.put(from, 0.0);
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for &next in row(&component.near, node) {
            if out.at(next as usize) < 0.0 {
                let farther = out.at(node) + 1.0;
                out.put(next as usize, farther);
                queue.push_back(next as usize);
            }
        }
    }
    out
}

/// Turns the whole so that children tend to be right of their parents.
fn orient(component: &Component, points: &mut [Point]) {
    let mut sum = Point::default();
    for &(child, parent) in &component.edges {
        let (c, p) = (points.at(child as usize), points.at(parent as usize));
        sum = sum.offset(c.x - p.x, c.y - p.y);
    }
    let length = sum.x.hypot(sum.y);
    if length < 1e-9 {
        return;
    }
    let (cos, sin) = (sum.x / length, sum.y / length);
    for p in points {
        *p = Point::new(p.x * cos + p.y * sin, p.y * cos - p.x * sin);
    }
}
