//! Find in the diagram: a small box over the picture, which goes to what it finds.

use crate::pages::diagram::columns::Columns;
use crate::pages::diagram::surface::{StageSlot, with_stage};
use crate::pages::diagram::voice::Voice;
use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use diagram::find::{Found, find};
use leptos::ev::KeyboardEvent;
use leptos::html::{Input, Ul};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use model::address::search_address;
use model::diagram::DiagramQuery;
use std::sync::Arc;
use std::time::Duration;
use ui::{Button, ButtonVariant, Icon, IconName};

/// Rows that are in the document at a time.
const ROWS: usize = 50;
/// Milliseconds of rest after which it is said how many are found.
const REST: Duration = Duration::from_millis(400);

/// What the box knows. Cheap to copy.
#[derive(Clone, Copy)]
struct Finder {
    data: StoredValue<Arc<DiagramData>>,
    columns: Columns,
    query: Signal<DiagramQuery>,
    hidden: Signal<Vec<usize>>,
    stage: StageSlot,
    voice: Voice,
    open: RwSignal<bool>,
    text: RwSignal<String>,
    hits: Memo<Vec<Found>>,
    /// What the picture has gone to.
    at: RwSignal<Option<Found>>,
    /// Which of them that is; late columns make another list of them.
    place: Memo<Option<usize>>,
    found: RwSignal<Option<String>>,
    leave: Callback<()>,
}

/// The box, while it is open.
#[component]
pub(super) fn Find(
    data: Arc<DiagramData>,
    /// What the address asks for.
    query: Signal<DiagramQuery>,
    /// Columns that come later.
    columns: Columns,
    /// The tables that the view hides, by index, ascending.
    hidden: Signal<Vec<usize>>,
    stage: StageSlot,
    voice: Voice,
    open: RwSignal<bool>,
    /// The name of what was found last.
    found: RwSignal<Option<String>>,
    /// Gives the keyboard back to the picture.
    leave: Callback<()>,
) -> AnyView {
    let data = StoredValue::new(data);
    let text = RwSignal::new(String::new());
    let hits = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        let wanted = text.get();
        columns.with(|data, late| find(&data.graph, late, &wanted))
    });
    let at = RwSignal::new(None);
    let place = Memo::new(move |_| {
        let at = at.get()?;
        hits.with(|hits| hits.iter().position(|hit| *hit == at))
    });
    Effect::new(move || {
        if open.get() {
            columns.want_all();
        }
    });
    let finder = Finder {
        data,
        columns,
        query,
        hidden,
        stage,
        voice,
        open,
        text,
        hits,
        at,
        place,
        found,
        leave,
    };
    let leads = !is_embedded();
    view! { {move || open.get().then(|| finder.draw(leads))} }.into_any()
}

impl Finder {
    fn draw(self, leads: bool) -> AnyView {
        let input = NodeRef::<Input>::new();
        let list = NodeRef::<Ul>::new();
        let (hits, at, place, text) = (self.hits, self.at, self.place, self.text);
        Effect::new(move || {
            if let Some(input) = input.get() {
                // Refused only where it is hidden.
                let _ = input.focus();
                input.select();
            }
        });
        // What the picture has gone to stays in sight.
        Effect::new(move || {
            let (Some(place), Some(list)) = (place.get(), list.get()) else {
                return;
            };
            let row = list.query_selector(&["#", &row_id(place)].concat());
            if let Some(row) = row.ok().flatten() {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
        let count = move || {
            let count = hits.with(Vec::len);
            match place.get() {
                _ if text.with(|text| text.trim().is_empty()) => String::new(),
                Some(place) => format!("{} of {count}", place + 1),
                None => format!("{count} found"),
            }
        };
        let nothing = Memo::new(move |_| hits.with(Vec::is_empty));
        let asks = Memo::new(move |_| !text.with(|text| text.trim().is_empty()));
        let page = Memo::new(move |_| place.get().unwrap_or_default() / ROWS);
        let waits = StoredValue::new(None::<TimeoutHandle>);
        on_cleanup(move || drop_timer(waits));
        let typed = move |wanted: String| {
            at.set(None);
            text.set(wanted);
            drop_timer(waits);
            let timer = set_timeout_with_handle(move || self.tell_count(), REST).ok();
            waits.try_set_value(timer);
        };
        let active = move || place.get().map(row_id);
        let expanded = move || if nothing.get() { "false" } else { "true" };
        view! {
            <div class="diagram-find" role="search" aria-label="In the diagram" data-testid="diagram-find"
                on:keydown=move |event| self.key_in_box(&event)>
                <div class="find-line">
                    <Icon name=IconName::Search/>
                    <input
                        class="find-input"
                        node_ref=input
                        r#type="text"
                        role="combobox"
                        placeholder="Find a table or column"
                        aria-label="Find a table or column in the diagram"
                        aria-autocomplete="list"
                        aria-expanded=expanded
                        aria-controls="diagram-find-list"
                        aria-activedescendant=active
                        autocomplete="off"
                        spellcheck="false"
                        maxlength="300"
                        data-testid="find-input"
                        prop:value=text.get_untracked()
                        on:input=move |event| typed(event_target_value(&event))
                        on:keydown=move |event| self.key(&event)
                    />
                    <span class="find-count" data-testid="find-count">{count}</span>
                    <Button variant=ButtonVariant::Ghost icon=IconName::ChevronUp label="Previous" testid="find-previous"
                        disabled=Signal::from(nothing) on_click=Callback::new(move |_| self.step(false))/>
                    <Button variant=ButtonVariant::Ghost icon=IconName::ChevronDown label="Next" testid="find-next"
                        disabled=Signal::from(nothing) on_click=Callback::new(move |_| self.step(true))/>
                    <Button variant=ButtonVariant::Ghost icon=IconName::Close label="Close" testid="find-close"
                        on_click=Callback::new(move |_| self.close())/>
                </div>
                <ul class="find-list" id="diagram-find-list" role="listbox" aria-label="Found in the diagram" node_ref=list
                    hidden=move || nothing.get() data-testid="find-list">
                    {move || self.rows(page.get() * ROWS)}
                </ul>
                {move || (asks.get() && nothing.get()).then(|| self.elsewhere(leads))}
            </div>
        }
        .into_any()
    }

    /// The rows from one of them on.
    fn rows(self, first: usize) -> Vec<AnyView> {
        let count = self.hits.with(Vec::len);
        self.hits.with(|hits| {
            let rows = hits.iter().enumerate().skip(first).take(ROWS);
            rows.map(|(place, hit)| self.row(place, *hit, count))
                .collect()
        })
    }

    fn row(self, place: usize, hit: Found, count: usize) -> AnyView {
        let names = self.columns.with(|data, late| {
            let table = data.graph.tables.get(hit.table)?;
            let columns = late.of(&data.graph, hit.table);
            let column = hit.column.and_then(|column| columns.get(column));
            Some(match column {
                Some(column) => (column.name.clone(), table.qualified_name()),
                None => (table.name.clone(), table.schema.clone()),
            })
        });
        let (name, context) = names.unwrap_or_default();
        let icon = match hit.column {
            Some(_) => IconName::Column,
            None => IconName::Table,
        };
        let is_hidden = self
            .hidden
            .with(|hidden| hidden.binary_search(&hit.table).is_ok());
        let at = self.at;
        let selected = move || {
            if at.get() == Some(hit) {
                "true"
            } else {
                "false"
            }
        };
        view! {
            <li id=row_id(place) class="find-row" role="option" aria-selected=selected aria-posinset=place + 1
                aria-setsize=count data-testid="find-row"
                // The keyboard stays in the line.
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| self.go(place)>
                <Icon name=icon/>
                <span class="find-name mono">{name}</span>
                " "
                <span class="find-where">{context}{is_hidden.then_some(", hidden")}</span>
            </li>
        }
        .into_any()
    }

    /// Nothing in the picture is called so; the database or the catalog may hold it.
    fn elsewhere(self, leads: bool) -> AnyView {
        let text = self.text.get();
        let text = text.trim();
        let show = self.data.with_value(|data| {
            let is_all = data.tables_total <= data.graph.tables.len() as u64;
            let term = pattern_of(text).filter(|_| !is_all)?;
            let query = self.query.get();
            let query = query.with_term(query.otherwise(data.hubs_only), &term);
            Some(query.address(&data.database_id))
        });
        let show = show.filter(|_| leads).map(|href| {
            view! { <a href=href data-testid="find-show">{format!("Show tables called “{text}” too")}</a> }
        });
        let search = leads.then(|| {
            let href = search_address(text, 1);
            view! { <a href=href data-testid="find-search">{format!("Search the catalog for “{text}”")}</a> }
        });
        let columns = self.columns;
        let none = move || match (columns.are_coming(), columns.fault()) {
            (true, _) => {
                "No table in the picture is called so; its columns are being loaded.".to_owned()
            }
            (false, Some(fault)) => {
                format!(
                    "No table in the picture is called so. Its columns could not be had. {fault}"
                )
            }
            (false, None) => "Nothing in the picture is called so.".to_owned(),
        };
        view! {
            <div class="find-none" data-testid="find-none">
                <p>{none}</p>
                {show}
                {search}
            </div>
        }
        .into_any()
    }

    /// The picture goes to one of them.
    fn go(self, place: usize) {
        let hit = self
            .hits
            .with_untracked(|hits| hits.get(place).map(|hit| (*hit, hits.len())));
        let Some((hit, count)) = hit else { return };
        let name = untrack(|| self.columns.with(|data, late| hit.name(&data.graph, late)));
        self.at.set(Some(hit));
        self.voice
            .say(format!("{name} is in view, {} of {count}.", place + 1));
        self.found.set(Some(name));
        with_stage(self.stage, |stage| stage.go_to(hit));
    }

    /// To the next, or to the one before, round the end.
    fn step(self, forward: bool) {
        let count = self.hits.with_untracked(Vec::len);
        let last = count.saturating_sub(1);
        self.go(match (self.place.get_untracked(), forward) {
            (None, true) => 0,
            (None | Some(0), false) => last,
            (Some(place), true) if place >= last => 0,
            (Some(place), true) => place + 1,
            (Some(place), false) => place - 1,
        });
    }

    fn key(self, event: &KeyboardEvent) {
        // Enter may end what an input method writes.
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => self.step(true),
            "ArrowUp" => self.step(false),
            "Enter" => self.step(!event.shift_key()),
            _ => return,
        }
        event.prevent_default();
    }

    /// Keys that mean something on its buttons and links too.
    fn key_in_box(self, event: &KeyboardEvent) {
        let finds = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("f");
        match event.key().as_str() {
            "Escape" if !event.is_composing() => self.close(),
            // Open already, it is begun anew.
            _ if finds => self.open.set(true),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn close(self) {
        self.open.set(false);
        self.at.set(None);
        self.leave.run(());
    }

    fn tell_count(self) {
        // By then the page may have been left.
        let asks = self.text.try_with_untracked(|text| !text.trim().is_empty());
        if asks == Some(true)
            && let Some(count) = self.hits.try_with_untracked(Vec::len)
        {
            self.voice.say(match count {
                0 => "Nothing in the picture is called so.".to_owned(),
                count => format!("{count} found. Enter goes to the first."),
            });
        }
    }
}

fn drop_timer(timer: StoredValue<Option<TimeoutHandle>>) {
    if let Some(earlier) = timer.try_update_value(Option::take).flatten() {
        earlier.clear();
    }
}

fn row_id(place: usize) -> String {
    format!("find-row-{place}")
}

/// The term of a `show` expression for tables called somehow like that; none for what no term can
/// say.
fn pattern_of(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let is_plain = |part: &&str| {
        let letters = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
        !part.is_empty() && part.chars().all(letters)
    };
    if !parts.iter().all(is_plain) {
        return None;
    }
    match parts.as_slice() {
        [name] => Some(format!("*{name}*")),
        [schema, name] => Some(format!("{schema}.{name}*")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_term_where_one_can_say_it() {
        assert_eq!(pattern_of("ord").as_deref(), Some("*ord*"));
        assert_eq!(pattern_of("sales.ord").as_deref(), Some("sales.ord*"));
        for text in [
            "",
            ".",
            "sales.",
            "a.b.c",
            "two words",
            "a\"b",
            "a,b",
            "-a",
            "a+1",
        ] {
            assert_eq!(pattern_of(text), None, "{text:?}");
        }
    }
}
