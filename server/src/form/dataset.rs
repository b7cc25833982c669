//! Datasets: cataloguing them, their columns, taking them out.

use crate::form::metadata::table_patch;
use crate::form::page::{Fields, read, refused, text};
use crate::form::{failed, safe_address, succeeded, whole, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::account::Permission;
use model::address::dataset_address;
use model::dataset::{DatasetType, NewColumn, NewDataset, read_columns};
use model::id::{ColumnId, TableId};
use model::metadata::TableRecord;
use serde::Deserialize;

const LIST: &str = "/datasets";

/// `POST /datasets/new`
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    request: Request,
) -> Response {
    let (parts, read) = read(&state, request).await;
    let (fields, outcome) = match read {
        Err(error) => (Vec::new(), Err(error)),
        Ok(fields) => {
            let outcome = store(&state, &ctx, &fields).await;
            (fields, outcome)
        }
    };
    match outcome {
        Ok(dataset) => with_news(
            succeeded(&parts.headers, &dataset_address(dataset.id)),
            state.cookies,
            "Catalogued.",
        ),
        Err(error) => refused(state, parts, error, fields).await,
    }
}

async fn store(state: &AppState, ctx: &Ctx, fields: &Fields) -> Result<TableRecord, AppError> {
    ctx.authorize(Permission::CatalogWrite)?;
    let word = |name| text(fields, name).flatten().unwrap_or_default();
    let dataset_type = DatasetType::from_word(&word("tableType"))
        .ok_or_else(|| AppError::invalid_field("tableType", "Choose one of the list."))?;
    let columns = read_columns(&word("columns"))
        .map_err(|reason| AppError::invalid_field("columns", reason))?;
    let new = NewDataset {
        schema: word("schemaName"),
        name: word("tableName"),
        dataset_type,
        said: table_patch(fields)?,
        columns,
    };
    state.services.metadata.dataset_create(ctx, new).await
}

/// `POST /rpc/datasets/{id}/delete`
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let outcome = async {
        ctx.authorize(Permission::CatalogWrite)?;
        let id = dataset_id(&id)?;
        state.services.metadata.dataset_delete(&ctx, id).await
    };
    match outcome.await {
        Ok(()) => with_news(
            succeeded(&headers, LIST),
            state.cookies,
            "The dataset is out of the catalog. Its data is where it was.",
        ),
        Err(error) => failed(&headers, state.cookies, LIST, error, Vec::new()),
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnForm {
    #[serde(default)]
    column_name: String,
    #[serde(default)]
    data_type: String,
    /// Sent where the box is ticked.
    not_null: Option<String>,
}

/// `POST /rpc/datasets/{id}/columns`
pub(crate) async fn column_create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<ColumnForm>, FormRejection>,
) -> Response {
    let entered = form.as_ref().map(|Form(form)| form.entered());
    let entered = entered.unwrap_or_default();
    let outcome = async {
        ctx.authorize(Permission::CatalogWrite)?;
        let table = dataset_id(&id)?;
        let form = whole(form)?;
        let new = NewColumn {
            name: form.column_name,
            data_type: form.data_type,
            nullable: form.not_null.is_none(),
            ..NewColumn::default()
        };
        let metadata = &state.services.metadata;
        metadata.dataset_column_create(&ctx, table, new).await
    };
    match outcome.await {
        Ok(column) => {
            let news = format!("{} is the last column now.", column.name);
            let to = dataset_address(column.table_id);
            with_news(succeeded(&headers, &to), state.cookies, &news)
        }
        Err(error) => {
            let back = dataset_id(&id).map_or_else(|_| LIST.to_owned(), dataset_address);
            failed(&headers, state.cookies, &back, error, entered)
        }
    }
}

impl ColumnForm {
    /// What the form is filled with again when it was refused.
    fn entered(&self) -> Fields {
        let mut entered = vec![
            ("columnName".to_owned(), self.column_name.clone()),
            ("dataType".to_owned(), self.data_type.clone()),
        ];
        entered.extend(self.not_null.clone().map(|on| ("notNull".to_owned(), on)));
        entered
    }
}

#[derive(Deserialize)]
pub(crate) struct BackForm {
    /// Where the form stood.
    #[serde(default)]
    back: String,
}

/// `POST /rpc/columns/{id}/delete`
pub(crate) async fn column_delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<BackForm>, FormRejection>,
) -> Response {
    let form = whole(form);
    let back = safe_address(form.as_ref().ok().map(|form| form.back.as_str()));
    let outcome = async {
        ctx.authorize(Permission::CatalogWrite)?;
        let id = id
            .parse::<ColumnId>()
            .map_err(|_| AppError::not_found("This column"))?;
        form?;
        state
            .services
            .metadata
            .dataset_column_delete(&ctx, id)
            .await
    };
    match outcome.await {
        Ok(()) => with_news(
            succeeded(&headers, &back),
            state.cookies,
            "The column is out of the catalog.",
        ),
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

fn dataset_id(id: &str) -> Result<TableId, AppError> {
    id.parse().map_err(|_| AppError::not_found("This dataset"))
}
