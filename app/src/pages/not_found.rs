//! The page for an address that leads nowhere.

use crate::pages::frame::{Frame, Section};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, Crumb, ErrorView};

/// The page for an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::respond_with(contract::error::ErrorKind::NotFound);
    view! {
        <Title text="Not found"/>
        <Frame crumbs=vec![Crumb::here("Not found")] section=Section::None>
            <ErrorView
                title="There is nothing at this address"
                text="The link may be old, or mistyped."
            >
                <ButtonLink href="/databases">"All databases"</ButtonLink>
                <ButtonLink href="/search">"Search"</ButtonLink>
            </ErrorView>
        </Frame>
    }
}
