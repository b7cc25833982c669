//! Saved views of diagrams.

use crate::form::{failed, not_whole, safe_address, succeeded, whole, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Path, Request, State};
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
use serde::de::DeserializeOwned;
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

/// A form about the views of a database or, with their ids in the address, about one of them.
pub(crate) struct Posted<P> {
    ctx: Ctx,
    path: P,
    headers: HeaderMap,
    form: Result<ViewForm, AppError>,
}

type OfDatabase = Posted<String>;
type OfView = Posted<(String, String)>;

impl<P: DeserializeOwned + Send> FromRequest<AppState> for Posted<P> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        type Parts<P> = (
            Extension<Ctx>,
            Path<P>,
            HeaderMap,
            Result<Form<ViewForm>, FormRejection>,
        );
        let (Extension(ctx), Path(path), headers, form) =
            Parts::<P>::from_request(request, state).await?;
        Ok(Self {
            ctx,
            path,
            headers,
            form: whole(form),
        })
    }
}

impl<P> Posted<P> {
    fn form(&self) -> Result<&ViewForm, AppError> {
        self.form.as_ref().map_err(Clone::clone)
    }

    /// The page that the form names, or the usual one.
    fn back_or(&self, usual: impl FnOnce() -> String) -> String {
        match self.form.as_ref().ok().and_then(|form| form.text("back")) {
            Some(back) if !back.is_empty() => safe_address(Some(back)),
            _ => usual(),
        }
    }

    /// What is answered; where it went wrong, on the page at `back`.
    fn answer(
        &self,
        state: &AppState,
        back: &str,
        outcome: Result<Done, AppError>,
        entered: Vec<(String, String)>,
    ) -> Response {
        match outcome {
            Ok(Done { to, news }) => with_news(succeeded(&self.headers, &to), state.cookies, news),
            Err(error) => failed(&self.headers, state.cookies, back, error, entered),
        }
    }
}

impl OfDatabase {
    fn id(&self) -> Result<DatabaseId, AppError> {
        read_id(&self.ctx, &self.path)
    }
}

impl OfView {
    fn ids(&self) -> Result<(DatabaseId, ViewId), AppError> {
        let (id, view) = &self.path;
        let id = read_id(&self.ctx, id)?;
        let view = view.parse().map_err(|_| AppError::not_found("This view"))?;
        Ok((id, view))
    }

    /// What is answered; where it went wrong, on the view's page, where forms about it stand.
    fn answer_on_page(
        &self,
        state: &AppState,
        outcome: Result<Done, AppError>,
        entered: Vec<(String, String)>,
    ) -> Response {
        let (id, view) = &self.path;
        let back = match (id.parse(), view.parse()) {
            (Ok(id), Ok(view)) => view_address(&id, &view),
            _ => "/databases".to_owned(),
        };
        self.answer(state, &back, outcome, entered)
    }
}

/// `POST /rpc/databases/{id}/views`: keeps what a diagram shows.
pub(crate) async fn create(State(state): State<AppState>, posted: OfDatabase) -> Response {
    let outcome = async {
        let id = posted.id()?;
        let form = posted.form()?;
        let text = |name| form.text(name).unwrap_or_default().to_owned();
        let new = NewView {
            name: Some(text("name")),
            folder: text("folder"),
            is_shared: form.is_shared() == Some(true),
            query: form.query(),
        };
        let views = &state.services.views;
        let made = views.view_create(&posted.ctx, &id, new).await?;
        done(
            DiagramQuery::of_view(&made.summary.id).address(&id),
            "The view is saved.",
        )
    };
    let outcome = outcome.await;
    let (query, entered) = match &posted.form {
        Ok(form) => (form.query(), form.entered()),
        Err(_) => Default::default(),
    };
    let back = match posted.path.parse::<DatabaseId>() {
        Ok(id) => query.address(&id),
        Err(_) => "/databases".to_owned(),
    };
    posted.answer(&state, &back, outcome, entered)
}

/// `POST /rpc/databases/{id}/views/{view}/change`: name, folder, who sees it.
pub(crate) async fn change(State(state): State<AppState>, posted: OfView) -> Response {
    let outcome = async {
        let (id, view) = posted.ids()?;
        let form = posted.form()?;
        let patch = ViewPatch {
            name: form.text("name").map(str::to_owned),
            folder: form.text("folder").map(str::to_owned),
            is_shared: form.is_shared(),
            query: form.keeps().then(|| form.query()),
        };
        let views = &state.services.views;
        views.view_change(&posted.ctx, &id, &view, patch).await?;
        done(
            posted.back_or(|| view_address(&id, &view)),
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
    let outcome = outcome.await;
    let entered = posted.form.as_ref().map(ViewForm::entered);
    posted.answer_on_page(&state, outcome, entered.unwrap_or_default())
}

/// `POST /rpc/databases/{id}/views/{view}/duplicate`
pub(crate) async fn duplicate(State(state): State<AppState>, posted: OfView) -> Response {
    let outcome = async {
        let (id, view) = posted.ids()?;
        let views = &state.services.views;
        let copy = views.view_duplicate(&posted.ctx, &id, &view).await?;
        done(
            DiagramQuery::of_view(&copy.summary.id).address(&id),
            "This is your copy. Only you see it.",
        )
    };
    posted.answer_on_page(&state, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/delete`
pub(crate) async fn delete(State(state): State<AppState>, posted: OfView) -> Response {
    let outcome = async {
        let (id, view) = posted.ids()?;
        let views = &state.services.views;
        views.view_delete(&posted.ctx, &id, &view).await?;
        done(diagram_address(&id, None), "The view is deleted.")
    };
    posted.answer_on_page(&state, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/restore`
pub(crate) async fn restore(State(state): State<AppState>, posted: OfView) -> Response {
    let outcome = async {
        let (id, view) = posted.ids()?;
        let number = posted.form()?.text("number").and_then(|it| it.parse().ok());
        let views = &state.services.views;
        views
            .view_restore(&posted.ctx, &id, &view, number.unwrap_or(0))
            .await?;
        done(
            DiagramQuery::of_view(&view).address(&id),
            "The view is as it was. What it was until now is kept in its history.",
        )
    };
    posted.answer_on_page(&state, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/dismiss`: a table that disappeared from its source.
pub(crate) async fn dismiss(State(state): State<AppState>, posted: OfView) -> Response {
    let outcome = async {
        let (id, view) = posted.ids()?;
        let table = posted.form()?.text("table").and_then(|it| it.parse().ok());
        let table: TableId = table.ok_or_else(|| AppError::not_found("This table"))?;
        let views = &state.services.views;
        views.ghost_dismiss(&posted.ctx, &id, &view, table).await?;
        done(
            posted.back_or(|| DiagramQuery::of_view(&view).address(&id)),
            "The table is taken out of the view.",
        )
    };
    posted.answer_on_page(&state, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/views/{view}/show`: tables that the view hides are to be seen again.
pub(crate) async fn show(State(state): State<AppState>, posted: OfView) -> Response {
    let outcome = async {
        let (id, view) = posted.ids()?;
        let tables = posted.form()?.text("tables").unwrap_or_default();
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
        views.view_arrange(&posted.ctx, &id, &view, shown).await?;
        done(
            posted.back_or(|| DiagramQuery::of_view(&view).address(&id)),
            news,
        )
    };
    posted.answer_on_page(&state, outcome.await, Vec::new())
}

/// `POST /rpc/databases/{id}/default-view`: what opens when the diagram's address says nothing; an
/// empty `view` for none.
pub(crate) async fn default_view(State(state): State<AppState>, posted: OfDatabase) -> Response {
    let outcome = async {
        posted.ctx.authorize(Permission::CatalogWrite)?;
        let id = posted.id()?;
        let view = match posted.form()?.text("view") {
            None => return Err(not_whole()),
            Some("") => None,
            Some(text) => Some(text.parse().map_err(|_| AppError::not_found("This view"))?),
        };
        let views = &state.services.views;
        views
            .default_view_set(&posted.ctx, &id, view.as_ref())
            .await?;
        done(
            posted.back_or(|| diagram_address(&id, None)),
            match view {
                Some(_) => "This view opens first from now on.",
                None => "No view opens by itself any more.",
            },
        )
    };
    let outcome = outcome.await;
    let back = match posted.path.parse::<DatabaseId>() {
        Ok(id) => posted.back_or(|| database_address(&id)),
        Err(_) => "/databases".to_owned(),
    };
    posted.answer(&state, &back, outcome, Vec::new())
}

fn read_id(ctx: &Ctx, id: &str) -> Result<DatabaseId, AppError> {
    ctx.authorize(Permission::CatalogRead)?;
    id.parse().map_err(|_| AppError::not_found("This database"))
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
