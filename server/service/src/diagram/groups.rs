//! What is folded into boxes.

use diagram::community::{Community, communities};
use diagram::fold::Groups;
use diagram::graph::Graph;
use model::box_id::community_box;
use model::diagram::{
    COMMUNITIES, community_name, community_of, community_term, fold_terms, term_of, unquoted,
};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

/// So many schemas and communities are folded; the rest stays as it is.
const FOLDED_MAX: usize = 200;

/// Groups, and of each, in their order, the terms that fold it.
#[derive(Default)]
pub(super) struct Named {
    pub(super) groups: Groups,
    pub(super) terms: Vec<Vec<String>>,
}

/// What an address names to be folded: schemas, and communities by one of their tables.
/// What means nothing there becomes a note.
pub(super) fn of(fold: Option<&str>, graph: &Graph, notes: &mut Vec<String>) -> Named {
    let mut terms = fold_terms(fold.unwrap_or_default());
    terms.truncate(FOLDED_MAX);
    let (around, schemas): (Vec<String>, Vec<String>) =
        terms.into_iter().partition(|term| term.starts_with('~'));
    let schemas: Vec<String> = schemas.iter().map(|term| unquoted(term)).collect();
    let groups = Groups::of_schemas(graph, &schemas);
    let term = |name: &String| vec![term_of("", name.strip_suffix(".*").unwrap_or(name))];
    let terms = groups.names.iter().map(term).collect();
    let mut named = Named { groups, terms };
    let known: HashSet<&str> = graph.tables.iter().map(|it| it.schema.as_str()).collect();
    let mut unknown_schemas = schemas;
    unknown_schemas.retain(|schema| !known.contains(schema.as_str()));
    let mut unknown_around: BTreeSet<String> = around.into_iter().collect();
    if !unknown_around.is_empty() {
        let every = unknown_around.remove(COMMUNITIES);
        let found = communities(graph);
        if every && found.is_empty() {
            notes.push("No three tables hang together by their links here.".to_owned());
        }
        add_communities(graph, found, &mut unknown_around, every, &mut named);
    }
    notes.extend(unknown(&unknown_schemas, &unknown_around));
    named
}

/// Adds the communities in which one of these tables is, or every one, and takes those tables out
/// that are in one.
fn add_communities(
    graph: &Graph,
    found: Vec<Community>,
    around: &mut BTreeSet<String>,
    every: bool,
    groups: &mut Named,
) {
    let term = |place: &usize| {
        let table = graph.tables.get(*place);
        table.map(|table| community_term(&table.schema, &table.name))
    };
    let wanted = found.into_iter().filter_map(|community| {
        let names = community.tables.iter().filter_map(term);
        let mut folding: Vec<String> = names.filter_map(|name| around.take(&name)).collect();
        if every {
            folding.push(COMMUNITIES.to_owned());
        }
        (!folding.is_empty()).then_some((community, folding))
    });
    for (community, folding) in wanted.take(FOLDED_MAX) {
        if let Some(hub) = graph.tables.get(community.hub) {
            let name = community_name(&community_term(&hub.schema, &hub.name));
            let id = community_box(hub.id);
            groups.groups.add(name, id, &community.tables);
            groups.terms.push(folding);
        }
    }
}

/// What to say of terms that mean nothing.
fn unknown(schemas: &[String], around: &BTreeSet<String>) -> Option<String> {
    let schemas = (!schemas.is_empty()).then(|| format!("no schema {}", schemas.join(", ")));
    let around: Vec<&str> = around
        .iter()
        .map(|term| term.trim_start_matches('~'))
        .collect();
    let around = (!around.is_empty()).then(|| format!("no group around {}", around.join(", ")));
    let all: Vec<String> = schemas.into_iter().chain(around).collect();
    (!all.is_empty()).then(|| format!("There is {}.", all.join(" and ")))
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

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::{Link, TableNode};

    #[test]
    fn a_small_group_is_found_behind_many_larger_ones() {
        let mut graph = Graph::default();
        let mut star = |number: usize, spokes: usize| {
            let hub = graph.tables.len() as u32;
            for place in 0..=spokes {
                graph.tables.push(TableNode {
                    schema: "s".to_owned(),
                    name: format!("t{number}_{place}"),
                    ..TableNode::default()
                });
            }
            for place in 1..=spokes {
                graph.links.push(Link {
                    from: hub + place as u32,
                    to: hub,
                    ..Link::default()
                });
            }
        };
        for number in 0..FOLDED_MAX + 5 {
            star(number, 3);
        }
        star(FOLDED_MAX + 5, 2);
        let mut notes = Vec::new();
        let last = format!("~s.t{}_1", FOLDED_MAX + 5);
        let groups = of(Some(&last), &graph, &mut notes);
        let hub = format!("~s.t{}_0", FOLDED_MAX + 5);
        assert_eq!(groups.groups.names, [community_name(&hub)]);
        assert_eq!(notes, Vec::<String>::new());
        assert_eq!(
            of(Some("~*"), &graph, &mut notes).groups.names.len(),
            FOLDED_MAX
        );
        assert_eq!(notes, Vec::<String>::new());
    }

    #[test]
    fn every_term_that_means_nothing_is_named() {
        let table = |name: &str| TableNode {
            schema: "sales".to_owned(),
            name: name.to_owned(),
            ..TableNode::default()
        };
        let link = |from| Link {
            from,
            ..Link::default()
        };
        let graph = Graph {
            tables: ["hub", "one", "two", "alone"].map(table).into(),
            links: vec![link(1), link(2)],
        };
        let told = |fold| {
            let mut notes = Vec::new();
            of(Some(fold), &graph, &mut notes);
            notes
        };
        assert_eq!(told("sales,~sales.one"), Vec::<String>::new());
        assert_eq!(
            told("sales,stock,~sales.one,~sales.alone,~gone,hr"),
            ["There is no schema stock, hr and no group around gone, sales.alone."]
        );
        assert_eq!(told("stock"), ["There is no schema stock."]);
        assert_eq!(told("~*,~x"), ["There is no group around x."]);
    }
}
