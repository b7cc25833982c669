//! Writes a generated schema as an SVG file: `render TABLES SCHEMAS light|dark OUT [DETAIL]`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;

use diagram::detail::Detail;
use diagram::geometry::{Rect, Size, Transform};
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::paint::View;
use diagram::sample::sample_graph;
use diagram::scene::Scene;
use diagram::svg::{SvgOptions, svg_file};
use diagram::theme::Theme;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut next = |default: &str| args.next().unwrap_or_else(|| default.into());
    let (tables, schemas) = (next("30").parse()?, next("1").parse()?);
    let theme = if next("light") == "dark" {
        Theme::DARK
    } else {
        Theme::LIGHT
    };
    let out = next("diagram.svg");
    let detail = match next("all").as_str() {
        "names" => Detail::Names,
        "keys" => Detail::Keys,
        _ => Detail::All,
    };
    let zoom: f64 = next("0").parse()?;
    let graph = sample_graph(tables, schemas, 42);
    let result = layout(
        &graph,
        &LayoutOptions {
            detail,
            ..LayoutOptions::default()
        },
        &mut || false,
    );
    let scene = Scene::new(graph, &result, TextMetrics::default());
    let size = Size::new(1400.0, 900.0);
    let mut view = View::fit(&scene, size, 32.0);
    if zoom > 0.0 {
        let middle = scene.bounds().center();
        let world = Rect::new(
            middle.offset(-size.width / zoom / 2.0, -size.height / zoom / 2.0),
            Size::new(size.width / zoom, size.height / zoom),
        );
        view.transform = Transform::fit(&world, size, 0.0, zoom);
        view.selected = scene
            .visible(&world.grow(-300.0))
            .first()
            .map(|&t| t as usize)
            .into_iter()
            .collect();
    }
    std::fs::write(out, svg_file(&scene, &view, &SvgOptions::default(), &theme))?;
    Ok(())
}
