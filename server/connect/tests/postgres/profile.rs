//! A close look at a table's values.

use crate::support::{Database, PASSWORD, with_database};
use connect::error::ConnectError;
use connect::introspection::Limits;
use connect::postgres::{TableProfile, profile};
use connect::target::Target;
use model::schema::QualifiedName;
use std::time::Duration;

async fn look(
    database: &Database,
    table: &str,
    columns: &[&str],
) -> Result<TableProfile, ConnectError> {
    let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let table = QualifiedName::new("public", table);
    profile(&database.server, &table, &columns, &Limits::default()).await
}

#[tokio::test]
async fn values_are_counted_and_compared_by_their_type() {
    with_database(async |database: Database| {
        database
            .run(
                "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN small AS int;
                 CREATE TABLE t (n small, \"o\"\"dd\" varchar(300), m mood, b bool, u uuid, j json, a int[]);
                 INSERT INTO t SELECT n, repeat('x', n % 3 * 100), CASE n % 3 WHEN 0 THEN 'ok' WHEN 1
                     THEN 'sad' END::mood, n > 9, md5(n::text)::uuid, '{}', '{1}'
                 FROM generate_series(1, 12) n;
                 CREATE VIEW v AS SELECT n FROM t;",
            )
            .await;
        let columns = ["m", "n", "o\"dd", "b", "u", "j", "a", "gone"];
        let found = look(&database, "t", &columns).await.unwrap();
        assert!(!found.sampled);
        let names: Vec<&str> = found.columns.iter().map(|c| c.column.as_str()).collect();
        assert_eq!(names, columns[..7]);
        let [mood, number, odd, flag, uuid, json, array] = found.columns.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((mood.rows, mood.nulls, mood.distinct), (12, 4, Some(2)));
        // In the order of the type, not of the words.
        assert_eq!(mood.min.as_deref(), Some("sad"));
        assert_eq!(
            mood.top,
            [("sad".to_owned(), 4), ("ok".to_owned(), 4)]
        );
        assert_eq!(number.min.as_deref(), Some("1"));
        assert_eq!(number.max.as_deref(), Some("12"));
        assert_eq!(number.top.len(), 10);
        assert_eq!(odd.max.as_ref().unwrap().len(), 200);
        assert_eq!(flag.distinct, Some(2));
        assert_eq!(uuid.distinct, Some(12));
        assert_eq!((json.rows, json.nulls, json.distinct), (12, 0, None));
        assert_eq!(array.distinct, None);

        let view = look(&database, "v", &["n"]).await.unwrap();
        assert_eq!(view.columns[0].distinct, Some(12));
        let gone = look(&database, "gone", &["n"]).await;
        assert!(matches!(gone, Err(ConnectError::Changed(_))), "{gone:?}");
    })
    .await;
}

#[tokio::test]
async fn a_large_table_is_sampled() {
    with_database(async |database: Database| {
        database
            .run(
                "CREATE TABLE parts (n int, fill text) PARTITION BY RANGE (n);
                 CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (1000000);
                 ALTER TABLE part ALTER fill SET STORAGE PLAIN;
                 INSERT INTO parts SELECT n, repeat('x', 7000) FROM generate_series(1, 17000) n;",
            )
            .await;
        let found = look(&database, "parts", &["n"]).await.unwrap();
        assert!(found.sampled);
        let rows = found.columns[0].rows;
        assert!((4000..13_000).contains(&rows), "{rows}");
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_read_and_what_takes_too_long() {
    with_database(async |database: Database| {
        let user = database.make_user().await;
        database
            .run(&format!(
                "CREATE TABLE t (n int); GRANT USAGE ON SCHEMA public TO {user};
                 CREATE VIEW slow AS SELECT 1 AS n FROM pg_sleep(30);"
            ))
            .await;
        let Target::Server(server) = database.as_user(&user, PASSWORD) else {
            return;
        };
        let table = QualifiedName::new("public", "t");
        let columns = ["n".to_owned()];
        let refused = profile(&server, &table, &columns, &Limits::default()).await;
        database.drop_user(&user).await;
        assert!(
            matches!(refused, Err(ConnectError::Refused(_))),
            "{refused:?}"
        );
        let limits = Limits {
            statement: Duration::from_millis(200),
            ..Limits::default()
        };
        let table = QualifiedName::new("public", "slow");
        let slow = profile(&database.server, &table, &columns, &limits).await;
        assert!(matches!(slow, Err(ConnectError::TooSlow(_))), "{slow:?}");
    })
    .await;
}
