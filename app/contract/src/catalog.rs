//! Reading the catalog and bringing databases into it.

use crate::context::Ctx;
use crate::error::AppError;
use crate::picture::{PictureFile, PictureRequest};
use crate::source::ExportFile;
use async_trait::async_trait;
use diagram::graph::{ColumnRow, Graph, NodeKind};
use diagram::layout::Layout;
use diagram::overlay::Overlay;
use model::access::DatabaseAccess;
use model::catalog::{
    DatabaseDetail, DatabaseSummary, ImportOutcome, ImportRequest, Page, SearchHit, TableDetail,
    TableQuery, TableSummary,
};
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, TableId};
use model::relation::verdict::Relation;
use model::saved_view::{OpenView, ViewSummary};
use model::schema::QualifiedName;
use model::search::SearchResults;
use model::view::{Arrangement, Spot};
use serde::{Deserialize, Serialize};

/// Of so many tables at most the columns are told at a time.
pub const COLUMNS_TABLES_MAX: usize = 1_000;

/// The columns of a table, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableColumns {
    /// The table.
    pub table: TableId,
    /// Its columns; none of them is marked as part of a foreign key.
    pub columns: Vec<ColumnRow>,
}

/// What a diagram page draws: tables and links with the places that the server gave them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiagramData {
    /// The database.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// How many tables the database has in all, those not shown too.
    pub tables_total: u64,
    /// Tables and links that are shown.
    pub graph: Graph,
    /// Where each table of the graph stands.
    pub layout: Layout,
    /// Whether the layout came from the cache.
    pub layout_cached: bool,
    /// Of each box that stands for a group, by its id in the graph, the terms of `fold` that fold it:
    /// without them its tables are open.
    pub folded: Vec<(i64, Vec<String>)>,
    /// Parts of the `show` expression that name nothing in the database.
    pub unknown: Vec<String>,
    /// Whether only the best-connected tables are shown, because nothing was asked for and there
    /// are too many to read at once.
    pub hubs_only: bool,
    /// What is said over the picture, if something was asked for and there is something to say.
    pub overlay: Option<Overlay>,
    /// The versions between which changes are shown, the older first.
    pub versions: Option<(u32, u32)>,
    /// The best ways between the two tables that were asked for, the best first.
    pub ways: Vec<TableWay>,
    /// Which of them the overlay marks, from 0 on.
    pub way: u32,
    /// What of the question could not be answered, in sentences.
    pub notes: Vec<String>,
    /// What is shown: the address over what the view says.
    pub shown: DiagramQuery,
    /// The view that is open, where one is.
    pub view: Option<OpenView>,
    /// The views to choose from, by folder and name.
    pub views: Vec<ViewSummary>,
    /// What people arranged; its places win over the layout's.
    pub arrangement: Arrangement,
    /// Where the view has tables that are shown elsewhere, by the catalog's id: boxes that grew
    /// beyond the view's own level move apart, which is not kept.
    pub apart: Vec<(i64, Spot)>,
    /// Whether the person may arrange: without it nothing on the page can be moved.
    pub may_arrange: bool,
    /// Whether the one who asks may edit the database: share views, and say which opens by itself.
    pub may_edit: bool,
    /// The relations between the tables shown that no source declares, as far as they are drawn.
    pub relations: Vec<Relation>,
    /// What the one who asks may do with the database.
    pub access: DatabaseAccess,
}

impl DiagramData {
    /// How many tables of the source are shown, those in the boxes of folded groups too; not those
    /// that are gone.
    pub fn tables_shown(&self) -> u64 {
        let tables = self.graph.tables.iter().filter(|table| !table.gone);
        tables
            .map(|table| match table.kind {
                NodeKind::Group => table.row_count.unwrap_or_default(),
                _ => 1,
            })
            .sum()
    }
}

/// A way from one table to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableWay {
    /// The qualified names of its tables, in order.
    pub tables: Vec<String>,
    /// Its references in sentences, in order.
    pub joins: Vec<String>,
    /// The SELECT that joins them; none where the columns of a reference are not known.
    pub sql: Option<String>,
}

/// Use cases around databases and tables.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// Every database that the person may see, by name.
    async fn database_list(&self, ctx: &Ctx) -> Result<Vec<DatabaseSummary>, AppError>;

    /// One database.
    ///
    /// # Errors
    /// Not found when it is gone or not to be seen.
    async fn database_fetch(&self, ctx: &Ctx, id: &DatabaseId) -> Result<DatabaseDetail, AppError>;

    /// Takes a database out of the catalog. The source itself is left alone.
    async fn database_delete(&self, ctx: &Ctx, id: &DatabaseId) -> Result<(), AppError>;

    /// A page of a database's tables.
    async fn table_list(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: TableQuery,
    ) -> Result<Page<TableSummary>, AppError>;

    /// One table.
    async fn table_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        name: &QualifiedName,
    ) -> Result<TableDetail, AppError>;

    /// Tables and links of a diagram, laid out, with what is to be said over them. Of very many
    /// tables only those columns have names that are drawn at first; the others are told by
    /// [`Catalog::diagram_columns`].
    ///
    /// # Errors
    /// Not found when the database or a version that is asked for is not there.
    async fn diagram_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
    ) -> Result<DiagramData, AppError>;

    /// The columns of some tables of the database, for those who look closer. Tables that are not
    /// there, or are no longer, are left out.
    ///
    /// # Errors
    /// Not found when the database is not there; invalid for more than [`COLUMNS_TABLES_MAX`]
    /// tables.
    async fn diagram_columns(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        tables: &[TableId],
    ) -> Result<Vec<TableColumns>, AppError>;

    /// Exactly what the address shows as a file: `svg`, `json`, `mmd`, `dbml`, `sql` (in the
    /// database's own dialect) or `md`. A picture is in the dark theme or in the light one.
    ///
    /// # Errors
    /// Invalid for another extension, or for a level or an overlay that there is not.
    async fn diagram_export(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        extension: &str,
        dark: bool,
    ) -> Result<ExportFile, AppError>;

    /// Exactly what the address shows as PNG or PDF.
    ///
    /// # Errors
    /// Invalid as for [`Catalog::diagram_export`], or for another scale; too large where it would
    /// have more pixels than programs open; unavailable where it takes too long.
    async fn diagram_picture(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        request: PictureRequest,
    ) -> Result<PictureFile, AppError>;

    /// Databases, tables and columns that fit the text of a search, the best first.
    async fn search(&self, ctx: &Ctx, text: &str, limit: u32) -> Result<Vec<SearchHit>, AppError>;

    /// A page of the same, with what fits and with filters that would narrow it. Pages count
    /// from 1; one past the last is the last.
    async fn search_page(
        &self,
        ctx: &Ctx,
        text: &str,
        page: u32,
        limit: u32,
    ) -> Result<SearchResults, AppError>;

    /// Reads scripts of DDL into a new database of the catalog.
    ///
    /// # Errors
    /// Invalid when nothing of the scripts is DDL, or they are of another dialect; then nothing
    /// is stored.
    async fn script_import(
        &self,
        ctx: &Ctx,
        request: ImportRequest,
    ) -> Result<ImportOutcome, AppError>;

    /// Creates the sample database, or finds the one that is there.
    ///
    /// # Errors
    /// Unavailable when the server refuses to create a database.
    async fn sample_create(&self, ctx: &Ctx) -> Result<DatabaseSummary, AppError>;
}
