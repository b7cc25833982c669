//! A button that copies.

use crate::browser::copy_text;
use crate::icon::{Icon, IconName};
use leptos::prelude::*;
use std::time::Duration;

/// A button that puts a text on the clipboard and says so for a moment.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// The button's name: "Copy the SQL".
    #[prop(default = "Copy".to_owned(), into)]
    label: String,
) -> AnyView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        copy_text(&text.get_untracked());
        copied.set(true);
        set_timeout(
            move || {
                let _ = copied.try_set(false);
            },
            Duration::from_millis(1_500),
        );
    };
    view! {
        <button
            class="button button-ghost button-small button-icon copy-button"
            type="button"
            aria-label=label.clone()
            data-tip=move || if copied.get() { "Copied".to_owned() } else { label.clone() }
            data-tip-side="end"
            data-copied=move || copied.get().then_some("")
            on:click=copy
        >
            {move || {
                let name = if copied.get() { IconName::Check } else { IconName::Copy };
                view! { <Icon name/> }
            }}
            <span class="visually-hidden" aria-live="polite">
                {move || copied.get().then_some("Copied")}
            </span>
        </button>
    }
    .into_any()
}
