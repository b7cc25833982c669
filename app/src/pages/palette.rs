//! The command palette: any database, table, column or page, from anywhere, by Ctrl-K.

use crate::api::{self, PageAnswer, PageQuestion};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::catalog::{SearchHit, SearchKind};
use std::time::Duration;
use ui::{Icon, IconName, Kbd};

/// Hits shown at the most.
const HITS: u32 = 20;
/// Milliseconds of rest after which a search is asked for.
const REST_MS: u64 = 70;

/// Pages that the palette leads to.
const PAGES: [(&str, &str, &str); 5] = [
    ("Home", "/", "start overview"),
    ("Databases", "/databases", "list catalog"),
    (
        "Datasets",
        "/datasets",
        "files parquet csv ncf external lake catalog",
    ),
    (
        "Import a script",
        "/databases/new",
        "new add upload paste ddl sql sample",
    ),
    ("Your account", "/me", "password theme sign out profile"),
];

/// The line that opens the palette, and the palette.
#[component]
pub fn Palette() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Div>::new();
    let text = RwSignal::new(String::new());
    let hits = RwSignal::new(pages_that_fit(""));
    let chosen = RwSignal::new(0_usize);
    let failed = RwSignal::new(None::<String>);

    let open = move || {
        let (Some(dialog), Some(input)) = (dialog.get_untracked(), input.get_untracked()) else {
            return;
        };
        if !dialog.open() {
            // Refused only for a dialog that is not on the page or open already.
            let _ = dialog.show_modal();
        }
        input.select();
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let shortcut = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            open();
        }
    });
    on_cleanup(move || shortcut.remove());

    let navigate = use_navigate();
    let follow = move |address: &str| {
        close();
        // An anchor on a page is found by the browser itself once the page is there.
        navigate(address, Default::default());
    };
    // Who types fast presses Enter before the answer is there, and means what it will hold.
    let (hits_of, enters) = (StoredValue::new(String::new()), StoredValue::new(false));
    let pending = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    let on_answer = follow.clone();
    let search = move |wanted: String| {
        text.set(wanted.clone());
        enters.set_value(false);
        if let Some(earlier) = pending.try_update_value(Option::take).flatten() {
            earlier.clear();
        }
        if wanted.trim().is_empty() {
            hits.set(pages_that_fit(""));
            hits_of.set_value(wanted);
            chosen.set(0);
            failed.set(None);
            return;
        }
        let follow = on_answer.clone();
        let ask = move || {
            leptos::task::spawn_local(async move {
                let question = PageQuestion::Search {
                    text: wanted.clone(),
                    limit: HITS,
                };
                let found = api::page(question).await;
                // An answer that comes after a newer question is of no use.
                if text.try_get_untracked().as_ref() != Some(&wanted) {
                    return;
                }
                match found {
                    Ok(PageAnswer::Search(found)) => {
                        let mut all = pages_that_fit(&wanted);
                        if !found.is_empty() {
                            all.extend(found);
                            all.push(all_results(&wanted));
                        }
                        hits.set(all);
                        failed.set(None);
                    }
                    Ok(_) => hits.set(Vec::new()),
                    Err(error) => {
                        hits.set(Vec::new());
                        failed.set(Some(error.0.message));
                    }
                }
                chosen.set(0);
                hits_of.set_value(wanted);
                if enters.get_value() {
                    enters.set_value(false);
                    let first =
                        hits.with_untracked(|hits| hits.first().map(|hit| hit.address.clone()));
                    if let Some(first) = first {
                        follow(&first);
                    }
                }
            });
        };
        let handle = set_timeout_with_handle(ask, Duration::from_millis(REST_MS)).ok();
        pending.try_set_value(handle);
    };

    let on_key = {
        let follow = follow.clone();
        move |event: ev::KeyboardEvent| {
            let count = hits.with_untracked(Vec::len);
            match event.key().as_str() {
                "ArrowDown" if count > 0 => chosen.update(|place| *place = (*place + 1) % count),
                "ArrowUp" if count > 0 => {
                    chosen.update(|place| *place = (*place + count - 1) % count);
                }
                "Home" if count > 0 && event.ctrl_key() => chosen.set(0),
                "Enter" if hits_of.with_value(|of| text.with_untracked(|text| of != text)) => {
                    enters.set_value(true);
                }
                "Enter" => {
                    let address = hits.with_untracked(|hits| {
                        hits.get(chosen.get_untracked())
                            .map(|hit| hit.address.clone())
                    });
                    if let Some(address) = address {
                        follow(&address);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        }
    };
    // The chosen hit stays in sight.
    Effect::new(move || {
        let place = chosen.get();
        // To look where something is that is not shown costs a layout of the page.
        if !dialog.get().is_some_and(|dialog| dialog.open()) {
            return;
        }
        let shown = list.get().and_then(|list| {
            list.query_selector(&format!("#palette-hit-{place}"))
                .ok()
                .flatten()
        });
        if let Some(shown) = shown {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            shown.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });

    let options = move || {
        hits.get()
            .into_iter()
            .enumerate()
            .map(|(place, hit)| {
                let follow = follow.clone();
                let address = hit.address.clone();
                view! {
                    <a
                        class="palette-option"
                        id=format!("palette-hit-{place}")
                        href=hit.address
                        role="option"
                        tabindex="-1"
                        aria-selected=move || (chosen.get() == place).to_string()
                        data-testid="palette-hit"
                        on:click=move |event| {
                            if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
                                event.prevent_default();
                                event.stop_propagation();
                                follow(&address);
                            }
                        }
                    >
                        <Icon name=icon_of(hit.kind)/>
                        <span class=if hit.kind == SearchKind::Page { "palette-name" } else { "palette-name mono" }>
                            {hit.label}
                        </span>
                        <span class="palette-where">{hit.context}</span>
                    </a>
                }
            })
            .collect_view()
    };
    let empty = move || {
        if let Some(message) = failed.get() {
            return Some(view! { <p class="palette-empty" role="alert">{message}</p> }.into_any());
        }
        let nothing = hits.with(Vec::is_empty) && !text.with(|text| text.trim().is_empty());
        nothing.then(|| {
            view! { <p class="palette-empty" role="status">"Nothing fits that."</p> }.into_any()
        })
    };
    view! {
        // Without scripts it leads to the page that searches.
        <a class="search-button" href="/search" data-testid="open-palette" on:click=move |event| {
            event.prevent_default();
            event.stop_propagation();
            open();
        }>
            <Icon name=IconName::Search/>
            <span class="search-label">"Find a table, column…"</span>
            <Kbd keys="Ctrl K"/>
        </a>
        <dialog class="palette" node_ref=dialog aria-label="Find" data-testid="palette" on:close=move |_| enters.set_value(false) on:click=move |event| {
            // A click on the backdrop is a click on the dialog itself.
            if let (Some(dialog), Some(target)) = (dialog.get_untracked(), event.target())
                && wasm_bindgen::JsCast::unchecked_into::<web_sys::Node>(target).is_same_node(Some(&dialog))
            {
                close();
            }
        }>
            <div class="palette-line">
                <Icon name=IconName::Search/>
                <input
                    class="palette-input"
                    node_ref=input
                    r#type="text"
                    role="combobox"
                    placeholder="Find by name, comment, tag or type; db: schema: …"
                    aria-label="Find a table, column, database or page"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || format!("palette-hit-{}", chosen.get())
                    autocomplete="off"
                    spellcheck="false"
                    data-testid="palette-input"
                    on:input=move |event| search(event_target_value(&event))
                    on:keydown=on_key
                />
            </div>
            <div class="palette-list" id="palette-list" role="listbox" aria-label="Found" node_ref=list>{options}</div>
            {empty}
        </dialog>
    }
}

fn icon_of(kind: SearchKind) -> IconName {
    match kind {
        SearchKind::Database => IconName::Database,
        SearchKind::Table => IconName::Table,
        SearchKind::Column => IconName::Column,
        SearchKind::Page => IconName::ArrowRight,
    }
}

/// The page with everything that a text finds.
fn all_results(text: &str) -> SearchHit {
    SearchHit {
        kind: SearchKind::Page,
        label: "All that was found".to_owned(),
        context: "search".to_owned(),
        detail: None,
        address: model::address::search_address(text.trim(), 1),
    }
}

/// Pages whose name or purpose holds the text; all of them for an empty one.
fn pages_that_fit(text: &str) -> Vec<SearchHit> {
    let wanted = text.trim().to_lowercase();
    PAGES
        .into_iter()
        .filter(|(label, _, about)| {
            let begins = |words: &str| {
                words
                    .to_lowercase()
                    .split(' ')
                    .any(|word| word.starts_with(&wanted))
            };
            wanted.is_empty()
                || label.to_lowercase().starts_with(&wanted)
                || begins(label)
                || begins(about)
        })
        .map(|(label, address, _)| SearchHit {
            kind: SearchKind::Page,
            label: label.to_owned(),
            context: "page".to_owned(),
            detail: None,
            address: address.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_name_and_by_purpose() {
        let labels = |text: &str| -> Vec<String> {
            pages_that_fit(text)
                .into_iter()
                .map(|hit| hit.label)
                .collect()
        };
        assert_eq!(labels("").len(), PAGES.len());
        assert_eq!(labels("pass"), ["Your account"]);
        assert_eq!(labels("DATA"), ["Databases", "Datasets"]);
        assert_eq!(labels("parq"), ["Datasets"]);
        assert_eq!(labels("orders"), Vec::<String>::new());
    }
}
