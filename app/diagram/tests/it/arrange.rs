//! What people arrange: orders to several tables, and an arrangement laid over a scene.

use diagram::arrange::{Arrange, arrange};
use diagram::geometry::{Point, Rect, Size};
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::paint::{Layers, Notes, Scope, View};
use diagram::sample::{Random, sample_graph};
use diagram::scene::{Hit, Scene, spot};
use diagram::svg::{SvgOptions, svg_inline};
use diagram::undo::History;
use model::saved_view::check_changes;
use model::view::{Arrangement, Spot, ViewChange, ViewColour};

use crate::fixture::{area, memo, sample_scene};

fn put(scene: &mut Scene, places: &[(usize, Point)]) {
    for &(table, at) in places {
        scene.move_table(table, at);
    }
}

/// What is to be equal.
type Edge = fn(&Rect) -> f64;

#[test]
fn aligned_tables_share_an_edge_or_a_middle() {
    let edges: [(Arrange, Edge); 6] = [
        (Arrange::Left, |r| r.min.x),
        (Arrange::Centre, |r| r.center().x),
        (Arrange::Right, |r| r.max.x),
        (Arrange::Top, |r| r.min.y),
        (Arrange::Middle, |r| r.center().y),
        (Arrange::Bottom, |r| r.max.y),
    ];
    for (order, edge) in edges {
        let mut scene = sample_scene(20, 3);
        let chosen = [2, 5, 5, 9, 700];
        let found = arrange(&scene, &chosen, order);
        assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), [2, 5, 9]);
        put(&mut scene, &found);
        let first = edge(&scene.rect(2));
        for table in [5, 9] {
            assert!((edge(&scene.rect(table)) - first).abs() <= 1.0, "{order:?}");
        }
    }
}

#[test]
fn distributed_tables_have_equal_gaps_and_no_overlap() {
    for (order, across) in [(Arrange::Across, true), (Arrange::Down, false)] {
        for wide in [4000.0, 10.0] {
            let mut scene = sample_scene(20, 3);
            let tables = [1, 4, 6, 8, 11];
            for (i, &table) in tables.iter().enumerate() {
                // Not in the order of their numbers, and not evenly.
                let at = ((i * 3) % 5) as f64 / 5.0 * wide + (i * i) as f64;
                scene.move_table(table, Point::new(at, at));
            }
            let found = arrange(&scene, &tables, order);
            put(&mut scene, &found);
            let mut spans: Vec<(f64, f64)> = tables
                .iter()
                .map(|&table| scene.rect(table))
                .map(|r| {
                    if across {
                        (r.min.x, r.max.x)
                    } else {
                        (r.min.y, r.max.y)
                    }
                })
                .collect();
            spans.sort_by(|a, b| a.0.total_cmp(&b.0));
            let gaps: Vec<f64> = spans.windows(2).map(|w| w[1].0 - w[0].1).collect();
            assert!(gaps.iter().all(|gap| *gap >= 0.0), "{gaps:?}");
            assert!(
                gaps.iter().all(|gap| (gap - gaps[0]).abs() <= 1.0),
                "{gaps:?}"
            );
        }
    }
}

#[test]
fn tidying_keeps_pinned_ones_and_covers_nothing() {
    for seed in 0..4 {
        let mut scene = sample_scene(40, seed);
        let mut random = Random::new(seed + 9);
        let mut arrangement = Arrangement::default();
        for table in 0..40 {
            // A mess.
            arrangement.places.insert(
                table + 1,
                Spot {
                    x: (table % 5) as f64 * 420.0 + random.below(90) as f64,
                    y: (table / 5) as f64 * 330.0 + random.below(90) as f64,
                },
            );
        }
        arrangement.pinned.extend([3, 8]);
        arrangement.hidden.insert(30);
        scene.arrange(arrangement);
        let before = scene.rects().to_vec();
        let chosen: Vec<usize> = (0..18).collect();
        let found = arrange(&scene, &chosen, Arrange::Tidy);
        assert_eq!(found, arrange(&scene, &chosen, Arrange::Tidy));
        assert!(found.iter().all(|it| it.0 != 2 && it.0 != 7 && it.0 < 18));
        assert_eq!(found.len(), 16);
        put(&mut scene, &found);
        let moved: Vec<usize> = found.iter().map(|it| it.0).collect();
        for &a in &moved {
            for b in (0..40).filter(|&b| b != a && b != 29) {
                assert!(
                    !scene.rect(a).overlaps(&scene.rect(b)),
                    "seed {seed}: {a} and {b}"
                );
            }
        }
        for table in (0..40).filter(|table| !moved.contains(table)) {
            assert_eq!(scene.rect(table), before[table]);
        }
    }
}

#[test]
fn places_win_over_the_layout_and_are_given_back() {
    let mut scene = sample_scene(20, 1);
    let home = scene.rect(4).min;
    let change = |at| ViewChange::Place { table: 5, at };
    scene.change(&change(Some(Spot { x: 9.0, y: -90.0 })));
    assert_eq!(scene.rect(4).min, Point::new(9.0, -90.0));
    let kept = scene.arrangement().clone();
    scene.change(&change(None));
    assert_eq!(scene.rect(4).min, home);
    scene.arrange(kept);
    assert_eq!(scene.rect(4).min, Point::new(9.0, -90.0));
    scene.arrange(Arrangement::default());
    assert_eq!(scene.rect(4).min, home);
    // Of a table that is not shown nothing is seen, but it is kept.
    scene.change(&ViewChange::Pin {
        table: 4711,
        pinned: true,
    });
    assert!(scene.arrangement().pinned.contains(&4711));
}

#[test]
fn changes_one_by_one_come_to_the_same_as_all_at_once() {
    let changes = [
        ViewChange::Place {
            table: 3,
            at: Some(Spot { x: 70.0, y: 5000.0 }),
        },
        ViewChange::Hide {
            table: 6,
            hidden: true,
        },
        ViewChange::Hide {
            table: 9,
            hidden: true,
        },
        ViewChange::Hide {
            table: 9,
            hidden: false,
        },
        ViewChange::Place {
            table: 6,
            at: Some(Spot { x: -900.0, y: 0.0 }),
        },
        ViewChange::Colour {
            table: 2,
            colour: Some(ViewColour::Blue),
        },
        ViewChange::Area {
            id: "a".to_owned(),
            area: Some(area(0.0, 0.0, 300.0, 300.0)),
        },
    ];
    let (mut one, mut other) = (sample_scene(20, 2), sample_scene(20, 2));
    for change in &changes {
        one.change(change);
    }
    one.settle();
    other.arrange(one.arrangement().clone());
    assert_eq!(one.rects(), other.rects());
    assert_eq!(one.routes(), other.routes());
    assert_eq!(one.bounds(), other.bounds());
    let view = View::fit(&one, Size::new(1500.0, 900.0), 10.0);
    let svg = |scene: &Scene| svg_inline(scene, &view, &SvgOptions::default());
    assert_eq!(svg(&one), svg(&other));
}

#[test]
fn what_moves_together_keeps_its_links_as_they_are() {
    let mut scene = sample_scene(20, 2);
    scene.settle();
    let (by, before) = ((640.0, -64.0), scene.routes().to_vec());
    let mut changes: Vec<ViewChange> = (0..20)
        .map(|table| {
            let to = scene.rect(table).min.offset(by.0, by.1);
            ViewChange::Place {
                table: scene.id_of(table).unwrap(),
                at: Some(spot(to)),
            }
        })
        .collect();
    // Of two places of one table the later counts.
    let elsewhere = ViewChange::Place {
        table: scene.id_of(3).unwrap(),
        at: Some(Spot { x: -9000.0, y: 0.0 }),
    };
    changes.insert(0, elsewhere);
    scene.change_all(&changes);
    for (link, (now, then)) in scene.routes().iter().zip(&before).enumerate() {
        let ends = &scene.graph().links[link];
        // A link of a table with itself is routed anew.
        if ends.from == ends.to {
            continue;
        }
        let moved = then.points.iter().map(|point| point.offset(by.0, by.1));
        assert_eq!(now.points, moved.collect::<Vec<_>>(), "link {link}");
    }
    assert_eq!(scene.arrangement().places.len(), 20);
}

#[test]
fn the_first_move_is_taken_back_to_where_the_layout_has_the_table() {
    let mut scene = sample_scene(20, 2);
    let (home, id) = (scene.rect(3).min, scene.id_of(3).unwrap());
    let to = |at| ViewChange::Place {
        table: id,
        at: Some(at),
    };
    let mut history = History::default();
    let moves = [
        to(Spot { x: 70.0, y: 5000.0 }),
        to(Spot { x: 90.0, y: 5000.0 }),
    ];
    for moved in &moves {
        let moved = std::slice::from_ref(moved);
        history.record(scene.arrangement_before(moved), moved);
        scene.change_all(moved);
    }
    assert_eq!(history.undo(), [moves[0].clone()]);
    // The view keeps where it stood: nothing is taken from it.
    let back = history.undo();
    assert_eq!(back, [to(spot(home))]);
    scene.change_all(&back);
    assert_eq!(scene.rect(3).min, home);
}

#[test]
fn hidden_tables_are_not_drawn_not_hit_and_in_nobodys_way() {
    let mut scene = sample_scene(20, 2);
    let table = (0..20).max_by_key(|&t| scene.links_of(t).len()).unwrap();
    let name = scene.graph().tables[table].qualified_name();
    let middle = scene.rect(table).min.offset(6.0, 6.0);
    let links = scene.links_of(table).to_vec();
    assert_eq!(scene.hit(middle, 1.0), Hit::Table(table));
    let svg = |scene: &Scene| {
        let view = View::fit(scene, Size::new(3000.0, 2000.0), 10.0);
        svg_inline(scene, &view, &SvgOptions::default())
    };
    let marker = format!("<title>{name} (");
    assert!(svg(&scene).contains(&marker));
    let whole = scene.bounds();
    let hide = |hidden| ViewChange::Hide {
        table: table as i64 + 1,
        hidden,
    };
    scene.change(&hide(true));
    assert!(!svg(&scene).contains(&marker));
    assert!(!matches!(scene.hit(middle, 1.0), Hit::Table(t) | Hit::Column(t, _) if t == table));
    let seen = scene.visible_links(&whole);
    assert!(links.iter().all(|link| !seen.contains(link)));
    // Moved out of sight it stays hidden.
    scene.move_table(table, Point::new(5.0, 5.0));
    assert!(!scene.visible(&scene.rect(table)).contains(&(table as u32)));
    scene.change(&hide(false));
    assert!(svg(&scene).contains(&marker));
}

#[test]
fn a_hidden_table_is_shown_for_now_and_stays_hidden_in_the_view() {
    let mut scene = sample_scene(20, 2);
    let hide = |table: usize, hidden| ViewChange::Hide {
        table: table as i64 + 1,
        hidden,
    };
    scene.change(&hide(3, true));
    scene.change(&hide(9, true));
    assert_eq!(scene.hidden(), [3, 9]);
    let kept = scene.arrangement().clone();
    scene.peek(3);
    assert_eq!(scene.hidden(), [9]);
    assert!(scene.visible(&scene.rect(3)).contains(&3));
    assert_eq!(scene.arrangement(), &kept);
    assert!(scene.hides(3) && !scene.hides(4));
    assert!(scene.end_peek(3) && !scene.end_peek(3) && !scene.end_peek(4));
    assert!(scene.hides(3));
    assert_eq!(scene.hidden(), [3, 9]);
    // Shown for good.
    scene.peek(3);
    scene.change(&hide(3, false));
    assert_eq!(scene.hidden(), [9]);
    assert!(!scene.arrangement().hidden.contains(&4));
}

#[test]
fn a_dragged_part_and_the_rest_make_up_the_whole() {
    let mut scene = sample_scene(20, 2);
    let mut arrangement = Arrangement::default();
    arrangement
        .areas
        .insert("a".to_owned(), area(-300.0, -200.0, 900.0, 400.0));
    arrangement.memos.insert("m".to_owned(), memo(-600.0, 0.0));
    arrangement
        .memos
        .insert("n".to_owned(), memo(-600.0, 300.0));
    scene.arrange(arrangement);
    let mut view = View::fit(&scene, Size::new(2400.0, 1600.0), 10.0);
    let count = |view: &View, part: &str| {
        svg_inline(&scene, view, &SvgOptions::default())
            .matches(part)
            .count()
    };
    let parts = ["er-area\"", "er-memo\"", "er-table\"", "er-edge\""];
    let all = parts.map(|part| count(&view, part));
    view.lifted = Notes {
        areas: vec![0],
        memos: vec![1],
    };
    view.scope = Scope::Without(vec![3, 4]);
    let rest = parts.map(|part| count(&view, part));
    view.scope = Scope::Only(vec![3, 4]);
    let lifted = parts.map(|part| count(&view, part));
    for i in 0..4 {
        assert_eq!(rest[i] + lifted[i], all[i], "{}", parts[i]);
    }
    assert_eq!((lifted[0], lifted[1], lifted[2]), (1, 1, 2));
}

#[test]
fn without_what_is_lit_the_picture_is_that_of_nothing_selected() {
    let scene = sample_scene(20, 2);
    let plain = View::fit(&scene, Size::new(1400.0, 900.0), 10.0);
    let mut view = plain.clone();
    view.selected = vec![3];
    view.hovered = Hit::Table(5);
    view.frame = Some(scene.rect(1));
    view.guides = vec![(Point::default(), Point::new(0.0, 50.0))];
    let svg = |view: &View| svg_inline(&scene, view, &SvgOptions::default());
    assert_ne!(svg(&view), svg(&plain));
    view.layers.lit = false;
    assert_eq!(svg(&view), svg(&plain));
    view.layers = Layers {
        background: false,
        areas: false,
        links: false,
        tables: false,
        lit: true,
    };
    let lit = svg(&view);
    assert!(lit.contains("er-selection-line") && lit.contains("er-accent-line"));
    assert_eq!(lit.matches("er-edge").count(), {
        let mut links = scene.links_of(3).to_vec();
        links.extend(scene.links_of(5));
        links.sort_unstable();
        links.dedup();
        links.len()
    });
}

#[test]
fn settling_in_parts_comes_to_the_same_as_at_once() {
    for most in [1, 7, 10_000] {
        let (mut one, mut other) = (sample_scene(30, 4), sample_scene(30, 4));
        for scene in [&mut one, &mut other] {
            scene.move_table(4, Point::new(900.0, 300.0));
            scene.change(&ViewChange::Hide {
                table: 9,
                hidden: true,
            });
        }
        other.settle();
        let mut parts = 0;
        let dirty = loop {
            parts += 1;
            if parts == 3 {
                // It begins anew when something moves meanwhile.
                one.move_table(6, Point::new(100.0, 900.0));
                other.move_table(6, Point::new(100.0, 900.0));
                other.settle();
            }
            if let Some(dirty) = one.settle_some(most) {
                break dirty;
            }
        };
        assert!(!dirty.is_empty());
        assert_eq!(one.routes(), other.routes());
        let world = one.bounds();
        assert_eq!(one.visible_links(&world), other.visible_links(&world));
        let nothing = loop {
            if let Some(dirty) = one.settle_some(most) {
                break dirty;
            }
        };
        assert!(nothing.is_empty());
    }
}

#[test]
fn tables_that_move_together_keep_their_links() {
    let mut one = sample_scene(30, 4);
    let tables: Vec<usize> = (0..12).collect();
    let before = one.routes().to_vec();
    let places: Vec<(usize, Point)> = tables
        .iter()
        .map(|&table| (table, one.rect(table).min.offset(3000.0, 200.0)))
        .collect();
    let dirty = one.move_tables(&places);
    for (place, link) in one.graph().links.iter().enumerate() {
        let inside = [link.child(), link.parent()].map(|table| tables.contains(&table));
        let route = one.route(place).unwrap();
        match inside {
            [true, true] => {
                for (old, new) in before[place].points.iter().zip(&route.points) {
                    assert_eq!(old.offset(3000.0, 200.0), *new);
                }
            }
            [false, false] => assert_eq!(before[place], *route),
            _ => assert!(dirty.contains_rect(&route.bounds())),
        }
    }
    let world = one.bounds();
    let mut other = sample_scene(30, 4);
    for &(table, at) in &places {
        other.move_table(table, at);
    }
    assert_eq!(one.rects(), other.rects());
    assert_eq!(one.visible_links(&world).len(), one.graph().links.len());
    assert_eq!(one.move_tables(&[(4000, Point::default())]), Rect::EMPTY);
}

#[test]
fn a_place_is_kept_no_farther_out_than_views_take() {
    let far = spot(Point::new(f64::INFINITY, -2e5));
    assert_eq!(far, Spot { x: 1e5, y: -1e5 });
    let change = ViewChange::Place {
        table: 1,
        at: Some(far),
    };
    assert_eq!(check_changes(&[change]), Ok(()));
}

/// Routing takes longest of all: courses that were found for what stands so are not found again.
#[test]
fn courses_are_kept_where_the_arrangement_moves_nothing() {
    let graph = sample_graph(60, 2, 4);
    let options = LayoutOptions {
        effort: 0.02,
        ..LayoutOptions::default()
    };
    let mut found = layout(&graph, &options, &mut || false);
    let metrics = TextMetrics::default();
    let linked = (0..60)
        .max_by_key(|&table| graph.adjacency()[table].len())
        .unwrap();
    let mut arrangement = Arrangement::default();
    for (table, at) in graph.tables.iter().zip(&mut found.positions) {
        // As exact as a hand is, and as the page gets it.
        let exact = at.offset(0.123, 0.456);
        *at = Point::new(exact.x + 0.002, exact.y - 0.018);
        arrangement.places.insert(table.id, spot(exact));
    }
    arrangement.hidden.insert(graph.tables[linked].id);
    let routed = Scene::arranged(graph.clone(), &found, metrics, arrangement.clone());
    // The same as one after the other.
    let mut apart = Scene::new(graph.clone(), &found, metrics);
    apart.arrange(arrangement.clone());
    assert_eq!(apart.routes(), routed.routes());
    // Courses that nobody would find show that nothing is routed.
    let mut other = Scene::new(graph.clone(), &found, metrics);
    other.arrange(arrangement.clone());
    let far = other.rect((linked + 1) % 60).min.offset(5_000.0, 0.0);
    other.move_table((linked + 1) % 60, far);
    other.settle();
    assert_ne!(other.routes(), routed.routes());
    found.courses = other.courses();
    let mut kept = Scene::new(graph.clone(), &found, metrics);
    kept.arrange(arrangement.clone());
    assert_eq!(kept.routes(), other.routes());
    // Whatever moves or is shown again, all are routed.
    arrangement.hidden.clear();
    kept.arrange(arrangement.clone());
    apart.arrange(arrangement);
    assert_eq!(kept.routes(), apart.routes());
}
