//! The forms around accounts. They post like any form; where scripts run, the answer is shown in
//! place and nothing that was typed is lost.

use crate::bootstrap::use_bootstrap;
use contract::error::AppError;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos_meta::Title;
use serde::Deserialize;
use ui::{BrandMark, Button, ButtonVariant, Notice, Tone};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What a form has to say: a message and the field that it is about.
pub type FormFault = RwSignal<Option<AppError>>;

/// The card in the middle of a page for those who are not signed in.
#[component]
pub fn AuthCard(
    /// What the page is for.
    title: &'static str,
    /// A sentence below it.
    #[prop(optional)]
    lead: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title/>
        <main class="auth">
            <div class="auth-brand brand"><BrandMark/>"Crowfoot"</div>
            <div class="auth-card">
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="dim">{lead}</p> })}
                {children()}
            </div>
        </main>
    }
}

/// A form that posts to `action`.
#[component]
pub fn AuthForm(
    /// Where it posts to.
    action: &'static str,
    /// The button's text.
    submit: &'static str,
    /// For tests.
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    let fault: FormFault = RwSignal::new(fault_of_flash());
    provide_context(fault);
    let busy = RwSignal::new(false);
    let form = NodeRef::<Form>::new();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(form) = form.get_untracked() else {
            return;
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            match post_form(&form, action).await {
                Ok(address) => {
                    // The whole page, so that everything in it knows who is signed in now.
                    let _ = window().location().set_href(&address);
                }
                Err(error) => {
                    busy.set(false);
                    fault.set(Some(error));
                }
            }
        });
    };
    view! {
        <form method="post" action=action node_ref=form on:submit=on_submit data-testid=testid>
            {move || general_fault(fault.get())}
            {children()}
            <Button variant=ButtonVariant::Primary submit=true block=true busy>{submit}</Button>
        </form>
    }
}

/// What the last post without scripts had to say about this page's form. A message about no
/// field in particular is shown by the frame, where there is one.
pub fn fault_of_flash() -> Option<AppError> {
    let bootstrap = use_bootstrap();
    let has_frame = bootstrap.user.is_some();
    let flash = bootstrap.flash.filter(|flash| !flash.success)?;
    match flash.field {
        Some(field) => Some(AppError::invalid_field(&field, flash.message)),
        None if has_frame => None,
        None => Some(AppError::invalid(flash.message)),
    }
}

/// The notice above a form for a fault that is about no field in particular.
pub fn general_fault(fault: Option<AppError>) -> Option<AnyView> {
    let fault = fault.filter(|fault| fault.field.is_none())?;
    Some(view! { <Notice tone=Tone::Error testid="form-error">{fault.message}</Notice> }.into_any())
}

/// What the form around has to say about one of its fields.
pub fn fault_of_field(name: &'static str) -> Signal<Option<String>> {
    let fault = use_context::<FormFault>();
    Signal::derive(move || {
        fault
            .and_then(|fault| fault.get())
            .filter(|fault| fault.field.as_deref() == Some(name))
            .map(|fault| fault.message)
    })
}

/// The answer of a form that went well.
#[derive(Deserialize)]
struct Succeeded {
    address: Option<String>,
    message: Option<String>,
}

/// What a form that went well leads to.
pub enum FormAnswer {
    /// Another page.
    Address(String),
    /// Good news for this one.
    Message(String),
}

/// The answer of a form that failed (problem details, RFC 9457).
#[derive(Deserialize)]
struct Failed {
    detail: String,
    #[serde(default)]
    field: Option<String>,
}

/// Posts a form and asks for JSON. Gives the address to go to.
///
/// # Errors
/// What the server says, or that it does not answer.
pub async fn post_form(form: &web_sys::HtmlFormElement, action: &str) -> Result<String, AppError> {
    match post_form_with(form, action, &[]).await? {
        FormAnswer::Address(address) => Ok(address),
        FormAnswer::Message(_) => Err(AppError::internal()),
    }
}

/// Posts a form with fields beside its own and asks for JSON.
///
/// # Errors
/// What the server says, or that it does not answer.
pub async fn post_form_with(
    form: &web_sys::HtmlFormElement,
    action: &str,
    more: &[(&str, &str)],
) -> Result<FormAnswer, AppError> {
    let unreachable = || {
        AppError::unavailable("The server cannot be reached. Check the connection and try again.")
    };
    let data = web_sys::FormData::new_with_form(form).map_err(|_| unreachable())?;
    for (name, value) in more {
        data.append_with_str(name, value)
            .map_err(|_| unreachable())?;
    }
    let body: JsValue = if form.enctype() == "multipart/form-data" {
        data.into()
    } else {
        // The constructor takes any iterable of pairs, which form data is.
        web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data)
            .map_err(|_| unreachable())?
            .into()
    };
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    let headers = web_sys::Headers::new().map_err(|_| unreachable())?;
    headers
        .set("accept", "application/json")
        .map_err(|_| unreachable())?;
    init.set_headers(&headers);
    let request = window().fetch_with_str_and_init(action, &init);
    let response: web_sys::Response = JsFuture::from(request)
        .await
        .map_err(|_| unreachable())?
        .dyn_into()
        .map_err(|_| unreachable())?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text)
            .await
            .ok()
            .and_then(|text| text.as_string()),
        Err(_) => None,
    }
    .unwrap_or_default();
    if response.ok() {
        let answer = serde_json::from_str::<Succeeded>(&text).map_err(|_| AppError::internal())?;
        return match (answer.address, answer.message) {
            (Some(address), _) => Ok(FormAnswer::Address(address)),
            (None, Some(message)) => Ok(FormAnswer::Message(message)),
            (None, None) => Err(AppError::internal()),
        };
    }
    Err(match serde_json::from_str::<Failed>(&text) {
        Ok(Failed {
            detail,
            field: Some(field),
        }) => AppError::invalid_field(&field, detail),
        Ok(Failed {
            detail,
            field: None,
        }) => AppError::invalid(detail),
        Err(_) if response.status() == 413 => {
            AppError::too_large("This is more than the server accepts.")
        }
        Err(_) => AppError::internal(),
    })
}
