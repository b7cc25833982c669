//! Tables in columns: the form in which all methods give their result. Columns leave straight
//! channels for links between them, and the gaps between the boxes of a column let links through.

use std::collections::BTreeMap;

use crate::geometry::{Point, Size};
use crate::layout::component::Component;
use crate::measure::ROW_HEIGHT;
use crate::total::{Total as _, row};

/// Between the boxes of a column, in world units: room for a few links to pass.
pub(crate) const ROW_GAP: f64 = 36.0;
/// The narrowest channel between columns, in world units: two crow's feet and a lane.
pub(crate) const CHANNEL: f64 = 60.0;

/// Columns filled in the order of the tables: what is left when there is no time.
pub(crate) fn plain(component: &Component, aspect: f64) -> Vec<Vec<u32>> {
    let order: Vec<u32> = (0..component.len() as u32).collect();
    fill(component, &order, height_for(component, aspect))
}

/// The height of columns that makes a component as wide as `aspect` asks for.
pub(crate) fn height_for(component: &Component, aspect: f64) -> f64 {
    let area: f64 = component
        .sizes
        .iter()
        .map(|s| (s.width + CHANNEL * 1.3) * (s.height + ROW_GAP))
        .sum();
    let tallest = component
        .sizes
        .iter()
        .map(|s| s.height + ROW_GAP)
        .fold(0.0, f64::max);
    (area / aspect.max(0.1)).sqrt().max(tallest)
}

/// Cuts a list into columns of about `height`.
pub(crate) fn fill(component: &Component, order: &[u32], height: f64) -> Vec<Vec<u32>> {
    let total: f64 = component.sizes.iter().map(|s| s.height + ROW_GAP).sum();
    let count = (total / height.max(1.0)).round().max(1.0);
    let goal = total / count;
    let mut columns = vec![Vec::new(); count as usize];
    let mut sum = 0.0;
    for &node in order {
        let step = component.sizes.at(node as usize).height + ROW_GAP;
        let column = (((sum + step / 2.0) / goal) as usize).min(columns.len() - 1);
        columns.with(column, |c| c.push(node));
        sum += step;
    }
    columns.retain(|c| !c.is_empty());
    columns
}

/// From a box of this height to the next in its column: whole rows, so that boxes snap to rows.
fn pitch(height: f64) -> f64 {
    ((height + ROW_GAP - 4.0) / ROW_HEIGHT).ceil() * ROW_HEIGHT
}

/// The corner of each node for the columns given, and the extent of the whole.
pub(crate) fn coordinates(component: &Component, columns: &[Vec<u32>]) -> (Vec<Point>, Size) {
    let centers = heights(component, columns);
    let widths: Vec<f64> = columns
        .iter()
        .map(|c| {
            c.iter()
                .map(|&v| component.sizes.at(v as usize).width)
                .fold(0.0, f64::max)
        })
        .collect();
    let channels = channels(component, columns, &centers);
    let mut places = vec![Point::default(); component.len()];
    let mut x = 0.0;
    let mut extent = Size::default();
    for (i, column) in columns.iter().enumerate() {
        // Rows of neighbouring columns are never at the same height: links that leave two boxes
        // towards each other could meet head-on and look like one.
        let stagger = if i % 2 == 1 { ROW_HEIGHT / 2.0 } else { 0.0 };
        for &node in column {
            let size = component.sizes.at(node as usize);
            let y = centers.at(node as usize) - size.height / 2.0;
            let y = (y / ROW_HEIGHT).round() * ROW_HEIGHT + stagger;
            places.put(node as usize, Point::new(x, y));
            extent.height = extent.height.max(y + size.height);
        }
        extent.width = x + widths.at(i);
        x += widths.at(i) + channels.at(i);
    }
    (places, extent)
}

/// The width of the channel right of each column, by how many links turn in it side by side.
fn channels(component: &Component, columns: &[Vec<u32>], centers: &[f64]) -> Vec<f64> {
    let mut of = vec![0_usize; component.len()];
    for (i, column) in columns.iter().enumerate() {
        for &node in column {
            of.put(node as usize, i);
        }
    }
    // A link turns in the channel before its child; links to one parent share a lane.
    let mut lanes: Vec<BTreeMap<u32, (f64, f64)>> = vec![BTreeMap::new(); columns.len()];
    for &(child, parent) in &component.edges {
        let (c, p) = (of.at(child as usize), of.at(parent as usize));
        let channel = if c > p { c - 1 } else { c };
        let (y0, y1) = (centers.at(child as usize), centers.at(parent as usize));
        lanes.with(channel, |l| {
            let span = l.entry(parent).or_insert((y0, y1));
            span.0 = span.0.min(y0).min(y1);
            span.1 = span.1.max(y0).max(y1);
        });
    }
    lanes
        .iter()
        .map(|spans| {
            let mut events: Vec<(f64, i32)> = spans
                .values()
                .flat_map(|&(a, b)| [(a, 1), (b, -1)])
                .collect();
            events.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let (mut open, mut most) = (0, 0);
            for (_, step) in events {
                open += step;
                most = most.max(open);
            }
            CHANNEL + f64::from(most - 2).clamp(0.0, 22.0) * 5.0
        })
        .collect()
}

/// The middle of each node: as near to its neighbours' as the order of its column allows. One
/// column at a time, given the others, this is a least-squares fit to a sequence with minimal
/// distances, which pooling adjacent violators solves exactly (Ayer et al., 1955).
fn heights(component: &Component, columns: &[Vec<u32>]) -> Vec<f64> {
    let stack = |c: &[u32]| {
        c.iter()
            .map(|&v| pitch(component.sizes.at(v as usize).height))
            .sum::<f64>()
            - ROW_GAP
    };
    let tallest = columns.iter().map(|c| stack(c)).fold(0.0, f64::max);
    let mut centers = vec![0.0; component.len()];
    for column in columns {
        let mut y = (tallest - stack(column)) / 2.0;
        for &node in column {
            let h = component.sizes.at(node as usize).height;
            centers.put(node as usize, y + h / 2.0);
            y += pitch(h);
        }
    }
    for sweep in 0..8 {
        for step in 0..columns.len() {
            let i = if sweep % 2 == 0 {
                step
            } else {
                columns.len() - 1 - step
            };
            fit(component, row(columns, i), tallest, &mut centers);
        }
    }
    centers
}

fn fit(component: &Component, column: &[u32], tallest: f64, centers: &mut [f64]) {
    // Blocks of nodes that touch: sum of wishes, weight, number of nodes.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut offset = 0.0;
    for &node in column {
        let near = row(&component.near, node as usize);
        let h = component.sizes.at(node as usize).height;
        let sum: f64 = near.iter().map(|&v| centers.at(v as usize)).sum();
        let (wish, weight) = if near.is_empty() {
            (centers.at(node as usize), 0.1)
        } else {
            (sum / near.len() as f64, near.len() as f64)
        };
        let mut block = ((wish - h / 2.0 - offset) * weight, weight, 1);
        while let Some(&last) = blocks.last() {
            if last.0 / last.1 <= block.0 / block.1 {
                break;
            }
            block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
            blocks.pop();
        }
        blocks.push(block);
        offset += pitch(h);
    }
    let slack = (tallest - (offset - ROW_GAP)).max(0.0);
    let mut nodes = column.iter();
    let mut offset = 0.0;
    for (sum, weight, count) in blocks {
        let shift = (sum / weight).clamp(0.0, slack);
        for &node in nodes.by_ref().take(count) {
            let h = component.sizes.at(node as usize).height;
            centers.put(node as usize, shift + offset + h / 2.0);
            offset += pitch(h);
        }
    }
}
