//! Relations of the selected table that its source does not declare, beside the picture.

use crate::pages::diagram::reach::with_table;
use crate::pages::embed::is_embedded;
use crate::pages::verdict::{VerdictForm, decided, oddities, percent};
use contract::catalog::DiagramData;
use diagram::graph::TableNode;
use leptos::prelude::*;
use model::access::DatabaseAccess;
use model::diagram::{DiagramQuery, Relations};
use model::relation::verdict::{Relation, RelationState};
use model::schema::QualifiedName;

/// Accepted and proposed relations of a table in sentences, with buttons for those that wait; and
/// the way to see proposals where they were not asked for.
pub(super) fn relations(data: &DiagramData, query: &DiagramQuery, node: &TableNode) -> AnyView {
    let id = &data.database_id;
    let name = QualifiedName::new(&node.schema, &node.name);
    let here = |query: &DiagramQuery| with_table(&query.address(id), node);
    let back = here(query);
    let leads = !is_embedded();
    let may_edit = data.access >= DatabaseAccess::Edit && leads;
    let rows: Vec<AnyView> = data
        .relations
        .iter()
        .filter(|relation| relation.touches(&name))
        .map(|relation| row(data, relation, may_edit, &back))
        .collect();
    let asks = (leads && data.shown.relations() != Relations::All).then(|| {
        let query = DiagramQuery {
            relations: Some(Relations::All.as_str().to_owned()),
            ..query.clone()
        };
        view! { <a href=here(&query) data-testid="diagram-propose">"Show what is proposed"</a> }
    });
    let is_empty = rows.is_empty();
    if is_empty && asks.is_none() {
        return ().into_any();
    }
    view! {
        <section class="section">
            <h3>"Not declared"</h3>
            {(!is_empty).then(|| view! {
                <ul class="relation-proposals" data-testid="diagram-relations-of">{rows}</ul>
            })}
            {asks}
        </section>
    }
    .into_any()
}

fn row(data: &DiagramData, relation: &Relation, may_edit: bool, back: &str) -> AnyView {
    let is_open = relation.state == RelationState::Proposed;
    let told = if is_open {
        let sure = relation
            .confidence
            .map(|sure| format!("Proposed, {} sure. ", percent(sure)));
        format!("{}{}", sure.unwrap_or_default(), relation.reason)
    } else {
        decided(relation).unwrap_or_default()
    };
    let odd = oddities(relation)
        .into_iter()
        .map(|text| view! { <p class="relation-odd">{text}</p> })
        .collect_view();
    let form = (is_open && may_edit).then(|| {
        view! {
            <VerdictForm id=data.database_id.clone() relation=relation.clone() back=back.to_owned()/>
        }
    });
    view! {
        <li data-testid="diagram-relation" data-state=relation.state.as_str()>
            <div>
                <span class="mono">{relation.sentence()}</span>
                <p class="dim">{told}</p>
                {odd}
            </div>
            {form}
        </li>
    }
    .into_any()
}
