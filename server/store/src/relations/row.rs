//! A verdict as it stands in the catalog, read with the present names of its columns.

use model::id::{ColumnId, TableId};
use model::relation::verdict::{Decision, DeclaredSince, Relation, RelationKey, RelationState};
use model::relation::{End, Target, types_go_together};
use model::schema::QualifiedName;
use model::time::Timestamp;
use std::collections::{HashMap, HashSet};

/// A column with its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnPlace {
    /// The table's id.
    pub table_id: TableId,
    /// The table's name.
    pub table: QualifiedName,
    /// The column's name.
    pub name: String,
    /// Its type.
    pub data_type: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether a unique constraint or index is on it alone.
    pub unique: bool,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether it, or its table, is gone from the source.
    pub gone: bool,
}

/// A foreign key as the source declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredKey {
    /// The table that declares it.
    pub table: TableId,
    /// The constraint's name.
    pub name: String,
    /// The columns that refer.
    pub columns: Vec<String>,
    /// The table that they refer to, where the catalog has it.
    pub target: Option<TableId>,
    /// The columns that they refer to, in the same order.
    pub target_columns: Vec<String>,
}

impl DeclaredKey {
    /// Whether it is of these columns, in whichever order.
    pub fn is_of(&self, table: TableId, columns: &[String]) -> bool {
        let set = |names: &[String]| names.iter().cloned().collect::<HashSet<_>>();
        self.table == table && set(&self.columns) == set(columns)
    }

    /// Whether it joins the same columns of two tables.
    pub fn joins(&self, from: &[String], parent: TableId, to: &[String]) -> bool {
        let own: HashSet<(&String, &String)> =
            self.columns.iter().zip(&self.target_columns).collect();
        self.target == Some(parent) && own == from.iter().zip(to).collect()
    }
}

/// A verdict with what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVerdict {
    /// The table of the columns that refer.
    pub child: TableId,
    /// What it is about, and what it says.
    pub relation: Relation,
}

/// A row of `relation_verdicts`.
pub(super) struct VerdictRow {
    pub(super) id: i64,
    pub(super) child_column_ids: Vec<i64>,
    pub(super) parent_table_id: Option<i64>,
    pub(super) parent_column_ids: Vec<i64>,
    pub(super) type_column_id: Option<i64>,
    pub(super) is_accepted: bool,
    pub(super) is_by_hand: bool,
    pub(super) confidence: Option<f32>,
    pub(super) reason: String,
    pub(super) note: Option<String>,
    pub(super) by: Option<String>,
    pub(super) at: Timestamp,
}

impl VerdictRow {
    /// The verdict; none where nothing is left of what it was about.
    pub(super) fn read(
        self,
        child: i64,
        places: &HashMap<ColumnId, ColumnPlace>,
        declared: &[DeclaredKey],
    ) -> Option<StoredVerdict> {
        let child = TableId(child);
        let ids = |ids: &[i64]| ids.iter().copied().map(ColumnId).collect::<Vec<_>>();
        let (from_ids, to_ids) = (ids(&self.child_column_ids), ids(&self.parent_column_ids));
        let of = |ids: &[ColumnId]| -> Option<Vec<&ColumnPlace>> {
            ids.iter().map(|id| places.get(id)).collect()
        };
        let (from, to) = (of(&from_ids)?, of(&to_ids)?);
        let end = |columns: &[&ColumnPlace]| -> Option<End> {
            let table = columns.first()?.table.clone();
            let names = columns.iter().map(|column| column.name.clone()).collect();
            Some(End::new(table, names))
        };
        let from_end = end(&from)?;
        let mut gone = from.iter().chain(&to).any(|column| column.gone);
        let mut warning = None;
        let (key, target, same) = match (self.parent_table_id, self.type_column_id) {
            (None, Some(kind)) => {
                let type_column = places.get(&ColumnId(kind))?;
                // Of several tables that may be meant one may go.
                gone = type_column.gone || from.iter().any(|column| column.gone);
                let among = to
                    .iter()
                    .filter(|column| !column.gone)
                    .filter_map(|column| end(&[*column]))
                    .collect();
                let target = Target::Polymorphic {
                    type_column: type_column.name.clone(),
                    among,
                };
                let key = RelationKey::of_pair(*from_ids.first()?, ColumnId(kind));
                (key, target, None)
            }
            (Some(parent), _) => {
                warning = types_warning(&from, &to);
                let pairs = from_ids.into_iter().zip(to_ids).collect();
                let to_end = end(&to)?;
                let same = (TableId(parent), to_end.columns.clone());
                (
                    RelationKey::of_pairs(pairs)?,
                    Target::Key(to_end),
                    Some(same),
                )
            }
            (None, None) => return None,
        };
        let of_columns = || {
            declared
                .iter()
                .filter(|key| key.is_of(child, &from_end.columns))
        };
        let joins = |key: &&DeclaredKey| {
            same.as_ref()
                .is_some_and(|(parent, to)| key.joins(&from_end.columns, *parent, to))
        };
        let declared = of_columns()
            .find(joins)
            .map(|key| (key, true))
            .or_else(|| of_columns().next().map(|key| (key, false)))
            .map(|(key, same)| DeclaredSince {
                name: key.name.clone(),
                same,
            });
        Some(StoredVerdict {
            child,
            relation: Relation {
                key,
                state: if self.is_accepted {
                    RelationState::Accepted
                } else {
                    RelationState::Rejected
                },
                one_to_one: matches!(&*from, [only] if only.unique),
                optional: from.iter().any(|column| column.nullable),
                from: from_end,
                to: target,
                confidence: self.confidence,
                reason: self.reason,
                warning,
                decision: Some(Decision {
                    id: self.id,
                    by: self.by,
                    at: self.at,
                    by_hand: self.is_by_hand,
                    note: self.note,
                    declared,
                    gone,
                }),
            },
        })
    }
}

/// What is odd about the types of columns that are compared.
fn types_warning(from: &[&ColumnPlace], to: &[&ColumnPlace]) -> Option<String> {
    let odd: Vec<String> = from
        .iter()
        .zip(to)
        .filter(|(one, other)| !types_go_together(&one.data_type, &other.data_type))
        .map(|(one, other)| {
            format!(
                "{} is {} and {} is {}",
                one.name, one.data_type, other.name, other.data_type
            )
        })
        .collect();
    (!odd.is_empty()).then(|| format!("The types do not go together: {}.", odd.join(", ")))
}
