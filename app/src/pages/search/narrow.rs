//! Filters: those that are set, to take off, and those that would narrow what was found.

use leptos::prelude::*;
use model::address::search_address;
use model::number::grouped;
use model::search::{FilterKey, SearchFacet, SearchFilter, SearchQuery};

/// The filters that are set; a click takes one off.
#[component]
pub fn SetFilters(
    /// The search.
    query: SearchQuery,
) -> impl IntoView {
    let filters = query
        .filters
        .iter()
        .map(|filter| {
            let href = search_address(&query.toggled(filter).to_string(), 1);
            let label = format!("{filter}, take off this filter");
            view! {
                <li>
                    <a class="chip chip-on mono" href=href aria-label=label data-testid="filter-off">
                        {filter.to_string()}<span aria-hidden="true">" ×"</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    (!query.filters.is_empty()).then(|| {
        view! { <ul class="chips" aria-label="Filters that are set">{filters}</ul> }
    })
}

/// Filters that would narrow what was found, by what they are about.
#[component]
pub fn Facets(
    /// The search.
    query: SearchQuery,
    /// The filters.
    facets: Vec<SearchFacet>,
) -> impl IntoView {
    let mut groups: Vec<(&'static str, Vec<SearchFacet>)> = Vec::new();
    for key in FilterKey::ALL {
        let of_key = facets.iter().filter(|facet| facet.key == key).cloned();
        match groups.last_mut() {
            Some((label, group)) if *label == key.label() => group.extend(of_key),
            _ => groups.push((key.label(), of_key.collect())),
        }
    }
    groups.retain(|(_, group)| !group.is_empty());
    let is_empty = groups.is_empty();
    let groups = groups
        .into_iter()
        .map(|(label, group)| {
            let links = group
                .into_iter()
                .map(|facet| {
                    let filter = SearchFilter::new(facet.key, facet.value);
                    let href = search_address(&query.toggled(&filter).to_string(), 1);
                    let shown = match facet.key {
                        FilterKey::Has | FilterKey::Is => filter.to_string(),
                        _ => filter.value.replace('_', " "),
                    };
                    view! {
                        <li>
                            <a class="chip" href=href data-testid="facet">
                                {shown}" "<span class="dim">{grouped(i64::from(facet.count))}</span>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="facet">
                    <dt class="dim">{label}</dt>
                    <dd><ul class="chips">{links}</ul></dd>
                </div>
            }
        })
        .collect_view();
    (!is_empty).then(|| {
        view! {
            <nav aria-label="Narrow the search">
                <dl class="facets" data-testid="facets">{groups}</dl>
            </nav>
        }
    })
}
