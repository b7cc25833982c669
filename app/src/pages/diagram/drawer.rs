//! Beside the picture: the tree of the tables shown, and what is known of the selected one.

use crate::pages::diagram::about::About;
use crate::pages::diagram::columns::Columns;
use crate::pages::diagram::hidden::{HiddenTables, hidden_note};
use crate::pages::diagram::legend::tag_pills;
use crate::pages::diagram::outline::{OutlineTree, Reach, focus};
use crate::pages::diagram::reach::{TableReach, with_table};
use crate::pages::diagram::relations::relations;
use crate::pages::diagram::views::dismiss_form;
use crate::pages::diagram::ways::ways;
use crate::pages::diagram::{page_of, sign};
use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use diagram::graph::{Link, NodeKind, TableNode};
use diagram::outline::Note;
use diagram::overlay::MarkKind;
use leptos::html::Ul;
use leptos::prelude::*;
use model::diagram::{DiagramQuery, column_term, split_terms};
use model::number::{counted, grouped};
use std::collections::BTreeSet;
use std::sync::Arc;
use ui::{Badge, Button, ButtonLink, ButtonVariant, IconName};

/// Rows of a list that are drawn before somebody asks for all of them.
const ROWS_AT_FIRST: usize = 200;

/// The id of the panel of the selected table.
const PANEL: &str = "diagram-panel";

/// The panel beside the picture: the tree, and of the selected table its columns and links.
#[component]
pub fn Drawer(
    data: Arc<DiagramData>,
    /// What the address asks for, with the view that is open.
    query: Signal<DiagramQuery>,
    /// Index of the selected table.
    selected: Signal<Option<usize>>,
    /// Indices of all selected tables, where there are several.
    several: Signal<Vec<usize>>,
    /// Index of the link that has the focus in the picture.
    focused_link: Signal<Option<usize>>,
    /// The tables that the view hides, by index, ascending.
    hidden: Signal<Vec<usize>>,
    /// Whether the view hides the selected table, which may be shown for now.
    is_hidden: Signal<bool>,
    /// The areas and memos in the picture.
    notes: Signal<Arc<Vec<Note>>>,
    /// Columns that come later.
    columns: Columns,
    /// What it does to the picture and the page.
    reach: Reach,
) -> impl IntoView {
    let for_selected = data.clone();
    let for_ways = data.clone();
    let ways = move || ways(&for_ways, &query.get());
    view! {
        <aside class="drawer" aria-label="Tables" data-testid="diagram-drawer">
            {ways}
            <OutlineTree data=data.clone() selected several focused_link hidden notes columns reach/>
            <HiddenTables data hidden on_show=reach.show/>
            {move || {
                let node = selected.get().and_then(|table| {
                    for_selected.graph.tables.get(table).map(|node| (table, node.clone()))
                });
                node.map(|(table, node)| {
                    view! { <Selected data=for_selected.clone() query table node is_hidden columns reach/> }
                })
            }}
        </aside>
    }
}

/// Names of some columns, in order.
fn column_names(node: &TableNode, columns: &[u16]) -> String {
    let names: Vec<&str> = columns
        .iter()
        .filter_map(|&column| node.columns.get(usize::from(column)))
        .map(|column| column.name.as_str())
        .collect();
    names.join(", ")
}

/// The way to a picture without a column, in every table that has one of its name.
fn hide_column(
    data: &DiagramData,
    query: Signal<DiagramQuery>,
    node: &TableNode,
    column: &str,
) -> AnyView {
    let (id, hide) = (data.database_id.clone(), data.shown.hide.clone());
    let term = column_term(column);
    // Without the columns: there is a link in each row.
    let node = TableNode {
        schema: node.schema.clone(),
        name: node.name.clone(),
        ..TableNode::default()
    };
    let href = move || {
        let without = query.with(|query| query.hiding(hide.as_deref(), &term));
        with_table(&without.address(&id), &node)
    };
    let label = format!("Hide {column} in every table");
    view! {
        <a class="drawer-hide" href=href title=label.clone() aria-label=label
            data-testid="diagram-hide-column">"Hide"</a>
    }
    .into_any()
}

/// The columns that are hidden, each with the way to show it again where links lead on.
fn hidden_columns(data: &DiagramData, query: &DiagramQuery, leads: bool) -> Option<AnyView> {
    let shown = data.shown.hide.as_deref()?;
    let items =
        split_terms(shown)
            .into_iter()
            .map(|term| {
                let again = query.not_hiding(Some(shown), Some(&term));
                let label = format!("Show {term} again");
                let show = leads.then(|| view! {
                <a class="drawer-hide" href=again.address(&data.database_id) aria-label=label
                    data-testid="diagram-show-column">"Show"</a>
            });
                view! {
                    <li class="hidden-table">
                        <span class="mono">{term}</span>
                        {show}
                    </li>
                }
            })
            .collect_view();
    let list = view! {
        <h3>"Hidden columns"</h3>
        <ul class="drawer-list" data-testid="diagram-hidden-columns">{items}</ul>
    };
    Some(list.into_any())
}

/// A list of `count` rows. Of a long one only the first are drawn until somebody asks for all.
fn rows(
    count: usize,
    what: &'static str,
    row: impl Fn(usize) -> Option<AnyView> + Send + Sync + 'static,
) -> AnyView {
    let list = NodeRef::<Ul>::new();
    let is_long = count > ROWS_AT_FIRST;
    let all = RwSignal::new(!is_long);
    let drawn = move || {
        let count = if all.get() { count } else { ROWS_AT_FIRST };
        (0..count).map(&row).collect_view()
    };
    view! {
        <ul class="drawer-list" node_ref=list tabindex=is_long.then_some("-1")>{drawn}</ul>
        {move || (!all.get()).then(|| view! {
            <Button variant=ButtonVariant::Ghost testid="drawer-all" on_click=Callback::new(move |_| {
                // The button goes away with the keyboard.
                if let Some(list) = list.get_untracked() {
                    let _ = list.focus();
                }
                all.set(true);
            })>{format!("Show all {} {what}", grouped(i64::try_from(count).unwrap_or(i64::MAX)))}</Button>
        })}
    }
    .into_any()
}

/// A column: its mark, its name, what is said over it, its type, and the way to hide it.
fn column_row(
    data: &DiagramData,
    query: Signal<DiagramQuery>,
    columns: Columns,
    table: usize,
    place: usize,
    linked: &BTreeSet<u16>,
) -> Option<AnyView> {
    let node = data.graph.tables.get(table)?;
    let Some(column) = columns.column(table, place) else {
        return Some(
            view! { <li class="drawer-column drawer-coming" aria-hidden="true"><span></span>"…"</li> }
                .into_any(),
        );
    };
    let place = u16::try_from(place).ok();
    let stays = place.is_some_and(|place| linked.contains(&place));
    let may_hide = node.kind != NodeKind::Group && !stays && !is_embedded();
    let hide = may_hide.then(|| hide_column(data, query, node, &column.name));
    let said = place
        .and_then(|place| data.overlay.as_ref()?.column(table, place))
        .map(sign);
    let mark = match (column.primary_key, column.foreign_key) {
        (true, _) => Some(("key-mark", "◆", "primary key")),
        (_, true) => Some(("fk-mark", "◇", "foreign key")),
        _ => None,
    };
    let (class, meaning) = (mark.map(|it| it.0), mark.map(|it| it.2));
    // What has no role has no name; the words stand beside the sign instead.
    let mark = mark.map(|(_, sign, meaning)| {
        view! {
            <span aria-hidden="true">{sign}</span>
            <span class="visually-hidden">{meaning}" "</span>
        }
    });
    let row = view! {
        <li class="drawer-column">
            <span class=class title=meaning>{mark}</span>
            <span class="mono">{column.name.clone()}</span>
            {said}
            <span class="mono dim">{column.data_type.clone()}</span>
            {hide}
        </li>
    };
    Some(row.into_any())
}

/// What to say of columns that have not come.
fn missing_columns(count: usize, fault: Option<String>) -> AnyView {
    let columns = if count == 1 { "column" } else { "columns" };
    match fault {
        Some(fault) => {
            let text = format!("{count} {columns} could not be had. {fault}");
            view! { <p class="dim" role="status">{text}</p> }.into_any()
        }
        None => {
            let text = format!("{count} more {columns}: on the table's page.");
            view! { <p class="dim drawer-missing">{text}</p> }.into_any()
        }
    }
}

/// Where a reference leads from or to, in short. Each name is apart from the arrow, which would turn
/// round between names that are written from right to left. The columns may not be known.
fn reference(columns: String, other: String, leads_there: bool) -> AnyView {
    let has_columns = !columns.is_empty();
    let columns = has_columns.then(|| view! { <bdi>{columns}</bdi> });
    let other = view! { <bdi>{other}</bdi> };
    if leads_there {
        let arrow = if has_columns { " → " } else { "→ " };
        view! { {columns}{arrow}{other} }.into_any()
    } else {
        view! { {other}{has_columns.then_some(".")}{columns}" →" }.into_any()
    }
}

/// A declared link of the table as a way to its other end.
fn reference_row(data: &DiagramData, table: usize, link: usize, reach: Reach) -> Option<AnyView> {
    let link = data.graph.links.get(link)?;
    let (child, parent) = (link.child(), link.parent());
    let other = if child == table { parent } else { child };
    let name = data.graph.tables.get(other)?.qualified_name();
    let columns = column_names(data.graph.tables.get(child)?, &link.from_columns);
    let sentence = reference(columns, name, child == table);
    let go = move |_| {
        reach.select.run(Some(other));
        // The button went away with its panel; by then the next one is drawn.
        request_animation_frame(|| focus(PANEL));
    };
    let row = view! {
        <li>
            <button class="drawer-item mono" type="button" on:click=go>{sentence}</button>
        </li>
    };
    Some(row.into_any())
}

#[component]
fn Selected(
    data: Arc<DiagramData>,
    query: Signal<DiagramQuery>,
    table: usize,
    node: TableNode,
    is_hidden: Signal<bool>,
    columns: Columns,
    reach: Reach,
) -> impl IntoView {
    // Whoever selects a table often goes on to one beside it.
    Effect::new(move || columns.want_around(table));
    let let_go = move |_| {
        reach.select.run(None);
        // The button goes away with the panel.
        reach.leave.run(());
    };
    let href = page_of(&data, &node);
    let dismiss = dismiss_form(&data, node.id);
    let hidden = hidden_note(data.clone(), table, is_hidden, reach.show);
    let is_group = node.kind == NodeKind::Group;
    let beside = match node.row_count.filter(|_| is_group) {
        Some(tables) => counted(usize::try_from(tables).unwrap_or(usize::MAX), "table"),
        None => node.schema.clone(),
    };
    let beside = (!beside.is_empty()).then(|| view! { <Badge>{beside}</Badge> });
    let undeclared = {
        let (data, node) = (data.clone(), node.clone());
        move || query.with(|query| relations(&data, query, &node))
    };
    let said = data
        .overlay
        .as_ref()
        .and_then(|overlay| Some((overlay, overlay.table(table)?)));
    let said = said.map(|(overlay, mark)| {
        if mark.kind == MarkKind::Tag {
            let tags = tag_pills(overlay, mark);
            return view! { <p class="drawer-mark" data-testid="diagram-mark">"Tags: "{tags}</p> }
                .into_any();
        }
        // Its number stands in the sentence; other signs are for the eye.
        let sign = (mark.kind != MarkKind::Heat).then(|| {
            let class = format!("legend-sign legend-{}", mark.kind.css_name());
            view! { <span class=class aria-hidden="true">{mark.sign().to_owned()}</span>" " }
        });
        view! { <p class="drawer-mark" data-testid="diagram-mark">{sign}{mark.label.clone()}</p> }
            .into_any()
    });
    let links_of = |link: &&Link| link.child() == table || link.parent() == table;
    let mut linked: BTreeSet<u16> = BTreeSet::new();
    for link in data.graph.links.iter().filter(links_of) {
        if link.child() == table {
            linked.extend(&link.from_columns);
        }
        if link.parent() == table {
            linked.extend(&link.to_columns);
        }
    }
    let column_list = {
        let data = data.clone();
        let row = move |place: usize| column_row(&data, query, columns, table, place, &linked);
        rows(
            node.columns.len(),
            if is_group { "tables" } else { "columns" },
            row,
        )
    };
    let missing = move || {
        let missing = columns.missing(table);
        (missing > 0).then(|| missing_columns(missing, columns.fault()))
    };
    let touching: Vec<usize> = (0..)
        .zip(&data.graph.links)
        .filter(|(_, link)| link.declared && (link.child() == table || link.parent() == table))
        .map(|(place, _)| place)
        .collect();
    let links = (!touching.is_empty()).then(|| {
        let (data, count) = (data.clone(), touching.len());
        let row = move |place: usize| {
            let link = touching.get(place)?;
            reference_row(&data, table, *link, reach)
        };
        rows(count, "references", row)
    });
    let hidden_columns = {
        let (data, leads) = (data.clone(), !is_embedded());
        move || query.with(|query| hidden_columns(&data, query, leads))
    };
    let about = href.is_some().then(|| {
        let id = data.database_id.clone();
        view! { <About id schema=node.schema.clone() name=node.name.clone()/> }
    });
    let more_or_less = {
        let (data, node) = (data.clone(), node.clone());
        move || view! { <TableReach data=data.clone() query=query.get() node=node.clone()/> }
    };
    view! {
        <div class="drawer-selected" id=PANEL tabindex="0" role="region" aria-label=if is_group { "Selected group" } else { "Selected table" }>
        <div class="drawer-head">
            <h2 class="mono" data-testid="diagram-selected">{node.name.clone()}</h2>
            {beside}
            <Button variant=ButtonVariant::Ghost icon=IconName::Close label="Let go of it"
                on_click=Callback::new(let_go)/>
        </div>
        {said}
        {dismiss}
        {hidden}
        {href.map(|href| view! {
            <ButtonLink href variant=ButtonVariant::Primary testid="diagram-open-table">"Open table"</ButtonLink>
        })}
        {more_or_less}
        {about}
        <section class="section">
            <h3>{if is_group { "Tables" } else { "Columns" }}</h3>
            {column_list}
            {missing}
            {hidden_columns}
        </section>
        {links.map(|links| view! {
            <section class="section">
                <h3>"References"</h3>
                {links}
            </section>
        })}
        {undeclared}
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_arrow_of_a_reference_is_apart_from_its_names() {
        let owner = Owner::new();
        owner.set();
        let said = |columns: &str, leads_there| {
            let html = reference(columns.to_owned(), "s.orders".to_owned(), leads_there).to_html();
            let parts = html.split("<!>").collect::<String>();
            parts.replace("<bdi>", "[").replace("</bdi>", "]")
        };
        assert_eq!(said("a, b", true), "[a, b] → [s.orders]");
        assert_eq!(said("a, b", false), "[s.orders].[a, b] →");
        assert_eq!(said("", true), "→ [s.orders]");
        assert_eq!(said("", false), "[s.orders] →");
    }
}
