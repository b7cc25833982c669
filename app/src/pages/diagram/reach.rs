//! Ways from one table to more and to fewer: focus, expand, collapse, hide. All of them are links to
//! other addresses of the diagram, so they work without scripts and can be shared.

use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use diagram::graph::{NodeKind, TableNode};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use model::address::encode;
use model::diagram::{
    COMMUNITIES, DiagramQuery, community_of, fold_terms, schema_term, split_terms, term_of,
};
use std::sync::Arc;
use wasm_bindgen::JsCast as _;

/// What a focus shows besides the table, with its words for people.
const FOCUS: [(&str, &str, &str); 6] = [
    ("+1", "1", "with its neighbours"),
    ("+2", "2", "with neighbours up to two references away"),
    ("+3", "3", "with neighbours up to three references away"),
    ("+all", "all", "with everything that it hangs together with"),
    ("+1out", "out", "with what it references"),
    ("+1in", "in", "with what references it"),
];

/// The links of one table of the diagram; `query` is what is shown.
#[component]
pub(super) fn TableReach(data: Arc<DiagramData>, query: DiagramQuery, node: TableNode) -> AnyView {
    // Each of them leads to another page.
    if is_embedded() {
        return ().into_any();
    }
    let id = data.database_id.clone();
    if node.kind == NodeKind::Group {
        return unfold(&data, &query, &node);
    }
    let term = term_of(&node.schema, &node.name);
    let name = node.name.clone();
    let focus = FOCUS
        .into_iter()
        .map(|(reach, label, meaning)| {
            let shown = DiagramQuery {
                show: Some(format!("{term}{reach}")),
                keep: None,
                ..query.clone()
            };
            let current = data.shown.show == shown.show;
            let says = format!("{label}: {name} {meaning}");
            view! {
                <a class="segment" href=with_table(&shown.address(&id), &node) title=says.clone() aria-label=says
                    aria-current=current.then_some("page")>{label}</a>
            }
        })
        .collect_view();
    let otherwise = query.otherwise(data.hubs_only);
    let hide = query.with_term(otherwise, &format!("-{term}"));
    let (more, fewer) = steps(&query, &data.shown, otherwise, &term);
    // Where there is one schema only, nothing would be left.
    let mut schemas = data.graph.tables.iter().map(|table| &table.schema);
    let several = !node.schema.is_empty() && schemas.any(|schema| *schema != node.schema);
    let schema = several.then(|| {
        let hide = query.with_term(otherwise, &format!("-{}", schema_term(&node.schema)));
        let label = format!("Leave out {}.*", node.schema);
        view! {
            <a class="button button-ghost" href=hide.address(&id) on:click=carry_viewport
                data-testid="diagram-hide-schema">{label}</a>
        }
    });
    let whole = data.tables_total == data.graph.tables.len() as u64;
    view! {
        <section class="section diagram-reach" aria-label="Show more or less" data-testid="diagram-reach">
            <div class="row">
                <span class="dim" id="focus-label">"Focus"</span>
                <nav class="segments" aria-labelledby="focus-label">{focus}</nav>
            </div>
            <div class="row">
                {(!whole).then(|| view! {
                    <a class="button button-ghost" href=with_table(&more.address(&id), &node)
                        on:click=carry_viewport data-testid="diagram-expand"
                        title="Neighbours come beside it; nothing else moves">"Expand"</a>
                })}
                {fewer.map(|fewer| view! {
                    <a class="button button-ghost" href=with_table(&fewer.address(&id), &node)
                        on:click=carry_viewport data-testid="diagram-collapse">"Collapse"</a>
                })}
                <a class="button button-ghost" href=hide.address(&id) on:click=carry_viewport
                    data-testid="diagram-hide">"Leave out"</a>
                {schema}
            </div>
        </section>
    }
    .into_any()
}

/// The same diagram with a table selected in it.
pub(super) fn with_table(address: &str, node: &TableNode) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}table={}", encode(&node.qualified_name()))
}

/// Takes the part of the picture that is seen along to where a link leads: what is there already does
/// not move.
fn carry_viewport(event: MouseEvent) {
    carry(&event, &["at"]);
}

/// Takes what the present address says by these names along to where a link leads.
pub(super) fn carry(event: &MouseEvent, names: &[&str]) {
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|target| target.closest("a").ok().flatten())
        .and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let Some(link) = link else { return };
    let here = window().location().search().ok();
    let here = here.and_then(|search| web_sys::UrlSearchParams::new_with_str(&search).ok());
    let (Some(here), Ok(leads)) = (here, web_sys::Url::new(&link.href())) else {
        return;
    };
    for name in names {
        leads.search_params().delete(name);
        for value in here.get_all(name).iter().filter_map(|it| it.as_string()) {
            leads.search_params().append(name, &value);
        }
    }
    // The router reads it after this.
    link.set_href(&leads.href());
}

/// One step further from the table, and one step back where a step was made. `shown` is what is
/// shown now, `otherwise` its tables where the address names none.
fn steps(
    query: &DiagramQuery,
    shown: &DiagramQuery,
    otherwise: &str,
    term: &str,
) -> (DiagramQuery, Option<DiagramQuery>) {
    let own = |shown: &String| -> Option<(u32, String)> {
        let steps = shown.strip_prefix(term)?.strip_prefix('+')?;
        Some((steps.parse().ok()?, shown.clone()))
    };
    let terms = split_terms(shown.show.as_deref().unwrap_or_default());
    let furthest = terms.iter().filter_map(own).max();
    let next = furthest
        .as_ref()
        .map_or(1, |(steps, _)| steps.saturating_add(1));
    let more = query.with_term(otherwise, &format!("{term}+{next}"));
    let fewer = furthest.map(|(steps, further)| {
        // The view may have made the step.
        let stepped = DiagramQuery {
            show: shown.show.clone(),
            keep: shown.keep,
            ..query.clone()
        };
        if terms.len() > 1 {
            stepped.without_term(&further)
        } else {
            DiagramQuery {
                show: Some(match steps {
                    0 | 1 => term.to_owned(),
                    _ => format!("{term}+{}", steps - 1),
                }),
                ..stepped
            }
        }
    });
    (more, fewer)
}

/// The way back from a folded group to its tables.
fn unfold(data: &DiagramData, query: &DiagramQuery, node: &TableNode) -> AnyView {
    let id = &data.database_id;
    let open = unfolded(data, query, node);
    let otherwise = query.otherwise(data.hubs_only);
    // No term says a community, so it cannot be left out.
    let hide = node.name.strip_suffix(".*").map(|schema| {
        let hide = query.with_term(otherwise, &format!("-{}", schema_term(schema)));
        let href = hide.address(id);
        view! { <a class="button button-ghost" href=href data-testid="diagram-hide-schema">"Leave out"</a> }
    });
    view! {
        <section class="section diagram-reach" data-testid="diagram-reach">
            <a class="button button-secondary" href=open.address(id) data-testid="diagram-unfold">"Unfold"</a>
            {hide}
        </section>
    }
    .into_any()
}

/// This with one of its groups unfolded.
pub(super) fn unfolded(data: &DiagramData, query: &DiagramQuery, node: &TableNode) -> DiagramQuery {
    let terms = fold_terms(data.shown.fold.as_deref().unwrap_or_default());
    let mut boxes = data.folded.iter();
    let own = boxes.find(|(id, _)| *id == node.id);
    let own = own.map(|(_, terms)| terms.as_slice()).unwrap_or_default();
    let others = data.graph.tables.iter().filter(|it| it.id != node.id);
    let others = others.filter_map(|it| community_of(&it.name)).collect();
    query.folding(&folded_without(terms, own, others))
}

/// What stays folded without the group that `own` folds, whatever its box is called. `others` are
/// terms for the other communities.
fn folded_without(mut terms: Vec<String>, own: &[String], others: Vec<String>) -> Vec<String> {
    terms.retain(|term| !own.contains(term));
    if own.iter().any(|term| term == COMMUNITIES) {
        // Instead of all communities each of the others.
        let others: Vec<String> = others
            .into_iter()
            .filter(|it| !terms.contains(it))
            .collect();
        terms.extend(others);
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expanding_goes_further_and_collapsing_back() {
        let steps = |query: &DiagramQuery| steps(query, query, query.otherwise(true), "s.orders");
        let (once, none) = steps(&DiagramQuery::default());
        assert_eq!(once.show.as_deref(), Some("@hubs,s.orders+1"));
        assert_eq!(none, None);
        let (twice, back) = steps(&once);
        assert_eq!(twice.show.as_deref(), Some("@hubs,s.orders+1,s.orders+2"));
        assert_eq!(back.unwrap().show.as_deref(), Some("@hubs"));
        let (_, back) = steps(&DiagramQuery::showing("s.orders+3"));
        assert_eq!(back.unwrap().show.as_deref(), Some("s.orders+2"));
    }

    #[test]
    fn an_address_selects_a_table() {
        let node = TableNode {
            schema: "sales".into(),
            name: "a&b".into(),
            ..TableNode::default()
        };
        assert_eq!(with_table("/d", &node), "/d?table=sales.a%26b");
        assert_eq!(
            with_table("/d?show=x", &node),
            "/d?show=x&table=sales.a%26b"
        );
    }

    #[test]
    fn a_view_goes_further_and_back_from_what_it_shows() {
        let view = DiagramQuery {
            view: Some("vw_1".to_owned()),
            ..DiagramQuery::default()
        };
        let shown = DiagramQuery::showing("s.notes,s.orders+1");
        let (more, fewer) = steps(&view, &shown, view.otherwise(true), "s.orders");
        assert_eq!(more.show.as_deref(), Some("@view,s.orders+2"));
        let fewer = fewer.unwrap();
        assert_eq!(fewer.show.as_deref(), Some("s.notes"));
        assert_eq!(fewer.view, view.view);
    }

    #[test]
    fn a_group_is_unfolded_whatever_its_box_is_called() {
        let open = |fold: &str, own: &str| {
            let others = ["~s.rays", "~s.moons"].map(str::to_owned).to_vec();
            folded_without(fold_terms(fold), &fold_terms(own), others)
        };
        assert_eq!(
            open("stock,~s.lines,~s.rays", "~s.lines"),
            ["stock", "~s.rays"]
        );
        assert_eq!(
            open("~*,\"stock\",~s.lines,~s.rays", "~s.lines,~*"),
            ["stock", "~s.rays", "~s.moons"]
        );
        assert_eq!(open("\"odd,name\"", "\"odd,name\""), [""; 0]);
    }
}
