//! Columns of one name that have different types.

use super::key::comparable;
use super::{Finding, FindingKind, is_view, push};
use crate::schema::Table;

/// How many tables a name must be in before its types are compared.
const TABLES_MIN: usize = 3;

/// Names that mean something else in every table.
const COMMON: [&str; 10] = [
    "id", "name", "value", "type", "code", "data", "key", "status", "state", "version",
];

/// Columns whose type is not the one that most columns of their name have.
pub(super) fn inconsistent(tables: &[&Table], found: &mut Vec<Finding>) {
    let mut columns: Vec<(&str, String, &Table, &str)> = Vec::new();
    for table in tables {
        // Views and partitions repeat what their tables say.
        if is_view(table) || table.partition_of.is_some() {
            continue;
        }
        for column in &table.columns {
            if !column.data_type.is_empty() && !COMMON.contains(&column.name.as_str()) {
                let data_type = comparable(&column.data_type);
                columns.push((&column.name, data_type, table, &column.data_type));
            }
        }
    }
    columns.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    for of_name in columns.chunk_by(|left, right| left.0 == right.0) {
        let Some((name, first, ..)) = of_name.first() else {
            continue;
        };
        if of_name.len() < TABLES_MIN || of_name.iter().all(|it| it.1 == *first) {
            continue;
        }
        let types: Vec<_> = of_name.chunk_by(|left, right| left.1 == right.1).collect();
        let Some(usual) = types.iter().max_by_key(|it| it.len()) else {
            continue;
        };
        // Without a clear majority there are no odd ones out.
        if usual.len() * 2 <= of_name.len() {
            continue;
        }
        let Some((_, _, _, usual_type)) = usual.first() else {
            continue;
        };
        for (_, data_type, table, text) in of_name {
            if usual.first().is_some_and(|it| it.1 == *data_type) {
                continue;
            }
            let reason = [
                *name,
                " is ",
                *text,
                " here and ",
                *usual_type,
                " in ",
                &usual.len().to_string(),
                " other tables.",
            ];
            push(
                found,
                FindingKind::InconsistentType,
                table,
                Some(*name),
                &reason,
            );
        }
    }
}
