//! Scripts for SQL Server: our own, against rows written down by hand, and what is told of those
//! that it would refuse.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

#[path = "support/rows.rs"]
mod rows;

use ddl::{Import, ReadError, read_sqlserver_files};

fn read(script: &str) -> Import {
    read_sqlserver_files([script]).expect("a script of SQL Server")
}

fn told(import: &Import) -> Vec<String> {
    import
        .report
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect()
}

#[test]
fn objects() {
    let import = read(include_str!("fixtures/sqlserver/objects.sql"));
    assert_eq!(told(&import), [""; 0]);
    rows::assert_rows(
        &import.schema,
        include_str!("fixtures/sqlserver/objects.catalog"),
        true,
    );
}
