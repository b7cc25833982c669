//! The server's picture: there before any script runs, until the canvas takes over.

use crate::canvas::glide::into_view;
use crate::canvas::stage::fitted;
use crate::canvas::view_state::ViewState;
use crate::pages::diagram::page_of;
use contract::catalog::DiagramData;
use diagram::geometry::{Point, Size, Transform};
use diagram::graph::Graph;
use diagram::layout::Layout;
use diagram::measure::TextMetrics;
use diagram::paint::View;
use diagram::scene::Scene;
use diagram::svg::{Placing, SvgOptions, svg_inline};
use leptos::html::Canvas;
use leptos::prelude::*;

/// The picture that comes with the page: what the address asks for, where the canvas will have it.
/// How large the screen is the server does not know; it takes a usual one to see how much of each
/// table can be read, and a large one for what lies around the middle.
pub(super) fn server_picture(
    data: &DiagramData,
    named: Option<usize>,
    asked: &ViewState,
    label: &str,
) -> String {
    let (graph, layout): (&Graph, &Layout) = (&data.graph, &data.layout);
    let mut scene = Scene::new(graph.clone(), layout, TextMetrics::default());
    scene.set_overlay(data.overlay.clone());
    if data.arrangement != Default::default() {
        scene.arrange(data.arrangement.clone());
    }
    if let Some(table) = named {
        scene.peek(table);
    }
    let usual = Size::new(1_160.0, 780.0);
    let whole = View::new(fitted(&scene.bounds(), usual), usual);
    // Who names a table and no place is led to the table, where the whole does not show it well.
    let toward = || {
        let to = into_view(&whole.transform, usual, &scene.rect(named?))?;
        let middle = Point::new(usual.width / 2.0, usual.height / 2.0);
        Some((to.invert(middle), to.scale()))
    };
    let (mut view, placing) = match asked.at.or_else(toward) {
        Some((center, zoom)) => {
            let size = Size::new(2_560.0, 1_440.0);
            let view = View::new(Transform::centered(center, zoom, size), size);
            (view, Placing::Still)
        }
        None => (whole, Placing::Fits),
    };
    view.selected.extend(named);
    let href = |table: &diagram::graph::TableNode| page_of(data, table);
    svg_inline(
        &scene,
        &view,
        &SvgOptions {
            label,
            href: Some(&href),
            placing,
        },
    )
}

/// Takes the server's picture away. Who was on one of its links goes on with the canvas.
pub(super) fn take_down(picture: &web_sys::HtmlDivElement, canvas: NodeRef<Canvas>) {
    let focused = document().active_element();
    if picture.contains(focused.as_ref().map(|it| it.as_ref()))
        && let Some(canvas) = canvas.try_get_untracked().flatten()
    {
        // Refused only where it is hidden.
        let _ = canvas.focus();
    }
    picture.set_inner_html("");
}
