//! Relations of a database that its source does not declare: what is proposed, what people said
//! to it, and a form to add one. All of it works without scripts.

mod adding;
mod list;

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use crate::query::{Query, use_query};
use adding::AddForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use list::RelationList;
use model::access::DatabaseAccess;
use model::address::{database_address, encode, relations_address};
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use model::number::grouped;
use model::relation::verdict::{RelationPage, RelationQuery, RelationState};
use ui::{ButtonLink, Crumb, IconName, PageHeader, Tab, Tabs};

/// How many relations one page of the list holds.
const PAGE_ROWS: u32 = 100;

/// `/databases/{id}/relations?state=&schema=&least=&after=&from=&to=`
#[component]
pub fn RelationsPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| PageQuestion::Relations {
        id: params.read().get("id").unwrap_or_default(),
        query: relation_query(&query.read()),
    });
    view! { <Answered question section=Section::Databases draw=parts::relations/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::Relations { query, .. }, PageAnswer::Relations(page)) => {
            view! { <Loaded page=*page wanted=query/> }.into_any()
        }
        _ => mismatch(),
    }
}

/// Reads the list's state from the address.
fn relation_query(query: &Query) -> RelationQuery {
    let given = |name: &str| query.get(name).filter(|text| !text.trim().is_empty());
    let adding = (given("from"), given("to"));
    RelationQuery {
        state: match given("state").as_deref() {
            // What waits for a verdict comes first.
            None => Some(RelationState::Proposed),
            Some(word) => RelationState::from_word(word),
        },
        schema: given("schema"),
        least: given("least").and_then(|text| text.trim().parse().ok()),
        after: given("after"),
        limit: PAGE_ROWS,
        adding: (adding != (None, None))
            .then(|| (adding.0.unwrap_or_default(), adding.1.unwrap_or_default())),
    }
}

/// The address of the list in a state.
fn list_address(id: &DatabaseId, query: &RelationQuery) -> String {
    let mut address = relations_address(id);
    let state = match query.state {
        Some(RelationState::Proposed) => "",
        Some(state) => state.as_str(),
        None => "any",
    };
    let least = query.least.map(|least| least.to_string());
    let mut separator = '?';
    for (name, value) in [
        ("state", state),
        ("schema", query.schema.as_deref().unwrap_or_default()),
        ("least", least.as_deref().unwrap_or_default()),
        ("after", query.after.as_deref().unwrap_or_default()),
    ] {
        if !value.is_empty() {
            address.push(separator);
            separator = '&';
            address.push_str(name);
            address.push('=');
            address.push_str(&encode(value));
        }
    }
    address
}

#[component]
fn Loaded(page: RelationPage, wanted: RelationQuery) -> impl IntoView {
    let id = page.database_id.clone();
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(page.database_name.clone(), database_address(&id)),
        Crumb::here("Relations"),
    ];
    let title = format!("Relations of {}", page.database_name);
    let counts = page.counts;
    let states: Vec<Tab> = [
        (Some(RelationState::Proposed), "Proposed", counts.proposed),
        (Some(RelationState::Accepted), "Accepted", counts.accepted),
        (Some(RelationState::Rejected), "Rejected", counts.rejected),
        (
            None,
            "All",
            counts.proposed + counts.accepted + counts.rejected,
        ),
    ]
    .into_iter()
    .map(|(state, label, count)| {
        let query = RelationQuery {
            state,
            after: None,
            ..wanted.clone()
        };
        let testid = match state {
            Some(RelationState::Proposed) => "relations-proposed",
            Some(RelationState::Accepted) => "relations-accepted",
            Some(RelationState::Rejected) => "relations-rejected",
            None => "relations-all",
        };
        Tab::new(label, list_address(&id, &query), wanted.state == state)
            .with_count(grouped(count as i64))
            .with_testid(testid)
    })
    .collect();
    let diagram = DiagramQuery {
        relations: Some("all".to_owned()),
        ..DiagramQuery::default()
    }
    .address(&id);
    let actions = view! {
        <ButtonLink href=diagram icon=IconName::Diagram testid="relations-diagram">"Draw them"</ButtonLink>
    }
    .into_any();
    let may_edit = page.access >= DatabaseAccess::Edit;
    let adding = page.adding.clone();
    view! {
        <Title text=title.clone()/>
        <Frame crumbs section=Section::Databases>
            <PageHeader title actions>
                <p>
                    "What the source does not declare but seems to mean, by its names, types and keys. Nothing counts as \
                     a reference before somebody accepts it, and what is rejected is not proposed again."
                </p>
            </PageHeader>
            <Tabs label="Relations by state" tabs=states testid="relation-states"/>
            <RelationList page wanted may_edit/>
            {may_edit.then(|| view! { <AddForm id adding/> })}
        </Frame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state() {
        let id = DatabaseId::from_entropy([0; 10]);
        let read = |pairs: &[(&str, &str)]| {
            let map: Query = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect();
            relation_query(&map)
        };
        let first = read(&[("schema", ""), ("least", "much")]);
        assert_eq!(first.state, Some(RelationState::Proposed));
        assert_eq!(
            (&first.schema, first.least, &first.adding),
            (&None, None, &None)
        );
        assert_eq!(
            list_address(&id, &first),
            "/databases/db_aaaaaaaaaa/relations"
        );
        let pairs = [
            ("state", "any"),
            ("schema", "a b"),
            ("least", "90"),
            ("after", "900-1-2"),
        ];
        let query = read(&pairs);
        assert_eq!((query.state, query.least), (None, Some(90)));
        assert_eq!(
            list_address(&id, &query),
            "/databases/db_aaaaaaaaaa/relations?state=any&schema=a%20b&least=90&after=900-1-2"
        );
        let adding = read(&[("from", "orders")]).adding;
        assert_eq!(adding, Some(("orders".to_owned(), String::new())));
    }
}
