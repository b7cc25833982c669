//! The first page after signing in.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_bootstrap;
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::pages::ways_in::WaysIn;
use crate::parts;
use leptos::prelude::*;
use leptos_meta::Title;
use model::address::{database_address, diagram_address};
use model::catalog::{DatabaseOrigin, DatabaseSummary};
use model::number::grouped;
use ui::{Crumb, Icon, IconName};

/// `/`: with databases, the way to them; without, the ways to bring one in.
#[component]
pub fn HomePage() -> impl IntoView {
    let question = Memo::new(|_| PageQuestion::DatabaseList);
    view! { <Answered question section=Section::Home draw=|question, answer| parts::here(draw(question, answer))/> }
}

fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::DatabaseList(databases) => view! { <Loaded databases/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(databases: Vec<DatabaseSummary>) -> impl IntoView {
    let name = use_bootstrap()
        .user
        .map(|user| user.display_name().to_owned())
        .unwrap_or_default();
    let is_empty = databases.is_empty();
    let has_sample = databases
        .iter()
        .any(|database| database.origin == DatabaseOrigin::Sample);
    let cards = databases.into_iter().map(card).collect_view();
    view! {
        <Title text=""/>
        <Frame crumbs=vec![Crumb::here("Home")] section=Section::Home>
            {if is_empty {
                view! {
                    <div class="page-header">
                        <div class="page-title"><h1>{format!("Welcome, {name}")}</h1></div>
                        <p class="page-description">"The catalog is empty. Bring a first database in:"</p>
                    </div>
                    <WaysIn/>
                }.into_any()
            } else {
                view! {
                    <section class="section" aria-labelledby="databases-title">
                        <div class="section-head">
                            <h1 id="databases-title" class="section-title">"Databases"</h1>
                            <a class="button button-secondary" href="/databases">"All, as a list"</a>
                        </div>
                        <ul class="card-grid" data-testid="database-cards">{cards}</ul>
                    </section>
                    <section class="section" aria-labelledby="ways-title">
                        <h2 id="ways-title">"Bring another in"</h2>
                        <WaysIn has_sample/>
                    </section>
                }.into_any()
            }}
        </Frame>
    }
}

fn card(database: DatabaseSummary) -> impl IntoView {
    let counts = database.counts;
    let facts = format!(
        "{} tables · {} columns · {} references",
        grouped(counts.tables as i64),
        grouped(counts.columns as i64),
        grouped(counts.foreign_keys as i64)
    );
    view! {
        <li class="card choice">
            <Icon name=IconName::Database/>
            <h3><a class="choice-action" href=database_address(&database.id)>{database.name}</a></h3>
            <p class="dim">{facts}</p>
            <div class="actions card-actions">
                <a class="button button-small" href=diagram_address(&database.id, None)>"Diagram"</a>
            </div>
        </li>
    }
}
