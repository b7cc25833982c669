//! Writes a generated schema as PNG and PDF, and says how long that took: `render TABLES SCALE OUT`.
#![allow(clippy::print_stdout)]

use diagram::detail::Detail;
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::paint::View;
use diagram::sample::sample_graph;
use diagram::scene::Scene;
use diagram::theme::Theme;
use picture::{Options, pdf, png};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut next = |usual: &str| args.next().unwrap_or_else(|| usual.to_owned());
    let (tables, scale) = (next("30").parse()?, next("1").parse()?);
    let out = next("diagram");
    let graph = sample_graph(tables, 4, 42);
    let wanted = LayoutOptions {
        detail: Detail::Keys,
        ..LayoutOptions::default()
    };
    let placed = layout(&graph, &wanted, &mut || false);
    let scene = Scene::new(graph, &placed, TextMetrics::default());
    let view = View::whole(&scene);
    let options = Options {
        title: "A generated schema",
        theme: &Theme::LIGHT,
        href: None,
        give_up: &|| false,
    };
    println!("{} × {}", view.size.width, view.size.height);
    let start = Instant::now();
    let file = png(&scene, &view, scale, &options)?;
    println!("PNG {} bytes in {:?}", file.len(), start.elapsed());
    std::fs::write(format!("{out}.png"), file)?;
    let start = Instant::now();
    let file = pdf(&scene, &view, &options)?;
    println!("PDF {} bytes in {:?}", file.len(), start.elapsed());
    std::fs::write(format!("{out}.pdf"), file)?;
    Ok(())
}
