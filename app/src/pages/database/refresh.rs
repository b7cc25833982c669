//! How the readings of a live database stand: the button, what runs, what came of it, the schedule.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::{use_bootstrap, use_now};
use crate::pages::auth_form::{FormFault, fault_of_field, fault_of_flash};
use crate::pages::job_watch::{
    CancelForm, Watch, outcome_text, post_in_place, started_by, step_text, took,
};
use leptos::html::Form;
use leptos::prelude::*;
use model::address::{changes_address, database_address, jobs_address};
use model::id::{DatabaseId, JobId};
use model::job::{Job, JobStatus, RefreshState, SCHEDULE_PRESETS, Schedule};
use model::time::Timestamp;
use ui::{Button, ButtonVariant, Field, Notice, RelativeTime, Select, Tone};

/// What the button and the panel share.
#[derive(Clone)]
pub(super) struct Standing {
    id: DatabaseId,
    job: RwSignal<Option<Job>>,
    /// What ended while somebody looked is told in full.
    was_watched: RwSignal<bool>,
    /// Why the button or Cancel did not work.
    fault: RwSignal<Option<String>>,
    watch: Watch,
}

impl Standing {
    pub(super) fn new(id: DatabaseId, job: Option<Job>) -> Self {
        let is_active = job.as_ref().is_some_and(|job| job.status.is_active());
        let job = RwSignal::new(job);
        let was_watched = RwSignal::new(false);
        let question = PageQuestion::Refresh { id: id.to_string() };
        let watch = Watch::new(question, move |answer| {
            let PageAnswer::Refresh(state) = answer else {
                return false;
            };
            let is_active = state.job.as_ref().is_some_and(|job| job.status.is_active());
            job.set(state.job);
            was_watched.set(true);
            is_active
        });
        if is_active {
            let watch = watch.clone();
            Effect::new(move || watch.start());
        }
        Self {
            id,
            job,
            was_watched,
            fault: RwSignal::new(None),
            watch,
        }
    }

    fn is_active(&self) -> Signal<bool> {
        let job = self.job;
        Signal::derive(move || {
            job.with(|job| job.as_ref().is_some_and(|job| job.status.is_active()))
        })
    }
}

/// Reading a live database again.
#[component]
pub(super) fn RefreshForm(standing: Standing) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let posting = RwSignal::new(false);
    let is_active = standing.is_active();
    let action = format!("/rpc/databases/{}/refresh", standing.id);
    let post = action.clone();
    let busy = move || posting.get() || is_active.get();
    view! {
        <form method="post" action=action node_ref=form on:submit=move |event| {
            if posting.get_untracked() || is_active.get_untracked() {
                event.prevent_default();
                return;
            }
            posting.set(true);
            standing.fault.set(None);
            let (fault, watch) = (standing.fault, standing.watch.clone());
            post_in_place(&event, form, post.clone(), move |wrong| {
                posting.set(false);
                match wrong {
                    None => watch.start(),
                    wrong => fault.set(wrong),
                }
            });
        }>
            <button class="button button-secondary" type="submit" data-testid="refresh" aria-busy=move || busy().to_string()>
                {move || if busy() { "Refreshing…" } else { "Refresh" }}
            </button>
        </form>
    }
}

/// What the panel shows; it is drawn anew only when this changes, so that the focus stays where it
/// is while a reading goes on.
#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Nothing,
    Running(JobId),
    JustEnded(Job),
    Ended(Job),
}

/// What is being read, or what the last reading brought.
#[component]
pub(super) fn RefreshPanel(standing: Standing, may_write: bool) -> impl IntoView {
    let (job, was_watched, fault) = (standing.job, standing.was_watched, standing.fault);
    let now = use_now();
    let phase = Memo::new(move |_| match job.get() {
        None => Phase::Nothing,
        Some(job) if job.status.is_active() => Phase::Running(job.id),
        Some(job) if was_watched.get() => Phase::JustEnded(job),
        Some(job) => Phase::Ended(job),
    });
    let id = standing.id.clone();
    view! {
        {move || fault.get().map(|text| view! { <Notice tone=Tone::Error testid="refresh-fault">{text}</Notice> })}
        {move || match phase.get() {
            Phase::Nothing => ().into_any(),
            Phase::Running(job) => running(&standing, &job, may_write),
            Phase::JustEnded(job) => just_ended(&id, &job),
            Phase::Ended(job) => ended(&id, &job, now),
        }}
    }
}

fn running(standing: &Standing, id: &JobId, may_write: bool) -> AnyView {
    let (job, was_watched, fault) = (standing.job, standing.was_watched, standing.fault);
    let back = database_address(&standing.id);
    let told =
        move |tell: fn(&Job) -> Option<String>| move || job.with(|job| job.as_ref().and_then(tell));
    let max = told(|job| job.progress.total.map(|total| total.to_string()));
    // Without a value the bar says that something goes on, and not how far.
    let value = told(|job| {
        let done = job.progress.current.saturating_sub(1).to_string();
        job.progress.total.map(|_| done)
    });
    let requested = move || job.with(|job| job.as_ref().is_some_and(|job| job.cancel_requested));
    let reload = back.clone();
    view! {
        <div class="job-progress" data-testid="job-progress" data-state=told(|job| Some(job.status.as_str().to_owned()))>
            <progress aria-label="Refreshing the database" max=max value=value></progress>
            <span role="status" data-testid="job-step">{told(|job| Some(step_text(job)))}</span>
            {may_write.then(|| view! {
                <CancelForm job=id.to_string() back requested=Signal::derive(requested)
                    done=Callback::new(move |wrong| fault.set(wrong))/>
            })}
            // Where scripts run, the page follows by itself.
            {move || (!was_watched.get()).then(|| view! {
                <a href=reload.clone() rel="external" data-testid="job-reload">"Reload"</a>
            })}
        </div>
    }
    .into_any()
}

/// It has ended before the reader's eyes; the page below still shows what was before.
fn just_ended(id: &DatabaseId, job: &Job) -> AnyView {
    let text = outcome_text(job);
    let tone = match job.status {
        JobStatus::Completed => Tone::Success,
        JobStatus::Failed => Tone::Error,
        _ => Tone::Neutral,
    };
    let result = job.result.as_ref();
    let changed = result.filter(|result| result.has_changed).map(|result| {
        let versions = (result.version.saturating_sub(1), result.version);
        let changes = changes_address(id, Some(versions));
        view! {
            " "<a href=changes data-testid="job-changes">"See what changed"</a>
            " "<a href=database_address(id) rel="external" data-testid="job-show">"Show it here"</a>
        }
    });
    let unreadable = result
        .map(|result| result.unreadable.len())
        .filter(|count| *count > 0)
        .map(|count| {
            let what = match count {
                1 => "One part could not be read; reload the page to see which.".to_owned(),
                count => format!("{count} parts could not be read; reload the page to see which."),
            };
            view! { " "{what} }
        });
    let begin = match job.status {
        JobStatus::Completed => format!("Refreshed in {}: ", took(job)),
        JobStatus::Failed => "It could not be read: ".to_owned(),
        _ => String::new(),
    };
    view! {
        <Notice tone testid="job-outcome">
            {begin}{with_stop(text)}{changed}{unreadable}
        </Notice>
    }
    .into_any()
}

fn with_stop(text: String) -> String {
    if text.ends_with('.') {
        text
    } else {
        format!("{text}.")
    }
}

/// For the middle of a sentence.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// It ended some time ago. Why it failed stands with the database itself.
fn ended(id: &DatabaseId, job: &Job, now: Timestamp) -> AnyView {
    let what = match job.status {
        JobStatus::Failed => "failed".to_owned(),
        JobStatus::Cancelled => "cancelled".to_owned(),
        _ => uncapitalised(&outcome_text(job)),
    };
    let text = format!(" by {}: {what}. ", started_by(job));
    let at = job.finished_at.unwrap_or(job.created_at);
    view! {
        <p class="dim" data-testid="job-last">
            "Last refreshed "<RelativeTime at now/>{text}
            <a href=jobs_address(Some(id)) data-testid="jobs-link">"All refreshes"</a>
        </p>
    }
    .into_any()
}

/// When the database is read by itself, in words; nothing when it is not.
pub(super) fn schedule_line(state: &RefreshState) -> Option<AnyView> {
    let schedule = state.schedule.as_ref()?;
    let when = match schedule.next_runs.first() {
        Some(next) => format!("next at {}", next.to_minute()),
        None if schedule.enabled => "but its schedule cannot be understood; set it anew".to_owned(),
        None => "but that is switched off".to_owned(),
    };
    let cron = schedule.cron.clone();
    let said = preset_of(schedule).map_or_else(
        || view! { <span class="mono">{cron}</span>" (UTC)" }.into_any(),
        |label| {
            view! { {label.to_lowercase().replace("utc", "UTC").replace("mondays", "on Mondays")} }
                .into_any()
        },
    );
    Some(
        view! {
            <p class="dim" data-testid="schedule-line">"Refreshed by itself "{said}", "{when}"."</p>
        }
        .into_any(),
    )
}

fn preset_of(schedule: &Schedule) -> Option<&'static str> {
    SCHEDULE_PRESETS
        .into_iter()
        .find(|preset| preset.cron == schedule.cron)
        .map(|preset| preset.label)
}

/// Says when the database is read by itself. Works without scripts.
#[component]
pub(super) fn ScheduleForm(id: DatabaseId, schedule: Option<Schedule>) -> impl IntoView {
    let fault: FormFault =
        RwSignal::new(fault_of_flash().filter(|fault| fault.field.as_deref() == Some("cron")));
    provide_context(fault);
    let flash = use_bootstrap().flash.filter(|flash| !flash.success);
    let entered = |name: &str| flash.as_ref().and_then(|flash| flash.entered(name));
    let stored = schedule.as_ref().filter(|schedule| schedule.enabled);
    let preset = entered("preset").unwrap_or_else(|| match stored {
        None => "off".to_owned(),
        Some(schedule) => SCHEDULE_PRESETS
            .into_iter()
            .find(|preset| preset.cron == schedule.cron)
            .map_or("custom", |preset| preset.word)
            .to_owned(),
    });
    let cron = entered("cron")
        .or_else(|| stored.map(|schedule| schedule.cron.clone()))
        .unwrap_or_default();
    let options = std::iter::once(("off", "Never by itself"))
        .chain(
            SCHEDULE_PRESETS
                .into_iter()
                .map(|preset| (preset.word, preset.label)),
        )
        .chain(std::iter::once(("custom", "As cron text says")))
        .map(|(word, label)| (word.to_owned(), label.to_owned()))
        .collect();
    let next_runs = schedule
        .map(|schedule| schedule.next_runs)
        .unwrap_or_default();
    let runs = (!next_runs.is_empty()).then(|| {
        let rows = next_runs
            .into_iter()
            .map(|run| view! { <li><time datetime=run.to_iso()>{run.to_minute()}</time></li> })
            .collect_view();
        view! {
            <div data-testid="schedule-runs">
                <p class="dim">"Next runs"</p>
                <ul class="schedule-runs">{rows}</ul>
            </div>
        }
    });
    view! {
        <details class="confirm schedule" open=fault.get_untracked().is_some()>
            <summary class="button button-ghost" data-testid="schedule">"Schedule"</summary>
            <form class="confirm-box" method="post" action=format!("/rpc/databases/{id}/schedule")>
                <Select name="preset" label="Refresh" options value=preset testid="schedule-preset"/>
                <div class="schedule-cron">
                    <Field name="cron" label="Cron text, in UTC" value=cron placeholder="30 2 * * 1-5"
                        hint="Minute, hour, day of the month, month, day of the week." error=fault_of_field("cron")
                        testid="schedule-cron" autocomplete="off"/>
                </div>
                {runs}
                <Button variant=ButtonVariant::Primary submit=true testid="schedule-save">"Save"</Button>
            </form>
        </details>
    }
}
