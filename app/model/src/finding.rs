//! What is worth a second look in a database's structure.

mod index;
mod key;
mod name;

use crate::catalog::ColumnStatistics;
use crate::number::decimal;
use crate::schema::{QualifiedName, Schema, Table, TableKind};
use serde::{Deserialize, Serialize};

/// How many findings of one kind are told at the most.
pub const FINDINGS_PER_KIND_MAX: usize = 500;

/// The share of nulls from which a column is nearly empty.
pub const NEARLY_EMPTY: f64 = 0.99;

/// Something worth a second look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// The table.
    pub table: QualifiedName,
    /// The column; for a finding about several the first of them, none for the table as a whole.
    pub column: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Likely to go wrong or to be slow.
    Warning,
    /// Worth knowing.
    Notice,
}

impl Severity {
    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// What may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A foreign key whose columns no index begins with.
    ForeignKeyWithoutIndex,
    /// A table without a primary key.
    NoPrimaryKey,
    /// A foreign key between columns of different types.
    ForeignKeyTypeMismatch,
    /// An index that another one repeats.
    DuplicateIndex,
    /// An index with whose columns another one begins.
    PrefixIndex,
    /// A column that has another type than those of its name in other tables.
    InconsistentType,
    /// A column that is null in nearly every row.
    NearlyEmptyColumn,
    /// A table that no statement used.
    UnusedTable,
}

impl FindingKind {
    /// Every kind, in the order of [`findings`].
    pub const ALL: [Self; 8] = [
        Self::ForeignKeyWithoutIndex,
        Self::NoPrimaryKey,
        Self::ForeignKeyTypeMismatch,
        Self::DuplicateIndex,
        Self::PrefixIndex,
        Self::InconsistentType,
        Self::NearlyEmptyColumn,
        Self::UnusedTable,
    ];

    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::ForeignKeyWithoutIndex => "Foreign key without index",
            Self::NoPrimaryKey => "No primary key",
            Self::ForeignKeyTypeMismatch => "Types differ across a foreign key",
            Self::DuplicateIndex => "Duplicate index",
            Self::PrefixIndex => "Index covered by another",
            Self::InconsistentType => "Inconsistent type",
            Self::NearlyEmptyColumn => "Nearly empty column",
            Self::UnusedTable => "Unused table",
        }
    }

    /// How much a finding of this kind matters.
    pub fn severity(self) -> Severity {
        match self {
            Self::ForeignKeyWithoutIndex | Self::NoPrimaryKey | Self::ForeignKeyTypeMismatch => {
                Severity::Warning
            }
            Self::DuplicateIndex
            | Self::PrefixIndex
            | Self::InconsistentType
            | Self::NearlyEmptyColumn
            | Self::UnusedTable => Severity::Notice,
        }
    }
}

/// Looks up what is known of a column's values, by table and column.
pub type StatisticsLookup<'a> = &'a dyn Fn(&QualifiedName, &str) -> Option<&'a ColumnStatistics>;

/// Looks up how many statements used a table in the time that is known; none where nothing is
/// known of it.
pub type UsageLookup<'a> = &'a dyn Fn(&QualifiedName) -> Option<u64>;

/// What is known beyond the structure. Without a lookup its findings are left out.
#[derive(Clone, Copy, Default)]
pub struct Facts<'a> {
    /// What is known of values.
    pub statistics: Option<StatisticsLookup<'a>>,
    /// What is known of usage.
    pub usage: Option<UsageLookup<'a>>,
}

/// What is worth a second look: by kind as in [`FindingKind::ALL`], then by table and column. Of
/// each kind the first [`FINDINGS_PER_KIND_MAX`].
pub fn findings(schema: &Schema, facts: &Facts<'_>) -> Vec<Finding> {
    let tables = by_name(schema);
    let mut found = Vec::new();
    for table in &tables {
        // A partition has from its table what could be found on it; one without its table stands
        // for itself.
        if root(table, &tables).is_some() {
            continue;
        }
        key::without_index(table, &mut found);
        key::missing(table, &mut found);
        key::mismatched(table, &tables, &mut found);
        index::redundant(table, &mut found);
        if let Some(statistics) = facts.statistics {
            nearly_empty(table, statistics, &mut found);
        }
        if let Some(usage) = facts.usage {
            unused(table, &tables, usage, &mut found);
        }
    }
    name::inconsistent(&tables, &mut found);
    found.sort_by(|left, right| {
        (left.kind, &left.table, &left.column, &left.reason).cmp(&(
            right.kind,
            &right.table,
            &right.column,
            &right.reason,
        ))
    });
    let mut last = None;
    let mut of_kind = 0;
    found.retain(|finding| {
        of_kind = if last == Some(finding.kind) {
            of_kind + 1
        } else {
            1
        };
        last = Some(finding.kind);
        of_kind <= FINDINGS_PER_KIND_MAX
    });
    found
}

fn push(
    found: &mut Vec<Finding>,
    kind: FindingKind,
    table: &Table,
    column: Option<&str>,
    reason: &[&str],
) {
    found.push(Finding {
        kind,
        severity: kind.severity(),
        table: table.name.clone(),
        column: column.map(str::to_owned),
        reason: reason.concat(),
    });
}

fn is_view(table: &Table) -> bool {
    matches!(table.kind, TableKind::View | TableKind::MaterializedView)
}

/// The relations by name; of those that share a name the first.
fn by_name(schema: &Schema) -> Vec<&Table> {
    let mut tables: Vec<&Table> = schema.tables.iter().collect();
    tables.sort_by(|left, right| left.name.cmp(&right.name));
    tables.dedup_by(|later, first| later.name == first.name);
    tables
}

fn find<'a>(tables: &[&'a Table], name: &QualifiedName) -> Option<&'a Table> {
    let at = tables.binary_search_by(|it| it.name.cmp(name)).ok()?;
    tables.get(at).copied()
}

/// The table at the top of a partition's tree, where it is known.
fn root<'a>(table: &'a Table, tables: &[&'a Table]) -> Option<&'a Table> {
    let mut at = table;
    // Deeper trees, and circles, have no top.
    for _ in 0..16 {
        match &at.partition_of {
            Some(link) => at = find(tables, &link.parent)?,
            None => return (at.name != table.name).then_some(at),
        }
    }
    None
}

fn nearly_empty(table: &Table, statistics: StatisticsLookup<'_>, found: &mut Vec<Finding>) {
    for column in &table.columns {
        let known = statistics(&table.name, &column.name);
        let Some(fraction) = known.and_then(|it| it.null_fraction) else {
            continue;
        };
        if !(NEARLY_EMPTY..=1.0).contains(&fraction) {
            continue;
        }
        let name = column.name.as_str();
        let kind = FindingKind::NearlyEmptyColumn;
        if fraction >= 1.0 {
            push(
                found,
                kind,
                table,
                Some(name),
                &[name, " is null in every row."],
            );
        } else {
            // Rounded to 100.0 it would say what is not so.
            let percent = decimal((fraction * 100.0).min(99.9), 1);
            let reason = [name, " is null in ", &percent, " % of the rows."];
            push(found, kind, table, Some(name), &reason);
        }
    }
}

fn unused(table: &Table, tables: &[&Table], usage: UsageLookup<'_>, found: &mut Vec<Finding>) {
    if usage(&table.name) != Some(0) {
        return;
    }
    // Statements may name partitions instead of their table.
    let used_below = table.partition_key.is_some()
        && tables.iter().any(|it| {
            root(it, tables).is_some_and(|top| top.name == table.name)
                && usage(&it.name).is_some_and(|runs| runs > 0)
        });
    if !used_below {
        let reason = ["No statement on record used this ", table.kind.label(), "."];
        push(found, FindingKind::UnusedTable, table, None, &reason);
    }
}
