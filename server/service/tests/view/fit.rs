//! Which tables a view has when it is to show something else from now on, and when it begins.

use super::*;
use model::box_id::schema_box;
use model::id::TableId;

impl Shop {
    async fn show(&self, view: &ViewId, query: DiagramQuery) {
        let services = &self.catalog.services;
        let patch = ViewPatch {
            query: Some(query),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&self.olga, &self.id, view, patch);
        changed.await.unwrap();
    }
}

fn names(data: &DiagramData) -> Vec<&str> {
    let tables = data.graph.tables.iter();
    tables.map(|table| table.name.as_str()).collect()
}

fn showing(show: &str) -> NewView {
    NewView {
        query: DiagramQuery::showing(show),
        ..shared(show)
    }
}

#[tokio::test]
async fn another_level_takes_no_table_away() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, showing("orders,items")).await;
        let (query, view) = (view.query, view.summary.id);
        let all = shop.diagram(&shop.olga, &DiagramQuery::default()).await;
        let customers = id_of(&all, "customers");
        // Added by hand: it has a place there.
        shop.arrange(&shop.olga, &view, vec![put(customers, -500.0, 10.0)])
            .await;
        shop.import_again(&SHOP.replace("items", "parts")).await;
        let before = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&before), ["customers", "orders", "items"]);
        let keys = DiagramQuery {
            level: Some("keys".to_owned()),
            ..query
        };
        shop.show(&view, keys).await;
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&after), names(&before));
        assert_eq!(place_of(&after, "customers"), (-500.0, 10.0));
        // What disappeared stays until somebody dismisses it.
        let items = id_of(&before, "items");
        assert_eq!(after.view.unwrap().ghosts, [items]);
        // Other tables are others: of what was there only what disappeared is left.
        shop.show(&view, DiagramQuery::showing("parts")).await;
        let other = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&other), ["parts", "items"]);
        let dismissed =
            shop.catalog
                .services
                .ghost_dismiss(&shop.olga, &shop.id, &view, TableId(items));
        dismissed.await.unwrap();
        assert_eq!(names(&shop.open(&shop.olga, &view).await), ["parts"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_view_no_longer_says_brings_no_tables() {
    with_shop(async |shop| {
        let new = NewView {
            query: DiagramQuery {
                path: Some("items, customers".to_owned()),
                ..DiagramQuery::default()
            },
            ..shared("A way")
        };
        let view = shop.make(&shop.olga, new).await.summary.id;
        shop.show(&view, DiagramQuery::showing("customers")).await;
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&after), ["customers"]);
        assert_eq!(after.shown.path, None);
    })
    .await;
}

#[tokio::test]
async fn what_is_only_looked_at_does_not_become_the_views() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, showing("orders")).await.summary.id;
        for query in [
            DiagramQuery::showing("*"),
            DiagramQuery {
                path: Some("items, customers".to_owned()),
                ..DiagramQuery::default()
            },
        ] {
            let query = DiagramQuery {
                view: Some(view.to_string()),
                ..query
            };
            let data = shop.diagram(&shop.olga, &query).await;
            assert_eq!(data.graph.tables.len(), 3);
            assert_eq!(data.view.unwrap().unplaced, Vec::<i64>::new());
        }
    })
    .await;
}

const HOUSES: &str = "
    CREATE TABLE sales.orders (id bigint PRIMARY KEY);
    CREATE TABLE stock.bins (id bigint PRIMARY KEY);
    CREATE TABLE stock.parts (id bigint PRIMARY KEY, bin_id bigint REFERENCES stock.bins,
        order_id bigint REFERENCES sales.orders);
";

#[tokio::test]
async fn a_copy_of_a_view_that_folds_has_the_places_in_the_boxes_too() {
    with_shop(async |shop| {
        shop.import_again(HOUSES).await;
        let view = shop.make(&shop.olga, showing("*")).await.summary.id;
        let open = shop.open(&shop.olga, &view).await;
        shop.arrange(
            &shop.olga,
            &view,
            vec![put(id_of(&open, "bins"), 4000.0, 20.0)],
        )
        .await;
        let folded = |fold: &str| DiagramQuery {
            fold: Some(fold.to_owned()),
            ..DiagramQuery::showing("*")
        };
        shop.show(&view, folded("stock")).await;
        // Again, at another level: the tables in the box stay where they are.
        let keys = DiagramQuery {
            level: Some("keys".to_owned()),
            ..folded("stock")
        };
        shop.show(&view, keys).await;
        let services = &shop.catalog.services;
        let copy = services.view_duplicate(&shop.vera, &shop.id, &view).await;
        let copy = copy.unwrap().summary.id;
        for (ctx, view) in [(&shop.olga, view), (&shop.vera, copy)] {
            let data = shop.open(ctx, &view).await;
            assert_eq!(names(&data), ["orders", "stock.*"]);
            assert!(data.arrangement.places.contains_key(&schema_box("stock")));
            let query = DiagramQuery {
                fold: Some("none".to_owned()),
                ..DiagramQuery::of_view(&view)
            };
            let open = shop.diagram(ctx, &query).await;
            assert_eq!(place_of(&open, "bins"), (4000.0, 20.0));
        }
    })
    .await;
}

/// A large database shows its best connected first; in a view they are known by their places, which
/// those in a box do not have.
#[tokio::test]
async fn a_view_of_hubs_that_folds_keeps_its_box() {
    with_shop(async |shop| {
        let mut text = String::from(HOUSES);
        for number in 0..170 {
            text.push_str(&format!(
                "CREATE TABLE stock.spoke_{number} (id bigint PRIMARY KEY, \
                 bin_id bigint REFERENCES stock.bins);"
            ));
        }
        shop.import_again(&text).await;
        let new = NewView {
            query: DiagramQuery {
                fold: Some("stock".to_owned()),
                ..DiagramQuery::default()
            },
            ..named("Hubs")
        };
        let before = shop.diagram(&shop.olga, &new.query).await;
        assert!(before.hubs_only);
        let inside = |data: &DiagramData| {
            let group = data.graph.tables.iter().find(|it| it.name == "stock.*");
            group.and_then(|it| it.row_count)
        };
        assert!(inside(&before).is_some());
        let view = shop.make(&shop.olga, new).await.summary.id;
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(
            (names(&after), inside(&after)),
            (names(&before), inside(&before))
        );
    })
    .await;
}
