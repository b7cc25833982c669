//! Connecting a live database.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{
    FormAnswer, FormFault, fault_of_field, fault_of_flash, general_fault, post_form_with,
};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos_meta::Title;
use model::provider::Provider;
use ui::{
    Button, ButtonLink, ButtonVariant, Checkbox, Crumb, Field, Notice, PageHeader, Select,
    TextArea, Tone,
};
use wasm_bindgen::JsCast as _;

/// How a connection may be guarded: the word, and what it means.
const TLS_MODES: [(&str, &str); 5] = [
    ("prefer", "Encrypt where the server can"),
    ("require", "Always encrypt"),
    ("verify-ca", "Encrypt, and check the certificate"),
    ("verify-full", "Encrypt, and check certificate and name"),
    ("disable", "Never encrypt"),
];

/// `/databases/connect`
#[component]
pub fn ConnectPage() -> impl IntoView {
    let question = Memo::new(|_| PageQuestion::Writing);
    view! { <Answered question section=Section::Databases draw=parts::connect/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    let PageAnswer::Writing = answer else {
        return mismatch();
    };
    view! {
        <Title text="Connect a database"/>
        <Frame
            crumbs=vec![Crumb::link("Databases", "/databases"), Crumb::here("Connect a database")]
            section=Section::Databases
        >
            <ConnectForm/>
        </Frame>
    }
    .into_any()
}

#[component]
fn ConnectForm() -> impl IntoView {
    let fault: FormFault = RwSignal::new(fault_of_flash());
    provide_context(fault);
    let news = RwSignal::new(None::<String>);
    let busy = RwSignal::new(None::<&'static str>);
    let form = NodeRef::<Form>::new();
    let flash = use_bootstrap().flash;
    let entered = move |name: &str| {
        flash
            .as_ref()
            .and_then(|flash| flash.entered(name))
            .unwrap_or_default()
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else {
            return;
        };
        if busy.get_untracked().is_some() {
            return;
        }
        let is_test = event
            .submitter()
            .and_then(|button| button.dyn_into::<web_sys::Element>().ok())
            .and_then(|button| button.get_attribute("value"))
            .is_some_and(|value| value == "test");
        busy.set(Some(if is_test { "test" } else { "connect" }));
        fault.set(None);
        news.set(None);
        leptos::task::spawn_local(async move {
            let action = if is_test { "test" } else { "" };
            match post_form_with(&form, "/rpc/connect", &[("action", action)]).await {
                Ok(FormAnswer::Address(address)) => {
                    let _ = window().location().set_href(&address);
                    return;
                }
                Ok(FormAnswer::Message(message)) => news.set(Some(message)),
                Err(error) => fault.set(Some(error)),
            }
            busy.set(None);
        });
    };
    let providers = Provider::ALL
        .into_iter()
        .filter(|provider| provider.is_live())
        .map(|provider| {
            let label = match provider {
                Provider::MySql => "MySQL or MariaDB".to_owned(),
                provider => provider.label().to_owned(),
            };
            (provider.as_str().to_owned(), label)
        })
        .collect();
    let provider = Some(entered("provider"))
        .filter(|word| !word.is_empty())
        .unwrap_or_else(|| Provider::PostgreSql.as_str().to_owned());
    let tls_modes = TLS_MODES
        .into_iter()
        .map(|(word, label)| (word.to_owned(), label.to_owned()))
        .collect();
    let tls_mode = Some(entered("tls_mode"))
        .filter(|word| !word.is_empty())
        .unwrap_or_else(|| "prefer".to_owned());
    let lead = view! {
        <p class="page-description">
            "Crowfoot reads structure, sizes and the planner's statistics in one read-only transaction; it reads no rows "
            "and changes nothing, unless you have it make the database first. The password is kept sealed. SQL Server and Oracle come as "
            <a href="/databases/new">"a script of DDL"</a>" for now."
        </p>
    };
    view! {
        <PageHeader title="Connect a database">{lead}</PageHeader>
        <form class="import-form stack connect-form" method="post" action="/rpc/connect" enctype="multipart/form-data"
            node_ref=form
            on:submit=on_submit data-testid="connect">
            {move || general_fault(fault.get())}
            {move || news.get().map(|text| view! {
                <Notice tone=Tone::Success testid="connect-works">{text}</Notice>
            })}
            <Select name="provider" label="System" options=providers value=provider
                error=fault_of_field("provider") testid="field-provider"/>
            <div class="field-row server-only">
                <Field name="host" label="Host" value=entered("host") placeholder="db.example.org"
                    error=fault_of_field("host") testid="field-host" autocomplete="off"/>
                <Field name="port" label="Port" value=entered("port") placeholder="usual"
                    error=fault_of_field("port") testid="field-port" autocomplete="off"/>
            </div>
            <Field name="database" label="Database" value=entered("database") error=fault_of_field("database")
                hint="Its name on the server; for SQLite the file." testid="field-database" autocomplete="off"/>
            <div class="field-row server-only">
                <Field name="username" label="User" value=entered("username") error=fault_of_field("username")
                    testid="field-username" autocomplete="off"/>
                <Field name="password" label="Password" kind="password" error=fault_of_field("password")
                    testid="field-password" autocomplete="off"/>
            </div>
            <div class="server-only">
                <Select name="tls_mode" label="Encryption" options=tls_modes value=tls_mode
                    error=fault_of_field("tls_mode") testid="field-tls"/>
            </div>
            <details class="server-only">
                <summary>"Authority's certificate"</summary>
                <TextArea name="tls_ca" label="Certificates to trust, in PEM" rows=5 code=true
                    placeholder="-----BEGIN CERTIFICATE-----" error=fault_of_field("tls_ca")/>
            </details>
            <MakeFields checked=entered("create_if_not_exists") == "true"/>
            <Field name="name" label="Name in the catalog" value=entered("name") error=fault_of_field("name")
                hint="Without one, the database's own name is taken." testid="field-name"/>
            <div class="actions">
                <Button variant=ButtonVariant::Primary submit=true testid="connect-submit"
                    busy=Signal::derive(move || busy.get() == Some("connect"))>
                    {move || if busy.get() == Some("connect") { "Reading the database…" } else { "Connect and read" }}
                </Button>
                <button class="button button-secondary" type="submit" name="action" value="test" data-testid="connect-test"
                    aria-busy=move || (busy.get() == Some("test")).to_string()>
                    {move || if busy.get() == Some("test") { "Testing…" } else { "Test the connection" }}
                </button>
                <ButtonLink href="/databases" variant=ButtonVariant::Ghost>"Cancel"</ButtonLink>
            </div>
        </form>
    }
}

/// Having the database made, with a script in it. The fields for the script come with the tick,
/// which is the stylesheet's work.
#[component]
fn MakeFields(
    /// Whether the box is ticked at first.
    checked: bool,
) -> impl IntoView {
    let file_fault = fault_of_field("sql_file");
    view! {
        <Checkbox name="create_if_not_exists" label="Make the database if it is not there" checked=checked
            hint="Without a name above it is called crowfoot_ and the id that it gets here."
            testid="field-create"/>
        <div class="made-only stack">
            <TextArea name="sql_content" label="Script to run in the new database" rows=8 code=true
                placeholder="CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    …"
                hint="As the user above; the database comes with all of it or not at all. In one that is there already nothing is run."
                error=fault_of_field("sql_content") testid="field-script"/>
            <div class="field">
                <label class="field-label" for="sql_file">"Or its file"</label>
                <input id="sql_file" class="input" type="file" name="sql_file"
                    accept=".sql,.ddl,.txt,text/plain,application/sql" aria-describedby="sql_file-fault"
                    data-testid="field-script-file"/>
                <p class="field-error" id="sql_file-fault" aria-live="polite">{move || file_fault.get()}</p>
            </div>
        </div>
    }
}
