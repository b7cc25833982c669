//! The ER diagram of a database.

mod about;
mod arrange_bar;
mod asked;
mod bar;
mod columns;
mod drawer;
mod find;
mod follow;
mod fonts;
mod help;
mod hidden;
mod legend;
mod lost;
mod minimap;
mod outline;
mod picture;
mod reach;
mod relations;
mod surface;
mod sync;
mod views;
mod voice;
mod ways;
mod wheel;

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::embed::is_embedded;
use crate::pages::frame::{Frame, FrameKind, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use crate::query::use_query;
use bar::Bar;
use contract::catalog::DiagramData;
use diagram::graph::TableNode;
use diagram::overlay::{Mark, MarkKind};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::address::{database_address, diagram_address, table_address};
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use std::sync::Arc;
use surface::Surface;
use ui::{ButtonLink, Crumb, EmptyState, IconName};
use views::OpenState;

/// `/databases/{id}/diagram`
#[component]
pub fn DiagramPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| PageQuestion::Diagram {
        id: params.read().get("id").unwrap_or_default(),
        query: DiagramQuery::read(|key| query.read().get(key)),
    });
    view! { <Answered question section=Section::Databases draw=parts::diagram/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::Diagram { query, .. }, PageAnswer::Diagram(data)) => {
            view! { <Loaded data=*data query/> }.into_any()
        }
        (PageQuestion::Embedded { .. }, PageAnswer::Diagram(data)) => {
            view! { <Loaded data=*data query=DiagramQuery::default() is_public=true/> }.into_any()
        }
        _ => mismatch(),
    }
}

#[component]
fn Loaded(
    data: DiagramData,
    query: DiagramQuery,
    /// For everybody who has the address.
    #[prop(optional)]
    is_public: bool,
) -> impl IntoView {
    let title = match &data.view {
        Some(view) if is_public => format!("{}: {}", data.database_name, view.summary.name),
        _ => format!("{} diagram", data.database_name),
    };
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(
            data.database_name.clone(),
            database_address(&data.database_id),
        ),
        Crumb::here("Diagram"),
    ];
    let heading = title.clone();
    let data = Arc::new(data);
    let open = OpenState::new(&data);
    let embed_bar = is_embedded().then(|| embed_bar(&data, &query, is_public));
    // The view may be made while the page is open; then every link is one of that view.
    let address = Signal::derive(move || open.address(&query));
    let bar = embed_bar.unwrap_or_else(|| {
        let data = data.clone();
        view! { <Bar data query=address open/> }.into_any()
    });
    view! {
        <Title text=title/>
        <Frame crumbs section=Section::Databases kind=FrameKind::Full>
            <div class="diagram">
                <h1 class="visually-hidden">{heading}</h1>
                {bar}
                {if data.graph.tables.is_empty() {
                    let asks = data.shown.show.is_some();
                    let view = data.view.as_ref().map(|view| view.summary.name.clone());
                    view! { <NothingShown id=data.database_id.clone() asks view/> }.into_any()
                } else {
                    view! { <Surface data query=address open/> }.into_any()
                }}
            </div>
        </Frame>
    }
}

/// What stands over a diagram that another site shows. What is for everybody leads nowhere: most of
/// those who see it could not follow.
fn embed_bar(data: &DiagramData, query: &DiagramQuery, is_public: bool) -> AnyView {
    let href = query.address(&data.database_id);
    let view = data.view.as_ref().filter(|_| is_public);
    let view = view.map(|view| {
        let name = view.summary.name.clone();
        view! { <strong data-testid="embed-view">{name}</strong> }
    });
    let notes = data
        .notes
        .iter()
        .map(|note| view! { <span class="diagram-unknown" role="status">{note.clone()}</span> })
        .collect_view();
    view! {
        <div class="diagram-toolbar embed-bar" data-testid="embed-bar">
            <span>{data.database_name.clone()}</span>
            {view}
            {notes}
            {(!is_public).then(|| view! {
                <a class="toolbar-end" href=href target="_blank" rel="noopener">"Open in Crowfoot"</a>
            })}
        </div>
    }
    .into_any()
}

/// The page of a table, if it has one: a table that is there no longer has none, and what another
/// site shows leads nowhere. To be asked while the page is drawn.
fn page_of(data: &DiagramData, table: &TableNode) -> Option<String> {
    // The catalog's ids are positive; what only an older version has has others. What a view keeps
    // although it is gone has no page either.
    let ghosts = data.view.as_ref().map(|view| view.ghosts.as_slice());
    let is_there =
        table.id >= 0 && !is_embedded() && !ghosts.unwrap_or_default().contains(&table.id);
    is_there.then(|| table_address(&data.database_id, &table.schema, &table.name))
}

/// A mark as its sign, with what it says for those who do not see it.
fn sign(mark: &Mark) -> AnyView {
    let class = match mark.kind {
        MarkKind::Heat => "legend-count".to_owned(),
        _ => format!("legend-sign legend-{}", mark.css_name()),
    };
    view! {
        <span class=class title=mark.label.clone()>
            <span aria-hidden="true">{mark.sign().to_owned()}</span>
            <span class="visually-hidden">{mark.label.clone()}</span>
        </span>
    }
    .into_any()
}

#[component]
fn NothingShown(id: DatabaseId, asks: bool, view: Option<String>) -> impl IntoView {
    let (title, text) = match (&view, asks) {
        (Some(_), _) => (
            "Every table of this view is gone",
            "What it shows is no longer in the database.",
        ),
        (None, true) => (
            "No table fits",
            "Change what is shown above, or go back to the default.",
        ),
        (None, false) => ("There is nothing to draw", "This database holds no table."),
    };
    let way_out = match view {
        Some(_) => Some((
            DiagramQuery::without_view().address(&id),
            "Show the database",
        )),
        None if asks => Some((diagram_address(&id, None), "Default view")),
        None => None,
    };
    view! {
        <div class="diagram-pane" data-testid="er-diagram" data-state="ready" data-tables="0" data-links="0">
            <div class="diagram-overlay">
                <EmptyState icon=IconName::Diagram title text>
                    {way_out.filter(|_| !is_embedded()).map(|(href, text)| view! { <ButtonLink href testid="diagram-way-out">{text}</ButtonLink> })}
                </EmptyState>
            </div>
        </div>
    }
}
