//! DBML: what is written is read back, and documents of people are read with what is wrong in
//! them told by line.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::write::{Format, write};
use ddl::{ReadError, read_dbml, read_postgres};
use model::provider::Provider;
use model::schema::{QualifiedName, ReferentialAction, Schema, Table, TableKind};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What DBML keeps of a schema, a line for each thing.
fn kept(schema: &Schema) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    let tables = || {
        let kinds = [TableKind::Table, TableKind::ForeignTable];
        schema
            .tables
            .iter()
            .filter(move |table| kinds.contains(&table.kind))
            // DBML takes no table without columns; it is a comment.
            .filter(|table| !table.columns.is_empty())
    };
    for table in tables() {
        let name = &table.name;
        rows.insert(format!("table {name} {:?}", table.comment));
        for (at, column) in table.columns.iter().enumerate() {
            rows.insert(format!(
                "column {at} {name}.{} {} {} {:?}",
                column.name, column.data_type, column.nullable, column.comment
            ));
        }
        if let Some(key) = &table.primary_key {
            rows.insert(format!("primary {name} {:?}", key.columns));
        }
        for key in &table.unique_keys {
            rows.insert(format!("unique {name} {:?}", key.columns));
        }
        for index in &table.indexes {
            if index.predicate.is_none() && index.constraint.is_none() {
                let parts: Vec<_> = index.parts.iter().map(|part| &part.column).collect();
                rows.insert(format!(
                    "index {name} {} {} {parts:?}",
                    index.name, index.unique
                ));
            }
        }
        for (at, key) in table.foreign_keys.iter().enumerate() {
            // DBML has one reference between the same columns; the others are comments.
            let same = |other: &model::schema::ForeignKey| {
                other.columns == key.columns && other.target == key.target
            };
            if table.foreign_keys[..at].iter().any(same) {
                continue;
            }
            if tables().any(|target| target.name == key.target) {
                rows.insert(format!(
                    "ref {name} {} {:?} {} {:?} {:?} {:?}",
                    key.name,
                    key.columns,
                    key.target,
                    key.target_columns,
                    key.on_delete,
                    key.on_update
                ));
            }
        }
    }
    for found in &schema.enums {
        // An empty value has no place in DBML; it is a comment.
        let values: Vec<_> = found
            .values
            .iter()
            .filter(|value| !value.is_empty())
            .collect();
        rows.insert(format!("enum {} {values:?}", found.name));
    }
    rows
}

fn round_trip(name: &str, schema: &Schema) {
    let written = write(schema, Provider::PostgreSql, Format::Dbml, None);
    let again = read_dbml(&written).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(again.report.problems, [], "{name}");
    let (expected, found) = (kept(schema), kept(&again.schema));
    let lost: Vec<_> = expected.difference(&found).take(10).collect();
    let gained: Vec<_> = found.difference(&expected).take(10).collect();
    assert!(
        lost.is_empty() && gained.is_empty(),
        "{name}: lost {lost:#?}, gained {gained:#?}"
    );
}

#[test]
fn real_schemas_come_back() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no corpus at {}", corpus.display());
        return;
    }
    for file in [
        "chinook.postgres.sql",
        "northwind.postgres.schema.sql",
        "pagila.postgres.schema.sql",
        "azimutt.postgres.sql",
        "liam-supabase.postgres.sql",
        "mastodon.postgres.sql",
    ] {
        let text = std::fs::read(corpus.join(file)).expect(file);
        let text = ddl::decode(&text).expect(file);
        round_trip(file, &read_postgres(&text).expect(file).schema);
    }
}

#[test]
fn fixtures_come_back() {
    for name in ["alter", "objects", "partitions", "tables", "odd_names"] {
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.sql"));
        let text = std::fs::read_to_string(path).expect(name);
        round_trip(name, &read_postgres(&text).expect(name).schema);
    }
}

const DOCUMENT: &str = r#"
// A shop.
Project shop {
  database_type: 'PostgreSQL'
  Note: 'What is sold'
}

Enum core.status {
  open [note: 'not paid']
  "in transit"
}

Table core.customers as C [headercolor: #3498DB, note: 'who buys'] {
  id int [pk, increment] /* counted */
  email varchar(255) [not null, unique, note: 'it is one line \'quoted\'']
  score decimal(10, 2) [default: -1.5]
  "full name" "character varying(80)" [default: 'O\'Neill']
  tags text[]
  made timestamp [default: `now()`]
  active boolean [default: true]
}

Table orders {
  number int
  customer_id int [ref: > C.id, not null]
  state core.status
  indexes {
    (number, customer_id) [pk]
    state
    (customer_id, `lower(state)`) [name: 'by_state', type: hash]
    (number, state) [unique]
  }
  Note: '''
    First line,
      the second goes further in.
  '''
}

Table lines {
  order_number int
  customer_id int
  note text
}

Ref to_order: lines.(order_number, customer_id) > orders.(number, customer_id) [delete: cascade, update: set null]

TableGroup all {
  orders
  lines
}
"#;

fn table<'a>(schema: &'a Schema, name: &str) -> &'a Table {
    schema
        .tables
        .iter()
        .find(|table| table.name.name == name)
        .expect(name)
}

#[test]
fn a_document_is_read() {
    let import = read_dbml(DOCUMENT).expect("document");
    assert_eq!(import.report.problems, []);
    let passed: Vec<&str> = import
        .report
        .passed_over
        .iter()
        .map(|row| row.kind.as_str())
        .collect();
    assert_eq!(passed, ["Project", "TableGroup"]);
    let schema = &import.schema;
    assert_eq!(schema.enums[0].name, QualifiedName::new("core", "status"));
    assert_eq!(schema.enums[0].values, ["open", "in transit"]);

    let customers = table(schema, "customers");
    assert_eq!(customers.name.schema, "core");
    assert_eq!(customers.comment.as_deref(), Some("who buys"));
    let id = &customers.columns[0];
    assert_eq!(id.identity.as_deref(), Some("by default"));
    assert!(!id.nullable);
    let types: Vec<&str> = customers
        .columns
        .iter()
        .map(|column| column.data_type.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "int",
            "varchar(255)",
            "decimal(10, 2)",
            "character varying(80)",
            "text[]",
            "timestamp",
            "boolean"
        ]
    );
    let defaults: Vec<Option<&str>> = customers
        .columns
        .iter()
        .map(|column| column.default.as_deref())
        .collect();
    assert_eq!(
        defaults,
        [
            None,
            None,
            Some("-1.5"),
            Some("'O''Neill'"),
            None,
            Some("now()"),
            Some("true")
        ]
    );
    assert_eq!(customers.unique_keys[0].columns, ["email"]);

    let orders = table(schema, "orders");
    let key = orders.primary_key.as_ref().expect("key");
    assert_eq!(key.columns, ["number", "customer_id"]);
    assert_eq!(key.name, "orders_pkey");
    assert!(!orders.columns[0].nullable);
    assert_eq!(orders.columns[2].data_type, "core.status");
    assert_eq!(
        orders.comment.as_deref(),
        Some("First line,\n  the second goes further in.")
    );
    let customer = &orders.foreign_keys[0];
    assert_eq!(customer.target, QualifiedName::new("core", "customers"));
    assert_eq!(customer.target_columns, ["id"]);
    let by_state = orders.indexes.iter().find(|index| index.name == "by_state");
    assert_eq!(by_state.expect("by_state").method, "hash");
    assert_eq!(orders.unique_keys[0].columns, ["number", "state"]);

    let composite = &table(schema, "lines").foreign_keys[0];
    assert_eq!(composite.name, "to_order");
    assert_eq!(composite.columns, ["order_number", "customer_id"]);
    assert_eq!(composite.on_delete, ReferentialAction::Cascade);
    assert_eq!(composite.on_update, ReferentialAction::SetNull);
}

#[test]
fn what_cannot_be_read_is_told_by_line() {
    let document = "Table a {\n  id int [pk]\n  broken [pk]\n  b_id int [ref: > b.nothing]\n}\n\
                    Table b {\n  id int [pk, wobbly]\n  Note: 'never closed\n}\n\
                    Ref: a.id <> b.id\nRef: a.id > c.id\nFigure x {\n  y int\n}\n\
                    Table c2 {\n  id int\n}\n";
    let import = read_dbml(document).expect("document");
    let lines: Vec<(u64, &str)> = import
        .report
        .problems
        .iter()
        .map(|problem| (problem.line, problem.message.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (3, "Expected a name, found “[”."),
            (7, "The setting “wobbly” of a column is not known."),
            (
                8,
                "The text in single quotes that begins here is never closed."
            ),
            (
                10,
                "A reference from many to many is no foreign key; it needs a table between."
            ),
            (12, "This is not an element of DBML."),
            (4, "The table public.b has no column “nothing”."),
            (11, "There is no table public.c for this reference."),
        ]
    );
    let names: Vec<&str> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c2"]);
    let columns: Vec<&str> = table(&import.schema, "a")
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["id", "b_id"]);
}

#[test]
fn references_of_either_direction_have_their_key_on_the_right_side() {
    let import = read_dbml(
        "Table a {\n id int [pk]\n}\nTable b {\n id int [pk, ref: - a.id]\n a_id int\n}\n\
         Ref: a.id < b.a_id\nRef {\n b.id > a.id\n}\n",
    )
    .expect("document");
    assert_eq!(import.report.problems, []);
    assert_eq!(table(&import.schema, "a").foreign_keys, []);
    let keys: Vec<(&str, &[String])> = table(&import.schema, "b")
        .foreign_keys
        .iter()
        .map(|key| (key.name.as_str(), key.columns.as_slice()))
        .collect();
    assert_eq!(
        keys,
        [
            ("b_id_fkey", &["id".to_owned()][..]),
            ("b_a_id_fkey", &["a_id".to_owned()][..]),
            ("b_id_fkey1", &["id".to_owned()][..]),
        ]
    );
}

#[test]
fn nothing_and_rubbish_define_nothing() {
    for text in ["", "SELECT 1;", "Table {", "'''", "Enum"] {
        match read_dbml(text) {
            Err(ReadError::NoDdl { .. }) => {}
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn no_cut_makes_the_reader_fail() {
    // Every beginning of a document ends in an answer.
    for (end, _) in DOCUMENT.char_indices() {
        drop(read_dbml(&DOCUMENT[..end]));
    }
}
