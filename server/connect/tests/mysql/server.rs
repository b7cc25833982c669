//! A MySQL or MariaDB server for tests, and databases of their own on it.
#![allow(dead_code, unreachable_pub, missing_docs)]

use connect::introspection::{Introspection, Limits};
use connect::live;
use connect::target::{Password, Reach, ServerTarget, Target, TlsMode};
use model::provider::Provider;
use model::schema::Table;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::str::FromStr;

/// A database that one test has made.
pub struct TestDatabase {
    options: MySqlConnectOptions,
    pub target: ServerTarget,
}

/// The server that `CROWFOOT_TEST_MYSQL_URL` names; the login must be allowed everything.
pub fn server() -> Option<(MySqlConnectOptions, ServerTarget)> {
    let Ok(url) = std::env::var("CROWFOOT_TEST_MYSQL_URL") else {
        println!("skipped: CROWFOOT_TEST_MYSQL_URL is not set");
        return None;
    };
    let options = MySqlConnectOptions::from_str(&url).expect("CROWFOOT_TEST_MYSQL_URL");
    let url = options.to_url_lossy();
    let target = ServerTarget {
        provider: Provider::MySql,
        host: url.host_str().expect("a host").to_owned(),
        port: url.port().unwrap_or(3306),
        database: String::new(),
        username: url.username().to_owned(),
        password: url.password().map(Password::new),
        tls: TlsMode::Prefer,
        tls_ca: None,
        reach: Reach::NoLinkLocal,
    };
    Some((options, target))
}

impl TestDatabase {
    /// An empty database; none where there is no server.
    pub async fn new(what: &str) -> Option<Self> {
        let (options, mut target) = server()?;
        let name = format!("crowfoot_test_{what}_{}", std::process::id());
        target.database.clone_from(&name);
        let test = Self { options, target };
        let mut connection = test.connect("").await;
        for statement in [
            format!("DROP DATABASE IF EXISTS {}", quote(&name)),
            format!(
                "CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
                quote(&name)
            ),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .expect("a database of our own");
        }
        Some(test)
    }

    async fn connect(&self, database: &str) -> MySqlConnection {
        let mut options = self.options.clone();
        if !database.is_empty() {
            options = options.database(database);
        }
        MySqlConnection::connect_with(&options)
            .await
            .expect("the server of the tests")
    }

    /// Runs a script in the database.
    pub async fn run(&self, script: impl Into<String>) {
        let mut connection = self.connect(&self.target.database).await;
        sqlx::raw_sql(AssertSqlSafe(script.into()))
            .execute(&mut connection)
            .await
            .expect("the script");
        connection.close().await.expect("goodbye");
    }

    /// One text that a query of the administrator gives.
    pub async fn ask(&self, query: &str) -> String {
        let mut connection = self.connect(&self.target.database).await;
        sqlx::query_scalar(AssertSqlSafe(query.to_owned()))
            .fetch_one(&mut connection)
            .await
            .expect("an answer")
    }

    /// Where it is.
    pub fn target(&self) -> Target {
        Target::Server(self.target.clone())
    }

    /// Reads it.
    pub async fn read(&self) -> Introspection {
        live::introspect(&self.target(), &Limits::default(), &|_| {})
            .await
            .expect("the database can be read")
    }

    /// Drops it.
    pub async fn drop(self) {
        let name = quote(&self.target.database);
        let mut connection = self.connect("").await;
        sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name}")))
            .execute(&mut connection)
            .await
            .expect("the end of the database");
    }
}

/// The table of that name.
pub fn table<'a>(read: &'a Introspection, name: &str) -> &'a Table {
    read.schema
        .tables
        .iter()
        .find(|table| table.name.name == name)
        .unwrap_or_else(|| panic!("there is no table {name}"))
}

/// A name between backticks.
pub fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
