//! What is read of a database, and what of it may be refused.

use crate::support::{Database, table, with_database};
use connect::error::ConnectError;
use connect::introspection::{Introspection, Limits};
use connect::live;
use model::schema::{QualifiedName, TableKind};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::time::Duration;

#[tokio::test]
async fn who_and_where() {
    with_database(async |database: Database| {
        database.run("CREATE SCHEMA one; CREATE SCHEMA two;").await;
        let facts = live::test(&database.target(), &Limits::default())
            .await
            .unwrap();
        assert!(
            facts.server_version.starts_with("PostgreSQL 1"),
            "{facts:?}"
        );
        assert_eq!(
            facts.user.as_deref(),
            Some(database.server.username.as_str())
        );
        assert_eq!(facts.database, database.server.database);
        // With “public”.
        assert_eq!(facts.schema_count, 3);
    })
    .await;
}

#[tokio::test]
async fn an_empty_database() {
    with_database(async |database: Database| {
        database.run("DROP SCHEMA public").await;
        let read = database.introspect().await;
        assert_eq!(read.schema, model::schema::Schema::default());
        assert!(read.tables.is_empty() && read.columns.is_empty());
        assert!(read.unreadable.is_empty(), "{:?}", read.unreadable);
    })
    .await;
}

#[tokio::test]
async fn owners_sizes_estimates_and_statistics() {
    with_database(async |database: Database| {
        database.run(include_str!("fixture.sql")).await;
        database
            .run(
                "INSERT INTO app.customer (email, zip, born)
                 SELECT n || '@x', translate(n::text, '0123456789', 'abcdefghij'),
                     CASE WHEN n % 4 > 0 THEN '2000-01-01'::date + n % 10 END
                 FROM generate_series(1, 1000) n;
                 INSERT INTO public.ticket SELECT 1, '2026-01-01'::timestamptz + n * interval '1 h'
                 FROM generate_series(1, 500) n;
                 INSERT INTO public.ticket VALUES (1, '2030-01-01');
                 ANALYZE app.customer; ANALYZE public.ticket_2026; ANALYZE public.ticket_rest_1;",
            )
            .await;
        let read = database.introspect().await;
        assert!(read.unreadable.is_empty(), "{:?}", read.unreadable);
        let facts = |name: &str| {
            let mut rows = read.tables.iter();
            rows.find(|row| row.table.to_string() == name).unwrap()
        };
        let customer = facts("app.customer");
        assert_eq!(customer.owner.as_ref(), Some(&database.server.username));
        assert_eq!(customer.row_estimate, Some(1000));
        assert!(customer.size_bytes.unwrap() >= 8192);
        let of_indexes: i64 = read
            .indexes
            .iter()
            .filter(|index| index.table == customer.table)
            .map(|index| index.size_bytes)
            .sum();
        assert_eq!(customer.index_bytes, Some(of_indexes));
        assert_eq!(facts("app.region").row_estimate, None);
        assert_eq!(facts("app.rich").size_bytes, None);

        // Of its partitions together, at every level.
        let ticket = facts("public.ticket");
        assert_eq!(ticket.row_estimate, Some(501));
        let leaves = ["public.ticket_2026", "public.ticket_rest_1"].map(&facts);
        let bytes: i64 = leaves.iter().filter_map(|leaf| leaf.size_bytes).sum();
        assert_eq!(ticket.size_bytes, Some(bytes));
        let index_bytes: i64 = leaves.iter().filter_map(|leaf| leaf.index_bytes).sum();
        assert_eq!(ticket.index_bytes, Some(index_bytes));

        let born = read
            .columns
            .iter()
            .find(|facts| facts.column == "born")
            .unwrap();
        assert_eq!(born.statistics.null_fraction, Some(0.25));
        assert_eq!(born.statistics.distinct_count, Some(10));

        let email = read
            .columns
            .iter()
            .find(|facts| facts.column == "email")
            .unwrap();
        let histogram = &email.statistics.histogram;
        assert_eq!(histogram.len(), 11);
        assert_eq!(histogram.first(), email.statistics.min.as_ref());
        assert_eq!(histogram.last(), email.statistics.max.as_ref());
        assert!(histogram.is_sorted());
        let id = read
            .columns
            .iter()
            .find(|facts| facts.table == customer.table && facts.column == "id")
            .unwrap();
        assert_eq!(id.statistics.correlation, Some(1.0));

        // What only the server knows of a view.
        let rich = table(&read, "app.rich");
        assert_eq!(rich.columns[0].data_type, "bigint");
        assert_eq!(rich.kind, TableKind::View);
    })
    .await;
}

#[tokio::test]
async fn what_an_extension_brought_is_left_out() {
    with_database(async |database: Database| {
        let made = database
            .source
            .run_scripts(&["CREATE EXTENSION pg_stat_statements; CREATE EXTENSION citext;"])
            .await;
        if made.is_err() {
            eprintln!("skipped: the server has not the extensions that come with PostgreSQL");
            return;
        }
        database.run("CREATE TABLE t (name citext)").await;
        let read = database.introspect().await;
        assert_eq!(read.schema.tables.len(), 1);
        assert_eq!(read.schema.tables[0].columns[0].data_type, "citext");
        assert!(read.schema.routines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn wide_tables_and_long_views() {
    with_database(async |database: Database| {
        let columns: Vec<String> = (0..1600).map(|n| format!("c{n} int")).collect();
        let terms: Vec<String> = (0..20_000)
            .map(|n| format!("{n} AS t{}", n % 1600))
            .collect();
        let long: Vec<String> = terms
            .chunks(1600)
            .filter(|chunk| chunk.len() == 1600)
            .map(|chunk| format!("SELECT {}", chunk.join(", ")))
            .collect();
        database
            .run(&format!(
                "CREATE TABLE wide ({}); CREATE VIEW long AS {};
                 ALTER TABLE wide DROP COLUMN c1;",
                columns.join(", "),
                long.join(" UNION ALL ")
            ))
            .await;
        let read = database.introspect().await;
        assert_eq!(table(&read, "public.wide").columns.len(), 1599);
        let view = table(&read, "public.long");
        assert_eq!(view.columns.len(), 1600);
        assert!(view.definition.as_ref().unwrap().len() > 200_000);
    })
    .await;
}

#[tokio::test]
async fn a_schema_that_the_login_may_not_use() {
    with_database(async |database: Database| {
        let user = database.make_user().await;
        database
            .run(&format!(
                "CREATE SCHEMA payroll; CREATE TABLE payroll.salary (id int PRIMARY KEY, x int);
                 CREATE SCHEMA shop; CREATE TABLE shop.sale (id int, v int REFERENCES payroll.salary);
                 INSERT INTO shop.sale SELECT n FROM generate_series(1, 9) n; ANALYZE shop.sale;
                 GRANT USAGE ON SCHEMA shop TO {user};"
            ))
            .await;
        let target = database.as_user(&user, crate::support::PASSWORD);
        let read = live::introspect(&target, &Limits::default(), &|_| {}).await;
        database.drop_user(&user).await;
        let read = read.unwrap();
        let names: Vec<String> = read
            .schema
            .tables
            .iter()
            .map(|table| table.name.to_string())
            .collect();
        assert_eq!(names, ["shop.sale"]);
        assert_eq!(read.unreadable.len(), 1);
        assert_eq!(read.unreadable[0].what, "schema payroll");
        assert!(read.unreadable[0].reason.contains("USAGE"));
        // The key is told by the table that has it, with both ends.
        let key = &table(&read, "shop.sale").foreign_keys[0];
        assert_eq!(key.target, QualifiedName::new("payroll", "salary"));
        assert_eq!(key.target_columns, ["id"]);
        // The values of a table that it may not read are not told.
        assert!(read.columns.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_costs_only_itself() {
    with_database(async |database: Database| {
        let user = database.make_user().await;
        database
            .run(&format!(
                "CREATE TABLE t (a int DEFAULT 1); GRANT USAGE ON SCHEMA public TO {user};
                 REVOKE SELECT ON pg_catalog.pg_stats FROM PUBLIC;
                 REVOKE EXECUTE ON FUNCTION pg_catalog.pg_table_size(regclass) FROM PUBLIC;"
            ))
            .await;
        let target = database.as_user(&user, crate::support::PASSWORD);
        let read = live::introspect(&target, &Limits::default(), &|_| {}).await;
        database.drop_user(&user).await;
        let read = read.unwrap();
        assert_eq!(
            table(&read, "public.t").columns[0].default.as_deref(),
            Some("1")
        );
        let parts: Vec<&str> = read
            .unreadable
            .iter()
            .map(|part| part.what.as_str())
            .collect();
        assert_eq!(parts, ["sizes", "statistics of columns"]);
        for part in &read.unreadable {
            assert!(part.reason.contains("permission denied"), "{part:?}");
        }
    })
    .await;
}

async fn connect(database: &Database) -> PgConnection {
    PgConnection::connect_with(&database.options).await.unwrap()
}

/// What is read while somebody holds a lock.
async fn read_beside(
    database: &Database,
    lock: &str,
    limits: Limits,
) -> Result<Introspection, ConnectError> {
    let mut other = connect(database).await;
    let statement = format!("BEGIN; LOCK TABLE {lock} IN ACCESS EXCLUSIVE MODE");
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut other)
        .await
        .unwrap();
    let read = live::introspect(&database.target(), &limits, &|_| {}).await;
    other.close().await.unwrap();
    read
}

#[tokio::test]
async fn a_locked_table_costs_only_what_needs_it() {
    with_database(async |database: Database| {
        database
            .run("CREATE TABLE t (a int); CREATE TABLE u (a int PRIMARY KEY DEFAULT 1);")
            .await;
        let limits = Limits {
            lock: Duration::from_millis(50),
            ..Limits::default()
        };
        let read = read_beside(&database, "t", limits).await.unwrap();
        assert_eq!(read.schema.tables.len(), 2);
        assert_eq!(table(&read, "public.t").columns.len(), 1);
        let parts: Vec<&str> = read
            .unreadable
            .iter()
            .map(|part| part.what.as_str())
            .collect();
        assert_eq!(parts, ["sizes"]);
        assert!(read.unreadable[0].reason.contains("lock"));
        assert_eq!(read.tables[0].size_bytes, None);
        assert!(read.tables[0].owner.is_some());

        // The server takes a lock to print expressions, without which nothing would be whole.
        let read = read_beside(&database, "u", limits).await;
        assert!(matches!(read, Err(ConnectError::Locked(_))), "{read:?}");
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long() {
    with_database(async |database: Database| {
        let limits = Limits {
            statement: Duration::from_millis(200),
            lock: Duration::from_secs(60),
            ..Limits::default()
        };
        let read = read_beside(&database, "pg_catalog.pg_enum", limits).await;
        assert!(matches!(read, Err(ConnectError::TooSlow(_))), "{read:?}");
        let limits = Limits {
            lock: Duration::from_millis(100),
            ..Limits::default()
        };
        let read = read_beside(&database, "pg_catalog.pg_enum", limits).await;
        assert!(matches!(read, Err(ConnectError::Locked(_))), "{read:?}");
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_is_ended_half_way() {
    with_database(async |database: Database| {
        let options = database.options.clone();
        let end = move |step: &str| {
            if !step.contains("constraints") {
                return;
            }
            let options = options.clone();
            let ending = std::thread::spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap()
                    .block_on(async {
                        let mut other = PgConnection::connect_with(&options).await.unwrap();
                        let row = sqlx::query(
                            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
                             WHERE datname = current_database() AND pid <> pg_backend_pid()",
                        )
                        .fetch_one(&mut other)
                        .await
                        .unwrap();
                        assert_eq!(row.get::<i64, _>(0), 1);
                    });
            });
            ending.join().unwrap();
        };
        let read = live::introspect(&database.target(), &Limits::default(), &end).await;
        assert!(matches!(read, Err(ConnectError::Lost(_))), "{read:?}");
    })
    .await;
}
