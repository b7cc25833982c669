//! Two people who write about the same thing.

use super::*;

#[tokio::test]
async fn whoever_is_late_loses_nothing_and_overwrites_nothing() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let write = async |text: &str, revision: Option<i32>| {
                let patch = TablePatch {
                    revision,
                    description: some(text),
                    ..TablePatch::default()
                };
                services.table_annotate(&ctx, &named(&id), patch).await
            };
            write("first", Some(0)).await.unwrap();
            let error = write("second", Some(0)).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Conflict);
            let stored = page(&catalog, &ctx, &id).await.metadata.annotation;
            assert_eq!(stored.description.unwrap().markdown, "first");
            assert_eq!(trail(&catalog, "table").await.len(), 1);
            write("second", Some(1)).await.unwrap();
            write("third", None).await.unwrap();

            let key = ColumnKey::Named(named(&id), "email".to_owned());
            for (revision, fits) in [(0, true), (0, false), (1, true)] {
                let patch = ColumnPatch {
                    revision: Some(revision),
                    description: some(&format!("text {fits} {revision}")),
                    ..ColumnPatch::default()
                };
                let outcome = services.column_annotate(&ctx, &key, patch).await;
                assert_eq!(outcome.is_ok(), fits, "{revision}");
            }
            for (revision, fits) in [(0, true), (0, false), (1, true)] {
                let patch = DatabasePatch {
                    revision: Some(revision),
                    tags: Some(vec![format!("t{revision}{fits}")]),
                    ..DatabasePatch::default()
                };
                let outcome = services.database_annotate(&ctx, &id, patch).await;
                assert_eq!(outcome.is_ok(), fits, "{revision}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn two_at_once_are_told_apart() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let write = async |text: &str| {
                let patch = TablePatch {
                    revision: Some(0),
                    description: some(text),
                    ..TablePatch::default()
                };
                services.table_annotate(&ctx, &named(&id), patch).await
            };
            let (one, other) = tokio::join!(write("one"), write("other"));
            assert!(one.is_ok() != other.is_ok());
        },
    )
    .await;
}
