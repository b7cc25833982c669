//! What keeps a file from being read, told apart; and that reading leaves no trace.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "sqlite/file.rs"]
mod file;

use connect::error::{ConnectError, FileError};
use file::{TestFile, run};
use sqlx::Connection;

async fn failure(file: &TestFile) -> FileError {
    match file.read().await {
        Err(ConnectError::File(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_no_database_is_told_apart() {
    let file = TestFile::new("other");
    assert_eq!(failure(&file).await, FileError::Missing);
    assert_eq!(file.folder_names(), Vec::<String>::new());
    std::fs::create_dir(&file.path).expect("a folder");
    assert_eq!(failure(&file).await, FileError::NotAFile);
    std::fs::remove_dir(&file.path).expect("an empty folder");

    std::fs::write(&file.path, "CREATE TABLE t (a int);").expect("a script");
    assert_eq!(failure(&file).await, FileError::NotADatabase);
    // Bytes without a pattern, in whole pages.
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..8192)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    std::fs::write(&file.path, noise).expect("noise");
    assert_eq!(failure(&file).await, FileError::Encrypted);
}

#[tokio::test]
async fn a_file_of_no_bytes_is_an_empty_database() {
    let file = TestFile::new("empty");
    std::fs::write(&file.path, "").expect("a file");
    let read = file.read().await.expect("an empty database");
    assert_eq!(read.schema.tables, []);
    let made = TestFile::new("made");
    made.run("CREATE TABLE t (a INT); DROP TABLE t;").await;
    assert_eq!(
        made.read().await.expect("an empty database").schema.tables,
        []
    );
}

#[tokio::test]
async fn damage_is_an_error() {
    let file = TestFile::new("damaged");
    file.run("CREATE TABLE t (a INT); INSERT INTO t VALUES (1);")
        .await;
    let mut bytes = std::fs::read(&file.path).expect("the file");
    for byte in bytes.iter_mut().take(200).skip(100) {
        *byte = 0xff;
    }
    std::fs::write(&file.path, bytes).expect("the file");
    assert_eq!(failure(&file).await, FileError::Damaged);
}

#[tokio::test]
async fn a_locked_file_is_waited_for_and_then_given_up() {
    let file = TestFile::new("locked");
    file.run("CREATE TABLE t (a INT)").await;
    let mut writer = file.writer().await;
    run(&mut writer, "BEGIN EXCLUSIVE").await;
    assert_eq!(failure(&file).await, FileError::Locked);
    run(&mut writer, "ROLLBACK").await;
    assert_eq!(
        file.read().await.expect("it is free").schema.tables.len(),
        1
    );
    writer.close().await.expect("goodbye");
}

#[tokio::test]
async fn a_change_that_was_cut_off_is_an_error() {
    let whole = TestFile::new("whole");
    whole
        .run("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x');")
        .await;
    let mut writer = whole.writer().await;
    // So large that a part of it is in the file before it is done.
    run(
        &mut writer,
        "PRAGMA cache_size = 2; BEGIN;
         WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 5000)
         INSERT INTO t SELECT hex(randomblob(200)) FROM n;",
    )
    .await;
    // As if the writer died now: the files as they are.
    let cut = TestFile::new("cut");
    for (from, to) in [
        (whole.path.clone(), cut.path.clone()),
        (whole.journal(), cut.journal()),
    ] {
        std::fs::copy(from, to).expect("a file and its journal");
    }
    run(&mut writer, "ROLLBACK").await;
    writer.close().await.expect("goodbye");
    assert_eq!(failure(&cut).await, FileError::Unfinished);
}

#[tokio::test]
async fn reading_leaves_no_trace() {
    for mode in ["DELETE", "WAL"] {
        let file = TestFile::new(&format!("trace {mode}"));
        file.run(format!(
            "PRAGMA journal_mode = {mode}; CREATE TABLE t (a INT); INSERT INTO t VALUES (1);"
        ))
        .await;
        let before = (
            file.folder_names(),
            std::fs::read(&file.path).expect("the file"),
        );
        let read = file.read().await.expect("the file can be read");
        assert_eq!(read.schema.tables.len(), 1);
        let after = (
            file.folder_names(),
            std::fs::read(&file.path).expect("the file"),
        );
        assert_eq!(before, after, "{mode}");
    }
}

#[tokio::test]
async fn what_stands_in_the_log_is_read_too() {
    let file = TestFile::new("log");
    let mut writer = file.writer().await;
    run(
        &mut writer,
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a INT);",
    )
    .await;
    let read = file.read().await.expect("the file can be read");
    assert_eq!(read.schema.tables.len(), 1);
    writer.close().await.expect("goodbye");
}
