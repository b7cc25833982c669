//! Import, lists and diagrams on a real catalog.

mod common;

use common::{script, with_editor, with_role};
use contract::catalog::Catalog as _;
use contract::error::ErrorKind;
use model::account::Role;
use model::catalog::{ImportRequest, SCRIPT_MAX_BYTES, ScriptDialect, TableQuery};
use model::diagram::DiagramQuery;
use model::provider::Provider;
use model::schema::QualifiedName;
use std::fmt::Write as _;

const SHOP: &str = "
    CREATE SCHEMA sales;
    CREATE TABLE sales.customers (id int PRIMARY KEY, email text UNIQUE NOT NULL);
    CREATE TABLE sales.orders (
        id int PRIMARY KEY,
        customer_id int NOT NULL REFERENCES sales.customers,
        coupon_id int
    );
    CREATE TABLE sales.invoices (
        order_id int PRIMARY KEY REFERENCES sales.orders
    );
    CREATE TABLE public.coupons (id int PRIMARY KEY);
    ALTER TABLE sales.orders ADD FOREIGN KEY (coupon_id) REFERENCES public.coupons;
    CREATE TABLE public.audit_log (id int);
    CREATE VIEW sales.newest AS SELECT * FROM sales.orders;
";

#[tokio::test]
async fn what_cannot_be_used_stores_nothing() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        for (request, kind, field) in [
            (script("", SHOP), ErrorKind::Invalid, Some("name")),
            (script("a\nb", SHOP), ErrorKind::Invalid, Some("name")),
            (
                script(&"x".repeat(121), SHOP),
                ErrorKind::Invalid,
                Some("name"),
            ),
            (script("shop", ""), ErrorKind::Invalid, Some("scripts")),
            (
                script("shop", "INSERT INTO a VALUES (1);"),
                ErrorKind::Invalid,
                Some("scripts"),
            ),
            (
                ImportRequest {
                    dialect: Some(ScriptDialect::Ddl(Provider::PostgreSql)),
                    ..script(
                        "shop",
                        "CREATE TABLE `a` (`x` int AUTO_INCREMENT) ENGINE=InnoDB;",
                    )
                },
                ErrorKind::Invalid,
                Some("scripts"),
            ),
            (
                ImportRequest {
                    name: "shop".to_owned(),
                    scripts: Vec::new(),
                    dialect: None,
                },
                ErrorKind::Invalid,
                Some("scripts"),
            ),
            (
                script("shop", &" ".repeat(SCRIPT_MAX_BYTES + 1)),
                ErrorKind::TooLarge,
                None,
            ),
        ] {
            let error = services.script_import(&ctx, request).await.unwrap_err();
            assert_eq!(
                (error.kind, error.field.as_deref()),
                (kind, field),
                "{error}"
            );
            assert_eq!(services.database_list(&ctx).await.unwrap(), []);
        }
    })
    .await;
}

#[tokio::test]
async fn a_script_becomes_a_database() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let outcome = services
            .script_import(&ctx, script("  Shop ", SHOP))
            .await
            .unwrap();
        assert_eq!(outcome.name, "Shop");
        assert_eq!((outcome.counts.tables, outcome.counts.foreign_keys), (5, 3));
        let list = services.database_list(&ctx).await.unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].counts, outcome.counts);
        let detail = services.database_fetch(&ctx, &outcome.id).await.unwrap();
        assert_eq!(detail.summary, list[0]);

        let page = services
            .table_list(
                &ctx,
                &outcome.id,
                TableQuery {
                    limit: 2,
                    ..TableQuery::default()
                },
            )
            .await
            .unwrap();
        assert_eq!((page.rows.len(), page.total), (2, 6));
        assert!(page.next.is_some());
        let orders = QualifiedName::new("sales", "orders");
        let table = services
            .table_fetch(&ctx, &outcome.id, &orders)
            .await
            .unwrap();
        assert_eq!(
            (table.references_out.len(), table.references_in.len()),
            (2, 1)
        );
        assert_eq!(table.usage, None);
        let nothing = QualifiedName::new("sales", "nothing");
        let error = services
            .table_fetch(&ctx, &outcome.id, &nothing)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);

        let hits = services.search(&ctx, "  custom ", 1000).await.unwrap();
        assert!(hits.iter().any(|hit| hit.label == "customers"), "{hits:?}");
        assert_eq!(services.search(&ctx, " ", 10).await.unwrap(), []);

        // Pages are parts of one order; one past the last is the last.
        let all = services.search_page(&ctx, "id", 1, 1000).await.unwrap();
        assert!(all.hits.len() > 2 && all.pages == 1 && !all.more, "{all:?}");
        let second = services.search_page(&ctx, "id", 2, 1).await.unwrap();
        assert_eq!((second.page, second.pages), (2, all.total));
        assert_eq!(second.hits, all.hits[1..2]);
        let last = services.search_page(&ctx, "id", u32::MAX, 1).await.unwrap();
        assert_eq!(last.page, all.total);
        let none = services
            .search_page(&ctx, "colour:red zzzzzz", 3, 10)
            .await
            .unwrap();
        assert_eq!((none.total, none.page, none.pages), (0, 1, 0));
        assert_eq!(none.query.words, ["colour:red", "zzzzzz"]);
        assert_eq!(none.query.notes.len(), 1);

        // The name belongs to one database, whatever its case, even when two come at once.
        let error = services
            .script_import(&ctx, script("SHOP", SHOP))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, error.field.as_deref()),
            (ErrorKind::Conflict, Some("name"))
        );
        let (one, two) = tokio::join!(
            services.script_import(&ctx, script("Twin", SHOP)),
            services.script_import(&ctx, script("twin", SHOP)),
        );
        let error = one.and(two).unwrap_err();
        assert_eq!(
            (error.kind, error.field.as_deref()),
            (ErrorKind::Conflict, Some("name"))
        );

        services.database_delete(&ctx, &outcome.id).await.unwrap();
        for error in [
            services
                .database_delete(&ctx, &outcome.id)
                .await
                .unwrap_err(),
            services
                .database_fetch(&ctx, &outcome.id)
                .await
                .unwrap_err(),
            services
                .diagram_fetch(&ctx, &outcome.id, &DiagramQuery::default())
                .await
                .unwrap_err(),
            services
                .table_fetch(&ctx, &outcome.id, &orders)
                .await
                .unwrap_err(),
            services
                .table_list(&ctx, &outcome.id, TableQuery::default())
                .await
                .unwrap_err(),
        ] {
            assert_eq!(error.kind, ErrorKind::NotFound);
        }
        services
            .script_import(&ctx, script("Shop", SHOP))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_diagram_shows_what_its_address_says() {
    with_editor(async |catalog, editor| {
        let ctx = with_role(Role::Viewer);
        let services = &catalog.services;
        let id = services
            .script_import(&editor, script("Shop", SHOP))
            .await
            .unwrap()
            .id;
        let show = async |show: Option<&str>| {
            let query = show.map(DiagramQuery::showing).unwrap_or_default();
            services.diagram_fetch(&ctx, &id, &query).await.unwrap()
        };

        let whole = show(None).await;
        assert!(!whole.hubs_only && !whole.layout_cached);
        assert_eq!(whole.database_name, "Shop");
        assert_eq!((whole.tables_total, whole.graph.links.len()), (6, 3));
        assert_eq!(whole.layout.positions.len(), whole.graph.tables.len());
        let table = |name: &str| {
            whole
                .graph
                .tables
                .iter()
                .position(|table| table.name == name)
                .unwrap()
        };
        let link = |child: &str, parent: &str| {
            whole
                .graph
                .links
                .iter()
                .find(|link| (link.child(), link.parent()) == (table(child), table(parent)))
                .unwrap()
        };
        let ends = |child, parent| (link(child, parent).optional, link(child, parent).unique);
        assert_eq!(ends("orders", "customers"), (false, false));
        assert_eq!(ends("orders", "coupons"), (true, false));
        assert_eq!(ends("invoices", "orders"), (false, true));
        let customer_id = &whole.graph.tables[table("orders")].columns[1];
        assert!(customer_id.foreign_key && !customer_id.primary_key && !customer_id.nullable);
        let email = &whole.graph.tables[table("customers")].columns[1];
        assert!(email.unique && !email.foreign_key);
        assert_eq!(
            whole.graph.tables[link("orders", "coupons").child()].columns
                [usize::from(link("orders", "coupons").from_columns[0])]
            .name,
            "coupon_id"
        );

        let again = show(None).await;
        assert!(again.layout_cached);
        assert_eq!(
            (again.graph, again.layout),
            (whole.graph.clone(), whole.layout.clone())
        );

        let names = |data: &contract::catalog::DiagramData| {
            let mut names: Vec<String> = data
                .graph
                .tables
                .iter()
                .map(|table| table.name.clone())
                .collect();
            names.sort();
            names
        };
        let some = show(Some("orders,nothing")).await;
        assert_eq!(names(&some), ["orders"]);
        assert_eq!(
            (some.unknown, some.graph.links.len()),
            (vec!["nothing".to_owned()], 0)
        );
        assert_eq!(
            names(&show(Some("customers+1")).await),
            ["customers", "orders"]
        );
        assert_eq!(
            names(&show(Some("sales.*,-newest")).await),
            ["customers", "invoices", "orders"]
        );
        assert_eq!(show(Some("*")).await.graph, whole.graph);
        assert!(show(Some("nothing")).await.graph.tables.is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_many_tables_the_hubs_are_shown() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let mut text = String::from("CREATE TABLE hub (id int PRIMARY KEY);");
        for number in 1..=400 {
            write!(
                text,
                "CREATE TABLE t{number} (id int PRIMARY KEY, hub_id int REFERENCES hub);"
            )
            .unwrap();
        }
        let id = services
            .script_import(&ctx, script("Large", &text))
            .await
            .unwrap()
            .id;
        let hubs = services
            .diagram_fetch(&ctx, &id, &DiagramQuery::default())
            .await
            .unwrap();
        assert!(hubs.hubs_only);
        assert_eq!((hubs.tables_total, hubs.graph.tables.len()), (401, 40));
        assert!(hubs.graph.tables.iter().any(|table| table.name == "hub"));
        let whole = services
            .diagram_fetch(&ctx, &id, &DiagramQuery::showing("*"))
            .await
            .unwrap();
        assert!(!whole.hubs_only);
        assert_eq!(whole.graph.tables.len(), 401);
    })
    .await;
}

#[tokio::test]
async fn ways_between_two_tables_are_marked_and_written_as_sql() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let id = catalog.imported(&ctx, "Shop", SHOP).await;
        let path = async |path: &str, way| {
            let query = DiagramQuery {
                path: Some(path.to_owned()),
                way,
                ..DiagramQuery::default()
            };
            services.diagram_fetch(&ctx, &id, &query).await.unwrap()
        };
        let found = path("sales.invoices, customers", None).await;
        assert_eq!(found.notes, [""; 0]);
        assert_eq!(
            found.ways[0].tables,
            ["sales.invoices", "sales.orders", "sales.customers"]
        );
        let sql = found.ways[0].sql.as_deref().unwrap();
        assert!(
            sql.starts_with("SELECT i.*, c.*\nFROM sales.invoices i\nJOIN sales.orders o ON "),
            "{sql}"
        );
        // The picture holds the ways and nothing else, numbered in their order.
        let overlay = found.overlay.unwrap();
        let order: Vec<(&str, &str)> = overlay
            .tables()
            .map(|(place, mark)| (&*found.graph.tables[place].name, mark.sign()))
            .collect();
        assert_eq!(
            order,
            [("customers", "3"), ("invoices", "1"), ("orders", "2")]
        );
        assert_eq!(overlay.links().count(), 2);
        assert_eq!(found.graph.tables.len(), 3);
        // A way that there is not is the last one.
        assert_eq!(path("invoices,customers", Some(99)).await.way, 0);

        for (text, note) in [
            (
                "invoices",
                "A path is between two tables, separated by a comma.",
            ),
            ("invoices,nothing", "Nothing is called nothing."),
            (
                "sales.*,orders",
                "sales.* is more than one table; write its schema too.",
            ),
        ] {
            let found = path(text, None).await;
            assert_eq!((found.notes, found.ways.len()), (vec![note.to_owned()], 0));
            assert!(found.overlay.is_none() && found.graph.tables.len() == 6);
        }
    })
    .await;
}
