//! Saved views of diagrams.

use crate::form::{failed, safe_address, succeeded, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::account::Permission;
use model::address::{database_address, diagram_address, view_address};
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, TableId, ViewId};
use model::saved_view::{NewView, ViewPatch};
use model::view::ViewChange;
use serde::Deserialize;
use std::collections::HashMap;

/// How many terms of `show` are laid out by themselves: `keep` in the diagram's address.
const TERMS: &str = "terms";

/// What a form about views holds; each form fills a part of it. What the diagram shows stands in it
/// under the names of the diagram's address, but for `keep`.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct ViewForm(HashMap<String, String>);

impl ViewForm {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn query(&self) -> DiagramQuery {
        DiagramQuery::read(|name| {
            // In the form `keep` says that the view is to show this from now on.
            let name = if name == "keep" { TERMS } else { name };
            self.0.get(name).cloned()
        })
    }

    /// Whether the view is to show this from now on.
    fn keeps(&self) -> bool {
        self.0.contains_key("keep")
    }

    fn is_shared(&self) -> Option<bool> {
        self.text("shared").map(|shared| shared == "true")
    }

    fn entered(&self) -> Vec<(String, String)> {
        ["name", "folder", "shared"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), self.0.get(name)?.clone())))
            .collect()
    }
}

/// What came of a form: where to go, and what to say there.
struct Done {
    to: String,
    news: &'static str,
}

fn done(to: String, news: &'static str) -> Result<Done, AppError> {
    Ok(Done { to, news })
}

type Read = Result<Form<ViewForm>, FormRejection>;

/// `POST /rpc/databases/{id}/views`: keeps what a diagram shows.
pub(crate) async fn create(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Read,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let outcome = async {
        let id = read_id(&ctx, &id)?;
        let new = NewView {
            name: Some(form.text("name").unwrap_or_default().to_owned()),
            folder: form.text("folder").unwrap_or_default().to_owned(),
            is_shared: form.is_shared() == Some(true),
            query: form.query(),
        };
        let made = state.services.views.view_create(&ctx, &id, new).await?;
        done(
            DiagramQuery::of_view(&made.summary.id).address(&id),
            "The view is saved.",
        )
    };
    let back = match id.parse::<DatabaseId>() {
        Ok(id) => form.query().address(&id),
        Err(_) => "/databases".to_owned(),
    };
    answer(&state, &headers, back, outcome.await, form.entered())
}

/// `POST /rpc/databases/{id}/views/{view}/change`: name, folder, who sees it.
pub(crate) async fn change(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    form: Read,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let outcome = async {
        let (id, view) = read_ids(&ctx, &path)?;
        let patch = ViewPatch {
            name: form.text("name").map(str::to_owned),
            folder: form.text("folder").map(str::to_owned),
            is_shared: form.is_shared(),
            query: form.keeps().then(|| form.query()),
        };
        let views = &state.services.views;
        views.view_change(&ctx, &id, &view, patch).await?;
        done(
            back_or(&form, || view_address(&id, &view)),
            match form.is_shared() {
                _ if form.keeps() => "The view shows this from now on.",
                Some(true) if form.text("name").is_none() => {
                    "Shared: everybody sees it who may read the database."
                }
                Some(false) if form.text("name").is_none() => {
                    "Private: only you see it from now on."
                }
                _ => "Saved.",
            },
        )
    };
    let back = fallback(&path);
    answer(&state, &headers, back, outcome.await, form.entered())
}

/// `POST /rpc/databases/{id}/views/{view}/duplicate`
pub(crate) async fn duplicate(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let outcome = async {
        let (id, view) = read_ids(&ctx, &path)?;
        let views = &state.services.views;
        let copy = views.view_duplicate(&ctx, &id, &view).await?;
        done(
            DiagramQuery::of_view(&copy.summary.id).address(&id),
            "This is your copy. Only you see it.",
        )
    };
    let back = fallback(&path);
    answer(&state, &headers, back, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/delete`
pub(crate) async fn delete(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let outcome = async {
        let (id, view) = read_ids(&ctx, &path)?;
        state.services.views.view_delete(&ctx, &id, &view).await?;
        done(diagram_address(&id, None), "The view is deleted.")
    };
    let back = fallback(&path);
    answer(&state, &headers, back, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/restore`
pub(crate) async fn restore(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    form: Read,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let outcome = async {
        let (id, view) = read_ids(&ctx, &path)?;
        let number = form.text("number").and_then(|it| it.parse().ok());
        let views = &state.services.views;
        views
            .view_restore(&ctx, &id, &view, number.unwrap_or(0))
            .await?;
        done(
            DiagramQuery::of_view(&view).address(&id),
            "The view is as it was. What it was until now is kept in its history.",
        )
    };
    let back = fallback(&path);
    answer(&state, &headers, back, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/dismiss`: a table that disappeared from its source.
pub(crate) async fn dismiss(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    form: Read,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let outcome = async {
        let (id, view) = read_ids(&ctx, &path)?;
        let table = form.text("table").and_then(|it| it.parse().ok());
        let table: TableId = table.ok_or_else(|| AppError::not_found("This table"))?;
        let views = &state.services.views;
        views.ghost_dismiss(&ctx, &id, &view, table).await?;
        done(
            back_or(&form, || DiagramQuery::of_view(&view).address(&id)),
            "The table is taken out of the view.",
        )
    };
    let back = fallback(&path);
    answer(&state, &headers, back, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/show`: tables that the view hides are to be seen again.
pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    form: Read,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let outcome = async {
        let (id, view) = read_ids(&ctx, &path)?;
        let tables = form.text("tables").unwrap_or_default();
        let shown: Vec<ViewChange> = tables
            .split(',')
            .map(|table| table.trim().parse())
            .collect::<Result<Vec<i64>, _>>()
            .map_err(|_| AppError::not_found("This table"))?
            .into_iter()
            .map(|table| ViewChange::Hide {
                table,
                hidden: false,
            })
            .collect();
        let news = match shown.len() {
            1 => "The table is shown again.",
            _ => "The tables are shown again.",
        };
        let views = &state.services.views;
        views.view_arrange(&ctx, &id, &view, shown).await?;
        done(
            back_or(&form, || DiagramQuery::of_view(&view).address(&id)),
            news,
        )
    };
    let back = fallback(&path);
    answer(&state, &headers, back, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/default-view`: what opens when the diagram's address says nothing.
pub(crate) async fn default_view(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Read,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let outcome = async {
        ctx.authorize(Permission::CatalogWrite)?;
        let id = read_id(&ctx, &id)?;
        let view = match form.text("view").unwrap_or_default() {
            "" => None,
            text => Some(text.parse().map_err(|_| AppError::not_found("This view"))?),
        };
        let views = &state.services.views;
        views.default_view_set(&ctx, &id, view.as_ref()).await?;
        done(
            back_or(&form, || diagram_address(&id, None)),
            match view {
                Some(_) => "This view opens first from now on.",
                None => "No view opens by itself any more.",
            },
        )
    };
    let outcome = outcome.await;
    let back = match id.parse::<DatabaseId>() {
        Ok(id) => back_or(&form, || database_address(&id)),
        Err(_) => "/databases".to_owned(),
    };
    answer(&state, &headers, back, outcome, Vec::new())
}

fn answer(
    state: &AppState,
    headers: &HeaderMap,
    back: String,
    outcome: Result<Done, AppError>,
    entered: Vec<(String, String)>,
) -> Response {
    match outcome {
        Ok(Done { to, news }) => with_news(succeeded(headers, &to), state.cookies, news),
        Err(error) => failed(headers, state.cookies, &back, error, entered),
    }
}

/// The page that the form names, or the usual one.
fn back_or(form: &ViewForm, usual: impl FnOnce() -> String) -> String {
    match form.text("back") {
        Some(back) if !back.is_empty() => safe_address(Some(back)),
        _ => usual(),
    }
}

/// The view's page, where forms about it stand.
fn fallback((id, view): &(String, String)) -> String {
    match (id.parse::<DatabaseId>(), view.parse::<ViewId>()) {
        (Ok(id), Ok(view)) => view_address(&id, &view),
        _ => "/databases".to_owned(),
    }
}

fn read_id(ctx: &Ctx, id: &str) -> Result<DatabaseId, AppError> {
    ctx.authorize(Permission::CatalogRead)?;
    id.parse().map_err(|_| AppError::not_found("This database"))
}

fn read_ids(ctx: &Ctx, (id, view): &(String, String)) -> Result<(DatabaseId, ViewId), AppError> {
    let id = read_id(ctx, id)?;
    let view = view.parse().map_err(|_| AppError::not_found("This view"))?;
    Ok((id, view))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_an_address_says_is_kept() {
        let text = |text: &str| Some(text.to_owned());
        // Without a rest: what an address can say besides has to be written here.
        let query = DiagramQuery {
            view: text("vw_aaaaaaaaaa"),
            show: text("orders+1"),
            keep: Some(1),
            fold: text("stock"),
            hide: text("note"),
            level: text("used"),
            overlay: text("usage"),
            from: Some(2),
            to: Some(3),
            days: Some(30),
            path: text("a,b"),
            way: Some(4),
            relations: text("all"),
        };
        let fields = query.parameters().into_iter();
        let form = fields.map(|(name, value)| match name {
            "keep" => (TERMS.to_owned(), value),
            name => (name.to_owned(), value),
        });
        let form = ViewForm(form.collect());
        assert_eq!(form.query(), query);
        assert!(!form.keeps());
    }
}
