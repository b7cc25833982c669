//! What a page shows when it cannot show itself.

use crate::button::{ButtonLink, ButtonVariant};
use crate::icon::{Icon, IconName};
use leptos::prelude::*;

/// What happened, what to do, and a way to try again.
#[component]
pub fn ErrorView(
    /// What happened: "This database is gone".
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(optional, into)]
    text: Option<String>,
    /// The address that tries again; a plain link, so it works in any state of the page.
    #[prop(optional, into)]
    retry: Option<String>,
    /// What to tell whoever looks into the log.
    #[prop(optional, into)]
    request_id: Option<String>,
    /// Further buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let acts = retry.is_some() || children.is_some();
    let actions = acts.then(|| {
        view! {
            <div class="actions">
                {retry
                    .map(|href| {
                        view! {
                            <ButtonLink href variant=ButtonVariant::Primary icon=IconName::Refresh>
                                "Try again"
                            </ButtonLink>
                        }
                    })}
                {children.map(|children| children())}
            </div>
        }
    });
    view! {
        <div class="empty-state empty-state-plain empty-state-error" role="alert" data-testid="error-view">
            <Icon name=IconName::Warning/>
            <h1>{title}</h1>
            {text.map(|text| view! { <p>{text}</p> })}
            {actions}
            {request_id
                .map(|id| {
                    view! {
                        <p class="empty-state-detail">"Request " <code data-testid="request-id">{id}</code></p>
                    }
                })}
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_request_and_offers_another_try() {
        let owner = Owner::new();
        owner.set();
        let html = view! {
            <ErrorView title="Gone" text="Look elsewhere." retry="/databases" request_id="r-1"/>
        }
        .to_html();
        assert!(html.contains(r#"role="alert""#), "{html}");
        assert!(html.contains(r#"href="/databases""#), "{html}");
        assert!(html.contains("r-1"), "{html}");
    }
}
