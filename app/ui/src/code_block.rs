//! Code, to read and to copy.

use crate::copy_button::CopyButton;
use crate::sql_text::SqlText;
use leptos::prelude::*;

/// A block of code that wraps, with a button to copy it.
#[component]
pub fn CodeBlock(
    /// The code.
    #[prop(into)]
    text: String,
    /// What it is: "Definition".
    #[prop(into)]
    label: String,
    /// It is SQL and gets its colours.
    #[prop(optional)]
    sql: bool,
    /// Scrolls in place when it is long.
    #[prop(optional)]
    scroll: bool,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> AnyView {
    let class = if scroll {
        "code-block code-block-scroll"
    } else {
        "code-block"
    };
    let code = if sql {
        view! { <SqlText text=text.clone()/> }.into_any()
    } else {
        view! { <code>{text.clone()}</code> }.into_any()
    };
    view! {
        <div class=class data-testid=testid>
            <pre role="group" aria-label=label tabindex=scroll.then_some("0")>{code}</pre>
            <CopyButton text/>
        </div>
    }
    .into_any()
}
