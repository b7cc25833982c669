//! Sessions and attempts to sign in.

use crate::accounts::new_user;
use crate::support::{number, run, with_store};
use model::account::{CurrentUser, Role};
use std::time::Duration;
use store::Store;
use store::sessions::{NewSession, SessionLimits, TokenHash};

async fn sign_in(store: &Store, user: &CurrentUser, token: u8) -> TokenHash {
    let new = NewSession {
        token_hash: [token; 32],
        user_id: user.id,
        ip_address: Some("2001:db8::1".parse().unwrap()),
        user_agent: Some("test".to_owned()),
    };
    store
        .session_create(&new, &SessionLimits::default())
        .await
        .unwrap();
    new.token_hash
}

async fn whose(store: &Store, token: &TokenHash) -> Option<CurrentUser> {
    store
        .session_fetch(token, &SessionLimits::default())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_session_knows_its_person_until_it_ends() {
    with_store(|store| async move {
        let ada = store
            .user_create(&new_user("ada", Role::Editor))
            .await
            .unwrap();
        let token = sign_in(&store, &ada, 1).await;
        assert_eq!(whose(&store, &token).await, Some(ada));
        assert_eq!(whose(&store, &[9; 32]).await, None);
        let signed_in = "select count(*) from users where last_login_at is not null";
        assert_eq!(number(&store, signed_in).await, 1);
        store.session_delete(&token).await.unwrap();
        store.session_delete(&token).await.unwrap();
        assert_eq!(whose(&store, &token).await, None);
    })
    .await;
}

#[tokio::test]
async fn that_a_session_is_used_is_noted_once_a_minute() {
    with_store(|store| async move {
        let ada = store
            .user_create(&new_user("ada", Role::Viewer))
            .await
            .unwrap();
        let token = sign_in(&store, &ada, 1).await;
        let fresh = "select count(*) from sessions where last_seen_at > now() - interval '10 s'";
        run(
            &store,
            "update sessions set last_seen_at = now() - interval '30 s'",
        )
        .await
        .unwrap();
        whose(&store, &token).await.unwrap();
        assert_eq!(number(&store, fresh).await, 0);
        run(
            &store,
            "update sessions set last_seen_at = now() - interval '2 min'",
        )
        .await
        .unwrap();
        whose(&store, &token).await.unwrap();
        assert_eq!(number(&store, fresh).await, 1);
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_idle_when_old_and_when_the_account_is_closed() {
    with_store(|store| async move {
        let ada = store
            .user_create(&new_user("ada", Role::Viewer))
            .await
            .unwrap();
        let token = sign_in(&store, &ada, 1).await;
        run(
            &store,
            "update sessions set last_seen_at = now() - interval '8 days'",
        )
        .await
        .unwrap();
        assert_eq!(whose(&store, &token).await, None);
        run(
            &store,
            "update sessions set last_seen_at = now(), expires_at = now() - interval '1 s'",
        )
        .await
        .unwrap();
        assert_eq!(whose(&store, &token).await, None);
        let limits = SessionLimits::default();
        assert_eq!(store.expired_delete(&limits).await.unwrap(), 1);

        let token = sign_in(&store, &ada, 2).await;
        assert_eq!(store.expired_delete(&limits).await.unwrap(), 0);
        run(&store, "update users set is_active = false")
            .await
            .unwrap();
        assert_eq!(whose(&store, &token).await, None);
        store.user_active_set(ada.id, false).await.unwrap();
        assert_eq!(number(&store, "select count(*) from sessions").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_persons_other_sessions_can_be_ended() {
    with_store(|store| async move {
        let ada = store
            .user_create(&new_user("ada", Role::Viewer))
            .await
            .unwrap();
        let bob = store
            .user_create(&new_user("bob", Role::Viewer))
            .await
            .unwrap();
        let kept = sign_in(&store, &ada, 1).await;
        let ended = sign_in(&store, &ada, 2).await;
        let others = sign_in(&store, &bob, 3).await;
        let count = store.sessions_delete_for_user(ada.id, Some(&kept)).await;
        assert_eq!(count.unwrap(), 1);
        assert!(whose(&store, &kept).await.is_some());
        assert!(whose(&store, &ended).await.is_none());
        let count = store.sessions_delete_for_user(ada.id, None).await;
        assert_eq!(count.unwrap(), 1);
        assert!(whose(&store, &kept).await.is_none());
        assert!(whose(&store, &others).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn attempts_count_by_key_and_window() {
    with_store(|store| async move {
        for _ in 0..3 {
            store.login_attempt_record("ada").await.unwrap();
        }
        store.login_attempt_record("bob").await.unwrap();
        let hour = Duration::from_secs(3600);
        assert_eq!(store.login_attempts_recent("ada", hour).await.unwrap(), 3);
        run(
            &store,
            "update login_attempts set created_at = now() - interval '2 hours'
            where id = (select min(id) from login_attempts)",
        )
        .await
        .unwrap();
        assert_eq!(store.login_attempts_recent("ada", hour).await.unwrap(), 2);
        store.login_attempts_clear("ada").await.unwrap();
        assert_eq!(store.login_attempts_recent("ada", hour).await.unwrap(), 0);
        assert_eq!(store.login_attempts_recent("bob", hour).await.unwrap(), 1);
        run(
            &store,
            "update login_attempts set created_at = now() - interval '2 days'",
        )
        .await
        .unwrap();
        assert_eq!(
            store
                .expired_delete(&SessionLimits::default())
                .await
                .unwrap(),
            1
        );
    })
    .await;
}
