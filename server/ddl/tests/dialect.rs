//! Telling the dialect of a script, and reading it in that one.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::{ReadError, detect, read};
use model::provider::Provider;
use std::path::PathBuf;

#[test]
fn our_own_scripts() {
    for (script, expected) in [
        (include_str!("fixtures/tables.sql"), Provider::PostgreSql),
        (include_str!("fixtures/alter.sql"), Provider::PostgreSql),
        (
            include_str!("fixtures/partitions.sql"),
            Provider::PostgreSql,
        ),
        (include_str!("fixtures/objects.sql"), Provider::PostgreSql),
        (
            include_str!("fixtures/sqlite/objects.sql"),
            Provider::Sqlite,
        ),
        (
            include_str!("fixtures/sqlserver/objects.sql"),
            Provider::SqlServer,
        ),
        (
            include_str!("fixtures/oracle/objects.sql"),
            Provider::Oracle,
        ),
    ] {
        assert_eq!(detect(&[script]), Some(expected), "{script:.60}");
        let import = read(expected, [script]).expect("a script of that dialect");
        assert!(!import.schema.tables.is_empty());
    }
}

#[test]
fn short_scripts() {
    for (script, expected) in [
        (
            "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE a (id bigint, title character varying(160));",
            Some(Provider::PostgreSql),
        ),
        (
            "CREATE TABLE `a` (`id` int unsigned NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;",
            Some(Provider::MySql),
        ),
        (
            "# a comment\n/*!40101 SET NAMES utf8 */;\nCREATE TABLE a (b ENUM('x','it\\'s') ) DEFAULT CHARSET=utf8;",
            Some(Provider::MySql),
        ),
        (
            "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, engine TEXT)",
            Some(Provider::Sqlite),
        ),
        (
            "CREATE TABLE [a] ([id] INTEGER NOT NULL) WITHOUT ROWID; PRAGMA foreign_keys=on;",
            Some(Provider::Sqlite),
        ),
        (
            "CREATE TABLE [a] ([id] int IDENTITY(1,1), [n] nvarchar(max))",
            Some(Provider::SqlServer),
        ),
        (
            "create table dbo.a (id int)\nGO\n",
            Some(Provider::SqlServer),
        ),
        (
            "CREATE TABLE a (n NUMBER(10), t VARCHAR2(20 CHAR))",
            Some(Provider::Oracle),
        ),
        (
            "CREATE TABLE a (n INT)\n/\nCREATE TABLE b (n INT)\n/\n",
            Some(Provider::Oracle),
        ),
        (
            "CREATE TABLE a (id serial, t text DEFAULT 'x'::text)",
            Some(Provider::PostgreSql),
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;",
            Some(Provider::PostgreSql),
        ),
        // What stands in texts and comments does not count.
        (
            "-- ENGINE=InnoDB `a` AUTO_INCREMENT\n/* [dbo].[a] VARCHAR2(3) */\nCREATE TABLE a (t text DEFAULT 'AUTO_INCREMENT VARCHAR2 NONCLUSTERED')",
            None,
        ),
        (
            "CREATE TABLE a (id INTEGER PRIMARY KEY, t VARCHAR(20))",
            None,
        ),
        ("", None),
        ("Dear all, this is no script.", None),
    ] {
        assert_eq!(detect(&[script]), expected, "{script}");
    }
}

#[test]
fn data_of_copy_does_not_count() {
    let script = "CREATE TABLE a (t text);\nCOPY a FROM stdin;\n`x` AUTO_INCREMENT ENGINE=InnoDB\n[dbo].[x]\n\\.\nSELECT 1::int;\n";
    assert_eq!(detect(&[script]), Some(Provider::PostgreSql));
}

#[test]
fn all_of_the_corpus() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no corpus at {}", corpus.display());
        return;
    }
    let text = |path: PathBuf| {
        let bytes = std::fs::read(&path).expect("a file");
        ddl::decode(&bytes).expect("text")
    };
    let mut seen = 0;
    for entry in std::fs::read_dir(&corpus).expect("the corpus") {
        let name = entry
            .expect("entry")
            .file_name()
            .into_string()
            .expect("name");
        let expected = match name.split('.').nth(1) {
            Some("postgres") => Provider::PostgreSql,
            Some("mysql") => Provider::MySql,
            Some("sqlite") => Provider::Sqlite,
            Some("sqlserver") => Provider::SqlServer,
            _ => continue,
        };
        // Bare rows without a mark of any dialect.
        let bare = name == "northwind.postgres.data.sql";
        if !name.ends_with(".sql") || bare {
            continue;
        }
        let script = text(corpus.join(&name));
        assert_eq!(detect(&[script.as_str()]), Some(expected), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 13);
    let order = text(corpus.join("musicbrainz/LOAD_ORDER.txt"));
    let files: Vec<String> = order
        .split_whitespace()
        .map(|file| text(corpus.join("musicbrainz").join(file)))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    assert_eq!(detect(&files), Some(Provider::PostgreSql));
}

#[test]
fn scripts_without_definitions_are_refused_by_each() {
    for provider in Provider::ALL {
        match read(provider, ["SELECT 1;\n"]) {
            Err(ReadError::NoDdl { .. } | ReadError::OtherDialect { .. }) => {}
            other => panic!("{provider}: {other:?}"),
        }
    }
}
