//! A labelled line of input.

use crate::icon::{Icon, IconName};
use leptos::html;
use leptos::prelude::*;

/// Ids of the hint and the error, as `aria-describedby` wants them.
pub(crate) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-hint {id}-error")),
    }
}

/// Hint and error below a field; the error is announced when it appears.
pub(crate) fn field_notes(
    id: &str,
    hint: Option<String>,
    error: Signal<Option<String>>,
) -> AnyView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        <p class="field-error" id=error_id aria-live="polite">
            {move || {
                error
                    .get()
                    .map(|text| view! { <Icon name=IconName::Error/><span>{text}</span> })
            }}
        </p>
    }
    .into_any()
}

/// A labelled line of input.
///
/// `value` fills it at first; `bind` follows what is typed, also what was typed before the wasm
/// had loaded.
#[component]
pub fn Field(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// The name under which the form posts it; the id too.
    name: &'static str,
    /// `text`, `password`, `email`, `search`, `file` …
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// Follows what is typed.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// An example, in place of a value.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Must be filled.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What browsers and password managers may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// The fewest characters allowed.
    #[prop(optional)]
    minlength: Option<u32>,
    /// For files: the kinds to offer.
    #[prop(optional)]
    accept: Option<&'static str>,
    /// Test hook, on the input.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let initial = bind.map_or(value, |bind| bind.get_untracked());
    if let Some(bind) = bind {
        adopt(
            move || input.get().map(|input| input.value()),
            bind,
            move |text| {
                if let Some(input) = input.get_untracked() {
                    input.set_value(text);
                }
            },
        );
    }
    let has_hint = hint.is_some();
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=initial
                placeholder=placeholder
                required=required
                disabled=move || disabled.get()
                autocomplete=autocomplete
                autofocus=autofocus
                minlength=minlength
                accept=accept
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by(name, has_hint, error.with(Option::is_some))
                data-testid=testid
                node_ref=input
                on:input:target=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event.target().value());
                    }
                }
            />
            {field_notes(name, hint, error)}
        </div>
    }
    .into_any()
}

/// Ties a signal to an input. At first the input wins, because somebody may have typed into the
/// server's page before the wasm had loaded; from then on the signal does.
pub(crate) fn adopt(
    read: impl Fn() -> Option<String> + 'static,
    bind: RwSignal<String>,
    write: impl Fn(&str) + 'static,
) {
    Effect::new(move |adopted: Option<bool>| {
        let Some(typed) = read() else {
            return false;
        };
        let first = adopted != Some(true);
        if first && !typed.is_empty() {
            bind.set(typed);
            bind.track();
        } else {
            bind.with(|text| {
                if *text != typed {
                    write(text);
                }
            });
        }
        true
    });
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn hint_and_error_describe_the_input() {
        let owner = Owner::new();
        owner.set();
        let html = view! {
            <Field label="E-mail" name="email" hint="Yours" error=Some("Not an address".to_owned())/>
        }
        .to_html();
        assert!(html.contains(r#"<label for="email""#), "{html}");
        assert!(
            html.contains(r#"aria-describedby="email-hint email-error""#),
            "{html}"
        );
        assert!(html.contains(r#"aria-invalid="true""#), "{html}");
        assert!(html.contains("Not an address"), "{html}");
    }

    #[test]
    fn a_plain_field_is_described_by_nothing_and_escapes_its_value() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <Field label="Name" name="name" value="\"><script>"/> }.to_html();
        assert!(!html.contains("aria-describedby"), "{html}");
        assert!(!html.contains("aria-invalid"), "{html}");
        assert!(!html.contains("<script>"), "{html}");
    }
}
