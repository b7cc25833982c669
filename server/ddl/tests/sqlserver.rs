//! Scripts for SQL Server: our own, against rows that the reader gave and that were checked by eye (no
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

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let import = read(
        "CREATE TABLE a (x int, y int ???, z int)
CREATE TABLE A (x int)
CREATE TABLE b (x int REFERENCES nowhere (id), FOREIGN KEY (q) REFERENCES a (x))
GO
FROBNICATE everything
GO
CREATE INDEX i ON missing (x)
ALTER TABLE a DROP CONSTRAINT none
EXEC sp_addextendedproperty 'MS_Description', 'x', 'SCHEMA', 'dbo', 'TABLE', 'nope'
CREATE TABLE c (x int, PRIMARY KEY (x), PRIMARY KEY (x))
DECLARE @s nvarchar(max) = N'x'
EXEC ('CREATE TABLE ' + @s + ' (a int)')
SELECT * INTO kept FROM a
GO
EXEC sp_executesql N'CREATE TABLE d (a int, b ???)'
GO
IF 1 = 1 CREATE TABLE e (x int) ELSE DROP TABLE a
GO
CREATE TABLE f (x int, 'never
GO
CREATE TABLE g (x int)
",
    );
    let names: Vec<&str> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "g"]);
    let lines: Vec<u64> = import
        .report
        .problems
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(
        lines,
        [1, 2, 3, 5, 7, 8, 9, 10, 12, 13, 15, 17, 19, 19, 3],
        "{:#?}",
        told(&import)
    );
}

#[test]
fn scripts_without_definitions_are_refused() {
    for script in [
        "",
        "GO\nGO\n",
        "INSERT t VALUES (1)\nINSERT t VALUES (2)\nGO",
    ] {
        assert!(
            matches!(read_sqlserver_files([script]), Err(ReadError::NoDdl { .. })),
            "{script}"
        );
    }
}

#[test]
fn statements_need_no_semicolons_between_them() {
    let import = read(
        "SET NOCOUNT ON CREATE TABLE a (x int NOT NULL, CONSTRAINT pk PRIMARY KEY (x))
         CREATE TABLE b (y int) ALTER TABLE b ADD CONSTRAINT fk FOREIGN KEY (y) REFERENCES a (x)
           ON DELETE CASCADE ON UPDATE SET NULL
         DECLARE @x int SET @x = 1 IF @x = 1 BEGIN CREATE TABLE c (z int) END ELSE PRINT 'there'
         UPDATE a SET x = 1 DELETE FROM a CREATE INDEX i ON b (y) PRINT 'done'",
    );
    assert_eq!(told(&import), [""; 0]);
    let names: Vec<&str> = import
        .schema
        .tables
        .iter()
        .map(|table| table.name.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(import.schema.tables[1].foreign_keys.len(), 1);
    assert_eq!(import.schema.tables[1].indexes.len(), 1);
}

#[test]
fn what_migrations_write() {
    let import = read(
        "IF OBJECT_ID(N'[History]') IS NULL
BEGIN
    CREATE TABLE [History] ([Id] nvarchar(150) NOT NULL, CONSTRAINT [PK_H] PRIMARY KEY ([Id]));
END;
GO

BEGIN TRANSACTION;
GO

CREATE TABLE [Blogs] (
    [Id] uniqueidentifier NOT NULL,
    [Name] nvarchar(max) NOT NULL DEFAULT N'',
    [Doc] xml(CONTENT dbo.Docs) NULL,
    CONSTRAINT [PK_Blogs] PRIMARY KEY ([Id])
);
GO

CREATE UNIQUE INDEX [IX_Blogs] ON [Blogs] ([Id]) WHERE [Id] IS NOT NULL;
GO

ALTER TABLE [Blogs]
SET (LOCK_ESCALATION = TABLE)
SET NOCOUNT ON
EXEC sp_rename N'[Blogs].[Name]', N'Title', N'COLUMN';
GO

COMMIT;
GO
",
    );
    assert_eq!(told(&import), [""; 0]);
    let tables = &import.schema.tables;
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[1].columns[1].name, "Title");
    assert_eq!(tables[1].columns[1].default.as_deref(), Some("N''"));
    assert_eq!(tables[1].columns[2].data_type, "xml(CONTENT dbo.Docs)");
    assert_eq!(
        tables[1].indexes[1].predicate.as_deref(),
        Some("[Id] IS NOT NULL")
    );
}

#[test]
fn columns_with_an_index_or_without_a_type() {
    let import = read(
        "CREATE TABLE t (a int INDEX ix UNIQUE NONCLUSTERED NOT NULL, timestamp NOT NULL, b NOT NULL)",
    );
    assert_eq!(told(&import), ["1: Expected a type, found “NOT”."]);
    let table = &import.schema.tables[0];
    assert_eq!(table.columns.len(), 2);
    assert!(!table.columns[0].nullable);
    assert_eq!(table.columns[1].data_type, "timestamp");
    assert_eq!(table.indexes[0].name, "ix");
    assert_eq!(table.indexes[0].parts[0].column.as_deref(), Some("a"));
}

#[test]
fn what_old_scripts_write() {
    let import = read(
        "set quoted_identifier on
GO
if exists (select * from sysobjects where id = object_id('dbo.Orders') and sysstat & 0xf = 3)
	drop table \"dbo\".\"Orders\"
GO
CREATE TABLE \"Orders\" (
	\"OrderID\" \"int\" IDENTITY (1, 1) NOT NULL ,
	\"CustomerID\" nchar (5) NULL ,
	\"Freight\" \"money\" NULL CONSTRAINT \"DF_Freight\" DEFAULT (0),
	CONSTRAINT \"PK_Orders\" PRIMARY KEY  CLUSTERED
	(
		\"OrderID\"
	),
	CONSTRAINT \"FK_Customers\" FOREIGN KEY
	(
		\"CustomerID\"
	) REFERENCES \"dbo\".\"Customers\" (
		\"CustomerID\"
	),
	CONSTRAINT \"CK_Freight\" CHECK (Freight >= 0 and (Freight < 10))
)
GO
 CREATE  INDEX \"CustomerID\" ON \"dbo\".\"Orders\"(\"CustomerID\")
GO
CREATE TABLE \"Customers\" (\"CustomerID\" nchar (5) NOT NULL, \"Org\" hierarchyid, Level AS Org.GetLevel(),
  CONSTRAINT pk PRIMARY KEY (CustomerID))
GO
ALTER TABLE Orders NOCHECK CONSTRAINT ALL
go
create view \"Summary\" AS
SELECT Orders.OrderID, Orders.Freight AS Cost, Sum(CONVERT(money,(Freight*2)/100)*100) AS Subtotal
FROM Orders GROUP BY Orders.OrderID
GO
create procedure \"Ten\" AS
SET ROWCOUNT 10
SELECT Orders.OrderID AS x FROM Orders ORDER BY x DESC
GO
INSERT \"Orders\" VALUES('a','b') INSERT \"Orders\" VALUES('c','GO')
go
",
    );
    assert_eq!(told(&import), [""; 0]);
    let tables = &import.schema.tables;
    assert_eq!(tables.len(), 3);
    assert_eq!(tables[0].columns[0].data_type, "int");
    assert_eq!(tables[0].columns[1].data_type, "nchar(5)");
    assert_eq!(tables[0].columns[2].default.as_deref(), Some("0"));
    assert_eq!(tables[0].indexes.len(), 2);
    assert_eq!(
        tables[0].foreign_keys[0].target.to_string(),
        "dbo.Customers"
    );
    assert_eq!(
        tables[0].checks[0].expression,
        "Freight >= 0 and (Freight < 10)"
    );
    assert_eq!(
        tables[1].columns[2].generated.as_deref(),
        Some("Org.GetLevel()")
    );
    let view: Vec<(&str, &str)> = tables[2]
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.data_type.as_str()))
        .collect();
    assert_eq!(
        view,
        [("OrderID", "int"), ("Cost", "money"), ("Subtotal", "")]
    );
    assert_eq!(import.schema.routines.len(), 1);
    let inserts = import
        .report
        .passed_over
        .iter()
        .find(|row| row.kind == "INSERT");
    assert_eq!(inserts.map(|row| row.count), Some(2));
}
