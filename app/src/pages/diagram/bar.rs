//! What is shown, and the ways to show something else, to say something over it and to take it along.

use crate::pages::diagram::arrange_bar::trigger;
use crate::pages::diagram::reach::carry;
use crate::pages::diagram::views::{OpenState, ViewStatus, ViewsMenu, share_form};
use contract::catalog::DiagramData;
use diagram::detail::Detail;
use diagram::graph::NodeKind;
use diagram::paint::fits_bitmap;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use model::address::relations_address;
use model::diagram::{COMMUNITIES, DiagramQuery, Relations, fold_terms, term_of};
use model::number::counted;
use std::collections::BTreeMap;
use std::sync::Arc;
use ui::{
    Badge, Button, ButtonLink, CopyButton, Icon, IconName, Menu, MenuItem, MenuPlacement,
    MenuSeparator,
};
use wasm_bindgen::JsCast as _;

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
const FILES: [(&str, &str, &str, u32); 13] = [
    ("svg", "SVG, light", "theme=light", 0),
    ("svg", "SVG, dark", "theme=dark", 0),
    ("pdf", "PDF", "theme=light", 0),
    ("png", "PNG, 1×", "theme=light", 1),
    ("png", "PNG, 2×", "theme=light&scale=2", 2),
    ("png", "PNG, 3×", "theme=light&scale=3", 3),
    ("png", "PNG, 4×", "theme=light&scale=4", 4),
    ("png", "PNG, dark, 2×", "theme=dark&scale=2", 2),
    ("mmd", "Mermaid", "", 0),
    ("dbml", "DBML", "", 0),
    ("sql", "SQL", "", 0),
    ("md", "Markdown", "", 0),
    ("json", "JSON", "", 0),
];

/// The bar above the picture. All of it works without scripts.
#[component]
pub(super) fn Bar(
    data: Arc<DiagramData>,
    /// What the address asks for, with the view that is open. The view may be made while somebody
    /// types here: only links and hidden fields follow it.
    query: Signal<DiagramQuery>,
    open: OpenState,
) -> AnyView {
    let id = data.database_id.clone();
    let (shown, total) = (data.tables_shown(), data.tables_total);
    let count = if total == shown {
        counted(shown as usize, "table")
    } else {
        format!("{shown} of {}", counted(total as usize, "table"))
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
    let kept = move || query.with(|query| kept_fields(query, &["show", "keep", "way"]));
    let action = DiagramQuery::default().address(&id);
    let path = data.shown.path.clone().unwrap_or_default();
    let path_action = action.clone();
    let path_kept = move || {
        let besides = [
            "show", "keep", "fold", "overlay", "from", "to", "path", "way",
        ];
        query.with(|query| kept_fields(query, &besides))
    };
    let hubs_only = data.hubs_only;
    let level = data.layout.detail;
    let level_label = LEVELS
        .into_iter()
        .find(|(detail, _)| *detail == level)
        .map_or("Columns", |(_, label)| label);
    // A way is marked in the place of what would be said over the picture.
    let overlay = data.shown.overlay.clone();
    let overlay = overlay.filter(|_| data.ways.is_empty());
    let overlay_label = OVERLAYS
        .into_iter()
        .find(|(word, _)| overlay.as_deref() == Some(word))
        .map_or("Overlay", |(_, label)| label);
    let all = (total > shown).then(|| {
        let id = id.clone();
        move || {
            let everything = DiagramQuery {
                show: Some("*".to_owned()),
                ..query.get()
            };
            view! { <ButtonLink href=everything.address(&id)>"Show all"</ButtonLink> }
        }
    });
    // The entries of a menu, for what the address asks for by now.
    let entries = |draw: fn(&DiagramData, &DiagramQuery) -> AnyView| {
        let data = data.clone();
        move || query.with(|query| draw(&data, query))
    };
    let levels = entries(levels);
    let relations = entries(relations);
    let overlays = entries(overlays);
    let files = entries(files);
    let folds = fold_label(&data).map(|label| {
        let items = entries(fold_items);
        view! {
            <Menu id="diagram-fold" label=format!("{label}: groups that are drawn as one box") trigger=trigger(label)
                placement=MenuPlacement::End testid="diagram-fold">
                {items}
            </Menu>
        }
    });
    view! {
        <div class="diagram-toolbar">
            <ViewsMenu data=data.clone() query open/>
            <form class="diagram-show" method="get" action=action role="search" title=hint>
                <label class="visually-hidden" for="show">"Tables to show"</label>
                <input id="show" class="input mono" name="show" type="search" value=data.shown.show.clone().unwrap_or_default()
                    placeholder="orders+1, sales.*, -audit_log" autocomplete="off" spellcheck="false"
                    data-testid="diagram-show"/>
                {kept}
                <Button submit=true>"Show"</Button>
            </form>
            <Badge testid="diagram-count">{count}</Badge>
            <ViewStatus data=&*data open/>
            {hubs_only.then(|| view! {
                <span class="dim" data-testid="diagram-hubs">"The best-connected tables; type a name to see another part."</span>
            })}
            {unknown_text.map(|text| view! {
                <span class="diagram-unknown" role="status" data-testid="diagram-unknown">{text}</span>
            })}
            {notes}
            <div class="toolbar-end" on:click=stay>
                {all}
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
                </Menu>
                {folds}
                <Menu id="diagram-relations" label="Relations: which are drawn" trigger=trigger("Relations")
                    placement=MenuPlacement::End testid="diagram-relations">
                    {relations}
                </Menu>
                <Menu id="diagram-overlay" label=format!("{overlay_label}: what is said over the picture") trigger=trigger(overlay_label)
                    placement=MenuPlacement::End testid="diagram-overlay">
                    {overlays}
                </Menu>
                <CopyLink data=&*data query open/>
                <Menu id="diagram-export" label="Export this view" trigger=trigger("Export")
                    placement=MenuPlacement::End testid="diagram-export">
                    {files}
                </Menu>
            </div>
        </div>
    }
    .into_any()
}

fn levels(data: &DiagramData, query: &DiagramQuery) -> AnyView {
    let (id, level) = (&data.database_id, data.layout.detail);
    let items = LEVELS
        .into_iter()
        .map(|(detail, label)| {
            let query = DiagramQuery {
                level: Some(detail.as_str().to_owned()),
                ..query.clone()
            };
            let current = detail == level;
            view! { <MenuItem href=query.address(id) current testid="diagram-level-item">{label}</MenuItem> }
        })
        .collect_view();
    let shows_columns = data.shown.hide.as_deref().map(|hide| {
        let href = query.not_hiding(Some(hide), None).address(id);
        view! {
            <MenuSeparator/>
            <MenuItem href testid="diagram-columns-show">"Show hidden columns"</MenuItem>
        }
    });
    view! { {items} {shows_columns} }.into_any()
}

fn relations(data: &DiagramData, query: &DiagramQuery) -> AnyView {
    let (id, drawn) = (&data.database_id, data.shown.relations());
    let items = RELATIONS
        .into_iter()
        .map(|(choice, label)| {
            let href = query.drawing(choice).address(id);
            let current = choice == drawn;
            view! { <MenuItem href current testid="diagram-relations-item">{label}</MenuItem> }
        })
        .collect_view();
    view! {
        {items}
        <MenuSeparator/>
        <MenuItem href=relations_address(id) testid="diagram-relations-list">"List of relations"</MenuItem>
    }
    .into_any()
}

/// Whoever has something else said of the tables goes on looking at the same ones; at another level they
/// stand elsewhere, and what is selected stays selected.
fn stay(event: MouseEvent) {
    let within = |menus: &str| {
        let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        target.closest(menus).ok().flatten()
    };
    if within("#diagram-overlay, #diagram-relations").is_some() {
        carry(&event, &["at", "table"]);
    } else if within("#diagram-level").is_some() {
        carry(&event, &["table"]);
    }
}

fn overlays(data: &DiagramData, query: &DiagramQuery) -> AnyView {
    let id = &data.database_id;
    let overlay = data.shown.overlay.as_deref();
    let overlay = overlay.filter(|_| data.ways.is_empty());
    let items = OVERLAYS
        .into_iter()
        .map(|(word, label)| {
            let current = overlay == Some(word);
            let query = DiagramQuery {
                overlay: Some(word.to_owned()),
                from: query.from.filter(|_| word == "changes"),
                to: query.to.filter(|_| word == "changes"),
                ..query.without_ways()
            };
            view! { <MenuItem href=query.address(id) current testid="diagram-overlay-item">{label}</MenuItem> }
        })
        .collect_view();
    let without = query.without_overlay().address(id);
    view! {
        {items}
        <MenuSeparator/>
        <MenuItem href=without current=overlay.is_none() testid="diagram-overlay-item">"None"</MenuItem>
    }
    .into_any()
}

fn files(data: &DiagramData, query: &DiagramQuery) -> AnyView {
    let size = data.layout.bounds.size();
    let files = FILES.into_iter();
    // A bitmap of thousands of tables would be larger than the server makes any.
    let files = files.filter(|(.., scale)| fits_bitmap(size, f64::from(*scale)));
    let items = files.map(|(extension, label, more, _)| {
        let mut href = query.file_address(&data.database_id, extension);
        if !more.is_empty() {
            href.push(if href.contains('?') { '&' } else { '?' });
            href.push_str(more);
        }
        view! { <MenuItem href download=true testid="diagram-export-item">{label}</MenuItem> }
    });
    items.collect_view().into_any()
}

/// Copies the link to what is shown. That of a private view only its owner can open: who copies it is
/// told so, and may share the view.
#[component]
fn CopyLink<'a>(data: &'a DiagramData, query: Signal<DiagramQuery>, open: OpenState) -> AnyView {
    let asked = RwSignal::new(false);
    let (id, may_edit) = (data.database_id.clone(), data.may_edit);
    let private = move || {
        let view = open
            .view
            .get()
            .filter(|view| !view.is_shared && asked.get())?;
        let share = (view.is_own && may_edit).then(|| {
            share_form(
                &id,
                &view,
                query.get().address(&id),
                ("button button-ghost", "diagram-link-share"),
            )
        });
        Some(view! {
            <span class="dim" data-testid="diagram-link-private">"Only you can open it."</span>
            {share}
        })
    };
    view! {
        <span class="needs-scripts" data-testid="diagram-copy-link" on:click=move |_| asked.set(true)>
            <CopyButton text=Signal::derive(move || open.here()) label="Copy the link to what is shown"/>
        </span>
        <span role="status" class="diagram-private">{private}</span>
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

/// What the menu of groups is called; none where there is nothing to fold and nothing folded.
fn fold_label(data: &DiagramData) -> Option<&'static str> {
    let is_folded = data.shown.fold.is_some();
    let open = data.graph.tables.iter();
    let open = open.filter(|it| it.kind != NodeKind::Group).count();
    let worth = schemas(data).len() > 1 || is_folded || open >= GROUPED_MIN;
    worth.then_some(if is_folded { "Folded" } else { "Fold" })
}

/// The schemas in the picture, folded or not: terms with names.
fn schemas(data: &DiagramData) -> BTreeMap<String, String> {
    let folded = fold_terms(data.shown.fold.as_deref().unwrap_or_default());
    let tables = data.graph.tables.iter();
    tables
        .filter_map(|table| match table.kind {
            NodeKind::Group => {
                let schema = table.name.strip_suffix(".*")?;
                let term = term_of("", schema);
                folded.contains(&term).then(|| (term, schema.to_owned()))
            }
            _ if table.schema.is_empty() => None,
            _ => Some((term_of("", &table.schema), table.schema.clone())),
        })
        .collect()
}

/// Groups as one box each: schemas where there are several, and what hangs together.
fn fold_items(data: &DiagramData, query: &DiagramQuery) -> AnyView {
    let shown = data.shown.fold.as_deref();
    let folded = fold_terms(shown.unwrap_or_default());
    let schemas = schemas(data);
    let has_schemas = schemas.len() > 1;
    let communities = folded.iter().any(|term| term.starts_with('~'));
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
    view! {
        {items}
        {has_schemas.then(|| view! {
            <MenuSeparator/>
            <MenuItem href=all testid="diagram-fold-item">"All schemas"</MenuItem>
        })}
        <MenuItem href=by_links current=communities testid="diagram-fold-item">"Groups by their links"</MenuItem>
        <MenuItem href=none current=nothing testid="diagram-fold-item">"None"</MenuItem>
    }
    .into_any()
}
