//! The order of each layer: few crossings between neighbouring layers.

use crate::layout::Deadline;
use crate::layout::component::Component;
use crate::total::{Total as _, row};

/// Orders the nodes of each layer. Links over several layers are bent at a stand-in per layer, so
/// that they count where they pass.
pub(crate) fn order(
    component: &Component,
    edges: &[(u32, u32)],
    layer: &[u32],
    deadline: &mut Deadline<'_>,
) -> Vec<Vec<u32>> {
    let n = component.len();
    let count = layer.iter().max().map_or(0, |&l| l as usize + 1);
    let mut layers: Vec<Vec<u32>> = vec![Vec::new(); count];
    let (mut left, mut right) = (vec![Vec::new(); n], vec![Vec::new(); n]);
    let mut seed: Vec<u32> = (0..n as u32).collect();
    // Tables of one schema start next to each other.
    seed.sort_by_key(|&v| (component.group.at(v as usize), v));
    for &node in &seed {
        layers.with(layer.at(node as usize) as usize, |l| l.push(node));
    }
    for &(a, b) in edges {
        let mut before = a;
        for at in layer.at(a as usize) + 1..layer.at(b as usize) {
            let stand_in = left.len() as u32;
            left.push(vec![before]);
            right.push(Vec::new());
            right.with(before as usize, |l| l.push(stand_in));
            layers.with(at as usize, |l| l.push(stand_in));
            before = stand_in;
        }
        right.with(before as usize, |l| l.push(b));
        left.with(b as usize, |l| l.push(before));
    }

    let mut place = vec![0_u32; left.len()];
    let number = |layers: &[Vec<u32>], place: &mut [u32]| {
        for list in layers {
            for (i, &v) in list.iter().enumerate() {
                place.put(v as usize, i as u32);
            }
        }
    };
    number(&layers, &mut place);
    let mut best = (crossings(&layers, &right, &place), layers.clone());
    let mut idle = 0;
    for sweep in 0..40 {
        if deadline.is_late() || idle > 8 || best.0 == 0 {
            break;
        }
        let forward = sweep % 2 == 0;
        for step in 1..layers.len() {
            let i = if forward {
                step
            } else {
                layers.len() - 1 - step
            };
            let fixed = if forward { &left } else { &right };
            let Some(list) = layers.get_mut(i) else {
                continue;
            };
            // Barycenter and median by turns: one gets out of where the other is stuck.
            let mut keyed: Vec<(f64, u32)> = list
                .iter()
                .map(|&v| (wish(row(fixed, v as usize), &place, sweep % 4 < 2), v))
                .map(|(w, v)| {
                    (
                        if w < 0.0 {
                            f64::from(place.at(v as usize))
                        } else {
                            w
                        },
                        v,
                    )
                })
                .collect();
            keyed.sort_by(|a, b| {
                a.0.total_cmp(&b.0)
                    .then(place.at(a.1 as usize).cmp(&place.at(b.1 as usize)))
            });
            *list = keyed.into_iter().map(|(_, v)| v).collect();
            for (at, &v) in list.iter().enumerate() {
                place.put(v as usize, at as u32);
            }
        }
        if left.len() < 6000 {
            transpose(&mut layers, &left, &right, &mut place);
        }
        let now = crossings(&layers, &right, &place);
        if now < best.0 {
            best = (now, layers.clone());
            idle = 0;
        } else {
            idle += 1;
        }
    }
    let mut layers = best.1;
    for list in &mut layers {
        list.retain(|&v| (v as usize) < n);
    }
    layers
}

fn wish(neighbours: &[u32], place: &[u32], mean: bool) -> f64 {
    if neighbours.is_empty() {
        return -1.0;
    }
    let mut places: Vec<u32> = neighbours.iter().map(|&v| place.at(v as usize)).collect();
    if mean {
        return places.iter().map(|&p| f64::from(p)).sum::<f64>() / places.len() as f64;
    }
    places.sort_unstable();
    let middle = places.len() / 2;
    if places.len() % 2 == 1 {
        f64::from(places.at(middle))
    } else {
        f64::midpoint(
            f64::from(places.at(middle - 1)),
            f64::from(places.at(middle)),
        )
    }
}

/// Swaps neighbours while that removes crossings (Gansner et al., 1993).
fn transpose(layers: &mut [Vec<u32>], left: &[Vec<u32>], right: &[Vec<u32>], place: &mut [u32]) {
    for _ in 0..4 {
        let mut better = false;
        for list in layers.iter_mut() {
            for i in 1..list.len() {
                let (a, b) = (list.at(i - 1), list.at(i));
                let mut gain = 0;
                for side in [left, right] {
                    let (x, y) = (row(side, a as usize), row(side, b as usize));
                    if x.len() * y.len() > 4000 {
                        continue;
                    }
                    for &p in x {
                        for &q in y {
                            let (p, q) = (place.at(p as usize), place.at(q as usize));
                            gain += i64::from(p > q) - i64::from(p < q);
                        }
                    }
                }
                if gain > 0 {
                    list.swap(i - 1, i);
                    place.put(a as usize, i as u32);
                    place.put(b as usize, i as u32 - 1);
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
}

/// Crossings between all neighbouring layers, counted with a tree of sums (Barth, Jünger and
/// Mutzel, 2002).
fn crossings(layers: &[Vec<u32>], right: &[Vec<u32>], place: &[u32]) -> u64 {
    let mut total = 0;
    for (list, next) in layers.iter().zip(layers.iter().skip(1)) {
        let mut sums = vec![0_u64; next.len() + 1];
        let mut seen = 0;
        for &v in list {
            let mut ends: Vec<usize> = row(right, v as usize)
                .iter()
                .map(|&u| place.at(u as usize) as usize)
                .collect();
            ends.sort_unstable();
            for &end in &ends {
                let mut at = end + 1;
                let mut before = 0;
                while at > 0 {
                    before += sums.at(at);
                    at &= at - 1;
                }
                total += seen - before;
            }
            for &end in &ends {
                seen += 1;
                let mut at = end + 1;
                while at < sums.len() {
                    sums.with(at, |s| *s += 1);
                    at += at & at.wrapping_neg();
                }
            }
        }
    }
    total
}
