//! What is catalogued without a database.

use super::*;

#[tokio::test]
async fn a_dataset_is_catalogued_described_and_taken_out() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let new = |name: &str| NewDataset {
                schema: String::new(),
                name: name.to_owned(),
                dataset_type: DatasetType::Parquet,
                row_count: Some(1_000_000),
                size_bytes: Some(510_000),
                compression_ratio: Some(4.98),
                said: TablePatch {
                    description: some("Sales"),
                    storage_location: some("s3://lake/sales/"),
                    tags: Some(vec!["Sales".to_owned()]),
                    ..TablePatch::default()
                },
            };
            let made = services.dataset_create(&ctx, new("sales")).await.unwrap();
            assert_eq!(
                (made.schema.as_str(), made.table_type.as_str()),
                ("public", "parquet")
            );
            assert_eq!(made.compression_ratio, Some(4.98));
            assert_eq!(made.metadata.annotation.tags, ["sales"]);
            let again = services
                .dataset_create(&ctx, new("sales"))
                .await
                .unwrap_err();
            assert_eq!(again.kind, ErrorKind::Conflict);
            let wrong = NewDataset {
                row_count: Some(-1),
                ..new("other")
            };
            let wrong = services.dataset_create(&ctx, wrong).await.unwrap_err();
            assert_eq!(wrong.field.as_deref(), Some("rowCount"));

            let column = |name: &str| NewColumn {
                name: name.to_owned(),
                data_type: "string".to_owned(),
                nullable: false,
                primary_key: true,
                said: ColumnPatch {
                    semantic_type: Some(Some(SemanticType::Email)),
                    ..ColumnPatch::default()
                },
            };
            let first = services
                .dataset_column_create(&ctx, made.id, column("email"))
                .await
                .unwrap();
            let second = services
                .dataset_column_create(&ctx, made.id, column("other"))
                .await
                .unwrap();
            assert_eq!((first.position, second.position), (1, 2));
            assert_eq!(first.metadata.semantic_type.as_deref(), Some("email"));
            let twice = services
                .dataset_column_create(&ctx, made.id, column("email"))
                .await
                .unwrap_err();
            assert_eq!(twice.kind, ErrorKind::Conflict);
            services
                .dataset_column_delete(&ctx, second.id)
                .await
                .unwrap();
            let viewer = with_role(Role::Viewer);
            let key = TableKey::Id(made.id);
            assert_eq!(
                services.table_record(&viewer, &key).await.unwrap().columns,
                1
            );
            let patch = TablePatch {
                description: some("All sales"),
                ..TablePatch::default()
            };
            services.table_annotate(&ctx, &key, patch).await.unwrap();

            services.dataset_delete(&ctx, made.id).await.unwrap();
            let gone = services.table_record(&viewer, &key).await.unwrap_err();
            assert_eq!(gone.kind, ErrorKind::NotFound);
            let lines = trail(&catalog, "table").await;
            assert_eq!(lines.len(), 3);
            assert_eq!(lines[0]["after"]["storage_location"], "s3://lake/sales/");
            assert_eq!(lines[2]["before"]["description"], "All sales");
        },
    )
    .await;
}

#[tokio::test]
async fn what_a_source_declares_is_not_deleted_here() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let table = page(&catalog, &ctx, &id).await;
            let email = column(&table, "email").id;
            let new = NewColumn {
                name: "x".to_owned(),
                data_type: "text".to_owned(),
                nullable: true,
                primary_key: false,
                said: ColumnPatch::default(),
            };
            let table = table.summary.id;
            let errors = [
                services.dataset_delete(&ctx, table).await.err(),
                services.dataset_column_delete(&ctx, email).await.err(),
                services.dataset_column_create(&ctx, table, new).await.err(),
            ];
            for error in errors {
                assert_eq!(error.unwrap().kind, ErrorKind::Conflict);
            }
            assert_eq!(page(&catalog, &ctx, &id).await.columns.len(), 3);
        },
    )
    .await;
}
