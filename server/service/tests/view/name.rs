//! What views are called, and what cannot be kept of them.

use super::*;
use model::saved_view::VIEW_NAME_MAX_CHARS;

#[tokio::test]
async fn a_numbered_name_is_no_longer_than_any_other() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let long = "ä".repeat(VIEW_NAME_MAX_CHARS);
        let view = shop.make(&shop.olga, named(&long)).await.summary.id;
        let mut ends = Vec::new();
        for _ in 0..3 {
            let copy = services.view_duplicate(&shop.olga, &shop.id, &view).await;
            let name = copy.unwrap().summary.name;
            assert!(name.chars().count() <= VIEW_NAME_MAX_CHARS, "{name}");
            ends.push(name.trim_start_matches('ä').to_owned());
            // What it is called is what it may be called.
            let patch = ViewPatch {
                name: Some(name),
                ..ViewPatch::default()
            };
            let views = services.view_list(&shop.olga, &shop.id).await.unwrap();
            let copy = views
                .iter()
                .find(|it| Some(&it.name) == patch.name.as_ref());
            let copy = copy.unwrap().id.clone();
            let kept = services.view_change(&shop.olga, &shop.id, &copy, patch);
            kept.await.unwrap();
        }
        assert_eq!(ends, [", copy", ", copy 2", ", copy 3"]);
    })
    .await;
}

#[tokio::test]
async fn a_query_that_cannot_be_kept_is_refused_with_the_reason() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let refused = async |show: String| {
            let new = NewView {
                query: DiagramQuery::showing(show),
                ..named("Mine")
            };
            let made = services.view_create(&shop.olga, &shop.id, new).await;
            let error = made.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Invalid);
            assert_eq!(error.field.as_deref(), Some("query"));
            error.message
        };
        assert!(refused("orders\0".to_owned()).await.contains("a character"));
        let long = "orders,".repeat(2_000);
        assert!(refused(long).await.contains("more words"));
    })
    .await;
}
