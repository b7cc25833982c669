//! Layers of references from left to right: what is referenced stands left of what references it.
//! The four steps of Sugiyama, Tagawa and Toda (1981): break cycles, choose layers, order them, and
//! (in `columns`) give coordinates.

use crate::layout::columns::{ROW_GAP, height_for};
use crate::layout::component::Component;
use crate::layout::{Deadline, order};
use crate::total::{Total as _, row};

pub(crate) fn columns(
    component: &Component,
    aspect: f64,
    deadline: &mut Deadline<'_>,
) -> Vec<Vec<u32>> {
    let edges = acyclic(component);
    let layers = layers(component.len(), &edges);
    let ordered = order::order(component, &edges, &layers, deadline);
    wrap(component, ordered, height_for(component, aspect))
}

/// Edges from parent to child, with those that close a cycle turned round. Depth first from the
/// tables that are referenced most and reference least: cycles of a schema usually hang on those.
fn acyclic(component: &Component) -> Vec<(u32, u32)> {
    let n = component.len();
    let mut children = vec![Vec::new(); n];
    let mut surplus = vec![0_i64; n];
    for &(child, parent) in &component.edges {
        children.with(parent as usize, |c| c.push(child));
        surplus.with(parent as usize, |s| *s += 1);
        surplus.with(child as usize, |s| *s -= 1);
    }
    let mut roots: Vec<usize> = (0..n).collect();
    roots.sort_by_key(|&v| (std::cmp::Reverse(surplus.at(v)), v));
    // 0 not seen, 1 on the path, 2 done.
    let mut state = vec![0_u8; n];
    let mut edges = Vec::with_capacity(component.edges.len());
    for root in roots {
        if state.at(root) != 0 {
            continue;
        }
        state.put(root, 1);
        let mut path = vec![(root, 0_usize)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(&child) = row(&children, node).get(*next) else {
                state.put(node, 2);
                path.pop();
                continue;
            };
            *next += 1;
            match state.at(child as usize) {
                0 => {
                    edges.push((node as u32, child));
                    state.put(child as usize, 1);
                    path.push((child as usize, 0));
                }
                1 => edges.push((child, node as u32)),
                _ => edges.push((node as u32, child)),
            }
        }
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The layer of each node: longest path, then each node is pulled towards the middle of where its
/// neighbours are, within what its edges allow, so that links get short.
fn layers(n: usize, edges: &[(u32, u32)]) -> Vec<u32> {
    let (mut into, mut out) = (vec![Vec::new(); n], vec![Vec::new(); n]);
    for &(a, b) in edges {
        out.with(a as usize, |l: &mut Vec<u32>| l.push(b));
        into.with(b as usize, |l: &mut Vec<u32>| l.push(a));
    }
    let mut waiting: Vec<usize> = into.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..n).filter(|&v| waiting.at(v) == 0).collect();
    let mut layer = vec![0_u32; n];
    let mut sequence = Vec::with_capacity(n);
    while let Some(node) = ready.pop() {
        sequence.push(node);
        for &next in row(&out, node) {
            let at_least = layer.at(node) + 1;
            layer.with(next as usize, |l| *l = (*l).max(at_least));
            waiting.with(next as usize, |w| *w -= 1);
            if waiting.at(next as usize) == 0 {
                ready.push(next as usize);
            }
        }
    }
    for sweep in 0..6 {
        for step in 0..sequence.len() {
            let node = sequence.at(if sweep % 2 == 0 {
                sequence.len() - 1 - step
            } else {
                step
            });
            let low = row(&into, node)
                .iter()
                .map(|&v| layer.at(v as usize) + 1)
                .max();
            let high = row(&out, node).iter().map(|&v| layer.at(v as usize)).min();
            // With c references in and d out, the sum of lengths is least at the end where more are.
            let place = match (low, high) {
                (Some(low), None) => low,
                (None, Some(high)) => high.saturating_sub(1),
                (Some(low), Some(high)) => {
                    let high = high.saturating_sub(1).max(low);
                    if row(&into, node).len() >= row(&out, node).len() {
                        low
                    } else {
                        high
                    }
                }
                (None, None) => 0,
            };
            layer.put(node, place);
        }
    }
    let first = layer.iter().copied().min().unwrap_or(0);
    layer.iter_mut().for_each(|l| *l -= first);
    layer
}

/// Splits layers that are much taller than the whole should be. Neighbours in the order go to
/// different columns at the same height, so that the order from top to bottom is kept.
fn wrap(component: &Component, layers: Vec<Vec<u32>>, height: f64) -> Vec<Vec<u32>> {
    let mut columns = Vec::new();
    for layer in layers.into_iter().filter(|l| !l.is_empty()) {
        let stack: f64 = layer
            .iter()
            .map(|&v| component.sizes.at(v as usize).height + ROW_GAP)
            .sum();
        let parts = if stack > height * 1.35 {
            (stack / height).ceil() as usize
        } else {
            1
        };
        let mut split = vec![Vec::new(); parts];
        for (i, node) in layer.into_iter().enumerate() {
            split.with(i % parts, |s| s.push(node));
        }
        columns.extend(split.into_iter().filter(|s| !s.is_empty()));
    }
    columns
}
