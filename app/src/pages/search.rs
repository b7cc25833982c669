//! The page that searches: words and filters, what fits and why, filters to click. All of it is
//! the address, so it works without scripts and a link restores it.

mod hits;
mod narrow;

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use crate::query::use_query;
use hits::Hits;
use leptos::ev;
use leptos::prelude::*;
use leptos_meta::Title;
use model::address::search_address;
use model::number::grouped;
use model::search::{SearchNote, SearchQuery, SearchResults};
use narrow::{Facets, SetFilters};
use ui::{Button, ButtonLink, Crumb, EmptyState, IconName, Notice, SearchField, Tone};

/// `/search?q=&page=`
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query();
    let question = Memo::new(move |_| {
        let query = query.read();
        PageQuestion::SearchPage {
            text: query.get("q").unwrap_or_default(),
            page: query
                .get("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(1),
        }
    });
    view! { <Answered question section=Section::None draw=parts::search/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::SearchPage { text, .. }, PageAnswer::SearchPage(results)) => {
            view! { <Loaded results=*results text/> }.into_any()
        }
        _ => mismatch(),
    }
}

#[component]
fn Loaded(results: SearchResults, text: String) -> impl IntoView {
    let title = match text.trim() {
        "" => "Search".to_owned(),
        text => format!("{text} – search"),
    };
    let notes = results
        .query
        .notes
        .iter()
        .map(|note| {
            let text = note_text(note);
            view! { <Notice tone=Tone::Info testid="search-note">{text}</Notice> }.into_any()
        })
        .collect::<Vec<_>>();
    let found = if results.query.is_empty() {
        view! { <Help/> }.into_any()
    } else {
        found(&results)
    };
    view! {
        <Title text=title/>
        <Frame crumbs=vec![Crumb::here("Search")] section=Section::None>
            <h1 class="visually-hidden">"Search"</h1>
            <div class="search-page" on:keydown=move_focus>
                <form class="toolbar" method="get" action="/search" role="search">
                    <SearchField label="Words, or db: schema: type: tag: owner: has:note is:undocumented"
                        name="q" value=text testid="search-text"/>
                    <Button submit=true>"Find"</Button>
                </form>
                <SetFilters query=results.query.clone()/>
                {notes}
                {found}
            </div>
        </Frame>
    }
}

fn found(results: &SearchResults) -> AnyView {
    let query = results.query.clone();
    if results.total == 0 {
        let without = SearchQuery {
            filters: Vec::new(),
            ..query.clone()
        };
        let filtered = !query.filters.is_empty() && !query.words.is_empty();
        return view! {
            <EmptyState icon=IconName::Search title="Nothing fits" plain=true testid="search-empty"
                text="Names, comments, descriptions, tags and types were searched. Try fewer words or a part of one.">
                {filtered.then(|| view! {
                    <ButtonLink href=search_address(&without.to_string(), 1)>"Search without filters"</ButtonLink>
                })}
            </EmptyState>
        }
        .into_any();
    }
    let count = match (results.more, results.total) {
        (true, total) => format!("The best {} of more", grouped(i64::from(total))),
        (false, 1) => "1 found".to_owned(),
        (false, total) => format!("{} found", grouped(i64::from(total))),
    };
    let page = (results.pages > 1).then(|| format!(", page {} of {}", results.page, results.pages));
    let similar = results.similar.then(|| {
        let instead = results
            .corrected
            .as_ref()
            .map(|words| format!(" This is what “{words}” finds."));
        view! {
            <Notice tone=Tone::Info testid="search-similar">
                "Nothing fits these words exactly."
                {instead.unwrap_or_else(|| " These names resemble them.".to_owned())}
            </Notice>
        }
    });
    let text = query.to_string();
    let previous = (results.page > 1).then(|| {
        let href = search_address(&text, results.page - 1);
        view! { <ButtonLink href testid="previous-page">"Previous page"</ButtonLink> }
    });
    let next = (results.page < results.pages).then(|| {
        let href = search_address(&text, results.page + 1);
        view! { <ButtonLink href testid="next-page">"Next page"</ButtonLink> }
    });
    view! {
        {similar}
        <p class="dim" role="status" data-testid="search-count">{count}{page}</p>
        <Facets query facets=results.facets.clone()/>
        <Hits hits=results.hits.clone()/>
        <div class="actions">{previous}{next}</div>
    }
    .into_any()
}

fn note_text(note: &SearchNote) -> String {
    match note {
        SearchNote::UnknownFilter(word) => {
            format!("There is no filter “{word}”, so it was searched for as text.")
        }
        SearchNote::NoValue(key) => format!("“{key}:” has no value and was left out."),
        SearchNote::TooMany => {
            "There are more words or filters than count; the first did.".to_owned()
        }
        SearchNote::TooLong => {
            "The text is longer than what is read; its beginning was.".to_owned()
        }
    }
}

/// What can be typed, with a search to try for each.
#[component]
fn Help() -> impl IntoView {
    const FILTERS: [(&str, &str, Option<&str>); 8] = [
        (
            "customer email",
            "every word, in names, comments, descriptions, tags and types; orders.id or sales.orders too",
            None,
        ),
        (
            "db:warehouse",
            "in a database, by name or id; db:\"Sample shop\" with blanks",
            None,
        ),
        ("schema:sales", "in a schema", None),
        (
            "type:view",
            "a kind of table, a data type (type:uuid), a semantic type, column or database",
            Some("type:view"),
        ),
        ("tag:finance", "tables with a tag", None),
        (
            "owner:ada",
            "tables of somebody, by username, email or name",
            None,
        ),
        (
            "has:note",
            "tables and columns that somebody described",
            Some("has:note"),
        ),
        (
            "is:undocumented",
            "neither described by people nor by the source",
            Some("is:undocumented"),
        ),
    ];
    let rows = FILTERS
        .into_iter()
        .map(|(example, meaning, search)| {
            let example = match search {
                Some(search) => {
                    view! { <a class="mono" href=search_address(search, 1)>{example}</a> }
                        .into_any()
                }
                None => view! { <span class="mono">{example}</span> }.into_any(),
            };
            view! { <div><dt>{example}</dt><dd class="dim">{meaning}</dd></div> }
        })
        .collect_view();
    view! {
        <dl class="search-help" data-testid="search-help">{rows}</dl>
        <p class="dim">"Filters stand anywhere among the words. Values of one filter are alternatives; different filters must all hold."</p>
    }
}

/// Arrow keys lead from the field to the hits and from one to the next.
fn move_focus(event: ev::KeyboardEvent) {
    use wasm_bindgen::JsCast as _;
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some(here) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    else {
        return;
    };
    let link_in = |element: web_sys::Element| element.query_selector("a.hit-name").ok().flatten();
    let page = || here.closest(".search-page").ok().flatten();
    let to = match here.closest("li.hit").ok().flatten() {
        Some(hit) if down => hit.next_element_sibling().and_then(link_in),
        Some(hit) => match hit.previous_element_sibling() {
            Some(before) => link_in(before),
            None => {
                page().and_then(|page| page.query_selector("input[type=search]").ok().flatten())
            }
        },
        None if down && here.tag_name() == "INPUT" => page().and_then(link_in),
        None => None,
    };
    if let Some(to) = to.and_then(|to| to.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        // Refused only by what cannot have the focus.
        let _ = to.focus();
    }
}
