//! A few bars over time.

use leptos::prelude::*;

const HEIGHT: u64 = 38;
const BAR: usize = 7;
const STEP: usize = 9;

/// A few bars over time, with its sense told in words.
#[component]
pub fn Sparkline(
    /// What it says, for those who do not see it: "Queries per day, 30 days: 12 to 96".
    #[prop(into)]
    label: String,
    /// The amounts, the oldest first.
    values: Vec<u64>,
) -> AnyView {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let width = (values.len() * STEP).saturating_sub(STEP - BAR).max(1);
    let bars: Vec<_> = values
        .into_iter()
        .enumerate()
        .map(|(place, value)| {
            // An amount above nothing shows at least a line.
            let height = (value.saturating_mul(HEIGHT) / most).max(u64::from(value > 0));
            view! {
                <rect x=place * STEP y=HEIGHT - height width=BAR height=height rx="1.5"></rect>
            }
        })
        .collect();
    view! {
        <svg
            class="sparkline"
            role="img"
            aria-label=label
            width=width
            height=HEIGHT
            viewBox=format!("0 0 {width} {HEIGHT}")
        >
            {bars}
        </svg>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_much_stay_inside_the_frame() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <Sparkline label="None" values=vec![]/> }.to_html();
        assert!(!html.contains("<rect"), "{html}");
        let html = view! { <Sparkline label="Days" values=vec![0, 1, u64::MAX]/> }.to_html();
        assert_eq!(html.matches("<rect").count(), 3, "{html}");
        assert!(html.contains(r#"aria-label="Days""#), "{html}");
        assert!(!html.contains("style="), "{html}");
    }
}
