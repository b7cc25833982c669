//! The first start: making the first administrator.

use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{AuthCard, AuthForm, fault_of_field};
use leptos::prelude::*;
use model::account::PASSWORD_MIN_CHARS;
use ui::Field;

/// `/setup`
#[component]
pub fn SetupPage() -> impl IntoView {
    let flash = use_bootstrap().flash.unwrap_or_default();
    let name = flash.entered("full_name").unwrap_or_default();
    let email = flash.entered("email").unwrap_or_default();
    let password_hint = format!("At least {PASSWORD_MIN_CHARS} characters.");
    view! {
        <AuthCard title="Set up Crowfoot" lead="Nobody has an account yet. This makes the first administrator.">
            <AuthForm action="/rpc/setup" submit="Create administrator" testid="setup">
                <Field name="code" label="Setup code" autocomplete="one-time-code" required=true autofocus=true
                    hint="The server printed it when it started: look at its terminal."
                    error=fault_of_field("code") testid="field-code"/>
                <Field name="full_name" label="Your name (optional)" autocomplete="name" value=name
                    error=fault_of_field("full_name") testid="field-full_name"/>
                <Field name="email" label="Email" kind="email" autocomplete="username" required=true value=email
                    error=fault_of_field("email") testid="field-email"/>
                <Field name="password" label="Password" kind="password" autocomplete="new-password" required=true
                    hint=password_hint error=fault_of_field("password") testid="field-password"/>
            </AuthForm>
        </AuthCard>
    }
}
