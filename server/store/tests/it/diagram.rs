//! What a diagram draws.

use crate::fixture::{database_id, import, shop_import};
use crate::support::{number, run, with_store};
use model::schema::{Schema, TableKind};
use serde_json::json;

#[tokio::test]
async fn a_diagram_has_tables_and_links_between_them() {
    with_store(|store| async move {
        shop_import(&store).await;
        let rows = store.diagram_rows(&database_id(1)).await.unwrap().unwrap();
        assert_eq!(rows.database_name, "Shop");
        let tables: Vec<_> = rows
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(
            tables,
            ["big_orders", "customers", "order_lines", "orders", "events"]
        );
        assert_eq!(rows.tables[0].kind, TableKind::View);
        let customers = &rows.tables[1];
        let columns: Vec<_> = customers
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(columns, ["id", "email", "full_name"]);
        assert!(customers.columns[0].primary_key && !customers.columns[0].nullable);
        assert!(customers.columns[1].unique && customers.columns[1].data_type == "text");

        let name_of = |id| {
            let found = rows.tables.iter().find(|table| table.id == id);
            found.unwrap().name.as_str()
        };
        let links: Vec<_> = rows
            .links
            .iter()
            .map(|link| {
                (
                    name_of(link.from),
                    link.from_columns.join(","),
                    name_of(link.to),
                )
            })
            .collect();
        assert_eq!(
            links,
            [
                ("order_lines", "order_id".to_owned(), "orders"),
                ("order_lines", "parent_line_id".to_owned(), "order_lines"),
                ("orders", "customer_id".to_owned(), "customers"),
                ("events", "customer_id".to_owned(), "customers"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_database_without_tables_is_not_one_that_is_not_there() {
    with_store(|store| async move {
        import(&store, 1, "Empty", &Schema::default()).await;
        let rows = store.diagram_rows(&database_id(1)).await.unwrap().unwrap();
        assert_eq!((rows.tables.len(), rows.links.len()), (0, 0));
        assert!(store.diagram_rows(&database_id(2)).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn layouts_are_kept_up_to_a_bound() {
    with_store(|store| async move {
        import(&store, 1, "Empty", &Schema::default()).await;
        let id = database_id(1);
        assert_eq!(store.layout_fetch(&id, "k").await.unwrap(), None);
        store
            .layout_store(&id, "k", &json!({ "x": [1.5, -2] }))
            .await
            .unwrap();
        store
            .layout_store(&id, "k", &json!({ "x": [0.1] }))
            .await
            .unwrap();
        assert_eq!(
            store.layout_fetch(&id, "k").await.unwrap(),
            Some(json!({ "x": [0.1] }))
        );
        for place in 0..70 {
            store
                .layout_store(&id, &format!("k{place}"), &json!([]))
                .await
                .unwrap();
        }
        assert_eq!(
            number(&store, "select count(*) from diagram_layouts").await,
            64
        );
        assert_eq!(store.layout_fetch(&id, "k").await.unwrap(), None);
        assert!(store.layout_fetch(&id, "k69").await.unwrap().is_some());
        // A database that went away meanwhile is no failure.
        store
            .layout_store(&database_id(2), "k", &json!([]))
            .await
            .unwrap();
        run(&store, "delete from databases").await.unwrap();
        assert_eq!(
            number(&store, "select count(*) from diagram_layouts").await,
            0
        );
    })
    .await;
}
