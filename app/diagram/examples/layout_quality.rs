//! Prints the time and the quality of the layout of generated graphs, or of graphs in JSON files
//! given as arguments.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::time::Instant;

use diagram::graph::Graph;
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::quality::{Quality, quality_of_scene, quality_straight};
use diagram::sample::sample_graph;
use diagram::scene::Scene;

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "graph | tables links | layout scene ms | as | crossings/link through length/link aspect Mpx² overlaps | straight: crossings/link through"
    );
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        for count in [30, 100, 300, 1_000, 5_000] {
            report("generated", sample_graph(count, 1, 42));
        }
    }
    for file in files {
        let graph: Graph = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        report(&file, graph);
    }
    Ok(())
}

fn report(name: &str, graph: Graph) {
    let start = Instant::now();
    let result = layout(&graph, &LayoutOptions::default(), &mut || false);
    let laid_out = start.elapsed();
    let start = Instant::now();
    let scene = Scene::new(graph, &result, TextMetrics::default());
    let routed = start.elapsed();
    let drawn = quality_of_scene(&scene);
    let straight = quality_straight(&scene);
    let Quality {
        tables,
        links,
        through,
        length,
        aspect,
        area,
        overlaps,
        ..
    } = drawn;
    println!(
        "{name} | {tables} {links} | {} {} | {:?} | {:.2} {through} {:.0} {aspect:.2} {:.2} {overlaps} | {:.2} {}",
        laid_out.as_millis(),
        routed.as_millis(),
        result.algorithm,
        drawn.crossings_per_link(),
        length / links.max(1) as f64,
        area / 1e6,
        straight.crossings_per_link(),
        straight.through,
    );
}
