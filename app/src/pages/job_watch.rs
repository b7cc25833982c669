//! Following jobs while a page is open: asking for news, stopping one. And how they are told.

use crate::api::{self, PageAnswer, PageQuestion};
use crate::pages::auth_form::post_form;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use model::job::{Job, JobStatus, JobTrigger, duration_text};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use ui::Tone;

/// How often news are asked for.
const EVERY: Duration = Duration::from_secs(1);

/// Hears the news; answers whether there is more to wait for.
type Hear = Arc<dyn Fn(PageAnswer) -> bool + Send + Sync>;

/// Asks a question again and again, as long as its page is open.
#[derive(Clone)]
pub struct Watch {
    question: PageQuestion,
    hear: Hear,
    is_open: Arc<AtomicBool>,
    is_asking: Arc<AtomicBool>,
}

impl Watch {
    /// A watch of the page that is being drawn. It begins with [`Watch::start`].
    pub fn new(
        question: PageQuestion,
        hear: impl Fn(PageAnswer) -> bool + Send + Sync + 'static,
    ) -> Self {
        let is_open = Arc::new(AtomicBool::new(true));
        let open = is_open.clone();
        on_cleanup(move || open.store(false, Ordering::Relaxed));
        Self {
            question,
            hear: Arc::new(hear),
            is_open,
            is_asking: Arc::default(),
        }
    }

    /// Begins to ask, at once. Nothing happens while it asks already.
    pub fn start(&self) {
        if !self.is_asking.swap(true, Ordering::Relaxed) {
            ask(self.clone());
        }
    }
}

fn ask(watch: Watch) {
    leptos::task::spawn_local(async move {
        let answer = api::page(watch.question.clone()).await;
        if !watch.is_open.load(Ordering::Relaxed) {
            return;
        }
        let goes_on = match answer {
            Ok(answer) => (watch.hear)(answer),
            // The server may be back in a moment; who is signed out will not be.
            Err(error) => !error.is_unauthenticated(),
        };
        if goes_on {
            set_timeout(move || ask(watch), EVERY);
        } else {
            watch.is_asking.store(false, Ordering::Relaxed);
        }
    });
}

/// Posts a form in place. `done` hears what was wrong, if anything was.
pub fn post_in_place(
    event: &SubmitEvent,
    form: NodeRef<Form>,
    action: String,
    done: impl FnOnce(Option<String>) + 'static,
) {
    event.prevent_default();
    let Some(form) = form.get_untracked() else {
        return;
    };
    leptos::task::spawn_local(async move {
        done(
            post_form(&form, &action)
                .await
                .err()
                .map(|error| error.message),
        );
    });
}

/// The button that stops a job.
#[component]
pub fn CancelForm(
    /// The job.
    job: String,
    /// The page to come back to without scripts.
    back: String,
    /// Somebody asked for it already.
    #[prop(into)]
    requested: Signal<bool>,
    /// Hears what was wrong, if anything was.
    done: Callback<Option<String>>,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let action = format!("/rpc/jobs/{job}/cancel");
    let post = action.clone();
    view! {
        <form method="post" action=action node_ref=form on:submit=move |event| {
            post_in_place(&event, form, post.clone(), move |fault| done.run(fault));
        }>
            <input type="hidden" name="back" value=back/>
            <button class="button button-secondary button-small" type="submit" data-testid="job-cancel"
                aria-busy=move || requested.get().to_string()>
                {move || if requested.get() { "Stopping…" } else { "Cancel" }}
            </button>
        </form>
    }
}

/// Where a job stands, in a word.
pub fn status_label(job: &Job) -> &'static str {
    match job.status {
        JobStatus::Pending => "waiting",
        JobStatus::Running if job.cancel_requested => "stopping",
        JobStatus::Running => "running",
        JobStatus::Completed => "done",
        JobStatus::Failed => "failed",
        JobStatus::Cancelled => "cancelled",
    }
}

/// The colour of that word.
pub fn status_tone(job: &Job) -> Tone {
    match job.status {
        JobStatus::Pending | JobStatus::Cancelled => Tone::Neutral,
        JobStatus::Running => Tone::Info,
        JobStatus::Completed => Tone::Success,
        JobStatus::Failed => Tone::Error,
    }
}

/// Who wanted a job.
pub fn started_by(job: &Job) -> String {
    match (&job.started_by, job.trigger) {
        (Some(name), _) => name.clone(),
        (None, JobTrigger::Schedule) => "the schedule".to_owned(),
        (None, JobTrigger::Manual) => "—".to_owned(),
    }
}

/// What a job is doing: `Reading columns (3 of 10)`.
pub fn step_text(job: &Job) -> String {
    let what = match (job.status, &job.progress.message) {
        (JobStatus::Pending, _) => return "Waiting for its turn".to_owned(),
        (_, Some(message)) => message.clone(),
        (_, None) => "Beginning".to_owned(),
    };
    match job.progress.total {
        Some(total) => format!("{what} ({} of {total})", job.progress.current),
        None => what,
    }
}

/// What came of a job that has ended.
pub fn outcome_text(job: &Job) -> String {
    match (&job.result, &job.error) {
        (Some(result), _) if result.has_changed => result
            .summary
            .clone()
            .unwrap_or_else(|| "Changed".to_owned()),
        (Some(_), _) => "Nothing has changed".to_owned(),
        (None, Some(error)) => error.clone(),
        (None, None) => "Stopped before its end; the catalog is as it was".to_owned(),
    }
}

/// How long a job took; nothing while it has not ended.
pub fn took(job: &Job) -> String {
    job.duration_ms().map(duration_text).unwrap_or_default()
}
