//! What an overlay does to the picture, and what it leaves alone.

use diagram::detail::Detail;
use diagram::geometry::{Size, Transform};
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::overlay::{Mark, MarkKind, Overlay};
use diagram::paint::{View, legend_size};
use diagram::painter::Ink;
use diagram::sample::sample_graph;
use diagram::scene::Scene;
use diagram::svg::{SvgOptions, svg_inline};

use crate::recorder::recorded;

fn scene(tables: usize) -> Scene {
    let graph = sample_graph(tables, 1, 7);
    let result = layout(&graph, &LayoutOptions::default(), &mut || false);
    Scene::new(graph, &result, TextMetrics::default())
}

/// Everything at reading size.
fn whole(scene: &Scene) -> View {
    let around = scene.bounds().grow(20.0);
    let size = Size::new(around.width(), around.height());
    View::new(Transform::fit(&around, size, 0.0, 1.0), size)
}

fn changes(scene: &Scene) -> Overlay {
    let mut overlay = Overlay::new("Changes from version 3 to 5");
    overlay.mark_table(0, Mark::new(MarkKind::Removed, "removed"));
    overlay.mark_table(1, Mark::new(MarkKind::Added, "added"));
    overlay.mark_table(2, Mark::new(MarkKind::Altered, "1 column added"));
    overlay.mark_column(2, 0, Mark::new(MarkKind::Added, "added"));
    let link = scene
        .graph()
        .links
        .iter()
        .position(|link| link.from != link.to);
    overlay.mark_link(link.unwrap(), Mark::new(MarkKind::Removed, "removed"));
    overlay
}

#[test]
fn every_mark_has_a_sign_beside_its_colour_and_ghosts_are_dashed() {
    let mut scene = scene(12);
    let view = whole(&scene);
    let plain = recorded(&scene, &view);
    assert_eq!(plain.dashed, 0);
    let overlay = changes(&scene);
    scene.set_overlay(Some(overlay));
    let marked = recorded(&scene, &view);
    for ink in [Ink::Added, Ink::Altered, Ink::Removed] {
        assert!(
            !plain.inks.contains(&ink) && marked.inks.contains(&ink),
            "{ink:?}"
        );
    }
    let count = |sign: &str| marked.texts.iter().filter(|text| *text == sign).count();
    // A table and a column; a table; a table and a link.
    assert_eq!((count("+"), count("~"), count("−")), (2, 1, 2));
    assert_eq!(marked.dashed, 2);
    // Nothing that was written before is missing.
    assert!(plain.texts.iter().all(|text| marked.texts.contains(text)));

    let svg = svg_inline(&scene, &view, &SvgOptions::default());
    assert!(svg.contains(": removed</title>") && svg.contains(": 1 column added</title>"));
    scene.set_overlay(None);
    assert_eq!(recorded(&scene, &view).texts, plain.texts);
}

#[test]
fn marks_are_told_apart_at_every_distance() {
    let mut scene = scene(30);
    let overlay = changes(&scene);
    scene.set_overlay(Some(overlay));
    for zoom in [0.05, 0.2, 0.45, 0.6, 2.0] {
        let around = scene.bounds().grow(20.0);
        let size = Size::new(around.width() * zoom, around.height() * zoom);
        let view = View::new(Transform::fit(&around, size, 0.0, zoom), size);
        let inks = recorded(&scene, &view).inks;
        for ink in [Ink::Added, Ink::Altered, Ink::Removed] {
            assert!(inks.contains(&ink), "{ink:?} at {zoom}");
        }
    }
    // Names of what is too far away for a badge begin with the sign.
    let around = scene.bounds();
    let size = Size::new(around.width() * 0.3, around.height() * 0.3);
    let view = View::new(Transform::fit(&around, size, 0.0, 0.3), size);
    let texts = recorded(&scene, &view).texts;
    assert!(texts.iter().any(|text| text.starts_with("− ")), "{texts:?}");
}

#[test]
fn a_heated_overview_is_still_a_handful_of_calls() {
    let mut scene = scene(150);
    let view = View::fit(&scene, Size::new(1_200.0, 800.0), 20.0);
    let far = View::new(
        Transform::fit(&scene.bounds(), Size::new(400.0, 300.0), 0.0, 0.05),
        Size::new(400.0, 300.0),
    );
    let plain = recorded(&scene, &far).calls;
    let mut overlay = Overlay::new("Usage");
    for table in 0..150 {
        let strength = table as f32 / 149.0;
        overlay.mark_table(table, Mark::new(MarkKind::Heat, "").with_strength(strength));
    }
    scene.set_overlay(Some(overlay));
    // One more call for each step of heat.
    assert_eq!(recorded(&scene, &far).calls, plain + 5);
    let heated = recorded(&scene, &view);
    assert!(heated.inks.contains(&Ink::Heat1) && heated.inks.contains(&Ink::Heat5));
}

#[test]
fn a_legend_is_painted_where_it_is_asked_for() {
    let mut scene = scene(12);
    let overlay = changes(&scene);
    let size = legend_size(&overlay, scene.metrics());
    assert!(size.width > 100.0 && size.height > 60.0);
    let mut view = whole(&scene);
    view.legend = true;
    let without = recorded(&scene, &view).texts;
    assert!(!without.iter().any(|text| text.contains("version 3")));
    scene.set_overlay(Some(overlay));
    let texts = recorded(&scene, &view).texts;
    for wanted in [
        "Changes from version 3 to 5",
        "Added: 1 table, 1 column",
        "Removed: 1 table, 1 link",
    ] {
        assert!(
            texts.iter().any(|text| text == wanted),
            "{wanted}: {texts:?}"
        );
    }
    // An overlay that marks nothing is none.
    scene.set_overlay(Some(Overlay::new("Nothing")));
    assert!(scene.overlay().is_none());
}

#[test]
fn marks_of_what_is_not_there_are_no_harm() {
    let mut scene = scene(6);
    let mut overlay = Overlay::new("Elsewhere");
    overlay.mark_table(99, Mark::new(MarkKind::Added, ""));
    overlay.mark_column(2, 999, Mark::new(MarkKind::Removed, ""));
    overlay.mark_column(99, 0, Mark::new(MarkKind::Removed, ""));
    overlay.mark_link(9_999, Mark::new(MarkKind::Altered, ""));
    scene.set_overlay(Some(overlay));
    let mut view = whole(&scene);
    for detail in [Detail::Names, Detail::Keys, Detail::All] {
        view.detail = detail;
        assert!(!recorded(&scene, &view).texts.is_empty());
    }
}
