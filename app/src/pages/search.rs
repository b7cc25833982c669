//! The page that searches: the palette for those without scripts, and a list that a link restores.

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::catalog::{SearchHit, SearchKind};
use ui::{Button, Crumb, EmptyState, IconName, SearchField, TableFrame};

/// Hits shown at the most.
const HITS: u32 = 50;

/// `/search?q=`
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query_map();
    let question = Memo::new(move |_| PageQuestion::Search {
        text: query.read().get("q").unwrap_or_default(),
        limit: HITS,
    });
    view! { <Answered question section=Section::None draw=parts::search/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::Search { text, .. }, PageAnswer::Search(hits)) => {
            view! { <Loaded hits text/> }.into_any()
        }
        _ => mismatch(),
    }
}

#[component]
fn Loaded(hits: Vec<SearchHit>, text: String) -> impl IntoView {
    let asked = !text.trim().is_empty();
    let is_empty = hits.is_empty();
    let rows = hits
        .into_iter()
        .map(|hit| {
            let kind = match hit.kind {
                SearchKind::Database => "database",
                SearchKind::Table => "table",
                SearchKind::Column => "column",
                SearchKind::Page => "page",
            };
            view! {
                <tr>
                    <th scope="row" class="mono"><a href=hit.address>{hit.label}</a></th>
                    <td class="dim">{kind}</td>
                    <td class="dim">{hit.context}</td>
                    <td class="wrap dim">{hit.detail.unwrap_or_default()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {

            <th scope="col">"Name"</th>
            <th scope="col">"Kind"</th>
            <th scope="col">"Where"</th>
            <th scope="col">"Type or comment"</th>

    }
    .into_any();
    view! {
        <Title text="Search"/>
        <Frame crumbs=vec![Crumb::here("Search")] section=Section::None>
            <h1 class="visually-hidden">"Search"</h1>
            <form class="toolbar" method="get" action="/search" role="search">
                <SearchField label="Find a table, column or database" name="q" value=text testid="search-text"/>
                <Button submit=true>"Find"</Button>
            </form>
            {match (asked, is_empty) {
                (true, true) => view! {
                    <EmptyState icon=IconName::Search title="Nothing is called that"
                        text="Names of databases, tables and columns are searched. Try a shorter part of the name." plain=true/>
                }.into_any(),
                (true, false) => view! {
                    <TableFrame label="Found" head testid="search-hits">{rows}</TableFrame>
                }.into_any(),
                (false, _) => view! {
                    <p class="dim">"Type a name, a part of one, schema.table or table.column."</p>
                }.into_any(),
            }}
        </Frame>
    }
}
