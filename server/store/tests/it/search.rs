//! Finding by name.

use crate::fixture::{database_id, import, shop_import, table, wide};
use crate::support::{run, with_store};
use model::catalog::{SearchHit, SearchKind};
use model::schema::Schema;
use std::time::Instant;
use store::Store;

async fn search(store: &Store, text: &str) -> Vec<SearchHit> {
    store.search(text, 20).await.unwrap()
}

async fn labels(store: &Store, text: &str) -> Vec<String> {
    search(store, text)
        .await
        .into_iter()
        .map(|hit| hit.label)
        .collect()
}

#[tokio::test]
async fn the_better_a_name_fits_the_earlier_it_stands() {
    with_store(|store| async move {
        let schema = Schema {
            tables: vec![
                table("s.reorders", &["id"]),
                table("s.sales_orders", &["id"]),
                table("s.orders_archive", &["id"]),
                table("s.Orders", &["id"]),
                table("s.oders", &["id"]),
                table("s.lines", &["orders", "ordered"]),
            ],
            ..Schema::default()
        };
        import(&store, 1, "All orders", &schema).await;
        assert_eq!(
            labels(&store, "orders").await,
            [
                "Orders",
                "lines.orders",
                "orders_archive",
                "All orders",
                "sales_orders",
                "reorders"
            ]
        );
        // Mistyped: nothing is called so, and what resembles it stands by resemblance.
        let typo = labels(&store, "ordres").await;
        assert!(typo.contains(&"Orders".to_owned()), "{typo:?}");
        assert_eq!(labels(&store, "zzzzzz").await, Vec::<String>::new());
        assert_eq!(labels(&store, " \0 ").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_hit_says_what_and_where_it_is() {
    with_store(|store| async move {
        shop_import(&store).await;
        let id = database_id(1);
        let hits = search(&store, "customers").await;
        assert_eq!(
            hits[0],
            SearchHit {
                kind: SearchKind::Table,
                label: "customers".to_owned(),
                context: "Shop / sales".to_owned(),
                detail: Some("Everybody who ever bought".to_owned()),
                address: format!("/databases/{id}/tables/sales.customers"),
            }
        );
        let hits = search(&store, "email").await;
        assert_eq!(
            hits[0],
            SearchHit {
                kind: SearchKind::Column,
                label: "customers.email".to_owned(),
                context: "Shop / sales".to_owned(),
                detail: Some("text".to_owned()),
                address: format!("/databases/{id}/tables/sales.customers#column-email"),
            }
        );
        let hits = search(&store, "SHO").await;
        assert_eq!(hits[0].kind, SearchKind::Database);
        assert_eq!(hits[0].address, format!("/databases/{id}"));
    })
    .await;
}

#[tokio::test]
async fn both_halves_of_a_qualified_name_count() {
    with_store(|store| async move {
        shop_import(&store).await;
        assert_eq!(labels(&store, "sales.ord").await, ["orders", "order_lines"]);
        assert_eq!(labels(&store, "orders.cust").await, ["orders.customer_id"]);
        assert_eq!(labels(&store, "SALES.orders.TOTAL").await, ["orders.total"]);
        assert_eq!(labels(&store, "order lines").await[0], "order_lines");
        assert_eq!(labels(&store, "web.").await, ["events"]);
    })
    .await;
}

#[tokio::test]
async fn partitions_and_what_is_gone_are_not_found() {
    with_store(|store| async move {
        shop_import(&store).await;
        assert!(
            !labels(&store, "events_1")
                .await
                .contains(&"events_1".to_owned())
        );
        run(
            &store,
            "update tables set gone_at = now() where table_name = 'orders'",
        )
        .await
        .unwrap();
        assert!(
            !labels(&store, "orders")
                .await
                .contains(&"orders".to_owned())
        );
        assert_eq!(labels(&store, "placed_at").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn wildcards_are_names_like_any_other() {
    with_store(|store| async move {
        let schema = Schema {
            tables: vec![table("s.a%b_c", &["id"]), table("s.aXbYc", &["id"])],
            ..Schema::default()
        };
        import(&store, 1, "Odd", &schema).await;
        assert_eq!(labels(&store, "%b_").await, ["a%b_c"]);
    })
    .await;
}

#[tokio::test]
async fn columns_that_every_table_has_leave_room_for_the_rest() {
    with_store(|store| async move {
        let mut schema = wide(60);
        schema.tables.push(table("s.status_codes", &["id"]));
        import(&store, 1, "Wide", &schema).await;
        let hits = search(&store, "status_code").await;
        assert_eq!(hits.len(), 20);
        assert!(hits.iter().any(|hit| hit.label == "status_codes"));
    })
    .await;
}

/// Nothing is timed against a limit here; the figures are printed for whoever looks.
#[tokio::test]
async fn a_large_catalog_is_searched_by_index() {
    with_store(|store| async move {
        import(&store, 1, "Wide", &wide(2_000)).await;
        run(&store, "analyze").await.unwrap();
        for text in [
            "id",
            "table_01",
            "address",
            "table_00001.cust",
            "curency",
            "s3.table_00",
        ] {
            let start = Instant::now();
            let hits = search(&store, text).await;
            println!("{text}: {} hits in {:?}", hits.len(), start.elapsed());
            assert!(!hits.is_empty(), "{text}");
        }
    })
    .await;
}
