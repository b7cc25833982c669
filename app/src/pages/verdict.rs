//! How a relation that is not declared is told, and the form in which people decide about it:
//! shared by the table's page, the diagram and the list. Plain forms, which work without scripts.

use crate::bootstrap::use_now;
use leptos::prelude::*;
use model::address::table_address;
use model::id::DatabaseId;
use model::relation::verdict::{Decision, Relation, RelationState};
use model::relation::{End, Target};
use ui::{Badge, Tone};

/// Where verdicts on relations of a database are posted.
pub(crate) fn action(id: &DatabaseId) -> String {
    format!("/rpc/databases/{id}/relations")
}

/// A confidence in whole per cent, never more than it is.
pub(crate) fn percent(confidence: f32) -> String {
    format!("{} %", (confidence * 100.0).floor() as i64)
}

/// Who decided, and when: `accepted by Ada, 3 days ago`.
pub(crate) fn decided(relation: &Relation) -> Option<String> {
    let decision = relation.decision.as_ref()?;
    let word = match (relation.state, decision.by_hand) {
        (RelationState::Rejected, _) => "rejected",
        (_, true) => "added",
        _ => "accepted",
    };
    Some(format!("{word} {}", by_whom(decision)))
}

/// Who, and when: `by Ada, 3 days ago`.
pub(crate) fn by_whom(decision: &Decision) -> String {
    let by = decision.by.as_deref().unwrap_or("somebody");
    format!("by {by}, {}", decision.at.ago(use_now()))
}

/// Its state as a badge.
pub(crate) fn state_badge(relation: &Relation) -> AnyView {
    let tone = match relation.state {
        RelationState::Proposed => Tone::Info,
        RelationState::Accepted => Tone::Success,
        RelationState::Rejected => Tone::Neutral,
    };
    let word = relation.state.as_str();
    view! { <Badge tone testid="relation-state">{word}</Badge> }.into_any()
}

/// Both ends, with links to their tables.
pub(crate) fn ends(id: &DatabaseId, relation: &Relation) -> AnyView {
    let end = |end: &End| {
        let table = &end.table;
        let href = table_address(id, &table.schema, &table.name);
        view! {
            <a href=href>{table.to_string()}</a>{format!(" ({})", end.columns.join(", "))}
        }
        .into_any()
    };
    let to: Vec<AnyView> = match &relation.to {
        Target::Key(to) => vec![end(to)],
        Target::Polymorphic { type_column, among } => {
            let said = if among.is_empty() {
                format!("the table that {type_column} names")
            } else {
                format!("as {type_column} says: ")
            };
            let mut views = vec![view! { <span class="dim">{said}</span> }.into_any()];
            for (at, one) in among.iter().enumerate() {
                if at > 0 {
                    views.push(view! { <span class="dim">" or "</span> }.into_any());
                }
                views.push(end(one));
            }
            views
        }
    };
    view! {
        <span class="mono relation-ends">
            {end(&relation.from)}
            <span class="dim" aria-hidden="true">" → "</span>
            <span class="visually-hidden">" references "</span>
            {to}
        </span>
    }
    .into_any()
}

/// What is odd about a relation, in sentences.
pub(crate) fn oddities(relation: &Relation) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(decision) = &relation.decision {
        match &decision.declared {
            Some(key) if key.same => {
                told.push(format!("The source declares it since, as {}.", key.name));
            }
            Some(key) => told.push(format!(
                "The source declares another reference for these columns since: {}.",
                key.name
            )),
            None => {}
        }
        if decision.gone {
            told.push("A table or column of it is gone from the source.".to_owned());
        }
    }
    told.extend(relation.warning.clone());
    told
}

/// The two buttons for one that is proposed.
#[component]
pub(crate) fn VerdictForm(
    /// The database.
    id: DatabaseId,
    /// What is proposed.
    relation: Relation,
    /// Where it leads back to.
    back: String,
) -> impl IntoView {
    let sentence = relation.sentence();
    let hidden = format!(": {sentence}");
    let hidden_too = hidden.clone();
    view! {
        <form class="relation-verdict" method="post" action=action(&id) on:submit=lead_back_here>
            <input type="hidden" name="relation" value=relation.key.to_string()/>
            <input type="hidden" name="back" value=back/>
            <button class="button button-secondary button-small" type="submit" name="verdict" value="accept"
                data-testid="accept-relation">"Accept"<span class="visually-hidden">{hidden}</span></button>
            <button class="button button-small button-ghost" type="submit" name="verdict" value="reject"
                data-testid="reject-relation">"Reject"<span class="visually-hidden">{hidden_too}</span></button>
        </form>
    }
}

/// Scripts change the address while a page is open; the form leads back to what it is then.
pub(crate) fn lead_back_here(event: leptos::ev::SubmitEvent) {
    use wasm_bindgen::JsCast as _;
    let location = window().location();
    let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else {
        return;
    };
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|form| form.query_selector("input[name=back]").ok().flatten())
        .and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value(&[path, search].concat());
    }
}
