//! What becomes of a view when its source changes.

use super::listen::heard;
use super::*;
use contract::source::Sources as _;
use model::diff::Rename;
use model::schema::QualifiedName;

const MORE: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
    CREATE TABLE parcels (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
";

fn rects_overlap(data: &DiagramData) -> bool {
    let boxes = diagram::measure::measure(
        &data.graph,
        data.layout.detail,
        &diagram::measure::TextMetrics::default(),
    );
    let rects: Vec<diagram::geometry::Rect> = boxes
        .iter()
        .zip(&data.layout.positions)
        .map(|(model, at)| diagram::geometry::Rect::new(*at, model.size))
        .collect();
    (0..rects.len()).any(|one| (0..one).any(|other| rects[one].intersects(&rects[other])))
}

#[tokio::test]
async fn new_tables_come_beside_and_gone_ones_stay_as_ghosts() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let before = shop.open(&shop.olga, &view).await;
        let items = id_of(&before, "items");
        shop.arrange(&shop.olga, &view, vec![put(items, -700.0, 33.0)])
            .await;
        let before = shop.open(&shop.olga, &view).await;
        shop.import_again(MORE).await;

        let after = shop.open(&shop.olga, &view).await;
        for name in ["customers", "orders", "items"] {
            assert_eq!(place_of(&after, name), place_of(&before, name), "{name}");
        }
        assert_eq!(after.graph.tables.len(), 4);
        assert!(!rects_overlap(&after));
        let open = after.view.clone().unwrap();
        assert_eq!(open.ghosts, [items]);
        assert_eq!(open.unplaced, [id_of(&after, "parcels")]);
        let ghost = after.graph.tables.iter().position(|it| it.id == items);
        assert!(after.graph.tables[ghost.unwrap()].gone);
        assert_eq!(after.graph.tables[ghost.unwrap()].columns.len(), 2);
        // What changed shows it too, as the one that the view knows: where the view has it, and
        // hidden where the view hides it.
        let changes = DiagramQuery {
            overlay: Some("changes".to_owned()),
            ..DiagramQuery::of_view(&view)
        };
        let changed = shop.diagram(&shop.olga, &changes).await;
        assert_eq!(id_of(&changed, "items"), items);
        assert_eq!(place_of(&changed, "items"), place_of(&before, "items"));
        assert_eq!(changed.view.unwrap().ghosts, [items]);
        // Where the address says which tables, there are no ghosts.
        let asked = DiagramQuery {
            show: Some("orders".to_owned()),
            ..DiagramQuery::of_view(&view)
        };
        let asked = shop.diagram(&shop.olga, &asked).await;
        assert_eq!(asked.graph.tables.len(), 1);

        let table = model::id::TableId(items);
        let refused = services.ghost_dismiss(&shop.vera, &shop.id, &view, table);
        assert_eq!(refused.await.unwrap_err().kind, ErrorKind::Forbidden);
        services
            .ghost_dismiss(&shop.emil, &shop.id, &view, table)
            .await
            .unwrap();
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(after.graph.tables.len(), 3);
        assert!(after.view.unwrap().ghosts.is_empty());
        // One that comes back is beside its neighbours like a new one.
        shop.import_again(SHOP).await;
        let back = shop.open(&shop.olga, &view).await;
        assert_eq!(id_of(&back, "items"), items);
        assert!(!rects_overlap(&back));
    })
    .await;
}

#[tokio::test]
async fn a_renamed_table_keeps_its_place() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, named("Mine")).await.summary.id;
        let before = shop.open(&shop.olga, &view).await;
        let items = id_of(&before, "items");
        shop.arrange(&shop.olga, &view, vec![put(items, 5_000.0, 33.0)])
            .await;
        shop.import_again(&SHOP.replace("items", "order_lines"))
            .await;
        // What is arranged of it under its new name meanwhile is not lost, either.
        let refreshed = shop.open(&shop.olga, &view).await;
        let lines = id_of(&refreshed, "order_lines");
        let hidden = ViewChange::Hide {
            table: lines,
            hidden: true,
        };
        shop.arrange(&shop.olga, &view, vec![put(lines, 1.0, 1.0), hidden])
            .await;
        let services = &shop.catalog.services;
        let signals = services.view_listen(&shop.olga, &shop.id, &view).await;
        let mut signals = signals.unwrap();
        let before = heard(&mut signals).await.unwrap();
        let rename = Rename::Table {
            old: QualifiedName::new("public", "items"),
            new: QualifiedName::new("public", "order_lines"),
        };
        shop.catalog
            .services
            .rename_confirm(&shop.olga, &shop.id, rename)
            .await
            .unwrap();
        // Whoever has the view open is told.
        assert_eq!(heard(&mut signals).await, Some(before + 1));
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(place_of(&after, "order_lines"), (5_000.0, 33.0));
        assert!(after.arrangement.hidden.contains(&items));
        assert_eq!(after.graph.tables.len(), 3);
        assert!(after.view.unwrap().ghosts.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_view_whose_tables_are_all_gone_says_so() {
    with_shop(async |shop| {
        let new = NewView {
            query: DiagramQuery::showing("orders,items"),
            ..named("Mine")
        };
        let view = shop.make(&shop.olga, new).await.summary.id;
        shop.import_again("CREATE TABLE people (id bigint PRIMARY KEY);")
            .await;
        let data = shop.open(&shop.olga, &view).await;
        assert_eq!(data.view.as_ref().unwrap().ghosts.len(), 2);
        assert!(
            data.notes.iter().any(|note| note.contains("is gone")),
            "{:?}",
            data.notes
        );
        for table in data.view.unwrap().ghosts {
            let table = model::id::TableId(table);
            shop.catalog
                .services
                .ghost_dismiss(&shop.olga, &shop.id, &view, table)
                .await
                .unwrap();
        }
        let data = shop.open(&shop.olga, &view).await;
        assert_eq!(data.graph.tables.len(), 0);
    })
    .await;
}

/// A large database shows its best connected first. A view of them stays of them.
#[tokio::test]
async fn a_view_of_hubs_keeps_its_tables() {
    with_shop(async |shop| {
        let mut text = String::from("CREATE TABLE hub (id bigint PRIMARY KEY);");
        for number in 0..170 {
            text.push_str(&format!(
                "CREATE TABLE spoke_{number:03} (id bigint PRIMARY KEY, hub_id bigint REFERENCES hub);"
            ));
        }
        shop.import_again(&text).await;
        let before = shop.diagram(&shop.olga, &DiagramQuery::default()).await;
        assert!(before.hubs_only);
        let view = shop.make(&shop.olga, named("Hubs")).await.summary.id;
        text.push_str("CREATE TABLE other_hub (id bigint PRIMARY KEY);");
        for number in 0..60 {
            text.push_str(&format!(
                "CREATE TABLE ray_{number} (id bigint PRIMARY KEY, hub_id bigint REFERENCES other_hub, \
                 other_id bigint REFERENCES hub);"
            ));
        }
        shop.import_again(&text).await;
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(places(&after), places(&before));
    })
    .await;
}
