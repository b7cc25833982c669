//! What changed in a database from one reading to another.

mod difference;

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_now;
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use crate::query::use_query;
use contract::source::SchemaChanges;
use difference::Difference;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::access::DatabaseAccess;
use model::address::{changes_address, database_address};
use model::catalog::SchemaVersion;
use model::diagram::DiagramQuery;
use model::diff::{Rename, RenameProposal};
use ui::{Crumb, EmptyState, IconName, RelativeTime, TableFrame};

/// `/databases/{id}/changes`
#[component]
pub fn ChangesPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let question = Memo::new(move |_| PageQuestion::Changes {
        id: params.read().get("id").unwrap_or_default(),
        from: number(query.read().get("from")),
        to: number(query.read().get("to")),
    });
    view! { <Answered question section=Section::Databases draw=parts::changes/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Changes(changes) => view! { <Loaded changes=*changes/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(changes: SchemaChanges) -> impl IntoView {
    let SchemaChanges {
        database_id: id,
        database_name: name,
        versions,
        from,
        to,
        diff,
        access,
        proposals,
    } = changes;
    let may_write = access >= DatabaseAccess::Edit;
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(name.clone(), database_address(&id)),
        Crumb::here("Changes"),
    ];
    let heading = if from == 0 {
        "Changes".to_owned()
    } else {
        format!("Changes from version {from} to {to}")
    };
    let body = match diff {
        None => view! {
            <EmptyState icon=IconName::Database title="Nothing has changed so far"
                text="What a refresh brings is shown here."/>
        }
        .into_any(),
        Some(diff) if diff.is_empty() => view! {
            <EmptyState icon=IconName::Check title="Nothing changed"
                text="Both versions declare the same."/>
        }
        .into_any(),
        Some(diff) => {
            let drawn = DiagramQuery::changes(from, to).address(&id);
            view! {
                <p class="changes-summary" data-testid="changes-summary">
                    {diff.summary()}". "<a href=drawn data-testid="changes-diagram">"Show on the diagram"</a>
                </p>
                {(may_write && !proposals.is_empty()).then(|| view! { <Proposals id=id.to_string() proposals/> })}
                <Difference id=id.clone() diff/>
            }
            .into_any()
        }
    };
    let rows = versions
        .into_iter()
        .map(|version| version_row(&id, version))
        .collect_view();
    let head = view! {
        <th scope="col" class="num">"Version"</th>
        <th scope="col">"Read"</th>
        <th scope="col">"By"</th>
        <th scope="col">"What changed"</th>
    }
    .into_any();
    view! {
        <Title text=format!("{name} changes")/>
        <Frame crumbs section=Section::Databases>
            <div class="page-header"><div class="page-title"><h1>{heading}</h1></div></div>
            {body}
            <section class="section" aria-labelledby="versions-title">
                <h2 id="versions-title">"Versions"</h2>
                <TableFrame label="Versions" head testid="versions">{rows}</TableFrame>
            </section>
        </Frame>
    }
}

fn version_row(id: &model::id::DatabaseId, version: SchemaVersion) -> AnyView {
    let what = match (version.number, version.has_changed, version.summary) {
        (1, ..) => view! { <td class="dim">"first reading"</td> }.into_any(),
        (number, true, summary) => {
            let address = changes_address(id, Some((number - 1, number)));
            let text = summary.unwrap_or_else(|| "changed".to_owned());
            view! { <td class="wrap"><a href=address>{text}</a></td> }.into_any()
        }
        (_, false, _) => view! { <td class="dim">"nothing"</td> }.into_any(),
    };
    view! {
        <tr>
            <td class="num">{version.number}</td>
            <td><RelativeTime at=version.created_at now=use_now()/></td>
            <td>{version.created_by.unwrap_or_else(|| "—".to_owned())}</td>
            {what}
        </tr>
    }
    .into_any()
}

/// What may be one thing under two names, for somebody to say so.
#[component]
fn Proposals(id: String, proposals: Vec<RenameProposal>) -> impl IntoView {
    let rows = proposals
        .into_iter()
        .map(|proposal| {
            let action = format!("/rpc/databases/{id}/rename");
            let reasons = proposal.reasons.join("; ");
            let (text, fields) = match proposal.rename {
                Rename::Table { old, new } => (
                    format!("{old} → {new}"),
                    vec![
                        ("old_schema", old.schema),
                        ("old", old.name),
                        ("new_schema", new.schema),
                        ("new", new.name),
                    ],
                ),
                Rename::Column { table, old, new } => (
                    format!("{table}: {old} → {new}"),
                    vec![
                        ("schema", table.schema),
                        ("table", table.name),
                        ("old", old),
                        ("new", new),
                    ],
                ),
            };
            let inputs = fields
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view();
            view! {
                <li class="proposal">
                    <div>
                        <span class="mono">{text}</span>
                        <p class="dim">{reasons}</p>
                    </div>
                    <form method="post" action=action>
                        {inputs}
                        <button class="button button-secondary" type="submit" data-testid="rename-confirm">"It was renamed"</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="section notice notice-stacked" aria-labelledby="renames-title" data-testid="rename-proposals">
            <h2 id="renames-title">"Renamed?"</h2>
            <p>"These look like one thing under two names. Say so, and what people wrote about the old one comes along."</p>
            <ul class="proposals">{rows}</ul>
        </section>
    }
}
