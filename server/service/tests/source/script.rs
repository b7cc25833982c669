//! Databases that came as scripts.

use super::*;

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
