//! What people write: who may, what is kept, what a refresh leaves alone, who was faster.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what fails here fails the test"
)]

#[path = "../common/mod.rs"]
mod common;
mod conflict;
mod verdict;

use common::{Catalog, of, person, script, trail, with_catalog, with_role};
use contract::access::Access as _;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::metadata::{Metadata as _, Subject, TableRecordQuery};
use contract::source::Sources as _;
use model::access::DatabaseAccess;
use model::account::Role;
use model::catalog::{ColumnDetail, TableDetail};
use model::id::{ColumnId, DatabaseId, TableId};
use model::metadata::{
    Annotation, ColumnKey, ColumnPatch, DatabasePatch, SubjectKey, TableKey, TablePatch,
};
use model::schema::QualifiedName;
use model::semantic::SemanticType;
use serde_json::{Value, json};
use store::versions::NewVersion;

const SHOP: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, phone_number text);
    COMMENT ON TABLE customers IS 'Who buys';
    COMMENT ON COLUMN customers.email IS 'From the form';
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
";

async fn shop(catalog: &Catalog, ctx: &Ctx) -> DatabaseId {
    catalog
        .services
        .script_import(ctx, script("Shop", SHOP))
        .await
        .unwrap()
        .id
}

fn customers() -> QualifiedName {
    QualifiedName::new("public", "customers")
}

fn named(id: &DatabaseId) -> TableKey {
    TableKey::Named(id.clone(), customers())
}

async fn page(catalog: &Catalog, ctx: &Ctx, id: &DatabaseId) -> TableDetail {
    let services = &catalog.services;
    services.table_fetch(ctx, id, &customers()).await.unwrap()
}

fn column<'a>(table: &'a TableDetail, name: &str) -> &'a ColumnDetail {
    table
        .columns
        .iter()
        .find(|column| column.name == name)
        .unwrap()
}

fn some(text: &str) -> Option<Option<String>> {
    Some(Some(text.to_owned()))
}

/// The changes that the trail tells of a resource, the oldest first.
#[tokio::test]
async fn what_an_editor_writes_about_a_table_is_kept_rendered_and_audited() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = person(&catalog, "Emil", Role::Editor).await;
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let patch = TablePatch {
                revision: Some(0),
                description: some("Who **buys**.\r\n\r\n<script>alert(1)</script>"),
                tags: Some(vec!["PII".to_owned(), " crm ".to_owned(), "pii".to_owned()]),
                owner: some("ADA@example.org"),
                storage_location: some("s3://bucket/customers"),
                storage_format: some("parquet"),
                partitioning: some(r#"{"by": "day"}"#),
                custom: Some(vec![("retention".to_owned(), "30 d".to_owned())]),
                ..TablePatch::default()
            };
            let record = services
                .table_annotate(&ctx, &named(&id), patch)
                .await
                .unwrap();
            assert_eq!(record.metadata.annotation.revision, 1);

            let table = page(&catalog, &ctx, &id).await;
            let metadata = &table.metadata;
            let text = metadata.annotation.description.clone().unwrap();
            assert_eq!(text.by.as_deref(), Some("Emil"));
            assert!(text.at.is_some());
            assert!(text.html.contains("<strong>buys</strong>"), "{}", text.html);
            assert!(!text.html.contains("<script"), "{}", text.html);
            assert!(!text.markdown.contains('\r'));
            assert_eq!(table.summary.comment.as_deref(), Some("Who buys"));
            assert_eq!(metadata.annotation.tags, ["crm", "pii"]);
            assert_eq!(metadata.owner.as_ref().unwrap().display_name(), "Ada");
            assert_eq!(
                metadata.storage_location.as_deref(),
                Some("s3://bucket/customers")
            );
            assert_eq!(metadata.partitioning.as_deref(), Some(r#"{"by":"day"}"#));
            assert_eq!(
                metadata.custom,
                [("retention".to_owned(), "30 d".to_owned())]
            );

            let lines = trail(&catalog, "table").await;
            assert_eq!(lines.len(), 1);
            assert_eq!(
                lines[0]["tags"],
                json!({ "before": [], "after": ["crm", "pii"] })
            );
            assert_eq!(lines[0]["owner"]["before"], Value::Null);
            assert_eq!(lines[0]["storage_format"]["after"], "parquet");

            // One field of many: the rest stays, and so does who wrote the text.
            let other = with_role(Role::Editor);
            let patch = TablePatch {
                owner: Some(None),
                custom: Some(Vec::new()),
                ..TablePatch::default()
            };
            services
                .table_annotate(&other, &named(&id), patch)
                .await
                .unwrap();
            let metadata = page(&catalog, &ctx, &id).await.metadata;
            assert_eq!(metadata.owner, None);
            assert!(metadata.custom.is_empty());
            assert_eq!(metadata.annotation.tags, ["crm", "pii"]);
            let by = metadata.annotation.description.unwrap().by;
            assert_eq!(by.as_deref(), Some("Emil"));
            let lines = trail(&catalog, "table").await;
            let changed: Vec<&String> = lines[1].as_object().unwrap().keys().collect();
            assert_eq!(changed, ["custom", "owner"]);
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_so_already_is_no_change() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let id = shop(&catalog, &ctx).await;
            let patch = || TablePatch {
                description: some("same"),
                owner: Some(None),
                ..TablePatch::default()
            };
            let services = &catalog.services;
            for _ in 0..2 {
                let record = services
                    .table_annotate(&ctx, &named(&id), patch())
                    .await
                    .unwrap();
                assert_eq!(record.metadata.annotation.revision, 1);
            }
            assert_eq!(trail(&catalog, "table").await.len(), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn a_refresh_changes_only_what_the_source_says() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let patch = TablePatch {
                description: some("ours"),
                tags: Some(vec!["crm".to_owned()]),
                storage_location: some("s3://x"),
                custom: Some(vec![("k".to_owned(), "v".to_owned())]),
                ..TablePatch::default()
            };
            services
                .table_annotate(&ctx, &named(&id), patch)
                .await
                .unwrap();
            let key = ColumnKey::Named(named(&id), "email".to_owned());
            let patch = ColumnPatch {
                description: some("our address"),
                tags: Some(vec!["pii".to_owned()]),
                semantic_type: Some(Some(SemanticType::Email)),
                ..ColumnPatch::default()
            };
            services.column_annotate(&ctx, &key, patch).await.unwrap();
            catalog
                .sql("update tables set ai_description = 'drafted'; update columns set ai_description = 'drafted'")
                .await;

            let mut schema = services.structure_fetch(&ctx, &id).await.unwrap();
            let table = schema
                .tables
                .iter_mut()
                .find(|table| table.name == customers())
                .unwrap();
            table.comment = Some("Said anew".to_owned());
            for column in &mut table.columns {
                column.comment = Some("Said anew, too".to_owned());
            }
            let (_, has_changed) = catalog
                .store
                .schema_refresh(&id, &schema, &NewVersion::default())
                .await
                .unwrap();
            assert!(has_changed);

            let table = page(&catalog, &ctx, &id).await;
            assert_eq!(table.summary.comment.as_deref(), Some("Said anew"));
            let metadata = &table.metadata;
            let check = |annotation: &Annotation, text: &str| {
                assert_eq!(annotation.description.as_ref().unwrap().markdown, text);
                assert_eq!(annotation.ai_draft.as_ref().unwrap().markdown, "drafted");
                assert_eq!(annotation.revision, 1, "a refresh is in nobody's way");
            };
            check(&metadata.annotation, "ours");
            assert_eq!(metadata.annotation.tags, ["crm"]);
            assert_eq!(metadata.storage_location.as_deref(), Some("s3://x"));
            assert_eq!(metadata.custom.len(), 1);
            let email = column(&table, "email");
            assert_eq!(email.comment.as_deref(), Some("Said anew, too"));
            check(&email.metadata.annotation, "our address");
            assert_eq!(email.metadata.annotation.tags, ["pii"]);
            assert_eq!(email.metadata.semantic_type.as_deref(), Some("email"));
        },
    )
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_names_its_field() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let default = TablePatch::default;
            let long = "x".repeat(20_001);
            for (field, patch) in [
                (
                    "description",
                    TablePatch {
                        description: some(&long),
                        ..default()
                    },
                ),
                (
                    "tags",
                    TablePatch {
                        tags: Some(vec!["<b>".to_owned()]),
                        ..default()
                    },
                ),
                (
                    "owner",
                    TablePatch {
                        owner: some("nobody@example.org"),
                        ..default()
                    },
                ),
                (
                    "owner",
                    TablePatch {
                        owner: some("a\0b"),
                        ..default()
                    },
                ),
                (
                    "storage_location",
                    TablePatch {
                        storage_location: some("a\nb"),
                        ..default()
                    },
                ),
                (
                    "storage_format",
                    TablePatch {
                        storage_format: some(&"x".repeat(51)),
                        ..default()
                    },
                ),
                (
                    "partitioning",
                    TablePatch {
                        partitioning: some(&"x".repeat(4_001)),
                        ..default()
                    },
                ),
                (
                    "custom",
                    TablePatch {
                        custom: Some(vec![(String::new(), "x".to_owned())]),
                        ..default()
                    },
                ),
            ] {
                let error = services
                    .table_annotate(&ctx, &named(&id), patch)
                    .await
                    .unwrap_err();
                assert_eq!(error.kind, ErrorKind::Invalid, "{field}");
                assert_eq!(error.field.as_deref(), Some(field));
            }
            let key = ColumnKey::Named(named(&id), "email".to_owned());
            let patch = ColumnPatch {
                description: some(&"x".repeat(4_001)),
                ..ColumnPatch::default()
            };
            let error = services
                .column_annotate(&ctx, &key, patch)
                .await
                .unwrap_err();
            assert_eq!(error.field.as_deref(), Some("description"));
            assert!(trail(&catalog, "table").await.is_empty());

            // A zero, which PostgreSQL has no room for, is left out.
            let patch = TablePatch {
                description: some("a\0b"),
                ..default()
            };
            let record = services
                .table_annotate(&ctx, &named(&id), patch)
                .await
                .unwrap();
            let text = record.metadata.annotation.description.unwrap();
            assert_eq!(text.markdown, "ab");
        },
    )
    .await;
}

#[tokio::test]
async fn rights_of_the_database_decide() {
    with_catalog(
        |_| {},
        async |catalog| {
            let admin = of(&catalog.set_up().await.user);
            let services = &catalog.services;
            let owner = person(&catalog, "olga", Role::Editor).await;
            let other = person(&catalog, "emil", Role::Editor).await;
            let id = shop(&catalog, &owner).await;
            let table = page(&catalog, &owner, &id).await;
            let (by_id, email) = (TableKey::Id(table.summary.id), column(&table, "email").id);
            let write = || TablePatch {
                description: some("mine"),
                ..TablePatch::default()
            };
            let kinds = async |ctx: &Ctx| {
                let column = ColumnKey::Id(email);
                let database = SubjectKey::Database(id.clone());
                [
                    services.table_record(ctx, &by_id).await.err(),
                    services.table_annotate(ctx, &by_id, write()).await.err(),
                    services.column_record(ctx, &column).await.err(),
                    services
                        .column_annotate(ctx, &column, ColumnPatch::default())
                        .await
                        .err(),
                    services
                        .semantic_decide(ctx, email, SemanticType::City, false)
                        .await
                        .err(),
                    services
                        .database_annotate(ctx, &id, DatabasePatch::default())
                        .await
                        .err(),
                    services.subject_fetch(ctx, &database).await.err(),
                ]
                .map(|error| error.map(|error| error.kind))
            };
            assert_eq!(kinds(&other).await, [None; 7]);
            services
                .access_set(&owner, &id, DatabaseAccess::Read)
                .await
                .unwrap();
            let forbidden = Some(ErrorKind::Forbidden);
            assert_eq!(
                kinds(&other).await,
                [
                    None, forbidden, None, forbidden, forbidden, forbidden, forbidden
                ]
            );
            services
                .access_set(&owner, &id, DatabaseAccess::None)
                .await
                .unwrap();
            assert_eq!(kinds(&other).await, [Some(ErrorKind::NotFound); 7]);
            // The answer for a table that may not be seen is the one for a table that is not there.
            let hidden = services.table_record(&other, &by_id).await.unwrap_err();
            let absent = services
                .table_record(&other, &TableKey::Id(TableId(0)))
                .await
                .unwrap_err();
            assert_eq!(hidden, absent);
            let listed = async |ctx: &Ctx| {
                let query = TableRecordQuery::default();
                let page = services.table_record_list(ctx, query).await.unwrap();
                page.tables.len()
            };
            assert_eq!(listed(&other).await, 0);
            assert_eq!(listed(&admin).await, 2);
        },
    )
    .await;
}

#[tokio::test]
async fn tables_are_listed_page_by_page() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Viewer);
            let services = &catalog.services;
            let id = shop(&catalog, &with_role(Role::Editor)).await;
            catalog
                .sql("insert into tables (table_name, table_type) values ('sales', 'parquet')")
                .await;
            let mut query = TableRecordQuery {
                limit: 2,
                ..TableRecordQuery::default()
            };
            let first = services
                .table_record_list(&ctx, query.clone())
                .await
                .unwrap();
            assert_eq!(first.tables.len(), 2);
            query.after = first.next;
            let rest = services.table_record_list(&ctx, query).await.unwrap();
            assert_eq!(rest.tables.len(), 1);
            assert_eq!(rest.tables[0].database, None);
            assert_eq!(rest.next, None);
            let query = TableRecordQuery {
                database: Some(id),
                ..TableRecordQuery::default()
            };
            let page = services.table_record_list(&ctx, query).await.unwrap();
            assert_eq!(page.tables.len(), 2);
            assert_eq!(page.next, None);
        },
    )
    .await;
}

#[tokio::test]
async fn a_form_is_filled_with_what_is_stored() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let patch = DatabasePatch {
                description: some("All of *it*"),
                ..DatabasePatch::default()
            };
            services.database_annotate(&ctx, &id, patch).await.unwrap();
            let key = SubjectKey::Database(id.clone());
            let Subject::Database(database) = services.subject_fetch(&ctx, &key).await.unwrap()
            else {
                panic!("another subject");
            };
            let text = database.metadata.annotation.description.unwrap();
            assert_eq!(text.markdown, "All of *it*");
            let shown = services.database_fetch(&ctx, &id).await.unwrap();
            let html = shown.metadata.annotation.description.unwrap().html;
            assert!(html.contains("<em>it</em>"), "{html}");

            let key = SubjectKey::Column(ColumnKey::Named(named(&id), "email".to_owned()));
            let Subject::Column(column) = services.subject_fetch(&ctx, &key).await.unwrap() else {
                panic!("another subject");
            };
            assert_eq!(column.source_comment.as_deref(), Some("From the form"));
            let key = SubjectKey::Column(ColumnKey::Id(ColumnId(0)));
            let error = services.subject_fetch(&ctx, &key).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::NotFound);
        },
    )
    .await;
}
