//! The frame around every page: rail, top bar, main.

use crate::icon::{BrandMark, Icon, IconName};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// One link of the rail.
#[derive(Clone)]
pub struct RailItem {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub label: String,
    /// Its icon.
    pub icon: IconName,
    /// Whether the page shown belongs to it; it may change while the rail stays.
    pub current: Signal<bool>,
}

impl RailItem {
    /// A link of the rail.
    pub fn new(
        href: impl Into<String>,
        label: impl Into<String>,
        icon: IconName,
        current: impl Into<Signal<bool>>,
    ) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            icon,
            current: current.into(),
        }
    }
}

/// A titled group of the rail.
#[derive(Clone)]
pub struct RailSection {
    /// Its title.
    pub title: String,
    /// Its links.
    pub items: Vec<RailItem>,
}

fn rail_list(items: Vec<RailItem>) -> AnyView {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            let current = item.current;
            view! {
                <li>
                    <a
                        class="rail-link"
                        href=item.href
                        aria-current=move || current.get().then_some("page")
                    >
                        <Icon name=item.icon/>
                        <span class="rail-label">{item.label}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="rail-list" role="list">{items}</ul> }.into_any()
}

/// The frame around every page. On a narrow screen the rail is a drawer that the menu button
/// opens, as a popover, so that it does without wasm.
#[component]
pub fn Shell(
    /// The main links.
    items: Vec<RailItem>,
    /// Titled groups below them.
    #[prop(optional)]
    sections: Vec<RailSection>,
    /// Links at the rail's foot: administration.
    #[prop(optional)]
    foot: Vec<RailItem>,
    /// The person's menu, at the very foot.
    #[prop(optional)]
    user: Option<AnyView>,
    /// Where the page stands; what else belongs into the bar's left half.
    breadcrumb: AnyView,
    /// The button that opens the palette; what else belongs into the bar's right half.
    #[prop(optional)]
    search: Option<AnyView>,
    /// The page.
    children: Children,
) -> AnyView {
    let rail = NodeRef::<html::Nav>::new();
    // The drawer closes once a link in it is followed; a link that loads no new document would
    // leave it open.
    let close = move |event: MouseEvent| {
        let on_link = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|target| target.closest("a").ok().flatten())
            .is_some();
        if let (true, Some(rail)) = (on_link, rail.get_untracked()) {
            let _ = rail.hide_popover();
        }
    };
    let sections: Vec<_> = sections
        .into_iter()
        .map(|section| {
            view! {
                <p class="rail-section">{section.title}</p>
                {rail_list(section.items)}
            }
        })
        .collect();
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <div class="app">
            <nav class="rail" id="rail" popover="auto" aria-label="Main" data-testid="rail" node_ref=rail on:click=close>
                <div class="rail-head">
                    <a class="brand" href="/">
                        <BrandMark/>
                        "Crowfoot"
                    </a>
                    <button
                        class="button button-ghost button-icon rail-close"
                        type="button"
                        aria-label="Close menu"
                        popovertarget="rail"
                        popovertargetaction="hide"
                    >
                        <Icon name=IconName::Close/>
                    </button>
                </div>
                {rail_list(items)}
                {sections}
                <div class="rail-foot">
                    {(!foot.is_empty()).then(|| rail_list(foot))}
                    {user}
                </div>
            </nav>
            <header class="topbar">
                <button
                    class="button button-ghost button-icon topbar-menu"
                    type="button"
                    aria-label="Menu"
                    popovertarget="rail"
                    data-testid="menu-button"
                >
                    <Icon name=IconName::Menu/>
                </button>
                <div class="topbar-path">{breadcrumb}</div>
                <div class="topbar-end">{search}</div>
            </header>
            <main class="main" id="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn landmarks_a_skip_link_and_one_current_item() {
        let owner = Owner::new();
        owner.set();
        let items = vec![
            RailItem::new("/", "Home", IconName::Home, false),
            RailItem::new("/databases", "Databases", IconName::Database, true),
        ];
        let breadcrumb = view! { "Databases" }.into_any();
        let html = view! { <Shell items breadcrumb><div class="page">"…"</div></Shell> }.to_html();
        assert!(html.starts_with(r##"<a href="#main""##), "{html}");
        for landmark in [
            "<nav id=\"rail\"",
            "<header class=\"topbar\"",
            "<main id=\"main\"",
        ] {
            assert!(html.contains(landmark), "{landmark}: {html}");
        }
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
    }
}
