//! Ways from one table to more and to fewer: focus, expand, collapse, hide. All of them are links to
//! other addresses of the diagram, so they work without scripts and can be shared.

use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use diagram::graph::{NodeKind, TableNode};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use model::address::encode;
use model::diagram::{
    COMMUNITIES, DiagramQuery, HUBS, community_of, schema_term, split_terms, term_of,
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
            let current = query.show == shown.show;
            let says = format!("{label}: {name} {meaning}");
            view! {
                <a class="segment" href=with_table(&shown.address(&id), &node) title=says.clone() aria-label=says
                    aria-current=current.then_some("page")>{label}</a>
            }
        })
        .collect_view();
    let otherwise = if data.hubs_only { HUBS } else { "*" };
    let hide = query.with_term(otherwise, &format!("-{term}"));
    let (more, fewer) = steps(&query, otherwise, &term);
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
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|target| target.closest("a").ok().flatten())
        .and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let at = window()
        .location()
        .search()
        .and_then(|search| web_sys::UrlSearchParams::new_with_str(&search))
        .ok()
        .and_then(|here| here.get("at"));
    let (Some(link), Some(at)) = (link, at) else {
        return;
    };
    if let Ok(leads) = web_sys::Url::new(&link.href()) {
        leads.search_params().set("at", &at);
        // The router reads it after this.
        link.set_href(&leads.href());
    }
}

/// One step further from the table, and one step back where a step was made.
fn steps(
    query: &DiagramQuery,
    otherwise: &str,
    term: &str,
) -> (DiagramQuery, Option<DiagramQuery>) {
    let own = |shown: &String| -> Option<(u32, String)> {
        let steps = shown.strip_prefix(term)?.strip_prefix('+')?;
        Some((steps.parse().ok()?, shown.clone()))
    };
    let terms = split_terms(query.show.as_deref().unwrap_or_default());
    let furthest = terms.iter().filter_map(own).max();
    let next = furthest
        .as_ref()
        .map_or(1, |(steps, _)| steps.saturating_add(1));
    let more = query.with_term(otherwise, &format!("{term}+{next}"));
    let fewer = furthest.map(|(steps, shown)| {
        if terms.len() > 1 {
            query.without_term(&shown)
        } else {
            DiagramQuery {
                show: Some(match steps {
                    0 | 1 => term.to_owned(),
                    _ => format!("{term}+{}", steps - 1),
                }),
                ..query.clone()
            }
        }
    });
    (more, fewer)
}

/// The way back from a folded group to its tables.
fn unfold(data: &DiagramData, query: &DiagramQuery, node: &TableNode) -> AnyView {
    let id = &data.database_id;
    let open = unfolded(data, query, node);
    let otherwise = if data.hubs_only { HUBS } else { "*" };
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
fn unfolded(data: &DiagramData, query: &DiagramQuery, node: &TableNode) -> DiagramQuery {
    let term = group_term(&node.name);
    let terms = folded(query);
    if !(term.starts_with('~') && terms.iter().any(|it| it == COMMUNITIES)) {
        return toggled(query, &term);
    }
    // Instead of all communities each of the others.
    let mut rest: Vec<String> = terms
        .into_iter()
        .filter(|term| !term.starts_with('~'))
        .collect();
    let boxes = data.graph.tables.iter();
    rest.extend(
        boxes
            .filter(|it| it.kind == NodeKind::Group)
            .map(|it| group_term(&it.name))
            .filter(|other| *other != term && other.starts_with('~')),
    );
    with_folded(query, &rest)
}

/// The term of `fold` for the group whose box is called so.
fn group_term(name: &str) -> String {
    community_of(name).unwrap_or_else(|| term_of("", name.strip_suffix(".*").unwrap_or(name)))
}

/// This with a group folded, or unfolded where it was.
pub(super) fn toggled(query: &DiagramQuery, term: &str) -> DiagramQuery {
    let mut folded: Vec<String> = folded(query);
    let before = folded.len();
    folded.retain(|known| known != term);
    if folded.len() == before {
        folded.push(term.to_owned());
    }
    with_folded(query, &folded)
}

/// This with these groups folded and no others.
pub(super) fn with_folded(query: &DiagramQuery, terms: &[String]) -> DiagramQuery {
    DiagramQuery {
        fold: Some(terms.join(",")).filter(|fold| !fold.is_empty()),
        ..query.clone()
    }
}

/// The groups that an address folds, as terms that are written alike.
pub(super) fn folded(query: &DiagramQuery) -> Vec<String> {
    split_terms(query.fold.as_deref().unwrap_or_default())
        .into_iter()
        .map(|term| match term.starts_with('~') {
            true => term,
            false => term_of("", &term.trim_matches('"').replace("\"\"", "\"")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expanding_goes_further_and_collapsing_back() {
        let (once, none) = steps(&DiagramQuery::default(), HUBS, "s.orders");
        assert_eq!(once.show.as_deref(), Some("@hubs,s.orders+1"));
        assert_eq!(none, None);
        let (twice, back) = steps(&once, HUBS, "s.orders");
        assert_eq!(twice.show.as_deref(), Some("@hubs,s.orders+1,s.orders+2"));
        assert_eq!(back.unwrap().show.as_deref(), Some("@hubs"));
        let (_, back) = steps(&DiagramQuery::showing("s.orders+3"), HUBS, "s.orders");
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
    fn a_group_is_folded_and_unfolded() {
        let one = toggled(&DiagramQuery::default(), "sales");
        assert_eq!(one.fold.as_deref(), Some("sales"));
        let odd = term_of("", "odd,name");
        let two = toggled(&one, &odd);
        assert_eq!(folded(&two), ["sales", "\"odd,name\""]);
        assert_eq!(toggled(&toggled(&two, "sales"), &odd).fold, None);
        // However it was written.
        let quoted = DiagramQuery {
            fold: Some("\"sales\", ~s.orders".to_owned()),
            ..DiagramQuery::default()
        };
        assert_eq!(folded(&quoted), ["sales", "~s.orders"]);
        for (name, term) in [
            ("sales.*", "sales"),
            ("odd,name.*", "\"odd,name\""),
            ("around s.orders", "~s.orders"),
        ] {
            assert_eq!(group_term(name), term);
        }
    }
}
