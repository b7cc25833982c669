//! What people say to relations that are not declared: accepted, rejected, or added by hand. A
//! verdict is kept by the ids of its columns, so that it outlives every new reading and every
//! confirmed new name.

use super::{End, Target};
use crate::access::DatabaseAccess;
use crate::id::{ColumnId, DatabaseId};
use crate::schema::QualifiedName;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest note on a verdict, in characters.
pub const NOTE_MAX_CHARS: usize = 1_000;
/// So many columns a relation has at the most.
pub const RELATION_COLUMNS_MAX: usize = 16;
/// So many verdicts are given at once at the most.
pub const VERDICTS_MAX: usize = 200;

/// Names a relation by its columns: `11.12-3.4` for two columns that refer to two, `11~12` for a
/// column that names the row and one that names the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelationKey {
    /// The columns that refer, in the order of their ids; never empty.
    from: Vec<ColumnId>,
    /// The key that they refer to, in the same order; empty for a pair.
    to: Vec<ColumnId>,
    /// For a pair, the column that names the table.
    type_column: Option<ColumnId>,
}

impl RelationKey {
    /// Columns that refer, each with the one that it refers to. None without columns, with too
    /// many, and where a column stands twice.
    pub fn of_pairs(mut pairs: Vec<(ColumnId, ColumnId)>) -> Option<Self> {
        if pairs.is_empty() || pairs.len() > RELATION_COLUMNS_MAX {
            return None;
        }
        // The order in which columns are compared means nothing; one relation has one key.
        pairs.sort_unstable();
        let (from, to): (Vec<ColumnId>, Vec<ColumnId>) = pairs.into_iter().unzip();
        let twice = |ids: &[ColumnId]| {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            ids.windows(2)
                .any(|pair| matches!(pair, [one, other] if one == other))
        };
        if twice(&from) || twice(&to) {
            return None;
        }
        Some(Self {
            from,
            to,
            type_column: None,
        })
    }

    /// A column that names the row, and one that names its table.
    pub fn of_pair(row: ColumnId, type_column: ColumnId) -> Self {
        Self {
            from: vec![row],
            to: Vec::new(),
            type_column: Some(type_column),
        }
    }

    /// The columns that refer.
    pub fn from(&self) -> &[ColumnId] {
        &self.from
    }

    /// The key that they refer to; empty for a pair.
    pub fn to(&self) -> &[ColumnId] {
        &self.to
    }

    /// For a pair, the column that names the table.
    pub fn type_column(&self) -> Option<ColumnId> {
        self.type_column
    }
}

impl fmt::Display for RelationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |ids: &[ColumnId]| {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            ids.join(".")
        };
        f.write_str(&list(&self.from))?;
        match self.type_column {
            Some(column) => write!(f, "~{column}"),
            None => write!(f, "-{}", list(&self.to)),
        }
    }
}

/// The text names no relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationKeyError;

impl fmt::Display for RelationKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the key of a relation")
    }
}

impl std::error::Error for RelationKeyError {}

impl FromStr for RelationKey {
    type Err = RelationKeyError;

    fn from_str(text: &str) -> Result<Self, RelationKeyError> {
        let id = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let id = text.parse::<ColumnId>().ok().filter(|_| digits);
            id.ok_or(RelationKeyError)
        };
        if let Some((row, kind)) = text.split_once('~') {
            return Ok(Self::of_pair(id(row)?, id(kind)?));
        }
        let (from, to) = text.split_once('-').ok_or(RelationKeyError)?;
        let list = |text: &str| text.split('.').map(id).collect::<Result<Vec<_>, _>>();
        let (from, to) = (list(from)?, list(to)?);
        if from.len() != to.len() {
            return Err(RelationKeyError);
        }
        Self::of_pairs(from.into_iter().zip(to).collect()).ok_or(RelationKeyError)
    }
}

impl TryFrom<String> for RelationKey {
    type Error = RelationKeyError;

    fn try_from(text: String) -> Result<Self, RelationKeyError> {
        text.parse()
    }
}

impl From<RelationKey> for String {
    fn from(key: RelationKey) -> Self {
        key.to_string()
    }
}

/// Where a relation stands that is not declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RelationState {
    /// Nobody has said anything to it.
    Proposed,
    /// Somebody said that it holds.
    Accepted,
    /// Somebody said that it does not.
    Rejected,
}

impl RelationState {
    /// Every state, as lists offer them.
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Accepted, Self::Rejected];

    /// The word used in addresses and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    /// Reads the word that [`RelationState::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Who said what, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The verdict's own number, by which it is withdrawn.
    pub id: i64,
    /// Who, by the name to show; none where that is not known any more.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Whether somebody added the relation, which was not proposed.
    pub by_hand: bool,
    /// What they said to it.
    pub note: Option<String>,
    /// The key that the source has come to declare for the same columns.
    pub declared: Option<DeclaredSince>,
    /// Whether a table or a column of it is gone from the source.
    pub gone: bool,
}

/// A key that the source declares for columns of which people had said something before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredSince {
    /// The constraint's name; may be empty.
    pub name: String,
    /// Whether it leads where the verdict says.
    pub same: bool,
}

/// A relation that the source does not declare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// What names it.
    pub key: RelationKey,
    /// Where it stands.
    pub state: RelationState,
    /// The columns that refer.
    pub from: End,
    /// What they refer to.
    pub to: Target,
    /// How sure it was or is, from 0 to 1; none where it was added by hand.
    pub confidence: Option<f32>,
    /// Why it is or was proposed, in one sentence; empty where it was added by hand.
    pub reason: String,
    /// Whether at most one row refers to each.
    pub one_to_one: bool,
    /// Whether the columns may be null.
    pub optional: bool,
    /// What is odd about its types, in a sentence.
    pub warning: Option<String>,
    /// What somebody said to it; none while it is proposed.
    pub decision: Option<Decision>,
}

impl Relation {
    /// The tables that it may lead to.
    pub fn targets(&self) -> &[End] {
        match &self.to {
            Target::Key(end) => std::slice::from_ref(end),
            Target::Polymorphic { among, .. } => among,
        }
    }

    /// Whether it begins or may end at a table.
    pub fn touches(&self, table: &QualifiedName) -> bool {
        self.from.table == *table || self.targets().iter().any(|end| end.table == *table)
    }

    /// Whether a picture may show it: its columns are there, and no declared key says the same.
    pub fn is_drawable(&self) -> bool {
        self.state != RelationState::Rejected
            && self.decision.as_ref().is_none_or(|decision| {
                !decision.gone && !decision.declared.as_ref().is_some_and(|it| it.same)
            })
    }

    /// Who accepted it, for those that somebody did: `Ada`, or `somebody` who is not known.
    pub fn accepted_by(&self) -> Option<&str> {
        let decision = self.decision.as_ref()?;
        (self.state == RelationState::Accepted)
            .then(|| decision.by.as_deref().unwrap_or("somebody"))
    }

    /// It in one sentence: `orders.customer_id references customers.id`.
    pub fn sentence(&self) -> String {
        let end = |end: &End| format!("{}.{}", end.table.name, end.columns.join(", "));
        let from = end(&self.from);
        match &self.to {
            Target::Key(to) => format!("{from} references {}", end(to)),
            Target::Polymorphic { type_column, among } if among.is_empty() => {
                format!("{from} references a row of the table that {type_column} names")
            }
            Target::Polymorphic { type_column, among } => {
                let among: Vec<&str> = among.iter().map(|it| it.table.name.as_str()).collect();
                format!(
                    "{from} references a row of {}, as {type_column} says",
                    among.join(" or ")
                )
            }
        }
    }
}

/// Which relations a list shall hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationQuery {
    /// Only those of this state.
    pub state: Option<RelationState>,
    /// Only those that begin in this schema.
    pub schema: Option<String>,
    /// Only those of at least so many per cent of confidence; those added by hand always.
    pub least: Option<u8>,
    /// Where the page before ended: its `next`.
    pub after: Option<String>,
    /// How many at the most; the service bounds it.
    pub limit: u32,
    /// The tables between which somebody wants to add one, as they wrote them.
    pub adding: Option<(String, String)>,
}

/// How many relations there are of each state, whatever else a list leaves out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationCounts {
    /// Those that wait for a verdict.
    pub proposed: u64,
    /// Those that somebody accepted or added.
    pub accepted: u64,
    /// Those that somebody rejected.
    pub rejected: u64,
}

/// A page of a database's relations that are not declared, the surest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationPage {
    /// The database.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// What the one who asks may do with it.
    pub access: DatabaseAccess,
    /// The relations.
    pub rows: Vec<Relation>,
    /// How many there are that fit.
    pub total: u64,
    /// What to give as `after` for those that follow; none at the end.
    pub next: Option<String>,
    /// How many there are of each state.
    pub counts: RelationCounts,
    /// The schemas in which relations begin.
    pub schemas: Vec<String>,
    /// The tables between which somebody wants to add one.
    pub adding: Option<Adding>,
}

/// Two tables between which a relation is to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adding {
    /// The one that refers.
    pub from: TableChoice,
    /// The one that is referred to.
    pub to: TableChoice,
}

/// A table as somebody named it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChoice {
    /// What they wrote.
    pub text: String,
    /// Which it is, and its columns with their types.
    pub found: Result<(QualifiedName, Vec<(String, String)>), String>,
}

/// A verdict that somebody gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// On what.
    pub key: RelationKey,
    /// Whether it holds.
    pub accepted: bool,
    /// What they say to it.
    pub note: Option<String>,
}

/// What became of verdicts that were given together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// How many were stored.
    pub stored: u32,
    /// Why the others were not, in sentences: somebody was faster, the source declares it now.
    pub refused: Vec<String>,
}

/// A relation that somebody adds by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelation {
    /// The table that refers, as they wrote it: `orders` or `sales.orders`.
    pub from_table: String,
    /// Its columns that do.
    pub from_columns: Vec<String>,
    /// The table that is referred to.
    pub to_table: String,
    /// Its columns that are, in the same order.
    pub to_columns: Vec<String>,
    /// What they say to it.
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[i64]) -> Vec<ColumnId> {
        ids.iter().copied().map(ColumnId).collect()
    }

    #[test]
    fn a_key_is_the_same_whatever_the_order_of_its_columns() {
        let key = |pairs: &[(i64, i64)]| {
            RelationKey::of_pairs(
                pairs
                    .iter()
                    .map(|(from, to)| (ColumnId(*from), ColumnId(*to)))
                    .collect(),
            )
        };
        let one = key(&[(11, 4), (12, 3)]).unwrap();
        assert_eq!(Some(&one), key(&[(12, 3), (11, 4)]).as_ref());
        assert_eq!((one.from(), one.to()), (&*ids(&[11, 12]), &*ids(&[4, 3])));
        assert_eq!(one.to_string(), "11.12-4.3");
        assert_eq!("12.11-3.4".parse(), Ok(one));
        assert_eq!(key(&[]), None);
        assert_eq!(key(&[(1, 2), (1, 3)]), None);
        assert_eq!(key(&[(1, 2), (3, 2)]), None);
        let pair = RelationKey::of_pair(ColumnId(5), ColumnId(6));
        assert_eq!(pair.to_string(), "5~6");
        assert_eq!("5~6".parse(), Ok(pair));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "", "1", "-", "1-", "-1", "1.2-3", "a-b", "1~", "+1-2", "1-2-3", "1~2~3",
        ] {
            assert!(text.parse::<RelationKey>().is_err(), "{text:?}");
        }
        let many = (1..=17)
            .map(|id| id.to_string())
            .collect::<Vec<_>>()
            .join(".");
        assert!(format!("{many}-{many}").parse::<RelationKey>().is_err());
    }
}
