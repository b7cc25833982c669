//! What people write about databases, tables and columns.
//!
//! These forms post to the address of their own page, see `page`.

use crate::form::page::{Fields, number, read, refused, text};
use crate::form::{failed, safe_address, succeeded, with_news};
use crate::state::AppState;
use app::context::{dataset_key, subject_key};
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::address::{
    column_address, database_address, dataset_address, dataset_column_address, table_address,
};
use model::id::ColumnId;
use model::metadata::{
    ColumnPatch, DatabasePatch, SubjectKey, TablePatch, read_custom, split_tags,
};
use model::semantic::SemanticType;
use serde::Deserialize;

/// What is wrong with a count that is none.
const COUNT: &str = "This must be a whole number, written with digits alone.";

pub(super) fn tags(fields: &Fields) -> Option<Vec<String>> {
    Some(split_tags(&text(fields, "tags")?.unwrap_or_default()))
}

fn revision(fields: &Fields) -> Result<Option<i32>, AppError> {
    let number = text(fields, "revision").flatten().map(|text| text.parse());
    number.transpose().map_err(|_| {
        AppError::invalid("The form did not arrive whole. Reload the page and try again.")
    })
}

pub(super) fn table_patch(fields: &Fields) -> Result<TablePatch, AppError> {
    let custom = text(fields, "custom")
        .map(|lines| read_custom(&lines.unwrap_or_default()))
        .transpose()
        .map_err(|reason| AppError::invalid_field("custom", reason))?;
    Ok(TablePatch {
        revision: revision(fields)?,
        description: text(fields, "description"),
        tags: tags(fields),
        owner: text(fields, "owner"),
        storage_location: text(fields, "storage_location"),
        storage_format: text(fields, "storage_format"),
        partitioning: text(fields, "partitioning"),
        custom,
        row_count: number(fields, "rowCount", COUNT)?,
        size_bytes: number(fields, "fileSizeBytes", COUNT)?,
        compression_ratio: number(
            fields,
            "compressionRatio",
            "This must be a number like 4.5.",
        )?,
    })
}

/// The meaning that the form chooses. One of a system before us is left alone when it is sent
/// back as it was.
fn meaning(
    fields: &Fields,
    stored: Option<&str>,
) -> Result<Option<Option<SemanticType>>, AppError> {
    let Some(word) = text(fields, "semantic_type") else {
        return Ok(None);
    };
    if word.as_deref() == stored {
        return Ok(None);
    }
    word.map(|word| {
        SemanticType::from_word(&word)
            .ok_or_else(|| AppError::invalid_field("semantic_type", "Choose one of the list."))
    })
    .transpose()
    .map(Some)
}

/// Stores what a form says, and tells where to go then.
async fn store(
    state: &AppState,
    ctx: &Ctx,
    key: &SubjectKey,
    fields: &Fields,
) -> Result<String, AppError> {
    let metadata = &state.services.metadata;
    Ok(match key {
        SubjectKey::Database(id) => {
            let patch = DatabasePatch {
                revision: revision(fields)?,
                description: text(fields, "description"),
                tags: tags(fields),
            };
            database_address(&metadata.database_annotate(ctx, id, patch).await?.id)
        }
        SubjectKey::Table(key) => {
            let patch = table_patch(fields)?;
            let table = metadata.table_annotate(ctx, key, patch).await?;
            match table.database {
                Some((id, _)) => table_address(&id, &table.schema, &table.name),
                None => dataset_address(table.id),
            }
        }
        SubjectKey::Column(key) => {
            let stored = metadata.column_record(ctx, key).await?.metadata;
            let patch = ColumnPatch {
                revision: revision(fields)?,
                description: text(fields, "description"),
                tags: tags(fields),
                semantic_type: meaning(fields, stored.semantic_type.as_deref())?,
            };
            let column = metadata.column_annotate(ctx, key, patch).await?;
            match column.database {
                Some((id, _)) => column_address(&id, &column.schema, &column.table, &column.name),
                None => dataset_column_address(column.table_id, &column.name),
            }
        }
    })
}

/// `POST /databases/{id}/edit`
pub(crate) async fn database(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    posted(state, ctx, subject_key(&id, None, None), request).await
}

#[derive(Deserialize)]
pub(crate) struct WhichColumn {
    column: Option<String>,
}

/// `POST /databases/{id}/tables/{table}/edit?column=`
pub(crate) async fn table(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, table)): Path<(String, String)>,
    Query(which): Query<WhichColumn>,
    request: Request,
) -> Response {
    posted(
        state,
        ctx,
        subject_key(&id, Some(&table), which.column),
        request,
    )
    .await
}

/// `POST /datasets/{id}/edit?column=`
pub(crate) async fn dataset(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Query(which): Query<WhichColumn>,
    request: Request,
) -> Response {
    posted(state, ctx, dataset_key(&id, which.column), request).await
}

async fn posted(
    state: AppState,
    ctx: Ctx,
    key: Result<SubjectKey, AppError>,
    request: Request,
) -> Response {
    let (parts, read) = read(&state, request).await;
    let (fields, outcome) = match (read, key) {
        (Err(error), _) => (Vec::new(), Err(error)),
        (Ok(fields), Err(error)) => (fields, Err(error)),
        (Ok(fields), Ok(key)) => {
            let outcome = store(&state, &ctx, &key, &fields).await;
            (fields, outcome)
        }
    };
    match outcome {
        Ok(back) => with_news(succeeded(&parts.headers, &back), state.cookies, "Saved."),
        Err(error) => refused(state, parts, error, fields).await,
    }
}

#[derive(Deserialize)]
pub(crate) struct VerdictForm {
    #[serde(default)]
    meaning: String,
    /// `accept` or `reject`.
    #[serde(default)]
    verdict: String,
    /// Where the form stood.
    #[serde(default)]
    back: String,
}

/// `POST /rpc/columns/{id}/meaning`: what somebody says to a proposed meaning.
pub(crate) async fn verdict(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<VerdictForm>, FormRejection>,
) -> Response {
    let (Ok(id), Ok(Form(form))) = (id.parse::<ColumnId>(), form) else {
        let error = AppError::not_found("This column");
        return failed(&headers, state.cookies, "/databases", error, Vec::new());
    };
    let back = safe_address(Some(form.back.as_str()));
    let accepted = match form.verdict.as_str() {
        "accept" => Some(true),
        "reject" => Some(false),
        _ => None,
    };
    let (Some(meaning), Some(accepted)) = (SemanticType::from_word(&form.meaning), accepted) else {
        let error = AppError::invalid("There is no such meaning. Reload the page and try again.");
        return failed(&headers, state.cookies, &back, error, Vec::new());
    };
    let metadata = &state.services.metadata;
    match metadata.semantic_decide(&ctx, id, meaning, accepted).await {
        Ok(column) => {
            let word = meaning.as_str().replace('_', " ");
            let news = if accepted {
                format!("{} means {word} now.", column.name)
            } else {
                format!("{word} is not proposed for {} again.", column.name)
            };
            with_news(succeeded(&headers, &back), state.cookies, &news)
        }
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_empty_field_clears_and_an_absent_one_leaves_alone() {
        let patch = table_patch(&fields(&[
            ("revision", "3"),
            ("description", " "),
            ("tags", ""),
            ("custom", "a: 1\r\n\r\nb: 2"),
        ]))
        .unwrap();
        assert_eq!(patch.revision, Some(3));
        assert_eq!(patch.description, Some(None));
        assert_eq!(patch.tags, Some(Vec::new()));
        assert_eq!(patch.owner, None);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(patch.custom, Some(vec![pair("a", "1"), pair("b", "2")]));
        let error = table_patch(&fields(&[("custom", "no colon")])).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("custom"));
        assert!(table_patch(&fields(&[("revision", "x")])).is_err());
    }

    #[test]
    fn a_meaning_of_before_is_left_alone() {
        let sent = fields(&[("semantic_type", "legacy_word")]);
        assert_eq!(meaning(&sent, Some("legacy_word")), Ok(None));
        assert!(meaning(&sent, None).is_err());
        let sent = fields(&[("semantic_type", "email")]);
        assert_eq!(meaning(&sent, None), Ok(Some(Some(SemanticType::Email))));
        let sent = fields(&[("semantic_type", "")]);
        assert_eq!(meaning(&sent, Some("email")), Ok(Some(None)));
        assert_eq!(meaning(&fields(&[]), Some("email")), Ok(None));
    }
}
