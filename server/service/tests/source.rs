//! Live databases from end to end: connecting, reading again, what changed, what was renamed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod common;

use common::live::{Live, SHOP};
use common::{Catalog, script, with_catalog, with_role};
use contract::account::Secret;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::source::{ConnectionRequest, Sources as _};
use diagram::overlay::MarkKind;
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
async fn a_database_is_made_with_its_script_or_not_at_all() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        let made = format!("{}_made", live.name);
        let request = ConnectionRequest {
            database: made.clone(),
            create_if_not_exists: true,
            sql_content: Some(format!("{SHOP}\nCREATE TABLE broken (id nonsense);")),
            ..live.request("Made")
        };
        // The server can be reached before the database is there.
        let facts = services.connection_test(&ctx, request.clone()).await;
        assert!(facts.unwrap().server_version.starts_with("PostgreSQL"));
        let error = services
            .connection_create(&ctx, request.clone())
            .await
            .unwrap_err();
        assert_eq!(error.field.as_deref(), Some("sql_content"));
        assert!(error.message.contains("at line 10"), "{error}");
        assert!(error.message.contains("nonsense"), "{error}");
        let without = ConnectionRequest {
            create_if_not_exists: false,
            sql_content: None,
            ..request.clone()
        };
        let error = services.connection_create(&ctx, without).await.unwrap_err();
        assert!(error.message.contains("no database"), "{error}");
        let unasked = ConnectionRequest {
            create_if_not_exists: false,
            ..request.clone()
        };
        let error = services.connection_create(&ctx, unasked).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("sql_content"));

        let request = ConnectionRequest {
            sql_content: Some(SHOP.to_owned()),
            ..request
        };
        let summary = services
            .connection_create(&ctx, request.clone())
            .await
            .unwrap();
        assert_eq!(summary.counts.tables, 2);
        // A second time the script would meet what is there.
        let again = ConnectionRequest {
            name: "Made again".to_owned(),
            ..request
        };
        let error = services.connection_create(&ctx, again).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        live.run(&format!("DROP DATABASE {made}")).await;
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_without_a_name_gets_the_catalogs_own() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        let request = ConnectionRequest {
            database: String::new(),
            create_if_not_exists: true,
            sql_content: Some(SHOP.to_owned()),
            ..live.request("Sales Database")
        };
        let unnamed = ConnectionRequest {
            name: String::new(),
            ..request.clone()
        };
        let error = services.connection_create(&ctx, unnamed).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("name"));

        let summary = services.connection_create(&ctx, request).await.unwrap();
        assert_eq!(summary.name, "Sales Database");
        let detail = services.database_fetch(&ctx, &summary.id).await.unwrap();
        let name = format!("crowfoot_{}", summary.id);
        assert_eq!(
            detail.source.unwrap().database.as_deref(),
            Some(name.as_str())
        );
        live.run(&format!("DROP DATABASE {name}")).await;
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn a_login_that_may_not_make_databases_is_told_so() {
    with_live(async |Shop { catalog, ctx, live }| {
        let role = format!("{}_small", live.name);
        live.run(&format!("CREATE ROLE {role} LOGIN PASSWORD 'small'"))
            .await;
        let request = ConnectionRequest {
            database: format!("{}_never", live.name),
            username: role.clone(),
            password: Secret::new("small"),
            create_if_not_exists: true,
            ..live.request("Never")
        };
        let error = catalog
            .services
            .connection_create(&ctx, request)
            .await
            .unwrap_err();
        assert_eq!(error.field.as_deref(), Some("username"), "{error}");
        assert!(error.message.contains("CREATEDB"), "{error}");
        live.run(&format!("DROP ROLE {role}")).await;
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn files_are_made_in_the_folders_of_the_configuration_alone() {
    let folder = std::env::temp_dir().join(format!("crowfoot-made-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("below")).unwrap();
    let inside = folder.clone();
    with_catalog(
        |config| config.sqlite_dirs = vec![inside],
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let request = |name: &str, file: &str| ConnectionRequest {
                provider: Provider::Sqlite,
                database: file.to_owned(),
                create_if_not_exists: true,
                sql_content: Some("CREATE TABLE a (x);".to_owned()),
                ..nowhere(name)
            };
            for file in ["../escaped.db", "/tmp/escaped.db", "missing/new.db", ".."] {
                let error = services
                    .connection_create(&ctx, request("Escaped", file))
                    .await
                    .unwrap_err();
                assert_eq!(error.field.as_deref(), Some("database"), "{file}: {error}");
            }
            let below = services.connection_create(&ctx, request("Below", "below/new.db"));
            assert_eq!(below.await.unwrap().counts.tables, 1);
            let made_up = services
                .connection_create(&ctx, request("Made up", ""))
                .await
                .unwrap();
            let detail = services.database_fetch(&ctx, &made_up.id).await.unwrap();
            let file = detail.source.unwrap().database.unwrap();
            assert!(
                file.ends_with(&format!("crowfoot_{}.sqlite", made_up.id)),
                "{file}"
            );
            // What is made and cannot be put into the catalog goes again.
            let error = services
                .connection_create(&ctx, request("made UP", "late.db"))
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::Conflict);
        },
    )
    .await;
    assert!(!folder.join("late.db").exists());
    std::fs::remove_dir_all(&folder).unwrap();
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
async fn scripts_of_every_dialect_are_told_apart() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let cases = [
                ("mysql", "CREATE TABLE `a` (`id` int(11) NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;"),
                ("sqlite", "PRAGMA foreign_keys=OFF;\nCREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);"),
                ("sqlserver", "CREATE TABLE [dbo].[a] ([id] [int] IDENTITY(1,1) NOT NULL, [n] [nvarchar](max) NULL)\nGO\n"),
                ("oracle", "CREATE TABLE a (id NUMBER(10) NOT NULL, n VARCHAR2(20 CHAR));"),
                ("postgresql", "CREATE TABLE a (id bigserial PRIMARY KEY, n text);"),
                ("postgresql", "Table a {\n  id bigint [pk]\n}\n"),
            ];
            for (number, (provider, text)) in cases.into_iter().enumerate() {
                let outcome = catalog
                    .services
                    .script_import(&ctx, script(&format!("script {number}"), text))
                    .await
                    .unwrap();
                let detail = catalog
                    .services
                    .database_fetch(&ctx, &outcome.id)
                    .await
                    .unwrap();
                assert_eq!(detail.summary.provider, provider, "{text}");
                assert_eq!(detail.summary.counts.tables, 1, "{text}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_script_is_imported_again_as_a_new_version() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        let outcome = services.script_import(&ctx, script("shop", SHOP)).await;
        let id = outcome.unwrap().id;
        let orders = QualifiedName::new("public", "orders");
        let before = services.table_fetch(&ctx, &id, &orders).await.unwrap();
        catalog
            .sql("UPDATE tables SET description = 'ours' WHERE table_name IN ('orders', 'customers')")
            .await;
        let again = async |text: &str, dialect| {
            services
                .script_import_again(&ctx, &id, vec![text.to_owned()], dialect)
                .await
        };

        let same = again(SHOP, None).await.unwrap();
        assert_eq!((same.version, same.has_changed), (2, false));
        let third = "CREATE TABLE orders (id bigint PRIMARY KEY, placed_on timestamptz, note text);
            INSERT INTO orders VALUES (1);";
        let third = again(third, None).await.unwrap();
        assert_eq!((third.version, third.has_changed), (3, true));
        assert!(third.summary.is_some());

        let after = services.table_fetch(&ctx, &id, &orders).await.unwrap();
        assert_eq!(after.summary.id, before.summary.id);
        assert_eq!(said(&after.metadata.annotation).as_deref(), Some("ours"));
        let names: Vec<&str> = after.columns.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["id", "placed_on", "note"]);
        let detail = services.database_fetch(&ctx, &id).await.unwrap();
        assert_eq!((detail.versions, detail.summary.counts.tables), (3, 1));
        let passed = detail.report.unwrap().passed_over;
        assert!(passed.iter().any(|one| one.kind == "INSERT"), "{passed:?}");
        // What is gone comes back as it was.
        again(SHOP, None).await.unwrap();
        let customers = QualifiedName::new("public", "customers");
        let back = services.table_fetch(&ctx, &id, &customers).await.unwrap();
        assert_eq!(said(&back.metadata.annotation).as_deref(), Some("ours"));

        // What cannot be meant changes nothing.
        let mysql = "CREATE TABLE `a` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;";
        let refused = [
            ("SELECT 1;", None, "scripts"),
            (mysql, None, "dialect"),
            (SHOP, Some(ScriptDialect::Ddl(Provider::Sqlite)), "dialect"),
        ];
        for (text, dialect, field) in refused {
            let error = again(text, dialect).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{error}");
        }
        let dbml = "Table orders {\n  id bigint [pk]\n}\n";
        assert_eq!(again(dbml, None).await.unwrap().version, 5);

        live.run(SHOP).await;
        let connected = services.connection_create(&ctx, live.request("Live")).await;
        let error = services
            .script_import_again(&ctx, &connected.unwrap().id, vec![SHOP.to_owned()], None)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
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

#[tokio::test]
async fn the_diagram_shows_what_changed_and_is_exported_as_it_is() {
    with_catalog(
        |config| config.allow_sockets = true,
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let viewer = with_role(Role::Viewer);
            let services = &catalog.services;
            let live = Live::new(&catalog).await;
            live.run(SHOP).await;
            live.run(
                "CREATE TABLE coupons (id int PRIMARY KEY, order_id bigint REFERENCES orders);
                 CREATE TABLE island (id int PRIMARY KEY);",
            )
            .await;
            let request = live.request("Live shop");
            let id = services.connection_create(&ctx, request).await.unwrap().id;

            // Nothing changed yet, which is said and no error.
            let query = DiagramQuery {
                overlay: Some("changes".to_owned()),
                ..DiagramQuery::default()
            };
            let before = services.diagram_fetch(&viewer, &id, &query).await.unwrap();
            assert_eq!((before.overlay, before.notes.len()), (None, 1));

            live.run(
                "ALTER TABLE orders DROP COLUMN placed_on, ADD COLUMN note text;
                 ALTER TABLE customers ALTER COLUMN email TYPE varchar(200);
                 DROP TABLE coupons;
                 CREATE TABLE refunds (id int PRIMARY KEY, order_id bigint REFERENCES orders);",
            )
            .await;
            services.database_refresh(&ctx, &id).await.unwrap();
            let data = services.diagram_fetch(&viewer, &id, &query).await.unwrap();
            assert_eq!((data.versions, data.notes.len()), (Some((1, 2)), 0));
            let names: Vec<&str> = data.graph.tables.iter().map(|it| &*it.name).collect();
            // What changed and its neighbours; not what has nothing to do with it.
            assert_eq!(names, ["coupons", "customers", "orders", "refunds"]);
            let overlay = data.overlay.as_ref().unwrap();
            let place = |name: &str| names.iter().position(|it| *it == name).unwrap();
            let kind = |name| overlay.table(place(name)).unwrap().kind;
            assert_eq!(kind("coupons"), MarkKind::Removed);
            assert_eq!(kind("customers"), MarkKind::Altered);
            assert_eq!(kind("orders"), MarkKind::Altered);
            assert_eq!(kind("refunds"), MarkKind::Added);
            // A ghost has no page, what is there has.
            assert!(data.graph.tables[place("coupons")].id < 0);
            assert!(data.graph.tables[place("refunds")].id > 0);
            let column = |table: &str, name: &str| {
                let at = data.graph.tables[place(table)]
                    .columns
                    .iter()
                    .position(|it| it.name == name)
                    .unwrap();
                overlay
                    .column(place(table), u16::try_from(at).unwrap())
                    .map(|it| (it.kind, it.label.clone()))
            };
            assert_eq!(
                column("orders", "placed_on"),
                Some((MarkKind::Removed, "removed".to_owned()))
            );
            assert_eq!(
                column("orders", "note"),
                Some((MarkKind::Added, "added".to_owned()))
            );
            assert_eq!(
                column("customers", "email"),
                Some((
                    MarkKind::Altered,
                    "type text → character varying(200)".to_owned()
                ))
            );
            assert_eq!(column("orders", "customer_id"), None);
            let links: Vec<(&str, Option<MarkKind>)> = data
                .graph
                .links
                .iter()
                .enumerate()
                .map(|(at, link)| (names[link.child()], overlay.link(at).map(|it| it.kind)))
                .collect();
            assert_eq!(
                links,
                [
                    ("coupons", Some(MarkKind::Removed)),
                    ("orders", None),
                    ("refunds", Some(MarkKind::Added)),
                ]
            );

            // A choice of tables keeps its marks; versions that are not there are said.
            let some = DiagramQuery {
                show: Some("coupons,island".to_owned()),
                ..query.clone()
            };
            let some = services.diagram_fetch(&viewer, &id, &some).await.unwrap();
            assert_eq!(some.graph.tables.len(), 2);
            assert_eq!(some.overlay.unwrap().tables().count(), 1);
            let error = services
                .diagram_fetch(&viewer, &id, &DiagramQuery::changes(1, 9))
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::NotFound);

            let file = async |extension: &str, query: &DiagramQuery| {
                services
                    .diagram_export(&viewer, &id, query, extension, false)
                    .await
            };
            let svg = file("svg", &query).await.unwrap();
            assert_eq!(svg.name, "live-shop-diagram.svg");
            assert!(
                svg.text.contains("Changes from version 1 to 2"),
                "the legend"
            );
            assert!(svg.text.contains(">coupons</text>") && !svg.text.contains("island"));
            assert!(!svg.text.contains("href"), "nothing leads outside");
            let json: serde_json::Value =
                serde_json::from_str(&file("json", &query).await.unwrap().text).unwrap();
            assert_eq!(json["tables"].as_array().unwrap().len(), 4);
            assert_eq!(json["tables"][0]["mark"]["kind"], "removed");
            assert_eq!(json["versions"]["to"], 2);
            // A structure holds what is there, and of it what is shown.
            let sql = file("sql", &query).await.unwrap().text;
            assert!(sql.contains("refunds") && sql.contains("note"), "{sql}");
            assert!(!sql.contains("coupons") && !sql.contains("island"), "{sql}");
            let one = DiagramQuery::showing("island");
            for extension in ["mmd", "dbml", "md"] {
                let text = file(extension, &one).await.unwrap().text;
                assert!(
                    text.contains("island") && !text.contains("orders"),
                    "{text}"
                );
            }
            for (wrong, extension) in [
                (DiagramQuery::default(), "exe"),
                (
                    DiagramQuery {
                        level: Some("most".to_owned()),
                        ..DiagramQuery::default()
                    },
                    "svg",
                ),
                (
                    DiagramQuery {
                        overlay: Some("stars".to_owned()),
                        ..DiagramQuery::default()
                    },
                    "svg",
                ),
            ] {
                let error = file(extension, &wrong).await.unwrap_err();
                assert_eq!(error.kind, ErrorKind::Invalid);
            }
            live.drop().await;
        },
    )
    .await;
}

#[tokio::test]
async fn what_was_stored_before_versions_gets_its_first_from_its_script() {
    with_live(async |Shop { catalog, ctx, live }| {
        let services = &catalog.services;
        let kept = services.script_import(&ctx, script("kept", SHOP)).await;
        let lost = services.script_import(&ctx, script("lost", SHOP)).await;
        let (kept, lost) = (kept.unwrap().id, lost.unwrap().id);
        let before = services.structure_fetch(&ctx, &kept).await.unwrap();
        catalog
            .sql(
                "DELETE FROM schema_versions; DELETE FROM schema_structures;
                UPDATE databases SET sql_content = NULL WHERE name = 'lost';",
            )
            .await;
        let viewer = with_role(Role::Viewer);
        let after = services.structure_fetch(&viewer, &kept).await.unwrap();
        assert_eq!(after, before);
        services.findings_fetch(&viewer, &kept).await.unwrap();
        let detail = services.database_fetch(&viewer, &kept).await.unwrap();
        assert_eq!(detail.versions, 1);

        let error = services.findings_fetch(&viewer, &lost).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains("Import its script again"), "{error}");
        services
            .script_import_again(&ctx, &lost, vec![SHOP.to_owned()], None)
            .await
            .unwrap();
        services.findings_fetch(&viewer, &lost).await.unwrap();
        live.drop().await;
    })
    .await;
}
