//! The engine as a whole: from a graph to what is drawn.

use diagram::detail::Detail;
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::graph::Graph;
use diagram::layout::{Algorithm, Layout, layout};
use diagram::measure::TextMetrics;
use diagram::paint::{Layers, Scope, View};
use diagram::painter::Ink;
use diagram::quality::{quality_of_scene, quality_straight};
use diagram::route::link_ends;
use diagram::sample::{Random, sample_graph};
use diagram::scene::{Direction, Hit, Scene};
use diagram::svg::{SvgOptions, svg_inline};

use crate::fixture::{link, options, scene_of, table};
use crate::recorder::recorded;

fn graphs() -> Vec<Graph> {
    let mut out = vec![
        Graph::default(),
        Graph {
            tables: vec![table("alone", 3)],
            links: vec![],
        },
        Graph {
            tables: vec![table("tree", 3)],
            links: vec![link(0, 1, 0)],
        },
        Graph {
            tables: vec![table("a", 12), table("b", 3)],
            links: (0..10).map(|i| link(0, i + 1, 1)).collect(),
        },
        // A ring, an end that does not exist, a row that does not exist.
        Graph {
            tables: (0..6).map(|i| table(&i.to_string(), 4)).collect(),
            links: (0..6)
                .map(|i| link(i, 1, (i + 1) % 6))
                .chain([link(0, 1, 99), link(1, 900, 0)])
                .collect(),
        },
        Graph {
            tables: vec![table("wide", 1600), table("b", 3)],
            links: vec![link(0, 1599, 1), link(1, 1, 0)],
        },
    ];
    for seed in 0..4 {
        out.push(sample_graph(
            20 + 15 * seed as usize,
            1 + seed as usize % 3,
            seed,
        ));
    }
    out
}

#[test]
fn a_larger_graph_keeps_the_rules_too() {
    let quality = quality_of_scene(&scene_of(sample_graph(420, 4, 9), Detail::Keys));
    assert_eq!((quality.overlaps, quality.through), (0, 0));
    assert!(quality.aspect > 0.8 && quality.aspect < 3.0);
}

#[test]
fn tables_never_overlap_and_links_never_go_through_them() {
    for graph in graphs() {
        for detail in [Detail::Names, Detail::Keys, Detail::All] {
            let scene = scene_of(graph.clone(), detail);
            let quality = quality_of_scene(&scene);
            assert_eq!(quality.overlaps, 0);
            assert_eq!(
                quality.through, 0,
                "{} tables at {detail:?}",
                quality.tables
            );
        }
    }
}

#[test]
fn equal_input_gives_equal_output() {
    for graph in graphs() {
        let first = layout(&graph, &options(Detail::All), &mut || false);
        assert_eq!(first, layout(&graph, &options(Detail::All), &mut || false));
        let text = serde_json::to_string(&first).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&text).unwrap(), first);
        let a = Scene::new(graph.clone(), &first, TextMetrics::default());
        let b = Scene::new(graph, &first, TextMetrics::default());
        assert_eq!(a.routes(), b.routes());
    }
}

#[test]
fn a_deadline_always_gets_an_answer() {
    for graph in graphs() {
        for mut left in [0, 1, 7, 40] {
            let result = layout(&graph, &options(Detail::All), &mut || {
                left -= 1;
                left < 0
            });
            assert_eq!(result.positions.len(), graph.tables.len());
            let scene = Scene::new(graph.clone(), &result, TextMetrics::default());
            assert_eq!(quality_of_scene(&scene).overlaps, 0);
        }
    }
    let late = layout(&sample_graph(50, 1, 1), &options(Detail::All), &mut || true);
    assert_eq!((late.complete, late.algorithm), (false, Algorithm::Grid));
}

#[test]
fn links_end_on_the_edge_of_their_row() {
    for graph in graphs() {
        for detail in [Detail::Names, Detail::Keys, Detail::All] {
            let scene = scene_of(graph.clone(), detail);
            for (i, link) in graph.links.iter().enumerate() {
                let route = scene.route(i).unwrap();
                if !graph.has_ends(link) {
                    assert!(route.points.is_empty());
                    continue;
                }
                let [child, parent] = link_ends(&graph, i, route).unwrap();
                for (end, table, columns) in [
                    (child, link.child(), &link.from_columns),
                    (parent, link.parent(), &link.to_columns),
                ] {
                    let row = scene.column_rect(table, usize::from(columns[0]));
                    let edge = if end.direction > 0.0 {
                        row.max.x
                    } else {
                        row.min.x
                    };
                    assert_eq!(end.at.x, edge);
                    assert!((end.at.y - row.center().y).abs() <= row.height() / 2.0);
                }
                for (a, b) in route.segments() {
                    assert!(
                        a.x == b.x || a.y == b.y,
                        "link {i} is not orthogonal: {:?}",
                        route.points
                    );
                }
            }
        }
    }
}

#[test]
fn a_moved_table_takes_its_links_along() {
    let mut scene = scene_of(sample_graph(40, 1, 3), Detail::All);
    let mut random = Random::new(1);
    for _ in 0..60 {
        let table = random.below(40);
        let to = Point::new(random.below(3000) as f64, random.below(2000) as f64);
        let dirty = scene.move_table(table, to);
        assert_eq!(scene.rect(table).min, to);
        assert!(dirty.contains_rect(&scene.rect(table)));
        for &i in scene.links_of(table) {
            let route = scene.route(i as usize).unwrap();
            assert!(dirty.contains_rect(&route.bounds()));
            let [child, parent] = link_ends(scene.graph(), i as usize, route).unwrap();
            let link = &scene.graph().links[i as usize];
            let near = |at: Point, rect: Rect| at.x == rect.min.x || at.x == rect.max.x;
            assert!(near(child.at, scene.rect(link.child())));
            assert!(near(parent.at, scene.rect(link.parent())));
        }
        compare_with_brute_force(&scene, &mut random);
    }
    scene.settle();
    compare_with_brute_force(&scene, &mut random);
    assert_eq!(scene.move_table(4000, Point::default()), Rect::EMPTY);
    scene.move_table(1, Point::new(f64::NAN, f64::INFINITY));
    assert!(scene.bounds().width().is_finite());
}

fn compare_with_brute_force(scene: &Scene, random: &mut Random) {
    for _ in 0..5 {
        let at = Point::new(
            random.below(3000) as f64 - 300.0,
            random.below(2500) as f64 - 300.0,
        );
        let world = Rect::new(
            at,
            Size::new(random.below(1500) as f64, random.below(900) as f64),
        );
        let tables: Vec<u32> = (0..scene.rects().len())
            .filter(|&i| scene.rect(i).intersects(&world))
            .map(|i| i as u32)
            .collect();
        assert_eq!(scene.visible(&world), tables);
        let links: Vec<u32> = (0..scene.routes().len())
            .filter(|&i| {
                scene
                    .route(i)
                    .unwrap()
                    .segments()
                    .any(|(a, b)| Rect::between(a, b).intersects(&world))
            })
            .map(|i| i as u32)
            .collect();
        assert_eq!(scene.visible_links(&world), links);
    }
}

#[test]
fn what_is_under_the_pointer() {
    let scene = scene_of(sample_graph(30, 1, 42), Detail::All);
    for i in 0..30 {
        let rect = scene.rect(i);
        assert_eq!(scene.hit(rect.min.offset(5.0, 5.0), 1.0), Hit::Table(i));
        let row = scene.column_rect(i, 1).center();
        assert_eq!(scene.hit(row, 1.0), Hit::Column(i, 1));
        assert_eq!(scene.hit(row, 0.1), Hit::Table(i));
    }
    for (i, route) in scene.routes().iter().enumerate() {
        // The end of a link is its own: elsewhere it may share a trunk.
        let at = route.points[0];
        let out = route.points[1];
        let probe = Point::new(at.x + (out.x - at.x).signum() * 3.0, at.y + 1.0);
        assert_eq!(scene.hit(probe, 1.0), Hit::Link(i));
    }
    assert_eq!(
        scene.hit(scene.bounds().max.offset(400.0, 0.0), 1.0),
        Hit::Background
    );
    assert_eq!(
        scene.hit(Point::new(f64::NAN, 0.0), f64::NAN),
        Hit::Background
    );
}

#[test]
fn arrow_keys_reach_neighbours() {
    let scene = scene_of(sample_graph(30, 1, 42), Detail::All);
    let here = scene.rect(0).center();
    for direction in [
        Direction::Left,
        Direction::Right,
        Direction::Up,
        Direction::Down,
    ] {
        if let Some(next) = scene.nearest_table(0, direction) {
            let there = scene.rect(next).center();
            assert!(match direction {
                Direction::Left => there.x < here.x,
                Direction::Right => there.x > here.x,
                Direction::Up => there.y < here.y,
                Direction::Down => there.y > here.y,
            });
        }
    }
    assert_eq!(scene.nearest_table(99, Direction::Up), None);
}

#[test]
fn links_are_shorter_than_at_random() {
    let graph = sample_graph(120, 1, 7);
    let good = scene_of(graph.clone(), Detail::All);
    let plain = Scene::new(
        graph.clone(),
        &layout(&graph, &options(Detail::All), &mut || true),
        TextMetrics::default(),
    );
    assert!(quality_straight(&good).crossings * 3 < quality_straight(&plain).crossings);
    assert!(quality_of_scene(&good).length * 1.5 < quality_of_scene(&plain).length);
    assert!(quality_of_scene(&good).area < quality_of_scene(&plain).area * 1.3);
}

#[test]
fn an_overview_is_a_handful_of_calls() {
    let scene = scene_of(sample_graph(410, 1, 5), Detail::All);
    let all = View::fit(&scene, Size::new(700.0, 400.0), 10.0);
    assert!(all.transform.scale() < 0.11);
    let drawn = recorded(&scene, &all);
    assert_eq!((drawn.rects, drawn.texts.len()), (410, 0));
    assert!(drawn.calls < 8, "{} calls", drawn.calls);
}

#[test]
fn only_what_is_seen_is_drawn_and_only_what_can_be_read_is_written() {
    let scene = scene_of(sample_graph(410, 1, 5), Detail::All);
    let middle = scene.rect(7).center();
    for zoom in [0.12, 0.2, 0.43, 0.6, 1.0, 3.0] {
        let size = Size::new(900.0, 600.0);
        let offset = Point::new(450.0 - middle.x * zoom, 300.0 - middle.y * zoom);
        let view = View::new(Transform::new(zoom, offset), size);
        let drawn = recorded(&scene, &view);
        let seen = scene.visible(&view.world().grow(24.0)).len();
        assert!(drawn.rects >= seen);
        assert!(drawn.texts.is_empty() || drawn.smallest * zoom >= 4.99);
    }
}

#[test]
fn scopes_and_layers_split_the_picture_without_loss() {
    let scene = scene_of(sample_graph(60, 1, 5), Detail::All);
    let mut view = View::fit(&scene, Size::new(3000.0, 2000.0), 10.0);
    let all = recorded(&scene, &view);
    view.layers = Layers {
        background: false,
        ..Layers::default()
    };
    view.scope = Scope::Only(vec![3, 4]);
    let only = recorded(&scene, &view);
    view.scope = Scope::Without(vec![3, 4]);
    let without = recorded(&scene, &view);
    assert_eq!(only.paths + without.paths, all.paths);
    assert_eq!(only.texts.len() + without.texts.len(), all.texts.len());
    view.scope = Scope::All;
    view.layers = Layers {
        tables: false,
        background: false,
        lit: false,
        ..Layers::default()
    };
    assert_eq!(recorded(&scene, &view).texts.len(), 0);
    view.layers = Layers::default();
    view.selected = vec![2, 2000];
    assert_eq!(recorded(&scene, &view).outlined, 1);
}

#[test]
fn the_links_of_very_many_selected_tables_are_not_lit() {
    let scene = scene_of(sample_graph(320, 2, 5), Detail::Names);
    let mut view = View::fit(&scene, Size::new(1_600.0, 1_000.0), 32.0);
    let mut lit = |selected: Vec<usize>| {
        view.selected = selected;
        let recorded = recorded(&scene, &view);
        (recorded.inks.contains(&Ink::Accent), recorded.outlined)
    };
    assert_eq!(lit((0..300).collect()), (true, 300));
    assert_eq!(lit((0..320).collect()), (false, 320));
}

#[test]
fn strange_views_draw_something_finite() {
    let scene = scene_of(sample_graph(20, 1, 5), Detail::All);
    for transform in [
        Transform::new(0.0, Point::default()),
        Transform::new(f64::INFINITY, Point::new(f64::NAN, f64::INFINITY)),
        Transform::fit(&Rect::EMPTY, Size::new(0.0, 0.0), 0.0, 1.0),
    ] {
        for size in [Size::new(0.0, 0.0), Size::new(800.0, 600.0)] {
            let text = svg_inline(&scene, &View::new(transform, size), &SvgOptions::default());
            assert!(!text.contains("NaN") && !text.contains("inf"));
        }
    }
}

#[test]
fn ten_links_between_two_tables_can_be_told_apart() {
    for detail in [Detail::Names, Detail::All] {
        let graph = Graph {
            tables: vec![table("a", 12), table("b", 3)],
            links: (0..10)
                .map(|i| link(0, if detail == Detail::Names { 1 } else { i + 1 }, 1))
                .collect(),
        };
        let scene = scene_of(graph, detail);
        for i in 0..10 {
            for j in 0..i {
                assert_ne!(scene.route(i), scene.route(j));
            }
        }
    }
}

#[test]
fn a_link_looks_like_what_it_rests_on() {
    let mut graph = Graph {
        tables: vec![table("a", 3), table("b", 1)],
        links: vec![link(0, 1, 1)],
    };
    let mut look = |declared: bool, accepted_by: Option<&str>| {
        graph.links[0].declared = declared;
        graph.links[0].accepted_by = accepted_by.map(str::to_owned);
        let scene = scene_of(graph.clone(), Detail::All);
        let view = View::fit(&scene, Size::new(1600.0, 1000.0), 20.0);
        let text = svg_inline(&scene, &view, &SvgOptions::default());
        let edge = text.split("er-edge").nth(1).unwrap();
        let dashes = edge.split("stroke-dasharray=\"").nth(1);
        let dash = dashes.map(|rest| rest.split(' ').next().unwrap().to_owned());
        (dash, edge.contains(Ink::LinkProposed.css_name()))
    };
    assert_eq!(look(true, None), (None, false));
    assert_eq!(look(false, Some("Ada")), (Some("6".to_owned()), false));
    assert_eq!(look(false, None), (Some("2".to_owned()), true));
}
