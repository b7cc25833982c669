//! Relations in files, in ways between tables and in their list.

use super::*;

#[tokio::test]
async fn files_mark_what_is_not_declared() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        shop.decide(&shop.eve, "customer_id", true).await;
        let file = async |relations: &str, extension: &str| {
            let query = DiagramQuery {
                relations: Some(relations.to_owned()),
                ..DiagramQuery::default()
            };
            let file = services.diagram_export(&shop.eve, &shop.id, &query, extension, false);
            file.await.unwrap().text
        };
        let mermaid = file("all", "mmd").await;
        assert!(
            mermaid.contains(
                "\"customers\" ||..o{ \"orders\" : \"customer_id, not declared, accepted by Eve\""
            ),
            "{mermaid}"
        );
        assert!(
            mermaid.contains("\"products\" |o..o{ \"orders\""),
            "{mermaid}"
        );
        assert!(!file("accepted", "mmd").await.contains("products\" |o.."));
        assert!(!file("declared", "mmd").await.contains(".."));
        let sql = file("all", "sql").await;
        let line = sql
            .lines()
            .find(|line| line.contains("accepted by Eve"))
            .unwrap();
        assert!(line.starts_with("-- "), "{line}");
        assert!(
            !sql.contains("FOREIGN KEY") && !sql.contains("REFERENCES"),
            "{sql}"
        );
        assert!(
            file("all", "dbml")
                .await
                .contains("// public.orders(customer_id) references")
        );
        assert!(
            file("all", "md")
                .await
                .contains("## Relations that are not declared")
        );
        let json: Value = serde_json::from_str(&file("all", "json").await).unwrap();
        assert_eq!(json["links"].as_array().unwrap().len(), 2);
        assert_eq!(json["links"][0]["accepted_by"], "Eve");
        assert!(
            file("accepted", "svg")
                .await
                .contains("not declared, accepted by Eve")
        );
        let whole = services
            .export(&shop.eve, &shop.id, "dbml", &[])
            .await
            .unwrap();
        assert!(whole.text.contains("accepted by Eve"), "{}", whole.text);
        let query = DiagramQuery {
            relations: Some("some".to_owned()),
            ..DiagramQuery::default()
        };
        let wrong = services.diagram_export(&shop.eve, &shop.id, &query, "svg", false);
        assert_eq!(wrong.await.unwrap_err().field.as_deref(), Some("relations"));
    })
    .await;
}

#[tokio::test]
async fn ways_lead_over_accepted_relations_and_over_proposed_ones_when_asked() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        let ways = async |relations: Option<&str>| {
            let query = DiagramQuery {
                path: Some("customers,products".to_owned()),
                relations: relations.map(str::to_owned),
                ..DiagramQuery::default()
            };
            let data = services.diagram_fetch(&shop.eve, &shop.id, &query).await;
            data.unwrap().ways.len()
        };
        assert_eq!((ways(None).await, ways(Some("all")).await), (0, 1));
        shop.decide(&shop.eve, "customer_id", true).await;
        assert_eq!(ways(None).await, 0);
        shop.decide(&shop.eve, "product_id", true).await;
        assert_eq!((ways(None).await, ways(Some("declared")).await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_pair_that_names_the_table_is_accepted_with_the_tables_it_may_mean() {
    let text = "CREATE TABLE posts (id bigint PRIMARY KEY);
        CREATE TABLE photos (id bigint PRIMARY KEY);
        CREATE TYPE subject AS ENUM ('Post', 'Photo');
        CREATE TABLE comments (id bigint PRIMARY KEY, commentable_type subject NOT NULL,
            commentable_id bigint NOT NULL);";
    with_shop(text, async |shop| {
        let pair = shop.from("commentable_id").await;
        assert_eq!(pair.targets().len(), 2, "{pair:?}");
        assert_eq!(shop.links(Some("all")).await.len(), 2);
        shop.decide(&shop.eve, "commentable_id", true).await;
        assert_eq!(shop.from("commentable_id").await.targets().len(), 2);
        assert_eq!(shop.links(None).await.len(), 2);
        assert_eq!(shop.of(RelationState::Proposed).await, Vec::<String>::new());
        // A statement over it leaves a place for the value that means the table.
        let query = DiagramQuery {
            path: Some("posts,comments".to_owned()),
            ..DiagramQuery::default()
        };
        let services = &shop.catalog.services;
        let data = services.diagram_fetch(&shop.eve, &shop.id, &query).await;
        let sql = data.unwrap().ways[0].sql.clone().unwrap();
        assert!(
            sql.contains("commentable_id = p.id AND c.commentable_type = '...' /*"),
            "{sql}"
        );
    })
    .await;
}

#[tokio::test]
async fn however_much_was_decided_what_was_accepted_last_is_drawn() {
    with_shop(SHOP, async |shop| {
        shop.catalog
            .sql(
                "insert into relation_verdicts (database_id, child_table_id, child_column_ids,
                    parent_table_id, parent_column_ids, is_accepted)
                select t.database_id, t.id, array[1000000 + n], t.id, array[2000000 + n], true
                from tables t, generate_series(1, 20001) n where t.table_name = 'products'",
            )
            .await;
        shop.decide(&shop.eve, "customer_id", true).await;
        assert_eq!(shop.links(None).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_list_shows_what_fits_and_the_tables_to_add_between() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        let list = async |query: RelationQuery| {
            services
                .relation_list(&shop.eve, &shop.id, query)
                .await
                .unwrap()
        };
        let first = list(RelationQuery {
            limit: 1,
            ..RelationQuery::default()
        })
        .await;
        assert_eq!((first.rows.len(), first.total), (1, 2));
        let second = list(RelationQuery {
            limit: 1,
            after: first.next,
            ..RelationQuery::default()
        })
        .await;
        assert_eq!((second.rows.len(), second.next), (1, None));
        assert_ne!(first.rows[0].key, second.rows[0].key);
        let rejected = list(RelationQuery {
            state: Some(RelationState::Rejected),
            ..RelationQuery::default()
        })
        .await;
        assert_eq!((rejected.total, rejected.counts.proposed), (0, 2));
        let adding = list(RelationQuery {
            adding: Some(("orders".to_owned(), "public.nobody".to_owned())),
            ..RelationQuery::default()
        })
        .await
        .adding
        .unwrap();
        let (table, columns) = adding.from.found.unwrap();
        assert_eq!(table.to_string(), "public.orders");
        assert_eq!(columns[1], ("customer_id".to_owned(), "bigint".to_owned()));
        assert!(adding.to.found.unwrap_err().contains("nobody"));
    })
    .await;
}
