//! What columns mean, proposed once.

use super::*;

#[tokio::test]
async fn a_verdict_is_never_asked_twice() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let services = &catalog.services;
            let id = shop(&catalog, &ctx).await;
            let table = page(&catalog, &ctx, &id).await;
            let email = column(&table, "email");
            let proposal = email.metadata.proposal.clone().unwrap();
            assert_eq!(proposal.semantic_type, SemanticType::Email);
            assert!(proposal.reason.contains("name"), "{}", proposal.reason);
            let phone = column(&table, "phone_number");
            assert_eq!(
                phone.metadata.proposal.as_ref().unwrap().semantic_type,
                SemanticType::Phone
            );

            services
                .semantic_decide(&ctx, email.id, SemanticType::Email, true)
                .await
                .unwrap();
            services
                .semantic_decide(&ctx, phone.id, SemanticType::Phone, false)
                .await
                .unwrap();
            let table = page(&catalog, &ctx, &id).await;
            let (email, phone) = (column(&table, "email"), column(&table, "phone_number"));
            assert_eq!(email.metadata.semantic_type.as_deref(), Some("email"));
            assert_eq!(email.metadata.annotation.revision, 1);
            assert_eq!(phone.metadata.semantic_type, None);
            assert_eq!(phone.metadata.proposal, None);
            let lines = trail(&catalog, "column").await;
            assert_eq!(lines.len(), 2);
            assert_eq!(lines[0]["semantic_type"]["after"], "email");

            // Saying the same again is nothing new; the contrary is a conflict.
            services
                .semantic_decide(&ctx, email.id, SemanticType::Email, true)
                .await
                .unwrap();
            let error = services
                .semantic_decide(&ctx, phone.id, SemanticType::Phone, true)
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::Conflict);
            assert_eq!(trail(&catalog, "column").await.len(), 2);

            // Whoever clears an accepted meaning in the form is not asked again either.
            let patch = ColumnPatch {
                semantic_type: Some(None),
                ..ColumnPatch::default()
            };
            services
                .column_annotate(&ctx, &ColumnKey::Id(email.id), patch)
                .await
                .unwrap();
            let table = page(&catalog, &ctx, &id).await;
            let email = column(&table, "email");
            assert_eq!(email.metadata.semantic_type, None);
            assert_eq!(email.metadata.proposal, None);
        },
    )
    .await;
}
