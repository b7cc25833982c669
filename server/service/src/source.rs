//! The contract of live databases. Each method lives with its resource and begins with its
//! authorization; here they are only joined.

use crate::services::Services;
use crate::tally::Reading;
use async_trait::async_trait;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::{
    ConnectionFacts, ConnectionRequest, DatabaseFindings, ExportFile, RefreshOutcome,
    SchemaChanges, Sources,
};
use model::catalog::{DatabaseSummary, ScriptDialect};
use model::diff::Rename;
use model::id::DatabaseId;
use model::profile::TableProfile;
use model::schema::{QualifiedName, Schema};

#[async_trait]
impl Sources for Services {
    async fn connection_test(
        &self,
        ctx: &Ctx,
        request: ConnectionRequest,
    ) -> Result<ConnectionFacts, AppError> {
        self.connection_check(ctx, request).await
    }

    async fn connection_create(
        &self,
        ctx: &Ctx,
        request: ConnectionRequest,
    ) -> Result<DatabaseSummary, AppError> {
        let outcome = self.connect(ctx, request).await;
        self.tally.told(Reading::Connect, outcome)
    }

    async fn database_refresh(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<RefreshOutcome, AppError> {
        self.refresh(ctx, id).await
    }

    async fn script_import_again(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        scripts: Vec<String>,
        dialect: Option<ScriptDialect>,
    ) -> Result<RefreshOutcome, AppError> {
        self.import_again(ctx, id, scripts, dialect).await
    }

    async fn changes_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        from: Option<u32>,
        to: Option<u32>,
    ) -> Result<SchemaChanges, AppError> {
        self.changes(ctx, id, from, to).await
    }

    async fn structure_fetch(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Schema, AppError> {
        self.structure(ctx, id).await
    }

    async fn export(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        format: &str,
        tables: &[QualifiedName],
    ) -> Result<ExportFile, AppError> {
        self.export_file(ctx, id, format, tables).await
    }

    async fn findings_fetch(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseFindings, AppError> {
        self.second_looks(ctx, id).await
    }

    async fn table_profile(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        table: &QualifiedName,
    ) -> Result<TableProfile, AppError> {
        self.profile(ctx, id, table).await
    }

    async fn rename_confirm(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        rename: Rename,
    ) -> Result<(), AppError> {
        self.confirm_rename(ctx, id, rename).await
    }
}
