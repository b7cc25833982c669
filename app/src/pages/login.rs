//! Signing in.

use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{AuthCard, AuthForm, fault_of_field};
use crate::query::use_query;
use leptos::prelude::*;
use ui::Field;

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    let next = use_query().read_untracked().get("next").unwrap_or_default();
    let flash = use_bootstrap().flash.unwrap_or_default();
    let email = flash.entered("email").unwrap_or_default();
    view! {
        <AuthCard title="Sign in">
            <AuthForm action="/rpc/login" submit="Sign in" testid="login">
                <Field name="email" label="Email or username" autocomplete="username" required=true
                    autofocus=true value=email error=fault_of_field("email") testid="field-email"/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password"
                    required=true error=fault_of_field("password") testid="field-password"/>
                <input type="hidden" name="next" value=next/>
            </AuthForm>
        </AuthCard>
    }
}
