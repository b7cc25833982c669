//! Which tables a diagram shows, and that those that were there stay where they are.

use super::*;
use ::diagram::geometry::{Point, Rect};
use ::diagram::graph::NodeKind;
use ::diagram::measure::{TextMetrics, measure};
use common::with_editor;
use contract::catalog::DiagramData;

const CHAIN: &str = "
    CREATE SCHEMA sales; CREATE SCHEMA stock;
    CREATE TABLE sales.customers (id int PRIMARY KEY);
    CREATE TABLE sales.orders (id int PRIMARY KEY, customer_id int REFERENCES sales.customers);
    CREATE TABLE stock.products (id int PRIMARY KEY);
    CREATE TABLE stock.bins (id int PRIMARY KEY, product_id int REFERENCES stock.products);
    CREATE TABLE sales.lines (id int PRIMARY KEY, order_id int REFERENCES sales.orders,
        product_id int REFERENCES stock.products);";

fn places(data: &DiagramData) -> Vec<(String, Point)> {
    data.graph
        .tables
        .iter()
        .map(|table| table.qualified_name())
        .zip(data.layout.positions.iter().copied())
        .collect()
}

fn at(data: &DiagramData, name: &str) -> Point {
    let places = places(data);
    places.iter().find(|(known, _)| known == name).unwrap().1
}

fn assert_apart(data: &DiagramData) {
    let boxes = measure(&data.graph, data.layout.detail, &TextMetrics::default());
    let rects: Vec<Rect> = boxes
        .iter()
        .zip(&data.layout.positions)
        .map(|(model, at)| Rect::new(*at, model.size))
        .collect();
    for (place, one) in rects.iter().enumerate() {
        for other in rects.iter().skip(place + 1) {
            assert!(!one.overlaps(other), "{one:?} {other:?}");
        }
    }
}

#[tokio::test]
async fn what_is_there_stays_when_more_comes_and_when_some_goes() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let id = catalog.imported(&ctx, "Chain", CHAIN).await;
        let show = async |show: &str, keep: Option<u32>| {
            let query = DiagramQuery {
                keep,
                ..DiagramQuery::showing(show)
            };
            services.diagram_fetch(&ctx, &id, &query).await.unwrap()
        };
        let before = show("sales.orders+1", None).await;
        assert_eq!(before.graph.tables.len(), 3);
        let more = show("sales.orders+1,sales.lines+1", Some(1)).await;
        assert_eq!(more.graph.tables.len(), 4);
        for (name, place) in places(&before) {
            assert_eq!(at(&more, &name), place, "{name}");
        }
        assert_apart(&more);
        let most = show("sales.orders+1,sales.lines+1,stock.products+1", Some(1)).await;
        assert_eq!(most.graph.tables.len(), 5);
        for (name, place) in places(&more) {
            assert_eq!(at(&most, &name), place, "{name}");
        }
        assert_apart(&most);
        let fewer = show(
            "sales.orders+1,sales.lines+1,stock.products+1,-sales.lines",
            Some(1),
        )
        .await;
        assert_eq!(fewer.graph.tables.len(), 4);
        for (name, place) in places(&fewer) {
            assert_eq!(at(&most, &name), place, "{name}");
        }
        // A number beyond the terms keeps nothing, and is no error.
        let all = show("sales.orders", Some(7)).await;
        assert_eq!(all.graph.tables.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_schema_is_folded_into_one_box_on_the_page_and_in_files() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let id = catalog.imported(&ctx, "Chain", CHAIN).await;
        let query = DiagramQuery {
            fold: Some("stock,nowhere".to_owned()),
            ..DiagramQuery::default()
        };
        let data = services.diagram_fetch(&ctx, &id, &query).await.unwrap();
        assert_eq!(data.notes, ["There is no schema nowhere."]);
        let names: Vec<String> = places(&data).into_iter().map(|it| it.0).collect();
        assert_eq!(
            names,
            ["sales.customers", "sales.lines", "sales.orders", "stock.*"]
        );
        assert_eq!(data.graph.tables[3].kind, NodeKind::Group);
        assert_eq!(data.graph.links.len(), 3);
        assert_apart(&data);
        for extension in ["svg", "json", "mmd", "dbml", "sql", "md"] {
            let file = services
                .diagram_export(&ctx, &id, &query, extension, false)
                .await
                .unwrap();
            // No file leaves the box out in silence.
            assert!(file.text.contains("stock."), "{extension}: {}", file.text);
            assert!(
                file.text.contains("customers"),
                "{extension}: {}",
                file.text
            );
        }
    })
    .await;
}

/// Two stars whose hubs know each other, and a table alone.
const STARS: &str = "
    create table hubs (id int primary key);
    create table spokes (id int primary key, hub int references hubs);
    create table rims (id int primary key, hub int references hubs);
    create table suns (id int primary key, hub int references hubs);
    create table moons (id int primary key, sun int references suns);
    create table rays (id int primary key, sun int references suns, moon int references moons);
    create table \"odd, one\" (id int primary key);
";

#[tokio::test]
async fn what_hangs_together_is_folded_by_itself_or_by_one_of_its_tables() {
    with_editor(async |catalog, ctx| {
        let services = &catalog.services;
        let id = catalog.imported(&ctx, "Stars", STARS).await;
        let fold = async |fold: &str| {
            let query = DiagramQuery {
                fold: Some(fold.to_owned()),
                ..DiagramQuery::default()
            };
            let data = services.diagram_fetch(&ctx, &id, &query).await.unwrap();
            assert_apart(&data);
            let names: Vec<String> = places(&data).into_iter().map(|it| it.0).collect();
            names
        };
        assert_eq!(
            fold("~*").await,
            [
                "public.odd, one",
                "around public.hubs",
                "around public.suns"
            ]
        );
        // By any of its tables; what is no table means nothing.
        assert_eq!(
            fold("~public.rays,~nowhere").await,
            [
                "public.hubs",
                "public.odd, one",
                "public.rims",
                "public.spokes",
                "around public.suns"
            ]
        );
        // Of a part of the tables the box is called after one of that part.
        let query = DiagramQuery {
            show: Some("rims,spokes,moons,rays".to_owned()),
            fold: Some("~*".to_owned()),
            ..DiagramQuery::default()
        };
        let part = services.diagram_fetch(&ctx, &id, &query).await.unwrap();
        let names: Vec<String> = places(&part).into_iter().map(|it| it.0).collect();
        assert_eq!(names, ["around public.rims", "around public.moons"]);
        // Whatever a box is called, it is told what folds it.
        let query = DiagramQuery {
            fold: Some("~public.rays,~public.suns,\"nowhere\"".to_owned()),
            show: Some("moons,rays".to_owned()),
            ..DiagramQuery::default()
        };
        let part = services.diagram_fetch(&ctx, &id, &query).await.unwrap();
        let [table] = part.graph.tables.as_slice() else {
            panic!("{:?}", part.graph.tables);
        };
        assert_eq!(table.name, "around public.moons");
        let terms = ["~public.rays", "~public.suns"].map(str::to_owned);
        let mut folded = part.folded.clone();
        folded.iter_mut().for_each(|it| it.1.sort());
        assert_eq!(folded, [(table.id, terms.to_vec())]);
        // A schema has its tables first, and a community without tables has no box.
        assert_eq!(fold("~*,public").await, ["public.*"]);
    })
    .await;
}
