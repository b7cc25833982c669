//! Searching: names, texts, types, filters.

use crate::fixture::{database_id, import, shop_import, table, wide};
use crate::support::{number, run, with_store};
use model::catalog::{SearchHit, SearchKind};
use model::id::UserId;
use model::schema::Schema;
use model::search::{FilterKey, MatchPlace, SearchQuery};
use std::time::Instant;
use store::Store;
use store::access::Scope;
use store::search::SearchFound;

fn query(text: &str) -> SearchQuery {
    text.parse().unwrap_or_default()
}

async fn found(store: &Store, text: &str) -> SearchFound {
    store.search(&query(text), Scope::All, 200).await.unwrap()
}

async fn search(store: &Store, text: &str) -> Vec<SearchHit> {
    let found = store.search(&query(text), Scope::All, 20).await.unwrap();
    found.finds.into_iter().map(|find| find.hit).collect()
}

async fn labels(store: &Store, text: &str) -> Vec<String> {
    search(store, text)
        .await
        .into_iter()
        .map(|hit| hit.label)
        .collect()
}

#[tokio::test]
async fn the_better_a_name_fits_the_earlier_it_stands() {
    with_store(|store| async move {
        let schema = Schema {
            tables: vec![
                table("s.reorders", &["id"]),
                table("s.sales_orders", &["id"]),
                table("s.orders_archive", &["id"]),
                table("s.Orders", &["id"]),
                table("s.oders", &["id"]),
                table("s.lines", &["orders", "ordered"]),
            ],
            ..Schema::default()
        };
        import(&store, 1, "All orders", &schema).await;
        assert_eq!(
            labels(&store, "orders").await,
            [
                "Orders",
                "lines.orders",
                "orders_archive",
                "All orders",
                "sales_orders",
                "reorders"
            ]
        );
        // Mistyped: nothing is called so, and what resembles it stands by resemblance.
        let typo = labels(&store, "ordres").await;
        assert!(typo.contains(&"Orders".to_owned()), "{typo:?}");
        assert_eq!(labels(&store, "zzzzzz").await, Vec::<String>::new());
        assert_eq!(labels(&store, " \0 ").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_hit_says_what_and_where_it_is() {
    with_store(|store| async move {
        shop_import(&store).await;
        let id = database_id(1);
        let hits = search(&store, "customers").await;
        assert_eq!(
            hits[0],
            SearchHit {
                kind: SearchKind::Table,
                label: "customers".to_owned(),
                context: "Shop / sales".to_owned(),
                detail: Some("Everybody who ever bought".to_owned()),
                address: format!("/databases/{id}/tables/sales.customers"),
            }
        );
        let hits = search(&store, "email").await;
        assert_eq!(
            hits[0],
            SearchHit {
                kind: SearchKind::Column,
                label: "customers.email".to_owned(),
                context: "Shop / sales".to_owned(),
                detail: Some("text".to_owned()),
                address: format!("/databases/{id}/tables/sales.customers#column-email"),
            }
        );
        let hits = search(&store, "SHO").await;
        assert_eq!(hits[0].kind, SearchKind::Database);
        assert_eq!(hits[0].address, format!("/databases/{id}"));
    })
    .await;
}

#[tokio::test]
async fn both_halves_of_a_qualified_name_count() {
    with_store(|store| async move {
        shop_import(&store).await;
        assert_eq!(
            labels(&store, "sales.ord").await,
            ["orders", "order_lines", "big_orders"]
        );
        assert_eq!(labels(&store, "orders.cust").await, ["orders.customer_id"]);
        assert_eq!(labels(&store, "SALES.orders.TOTAL").await, ["orders.total"]);
        assert_eq!(labels(&store, "order lines").await[0], "order_lines");
        assert_eq!(labels(&store, "web.").await, ["events"]);
    })
    .await;
}

#[tokio::test]
async fn partitions_and_what_is_gone_are_not_found() {
    with_store(|store| async move {
        shop_import(&store).await;
        assert!(
            !labels(&store, "events_1")
                .await
                .contains(&"events_1".to_owned())
        );
        run(
            &store,
            "update tables set gone_at = now() where table_name = 'orders'",
        )
        .await
        .unwrap();
        assert!(
            !labels(&store, "orders")
                .await
                .contains(&"orders".to_owned())
        );
        assert_eq!(labels(&store, "placed_at").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn wildcards_are_names_like_any_other() {
    with_store(|store| async move {
        let schema = Schema {
            tables: vec![table("s.a%b_c", &["id"]), table("s.aXbYc", &["id"])],
            ..Schema::default()
        };
        import(&store, 1, "Odd", &schema).await;
        assert_eq!(labels(&store, "%b_").await, ["a%b_c"]);
    })
    .await;
}

#[tokio::test]
async fn columns_that_every_table_has_leave_room_for_the_rest() {
    with_store(|store| async move {
        let mut schema = wide(60);
        schema.tables.push(table("s.status_codes", &["id"]));
        import(&store, 1, "Wide", &schema).await;
        let hits = search(&store, "status_code").await;
        assert_eq!(hits.len(), 20);
        assert!(hits.iter().any(|hit| hit.label == "status_codes"));
    })
    .await;
}

#[tokio::test]
async fn of_equal_names_the_one_that_is_used_more_comes_first() {
    with_store(|store| async move {
        let schema = Schema {
            tables: vec![
                table("a.ticket_a", &["id"]),
                table("a.ticket_b_longer", &["id"]),
                table("a.ticket", &["id"]),
            ],
            ..Schema::default()
        };
        import(&store, 1, "Desk", &schema).await;
        run(
            &store,
            "update tables set references_in = 7 where table_name = 'ticket_b_longer'",
        )
        .await
        .unwrap();
        assert_eq!(
            labels(&store, "ticket").await,
            ["ticket", "ticket_b_longer", "ticket_a"]
        );
        // Of columns that every table has, those of the used table.
        assert_eq!(labels(&store, "id").await[0], "ticket_b_longer.id");
    })
    .await;
}

#[tokio::test]
async fn what_is_written_about_a_thing_is_found_and_shown() {
    with_store(|store| async move {
        shop_import(&store).await;
        run(
            &store,
            "update tables set description = 'Feeds the **revenue** report', tags = '{Finance,pii}'
                where table_name = 'orders';
            update columns set description = 'Net of refunds', semantic_type = 'money'
                where column_name = 'total'",
        )
        .await
        .unwrap();
        for (text, label, place, hit) in [
            ("receipt", "customers.email", MatchPlace::Comment, "receipt"),
            ("BOUGHT ever", "customers", MatchPlace::Comment, "Ever"),
            ("reven", "orders", MatchPlace::Description, "reven"),
            (
                "refunds",
                "orders.total",
                MatchPlace::Description,
                "refunds",
            ),
            ("finance", "orders", MatchPlace::Tags, "Finance"),
            ("money", "orders.total", MatchPlace::SemanticType, "money"),
            (
                "customers rece",
                "customers.email",
                MatchPlace::Comment,
                "rece",
            ),
        ] {
            let found = found(&store, text).await;
            let first = found.finds.first().unwrap();
            assert_eq!(first.hit.label, label, "{text}");
            let matched = first.matched.clone().unwrap();
            assert_eq!(matched.place, place, "{text}");
            let marked = matched.text.iter().find(|piece| piece.hit).unwrap();
            assert_eq!(marked.text, hit, "{text}");
            assert!(!found.similar);
        }
        // A name that fits stands before a text that does.
        assert_eq!(labels(&store, "email").await[0], "customers.email");
        let name = &found(&store, "mail").await.finds[0].name;
        assert!(name.iter().any(|piece| piece.hit && piece.text == "mail"));
    })
    .await;
}

#[tokio::test]
async fn words_may_stand_in_a_column_and_its_table() {
    with_store(|store| async move {
        shop_import(&store).await;
        assert_eq!(labels(&store, "customer email").await, ["customers.email"]);
        assert_eq!(labels(&store, "email customer").await, ["customers.email"]);
        assert_eq!(labels(&store, "lines order").await[0], "order_lines");
        assert!(found(&store, "customer zzzz").await.similar);
    })
    .await;
}

#[tokio::test]
async fn slips_of_one_letter_are_corrected() {
    with_store(|store| async move {
        shop_import(&store).await;
        for (text, corrected, label) in [
            ("ordres", "orders", "orders"),
            ("emial", "email", "customers.email"),
            ("custmers emial", "customers email", "customers.email"),
            ("recept", "receipt", "customers.email"),
            ("customers.emaill", "customers email", "customers.email"),
        ] {
            let found = found(&store, text).await;
            assert_eq!(found.corrected.as_deref(), Some(corrected), "{text}");
            assert_eq!(found.finds[0].hit.label, label, "{text}");
            assert!(found.similar);
        }
        // What differs more still resembles.
        let found = found(&store, "ordar_linesss").await;
        assert_eq!(found.corrected, None);
        assert_eq!(found.finds[0].hit.label, "order_lines");
    })
    .await;
}

#[tokio::test]
async fn types_are_found_as_words_and_by_filter() {
    with_store(|store| async move {
        shop_import(&store).await;
        run(
            &store,
            "update columns set data_type = 'character varying(64)' where column_name = 'sku';
            update columns set semantic_type = 'email' where column_name = 'email'",
        )
        .await
        .unwrap();
        assert_eq!(labels(&store, "type:varchar").await, ["order_lines.sku"]);
        assert_eq!(labels(&store, "varying").await, ["order_lines.sku"]);
        assert_eq!(labels(&store, "type:email").await, ["customers.email"]);
        assert_eq!(labels(&store, "type:view").await, ["big_orders"]);
        assert_eq!(labels(&store, "view").await, ["big_orders"]);
        assert_eq!(labels(&store, "type:database").await, ["Shop"]);
        assert_eq!(labels(&store, "type:column total").await, ["orders.total"]);
        // A prefix of a type is another type.
        assert_eq!(labels(&store, "type:big").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn filters_narrow_and_combine() {
    with_store(|store| async move {
        shop_import(&store).await;
        let schema = Schema {
            tables: vec![table("sales.orders", &["id", "note"])],
            ..Schema::default()
        };
        import(&store, 2, "Sample shop", &schema).await;
        run(
            &store,
            "insert into users (username, email, full_name) values
                ('ada', 'ada@example.test', 'Ada Lovelace');
            update tables set owner_user_id = (select id from users), tags = '{Finance,pii}'
                where table_name = 'order_lines';
            update tables t set description = 'All of them' from databases d
                where d.id = t.database_id and d.name = 'Shop' and table_name = 'orders';
            update columns set description = 'Stock keeping unit' where column_name = 'sku'",
        )
        .await
        .unwrap();
        // The exact name of a database wins over names that contain it.
        let hits = search(&store, "db:shop orders").await;
        assert_eq!(hits[0].label, "orders");
        assert!(hits.iter().all(|hit| hit.context == "Shop / sales"));
        assert_eq!(
            search(&store, r#"orders db:"Sample shop""#).await[0].context,
            "Sample shop / sales"
        );
        let both = search(&store, "db:sho type:table orders").await;
        assert_eq!(both.iter().filter(|hit| hit.label == "orders").count(), 2);
        let by_id = format!("db:{} schema:web", database_id(1));
        assert_eq!(labels(&store, &by_id).await, ["events"]);
        assert_eq!(labels(&store, "schema:WEB schema:stock").await, ["events"]);
        for text in [
            "owner:ada",
            "owner:ADA@example",
            "owner:love",
            "tag:finance",
            "tag:PII owner:ada schema:sales",
        ] {
            assert_eq!(labels(&store, text).await, ["order_lines"], "{text}");
        }
        assert_eq!(
            labels(&store, "tag:finance parent").await,
            ["order_lines.parent_line_id"]
        );
        assert_eq!(
            labels(&store, "has:note").await,
            ["orders", "order_lines.sku"]
        );
        let undocumented = labels(&store, "is:undocumented db:shop").await;
        assert!(
            undocumented.contains(&"big_orders".to_owned()),
            "{undocumented:?}"
        );
        assert!(!undocumented.contains(&"customers".to_owned()));
        assert!(!undocumented.contains(&"order_lines.sku".to_owned()));
        assert_eq!(
            labels(&store, "is:undocumented customers type:table").await,
            Vec::<String>::new()
        );
        for text in [
            "db:nowhere orders",
            "owner:nobody",
            "tag:x",
            "has:note is:undocumented",
        ] {
            assert_eq!(labels(&store, text).await, Vec::<String>::new(), "{text}");
        }
        // Mistyped within filters.
        assert_eq!(
            labels(&store, r#"ordres db:"Sample shop" type:table"#).await,
            ["orders"]
        );
    })
    .await;
}

#[tokio::test]
async fn only_databases_that_may_be_seen_are_searched() {
    with_store(|store| async move {
        shop_import(&store).await;
        let schema = Schema {
            tables: vec![table("sales.orders", &["id"])],
            ..Schema::default()
        };
        import(&store, 2, "Secret shop", &schema).await;
        run(
            &store,
            "insert into users (username, email) values ('eve', 'eve@example.test');
            update databases set everybody_access = 'none' where name = 'Secret shop'",
        )
        .await
        .unwrap();
        let eve = number(&store, "select id from users").await;
        let nobody = Scope::Person(UserId(0));
        for text in [
            "orders",
            "shop",
            "ordres",
            "id",
            "sales orders",
            "db:secret",
            "type:table",
            "is:undocumented",
            "schema:sales",
            "type:bigint",
            "type:database",
            "or",
        ] {
            let found = store
                .search(&query(text), Scope::Person(UserId(eve)), 200)
                .await
                .unwrap();
            let told = format!("{found:?}");
            assert!(!told.contains("Secret"), "{text}: {told}");
            let found = store.search(&query(text), nobody, 200).await.unwrap();
            assert!(!format!("{found:?}").contains("Secret"), "{text}");
            let all = store.search(&query(text), Scope::All, 200).await.unwrap();
            assert!(format!("{all:?}").contains("Secret"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn facets_count_what_they_would_leave() {
    with_store(|store| async move {
        shop_import(&store).await;
        let all = found(&store, "order").await;
        let facet = |key, value: &str| {
            all.facets
                .iter()
                .find(|facet| facet.key == key && facet.value == value)
                .map(|facet| facet.count)
        };
        let views = facet(FilterKey::Type, "view").unwrap();
        assert_eq!(
            found(&store, "order type:view").await.finds.len(),
            usize::try_from(views).unwrap()
        );
        // There is one database, so its name narrows nothing.
        assert_eq!(facet(FilterKey::Database, "Shop"), None);
        assert!(!all.more);
    })
    .await;
}

#[tokio::test]
async fn odd_texts_break_nothing() {
    with_store(|store| async move {
        shop_import(&store).await;
        for text in [
            "%",
            "_",
            r"\",
            "'",
            "\"",
            "%%%",
            r"\\\'",
            "& | !",
            "<->",
            ":*",
            "a:*",
            "((",
            "':*",
            "\u{0}",
            "🦀",
            "ﷺ",
            "db:% x",
            "tag:'",
            "type:'",
            "type:[",
            "owner:%",
            r"schema:\",
            "x.",
            ".x",
            "..",
            "a.b.c.d.e",
            "ǆ",
            "İstanbul",
            "1e5",
            "-5",
            "½",
        ] {
            found(&store, text).await;
        }
        found(&store, &"lang ".repeat(500)).await;
        found(&store, &"l".repeat(5_000)).await;
        assert_eq!(labels(&store, "owner:%").await, Vec::<String>::new());
        assert_eq!(labels(&store, "db:%").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn long_texts_of_a_source_can_be_stored() {
    with_store(|store| async move {
        let mut long = table("s.long", &["id", "big"]);
        long.comment = Some("wörd ".repeat(300_000));
        long.columns[1].data_type = format!("enum('{}')", "x','".repeat(100_000));
        long.columns[1].comment = Some("y".repeat(1_500_000));
        let schema = Schema {
            tables: vec![long],
            ..Schema::default()
        };
        import(&store, 1, "Long", &schema).await;
        let found = found(&store, "wörd").await;
        let text = &found.finds[0].matched.as_ref().unwrap().text;
        let shown: usize = text.iter().map(|piece| piece.text.chars().count()).sum();
        assert!(shown < 200);
    })
    .await;
}

/// Nothing is timed against a limit here; the figures are printed for whoever looks.
#[tokio::test]
async fn a_large_catalog_is_searched_by_index() {
    with_store(|store| async move {
        import(&store, 1, "Wide", &wide(2_000)).await;
        // The import has had the planner look at what it wrote.
        let known = "select (reltuples >= 0.9 * (select count(*) from columns))::int::bigint
            from pg_class where oid = 'columns'::regclass";
        assert_eq!(number(&store, known).await, 1);
        for text in [
            "id",
            "table_01",
            "address",
            "table_00001.cust",
            "curency",
            "s3.table_00",
            "customer is:undocumented",
            "type:bigint",
            "table amount",
        ] {
            let start = Instant::now();
            let hits = search(&store, text).await;
            println!("{text}: {} hits in {:?}", hits.len(), start.elapsed());
            assert!(!hits.is_empty(), "{text}");
        }
    })
    .await;
}
