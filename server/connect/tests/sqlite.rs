//! SQLite files, made here.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "sqlite/file.rs"]
mod file;
#[path = "corpus/truth.rs"]
mod truth;

use connect::error::ConnectError;
use connect::introspection::Limits;
use connect::live;
use connect::target::Target;
use file::TestFile;
use model::schema::{Column, ConstraintKind, QualifiedName, ReferentialAction, Table, TableKind};

fn table<'a>(tables: &'a [Table], name: &str) -> &'a Table {
    tables
        .iter()
        .find(|table| table.name.name == name)
        .unwrap_or_else(|| panic!("there is no table {name}"))
}

fn column<'a>(table: &'a Table, name: &str) -> &'a Column {
    table
        .column(name)
        .unwrap_or_else(|| panic!("there is no column {name}"))
}

const SHOP: &str = r#"
    CREATE TABLE customers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL COLLATE NOCASE UNIQUE,
        points INT DEFAULT (1 + 2) CHECK (points >= 0),
        state VARCHAR(10) DEFAULT 'it''s',
        twice INT GENERATED ALWAYS AS (points * 2) STORED,
        thrice AS (points * 3),
        CONSTRAINT few CHECK (points < 1000)
    );
    CREATE TABLE shops (country TEXT, number INT, PRIMARY KEY (country, number)) WITHOUT ROWID;
    CREATE TABLE orders (
        id TEXT PRIMARY KEY,
        customer_id INTEGER REFERENCES Customers,
        shop_number INT, shop_country TEXT,
        parent_id TEXT REFERENCES orders (ID) ON DELETE SET NULL,
        lost_id INT REFERENCES nowhere (id),
        CONSTRAINT at_shop FOREIGN KEY (shop_country, shop_number) REFERENCES shops ON DELETE CASCADE
            ON UPDATE RESTRICT
    );
    CREATE UNIQUE INDEX one_open ON orders (customer_id, lower(id) DESC) WHERE shop_number IS NULL;
    CREATE INDEX by_parent ON orders (parent_id DESC);
    CREATE VIRTUAL TABLE words USING fts5 (title, body);
    CREATE VIEW buyers (who, what) AS SELECT id, email FROM customers;
    CREATE TRIGGER touch AFTER UPDATE ON orders BEGIN SELECT 1; END;
    INSERT INTO customers (email) VALUES ('a'), ('b'), ('c');
    ANALYZE;
"#;

#[tokio::test]
async fn tables_come_with_all_that_the_file_tells() {
    let file = TestFile::new("shop");
    file.run(SHOP).await;
    let read = file.read().await.expect("the file can be read");
    assert_eq!(read.unreadable, []);
    assert!(read.server_version.starts_with("SQLite 3."));
    let tables = &read.schema.tables;
    let names: Vec<(&str, TableKind)> = tables
        .iter()
        .map(|table| (table.name.name.as_str(), table.kind))
        .collect();
    assert_eq!(
        names,
        [
            ("buyers", TableKind::View),
            ("customers", TableKind::Table),
            ("orders", TableKind::Table),
            ("shops", TableKind::Table),
            ("words", TableKind::Table),
        ]
    );
    let customers = table(tables, "customers");
    assert_eq!(customers.name.schema, "main");
    let id = column(customers, "id");
    assert_eq!(id.identity.as_deref(), Some("by default"));
    assert!(!id.nullable);
    let email = column(customers, "email");
    assert_eq!(email.collation.as_deref(), Some("NOCASE"));
    assert!(!email.nullable && column(customers, "points").nullable);
    let default = |name: &str| column(customers, name).default.as_deref();
    assert_eq!(default("points"), Some("1 + 2"));
    assert_eq!(default("state"), Some("'it''s'"));
    let generated = |name: &str| column(customers, name).generated.as_deref();
    assert_eq!(generated("twice"), Some("points * 2"));
    assert_eq!(generated("thrice"), Some("points * 3"));
    let checks: Vec<(&str, &str)> = customers
        .checks
        .iter()
        .map(|check| (check.name.as_str(), check.expression.as_str()))
        .collect();
    assert_eq!(
        checks,
        [
            ("customers_points_check", "points >= 0"),
            ("few", "points < 1000")
        ]
    );
    let unique = customers.unique_keys.first().expect("a unique key");
    assert_eq!(unique.columns, ["email"]);

    let shops = table(tables, "shops");
    assert!(shops.columns.iter().all(|column| !column.nullable));
    let buyers = table(tables, "buyers");
    assert_eq!(buyers.columns.len(), 2);
    assert_eq!(
        buyers.definition.as_deref(),
        Some("SELECT id, email FROM customers")
    );
    let words: Vec<&str> = table(tables, "words")
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(words, ["title", "body"]);
    let trigger = read.schema.triggers.first().expect("a trigger");
    assert_eq!(
        (trigger.name.as_str(), trigger.table.name.as_str()),
        ("touch", "orders")
    );
    let facts = read
        .tables
        .iter()
        .find(|facts| facts.table.name == "customers");
    let facts = facts.expect("sizes of customers");
    assert_eq!(facts.row_estimate, Some(3));
    assert!(facts.size_bytes > Some(0) && facts.index_bytes > Some(0));
}

#[tokio::test]
async fn keys_and_indexes_keep_their_order() {
    let file = TestFile::new("keys");
    file.run(SHOP).await;
    let read = file.read().await.expect("the file can be read");
    let tables = &read.schema.tables;
    let orders = table(tables, "orders");
    let keys: Vec<String> = orders
        .foreign_keys
        .iter()
        .map(|key| {
            format!(
                "{}: {} -> {} {}",
                key.name,
                key.columns.join(","),
                key.target.name,
                key.target_columns.join(",")
            )
        })
        .collect();
    assert_eq!(
        keys,
        [
            "orders_customer_id_fkey: customer_id -> customers id",
            "orders_parent_id_fkey: parent_id -> orders id",
            "orders_lost_id_fkey: lost_id -> nowhere id",
            "at_shop: shop_country,shop_number -> shops country,number",
        ]
    );
    let shop = orders.foreign_keys.last().expect("a key");
    assert_eq!(shop.on_delete, ReferentialAction::Cascade);
    assert_eq!(shop.on_update, ReferentialAction::Restrict);
    let index = |name: &str| {
        let found = orders.indexes.iter().find(|index| index.name == name);
        found.unwrap_or_else(|| panic!("there is no index {name}"))
    };
    let open = index("one_open");
    assert!(open.unique && open.constraint.is_none());
    assert_eq!(open.predicate.as_deref(), Some("shop_number IS NULL"));
    let parts: Vec<(Option<&str>, &str)> = open
        .parts
        .iter()
        .map(|part| (part.column.as_deref(), part.text.as_str()))
        .collect();
    assert_eq!(
        parts,
        [
            (Some("customer_id"), "customer_id"),
            (None, "lower(id) DESC")
        ]
    );
    let parent = index("by_parent")
        .parts
        .first()
        .map(|part| part.text.as_str());
    assert_eq!(parent, Some("parent_id DESC"));
    assert_eq!(
        index("sqlite_autoindex_orders_1").constraint,
        Some(ConstraintKind::PrimaryKey)
    );
    let key = table(tables, "shops").primary_key.as_ref();
    assert_eq!(key.expect("a key").columns, ["country", "number"]);
    let named = |name: &str| {
        table(tables, name)
            .primary_key
            .as_ref()
            .map(|key| &key.name)
    };
    assert_eq!(
        named("customers").map(String::as_str),
        Some("customers_pkey")
    );
    assert_eq!(
        named("orders").map(String::as_str),
        Some("sqlite_autoindex_orders_1")
    );
}

#[tokio::test]
async fn a_table_is_looked_at() {
    let file = TestFile::new("profile");
    file.run(
        r#"CREATE TABLE "odd ""t""" ("a b" INT, w);
           INSERT INTO "odd ""t""" VALUES (3, 'x'), (20, 'x'), (NULL, x'00ff');"#,
    )
    .await;
    let asked = ["a b", "gone", "w"].map(str::to_owned);
    let target = Target::File(file.path.clone());
    let name = QualifiedName::new("main", "odd \"t\"");
    let look = live::profile(&target, &name, &asked, &Limits::default()).await;
    let look = look.expect("the table can be read");
    let [number, text] = look.columns.as_slice() else {
        panic!("{look:?}");
    };
    assert_eq!(
        (number.rows, number.nulls, number.distinct),
        (3, 1, Some(2))
    );
    assert_eq!(
        (number.min.as_deref(), number.max.as_deref()),
        (Some("3"), Some("20"))
    );
    let top = [("x".to_owned(), 2), ("00FF".to_owned(), 1)];
    assert_eq!(text.top, top);
    let gone = QualifiedName::new("main", "gone");
    let error = live::profile(&target, &gone, &asked, &Limits::default()).await;
    assert!(matches!(error, Err(ConnectError::Changed(_))), "{error:?}");
}

#[tokio::test]
async fn odd_names_come_through() {
    let file = TestFile::new("odd % ? # é '");
    file.run(
        r#"CREATE TABLE "it's ""a"" [t]" ("a b" INT PRIMARY KEY, [c d] INT, `e``f` INT
               CHECK (`e``f` > 0), "select" INT REFERENCES "it's ""a"" [t]" ("a b"));
           CREATE INDEX "i ""1""" ON "it's ""a"" [t]" ([c d], `e``f` DESC);
           CREATE TABLE 日本 (№ INT);
           CREATE TABLE sqlitely (x INT);
           CREATE VIEW "v ""as""" AS SELECT "a b" AS "x y" FROM "it's ""a"" [t]";"#,
    )
    .await;
    let read = file.read().await.expect("the file can be read");
    assert_eq!(read.unreadable, []);
    let tables = &read.schema.tables;
    assert_eq!(tables.len(), 4);
    let odd = table(tables, "it's \"a\" [t]");
    let names: Vec<&str> = odd
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["a b", "c d", "e`f", "select"]);
    assert_eq!(odd.checks.len(), 1);
    let index = odd.indexes.iter().find(|index| index.name == "i \"1\"");
    assert_eq!(index.expect("an index").parts.len(), 2);
    assert_eq!(
        odd.foreign_keys.first().map(|key| &key.target),
        Some(&odd.name)
    );
    assert_eq!(column(table(tables, "日本"), "№").data_type, "INT");
    assert!(column(table(tables, "v \"as\""), "x y").nullable);
}

#[tokio::test]
async fn what_is_broken_is_named_and_the_rest_is_read() {
    let file = TestFile::new("broken");
    file.run(
        "CREATE TABLE gone (a INT); CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone;
         CREATE TABLE fine (a INT); CREATE VIEW whole AS SELECT a FROM fine;",
    )
    .await;
    let read = file.read().await.expect("the file can be read");
    let whats: Vec<&str> = read
        .unreadable
        .iter()
        .map(|note| note.what.as_str())
        .collect();
    assert_eq!(whats, ["view broken"]);
    assert_eq!(table(&read.schema.tables, "whole").columns.len(), 1);
    assert_eq!(read.schema.tables.len(), 3);
}

#[tokio::test]
async fn a_thousand_columns_are_read_in_order() {
    let file = TestFile::new("wide");
    let columns: Vec<String> = (0..1000).map(|number| format!("c{number} INT")).collect();
    file.run(format!("CREATE TABLE wide ({})", columns.join(", ")))
        .await;
    let read = file.read().await.expect("the file can be read");
    let wide = table(&read.schema.tables, "wide");
    let names: Vec<&str> = wide
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let expected: Vec<String> = (0..1000).map(|number| format!("c{number}")).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_real_database_reads_as_it_is() {
    let Some(corpus) = truth::corpus() else {
        return;
    };
    let script = std::fs::read_to_string(corpus.join("chinook.sqlite.sql")).expect("the script");
    let file = TestFile::new("chinook");
    file.run(script.trim_start_matches('\u{feff}').to_owned())
        .await;
    let read = file.read().await.expect("the file can be read");
    let differences = truth::differences(&corpus, "chinook.sqlite", &read.schema);
    assert_eq!(differences, Vec::<String>::new());
}
