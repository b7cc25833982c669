//! Scenes, tables, links, areas and memos that several tests begin with.

use diagram::detail::Detail;
use diagram::graph::{ColumnRow, Graph, Link, TableNode};
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::sample::sample_graph;
use diagram::scene::Scene;
use model::view::{Area, Memo, Spot, ViewColour};

pub(crate) fn options(detail: Detail) -> LayoutOptions {
    LayoutOptions {
        detail,
        effort: 0.02,
        ..LayoutOptions::default()
    }
}

pub(crate) fn scene_of(graph: Graph, detail: Detail) -> Scene {
    let result = layout(&graph, &options(detail), &mut || false);
    Scene::new(graph, &result, TextMetrics::default())
}

pub(crate) fn table(name: &str, columns: usize) -> TableNode {
    let columns = (0..columns)
        .map(|i| ColumnRow {
            name: format!("c{i}"),
            data_type: "int".into(),
            primary_key: i == 0,
            ..ColumnRow::default()
        })
        .collect();
    TableNode {
        name: name.into(),
        columns,
        ..TableNode::default()
    }
}

pub(crate) fn link(from: u32, column: u16, to: u32) -> Link {
    Link {
        from,
        from_columns: vec![column],
        to,
        to_columns: vec![0],
        declared: true,
        ..Link::default()
    }
}

/// A schema made up from a seed, laid out at the level of keys.
pub(crate) fn sample_scene(tables: usize, seed: u32) -> Scene {
    scene_of(sample_graph(tables, 1, seed), Detail::Keys)
}

pub(crate) fn area(x: f64, y: f64, width: f64, height: f64) -> Area {
    Area {
        title: "Money".to_owned(),
        colour: ViewColour::Green,
        at: Spot { x, y },
        width,
        height,
    }
}

pub(crate) fn memo(x: f64, y: f64) -> Memo {
    Memo {
        text: "# Mind\n- the **gap**".to_owned(),
        at: Spot { x, y },
        width: 200.0,
        height: 90.0,
    }
}
