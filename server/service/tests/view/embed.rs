//! Views that other sites show: who allows it, what goes out, and when it ends.

use super::*;
use contract::access::Access as _;
use contract::embed::{EmbedGrant, Embeds as _};
use contract::error::ErrorKind::{Forbidden, Invalid, NotFound};
use model::access::DatabaseAccess;
use model::embed::EmbedToken;
use model::saved_view::ViewSummary;

/// Somebody who is not signed in.
fn nobody() -> Ctx {
    common::anonymous()
}

impl Shop {
    async fn allow(&self, ctx: &Ctx, view: &ViewId, sites: &[&str]) -> EmbedGrant {
        let sites: Vec<String> = sites.iter().map(|site| (*site).to_owned()).collect();
        let services = &self.catalog.services;
        services
            .embed_allow(ctx, &self.id, view, Some(&sites))
            .await
            .unwrap()
    }

    async fn embedded(&self, token: &EmbedToken) -> Result<DiagramData, AppError> {
        let services = &self.catalog.services;
        services.embed_diagram(&nobody(), token, None).await
    }

    /// A shared view of some tables.
    async fn view_of(&self, show: &str, level: &str) -> ViewSummary {
        let new = NewView {
            query: DiagramQuery {
                level: Some(level.to_owned()),
                ..DiagramQuery::showing(show)
            },
            ..shared("Billing “A&B”")
        };
        self.make(&self.emil, new).await.summary
    }
}

fn names(data: &DiagramData) -> Vec<&str> {
    let tables = data.graph.tables.iter();
    tables.map(|table| table.name.as_str()).collect()
}

/// All that goes out, as text.
fn wire(data: &DiagramData) -> String {
    serde_json::to_string(data).unwrap()
}

#[tokio::test]
async fn whoever_has_the_address_sees_the_view_and_nothing_besides() {
    with_shop(async |shop| {
        let view = shop.view_of("customers,orders", "all").await.id;
        let data = shop.open(&shop.emil, &view).await;
        let (customers, orders) = (id_of(&data, "customers"), id_of(&data, "orders"));
        let memo = ViewChange::Memo {
            id: "m".to_owned(),
            memo: Some(Memo {
                text: "Paid on Fridays".to_owned(),
                at: Spot { x: 0.0, y: 0.0 },
                width: 100.0,
                height: 50.0,
            }),
        };
        shop.arrange(&shop.emil, &view, vec![put(orders, 700.0, 40.0), memo])
            .await;
        let made = shop
            .allow(&shop.emil, &view, &["https://Wiki.example.com/"])
            .await;
        assert!(made.token.is_whole());
        assert_eq!(made.sites, ["https://wiki.example.com"]);
        let services = &shop.catalog.services;
        let sites = services.embed_sites(&nobody(), &made.token).await;
        assert_eq!(sites.unwrap(), made.sites);
        // Whoever asks gets the same.
        for asker in [&nobody(), &shop.vera, &shop.admin] {
            let shown = services.embed_diagram(asker, &made.token, None).await;
            let shown = shown.unwrap();
            assert_eq!(names(&shown), ["customers", "orders"]);
            assert_eq!(shown.graph.links.len(), 1);
            assert_eq!(place_of(&shown, "orders"), (700.0, 40.0));
            assert_eq!(shown.arrangement.memos.len(), 1);
            assert!(!shown.may_arrange && !shown.may_edit && shown.views.is_empty());
            assert_eq!((shown.tables_total, shown.unknown.len()), (2, 0));
            let text = wire(&shown);
            for secret in ["items", "emil", "olga", shop.id.as_str(), view.as_str()] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
        let picture = services
            .embed_picture(&nobody(), &made.token, None, true)
            .await
            .unwrap();
        assert!(picture.text.contains("customers") && !picture.text.contains("items"));
        // What the view leaves out goes out no more than what it never had.
        shop.arrange(
            &shop.emil,
            &view,
            vec![ViewChange::Hide {
                table: customers,
                hidden: true,
            }],
        )
        .await;
        let shown = shop.embedded(&made.token).await.unwrap();
        assert_eq!(names(&shown), ["orders"]);
        let text = wire(&shown);
        assert!(!text.contains("customers"), "{text}");
        assert!(!shown.arrangement.places.contains_key(&customers));
        // Those who may change it are told on its page; others that it is so.
        let record = services.view_fetch(&shop.emil, &shop.id, &view).await;
        let embed = record.unwrap().embed.unwrap();
        assert_eq!(embed.sites, made.sites);
        assert_eq!(embed.made_by.as_deref(), Some("emil"));
        let record = services.view_fetch(&shop.vera, &shop.id, &view).await;
        let record = record.unwrap();
        assert!(record.summary.is_embedded && record.embed.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_level_shows_less_than_the_view_and_never_more() {
    with_shop(async |shop| {
        let view = shop.view_of("customers,orders", "keys").await.id;
        let token = shop.allow(&shop.emil, &view, &[]).await.token;
        let services = &shop.catalog.services;
        let columns = async |level: Option<&str>| {
            let data = services.embed_diagram(&nobody(), &token, level).await;
            let data = data.unwrap();
            let columns = data.graph.tables.iter().flat_map(|table| &table.columns);
            let columns: Vec<String> = columns.map(|column| column.name.clone()).collect();
            (columns, data.layout.detail.as_str())
        };
        let keys = ["id", "id", "customer_id"].map(str::to_owned).to_vec();
        for level in [None, Some("keys"), Some("all"), Some("nonsense")] {
            assert_eq!(columns(level).await, (keys.clone(), "keys"), "{level:?}");
        }
        assert_eq!(columns(Some("names")).await, (vec![], "names"));
    })
    .await;
}

#[tokio::test]
async fn an_accepted_relation_is_drawn_without_who_accepted_it() {
    with_shop(async |shop| {
        use contract::relation::Relations as _;
        let services = &shop.catalog.services;
        let new = model::relation::verdict::NewRelation {
            from_table: "public.customers".to_owned(),
            from_columns: vec!["id".to_owned()],
            to_table: "public.orders".to_owned(),
            to_columns: vec!["id".to_owned()],
            note: Some("as emil said".to_owned()),
        };
        services
            .relation_add(&shop.emil, &shop.id, new)
            .await
            .unwrap();
        let view = shop.view_of("customers,orders", "all").await.id;
        let token = shop.allow(&shop.emil, &view, &[]).await.token;
        let shown = shop.embedded(&token).await.unwrap();
        let standing = shown.graph.links.iter().filter(|link| !link.declared);
        let standing: Vec<_> = standing.map(diagram::graph::Link::standing).collect();
        assert_eq!(standing, [diagram::graph::Standing::Accepted]);
        let text = wire(&shown);
        assert!(!text.contains("emil"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn what_is_counted_is_told_as_it_is_drawn() {
    with_shop(async |shop| {
        let mut runs = Vec::new();
        for (table, times) in [("items", 40), ("orders", 2), ("customers", 5)] {
            for _ in 0..times {
                let number = u32::try_from(runs.len()).unwrap();
                let text = format!("select id from {table}");
                let table = format!("public.{table}");
                runs.push(common::run(&shop.id, number, &text, &[&table]));
            }
        }
        let store = &shop.catalog.store;
        store.history_insert_many(&runs).await.unwrap();
        shop.catalog
            .sql("update tables set row_count = 123456 where table_name = 'orders'")
            .await;
        let new = NewView {
            query: DiagramQuery {
                overlay: Some("usage".to_owned()),
                level: Some("names".to_owned()),
                ..DiagramQuery::showing("orders,customers")
            },
            ..shared("Busy")
        };
        let view = shop.make(&shop.emil, new).await.summary.id;
        let token = shop.allow(&shop.emil, &view, &[]).await.token;
        let shown = shop.embedded(&token).await.unwrap();
        let overlay = shown.overlay.as_ref().unwrap();
        let scale = ("2".to_owned(), "5".to_owned());
        assert_eq!(overlay.scale, Some(scale), "not that of items");
        let place = |name: &str| names(&shown).iter().position(|it| *it == name).unwrap();
        let strength = |name: &str| overlay.table(place(name)).unwrap().strength;
        assert_eq!((strength("orders"), strength("customers")), (0.0, 1.0));
        let orders = &shown.graph.tables[place("orders")];
        assert_eq!(orders.row_count, Some(123_000), "as 123 k");
        let text = wire(&shown);
        for secret in ["40", "123456", "ostgre"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        // Whoever may read the database reads it as it is.
        let own = shop.open(&shop.emil, &view).await;
        let scale = ("2".to_owned(), "40".to_owned());
        assert_eq!(own.overlay.unwrap().scale, Some(scale));
    })
    .await;
}

#[tokio::test]
async fn an_address_ends_when_it_is_renewed_revoked_private_or_deleted() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.view_of("orders", "all").await.id;
        let other = shop.make(&shop.emil, shared("Other")).await.summary.id;
        let kept = shop.allow(&shop.emil, &other, &[]).await.token;
        let ended = async |token: &EmbedToken| {
            let (asker, absent) = (nobody(), Some(NotFound));
            let kind = |error: Option<AppError>| error.map(|error| error.kind);
            assert_eq!(kind(shop.embedded(token).await.err()), absent);
            let sites = services.embed_sites(&asker, token).await;
            assert_eq!(kind(sites.err()), absent);
            let picture = services.embed_picture(&asker, token, None, false).await;
            assert_eq!(kind(picture.err()), absent);
        };
        let first = shop.allow(&shop.emil, &view, &[]).await.token;
        let second = shop.allow(&shop.emil, &view, &[]).await.token;
        assert_ne!(first.reveal(), second.reveal());
        ended(&first).await;
        assert!(shop.embedded(&second).await.is_ok());
        services.embed_revoke(&shop.emil, id, &view).await.unwrap();
        ended(&second).await;
        let again = services.embed_revoke(&shop.emil, id, &view).await;
        assert_eq!(again.unwrap_err().kind, NotFound);
        let third = shop.allow(&shop.emil, &view, &[]).await.token;
        let share = |is_shared| ViewPatch {
            is_shared: Some(is_shared),
            ..ViewPatch::default()
        };
        for is_shared in [false, true] {
            services
                .view_change(&shop.emil, id, &view, share(is_shared))
                .await
                .unwrap();
            // Sharing it again brings no address back.
            ended(&third).await;
        }
        let fourth = shop.allow(&shop.emil, &view, &[]).await.token;
        services.view_delete(&shop.emil, id, &view).await.unwrap();
        ended(&fourth).await;
        for nonsense in ["", "diagram", &"A".repeat(43)] {
            ended(&EmbedToken::new(nonsense)).await;
        }
        // All the while another view's address holds, until its database goes.
        assert!(shop.embedded(&kept).await.is_ok());
        services.database_delete(&shop.olga, id).await.unwrap();
        ended(&kept).await;
    })
    .await;
}

#[tokio::test]
async fn who_may_edit_the_database_allows_it_for_shared_views() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.view_of("orders", "all").await.id;
        let private = shop.make(&shop.emil, named("Mine")).await.summary.id;
        let sites = |text: &str| vec![text.to_owned()];
        let refused = services.embed_allow(&shop.vera, id, &view, None).await;
        assert_eq!(refused.unwrap_err().kind, Forbidden);
        let refused = services.embed_revoke(&shop.vera, id, &view).await;
        assert_eq!(refused.unwrap_err().kind, Forbidden);
        let refused = services.embed_allow(&nobody(), id, &view, None).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Unauthenticated);
        // A private view: its owner is told to share it, to others it is not there.
        let refused = services.embed_allow(&shop.emil, id, &private, None).await;
        assert_eq!(refused.unwrap_err().kind, Invalid);
        let refused = services.embed_allow(&shop.olga, id, &private, None).await;
        assert_eq!(refused.unwrap_err().kind, NotFound);
        let wrong = sites("wiki");
        let wrong = services
            .embed_allow(&shop.emil, id, &view, Some(&wrong))
            .await;
        let wrong = wrong.unwrap_err();
        assert_eq!(
            (wrong.kind, wrong.field.as_deref()),
            (Invalid, Some("sites"))
        );
        // Sites of a view without an address are nobody's.
        let none = services.embed_restrict(&shop.emil, id, &view, &[]).await;
        assert_eq!(none.unwrap_err().kind, NotFound);
        let token = shop.allow(&shop.olga, &view, &[]).await.token;
        let kept = services
            .embed_restrict(&shop.emil, id, &view, &sites("https://a.example"))
            .await;
        assert_eq!(kept.unwrap(), ["https://a.example"]);
        let now = services.embed_sites(&nobody(), &token).await.unwrap();
        assert_eq!(now, ["https://a.example"]);
        // It is the database's editors' business whoever made it, and holds when they go.
        // A new address is for the same sites unless others are named.
        let renewed = services.embed_allow(&shop.emil, id, &view, None).await;
        assert_eq!(renewed.unwrap().sites, ["https://a.example"]);
        let renewed = services.embed_allow(&shop.emil, id, &view, Some(&[])).await;
        assert!(renewed.unwrap().sites.is_empty());
        services.embed_revoke(&shop.emil, id, &view).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_trail_tells_of_addresses_and_not_their_secrets() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.view_of("orders", "all").await.id;
        let first = shop.allow(&shop.emil, &view, &[]).await.token;
        let second = shop.allow(&shop.emil, &view, &["https://a.example"]).await;
        let second = second.token;
        services
            .embed_restrict(&shop.emil, id, &view, &["https://b.example".to_owned()])
            .await
            .unwrap();
        services.embed_revoke(&shop.emil, id, &view).await.unwrap();
        let third = shop.allow(&shop.emil, &view, &[]).await.token;
        let private = ViewPatch {
            is_shared: Some(false),
            ..ViewPatch::default()
        };
        services
            .view_change(&shop.emil, id, &view, private)
            .await
            .unwrap();
        let rows: Vec<(String, serde_json::Value)> = sqlx::query_as(
            "select action || ' ' || resource_type, changes -> 'embed' from audit_logs
            where changes ? 'embed' order by id",
        )
        .fetch_all(shop.catalog.store.pool())
        .await
        .unwrap();
        let sites = |sites: &[&str]| serde_json::json!({ "sites": sites });
        let change = |before, after| serde_json::json!({ "before": before, "after": after });
        let none = serde_json::Value::Null;
        assert_eq!(
            rows,
            [
                ("CREATE view_embed", change(none.clone(), sites(&[]))),
                (
                    "UPDATE view_embed",
                    change(sites(&[]), sites(&["https://a.example"]))
                ),
                (
                    "UPDATE view_embed",
                    change(sites(&["https://a.example"]), sites(&["https://b.example"]))
                ),
                (
                    "DELETE view_embed",
                    change(sites(&["https://b.example"]), none.clone())
                ),
                ("CREATE view_embed", change(none.clone(), sites(&[]))),
                ("UPDATE view", change(sites(&[]), none)),
            ]
            .map(|(told, changes)| (told.to_owned(), changes))
        );
        for token in [first, second, third] {
            let open: i64 = sqlx::query_scalar(
                "select count(*) from audit_logs a full join diagram_view_embeds e on false
                where a::text like '%' || $1 || '%' or e::text like '%' || $1 || '%'",
            )
            .bind(token.reveal())
            .fetch_one(shop.catalog.store.pool())
            .await
            .unwrap();
            assert_eq!(open, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_of_findings_stays_inside() {
    with_shop(async |shop| {
        let new = NewView {
            query: DiagramQuery {
                level: Some("names".to_owned()),
                overlay: Some("findings".to_owned()),
                ..DiagramQuery::showing("items")
            },
            ..shared("Findings")
        };
        let view = shop.make(&shop.emil, new).await.summary.id;
        let inside = wire(&shop.open(&shop.emil, &view).await);
        assert!(inside.contains("No index begins with order_id"), "{inside}");
        let token = shop.allow(&shop.emil, &view, &[]).await.token;
        let outside = wire(&shop.embedded(&token).await.unwrap());
        assert!(outside.contains("items"));
        for secret in ["order_id", "orders"] {
            assert!(!outside.contains(secret), "{secret}: {outside}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_owner_who_may_only_read_shows_others_no_more() {
    with_shop(async |shop| {
        let view = shop.view_of("customers", "names").await;
        shop.allow(&shop.emil, &view.id, &[]).await;
        let services = &shop.catalog.services;
        services
            .access_set(&shop.olga, &shop.id, DatabaseAccess::Read)
            .await
            .unwrap();
        let patch = ViewPatch {
            query: Some(DiagramQuery::showing("*")),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.emil, &shop.id, &view.id, patch);
        assert_eq!(changed.await.unwrap_err().kind, Forbidden);
        let open = shop.open(&shop.emil, &view.id).await;
        assert!(!open.may_arrange);
    })
    .await;
}
