//! A labelled choice of one.

use crate::field::{described_by, field_notes};
use leptos::prelude::*;

/// A labelled choice of one among few.
#[component]
pub fn Select(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// The name under which the form posts it; the id too.
    name: &'static str,
    /// Value and text of each option.
    options: Vec<(String, String)>,
    /// The value chosen at first.
    #[prop(optional, into)]
    value: String,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The label is read aloud only: toolbars.
    #[prop(optional)]
    bare: bool,
    /// Test hook, on the select.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Told the value chosen.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> AnyView {
    let options: Vec<_> = options
        .into_iter()
        .map(|(key, text)| {
            let selected = key == value;
            view! { <option value=key selected=selected>{text}</option> }
        })
        .collect();
    let has_hint = hint.is_some();
    let label_class = if bare {
        "visually-hidden"
    } else {
        "field-label"
    };
    view! {
        <div class="field">
            <label class=label_class for=name>{label}</label>
            <select
                class="select"
                id=name
                name=name
                disabled=move || disabled.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by(name, has_hint, error.with(Option::is_some))
                data-testid=testid
                on:change:target=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event.target().value());
                    }
                }
            >
                {options}
            </select>
            {field_notes(name, hint, error)}
        </div>
    }
    .into_any()
}
