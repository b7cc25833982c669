//! One saved view: what it is called, who sees it, and what it was like before.

mod embedding;

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_now;
use crate::pages::auth_form::{FormFault, fault_of_field, fault_of_flash};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use embedding::Embedding;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::address::{database_address, diagram_address, view_address};
use model::diagram::DiagramQuery;
use model::saved_view::{ViewHistory, ViewRecord, ViewSnapshot, ViewSummary};
use model::time::Timestamp;
use ui::{Badge, Crumb, Field, Icon, IconName, PageHeader, RelativeTime};

/// `/databases/{id}/views/{view}`
#[component]
pub fn ViewPage() -> impl IntoView {
    let params = use_params_map();
    let question = Memo::new(move |_| PageQuestion::View {
        id: params.read().get("id").unwrap_or_default(),
        view: params.read().get("view").unwrap_or_default(),
    });
    view! { <Answered question section=Section::Databases draw=parts::view/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::View(history) => view! { <Loaded history=*history/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(history: ViewHistory) -> impl IntoView {
    let fault: FormFault = RwSignal::new(fault_of_flash());
    provide_context(fault);
    let now = use_now();
    let ViewHistory { view, snapshots } = history;
    let summary = view.summary.clone();
    let id = view.database_id.clone();
    let open = DiagramQuery::of_view(&summary.id).address(&id);
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(view.database_name.clone(), database_address(&id)),
        Crumb::link("Diagram", diagram_address(&id, None)),
        Crumb::here(summary.name.clone()),
    ];
    let lead = lead(&summary, now);
    view! {
        <Title text=format!("{} view", summary.name)/>
        <Frame crumbs section=Section::Databases>
            <PageHeader title=summary.name.clone()>
                {lead}
                <div class="view-badges">
                    <Badge testid="view-visibility">{if summary.is_shared { "shared" } else { "private" }}</Badge>
                    {summary.is_embedded.then(|| view! { <Badge testid="view-embedded">"embedded"</Badge> })}
                    {summary.is_default.then(|| view! { <Badge testid="view-default">"opens first"</Badge> })}
                </div>
            </PageHeader>
            <div class="view-actions">
                <a class="button button-primary" href=open data-testid="view-open">"Open diagram"</a>
                <Actions view=view.clone()/>
            </div>
            {summary.may_edit.then(|| view! { <SettingsForm view=view.clone()/> })}
            <Embedding view=view.clone()/>
            <History snapshots view=view.clone() now/>
        </Frame>
    }
}

fn lead(summary: &ViewSummary, now: Timestamp) -> AnyView {
    let whose = match (&summary.owner, summary.is_own, summary.is_shared) {
        (_, true, false) => "Yours; nobody else sees it.".to_owned(),
        (_, true, true) => "Yours, shared with everybody who may read the database.".to_owned(),
        (Some(owner), false, _) => format!("Shared by {}.", owner.display_name()),
        (None, false, _) => "Shared; its owner has no account any more.".to_owned(),
    };
    let by = summary.changed_by.clone().map(|name| format!(" by {name}"));
    view! {
        <p class="page-description">
            {whose}" Arranged last "<RelativeTime at=summary.changed_at now/>{by}"."
        </p>
    }
    .into_any()
}

/// What can be done with a view, each behind a form of its own.
#[component]
fn Actions(view: ViewRecord) -> impl IntoView {
    let summary = view.summary;
    let base = format!("/rpc/databases/{}/views/{}", view.database_id, summary.id);
    let back = view_address(&view.database_id, &summary.id);
    let default_action = format!("/rpc/databases/{}/default-view", view.database_id);
    let default_form = (view.may_edit_database && summary.is_shared).then(|| {
        let (wanted, text) = match summary.is_default {
            true => (String::new(), "Do not open first"),
            false => (summary.id.to_string(), "Open first"),
        };
        view! {
            <form method="post" action=default_action>
                <input type="hidden" name="view" value=wanted/>
                <input type="hidden" name="back" value=back/>
                <button class="button button-secondary" type="submit" data-testid="view-make-default">{text}</button>
            </form>
        }
    });
    let delete_question = match (summary.is_shared, summary.is_own) {
        (true, _) => {
            "Nobody will be able to open it any more. The tables themselves are left alone."
        }
        (false, _) => "Its places, areas and memos are lost. The tables themselves are left alone.",
    };
    view! {
        <form method="post" action=format!("{base}/duplicate")>
            <button class="button button-secondary" type="submit" data-testid="view-duplicate">"Duplicate"</button>
        </form>
        {default_form}
        {summary.may_manage.then(|| view! {
            <details class="confirm">
                <summary class="button button-ghost" data-testid="view-delete">"Delete"</summary>
                <form class="confirm-box" method="post" action=format!("{base}/delete")>
                    <p>"Delete "<strong>{summary.name.clone()}</strong>"? "{delete_question}</p>
                    <button class="button button-danger" type="submit" data-testid="view-delete-confirm">"Delete the view"</button>
                </form>
            </details>
        })}
    }
}

/// Name, folder, and who sees it.
#[component]
fn SettingsForm(view: ViewRecord) -> impl IntoView {
    let flash = crate::bootstrap::use_bootstrap().flash;
    let entered = move |name: &str, stored: &str| {
        flash
            .as_ref()
            .filter(|flash| !flash.success)
            .and_then(|flash| flash.entered(name))
            .unwrap_or_else(|| stored.to_owned())
    };
    let summary = view.summary;
    let (name, folder) = (
        entered("name", &summary.name),
        entered("folder", &summary.folder),
    );
    let action = format!(
        "/rpc/databases/{}/views/{}/change",
        view.database_id, summary.id
    );
    let share_action = action.clone();
    let may_share = summary.is_own && view.may_edit_database;
    let (wanted, share_text, share_hint) = match summary.is_shared {
        true => (
            "false",
            "Make it private",
            "Everybody who may read the database sees this view; who may edit it arranges it.",
        ),
        false => (
            "true",
            "Share it",
            "Only you see this view. Shared, everybody sees it who may read the database, and who may edit it arranges it.",
        ),
    };
    view! {
        <section class="section" aria-labelledby="view-settings-title">
            <h2 id="view-settings-title">"Name and folder"</h2>
            <form method="post" action=action class="row row-start view-form" data-testid="view-settings">
                <Field label="Name" name="name" value=name required=true error=fault_of_field("name") testid="view-name"/>
                <Field label="Folder" name="folder" value=folder placeholder="team / topic"
                    error=fault_of_field("folder") testid="view-folder"/>
                <button class="button button-primary row-button" type="submit" data-testid="view-save">"Save"</button>
            </form>
            {may_share.then(|| view! {
                <form method="post" action=share_action class="view-share">
                    <input type="hidden" name="shared" value=wanted/>
                    <button class="button button-secondary" type="submit" data-testid="view-share">{share_text}</button>
                    <span class="dim">{share_hint}</span>
                </form>
            })}
        </section>
    }
}

/// What the view was like before.
#[component]
fn History(snapshots: Vec<ViewSnapshot>, view: ViewRecord, now: Timestamp) -> impl IntoView {
    let action = format!(
        "/rpc/databases/{}/views/{}/restore",
        view.database_id, view.summary.id
    );
    let may_restore = view.summary.may_edit;
    let is_empty = snapshots.is_empty();
    let rows = snapshots
        .into_iter()
        .map(|snapshot| snapshot_row(snapshot, &action, may_restore, now))
        .collect_view();
    view! {
        <section class="section" aria-labelledby="view-history-title" id="history">
            <h2 id="view-history-title">"History"</h2>
            <p class="dim">
                "The view is kept as it is before somebody begins to arrange it. Going back is a change like any other and can be taken back here."
            </p>
            {if is_empty {
                view! { <p data-testid="view-history-empty">"Nobody has arranged it since it was made."</p> }.into_any()
            } else {
                view! {
                    <div class="table-frame" role="region" aria-labelledby="view-history-title" tabindex="0">
                        <table class="table" data-testid="view-history">
                            <thead><tr>
                                <th scope="col">"As it was"</th>
                                <th scope="col">"Left by"</th>
                                <th scope="col">"Since then"</th>
                                <th scope="col"><span class="visually-hidden">"Go back"</span></th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        </section>
    }
}

fn snapshot_row(
    snapshot: ViewSnapshot,
    action: &str,
    may_restore: bool,
    now: Timestamp,
) -> AnyView {
    let moment = snapshot.left_at.to_minute();
    let differences = match snapshot.differences {
        0 => "as it is now".to_owned(),
        1 => "1 thing is different".to_owned(),
        count => format!("{count} things are different"),
    };
    let is_other = snapshot.differences > 0;
    let label = format!("Go back to how it was at {moment}");
    let by = snapshot.changed_by.unwrap_or_else(|| "—".to_owned());
    let number = snapshot.number.to_string();
    let action = action.to_owned();
    view! {
        <tr>
            <td><RelativeTime at=snapshot.left_at now/></td>
            <td>{by}</td>
            <td>{differences}</td>
            <td class="view-back">
                {(may_restore && is_other).then(|| view! {
                    <form method="post" action=action>
                        <input type="hidden" name="number" value=number/>
                        <button class="button button-secondary button-small" type="submit" aria-label=label data-testid="view-restore">
                            <Icon name=IconName::History/>"Go back"
                        </button>
                    </form>
                })}
            </td>
        </tr>
    }
    .into_any()
}
