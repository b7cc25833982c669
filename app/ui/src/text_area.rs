//! The only text area there is. Leptos 0.8 does not escape what stands between the tags, so what
//! is typed is only ever set as a property, and a text to begin with is escaped here.

use crate::field::{adopt, described_by, field_notes};
use leptos::html;
use leptos::prelude::*;

/// A labelled text area. `value` fills it at first, on the server's page too; `bind` fills it in
/// the browser.
#[component]
pub fn TextArea(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// The name under which the form posts it; the id too.
    name: &'static str,
    /// What stands in it at first; of use without `bind` only.
    #[prop(optional, into)]
    value: String,
    /// Follows what is typed, and fills the area with what it holds.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// An example, in place of a text.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Monospace and tall, without spell checking.
    #[prop(optional)]
    code: bool,
    /// Must be filled.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Lines shown at first.
    #[prop(default = 4)]
    rows: u32,
    /// The most characters allowed.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Test hook, on the text area.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> AnyView {
    let area = NodeRef::<html::Textarea>::new();
    if let Some(bind) = bind {
        adopt(
            move || area.get().map(|area| area.value()),
            bind,
            move |text| {
                if let Some(area) = area.get_untracked() {
                    area.set_value(text);
                }
            },
        );
    }
    let has_hint = hint.is_some();
    let class = if code {
        "textarea textarea-code"
    } else {
        "textarea"
    };
    let plain = code.then_some("false");
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <textarea
                class=class
                id=name
                name=name
                rows=rows
                placeholder=placeholder
                required=required
                disabled=move || disabled.get()
                maxlength=maxlength
                spellcheck=plain
                autocapitalize=code.then_some("off")
                autocomplete=code.then_some("off")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described_by(name, has_hint, error.with(Option::is_some))
                data-testid=testid
                node_ref=area
                inner_html=escaped(&value)
                on:input:target=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event.target().value());
                    }
                }
            ></textarea>
            {field_notes(name, hint, error)}
        </div>
    }
    .into_any()
}

/// A text as it stands between the tags of a text area.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 1);
    // The first line break is not part of the text, so it must not be the text's own.
    if text.starts_with('\n') {
        html.push('\n');
    }
    for character in text.chars() {
        match character {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_text_never_reaches_the_markup() {
        let owner = Owner::new();
        owner.set();
        let bind = RwSignal::new("</textarea><script>alert(1)</script>".to_owned());
        let html = view! { <TextArea label="SQL" name="sql" bind code=true/> }.to_html();
        assert!(!html.contains("script"), "{html}");
        assert!(html.contains("></textarea>"), "{html}");
        assert!(html.contains(r#"spellcheck="false""#), "{html}");
    }

    #[test]
    fn a_text_to_begin_with_cannot_leave_the_area() {
        let owner = Owner::new();
        owner.set();
        let value = "\n</textarea><script>alert(1)</script>&lt;";
        let html = view! { <TextArea label="Text" name="text" value/> }.to_html();
        assert!(
            html.contains(
                ">\n\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;</textarea>"
            ),
            "{html}"
        );
    }
}
