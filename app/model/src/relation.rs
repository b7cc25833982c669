//! Relations that a schema does not declare, proposed from what it does say: names, types, keys,
//! comments, and the joins that people make.
//!
//! A proposal goes from columns of one table to a key of another, with its confidence and its
//! reason in words. Nothing here is certain; a person accepts or rejects. What is declared is
//! never proposed.
//!
//! Each column is looked at by itself, against indexes of names, so that the time taken grows
//! with the number of columns alone.

mod candidate;
mod composite;
mod data_type;
mod index;
mod lexicon;
pub mod measure;
mod naming;
mod polymorphic;
mod reason;
mod role;
mod rule;
mod search;
mod told;
pub mod verdict;
mod word;

use crate::schema::{QualifiedName, Schema};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The confidence from which a relation is proposed, where nobody says otherwise.
pub const CONFIDENCE_MIN: f32 = 0.6;

/// One end of a relation: columns of a table, in the order in which they are compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct End {
    /// The table.
    pub table: QualifiedName,
    /// Its columns; never empty.
    pub columns: Vec<String>,
}

impl End {
    /// An end.
    pub fn new(table: QualifiedName, columns: Vec<String>) -> Self {
        Self { table, columns }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.table, self.columns.join(", "))
    }
}

/// What a relation leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A key of one table.
    Key(End),
    /// A key of the table that another column of the row names.
    Polymorphic {
        /// The column that names it.
        type_column: String,
        /// The keys that are known to be meant; empty where no values are known.
        among: Vec<End>,
    },
}

/// Which relation a proposal is about, the same in each run and over changes of everything else:
/// what verdicts are kept by. Two proposals of one run are never the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RelationId {
    /// The columns that refer.
    pub from: End,
    /// The key they refer to; none for a polymorphic pair, which `from` tells alone.
    pub to: Option<End>,
}

/// A relation that the schema does not declare but seems to mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The columns that refer.
    pub from: End,
    /// What they refer to.
    pub to: Target,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
    /// What spoke for it most.
    pub evidence: Evidence,
    /// Why, in one sentence.
    pub reason: String,
    /// Whether at most one row refers to each: the columns are a key of their own table.
    pub one_to_one: bool,
    /// Whether the columns may be null.
    pub optional: bool,
}

impl Proposal {
    /// What verdicts about it are kept by.
    pub fn id(&self) -> RelationId {
        RelationId {
            from: self.from.clone(),
            to: match &self.to {
                Target::Key(end) => Some(end.clone()),
                Target::Polymorphic { .. } => None,
            },
        }
    }
}

/// What speaks for a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The column is named after the table: `customer_id`, `id_customer`, `customer`.
    TableName,
    /// The table's name ends like the column's: `candidate_id` and `job_candidate`.
    TableNameEnd,
    /// The column's name begins with a role and ends in the table: `billing_address_id`.
    Role,
    /// The names of both tables' together name the target: `type` of `area` and `area_type`.
    OwnerName,
    /// The column is called as the key of one table is: `emp_number`.
    KeyName,
    /// The column begins the table's name: `lang_id` and `language`.
    Abbreviation,
    /// The column leads to another row of its own table: `parent_id`.
    SelfReference,
    /// The column says that somebody did something: `created_by`.
    Person,
    /// The table is named after the two that it joins.
    LinkTable,
    /// The table adds to the rows of the one after which it is named, and shares its key.
    Extension,
    /// The same column name refers to that table elsewhere in the schema.
    Habit,
    /// All columns of a key of several columns are there.
    CompositeKey,
    /// A pair of columns, of which one names the table and the other the row.
    PolymorphicPair,
    /// A comment says so.
    Comment,
    /// Queries join the two.
    Join,
}

/// What is known besides the schema.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Hints {
    /// Pairs of columns that queries compare.
    pub joins: Vec<ObservedJoin>,
    /// What people wrote about columns; what the source says stands in the schema.
    pub notes: Vec<ColumnNote>,
    /// Relations that somebody confirmed: never proposed, and part of the schema's habits.
    pub accepted: Vec<(End, End)>,
}

/// Two columns that queries compare for equality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedJoin {
    /// The one side, in whichever order.
    pub left: End,
    /// The other side, with as many columns.
    pub right: End,
    /// How many queries, or calls of queries, did so.
    pub count: u64,
}

/// What people wrote about a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnNote {
    /// The table.
    pub table: QualifiedName,
    /// Its column.
    pub column: String,
    /// The text.
    pub text: String,
}

/// How to propose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// The least confidence that is proposed.
    pub confidence_min: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            confidence_min: CONFIDENCE_MIN,
        }
    }
}

/// The relations that a schema seems to mean without declaring them, in the order of its tables
/// and columns. A column is in at most one proposal to a key of one column.
pub fn propose(schema: &Schema, hints: &Hints, options: Options) -> Vec<Proposal> {
    search::Search::new(schema, hints).proposals(options)
}

/// Whether columns of two types compare, as the two ends of a relation do. Texts that are alike
/// always do.
pub fn types_go_together(one: &str, other: &str) -> bool {
    data_type::go_together(one, other)
}
