//! A database for each test, cloned from one that was migrated once.

use sqlx::migrate::Migrate as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Store, StoreOptions};
use tokio::sync::OnceCell;

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Runs a test on a migrated database of its own, which goes away whatever the outcome.
pub(crate) async fn with_store<F>(test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(url) = server_url() else { return };
    let template = TEMPLATE.get_or_init(|| template(url.clone())).await;
    with_database(&url, Some(template), test).await;
}

/// The same on an empty database.
pub(crate) async fn with_empty_store<F>(test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(url) = server_url() else { return };
    with_database(&url, None, test).await;
}

pub(crate) fn server_url() -> Option<String> {
    let url = std::env::var("CROWFOOT_TEST_DATABASE_URL").ok();
    if url.is_none() {
        println!("skipped: CROWFOOT_TEST_DATABASE_URL is not set");
    }
    url
}

/// The server's address with another database in it.
pub(crate) fn url_of(server: &str, database: &str) -> String {
    let (address, query) = match server.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (server, String::new()),
    };
    let start = address.find("://").map_or(0, |place| place + 3);
    let base = match address[start..].find('/') {
        Some(slash) => &address[..start + slash],
        None => address,
    };
    format!("{base}/{database}{query}")
}

async fn with_database<F>(url: &str, template: Option<&str>, test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("crowfoot_test_{}_{number}", std::process::id());
    let mut admin = PgConnection::connect(url).await.unwrap();
    let template = template.unwrap_or("template0");
    execute(
        &mut admin,
        format!("create database {name} template {template}"),
    )
    .await;
    let store = Store::connect(&url_of(url, &name), StoreOptions::default())
        .await
        .unwrap();
    let outcome = tokio::spawn(test(store.clone())).await;
    store.close().await;
    execute(&mut admin, format!("drop database {name} with (force)")).await;
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// The migrated database that others are cloned from. Its name tells its migrations, so that the
/// next run finds it; those of other migrations are dropped.
async fn template(url: String) -> String {
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
    let mut texts: Vec<(String, String)> = migrations
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    texts.sort();
    let mut admin = PgConnection::connect(&url).await.unwrap();
    admin.lock().await.unwrap();
    let sum: String = sqlx::query_scalar("select md5($1)")
        .bind(format!("{texts:?}"))
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let name = format!("crowfoot_template_{sum}");
    let names: Vec<String> = sqlx::query_scalar(
        "select datname from pg_database where datname like 'crowfoot\\_template\\_%'",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    for other in names.iter().filter(|other| **other != name) {
        execute(&mut admin, format!("drop database if exists {other}")).await;
    }
    if !names.contains(&name) {
        let unfinished = format!("crowfoot_unfinished_{sum}");
        execute(
            &mut admin,
            format!("drop database if exists {unfinished} with (force)"),
        )
        .await;
        execute(
            &mut admin,
            format!("create database {unfinished} template template0"),
        )
        .await;
        let store = Store::connect(&url_of(&url, &unfinished), StoreOptions::default())
            .await
            .unwrap();
        store.migrate().await.unwrap();
        store.close().await;
        execute(
            &mut admin,
            format!("alter database {unfinished} rename to {name}"),
        )
        .await;
    }
    admin.unlock().await.unwrap();
    name
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}

/// Runs statements that have no parameters.
pub(crate) async fn run(store: &Store, sql: &'static str) -> Result<u64, sqlx::Error> {
    Ok(sqlx::raw_sql(sql)
        .execute(store.pool())
        .await?
        .rows_affected())
}

/// The one number that a statement gives.
pub(crate) async fn number(store: &Store, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(store.pool())
        .await
        .unwrap()
}

/// The one text that a statement gives.
pub(crate) async fn text(store: &Store, sql: &'static str) -> String {
    sqlx::query_scalar(sql)
        .fetch_one(store.pool())
        .await
        .unwrap()
}

#[test]
fn addresses_keep_their_server() {
    assert_eq!(
        url_of("postgres://u@h:1/a?x=y", "b"),
        "postgres://u@h:1/b?x=y"
    );
    assert_eq!(url_of("postgres://u@h:1", "b"), "postgres://u@h:1/b");
    assert!(PgConnectOptions::from_str(&url_of("postgres://u@%2Ftmp/a", "b")).is_ok());
}
