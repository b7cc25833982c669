//! Bad input: other dialects, no definitions, broken statements.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::{DecodeError, ReadError, decode, read_postgres};
use model::import::ImportProblem;

fn problems(script: &str) -> Vec<(u64, String)> {
    let import = read_postgres(script).expect("a script of PostgreSQL");
    import
        .report
        .problems
        .into_iter()
        .map(|ImportProblem { line, message, .. }| (line, message))
        .collect()
}

fn dialect(script: &str) -> Option<(&'static str, u64)> {
    match read_postgres(script) {
        Err(ReadError::OtherDialect { dialect, line, .. }) => Some((dialect, line)),
        _ => None,
    }
}

#[test]
fn a_column_that_cannot_be_read_costs_only_itself() {
    let import = read_postgres(
        "CREATE TABLE t (\n  a int,\n  b int FLURB,\n  c @@@,\n  order int,\n  d text NOT NULL,\n  UNIQUE (nope),\n  PRIMARY KEY (a)\n);\nCREATE TABLE u (x int);",
    )
    .expect("a script");
    let table = &import.schema.tables[0];
    let columns: Vec<&str> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["a", "b", "d"]);
    assert!(table.primary_key.is_some());
    assert_eq!(import.schema.tables.len(), 2);
    let told: Vec<(u64, &str, &str)> = import
        .report
        .problems
        .iter()
        .map(|problem| {
            (
                problem.line,
                problem.excerpt.as_str(),
                problem.message.as_str(),
            )
        })
        .collect();
    assert_eq!(told.len(), 4);
    assert_eq!(told[0].0, 3);
    assert!(told[0].1.starts_with("b int FLURB, c @@@"), "{told:?}");
    assert_eq!(
        told[0].2,
        "Expected a constraint of the column, found “FLURB”."
    );
    assert_eq!((told[1].0, told[1].2), (4, "Expected a type, found “@@@”."));
    assert_eq!(
        (told[2].0, told[2].2),
        (
            5,
            "Expected a name, found the reserved word order; as a name it needs double quotes."
        )
    );
    assert_eq!(
        (told[3].0, told[3].2),
        (7, "public.t has no column “nope”.")
    );
}

#[test]
fn a_missing_bracket_costs_one_statement() {
    let import = read_postgres(
        "CREATE TABLE a (x int, y text;\nCREATE TABLE b (z int);\nCREATE INDEX ON b (z;\nCREATE TABLE c (z int));\nCREATE TABLE d (w int);",
    )
    .expect("a script");
    let names: Vec<String> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.to_string())
        .collect();
    assert_eq!(names, ["public.a", "public.b", "public.c", "public.d"]);
    assert_eq!(import.schema.tables[0].columns.len(), 2);
    let lines: Vec<u64> = import
        .report
        .problems
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(lines, [1, 3, 4]);
}

#[test]
fn what_is_not_sql_is_reported() {
    let told = problems(
        "CREATE TABLE t (a int);\nPlease run this:\nSELEKT 1;\nCREATE TABEL x (a int);\nALTER TABLE t FROB;\n\\i other.sql\nDROP THING x;\nALTER TABLE nope ADD a int;\nCREATE INDEX ON t (b);\nSELECT 1 INTO x FROM t;\nCOMMENT ON COLUMN t.zz IS 'x';",
    );
    let lines: Vec<u64> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 4, 5, 6, 7, 8, 9, 10, 11], "{told:?}");
    assert_eq!(told[0].1, "This is not a statement that PostgreSQL knows.");
    assert_eq!(
        told[5].1,
        "The script has not created a table or view “nope” before this."
    );
}

#[test]
fn things_twice_are_reported() {
    let told = problems(
        "CREATE TABLE t (a int, a text);\nCREATE TABLE t (b int);\nCREATE INDEX i ON t (a);\nCREATE INDEX i ON t (a);\nALTER TABLE t ADD PRIMARY KEY (a), ADD PRIMARY KEY (a);\nCREATE TYPE e AS ENUM ('x');\nCREATE TYPE e AS ENUM ('y');\nCREATE VIEW t AS SELECT 1;",
    );
    let lines: Vec<u64> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 7, 8], "{told:?}");
}

#[test]
fn a_key_without_its_target_is_kept_and_told() {
    let import = read_postgres("CREATE TABLE t (\n a int,\n b int REFERENCES auth.users (id));")
        .expect("read");
    let key = &import.schema.tables[0].foreign_keys[0];
    assert_eq!(key.target.to_string(), "auth.users");
    assert_eq!(key.target_columns, ["id"]);
    assert_eq!(import.report.problems.len(), 1);
    assert_eq!(import.report.problems[0].line, 3);
    assert!(
        import.report.problems[0]
            .message
            .contains("a table that the script does not create")
    );
}

#[test]
fn what_is_never_closed_is_told() {
    let told = problems(
        "CREATE TABLE a (x int);\nCREATE TABLE b (t text DEFAULT 'oops);\nCREATE TABLE c (x int);",
    );
    assert_eq!(told.last().map(|(line, _)| *line), Some(2), "{told:?}");
    assert!(
        told.iter().any(|(_, text)| text.contains("never closed")),
        "{told:?}"
    );
    let import =
        read_postgres("CREATE TABLE a (x int);\n/* oops\nCREATE TABLE c (x int);").expect("read");
    assert_eq!(import.schema.tables.len(), 2);
    assert_eq!(import.report.problems[0].line, 2);
    let told = problems("CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n2\n");
    assert!(told[0].1.contains("COPY"), "{told:?}");
}

#[test]
fn blocks_that_decide_are_told() {
    let told = problems(
        "CREATE TABLE t (a int);\nDO $$ DECLARE r record; BEGIN\n FOR r IN SELECT 1 LOOP\n EXECUTE 'CREATE TABLE x (a int)';\n END LOOP; END $$;",
    );
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, 3);
}

#[test]
fn problems_are_capped_but_counted() {
    let mut script = "CREATE TABLE t (a int);\n".to_owned();
    for _ in 0..1_500 {
        script.push_str("FLURB;\n");
    }
    let report = read_postgres(&script).expect("read").report;
    assert_eq!(report.problems.len(), 1_000);
    assert_eq!(report.problems_total, 1_500);
    assert_eq!(report.problems[999].line, 1_001);
}

#[test]
fn excerpts_are_short_and_on_one_line() {
    let script = format!(
        "CREATE TABLE t (a int);\nFLURB\n\t{};",
        "größe ".repeat(100)
    );
    let problems = read_postgres(&script).expect("read").report.problems;
    assert!(problems[0].excerpt.chars().count() <= 160);
    assert!(problems[0].excerpt.starts_with("FLURB größe größe"));
    assert!(problems[0].excerpt.ends_with('…'));
}

#[test]
fn a_script_without_definitions_says_what_it_has() {
    let found = |script: &str| match read_postgres(script) {
        Err(ReadError::NoDdl { found }) => found,
        other => panic!("{script}: {other:?}"),
    };
    assert_eq!(found(""), "there is no SQL in it");
    assert_eq!(found("  -- only a comment\n"), "there is no SQL in it");
    let inserts = "INSERT INTO t VALUES (1);\n".repeat(1_204);
    assert_eq!(
        found(&inserts),
        "it has 1,204 INSERT statements but no CREATE"
    );
    assert_eq!(
        found("Dear all, please find the schema attached."),
        "there is no SQL in it"
    );
    let error = read_postgres(&inserts)
        .expect_err("no definitions")
        .to_string();
    assert!(error.contains("pg_dump --schema-only"), "{error}");
}

#[test]
fn other_dialects_are_named() {
    for (script, expected) in [
        ("DROP TABLE IF EXISTS `a`;", ("MySQL", 1)),
        (
            "CREATE TABLE a (\n id int NOT NULL AUTO_INCREMENT,\n PRIMARY KEY (id));",
            ("MySQL", 2),
        ),
        (
            "CREATE TABLE a (id int) ENGINE=InnoDB DEFAULT CHARSET=utf8;",
            ("MySQL", 1),
        ),
        ("CREATE TABLE a (id int(10) unsigned);", ("MySQL", 1)),
        ("SELECT 1;\nINSERT INTO `a` VALUES (1);", ("MySQL", 2)),
        ("CREATE TABLE [dbo].[a] ([id] int);", ("SQL Server", 1)),
        ("CREATE TABLE a (id int IDENTITY(1,1));", ("SQL Server", 1)),
        ("CREATE TABLE a (t NVARCHAR(MAX));", ("SQL Server", 1)),
        (
            "CREATE TABLE a (id int)\nGO\nCREATE TABLE b (id int)\nGO\n",
            ("SQL Server", 2),
        ),
        (
            "CREATE TABLE a (id NUMBER(10), name VARCHAR2(20));",
            ("Oracle", 1),
        ),
        (
            "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);",
            ("SQLite", 1),
        ),
        (
            "PRAGMA foreign_keys = ON;\nCREATE TABLE a (id int);",
            ("SQLite", 1),
        ),
        ("CREATE TABLE [a] ([id] INTEGER);", ("SQLite", 1)),
        (
            "CREATE TABLE a (id int PRIMARY KEY) WITHOUT ROWID;",
            ("SQLite", 1),
        ),
    ] {
        assert_eq!(dialect(script), Some(expected), "{script}");
    }
    let message = read_postgres("DROP TABLE `a`;")
        .expect_err("MySQL")
        .to_string();
    assert!(message.starts_with("This looks like MySQL"), "{message}");
    assert!(message.contains("Choose its dialect"), "{message}");
}

#[test]
fn postgresql_is_not_taken_for_another_dialect() {
    for script in [
        "CREATE TABLE a (auto_increment int, engine text, unsigned boolean, identity int, number int);",
        "CREATE TABLE a (t text DEFAULT '`x` ENGINE=InnoDB AUTO_INCREMENT [dbo].[x]\nGO\n');",
        "CREATE TABLE a (t int);\n-- `x` ENGINE=InnoDB\n/*\nGO\n*/ CREATE TABLE b (u int);",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ CREATE TABLE `x` (a int)\nGO\n $$;",
        "CREATE TABLE a (x int[], y int[][], CHECK (x[1] > 0 AND y[1][2] = 1));",
        "CREATE TABLE a (x int[] DEFAULT ARRAY[1, 2], y int[] DEFAULT (ARRAY[[1],[2]])[1:1]);",
        "CREATE VIEW v AS SELECT a[i] FROM (SELECT ARRAY[1] AS a, 1 AS i) s;",
        "CREATE DOMAIN number AS numeric; CREATE TABLE a (n number(3));",
        "CREATE TABLE go (a int);\nSELECT * FROM\nGO\n;",
        "CREATE TABLE a (x int GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1));",
    ] {
        assert!(
            read_postgres(script).is_ok(),
            "{script}: {:?}",
            read_postgres(script)
        );
    }
}

#[test]
fn bytes_become_text() {
    assert_eq!(decode(b"\xEF\xBB\xBFSELECT"), Ok("SELECT".to_owned()));
    assert_eq!(decode("größe".as_bytes()), Ok("größe".to_owned()));
    assert_eq!(decode(b"\xFF\xFEa\0\n\0"), Ok("a\n".to_owned()));
    assert_eq!(decode(b"\xFE\xFF\0a\0\n"), Ok("a\n".to_owned()));
    assert_eq!(
        decode(b"ab\nc\xFFd"),
        Err(DecodeError::NotUtf8 { offset: 4, line: 2 })
    );
    assert_eq!(
        decode(b"\xEF\xBB\xBFa\n\xE9"),
        Err(DecodeError::NotUtf8 { offset: 5, line: 2 })
    );
    assert_eq!(
        decode(b"PGDMP\0\x01"),
        Err(DecodeError::Binary { offset: 5, line: 1 })
    );
    assert_eq!(
        decode(b"\xFF\xFEa\0\n\0\x00\xD8a\0"),
        Err(DecodeError::NotUtf16 { offset: 6, line: 2 })
    );
    assert_eq!(
        decode(b"\xFF\xFEa"),
        Err(DecodeError::NotUtf16 { offset: 2, line: 1 })
    );
    assert_eq!(decode(b""), Ok(String::new()));
}
