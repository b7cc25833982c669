//! What the marks over the picture mean, and how many there are.

use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use diagram::overlay::{Mark, MarkKind, Overlay};
use leptos::prelude::*;
use model::address::{changes_address, findings_address};
use model::diagram::DiagramQuery;
use std::sync::Arc;

/// The legend over the picture's corner; nothing without marks.
#[component]
pub fn Legend(data: Arc<DiagramData>, query: Signal<DiagramQuery>) -> impl IntoView {
    let overlay = data.overlay.clone()?;
    let id = data.database_id.clone();
    // The ways between two tables stand beside the picture, with their SQL.
    if !data.ways.is_empty() {
        return None;
    }
    let rows = rows(&overlay);
    let is_empty = overlay.is_empty();
    let details = match (data.shown.overlay.as_deref(), data.versions) {
        (Some("changes"), versions) => Some((changes_address(&id, versions), "List of changes")),
        (Some("findings"), _) => Some((findings_address(&id), "List of findings")),
        _ => None,
    };
    let hide = move || query.get().without_overlay().address(&id);
    let leads = !is_embedded();
    let windows = (leads && data.shown.overlay.as_deref() == Some("usage"))
        .then(|| windows(data.clone(), query));
    Some(
        view! {
        <details class="diagram-legend" open=true data-testid="diagram-legend">
            <summary>{overlay.title.clone()}</summary>
            {is_empty.then(|| view! { <p class="dim">"Nothing is marked in this view."</p> })}
            <ul>{rows}</ul>
            {windows}
            {leads.then(|| view! {
                <p class="diagram-legend-links">
                    {details.map(|(href, text)| view! { <a href=href data-testid="diagram-legend-details">{text}</a> })}
                    <a href=hide data-testid="diagram-legend-hide">"Hide"</a>
                </p>
            })}
        </details>
    }
        .into_any(),
    )
}

/// The days that a legend offers, with their words for people; none for all that is known.
const WINDOWS: [(Option<u32>, &str, &str); 4] = [
    (Some(7), "7 d", "the last 7 days"),
    (Some(30), "30 d", "the last 30 days"),
    (Some(90), "90 d", "the last 90 days"),
    (None, "all", "all that is known"),
];

/// Of which time the usage is.
fn windows(data: Arc<DiagramData>, query: Signal<DiagramQuery>) -> AnyView {
    let links = WINDOWS
        .into_iter()
        .map(|(days, label, words)| {
            let current = data.shown.days == days;
            let id = data.database_id.clone();
            let href = move || {
                let query = query.get();
                // A view may have a window of its own.
                let days = days.or_else(|| query.view.is_some().then_some(0));
                DiagramQuery { days, ..query }.address(&id)
            };
            let says = format!("{label}: usage of {words}");
            view! {
                <a class="segment" href=href title=says.clone() aria-label=says
                    aria-current=current.then_some("page") data-testid="usage-window">{label}</a>
            }
        })
        .collect_view();
    view! { <nav class="segments" aria-label="Time of the usage">{links}</nav> }.into_any()
}

/// The tags of a mark by name, each in its colour.
pub(super) fn tag_pills(overlay: &Overlay, mark: &Mark) -> AnyView {
    let tags = mark.tags.iter();
    tags.filter_map(|tag| Some((*tag, overlay.tags.get(usize::from(*tag))?)))
        .map(|(place, tag)| {
            let one = Mark::of_tags(vec![place], "");
            let class = format!("legend-sign legend-{}", one.css_name());
            view! { <span class=class>{tag.name.clone()}</span>" " }
        })
        .collect_view()
        .into_any()
}

fn rows(overlay: &Overlay) -> Vec<AnyView> {
    overlay
        .legend()
        .into_iter()
        .map(|row| {
            let kind = row.mark.kind;
            let name = kind.css_name();
            let class = format!("legend-sign legend-{}", row.mark.css_name());
            if let (MarkKind::Heat, Some((least, most))) = (kind, &overlay.scale) {
                let steps = (1..=5)
                    .map(|step| view! { <span class=format!("legend-step legend-heat-{step}")></span> })
                    .collect_view();
                let text = format!("{least} … {most}");
                return view! {
                    <li data-kind=name>
                        <span class="legend-scale" aria-hidden="true">{steps}</span>
                        <span>{text}</span>
                        <span class="dim">{row.count}</span>
                    </li>
                }
                .into_any();
            }
            view! {
                <li data-kind=name>
                    <span class=class aria-hidden="true">{row.mark.sign().to_owned()}</span>
                    <span>{row.name}</span>
                    <span class="dim">{row.count}</span>
                </li>
            }
            .into_any()
        })
        .collect()
}
