//! Databases that are made before they are read.

use super::*;

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
