//! The list itself: filters, rows with their buttons, and verdicts on many at once.

use super::list_address;
use crate::pages::verdict::{
    action, by_whom, ends, lead_back_here, oddities, percent, state_badge,
};
use leptos::prelude::*;
use model::address::relations_address;
use model::id::DatabaseId;
use model::number::grouped;
use model::relation::verdict::{Relation, RelationPage, RelationQuery, RelationState};
use ui::{Button, ButtonLink, ButtonVariant, EmptyState, IconName, TableFrame};

/// Confidences that a filter offers, in per cent.
const LEAST: [u8; 4] = [70, 80, 90, 95];

/// The relations of one page, with what narrows them.
#[component]
pub(super) fn RelationList(
    /// The relations.
    page: RelationPage,
    /// What was asked for.
    wanted: RelationQuery,
    /// Whether the person may decide.
    may_edit: bool,
) -> impl IntoView {
    let id = page.database_id.clone();
    let back = list_address(&id, &wanted);
    let count = match page.total {
        1 => "1 relation".to_owned(),
        total => format!("{} relations", grouped(total as i64)),
    };
    let next = page.next.clone().map(|next| {
        let query = RelationQuery { after: Some(next), ..wanted.clone() };
        view! { <ButtonLink href=list_address(&id, &query) testid="next-page">"Next page"</ButtonLink> }
    });
    let first = wanted.after.is_some().then(|| {
        let query = RelationQuery { after: None, ..wanted.clone() };
        view! { <ButtonLink href=list_address(&id, &query) variant=ButtonVariant::Ghost>"First page"</ButtonLink> }
    });
    let is_empty = page.rows.is_empty();
    // Where nothing waits for a verdict there is nothing to check.
    let may_check = may_edit
        && page
            .rows
            .iter()
            .any(|row| row.state == RelationState::Proposed);
    let rows = page
        .rows
        .into_iter()
        .map(|relation| row(&id, relation, may_edit, may_check))
        .collect_view();
    let head = view! {
        {may_check.then(|| view! { <th scope="col"><span class="visually-hidden">"Check"</span></th> })}
        <th scope="col">"Relation"</th>
        <th scope="col" class="num">"Sure"</th>
        <th scope="col">"Why"</th>
        <th scope="col">"State"</th>
        {may_edit.then(|| view! { <th scope="col"><span class="visually-hidden">"Decide"</span></th> })}
    }
    .into_any();
    let bulk = may_check.then(|| {
        view! {
            <div class="relation-bulk">
                <span class="dim">"Those that are checked:"</span>
                <button class="button button-secondary" type="submit" name="verdict" value="accept"
                    data-testid="accept-checked">"Accept checked"</button>
                <button class="button button-ghost" type="submit" name="verdict" value="reject"
                    data-testid="reject-checked">"Reject checked"</button>
            </div>
        }
    });
    view! {
        <section class="section" aria-labelledby="relations-title">
            <div class="section-head">
                <h2 id="relations-title">"List"</h2>
                <span class="dim" role="status" data-testid="relation-count">{count}</span>
            </div>
            <Narrow id=id.clone() schemas=page.schemas wanted=wanted.clone()/>
            {if is_empty {
                let (title, text) = empty_words(&wanted);
                view! { <EmptyState icon=IconName::Link title text plain=true testid="relations-empty"/> }.into_any()
            } else {
                view! {
                    <form method="post" action=action(&id) on:submit=lead_back_here>
                        <input type="hidden" name="back" value=back/>
                        {bulk}
                        <TableFrame label="Relations" head testid="relations">{rows}</TableFrame>
                    </form>
                    <div class="actions">{first}{next}</div>
                }.into_any()
            }}
        </section>
    }
}

fn empty_words(wanted: &RelationQuery) -> (&'static str, &'static str) {
    if wanted.schema.is_some() || wanted.least.is_some() || wanted.after.is_some() {
        return ("Nothing fits", "No relation fits these filters.");
    }
    match wanted.state {
        Some(RelationState::Proposed) => (
            "Nothing is proposed",
            "The source declares what its names mean, or people have decided about all of it.",
        ),
        Some(RelationState::Accepted) => (
            "Nothing was accepted yet",
            "Accepted relations stand here for good, with who accepted them.",
        ),
        Some(RelationState::Rejected) => (
            "Nothing was rejected",
            "What is rejected stands here, and is not proposed again.",
        ),
        None => ("No relations", "Nothing is proposed, accepted or rejected."),
    }
}

/// The form that narrows the list.
#[component]
fn Narrow(id: DatabaseId, schemas: Vec<String>, wanted: RelationQuery) -> impl IntoView {
    let schema_options = schemas
        .into_iter()
        .map(|schema| {
            let selected = wanted.schema.as_ref() == Some(&schema);
            view! { <option value=schema.clone() selected=selected>{schema.clone()}</option> }
        })
        .collect_view();
    let least_options = LEAST
        .into_iter()
        .map(|least| {
            let selected = wanted.least == Some(least);
            view! { <option value=least.to_string() selected=selected>{format!("At least {least} %")}</option> }
        })
        .collect_view();
    let state = match wanted.state {
        Some(RelationState::Proposed) => None,
        Some(state) => Some(state.as_str()),
        None => Some("any"),
    };
    view! {
        <form class="toolbar" method="get" action=relations_address(&id) role="search" data-testid="relation-search">
            {state.map(|state| view! { <input type="hidden" name="state" value=state/> })}
            <select class="select" name="schema" aria-label="Schema">
                <option value="">"All schemas"</option>
                {schema_options}
            </select>
            <select class="select" name="least" aria-label="Confidence" data-testid="relation-least">
                <option value="">"Any confidence"</option>
                {least_options}
            </select>
            <Button submit=true testid="relation-filter">"Filter"</Button>
        </form>
    }
}

fn row(id: &DatabaseId, relation: Relation, may_edit: bool, may_check: bool) -> AnyView {
    let sentence = relation.sentence();
    let key = relation.key.to_string();
    let is_open = relation.state == RelationState::Proposed;
    let check = may_check.then(|| {
        view! {
            <td>
                {is_open.then(|| view! {
                    <input type="checkbox" name="relation" value=key.clone() aria-label=format!("Check {sentence}")
                        data-testid="check-relation"/>
                })}
            </td>
        }
    });
    let sure = relation.confidence.map(percent);
    let odd = oddities(&relation);
    let told = odd
        .into_iter()
        .map(|text| view! { <p class="relation-odd">{text}</p> })
        .collect_view();
    let note = relation
        .decision
        .as_ref()
        .and_then(|decision| decision.note.clone())
        .map(|note| view! { <p class="relation-note">"“"{note}"”"</p> });
    let by_hand = relation
        .decision
        .as_ref()
        .is_some_and(|decision| decision.by_hand);
    let reason = match (relation.reason.is_empty(), by_hand) {
        (false, _) => relation.reason.clone(),
        (true, true) => "Added by hand.".to_owned(),
        (true, false) => String::new(),
    };
    let decision = relation.decision.as_ref().map(by_whom);
    let decision = decision.map(|text| view! { <span class="dim">{text}</span> });
    let actions = may_edit.then(|| {
        let hidden = format!(": {sentence}");
        let buttons = match &relation.decision {
            None => {
                let (accept, reject) = (format!("accept {key}"), format!("reject {key}"));
                view! {
                    <button class="button button-secondary button-small" type="submit" name="one" value=accept
                        data-testid="accept-relation">"Accept"<span class="visually-hidden">{hidden.clone()}</span></button>
                    <button class="button button-ghost button-small" type="submit" name="one" value=reject
                        data-testid="reject-relation">"Reject"<span class="visually-hidden">{hidden}</span></button>
                }
                .into_any()
            }
            Some(decision) => {
                let to = format!("{}/{}/withdraw", action(id), decision.id);
                view! {
                    <button class="button button-ghost button-small" type="submit" formaction=to
                        data-testid="withdraw-relation">"Withdraw"<span class="visually-hidden">{hidden}</span></button>
                }
                .into_any()
            }
        };
        view! { <td><div class="relation-verdict">{buttons}</div></td> }
    });
    view! {
        <tr data-testid="relation" data-state=relation.state.as_str()>
            {check}
            <th scope="row" class="wrap">{ends(id, &relation)}</th>
            <td class="num">{sure.unwrap_or_else(|| "—".to_owned())}</td>
            <td class="wrap relation-why"><p>{reason}</p>{told}{note}</td>
            <td class="relation-state">{state_badge(&relation)}{decision}</td>
            {actions}
        </tr>
    }
    .into_any()
}
