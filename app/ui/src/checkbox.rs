//! A labelled yes or no.

use leptos::prelude::*;

/// A labelled yes or no.
#[component]
pub fn Checkbox(
    /// What is agreed to.
    #[prop(into)]
    label: String,
    /// The name under which the form posts it; the id too.
    name: &'static str,
    /// The value posted when it is checked.
    #[prop(default = "true")]
    value: &'static str,
    /// Checked at first.
    #[prop(optional)]
    checked: bool,
    /// What helps to decide.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Test hook, on the input.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Told whether it is checked.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> AnyView {
    let hint_id = format!("{name}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="checkbox">
            <input
                id=name
                name=name
                type="checkbox"
                value=value
                checked=checked
                disabled=move || disabled.get()
                aria-describedby=described
                data-testid=testid
                on:change:target=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event.target().checked());
                    }
                }
            />
            <label for=name>{label}</label>
            {hint.map(|hint| view! { <span class="field-hint" id=hint_id>{hint}</span> })}
        </div>
    }
    .into_any()
}
