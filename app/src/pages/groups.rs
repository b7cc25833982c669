//! Groups of people, for administrators.

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::auth_form::{FormFault, fault_of_field, fault_of_flash};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use contract::access::PeopleAndGroups;
use leptos::prelude::*;
use leptos_meta::Title;
use model::access::{Group, Person};
use ui::{Crumb, EmptyState, Field, IconName, PageHeader};

/// `/admin/groups`
#[component]
pub fn GroupsPage() -> impl IntoView {
    let question = Memo::new(move |_| PageQuestion::Groups);
    view! { <Answered question section=Section::None draw=parts::groups/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Groups(answer) => view! { <Loaded answer=*answer/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(answer: PeopleAndGroups) -> impl IntoView {
    let fault: FormFault = RwSignal::new(fault_of_flash());
    provide_context(fault);
    let PeopleAndGroups { groups, people } = answer;
    let is_empty = groups.is_empty();
    let cards = groups
        .into_iter()
        .map(|group| group_card(group, &people))
        .collect_view();
    let lead = view! {
        <p class="page-description">
            "Rights on a database can be given to a group; whoever is in it has them."
        </p>
    };
    view! {
        <Title text="Groups"/>
        <Frame crumbs=vec![Crumb::here("Groups")] section=Section::None>
            <PageHeader title="Groups">{lead}</PageHeader>
            <form method="post" action="/rpc/groups" class="row row-start access-form" data-testid="group-form">
                <Field label="Name of a new group" name="name" required=true error=fault_of_field("name") testid="group-name"/>
                <button class="button button-primary row-button" type="submit" data-testid="group-create">"Make the group"</button>
            </form>
            {if is_empty {
                view! { <EmptyState icon=IconName::Users title="No groups yet" text="Make one above, then choose its members."/> }.into_any()
            } else {
                view! { <ul class="group-list" data-testid="groups">{cards}</ul> }.into_any()
            }}
        </Frame>
    }
}

fn group_card(group: Group, people: &[Person]) -> AnyView {
    let id = group.id;
    let member_action = format!("/rpc/groups/{id}/member");
    let outside: Vec<&Person> = people
        .iter()
        .filter(|person| !group.members.iter().any(|member| member.id == person.id))
        .collect();
    let has_outside = !outside.is_empty();
    let options = outside
        .into_iter()
        .map(|person| {
            let name = format!("{} ({})", person.display_name(), person.username);
            view! { <option value=person.id.to_string()>{name}</option> }
        })
        .collect_view();
    let count = match group.members.len() {
        0 => "nobody yet".to_owned(),
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    };
    let members = group
        .members
        .into_iter()
        .map(|member| {
            let remove = format!("Remove {} from the group", member.display_name());
            view! {
                <li class="member">
                    <span>{member.display_name().to_owned()}</span>
                    <span class="dim">{member.username.clone()}</span>
                    <form method="post" action=member_action.clone()>
                        <input type="hidden" name="person" value=member.id.to_string()/>
                        <input type="hidden" name="member" value="false"/>
                        <button class="button button-ghost" type="submit" aria-label=remove>"Remove"</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let choose = format!("Person to take into {}", group.name);
    view! {
        <li class="card group-card">
            <div class="group-head">
                <h2>{group.name.clone()}</h2>
                <span class="dim">{count}</span>
                <details class="confirm">
                    <summary class="button button-ghost">"Delete"</summary>
                    <div class="confirm-box">
                        <p>"Its members lose the rights that they have through it."</p>
                        <form method="post" action=format!("/rpc/groups/{id}/delete")>
                            <button class="button button-danger" type="submit">{format!("Delete {}", group.name)}</button>
                        </form>
                    </div>
                </details>
            </div>
            <ul class="members">{members}</ul>
            {has_outside.then(|| view! {
                <form method="post" action=member_action class="row">
                    <input type="hidden" name="member" value="true"/>
                    <select class="select" name="person" aria-label=choose>{options}</select>
                    <button class="button button-secondary" type="submit" data-testid="member-add">"Add"</button>
                </form>
            })}
        </li>
    }
    .into_any()
}
