//! Queries as people at the shop write them, with `{names}` where the literals change.

mod care;
mod growth;
mod merchandise;
mod mishap;
mod pipeline;
mod revenue;
mod supply;

use crate::rhythm::Rhythm;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How a run of a template ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With rows.
    Success,
    /// The database refuses the text with this error: it never starts.
    Refused {
        error_type: &'static str,
        message: &'static str,
    },
    /// The text is right, and the data of the day breaks it.
    Broken {
        error_type: &'static str,
        message: &'static str,
    },
    /// The time limit of the warehouse stops it.
    TimedOut,
    /// Whoever started it loses patience.
    Cancelled,
}

/// One query of one or more people, without its literals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Template {
    /// For messages of tests.
    pub(crate) name: &'static str,
    /// SELECT, INSERT, UPDATE, DELETE or CREATE.
    pub(crate) query_type: &'static str,
    /// Who runs it.
    pub(crate) analysts: &'static [&'static str],
    pub(crate) rhythm: Rhythm,
    /// Half of the runs are faster.
    pub(crate) median_ms: f64,
    /// Rows that a typical run reads.
    pub(crate) rows: f64,
    pub(crate) ending: Ending,
    pub(crate) sql: &'static str,
}

impl Template {
    const fn select(
        name: &'static str,
        analysts: &'static [&'static str],
        rhythm: Rhythm,
        (median_ms, rows): (f64, f64),
        sql: &'static str,
    ) -> Self {
        Self {
            name,
            query_type: "SELECT",
            analysts,
            rhythm,
            median_ms,
            rows,
            ending: Ending::Success,
            sql,
        }
    }

    const fn of_type(mut self, query_type: &'static str) -> Self {
        self.query_type = query_type;
        self
    }

    const fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

const fn dashboard(per_day: f64) -> Rhythm {
    Rhythm::Dashboard { per_day }
}

const fn exploration(per_day: f64) -> Rhythm {
    Rhythm::Exploration { per_day }
}

const fn month_end(per_day: f64) -> Rhythm {
    Rhythm::MonthEnd { per_day }
}

/// Every template, in an order that never changes within a release.
pub(crate) fn all() -> impl Iterator<Item = &'static Template> {
    [
        pipeline::TEMPLATES,
        revenue::TEMPLATES,
        supply::TEMPLATES,
        growth::TEMPLATES,
        merchandise::TEMPLATES,
        care::TEMPLATES,
        mishap::TEMPLATES,
    ]
    .into_iter()
    .flatten()
}

/// Names of all tables and views of the DDL, with their schema.
pub(crate) fn relations() -> &'static BTreeSet<&'static str> {
    static RELATIONS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
        crate::ddl()
            .lines()
            .filter_map(|line| {
                ["CREATE TABLE ", "CREATE VIEW ", "CREATE MATERIALIZED VIEW "]
                    .into_iter()
                    .find_map(|start| line.strip_prefix(start))
            })
            .filter_map(|rest| rest.split([' ', '(']).next())
            .collect()
    });
    &RELATIONS
}

/// Tables and views that a query names, sorted. Reading them from the text, rather than listing
/// them by hand, keeps them right when a template changes.
pub(crate) fn tables_accessed(sql: &str) -> Vec<String> {
    let code: String = sql
        .lines()
        // A comment may mention a table that the query does not touch.
        .filter_map(|line| line.split("--").next())
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase();
    let words: BTreeSet<&str> = code
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '.')
        .collect();
    relations()
        .iter()
        .filter(|relation| words.contains(*relation))
        .map(|relation| (*relation).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyst::analysts;

    #[test]
    fn there_are_enough_templates_with_distinct_names() {
        let names: BTreeSet<_> = all().map(|template| template.name).collect();
        assert_eq!(names.len(), all().count());
        assert!((60..=90).contains(&names.len()), "{}", names.len());
    }

    #[test]
    fn every_template_belongs_to_known_people() {
        for template in all() {
            assert!(!template.analysts.is_empty(), "{}", template.name);
            for username in template.analysts {
                assert!(analysts().iter().any(|person| person.username == *username));
            }
        }
    }

    #[test]
    fn everybody_has_templates() {
        for person in analysts() {
            assert!(
                all().any(|template| template.analysts.contains(&person.username)),
                "{}",
                person.username
            );
        }
    }

    #[test]
    fn every_template_names_tables_of_the_ddl() {
        for template in all() {
            let missing_table = matches!(
                template.ending,
                Ending::Refused {
                    error_type: "undefined_table",
                    ..
                }
            );
            assert_eq!(
                tables_accessed(template.sql).is_empty(),
                missing_table,
                "{}",
                template.name
            );
        }
    }

    #[test]
    fn the_query_type_is_the_first_word() {
        for template in all() {
            let code: Vec<&str> = template
                .sql
                .lines()
                .filter(|line| !line.trim_start().starts_with("--"))
                .collect();
            let text = code.join(" ").trim_start().to_uppercase();
            let first = text.split_whitespace().next().unwrap();
            let expected = if first == "WITH" { "SELECT" } else { first };
            assert_eq!(template.query_type, expected, "{}", template.name);
        }
    }

    #[test]
    fn every_table_is_queried_by_somebody() {
        let queried: BTreeSet<String> = all()
            .flat_map(|template| tables_accessed(template.sql))
            .collect();
        let untouched: Vec<_> = relations()
            .iter()
            .filter(|relation| !queried.contains(**relation))
            .collect();
        // Partitions are reached through their parent; a few tables are never used, as in life.
        assert!(untouched.len() <= 9, "{untouched:?}");
    }

    #[test]
    fn comments_and_longer_names_do_not_count_as_access() {
        assert_eq!(
            tables_accessed("SELECT 1 FROM Sales.Orders o -- not sales.refunds\n, sales.payments"),
            ["sales.orders", "sales.payments"]
        );
        assert!(tables_accessed("SELECT sales.orders_old.id").is_empty());
    }
}
