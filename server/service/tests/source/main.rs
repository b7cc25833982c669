//! Live databases from end to end: connecting, reading again, what changed, what was renamed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod columns;
#[path = "../common/mod.rs"]
mod common;
mod diagram;
mod make;
mod script;
mod shown;

use ::diagram::overlay::MarkKind;
use common::live::{Live, SHOP};
use common::{Catalog, script, with_catalog, with_role};
use contract::account::Secret;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::source::{ConnectionRequest, Sources as _};
use model::account::Role;
use model::catalog::{DatabaseOrigin, ScriptDialect};
use model::diagram::DiagramQuery;
use model::diff::{Change, Rename};
use model::metadata::Annotation;
use model::provider::Provider;
use model::schema::QualifiedName;

/// What people wrote, where they did.
fn said(annotation: &Annotation) -> Option<String> {
    annotation
        .description
        .as_ref()
        .map(|text| text.markdown.clone())
}

/// What most tests begin with: a catalog, an editor, and a live database that is empty.
struct Shop {
    catalog: Catalog,
    ctx: Ctx,
    live: Live,
}

async fn with_live<T, W>(test: T)
where
    T: FnOnce(Shop) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_catalog(
        |config| config.allow_sockets = true,
        async move |catalog| {
            catalog.set_up().await;
            let live = Live::new(&catalog).await;
            let ctx = with_role(Role::Editor);
            test(Shop { catalog, ctx, live }).await;
        },
    )
    .await;
}

/// A connection that leads nowhere.
fn nowhere(name: &str) -> ConnectionRequest {
    ConnectionRequest {
        name: name.to_owned(),
        provider: Provider::PostgreSql,
        host: String::new(),
        port: None,
        database: String::new(),
        username: String::new(),
        password: Secret::new(""),
        tls_mode: String::new(),
        tls_ca: String::new(),
        create_if_not_exists: false,
        sql_content: None,
    }
}

#[tokio::test]
async fn a_live_database_is_read_and_read_again() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        live.run(SHOP).await;
        let request = live.request("Live shop");
        let facts = services
            .connection_test(&ctx, request.clone())
            .await
            .unwrap();
        assert!(
            facts.server_version.starts_with("PostgreSQL"),
            "{}",
            facts.server_version
        );

        let summary = services.connection_create(&ctx, request).await.unwrap();
        assert_eq!(summary.origin, DatabaseOrigin::Connection);
        assert_eq!((summary.counts.tables, summary.counts.foreign_keys), (2, 1));
        let id = summary.id;
        let orders = QualifiedName::new("public", "orders");
        let before = services.table_fetch(&ctx, &id, &orders).await.unwrap();
        assert_eq!(before.summary.comment.as_deref(), Some("What was ordered"));

        // Nothing has changed.
        let again = services.database_refresh(&ctx, &id).await.unwrap();
        assert_eq!((again.version, again.has_changed), (2, false));

        // People write about the table, then its owner changes and renames.
        catalog
            .sql(
                "UPDATE tables SET description = 'ours' WHERE table_name = 'orders';
                    UPDATE columns SET description = 'the day' WHERE column_name = 'placed_on';",
            )
            .await;
        live.run(
            "ALTER TABLE orders RENAME TO purchases;
                DROP TABLE customers CASCADE;
                CREATE TABLE parcels (id int);",
        )
        .await;
        let third = services.database_refresh(&ctx, &id).await.unwrap();
        assert_eq!((third.version, third.has_changed), (3, true));

        let changes = services.changes_fetch(&ctx, &id, None, None).await.unwrap();
        assert_eq!((changes.from, changes.to), (2, 3));
        let diff = changes.diff.unwrap();
        let kinds: Vec<(String, Change)> = diff
            .tables
            .iter()
            .map(|table| (table.name.name.clone(), table.change))
            .collect();
        assert_eq!(
            kinds,
            [
                ("customers".to_owned(), Change::Removed),
                ("orders".to_owned(), Change::Removed),
                ("parcels".to_owned(), Change::Added),
                ("purchases".to_owned(), Change::Added),
            ]
        );
        let purchases = QualifiedName::new("public", "purchases");
        let rename = Rename::Table {
            old: orders.clone(),
            new: purchases.clone(),
        };
        assert!(
            changes
                .proposals
                .iter()
                .any(|proposal| proposal.rename == rename),
            "{:?}",
            changes.proposals
        );
        services
            .rename_confirm(&ctx, &id, rename.clone())
            .await
            .unwrap();
        let after = services.table_fetch(&ctx, &id, &purchases).await.unwrap();
        assert_eq!(after.summary.id, before.summary.id);
        assert_eq!(said(&after.metadata.annotation).as_deref(), Some("ours"));
        let day = after
            .columns
            .iter()
            .find(|column| column.name == "placed_on")
            .unwrap();
        assert_eq!(said(&day.metadata.annotation).as_deref(), Some("the day"));
        assert!(!after.indexes.is_empty());
        let error = services
            .rename_confirm(&ctx, &id, rename)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);

        // From the same two versions it is one table now.
        let changes = services
            .changes_fetch(&ctx, &id, Some(2), Some(3))
            .await
            .unwrap();
        let names: Vec<String> = changes
            .diff
            .unwrap()
            .tables
            .iter()
            .map(|table| table.name.name.clone())
            .collect();
        assert_eq!(names, ["customers", "parcels", "purchases"]);

        // What is gone is no longer shown, and its row is kept.
        let gone = services
            .table_fetch(&ctx, &id, &QualifiedName::new("public", "customers"))
            .await;
        assert_eq!(gone.unwrap_err().kind, ErrorKind::NotFound);

        let file = services
            .export(&ctx, &id, "ddl", std::slice::from_ref(&purchases))
            .await
            .unwrap();
        assert_eq!(file.name, "live-shop.sql");
        assert!(
            file.text.contains("CREATE TABLE purchases"),
            "{}",
            file.text
        );
        assert!(!file.text.contains("parcels"));
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_told_precisely_and_changes_nothing() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        live.run(SHOP).await;
        let request = live.request("Live shop");
        let cases = [
            (
                ConnectionRequest {
                    host: "no-such-host.invalid".to_owned(),
                    ..request.clone()
                },
                "host",
            ),
            (
                ConnectionRequest {
                    host: "169.254.169.254".to_owned(),
                    ..request.clone()
                },
                "host",
            ),
            (
                ConnectionRequest {
                    host: "127.0.0.1".to_owned(),
                    port: Some(1),
                    ..request.clone()
                },
                "port",
            ),
            (
                ConnectionRequest {
                    database: "no_such_database".to_owned(),
                    ..request.clone()
                },
                "database",
            ),
            (
                ConnectionRequest {
                    provider: Provider::Oracle,
                    ..request.clone()
                },
                "provider",
            ),
            (
                ConnectionRequest {
                    provider: Provider::Sqlite,
                    database: "/etc/passwd".to_owned(),
                    ..request.clone()
                },
                "database",
            ),
            (
                ConnectionRequest {
                    tls_mode: "perhaps".to_owned(),
                    ..request.clone()
                },
                "tls_mode",
            ),
        ];
        for (request, field) in cases {
            let told = format!("{request:?}");
            let error = services.connection_create(&ctx, request).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{told}: {error}");
        }
        // The catalog's own database is not for the catalog.
        let own = catalog.url.rsplit('/').next().unwrap();
        let own = own.split('?').next().unwrap().to_owned();
        let error = services
            .connection_create(
                &ctx,
                ConnectionRequest {
                    database: own,
                    ..request.clone()
                },
            )
            .await
            .unwrap_err();
        assert_eq!(error.field.as_deref(), Some("database"), "{error}");
        assert_eq!(services.database_list(&ctx).await.unwrap(), []);

        // One that was read and is gone keeps what was read.
        let summary = services.connection_create(&ctx, request).await.unwrap();
        live.drop().await;
        let error = services
            .database_refresh(&ctx, &summary.id)
            .await
            .unwrap_err();
        assert!(error.message.contains("no database"), "{error}");
        let detail = services.database_fetch(&ctx, &summary.id).await.unwrap();
        assert_eq!(detail.summary.counts.tables, 2);
        assert!(detail.source.unwrap().last_error.is_some());

        // A script has nothing behind it to be read again.
        let imported = services
            .script_import(&ctx, script("shop", SHOP))
            .await
            .unwrap();
        let error = services
            .database_refresh(&ctx, &imported.id)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
    })
    .await;
}

#[tokio::test]
async fn passwords_are_kept_sealed_and_nowhere_else() {
    with_live(async |Shop { catalog, ctx, live }| {
            live.run(SHOP).await;
            let mut request = live.request("Live shop");
            let role = format!("{}_reader", live.name);
            let password = "sesame-open-up-7";
            live.run(&format!(
                "CREATE ROLE {role} LOGIN PASSWORD '{password}'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};"
            ))
            .await;
            request.username = role.clone();
            request.password = Secret::new(password);
            let summary = catalog
                .services
                .connection_create(&ctx, request)
                .await
                .unwrap();
            let again = catalog.services.database_refresh(&ctx, &summary.id).await;
            assert!(again.is_ok(), "{again:?}");
            // In no row of any table that could hold it.
            catalog
                .sql(&format!(
                    "DO $$ BEGIN
                        IF EXISTS (SELECT 1 FROM databases d WHERE d::text LIKE '%{password}%')
                            OR EXISTS (SELECT 1 FROM audit_logs a WHERE a::text LIKE '%{password}%')
                            OR NOT EXISTS (SELECT 1 FROM databases WHERE secret_encrypted IS NOT NULL)
                        THEN RAISE EXCEPTION 'the password lies open'; END IF;
                    END $$"
                ))
                .await;
            live.run(&format!("DROP OWNED BY {role}; DROP ROLE {role};"))
                .await;
            live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn values_are_looked_at_on_demand_and_kept() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        live.run(SHOP).await;
        live.run(
            "INSERT INTO customers SELECT n, 'c' || n || '@example.org' FROM generate_series(1, 4) n;
            INSERT INTO orders SELECT n, 1 + n % 2, CASE WHEN n > 5 THEN date '2026-01-01' + n END
            FROM generate_series(1, 10) n;",
        )
        .await;
        let summary = services.connection_create(&ctx, live.request("Live")).await;
        let id = summary.unwrap().id;
        let orders = QualifiedName::new("public", "orders");
        let fresh = services.table_fetch(&ctx, &id, &orders).await.unwrap();
        assert!(fresh.live);
        assert_eq!(fresh.profile, None);

        let taken = services.table_profile(&ctx, &id, &orders).await.unwrap();
        assert_eq!((taken.rows, taken.sampled), (10, false));
        let customer = &taken.columns[1];
        assert_eq!(customer.column, "customer_id");
        assert_eq!(customer.values.distinct, Some(2));
        assert_eq!(customer.values.top.len(), 2);
        let placed = &taken.columns[2].values;
        assert_eq!((placed.nulls, placed.distinct), (5, Some(5)));
        assert_eq!(placed.min.as_deref(), Some("2026-01-07"));
        assert_eq!(placed.max.as_deref(), Some("2026-01-11"));

        // A viewer sees what is kept, and it survives reading again.
        live.run("ALTER TABLE orders ADD COLUMN note text").await;
        services.database_refresh(&ctx, &id).await.unwrap();
        let viewer = with_role(Role::Viewer);
        let seen = services.table_fetch(&viewer, &id, &orders).await.unwrap();
        assert_eq!(seen.profile, Some(taken));
        let error = services
            .table_profile(&viewer, &id, &orders)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);

        // Without its database the reason is told, and what was found stays.
        live.drop().await;
        let error = services
            .table_profile(&ctx, &id, &orders)
            .await
            .unwrap_err();
        assert!(error.message.contains("no database"), "{error}");
        assert_eq!(error.field, None);
        let kept = services.table_fetch(&ctx, &id, &orders).await.unwrap();
        assert!(kept.profile.is_some());
        let imported = services.script_import(&ctx, script("shop", SHOP)).await;
        let error = services
            .table_profile(&ctx, &imported.unwrap().id, &orders)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
    })
    .await;
}
