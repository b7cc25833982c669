//! The catalog's contract, resource by resource. Each method lives with its resource and begins
//! with its authorization; here they are only joined.

use crate::diagram::columns::leave_columns_for_later;
use crate::services::Services;
use crate::tally::Reading;
use async_trait::async_trait;
use contract::catalog::{Catalog, DiagramData, TableColumns};
use contract::context::Ctx;
use contract::error::AppError;
use contract::picture::{PictureFile, PictureRequest};
use contract::source::ExportFile;
use model::catalog::{
    DatabaseDetail, DatabaseSummary, ImportOutcome, ImportRequest, Page, SearchHit, TableDetail,
    TableQuery, TableSummary,
};
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, TableId};
use model::schema::QualifiedName;
use model::search::SearchResults;

#[async_trait]
impl Catalog for Services {
    async fn database_list(&self, ctx: &Ctx) -> Result<Vec<DatabaseSummary>, AppError> {
        self.databases(ctx).await
    }

    async fn database_fetch(&self, ctx: &Ctx, id: &DatabaseId) -> Result<DatabaseDetail, AppError> {
        self.database(ctx, id).await
    }

    async fn database_delete(&self, ctx: &Ctx, id: &DatabaseId) -> Result<(), AppError> {
        self.database_remove(ctx, id).await
    }

    async fn table_list(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: TableQuery,
    ) -> Result<Page<TableSummary>, AppError> {
        self.tables(ctx, id, query).await
    }

    async fn table_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        name: &QualifiedName,
    ) -> Result<TableDetail, AppError> {
        self.table(ctx, id, name).await
    }

    async fn diagram_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
    ) -> Result<DiagramData, AppError> {
        let mut data = self.diagram(ctx, id, query).await?;
        leave_columns_for_later(&mut data);
        Ok(data)
    }

    async fn diagram_columns(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        tables: &[TableId],
    ) -> Result<Vec<TableColumns>, AppError> {
        self.columns_of(ctx, id, tables).await
    }

    async fn diagram_export(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        extension: &str,
        dark: bool,
    ) -> Result<ExportFile, AppError> {
        self.diagram_file(ctx, id, query, extension, dark).await
    }

    async fn diagram_picture(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        request: PictureRequest,
    ) -> Result<PictureFile, AppError> {
        self.picture(ctx, id, query, request).await
    }

    async fn search(&self, ctx: &Ctx, text: &str, limit: u32) -> Result<Vec<SearchHit>, AppError> {
        self.hits(ctx, text, limit).await
    }

    async fn search_page(
        &self,
        ctx: &Ctx,
        text: &str,
        page: u32,
        limit: u32,
    ) -> Result<SearchResults, AppError> {
        self.results(ctx, text, page, limit).await
    }

    async fn script_import(
        &self,
        ctx: &Ctx,
        request: ImportRequest,
    ) -> Result<ImportOutcome, AppError> {
        let outcome = self.import(ctx, request).await;
        self.tally.told(Reading::Import, outcome)
    }

    async fn sample_create(&self, ctx: &Ctx) -> Result<DatabaseSummary, AppError> {
        self.sample(ctx).await
    }
}
