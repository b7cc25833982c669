//! Places for what came later: nothing that has a place moves, nothing overlaps.

use diagram::detail::Detail;
use diagram::geometry::{Point, Rect, Size};
use diagram::graph::Graph;
use diagram::layout::{LayoutOptions, beside, layout, separate};
use diagram::measure::{TextMetrics, measure};
use diagram::sample::{Random, sample_graph};

fn sizes(graph: &Graph, detail: Detail) -> Vec<Size> {
    measure(graph, detail, &TextMetrics::default())
        .iter()
        .map(|model| model.size)
        .collect()
}

fn rects(places: &[Point], sizes: &[Size]) -> Vec<Rect> {
    places
        .iter()
        .zip(sizes)
        .map(|(&at, &size)| Rect::new(at, size))
        .collect()
}

fn laid_out(graph: &Graph, detail: Detail) -> Vec<Point> {
    let options = LayoutOptions {
        detail,
        effort: 0.02,
        ..LayoutOptions::default()
    };
    layout(graph, &options, &mut || false).positions
}

#[test]
fn what_has_a_place_keeps_it_and_what_is_new_covers_nothing() {
    for seed in 0..4 {
        let graph = sample_graph(20 + 15 * seed as usize, 1 + seed as usize % 3, seed);
        for detail in Detail::ALL {
            let mut random = Random::new(seed + 1);
            let full = laid_out(&graph, detail);
            let places: Vec<Option<Point>> = full
                .iter()
                .map(|&at| (random.below(10) < 7).then_some(at))
                .collect();
            let metrics = TextMetrics::default();
            let found = beside(&graph, detail, &metrics, &places, &mut || false);
            assert_eq!(found.len(), graph.tables.len());
            for (now, before) in found.iter().zip(&places) {
                assert!(before.is_none_or(|before| before == *now));
            }
            let rects = rects(&found, &sizes(&graph, detail));
            for (i, a) in rects.iter().enumerate() {
                for b in &rects[i + 1..] {
                    assert!(!a.overlaps(b), "seed {seed}, {detail:?}: {a:?} {b:?}");
                }
            }
            assert_eq!(
                found,
                beside(&graph, detail, &metrics, &places, &mut || false)
            );
        }
    }
}

#[test]
fn a_new_table_stands_beside_its_neighbours() {
    let graph = sample_graph(60, 2, 5);
    let full = laid_out(&graph, Detail::All);
    let sizes = sizes(&graph, Detail::All);
    let near = graph.adjacency();
    let whole = rects(&full, &sizes)
        .into_iter()
        .fold(Rect::EMPTY, |all, r| all.union(&r));
    let (mut sum, mut count) = (0.0, 0);
    for table in (0..graph.tables.len()).filter(|&t| !near[t].is_empty()) {
        let mut places: Vec<Option<Point>> = full.iter().copied().map(Some).collect();
        places[table] = None;
        let found = beside(
            &graph,
            Detail::All,
            &TextMetrics::default(),
            &places,
            &mut || false,
        );
        let own = Rect::new(found[table], sizes[table]).center();
        let nearest = near[table]
            .iter()
            .map(|&o| Rect::new(found[o as usize], sizes[o as usize]).center())
            .map(|other| other.distance(own))
            .fold(f64::INFINITY, f64::min);
        sum += nearest;
        count += 1;
    }
    let usual = sum / f64::from(count);
    assert!(usual < whole.width() / 4.0, "{usual} of {}", whole.width());
}

#[test]
fn without_any_place_all_get_one_and_without_tables_there_is_none() {
    let graph = sample_graph(40, 2, 3);
    for places in [vec![], vec![None; 40]] {
        let found = beside(
            &graph,
            Detail::Keys,
            &TextMetrics::default(),
            &places,
            &mut || false,
        );
        let rects = rects(&found, &sizes(&graph, Detail::Keys));
        for (i, a) in rects.iter().enumerate() {
            assert!(rects[i + 1..].iter().all(|b| !a.overlaps(b)));
        }
    }
    let none = beside(
        &Graph::default(),
        Detail::All,
        &TextMetrics::default(),
        &[Some(Point::default())],
        &mut || false,
    );
    assert!(none.is_empty());
}

#[test]
fn a_place_that_is_no_number_is_survived() {
    let graph = sample_graph(12, 1, 3);
    let mut places = vec![None; 12];
    places[3] = Some(Point::new(f64::NAN, f64::INFINITY));
    let found = beside(
        &graph,
        Detail::All,
        &TextMetrics::default(),
        &places,
        &mut || false,
    );
    assert!(found.iter().all(|at| at.x.is_finite() && at.y.is_finite()));
}

#[test]
fn boxes_that_grew_are_pushed_apart_and_nothing_else_moves() {
    for seed in 0..3 {
        let graph = sample_graph(60, 1, seed);
        let (before, now) = (sizes(&graph, Detail::Names), sizes(&graph, Detail::All));
        let mut places = laid_out(&graph, Detail::Names);
        // Somebody put these over each other.
        places[5] = places[9].offset(4.0, 4.0);
        let mut pinned = vec![false; 60];
        pinned[7] = true;
        pinned[20] = true;
        let found = separate(&places, &before, &now, &pinned, &mut || false);
        assert_eq!((found[7], found[20]), (places[7], places[20]));
        let (old, new) = (rects(&places, &before), rects(&found, &now));
        for i in 0..60 {
            for j in 0..i {
                let allowed = old[i].overlaps(&old[j]) || (pinned[i] && pinned[j]);
                assert!(
                    allowed || !new[i].overlaps(&new[j]),
                    "seed {seed}: {i} and {j}"
                );
            }
        }
        assert_eq!(
            found,
            separate(&places, &before, &now, &pinned, &mut || false)
        );
        // Without growth nothing moves.
        assert_eq!(
            separate(&places, &before, &before, &pinned, &mut || false),
            places
        );
    }
}

#[test]
fn one_table_that_grew_moves_only_what_it_covers() {
    let size = Size::new(200.0, 40.0);
    // Two columns of four.
    let places: Vec<Point> = (0..8)
        .map(|i| Point::new(f64::from(i / 4) * 300.0, f64::from(i % 4) * 80.0))
        .collect();
    let before = vec![size; 8];
    let mut now = before.clone();
    now[1].height = 60.0;
    assert_eq!(separate(&places, &before, &now, &[], &mut || false), places);
    now[1].height = 100.0;
    let found = separate(&places, &before, &now, &[], &mut || false);
    for i in [0, 1, 4, 5, 6, 7] {
        assert_eq!(found[i], places[i], "{i}");
    }
    assert_eq!(found[2], Point::new(0.0, 80.0 + 100.0 + 24.0));
    assert!(found[3].y >= found[2].y + 40.0 && found[3].x == 0.0);
}

/// Whenever the time is up, nothing that has a place moves and nothing new covers anything.
#[test]
fn what_is_late_stands_below() {
    let graph = sample_graph(60, 2, 5);
    let metrics = TextMetrics::default();
    let full = laid_out(&graph, Detail::Names);
    let some: Vec<Option<Point>> = full
        .iter()
        .enumerate()
        .map(|(table, &at)| (table % 3 == 0).then_some(at))
        .collect();
    let (before, now) = (sizes(&graph, Detail::Names), sizes(&graph, Detail::All));
    for most in [0, 7, 25] {
        let mut asked = 0;
        let mut is_late = || {
            asked += 1;
            asked > most
        };
        let found = beside(&graph, Detail::Names, &metrics, &some, &mut is_late);
        for (now, before) in found.iter().zip(&some) {
            assert!(before.is_none_or(|before| before == *now));
        }
        let mut asked = 0;
        let mut is_late = || {
            asked += 1;
            asked > most
        };
        let pinned = [true];
        let apart = separate(&full, &before, &now, &pinned, &mut is_late);
        assert_eq!(apart[0], full[0]);
        for rects in [rects(&found, &before), rects(&apart, &now)] {
            for (i, a) in rects.iter().enumerate() {
                assert!(rects[i + 1..].iter().all(|b| !a.overlaps(b)), "{most}: {i}");
            }
        }
    }
}
