//! Views as they were.

use super::*;

#[tokio::test]
async fn a_view_goes_back_and_forth() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let first = shop.open(&shop.olga, &view).await;
        let (orders, items) = (id_of(&first, "orders"), id_of(&first, "items"));
        let history = async |ctx: &Ctx| services.view_history(ctx, id, &view).await.unwrap();
        assert_eq!(history(&shop.vera).await.snapshots, []);
        // What one person does in one go is one state, begun by what was before.
        shop.arrange(&shop.olga, &view, vec![put(orders, 1.0, 1.0)])
            .await;
        shop.arrange(&shop.olga, &view, vec![put(items, 2.0, 2.0)])
            .await;
        let states = history(&shop.vera).await.snapshots;
        assert_eq!(states.len(), 1);
        assert_eq!((states[0].number, states[0].differences), (1, 2));
        assert_eq!(states[0].changed_by.as_deref(), Some("olga"));
        // Another person begins another.
        shop.arrange(&shop.emil, &view, vec![put(items, 3.0, 3.0)])
            .await;
        assert_eq!(history(&shop.olga).await.snapshots.len(), 2);
        // So does one who comes back after a while.
        shop.catalog
            .sql("update diagram_view_parts set changed_at = now() - interval '11 minutes'")
            .await;
        shop.arrange(&shop.emil, &view, vec![put(orders, 4.0, 4.0)])
            .await;
        let states = history(&shop.olga).await.snapshots;
        let told: Vec<(u32, u32)> = states
            .iter()
            .map(|it| (it.number, it.differences))
            .collect();
        assert_eq!(told, [(3, 1), (2, 2), (1, 2)]);
        assert_eq!(states[0].changed_by.as_deref(), Some("emil"));

        let before = shop.open(&shop.olga, &view).await;
        let since = before.view.as_ref().unwrap().summary.revision;
        let revision = services
            .view_restore(&shop.olga, id, &view, 1)
            .await
            .unwrap();
        let restored = shop.open(&shop.olga, &view).await;
        assert_eq!(places(&restored), places(&first));
        // Others hear of it as of any change.
        let news = services
            .view_news(&shop.emil, id, &view, since)
            .await
            .unwrap();
        assert_eq!((news.revision, news.changes.len()), (revision, 2));
        // And it can be taken back.
        let states = history(&shop.olga).await.snapshots;
        assert_eq!((states[0].number, states[0].differences), (4, 2));
        services
            .view_restore(&shop.emil, id, &view, 4)
            .await
            .unwrap();
        let back = shop.open(&shop.olga, &view).await;
        assert_eq!(places(&back), places(&before));
        let error = services.view_restore(&shop.olga, id, &view, 77).await;
        assert_eq!(error.unwrap_err().kind, ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn what_a_view_showed_comes_back_too() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.make(&shop.olga, named("Mine")).await.summary.id;
        let patch = ViewPatch {
            query: Some(DiagramQuery::showing("orders")),
            ..ViewPatch::default()
        };
        services
            .view_change(&shop.olga, id, &view, patch)
            .await
            .unwrap();
        assert_eq!(shop.open(&shop.olga, &view).await.graph.tables.len(), 1);
        services
            .view_restore(&shop.olga, id, &view, 1)
            .await
            .unwrap();
        let opened = shop.open(&shop.olga, &view).await;
        assert_eq!(opened.graph.tables.len(), 3);
        let news = services.view_news(&shop.olga, id, &view, 2).await.unwrap();
        assert!(news.has_other_query);
    })
    .await;
}

#[tokio::test]
async fn the_oldest_states_go() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.make(&shop.olga, named("Mine")).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let orders = id_of(&data, "orders");
        for step in 0..103 {
            shop.catalog
                .sql("update diagram_view_parts set changed_at = now() - interval '1 hour'")
                .await;
            shop.arrange(&shop.olga, &view, vec![put(orders, f64::from(step), 0.0)])
                .await;
        }
        let states = services.view_history(&shop.olga, id, &view).await.unwrap();
        let numbers: Vec<u32> = states.snapshots.iter().map(|state| state.number).collect();
        assert_eq!(numbers, (4..=103).rev().collect::<Vec<u32>>());
        let error = services.view_restore(&shop.olga, id, &view, 3).await;
        assert_eq!(error.unwrap_err().kind, ErrorKind::NotFound);
    })
    .await;
}
