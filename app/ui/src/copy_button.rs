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
    let done = RwSignal::new(None::<bool>);
    let copy = move |_| {
        let copying = copy_text(&text.get_untracked());
        leptos::task::spawn_local(async move {
            let copied = copying.await;
            // By then the page may have been left.
            if done.try_set(Some(copied)).is_some() {
                return;
            }
            set_timeout(
                move || {
                    let _ = done.try_set(None);
                },
                Duration::from_millis(1_500),
            );
        });
    };
    let said = move || match done.get() {
        Some(true) => Some("Copied"),
        Some(false) => Some("The browser refused to copy"),
        None => None,
    };
    let copied = move || done.get() == Some(true);
    view! {
        <button
            class="button button-ghost button-small button-icon copy-button"
            type="button"
            aria-label=label.clone()
            data-tip=move || said().map_or_else(|| label.clone(), str::to_owned)
            data-tip-side="end"
            data-copied=move || copied().then_some("")
            on:click=copy
        >
            {move || {
                let name = if copied() { IconName::Check } else { IconName::Copy };
                view! { <Icon name/> }
            }}
            <span class="visually-hidden" aria-live="polite">
                {said}
            </span>
        </button>
    }
    .into_any()
}
