//! The ER diagram of a database.

mod drawer;
mod surface;

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::frame::{Frame, FrameKind, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use contract::catalog::DiagramData;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::address::{database_address, diagram_address};
use model::id::DatabaseId;
use surface::Surface;
use ui::{Badge, Button, ButtonLink, Crumb, EmptyState, IconName};

/// `/databases/{id}/diagram`
#[component]
pub fn DiagramPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let question = Memo::new(move |_| PageQuestion::Diagram {
        id: params.read().get("id").unwrap_or_default(),
        show: query.read().get("show"),
    });
    view! { <Answered question section=Section::Databases draw=parts::diagram/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::Diagram { show, .. }, PageAnswer::Diagram(data)) => {
            view! { <Loaded data=*data show/> }.into_any()
        }
        _ => mismatch(),
    }
}

#[component]
fn Loaded(data: DiagramData, show: Option<String>) -> impl IntoView {
    let title = format!("{} diagram", data.database_name);
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(
            data.database_name.clone(),
            database_address(&data.database_id),
        ),
        Crumb::here("Diagram"),
    ];
    let heading = title.clone();
    let shown = data.graph.tables.len();
    let bar = view! {
        <Bar
            id=data.database_id.clone()
            show=show.clone()
            shown
            total=data.tables_total
            hubs_only=data.hubs_only
            unknown=data.unknown.clone()
        />
    };
    view! {
        <Title text=title/>
        <Frame crumbs section=Section::Databases kind=FrameKind::Full>
            <div class="diagram">
                <h1 class="visually-hidden">{heading}</h1>
                {bar}
                {if shown == 0 {
                    view! { <NothingShown id=data.database_id show/> }.into_any()
                } else {
                    view! { <Surface data/> }.into_any()
                }}
            </div>
        </Frame>
    }
}

/// What is shown, and the way to show something else. The form works without scripts.
#[component]
fn Bar(
    id: DatabaseId,
    show: Option<String>,
    shown: usize,
    total: u64,
    hubs_only: bool,
    unknown: Vec<String>,
) -> impl IntoView {
    let everything = diagram_address(&id, Some("*"));
    let count = if total == shown as u64 {
        format!("{shown} tables")
    } else {
        format!("{shown} of {total} tables")
    };
    let hint = "Names, patterns and expressions, separated by commas: orders+1 adds its neighbours, sales.* a schema, -name leaves out";
    let unknown_text =
        (!unknown.is_empty()).then(|| format!("Nothing is called {}.", unknown.join(", ")));
    view! {
        <div class="diagram-toolbar">
            <form class="diagram-show" method="get" action=diagram_address(&id, None) role="search" title=hint>
                <label class="visually-hidden" for="show">"Tables to show"</label>
                <input id="show" class="input mono" name="show" type="search" value=show.unwrap_or_default()
                    placeholder="orders+1, sales.*, -audit_log" autocomplete="off" spellcheck="false"
                    data-testid="diagram-show"/>
                <Button submit=true>"Show"</Button>
            </form>
            <Badge testid="diagram-count">{count}</Badge>
            {hubs_only.then(|| view! {
                <span class="dim" data-testid="diagram-hubs">"The best-connected tables; type a name to see another part."</span>
            })}
            {unknown_text.map(|text| view! {
                <span class="diagram-unknown" role="status" data-testid="diagram-unknown">{text}</span>
            })}
            <div class="toolbar-end">
                {(total > shown as u64).then(|| view! { <ButtonLink href=everything>"Show all"</ButtonLink> })}
            </div>
        </div>
    }
}

#[component]
fn NothingShown(id: DatabaseId, show: Option<String>) -> impl IntoView {
    let (title, text) = if show.is_some() {
        (
            "No table fits",
            "Change what is shown above, or go back to the default.",
        )
    } else {
        ("There is nothing to draw", "This database holds no table.")
    };
    view! {
        <div class="diagram-pane" data-testid="er-diagram" data-state="ready" data-tables="0" data-links="0">
            <div class="diagram-overlay">
                <EmptyState icon=IconName::Diagram title text>
                    {show.is_some().then(|| view! { <ButtonLink href=diagram_address(&id, None)>"Default view"</ButtonLink> })}
                </EmptyState>
            </div>
        </div>
    }
}
