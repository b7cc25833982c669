//! Texts that are kept, and small readings of MySQL that need no server to judge, or on which
//! MySQL and MariaDB differ.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ddl::read_mysql_files;
use model::schema::{ConstraintKind, ReferentialAction, Schema, Table, TableKind};

fn schema(script: &str) -> Schema {
    let import = read_mysql_files([script]).expect("a script of MySQL");
    assert_eq!(import.report.problems, [], "{script}");
    import.schema
}

fn table<'s>(schema: &'s Schema, name: &str) -> &'s Table {
    let mut tables = schema.tables.iter();
    tables
        .find(|table| table.name.to_string() == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn defaults_and_expressions_keep_their_text() {
    let schema = schema(
        "CREATE TABLE t (\n\
         a VARCHAR(9) DEFAULT 'it''s' NOT NULL,\n\
         b DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),\n\
         c INT GENERATED ALWAYS AS ( `a` * 2 ) VIRTUAL NOT NULL CHECK ((c > 0) AND c < 9),\n\
         d DECIMAL(3,1) DEFAULT -1.5 CONSTRAINT positive CHECK (d\n > 0) NOT ENFORCED,\n\
         e BINARY(16) DEFAULT (uuid_to_bin(uuid())),\n\
         f TIMESTAMP NULL ON UPDATE NOW(),\n\
         g BIT(2) DEFAULT b'01' COMMENT 'two' 'parts',\n\
         h INT DEFAULT NULL,\n\
         i DATE DEFAULT (CURRENT_DATE + INTERVAL 1 YEAR) INVISIBLE,\n\
         CHECK (a <> 'x,y')\n)",
    );
    let table = table(&schema, "main.t");
    let default = |name: &str| table.column(name).and_then(|column| column.default.clone());
    assert_eq!(default("a").as_deref(), Some("'it''s'"));
    assert_eq!(
        default("b").as_deref(),
        Some("CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)")
    );
    assert_eq!(default("d").as_deref(), Some("-1.5"));
    assert_eq!(default("e").as_deref(), Some("(uuid_to_bin(uuid()))"));
    assert_eq!(default("f").as_deref(), Some("NULL ON UPDATE NOW()"));
    assert_eq!(default("g").as_deref(), Some("b'01'"));
    assert_eq!(default("h"), None);
    assert_eq!(
        default("i").as_deref(),
        Some("(CURRENT_DATE + INTERVAL 1 YEAR)")
    );
    let column = |name: &str| table.column(name).expect("column");
    assert_eq!(column("c").generated.as_deref(), Some("`a` * 2"));
    assert!(!column("c").nullable);
    assert_eq!(column("g").comment.as_deref(), Some("twoparts"));
    let checks: Vec<(&str, &str)> = table
        .checks
        .iter()
        .map(|check| (check.name.as_str(), check.expression.as_str()))
        .collect();
    // The numbers follow the order of the statement, as in MySQL 8.
    assert_eq!(
        checks,
        [
            ("t_chk_1", "(c > 0) AND c < 9"),
            ("positive", "d\n > 0"),
            ("t_chk_2", "a <> 'x,y'"),
        ]
    );
}

#[test]
fn types_have_one_spelling() {
    for (written, printed) in [
        ("INT", "int"),
        ("INTEGER(11)", "int(11)"),
        ("int signed", "int"),
        ("INT8 UNSIGNED", "bigint unsigned"),
        ("MIDDLEINT", "mediumint"),
        ("INT(5) ZEROFILL", "int(5) unsigned zerofill"),
        ("BOOLEAN", "tinyint(1)"),
        ("NUMERIC", "decimal(10,0)"),
        ("FIXED(5)", "decimal(5,0)"),
        ("DEC ( 5 , 2 )", "decimal(5,2)"),
        ("DOUBLE PRECISION", "double"),
        ("REAL(7,3)", "double(7,3)"),
        ("FLOAT(25)", "double"),
        ("FLOAT(24)", "float"),
        ("FLOAT4", "float"),
        ("CHAR", "char(1)"),
        ("CHARACTER VARYING (20)", "varchar(20)"),
        ("NATIONAL VARCHAR(3)", "varchar(3)"),
        ("NATIONAL CHARACTER VARYING(3)", "varchar(3)"),
        ("NCHAR VARCHAR(3)", "varchar(3)"),
        ("CHAR BYTE", "binary(1)"),
        ("LONG", "mediumtext"),
        ("LONG VARBINARY", "mediumblob"),
        ("LONG VARCHAR", "mediumtext"),
        ("TEXT(100)", "tinytext"),
        ("TEXT(256)", "text"),
        ("BLOB(70000)", "mediumblob"),
        ("BIT", "bit(1)"),
        ("YEAR", "year"),
        ("JSON", "json"),
        (
            "ENUM('a', \"it's\", 'b\\'c', '')",
            "enum('a','it''s','b''c','')",
        ),
        ("SET('x')", "set('x')"),
        ("geometry", "geometry"),
        ("inet6", "inet6"),
        ("VECTOR(3)", "vector(3)"),
    ] {
        let schema = schema(&format!("CREATE TABLE t (a {written} NOT NULL)"));
        let column = &table(&schema, "main.t").columns[0];
        assert_eq!(column.data_type, printed, "{written}");
        assert!(!column.nullable, "{written}");
    }
}

#[test]
fn counted_columns_are_identities_that_take_values() {
    let schema = schema(
        "CREATE TABLE a (id INT AUTO_INCREMENT KEY); CREATE TABLE b (id SERIAL, x INT);\n\
         CREATE TABLE c (id BIGINT UNSIGNED SERIAL DEFAULT VALUE);",
    );
    for (name, constraint) in [
        ("main.a", ConstraintKind::PrimaryKey),
        ("main.b", ConstraintKind::Unique),
        ("main.c", ConstraintKind::Unique),
    ] {
        let table = table(&schema, name);
        let column = &table.columns[0];
        assert_eq!(column.identity.as_deref(), Some("by default"), "{name}");
        assert!(!column.nullable, "{name}");
        assert_eq!(table.indexes[0].constraint, Some(constraint), "{name}");
    }
    assert_eq!(
        table(&schema, "main.b").columns[0].data_type,
        "bigint unsigned"
    );
}

#[test]
fn collations_are_told_where_they_are_not_the_tables() {
    let schema = schema(
        "CREATE TABLE t (\n\
         a VARCHAR(9) COLLATE utf8mb4_bin,\n\
         b VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,\n\
         c VARCHAR(9) CHARSET latin1,\n\
         d VARCHAR(9) CHARACTER SET utf8mb4,\n\
         e VARCHAR(9) BINARY,\n\
         f VARCHAR(9)\n) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;\n\
         CREATE TABLE u (a VARCHAR(9) CHARSET latin1);\n\
         ALTER TABLE u CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
    );
    let table_t = table(&schema, "main.t");
    let found: Vec<Option<&str>> = table_t
        .columns
        .iter()
        .map(|column| column.collation.as_deref())
        .collect();
    assert_eq!(
        found,
        [
            Some("utf8mb4_bin"),
            None,
            Some("latin1_swedish_ci"),
            None,
            Some("utf8mb4_bin"),
            None
        ]
    );
    assert_eq!(table(&schema, "main.u").columns[0].collation, None);
}

#[test]
fn parts_of_an_index_keep_length_and_order() {
    let schema = schema(
        "CREATE TABLE t (a VARCHAR(200), `b c` INT, KEY k (A(10) DESC, `b c` ASC),\n\
         UNIQUE INDEX ((lower(a)), `b c`), KEY USING HASH (a), INDEX ((a + 1)));",
    );
    let table = table(&schema, "main.t");
    let found: Vec<(&str, Vec<&str>, &str)> = table
        .indexes
        .iter()
        .map(|index| {
            let parts = index.parts.iter().map(|part| part.text.as_str()).collect();
            (index.name.as_str(), parts, index.method.as_str())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("k", vec!["a(10) DESC", "`b c`"], "btree"),
            ("functional_index", vec!["(lower(a))", "`b c`"], "btree"),
            ("a", vec!["a"], "hash"),
            ("functional_index_2", vec!["(a + 1)"], "btree"),
        ]
    );
    assert_eq!(table.indexes[0].parts[0].column.as_deref(), Some("a"));
    assert_eq!(table.indexes[1].parts[0].column, None);
}

#[test]
fn tables_lie_in_the_database_in_use() {
    let script = "CREATE TABLE before_use (id INT);\n\
                  CREATE DATABASE IF NOT EXISTS `Shop`; USE `Shop`;\n\
                  CREATE TABLE a (id INT PRIMARY KEY);\n\
                  CREATE TABLE other.b (x INT, FOREIGN KEY (x) REFERENCES c (id));\n\
                  CREATE TABLE other.c (id INT PRIMARY KEY);\n\
                  use\nother;\nCREATE TABLE d (id INT);\nuse Shop\nCREATE TABLE e (id INT);";
    let import = read_mysql_files([script, "CREATE TABLE in_next_file (id INT);"]).expect("import");
    assert_eq!(import.report.problems, []);
    let names: Vec<String> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "main.before_use",
            "Shop.a",
            "other.b",
            "other.c",
            "other.d",
            "Shop.e",
            "main.in_next_file"
        ]
    );
    // An unqualified target is looked for beside its table, not in the database in use.
    let key = &table(&import.schema, "other.b").foreign_keys[0];
    assert_eq!(key.target.to_string(), "other.c");
    assert_eq!(key.target_columns, ["id"]);
}

#[test]
fn references_in_a_column_are_foreign_keys() {
    let schema = schema(
        "CREATE TABLE p (id INT PRIMARY KEY);\n\
         CREATE TABLE c (p_id INT NOT NULL REFERENCES P (ID) ON DELETE CASCADE, q INT REFERENCES p);",
    );
    let child = table(&schema, "main.c");
    let key = &child.foreign_keys[0];
    assert_eq!(key.name, "c_ibfk_1");
    assert_eq!(key.target.to_string(), "main.p");
    assert_eq!(key.target_columns, ["id"]);
    assert_eq!(key.on_delete, ReferentialAction::Cascade);
    assert_eq!(child.foreign_keys[1].target_columns, ["id"]);
    assert_eq!(child.indexes.len(), 2);
}

#[test]
fn dumps_may_drop_and_create_in_any_order() {
    let schema = schema(
        "CREATE TABLE child (p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES parent (id));\n\
         CREATE TABLE parent (id INT PRIMARY KEY);\n\
         DROP TABLE IF EXISTS parent;\n\
         CREATE TABLE parent (id INT PRIMARY KEY);",
    );
    let key = &table(&schema, "main.child").foreign_keys[0];
    assert_eq!(key.target.to_string(), "main.parent");
}

#[test]
fn an_index_may_be_called_like_a_table() {
    let schema = schema(
        "CREATE TABLE user (id INT PRIMARY KEY);\n\
         CREATE TABLE post (user INT, KEY user (user));\n\
         DROP TABLE post;\n\
         ALTER TABLE user ADD name TEXT;\n\
         RENAME TABLE user TO shop.person;",
    );
    assert_eq!(table(&schema, "shop.person").columns.len(), 2);
}

#[test]
fn options_of_all_ages_are_known() {
    let schema = schema(
        "CREATE TABLE a (id INT UNSIGNED DEFAULT 1 `o`=1 COMMENT 'c', KEY k (id) `clustering`='yes') TYPE=HEAP,\n\
         DEFAULT CHAR SET=utf8 `PAGE_COMPRESSED`='ON' ROW_FORMAT=DYNAMIC UNION=(b, c) COMMENT 'x';\n\
         CREATE TABLE b (id INT KEY) ENGINE `InnoDB` AUTO_INCREMENT 3 DATA DIRECTORY '/d'\n\
         STATS_PERSISTENT=DEFAULT, COLLATE 'utf8mb4_bin' WITH SYSTEM VERSIONING;",
    );
    let table_a = table(&schema, "main.a");
    assert_eq!(table_a.comment.as_deref(), Some("x"));
    assert_eq!(table_a.columns[0].default.as_deref(), Some("1"));
    assert_eq!(table_a.columns[0].comment.as_deref(), Some("c"));
    assert!(table(&schema, "main.b").primary_key.is_some());
}

#[test]
fn partitions_leave_their_key() {
    let schema = schema(
        "CREATE TABLE a (id INT, at DATE)\n\
         /*!50100 PARTITION BY RANGE (to_days(at))\n\
         (PARTITION p0 VALUES LESS THAN (738000) ENGINE = InnoDB,\n\
          PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;\n\
         CREATE TABLE b (id INT) PARTITION BY LINEAR HASH (id) PARTITIONS 4;\n\
         CREATE TABLE c (id INT); ALTER TABLE c PARTITION BY KEY (id) PARTITIONS 2;\n\
         ALTER TABLE c ADD PARTITION PARTITIONS 4;",
    );
    let key = |name: &str| table(&schema, name).partition_key.clone();
    assert_eq!(key("main.a").as_deref(), Some("RANGE (to_days(at))"));
    assert_eq!(key("main.b").as_deref(), Some("LINEAR HASH (id)"));
    assert_eq!(key("main.c").as_deref(), Some("KEY (id)"));
}

#[test]
fn quotes_follow_the_mode_of_the_session() {
    let schema = schema(
        "SET NAMES utf8mb4, SQL_MODE = 'ANSI_QUOTES';\n\
         CREATE TABLE \"a b\" (\"c\"\"d\" INT);\n\
         SET @OLD_SQL_MODE=@@SQL_MODE, sql_mode = 'NO_BACKSLASH_ESCAPES';\n\
         CREATE TABLE t (a CHAR(2) DEFAULT '\\', b INT COMMENT \"it's\");\n\
         SET SESSION sql_mode = '';\n\
         CREATE TABLE u (a CHAR(2) DEFAULT '\\'', b INT);",
    );
    assert_eq!(table(&schema, "main.a b").columns[0].name, "c\"d");
    assert_eq!(table(&schema, "main.t").columns.len(), 2);
    assert_eq!(table(&schema, "main.u").columns.len(), 2);
}

#[test]
fn bodies_may_do_without_delimiter() {
    let schema = schema(
        "CREATE TABLE t (id INT);\n\
         CREATE TRIGGER r AFTER DELETE ON t FOR EACH ROW BEGIN\n\
           IF OLD.id > 1 THEN DELETE FROM t; END IF;\n\
           SET @a = CASE WHEN 1 THEN 2 ELSE 3 END; CASE @a WHEN 2 THEN BEGIN END; END CASE;\n\
           x: LOOP LEAVE x; END LOOP;\n\
         END;\n\
         CREATE PROCEDURE p (IN a INT, INOUT b VARCHAR(9)) SELECT 1;\n\
         CREATE TABLE u (id INT);",
    );
    assert_eq!(schema.tables.len(), 2);
    assert!(schema.triggers[0].definition.ends_with("END LOOP;\nEND"));
    assert_eq!(schema.routines[0].arguments, "IN a INT, INOUT b VARCHAR(9)");
}

#[test]
fn views_of_a_dump_take_the_place_of_their_stand_ins() {
    let schema = schema(
        "CREATE TABLE t (id INT(11), name VARCHAR(9));\n\
         /*!50001 CREATE TABLE `v` (\n `id` tinyint NOT NULL,\n `n` tinyint NOT NULL\n) ENGINE=MyISAM */;\n\
         /*!50001 DROP TABLE IF EXISTS `v`*/;\n\
         /*!50001 CREATE ALGORITHM=UNDEFINED */\n\
         /*!50013 DEFINER=`root`@`%` SQL SECURITY DEFINER */\n\
         /*!50001 VIEW `v` AS select `t`.`id` AS `id`,concat(`t`.`name`,'x') AS `n` from `t` where (`t`.`id` > 1) */\n\
         /*!50002 WITH CASCADED CHECK OPTION */;",
    );
    let view = table(&schema, "main.v");
    assert_eq!(view.kind, TableKind::View);
    let columns: Vec<(&str, &str)> = view
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.data_type.as_str()))
        .collect();
    assert_eq!(columns, [("id", "int(11)"), ("n", "")]);
    let definition = view.definition.as_deref().unwrap_or_default();
    assert!(definition.starts_with("select `t`.`id`"), "{definition}");
    assert!(definition.ends_with("(`t`.`id` > 1)"), "{definition}");
}

#[test]
fn queries_name_their_columns() {
    let schema = schema(
        "CREATE TABLE t (id INT, name TEXT); CREATE TABLE u (id INT, x DATE);\n\
         CREATE VIEW v AS WITH c (k) AS (SELECT id FROM t), d AS (SELECT 1 AS one)\n\
         SELECT DISTINCT t.*, u.x y, `c`.k AS 'q', one, count(*), (SELECT 1), t.id + 1 AS s,\n\
         CASE WHEN 1 THEN 2 END, z.n\n\
         FROM t, (u JOIN c ON c.k = u.id) JOIN d JOIN (SELECT name AS n FROM t) AS z\n\
         WHERE t.id IN (SELECT id FROM u) ORDER BY 1;\n\
         CREATE VIEW w AS (WITH a AS (SELECT * FROM u) SELECT * FROM a);",
    );
    assert_eq!(table(&schema, "main.w").columns.len(), 2);
    let columns: Vec<(&str, &str)> = table(&schema, "main.v")
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.data_type.as_str()))
        .collect();
    assert_eq!(
        columns,
        [
            ("id", "int"),
            ("name", "text"),
            ("y", "date"),
            ("q", "int"),
            ("one", ""),
            ("count(*)", ""),
            ("(SELECT 1)", ""),
            ("s", ""),
            ("CASE WHEN 1 THEN 2 END", ""),
            ("n", "text"),
        ]
    );
}
