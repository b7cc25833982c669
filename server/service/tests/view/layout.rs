//! What is worked out for a view's picture, and for how long it is kept.

use super::*;
use contract::embed::Embeds as _;
use diagram::courses::Courses;
use diagram::geometry::Point;

#[tokio::test]
async fn the_courses_of_links_are_found_with_the_layout() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let none = Courses::default();
        let data = shop.open(&shop.olga, &view).await;
        assert_ne!(data.layout.courses, none);
        // Of a table that is put beside what the view has, too.
        let more = DiagramQuery {
            show: Some("customers,orders".to_owned()),
            keep: Some(1),
            ..DiagramQuery::without_view()
        };
        let data = shop.diagram(&shop.olga, &more).await;
        assert_ne!(data.layout.courses, none);
        // Whoever is shown less is shown the courses of that, for the picture too.
        let hide = ViewChange::Hide {
            table: id_of(&data, "customers"),
            hidden: true,
        };
        shop.arrange(&shop.olga, &view, vec![hide]).await;
        let services = &shop.catalog.services;
        let grant = services
            .embed_allow(&shop.olga, &shop.id, &view, None)
            .await
            .unwrap();
        let asker = common::anonymous();
        let shown = services.embed_diagram(&asker, &grant.token, None).await;
        let shown = shown.unwrap();
        assert_eq!(shown.graph.links.len(), 1);
        assert_ne!(shown.layout.courses, none);
    })
    .await;
}

#[tokio::test]
async fn a_layout_that_was_cut_short_is_tried_again() {
    with_shop(async |shop| {
        let ask = async || {
            shop.diagram(&shop.olga, &DiagramQuery::without_view())
                .await
        };
        let first = ask().await;
        assert!(!first.layout_cached && ask().await.layout_cached);
        let pool = shop.catalog.store.pool();
        // As if the time had been up, so many minutes ago.
        let cut_short = async |minutes: i32| {
            sqlx::query(
                "update diagram_layouts set layout = (layout::jsonb || jsonb_build_object(
                    'complete', false,
                    'positions', '[[0, 0], [2000, 0], [4000, 0]]'::jsonb,
                    'late_at', round(extract(epoch from now() - make_interval(mins => $1)) * 1000)
                ))::json",
            )
            .bind(minutes)
            .execute(pool)
            .await
            .unwrap();
        };
        cut_short(1).await;
        let late = ask().await;
        assert!(late.layout_cached);
        assert_eq!(late.layout.positions[2], Point::new(4_000.0, 0.0));
        cut_short(60).await;
        let again = ask().await;
        assert!(!again.layout_cached && again.layout.complete);
        assert_eq!(again.layout, first.layout);
        assert!(ask().await.layout_cached);
    })
    .await;
}
