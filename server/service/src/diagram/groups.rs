//! What is folded into boxes.

use diagram::community::communities;
use diagram::fold::Groups;
use diagram::graph::Graph;
use model::diagram::{COMMUNITIES, community_name, community_of, community_term, split_terms};
use std::cmp::Reverse;

/// So many schemas and communities are folded; the rest stays as it is.
const FOLDED_MAX: usize = 200;

/// What an address names to be folded: schemas, and communities by one of their tables.
/// What means nothing there becomes a note.
pub(super) fn of(fold: Option<&str>, graph: &Graph, notes: &mut Vec<String>) -> Groups {
    let terms: Vec<String> = split_terms(fold.unwrap_or_default())
        .into_iter()
        .take(FOLDED_MAX)
        .collect();
    let (around, schemas): (Vec<String>, Vec<String>) =
        terms.into_iter().partition(|term| term.starts_with('~'));
    let schemas: Vec<String> = schemas
        .into_iter()
        .map(|schema| schema.trim_matches('"').replace("\"\"", "\""))
        .collect();
    let mut groups = Groups::of_schemas(graph, &schemas);
    if around.is_empty() {
        return groups;
    }
    let named = |place: &usize| {
        let table = graph.tables.get(*place);
        table.map(|table| community_term(&table.schema, &table.name))
    };
    let every = around.iter().any(|term| term == COMMUNITIES);
    let before = groups.names.len();
    for community in communities(graph).into_iter().take(FOLDED_MAX) {
        let mut names = community.tables.iter().filter_map(named);
        if (every || names.any(|name| around.contains(&name)))
            && let Some(hub) = named(&community.hub)
        {
            groups.add(community_name(&hub), &community.tables);
        }
    }
    if groups.names.len() == before {
        notes.push(match every {
            true => "No three tables hang together by their links here.".to_owned(),
            false => format!(
                "There is no group around {}.",
                around.join(", ").replace('~', "")
            ),
        });
    }
    groups
}

/// The same with communities called after a table that is shown: who sees a part of the database, or
/// what a view does not hide, does not read the name of another there.
pub(super) fn named_by_shown(mut groups: Groups, shown: &Graph) -> Groups {
    let near = shown.adjacency();
    for (group, name) in groups.names.iter_mut().enumerate() {
        let Some(term) = community_of(name) else {
            continue;
        };
        let tables = shown.tables.iter().zip(&groups.of).enumerate();
        let members: Vec<(usize, String)> = tables
            .filter(|(_, (_, of))| **of == Some(group))
            .map(|(place, (table, _))| (place, community_term(&table.schema, &table.name)))
            .collect();
        if members.iter().any(|(_, member)| *member == term) {
            continue;
        }
        let first = members.into_iter().max_by_key(|(place, _)| {
            let neighbours = near.get(*place).map_or(0, Vec::len);
            (neighbours, Reverse(*place))
        });
        if let Some((_, term)) = first {
            *name = community_name(&term);
        }
    }
    groups
}
