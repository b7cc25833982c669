//! What is worked out for a view's picture.

use super::*;
use contract::embed::Embeds as _;
use diagram::courses::Courses;

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
