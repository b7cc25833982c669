//! A page of relations out of all that a database has.

use contract::error::AppError;
use model::relation::verdict::{
    Relation, RelationCounts, RelationKey, RelationQuery, RelationState,
};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Rows of a page where nobody says how many.
const ROWS_DEFAULT: u32 = 100;
/// Rows of a page at the most.
const ROWS_MAX: u32 = 200;

/// A page, and what all are like of which it is one.
pub(super) struct Listed {
    pub(super) rows: Vec<Relation>,
    pub(super) total: u64,
    pub(super) next: Option<String>,
    pub(super) counts: RelationCounts,
    pub(super) schemas: Vec<String>,
}

/// The place of a relation in the list: the surest first, then by its columns, which have their
/// ids in the order of tables. Nothing of it changes while the list is read on.
type Place<'a> = (Reverse<u32>, &'a RelationKey);

fn per_mille(relation: &Relation) -> u32 {
    // Whoever adds a relation is sure of it.
    let share = relation.confidence.unwrap_or(1.0).clamp(0.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000"
    )]
    let whole = (share * 1000.0).round() as u32;
    whole
}

fn place(relation: &Relation) -> Place<'_> {
    (Reverse(per_mille(relation)), &relation.key)
}

/// Where a page ended: `930-11-3`.
fn read_cursor(text: &str) -> Option<(Reverse<u32>, RelationKey)> {
    let (sure, key) = text.split_once('-')?;
    Some((Reverse(sure.parse().ok()?), key.parse().ok()?))
}

/// The page that is asked for.
///
/// # Errors
/// Invalid for an `after` with which no page ended.
pub(super) fn page<'a>(
    all: impl Iterator<Item = &'a Relation>,
    query: &RelationQuery,
) -> Result<Listed, AppError> {
    let after = query
        .after
        .as_deref()
        .map(|text| {
            read_cursor(text).ok_or_else(|| {
                AppError::invalid(
                    "This is not the end of a page of this list; begin again at its first page.",
                )
            })
        })
        .transpose()?;
    let limit = match query.limit {
        0 => ROWS_DEFAULT,
        limit => limit.min(ROWS_MAX),
    } as usize;
    let mut counts = RelationCounts::default();
    let mut schemas: BTreeSet<&str> = BTreeSet::new();
    let mut fitting: Vec<&Relation> = Vec::new();
    let least = query.least.map_or(0, |percent| u32::from(percent) * 10);
    for relation in all {
        match relation.state {
            RelationState::Proposed => counts.proposed += 1,
            RelationState::Accepted => counts.accepted += 1,
            RelationState::Rejected => counts.rejected += 1,
        }
        schemas.insert(&relation.from.table.schema);
        let fits = query.state.is_none_or(|state| state == relation.state)
            && query
                .schema
                .as_ref()
                .is_none_or(|schema| *schema == relation.from.table.schema)
            && per_mille(relation) >= least;
        if fits {
            fitting.push(relation);
        }
    }
    fitting.sort_unstable_by(|one, other| place(one).cmp(&place(other)));
    let start = after.as_ref().map_or(0, |(sure, key)| {
        fitting.partition_point(|relation| place(relation) <= (*sure, key))
    });
    let rest = fitting.get(start..).unwrap_or_default();
    let shown = rest.get(..limit.min(rest.len())).unwrap_or_default();
    let next = shown
        .last()
        .filter(|_| rest.len() > shown.len())
        .map(|last| format!("{}-{}", per_mille(last), last.key));
    Ok(Listed {
        rows: shown.iter().map(|relation| (*relation).clone()).collect(),
        total: fitting.len() as u64,
        next,
        counts,
        schemas: schemas.into_iter().map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::ColumnId;
    use model::relation::{End, Target};
    use model::schema::QualifiedName;

    fn relation(column: i64, schema: &str, confidence: Option<f32>) -> Relation {
        let end = |name: &str| End::new(QualifiedName::new(schema, name), vec!["id".to_owned()]);
        Relation {
            key: RelationKey::of_pairs(vec![(ColumnId(column), ColumnId(1))]).unwrap(),
            state: RelationState::Proposed,
            from: end("orders"),
            to: Target::Key(end("customers")),
            confidence,
            reason: String::new(),
            one_to_one: false,
            optional: false,
            warning: None,
            decision: None,
        }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let all: Vec<Relation> = (0..23)
            .map(|at| {
                let sure = [Some(0.7), Some(0.95), None][at % 3];
                relation(10 + at as i64, ["a", "b"][at % 2], sure)
            })
            .collect();
        let mut seen = Vec::new();
        let mut query = RelationQuery {
            limit: 5,
            ..RelationQuery::default()
        };
        loop {
            let listed = page(all.iter(), &query).unwrap();
            assert_eq!((listed.total, listed.counts.proposed), (23, 23));
            assert_eq!(listed.schemas, ["a", "b"]);
            seen.extend(
                listed
                    .rows
                    .into_iter()
                    .map(|row| (per_mille(&row), row.key)),
            );
            query.after = listed.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 23);
        assert!(
            seen.windows(2).all(|two| {
                two[0].0 > two[1].0 || (two[0].0 == two[1].0 && two[0].1 < two[1].1)
            })
        );
    }

    #[test]
    fn filters_leave_out_and_counts_do_not() {
        let all = [
            relation(1, "a", Some(0.65)),
            relation(2, "a", Some(0.9)),
            relation(3, "b", None),
        ];
        let total = |query: RelationQuery| page(all.iter(), &query).unwrap().total;
        let least = |percent| RelationQuery {
            least: Some(percent),
            ..RelationQuery::default()
        };
        assert_eq!(total(least(90)), 2);
        assert_eq!(total(least(255)), 0);
        let schema = RelationQuery {
            schema: Some("b".to_owned()),
            ..RelationQuery::default()
        };
        assert_eq!(total(schema), 1);
        let nonsense = RelationQuery {
            after: Some("x".to_owned()),
            ..RelationQuery::default()
        };
        assert!(page(all.iter(), &nonsense).is_err());
    }
}
