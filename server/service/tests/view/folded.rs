//! What a view keeps of the boxes that stand for folded groups.

use super::*;
use model::box_id::{is_group, schema_box};

/// Two schemas that know each other.
const HOUSES: &str = "
    CREATE TABLE sales.customers (id bigint PRIMARY KEY);
    CREATE TABLE sales.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES sales.customers);
    CREATE TABLE stock.bins (id bigint PRIMARY KEY);
    CREATE TABLE stock.parts (id bigint PRIMARY KEY, bin_id bigint REFERENCES stock.bins,
        order_id bigint REFERENCES sales.orders);
    CREATE TABLE stock.seals (id bigint PRIMARY KEY, bin_id bigint REFERENCES stock.bins);
    CREATE TABLE stock.tags (id bigint PRIMARY KEY, bin_id bigint REFERENCES stock.bins);
";

fn folding(fold: &str) -> NewView {
    NewView {
        query: DiagramQuery {
            fold: Some(fold.to_owned()),
            ..DiagramQuery::default()
        },
        ..shared(fold)
    }
}

fn names(data: &DiagramData) -> Vec<&str> {
    let tables = data.graph.tables.iter();
    tables.map(|table| table.name.as_str()).collect()
}

#[tokio::test]
async fn what_is_arranged_of_a_folded_group_stays() {
    with_shop(async |shop| {
        shop.import_again(HOUSES).await;
        for fold in ["stock", "~stock.seals"] {
            let view = shop.make(&shop.olga, folding(fold)).await.summary.id;
            let before = shop.open(&shop.olga, &view).await;
            let group = before.graph.tables.iter().find(|it| is_group(it.id));
            let (group, name) = group.map(|it| (it.id, it.name.as_str())).unwrap();
            // It begins where it was seen.
            assert!(before.arrangement.places.contains_key(&group));
            assert_eq!(before.view.clone().unwrap().unplaced, Vec::<i64>::new());
            let since = before.view.as_ref().unwrap().summary.revision;
            let arranged = vec![
                put(group, -900.0, 42.0),
                ViewChange::Pin {
                    table: group,
                    pinned: true,
                },
                ViewChange::Colour {
                    table: group,
                    colour: Some(ViewColour::Teal),
                },
                // What one picture alone has is nobody's.
                put(-3, 1.0, 1.0),
            ];
            shop.arrange(&shop.emil, &view, arranged).await;
            let after = shop.open(&shop.olga, &view).await;
            assert_eq!(place_of(&after, name), (-900.0, 42.0));
            assert!(after.arrangement.pinned.contains(&group));
            assert_eq!(
                after.arrangement.colours.get(&group),
                Some(&ViewColour::Teal)
            );
            assert!(!after.arrangement.places.contains_key(&-3));
            let services = &shop.catalog.services;
            let news = services.view_news(&shop.olga, &shop.id, &view, since).await;
            assert_eq!(news.unwrap().changes.len(), 3);
            // Unfolded it is not there, and folded again it is where it was.
            let open = DiagramQuery {
                fold: Some("none".to_owned()),
                ..DiagramQuery::of_view(&view)
            };
            let open = shop.diagram(&shop.olga, &open).await;
            assert_eq!(open.graph.tables.len(), 6);
            let after = shop.open(&shop.olga, &view).await;
            assert_eq!(place_of(&after, name), (-900.0, 42.0));
            // Hidden, it is in no file.
            let hide = ViewChange::Hide {
                table: group,
                hidden: true,
            };
            shop.arrange(&shop.emil, &view, vec![hide]).await;
            let query = DiagramQuery::of_view(&view);
            let file = services.diagram_export(&shop.vera, &shop.id, &query, "svg", false);
            let text = file.await.unwrap().text;
            assert!(text.contains("orders") && !text.contains(name), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_group_stays_where_it_is_when_others_come() {
    with_shop(async |shop| {
        shop.import_again(HOUSES).await;
        let view = shop.make(&shop.olga, folding("stock,art")).await.summary.id;
        let stock = schema_box("stock");
        shop.arrange(&shop.olga, &view, vec![put(stock, -900.0, 42.0)])
            .await;
        let more = format!("{HOUSES} CREATE TABLE art.works (id bigint PRIMARY KEY);");
        shop.import_again(&more).await;
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&after), ["customers", "orders", "art.*", "stock.*"]);
        assert_eq!(place_of(&after, "stock.*"), (-900.0, 42.0));
        // The new one is told to be without a place, as a new table is.
        let unplaced = after.view.unwrap().unplaced;
        assert_eq!(unplaced, [schema_box("art")]);
    })
    .await;
}

#[tokio::test]
async fn tables_in_a_box_keep_their_places_when_a_view_folds_from_now_on() {
    with_shop(async |shop| {
        shop.import_again(HOUSES).await;
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let before = shop.open(&shop.olga, &view).await;
        let bins = id_of(&before, "bins");
        shop.arrange(&shop.olga, &view, vec![put(bins, 7000.0, 80.0)])
            .await;
        let patch = |fold: &str| ViewPatch {
            query: Some(DiagramQuery {
                fold: Some(fold.to_owned()),
                ..DiagramQuery::default()
            }),
            ..ViewPatch::default()
        };
        let change = services.view_change(&shop.olga, &shop.id, &view, patch("stock"));
        change.await.unwrap();
        let folded = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&folded), ["customers", "orders", "stock.*"]);
        let places = &folded.arrangement.places;
        assert!(places.contains_key(&schema_box("stock")), "{places:?}");
        assert_eq!(place_of(&folded, "orders"), place_of(&before, "orders"));
        assert_eq!(folded.view.unwrap().unplaced, Vec::<i64>::new());
        let change = services.view_change(&shop.olga, &shop.id, &view, patch("none"));
        change.await.unwrap();
        let open = shop.open(&shop.olga, &view).await;
        assert_eq!(place_of(&open, "bins"), (7000.0, 80.0));
        // The box is no longer there, and nothing is kept of it.
        let places = &open.arrangement.places;
        assert!(!places.contains_key(&schema_box("stock")), "{places:?}");
    })
    .await;
}
