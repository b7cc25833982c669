//! Runs the whole sample on a real PostgreSQL, when `CROWFOOT_TEST_DATABASE_URL` names one whose
//! user may create databases. Without it the test says so and passes.

use crate::dice::Dice;
use crate::literal;
use crate::template::{self, Ending, Template, tables_accessed};
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::BTreeSet;
use std::str::FromStr;
use time::{Date, macros::date};

const VARIABLE: &str = "CROWFOOT_TEST_DATABASE_URL";

async fn execute(connection: &mut PgConnection, sql: impl Into<String>) -> Result<(), String> {
    sqlx::raw_sql(AssertSqlSafe(sql.into()))
        .execute(connection)
        .await
        .map(|_| ())
        .map_err(|error| match error.as_database_error() {
            Some(error) => error.message().to_owned(),
            None => error.to_string(),
        })
}

async fn number(connection: &mut PgConnection, sql: impl Into<String>) -> i64 {
    let sql = sql.into();
    sqlx::raw_sql(AssertSqlSafe(sql.clone()))
        .fetch_one(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"))
        .get(0)
}

/// Relations that a plan scans; partitions count as their table.
fn scanned(plan: &Value, found: &mut BTreeSet<String>) {
    match plan {
        Value::Object(fields) => {
            let name = fields.get("Relation Name").and_then(Value::as_str);
            let schema = fields.get("Schema").and_then(Value::as_str);
            if let (Some(schema), Some(name)) = (schema, name) {
                let name = if name.starts_with("events_") {
                    "events"
                } else {
                    name
                };
                found.insert(format!("{schema}.{name}"));
            }
            fields.values().for_each(|value| scanned(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| scanned(item, found)),
        _ => {}
    }
}

async fn plan(connection: &mut PgConnection, sql: &str) -> BTreeSet<String> {
    let row = sqlx::raw_sql(AssertSqlSafe(format!(
        "EXPLAIN (VERBOSE, FORMAT JSON) {sql}"
    )))
    .fetch_one(connection)
    .await
    .unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let mut found = BTreeSet::new();
    scanned(&row.get::<Value, _>(0), &mut found);
    found
}

/// The named relations, with views replaced by what they read.
async fn expanded(connection: &mut PgConnection, sql: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for relation in tables_accessed(sql) {
        let rows = sqlx::query_scalar::<_, String>(
            "SELECT table_schema || '.' || table_name FROM information_schema.view_table_usage \
             WHERE view_schema || '.' || view_name = $1",
        )
        .bind(&relation)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
        found.insert(relation);
        found.extend(rows);
    }
    found
}

async fn check_template(
    connection: &mut PgConnection,
    template: &Template,
    day: Date,
    dice: &mut Dice,
) {
    let sql = literal::fill(template.sql, day, dice);
    let name = template.name;
    match template.ending {
        Ending::Refused { message, .. } => {
            let error = execute(connection, format!("EXPLAIN {sql}")).await;
            assert_eq!(error, Err(message.to_owned()), "{name}");
        }
        Ending::Broken { message, .. } => {
            plan(connection, &sql).await;
            let error = execute(connection, sql).await;
            assert_eq!(error, Err(message.to_owned()), "{name}");
        }
        Ending::Success | Ending::TimedOut | Ending::Cancelled => {
            let read = plan(connection, &sql).await;
            let named = expanded(connection, &sql).await;
            let unnamed: Vec<_> = read.difference(&named).collect();
            assert!(unnamed.is_empty(), "{name} also reads {unnamed:?}");
            if template.ending == Ending::Success && template.query_type == "SELECT" {
                let outcome = execute(connection, sql.clone()).await;
                assert_eq!(outcome, Ok(()), "{name}\n{sql}");
            }
        }
    }
}

async fn check_rows(connection: &mut PgConnection) {
    let mut total = 0;
    let mut empty = Vec::new();
    for relation in template::relations() {
        let count = number(connection, format!("SELECT count(*) FROM {relation}")).await;
        if count == 0 && !relation.contains(".events_") {
            empty.push(*relation);
        }
        let is_stored_once = !relation.contains(".events_")
            && crate::ddl().contains(&format!("CREATE TABLE {relation} "));
        total += if is_stored_once { count } else { 0 };
    }
    assert!(empty.is_empty(), "{empty:?}");
    assert!((20_000..=60_000).contains(&total), "{total} rows");
    println!("{total} rows");

    // References that no constraint enforces hold all the same, but for the mistyped campaigns.
    for (column, orphans) in [
        (
            "events.customer_ref",
            "growth.events e LEFT JOIN sales.customers t ON t.id::text = e.customer_ref WHERE e.customer_ref IS NOT NULL AND t.id IS NULL",
        ),
        (
            "events.session_id",
            "growth.events e LEFT JOIN growth.sessions t ON t.id = e.session_id WHERE t.id IS NULL",
        ),
        (
            "refunds.handled_by",
            "sales.refunds r LEFT JOIN sales.employees t ON t.id = r.handled_by WHERE r.handled_by IS NOT NULL AND t.id IS NULL",
        ),
        (
            "shipments.packed_by",
            "logistics.shipments s LEFT JOIN sales.employees t ON t.id = s.packed_by WHERE s.packed_by IS NOT NULL AND t.id IS NULL",
        ),
        (
            "stock_movements.order_number",
            "logistics.stock_movements m LEFT JOIN sales.orders t USING (order_number) WHERE m.order_number IS NOT NULL AND t.id IS NULL",
        ),
    ] {
        let count = number(connection, format!("SELECT count(*) FROM {orphans}")).await;
        assert_eq!(count, 0, "{column}");
    }
    let mistyped = number(
        connection,
        "SELECT count(*) * 100 / (SELECT count(utm_campaign) FROM growth.sessions) FROM growth.sessions s \
         LEFT JOIN growth.campaigns c ON c.code = s.utm_campaign WHERE s.utm_campaign IS NOT NULL AND c.id IS NULL",
    )
    .await;
    assert!((1..40).contains(&mistyped), "{mistyped} percent");

    // Nothing happens in the future, and the sums of an order are the sums of its lines.
    let wrong = number(
        connection,
        "SELECT count(*) FROM sales.orders o WHERE o.goods_amount <> (SELECT sum(line_amount) FROM sales.order_lines l WHERE l.order_id = o.id)",
    )
    .await;
    assert_eq!(wrong, 0);
}

async fn check_sample(connection: &mut PgConnection, today: Date) {
    execute(connection, crate::ddl()).await.unwrap();
    let start = std::time::Instant::now();
    execute(connection, crate::rows_sql(today)).await.unwrap();
    println!("rows up to {today} took {:?}", start.elapsed());
    check_rows(connection).await;
    let future = number(
        connection,
        format!(
            "SELECT (SELECT count(*) FROM sales.orders WHERE placed_at > '{today} 00:00:00+00') \
                  + (SELECT count(*) FROM logistics.shipments WHERE greatest(shipped_at, delivered_at) > '{today} 00:00:00+00') \
                  + (SELECT count(*) FROM logistics.stock_movements WHERE moved_at > '{today} 00:00:00+00') \
                  + (SELECT count(*) FROM growth.events WHERE occurred_at > '{today} 00:00:00+00') \
                  + (SELECT count(*) FROM growth.product_reviews WHERE written_at > '{today} 00:00:00+00')"
        ),
    )
    .await;
    assert_eq!(future, 0);

    let mut dice = Dice::new(11);
    for template in template::all() {
        for _ in 0..3 {
            check_template(connection, template, today, &mut dice).await;
        }
    }
    // New rows get ids that are still free.
    for (table, columns, values) in [
        (
            "sales.customers",
            "email, full_name, country_code",
            "'new@mail.example', 'New', 'NL'",
        ),
        (
            "catalog.variants",
            "product_id, sku, option_name, list_price",
            "1, 'PAN-9999-ZZ', 'new', 1",
        ),
    ] {
        let insert = format!("INSERT INTO {table} ({columns}) VALUES ({values})");
        execute(connection, insert).await.unwrap();
    }
}

#[tokio::test]
async fn the_sample_runs_on_postgresql() {
    let Ok(url) = std::env::var(VARIABLE) else {
        println!("skipped: {VARIABLE} is not set");
        return;
    };
    let options = PgConnectOptions::from_str(&url).unwrap();
    let mut admin = PgConnection::connect_with(&options).await.unwrap();
    // The second day is years after the last partition, and near a leap day.
    for today in [date!(2026 - 11 - 21), date!(2032 - 03 - 01)] {
        let name = format!("sample_test_{}_{}", std::process::id(), today.year());
        execute(&mut admin, format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        let mut connection = PgConnection::connect_with(&options.clone().database(&name))
            .await
            .unwrap();
        // A panic must not leave the database behind.
        let outcome = tokio::spawn(async move {
            check_sample(&mut connection, today).await;
            connection.close().await.unwrap();
        })
        .await;
        execute(&mut admin, format!("DROP DATABASE {name} WITH (FORCE)"))
            .await
            .unwrap();
        if let Err(error) = outcome {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}
