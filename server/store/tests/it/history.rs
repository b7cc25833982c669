//! What people queried.

use crate::accounts::new_user;
use crate::fixture::{database_id, import, name, shop_import};
use crate::support::{number, run, with_store};
use model::account::Role;
use model::id::UserId;
use model::schema::Schema;
use model::time::Timestamp;
use std::collections::HashMap;
use store::history::{HistoryEntry, UsageWindow};

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;
/// 2026-11-20T12:00:00Z
const NOW: Timestamp = Timestamp(1_795_176_000_000);

fn entry(query_id: &str, hours_ago: i64) -> HistoryEntry {
    let started_at = Timestamp(NOW.0 - hours_ago * HOUR);
    HistoryEntry {
        query_id: query_id.to_owned(),
        database_id: Some(database_id(1)),
        user_id: None,
        query_text: format!("select {query_id}"),
        fingerprint: None,
        query_type: "SELECT".to_owned(),
        query_status: "success".to_owned(),
        tables_accessed: vec!["sales.orders".to_owned(), "sales.customers".to_owned()],
        rows_read: Some(5),
        rows_written: None,
        bytes_read: Some(6),
        bytes_written: None,
        execution_time_ms: Some(7),
        started_at,
        completed_at: Some(Timestamp(started_at.0 + 7)),
        error_message: None,
        error_type: None,
        metadata: None,
    }
}

#[tokio::test]
async fn runs_are_kept_in_their_months() {
    with_store(|store| async move {
        shop_import(&store).await;
        let entries: Vec<_> = (0..6_000)
            .map(|place| entry(&format!("q{place}"), place % (90 * 24)))
            .collect();
        store.history_insert_many(&entries).await.unwrap();
        store.history_insert_many(&[]).await.unwrap();
        assert_eq!(
            number(&store, "select count(*) from query_history").await,
            6_000
        );
        assert_eq!(
            number(&store, "select count(*) from query_history_ids").await,
            6_000
        );
        let without_month = "select count(*) from query_history_default";
        assert_eq!(number(&store, without_month).await, 0);
        let whole = "select count(*) from query_history
            where created_at = started_at and completed_at = started_at + interval '7 ms'
                and tables_accessed = array['sales.orders', 'sales.customers']
                and rows_read = 5 and rows_written is null";
        assert_eq!(number(&store, whole).await, 6_000);
    })
    .await;
}

#[tokio::test]
async fn the_id_of_a_run_is_unique_in_every_month() {
    with_store(|store| async move {
        shop_import(&store).await;
        store.history_insert_many(&[entry("one", 0)]).await.unwrap();
        let error = store
            .history_insert_many(&[entry("two", 0), entry("one", 60 * 24)])
            .await
            .unwrap_err();
        assert_eq!(error.constraint(), Some("query_history_query_id_key"));
        assert_eq!(
            number(&store, "select count(*) from query_history").await,
            1
        );

        // The ids follow changes, also those that move a run into another month.
        run(
            &store,
            "update query_history set created_at = created_at - interval '40 days';
            update query_history set query_id = 'three'",
        )
        .await
        .unwrap();
        let same = "select count(*) from query_history h join query_history_ids i
            on i.query_id = h.query_id and i.created_at = h.created_at where h.query_id = 'three'";
        assert_eq!(number(&store, same).await, 1);
        store.history_insert_many(&[entry("one", 0)]).await.unwrap();
        run(&store, "delete from query_history where query_id = 'one'")
            .await
            .unwrap();
        store
            .history_insert_many(&[entry("one", 60 * 24)])
            .await
            .unwrap();
        assert_eq!(
            number(&store, "select count(*) from query_history_ids").await,
            2
        );
    })
    .await;
}

#[tokio::test]
async fn history_outlives_people_but_not_its_database() {
    with_store(|store| async move {
        shop_import(&store).await;
        let ada = store
            .user_create(&new_user("ada", Role::Viewer))
            .await
            .unwrap();
        let run_by_ada = HistoryEntry {
            user_id: Some(ada.id),
            ..entry("one", 0)
        };
        store.history_insert_many(&[run_by_ada]).await.unwrap();
        run(&store, "delete from users").await.unwrap();
        let left = "select count(*) from query_history where user_id is null";
        assert_eq!(number(&store, left).await, 1);
        run(&store, "delete from databases").await.unwrap();
        assert_eq!(
            number(&store, "select count(*) from query_history").await,
            0
        );
        assert_eq!(
            number(&store, "select count(*) from query_history_ids").await,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_tables_use_is_counted_by_day_person_and_statement() {
    with_store(|store| async move {
        shop_import(&store).await;
        let ada = store
            .user_create(&new_user("ada", Role::Viewer))
            .await
            .unwrap();
        let bob = store
            .user_create(&new_user("bob", Role::Viewer))
            .await
            .unwrap();
        let by = |id: &str, hours: i64, user: UserId, fingerprint: &str, ms: i32| HistoryEntry {
            user_id: Some(user),
            fingerprint: Some(fingerprint.to_owned()),
            execution_time_ms: Some(ms),
            ..entry(id, hours)
        };
        let mut entries = vec![
            by("today", 1, ada.id, "often", 10),
            by("midnight", 12, ada.id, "often", 20),
            by("yesterday", 13, bob.id, "often", 900),
            by("first", 29 * 24, bob.id, "once", 5),
            by("before", 30 * 24 + 13, bob.id, "often", 5),
            by("tomorrow", -13, bob.id, "often", 5),
        ];
        entries.push(HistoryEntry {
            query_status: "failed".to_owned(),
            ..entry("failed", 1)
        });
        entries.push(HistoryEntry {
            tables_accessed: vec!["sales.customers".to_owned()],
            ..entry("elsewhere", 1)
        });
        entries.extend((0..6).map(|place| entry(&format!("single{place}"), 50)));
        store.history_insert_many(&entries).await.unwrap();

        let table = name("sales.orders");
        let usage = store
            .table_usage(&database_id(1), &table, NOW)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(usage.per_day.len(), 30);
        assert_eq!(usage.per_day[29], 2);
        assert_eq!(usage.per_day[28], 1);
        assert_eq!(usage.per_day[27], 6);
        assert_eq!(usage.per_day[0], 1);
        assert_eq!(usage.per_day.iter().sum::<u32>(), 10);
        assert_eq!(usage.people, 2);
        assert_eq!(usage.frequent.len(), 5);
        let often = &usage.frequent[0];
        assert_eq!((often.runs, often.p95_ms), (3, 900));
        assert_eq!(often.text, "select today");
        assert_eq!(often.mostly_by.as_deref(), Some("ada"));
        assert_eq!(often.last_at, Timestamp(NOW.0 - HOUR));

        // Diagrams count the same runs.
        let window = UsageWindow::last(30, NOW);
        let counts = store.usage_counts(&database_id(1), window).await.unwrap();
        assert_eq!(counts.unwrap().get("sales.orders"), Some(&10));
        let statements = store.statements_run(&database_id(1), window).await.unwrap();
        let runs: u64 = statements.unwrap().iter().map(|(_, runs)| runs).sum();
        assert_eq!(runs, 11, "those of another table too");
        let today = UsageWindow::last(1, NOW);
        let counts = store.usage_counts(&database_id(1), today).await.unwrap();
        assert_eq!(counts.unwrap().get("sales.orders"), Some(&2));
        // Nothing in a window is not the same as no history.
        let empty = UsageWindow::last(1, Timestamp(NOW.0 + 7 * DAY));
        let counts = store.usage_counts(&database_id(1), empty).await.unwrap();
        assert_eq!(counts, Some(HashMap::new()));
        let statements = store.statements_run(&database_id(1), empty).await.unwrap();
        assert_eq!(statements, Some(Vec::new()));

        // A table that nobody touches has a use of nothing; a database without history has none.
        let table = name("web.events");
        let usage = store
            .table_usage(&database_id(1), &table, NOW)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((usage.per_day.iter().sum::<u32>(), usage.people), (0, 0));
        import(&store, 2, "Other", &Schema::default()).await;
        let none = store
            .table_usage(&database_id(2), &table, NOW)
            .await
            .unwrap();
        assert!(none.is_none());
        for window in [UsageWindow::ALL, window] {
            let counts = store.usage_counts(&database_id(2), window).await.unwrap();
            assert_eq!(counts, None);
            let statements = store.statements_run(&database_id(2), window).await;
            assert_eq!(statements.unwrap(), None);
        }
        // An absurd clock is no failure.
        let far = Timestamp(i64::MAX / DAY * DAY);
        store
            .table_usage(&database_id(1), &table, far)
            .await
            .unwrap();
        store
            .usage_counts(&database_id(1), UsageWindow::last(3_660, far))
            .await
            .unwrap();
    })
    .await;
}
