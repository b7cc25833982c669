//! Bad input for the reader of MySQL: broken statements, things left open, no definitions.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ddl::{Import, ReadError, read_mysql_files};

fn read(script: &str) -> Import {
    read_mysql_files([script]).expect("a script of MySQL")
}

fn problems(import: &Import) -> Vec<(u64, &str)> {
    let problems = import.report.problems.iter();
    problems
        .map(|problem| (problem.line, problem.message.as_str()))
        .collect()
}

fn tables(import: &Import) -> Vec<&str> {
    let tables = import.schema.tables.iter();
    tables.map(|table| table.name.name.as_str()).collect()
}

#[test]
fn what_cannot_be_read_costs_only_itself() {
    let import = read(
        "CREATE TABLE t (\n  a INT,\n  b INT FLURB,\n  c NOT NULL,\n  d TEXT NOT NULL,\n  A INT,\n  UNIQUE (nope),\n  FOREIGN KEY (d) REFERENCES u (x, y),\n  PRIMARY KEY (a)\n) ENGINE=InnoDB FROBNICATE=1;\nCREATE TABLE u (x INT);",
    );
    assert_eq!(tables(&import), ["t", "u"]);
    let table = &import.schema.tables[0];
    let columns: Vec<&str> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["a", "d"]);
    assert!(table.primary_key.is_some());
    let found = problems(&import);
    let expected = [
        (3, "Expected an attribute of a column, found “FLURB”."),
        (4, "Expected a type, found “NOT”."),
        (6, "The table has a column “A” already."),
        (
            8,
            "The foreign key has 1 referencing and 2 referenced columns.",
        ),
        (
            10,
            "This option of a table is not known; what follows it was not read.",
        ),
        (7, "main.t has no column “nope”."),
    ];
    assert_eq!(found, expected);
    assert!(
        import.report.problems[0]
            .excerpt
            .starts_with("b INT FLURB, c NOT")
    );
}

#[test]
fn a_broken_statement_does_not_take_the_next_along() {
    let import = read(
        "CREATE TABLE a (id INT;\nCREATE TABEL b (id INT);\nALTER TABLE nope ADD x INT;\nFLURB;\nDROP FLURB x;\nCREATE TABLE c (id INT)",
    );
    assert_eq!(tables(&import), ["c"]);
    let lines: Vec<u64> = problems(&import).iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5]);
    assert_eq!(problems(&import)[0].1, "“(” without its “)”.");
    assert!(
        problems(&import)[2]
            .1
            .contains("has not created a table or view “nope”")
    );
}

#[test]
fn an_action_that_cannot_be_read_costs_only_itself() {
    let import = read(
        "CREATE TABLE t (a INT, b INT);\nALTER TABLE t ADD c INT,\n  FROB x,\n  DROP KEY nope,\n  DROP COLUMN b;",
    );
    let columns = &import.schema.tables[0].columns;
    assert_eq!(columns.len(), 2);
    assert_eq!(
        problems(&import),
        [
            (3, "Expected an action of ALTER TABLE, found “FROB”."),
            (4, "The table has no index “nope”."),
        ]
    );
}

#[test]
fn what_is_never_closed_is_told_and_the_next_line_read() {
    for (open, message) in [
        ("INSERT INTO t VALUES ('oops);", "The text in single quotes"),
        (
            "INSERT INTO t VALUES (\"oops);",
            "The text in double quotes",
        ),
        ("SELECT `oops;", "The name in backticks"),
        ("/* oops", "The comment"),
        ("/*!40101 SET a = 1;", "The comment"),
    ] {
        let script = format!("CREATE TABLE a (id INT);\n{open}\nCREATE TABLE b (id INT);\n");
        let import = read(&script);
        assert_eq!(tables(&import), ["a", "b"], "{open}");
        let found = problems(&import);
        assert_eq!(found.len(), 1, "{open}: {found:?}");
        assert_eq!(found[0].0, 2, "{open}");
        assert!(found[0].1.starts_with(message), "{open}: {found:?}");
        assert!(found[0].1.contains("never closed"), "{found:?}");
    }
}

#[test]
fn a_body_without_its_end_leaves_the_rest_readable() {
    let import = read(
        "CREATE TABLE a (id INT);\nCREATE TRIGGER r AFTER DELETE ON a FOR EACH ROW BEGIN\n  DELETE FROM a;\n  UPDATE a SET id = 1;\nCREATE TABLE b (id INT);\n",
    );
    assert_eq!(tables(&import), ["a", "b"]);
    assert_eq!(problems(&import).len(), 1);
    assert_eq!(problems(&import)[0].0, 2);
    assert!(problems(&import)[0].1.contains("BEGIN without its END"));
}

#[test]
fn delimiters_that_go_wrong() {
    let import = read(
        "DELIMITER\nDELIMITER //\nCREATE TABLE a (delimiter VARCHAR(1),\ndelimiter2 INT)//\nCREATE TABLE b (id INT)\nDELIMITER ;\nCREATE TABLE c (id INT);",
    );
    assert_eq!(tables(&import), ["a", "b", "c"]);
    assert_eq!(
        problems(&import),
        [(1, "DELIMITER needs the new delimiter behind it.")]
    );
    // One that never comes back: all of the rest is one statement, and told.
    let import = read("CREATE TABLE a (id INT);\nDELIMITER $$\nCREATE TABLE b (id INT); x");
    assert_eq!(tables(&import), ["a", "b"]);
    assert_eq!(problems(&import).len(), 1);
}

#[test]
fn names_that_are_taken_and_targets_that_are_not_there() {
    let import = read(
        "CREATE TABLE t (a INT, PRIMARY KEY (a), KEY k (a));\nCREATE TABLE t (b INT);\nALTER TABLE t ADD KEY K (a), ADD PRIMARY KEY (a);\nCREATE TABLE IF NOT EXISTS t (c INT);\nCREATE TABLE u (a INT,\n  FOREIGN KEY (a) REFERENCES gone (id));\nALTER TABLE u DROP COLUMN a;",
    );
    assert_eq!(
        problems(&import),
        [
            (2, "main.t exists already."),
            (3, "main.t has an index “K” already."),
            (3, "main.t has a primary key already."),
            (
                7,
                "The column “a” cannot be dropped: the foreign key “u_ibfk_1” needs it."
            ),
            (
                6,
                "The foreign key “u_ibfk_1” of main.u references main.gone, a table that the script does not create."
            ),
        ]
    );
}

#[test]
fn what_is_passed_over_is_counted() {
    let import = read(
        "/*!40101 SET NAMES utf8 */;\nLOCK TABLES `t` WRITE;\nINSERT INTO t VALUES ('a;''b\\'c'),(2);\nINSERT INTO t VALUES (3);\nUNLOCK TABLES;\nGRANT ALL ON *.* TO 'root'@'localhost';\nCREATE TABLE m (a INT, FOREIGN KEY (a) REFERENCES m (a)) ENGINE=MyISAM;\nCREATE TEMPORARY TABLE tmp (id INT);\nALTER TABLE tmp ADD x INT;\nCREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;\nDROP TABLE IF EXISTS gone;\nstart transaction;\n(SELECT 1) UNION (SELECT 2);\nsource other.sql\ncharset utf8mb4\n",
    );
    assert_eq!(tables(&import), ["m"]);
    assert_eq!(import.schema.tables[0].foreign_keys, []);
    let count = |kind: &str| {
        let mut passed = import.report.passed_over.iter();
        passed.find(|row| row.kind == kind).map(|row| row.count)
    };
    for (kind, expected) in [
        ("SET", 1),
        ("INSERT", 2),
        ("LOCK", 1),
        ("UNLOCK", 1),
        ("GRANT", 1),
        ("FOREIGN KEY of an engine without them", 1),
        ("CREATE TEMPORARY TABLE", 1),
        ("CREATE EVENT", 1),
        ("DROP TABLE of one that does not exist", 1),
        ("START", 1),
        ("SELECT", 1),
        ("CHARSET", 1),
    ] {
        assert_eq!(count(kind), Some(expected), "{kind}");
    }
    assert_eq!(problems(&import).len(), 1);
    assert_eq!(problems(&import)[0].0, 14);
}

#[test]
fn a_script_without_definitions_is_an_error() {
    for (script, part) in [
        ("", "there is no SQL in it"),
        ("-- nothing\n", "there is no SQL in it"),
        (
            "USE shop;\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);",
            "2 INSERT statements",
        ),
        (
            "LOCK TABLES `t` WRITE;\n/*!40000 ALTER TABLE `t` DISABLE KEYS */;\nINSERT INTO `t` VALUES (1);\n/*!40000 ALTER TABLE `t` ENABLE KEYS */;\nUNLOCK TABLES;",
            "2 ALTER TABLE statements",
        ),
    ] {
        match read_mysql_files([script]) {
            Err(ReadError::NoDdl { found }) => assert!(found.contains(part), "{found}"),
            other => panic!("{script}: {other:?}"),
        }
    }
    // A definition that could not be read is one all the same.
    assert_eq!(read("CREATE TABLE t (").report.problems.len(), 1);
}
