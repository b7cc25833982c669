//! What stands in for rows that are on their way.

use leptos::prelude::*;

/// Rows that stand in for those on their way. The style shows them after 200 ms only.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 6)]
    rows: usize,
) -> AnyView {
    let rows: Vec<_> = (0..rows)
        .map(|_| {
            view! {
                <div class="skeleton-row">
                    <div class="skeleton-bar"></div>
                    <div class="skeleton-bar"></div>
                    <div class="skeleton-bar"></div>
                </div>
            }
        })
        .collect();
    view! {
        <div class="skeleton" role="status" aria-label="Loading" data-testid="skeleton">{rows}</div>
    }
    .into_any()
}
