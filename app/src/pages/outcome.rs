//! What a page shows while its data is on the way, and when it does not come.

use crate::api::{self, PageAnswer, PageQuestion};
use crate::error::ApiError;
use crate::pages::embed::is_embedded;
use crate::pages::frame::{Frame, Section};
use crate::parts::Drawing;
use contract::error::ErrorKind;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, Crumb, ErrorView, Skeleton};

/// A page whose data could not be had.
#[component]
pub fn Failure(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    if error.is_unauthenticated() {
        lead_to_login();
    }
    let title = match error.0.kind {
        ErrorKind::NotFound => "Not found",
        ErrorKind::Forbidden => "Not allowed",
        ErrorKind::Unauthenticated => "Please sign in",
        ErrorKind::Unavailable => "Not available",
        _ => "Something went wrong",
    };
    let crumbs = vec![Crumb::link("Databases", "/databases"), Crumb::here(title)];
    view! {
        <Title text=title/>
        <Frame crumbs section=Section::Databases>
            <ErrorView title text=error.0.message>
                {(!is_embedded()).then(|| view! { <ButtonLink href="/databases">"All databases"</ButtonLink> })}
            </ErrorView>
        </Frame>
    }
}

/// The session has ended while the page was open: the browser goes to sign in and comes back.
fn lead_to_login() {
    Effect::new(|| {
        let location = window().location();
        let here = [location.pathname(), location.search(), location.hash()]
            .into_iter()
            .filter_map(Result::ok)
            .collect::<String>();
        let login = format!("/login?next={}", model::address::encode(&here));
        // Refused only for an address that does not parse.
        let _ = location.set_href(&login);
    });
}

/// A page whose data is on the way. It shows only when that takes long enough to be noticed.
#[component]
pub fn Loading(
    /// The entry of the rail that is marked.
    section: Section,
) -> impl IntoView {
    view! {
        <Frame crumbs=Vec::new() section>
            <Skeleton/>
        </Frame>
    }
}

/// A page with the answer to its question: waits for it, shows why it does not come, asks again
/// when the question changes. All pages share it, so that the browser gets the waiting once.
#[component]
pub fn Answered(
    /// What the page needs to know.
    question: Memo<PageQuestion>,
    /// The entry of the rail that is marked while the page waits.
    section: Section,
    /// Draws the page.
    draw: fn(PageQuestion, PageAnswer) -> Drawing,
) -> impl IntoView {
    let answer = Resource::new(move || question.get(), api::page);
    view! {
        <Suspense fallback=move || view! { <Loading section/> }>
            {move || Suspend::new(async move {
                let drawn = match answer.await {
                    Ok(answer) => draw(question.get_untracked(), answer).await,
                    Err(error) => Err(error),
                };
                drawn.unwrap_or_else(|error| view! { <Failure error/> }.into_any())
            })}
        </Suspense>
    }
}

/// A page was given the answer to another page's question: a fault of ours.
pub fn mismatch() -> AnyView {
    view! { <Failure error=ApiError(contract::error::AppError::internal())/> }.into_any()
}
