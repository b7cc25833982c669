//! References of a table that its source does not declare: those that somebody accepted, marked as
//! such, and those that are proposed, with their reason and the buttons to decide.

use crate::pages::verdict::{VerdictForm, decided, ends, oddities, percent};
use leptos::prelude::*;
use model::address::relations_address;
use model::catalog::RELATIONS_MAX;
use model::id::DatabaseId;
use model::number::grouped;
use model::relation::verdict::{Relation, RelationState};
use ui::{Badge, TableFrame, Tone};

/// What is known of a table's relations that are not declared.
#[derive(Clone)]
pub(super) struct Undeclared {
    /// The relations, the accepted ones first.
    pub(super) relations: Vec<Relation>,
    /// Whether proposals are still being worked out.
    pub(super) is_pending: bool,
    /// Whether the person may decide.
    pub(super) may_edit: bool,
    /// The address of the table's page.
    pub(super) back: String,
}

impl Undeclared {
    /// Both lists; nothing where there is nothing.
    pub(super) fn view(self, id: &DatabaseId) -> AnyView {
        let Self {
            relations,
            is_pending,
            may_edit,
            back,
        } = self;
        let is_cut = relations.len() >= RELATIONS_MAX;
        let (accepted, proposed): (Vec<Relation>, Vec<Relation>) = relations
            .into_iter()
            .partition(|relation| relation.state == RelationState::Accepted);
        let list = relations_address(id);
        let has_accepted = (!accepted.is_empty()).then(|| self::accepted(id, accepted));
        let has_proposed = (!proposed.is_empty()).then(|| {
            let count = grouped(proposed.len() as i64);
            let rows = proposed
                .into_iter()
                .map(|relation| proposal(id, relation, may_edit, &back))
                .collect_view();
            view! {
                <h3>{format!("Proposed {count}")}</h3>
                <p class="dim">"Not declared, but its names and types seem to mean it."</p>
                <ul class="relation-proposals" data-testid="proposed-relations">{rows}</ul>
                <p><a href=list.clone()>"All proposals of this database"</a></p>
            }
        });
        view! {
            {has_accepted}
            {has_proposed}
            {is_pending.then(|| view! {
                <p class="dim" data-testid="relations-pending">
                    "What may be meant without being declared is still being worked out; reload the page in a moment."
                </p>
            })}
            {is_cut.then(|| view! {
                <p class="dim">{format!("The first {RELATIONS_MAX} are shown; ")}<a href=list>"all stand in the list"</a>"."</p>
            })}
        }
        .into_any()
    }
}

fn accepted(id: &DatabaseId, relations: Vec<Relation>) -> AnyView {
    let count = grouped(relations.len() as i64);
    let rows = relations
        .into_iter()
        .map(|relation| {
            let by = decided(&relation).unwrap_or_default();
            let odd = oddities(&relation)
                .into_iter()
                .map(|text| view! { <p class="relation-odd">{text}</p> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row" class="wrap">{ends(id, &relation)}</th>
                    <td><Badge tone=Tone::Success>"not declared"</Badge></td>
                    <td class="wrap">{by}{odd}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {
        <th scope="col">"Relation"</th>
        <th scope="col">"State"</th>
        <th scope="col">"By"</th>
    }
    .into_any();
    view! {
        <h3>{format!("Accepted {count}")}</h3>
        <TableFrame label="Accepted relations" head testid="accepted-relations">{rows}</TableFrame>
    }
    .into_any()
}

fn proposal(id: &DatabaseId, relation: Relation, may_edit: bool, back: &str) -> AnyView {
    let sure = relation
        .confidence
        .map(|sure| format!("{} sure. ", percent(sure)));
    let form = may_edit.then(|| {
        view! { <VerdictForm id=id.clone() relation=relation.clone() back=back.to_owned()/> }
    });
    view! {
        <li data-testid="proposed-relation">
            <div>
                {ends(id, &relation)}
                <p class="dim">{sure}{relation.reason}</p>
            </div>
            {form}
        </li>
    }
    .into_any()
}
