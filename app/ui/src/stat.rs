//! Figures in a row.

use leptos::prelude::*;

/// A row of figures, each a [`Stat`].
#[component]
pub fn Stats(
    /// The figures.
    children: Children,
) -> AnyView {
    view! { <dl class="stats" data-testid="stats">{children()}</dl> }.into_any()
}

/// One figure and what it counts.
#[component]
pub fn Stat(
    /// What it counts.
    #[prop(into)]
    label: String,
    /// The exact value on hover.
    #[prop(optional, into)]
    title: Option<String>,
    /// The figure.
    children: Children,
) -> AnyView {
    view! {
        <div class="stat" title=title>
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}
