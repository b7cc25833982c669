//! Against a real MySQL or MariaDB, where `CROWFOOT_TEST_MYSQL_URL` names one.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "mysql/server.rs"]
mod server;

use connect::error::ConnectError;
use connect::introspection::Limits;
use connect::live;
use model::schema::{Column, ConstraintKind, QualifiedName, ReferentialAction, Table, TableKind};
use server::{TestDatabase, table};

const SHOP: &str = r#"
    CREATE TABLE customers (
        id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
        email varchar(160) COLLATE utf8mb4_bin NOT NULL COMMENT 'where we write to',
        state enum('new', 'it''s odd') DEFAULT 'it''s odd',
        points int DEFAULT 0 CHECK (points >= 0),
        nothing int DEFAULT NULL,
        flags bit(3) DEFAULT b'101',
        changed datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
        twice int GENERATED ALWAYS AS (points * 2) STORED,
        note text,
        CONSTRAINT customers_email UNIQUE (email),
        CONSTRAINT few CHECK (points < 1000000),
        KEY by_note (note(20), points DESC),
        FULLTEXT KEY words (note)
    ) COMMENT 'who buys';
    CREATE TABLE shops (country char(2), number int, PRIMARY KEY (country, number));
    CREATE TABLE orders (
        id bigint PRIMARY KEY,
        shop_number int, shop_country char(2),
        customer_id int unsigned, parent_id bigint,
        CONSTRAINT at_shop FOREIGN KEY (shop_country, shop_number)
            REFERENCES shops (country, number) ON DELETE CASCADE ON UPDATE SET NULL,
        CONSTRAINT by_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
        CONSTRAINT of_parent FOREIGN KEY (parent_id) REFERENCES orders (id) ON DELETE RESTRICT
    );
    CREATE TABLE visits (id int, at date)
        PARTITION BY RANGE (year(at)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
        (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
    CREATE TABLE places (id int PRIMARY KEY, at point NOT NULL, SPATIAL KEY near (at));
    CREATE VIEW buyers AS SELECT id, email AS `where to` FROM customers WHERE state = 'new';
    CREATE TRIGGER count_up BEFORE INSERT ON orders FOR EACH ROW SET NEW.parent_id = NULL;
    CREATE FUNCTION twice(x int, y varchar(10)) RETURNS int DETERMINISTIC RETURN x * 2;
    CREATE PROCEDURE tell(IN a int, OUT b text) SELECT 'b' INTO b;
"#;

fn column<'a>(table: &'a Table, name: &str) -> &'a Column {
    table
        .column(name)
        .unwrap_or_else(|| panic!("there is no column {name}"))
}

fn default<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    column(table, name).default.as_deref()
}

#[tokio::test]
async fn tables_come_with_all_that_the_server_tells() {
    let Some(database) = TestDatabase::new("shop").await else {
        return;
    };
    database.run(SHOP).await;
    let read = database.read().await;
    assert_eq!(read.unreadable, []);
    let names: Vec<(&str, TableKind)> = read
        .schema
        .tables
        .iter()
        .map(|table| (table.name.name.as_str(), table.kind))
        .collect();
    assert_eq!(
        names,
        [
            ("buyers", TableKind::View),
            ("customers", TableKind::Table),
            ("orders", TableKind::Table),
            ("places", TableKind::Table),
            ("shops", TableKind::Table),
            ("visits", TableKind::Table),
        ]
    );

    let customers = table(&read, "customers");
    assert_eq!(customers.name.schema, database.target.database);
    assert_eq!(customers.comment.as_deref(), Some("who buys"));
    let id = column(customers, "id");
    assert!(id.data_type.starts_with("int") && id.data_type.ends_with(" unsigned"));
    assert!(!id.nullable);
    assert_eq!(id.identity.as_deref(), Some("by default"));
    let email = column(customers, "email");
    assert_eq!(email.data_type, "varchar(160)");
    assert_eq!(email.collation.as_deref(), Some("utf8mb4_bin"));
    assert_eq!(email.comment.as_deref(), Some("where we write to"));
    assert_eq!(column(customers, "note").collation, None);
    assert_eq!(
        column(customers, "state").data_type,
        "enum('new','it''s odd')"
    );
    assert_eq!(default(customers, "state"), Some("'it''s odd'"));
    assert_eq!(default(customers, "points"), Some("0"));
    assert_eq!(default(customers, "nothing"), None);
    assert!(column(customers, "nothing").nullable);
    assert_eq!(default(customers, "flags"), Some("b'101'"));
    assert_eq!(
        default(customers, "changed"),
        Some("CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)")
    );
    let twice = column(customers, "twice").generated.as_deref();
    assert!(
        twice.is_some_and(|text| text.contains("`points` * 2")),
        "{twice:?}"
    );

    let mut checks: Vec<&str> = customers
        .checks
        .iter()
        .map(|check| check.expression.as_str())
        .collect();
    checks.sort_unstable();
    assert_eq!(checks, ["`points` < 1000000", "`points` >= 0"]);
    assert!(customers.checks.iter().any(|check| check.name == "few"));

    let visits = table(&read, "visits");
    assert_eq!(
        visits.partition_key.as_deref(),
        Some("RANGE (year(`at`)) SUBPARTITION BY HASH (`id`)")
    );
    let buyers = table(&read, "buyers");
    assert_eq!(column(buyers, "where to").data_type, "varchar(160)");
    assert_eq!(column(buyers, "id").default, None);
    let query = buyers.definition.as_deref().expect("a definition");
    assert!(
        query.starts_with("select ") && query.contains("'new'"),
        "{query}"
    );
    database.drop().await;
}

#[tokio::test]
async fn keys_and_indexes_keep_their_order() {
    let Some(database) = TestDatabase::new("keys").await else {
        return;
    };
    database.run(SHOP).await;
    let read = database.read().await;
    let orders = table(&read, "orders");
    let shop = orders.foreign_keys.iter().find(|key| key.name == "at_shop");
    let shop = shop.expect("a foreign key");
    assert_eq!(shop.columns, ["shop_country", "shop_number"]);
    assert_eq!(shop.target_columns, ["country", "number"]);
    assert_eq!(shop.target.name, "shops");
    assert_eq!(shop.target.schema, database.target.database);
    assert_eq!(shop.on_delete, ReferentialAction::Cascade);
    assert_eq!(shop.on_update, ReferentialAction::SetNull);
    let parent = orders
        .foreign_keys
        .iter()
        .find(|key| key.name == "of_parent");
    assert_eq!(
        parent.map(|key| (key.target.name.as_str(), key.on_delete)),
        Some(("orders", ReferentialAction::Restrict))
    );
    assert_eq!(orders.foreign_keys.len(), 3);

    let key = table(&read, "shops").primary_key.as_ref();
    assert_eq!(key.expect("a key").columns, ["country", "number"]);
    let customers = table(&read, "customers");
    let unique = customers.unique_keys.first().expect("a unique key");
    assert_eq!(unique.name, "customers_email");
    let index = |name: &str| {
        let found = customers.indexes.iter().find(|index| index.name == name);
        found.unwrap_or_else(|| panic!("there is no index {name}"))
    };
    assert_eq!(
        index("PRIMARY").constraint,
        Some(ConstraintKind::PrimaryKey)
    );
    assert_eq!(
        index("customers_email").constraint,
        Some(ConstraintKind::Unique)
    );
    let parts: Vec<(Option<&str>, &str)> = index("by_note")
        .parts
        .iter()
        .map(|part| (part.column.as_deref(), part.text.as_str()))
        .collect();
    let version = &read.server_version;
    // MariaDB keeps the direction since 10.8.
    let points = if version.starts_with("MariaDB 10.6") || version.starts_with("MariaDB 10.7") {
        "points"
    } else {
        "points DESC"
    };
    assert_eq!(
        parts,
        [(Some("note"), "note(20)"), (Some("points"), points)]
    );
    assert!(!index("by_note").unique);
    assert_eq!(index("words").method, "fulltext");
    let near = table(&read, "places")
        .indexes
        .iter()
        .find(|one| one.name == "near");
    let near = near.expect("a spatial index");
    assert_eq!(near.method, "spatial");
    assert_eq!(
        near.parts.first().map(|part| part.text.as_str()),
        Some("at")
    );
    database.drop().await;
}

#[tokio::test]
async fn programs_are_listed() {
    let Some(database) = TestDatabase::new("programs").await else {
        return;
    };
    database.run(SHOP).await;
    let read = database.read().await;
    let [trigger] = read.schema.triggers.as_slice() else {
        panic!("{:?}", read.schema.triggers);
    };
    assert_eq!(trigger.table.name, "orders");
    assert_eq!(
        trigger.definition,
        "CREATE TRIGGER `count_up` BEFORE INSERT ON `orders` FOR EACH ROW SET NEW.parent_id = NULL"
    );
    let routines: Vec<(&str, &str)> = read
        .schema
        .routines
        .iter()
        .map(|routine| (routine.name.name.as_str(), routine.arguments.as_str()))
        .collect();
    let [(tell, tells), (twice, takes)] = routines.as_slice() else {
        panic!("{routines:?}");
    };
    assert_eq!((*tell, *twice), ("tell", "twice"));
    assert!(
        tells.starts_with("IN a int") && tells.ends_with(", OUT b text"),
        "{tells}"
    );
    assert!(
        takes.starts_with("x int") && takes.ends_with(", y varchar(10)"),
        "{takes}"
    );
    database.drop().await;
}

#[tokio::test]
async fn sizes_and_statistics_are_read() {
    let Some(database) = TestDatabase::new("facts").await else {
        return;
    };
    database
        .run(
            "CREATE TABLE numbers (id int PRIMARY KEY AUTO_INCREMENT, v int, w varchar(9), KEY (v));
             INSERT INTO numbers (v, w) VALUES (1, 'a'), (2, 'b'), (2, 'b'), (NULL, 'c');",
        )
        .await;
    let maria = database.ask("SELECT VERSION()").await.contains("MariaDB");
    database
        .run(if maria {
            "ANALYZE TABLE numbers PERSISTENT FOR ALL"
        } else {
            "ANALYZE TABLE numbers UPDATE HISTOGRAM ON v, w; ANALYZE TABLE numbers"
        })
        .await;
    let read = database.read().await;
    let facts = read.tables.first().expect("facts of the table");
    assert_eq!(facts.table.name, "numbers");
    assert_eq!(facts.row_estimate, Some(4));
    assert!(facts.size_bytes > Some(0) && facts.index_bytes > Some(0));
    let facts = read.columns.iter().find(|facts| facts.column == "v");
    let v = &facts.expect("statistics of v").statistics;
    assert_eq!(v.null_fraction, Some(0.25));
    assert_eq!(v.distinct_count, Some(2));
    assert_eq!((v.min.as_deref(), v.max.as_deref()), (Some("1"), Some("2")));
    database.drop().await;
}

#[tokio::test]
async fn a_table_is_looked_at() {
    let Some(database) = TestDatabase::new("profile").await else {
        return;
    };
    database
        .run(
            "CREATE TABLE `odd ``t```  (`a b` int, j json, w varchar(300), at datetime);
             INSERT INTO `odd ``t``` VALUES (3, '[1]', 'x', '2026-01-02'), (20, '[2]', 'x', NULL),
                 (NULL, NULL, repeat('é', 300), NULL);",
        )
        .await;
    let name = QualifiedName::new(&database.target.database, "odd `t`");
    let asked = ["a b", "gone", "w", "at"].map(str::to_owned);
    let look = live::profile(&database.target(), &name, &asked, &Limits::default()).await;
    let look = look.expect("the table can be read");
    assert!(!look.sampled);
    let [number, text, time] = look.columns.as_slice() else {
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
    assert_eq!(text.top.first(), Some(&("x".to_owned(), 2)));
    assert_eq!(
        text.min.as_deref().map(|text| text.chars().count()),
        Some(200)
    );
    assert_eq!(time.max.as_deref(), Some("2026-01-02 00:00:00"));
    let gone = QualifiedName::new(&database.target.database, "gone");
    let error = live::profile(&database.target(), &gone, &asked, &Limits::default()).await;
    assert!(matches!(error, Err(ConnectError::Changed(_))), "{error:?}");
    database.drop().await;
}

#[tokio::test]
async fn an_empty_database_is_empty() {
    let Some(database) = TestDatabase::new("empty").await else {
        return;
    };
    let read = database.read().await;
    assert_eq!(read.schema.tables, []);
    assert_eq!(read.tables, []);
    assert_eq!(read.unreadable, []);
    let version = database.ask("SELECT VERSION()").await;
    let (_, number) = read.server_version.split_once(' ').expect("a number");
    assert!(version.starts_with(number), "{version} is not {number}");
    let facts = connect::live::test(&database.target(), &Limits::default())
        .await
        .expect("the server answers");
    assert_eq!(facts.server_version, read.server_version);
    assert_eq!(facts.database, database.target.database);
    let user = facts.user.expect("a user");
    assert!(user.starts_with(&database.target.username), "{user}");
    database.drop().await;
}

#[tokio::test]
async fn odd_names_come_through() {
    let Some(database) = TestDatabase::new("odd ` \" ' é").await else {
        return;
    };
    database
        .run(
            "CREATE TABLE `it's ``a`` \"t\"` (`a b` int PRIMARY KEY, `süß ``x``` int,
                 `select` int COMMENT 'it''s \\\\ \"é\"', KEY `i ``1``` (`süß ``x```),
                 CONSTRAINT `f ``k``` FOREIGN KEY (`select`) REFERENCES `it's ``a`` \"t\"` (`a b`));
             CREATE TABLE `日本` (`№` int);
             CREATE TABLE `%_` (x int);
             CREATE VIEW `v ``1``` AS SELECT `a b` AS `x y` FROM `it's ``a`` \"t\"`;",
        )
        .await;
    let read = database.read().await;
    assert_eq!(read.unreadable, []);
    assert_eq!(read.schema.tables.len(), 4);
    let odd = table(&read, "it's `a` \"t\"");
    let names: Vec<&str> = odd
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["a b", "süß `x`", "select"]);
    let comment = column(odd, "select").comment.as_deref();
    assert_eq!(comment, Some("it's \\ \"é\""));
    let key = odd.foreign_keys.first().expect("a foreign key");
    assert_eq!(key.name, "f `k`");
    assert_eq!(key.target, odd.name);
    assert!(odd.indexes.iter().any(|index| index.name == "i `1`"));
    assert_eq!(column(table(&read, "日本"), "№").name, "№");
    assert_eq!(column(table(&read, "v `1`"), "x y").name, "x y");
    database.drop().await;
}

#[tokio::test]
async fn names_that_differ_in_case_alone_are_kept_apart() {
    let (Some(lower), Some(upper)) = (
        TestDatabase::new("case").await,
        TestDatabase::new("CASE").await,
    ) else {
        return;
    };
    if lower
        .ask("SELECT CAST(@@lower_case_table_names AS CHAR)")
        .await
        != "0"
    {
        println!("skipped: the server does not tell names apart by case");
        return lower.drop().await;
    }
    let script = "CREATE TABLE orders (a int PRIMARY KEY, b int, KEY i (b));
        CREATE TABLE Orders (c int PRIMARY KEY, d int, e int, KEY i (e),
            CONSTRAINT k FOREIGN KEY (d) REFERENCES orders (a) ON DELETE CASCADE);";
    lower.run(script).await;
    upper
        .run("CREATE TABLE orders (x int); CREATE TABLE other (y int);")
        .await;
    let read = lower.read().await;
    let found: Vec<(&str, usize, usize, usize)> = read
        .schema
        .tables
        .iter()
        .map(|table| {
            let keys = table.foreign_keys.len();
            let (columns, indexes) = (table.columns.len(), table.indexes.len());
            (table.name.name.as_str(), columns, indexes, keys)
        })
        .collect();
    assert_eq!(found, [("Orders", 3, 3, 1), ("orders", 2, 2, 0)]);
    let key = table(&read, "Orders").foreign_keys.first();
    let key = key.expect("a foreign key");
    assert_eq!(key.target, table(&read, "orders").name);
    assert_eq!(key.on_delete, ReferentialAction::Cascade);
    lower.drop().await;
    upper.drop().await;
}

#[tokio::test]
async fn a_thousand_columns_are_read_in_order() {
    let Some(database) = TestDatabase::new("wide").await else {
        return;
    };
    let columns: Vec<String> = (0..1000)
        .map(|number| format!("c{number} tinyint"))
        .collect();
    database
        .run(format!("CREATE TABLE wide ({})", columns.join(", ")))
        .await;
    let read = database.read().await;
    let names: Vec<&str> = table(&read, "wide")
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let expected: Vec<String> = (0..1000).map(|number| format!("c{number}")).collect();
    assert_eq!(names, expected);
    database.drop().await;
}
