//! Placement: neighbours near each other on the plane, then pressed into columns. What circuit
//! design does with its cells: a global placement by forces, a legal one in rows (here columns), and
//! a detailed one by local moves.

use crate::layout::component::Component;
use crate::layout::{Deadline, columns, force, refine};
use crate::total::Total as _;

pub(crate) fn columns(
    component: &Component,
    aspect: f64,
    deadline: &mut Deadline<'_>,
) -> Vec<Vec<u32>> {
    let points = force::place(component, aspect, deadline);
    let mut order: Vec<u32> = (0..component.len() as u32).collect();
    order.sort_by(|&a, &b| {
        points
            .at(a as usize)
            .x
            .total_cmp(&points.at(b as usize).x)
            .then(a.cmp(&b))
    });
    let mut columns = columns::fill(component, &order, columns::height_for(component, aspect));
    for column in &mut columns {
        column.sort_by(|&a, &b| {
            points
                .at(a as usize)
                .y
                .total_cmp(&points.at(b as usize).y)
                .then(a.cmp(&b))
        });
    }
    refine::refine(component, &mut columns, deadline);
    columns
}
