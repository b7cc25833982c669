//! The picture as SVG: well formed whatever it shows, and placed as the canvas places it.

use diagram::detail::Detail;
use diagram::geometry::{Point, Size};
use diagram::graph::{Graph, Link, TableNode};
use diagram::paint::View;
use diagram::painter::Ink;
use diagram::sample::sample_graph;
use diagram::scene::Hit;
use diagram::svg::{Placing, SvgOptions, svg_file, svg_inline};
use diagram::theme::{Theme, class_rules};

use crate::fixture::{link, scene_of, table};

/// Checks that tags nest and that attributes are quoted; returns the number of elements.
fn well_formed(xml: &str) -> usize {
    let mut open: Vec<&str> = Vec::new();
    let mut elements = 0;
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        assert!(!text.contains('>'), "bare > in {text:?}");
        rest = &rest[start + 1..];
        let end = rest.find('>').unwrap();
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if tag.starts_with('?') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        elements += 1;
        let inside = tag.strip_suffix('/').unwrap_or(tag);
        assert_eq!(inside.matches('"').count() % 2, 0, "{tag}");
        assert!(!inside.contains(" style="), "{tag}");
        assert!(!inside.contains('<'));
        if inside.len() == tag.len() {
            open.push(inside.split(' ').next().unwrap());
        }
    }
    assert!(open.is_empty(), "{open:?}");
    elements
}

#[test]
fn the_svg_is_well_formed_whatever_the_names() {
    let names = [
        "<script>alert('x')</script>",
        "\"quoted\" & 'more' \u{0}\u{1b}]]>",
        "🚀🚀 emoji",
        "جدول الطلبات",
        "",
        "表",
    ];
    let mut graph = Graph::default();
    for (i, name) in names.iter().enumerate() {
        let mut node = table(name, 4);
        node.id = i as i64;
        node.columns[1].name = (*name).into();
        node.columns[1].data_type = (*name).into();
        node.schema = name.chars().rev().collect();
        graph.tables.push(node);
        graph.links.push(Link {
            name: (*name).into(),
            ..link(i as u32, 1, 0)
        });
    }
    graph.tables.push(table(&"n".repeat(300), 3));
    let scene = scene_of(graph, Detail::All);
    let view = View::fit(&scene, Size::new(1600.0, 1000.0), 20.0);
    let href = |t: &TableNode| (t.id != 2).then(|| format!("/t/{}?a=1&b=\"{}\"", t.id, t.name));
    let options = SvgOptions {
        label: "<all> & \"everything\"",
        href: Some(&href),
        ..SvgOptions::default()
    };
    let inline = svg_inline(&scene, &view, &options);
    assert!(well_formed(&inline) > 50);
    assert!(!inline.contains("<script") && !inline.contains('\u{0}') && !inline.contains("<style"));
    assert_eq!(inline.matches("<a class=\"er-table\" href=").count(), 6);
    assert_eq!(inline, svg_inline(&scene, &view, &options));
    let file = svg_file(&scene, &view, &options, &Theme::DARK);
    well_formed(&file);
    assert!(file.contains(Theme::DARK.color(Ink::Surface)) && !file.contains("var("));
    for ink in Ink::ALL {
        assert!(class_rules(None).contains(ink.css_name()));
    }
}

/// A page does not know how large its place will be when it is written: an element as large as the
/// scene at zoom 1, kept within its place, shows it as `View::fit` does in a place of any size.
#[test]
fn a_picture_in_a_page_fits_like_the_canvas_or_keeps_its_size() {
    let scene = scene_of(
        Graph {
            tables: vec![table("orders", 3), table("customers", 9)],
            ..Graph::default()
        },
        Detail::All,
    );
    let bounds = scene.bounds();
    let drawn = |view: &View, placing| {
        let options = SvgOptions {
            placing,
            ..SvgOptions::default()
        };
        svg_inline(&scene, view, &options)
    };
    let view = View::fit(&scene, Size::new(200.0, 150.0), 20.0);
    let seen = view.transform.apply_rect(&bounds);
    let fits = drawn(&view, Placing::Fits);
    let head = |svg: &str| svg.split('>').next().unwrap_or_default().to_owned();
    let numbers = |svg: &str, name: &str| -> Vec<f64> {
        let head = head(svg);
        let (_, rest) = head.split_once(&format!(" {name}=\"")).unwrap();
        let (text, _) = rest.split_once('"').unwrap();
        text.split(' ').map(|it| it.parse().unwrap()).collect()
    };
    let near = |a: &[f64], b: &[f64]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.1)
    };
    assert!(near(
        &numbers(&fits, "viewBox"),
        &[seen.min.x, seen.min.y, seen.width(), seen.height()]
    ));
    assert!(near(&numbers(&fits, "width"), &[bounds.width()]));
    assert!(near(&numbers(&fits, "height"), &[bounds.height()]));
    let still = drawn(&view, Placing::Still);
    assert_eq!(numbers(&still, "viewBox"), [0.0, 0.0, 200.0, 150.0]);
    assert_eq!(numbers(&still, "width"), [200.0]);
    assert!(head(&fits).contains("er-fits") && head(&still).contains("er-still"));
}

/// Of thousands an element for each link would be most of a page in which nobody can point at one; a
/// file is taken to pieces in other programs.
#[test]
fn links_are_by_themselves_where_they_can_be_pointed_at_and_in_files() {
    let graph = sample_graph(60, 1, 5);
    let links = graph.links.len();
    let scene = scene_of(graph, Detail::All);
    let edges = |text: &str| text.matches("class=\"er-edge\"").count();
    let at = |zoom: f64| {
        let size = scene.bounds().size();
        let size = Size::new(size.width * zoom, size.height * zoom);
        View::fit(&scene, size, 0.0)
    };
    let options = SvgOptions::default();
    for (zoom, inline) in [(1.0, links), (0.3, 0), (0.05, 0)] {
        let picture = svg_inline(&scene, &at(zoom), &options);
        assert_eq!(edges(&picture), inline, "{zoom}");
        assert_eq!(picture.matches("class=\"er-table\"").count(), 60);
        let file = svg_file(&scene, &at(zoom), &options, &Theme::LIGHT);
        assert_eq!(edges(&file), links, "{zoom}");
    }
}

#[test]
fn an_empty_graph_is_an_empty_picture() {
    let scene = scene_of(Graph::default(), Detail::All);
    assert!(scene.bounds().is_empty());
    let view = View::fit(&scene, Size::new(300.0, 200.0), 20.0);
    assert!(well_formed(&svg_inline(&scene, &view, &SvgOptions::default())) > 1);
    assert_eq!(scene.hit(Point::default(), 1.0), Hit::Background);
}
