//! The tree of the tables shown: the diagram for those who do not see the picture, and the quick
//! list for those who do. It and the picture select the same table.

mod keys;

use crate::pages::diagram::arrange_bar::{MEMO_FIELD, TITLE_FIELD};
use crate::pages::diagram::columns::Columns;
use crate::pages::diagram::{page_of, sign};
use contract::catalog::DiagramData;
use diagram::outline::{Note, Outline, Row, moved};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use ui::{Icon, IconName, SearchField, VirtualList};
use wasm_bindgen::JsCast as _;

/// The id of the tree.
const TREE: &str = "diagram-tree";

/// What the tree does to the picture and the page.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// Selects and shows a table, or lets go of it.
    pub(super) select: Callback<Option<usize>>,
    /// Selects a table besides the others, or lets go of it.
    pub(super) add: Callback<usize>,
    /// Gives a link of the selected table the focus, or takes it away.
    pub(super) focus_link: Callback<Option<usize>>,
    /// Shows an area or a memo by its name, and selects it for those who may arrange.
    pub(super) note: Callback<String>,
    /// Opens a table's page.
    pub(super) open: Callback<usize>,
    /// Gives the keyboard back to the picture.
    pub(super) leave: Callback<()>,
    /// Shows the keys.
    pub(super) help: Callback<()>,
    /// Has the view show a table again that it hides; none shows all of them. Says whether there is
    /// a picture that can.
    pub(super) show: Callback<Option<usize>, bool>,
}

/// What the tree knows, for its rows and keys. Cheap to copy.
#[derive(Clone, Copy)]
struct Tree {
    outline: StoredValue<Outline>,
    data: StoredValue<Arc<DiagramData>>,
    rows: Memo<Vec<Row>>,
    notes: Signal<Arc<Vec<Note>>>,
    open: RwSignal<BTreeSet<usize>>,
    active: RwSignal<Option<Row>>,
    selected: Signal<Option<usize>>,
    several: Signal<Vec<usize>>,
    typed: StoredValue<(String, f64)>,
    /// Whether the keyboard came to the tree by a pointer, which shows where it is.
    pointed: RwSignal<bool>,
    columns: Columns,
    reach: Reach,
}

/// The tree with the line that filters it.
#[component]
pub(super) fn OutlineTree(
    data: Arc<DiagramData>,
    /// Index of the selected table.
    selected: Signal<Option<usize>>,
    /// Indices of all selected tables, where there are several.
    several: Signal<Vec<usize>>,
    /// Index of the link that has the focus in the picture.
    focused_link: Signal<Option<usize>>,
    /// The tables that the view hides, by index, ascending.
    hidden: Signal<Vec<usize>>,
    /// The areas and memos in the picture.
    notes: Signal<Arc<Vec<Note>>>,
    columns: Columns,
    reach: Reach,
) -> impl IntoView {
    let filter = RwSignal::new(String::new());
    let open = RwSignal::new(BTreeSet::new());
    let outline = StoredValue::new(Outline::new(&data.graph));
    let rows = Memo::new(move |_| {
        let wanted = filter.get();
        let notes = notes.get();
        hidden.with(|hidden| {
            open.with(|open| {
                outline.with_value(|outline| outline.rows(open, &wanted, hidden, &notes))
            })
        })
    });
    let tree = Tree {
        outline,
        data: StoredValue::new(data),
        rows,
        notes,
        open,
        active: RwSignal::new(None),
        selected,
        several,
        typed: StoredValue::new((String::new(), 0.0)),
        pointed: RwSignal::new(false),
        columns,
        reach,
    };
    // Areas and memos are known by their place in order, which others may change.
    Effect::new(move |before: Option<Arc<Vec<Note>>>| {
        let now = notes.get();
        let before = before.unwrap_or_else(|| now.clone());
        if let Some(Row::Note(place)) = tree.active.get_untracked() {
            let moved = moved(&before, &now, place).map(Row::Note);
            if moved != Some(Row::Note(place)) {
                tree.active.set(moved);
            }
        }
        now
    });
    // What is selected in the picture is active here.
    Effect::new(move || {
        let (table, link) = (selected.get(), focused_link.get());
        tree.follow(table, link);
    });
    let version = Memo::new(move |earlier: Option<&u64>| {
        rows.track();
        notes.track();
        earlier.map_or(0, |version| version.wrapping_add(1))
    });
    let place = Memo::new(move |_| {
        let active = tree.active.get()?;
        rows.with(|rows| rows.iter().position(|row| *row == active))
    });
    let active_id = Signal::derive(move || {
        place.get()?;
        tree.active.get().map(row_id)
    });
    let length = Signal::derive(move || rows.with(Vec::len));
    let is_empty = Memo::new(move |_| length.get() == 0);
    let row = Callback::new(move |at: usize| tree.row(at));
    view! {
        <section class="outline" aria-labelledby="outline-title">
            <div class="drawer-head"><h2 id="outline-title">"Tables"</h2></div>
            <div class="outline-find" on:keydown=move |event| tree.key_in_filter(&event)>
                <SearchField label="Find in this diagram" name="find" bind=filter testid="diagram-filter"/>
            </div>
            <p class="dim" role="status" data-testid="diagram-none">
                {move || is_empty.get().then(|| match filter.with(|wanted| wanted.trim().is_empty()) {
                    true => "All tables are hidden.",
                    false => "No table is called so.",
                })}
            </p>
            <div class="outline-tree" class:is-pointed=move || tree.pointed.get() hidden=move || is_empty.get()
                on:focusin=move |_| tree.entered() on:keydown=move |_| tree.pointed.set(false)>
                <VirtualList
                    length
                    row
                    version
                    active=place
                    active_id
                    on_key=Callback::new(move |event| tree.key(&event))
                    row_height=26
                    class="outline-list"
                    role="tree"
                    multiselectable=true
                    label="Tables with their columns and links, areas and memos"
                    id=TREE
                    testid="diagram-outline"
                />
            </div>
        </section>
    }
}

/// The id of a row's element.
fn row_id(row: Row) -> String {
    match row {
        Row::Table(table) => format!("outline-{table}"),
        Row::Column(table, column) => format!("outline-{table}-c{column}"),
        Row::Link(table, link) => format!("outline-{table}-l{link}"),
        Row::Note(note) => format!("outline-note-{note}"),
    }
}

impl Tree {
    /// The picture has selected a table or gone to a link.
    fn follow(self, table: Option<usize>, link: Option<usize>) {
        let Some(table) = table else {
            return;
        };
        let active = self.active.get_untracked();
        let is_open = self.open.with_untracked(|open| open.contains(&table));
        let row = match link.filter(|_| is_open) {
            Some(link) => Row::Link(table, link),
            // Here somebody walks through the rows below it.
            None if active
                .is_some_and(|row| row.table() == Some(table) && row.link().is_none()) =>
            {
                return;
            }
            None => Row::Table(table),
        };
        if active != Some(row) {
            self.active.set(Some(row));
        }
    }

    /// The tree has the focus: something in it is active.
    fn entered(self) {
        let rows = self.rows;
        let active = self.active.get_untracked();
        let is_there = active.is_some_and(|row| rows.with_untracked(|rows| rows.contains(&row)));
        if !is_there {
            self.active
                .set(rows.with_untracked(|rows| rows.first().copied()));
        }
    }

    /// Makes a row active; the picture shows its table and its link.
    fn go(self, row: Row) {
        self.active.set(Some(row));
        if let Row::Note(note) = row {
            if let Some(note) = self.note(note) {
                self.reach.note.run(note.id);
            }
            return;
        }
        if self.selected.get_untracked() != row.table() {
            self.reach.select.run(row.table());
        }
        self.reach.focus_link.run(row.link());
    }

    /// The same for a row that somebody points at: it is shown although it may be selected already,
    /// as the picture may show something else by now.
    fn pick(self, row: Row) {
        let selected = self.selected.get_untracked();
        if selected.is_some() && selected == row.table() {
            self.reach.select.run(selected);
        }
        self.go(row);
    }

    /// Somebody presses a row. The keyboard goes to the tree and not to the link that the row of a table
    /// is: it is drawn anew when something in the tree is different.
    fn pressed(self, row: Row, event: &MouseEvent) {
        if event.button() != 0 || has_modifier(event) {
            return;
        }
        self.pointed.set(true);
        // First, as a tree that gets the keyboard goes to its first row when none is active.
        self.active.set(Some(row));
        if matches!(row, Row::Table(_)) {
            event.prevent_default();
            focus(TREE);
        }
    }

    fn note(self, place: usize) -> Option<Note> {
        self.notes.with_untracked(|notes| notes.get(place).cloned())
    }

    /// Goes to the field in which an area or a memo is written, where there is one.
    fn write(self, place: usize) {
        self.go(Row::Note(place));
        let is_area = self.note(place).is_some_and(|note| note.is_area);
        let field = if is_area { TITLE_FIELD } else { MEMO_FIELD };
        // By then it is drawn.
        request_animation_frame(move || focus(field));
    }

    fn go_to(self, place: usize) {
        let row = self.rows.with_untracked(|rows| {
            let last = rows.len().checked_sub(1)?;
            rows.get(place.min(last)).copied()
        });
        if let Some(row) = row {
            self.go(row);
        }
    }

    fn toggle(self, table: usize) {
        self.open.update(|open| {
            if !open.remove(&table) {
                open.insert(table);
            }
        });
        self.columns.want([table].into());
        // What was active below it is there no longer.
        if self
            .active
            .get_untracked()
            .is_some_and(|row| row.table() == Some(table))
        {
            self.active.set(Some(Row::Table(table)));
        }
    }

    /// Goes along a link to its other end.
    fn cross(self, table: usize, link: usize) {
        let other = self.data.with_value(|data| {
            let link = data.graph.links.get(link)?;
            Some(if link.child() == table {
                link.parent()
            } else {
                link.child()
            })
        });
        if let Some(other) = other {
            self.go(Row::Table(other));
        }
    }

    /// One row.
    fn row(self, at: usize) -> AnyView {
        let found = self.rows.with_untracked(|rows| {
            let row = rows.get(at).copied()?;
            let place = self.outline.with_value(|outline| outline.place(rows, at));
            Some((row, place))
        });
        let Some((row, (place, count))) = found else {
            return ().into_any();
        };
        let data = self.data.get_value();
        let is_active = move || self.active.get() == Some(row);
        // A table that is in sight only because something below it is active is not selected.
        let is_selected = move || {
            let is_first = row
                .table()
                .is_none_or(|table| self.selected.get() == Some(table));
            let is_one = matches!(row, Row::Table(table)
                if self.several.with(|several| several.contains(&table)));
            is_one || is_active() && is_first
        };
        let selected = move || if is_selected() { "true" } else { "false" };
        match row {
            Row::Table(table) => self.table_row(&data, table, (place, count), selected, is_active),
            Row::Column(table, column) => {
                let columns = self.columns;
                let content = move || column_content(&data, columns, table, column);
                view! {
                    <div id=row_id(row) class="outline-row outline-leaf" role="treeitem" {..level(2)}
                        aria-posinset=place aria-setsize=count aria-selected=selected
                        class:is-active=is_active on:mousedown=move |event| self.pressed(row, &event)
                        on:click=move |_| self.pick(row)>{content}</div>
                }
                .into_any()
            }
            Row::Note(note) => {
                let Some(note) = self.note(note) else {
                    return ().into_any();
                };
                let icon = if note.is_area {
                    IconName::Box
                } else {
                    IconName::Note
                };
                let sentence = note.sentence();
                let title = sentence.clone();
                view! {
                    <div id=row_id(row) class="outline-row" role="treeitem" {..level(1)}
                        aria-posinset=place aria-setsize=count aria-selected=selected title=title
                        class:is-active=is_active on:mousedown=move |event| self.pressed(row, &event)
                        on:click=move |_| self.pick(row)>
                        <span class="outline-toggle" aria-hidden="true"><Icon name=icon/></span>
                        <span class="outline-text">{sentence}</span>
                    </div>
                }
                .into_any()
            }
            Row::Link(table, link) => {
                let sentence = data
                    .graph
                    .links
                    .get(link)
                    .map(|link| data.graph.link_sentence(link));
                let title = sentence.clone();
                let icon = data
                    .graph
                    .links
                    .get(link)
                    .map_or(IconName::ArrowRight, |it| {
                        if it.child() == table {
                            IconName::ArrowRight
                        } else {
                            IconName::ArrowLeft
                        }
                    });
                let mark = data
                    .overlay
                    .as_ref()
                    .and_then(|overlay| overlay.link(link))
                    .map(sign);
                view! {
                    <div id=row_id(row) class="outline-row outline-leaf outline-link" role="treeitem" {..level(2)}
                        aria-posinset=place aria-setsize=count aria-selected=selected title=title
                        class:is-active=is_active on:mousedown=move |event| self.pressed(row, &event)
                        on:click=move |_| self.pick(row)
                        on:dblclick=move |_| self.cross(table, link)>
                        <Icon name=icon/>
                        <span class="outline-text mono">{sentence}</span>
                        {mark}
                    </div>
                }
                .into_any()
            }
        }
    }

    fn table_row(
        self,
        data: &DiagramData,
        table: usize,
        (place, count): (usize, usize),
        selected: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
        is_active: impl Fn() -> bool + Copy + Send + Sync + 'static,
    ) -> AnyView {
        let Some(node) = data.graph.tables.get(table) else {
            return ().into_any();
        };
        let links = self.outline.with_value(|it| it.links_of(table).len());
        let is_open = self.open.with_untracked(|open| open.contains(&table));
        let expanded = self
            .outline
            .with_value(|it| it.has_children(table))
            .then_some(if is_open { "true" } else { "false" });
        let name = node.qualified_name();
        let said = diagram::outline::table_sentence(&data.graph, table, links);
        // The sentence begins with the name, which is there already.
        let more = said.get(name.len()..).unwrap_or_default().to_owned();
        let mark = data
            .overlay
            .as_ref()
            .and_then(|overlay| overlay.table(table))
            .map(sign);
        let click = move |event: MouseEvent| {
            if has_modifier(&event) {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
            let on_toggle = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .and_then(|target| target.closest(".outline-toggle").ok().flatten())
                .is_some();
            if on_toggle {
                self.toggle(table);
            } else {
                self.pick(Row::Table(table));
            }
        };
        let content = view! {
            <span class="outline-toggle" aria-hidden="true"></span>
            <span class="outline-text mono">{name.clone()}</span>
            <span class="visually-hidden">{more}</span>
            {mark}
        };
        let row = Row::Table(table);
        let press = move |event: MouseEvent| self.pressed(row, &event);
        match page_of(data, node) {
            // Without scripts it leads to the table's page.
            Some(href) => view! {
                <a id=row_id(row) class="outline-row" role="treeitem" tabindex="-1" {..level(1)} href=href
                    aria-posinset=place aria-setsize=count aria-selected=selected aria-expanded=expanded
                    title=name class:is-active=is_active on:mousedown=press on:click=click>{content}</a>
            }
            .into_any(),
            None => view! {
                <div id=row_id(row) class="outline-row" role="treeitem" {..level(1)}
                    aria-posinset=place aria-setsize=count aria-selected=selected aria-expanded=expanded
                    title=name class:is-active=is_active on:mousedown=press on:click=click>{content}</div>
            }
            .into_any(),
        }
    }
}

/// Whether a click is for the browser: to open a link elsewhere, say.
fn has_modifier(event: &MouseEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.shift_key()
}

/// A column: its mark, its name and its type, and in words what the mark says.
fn column_content(data: &DiagramData, columns: Columns, table: usize, place: usize) -> AnyView {
    let Some(column) = columns.column(table, place) else {
        return view! {
            <span class="outline-mark" aria-hidden="true"></span>
            <span class="outline-text dim" aria-label="not loaded yet">"…"</span>
        }
        .into_any();
    };
    let said = diagram::outline::column_sentence(&column);
    // The sentence begins with name and type, which are there already.
    let shown = column.name.len() + ", ".len() + column.data_type.len();
    let more = said.get(shown..).unwrap_or_default().to_owned();
    let (class, mark) = match (column.primary_key, column.foreign_key) {
        (true, _) => ("key-mark", "◆"),
        (_, true) => ("fk-mark", "◇"),
        _ => ("", ""),
    };
    let overlay = data.overlay.as_ref();
    let mark_over = u16::try_from(place)
        .ok()
        .and_then(|place| overlay?.column(table, place))
        .map(sign);
    view! {
        <span class=format!("outline-mark {class}") aria-hidden="true">{mark}</span>
        <span class="outline-text mono">{column.name.clone()}</span>
        " "
        {mark_over}
        <span class="outline-type mono dim">{column.data_type.clone()}</span>
        <span class="visually-hidden">{more}</span>
    }
    .into_any()
}

/// Gives the keyboard to an element, where there is one of this id.
pub(super) fn focus(id: &str) {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // Refused only where it is hidden.
        let _ = element.focus();
    }
}

/// How deep a row is; the attribute has no name in the macro.
fn level(level: u8) -> impl leptos::attr::Attribute + Clone {
    leptos::attr::custom::custom_attribute("aria-level", level.to_string())
}
