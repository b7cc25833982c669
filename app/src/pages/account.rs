//! One's own account: who I am, password, theme, sessions.

use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{AuthForm, fault_of_field};
use crate::pages::frame::{Frame, Section};
use leptos::prelude::*;
use leptos_meta::Title;
use model::account::PASSWORD_MIN_CHARS;
use ui::{Crumb, Field, PageHeader, Theme, ThemeSwitch};

/// `/me`
#[component]
pub fn AccountPage() -> impl IntoView {
    let bootstrap = use_bootstrap();
    let theme = Theme::from_word(bootstrap.theme.as_deref());
    let facts = bootstrap.user.map(|user| {
        view! {
            <dl class="facts" data-testid="account-facts">
                <dt>"Name"</dt><dd>{user.display_name().to_owned()}</dd>
                <dt>"Email"</dt><dd>{user.email.clone()}</dd>
                <dt>"Role"</dt><dd>{user.role.as_str()}</dd>
            </dl>
        }
    });
    let password_hint = format!("At least {PASSWORD_MIN_CHARS} characters.");
    view! {
        <Title text="Your account"/>
        <Frame crumbs=vec![Crumb::here("Your account")] section=Section::None>
            <PageHeader title="Your account"/>
            {facts}
            <section class="section" aria-labelledby="theme-title">
                <h2 id="theme-title">"Theme"</h2>
                <div class="row"><ThemeSwitch theme/></div>
            </section>
            <section class="section account-form" aria-labelledby="password-title">
                <h2 id="password-title">"Password"</h2>
                <p class="dim">"Changing it ends your other sessions."</p>
                <AuthForm action="/rpc/password" submit="Change password" testid="password-form">
                    <Field name="current" label="Present password" kind="password" autocomplete="current-password"
                        required=true error=fault_of_field("current") testid="field-current"/>
                    <Field name="new" label="New password" kind="password" autocomplete="new-password" required=true
                        hint=password_hint.clone() error=fault_of_field("new") testid="field-new"/>
                    <Field name="repeat" label="New password again" kind="password" autocomplete="new-password"
                        required=true error=fault_of_field("repeat") testid="field-repeat"/>
                </AuthForm>
            </section>
            <section class="section" aria-labelledby="sessions-title">
                <h2 id="sessions-title">"Sessions"</h2>
                <p class="dim">"If a computer is lost, sign out on all of them, this one too."</p>
                <form method="post" action="/rpc/logout-everywhere">
                    <button class="button button-secondary" r#type="submit">"Sign out everywhere"</button>
                </form>
            </section>
        </Frame>
    }
}
