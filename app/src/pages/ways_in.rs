//! The three ways to bring a database in.

use crate::bootstrap::use_bootstrap;
use leptos::prelude::*;
use model::account::Permission;
use ui::{Icon, IconName};

/// Sample, script, connection. People who may not write are told whom to ask.
#[component]
pub fn WaysIn(
    /// Whether the sample is there already, so that it need not be offered.
    #[prop(optional)]
    has_sample: bool,
) -> impl IntoView {
    if !use_bootstrap().allows(Permission::CatalogWrite) {
        return view! {
            <p class="dim" data-testid="ways-in-viewer">
                "An editor or administrator can bring databases in."
            </p>
        }
        .into_any();
    }
    view! {
        <ul class="card-grid" data-testid="ways-in">
            {(!has_sample).then(|| view! {
                <li class="card choice">
                    <Icon name=IconName::Box/>
                    <h3>"Load the sample"</h3>
                    <p>"A shop's warehouse: 40 tables in 4 schemas, with rows, statistics and 90 days of queries."</p>
                    <SampleForm/>
                </li>
            })}
            <li class="card choice">
                <Icon name=IconName::Upload/>
                <h3>"Import a script"</h3>
                <p>"Paste or upload DDL of any common system, such as the output of pg_dump --schema-only, or DBML."</p>
                <a class="button choice-action" href="/databases/new" data-testid="way-import">"Paste or upload"</a>
            </li>
            <li class="card choice">
                <Icon name=IconName::Plug/>
                <h3>"Connect a database"</h3>
                <p>"PostgreSQL, MySQL, MariaDB or SQLite: structure, sizes and statistics, read whenever you want them fresh."</p>
                <a class="button choice-action" href="/databases/connect" data-testid="way-connect">"Connect"</a>
            </li>
        </ul>
    }
    .into_any()
}

/// Making the sample takes a few seconds; the button says so and takes one press only.
#[component]
fn SampleForm() -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <form method="post" action="/rpc/sample" on:submit=move |event| {
            if busy.get_untracked() {
                event.prevent_default();
            }
            busy.set(true);
        }>
            <button class="button button-primary choice-action" type="submit" data-testid="way-sample"
                aria-busy=move || busy.get().to_string()>
                {move || if busy.get() { "Creating the sample…" } else { "Load the sample" }}
            </button>
        </form>
    }
}
