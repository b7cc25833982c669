//! Databases that are made with what a script puts in them, or not at all.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "sqlite/file.rs"]
mod file;
#[path = "mysql/server.rs"]
mod server;

use connect::error::ConnectError;
use connect::introspection::Limits;
use connect::target::{Password, ServerTarget, Target};
use connect::{live, make};
use file::TestFile;
use model::provider::Provider;
use model::script::Statement;
use server::{TestDatabase, quote};

const SHOP: &str = "CREATE TABLE customers (id integer PRIMARY KEY);\n\
    CREATE TABLE orders (\n  id integer PRIMARY KEY,\n  customer integer REFERENCES customers (id)\n);";

fn statements(provider: Provider, script: &str) -> Vec<Statement> {
    ddl::statements(provider, script).expect("a script that can be cut")
}

async fn tables(target: &Target) -> Result<usize, ConnectError> {
    let read = live::introspect(target, &Limits::default(), &|_| {}).await?;
    Ok(read.schema.tables.len())
}

async fn make(target: &Target, script: &[Statement]) -> Result<bool, ConnectError> {
    make::create(target, script, &Limits::default()).await
}

/// A target whose database is not there, beside one of a test.
fn beside(database: &TestDatabase) -> Target {
    Target::Server(ServerTarget {
        database: format!("{}_`new`", database.target.database),
        ..database.target.clone()
    })
}

#[tokio::test]
async fn mysql_drops_what_a_failed_script_left() {
    let Some(database) = TestDatabase::new("make").await else {
        return;
    };
    let target = beside(&database);
    let wrong = format!("{SHOP}\n\nCREATE TABLE broken (\n  id int nonsense\n);\n");
    let error = make(&target, &statements(Provider::MySql, &wrong))
        .await
        .expect_err("a type that is none");
    let ConnectError::Script { place, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(place, " at line 9", "{error}");
    assert!(error.to_string().contains("dropped again"), "{error}");
    let gone = tables(&target).await.expect_err("no database");
    assert!(matches!(gone, ConnectError::DatabaseUnknown(_)), "{gone:?}");

    let script = "CREATE TABLE a (x int);\nDELIMITER //\n\
        CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; END//\n\
        DELIMITER ;\nINSERT INTO a VALUES (2);\n";
    let script = statements(Provider::MySql, script);
    assert!(make(&target, &script).await.expect("a database"));
    assert_eq!(tables(&target).await.expect("its tables"), 1);
    // There is one now, and nothing is run in it.
    assert!(!make(&target, &script).await.expect("no failure"));
    make::take_back(&target, &Limits::default())
        .await
        .expect("its end");
    assert!(tables(&target).await.is_err());
    database.drop().await;
}

#[tokio::test]
async fn mysql_says_who_may_not_make_databases() {
    let Some(database) = TestDatabase::new("may_make").await else {
        return;
    };
    let user = format!("maker_{}", std::process::id());
    database
        .run(format!(
            "CREATE USER {user} IDENTIFIED BY 'secret';
             GRANT SELECT ON {}.* TO {user};",
            quote(&database.target.database)
        ))
        .await;
    let Target::Server(target) = beside(&database) else {
        return;
    };
    let target = Target::Server(ServerTarget {
        username: user.clone(),
        password: Some(Password::new("secret")),
        ..target
    });
    let error = make(&target, &[]).await.expect_err("no right");
    assert!(
        matches!(error, ConnectError::CreateRefused(_)),
        "{error:?}: {error}"
    );
    database.run(format!("DROP USER {user}")).await;
    database.drop().await;
}

#[tokio::test]
async fn a_file_comes_with_all_of_its_script_or_not_at_all() {
    let file = TestFile::new("made");
    let target = Target::File(file.path.clone());
    let wrong = format!("{SHOP}\nINSERT INTO missing VALUES (1);\n");
    let error = make(&target, &statements(Provider::Sqlite, &wrong))
        .await
        .expect_err("a table that is not there");
    assert_eq!(
        error.to_string(),
        "The script failed at line 6: no such table: missing. Nothing of it is left, and no \
         database was made."
    );
    assert_eq!(file.folder_names(), Vec::<String>::new());

    let script = format!("PRAGMA user_version = 7;\nBEGIN;\n{SHOP}\nCOMMIT;\n");
    let script = statements(Provider::Sqlite, &script);
    assert!(make(&target, &script).await.expect("a file"));
    assert_eq!(tables(&target).await.expect("its tables"), 2);
    assert_eq!(file.folder_names(), ["made.db"]);
    let mut connection = file.writer().await;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    assert_eq!(version, 7);
    assert!(!make(&target, &script).await.expect("no failure"));
}

#[tokio::test]
async fn a_script_cannot_reach_another_file() {
    let file = TestFile::new("alone");
    let other = TestFile::new("other");
    other.run("CREATE TABLE secret (x)").await;
    let target = Target::File(file.path.clone());
    // Not as the cutter would let it through, which refuses it first.
    let statement = Statement {
        line: 1,
        text: format!("ATTACH '{}' AS o", other.path.display()),
    };
    let error = make(&target, &[statement]).await.expect_err("another file");
    assert!(error.to_string().contains("attached"), "{error}");
    assert_eq!(file.folder_names(), Vec::<String>::new());

    let nowhere = Target::File(file.path.join("deeper/new.db"));
    let error = make(&nowhere, &[]).await.expect_err("no folder");
    assert!(error.to_string().contains("folder"), "{error}");
}
