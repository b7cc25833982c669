//! Texts that are kept as written, and small readings that need no server to judge.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::{read_postgres, read_postgres_files};
use model::schema::{ReferentialAction, Schema, Table, TableKind};

fn schema(script: &str) -> Schema {
    let import = read_postgres(script).expect("a script of PostgreSQL");
    assert_eq!(import.report.problems, [], "{script}");
    import.schema
}

fn table<'s>(schema: &'s Schema, name: &str) -> &'s Table {
    schema
        .tables
        .iter()
        .find(|table| table.name.to_string() == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn defaults_and_expressions_keep_their_text() {
    let schema = schema(
        "CREATE TABLE t (\n\
         id serial,\n\
         a text DEFAULT 'x'::text || upper('y') NOT NULL,\n\
         b timestamptz DEFAULT (now() AT TIME ZONE 'utc'),\n\
         c int GENERATED ALWAYS AS ( id * 2 ) STORED CHECK ((c > 0) AND (c < 9)),\n\
         d numeric DEFAULT -1.5e3 CONSTRAINT positive CHECK (d\n > 0),\n\
         e text COLLATE \"de_DE\" DEFAULT $$dollar$$,\n\
         EXCLUDE USING gist (id WITH =, b WITH &&) WHERE (c > 1)\n);\n\
         CREATE INDEX i ON t USING gin (lower(a) text_pattern_ops DESC NULLS LAST, \"e\" COLLATE \"C\")\
         WHERE c IS NOT NULL AND d > 0;",
    );
    let table = table(&schema, "public.t");
    let default = |name: &str| table.column(name).and_then(|column| column.default.clone());
    assert_eq!(
        default("id").as_deref(),
        Some("nextval('public.t_id_seq'::regclass)")
    );
    assert_eq!(default("a").as_deref(), Some("'x'::text || upper('y')"));
    assert_eq!(default("b").as_deref(), Some("(now() AT TIME ZONE 'utc')"));
    assert_eq!(default("d").as_deref(), Some("-1.5e3"));
    assert_eq!(default("e").as_deref(), Some("$$dollar$$"));
    assert_eq!(
        table
            .column("c")
            .and_then(|c| c.generated.clone())
            .as_deref(),
        Some("id * 2")
    );
    assert_eq!(
        table
            .column("e")
            .and_then(|c| c.collation.clone())
            .as_deref(),
        Some("de_DE")
    );
    let checks: Vec<(&str, &str)> = table
        .checks
        .iter()
        .map(|check| (check.name.as_str(), check.expression.as_str()))
        .collect();
    assert_eq!(
        checks,
        [
            ("t_c_check", "(c > 0) AND (c < 9)"),
            ("positive", "d\n > 0")
        ]
    );
    assert_eq!(
        table.exclusions[0].definition,
        "USING gist (id WITH =, b WITH &&) WHERE (c > 1)"
    );
    let index = table
        .indexes
        .iter()
        .find(|index| index.name == "i")
        .expect("index");
    assert_eq!(index.method, "gin");
    assert_eq!(
        index.parts[0].text,
        "lower(a) text_pattern_ops DESC NULLS LAST"
    );
    assert_eq!(index.parts[0].column, None);
    assert_eq!(index.parts[1].text, "e COLLATE \"C\"");
    assert_eq!(index.parts[1].column.as_deref(), Some("e"));
    assert_eq!(index.predicate.as_deref(), Some("c IS NOT NULL AND d > 0"));
}

#[test]
fn views_keep_their_query() {
    let schema = schema(
        "CREATE TABLE t (a int);\nCREATE VIEW v (x) AS\n  SELECT a\n  FROM t -- the end\n WITH CASCADED CHECK OPTION;\n\
         CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS TABLE t WITH DATA;",
    );
    let view = table(&schema, "public.v");
    assert_eq!(view.kind, TableKind::View);
    assert_eq!(view.definition.as_deref(), Some("SELECT a\n  FROM t"));
    assert_eq!(view.columns[0].name, "x");
    assert_eq!(view.columns[0].data_type, "integer");
    assert_eq!(
        table(&schema, "public.m").definition.as_deref(),
        Some("TABLE t")
    );
}

#[test]
fn partitions_keep_their_bounds() {
    let schema = schema(
        "CREATE TABLE p (d date, r text) PARTITION BY RANGE (d, lower(r));\n\
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01', MINVALUE) TO ('2026-02-01', MAXVALUE);\n\
         CREATE TABLE p2 PARTITION OF p DEFAULT;",
    );
    assert_eq!(
        table(&schema, "public.p").partition_key.as_deref(),
        Some("RANGE (d, lower(r))")
    );
    let bounds = |name: &str| {
        table(&schema, name)
            .partition_of
            .clone()
            .map(|part| part.bounds)
    };
    assert_eq!(
        bounds("public.p1").as_deref(),
        Some("FOR VALUES FROM ('2026-01-01', MINVALUE) TO ('2026-02-01', MAXVALUE)")
    );
    assert_eq!(bounds("public.p2").as_deref(), Some("DEFAULT"));
}

#[test]
fn triggers_and_routines_keep_their_text() {
    let schema = schema(
        "CREATE TABLE t (a int);\n\
         CREATE FUNCTION f(a int, OUT b text) RETURNS text LANGUAGE sql AS $$ SELECT ';' $$;\n\
         CREATE TRIGGER w AFTER INSERT ON t EXECUTE FUNCTION f();",
    );
    assert_eq!(schema.routines[0].arguments, "a int, OUT b text");
    assert_eq!(
        schema.triggers[0].definition,
        "CREATE TRIGGER w AFTER INSERT ON t EXECUTE FUNCTION f()"
    );
}

#[test]
fn foreign_keys_may_come_before_their_target() {
    let schema = read_postgres_files([
        "CREATE TABLE child (a int REFERENCES parent ON DELETE CASCADE, b int REFERENCES parent (u));",
        "CREATE TABLE parent (id int PRIMARY KEY, u int UNIQUE);",
        "ALTER TABLE child ADD COLUMN c text; COMMENT ON TABLE parent IS 'later';",
    ])
    .expect("scripts")
    .schema;
    let child = table(&schema, "public.child");
    assert_eq!(child.columns.len(), 3);
    assert_eq!(child.foreign_keys[0].target_columns, ["id"]);
    assert_eq!(child.foreign_keys[0].on_delete, ReferentialAction::Cascade);
    assert_eq!(child.foreign_keys[1].target_columns, ["u"]);
    assert_eq!(
        table(&schema, "public.parent").comment.as_deref(),
        Some("later")
    );
}

#[test]
fn each_file_is_a_session_of_its_own() {
    let schema = read_postgres_files([
        "SET search_path = a; CREATE TABLE t (x int); CREATE TEMP TABLE s (x int);",
        "CREATE TABLE t (y int); CREATE TEMP TABLE s (x int);",
        "SET search_path = a, public; ALTER TABLE t ADD z int;\n\\connect other\nALTER TABLE t ADD w int;",
    ])
    .expect("scripts")
    .schema;
    let names = |name: &str| -> Vec<String> {
        table(&schema, name)
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect()
    };
    assert_eq!(names("a.t"), ["x", "z"]);
    assert_eq!(names("public.t"), ["y", "w"]);
    assert_eq!(schema.tables.len(), 2);
}

#[test]
fn strings_may_hold_anything() {
    let schema = schema(
        "SET standard_conforming_strings = off;\n\
         CREATE TABLE a (t text DEFAULT 'it\\'s; (');\n\
         SET standard_conforming_strings = on;\n\
         CREATE TABLE b (t text DEFAULT 'C:\\', u text DEFAULT E'\\'; (', v text DEFAULT $a$ $b$ ; ' $a$);\n\
         /* a comment /* in a comment; */ CREATE TABLE no (a int); */\n\
         INSERT INTO a VALUES ('; CREATE TABLE no (a int);'), ('`x`'), ('[x]');\n\
         CREATE TABLE c (\"a;b\"\"c\" int); -- CREATE TABLE no (a int);",
    );
    assert_eq!(schema.tables.len(), 3);
    assert_eq!(table(&schema, "public.c").columns[0].name, "a;b\"c");
    assert_eq!(
        table(&schema, "public.b").columns[2].default.as_deref(),
        Some("$a$ $b$ ; ' $a$")
    );
}

#[test]
fn data_and_commands_of_psql_are_passed_over() {
    let import = read_postgres(
        "\\restrict abc\n\\set ON_ERROR_STOP 1\nCREATE TABLE t (a text, b int);\n\
         COPY t (a, b) FROM stdin;\nCREATE TABLE no (x int);\t1\nit's\t2\n\\.\n\n\
         COPY t FROM stdin WITH (FORMAT csv);\n\\.\n\
         \\echo 'it''s'\nINSERT INTO t VALUES ('a', 1), ('b', 2);\nINSERT INTO t VALUES ('c', 3);\n\
         BEGIN; COMMIT;\nSELECT 1 \\gset\nALTER TABLE t ADD c int;\n\\unrestrict abc\n",
    )
    .expect("a script");
    assert_eq!(import.report.problems, []);
    assert_eq!(import.schema.tables.len(), 1);
    assert_eq!(import.schema.tables[0].columns.len(), 3);
    assert_eq!(import.report.statements_read, 2);
    let passed: Vec<(&str, u64)> = import
        .report
        .passed_over
        .iter()
        .map(|row| (row.kind.as_str(), row.count))
        .collect();
    assert!(passed.contains(&("INSERT", 2)), "{passed:?}");
    assert!(passed.contains(&("COPY", 2)), "{passed:?}");
    assert!(passed.contains(&("\\echo", 1)), "{passed:?}");
}

#[test]
fn structure_that_is_not_kept_is_counted() {
    let import = read_postgres(
        "CREATE TABLE t (a int); CREATE EXTENSION citext; CREATE POLICY p ON t USING (true);\n\
         CREATE AGGREGATE s (int) (SFUNC = f, STYPE = int); CREATE OPERATOR === (FUNCTION = f);\n\
         CREATE COLLATION c (provider = icu); CREATE CAST (a AS b) WITHOUT FUNCTION;\n\
         CREATE PUBLICATION p; CREATE TEXT SEARCH CONFIGURATION x (COPY = simple); CREATE ROLE r;\n\
         CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();\n\
         CREATE USER MAPPING FOR x SERVER y; CREATE DATABASE d; CREATE STATISTICS st ON a, b FROM t;\n\
         ALTER TABLE t OWNER TO me; ALTER TABLE t SET (fillfactor = 10), CLUSTER ON x, REPLICA IDENTITY FULL;\n\
         ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO x; ALTER EXTENSION citext UPDATE; ALTER SYSTEM SET a = b;\n\
         REVOKE ALL ON t FROM x; ANALYZE; VACUUM t; DO $$ BEGIN PERFORM 1; END $$; CALL p(); (SELECT 1);",
    )
    .expect("a script");
    assert_eq!(import.report.problems, []);
    // The table, and the aggregate: it is a routine by name.
    assert_eq!(import.report.statements_read, 2);
    assert_eq!(import.schema.routines[0].name.name, "s");
    let total: u64 = import.report.passed_over.iter().map(|row| row.count).sum();
    assert_eq!(total, 26, "{:?}", import.report.passed_over);
}
