//! Where it is said whether other sites show a view, and which.

use crate::bootstrap::{use_bootstrap, use_now};
use crate::pages::auth_form::fault_of_field;
use leptos::prelude::*;
use model::address::view_address;
use model::embed::{ViewEmbed, frame_snippet};
use model::saved_view::ViewRecord;
use ui::{CodeBlock, Field, Notice, RelativeTime, Tone};

/// What stands below the field for sites.
const HINT: &str = "Scheme and host of each, such as https://wiki.example.com, with blanks \
                    between; nothing for any site.";

/// The section for those who may edit the database; nothing for a private view.
#[component]
pub(super) fn Embedding(view: ViewRecord) -> impl IntoView {
    if !view.may_edit_database || !view.summary.is_shared {
        return ().into_any();
    }
    let action = view_address(&view.database_id, &view.summary.id);
    let forms = match &view.embed {
        None => view! {
            <p class="dim">
                "A wiki or another site can show this view in a frame, also to people who are not signed in: what the picture shows, with areas and memos, and nothing else of the database."
            </p>
            <SitesForm action=action.clone() sites=Vec::new() does="allow" submit="Allow embedding"/>
        }
        .into_any(),
        Some(embed) => allowed(&action, embed),
    };
    view! {
        <section class="section" aria-labelledby="view-embed-title" id="embed">
            <h2 id="view-embed-title">"Embedding"</h2>
            {told_once(&view)}
            {forms}
        </section>
    }
    .into_any()
}

/// The address that was made just now; nobody can see it again.
fn told_once(view: &ViewRecord) -> Option<AnyView> {
    let made = use_bootstrap().new_embed?;
    if made.view != view.summary.id || view.embed.is_none() {
        return None;
    }
    let address = format!("{}{}", made.origin, made.token.address());
    let snippet = frame_snippet(&address, &view.summary.name);
    Some(
        view! {
            <Notice tone=Tone::Success testid="embed-made">
                "Copy the address now: it is not kept, and this page is the only one that shows it."
            </Notice>
            <div class="view-embed-made">
                <CodeBlock text=snippet label="Frame for a page" testid="embed-snippet"/>
                <CodeBlock text=address label="Address" testid="embed-address"/>
            </div>
        }
        .into_any(),
    )
}

/// What can be done with a view that has an address.
fn allowed(action: &str, embed: &ViewEmbed) -> AnyView {
    let action = action.to_owned();
    let now = use_now();
    let by = embed.made_by.clone().map(|name| format!(" by {name}"));
    let whose = match embed.sites.len() {
        0 => "on any site",
        1 => "on one site",
        _ => "on the sites below",
    };
    view! {
        <p class="dim" data-testid="embed-state">
            "Whoever has its address sees this view without signing in, in a frame "{whose}
            ". The address was made "<RelativeTime at=embed.made_at now/>{by}"."
        </p>
        <SitesForm action=action.clone() sites=embed.sites.clone() does="restrict" submit="Save the sites"/>
        <div class="view-actions view-embed-actions">
            <details class="confirm">
                <summary class="button button-secondary" data-testid="embed-renew">"Make a new address"</summary>
                <form class="confirm-box" method="post" action=action.clone()>
                    <input type="hidden" name="embed" value="allow"/>
                    <p>"The address that is in use now ends: frames with it show nothing any more."</p>
                    <button class="button button-primary" type="submit" data-testid="embed-renew-confirm">"Make the new address"</button>
                </form>
            </details>
            <details class="confirm">
                <summary class="button button-ghost" data-testid="embed-revoke">"Stop embedding"</summary>
                <form class="confirm-box" method="post" action=action>
                    <input type="hidden" name="embed" value="revoke"/>
                    <p>"Frames with its address show nothing any more."</p>
                    <button class="button button-danger" type="submit" data-testid="embed-revoke-confirm">"Stop embedding this view"</button>
                </form>
            </details>
        </div>
    }
    .into_any()
}

/// Which sites may frame the view.
#[component]
fn SitesForm(
    action: String,
    /// As they are stored.
    sites: Vec<String>,
    /// What the form does, as it posts it.
    does: &'static str,
    submit: &'static str,
) -> impl IntoView {
    let value = use_bootstrap()
        .flash
        .filter(|flash| !flash.success)
        .and_then(|flash| flash.entered("sites"))
        .unwrap_or_else(|| sites.join(" "));
    view! {
        <form method="post" action=action class="row row-start view-form view-embed-form" data-testid="embed-form">
            <input type="hidden" name="embed" value=does/>
            <Field label="Sites" name="sites" value=value placeholder="any site" hint=HINT
                error=fault_of_field("sites") autocomplete="off" testid="embed-sites"/>
            <button class="button button-primary row-button" type="submit" data-testid="embed-submit">{submit}</button>
        </form>
    }
}
