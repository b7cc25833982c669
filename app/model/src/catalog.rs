//! What the catalog's pages show. Each type is the answer to one question of a page.

use crate::access::DatabaseAccess;
use crate::id::{ColumnId, DatabaseId, TableId};
use crate::import::ImportReport;
use crate::metadata::{ColumnMetadata, DatabaseMetadata, TableMetadata};
use crate::profile::TableProfile;
use crate::provider::Provider;
use crate::relation::verdict::Relation;
use crate::schema::{ReferentialAction, SchemaCounts, TableKind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A database as the list of databases shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatabaseSummary {
    /// Its id.
    pub id: DatabaseId,
    /// The name that people gave it.
    pub name: String,
    /// `postgresql`, later `mysql`, `sqlite`, …
    pub provider: String,
    /// Where its structure comes from.
    pub origin: DatabaseOrigin,
    /// How much it holds.
    pub counts: SchemaCounts,
    /// Names of its schemas, in alphabetical order.
    pub schemas: Vec<String>,
    /// When it was first put in the catalog.
    pub created_at: Timestamp,
    /// When its structure was last read from the source.
    pub refreshed_at: Timestamp,
}

/// Where a database's structure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DatabaseOrigin {
    /// A script of DDL that somebody pasted, uploaded or imported.
    Script,
    /// The sample that comes with the product.
    Sample,
    /// A live database that somebody connected.
    Connection,
}

impl DatabaseOrigin {
    /// The word kept in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Sample => "sample",
            Self::Connection => "connection",
        }
    }

    /// Reads the word that [`DatabaseOrigin::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Script, Self::Sample, Self::Connection]
            .into_iter()
            .find(|origin| origin.as_str() == word)
    }
}

/// A database's own page, without its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatabaseDetail {
    /// What the list shows too.
    pub summary: DatabaseSummary,
    /// Tables, views and other relations by schema, partitions not counted.
    pub schemas: Vec<SchemaSummary>,
    /// The account of the import that brought the structure.
    pub report: Option<ImportReport>,
    /// Enumerated types with their values.
    pub enums: Vec<EnumDetail>,
    /// The live database behind it, where there is one.
    pub source: Option<SourceDetail>,
    /// How many versions of its structure are kept.
    pub versions: u32,
    /// The name of whoever owns it.
    pub owner: Option<String>,
    /// What the one who asks may do with it.
    pub access: DatabaseAccess,
    /// What people say of it.
    pub metadata: DatabaseMetadata,
}

/// The live database behind one of the catalog, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDetail {
    /// The server's name or address; none for a file.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// The database's name on the server, or the file.
    pub database: Option<String>,
    /// The login.
    pub username: Option<String>,
    /// How the connection is guarded, in PostgreSQL's words.
    pub tls_mode: String,
    /// The server's own words for its version.
    pub server_version: Option<String>,
    /// Why the last try to read it failed; none after one that succeeded.
    pub last_error: Option<String>,
    /// What the last reading could not read, and why.
    pub unreadable: Vec<(String, String)>,
}

/// How much of a database is described, by people or by the source itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Tables and views, partitions not counted.
    pub tables: u64,
    /// Those of them that are described.
    pub tables_described: u64,
    /// Their columns.
    pub columns: u64,
    /// Those of them that are described.
    pub columns_described: u64,
}

/// One reading of a database's structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SchemaVersion {
    /// Counted from 1.
    pub number: u32,
    /// What changed since the version before, in words; none for the first, and where nothing did.
    pub summary: Option<String>,
    /// Whether the structure differs from the version before.
    pub has_changed: bool,
    /// Who asked for the reading.
    pub created_by: Option<String>,
    /// When it was read.
    pub created_at: Timestamp,
}

/// One schema of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaSummary {
    /// Its name.
    pub name: String,
    /// How many relations it holds, partitions not counted.
    pub tables: u64,
}

/// An enumerated type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumDetail {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its values in order.
    pub values: Vec<String>,
}

/// How a list of tables is ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableSort {
    /// By schema and name.
    #[default]
    Name,
    /// Most rows first; those without a count last.
    Rows,
    /// Most columns first.
    Columns,
    /// Most references, in and out, first.
    References,
}

impl TableSort {
    /// Every order, as lists offer them.
    pub const ALL: [Self; 4] = [Self::Name, Self::Rows, Self::Columns, Self::References];

    /// The word used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::References => "references",
        }
    }

    /// Reads the word that [`TableSort::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// What a list of tables shall hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableQuery {
    /// Words to be found in name or comment; empty for all.
    pub text: String,
    /// Only this schema.
    pub schema: Option<String>,
    /// Only this kind. Without one, partitions are left out.
    pub kind: Option<TableKind>,
    /// The order.
    pub sort: TableSort,
    /// Where the page before ended: its `next`.
    pub after: Option<String>,
    /// How many rows at the most; the service bounds it.
    pub limit: u32,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many rows there are in all.
    pub total: u64,
    /// What to give as `after` for the rows that follow; none at the end.
    pub next: Option<String>,
}

/// A table as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Its id.
    pub id: TableId,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What kind of relation it is.
    pub kind: TableKind,
    /// The source's comment.
    pub comment: Option<String>,
    /// How many columns it has.
    pub columns: u32,
    /// How many foreign keys it declares.
    pub references_out: u32,
    /// How many foreign keys point to it.
    pub references_in: u32,
    /// How many partitions are folded under it.
    pub partitions: u32,
    /// Rows, where they are known.
    pub row_count: Option<i64>,
    /// Size on disk in bytes without indexes, where it is known.
    pub size_bytes: Option<i64>,
}

/// A table's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableDetail {
    /// The database that it belongs to.
    pub database_id: DatabaseId,
    /// That database's name.
    pub database_name: String,
    /// What the one who asks may do with that database.
    pub access: DatabaseAccess,
    /// What lists show too.
    pub summary: TableSummary,
    /// What people say of it.
    pub metadata: TableMetadata,
    /// When its structure was last read from the source.
    pub refreshed_at: Timestamp,
    /// Size of its indexes in bytes, where it is known.
    pub index_bytes: Option<i64>,
    /// Columns in order.
    pub columns: Vec<ColumnDetail>,
    /// Foreign keys of this table.
    pub references_out: Vec<Reference>,
    /// Foreign keys of other tables that point here, the table's own too. The first
    /// [`REFERENCES_IN_MAX`], by name.
    pub references_in: Vec<Reference>,
    /// Relations out and in that no source declares: those that somebody accepted, and those that
    /// are proposed. The first [`RELATIONS_MAX`].
    pub relations: Vec<Relation>,
    /// Whether the proposals are still being worked out.
    pub relations_pending: bool,
    /// Indexes, those behind constraints too.
    pub indexes: Vec<IndexDetail>,
    /// Unique, check and exclusion constraints.
    pub constraints: Vec<ConstraintDetail>,
    /// Partitions folded under it, the first [`PARTITIONS_MAX`].
    pub partitions: Vec<PartitionDetail>,
    /// The text of its partition key.
    pub partition_key: Option<String>,
    /// For a partition: schema and name of its parent.
    pub partition_of: Option<(String, String)>,
    /// For a view, the query that defines it.
    pub definition: Option<String>,
    /// Triggers by name, with their definition.
    pub triggers: Vec<(String, String)>,
    /// How it is used, where there is a query history.
    pub usage: Option<TableUsage>,
    /// Whether there is a live database behind it, whose rows can be looked at.
    pub live: bool,
    /// What the last look at its rows found.
    pub profile: Option<TableProfile>,
}

/// How many references to a table its page lists at the most.
pub const REFERENCES_IN_MAX: usize = 500;
/// How many relations that are not declared a table's page lists at the most.
pub const RELATIONS_MAX: usize = 200;
/// How many partitions a table's page lists at the most.
pub const PARTITIONS_MAX: usize = 200;

/// A column as its table's page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnDetail {
    /// Its id.
    pub id: ColumnId,
    /// Its name.
    pub name: String,
    /// Its type's exact text.
    pub data_type: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether a unique constraint or index is on it alone.
    pub unique: bool,
    /// Whether an index starts with it.
    pub indexed: bool,
    /// The text of its default expression.
    pub default: Option<String>,
    /// The expression of a generated column.
    pub generated: Option<String>,
    /// `always` or `by default` for an identity column.
    pub identity: Option<String>,
    /// The source's comment.
    pub comment: Option<String>,
    /// What people say of it.
    pub metadata: ColumnMetadata,
    /// What the planner knows of its values.
    pub statistics: Option<ColumnStatistics>,
}

/// What is known of a column's values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnStatistics {
    /// The share of nulls, 0 to 1.
    #[serde(default)]
    pub null_fraction: Option<f64>,
    /// How many distinct values, estimated.
    #[serde(default)]
    pub distinct_count: Option<i64>,
    /// The smallest value known, as text.
    #[serde(default)]
    pub min: Option<String>,
    /// The largest value known, as text.
    #[serde(default)]
    pub max: Option<String>,
    /// The most common values with their share, 0 to 1, most common first.
    #[serde(default)]
    pub most_common: Vec<(String, f64)>,
    /// Values that part the rest into groups of equal size, ascending; at most eleven.
    #[serde(default)]
    pub histogram: Vec<String>,
    /// How far the order of values agrees with the order on disk, −1 to 1.
    #[serde(default)]
    pub correlation: Option<f64>,
}

/// A foreign key seen from one of its ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The constraint's name.
    pub name: String,
    /// The other end's schema.
    pub schema: String,
    /// The other end's table.
    pub table: String,
    /// Whether the other end is in the catalog, so that a link leads to it.
    pub known: bool,
    /// The columns at this end, in order.
    pub columns: Vec<String>,
    /// The columns at the other end, in the same order.
    pub other_columns: Vec<String>,
    /// What happens when the parent row is deleted.
    pub on_delete: ReferentialAction,
    /// What happens when the parent's key changes.
    pub on_update: ReferentialAction,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexDetail {
    /// Its name.
    pub name: String,
    /// The access method.
    pub method: String,
    /// Whether it is unique.
    pub unique: bool,
    /// The texts of its parts.
    pub parts: Vec<String>,
    /// Columns carried along.
    pub include: Vec<String>,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// `primary_key`, `unique` or `exclusion` where it serves a constraint.
    pub constraint: Option<String>,
}

/// A unique, check or exclusion constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstraintDetail {
    /// Its name.
    pub name: String,
    /// `unique`, `check` or `exclusion`.
    pub kind: String,
    /// Its text.
    pub definition: String,
}

/// A partition under its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionDetail {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its bounds as written.
    pub bounds: String,
}

/// How a table is used, from the query history of the last [`USAGE_DAYS`] days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableUsage {
    /// Successful statements that touched it, by day, the oldest first; `USAGE_DAYS` numbers.
    pub per_day: Vec<u32>,
    /// How many different people ran one.
    pub people: u32,
    /// Statements run most often.
    pub frequent: Vec<FrequentQuery>,
}

/// The window of a table's usage, in days.
pub const USAGE_DAYS: usize = 30;

/// A statement that is run often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrequentQuery {
    /// Its text, the newest run's.
    pub text: String,
    /// Who runs it most.
    pub mostly_by: Option<String>,
    /// How often it ran in the window.
    pub runs: u32,
    /// The 95th percentile of its execution time in milliseconds.
    pub p95_ms: i64,
    /// When it ran last.
    pub last_at: Timestamp,
}

/// One thing found by the palette.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Its name: `orders`, `orders.customer_id`.
    pub label: String,
    /// Where it is: `warehouse / sales`.
    pub context: String,
    /// A line more: type or comment.
    pub detail: Option<String>,
    /// The address of its page.
    pub address: String,
}

/// What a search can find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A database.
    Database,
    /// A table, view or other relation.
    Table,
    /// A column.
    Column,
    /// A page of the product.
    Page,
}

/// What an import is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// The new database's name.
    pub name: String,
    /// The scripts, read in this order into one schema.
    pub scripts: Vec<String>,
    /// What they are written in; none to have it told by their marks.
    pub dialect: Option<ScriptDialect>,
}

/// What a script is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScriptDialect {
    /// The DDL of a database system.
    Ddl(Provider),
    /// DBML.
    Dbml,
}

impl ScriptDialect {
    /// The word used in forms and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ddl(provider) => provider.as_str(),
            Self::Dbml => "dbml",
        }
    }

    /// Reads the word that [`ScriptDialect::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "dbml" => Some(Self::Dbml),
            word => Provider::from_word(word).map(Self::Ddl),
        }
    }
}

/// What an import answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// The new database.
    pub id: DatabaseId,
    /// Its name, as stored.
    pub name: String,
    /// How much came in.
    pub counts: SchemaCounts,
    /// What was read, passed over and not understood.
    pub report: ImportReport,
}

/// The longest name of a database, in characters.
pub const DATABASE_NAME_MAX_CHARS: usize = 120;
/// The largest script that is accepted, in bytes.
pub const SCRIPT_MAX_BYTES: usize = 64 * 1024 * 1024;
