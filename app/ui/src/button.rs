//! Buttons, and links that look like them.

use crate::icon::{Icon, IconName};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// The one thing to do on this page.
    Primary,
    /// One of several things to do.
    #[default]
    Secondary,
    /// Quiet: toolbars, close buttons.
    Ghost,
    /// It destroys.
    Danger,
}

/// How large a button is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonSize {
    /// 24 px: inside of rows and notices.
    Small,
    /// 28 px.
    #[default]
    Medium,
    /// 36 px: login and setup.
    Large,
}

fn class_of(variant: ButtonVariant, size: ButtonSize, bare: bool, block: bool) -> String {
    let mut class = String::from(match variant {
        ButtonVariant::Primary => "button button-primary",
        ButtonVariant::Secondary => "button button-secondary",
        ButtonVariant::Ghost => "button button-ghost",
        ButtonVariant::Danger => "button button-danger",
    });
    class.push_str(match size {
        ButtonSize::Small => " button-small",
        ButtonSize::Medium => "",
        ButtonSize::Large => " button-large",
    });
    if bare {
        class.push_str(" button-icon");
    }
    if block {
        class.push_str(" button-block");
    }
    class
}

/// A button. Without children it shows its icon only and needs a `label`.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    variant: ButtonVariant,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// An icon before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The accessible name of a button without text; a tooltip too.
    #[prop(optional, into)]
    label: Option<String>,
    /// Submits its form.
    #[prop(optional)]
    submit: bool,
    /// The form it belongs to, when it stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
    /// As wide as its container.
    #[prop(optional)]
    block: bool,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Works on it: keeps its width, takes no second press.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// For a button that stays down: whether it is.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// The id of the popover it opens, which works before wasm has loaded.
    #[prop(optional, into)]
    popover: Option<String>,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What a press does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// The text.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let class = class_of(variant, size, children.is_none(), block);
    let kind = if submit { "submit" } else { "button" };
    let tip = children.is_none().then(|| label.clone()).flatten();
    view! {
        <button
            class=class
            type=kind
            form=form
            aria-label=label
            data-tip=tip
            popovertarget=popover
            disabled=move || disabled.get() || busy.get()
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            data-testid=testid
            on:click=move |event| {
                if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            {icon.map(|name| view! { <Icon name/> })}
            {children.map(|children| children())}
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it asks for attention.
    #[prop(optional)]
    variant: ButtonVariant,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// An icon before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The accessible name of a link without text; a tooltip too.
    #[prop(optional, into)]
    label: Option<String>,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// The text.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let class = class_of(variant, size, children.is_none(), false);
    let tip = children.is_none().then(|| label.clone()).flatten();
    view! {
        <a class=class href=href aria-label=label data-tip=tip data-testid=testid>
            {icon.map(|name| view! { <Icon name/> })}
            {children.map(|children| children())}
        </a>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_icon_button_has_a_name_and_is_no_submit() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <Button icon=IconName::Close label="Close"/> }.to_html();
        assert!(html.contains(r#"aria-label="Close""#), "{html}");
        assert!(html.contains(r#"type="button""#), "{html}");
        assert!(!html.contains("disabled"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn a_busy_button_takes_no_second_press() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <Button busy=true submit=true>"Save"</Button> }.to_html();
        assert!(html.contains(r#"aria-busy="true""#), "{html}");
        assert!(html.contains(" disabled"), "{html}");
        assert!(html.contains(r#"type="submit""#), "{html}");
    }

    #[test]
    fn a_link_escapes_its_address() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <ButtonLink href="/a?b=\"><script>">"Go"</ButtonLink> }.to_html();
        assert!(!html.contains("<script>"), "{html}");
    }
}
