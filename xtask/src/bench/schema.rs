//! A DDL of any number of tables, always the same for the same number.

use std::fmt::Write as _;

const SCHEMAS: [&str; 5] = ["sales", "billing", "stock", "people", "ledger"];
const COLUMNS: [(&str, &str, &str); 10] = [
    ("name", "text NOT NULL", "Shown in lists"),
    (
        "code",
        "character varying(64)",
        "Short code, unique per tenant",
    ),
    ("description", "text", "Free text"),
    (
        "status",
        "character varying(32) DEFAULT 'new' NOT NULL",
        "Where it stands in its workflow",
    ),
    (
        "amount",
        "numeric(14,2) DEFAULT 0 NOT NULL",
        "In the currency of the document",
    ),
    ("quantity", "integer DEFAULT 1 NOT NULL", "Number of units"),
    (
        "is_active",
        "boolean DEFAULT true NOT NULL",
        "False once archived",
    ),
    ("starts_on", "date", "First day it holds"),
    (
        "metadata",
        "jsonb DEFAULT '{}'::jsonb NOT NULL",
        "What has no column of its own",
    ),
    (
        "created_at",
        "timestamp with time zone DEFAULT now() NOT NULL",
        "When it was entered",
    ),
];

/// The tables' names, schema first.
pub(crate) fn names(tables: usize) -> Vec<String> {
    (0..tables).map(name).collect()
}

fn name(number: usize) -> String {
    let schema = SCHEMAS.iter().cycle().nth(number).unwrap_or(&"sales");
    format!("{schema}.record_{number}")
}

/// Tables of twelve or thirteen columns with keys, foreign keys (some tables are hubs), indexes
/// and comments, as pg_dump would write them.
pub(crate) fn ddl(tables: usize) -> String {
    let mut sql = String::new();
    for schema in SCHEMAS {
        writeln!(sql, "CREATE SCHEMA {schema};").ok();
    }
    for number in 0..tables {
        let table = name(number);
        writeln!(sql, "CREATE TABLE {table} (\n    id bigint NOT NULL,").ok();
        for (column, definition, _) in COLUMNS {
            writeln!(sql, "    {column} {definition},").ok();
        }
        for (key, _) in references(number) {
            writeln!(sql, "    {key} bigint,").ok();
        }
        writeln!(
            sql,
            "    CONSTRAINT record_{number}_pkey PRIMARY KEY (id)\n);"
        )
        .ok();
        writeln!(
            sql,
            "COMMENT ON TABLE {table} IS 'Records of kind {number}';"
        )
        .ok();
        for (column, _, comment) in COLUMNS {
            writeln!(sql, "COMMENT ON COLUMN {table}.{column} IS '{comment}';").ok();
        }
        writeln!(sql, "CREATE INDEX record_{number}_code ON {table} (code);").ok();
    }
    for number in 0..tables {
        for (key, target) in references(number) {
            writeln!(
                sql,
                "ALTER TABLE ONLY {} ADD CONSTRAINT record_{number}_{key}_fkey FOREIGN KEY ({key}) REFERENCES {}(id);",
                name(number),
                name(target)
            )
            .ok();
        }
    }
    sql
}

/// Foreign keys: to a hub, and every other table to a neighbour.
fn references(number: usize) -> Vec<(String, usize)> {
    if number == 0 {
        return Vec::new();
    }
    let hub = number.isqrt() / 2;
    let mut keys = vec![("owner_id".to_owned(), hub)];
    if number.is_multiple_of(2) && number - 1 != hub {
        keys.push(("previous_id".to_owned(), number - 1));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_as_many_tables_as_asked_and_points_backwards() {
        let sql = ddl(50);
        assert_eq!(sql.matches("CREATE TABLE").count(), 50);
        assert!(names(50).iter().all(|name| sql.contains(name)));
        assert!((0..50).all(|number| {
            references(number)
                .iter()
                .all(|(_, target)| *target < number)
        }));
    }
}
