//! What a list shows when there is nothing in it.

use crate::icon::{Icon, IconName};
use leptos::prelude::*;

/// What a list shows when there is nothing in it: why, and what to do about it.
#[component]
pub fn EmptyState(
    /// What would be here.
    icon: IconName,
    /// Why there is nothing.
    #[prop(into)]
    title: String,
    /// What it is good for, or what to do.
    #[prop(optional, into)]
    text: Option<String>,
    /// Without the frame: inside of something framed already.
    #[prop(optional)]
    plain: bool,
    /// Test hook.
    #[prop(default = "empty-state")]
    testid: &'static str,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let class = if plain {
        "empty-state empty-state-plain"
    } else {
        "empty-state"
    };
    view! {
        <div class=class data-testid=testid>
            <Icon name=icon/>
            <h2>{title}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn without_children_there_are_no_actions() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <EmptyState icon=IconName::Table title="No tables <yet>"/> }.to_html();
        assert!(html.contains("No tables &lt;yet&gt;"), "{html}");
        assert!(!html.contains("actions"), "{html}");
        assert!(!html.contains("<p>"), "{html}");
    }
}
