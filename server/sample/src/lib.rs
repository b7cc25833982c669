//! The sample database: the warehouse of a homeware shop that does not exist, with everything a
//! real one has: schemas that reference each other, good comments, a few warts, and three months
//! of queries by the people who work with it. Every page of Crowfoot has something true to show.
//!
//! The crate only yields text and data. Somebody else connects to a database, runs [`ddl`] and
//! then [`rows_sql`], and stores [`history`]. Nothing here reads a clock, and nothing depends on a
//! random generator that may change: the same arguments give the same sample for years.

mod analyst;
mod dice;
mod history;
mod literal;
#[cfg(test)]
mod postgres;
mod rhythm;
mod template;

pub use analyst::{Analyst, analysts};
pub use history::{HISTORY_DAYS, HistoryEntry, history};

use time::Date;

/// Name of the database that the sample lives in.
pub const DATABASE_NAME: &str = "crowfoot_sample";

/// How pages name the sample.
pub const DISPLAY_NAME: &str = "Sample shop warehouse";

/// PostgreSQL DDL of the whole warehouse. It runs in an empty database of PostgreSQL 14 or later,
/// as one script of many statements.
pub fn ddl() -> &'static str {
    // Later files reference earlier ones, so the order matters.
    concat!(
        include_str!("sql/catalog.sql"),
        "\n\n",
        include_str!("sql/sales.sql"),
        "\n\n",
        include_str!("sql/logistics.sql"),
        "\n\n",
        include_str!("sql/growth.sql"),
        "\n\n",
        include_str!("sql/views.sql"),
    )
}

/// SQL that fills the tables with 18 months of trade up to the day before `today`. One script of
/// many statements, to run once on one connection right after [`ddl`]. It leaves no helper behind.
pub fn rows_sql(today: Date) -> String {
    concat!(
        include_str!("sql/rows_catalog.sql"),
        "\n\n",
        include_str!("sql/rows_sales.sql"),
        "\n\n",
        include_str!("sql/rows_logistics.sql"),
        "\n\n",
        include_str!("sql/rows_growth.sql"),
    )
    .replace("{today}", &literal::iso(today))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn count(start: &str) -> usize {
        ddl().lines().filter(|line| line.starts_with(start)).count()
    }

    #[test]
    fn the_ddl_has_four_schemas_of_tables_and_views() {
        assert_eq!(count("CREATE SCHEMA "), 4);
        assert!((36..=46).contains(&count("CREATE TABLE ")));
        assert_eq!(count("CREATE VIEW "), 4);
        assert_eq!(count("CREATE MATERIALIZED VIEW "), 1);
        assert_eq!(count("COMMENT ON SCHEMA "), 4);
    }

    #[test]
    fn every_table_and_view_has_a_comment() {
        for relation in template::relations() {
            // The months speak for themselves.
            let comment = ["TABLE", "VIEW", "MATERIALIZED VIEW"]
                .iter()
                .any(|kind| ddl().contains(&format!("COMMENT ON {kind} {relation} IS")));
            assert!(
                comment || relation.starts_with("growth.events_"),
                "{relation}"
            );
        }
    }

    #[test]
    fn rows_name_the_day_and_fill_every_table() {
        let rows = rows_sql(date!(2026 - 02 - 03));
        assert!(rows.contains("DATE '2026-02-03'"));
        assert!(!rows.contains("{today}"));
        for relation in template::relations() {
            let is_table = ddl().contains(&format!("CREATE TABLE {relation} ("));
            let filled = rows.contains(&format!("INSERT INTO {relation} ("));
            assert_eq!(is_table, filled, "{relation}");
        }
    }
}
