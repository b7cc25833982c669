//! Areas, memos and colours that people put into a scene: how they are taken and drawn.

use diagram::area::Grip;
use diagram::geometry::{Point, Size, Transform};
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::paint::View;
use diagram::painter::Ink;
use diagram::sample::sample_graph;
use diagram::scene::{Hit, Scene};
use diagram::svg::{SvgOptions, svg_inline};
use diagram::theme::Theme;
use model::view::{Arrangement, Spot, ViewColour};

use crate::fixture::{area, memo, sample_scene};

#[test]
fn areas_are_taken_by_edge_or_title_and_carry_what_stands_on_them() {
    let mut scene = sample_scene(20, 2);
    let rect = scene.rect(3);
    let around = area(
        rect.min.x - 40.0,
        rect.min.y - 60.0,
        rect.width() + 80.0,
        rect.height() + 100.0,
    );
    let ground = diagram::area::area_rect(&around);
    let inside = area(rect.min.x - 10.0, rect.max.y + 5.0, 30.0, 20.0);
    let mut arrangement = Arrangement::default();
    arrangement.areas.insert("a".to_owned(), around);
    arrangement.areas.insert("b".to_owned(), inside);
    arrangement.memos.insert(
        "m".to_owned(),
        memo(ground.min.x - 90.0, ground.min.y + 70.0),
    );
    arrangement
        .memos
        .insert("n".to_owned(), memo(ground.max.x + 50.0, ground.max.y));
    scene.arrange(arrangement);
    assert_eq!(
        scene.hit(ground.min.offset(20.0, 12.0), 1.0),
        Hit::Area(0, Grip::Body)
    );
    assert_eq!(scene.hit(ground.max, 1.0), Hit::Area(0, Grip::Corner));
    assert_eq!(scene.hit(rect.min.offset(5.0, 5.0), 1.0), Hit::Table(3));
    let memo_at = Point::new(ground.max.x + 100.0, ground.max.y + 30.0);
    assert_eq!(scene.hit(memo_at, 1.0), Hit::Memo(1, Grip::Body));
    let standing = scene.standing_on(0);
    assert!(standing.tables.contains(&3));
    assert_eq!((standing.areas, standing.memos), (vec![1], vec![0]));
    for &table in &standing.tables {
        assert!(ground.contains(scene.rect(table).center()));
    }
    assert_eq!(scene.standing_on(77), Default::default());
}

#[test]
fn areas_memos_colours_pins_and_ghosts_are_in_the_picture() {
    let graph = {
        let mut graph = sample_graph(12, 1, 2);
        graph.tables[7].gone = true;
        graph
    };
    let found = layout(&graph, &LayoutOptions::default(), &mut || true);
    let mut scene = Scene::new(graph, &found, TextMetrics::default());
    let bare = {
        let view = View::fit(&scene, Size::new(2400.0, 1600.0), 10.0);
        svg_inline(&scene, &view, &SvgOptions::default())
    };
    // A ghost is dashed.
    assert!(bare.contains("er-text-dim-line"), "{bare}");
    assert!(bare.contains("gone from its source"));
    assert!(!bare.contains("er-green") && !bare.contains("er-red"));
    let mut arrangement = Arrangement::default();
    let mut named = area(-300.0, -200.0, 900.0, 400.0);
    named.title = "<b>Money & more</b>".to_owned();
    arrangement.areas.insert("a".to_owned(), named);
    arrangement.memos.insert("m".to_owned(), memo(-600.0, 0.0));
    arrangement.colours.insert(3, ViewColour::Red);
    arrangement.pinned.insert(4);
    scene.arrange(arrangement);
    let view = View::fit(&scene, Size::new(2400.0, 1600.0), 10.0);
    let svg = svg_inline(&scene, &view, &SvgOptions::default());
    for part in [
        "class=\"er-area\"",
        "class=\"er-memo\"",
        "er-green-fill",
        "er-green-line",
        "er-red-fill",
        "class=\"er-red\"",
        "er-yellow-fill",
        "&lt;b&gt;Money &amp; more&lt;/b&gt;",
        ">Mind</text>",
        ", pinned</title>",
    ] {
        assert!(svg.contains(part), "{part} is missing");
    }
    assert!(!svg.contains("<b>"));
    // Areas lie behind tables.
    let tables = svg.find("class=\"er-table\"").unwrap();
    assert!(svg.find("class=\"er-area\"").unwrap() < tables);
    assert!(svg.find("class=\"er-memo\"").unwrap() < tables);
    // From afar too there are colours.
    let far = View::new(
        Transform::new(0.05, Point::new(400.0, 300.0)),
        Size::new(800.0, 600.0),
    );
    let svg = svg_inline(&scene, &far, &SvgOptions::default());
    assert!(svg.contains("class=\"er-red\"") && svg.contains("er-green-fill"));
}

/// The contrast of two colours `#rrggbb` after WCAG 2.
fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn texts_can_be_read_on_every_colour_and_its_lines_be_seen() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        for colour in ViewColour::ALL {
            let (strong, tint) = (diagram::area::strong(colour), diagram::area::tint(colour));
            let on_tint = contrast(theme.color(Ink::Text), theme.color(tint));
            assert!(on_tint >= 7.0, "{colour:?}: {on_tint}");
            for ground in [Ink::Canvas, Ink::Surface] {
                let line = contrast(theme.color(strong), theme.color(ground));
                assert!(line >= 3.0, "{colour:?}: {line}");
            }
            assert!(
                contrast(theme.color(strong), theme.color(tint)) >= 3.0,
                "{colour:?}"
            );
        }
    }
}

#[test]
fn strange_areas_and_memos_are_survived() {
    let mut scene = sample_scene(5, 2);
    let mut arrangement = Arrangement::default();
    let numbers = [f64::NAN, f64::INFINITY, -5.0, 0.0, 1e300];
    for (i, &x) in numbers.iter().enumerate() {
        for (j, &y) in numbers.iter().enumerate() {
            let id = format!("{i}-{j}");
            arrangement.areas.insert(id.clone(), area(x, y, y, x));
            let mut memo = memo(y, x);
            (memo.width, memo.height) = (x, y);
            memo.text = "x".repeat(300);
            arrangement.memos.insert(id, memo);
            arrangement.places.insert(j as i64 + 1, Spot { x, y });
        }
    }
    scene.arrange(arrangement);
    assert!(scene.bounds().width().is_finite());
    for zoom in [0.02, 0.3, 1.0, 4.0] {
        let view = View::new(
            Transform::new(zoom, Point::default()),
            Size::new(800.0, 600.0),
        );
        let text = svg_inline(&scene, &view, &SvgOptions::default());
        assert!(!text.contains("NaN") && !text.contains("inf"));
        let _ = scene.hit(Point::new(3.0, 4.0), zoom);
    }
}
