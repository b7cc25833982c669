//! Live databases: connecting, reading again, what changed.

use crate::account::Secret;
use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::access::DatabaseAccess;
use model::catalog::{Coverage, DatabaseSummary, SchemaVersion, ScriptDialect};
use model::diff::{Rename, RenameProposal, SchemaDiff};
use model::finding::Finding;
use model::id::DatabaseId;
use model::profile::TableProfile;
use model::provider::Provider;
use model::schema::{QualifiedName, Schema};
use serde::{Deserialize, Serialize};

/// A live database as somebody names it.
#[derive(Debug, Clone)]
pub struct ConnectionRequest {
    /// The name it shall have in the catalog.
    pub name: String,
    /// Which system it is.
    pub provider: Provider,
    /// The server's name or address.
    pub host: String,
    /// Its port; none for the usual one.
    pub port: Option<u16>,
    /// The database's name on the server; for SQLite the file.
    pub database: String,
    /// The login.
    pub username: String,
    /// Its password; empty for none.
    pub password: Secret,
    /// How the connection is guarded, in PostgreSQL's words; empty for `prefer`.
    pub tls_mode: String,
    /// Certificates of the authorities to trust, in PEM; empty for the usual ones.
    pub tls_ca: String,
    /// Whether to make the database on the server when it is not there.
    pub create_if_not_exists: bool,
    /// What to run in a database that was made, in one transaction.
    pub sql_content: Option<String>,
}

/// What a server told of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConnectionFacts {
    /// Its own words for its version.
    pub server_version: String,
    /// The user that the login became; none for files.
    pub user: Option<String>,
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// How many schemas the login may see.
    pub schemas: u64,
}

/// What reading a database again brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RefreshOutcome {
    /// The version that it became.
    pub version: u32,
    /// Whether the structure changed.
    pub has_changed: bool,
    /// What changed, in words; none when nothing did and for a first reading.
    pub summary: Option<String>,
    /// What could not be read, and why.
    pub unreadable: Vec<(String, String)>,
}

/// What changed between two versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SchemaChanges {
    /// The database.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// Every version that is kept, the newest first.
    pub versions: Vec<SchemaVersion>,
    /// The older of the two; 0 when there is but one.
    pub from: u32,
    /// The newer of the two.
    pub to: u32,
    /// What changed; none when there is but one version.
    pub diff: Option<SchemaDiff>,
    /// What the one who asks may do with the database.
    pub access: DatabaseAccess,
    /// What may be the same thing under another name. Only while the newest version is looked at,
    /// for only what is gone now can take a name of now.
    pub proposals: Vec<RenameProposal>,
}

/// How well a database is described, and what of its structure is worth a second look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseFindings {
    /// The database.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// How much of it is described.
    pub coverage: Coverage,
    /// What is worth a second look, by kind, table and column.
    pub findings: Vec<Finding>,
}

/// A structure, written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// A file's name for it.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub text: String,
}

/// Use cases around live databases and their versions.
#[async_trait]
pub trait Sources: Send + Sync {
    /// Connects and asks the server who it is. Nothing is stored.
    ///
    /// # Errors
    /// Invalid with the precise reason, beside its field where it has one.
    async fn connection_test(
        &self,
        ctx: &Ctx,
        request: ConnectionRequest,
    ) -> Result<ConnectionFacts, AppError>;

    /// Reads a live database into the catalog. Its password is kept sealed.
    ///
    /// # Errors
    /// As [`connection_test`](Sources::connection_test); nothing is stored then.
    async fn connection_create(
        &self,
        ctx: &Ctx,
        request: ConnectionRequest,
    ) -> Result<DatabaseSummary, AppError>;

    /// Reads a live database again. What people wrote stays.
    ///
    /// # Errors
    /// Invalid for a database that was imported as a script; unavailable, with the precise
    /// reason, when it cannot be read, and then the catalog keeps what it had.
    async fn database_refresh(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<RefreshOutcome, AppError>;

    /// Reads scripts again that declare a database which came as a script, as its next version.
    /// What people wrote stays. The dialect is told by the scripts' marks, else it is the
    /// database's own.
    ///
    /// # Errors
    /// Invalid for a live database, for scripts that cannot be read (`scripts`) and for those of
    /// another system (`dialect`); then the catalog keeps what it had.
    async fn script_import_again(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        scripts: Vec<String>,
        dialect: Option<ScriptDialect>,
    ) -> Result<RefreshOutcome, AppError>;

    /// What changed between two versions; without numbers between the newest and the one before.
    ///
    /// # Errors
    /// Not found when the database or a version is not there.
    async fn changes_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        from: Option<u32>,
        to: Option<u32>,
    ) -> Result<SchemaChanges, AppError>;

    /// The whole structure of a database as the catalog has it.
    ///
    /// # Errors
    /// Not found when the database is gone or not to be seen.
    async fn structure_fetch(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Schema, AppError>;

    /// The structure of a database, or of some of its tables, in a format: `ddl` for the
    /// database's own dialect, `postgresql`, `mysql`, `sqlite`, `sqlserver`, `oracle`, `dbml`,
    /// `mermaid`, `markdown` or `json`.
    ///
    /// # Errors
    /// Invalid for a format or a table that is not there.
    async fn export(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        format: &str,
        tables: &[QualifiedName],
    ) -> Result<ExportFile, AppError>;

    /// How well a database is described, and what of its structure is worth a second look.
    ///
    /// # Errors
    /// Not found when the database is gone or not to be seen.
    async fn findings_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseFindings, AppError>;

    /// Looks at the values of a live table's columns: a bounded number of rows, in bounded time.
    /// What was found is kept for all who may read.
    ///
    /// # Errors
    /// Invalid for a table without a live database behind it; unavailable, with the precise
    /// reason, when that cannot be read.
    async fn table_profile(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        table: &QualifiedName,
    ) -> Result<TableProfile, AppError>;

    /// Says that two names are one thing: what people wrote about the old moves to the new.
    ///
    /// # Errors
    /// Conflict when the old is not gone or the new is not there.
    async fn rename_confirm(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        rename: Rename,
    ) -> Result<(), AppError>;
}
