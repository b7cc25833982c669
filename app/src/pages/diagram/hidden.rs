//! The tables that a view hides, and the way to see them again.

use crate::canvas::stage::Chosen;
use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use diagram::graph::{NodeKind, TableNode};
use diagram::outline::notes_kept;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use model::number::counted;
use std::sync::Arc;

/// What is chosen before there is a stage: nothing, but what the view hides is known, and whether the
/// table that the address names is hidden.
pub(super) fn chosen_at_first(data: &DiagramData, named: Option<usize>) -> Chosen {
    let hidden = &data.arrangement.hidden;
    let tables = data.graph.tables.iter().enumerate();
    Chosen {
        hidden: hidden.len(),
        hidden_here: tables
            .filter(|(_, table)| hidden.contains(&table.id))
            .map(|(place, _)| place)
            .collect(),
        is_hidden: named
            .and_then(|table| data.graph.tables.get(table))
            .is_some_and(|table| hidden.contains(&table.id)),
        notes: notes_kept(&data.arrangement, &Arc::default()),
        ..Chosen::default()
    }
}

/// Below the tree: how many tables are hidden, and each with its way back for those who may arrange.
#[component]
pub(super) fn HiddenTables(
    data: Arc<DiagramData>,
    /// By index, ascending.
    hidden: Signal<Vec<usize>>,
    /// Shows one of them again, or all, and says whether it could.
    on_show: Callback<Option<usize>, bool>,
) -> impl IntoView {
    let may = may_show(&data);
    let is_empty = Memo::new(move |_| hidden.with(Vec::is_empty));
    let for_all = data.clone();
    let of_all = data.clone();
    let count = move || hidden.with(|hidden| hidden_count(&of_all, hidden));
    let all = move || {
        let hidden = hidden.get();
        let text = "Show all".to_owned();
        (may && hidden.len() > 1).then(|| show_form(&for_all, &hidden, None, text, None, on_show))
    };
    let items = move || {
        let shown = hidden.get().into_iter().filter_map(|table| {
            let name = data.graph.tables.get(table)?.qualified_name();
            let label = Some(format!("Show {name}"));
            let text = "Show".to_owned();
            let form = may.then(|| show_form(&data, &[table], Some(table), text, label, on_show));
            Some(view! { <li class="hidden-table"><span class="mono">{name}</span>{form}</li> })
        });
        shown.collect_view()
    };
    // It stays open while one after the other is shown.
    view! {
        <details class="hidden-tables" hidden=move || is_empty.get() data-testid="diagram-hidden">
            <summary>{count}</summary>
            <ul class="drawer-list">{items}</ul>
            {all}
        </details>
    }
}

/// `2 hidden tables`, or with the boxes of groups `2 hidden tables, 1 hidden group`.
fn hidden_count(data: &DiagramData, hidden: &[usize]) -> String {
    let is_box = |table: &&usize| {
        let node = data.graph.tables.get(**table);
        node.is_some_and(|node| node.kind == NodeKind::Group)
    };
    let groups = hidden.iter().filter(is_box).count();
    let counts = [
        (hidden.len() - groups, "hidden table"),
        (groups, "hidden group"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, one)| counted(count, one)).collect();
    counts.join(", ")
}

/// Beside a table while the view hides it: that it does, and the way to show it.
pub(super) fn hidden_note(
    data: Arc<DiagramData>,
    table: usize,
    is_hidden: Signal<bool>,
    on_show: Callback<Option<usize>, bool>,
) -> AnyView {
    let may = may_show(&data);
    let is_group = |node: &TableNode| node.kind == NodeKind::Group;
    let what = match data.graph.tables.get(table).is_some_and(is_group) {
        true => "group",
        false => "table",
    };
    let note = move || {
        let text = "Show it in this view".to_owned();
        let form = || show_form(&data, &[table], Some(table), text, None, on_show);
        view! {
            <div data-testid="diagram-hidden-note">
                <p class="dim">{format!("This view hides the {what}.")}</p>
                {may.then(form)}
            </div>
        }
    };
    view! { {move || is_hidden.get().then(&note)} }.into_any()
}

/// To be asked while the page is drawn.
fn may_show(data: &DiagramData) -> bool {
    data.may_arrange && !is_embedded()
}

/// A button that shows tables again: in the picture where there is one, and otherwise by a form.
fn show_form(
    data: &DiagramData,
    tables: &[usize],
    one: Option<usize>,
    text: String,
    label: Option<String>,
    on_show: Callback<Option<usize>, bool>,
) -> AnyView {
    let action = data.view.as_ref().map(|view| {
        let (id, view) = (&data.database_id, &view.summary.id);
        format!("/rpc/databases/{id}/views/{view}/show")
    });
    let ids: Vec<String> = tables
        .iter()
        .filter_map(|&table| Some(data.graph.tables.get(table)?.id.to_string()))
        .collect();
    // The picture shows it at once, and what is arranged goes its usual way.
    let submit = move |event: SubmitEvent| {
        if on_show.run(one) {
            event.prevent_default();
        }
    };
    let testid = if one.is_some() {
        "diagram-hidden-show"
    } else {
        "diagram-hidden-show-all"
    };
    let form = view! {
        <form method="post" action=action on:submit=submit>
            <input type="hidden" name="tables" value=ids.join(",")/>
            <button class="button button-ghost" type="submit" aria-label=label data-testid=testid>{text}</button>
        </form>
    };
    form.into_any()
}
