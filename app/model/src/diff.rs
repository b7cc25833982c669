//! What differs between two states of a database's structure.
//!
//! Objects are matched by their qualified names; what looks like a new name for an old object is
//! proposed by [`SchemaDiff::renames`], and is the same object once a person confirmed it
//! ([`SchemaDiff::with_renames`]). Texts that differ in white space only are alike, and so are
//! types of which one is unknown.

mod apply;
mod compare;
mod count;
mod facet;
mod order;
mod rename;
mod table;
mod text;

pub use count::{DiffCounts, Tally};
pub use rename::{RENAME_SCORE_MIN, Rename, RenameProposal};

use crate::schema::{QualifiedName, TableKind};
use serde::{Deserialize, Serialize};

/// What differs between an old and a new schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SchemaDiff {
    /// Tables, views and other relations that differ, by qualified name. Partitions stand under
    /// their table.
    pub tables: Vec<TableDiff>,
    /// Enums, domains, sequences, routines, and triggers on tables that neither schema holds; by
    /// kind, then by name.
    pub objects: Vec<ObjectDiff>,
}

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the new schema has it.
    Added,
    /// Only the old schema has it.
    Removed,
    /// Both have it, and its structure differs.
    Altered,
    /// Both have it with the same structure; a comment differs.
    Commented,
}

impl Change {
    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Altered => "altered",
            Self::Commented => "commented",
        }
    }
}

/// A relation that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TableDiff {
    /// Its name; the new one where it was renamed.
    pub name: QualifiedName,
    /// The old name, where a rename was confirmed.
    pub renamed_from: Option<QualifiedName>,
    /// What kind of relation it is now, or was.
    pub kind: TableKind,
    /// What kind it was, where that differs.
    pub old_kind: Option<TableKind>,
    /// How it differs. A table of which only partitions differ is altered too.
    pub change: Change,
    /// What differs of the relation itself: comment, definition, partition key.
    pub alterations: Vec<Alteration>,
    /// Columns that differ: the new schema's in their order, then those removed. All of them for
    /// a relation that was added or removed.
    pub columns: Vec<ColumnDiff>,
    /// Keys, constraints, indexes and triggers that differ, by kind, then by name. Empty for a
    /// relation that was added or removed.
    pub parts: Vec<PartDiff>,
    /// Partitions that differ, by name. What a partition only follows its table in is left out.
    #[cfg_attr(feature = "schema", schema(no_recursion))]
    pub partitions: Vec<TableDiff>,
}

impl TableDiff {
    /// Whether the structure of the relation itself differs, beyond its name and whatever its
    /// partitions do.
    pub fn is_altered_itself(&self) -> bool {
        self.change == Change::Altered
            && (!self.parts.is_empty()
                || self.columns.iter().any(|it| it.change != Change::Commented)
                || self.alterations.iter().any(Alteration::is_structural))
    }
}

/// A column that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ColumnDiff {
    /// Its name; the new one where it was renamed.
    pub name: String,
    /// The old name, where a rename was confirmed.
    pub renamed_from: Option<String>,
    /// How it differs.
    pub change: Change,
    /// Its place in its table, from 0; in the old table where it was removed.
    pub place: u32,
    /// How many columns that stay stand before it.
    pub stays_before: u32,
    /// What differs. A column that was added has all of its properties as `after`, one that was
    /// removed as `before`.
    pub alterations: Vec<Alteration>,
}

impl ColumnDiff {
    /// The text that an aspect had before or has now, whichever there is; the later one first.
    fn text(&self, aspect: Aspect) -> Option<&str> {
        let alteration = self.alterations.iter().find(|it| it.aspect == aspect)?;
        alteration.after.as_deref().or(alteration.before.as_deref())
    }
}

/// One property that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Alteration {
    /// Which property.
    pub aspect: Aspect,
    /// Its text in the old schema; none where there was none.
    pub before: Option<String>,
    /// Its text in the new schema; none where there is none.
    pub after: Option<String>,
}

impl Alteration {
    /// Whether it is more than a comment.
    pub fn is_structural(&self) -> bool {
        self.aspect != Aspect::Comment
    }
}

/// A property of a relation, a column or another object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The kind of relation.
    Kind,
    /// A view's query, or a trigger's statement.
    Definition,
    /// The key of a partitioned table.
    PartitionKey,
    /// A partition's parent and bounds.
    PartitionOf,
    /// The tables that it inherits from.
    Inherits,
    /// A data type.
    DataType,
    /// Whether null is allowed.
    Nullability,
    /// The default's expression.
    Default,
    /// A generated column's expression.
    Generated,
    /// `always` or `by default`.
    Identity,
    /// A collation.
    Collation,
    /// A column's place among the columns that stay.
    Position,
    /// An enum's values.
    Values,
    /// A domain's checks.
    Checks,
    /// The column that owns a sequence.
    Owner,
    /// The source's comment.
    Comment,
}

impl Aspect {
    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Definition => "definition",
            Self::PartitionKey => "partition key",
            Self::PartitionOf => "partition of",
            Self::Inherits => "inherits",
            Self::DataType => "type",
            Self::Nullability => "nullability",
            Self::Default => "default",
            Self::Generated => "generated",
            Self::Identity => "identity",
            Self::Collation => "collation",
            Self::Position => "position",
            Self::Values => "values",
            Self::Checks => "checks",
            Self::Owner => "owner",
            Self::Comment => "comment",
        }
    }
}

/// A key, constraint, index or trigger that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PartDiff {
    /// What it is.
    pub kind: PartKind,
    /// Its name; the new one where only the name differs.
    pub name: String,
    /// The old name, where both have it and the name differs.
    pub renamed_from: Option<String>,
    /// How it differs.
    pub change: Change,
    /// Its text in the old schema.
    pub before: Option<String>,
    /// Its text in the new schema.
    pub after: Option<String>,
}

/// What stands on a table besides its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    UniqueKey,
    /// A foreign key.
    ForeignKey,
    /// An index that serves no constraint.
    Index,
    /// A check constraint.
    Check,
    /// An exclusion constraint.
    Exclusion,
    /// A trigger.
    Trigger,
}

impl PartKind {
    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::PrimaryKey => "primary key",
            Self::UniqueKey => "unique constraint",
            Self::ForeignKey => "foreign key",
            Self::Index => "index",
            Self::Check => "check",
            Self::Exclusion => "exclusion constraint",
            Self::Trigger => "trigger",
        }
    }
}

/// An object beside the tables that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ObjectDiff {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name; for a trigger its table's schema and its own name.
    pub name: QualifiedName,
    /// A routine's arguments or a trigger's table; empty for all others.
    pub detail: String,
    /// How it differs.
    pub change: Change,
    /// What differs. An object that was added has its properties as `after`, one that was
    /// removed as `before`.
    pub alterations: Vec<Alteration>,
}

/// What stands in a schema beside the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// An enumerated type.
    Enum,
    /// A domain.
    Domain,
    /// A sequence that did not come or go with the column that owns it.
    Sequence,
    /// A function or a procedure; one with other arguments is another one.
    Routine,
    /// A trigger on a table that neither schema holds.
    Trigger,
}

impl ObjectKind {
    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Routine => "routine",
            Self::Trigger => "trigger",
        }
    }
}

impl SchemaDiff {
    /// Whether the two schemas are alike, comments included.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.objects.is_empty()
    }

    /// Whether anything but comments differs.
    pub fn is_structural(&self) -> bool {
        self.tables.iter().any(|it| it.change != Change::Commented)
            || self.objects.iter().any(|it| it.change != Change::Commented)
    }
}
