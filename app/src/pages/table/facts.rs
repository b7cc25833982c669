//! What people say of a table besides its description.

use crate::pages::texts::tags;
use leptos::prelude::*;
use model::metadata::TableMetadata;

/// Tags, owner, storage and whatever pairs people added; nothing where nobody said anything.
pub(crate) fn facts(metadata: &TableMetadata) -> Option<AnyView> {
    let owner = metadata
        .owner
        .as_ref()
        .map(|owner| owner.display_name().to_owned());
    let pairs: Vec<(String, String)> = [
        ("Owner", owner),
        ("Stored at", metadata.storage_location.clone()),
        ("Format", metadata.storage_format.clone()),
        ("Partitioning", metadata.partitioning.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label.to_owned(), value?)))
    .chain(metadata.custom.iter().cloned())
    .collect();
    let tags = tags(&metadata.annotation.tags);
    if pairs.is_empty() && tags.is_none() {
        return None;
    }
    let rows = pairs
        .into_iter()
        .map(|(label, value)| view! { <dt>{label}</dt><dd>{value}</dd> })
        .collect_view();
    Some(
        view! {
            <div class="stack" data-testid="table-facts">
                {tags}
                <dl class="facts">{rows}</dl>
            </div>
        }
        .into_any(),
    )
}
