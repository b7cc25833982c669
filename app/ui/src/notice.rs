//! A message inside of a page.

use crate::icon::Icon;
use crate::tone::Tone;
use leptos::prelude::*;

/// A message inside of a page. Errors are announced at once, the others politely.
#[component]
pub fn Notice(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Buttons at its end.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// Test hook.
    #[prop(default = "notice")]
    testid: &'static str,
    /// The message.
    children: Children,
) -> AnyView {
    let role = if tone == Tone::Error {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class=tone.notice_class() role=role data-testid=testid>
            <Icon name=tone.icon()/>
            <div>{children()}</div>
            {actions}
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn errors_alert_and_others_are_status() {
        let owner = Owner::new();
        owner.set();
        let error = view! { <Notice tone=Tone::Error>"No"</Notice> }.to_html();
        assert!(error.contains(r#"role="alert""#), "{error}");
        let info = view! { <Notice>"Yes"</Notice> }.to_html();
        assert!(info.contains(r#"role="status""#), "{info}");
    }
}
