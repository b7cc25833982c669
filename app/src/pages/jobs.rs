//! Readings in the background: what runs, what came of those before.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::{use_bootstrap, use_now};
use crate::pages::frame::{Frame, Section};
use crate::pages::job_watch::{
    CancelForm, Watch, outcome_text, started_by, status_label, status_tone, step_text, took,
};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use crate::query::use_query;
use leptos::prelude::*;
use leptos_meta::Title;
use model::account::Permission;
use model::address::{changes_address, database_address, jobs_address};
use model::job::{Job, JobPage};
use model::time::Timestamp;
use ui::{
    Badge, Button, ButtonLink, Crumb, EmptyState, IconName, Notice, RelativeTime, TableFrame, Tone,
};

/// `/jobs?database=&after=`
#[component]
pub fn JobsPage() -> impl IntoView {
    let query = use_query();
    let given = move |name: &str| query.read().get(name).filter(|text| !text.is_empty());
    let question = Memo::new(move |_| PageQuestion::Jobs {
        database: given("database"),
        after: given("after"),
    });
    view! { <Answered question section=Section::Databases draw=parts::jobs/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Jobs(page) => view! { <Loaded question page=*page/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(question: PageQuestion, page: JobPage) -> impl IntoView {
    let (database, after) = match &question {
        PageQuestion::Jobs { database, after } => (database.clone(), after.clone()),
        _ => (None, None),
    };
    let JobPage { jobs, next } = page;
    let may_write = use_bootstrap()
        .user
        .is_some_and(|user| user.role.allows(Permission::CatalogWrite));
    let of_one = database.as_ref().and(jobs.first()).cloned();
    let is_active = |jobs: &[Job]| jobs.iter().any(|job| job.status.is_active());
    let runs = is_active(&jobs);
    let is_empty = jobs.is_empty();
    let jobs = RwSignal::new(jobs);
    let fault = RwSignal::new(None::<String>);
    let watch = Watch::new(question, move |answer| {
        let PageAnswer::Jobs(page) = answer else {
            return false;
        };
        let goes_on = is_active(&page.jobs);
        jobs.set(page.jobs);
        goes_on
    });
    if runs {
        Effect::new(move || watch.start());
    }
    let now = use_now();
    let done = Callback::new(move |wrong| fault.set(wrong));
    // A row is drawn anew only when its state changes, so that the focus stays where it is.
    let rows = view! {
        <For each=move || jobs.get() key=|job| (job.id.clone(), job.status, job.cancel_requested)
            children=move |job| row(jobs, job, may_write, now, done)/>
    }
    .into_any();
    let mut crumbs = vec![Crumb::link("Databases", "/databases")];
    if let Some(job) = &of_one {
        crumbs.push(Crumb::link(
            job.database_name.clone(),
            database_address(&job.database_id),
        ));
    }
    crumbs.push(Crumb::here("Refreshes"));
    let address = |after: Option<&str>| {
        let base = match &database {
            Some(database) => format!("/jobs?database={}", model::address::encode(database)),
            None => jobs_address(None),
        };
        let joint = if database.is_some() { '&' } else { '?' };
        match after {
            None => base,
            Some(after) => format!("{base}{joint}after={}", model::address::encode(after)),
        }
    };
    let first = after.map(|_| view! { <ButtonLink href=address(None)>"Newest"</ButtonLink> });
    let next = next
        .as_deref()
        .map(|next| view! { <ButtonLink href=address(Some(next)) testid="next-page">"Next page"</ButtonLink> });
    let every = database
        .is_some()
        .then(|| view! { <ButtonLink href=jobs_address(None)>"Of all databases"</ButtonLink> });
    let head = view! {
        <th scope="col">"Database"</th>
        <th scope="col">"State"</th>
        <th scope="col">"What came of it"</th>
        <th scope="col">"By"</th>
        <th scope="col" class="num">"When"</th>
        <th scope="col" class="num">"Took"</th>
        <th scope="col"><span class="visually-hidden">"Cancel"</span></th>
    }
    .into_any();
    let heading = match &of_one {
        Some(job) => format!("Refreshes of {}", job.database_name),
        None => "Refreshes".to_owned(),
    };
    view! {
        <Title text=heading.clone()/>
        <Frame crumbs section=Section::Databases>
            <div class="page-header">
                <div class="page-title"><h1>{heading}</h1></div>
                <div class="actions">
                    {every}
                    {(may_write && database.is_none()).then(|| view! {
                        <form method="post" action="/rpc/refresh">
                            <Button submit=true testid="refresh-all">"Refresh all"</Button>
                        </form>
                    })}
                </div>
            </div>
            {move || fault.get().map(|text| view! { <Notice tone=Tone::Error testid="job-fault">{text}</Notice> })}
            {if is_empty {
                view! {
                    <EmptyState icon=IconName::History title="Nothing was refreshed yet"
                        text="Live databases are refreshed from their page, all from here, or by a schedule."/>
                }.into_any()
            } else {
                view! { <TableFrame label="Refreshes" head testid="jobs">{rows}</TableFrame> }.into_any()
            }}
            <div class="actions">{first}{next}</div>
        </Frame>
    }
}

fn row(
    jobs: RwSignal<Vec<Job>>,
    job: Job,
    may_write: bool,
    now: Timestamp,
    done: Callback<Option<String>>,
) -> AnyView {
    let is_active = job.status.is_active();
    let id = job.id.clone();
    let outcome = if is_active {
        let step = move || jobs.with(|jobs| jobs.iter().find(|job| job.id == id).map(step_text));
        view! { <td class="wrap dim">{step}</td> }.into_any()
    } else {
        match job.result.as_ref().filter(|result| result.has_changed) {
            Some(result) if result.version > 1 => {
                let versions = (result.version - 1, result.version);
                let address = changes_address(&job.database_id, Some(versions));
                view! { <td class="wrap"><a href=address>{outcome_text(&job)}</a></td> }.into_any()
            }
            _ => view! { <td class="wrap dim">{outcome_text(&job)}</td> }.into_any(),
        }
    };
    let cancel = (may_write && is_active).then(|| {
        view! {
            <CancelForm job=job.id.to_string() back=jobs_address(None) requested=job.cancel_requested done/>
        }
    });
    let label = status_label(&job);
    let badge = view! { <Badge tone=status_tone(&job)>{label}</Badge> }.into_any();
    view! {
        <tr data-testid="job" data-state=job.status.as_str()>
            <th scope="row"><a href=database_address(&job.database_id)>{job.database_name.clone()}</a></th>
            <td>{badge}</td>
            {outcome}
            <td>{started_by(&job)}</td>
            <td class="num dim"><RelativeTime at=job.created_at now/></td>
            <td class="num dim">{took(&job)}</td>
            <td class="col-actions">{cancel}</td>
        </tr>
    }
    .into_any()
}
