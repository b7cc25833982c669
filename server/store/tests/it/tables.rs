//! Lists of tables and single ones.

use crate::fixture::{database_id, import, name, shop_import, wide};
use crate::support::{run, with_store};
use model::catalog::{TableDetail, TableQuery, TableSort};
use model::schema::{ReferentialAction, TableKind};
use std::collections::HashSet;
use store::{Store, StoreError};

async fn names(store: &Store, query: &TableQuery) -> (Vec<String>, u64) {
    let page = store
        .table_list(&database_id(1), query)
        .await
        .unwrap()
        .unwrap();
    let names = page.rows.into_iter().map(|row| row.name).collect();
    (names, page.total)
}

fn all() -> TableQuery {
    TableQuery {
        limit: 100,
        ..TableQuery::default()
    }
}

#[tokio::test]
async fn tables_are_listed_with_partitions_folded() {
    with_store(|store| async move {
        shop_import(&store).await;
        let everything = all();
        let (listed, total) = names(&store, &everything).await;
        assert_eq!(
            listed,
            ["big_orders", "customers", "order_lines", "orders", "events"]
        );
        assert_eq!(total, 5);
        let query = TableQuery {
            kind: Some(TableKind::Partition),
            ..all()
        };
        assert_eq!(
            names(&store, &query).await,
            (vec!["events_1".to_owned()], 1)
        );
        let query = TableQuery {
            schema: Some("web".to_owned()),
            ..all()
        };
        assert_eq!(names(&store, &query).await, (vec!["events".to_owned()], 1));
        assert!(
            store
                .table_list(&database_id(9), &everything)
                .await
                .unwrap()
                .is_none()
        );

        run(
            &store,
            "update tables set gone_at = now() where table_name = 'orders'",
        )
        .await
        .unwrap();
        assert_eq!(names(&store, &everything).await.1, 4);
    })
    .await;
}

#[tokio::test]
async fn lists_are_searched_by_every_word() {
    with_store(|store| async move {
        shop_import(&store).await;
        for (text, found) in [
            ("ORDER", vec!["big_orders", "order_lines", "orders"]),
            ("sales.ord", vec!["order_lines", "orders"]),
            ("ever BOUGHT", vec!["customers"]),
            ("lines order", vec!["order_lines"]),
            ("order%", vec![]),
            ("o_d", vec![]),
            ("nothing", vec![]),
        ] {
            let query = TableQuery {
                text: text.to_owned(),
                ..all()
            };
            let (listed, total) = names(&store, &query).await;
            assert_eq!(listed, found, "{text}");
            assert_eq!(total, found.len() as u64);
        }
    })
    .await;
}

#[tokio::test]
async fn lists_are_ordered_as_asked() {
    with_store(|store| async move {
        shop_import(&store).await;
        run(
            &store,
            "update tables set row_count = 7 where table_name = 'events';
            update tables set row_count = 0 where table_name = 'orders'",
        )
        .await
        .unwrap();
        for (sort, listed) in [
            (
                TableSort::Rows,
                ["events", "orders", "big_orders", "customers", "order_lines"],
            ),
            (
                TableSort::Columns,
                ["order_lines", "orders", "customers", "events", "big_orders"],
            ),
            (
                TableSort::References,
                ["order_lines", "customers", "orders", "events", "big_orders"],
            ),
        ] {
            let query = TableQuery { sort, ..all() };
            assert_eq!(names(&store, &query).await.0, listed, "{sort:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    with_store(|store| async move {
        import(&store, 1, "Wide", &wide(100)).await;
        run(
            &store,
            "update tables set row_count = id % 5 where id % 3 = 0",
        )
        .await
        .unwrap();
        for sort in TableSort::ALL {
            for limit in [1, 7, 50, 100] {
                let mut query = TableQuery {
                    sort,
                    limit,
                    ..TableQuery::default()
                };
                let mut seen = Vec::new();
                loop {
                    let page = store
                        .table_list(&database_id(1), &query)
                        .await
                        .unwrap()
                        .unwrap();
                    assert_eq!(page.total, 100);
                    assert!(page.rows.len() <= limit as usize);
                    seen.extend(page.rows.into_iter().map(|row| row.id));
                    query.after = page.next;
                    if query.after.is_none() {
                        break;
                    }
                }
                let whole = TableQuery { sort, ..all() };
                let page = store
                    .table_list(&database_id(1), &whole)
                    .await
                    .unwrap()
                    .unwrap();
                let whole: Vec<_> = page.rows.into_iter().map(|row| row.id).collect();
                assert_eq!(seen, whole, "{sort:?} by {limit}");
                assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 100);
            }
        }
        let query = TableQuery {
            after: Some("nonsense".to_owned()),
            ..all()
        };
        let error = store.table_list(&database_id(1), &query).await.unwrap_err();
        assert!(matches!(error, StoreError::InvalidCursor));
    })
    .await;
}

async fn fetch(store: &Store, table: &str) -> TableDetail {
    store
        .table_fetch(&database_id(1), &name(table))
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn a_table_is_fetched_with_all_its_parts() {
    with_store(|store| async move {
        shop_import(&store).await;
        let orders = fetch(&store, "sales.orders").await;
        assert_eq!(orders.database_name, "Shop");
        assert_eq!(orders.summary.references_out, 1);
        assert_eq!(orders.summary.references_in, 1);
        let columns: Vec<_> = orders
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(columns, ["id", "customer_id", "total", "placed_at"]);
        let [id, customer, total, _] = &orders.columns[..] else {
            panic!()
        };
        assert!(id.primary_key && id.unique && id.indexed && !id.nullable);
        assert!(!customer.primary_key && !customer.unique && customer.indexed && customer.nullable);
        assert!(!total.indexed);
        assert_eq!(total.default.as_deref(), Some("0"));

        let [out] = &orders.references_out[..] else {
            panic!()
        };
        assert_eq!((out.table.as_str(), out.known), ("customers", true));
        assert_eq!(
            (&out.columns[0][..], &out.other_columns[0][..]),
            ("customer_id", "id")
        );
        assert_eq!(out.on_delete, ReferentialAction::Cascade);
        let [back] = &orders.references_in[..] else {
            panic!()
        };
        assert_eq!(
            (back.table.as_str(), &back.columns[0][..]),
            ("order_lines", "id")
        );
        assert_eq!(back.other_columns, ["order_id"]);

        let [key, by_customer] = &orders.indexes[..] else {
            panic!()
        };
        assert_eq!(key.constraint.as_deref(), Some("primary_key"));
        assert_eq!(by_customer.parts, ["customer_id", "placed_at"]);
        assert_eq!(by_customer.include, ["total"]);
        assert_eq!(by_customer.predicate.as_deref(), Some("total > 0"));
        let constraints: Vec<_> = orders
            .constraints
            .iter()
            .map(|constraint| (constraint.kind.as_str(), constraint.definition.as_str()))
            .collect();
        assert_eq!(
            constraints,
            [
                ("exclusion", "USING gist (id WITH =)"),
                ("check", "total >= 0")
            ]
        );
        assert_eq!(orders.triggers[0].0, "orders_touch");
        assert!(orders.usage.is_none());
    })
    .await;
}

#[tokio::test]
async fn odd_tables_are_fetched_too() {
    with_store(|store| async move {
        shop_import(&store).await;
        let customers = fetch(&store, "sales.customers").await;
        // The partition's copy of the key stands under its parent's.
        let into: Vec<_> = customers
            .references_in
            .iter()
            .map(|key| key.table.as_str())
            .collect();
        assert_eq!(into, ["orders", "events"]);
        assert_eq!(customers.summary.references_in, 2);
        assert!(customers.columns[1].unique);
        assert_eq!(customers.columns[0].identity.as_deref(), Some("always"));
        assert_eq!(customers.constraints[0].definition, "(email)");

        let lines = fetch(&store, "sales.order_lines").await;
        let known: Vec<_> = lines.references_out.iter().map(|key| key.known).collect();
        assert_eq!(known, [true, true, false]);
        assert_eq!(lines.references_out[2].table, "missing");
        assert_eq!(lines.references_in.len(), 1);

        let events = fetch(&store, "web.events").await;
        assert_eq!(events.partition_key.as_deref(), Some("RANGE (id)"));
        assert_eq!(events.partitions[0].bounds, "FOR VALUES FROM (1) TO (2)");
        assert_eq!(events.summary.partitions, 1);
        let part = fetch(&store, "web.events_1").await;
        assert_eq!(
            part.partition_of,
            Some(("web".to_owned(), "events".to_owned()))
        );

        let view = fetch(&store, "sales.big_orders").await;
        assert_eq!(view.summary.kind, TableKind::View);
        assert!(view.definition.is_some());
        for (number, table) in [(1, "sales.nothing"), (2, "sales.orders")] {
            let none = store.table_fetch(&database_id(number), &name(table)).await;
            assert!(none.unwrap().is_none());
        }
    })
    .await;
}
