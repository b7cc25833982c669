//! A word in a frame.

use crate::icon::{Icon, IconName};
use crate::tone::Tone;
use leptos::prelude::*;

/// A word or two in a frame: a kind, a state, a count.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// A dot before the text: something lives.
    #[prop(optional)]
    dot: bool,
    /// Square and monospace, for words of a schema.
    #[prop(optional)]
    code: bool,
    /// The longer text on hover.
    #[prop(optional, into)]
    title: Option<String>,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// The text.
    children: Children,
) -> AnyView {
    let mut class = tone.badge_class().to_owned();
    if dot {
        class.push_str(" badge-dot");
    }
    if code {
        class.push_str(" badge-code");
    }
    view! {
        <span class=class title=title data-testid=testid>
            {icon.map(|name| view! { <Icon name/> })}
            {children()}
        </span>
    }
    .into_any()
}
