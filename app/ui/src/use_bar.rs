//! How much of the most.

use leptos::prelude::*;

const WIDTH: f64 = 72.0;

/// A thin bar: how much of the most.
#[component]
pub fn UseBar(
    /// Between 0 and 1; what lies outside is cut.
    share: f64,
    /// What it says in words: "read by 92 % of queries".
    #[prop(into)]
    label: String,
) -> AnyView {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let level = match share {
        share if share < 0.25 => "use-bar-1",
        share if share < 0.6 => "use-bar-2",
        _ => "use-bar-3",
    };
    let width = model::number::decimal(share * WIDTH, 1);
    view! {
        <svg class="use-bar" role="img" aria-label=label viewBox="0 0 72 6">
            <rect class="use-bar-track" width="72" height="6" rx="3"></rect>
            <rect class=level width=width height="6" rx="3"></rect>
        </svg>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn shares_out_of_range_are_cut() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <UseBar share=7.0 label="all"/> }.to_html();
        assert!(
            html.contains(r#"width="72.0""#) && html.contains("use-bar-3"),
            "{html}"
        );
        let html = view! { <UseBar share=f64::NAN label="none"/> }.to_html();
        assert!(html.contains(r#"width="0.0""#), "{html}");
    }
}
