//! Datasets: catalogued by people, listed, described, taken out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod common;

use common::{Catalog, script, trail, with_editor, with_role};
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::metadata::Metadata as _;
use model::account::Role;
use model::catalog::TableDetail;
use model::dataset::{DatasetQuery, DatasetType, NewColumn, NewDataset, read_columns};
use model::id::DatabaseId;
use model::metadata::{ColumnPatch, TableKey, TablePatch};
use model::schema::QualifiedName;
use model::semantic::SemanticType;
use serde_json::json;

async fn shop(catalog: &Catalog, ctx: &Ctx) -> DatabaseId {
    let sql = "CREATE TABLE customers (id bigint PRIMARY KEY, email text, phone_number text);";
    let made = catalog.services.script_import(ctx, script("Shop", sql));
    made.await.unwrap().id
}

async fn customers(catalog: &Catalog, ctx: &Ctx, id: &DatabaseId) -> TableDetail {
    let name = QualifiedName::new("public", "customers");
    let services = &catalog.services;
    services.table_fetch(ctx, id, &name).await.unwrap()
}

fn some(text: &str) -> Option<Option<String>> {
    Some(Some(text.to_owned()))
}

#[tokio::test]
async fn a_dataset_is_catalogued_described_and_taken_out() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let new = |name: &str| NewDataset {
            schema: String::new(),
            name: name.to_owned(),
            dataset_type: DatasetType::Parquet,
            said: TablePatch {
                row_count: Some(Some(1_000_000)),
                size_bytes: Some(Some(510_000)),
                compression_ratio: Some(Some(4.98)),
                description: some("Sales"),
                storage_location: some("s3://lake/sales/"),
                tags: Some(vec!["Sales".to_owned()]),
                ..TablePatch::default()
            },
            columns: Vec::new(),
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
        let mut wrong = new("other");
        wrong.said.row_count = Some(Some(-1));
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
    })
    .await;
}

fn dataset(name: &str, dataset_type: DatasetType, columns: &str) -> NewDataset {
    NewDataset {
        schema: "lake".to_owned(),
        name: name.to_owned(),
        dataset_type,
        said: TablePatch::default(),
        columns: read_columns(columns).unwrap(),
    }
}

#[tokio::test]
async fn a_dataset_comes_with_its_columns_or_not_at_all() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let columns = "id bigint not null\ncustomer_email string";
        let made = services
            .dataset_create(&ctx, dataset("sales", DatasetType::Parquet, columns))
            .await
            .unwrap();
        assert_eq!(made.columns, 2);
        let viewer = with_role(Role::Viewer);
        let shown = services.dataset_fetch(&viewer, made.id).await.unwrap();
        assert!(!shown.may_edit);
        let read: Vec<_> = shown
            .columns
            .iter()
            .map(|one| (one.name.as_str(), one.data_type.as_str(), one.nullable))
            .collect();
        assert_eq!(
            read,
            [("id", "bigint", false), ("customer_email", "string", true)]
        );
        let proposal = shown.columns[1].metadata.proposal.clone().unwrap();
        assert_eq!(proposal.semantic_type, SemanticType::Email);
        let editor = services.dataset_fetch(&ctx, made.id).await.unwrap();
        assert!(editor.may_edit);
        let lines = trail(&catalog, "table").await;
        assert_eq!(lines[0]["after"]["columns"][0]["column_name"], "id");

        let mut wrong = dataset("other", DatasetType::Csv, "a text");
        wrong.columns[0].data_type = " ".to_owned();
        let wrong = services.dataset_create(&ctx, wrong).await.unwrap_err();
        assert_eq!(wrong.field.as_deref(), Some("columns"));
        let again = dataset("sales", DatasetType::Csv, "");
        let again = services.dataset_create(&ctx, again).await.unwrap_err();
        assert_eq!(again.field.as_deref(), Some("tableName"));

        // A table of a database is no dataset, and has no page among them.
        let id = shop(&catalog, &ctx).await;
        let table = customers(&catalog, &ctx, &id).await.summary.id;
        let error = services.dataset_fetch(&ctx, table).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn datasets_are_listed_page_by_page() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        shop(&catalog, &ctx).await;
        for number in 0..101 {
            let kind = match number % 2 {
                0 => DatasetType::Csv,
                _ => DatasetType::Parquet,
            };
            let mut new = dataset(&format!("part_{number:03}"), kind, "");
            new.said.storage_location = some(&format!("s3://lake/{number}/"));
            services.dataset_create(&ctx, new).await.unwrap();
        }
        let list = async |query: DatasetQuery| {
            let viewer = with_role(Role::Viewer);
            services.dataset_list(&viewer, query).await.unwrap()
        };
        let first = list(DatasetQuery::default()).await;
        assert_eq!(first.datasets.len(), 100);
        assert_eq!(first.datasets[0].name, "part_000");
        let second = list(DatasetQuery {
            after: first.next,
            ..DatasetQuery::default()
        })
        .await;
        assert_eq!(second.datasets.len(), 1);
        assert_eq!(second.datasets[0].name, "part_100");
        assert_eq!(second.next, None);
        let of_type = list(DatasetQuery {
            dataset_type: Some(DatasetType::Parquet),
            ..DatasetQuery::default()
        })
        .await;
        assert_eq!((of_type.datasets.len(), of_type.next), (50, None));
        for (text, count) in [("LAKE.part_01", 10), ("s3://lake/42/", 1), ("%", 0)] {
            let query = DatasetQuery {
                text: text.to_owned(),
                ..DatasetQuery::default()
            };
            assert_eq!(list(query).await.datasets.len(), count, "{text}");
        }
        let query = DatasetQuery {
            after: Some("nowhere".to_owned()),
            ..DatasetQuery::default()
        };
        let error = services.dataset_list(&ctx, query).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
    })
    .await;
}

#[tokio::test]
async fn numbers_are_written_for_datasets_alone() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let made = services
            .dataset_create(&ctx, dataset("sales", DatasetType::Ncf, ""))
            .await
            .unwrap();
        let key = TableKey::Id(made.id);
        let patch = |rows| TablePatch {
            row_count: Some(rows),
            compression_ratio: Some(Some(4.5)),
            ..TablePatch::default()
        };
        let changed = services
            .table_annotate(&ctx, &key, patch(Some(7)))
            .await
            .unwrap();
        assert_eq!(changed.row_count, Some(7));
        assert_eq!(changed.compression_ratio, Some(4.5));
        assert_eq!(changed.metadata.annotation.revision, 1);
        let lines = trail(&catalog, "table").await;
        assert_eq!(lines[1]["row_count"], json!({"before": null, "after": 7}));
        let error = services
            .table_annotate(&ctx, &key, patch(Some(-7)))
            .await
            .unwrap_err();
        assert_eq!(error.field.as_deref(), Some("rowCount"));
        let cleared = services
            .table_annotate(&ctx, &key, patch(None))
            .await
            .unwrap();
        assert_eq!(cleared.row_count, None);

        let id = shop(&catalog, &ctx).await;
        let error = services
            .table_annotate(
                &ctx,
                &TableKey::Named(id, QualifiedName::new("public", "customers")),
                patch(Some(7)),
            )
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.message.contains("datasets only"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn what_a_source_declares_is_not_deleted_here() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let id = shop(&catalog, &ctx).await;
        let table = customers(&catalog, &ctx, &id).await;
        let email = table.columns[1].id;
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
        assert_eq!(customers(&catalog, &ctx, &id).await.columns.len(), 3);
    })
    .await;
}
