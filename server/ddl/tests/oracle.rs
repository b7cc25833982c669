//! Scripts for Oracle: our own, against rows that the reader gave and that were checked by eye (no
//! server stood behind them), and what is told of those that it would refuse.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

#[path = "support/rows.rs"]
mod rows;

use ddl::{Import, ReadError, read_oracle_files};

fn read(script: &str) -> Import {
    read_oracle_files([script]).expect("a script of Oracle")
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
    let import = read(include_str!("fixtures/oracle/objects.sql"));
    assert_eq!(
        told(&import),
        [
            "59: HR.MADE is made from a query; its columns and types were read from that as far \
             as possible."
        ]
    );
    rows::assert_rows(
        &import.schema,
        include_str!("fixtures/oracle/objects.catalog"),
        true,
    );
}

#[test]
fn a_key_rests_on_an_index_that_is_there() {
    let import = read(
        "CREATE TABLE t (a NUMBER, b NUMBER REFERENCES t);
         CREATE INDEX i ON t (a);
         ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (a) USING INDEX i;
         CREATE TABLE u (a NUMBER CONSTRAINT u_pk PRIMARY KEY, b CONSTRAINT u_fk REFERENCES t);
         CREATE TABLE gone (a NUMBER);
         CREATE INDEX gone_i ON gone (a);
         ALTER TABLE gone ADD CONSTRAINT gone_pk PRIMARY KEY (a);
         ALTER TABLE gone DROP PRIMARY KEY;",
    );
    assert_eq!(told(&import), [""; 0]);
    let tables = &import.schema.tables;
    assert_eq!(tables[0].indexes.len(), 1);
    assert_eq!(tables[0].indexes[0].name, "I");
    assert!(tables[0].indexes[0].constraint.is_some());
    assert_eq!(
        tables[0].primary_key.as_ref().map(|key| key.name.as_str()),
        Some("T_PK")
    );
    assert_eq!(tables[1].columns[1].data_type, "NUMBER");
    assert_eq!(tables[1].foreign_keys[0].target_columns, ["A"]);
    assert!(tables[2].primary_key.is_none());
    assert!(tables[2].indexes[0].constraint.is_none());
}

#[test]
fn comments_keep_their_lines() {
    let import = read("CREATE TABLE t (a NUMBER);\nCOMMENT ON TABLE t IS 'one;\n/\ntwo';\n");
    assert_eq!(
        import.schema.tables[0].comment.as_deref(),
        Some("one;\n/\ntwo")
    );
    assert_eq!(import.schema.tables[0].name.to_string(), "USER.T");
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let import = read(
        "CREATE TABLE a (x NUMBER, y NUMBER ???, z NUMBER);
CREATE TABLE A (x NUMBER);
CREATE TABLE b (x NUMBER REFERENCES nowhere (id), FOREIGN KEY (q) REFERENCES a (x));
FROBNICATE everything;
CREATE INDEX i ON missing (x);
ALTER TABLE a DROP CONSTRAINT none;
COMMENT ON COLUMN a.nope IS 'x';
CREATE TABLE c (x NUMBER, PRIMARY KEY (x), PRIMARY KEY (x));
BEGIN
  EXECUTE IMMEDIATE 'CREATE TABLE hidden (a NUMBER)';
END;
/
CREATE TABLE d OF address;
CREATE TABLE e (x NUMBER, 'never
CREATE TABLE f (x NUMBER);
",
    );
    let names: Vec<&str> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.name.as_str())
        .collect();
    assert_eq!(names, ["A", "B", "C", "D", "F"]);
    let lines: Vec<u64> = import
        .report
        .problems
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(
        lines,
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 14, 3],
        "{:#?}",
        told(&import)
    );
}

#[test]
fn scripts_without_definitions_are_refused() {
    for script in [
        "",
        "/\n/\n",
        "INSERT INTO t VALUES (1);\nCOMMIT;",
        "PROMPT hello",
    ] {
        assert!(
            matches!(read_oracle_files([script]), Err(ReadError::NoDdl { .. })),
            "{script}"
        );
    }
}

#[test]
fn what_sql_developer_writes() {
    let import = read(
        r#"
--------------------------------------------------------
--  DDL for Table T
--------------------------------------------------------

  CREATE TABLE "HR"."T"
   (	"ID" NUMBER(10,0) GENERATED ALWAYS AS IDENTITY MINVALUE 1 MAXVALUE 9999999999999999999999999999 INCREMENT BY 1 START WITH 1 CACHE 20 NOORDER  NOCYCLE  NOKEEP  NOSCALE ,
	"P" NUMBER(10,0),
	"N" VARCHAR2(30 CHAR) DEFAULT NULL
   ) ;
REM INSERTING into HR.T
SET DEFINE OFF;
Insert into HR.T (ID,N) values (1,'it''s;');
  CREATE UNIQUE INDEX "HR"."T_PK" ON "HR"."T" ("ID")
  ;
  ALTER TABLE "HR"."T" MODIFY ("ID" NOT NULL ENABLE);
  ALTER TABLE "HR"."T" ADD CONSTRAINT "T_PK" PRIMARY KEY ("ID")
  USING INDEX "HR"."T_PK"  ENABLE;
  ALTER TABLE "HR"."T" ADD CONSTRAINT "T_FK" FOREIGN KEY ("P")
	  REFERENCES "HR"."T" ("ID") ON DELETE CASCADE ENABLE;
  CREATE OR REPLACE EDITIONABLE TRIGGER "HR"."T_BI" BEFORE INSERT ON "HR"."T" FOR EACH ROW
begin
  null;
end;
/
ALTER TRIGGER "HR"."T_BI" ENABLE;
"#,
    );
    assert_eq!(told(&import), [""; 0]);
    let table = &import.schema.tables[0];
    assert_eq!(table.columns[0].identity.as_deref(), Some("always"));
    assert!(!table.columns[0].nullable);
    assert_eq!(table.indexes.len(), 1);
    assert_eq!(table.foreign_keys.len(), 1);
    assert_eq!(import.schema.triggers[0].name, "T_BI");
}

#[test]
fn what_people_write() {
    let import = read(
        "CREATE TABLE dept (deptno NUMBER(2) CONSTRAINT pk_dept PRIMARY KEY, loc VARCHAR(13)) ;
CREATE TABLE emp (
  empno NUMBER(4) NOT NULL PRIMARY KEY,
  mgr NUMBER(4) CONSTRAINT fk_mgr REFERENCES emp,
  deptno NUMBER(2) DEFAULT 10 REFERENCES dept (deptno) ON DELETE SET NULL,
  constraint ck check (empno > 0 and (mgr is null or mgr <> empno))
)
/
CREATE SEQUENCE emp_seq;
CREATE INDEX emp_mgr ON emp(mgr);
/
CREATE OR REPLACE TRIGGER emp_bi BEFORE INSERT ON emp FOR EACH ROW
BEGIN
  IF (:NEW.empno IS NULL) THEN SELECT emp_seq.nextval INTO :NEW.empno FROM DUAL; END IF;
END;
/
CREATE OR REPLACE VIEW staff AS
SELECT e.empno AS id, NVL(e.mgr, 0) || '/' AS boss, d.* FROM emp e, dept d
WHERE e.deptno = d.deptno;
ALTER TABLE emp ADD CONSTRAINT emp_u UNIQUE (mgr, deptno) DEFERRABLE;
ALTER TABLE emp DROP (deptno);
ALTER TABLE dept ADD region VARCHAR2(10) DEFAULT 'x' CHECK (region <> 'y');
DROP VIEW nothing;
",
    );
    assert_eq!(
        told(&import),
        ["23: The script has not created a table or view “NOTHING” before this."]
    );
    let tables = &import.schema.tables;
    assert_eq!(tables[0].columns[1].data_type, "VARCHAR2(13)");
    assert_eq!(tables[0].checks[0].expression, "region <> 'y'");
    assert_eq!(tables[1].foreign_keys.len(), 1);
    assert_eq!(tables[1].foreign_keys[0].target_columns, ["EMPNO"]);
    assert!(tables[1].unique_keys.is_empty());
    let view: Vec<&str> = tables[2]
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(view, ["ID", "BOSS", "DEPTNO", "LOC"]);
    assert_eq!(import.schema.triggers.len(), 1);
}
