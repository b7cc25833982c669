//! Pictures as other programs read them, and against the SVG of the same view.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use diagram::graph::{Graph, TableNode};
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::overlay::{Mark, MarkKind, Overlay};
use diagram::paint::View;
use diagram::sample::sample_graph;
use diagram::scene::Scene;
use diagram::svg::{SvgOptions, svg_file};
use diagram::theme::Theme;
use lopdf::{Document, Object};
use picture::{Options, PictureError, pdf, png};

fn scene_of(graph: Graph) -> Scene {
    let placed = layout(&graph, &LayoutOptions::default(), &mut || false);
    Scene::new(graph, &placed, TextMetrics::default())
}

fn href(table: &TableNode) -> Option<String> {
    Some(format!("https://catalog.example/tables/{}", table.name))
}

fn options(theme: &Theme) -> Options<'_> {
    Options {
        title: "ER diagram of shop",
        theme,
        href: Some(&href),
        give_up: &|| false,
    }
}

/// A PNG as others read it.
struct Pixels {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

fn decoded(file: &[u8]) -> Pixels {
    let mut reader = png_reader(file);
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!(info.color_type, ::png::ColorType::Rgb);
    Pixels {
        width: info.width,
        height: info.height,
        rgb,
    }
}

fn png_reader(file: &[u8]) -> ::png::Reader<std::io::Cursor<&[u8]>> {
    ::png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap()
}

/// The SVG of the same view, painted by another program with the same face.
fn from_svg(scene: &Scene, view: &View, theme: &Theme) -> Pixels {
    let svg = svg_file(scene, view, &SvgOptions::default(), theme);
    let mut options = resvg::usvg::Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_font_data(include_bytes!("../fonts/jetbrains-mono-400.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../fonts/jetbrains-mono-600.ttf").to_vec());
    let tree = resvg::usvg::Tree::from_str(&svg, &options).unwrap();
    let (width, height) = (tree.size().width() as u32, tree.size().height() as u32);
    let mut pixmap = resvg::tiny_skia::Pixmap::new(width, height).unwrap();
    let still = resvg::tiny_skia::Transform::identity();
    resvg::render(&tree, still, &mut pixmap.as_mut());
    let rgb = pixmap
        .data()
        .chunks_exact(4)
        .flat_map(|it| [it[0], it[1], it[2]])
        .collect();
    Pixels { width, height, rgb }
}

/// The share of pixels that differ by more than what edges do that lie a quarter of a pixel apart.
fn difference(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let far = |(a, b): (&[u8], &[u8])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > 96);
    let pairs = a.rgb.chunks_exact(3).zip(b.rgb.chunks_exact(3));
    pairs.filter(|pair| far(*pair)).count() as f64 / f64::from(a.width * a.height)
}

#[test]
fn a_png_has_scale_times_the_views_pixels_and_shows_what_the_svg_shows() {
    let scene = scene_of(sample_graph(12, 2, 7));
    let view = View::whole(&scene);
    for theme in [Theme::LIGHT, Theme::DARK] {
        let file = png(&scene, &view, 1.0, &options(&theme)).unwrap();
        let ours = decoded(&file);
        assert_eq!(f64::from(ours.width), view.size.width);
        assert_eq!(f64::from(ours.height), view.size.height);
        let theirs = from_svg(&scene, &view, &theme);
        let share = difference(&ours, &theirs);
        assert!(share < 0.002, "{share} of all pixels differ");
        // A picture of something else differs by far more.
        let other = scene_of(sample_graph(12, 2, 8));
        let mut elsewhere = View::whole(&other);
        elsewhere.size = view.size;
        let other = decoded(&png(&other, &elsewhere, 1.0, &options(&theme)).unwrap());
        assert!(difference(&other, &theirs) > 0.02);
    }
    let large = decoded(&png(&scene, &view, 3.0, &options(&Theme::LIGHT)).unwrap());
    assert_eq!(f64::from(large.width), view.size.width * 3.0);
    assert_eq!(f64::from(large.height), view.size.height * 3.0);
}

#[test]
fn strips_meet_without_a_seam_and_the_legend_is_whole() {
    let graph = sample_graph(90, 1, 3);
    let mut scene = scene_of(graph);
    let mut overlay = Overlay::new("Findings");
    for table in 0..5 {
        overlay.mark_table(table, Mark::new(MarkKind::Warning, "No key"));
    }
    scene.set_overlay(Some(overlay));
    let view = View::whole(&scene);
    let file = png(&scene, &view, 2.0, &options(&Theme::LIGHT)).unwrap();
    let whole = decoded(&file);
    assert!(
        u64::from(whole.width) * u64::from(whole.height) > 16_000_000,
        "one strip alone"
    );
    let file = png(&scene, &view, 1.0, &options(&Theme::LIGHT)).unwrap();
    let share = difference(&decoded(&file), &from_svg(&scene, &view, &Theme::LIGHT));
    assert!(share < 0.002, "{share} of all pixels differ");
}

#[test]
fn what_is_too_large_or_takes_too_long_is_refused() {
    let scene = scene_of(sample_graph(5, 1, 1));
    let mut view = View::whole(&scene);
    let slow = Options {
        give_up: &|| true,
        ..options(&Theme::LIGHT)
    };
    assert_eq!(png(&scene, &view, 1.0, &slow), Err(PictureError::TooSlow));
    assert_eq!(pdf(&scene, &view, &slow), Err(PictureError::TooSlow));
    view.size.width = 30_000.0;
    let refused = png(&scene, &view, 4.0, &options(&Theme::LIGHT));
    assert!(
        matches!(refused, Err(PictureError::TooLarge { width: 120_000, .. })),
        "{refused:?}"
    );
}

#[test]
fn a_pdf_has_the_views_size_its_names_as_text_and_links_to_tables() {
    let mut graph = sample_graph(8, 1, 5);
    "注文_🚀".clone_into(&mut graph.tables[2].name);
    "größe_č".clone_into(&mut graph.tables[3].name);
    let names: Vec<String> = graph.tables.iter().map(|it| it.name.clone()).collect();
    let scene = scene_of(graph);
    let view = View::whole(&scene);
    let file = pdf(&scene, &view, &options(&Theme::LIGHT)).unwrap();
    let document = Document::load_mem(&file).unwrap();
    let pages = document.get_pages();
    assert_eq!(pages.len(), 1);
    let page = document.get_dictionary(pages[&1]).unwrap();
    let sides: Vec<f64> = page
        .get(b"MediaBox")
        .and_then(Object::as_array)
        .unwrap()
        .iter()
        .map(|side| f64::from(side.as_float().unwrap()))
        .collect();
    assert_eq!(
        sides,
        [0.0, 0.0, view.size.width * 0.75, view.size.height * 0.75]
    );

    let text = document.extract_text(&[1]).unwrap();
    let mut addresses = Vec::new();
    for link in document.get_page_annotations(pages[&1]).unwrap() {
        let action = link.get(b"A").and_then(Object::as_dict).unwrap();
        let uri = action.get(b"URI").and_then(Object::as_str).unwrap();
        addresses.push(String::from_utf8(uri.to_vec()).unwrap());
    }
    for name in names {
        assert!(text.contains(&name), "{name} is not in {text}");
        assert!(
            addresses.contains(&format!("https://catalog.example/tables/{name}")),
            "{name}"
        );
    }
}

#[test]
fn a_pdf_draws_each_box_where_the_scene_has_it() {
    let scene = scene_of(sample_graph(6, 1, 9));
    let view = View::whole(&scene);
    let file = pdf(&scene, &view, &options(&Theme::LIGHT)).unwrap();
    let document = Document::load_mem(&file).unwrap();
    let page = document.get_pages()[&1];
    let content = document.get_and_decode_page_content(page).unwrap();
    let starts: Vec<(f64, f64)> = content
        .operations
        .iter()
        .filter(|it| it.operator == "m")
        .map(|it| {
            let at = |i: usize| f64::from(it.operands[i].as_float().unwrap());
            (at(0), at(1))
        })
        .collect();
    for rect in scene.rects() {
        // A rounded box begins after its first corner.
        let (x, y) = (rect.min.x + 4.0, rect.min.y);
        assert!(
            starts
                .iter()
                .any(|it| (it.0 - x).abs() < 0.02 && (it.1 - y).abs() < 0.02),
            "no box begins at {x}, {y}"
        );
    }
}

#[test]
fn nothing_is_a_picture_too() {
    let scene = scene_of(Graph::default());
    let view = View::whole(&scene);
    let small = decoded(&png(&scene, &view, 1.0, &options(&Theme::LIGHT)).unwrap());
    assert_eq!((small.width, small.height), (160, 160));
    let file = pdf(&scene, &view, &options(&Theme::LIGHT)).unwrap();
    assert_eq!(Document::load_mem(&file).unwrap().get_pages().len(), 1);
}
