//! A database's structure as its source declares it: what an importer or an introspection
//! reads, and what an export writes. It knows nothing of the catalog's ids, people or notes.
//!
//! Names are kept as the database itself would store them (folded where it folds, without
//! quotes); texts of types, defaults and definitions are kept as written.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The structure of one database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// Tables, views and all other relations, in the order of the source.
    pub tables: Vec<Table>,
    /// Enumerated types.
    pub enums: Vec<EnumType>,
    /// Domains: types with a constraint on top.
    pub domains: Vec<Domain>,
    /// Sequences, those behind `serial` and identity columns too.
    pub sequences: Vec<Sequence>,
    /// Triggers on tables.
    pub triggers: Vec<Trigger>,
    /// Functions and procedures, by name only.
    pub routines: Vec<Routine>,
}

/// A schema-qualified name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QualifiedName {
    /// The schema (namespace); never empty.
    pub schema: String,
    /// The name within the schema; never empty.
    pub name: String,
}

impl QualifiedName {
    /// Joins a schema and a name.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            schema: schema.into(),
            name: name.into(),
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// What kind of relation a row of the catalog describes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An ordinary or a partitioned table.
    #[default]
    Table,
    /// A partition of another table; folded under it wherever tables are listed.
    Partition,
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
    /// A foreign table.
    ForeignTable,
}

impl TableKind {
    /// Every kind, in the order in which lists offer them.
    pub const ALL: [Self; 5] = [
        Self::Table,
        Self::View,
        Self::MaterializedView,
        Self::ForeignTable,
        Self::Partition,
    ];

    /// The word kept in the catalog's `table_type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Partition => "partition",
            Self::View => "view",
            Self::MaterializedView => "materialized_view",
            Self::ForeignTable => "foreign_table",
        }
    }

    /// Reads the word that [`TableKind::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The words for people: "materialised view".
    pub fn label(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Partition => "partition",
            Self::View => "view",
            Self::MaterializedView => "materialised view",
            Self::ForeignTable => "foreign table",
        }
    }
}

/// A relation: table, partition, view, materialised view or foreign table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Where it lives and what it is called.
    pub name: QualifiedName,
    /// What kind of relation it is.
    pub kind: TableKind,
    /// The source's own comment.
    pub comment: Option<String>,
    /// Columns in their order.
    pub columns: Vec<Column>,
    /// The primary key.
    pub primary_key: Option<Key>,
    /// Unique constraints (unique indexes stand among `indexes`).
    pub unique_keys: Vec<Key>,
    /// Check constraints of the table and of its columns. `NOT NULL` is not one of them.
    pub checks: Vec<Check>,
    /// Exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Foreign keys that this table declares.
    pub foreign_keys: Vec<ForeignKey>,
    /// All indexes, those behind a primary key, a unique or an exclusion constraint too.
    pub indexes: Vec<Index>,
    /// For a partition, its parent and bounds.
    pub partition_of: Option<PartitionOf>,
    /// For a partitioned table, the text of its key: `RANGE (created_at)`.
    pub partition_key: Option<String>,
    /// Tables it inherits from.
    pub inherits: Vec<QualifiedName>,
    /// For a view, the query that defines it.
    pub definition: Option<String>,
}

impl Table {
    /// An empty relation, to be filled.
    pub fn new(name: QualifiedName, kind: TableKind) -> Self {
        Self {
            name,
            kind,
            comment: None,
            columns: Vec::new(),
            primary_key: None,
            unique_keys: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            partition_of: None,
            partition_key: None,
            inherits: Vec::new(),
            definition: None,
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The type as the database would print it, `character varying(160)`, `text[]`; empty where
    /// it cannot be known (a view's column read from text).
    pub data_type: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The text of its default expression.
    pub default: Option<String>,
    /// The expression of a generated column.
    pub generated: Option<String>,
    /// Identity: `always` or `by default`.
    pub identity: Option<String>,
    /// A collation other than the default one.
    pub collation: Option<String>,
    /// The source's own comment.
    pub comment: Option<String>,
}

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The constraint's name, given or as the database would make it.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The constraint's name, given or as the database would make it.
    pub name: String,
    /// The condition's text, without the word `CHECK` and its outer parentheses.
    pub expression: String,
}

/// An exclusion constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// The constraint's name.
    pub name: String,
    /// Its text: `USING gist (room WITH =, during WITH &&)`.
    pub definition: String,
}

/// What happens to a child row when its parent is deleted or its key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// Refused at the end of the statement.
    #[default]
    NoAction,
    /// Refused at once.
    Restrict,
    /// Done to the child too.
    Cascade,
    /// The child's columns become null.
    SetNull,
    /// The child's columns get their defaults.
    SetDefault,
}

impl ReferentialAction {
    /// The words of SQL.
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }

    /// Reads the words of SQL, in capitals.
    pub fn from_sql(words: &str) -> Option<Self> {
        [
            Self::NoAction,
            Self::Restrict,
            Self::Cascade,
            Self::SetNull,
            Self::SetDefault,
        ]
        .into_iter()
        .find(|action| action.as_sql() == words)
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// The constraint's name, given or as the database would make it.
    pub name: String,
    /// The referencing columns, in order.
    pub columns: Vec<String>,
    /// The referenced table.
    pub target: QualifiedName,
    /// The referenced columns, in the order of `columns`. Never empty when the target is part of
    /// the schema: a key that names no columns means the target's primary key.
    pub target_columns: Vec<String>,
    /// What happens when the parent row is deleted.
    pub on_delete: ReferentialAction,
    /// What happens when the parent's key changes.
    pub on_update: ReferentialAction,
    /// Whether the check may wait for the end of the transaction.
    pub deferrable: bool,
    /// Whether a partition has it from its parent.
    pub inherited: bool,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name, given or as the database would make it.
    pub name: String,
    /// The access method: `btree`, `gin`.
    pub method: String,
    /// Whether it is unique.
    pub unique: bool,
    /// Its key parts in order: a column's name or an expression's text, with what follows it
    /// (`created_at DESC`, `lower(email)`).
    pub parts: Vec<IndexPart>,
    /// Columns carried along (`INCLUDE`).
    pub include: Vec<String>,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// The kind of constraint that it serves, where it does.
    pub constraint: Option<ConstraintKind>,
}

/// One part of an index's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPart {
    /// The column, where the part is one.
    pub column: Option<String>,
    /// The whole text of the part.
    pub text: String,
}

/// The constraint that an index serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// An exclusion constraint.
    Exclusion,
}

impl ConstraintKind {
    /// The word kept in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrimaryKey => "primary_key",
            Self::Unique => "unique",
            Self::Exclusion => "exclusion",
        }
    }
}

/// The parent of a partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// The bounds as written: `FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`, `DEFAULT`.
    pub bounds: String,
}

/// An enumerated type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// Its name.
    pub name: QualifiedName,
    /// Its values in order.
    pub values: Vec<String>,
    /// The source's own comment.
    pub comment: Option<String>,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Its name.
    pub name: QualifiedName,
    /// The type below it.
    pub data_type: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The text of its default expression.
    pub default: Option<String>,
    /// Its check constraints.
    pub checks: Vec<Check>,
    /// The source's own comment.
    pub comment: Option<String>,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name.
    pub name: QualifiedName,
    /// The column that owns it: table and column.
    pub owned_by: Option<(QualifiedName, String)>,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The table that it watches.
    pub table: QualifiedName,
    /// The whole statement.
    pub definition: String,
}

/// A function or a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routine {
    /// Its name.
    pub name: QualifiedName,
    /// The text of its argument list, without the parentheses.
    pub arguments: String,
}

/// How much a schema holds, as people count it: partitions are not tables, views not either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaCounts {
    /// Ordinary and partitioned tables, foreign tables too.
    pub tables: u64,
    /// Partitions.
    pub partitions: u64,
    /// Views and materialised views.
    pub views: u64,
    /// Columns of tables, partitions included, views not.
    pub columns: u64,
    /// Foreign keys, those inherited by partitions not.
    pub foreign_keys: u64,
    /// Indexes, those behind constraints too.
    pub indexes: u64,
    /// Enumerated types.
    pub enums: u64,
}

impl Schema {
    /// Counts what the schema holds.
    pub fn counts(&self) -> SchemaCounts {
        let mut counts = SchemaCounts {
            enums: self.enums.len() as u64,
            ..Default::default()
        };
        for table in &self.tables {
            match table.kind {
                TableKind::Table | TableKind::ForeignTable => counts.tables += 1,
                TableKind::Partition => counts.partitions += 1,
                TableKind::View | TableKind::MaterializedView => counts.views += 1,
            }
            if !matches!(table.kind, TableKind::View | TableKind::MaterializedView) {
                counts.columns += table.columns.len() as u64;
            }
            counts.foreign_keys += table
                .foreign_keys
                .iter()
                .filter(|key| !key.inherited)
                .count() as u64;
            counts.indexes += table.indexes.len() as u64;
        }
        counts
    }
}
