//! What an address shows over a view: more, less, and the way between two tables.

use crate::{named, with_shop};
use contract::catalog::DiagramData;
use contract::view::Views as _;
use model::diagram::{DAYS_MAX, DiagramQuery, NONE};
use model::saved_view::{NewView, ViewPatch};
use model::view::{Spot, ViewChange};

fn names(data: &DiagramData) -> Vec<&str> {
    let tables = data.graph.tables.iter();
    tables.map(|table| table.name.as_str()).collect()
}

fn showing(show: &str) -> NewView {
    NewView {
        query: DiagramQuery::showing(show),
        ..named("part")
    }
}

#[tokio::test]
async fn a_term_says_what_the_view_shows() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, showing("orders")).await.summary.id;
        let open = shop.open(&shop.olga, &view).await;
        assert_eq!(names(&open), ["orders"]);
        // It has a place for one that its expression does not name.
        let items = DiagramQuery::showing("items");
        let items = shop.diagram(&shop.olga, &items).await.graph.tables[0].id;
        let at = Some(Spot { x: 64.0, y: 64.0 });
        let place = ViewChange::Place { table: items, at };
        shop.arrange(&shop.olga, &view, vec![place]).await;
        let of_view = DiagramQuery::of_view(&view);
        let ask = async |show: &str| {
            let query = DiagramQuery {
                show: Some(show.to_owned()),
                ..of_view.clone()
            };
            let data = shop.diagram(&shop.olga, &query).await;
            assert_eq!(data.unknown, [""; 0], "{show}");
            names(&data).join(" ")
        };
        assert_eq!(ask("@view").await, "items orders");
        assert_eq!(ask("@view,-orders").await, "items");
        assert_eq!(ask("@view,-items").await, "orders");
        assert_eq!(ask("@view,orders+1").await, "customers items orders");
        // Kept by the view itself, it is what was seen.
        let kept = ViewPatch {
            query: Some(DiagramQuery::showing("@view,-orders")),
            ..ViewPatch::default()
        };
        let services = &shop.catalog.services;
        let changed = services.view_change(&shop.olga, &shop.id, &view, kept);
        changed.await.unwrap();
        assert_eq!(names(&shop.open(&shop.olga, &view).await), ["items"]);
        // Where no view is open, it is what is shown when nothing is asked for.
        let plain = DiagramQuery::showing("@view,-orders");
        let plain = shop.diagram(&shop.olga, &plain).await;
        assert_eq!(names(&plain), ["customers", "items"]);
    })
    .await;
}

#[tokio::test]
async fn a_way_is_drawn_whatever_the_view_shows() {
    with_shop(async |shop| {
        let folded = NewView {
            query: DiagramQuery {
                fold: Some("public".to_owned()),
                ..DiagramQuery::default()
            },
            ..named("folded")
        };
        for view in [showing("customers"), folded] {
            let view = shop.make(&shop.olga, view).await.summary.id;
            let query = DiagramQuery {
                path: Some("items, customers".to_owned()),
                ..DiagramQuery::of_view(&view)
            };
            let data = shop.diagram(&shop.olga, &query).await;
            assert_eq!(names(&data), ["customers", "items", "orders"]);
            let overlay = data.overlay.unwrap();
            let marked = (0..3).filter(|it| overlay.table(*it).is_some()).count();
            assert_eq!(marked, 3);
        }
    })
    .await;
}

#[tokio::test]
async fn more_days_than_there_are_are_ten_years_and_are_not_kept() {
    with_shop(async |shop| {
        let query = DiagramQuery {
            overlay: Some("usage".to_owned()),
            days: Some(u32::MAX),
            ..DiagramQuery::default()
        };
        let data = shop.diagram(&shop.olga, &query).await;
        assert_eq!(data.shown.days, Some(DAYS_MAX));
        let new = NewView {
            query,
            ..named("for ever")
        };
        let services = &shop.catalog.services;
        let refused = services.view_create(&shop.olga, &shop.id, new).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("days"));
    })
    .await;
}

#[tokio::test]
async fn what_is_new_comes_beside_what_the_view_has_whatever_is_kept() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, showing("orders")).await.summary.id;
        let ask = async |keep: Option<u32>| {
            let query = DiagramQuery {
                show: Some("@view,items".to_owned()),
                keep,
                ..DiagramQuery::of_view(&view)
            };
            shop.diagram(&shop.olga, &query).await.layout
        };
        assert_eq!(ask(Some(1)).await, ask(None).await);
        // Of what it has no place for, the first terms are laid out and the rest comes beside.
        let query = DiagramQuery {
            show: Some("customers,items".to_owned()),
            keep: Some(1),
            ..DiagramQuery::of_view(&view)
        };
        let apart = shop.diagram(&shop.olga, &query).await;
        let same = DiagramQuery {
            view: Some(NONE.to_owned()),
            ..query
        };
        assert_eq!(apart.layout, shop.diagram(&shop.olga, &same).await.layout);
    })
    .await;
}
