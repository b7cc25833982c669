//! Importing a script of DDL.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{
    FormFault, fault_of_field, fault_of_flash, general_fault, post_form,
};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use contract::error::AppError;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos_meta::Title;
use model::catalog::SCRIPT_MAX_BYTES;
use model::provider::Provider;
use ui::{Button, ButtonLink, ButtonVariant, Crumb, Field, PageHeader, Select, TextArea};

/// `/databases/new`
#[component]
pub fn ImportPage() -> impl IntoView {
    let question = Memo::new(|_| PageQuestion::Writing);
    view! { <Answered question section=Section::Databases draw=parts::import/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    let PageAnswer::Writing = answer else {
        return mismatch();
    };
    view! {
        <Title text="Import a script"/>
        <Frame
            crumbs=vec![Crumb::link("Databases", "/databases"), Crumb::here("Import a script")]
            section=Section::Databases
        >
            <ImportForm/>
        </Frame>
    }
    .into_any()
}

#[component]
fn ImportForm() -> impl IntoView {
    let fault: FormFault = RwSignal::new(fault_of_flash());
    provide_context(fault);
    let busy = RwSignal::new(false);
    let form = NodeRef::<Form>::new();
    let name = use_bootstrap()
        .flash
        .and_then(|flash| flash.entered("name"))
        .unwrap_or_default();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(form) = form.get_untracked() else {
            return;
        };
        if chosen_bytes(&form) > SCRIPT_MAX_BYTES as f64 {
            fault.set(Some(AppError::invalid_field("file", too_large())));
            return;
        }
        busy.set(true);
        fault.set(None);
        leptos::task::spawn_local(async move {
            match post_form(&form, "/rpc/import").await {
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
    let file_fault = fault_of_field("file");
    let mut dialects = vec![(String::new(), "Told by the script".to_owned())];
    dialects.extend(
        Provider::ALL
            .into_iter()
            .map(|provider| (provider.as_str().to_owned(), provider.label().to_owned())),
    );
    dialects.push(("dbml".to_owned(), "DBML".to_owned()));
    let size = SCRIPT_MAX_BYTES / (1024 * 1024);
    let files_hint =
        format!("One or more files, up to {size} MB together, read in the order of their names.");
    let header = view! {
        <p class="page-description">
            "Tables, columns, keys, foreign keys, indexes, comments, enums and views of a script: DDL of PostgreSQL, MySQL, SQLite, SQL Server or Oracle, or DBML. "
            "Nothing is run; data in the script is passed over."
        </p>
    };
    view! {
        <PageHeader title="Import a script">{header}</PageHeader>
        <form
            class="import-form stack"
            method="post"
            action="/rpc/import"
            enctype="multipart/form-data"
            node_ref=form
            on:submit=on_submit
            data-testid="import"
        >
            {move || general_fault(fault.get())}
            <Field name="name" label="Name" value=name testid="field-name" error=fault_of_field("name")
                hint="What people will call this database. Without one, the file's name is taken."/>
            <div class="field">
                <label class="field-label" for="file">"Files"</label>
                <input id="file" class="input" type="file" name="file" multiple
                    accept=".sql,.ddl,.dbml,.txt,text/plain,application/sql"
                    aria-describedby="file-hint file-fault" data-testid="field-file"/>
                <p class="field-hint" id="file-hint">{files_hint}</p>
                <p class="field-error" id="file-fault" aria-live="polite">{move || file_fault.get()}</p>
            </div>
            <Select name="dialect" label="Dialect" options=dialects error=fault_of_field("dialect") testid="field-dialect"/>
            <TextArea name="script" label="Or paste a script" rows=14 code=true testid="field-script"
                placeholder="CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    …" error=fault_of_field("script")/>
            <div class="actions">
                <Button variant=ButtonVariant::Primary submit=true busy testid="import-submit">
                    {move || if busy.get() { "Importing…" } else { "Import" }}
                </Button>
                <ButtonLink href="/databases" variant=ButtonVariant::Ghost>"Cancel"</ButtonLink>
            </div>
        </form>
    }
}

fn too_large() -> String {
    format!(
        "These files are larger than {} MB together.",
        SCRIPT_MAX_BYTES / (1024 * 1024)
    )
}

/// How many bytes the chosen files hold, so that a hopeless upload is not begun.
fn chosen_bytes(form: &web_sys::HtmlFormElement) -> f64 {
    use wasm_bindgen::JsCast as _;
    let files = form
        .query_selector("input[type=file]")
        .ok()
        .flatten()
        .and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok())
        .and_then(|input| input.files());
    let Some(files) = files else { return 0.0 };
    (0..files.length())
        .filter_map(|place| files.get(place))
        .map(|file| file.size())
        .sum()
}
