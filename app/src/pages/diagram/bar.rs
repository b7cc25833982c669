//! What is shown, and the ways to show something else, to say something over it and to take it along.

use crate::pages::diagram::views::{OpenState, ViewStatus, ViewsMenu};
use contract::catalog::DiagramData;
use diagram::detail::Detail;
use diagram::graph::NodeKind;
use leptos::prelude::*;
use model::address::relations_address;
use model::diagram::{COMMUNITIES, DiagramQuery, Relations, fold_terms, term_of};
use std::collections::BTreeMap;
use ui::{
    Badge, Button, ButtonLink, CopyButton, Icon, IconName, Menu, MenuItem, MenuPlacement,
    MenuSeparator,
};

/// The levels, with their words for people.
const LEVELS: [(Detail, &str); 4] = [
    (Detail::Names, "Names only"),
    (Detail::Keys, "Keys"),
    (Detail::Used, "Most used"),
    (Detail::All, "All columns"),
];

/// What can be said over the picture, with its words for people.
const OVERLAYS: [(&str, &str); 4] = [
    ("changes", "Changes"),
    ("findings", "Findings"),
    ("usage", "Usage"),
    ("tags", "Tags"),
];

/// Which relations are drawn, with their words for people.
const RELATIONS: [(Relations, &str); 3] = [
    (Relations::Declared, "Declared only"),
    (Relations::Accepted, "With accepted"),
    (Relations::All, "With proposed"),
];

/// Files of a view: extension, name, further parameters.
const FILES: [(&str, &str, &str); 13] = [
    ("svg", "SVG, light", "theme=light"),
    ("svg", "SVG, dark", "theme=dark"),
    ("pdf", "PDF", "theme=light"),
    ("png", "PNG, 1×", "theme=light"),
    ("png", "PNG, 2×", "theme=light&scale=2"),
    ("png", "PNG, 3×", "theme=light&scale=3"),
    ("png", "PNG, 4×", "theme=light&scale=4"),
    ("png", "PNG, dark, 2×", "theme=dark&scale=2"),
    ("mmd", "Mermaid", ""),
    ("dbml", "DBML", ""),
    ("sql", "SQL", ""),
    ("md", "Markdown", ""),
    ("json", "JSON", ""),
];

/// The bar above the picture. All of it works without scripts.
#[component]
pub(super) fn Bar<'a>(
    data: &'a DiagramData,
    /// What the address asks for, with the view that is open.
    query: DiagramQuery,
    open: OpenState,
) -> AnyView {
    let id = data.database_id.clone();
    let (shown, total) = (data.graph.tables.len(), data.tables_total);
    let everything = DiagramQuery {
        show: Some("*".to_owned()),
        ..query.clone()
    }
    .address(&id);
    let count = if total == shown as u64 {
        format!("{shown} tables")
    } else {
        format!("{shown} of {total} tables")
    };
    let hint = "Names, patterns and expressions, separated by commas: orders+1 adds its neighbours, sales.* a schema, -name leaves out";
    let unknown_text = (!data.unknown.is_empty())
        .then(|| format!("Nothing is called {}.", data.unknown.join(", ")));
    let notes = data
        .notes
        .iter()
        .map(|note| {
            view! { <span class="diagram-unknown" role="status" data-testid="diagram-note">{note.clone()}</span> }
        })
        .collect_view();
    // What else the address says stays when other tables are asked for.
    let kept = kept_fields(&query, &["show", "keep", "way"]);
    let action = DiagramQuery::default().address(&id);
    let path = data.shown.path.clone().unwrap_or_default();
    let path_action = action.clone();
    let path_kept = kept_fields(
        &query,
        &[
            "show", "keep", "fold", "overlay", "from", "to", "path", "way",
        ],
    );
    let hubs_only = data.hubs_only;
    let level = data.layout.detail;
    let levels = LEVELS
        .into_iter()
        .map(|(detail, label)| {
            let query = DiagramQuery {
                level: Some(detail.as_str().to_owned()),
                ..query.clone()
            };
            let current = detail == level;
            view! { <MenuItem href=query.address(&id) current testid="diagram-level-item">{label}</MenuItem> }
        })
        .collect_view();
    let level_label = LEVELS
        .into_iter()
        .find(|(detail, _)| *detail == level)
        .map_or("Columns", |(_, label)| label);
    let shows_columns = data.shown.hide.is_some().then(|| {
        let href = query
            .not_hiding(data.shown.hide.as_deref(), None)
            .address(&id);
        view! {
            <MenuSeparator/>
            <MenuItem href testid="diagram-columns-show">"Show hidden columns"</MenuItem>
        }
    });
    let drawn = data.shown.relations();
    let relations = RELATIONS
        .into_iter()
        .map(|(choice, label)| {
            let query = query.drawing(choice);
            let current = choice == drawn;
            view! { <MenuItem href=query.address(&id) current testid="diagram-relations-item">{label}</MenuItem> }
        })
        .collect_view();
    let relation_list = relations_address(&id);
    // A way is marked in the place of what would be said over the picture.
    let overlay = data.shown.overlay.clone();
    let overlay = overlay.filter(|_| data.ways.is_empty());
    let overlays = OVERLAYS
        .into_iter()
        .map(|(word, label)| {
            let current = overlay.as_deref() == Some(word);
            let query = DiagramQuery {
                overlay: Some(word.to_owned()),
                from: query.from.filter(|_| word == "changes"),
                to: query.to.filter(|_| word == "changes"),
                ..query.without_ways()
            };
            view! { <MenuItem href=query.address(&id) current testid="diagram-overlay-item">{label}</MenuItem> }
        })
        .collect_view();
    let without = query.without_overlay().address(&id);
    let overlay_label = OVERLAYS
        .into_iter()
        .find(|(word, _)| overlay.as_deref() == Some(word))
        .map_or("Overlay", |(_, label)| label);
    let files = FILES
        .into_iter()
        .map(|(extension, label, more)| {
            let mut href = query.file_address(&id, extension);
            if !more.is_empty() {
                href.push(if href.contains('?') { '&' } else { '?' });
                href.push_str(more);
            }
            view! { <MenuItem href download=true icon=IconName::Download testid="diagram-export-item">{label}</MenuItem> }
        })
        .collect_view();
    let views = view! { <ViewsMenu data query=query.clone() open/> };
    view! {
        <div class="diagram-toolbar">
            {views}
            <form class="diagram-show" method="get" action=action role="search" title=hint>
                <label class="visually-hidden" for="show">"Tables to show"</label>
                <input id="show" class="input mono" name="show" type="search" value=data.shown.show.clone().unwrap_or_default()
                    placeholder="orders+1, sales.*, -audit_log" autocomplete="off" spellcheck="false"
                    data-testid="diagram-show"/>
                {kept}
                <Button submit=true>"Show"</Button>
            </form>
            <Badge testid="diagram-count">{count}</Badge>
            <ViewStatus data open/>
            {hubs_only.then(|| view! {
                <span class="dim" data-testid="diagram-hubs">"The best-connected tables; type a name to see another part."</span>
            })}
            {unknown_text.map(|text| view! {
                <span class="diagram-unknown" role="status" data-testid="diagram-unknown">{text}</span>
            })}
            {notes}
            <div class="toolbar-end">
                {(total > shown as u64).then(|| view! { <ButtonLink href=everything>"Show all"</ButtonLink> })}
                <button class="button button-ghost" type="button" popovertarget="diagram-path" data-testid="diagram-path">
                    "Path"<Icon name=IconName::ChevronDown/>
                </button>
                <div id="diagram-path" class="menu diagram-path" popover="auto">
                    <form method="get" action=path_action>
                        <label for="path">"Find the best ways between two tables"</label>
                        <input id="path" class="input mono" name="path" type="text" value=path required
                            placeholder="sales.orders, sales.countries" autocomplete="off" spellcheck="false"
                            data-testid="diagram-path-input"/>
                        {path_kept}
                        <Button submit=true>"Find"</Button>
                    </form>
                </div>
                <Menu id="diagram-level" label=format!("{level_label}: how much of each table") trigger=trigger(level_label)
                    placement=MenuPlacement::End testid="diagram-level">
                    {levels}
                    {shows_columns}
                </Menu>
                {fold_menu(data, &query)}
                <Menu id="diagram-relations" label="Relations: which are drawn" trigger=trigger("Relations")
                    placement=MenuPlacement::End testid="diagram-relations">
                    {relations}
                    <MenuSeparator/>
                    <MenuItem href=relation_list testid="diagram-relations-list">"List of relations"</MenuItem>
                </Menu>
                <Menu id="diagram-overlay" label=format!("{overlay_label}: what is said over the picture") trigger=trigger(overlay_label)
                    placement=MenuPlacement::End testid="diagram-overlay">
                    {overlays}
                    <MenuSeparator/>
                    <MenuItem href=without current=overlay.is_none() testid="diagram-overlay-item">"None"</MenuItem>
                </Menu>
                <span class="needs-scripts" data-testid="diagram-copy-link"><CopyButton text=Signal::derive(here) label="Copy the link to what is shown"/></span>
                <Menu id="diagram-export" label="Export this view" trigger=trigger("Export")
                    placement=MenuPlacement::End testid="diagram-export">
                    {files}
                </Menu>
            </div>
        </div>
    }
    .into_any()
}

/// What an address says besides some parameters, as fields of a form.
fn kept_fields(query: &DiagramQuery, besides: &[&str]) -> AnyView {
    query
        .parameters()
        .into_iter()
        .filter(|(name, _)| !besides.contains(name))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// So many open tables at the least are worth grouping by their links.
const GROUPED_MIN: usize = 6;

/// Groups as one box each: schemas where there are several, and what hangs together.
fn fold_menu(data: &DiagramData, query: &DiagramQuery) -> Option<AnyView> {
    let shown = data.shown.fold.as_deref();
    let folded = fold_terms(shown.unwrap_or_default());
    let open = || {
        let tables = data.graph.tables.iter();
        tables.filter(|it| it.kind != NodeKind::Group)
    };
    // By term, with the name.
    let mut schemas: BTreeMap<String, String> = open()
        .filter(|it| !it.schema.is_empty())
        .map(|it| (term_of("", &it.schema), it.schema.clone()))
        .collect();
    let boxes = data
        .graph
        .tables
        .iter()
        .filter_map(|it| it.name.strip_suffix(".*"));
    schemas.extend(
        boxes
            .map(|schema| (term_of("", schema), schema.to_owned()))
            .filter(|(term, _)| folded.contains(term)),
    );
    let has_schemas = schemas.len() > 1;
    let communities = folded.iter().any(|term| term.starts_with('~'));
    if !has_schemas && folded.is_empty() && open().count() < GROUPED_MIN {
        return None;
    }
    let id = &data.database_id;
    let terms: Vec<String> = schemas.keys().cloned().collect();
    let all = query.folding(&terms).address(id);
    let by_links = query.folding(&[COMMUNITIES.to_owned()]).address(id);
    let none = query.folding(&[]).address(id);
    let items = schemas
        .into_iter()
        .filter(|_| has_schemas)
        .map(|(term, schema)| {
            let current = folded.contains(&term);
            let href = query.toggling_fold(shown, &term).address(id);
            view! { <MenuItem href current testid="diagram-fold-item">{schema}</MenuItem> }
        })
        .collect_view();
    let nothing = folded.is_empty();
    let label = if nothing { "Fold" } else { "Folded" };
    let menu = view! {
        <Menu id="diagram-fold" label=format!("{label}: groups that are drawn as one box") trigger=trigger(label)
            placement=MenuPlacement::End testid="diagram-fold">
            {items}
            {has_schemas.then(|| view! {
                <MenuSeparator/>
                <MenuItem href=all testid="diagram-fold-item">"All schemas"</MenuItem>
            })}
            <MenuItem href=by_links current=communities testid="diagram-fold-item">"Groups by their links"</MenuItem>
            <MenuItem href=none current=nothing testid="diagram-fold-item">"None"</MenuItem>
        </Menu>
    };
    Some(menu.into_any())
}

/// The address as it stands: what is shown, where one looks and what is selected.
fn here() -> String {
    window().location().href().unwrap_or_default()
}

fn trigger(text: &'static str) -> AnyView {
    view! { <span>{text}</span><Icon name=IconName::ChevronDown/> }.into_any()
}
