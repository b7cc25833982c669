//! The head of a page: what it is about and what can be done with it.

use leptos::prelude::*;

/// The head of a page.
#[component]
pub fn PageHeader(
    /// The page's heading.
    #[prop(into)]
    title: String,
    /// The heading is an identifier.
    #[prop(optional)]
    mono: bool,
    /// Badges beside the heading.
    #[prop(optional)]
    badges: Option<AnyView>,
    /// Buttons at the end of the line.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// The description below.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <header class="page-header">
            <div class="page-title">
                <h1 class=mono.then_some("mono") data-testid="page-title">{title}</h1>
                {badges}
            </div>
            <div class="actions">{actions}</div>
            {children.map(|children| view! { <div class="page-description">{children()}</div> })}
        </header>
    }
    .into_any()
}
