//! Views at other levels than the one they were arranged for.

use super::*;
use diagram::geometry::Rect;
use diagram::measure::measure;

/// The boxes of the tables, as they are drawn.
fn boxes(data: &DiagramData) -> Vec<Rect> {
    let metrics = diagram::layout::LayoutOptions::default().metrics;
    let models = measure(&data.graph, data.layout.detail, &metrics);
    let positions = data.layout.positions.iter();
    positions
        .zip(models)
        .map(|(at, model)| Rect::new(*at, model.size))
        .collect()
}

fn covered(data: &DiagramData) -> usize {
    let boxes = boxes(data);
    let pairs = (0..boxes.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    pairs.filter(|&(a, b)| boxes[a].overlaps(&boxes[b])).count()
}

#[tokio::test]
async fn boxes_that_grow_cover_nothing_and_what_is_kept_stays() {
    with_shop(async |shop| {
        let query = DiagramQuery {
            level: Some("names".to_owned()),
            show: Some("*".to_owned()),
            ..DiagramQuery::default()
        };
        let new = NewView {
            query,
            ..shared("Tight")
        };
        let view = shop.make(&shop.olga, new).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let ids = ["customers", "orders", "items"].map(|name| id_of(&data, name));
        let [first, second, third] = ids;
        // One below the other, as close as names allow.
        let height = boxes(&data)[0].height() + 8.0;
        let pinned = ViewChange::Pin {
            table: first,
            pinned: true,
        };
        let stack = vec![
            put(first, 0.0, 0.0),
            put(second, 0.0, height),
            put(third, 0.0, 2.0 * height),
            pinned,
        ];
        shop.arrange(&shop.olga, &view, stack).await;
        let tight = shop.open(&shop.emil, &view).await;
        assert_eq!(covered(&tight), 0);
        assert_eq!(place_of(&tight, "orders"), (0.0, height));

        let taller = DiagramQuery {
            level: Some("all".to_owned()),
            ..DiagramQuery::of_view(&view)
        };
        let tall = shop.diagram(&shop.emil, &taller).await;
        assert_eq!(covered(&tall), 0);
        assert_eq!(place_of(&tall, "customers"), (0.0, 0.0));
        assert_ne!(place_of(&tall, "orders"), (0.0, height));
        // The page draws what is arranged where the layout has it.
        let spot = tall.arrangement.places[&second];
        assert_eq!((spot.x, spot.y), place_of(&tall, "orders"));
        // It knows where the view has them, to put them back there.
        let kept = tall.apart.iter().find(|(table, _)| *table == second);
        assert_eq!(kept, Some(&(second, Spot { x: 0.0, y: height })));
        assert!(tall.apart.iter().all(|(table, _)| *table != first));

        // Nothing of it is kept.
        let again = shop.open(&shop.emil, &view).await;
        assert_eq!(places(&again), places(&tight));
        assert_eq!(again.apart, []);
    })
    .await;
}
