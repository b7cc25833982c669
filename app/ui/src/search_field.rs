//! The line that searches or filters what is below it.

use crate::field::adopt;
use crate::icon::{Icon, IconName};
use leptos::html;
use leptos::prelude::*;

/// A line to search or filter with. Inside of a `<form method="get">` it works without wasm.
#[component]
pub fn SearchField(
    /// What is searched, as placeholder and accessible name: "Filter tables".
    #[prop(into)]
    label: String,
    /// The name of the query parameter; the id too.
    name: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// Follows what is typed.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// Test hook, on the input.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let initial = bind.map_or(value, |bind| bind.get_untracked());
    if let Some(bind) = bind {
        adopt(
            move || input.get().map(|input| input.value()),
            bind,
            move |text| {
                if let Some(input) = input.get_untracked() {
                    input.set_value(text);
                }
            },
        );
    }
    view! {
        <div class="search-field">
            <Icon name=IconName::Search/>
            <input
                class="input"
                id=name
                name=name
                type="search"
                value=initial
                placeholder=label.clone()
                aria-label=label
                autocomplete="off"
                spellcheck="false"
                data-testid=testid
                node_ref=input
                on:input:target=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event.target().value());
                    }
                }
            />
        </div>
    }
    .into_any()
}
