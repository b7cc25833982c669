//! Scripts for SQLite: our own against what SQLite 3.40 held after running them (beside the
//! script lie the rows that its pragmas gave), and what is told of those it would refuse.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

#[path = "support/rows.rs"]
mod rows;

use ddl::{Import, ReadError, read_sqlite_files};
use model::schema::ConstraintKind;

fn read(script: &str) -> Import {
    read_sqlite_files([script]).expect("a script of SQLite")
}

fn told(import: &Import) -> Vec<String> {
    import
        .report
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect()
}

fn check(script: &str, catalog: &str, problems: &[&str]) {
    let mut import = read(script);
    // The pragma tells that a row's own number may be null, but a row never has it so.
    for table in &mut import.schema.tables {
        let rowid = table.primary_key.as_ref().filter(|_| {
            let mut kinds = table.indexes.iter().map(|index| index.constraint);
            kinds.all(|kind| kind != Some(ConstraintKind::PrimaryKey))
        });
        if let Some(key) = rowid {
            let name = key.columns[0].clone();
            let not_null = format!("C\t{}\t", table.name);
            for (at, column) in table.columns.iter_mut().enumerate() {
                if column.name == name {
                    assert!(!column.nullable);
                    let row = format!("{not_null}{}\t{name}\tINTEGER\tNN", at + 1);
                    column.nullable = !catalog.contains(&row);
                }
            }
        }
    }
    rows::assert_rows(&import.schema, catalog, false);
    assert_eq!(told(&import), problems);
}

#[test]
fn objects() {
    check(
        include_str!("fixtures/sqlite/objects.sql"),
        include_str!("fixtures/sqlite/objects.catalog"),
        &[
            "53: main.copy is made from a query; its columns and types were read from that as far \
             as possible.",
        ],
    );
}

#[test]
fn odd_spellings() {
    check(
        include_str!("fixtures/sqlite/odd.sql"),
        include_str!("fixtures/sqlite/odd.catalog"),
        &[],
    );
}

#[test]
fn what_the_pragmas_do_not_tell() {
    let import = read(
        "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT COLLATE NOCASE,
           n INT CONSTRAINT positive CHECK (n > 0), CHECK (n < 9), g AS (n + 1));
         CREATE VIEW v AS SELECT id, a AS b FROM t;
         CREATE INDEX i ON t(lower(a) DESC, n DESC) WHERE n > 1;",
    );
    let table = &import.schema.tables[0];
    assert_eq!(table.columns[0].identity.as_deref(), Some("by default"));
    assert_eq!(table.columns[1].collation.as_deref(), Some("NOCASE"));
    assert_eq!(table.columns[3].generated.as_deref(), Some("n + 1"));
    let checks: Vec<(&str, &str)> = table
        .checks
        .iter()
        .map(|check| (check.name.as_str(), check.expression.as_str()))
        .collect();
    assert_eq!(checks, [("positive", "n > 0"), ("t_check", "n < 9")]);
    let view = &import.schema.tables[1];
    assert_eq!(view.columns[1].data_type, "TEXT");
    assert_eq!(view.definition.as_deref(), Some("SELECT id, a AS b FROM t"));
    let index = &table.indexes[0];
    assert_eq!(index.parts[0].text, "lower(a) DESC");
    assert_eq!(index.parts[1].text, "n DESC");
    assert_eq!(index.predicate.as_deref(), Some("n > 1"));
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let import = read(
        "CREATE TABLE a(x INT, y INT ???, z INT);
CREATE TABLE a(x INT);
CREATE TABLE b(x INT REFERENCES nowhere(id), FOREIGN KEY(q) REFERENCES a(x));
FROBNICATE everything;
CREATE INDEX i ON missing(x);
CREATE INDEX j ON a(nope);
CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;
CREATE TABLE c(x INT, PRIMARY KEY(x), PRIMARY KEY(x));
CREATE TABLE d(x INT, 'never
CREATE TABLE e(x INT);
ALTER TABLE e ADD COLUMN k INT UNIQUE;
CREATE MONKEY m;",
    );
    let names: Vec<&str> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c", "e"]);
    assert_eq!(import.schema.tables[0].columns.len(), 3);
    let lines: Vec<u64> = import
        .report
        .problems
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(
        lines,
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 11, 12, 3],
        "{:#?}",
        told(&import)
    );
}

#[test]
fn scripts_without_definitions_are_refused() {
    for (script, found) in [
        ("", "no SQL"),
        (
            "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);",
            "2 INSERT",
        ),
        ("DROP TABLE t;", ""),
    ] {
        match read_sqlite_files([script]) {
            Err(ReadError::NoDdl { found: told }) => assert!(told.contains(found), "{told}"),
            // What is dropped without being there is a problem, and says so.
            Ok(import) => assert_eq!(import.report.problems_total, 1, "{script}"),
            Err(other) => panic!("{script}: {other}"),
        }
    }
}

#[test]
fn files_go_on_where_the_one_before_ended() {
    let import = read_sqlite_files([
        "CREATE TABLE child(p REFERENCES parent); CREATE TEMP TABLE t(a);",
        "CREATE TABLE parent(id INTEGER PRIMARY KEY);",
    ])
    .expect("scripts of SQLite");
    assert_eq!(import.schema.tables.len(), 2);
    assert_eq!(
        import.schema.tables[0].foreign_keys[0].target_columns,
        ["id"]
    );
    assert_eq!(import.report.problems_total, 0);
}

#[test]
fn what_the_shell_writes() {
    let import = read(
        "PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE sqlite_sequence(name,seq);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','f','f',0,'CREATE VIRTUAL TABLE f USING fts5(title, \"it''s\", tokenize=''porter'')');
CREATE TABLE IF NOT EXISTS 'f_data'(id INTEGER PRIMARY KEY, block BLOB);
PRAGMA writable_schema=OFF;
CREATE TABLE t(a);
CREATE VIEW v AS SELECT a FROM t
/* v(a) */;
COMMIT;",
    );
    assert_eq!(told(&import), [""; 0]);
    let tables: Vec<(&str, usize)> = import
        .schema
        .tables
        .iter()
        .map(|table| (table.name.name.as_str(), table.columns.len()))
        .collect();
    assert_eq!(tables, [("f", 2), ("t", 1), ("v", 1)]);
}
