//! Scripts of our own against what a MariaDB 10.11 server held after running them: beside each
//! `NAME.sql` lies `NAME.catalog`, rows read from its `information_schema`. `mysql_dump.sql` is
//! what `mariadb-dump` wrote of the server that had run `mysql.sql`, so the same rows have to
//! come out of it.
//!
//! A row begins with a letter: R relation, C column, I index, F foreign key, X check, T trigger,
//! P function or procedure, S sequence.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ddl::read_mysql_files;
use model::schema::{ReferentialAction, Schema, TableKind};
use std::collections::BTreeSet;

const CATALOG: &str = include_str!("fixtures/mysql.catalog");

fn mark(set: bool, word: &str) -> &str {
    if set { word } else { "-" }
}

/// A type without the display width of integers, which servers add and drop as they like.
fn without_width(data_type: &str) -> String {
    match data_type.split_once("int(") {
        Some((before, rest)) => {
            let after = rest.split_once(')').map_or("", |(_, after)| after);
            format!("{before}int{after}")
        }
        None => data_type.to_owned(),
    }
}

/// To the server both are the same, and it tells of the one.
fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "RESTRICT",
        other => other.as_sql(),
    }
}

fn rows(schema: &Schema) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    let mut row = |fields: &[&str]| {
        rows.insert(fields.join("\t"));
    };
    for table in &schema.tables {
        let name = table.name.to_string();
        let view = table.kind == TableKind::View;
        let comment = table.comment.as_deref().unwrap_or("-");
        row(&["R", &name, table.kind.as_str(), comment]);
        for (at, column) in table.columns.iter().enumerate() {
            let at = (at + 1).to_string();
            if view {
                row(&["C", &name, &at, &column.name]);
                continue;
            }
            row(&[
                "C",
                &name,
                &at,
                &column.name,
                &without_width(&column.data_type),
                if column.nullable { "null" } else { "NN" },
                mark(column.default.is_some(), "def"),
                mark(column.generated.is_some(), "gen"),
                mark(column.identity.is_some(), "auto"),
                column.comment.as_deref().unwrap_or("-"),
            ]);
        }
        for index in &table.indexes {
            let parts: Vec<String> = index
                .parts
                .iter()
                .map(|part| part.text.replace('`', ""))
                .collect();
            row(&[
                "I",
                &name,
                &index.name,
                &index.method,
                mark(index.unique, "unique"),
                &parts.join(","),
            ]);
        }
        for key in &table.foreign_keys {
            row(&[
                "F",
                &name,
                &key.name,
                &key.columns.join(","),
                &key.target.to_string(),
                &key.target_columns.join(","),
                action(key.on_delete),
                action(key.on_update),
            ]);
        }
        for check in &table.checks {
            row(&["X", &name, &check.name]);
        }
    }
    for trigger in &schema.triggers {
        row(&["T", &trigger.table.to_string(), &trigger.name]);
    }
    for routine in &schema.routines {
        row(&["P", &routine.name.to_string()]);
    }
    for sequence in &schema.sequences {
        row(&["S", &sequence.name.to_string()]);
    }
    rows
}

/// The rows of the server, columns of views by name only.
fn expected(catalog: &str) -> BTreeSet<String> {
    let mut views = BTreeSet::new();
    for line in catalog.lines().filter(|line| line.starts_with("R\t")) {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[2] == "view" {
            views.insert(fields[1]);
        }
    }
    catalog
        .lines()
        .map(|line| {
            let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
            if fields[0] == "C" && views.contains(fields[1].as_str()) {
                fields.truncate(4);
            } else if fields[0] == "C" {
                fields[4] = without_width(&fields[4]);
            }
            fields.join("\t")
        })
        .collect()
}

/// Problems that a script is known to cause are given by what their messages hold.
fn check(name: &str, script: &str, catalog: &str, problems: &[&str]) -> Schema {
    let import = read_mysql_files([script]).expect("import");
    let (expected, found) = (expected(catalog), rows(&import.schema));
    let missing: Vec<&String> = expected.difference(&found).collect();
    let surplus: Vec<&String> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{name}\nmissing {missing:#?}\nsurplus {surplus:#?}\n{:#?}",
        import.report.problems
    );
    let messages = import.report.problems.iter();
    let messages: Vec<&str> = messages.map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), problems.len(), "{name}: {messages:#?}");
    for (message, part) in messages.iter().zip(problems) {
        assert!(message.contains(part), "{name}: {message}");
    }
    import.schema
}

#[test]
fn a_script_gives_what_the_server_made_of_it() {
    let script = include_str!("fixtures/mysql.sql");
    let schema = check("mysql.sql", script, CATALOG, &["made from a query"]);
    let view = |name: &str| {
        let mut tables = schema.tables.iter();
        tables.find(|table| table.name.name == name).expect("view")
    };
    let active = view("active_customer");
    // Types come through a view where it shows a column as it is.
    assert_eq!(active.columns[1].data_type, "varchar(120)");
    assert_eq!(active.columns[4].data_type, "date");
    assert_eq!(view("named").columns[1].data_type, "date");
    // What a union makes of a date and a text is the server's to tell.
    assert_eq!(view("of_view").columns[1].data_type, "");
}

#[test]
fn a_dump_gives_the_same() {
    let script = include_str!("fixtures/mysql_dump.sql");
    let schema = check("mysql_dump.sql", script, CATALOG, &[]);
    let trigger = &schema.triggers[0].definition;
    assert!(
        trigger.starts_with("CREATE DEFINER=`root`@`localhost` TRIGGER stamp BEFORE INSERT"),
        "{trigger}"
    );
    assert!(trigger.ends_with("END"), "{trigger}");
    assert!(!trigger.contains("*/"), "{trigger}");
}

#[test]
fn names_are_made_as_the_server_makes_them() {
    check(
        "mysql_names.sql",
        include_str!("fixtures/mysql_names.sql"),
        include_str!("fixtures/mysql_names.catalog"),
        &["made from a query"],
    );
}

#[test]
fn tables_change_as_they_do_on_the_server() {
    check(
        "mysql_alter.sql",
        include_str!("fixtures/mysql_alter.sql"),
        include_str!("fixtures/mysql_alter.catalog"),
        &["made from a query"],
    );
}
