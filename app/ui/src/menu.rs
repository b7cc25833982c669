//! A menu that a button opens.

use crate::browser::{focus, focused};
use crate::icon::{Icon, IconName};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;

/// Where a menu opens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MenuPlacement {
    /// Below the button, ending where the button ends.
    #[default]
    End,
    /// Below the button, beginning where the button begins.
    Start,
    /// Above the button.
    Up,
}

/// A menu that a button opens: the browser's popover, so it opens without wasm and closes on
/// Escape and on a press beside it. Arrows, Home and End walk through it.
#[component]
pub fn Menu(
    /// A unique id.
    id: &'static str,
    /// What the menu is for.
    #[prop(into)]
    label: String,
    /// What stands in the button.
    trigger: AnyView,
    /// The button's class.
    #[prop(default = "button button-ghost")]
    class: &'static str,
    /// Where it opens.
    #[prop(optional)]
    placement: MenuPlacement,
    /// Test hook, on the button.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Its [`MenuItem`]s.
    children: Children,
) -> AnyView {
    let panel = NodeRef::<html::Div>::new();
    let panel_class = match placement {
        MenuPlacement::End => "menu",
        MenuPlacement::Start => "menu menu-start",
        MenuPlacement::Up => "menu menu-up",
    };
    let walk = move |event: KeyboardEvent| {
        let Some(panel) = panel.get_untracked() else {
            return;
        };
        let current = focused().filter(is_item);
        let target = match event.key().as_str() {
            "ArrowDown" => current
                .and_then(|item| following(item.next_element_sibling(), true))
                .or_else(|| following(panel.first_element_child(), true)),
            "ArrowUp" => current
                .and_then(|item| following(item.previous_element_sibling(), false))
                .or_else(|| following(panel.last_element_child(), false)),
            "Home" => following(panel.first_element_child(), true),
            "End" => following(panel.last_element_child(), false),
            _ => return,
        };
        event.prevent_default();
        if let Some(item) = target {
            focus(&item);
        }
    };
    let opened = move |_| {
        if let Some(panel) = panel.get_untracked()
            && panel.matches(":popover-open").unwrap_or(false)
            && let Some(item) = following(panel.first_element_child(), true)
        {
            focus(&item);
        }
    };
    let close = move |_| {
        if let Some(panel) = panel.get_untracked() {
            let _ = panel.hide_popover();
        }
    };
    view! {
        <button
            class=class
            type="button"
            popovertarget=id
            aria-haspopup="menu"
            aria-label=label.clone()
            data-testid=testid
        >
            {trigger}
        </button>
        <div
            class=panel_class
            id=id
            popover="auto"
            role="menu"
            aria-label=label
            node_ref=panel
            on:toggle=opened
            on:keydown=walk
            on:click=close
        >
            {children()}
        </div>
    }
    .into_any()
}

fn is_item(element: &web_sys::Element) -> bool {
    element.get_attribute("role").as_deref() == Some("menuitem")
}

/// The first item from here on, onwards or backwards.
fn following(mut from: Option<web_sys::Element>, onwards: bool) -> Option<web_sys::Element> {
    while let Some(element) = from {
        if is_item(&element) {
            return Some(element);
        }
        from = if onwards {
            element.next_element_sibling()
        } else {
            element.previous_element_sibling()
        };
    }
    None
}

/// One thing a menu offers: a link with `href`, else a button; with `form` it submits that form,
/// which works without wasm.
#[component]
pub fn MenuItem(
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// The id of the form it submits.
    #[prop(optional)]
    form: Option<&'static str>,
    /// An icon before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// It destroys.
    #[prop(optional)]
    danger: bool,
    /// It is what holds now; of a group one is.
    #[prop(optional)]
    current: bool,
    /// Its link is a file, which no page shows.
    #[prop(optional)]
    download: bool,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What choosing it does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// The text.
    children: Children,
) -> AnyView {
    let class = if danger {
        "menu-item menu-item-danger"
    } else {
        "menu-item"
    };
    let icon = icon.map(|name| view! { <Icon name/> });
    if let Some(href) = href {
        return view! {
            <a
                class=class
                role="menuitem"
                tabindex="-1"
                href=href
                aria-current=current.then_some("true")
                download=download.then_some("")
                rel=download.then_some("external")
                data-testid=testid
            >
                {icon}
                {children()}
            </a>
        }
        .into_any();
    }
    let kind = if form.is_some() { "submit" } else { "button" };
    view! {
        <button
            class=class
            role="menuitem"
            tabindex="-1"
            type=kind
            form=form
            aria-current=current.then_some("true")
            data-testid=testid
            on:click=move |event| {
                if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            {icon}
            {children()}
        </button>
    }
    .into_any()
}

/// A line between groups of a menu.
#[component]
pub fn MenuSeparator() -> AnyView {
    view! { <div class="menu-separator" role="separator"></div> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_button_opens_it_without_scripts() {
        let owner = Owner::new();
        owner.set();
        let trigger = view! { "…" }.into_any();
        let html = view! {
            <Menu id="more" label="More" trigger>
                <MenuItem href="/me">"Profile"</MenuItem>
                <MenuItem form="logout">"Sign out"</MenuItem>
            </Menu>
        }
        .to_html();
        assert!(html.contains(r#"popovertarget="more""#), "{html}");
        assert!(html.contains(r#"popover="auto""#), "{html}");
        assert_eq!(html.matches(r#"role="menuitem""#).count(), 2, "{html}");
        assert!(html.contains(r#"type="submit" form="logout""#), "{html}");
    }
}
