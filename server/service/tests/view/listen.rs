//! News of views: what is heard, by whom, and when it ends.

use super::*;
use contract::access::Access as _;
use contract::account::Secret;
use contract::view::{ViewSignal, ViewSignals};
use model::access::{DatabaseAccess, Grantee};
use service::config::Config;
use service::seal::SealKey;
use service::services::Services;
use std::time::Duration;

/// The next revision that is heard; what only says that the connection lives is passed over.
pub(crate) async fn heard(signals: &mut Box<dyn ViewSignals>) -> Option<u64> {
    let next = async {
        loop {
            match signals.next().await {
                Some(ViewSignal::Alive) => {}
                Some(ViewSignal::Revision(revision)) => return Some(revision),
                None => return None,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), next)
        .await
        .expect("nothing was heard")
}

#[tokio::test]
async fn a_change_is_heard_in_every_process() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let orders = id_of(&data, "orders");
        // A second server on the same catalog.
        let config = Config::new(
            Secret::new(shop.catalog.url.as_str()),
            SealKey::new([7; 32]),
        );
        let other = Services::new(shop.catalog.store.clone(), config).unwrap();
        let services = &shop.catalog.services;
        let here = services.view_listen(&shop.emil, &shop.id, &view).await;
        let there = other.view_listen(&shop.vera, &shop.id, &view).await;
        let (mut here, mut there) = (here.unwrap(), there.unwrap());
        assert_eq!(heard(&mut here).await, Some(1));
        assert_eq!(heard(&mut there).await, Some(1));
        for step in 2..5_u64 {
            let revision = shop
                .arrange(&shop.olga, &view, vec![put(orders, step as f64, 0.0)])
                .await;
            // What happens while one is busy is told as one.
            while heard(&mut here).await != Some(revision) {}
            while heard(&mut there).await != Some(revision) {}
        }
        // The connection on which the server listens breaks: nothing is missed.
        shop.catalog
            .sql(
                "select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and query ilike 'listen%'",
            )
            .await;
        let revision = shop
            .arrange(&shop.olga, &view, vec![put(orders, 77.0, 0.0)])
            .await;
        while heard(&mut here).await != Some(revision) {}
        while heard(&mut there).await != Some(revision) {}
        services
            .view_delete(&shop.olga, &shop.id, &view)
            .await
            .unwrap();
        assert_eq!(heard(&mut here).await, None);
        assert_eq!(heard(&mut there).await, None);
    })
    .await;
}

#[tokio::test]
async fn who_loses_the_right_hears_no_more() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let listen = async |ctx: &Ctx| services.view_listen(ctx, &shop.id, &view).await.unwrap();
        let (mut emil, mut vera) = (listen(&shop.emil).await, listen(&shop.vera).await);
        assert_eq!(heard(&mut emil).await, Some(1));
        assert_eq!(heard(&mut vera).await, Some(1));
        let id = shop.emil.user().unwrap().id;
        let (olga, all) = (&shop.olga, DatabaseAccess::None);
        services
            .grant_set(olga, &shop.id, Grantee::Person(id), DatabaseAccess::Read)
            .await
            .unwrap();
        services.access_set(olga, &shop.id, all).await.unwrap();
        // Nothing has to happen to the view for it.
        assert_eq!(heard(&mut vera).await, None);
        let private = ViewPatch {
            is_shared: Some(false),
            ..ViewPatch::default()
        };
        services
            .view_change(olga, &shop.id, &view, private)
            .await
            .unwrap();
        assert_eq!(heard(&mut emil).await, None);
    })
    .await;
}

#[tokio::test]
async fn nobody_listens_everywhere_and_a_stop_ends_all() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let mut seats = Vec::new();
        for _ in 0..24 {
            let seat = services.view_listen(&shop.vera, &shop.id, &view).await;
            seats.push(seat.unwrap());
        }
        let error = services.view_listen(&shop.vera, &shop.id, &view).await;
        assert_eq!(error.err().unwrap().kind, ErrorKind::TooMany);
        services
            .view_listen(&shop.emil, &shop.id, &view)
            .await
            .unwrap();
        seats.pop();
        let seat = services.view_listen(&shop.vera, &shop.id, &view).await;
        let mut seat = seat.unwrap();
        assert_eq!(heard(&mut seat).await, Some(1));
        services.listening_stop();
        assert_eq!(heard(&mut seat).await, None);
    })
    .await;
}

#[tokio::test]
async fn what_is_arranged_comes_back_as_it_was_sent() {
    with_shop(async |shop| {
        // Somewhere between the lines of the grid, as whoever drags with Control leaves it. The page
        // knows its own changes by that they are the same to the last bit.
        let memo = |place: u32| ViewChange::Memo {
            id: format!("m{place:03}"),
            memo: Some(Memo {
                text: "Note".to_owned(),
                at: Spot {
                    x: 4_000.0 * f64::from(place).sin(),
                    y: 4_000.0 * f64::from(place).cos(),
                },
                width: 240.0,
                height: 120.0,
            }),
        };
        let mut sent: Vec<ViewChange> = (0..80).map(memo).collect();
        let query = DiagramQuery::default();
        let begun = shop.begin(&shop.vera, &query, "ab", sent.clone()).await;
        let mut back = begun.changes;
        back.retain(|change| matches!(change, ViewChange::Memo { .. }));
        for changes in [&mut sent, &mut back] {
            changes.sort_by_key(ViewChange::subject);
        }
        assert_eq!(back, sent);
    })
    .await;
}
