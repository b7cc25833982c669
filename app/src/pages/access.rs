//! Who may see and edit a database.

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::access::{AccessRules, DatabaseAccess, DatabaseGrant, Grantee};
use model::address::database_address;
use ui::{Badge, Crumb, EmptyState, IconName, PageHeader, TableFrame};

/// What somebody may be given.
const GIVEN: [DatabaseAccess; 2] = [DatabaseAccess::Read, DatabaseAccess::Edit];

/// `/databases/{id}/access`
#[component]
pub fn AccessPage() -> impl IntoView {
    let params = use_params_map();
    let question = Memo::new(move |_| PageQuestion::Access {
        id: params.read().get("id").unwrap_or_default(),
    });
    view! { <Answered question section=Section::Databases draw=parts::access/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Access(rules) => view! { <Loaded rules=*rules/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(rules: AccessRules) -> impl IntoView {
    let id = rules.database_id.clone();
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(rules.database_name.clone(), database_address(&id)),
        Crumb::here("Access"),
    ];
    let lead = view! {
        <p class="page-description">
            "The role says what somebody may do at all: viewers read, editors and administrators also write. "
            "Here you say with which databases. Administrators see every one. For people without access this "
            "database does not exist: not in lists, not in search, not by its address."
        </p>
    };
    view! {
        <Title text=format!("Access to {}", rules.database_name)/>
        <Frame crumbs section=Section::Databases>
            <PageHeader title=format!("Access to {}", rules.database_name)>{lead}</PageHeader>
            <Everybody action=format!("/rpc/databases/{id}/access") access=rules.everybody/>
            <Named rules=rules.clone()/>
            <OwnerForm rules/>
        </Frame>
    }
}

/// What people have who are not named.
#[component]
fn Everybody(action: String, access: DatabaseAccess) -> impl IntoView {
    let choices = [
        (DatabaseAccess::None, "No access", "only those named below"),
        (DatabaseAccess::Read, "Read", "see it, search it, draw it"),
        (
            DatabaseAccess::Edit,
            "Read and edit",
            "describe it, read it again, delete it",
        ),
    ]
    .into_iter()
    .map(|(choice, label, hint)| {
        view! {
            <label class="choice-line">
                <input type="radio" name="access" value=choice.as_str() checked=choice == access
                    data-testid=format!("everybody-{}", choice.as_str())/>
                <span>{label}<span class="dim">{format!(" – {hint}")}</span></span>
            </label>
        }
    })
    .collect_view();
    view! {
        <section class="section" aria-labelledby="everybody-title">
            <h2 id="everybody-title">"Everybody with an account"</h2>
            <form method="post" action=action class="stack access-form">
                <fieldset class="plain-fieldset">
                    <legend class="visually-hidden">"What everybody may do"</legend>
                    {choices}
                </fieldset>
                <div><button class="button button-secondary" type="submit" data-testid="everybody-save">"Save"</button></div>
            </form>
        </section>
    }
}

/// People and groups with a right of their own, and a form for one more.
#[component]
fn Named(rules: AccessRules) -> impl IntoView {
    let action = format!("/rpc/databases/{}/grant", rules.database_id);
    let rows = rules
        .grants
        .iter()
        .map(|grant| grant_row(&action, grant))
        .collect_view();
    let has_grants = !rules.grants.is_empty();
    let is_given = |grantee: Grantee| rules.grants.iter().any(|grant| grant.grantee == grantee);
    let owner = rules.owner.as_ref().map(|owner| owner.id);
    let people: Vec<(String, String)> = rules
        .people
        .iter()
        .filter(|person| Some(person.id) != owner && !is_given(Grantee::Person(person.id)))
        .map(|person| {
            let name = format!("{} ({})", person.display_name(), person.username);
            (word_of(Grantee::Person(person.id)), name)
        })
        .collect();
    let groups: Vec<(String, String)> = rules
        .groups
        .iter()
        .filter(|group| !is_given(Grantee::Group(group.id)))
        .map(|group| (word_of(Grantee::Group(group.id)), group.name.clone()))
        .collect();
    let has_choices = !people.is_empty() || !groups.is_empty();
    let options = |label: &'static str, choices: Vec<(String, String)>| {
        (!choices.is_empty()).then(|| {
            let options = choices
                .into_iter()
                .map(|(word, name)| view! { <option value=word>{name}</option> })
                .collect_view();
            view! { <optgroup label=label>{options}</optgroup> }
        })
    };
    let head = view! {
        <th scope="col">"Who"</th>
        <th scope="col">"Kind"</th>
        <th scope="col">"May"</th>
        <th scope="col"><span class="visually-hidden">"Remove"</span></th>
    }
    .into_any();
    view! {
        <section class="section" aria-labelledby="named-title">
            <h2 id="named-title">"By name"</h2>
            {if has_grants {
                view! { <TableFrame label="Rights by name" head testid="grants">{rows}</TableFrame> }.into_any()
            } else {
                view! {
                    <EmptyState icon=IconName::Users title="Nobody is named"
                        text="A right by name adds to what everybody has."/>
                }.into_any()
            }}
            {has_choices.then(|| view! {
                <form method="post" action=action class="row access-form" data-testid="grant-form">
                    <label class="visually-hidden" for="grantee">"Person or group"</label>
                    <select class="select" id="grantee" name="grantee">
                        {options("People", people)}
                        {options("Groups", groups)}
                    </select>
                    <label class="visually-hidden" for="granted">"May"</label>
                    <select class="select" id="granted" name="access">
                        {access_options(DatabaseAccess::Read)}
                    </select>
                    <button class="button button-secondary" type="submit" data-testid="grant">"Give access"</button>
                </form>
            })}
        </section>
    }
}

fn grant_row(action: &str, grant: &DatabaseGrant) -> AnyView {
    let kind = match grant.grantee {
        Grantee::Person(_) => "person",
        Grantee::Group(_) => "group",
    };
    let word = word_of(grant.grantee);
    let label = format!("What {} may do", grant.name);
    let remove = format!("Remove {}", grant.name);
    view! {
        <tr>
            <th scope="row">{grant.name.clone()}</th>
            <td><Badge>{kind}</Badge></td>
            <td>
                <form method="post" action=action.to_owned() class="row grant">
                    <input type="hidden" name="grantee" value=word.clone()/>
                    <select class="select" name="access" aria-label=label>{access_options(grant.access)}</select>
                    <button class="button button-ghost" type="submit">"Save"</button>
                </form>
            </td>
            <td class="num">
                <form method="post" action=action.to_owned()>
                    <input type="hidden" name="grantee" value=word/>
                    <input type="hidden" name="access" value="none"/>
                    <button class="button button-ghost" type="submit" aria-label=remove data-testid="grant-remove">"Remove"</button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}

fn access_options(chosen: DatabaseAccess) -> AnyView {
    GIVEN
        .into_iter()
        .map(|access| {
            view! { <option value=access.as_str() selected=access == chosen>{access.label()}</option> }
        })
        .collect_view()
        .into_any()
}

/// As the form posts it: `person:7`, `group:2`.
fn word_of(grantee: Grantee) -> String {
    match grantee {
        Grantee::Person(id) => format!("person:{id}"),
        Grantee::Group(id) => format!("group:{id}"),
    }
}

/// Who owns it.
#[component]
fn OwnerForm(rules: AccessRules) -> impl IntoView {
    let action = format!("/rpc/databases/{}/owner", rules.database_id);
    let owner = rules.owner.as_ref().map(|owner| owner.id);
    let nobody = owner
        .is_none()
        .then(|| view! { <option value="" selected=true>"Nobody"</option> });
    let options = rules
        .people
        .iter()
        .map(|person| {
            let name = format!("{} ({})", person.display_name(), person.username);
            view! { <option value=person.id.to_string() selected=Some(person.id) == owner>{name}</option> }
        })
        .collect_view();
    view! {
        <section class="section" aria-labelledby="owner-title">
            <h2 id="owner-title">"Owner"</h2>
            <p class="dim">"Owners decide who else has access. Whoever gives a database away may go on editing it."</p>
            <form method="post" action=action class="row access-form">
                <label class="visually-hidden" for="owner">"Owner"</label>
                <select class="select" id="owner" name="owner" data-testid="owner">{nobody}{options}</select>
                <button class="button button-secondary" type="submit" data-testid="owner-save">"Give to this person"</button>
            </form>
        </section>
    }
}
