//! Ways between tables: the right ones, in the right order, within their bounds.

use diagram::graph::{ColumnRow, Graph, Link, TableNode};
use diagram::join::select;
use diagram::path::{Path, PathLimits, Paths, Weights, paths};
use diagram::sample::sample_graph;

fn graph(tables: &[(&str, &[&str])], links: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::default();
    for (name, columns) in tables {
        let (schema, name) = name.split_once('.').unwrap_or(("", name));
        graph.tables.push(TableNode {
            schema: schema.to_owned(),
            name: name.to_owned(),
            columns: columns
                .iter()
                .map(|name| ColumnRow {
                    name: (*name).to_owned(),
                    ..ColumnRow::default()
                })
                .collect(),
            ..TableNode::default()
        });
    }
    let end = |text: &str| {
        let (name, columns) = text.split_once('(').unwrap();
        let table = graph
            .tables
            .iter()
            .position(|it| it.qualified_name() == name)
            .unwrap();
        let columns = columns
            .trim_end_matches(')')
            .split(',')
            .map(|name| {
                let columns = &graph.tables[table].columns;
                u16::try_from(columns.iter().position(|it| it.name == name).unwrap()).unwrap()
            })
            .collect::<Vec<u16>>();
        (u32::try_from(table).unwrap(), columns)
    };
    let links = links
        .iter()
        .map(|(child, parent)| {
            let ((from, from_columns), (to, to_columns)) = (end(child), end(parent));
            Link {
                from,
                from_columns,
                to,
                to_columns,
                declared: true,
                ..Link::default()
            }
        })
        .collect();
    graph.links = links;
    graph
}

fn shop() -> Graph {
    graph(
        &[
            ("s.orders", &["id", "customer_id", "ship_country_id"]),
            ("s.customers", &["id", "country_id"]),
            ("s.countries", &["id"]),
            ("s.lonely", &["id"]),
        ],
        &[
            ("s.orders(customer_id)", "s.customers(id)"),
            ("s.customers(country_id)", "s.countries(id)"),
            ("s.orders(ship_country_id)", "s.countries(id)"),
        ],
    )
}

fn between(graph: &Graph, from: usize, to: usize, weights: &Weights) -> Paths {
    paths(graph, from, to, weights, PathLimits::default(), &mut || {
        false
    })
}

fn tables(path: &Path) -> Vec<usize> {
    path.tables().collect()
}

#[test]
fn the_shortest_way_comes_first_and_joins_seen_make_another_one_shorter() {
    let graph = shop();
    let found = between(&graph, 0, 2, &Weights::default());
    assert!(found.is_complete);
    assert_eq!(
        found.paths.iter().map(tables).collect::<Vec<_>>(),
        [vec![0, 2], vec![0, 1, 2]]
    );
    assert!(found.paths[0].cost < found.paths[1].cost);
    // Everybody goes by the customers.
    let weights = Weights {
        joins: vec![900, 900, 0],
        ..Weights::default()
    };
    let found = between(&graph, 0, 2, &weights);
    assert_eq!(tables(&found.paths[0]), [0, 1, 2]);
    // Backwards it is the same.
    let back = between(&graph, 2, 0, &weights);
    assert_eq!(tables(&back.paths[0]), [2, 1, 0]);
    assert!((back.paths[0].cost - found.paths[0].cost).abs() < 1e-9);
}

#[test]
fn hubs_shared_parents_guesses_and_optional_links_cost_more() {
    // 0 and 1 meet at a hub (2), at an ordinary parent (3), at a child of both (4).
    let mut names: Vec<(String, Vec<&str>)> = ["a", "b", "hub", "parent", "child"]
        .iter()
        .map(|name| ((*name).to_owned(), vec!["id", "x", "y", "z"]))
        .collect();
    for i in 0..40 {
        names.push((format!("leaf{i}"), vec!["id", "x"]));
    }
    let tables_of: Vec<(&str, &[&str])> = names.iter().map(|(n, c)| (n.as_str(), &c[..])).collect();
    let leaves: Vec<String> = (0..40).map(|i| format!(".leaf{i}(x)")).collect();
    let mut links: Vec<(String, String)> = vec![
        ("a(x)".into(), "hub(id)".into()),
        ("b(x)".into(), "hub(id)".into()),
        ("a(y)".into(), "parent(id)".into()),
        ("b(y)".into(), "parent(id)".into()),
        ("child(x)".into(), "a(id)".into()),
        ("child(y)".into(), "b(id)".into()),
    ];
    links.extend(leaves.iter().map(|leaf| {
        (
            leaf.trim_start_matches('.').to_owned(),
            "hub(id)".to_owned(),
        )
    }));
    let links: Vec<(&str, &str)> = links
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let mut graph = graph(&tables_of, &links);
    let order = |graph: &Graph| {
        between(graph, 0, 1, &Weights::default())
            .paths
            .iter()
            .map(|path| tables(path)[1])
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&graph)[..3], [4, 3, 2]);
    // A guess is worse than a detour over a shared parent.
    graph.links[4].declared = false;
    assert_eq!(order(&graph)[..3], [3, 4, 2]);
    graph.links[2].optional = true;
    graph.links[3].optional = true;
    graph.links[4].declared = true;
    assert_eq!(order(&graph)[..3], [4, 3, 2]);
}

#[test]
fn what_somebody_accepted_is_nearly_as_good_as_what_is_declared() {
    let mut graph = graph(
        &[
            ("s.a", &["id", "first_id", "second_id", "third_id"]),
            ("s.b", &["id"]),
        ],
        &[
            ("s.a(first_id)", "s.b(id)"),
            ("s.a(second_id)", "s.b(id)"),
            ("s.a(third_id)", "s.b(id)"),
        ],
    );
    graph.links[0].declared = false;
    graph.links[1].declared = false;
    graph.links[1].accepted_by = Some("Ada".to_owned());
    let found = between(&graph, 0, 1, &Weights::default());
    let order: Vec<usize> = found.paths.iter().map(|path| path.steps[0].link).collect();
    assert_eq!(order, [2, 1, 0]);
    let cost = |at: usize| found.paths[at].cost;
    assert!(cost(1) - cost(0) < cost(2) - cost(1));
}

#[test]
fn parallel_links_are_different_ways_and_a_table_reaches_itself() {
    let graph = graph(
        &[
            ("flights", &["id", "origin", "target", "before"]),
            ("airports", &["id"]),
        ],
        &[
            ("flights(origin)", "airports(id)"),
            ("flights(target)", "airports(id)"),
            ("flights(before)", "flights(id)"),
        ],
    );
    let found = between(&graph, 0, 1, &Weights::default());
    assert_eq!(found.paths.len(), 2);
    assert_ne!(found.paths[0].steps[0].link, found.paths[1].steps[0].link);
    let own = between(&graph, 0, 0, &Weights::default());
    assert_eq!(own.paths.len(), 1);
    assert_eq!(
        select(&graph, &own.paths[0], &str::to_owned, &|_| None).unwrap(),
        "SELECT f.*, f2.*\nFROM flights f\nJOIN flights f2 ON f2.id = f.before;\n"
    );
    assert!(between(&graph, 1, 1, &Weights::default()).paths.is_empty());
}

#[test]
fn nowhere_and_nothing_have_no_way() {
    let graph = shop();
    for (from, to) in [(0, 3), (3, 0), (0, 99), (99, 0)] {
        let found = between(&graph, from, to, &Weights::default());
        assert!(found.paths.is_empty() && found.is_complete, "{from} {to}");
    }
    let short = PathLimits { ways: 5, links: 1 };
    let found = paths(&graph, 0, 2, &Weights::default(), short, &mut || false);
    assert_eq!(
        found.paths.iter().map(tables).collect::<Vec<_>>(),
        [vec![0, 2]]
    );
    let none = PathLimits { ways: 0, links: 8 };
    assert!(
        paths(&graph, 0, 2, &Weights::default(), none, &mut || false)
            .paths
            .is_empty()
    );
    let strange = Weights {
        declared: f64::NAN,
        hub: f64::INFINITY,
        through_parent: -1.0,
        joins: vec![u64::MAX; 99],
        observed: f64::NEG_INFINITY,
        ..Weights::default()
    };
    let found = between(&graph, 0, 2, &strange);
    assert!(
        found
            .paths
            .iter()
            .all(|path| path.cost.is_finite() && path.cost > 0.0)
    );
}

/// Against all simple ways, listed one by one.
#[test]
fn the_ways_found_are_the_best_there_are() {
    let weights = Weights::default();
    let limits = PathLimits { ways: 6, links: 5 };
    for seed in 0..6 {
        let graph = sample_graph(14, 2, seed);
        for (from, to) in [(0, 13), (3, 7), (9, 1), (5, 12)] {
            let found = paths(&graph, from, to, &weights, limits, &mut || false);
            let everything = PathLimits {
                ways: usize::MAX,
                links: 5,
            };
            let mut all = paths(&graph, from, to, &weights, everything, &mut || false).paths;
            assert_eq!(
                all.len(),
                count_ways(&graph, from, to, 5),
                "{seed} {from} {to}"
            );
            assert!(found.paths.is_sorted_by(|a, b| a.cost <= b.cost));
            all.sort_by(|a, b| a.cost.total_cmp(&b.cost));
            for (best, path) in all.iter().zip(&found.paths) {
                assert!((best.cost - path.cost).abs() < 1e-9, "{seed} {from} {to}");
            }
            assert_eq!(found.paths.len(), all.len().min(6));
            for path in &found.paths {
                let mut seen = tables(path);
                assert_eq!((seen[0], seen[seen.len() - 1]), (from, to));
                seen.sort_unstable();
                seen.dedup();
                assert_eq!(seen.len(), path.steps.len() + 1, "no table twice");
            }
        }
    }
}

fn count_ways(graph: &Graph, from: usize, to: usize, links: usize) -> usize {
    fn walk(graph: &Graph, way: &mut Vec<usize>, to: usize, links: usize) -> usize {
        let here = way[way.len() - 1];
        if here == to {
            return 1;
        }
        if links == 0 {
            return 0;
        }
        let mut count = 0;
        for link in &graph.links {
            for (start, end) in [(link.child(), link.parent()), (link.parent(), link.child())] {
                if start == here && !way.contains(&end) {
                    way.push(end);
                    count += walk(graph, way, to, links - 1);
                    way.pop();
                }
            }
        }
        count
    }
    walk(graph, &mut vec![from], to, links)
}

#[test]
fn a_large_dense_graph_is_answered_within_its_bounds() {
    // 60 tables, each linked with each: more ways than there are atoms.
    let mut dense = Graph::default();
    for i in 0..60 {
        dense.tables.push(TableNode {
            name: format!("t{i}"),
            ..TableNode::default()
        });
        for j in 0..i {
            dense.links.push(Link {
                from: i,
                to: j,
                declared: true,
                ..Link::default()
            });
        }
    }
    let limits = PathLimits {
        ways: 1_000,
        links: 12,
    };
    let found = paths(&dense, 0, 59, &Weights::default(), limits, &mut || false);
    assert_eq!(found.paths.len(), 1_000);
    let mut asked = 0;
    let limits = PathLimits {
        ways: 1_000_000,
        links: 12,
    };
    let stopped = paths(&dense, 0, 59, &Weights::default(), limits, &mut || {
        asked += 1;
        true
    });
    assert!(!stopped.is_complete && asked == 1);
    // 5,000 tables in one go.
    let large = sample_graph(5_000, 6, 1);
    let found = between(&large, 10, 4_990, &Weights::default());
    assert!(found.paths.len() <= 5);
}

#[test]
fn selects_name_every_column_of_a_key_and_quote_what_must_be() {
    let graph = graph(
        &[
            ("sales.order_items", &["order id", "line", "product"]),
            ("sales.returns", &["order", "line", "Reason"]),
            ("sales.only_numbers", &["id", "return_order", "return_line"]),
        ],
        &[
            (
                "sales.returns(order,line)",
                "sales.order_items(order id,line)",
            ),
            (
                "sales.only_numbers(return_order,return_line)",
                "sales.returns(order,line)",
            ),
        ],
    );
    let found = between(&graph, 0, 2, &Weights::default());
    let quote = |name: &str| {
        if name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && name != "order" {
            name.to_owned()
        } else {
            format!("\"{name}\"")
        }
    };
    assert_eq!(
        select(&graph, &found.paths[0], &quote, &|_| None).unwrap(),
        "SELECT oi.*, on2.*\n\
         FROM sales.order_items oi\n\
         JOIN sales.returns r ON r.\"order\" = oi.\"order id\" AND r.line = oi.line\n\
         JOIN sales.only_numbers on2 ON on2.return_order = r.\"order\" AND on2.return_line = r.line;\n"
    );
    // Without columns there is nothing to join on.
    let mut bare = graph.clone();
    bare.links[0].from_columns.clear();
    assert_eq!(select(&bare, &found.paths[0], &quote, &|_| None), None);
}

#[test]
fn selects_leave_a_place_for_what_says_which_table_is_meant() {
    let graph = graph(
        &[
            ("post */ s", &["id"]),
            ("comments", &["id", "subject_id"]),
            ("photos", &["id"]),
        ],
        &[
            ("comments(subject_id)", "post */ s(id)"),
            ("comments(subject_id)", "photos(id)"),
        ],
    );
    let found = between(&graph, 0, 2, &Weights::default());
    let quote = |name: &str| name.to_owned();
    let kind = |_| Some("subject_type".to_owned());
    assert_eq!(
        select(&graph, &found.paths[0], &quote, &kind).unwrap(),
        "SELECT ps.*, p.*\n\
         FROM post */ s ps\n\
         JOIN comments c ON c.subject_id = ps.id \
         AND c.subject_type = '...' /* the value that means post    s */\n\
         JOIN photos p ON p.id = c.subject_id \
         AND c.subject_type = '...' /* the value that means photos */;\n"
    );
}
