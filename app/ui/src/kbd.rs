//! A key of the keyboard.

use leptos::prelude::*;

/// A key or a chord: `Ctrl K`.
#[component]
pub fn Kbd(
    /// What stands on it.
    #[prop(into)]
    keys: String,
) -> AnyView {
    view! { <kbd class="kbd">{keys}</kbd> }.into_any()
}
