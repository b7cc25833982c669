//! Rights of databases, and groups.

use crate::form::{failed, succeeded, whole, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use http::HeaderMap;
use model::access::{DatabaseAccess, Grantee};
use model::address::{access_address, database_address};
use model::id::{DatabaseId, GroupId, UserId};
use serde::Deserialize;

/// The page of groups.
const GROUPS: &str = "/admin/groups";

/// What a form about rights holds; each form fills a part of it.
#[derive(Default, Deserialize)]
pub(crate) struct AccessForm {
    /// `none`, `read` or `edit`.
    #[serde(default)]
    access: String,
    /// `person:7` or `group:2`.
    #[serde(default)]
    grantee: String,
    /// A person's id.
    #[serde(default)]
    owner: String,
}

impl AccessForm {
    fn access(&self) -> Result<DatabaseAccess, AppError> {
        DatabaseAccess::from_word(&self.access)
            .ok_or_else(|| AppError::invalid_field("access", "Choose what they may do."))
    }

    fn grantee(&self) -> Result<Grantee, AppError> {
        let parsed = match self.grantee.split_once(':') {
            Some(("person", id)) => id.parse().ok().map(|id: UserId| Grantee::Person(id)),
            Some(("group", id)) => id.parse().ok().map(|id: GroupId| Grantee::Group(id)),
            _ => None,
        };
        parsed.ok_or_else(|| AppError::invalid_field("grantee", "Choose a person or a group."))
    }
}

/// `POST /rpc/databases/{id}/access`: what everybody may do.
pub(crate) async fn everybody(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<AccessForm>, FormRejection>,
) -> Response {
    let outcome = async {
        let (id, form) = read(&id, form)?;
        state
            .services
            .access
            .access_set(&ctx, &id, form.access()?)
            .await
    };
    answer(&state, &headers, &id, outcome.await)
}

/// `POST /rpc/databases/{id}/grant`: what a person or a group may do; `none` takes it away.
pub(crate) async fn grant(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<AccessForm>, FormRejection>,
) -> Response {
    let outcome = async {
        let (id, form) = read(&id, form)?;
        let (grantee, access) = (form.grantee()?, form.access()?);
        let services = &state.services.access;
        services.grant_set(&ctx, &id, grantee, access).await
    };
    answer(&state, &headers, &id, outcome.await)
}

/// `POST /rpc/databases/{id}/owner`: who decides about it.
pub(crate) async fn owner(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<AccessForm>, FormRejection>,
) -> Response {
    let outcome = async {
        let (id, form) = read(&id, form)?;
        let owner = form
            .owner
            .parse::<UserId>()
            .map_err(|_| AppError::invalid_field("owner", "Choose a person."))?;
        let services = &state.services.access;
        services.database_owner_set(&ctx, &id, owner).await?;
        // Whoever gave it away may not come back to the page of rights.
        Ok(services.access_fetch(&ctx, &id).await.is_ok())
    };
    match outcome.await {
        Ok(true) => answer(&state, &headers, &id, Ok(())),
        Ok(false) => with_news(
            succeeded(&headers, &format!("/databases/{id}")),
            state.cookies,
            "Given away. The new owner decides from now on.",
        ),
        Err(error) => answer(&state, &headers, &id, Err(error)),
    }
}

fn read(
    id: &str,
    form: Result<Form<AccessForm>, FormRejection>,
) -> Result<(DatabaseId, AccessForm), AppError> {
    let id = id
        .parse::<DatabaseId>()
        .map_err(|_| AppError::not_found("This database"))?;
    Ok((id, whole(form)?))
}

fn answer(
    state: &AppState,
    headers: &HeaderMap,
    id: &str,
    outcome: Result<(), AppError>,
) -> Response {
    let back = match id.parse::<DatabaseId>() {
        Ok(id) => match &outcome {
            Err(error) if error.kind == ErrorKind::Forbidden => database_address(&id),
            _ => access_address(&id),
        },
        Err(_) => "/databases".to_owned(),
    };
    match outcome {
        Ok(()) => with_news(succeeded(headers, &back), state.cookies, "Saved."),
        Err(error) => {
            // The fields of this page are choices: what is wrong is said above them.
            let error = AppError {
                field: None,
                ..error
            };
            failed(headers, state.cookies, &back, error, Vec::new())
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct GroupForm {
    #[serde(default)]
    name: String,
    /// A person's id.
    #[serde(default)]
    person: String,
    /// Whether they shall be a member.
    #[serde(default)]
    member: bool,
}

/// `POST /rpc/groups`: makes a group.
pub(crate) async fn group_create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<Form<GroupForm>, FormRejection>,
) -> Response {
    let form = match whole(form) {
        Ok(form) => form,
        Err(error) => return group_answer(&state, &headers, Err(error), Vec::new()),
    };
    let outcome = state.services.access.group_create(&ctx, &form.name).await;
    let entered = vec![("name".to_owned(), form.name)];
    group_answer(&state, &headers, outcome.map(drop), entered)
}

/// `POST /rpc/groups/{id}/delete`
pub(crate) async fn group_delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let outcome = async {
        let id = read_group(&id)?;
        state.services.access.group_delete(&ctx, id).await
    };
    group_answer(&state, &headers, outcome.await, Vec::new())
}

/// `POST /rpc/groups/{id}/member`: takes somebody in or out.
pub(crate) async fn group_member(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<GroupForm>, FormRejection>,
) -> Response {
    let outcome = async {
        let id = read_group(&id)?;
        let form = whole(form)?;
        let person = form
            .person
            .parse::<UserId>()
            .map_err(|_| AppError::invalid("Choose a person."))?;
        let services = &state.services.access;
        services
            .group_member_set(&ctx, id, person, form.member)
            .await
    };
    group_answer(&state, &headers, outcome.await, Vec::new())
}

fn read_group(id: &str) -> Result<GroupId, AppError> {
    id.parse().map_err(|_| AppError::not_found("This group"))
}

fn group_answer(
    state: &AppState,
    headers: &HeaderMap,
    outcome: Result<(), AppError>,
    entered: Vec<(String, String)>,
) -> Response {
    match outcome {
        Ok(()) => succeeded(headers, GROUPS),
        Err(error) => failed(headers, state.cookies, GROUPS, error, entered),
    }
}
