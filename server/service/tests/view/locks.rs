//! Several people who decide about views at the same moment.

use super::*;
use store::StoreError;
use store::audit::AuditEntry;

#[tokio::test]
async fn a_view_goes_while_somebody_lets_it_open_first() {
    with_shop(async |shop| {
        for is_deleted in [false, true] {
            let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
            // As whoever sets the view that opens by itself begins.
            let mut first = shop.catalog.store.pool().begin().await.unwrap();
            sqlx::query("select 1 from databases where id = $1 for no key update")
                .bind(shop.id.as_str())
                .execute(&mut *first)
                .await
                .unwrap();
            let (services, olga) = (shop.catalog.services.clone(), shop.olga.clone());
            let (id, gone) = (shop.id.clone(), view.clone());
            let other = tokio::spawn(async move {
                if is_deleted {
                    return services.view_delete(&olga, &id, &gone).await;
                }
                let private = ViewPatch {
                    is_shared: Some(false),
                    ..ViewPatch::default()
                };
                let changed = services.view_change(&olga, &id, &gone, private);
                changed.await.map(drop)
            });
            shop.catalog.something_waits().await;
            sqlx::query("update databases set default_view_id = $2 where id = $1")
                .bind(shop.id.as_str())
                .bind(view.as_str())
                .execute(&mut *first)
                .await
                .unwrap();
            first.commit().await.unwrap();
            other.await.unwrap().unwrap();
            let default = shop.catalog.store.default_view(&shop.id).await;
            assert_eq!(default.unwrap(), None);
            if !is_deleted {
                let deleted = shop
                    .catalog
                    .services
                    .view_delete(&shop.olga, &shop.id, &view);
                deleted.await.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_view_that_became_private_meanwhile_does_not_open_first() {
    with_shop(async |shop| {
        let store = &shop.catalog.store;
        let audit = AuditEntry::new("UPDATE", "default_view");
        let view = shop.make(&shop.olga, named("Mine")).await.summary.id;
        // What the service has found out before may be so no longer.
        let set = store.default_view_set(&shop.id, Some(&view), &audit).await;
        assert!(matches!(set, Err(StoreError::Conflict { .. })), "{set:?}");
        let nothing = ViewId::from_entropy([9; 10]);
        let set = store.default_view_set(&shop.id, Some(&nothing), &audit);
        assert!(matches!(set.await, Err(StoreError::NotFound { .. })));
        assert_eq!(store.default_view(&shop.id).await.unwrap(), None);
        let services = &shop.catalog.services;
        let set = services.default_view_set(&shop.olga, &shop.id, Some(&view));
        let error = set.await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("view"));
    })
    .await;
}
