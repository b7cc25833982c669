//! Searching: tags of columns and databases, what is said of databases, datasets.

use crate::fixture::{database_id, shop_import};
use crate::support::{number, run, with_store};
use model::catalog::SearchHit;
use model::id::UserId;
use model::search::{MatchPlace, SearchQuery};
use store::Store;
use store::access::Scope;
use store::search::SearchFound;

async fn found_by(store: &Store, scope: Scope, text: &str) -> SearchFound {
    let query: SearchQuery = text.parse().unwrap_or_default();
    store.search(&query, scope, 50).await.unwrap()
}

async fn hits(store: &Store, text: &str) -> Vec<SearchHit> {
    let found = found_by(store, Scope::All, text).await;
    found.finds.into_iter().map(|find| find.hit).collect()
}

async fn labels(store: &Store, text: &str) -> Vec<String> {
    let hits = hits(store, text).await;
    hits.into_iter().map(|hit| hit.label).collect()
}

#[tokio::test]
async fn tags_of_columns_and_databases_are_found() {
    with_store(|store| async move {
        shop_import(&store).await;
        run(
            &store,
            "update columns set tags = '{gdpr}' where column_name = 'email';
            update tables set tags = '{Finance}' where table_name = 'orders';
            update databases set tags = '{finance,golden}',
                description = 'Everything that the harbour office sells'",
        )
        .await
        .unwrap();
        // By the filter: what has the tag itself, and no column only for its table's sake.
        assert_eq!(labels(&store, "tag:gdpr").await, ["customers.email"]);
        assert_eq!(labels(&store, "tag:FINANCE").await, ["Shop", "orders"]);
        assert_eq!(
            labels(&store, "tag:finance total").await,
            ["orders.total"],
            "a table's tag holds for its columns where there are words"
        );
        assert_eq!(
            labels(&store, "tag:gdpr customer ema").await,
            ["customers.email"]
        );
        assert_eq!(
            labels(&store, "tag:gdpr type:column").await,
            ["customers.email"]
        );
        // By free words, with the place that fits.
        let found = found_by(&store, Scope::All, "gdp").await;
        assert_eq!(found.finds.len(), 1);
        let matched = found.finds[0].matched.clone().unwrap();
        assert_eq!(matched.place, MatchPlace::Tags);
        let found = found_by(&store, Scope::All, "harbour sells").await;
        assert_eq!(found.finds[0].hit.label, "Shop");
        let matched = found.finds[0].matched.clone().unwrap();
        assert_eq!(matched.place, MatchPlace::Description);
        assert_eq!(labels(&store, "golden").await, ["Shop"]);
    })
    .await;
}

#[tokio::test]
async fn datasets_are_found_by_everybody() {
    with_store(|store| async move {
        shop_import(&store).await;
        run(
            &store,
            "insert into tables (schema_name, table_name, table_type, description, tags)
            values ('lake', 'clickstream', 'parquet', 'Visits of the web shop', '{raw}');
            insert into columns (table_id, column_name, column_position, data_type)
            select id, 'visitor_hash', 1, 'string' from tables where table_name = 'clickstream';
            insert into users (username, email) values ('eve', 'eve@example.test');
            update databases set everybody_access = 'none'",
        )
        .await
        .unwrap();
        let id = number(
            &store,
            "select id from tables where table_name = 'clickstream'",
        )
        .await;
        let eve = UserId(number(&store, "select id from users where username = 'eve'").await);
        for scope in [Scope::All, Scope::Person(eve)] {
            let found = found_by(&store, scope, "clickstream").await;
            let hit = &found.finds[0].hit;
            assert_eq!(hit.context, "Datasets");
            assert_eq!(hit.detail.as_deref(), Some("Parquet"));
            assert_eq!(hit.address, format!("/datasets/{id}"));
            for text in ["visits web", "tag:raw", "type:parquet", "schema:lake"] {
                let found = found_by(&store, scope, text).await;
                assert_eq!(found.finds.len(), 1, "{text}");
                assert_eq!(found.finds[0].hit.label, "clickstream", "{text}");
            }
            let found = found_by(&store, scope, "visitor_h").await;
            let hit = &found.finds[0].hit;
            assert_eq!(hit.label, "clickstream.visitor_hash");
            assert_eq!(hit.address, format!("/datasets/{id}#column-visitor_hash"));
        }
        let seen = found_by(&store, Scope::Person(eve), "customers").await;
        assert!(seen.finds.is_empty() || seen.similar, "{:?}", seen.finds);
        // In a database there is none.
        let shop = database_id(1);
        for text in [
            "clickstream db:Shop".to_owned(),
            format!("visitor_hash db:{shop}"),
            "clickstream db:nowhere".to_owned(),
        ] {
            assert_eq!(labels(&store, &text).await, Vec::<String>::new(), "{text}");
        }
        // A mistyped name is found again.
        assert_eq!(labels(&store, "clickstraem").await[0], "clickstream");
    })
    .await;
}
