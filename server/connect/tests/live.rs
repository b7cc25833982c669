//! Against a real server, where `CROWFOOT_TEST_DATABASE_URL` names one.

use connect::admin::{Admin, DatabaseState};
use connect::error::ConnectError;
use connect::source::Source;

const MARK: &str = "made by a test of connect";

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn test_url() -> Option<String> {
    let url = std::env::var("CROWFOOT_TEST_DATABASE_URL").ok();
    if url.is_none() {
        eprintln!("skipped: CROWFOOT_TEST_DATABASE_URL is not set");
    }
    url
}

fn unique_name(what: &str) -> String {
    format!("crowfoot_test_{what}_{}", std::process::id())
}

#[tokio::test]
async fn a_database_is_made_marked_and_dropped() {
    let Some(url) = test_url() else { return };
    let admin = Admin::new(&url).unwrap();
    let name = unique_name("made");
    assert_eq!(
        admin.database_state(&name, MARK).await.unwrap(),
        DatabaseState::Absent
    );
    admin.database_create(&name, MARK).await.unwrap();
    assert_eq!(
        admin.database_state(&name, MARK).await.unwrap(),
        DatabaseState::Ours
    );
    assert!(matches!(
        admin.database_create(&name, MARK).await,
        Err(ConnectError::Taken(_))
    ));
    assert!(matches!(
        admin.database_drop(&name, "somebody else's mark").await,
        Err(ConnectError::Foreign)
    ));
    assert!(admin.database_drop(&name, MARK).await.unwrap());
    assert!(!admin.database_drop(&name, MARK).await.unwrap());
}

#[tokio::test]
async fn a_script_is_run_whole_or_not_at_all() {
    let Some(url) = test_url() else { return };
    let admin = Admin::new(&url).unwrap();
    let name = unique_name("whole");
    admin.database_create(&name, MARK).await.unwrap();
    let source = admin.source(&name);
    let failed = source
        .run_scripts(&["CREATE TABLE a (x int);", "CREATE TABLE a (x int);"])
        .await;
    assert!(matches!(failed, Err(ConnectError::Statement(_))));
    assert_eq!(source.table_sizes().await.unwrap(), []);
    admin.database_drop(&name, MARK).await.unwrap();
}

#[tokio::test]
async fn statistics_and_sizes_are_read() {
    let Some(url) = test_url() else { return };
    let admin = Admin::new(&url).unwrap();
    let name = unique_name("facts");
    admin.database_create(&name, MARK).await.unwrap();
    let source = admin.source(&name);
    source
        .run_scripts(&[r#"
            CREATE SCHEMA "Odd ""schema""";
            CREATE TABLE "Odd ""schema"""."a'b\c" (id int, state text, tags text[], empty text);
            INSERT INTO "Odd ""schema"""."a'b\c"
            SELECT n, CASE WHEN n % 4 = 0 THEN NULL WHEN n % 4 = 1 THEN 'b,"q"' ELSE 'a' END,
                   ARRAY['x', 'y'], NULL
            FROM generate_series(1, 1000) AS n;
            CREATE TABLE months (at date NOT NULL, v int) PARTITION BY RANGE (at);
            CREATE TABLE months_1 PARTITION OF months
                FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
            INSERT INTO months SELECT '2026-01-01'::date + n % 30, n FROM generate_series(1, 60) n;
            CREATE TABLE never_filled (x int);
        "#])
        .await
        .unwrap();
    source.analyze().await.unwrap();

    let facts = source.statistics().await.unwrap();
    let column = |table: &str, column: &str| {
        facts
            .iter()
            .find(|facts| facts.table.name == table && facts.column == column)
            .map(|facts| facts.statistics.clone())
    };
    let id = column("a'b\\c", "id").unwrap();
    assert_eq!(id.distinct_count, Some(1000));
    assert_eq!(
        (id.min.as_deref(), id.max.as_deref()),
        (Some("1"), Some("1000"))
    );
    let state = column("a'b\\c", "state").unwrap();
    assert_eq!(state.null_fraction, Some(0.25));
    assert_eq!(state.most_common.first().unwrap().0, "a");
    assert_eq!(state.most_common.get(1).unwrap().0, "b,\"q\"");
    let tags = column("a'b\\c", "tags").unwrap();
    assert!(tags.most_common.is_empty());
    assert_eq!(column("a'b\\c", "empty").unwrap().null_fraction, Some(1.0));
    assert!(column("months", "v").is_some());
    assert!(column("never_filled", "x").is_none());

    let sizes = source.table_sizes().await.unwrap();
    let rows: Vec<(&str, Option<i64>)> = sizes
        .iter()
        .map(|size| (size.table.name.as_str(), size.row_count))
        .collect();
    assert_eq!(
        rows,
        [
            ("a'b\\c", Some(1000)),
            ("months", Some(60)),
            ("months_1", Some(60)),
            ("never_filled", Some(0)),
        ]
    );
    assert!(sizes.iter().take(3).all(|size| size.size_bytes > 0));
    admin.database_drop(&name, MARK).await.unwrap();
}

#[tokio::test]
async fn what_does_not_answer_is_told_apart_from_what_cannot_be_read() {
    assert!(matches!(Source::new("::"), Err(ConnectError::Address(_))));
    let nowhere = Source::new("postgres://nobody@127.0.0.1:1/nothing").unwrap();
    assert!(matches!(
        nowhere.statistics().await,
        Err(ConnectError::Unreachable(_))
    ));
}

#[tokio::test]
async fn one_at_a_time_holds_a_lock() {
    let Some(url) = test_url() else { return };
    let admin = Admin::new(&url).unwrap();
    let name = unique_name("lock");
    let held = admin.lock(&name).await.unwrap();
    let waiting = tokio::spawn({
        let (admin, name) = (admin.clone(), name.clone());
        async move { admin.lock(&name).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    held.release().await;
    waiting.await.unwrap().unwrap().release().await;
}
