//! Real schemas, loaded into a real server, against what is known of them.
//!
//! The corpus lies beside the repository; where it or the server is absent, these tests say so and
//! pass.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "mysql/server.rs"]
mod server;
#[path = "corpus/truth.rs"]
mod truth;

use server::TestDatabase;

async fn check(name: &str) {
    let Some(corpus) = truth::corpus() else {
        return;
    };
    let Some(database) = TestDatabase::new(&format!("corpus_{name}")).await else {
        return;
    };
    // The truth's types are those that MariaDB prints; MySQL leaves widths out.
    if !database.ask("SELECT VERSION()").await.contains("MariaDB") {
        println!("skipped: the truth of {name} is of a MariaDB");
        database.drop().await;
        return;
    }
    let script = std::fs::read(corpus.join(format!("{name}.mysql.sql"))).expect("the script");
    database.run(String::from_utf8_lossy(&script)).await;
    let read = database.read().await;
    let differences = truth::differences(&corpus, &format!("{name}.mysql"), &read.schema);
    assert_eq!(differences, Vec::<String>::new(), "{name}");
    assert_eq!(read.unreadable, [], "{name}");
    database.drop().await;
}

#[tokio::test]
async fn mediawiki() {
    check("mediawiki").await;
}

#[tokio::test]
async fn orangehrm() {
    check("orangehrm").await;
}

#[tokio::test]
async fn wordpress() {
    check("wordpress").await;
}
