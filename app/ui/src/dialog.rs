//! A dialog above the page.

use crate::button::{Button, ButtonVariant};
use crate::icon::IconName;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// A dialog above the page: the browser's own, which keeps the focus inside, closes on Escape and
/// gives the focus back. A press beside it closes it too.
#[component]
pub fn Dialog(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// The heading.
    #[prop(into)]
    title: String,
    /// A unique id.
    id: &'static str,
    /// Room for a table or for code.
    #[prop(optional)]
    wide: bool,
    /// Holds nothing but text: then the text is a stop of the tab key, so that keys can scroll it.
    #[prop(optional)]
    text: bool,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What stands in it.
    children: Children,
) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else {
            return;
        };
        match (open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let title_id = format!("{id}-title");
    let class = if wide { "dialog dialog-wide" } else { "dialog" };
    view! {
        <dialog
            class=class
            id=id
            aria-labelledby=title_id
            data-testid=testid
            node_ref=dialog
            on:close=move |_| open.set(false)
            on:click=move |event| {
                // Only the backdrop belongs to the dialog itself.
                let beside = event
                    .target()
                    .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                    .is_some_and(|target| target.has_attribute("open") && target.id() == id);
                if beside {
                    open.set(false);
                }
            }
        >
            <div class="dialog-head">
                <h2 id=title_id.clone()>{title}</h2>
                <Button
                    variant=ButtonVariant::Ghost
                    icon=IconName::Close
                    label="Close"
                    on_click=Callback::new(move |_| open.set(false))
                />
            </div>
            <div class="dialog-body" tabindex=text.then_some("0")>{children()}</div>
        </dialog>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_server_renders_it_closed_and_named() {
        let owner = Owner::new();
        owner.set();
        let open = RwSignal::new(true);
        let html = view! { <Dialog open title="Delete" id="delete">"Sure?"</Dialog> }.to_html();
        assert!(!html.contains(" open"), "{html}");
        assert!(html.contains(r#"aria-labelledby="delete-title""#), "{html}");
    }
}
