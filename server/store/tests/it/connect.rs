//! Reaching the database, or saying why not.

use crate::support::{server_url, url_of, with_store};
use sqlx::{Connection as _, PgConnection};
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use store::{Store, StoreError, StoreOptions};

#[tokio::test]
async fn what_does_not_answer_is_unavailable() {
    let options = StoreOptions {
        connect_timeout: Duration::from_secs(2),
        ..StoreOptions::default()
    };
    let error = Store::connect("postgres://nobody@127.0.0.1:1/none", options)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(error.is_unavailable());
}

#[tokio::test]
async fn what_is_no_address_is_said_to_be_none() {
    let error = Store::connect("mysql//secret", StoreOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::InvalidUrl(_)), "{error:?}");
    assert!(!error.to_string().contains("secret"));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_unavailable() {
    let Some(url) = server_url() else { return };
    let error = Store::connect(&url_of(&url, "crowfoot_never_was"), StoreOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(error.to_string().contains("crowfoot_never_was"), "{error}");
}

#[tokio::test]
async fn connections_carry_their_limits_and_name() {
    with_store(|store| async move {
        store.ping().await.unwrap();
        assert!(!store.server_version().await.unwrap().is_empty());
        let setting = async |name: &'static str| -> String {
            sqlx::query_scalar("select current_setting($1)")
                .bind(name)
                .fetch_one(store.pool())
                .await
                .unwrap()
        };
        assert_eq!(setting("statement_timeout").await, "10s");
        assert_eq!(setting("application_name").await, "crowfoot");
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    with_store(|store| async move {
        let mut transaction = store.pool().begin().await.unwrap();
        sqlx::raw_sql("set local statement_timeout = '20ms'")
            .execute(&mut *transaction)
            .await
            .unwrap();
        let error = sqlx::raw_sql("select pg_sleep(5)")
            .execute(&mut *transaction)
            .await
            .unwrap_err();
        assert!(matches!(StoreError::from(error), StoreError::TooSlow(_)));
    })
    .await;
}

/// Who leaves a page while it loads calls its request off, wherever that is.
#[tokio::test]
async fn what_is_called_off_leaves_no_transaction_behind() {
    with_store(|store| async move {
        let options = store.pool().connect_options();
        let mut other = PgConnection::connect_with(&options).await.unwrap();
        for polls in 1..30 {
            let mut work = pin!(store.partitions_ensure());
            let mut left = polls;
            poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(());
                }
                left -= 1;
                work.as_mut().poll(context).map(|_| ())
            })
            .await;
        }
        let mut open = i64::MAX;
        for _ in 0..250 {
            open = sqlx::query_scalar(
                "select count(*) from pg_stat_activity
                where datname = current_database() and state like 'idle in transaction%'",
            )
            .fetch_one(&mut other)
            .await
            .unwrap();
            if open == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(open, 0, "connections are left within a transaction");
    })
    .await;
}
