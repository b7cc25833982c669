//! Primary and foreign keys.

use super::{Finding, FindingKind, find, is_view, push};
use crate::schema::{ForeignKey, Index, Table, TableKind};

/// Foreign keys whose columns no index begins with: a change of the parent reads every row.
pub(super) fn without_index(table: &Table, found: &mut Vec<Finding>) {
    // A foreign table has its indexes elsewhere.
    if table.kind == TableKind::ForeignTable {
        return;
    }
    for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
        if key.columns.is_empty() || table.indexes.iter().any(|it| serves(it, key)) {
            continue;
        }
        // A source may declare keys without the indexes behind them.
        let declared = table.primary_key.iter().chain(&table.unique_keys);
        if declared
            .into_iter()
            .any(|it| begins_with(&it.columns, &key.columns))
        {
            continue;
        }
        let reason = [
            "No index begins with ",
            &key.columns.join(", "),
            ", the columns of the foreign key ",
            &key.name,
            " to ",
            &key.target.to_string(),
            ".",
        ];
        let kind = FindingKind::ForeignKeyWithoutIndex;
        push(
            found,
            kind,
            table,
            key.columns.first().map(String::as_str),
            &reason,
        );
    }
}

/// Whether an index finds the rows of a parent. A partial index does where it leaves out nothing
/// but nulls of the key, since a null refers to nothing.
fn serves(index: &Index, key: &ForeignKey) -> bool {
    let whole = match &index.predicate {
        None => true,
        Some(predicate) => only_drops_nulls(predicate, &key.columns),
    };
    // GIN, GiST and BRIN answer other questions than equality of all leading columns.
    let ordered = !matches!(
        index.method.to_ascii_lowercase().as_str(),
        "gin" | "gist" | "brin" | "spgist" | "fulltext" | "spatial"
    );
    let columns: Vec<&str> = index
        .parts
        .iter()
        .map_while(|part| part.column.as_deref())
        .collect();
    whole && ordered && begins_with(&columns, &key.columns)
}

fn only_drops_nulls(predicate: &str, columns: &[String]) -> bool {
    let plain: String = predicate
        .chars()
        .filter(|letter| !matches!(letter, '(' | ')' | '"' | '`'))
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    match words.as_slice() {
        [column, is, not, null] => {
            columns.iter().any(|it| it == column)
                && is.eq_ignore_ascii_case("is")
                && not.eq_ignore_ascii_case("not")
                && null.eq_ignore_ascii_case("null")
        }
        _ => false,
    }
}

/// Whether the first of `columns` are the wanted ones, in whatever order.
fn begins_with<T: AsRef<str>>(columns: &[T], wanted: &[String]) -> bool {
    columns.get(..wanted.len()).is_some_and(|first| {
        wanted
            .iter()
            .all(|it| first.iter().any(|column| column.as_ref() == it))
    })
}

/// Tables without a primary key.
pub(super) fn missing(table: &Table, found: &mut Vec<Finding>) {
    let keyed = table.primary_key.is_some();
    let kept_here = matches!(table.kind, TableKind::Table | TableKind::Partition);
    if keyed || !kept_here {
        return;
    }
    // A unique constraint over columns that are never null tells rows apart as well.
    let stands_in = table.unique_keys.iter().find(|key| {
        !key.columns.is_empty()
            && key
                .columns
                .iter()
                .all(|name| table.column(name).is_some_and(|it| !it.nullable))
    });
    let kind = FindingKind::NoPrimaryKey;
    match stands_in {
        Some(key) => {
            let name = key.name.as_str();
            let reason = [
                "The table has no primary key; its unique constraint ",
                name,
                " could be one.",
            ];
            push(found, kind, table, None, &reason);
        }
        None => {
            let reason = ["The table has no primary key, so that nothing tells its rows apart."];
            push(found, kind, table, None, &reason);
        }
    }
}

/// Foreign keys between columns of different types.
pub(super) fn mismatched(table: &Table, tables: &[&Table], found: &mut Vec<Finding>) {
    for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
        let Some(target) = find(tables, &key.target).filter(|it| !is_view(it)) else {
            continue;
        };
        for (name, other) in key.columns.iter().zip(&key.target_columns) {
            let (Some(column), Some(parent)) = (table.column(name), target.column(other)) else {
                continue;
            };
            let (own, its) = (comparable(&column.data_type), comparable(&parent.data_type));
            if own.is_empty() || its.is_empty() || own == its {
                continue;
            }
            let reason = [
                name,
                " is ",
                &column.data_type,
                ", but ",
                &target.name.to_string(),
                ".",
                other,
                ", to which it refers, is ",
                &parent.data_type,
                ".",
            ];
            push(
                found,
                FindingKind::ForeignKeyTypeMismatch,
                table,
                Some(name),
                &reason,
            );
        }
    }
}

/// A type's text for comparison: one of several spellings, and without the width at which some
/// systems print whole numbers.
pub(super) fn comparable(data_type: &str) -> String {
    let mut lower = data_type.trim().to_ascii_lowercase();
    if let Some((base, rest)) = lower.split_once('(')
        && base.trim_end().ends_with("int")
        && let Some((_, after)) = rest.split_once(')')
    {
        lower = [base.trim_end(), after].concat();
    }
    match lower.as_str() {
        "serial" | "serial4" | "int" | "int4" | "integer" => "integer",
        "bigserial" | "serial8" | "int8" | "bigint" => "bigint",
        "smallserial" | "serial2" | "int2" | "smallint" => "smallint",
        "bool" | "boolean" => "boolean",
        "timestamptz" | "timestamp with time zone" => "timestamp with time zone",
        "timestamp" | "timestamp without time zone" => "timestamp without time zone",
        _ => return lower.replace("varchar", "character varying"),
    }
    .to_owned()
}
