//! Months of the query history and of the audit trail.

use crate::support::{number, run, text, with_store};

#[tokio::test]
async fn months_are_made_ahead() {
    with_store(|store| async move {
        let parts = number(
            &store,
            "select count(*) from pg_inherits
            where inhparent in ('query_history'::regclass, 'audit_logs'::regclass)",
        )
        .await;
        assert_eq!(parts, 2 * 6);
        assert_eq!(store.partitions_ensure().await.unwrap(), 0);
        run(
            &store,
            "insert into query_history (query_id, query_text) values ('now', '');
            insert into audit_logs (action) values ('NOW')",
        )
        .await
        .unwrap();
        let astray = "select (select count(*) from query_history_default)
            + (select count(*) from audit_logs_default)";
        assert_eq!(number(&store, astray).await, 0);
    })
    .await;
}

#[tokio::test]
async fn rows_move_into_a_month_that_is_made_late() {
    with_store(|store| async move {
        run(
            &store,
            "insert into users (username, email) values ('a', 'a@b');
            insert into query_history (query_id, user_id, query_text, created_at)
            values ('old', 1, 'x', '2020-02-29 23:59:59.999+00'),
                ('next', 1, 'y', '2020-03-01 00:00:00+00');
            insert into audit_logs (user_id, action, created_at)
            values (1, 'CREATE', '2020-02-10');",
        )
        .await
        .unwrap();
        let made = number(
            &store,
            "select ensure_month_partitions('query_history', '2020-01-15', '2020-02-01')
                + ensure_month_partitions('audit_logs', '2020-02-29', '2020-02-29')::bigint",
        )
        .await;
        assert_eq!(made, 3);
        let places = text(
            &store,
            "select string_agg(query_id || ' ' || tableoid::regclass, ', ' order by query_id)
            from query_history",
        )
        .await;
        assert_eq!(
            places,
            "next query_history_default, old query_history_y2020m02"
        );
        let place = text(
            &store,
            "select tableoid::regclass::text || id from audit_logs",
        )
        .await;
        assert_eq!(place, "audit_logs_y2020m021");
        // What was moved is as unique, and the trail as closed, as before.
        let again = "insert into query_history (query_id, query_text) values ('old', 'x')";
        assert!(run(&store, again).await.is_err());
        assert!(run(&store, "delete from audit_logs").await.is_err());
        // A second run has nothing to do.
        let made = number(
            &store,
            "select ensure_month_partitions('query_history', '2020-01-15', '2020-02-01')::bigint",
        )
        .await;
        assert_eq!(made, 0);
    })
    .await;
}

#[tokio::test]
async fn two_servers_make_months_once() {
    with_store(|store| async move {
        run(
            &store,
            "do $$ declare part regclass; begin
                for part in select inhrelid::regclass from pg_inherits
                    where inhparent = 'query_history'::regclass
                        and inhrelid <> 'query_history_default'::regclass
                loop execute 'drop table ' || part; end loop;
            end $$",
        )
        .await
        .unwrap();
        run(
            &store,
            "insert into query_history (query_id, query_text) values ('q', 'x')",
        )
        .await
        .unwrap();
        let (one, other) = tokio::join!(store.partitions_ensure(), store.partitions_ensure());
        assert_eq!(one.unwrap() + other.unwrap(), 5);
        let astray = "select count(*) from query_history_default";
        assert_eq!(number(&store, astray).await, 0);
    })
    .await;
}
