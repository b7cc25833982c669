//! The list of databases.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_now;
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::pages::ways_in::WaysIn;
use crate::parts;
use leptos::prelude::*;
use leptos_meta::Title;
use model::address::{database_address, diagram_address, jobs_address};
use model::catalog::{DatabaseOrigin, DatabaseSummary};
use model::number::grouped;
use ui::{Crumb, RelativeTime};

/// `/databases`
#[component]
pub fn DatabaseListPage() -> impl IntoView {
    let question = Memo::new(|_| PageQuestion::DatabaseList);
    view! { <Answered question section=Section::Databases draw=|question, answer| parts::here(draw(question, answer))/> }
}

fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::DatabaseList(databases) => view! { <Loaded databases/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(databases: Vec<DatabaseSummary>) -> impl IntoView {
    let is_empty = databases.is_empty();
    let rows = databases.into_iter().map(row).collect_view();
    view! {
        <Title text="Databases"/>
        <Frame crumbs=vec![Crumb::here("Databases")] section=Section::Databases>
            <div class="page-header">
                <div class="page-title"><h1>"Databases"</h1></div>
                <div class="actions">
                    <a class="button button-ghost" href=jobs_address(None) data-testid="jobs-link">"Refreshes"</a>
                    <a class="button button-primary" href="/databases/new">"Import a script"</a>
                </div>
            </div>
            {if is_empty {
                view! {
                    <p class="dim" data-testid="databases-empty">"The catalog is empty. Bring a first database in:"</p>
                    <WaysIn/>
                }.into_any()
            } else {
                view! {
                    <div class="table-frame" role="region" aria-label="Databases" tabindex="0">
                        <table class="table" data-testid="databases">
                            <thead>
                                <tr>
                                    <th scope="col">"Name"</th>
                                    <th scope="col">"Source"</th>
                                    <th scope="col">"Schemas"</th>
                                    <th scope="col" class="num">"Tables"</th>
                                    <th scope="col" class="num">"Views"</th>
                                    <th scope="col" class="num">"Columns"</th>
                                    <th scope="col" class="num">"References"</th>
                                    <th scope="col" class="num">"Read"</th>
                                    <th scope="col"><span class="visually-hidden">"Diagram"</span></th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        </Frame>
    }
}

/// Where a database's structure comes from, in words.
pub fn origin_label(origin: DatabaseOrigin) -> &'static str {
    match origin {
        DatabaseOrigin::Script => "script",
        DatabaseOrigin::Sample => "sample",
        DatabaseOrigin::Connection => "connection",
    }
}

fn row(database: DatabaseSummary) -> impl IntoView {
    const SCHEMAS_SHOWN: usize = 3;
    let counts = database.counts;
    let mut schemas = database
        .schemas
        .iter()
        .take(SCHEMAS_SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if database.schemas.len() > SCHEMAS_SHOWN {
        schemas.push_str(&format!(
            " and {} more",
            database.schemas.len() - SCHEMAS_SHOWN
        ));
    }
    let number = |count: u64| {
        let class = if count == 0 { "num dim" } else { "num" };
        view! { <td class=class>{grouped(count as i64)}</td> }
    };
    view! {
        <tr>
            <th scope="row"><a href=database_address(&database.id)>{database.name.clone()}</a></th>
            <td class="dim">{database.provider.clone()}" "{origin_label(database.origin)}</td>
            <td class="mono dim">{schemas}</td>
            {number(counts.tables)}
            {number(counts.views)}
            {number(counts.columns)}
            {number(counts.foreign_keys)}
            <td class="num dim"><RelativeTime at=database.refreshed_at now=use_now()/></td>
            <td class="col-actions"><a class="button button-small" href=diagram_address(&database.id, None)>"Diagram"</a></td>
        </tr>
    }
}
