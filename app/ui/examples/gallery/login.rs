//! The mock login.

use leptos::prelude::*;
use ui::*;

/// The login page, with a failed try.
pub(crate) fn page() -> AnyView {
    view! {
        <main class="auth">
            <a class="brand auth-brand" href="/"><BrandMark/>"Crowfoot"</a>
            <div class="auth-card">
                <h1>"Sign in"</h1>
                <Notice tone=Tone::Error>"E-mail or password is wrong."</Notice>
                <form method="post">
                    <Field label="E-mail" name="email" kind="email" value="ada@example.com" autocomplete="username" required=true/>
                    <Field label="Password" name="password" kind="password" autocomplete="current-password" required=true/>
                    <Button variant=ButtonVariant::Primary size=ButtonSize::Large submit=true block=true>"Sign in"</Button>
                </form>
            </div>
            <p class="auth-foot">"Crowfoot 0.1.0"</p>
        </main>
    }
    .into_any()
}
