//! How much a diagram shows of each table, and what is said over it, on a real PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod common;

use common::{Catalog, of, run, script, with_catalog};
use contract::catalog::{Catalog as _, DiagramData};
use contract::context::Ctx;
use contract::metadata::Metadata as _;
use contract::view::Views as _;
use diagram::detail::Detail;
use diagram::measure::TextMetrics;
use diagram::overlay::MarkKind;
use diagram::scene::Scene;
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use model::metadata::{ColumnKey, ColumnPatch, TableKey, TablePatch};
use model::saved_view::NewView;
use model::schema::QualifiedName;
use model::time::Timestamp;
use std::time::{Duration, SystemTime};

const SHOP: &str = "
    CREATE SCHEMA sales;
    CREATE TABLE sales.customers (id bigint PRIMARY KEY, email text, tenant_id int, notes text);
    CREATE TABLE sales.orders (
        id bigint PRIMARY KEY,
        customer_id bigint NOT NULL REFERENCES sales.customers,
        tenant_id int,
        status text,
        note text,
        created_at timestamptz,
        updated_at timestamptz
    );
    CREATE TABLE sales.audit (id bigint PRIMARY KEY, what text, created_at timestamptz);
";

async fn with_shop<T, W>(test: T)
where
    T: FnOnce(Catalog, Ctx, DatabaseId) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_catalog(
        |_| {},
        async move |catalog| {
            let ada = of(&catalog.set_up().await.user);
            let made = catalog
                .services
                .script_import(&ada, script("shop", SHOP))
                .await;
            let id = made.unwrap().id;
            test(catalog, ada, id).await;
        },
    )
    .await;
}

/// A moment so many days ago.
fn ago(days: u64) -> Timestamp {
    let then = SystemTime::now() - Duration::from_secs(days * 86_400);
    let since = then.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(since.as_millis()).unwrap())
}

async fn some_history(catalog: &Catalog, id: &DatabaseId) {
    let orders = "select o.status, c.email from sales.orders o \
                  join sales.customers c on c.id = o.customer_id";
    let both = ["sales.orders", "sales.customers"];
    let runs = [
        run(id, 1, orders, &both),
        run(id, 2, orders, &both),
        run(id, 3, orders, &both),
        run(id, 4, "select note from sales.orders", &["sales.orders"]),
        // Refused: it has read nothing.
        run(id, 5, "select updated_at from sales.orders, nothing", &[]),
    ];
    catalog.store.history_insert_many(&runs).await.unwrap();
}

fn place(data: &DiagramData, table: &str) -> usize {
    let mut tables = data.graph.tables.iter();
    tables.position(|it| it.name == table).unwrap()
}

/// The columns that have a row of their own, and how many have not.
fn rows<'a>(data: &'a DiagramData, table: &str) -> (Vec<&'a str>, usize) {
    let table = place(data, table);
    let scene = Scene::new(data.graph.clone(), &data.layout, TextMetrics::default());
    let model = scene.box_model(table).unwrap();
    let node = &data.graph.tables[table];
    let names = model.rows.iter();
    let names = names.map(|row| node.columns[usize::from(*row)].name.as_str());
    (names.collect(), model.more)
}

#[tokio::test]
async fn the_columns_that_queries_use_most_stand_beside_the_keys() {
    with_shop(async |catalog, ada, id| {
        let services = &catalog.services;
        let used = DiagramQuery {
            level: Some("used".to_owned()),
            ..DiagramQuery::default()
        };
        let before = services.diagram_fetch(&ada, &id, &used).await.unwrap();
        assert_eq!(before.layout.detail, Detail::Used);
        assert_eq!(rows(&before, "orders"), (vec!["id", "customer_id"], 5));
        assert_eq!(
            before.notes,
            ["What people query in this database is not known yet: its keys are shown."]
        );

        some_history(&catalog, &id).await;
        let data = services.diagram_fetch(&ada, &id, &used).await.unwrap();
        assert_eq!(data.notes, [""; 0]);
        assert_eq!(
            rows(&data, "orders"),
            (vec!["id", "customer_id", "status", "note"], 3)
        );
        assert_eq!(rows(&data, "customers"), (vec!["id", "email"], 2));
        // Nobody queries it.
        assert_eq!(rows(&data, "audit"), (vec!["id"], 2));
        // Boxes of another size are another layout, and a level without it is as it was.
        assert!(!data.layout_cached);
        let again = services.diagram_fetch(&ada, &id, &used).await.unwrap();
        assert!(again.layout_cached);
        assert_eq!(again.layout, data.layout);
        let all = services
            .diagram_fetch(&ada, &id, &DiagramQuery::default())
            .await
            .unwrap();
        assert!(all.graph.tables.iter().all(|table| {
            let mut columns = table.columns.iter();
            columns.all(|column| !column.used)
        }));

        let file = async |extension: &str| {
            let file = services.diagram_export(&ada, &id, &used, extension, false);
            file.await.unwrap().text
        };
        let svg = file("svg").await;
        assert!(svg.contains(">status<") && svg.contains(">3 more columns<"));
        assert!(!svg.contains(">updated_at<"));
        let json: serde_json::Value = serde_json::from_str(&file("json").await).unwrap();
        assert_eq!(json["level"], "used");
    })
    .await;
}

#[tokio::test]
async fn usage_is_said_of_tables_columns_and_references() {
    with_shop(async |catalog, ada, id| {
        let services = &catalog.services;
        let usage = DiagramQuery {
            overlay: Some("usage".to_owned()),
            ..DiagramQuery::default()
        };
        some_history(&catalog, &id).await;
        let data = services.diagram_fetch(&ada, &id, &usage).await.unwrap();
        let overlay = data.overlay.as_ref().unwrap();
        let orders = place(&data, "orders");
        let column = |table: usize, name: &str| {
            let columns = &data.graph.tables[table].columns;
            let at = columns.iter().position(|it| it.name == name).unwrap();
            let mark = overlay.column(table, u16::try_from(at).unwrap());
            mark.map(|it| (it.kind, it.label.clone()))
        };
        let heat = |label: &str| Some((MarkKind::Heat, label.to_owned()));
        assert_eq!(overlay.table(orders).unwrap().label, "4 statements use it");
        assert_eq!(column(orders, "status"), heat("3 statements name it"));
        assert_eq!(column(orders, "note"), heat("1 statement names it"));
        assert_eq!(column(orders, "updated_at"), None);
        assert_eq!(
            column(place(&data, "customers"), "email"),
            heat("3 statements name it")
        );
        assert_eq!(overlay.link(0).unwrap().label, "3 statements join by it");
        let file = services.diagram_export(&ada, &id, &usage, "json", false);
        let json: serde_json::Value = serde_json::from_str(&file.await.unwrap().text).unwrap();
        assert_eq!(json["links"][0]["mark"]["label"], "3 statements join by it");
    })
    .await;
}

#[tokio::test]
async fn usage_is_that_of_the_days_that_are_asked_for() {
    with_shop(async |catalog, ada, id| {
        let services = &catalog.services;
        let mut runs = vec![
            run(&id, 1, "select note from sales.orders", &["sales.orders"]),
            run(
                &id,
                2,
                "select email from sales.customers",
                &["sales.customers"],
            ),
            run(&id, 3, "select status from sales.orders", &["sales.orders"]),
        ];
        for (run, days) in runs.iter_mut().zip([1, 60, 20]) {
            run.started_at = ago(days);
        }
        catalog.store.history_insert_many(&runs).await.unwrap();
        let told = async |days: Option<u32>| {
            let usage = DiagramQuery {
                overlay: Some("usage".to_owned()),
                days,
                ..DiagramQuery::default()
            };
            let data = services.diagram_fetch(&ada, &id, &usage).await.unwrap();
            let overlay = data.overlay.clone().unwrap();
            let of = |name: &str| overlay.table(place(&data, name)).map(|it| it.label.clone());
            (of("orders"), of("customers"), overlay.title.clone())
        };
        let (orders, customers, title) = told(None).await;
        assert_eq!(orders.as_deref(), Some("2 statements use it"));
        assert_eq!(customers.as_deref(), Some("1 statement uses it"));
        assert!(!title.contains("last"), "{title}");
        let (orders, customers, title) = told(Some(30)).await;
        assert_eq!(orders.as_deref(), Some("2 statements use it"));
        assert_eq!(customers, None);
        assert!(title.ends_with("last 30 days"), "{title}");
        let (orders, ..) = told(Some(7)).await;
        assert_eq!(orders.as_deref(), Some("1 statement uses it"));
        // A view's window holds until the address has its own; 0 is all that is known.
        assert_eq!(told(Some(0)).await, told(None).await);
    })
    .await;
}

#[tokio::test]
async fn days_without_queries_are_not_a_history_that_is_not_known() {
    with_shop(async |catalog, ada, id| {
        let services = &catalog.services;
        some_history(&catalog, &id).await;
        let mut failed = run(&id, 9, "select note from sales.orders", &["sales.orders"]);
        failed.query_status = "failed".to_owned();
        failed.started_at = ago(1);
        catalog.store.history_insert_many(&[failed]).await.unwrap();
        let asked = |level: Option<&str>, overlay: Option<&str>, days| DiagramQuery {
            level: level.map(str::to_owned),
            overlay: overlay.map(str::to_owned),
            days,
            ..DiagramQuery::default()
        };
        let week = "Nothing in this database was queried in the last 7 days";
        let query = asked(Some("used"), None, Some(7));
        let data = services.diagram_fetch(&ada, &id, &query).await.unwrap();
        assert_eq!(data.notes, [format!("{week}: its keys are shown.")]);
        let query = asked(None, Some("usage"), Some(7));
        let data = services.diagram_fetch(&ada, &id, &query).await.unwrap();
        assert_eq!(data.notes, [format!("{week}.")]);
        assert_eq!(data.overlay, None, "nothing is dimmed");
        for query in [
            asked(Some("used"), None, None),
            asked(None, Some("usage"), None),
        ] {
            let data = services.diagram_fetch(&ada, &id, &query).await.unwrap();
            assert_eq!(data.notes, [""; 0]);
        }
    })
    .await;
}

#[tokio::test]
async fn the_way_that_people_join_over_is_the_best() {
    with_shop(async |catalog, ada, _| {
        let services = &catalog.services;
        let two = "
            CREATE TABLE customers (id bigint PRIMARY KEY);
            CREATE TABLE orders (
                id bigint PRIMARY KEY,
                customer_id bigint NOT NULL REFERENCES customers,
                billed_to bigint NOT NULL REFERENCES customers
            );";
        let made = services.script_import(&ada, script("two", two)).await;
        let id = made.unwrap().id;
        let asked = DiagramQuery {
            path: Some("orders,customers".to_owned()),
            ..DiagramQuery::default()
        };
        let best = async || {
            let data = services.diagram_fetch(&ada, &id, &asked).await.unwrap();
            assert_eq!(data.ways.len(), 2);
            data.ways[0].joins.clone()
        };
        assert!(best().await[0].contains("customer_id"));
        let join = "select c.id from orders o join customers c on c.id = o.billed_to";
        let tables = ["public.orders", "public.customers"];
        let mut runs = [run(&id, 1, join, &tables), run(&id, 2, join, &tables)];
        catalog.store.history_insert_many(&runs).await.unwrap();
        // What people did long ago says nothing of today.
        assert!(best().await[0].contains("customer_id"));
        for (run, number) in runs.iter_mut().zip(3..) {
            run.query_id = format!("run-{number}");
            run.started_at = ago(2);
        }
        catalog.store.history_insert_many(&runs).await.unwrap();
        let found = best().await;
        assert!(found[0].contains("billed_to"), "{found:?}");
        assert!(found[0].ends_with("(joined by 2 statements)"), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn tags_are_said_of_tables_and_columns() {
    with_shop(async |catalog, ada, id| {
        let services = &catalog.services;
        let tags = DiagramQuery {
            overlay: Some("tags".to_owned()),
            ..DiagramQuery::default()
        };
        let none = services.diagram_fetch(&ada, &id, &tags).await.unwrap();
        assert_eq!(none.overlay, None);
        assert_eq!(none.notes, ["Nothing in this database has a tag."]);

        let table = |name: &str| TableKey::Named(id.clone(), QualifiedName::new("sales", name));
        let tagged = |tags: &[&str]| Some(tags.iter().map(|it| (*it).to_owned()).collect());
        let patch = TablePatch {
            tags: tagged(&["core", "pii"]),
            ..TablePatch::default()
        };
        let customers = table("customers");
        let done = services.table_annotate(&ada, &customers, patch);
        done.await.unwrap();
        let email = ColumnKey::Named(customers, "email".to_owned());
        let patch = ColumnPatch {
            tags: tagged(&["pii"]),
            ..ColumnPatch::default()
        };
        services.column_annotate(&ada, &email, patch).await.unwrap();

        let data = services.diagram_fetch(&ada, &id, &tags).await.unwrap();
        let overlay = data.overlay.as_ref().unwrap();
        let customers = place(&data, "customers");
        assert_eq!(overlay.table(customers).unwrap().label, "Tagged pii, core");
        assert_eq!(overlay.table(place(&data, "orders")), None);
        assert_eq!(overlay.column(customers, 1).unwrap().label, "Tagged pii");
        let legend: Vec<(String, String)> = overlay
            .legend()
            .into_iter()
            .map(|row| (row.name, row.count))
            .collect();
        let row = |name: &str, count: &str| (name.to_owned(), count.to_owned());
        assert_eq!(
            legend,
            [row("pii", "1 table, 1 column"), row("core", "1 table")]
        );

        let file = async |extension: &str| {
            let file = services.diagram_export(&ada, &id, &tags, extension, false);
            file.await.unwrap().text
        };
        let svg = file("svg").await;
        assert!(svg.contains("pii: 1 table, 1 column") && svg.contains(">pii, core<"));
        let json: serde_json::Value = serde_json::from_str(&file("json").await).unwrap();
        let tables = json["tables"].as_array().unwrap();
        let customers = tables.iter().find(|it| it["name"] == "customers").unwrap();
        assert_eq!(
            customers["mark"]["tags"],
            serde_json::json!(["pii", "core"])
        );
    })
    .await;
}

#[tokio::test]
async fn columns_are_left_out_everywhere_but_where_links_end() {
    with_shop(async |catalog, ada, id| {
        let services = &catalog.services;
        let hiding = DiagramQuery {
            hide: Some("created_at,*.tenant_id,customer_id,customers.notes".to_owned()),
            ..DiagramQuery::default()
        };
        let data = services.diagram_fetch(&ada, &id, &hiding).await.unwrap();
        assert_eq!(
            rows(&data, "orders"),
            (vec!["id", "customer_id", "status", "note", "updated_at"], 0)
        );
        assert_eq!(rows(&data, "customers"), (vec!["id", "email"], 0));
        assert_eq!(rows(&data, "audit"), (vec!["id", "what"], 0));
        assert_eq!(
            data.notes,
            ["customer_id stays, as links end at it wherever it is."]
        );
        // Smaller boxes are another layout than that of all columns.
        let all = services
            .diagram_fetch(&ada, &id, &DiagramQuery::default())
            .await
            .unwrap();
        assert!(!data.layout_cached && !all.layout_cached);

        let file = async |extension: &str| {
            let file = services.diagram_export(&ada, &id, &hiding, extension, false);
            file.await.unwrap().text
        };
        for extension in ["svg", "json", "mmd", "dbml", "md"] {
            let text = file(extension).await;
            assert!(text.contains("status"), "{extension}");
            assert!(!text.contains("tenant_id"), "{extension}: {text}");
        }
        // A script makes whole tables.
        assert!(file("sql").await.contains("tenant_id"));

        // A view keeps it; the address has its way over it.
        let new = NewView {
            name: Some("Quiet".to_owned()),
            query: hiding,
            ..NewView::default()
        };
        let view = services
            .view_create(&ada, &id, new)
            .await
            .unwrap()
            .summary
            .id;
        let opened = DiagramQuery::of_view(&view);
        let data = services.diagram_fetch(&ada, &id, &opened).await.unwrap();
        assert_eq!(rows(&data, "audit"), (vec!["id", "what"], 0));
        let shown = opened.not_hiding(data.shown.hide.as_deref(), None);
        let data = services.diagram_fetch(&ada, &id, &shown).await.unwrap();
        assert_eq!(rows(&data, "audit"), (vec!["id", "what", "created_at"], 0));
    })
    .await;
}
