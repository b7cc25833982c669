//! `/api/databases/{id}/relations`

use crate::problem::Problem;
use crate::rest::database::read_id;
use crate::rest::malformed;
use crate::state::AppState;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use contract::context::Ctx;
use contract::error::AppError;
use http::StatusCode;
use model::account::Permission;
use model::id::DatabaseId;
use model::relation::verdict::{NewRelation, RelationKey, RelationQuery, RelationState, Verdict};
use model::relation::{End, Target};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One end of a relation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RelationEnd {
    #[schema(example = "sales")]
    schema_name: String,
    #[schema(example = "orders")]
    table_name: String,
    #[schema(example = json!(["customer_id"]))]
    columns: Vec<String>,
}

impl From<End> for RelationEnd {
    fn from(end: End) -> Self {
        Self {
            schema_name: end.table.schema,
            table_name: end.table.name,
            columns: end.columns,
        }
    }
}

/// A relation that the source does not declare.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Relation {
    /// What names it when a verdict is given.
    #[schema(example = "11-3")]
    key: String,
    state: RelationState,
    from: RelationEnd,
    /// What it refers to: one end; for a pair of columns of which one names the table, those known
    /// to be meant.
    to: Vec<RelationEnd>,
    /// For such a pair, the column that names the table.
    type_column: Option<String>,
    /// From 0 to 1; null for one added by hand.
    confidence: Option<f32>,
    reason: String,
    /// At most one row refers to each.
    one_to_one: bool,
    /// The columns may be null.
    optional: bool,
    /// What is odd about its types.
    warning: Option<String>,
    /// Null while it is proposed.
    verdict: Option<GivenVerdict>,
}

/// What somebody said to a relation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GivenVerdict {
    /// Its number, by which it is withdrawn.
    id: i64,
    /// Who gave it; null where that is not known any more.
    decided_by: Option<String>,
    /// When, in UTC.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    decided_at: String,
    /// Somebody added the relation, which was not proposed.
    by_hand: bool,
    note: Option<String>,
    /// The key that the source has come to declare for the same columns.
    declared_as: Option<String>,
    /// That key leads where the verdict says.
    declared_same: bool,
    /// A table or a column of it is gone from the source.
    gone: bool,
}

impl From<model::relation::verdict::Relation> for Relation {
    fn from(relation: model::relation::verdict::Relation) -> Self {
        let (to, type_column) = match relation.to {
            Target::Key(end) => (vec![end.into()], None),
            Target::Polymorphic { type_column, among } => (
                among.into_iter().map(RelationEnd::from).collect(),
                Some(type_column),
            ),
        };
        Self {
            key: relation.key.to_string(),
            state: relation.state,
            from: relation.from.into(),
            to,
            type_column,
            confidence: relation.confidence,
            reason: relation.reason,
            one_to_one: relation.one_to_one,
            optional: relation.optional,
            warning: relation.warning,
            verdict: relation.decision.map(|decision| GivenVerdict {
                id: decision.id,
                decided_by: decision.by,
                decided_at: decision.at.to_iso(),
                by_hand: decision.by_hand,
                note: decision.note,
                declared_same: decision.declared.as_ref().is_some_and(|it| it.same),
                declared_as: decision.declared.map(|it| it.name),
                gone: decision.gone,
            }),
        }
    }
}

/// Which relations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// `proposed`, `accepted` or `rejected`; all without it.
    state: Option<String>,
    /// Only those that begin in this schema.
    schema: Option<String>,
    /// Only those of at least so many per cent of confidence.
    least: Option<u8>,
    /// The `next` of the page before.
    after: Option<String>,
    /// How many at the most: 100 without it, 200 at the most.
    limit: Option<u32>,
}

/// A page of relations, the surest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RelationList {
    relations: Vec<Relation>,
    /// How many there are that fit.
    total: u64,
    /// What to give as `after` for those that follow; null at the end.
    next: Option<String>,
}

/// Relations that a database's source does not declare.
///
/// What is proposed from names, types, keys and comments, with its confidence and reason, and what
/// people said to it. The surest come first.
#[utoipa::path(
    get,
    path = "/api/databases/{id}/relations",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database"), ListParameters),
    responses((status = 200, description = "A page of relations", body = RelationList)),
)]
pub(crate) async fn relations(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    parameters: Result<Query<ListParameters>, QueryRejection>,
) -> Result<Json<RelationList>, Problem> {
    let id = read_id(&id)?;
    let Ok(Query(parameters)) = parameters else {
        return Err(Problem(AppError::invalid("The address is not understood.")));
    };
    let wanted = parameters.state.filter(|word| !word.is_empty());
    let wanted = wanted
        .map(|word| {
            RelationState::from_word(&word).ok_or_else(|| {
                AppError::invalid_field(
                    "state",
                    "There is no such state; there are proposed, accepted and rejected.",
                )
            })
        })
        .transpose()?;
    let query = RelationQuery {
        state: wanted,
        schema: parameters.schema.filter(|schema| !schema.is_empty()),
        least: parameters.least,
        after: parameters.after.filter(|after| !after.is_empty()),
        limit: parameters.limit.unwrap_or_default(),
        adding: None,
    };
    let relations = &state.services.relations;
    let page = relations.relation_list(&ctx, &id, query).await?;
    Ok(Json(RelationList {
        relations: page.rows.into_iter().map(Relation::from).collect(),
        total: page.total,
        next: page.next,
    }))
}

/// A table and columns of it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewEnd {
    /// `orders` or `sales.orders`.
    #[schema(example = "sales.orders")]
    table: String,
    #[schema(example = json!(["customer_id"]))]
    columns: Vec<String>,
}

/// A verdict on what is proposed (`keys` and `state`), or a relation to add (`from` and `to`).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "keys": ["11-3"], "state": "accepted", "note": "as the code joins them" }))]
pub(crate) struct NewVerdict {
    /// The `key` of each relation that is meant.
    #[serde(default)]
    keys: Vec<String>,
    /// `accepted` or `rejected`.
    state: Option<RelationState>,
    /// The columns that refer, for a relation added by hand.
    from: Option<NewEnd>,
    /// The columns that they refer to, in the same order.
    to: Option<NewEnd>,
    /// What you say to it.
    note: Option<String>,
}

/// What became of verdicts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecidedRelations {
    /// How many were stored.
    stored: u32,
    /// Why the others were not: somebody was faster.
    refused: Vec<String>,
}

/// Accepts, rejects or adds relations.
///
/// With `keys` and `state` a verdict on what is proposed; what somebody else decided before stays
/// as it is. With `from` and `to` a relation that is not proposed, as accepted; types that do not go
/// together are told in its `warning`.
#[utoipa::path(
    post,
    path = "/api/databases/{id}/relations",
    tag = "databases",
    params(("id" = DatabaseId, Path, description = "The database")),
    request_body = NewVerdict,
    responses(
        (status = 200, description = "What became of the verdicts", body = DecidedRelations),
        (status = 201, description = "The relation that was added", body = Relation),
    ),
)]
pub(crate) async fn relation_decide(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    body: Result<Json<NewVerdict>, JsonRejection>,
) -> Result<Response, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let Json(body) = body.map_err(|rejection| malformed(&rejection))?;
    let relations = &state.services.relations;
    if let (Some(from), Some(to)) = (body.from, body.to) {
        let new = NewRelation {
            from_table: from.table,
            from_columns: from.columns,
            to_table: to.table,
            to_columns: to.columns,
            note: body.note,
        };
        let added = relations.relation_add(&ctx, &id, new).await?;
        return Ok((StatusCode::CREATED, Json(Relation::from(added))).into_response());
    }
    let accepted = match body.state {
        Some(RelationState::Accepted) => true,
        Some(RelationState::Rejected) => false,
        Some(RelationState::Proposed) | None => {
            return Err(Problem(AppError::invalid_field(
                "state",
                "Say accepted or rejected for what is named in keys, or give from and to.",
            )));
        }
    };
    let verdicts: Result<Vec<Verdict>, AppError> = body
        .keys
        .iter()
        .map(|key| {
            let key = key.parse::<RelationKey>().map_err(|_| {
                AppError::invalid_field("keys", format!("{key} is not the key of a relation."))
            })?;
            Ok(Verdict {
                key,
                accepted,
                note: body.note.clone(),
            })
        })
        .collect();
    let decided = relations.relation_decide(&ctx, &id, verdicts?).await?;
    Ok(Json(DecidedRelations {
        stored: decided.stored,
        refused: decided.refused,
    })
    .into_response())
}

/// Takes a verdict back. What the rule still proposes is proposed again.
#[utoipa::path(
    delete,
    path = "/api/databases/{id}/relations/{n}",
    tag = "databases",
    params(
        ("id" = DatabaseId, Path, description = "The database"),
        ("n" = i64, Path, description = "The verdict's number"),
    ),
    responses((status = 204, description = "It is taken back")),
)]
pub(crate) async fn relation_withdraw(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, number)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    ctx.authorize(Permission::CatalogWrite)?;
    let id = read_id(&id)?;
    let number = number
        .parse()
        .map_err(|_| AppError::not_found("This verdict"))?;
    let relations = &state.services.relations;
    relations.relation_withdraw(&ctx, &id, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests;
