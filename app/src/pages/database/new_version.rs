//! Importing the next version of a database that came as a script.

use crate::pages::auth_form::{
    FormFault, fault_of_field, fault_of_flash, general_fault, post_form,
};
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use model::provider::Provider;
use ui::{Button, ButtonVariant, Select, TextArea};

/// The form, folded away until somebody wants it or it has something to say.
#[component]
pub fn NewVersion(
    /// The database's id.
    id: String,
    /// The word for its system.
    provider: String,
) -> impl IntoView {
    let fault: FormFault = RwSignal::new(
        fault_of_flash()
            .filter(|fault| matches!(fault.field.as_deref(), Some("file" | "script" | "dialect"))),
    );
    provide_context(fault);
    let is_open = fault.get_untracked().is_some();
    let busy = RwSignal::new(false);
    let form = NodeRef::<Form>::new();
    let action = format!("/rpc/databases/{id}/import");
    let posted = action.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        fault.set(None);
        let action = posted.clone();
        leptos::task::spawn_local(async move {
            match post_form(&form, &action).await {
                Ok(address) => {
                    let _ = window().location().set_href(&address);
                }
                Err(error) => {
                    busy.set(false);
                    fault.set(Some(error));
                }
            }
        });
    };
    let mut dialects = vec![(String::new(), "Told by the script".to_owned())];
    if let Some(provider) = Provider::from_word(&provider) {
        dialects.push((provider.as_str().to_owned(), provider.label().to_owned()));
        if provider == Provider::PostgreSql {
            dialects.push(("dbml".to_owned(), "DBML".to_owned()));
        }
    }
    let file_fault = fault_of_field("file");
    view! {
        <details class="fold" open=is_open data-testid="new-version">
            <summary data-testid="new-version-open">"Import a new version"</summary>
            <form class="import-form stack" method="post" action=action enctype="multipart/form-data"
                node_ref=form on:submit=on_submit>
                {move || general_fault(fault.get())}
                <p class="dim">
                    "The whole script as it is now. What is no longer in it is marked gone; descriptions, tags and notes stay."
                </p>
                <div class="field">
                    <label class="field-label" for="file">"Files"</label>
                    <input id="file" class="input" type="file" name="file" multiple
                        accept=".sql,.ddl,.dbml,.txt,text/plain,application/sql"
                        aria-describedby="file-fault" data-testid="field-file"/>
                    <p class="field-error" id="file-fault" aria-live="polite">{move || file_fault.get()}</p>
                </div>
                <Select name="dialect" label="Dialect" options=dialects error=fault_of_field("dialect")
                    testid="field-dialect"/>
                <TextArea name="script" label="Or paste the script" rows=8 code=true testid="field-script"
                    error=fault_of_field("script")/>
                <div class="actions">
                    <Button variant=ButtonVariant::Primary submit=true busy testid="new-version-submit">
                        {move || if busy.get() { "Importing…" } else { "Import" }}
                    </Button>
                </div>
            </form>
        </details>
    }
}
