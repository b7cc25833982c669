//! Relations that no source declares: what is proposed, who said what to it, and what of that
//! outlives changes of the source.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what fails here fails the test"
)]

#[path = "../common/mod.rs"]
mod common;
mod shown;
mod together;

use common::{Catalog, person, script, with_catalog};
use contract::account::Secret;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::metadata::Metadata as _;
use contract::relation::Relations as _;
use contract::source::Sources as _;
use model::account::Role;
use model::diagram::DiagramQuery;
use model::diff::Rename;
use model::id::DatabaseId;
use model::metadata::{ColumnKey, ColumnPatch, TableKey};
use model::relation::verdict::{
    Decided, NewRelation, Relation, RelationPage, RelationQuery, RelationState, Verdict,
};
use model::schema::QualifiedName;
use serde_json::Value;
use service::config::Config;
use service::seal::SealKey;
use service::services::Services;

const SHOP: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text);
    CREATE TABLE products (id bigint PRIMARY KEY, title text);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, product_id bigint,
        buyer text);
";

/// A database with a script, and somebody who may edit it.
struct Shop {
    catalog: Catalog,
    eve: Ctx,
    id: DatabaseId,
}

async fn with_shop<T, W>(text: &'static str, test: T)
where
    T: FnOnce(Shop) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_catalog(
        |_| {},
        async move |catalog: Catalog| {
            catalog.set_up().await;
            let eve = person(&catalog, "Eve", Role::Editor).await;
            let made = catalog.services.script_import(&eve, script("Shop", text));
            let id = made.await.unwrap().id;
            test(Shop { catalog, eve, id }).await;
        },
    )
    .await;
}

impl Shop {
    async fn list(&self) -> RelationPage {
        let query = RelationQuery::default();
        let services = &self.catalog.services;
        services
            .relation_list(&self.eve, &self.id, query)
            .await
            .unwrap()
    }

    /// Sentences of one state.
    async fn of(&self, state: RelationState) -> Vec<String> {
        let page = self.list().await;
        let rows = page.rows.iter().filter(|row| row.state == state);
        rows.map(Relation::sentence).collect()
    }

    /// The relation from a column, whatever its state.
    async fn from(&self, column: &str) -> Relation {
        let page = self.list().await;
        let found = page
            .rows
            .into_iter()
            .find(|row| row.from.columns == [column]);
        found.unwrap_or_else(|| panic!("nothing is known of {column}"))
    }

    async fn decide(&self, who: &Ctx, column: &str, accepted: bool) -> Decided {
        let verdict = Verdict {
            key: self.from(column).await.key,
            accepted,
            note: None,
        };
        let services = &self.catalog.services;
        let decided = services.relation_decide(who, &self.id, vec![verdict]).await;
        decided.unwrap()
    }

    async fn import_again(&self, text: &str) {
        let services = &self.catalog.services;
        let scripts = vec![text.to_owned()];
        let again = services.script_import_again(&self.eve, &self.id, scripts, None);
        assert!(again.await.unwrap().has_changed);
    }

    async fn trail(&self) -> Vec<(String, Value)> {
        sqlx::query_as(
            "select action, changes from audit_logs where resource_type = 'relation' order by id",
        )
        .fetch_all(self.catalog.store.pool())
        .await
        .unwrap()
    }

    /// Links of the diagram: child, whether declared, who accepted.
    async fn links(&self, relations: Option<&str>) -> Vec<(String, bool, Option<String>)> {
        let query = DiagramQuery {
            relations: relations.map(str::to_owned),
            ..DiagramQuery::default()
        };
        let services = &self.catalog.services;
        let data = services
            .diagram_fetch(&self.eve, &self.id, &query)
            .await
            .unwrap();
        let graph = &data.graph;
        let column = |link: &diagram::graph::Link| {
            let at = usize::from(link.from_columns[0]);
            graph.tables[link.child()].columns[at].name.clone()
        };
        graph
            .links
            .iter()
            .map(|link| (column(link), link.declared, link.accepted_by.clone()))
            .collect()
    }
}

const FROM_CUSTOMER: &str = "orders.customer_id references customers.id";
const FROM_PRODUCT: &str = "orders.product_id references products.id";

#[tokio::test]
async fn what_is_proposed_waits_for_a_verdict_and_nothing_is_added_silently() {
    with_shop(SHOP, async |shop| {
        let page = shop.list().await;
        assert_eq!(page.total, 2);
        assert_eq!(
            (
                page.counts.proposed,
                page.counts.accepted,
                page.counts.rejected
            ),
            (2, 0, 0)
        );
        let customer = shop.from("customer_id").await;
        assert_eq!(customer.sentence(), FROM_CUSTOMER);
        assert!(customer.confidence.unwrap() > 0.6);
        assert!(
            customer.reason.contains("customer_id"),
            "{}",
            customer.reason
        );
        assert_eq!(shop.links(None).await, []);
        assert_eq!(shop.links(Some("all")).await.len(), 2);

        shop.decide(&shop.eve, "customer_id", true).await;
        shop.decide(&shop.eve, "product_id", false).await;
        assert_eq!(shop.of(RelationState::Accepted).await, [FROM_CUSTOMER]);
        assert_eq!(shop.of(RelationState::Rejected).await, [FROM_PRODUCT]);
        assert_eq!(shop.of(RelationState::Proposed).await, Vec::<String>::new());
        let decision = shop.from("customer_id").await.decision.unwrap();
        assert_eq!(decision.by.as_deref(), Some("Eve"));
        let accepted = [("customer_id".to_owned(), false, Some("Eve".to_owned()))];
        for (relations, links) in [
            (None, &accepted[..]),
            (Some("accepted"), &accepted),
            (Some("all"), &accepted),
            (Some("declared"), &[]),
        ] {
            assert_eq!(shop.links(relations).await, links, "{relations:?}");
        }

        let trail = shop.trail().await;
        assert_eq!(trail.len(), 2);
        assert_eq!(trail[0].0, "CREATE");
        assert_eq!(trail[0].1["verdict"]["after"], "accepted");
        assert_eq!(trail[0].1["relation"]["after"], FROM_CUSTOMER);
        assert_eq!(trail[1].1["verdict"]["after"], "rejected");
    })
    .await;
}

#[tokio::test]
async fn verdicts_survive_changes_of_the_source() {
    with_shop(SHOP, async |shop| {
        shop.decide(&shop.eve, "customer_id", true).await;
        shop.decide(&shop.eve, "product_id", false).await;
        // The key that the rule went by goes, and the column is another type: it would not be
        // proposed now.
        shop.import_again(
            "CREATE TABLE customers (id text, email text);
            CREATE TABLE products (id bigint PRIMARY KEY, title text, price numeric);
            CREATE TABLE orders (id bigint PRIMARY KEY, placed_on date,
                customer_id bigint NOT NULL, product_id bigint);",
        )
        .await;
        assert_eq!(shop.of(RelationState::Accepted).await, [FROM_CUSTOMER]);
        assert_eq!(shop.of(RelationState::Rejected).await, [FROM_PRODUCT]);
        assert_eq!(shop.of(RelationState::Proposed).await, Vec::<String>::new());
        let warned = shop.from("customer_id").await.warning.unwrap();
        assert!(
            warned.contains("bigint") && warned.contains("text"),
            "{warned}"
        );
        assert_eq!(shop.links(None).await.len(), 1);

        // A column that is gone is not drawn, and comes back with its verdict.
        let without = "CREATE TABLE customers (id bigint PRIMARY KEY);
            CREATE TABLE products (id bigint PRIMARY KEY);
            CREATE TABLE orders (id bigint PRIMARY KEY);";
        shop.import_again(without).await;
        assert!(shop.from("customer_id").await.decision.unwrap().gone);
        assert_eq!(shop.links(Some("all")).await, []);
        shop.import_again(SHOP).await;
        assert!(!shop.from("customer_id").await.decision.unwrap().gone);
        assert_eq!(shop.links(Some("all")).await.len(), 1);
        assert_eq!(shop.of(RelationState::Rejected).await, [FROM_PRODUCT]);
    })
    .await;
}

#[tokio::test]
async fn verdicts_follow_confirmed_names() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        shop.decide(&shop.eve, "customer_id", true).await;
        shop.import_again(
            "CREATE TABLE clients (id bigint PRIMARY KEY, email text);
            CREATE TABLE products (id bigint PRIMARY KEY, title text);
            CREATE TABLE orders (id bigint PRIMARY KEY, client_id bigint NOT NULL,
                product_id bigint, buyer text, coupon_id bigint);
            CREATE TABLE coupons (id bigint PRIMARY KEY);",
        )
        .await;
        // Somebody decides about the new names before they are known to be the old ones.
        shop.decide(&shop.eve, "client_id", false).await;
        let table = |name: &str| QualifiedName::new("public", name);
        let renames = [
            Rename::Table {
                old: table("customers"),
                new: table("clients"),
            },
            Rename::Column {
                table: table("orders"),
                old: "customer_id".to_owned(),
                new: "client_id".to_owned(),
            },
        ];
        for rename in renames {
            services
                .rename_confirm(&shop.eve, &shop.id, rename)
                .await
                .unwrap();
        }
        // There is one relation now, with the verdict of the row that stays.
        let renamed = "orders.client_id references clients.id";
        assert_eq!(shop.of(RelationState::Accepted).await, [renamed]);
        assert_eq!(shop.of(RelationState::Rejected).await, Vec::<String>::new());
        assert_eq!(shop.links(None).await.len(), 1);
        assert_eq!(shop.of(RelationState::Proposed).await.len(), 2);

        // What was said of the new table alone holds for the old one under its new name.
        shop.decide(&shop.eve, "product_id", true).await;
        let text = "CREATE TABLE clients (id bigint PRIMARY KEY, email text);
            CREATE TABLE products (id bigint PRIMARY KEY, title text);
            CREATE TABLE purchases (id bigint PRIMARY KEY, client_id bigint NOT NULL,
                product_id bigint, buyer text, coupon_id bigint, voucher_id bigint);
            CREATE TABLE coupons (id bigint PRIMARY KEY);
            CREATE TABLE vouchers (id bigint PRIMARY KEY);";
        shop.import_again(text).await;
        shop.decide(&shop.eve, "voucher_id", true).await;
        shop.decide(&shop.eve, "coupon_id", true).await;
        let rename = Rename::Table {
            old: table("orders"),
            new: table("purchases"),
        };
        services
            .rename_confirm(&shop.eve, &shop.id, rename)
            .await
            .unwrap();
        let mut accepted = shop.of(RelationState::Accepted).await;
        accepted.sort();
        assert_eq!(
            accepted,
            [
                "purchases.client_id references clients.id",
                "purchases.coupon_id references coupons.id",
                "purchases.product_id references products.id",
                "purchases.voucher_id references vouchers.id",
            ]
        );
        assert_eq!(shop.links(None).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_declared_later_is_shown_as_declared() {
    with_shop(SHOP, async |shop| {
        shop.decide(&shop.eve, "customer_id", true).await;
        shop.decide(&shop.eve, "product_id", true).await;
        shop.import_again(
            "CREATE TABLE customers (id bigint PRIMARY KEY, email text);
            CREATE TABLE products (id bigint PRIMARY KEY, title text);
            CREATE TABLE goods (id bigint PRIMARY KEY);
            CREATE TABLE orders (id bigint PRIMARY KEY,
                customer_id bigint NOT NULL CONSTRAINT orders_customer REFERENCES customers,
                product_id bigint CONSTRAINT orders_goods REFERENCES goods, buyer text);",
        )
        .await;
        let since = async |column| shop.from(column).await.decision.unwrap().declared.unwrap();
        let customer = since("customer_id").await;
        assert_eq!((&*customer.name, customer.same), ("orders_customer", true));
        let product = since("product_id").await;
        assert_eq!((&*product.name, product.same), ("orders_goods", false));
        let mut links = shop.links(None).await;
        links.sort();
        let eve = Some("Eve".to_owned());
        assert_eq!(
            links,
            [
                ("customer_id".to_owned(), true, None),
                ("product_id".to_owned(), false, eve),
                ("product_id".to_owned(), true, None),
            ]
        );
        let orders = QualifiedName::new("public", "orders");
        let services = &shop.catalog.services;
        let page = services
            .table_fetch(&shop.eve, &shop.id, &orders)
            .await
            .unwrap();
        let known: Vec<String> = page.relations.iter().map(Relation::sentence).collect();
        assert_eq!(known, [FROM_PRODUCT]);
        assert_eq!(
            page.summary.references_out, 2,
            "counts are of declared keys"
        );
        let found = services.findings_fetch(&shop.eve, &shop.id).await.unwrap();
        assert!(
            found
                .findings
                .iter()
                .all(|it| it.column.as_deref() != Some("buyer"))
        );
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_people_is_told_who_decided() {
    with_shop(SHOP, async |shop| {
        let bob = person(&shop.catalog, "Bob", Role::Editor).await;
        let services = &shop.catalog.services;
        let key = shop.from("customer_id").await.key;
        let verdict = |accepted| {
            let key = key.clone();
            vec![Verdict {
                key,
                accepted,
                note: Some(" seen in the code ".to_owned()),
            }]
        };
        let decide = async |who: &Ctx, accepted| {
            services
                .relation_decide(who, &shop.id, verdict(accepted))
                .await
        };
        let (one, other) = tokio::join!(decide(&shop.eve, true), decide(&bob, false));
        let winner = if one.is_ok() { "Eve" } else { "Bob" };
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let error = one.err().or(other.err()).unwrap();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains(winner), "{}", error.message);
        let decision = shop.from("customer_id").await.decision.unwrap();
        assert_eq!(decision.by.as_deref(), Some(winner));
        assert_eq!(decision.note.as_deref(), Some("seen in the code"));

        // Who says the same is told, and nothing is stored twice.
        let same = decide(&bob, winner == "Eve").await.unwrap();
        assert_eq!(same.stored, 0);
        assert!(same.refused[0].contains(winner), "{same:?}");
        assert_eq!(shop.trail().await.len(), 1);

        // Withdrawn it is proposed again, once for both.
        let withdrawn = services
            .relation_withdraw(&bob, &shop.id, decision.id)
            .await;
        assert_eq!(withdrawn.unwrap().sentence(), FROM_CUSTOMER);
        let again = services
            .relation_withdraw(&shop.eve, &shop.id, decision.id)
            .await;
        assert_eq!(again.unwrap_err().kind, ErrorKind::NotFound);
        assert_eq!(
            shop.from("customer_id").await.state,
            RelationState::Proposed
        );
        let trail = shop.trail().await;
        assert_eq!((trail.len(), &*trail[1].0), (2, "DELETE"));
        assert!(trail[1].1["verdict"]["before"].is_string());
        assert!(trail[1].1["note"]["before"].is_string(), "{}", trail[1].1);
    })
    .await;
}

#[tokio::test]
async fn many_are_decided_at_once_and_the_rest_is_told() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        let keys: Vec<_> = shop
            .list()
            .await
            .rows
            .into_iter()
            .map(|row| row.key)
            .collect();
        shop.decide(&shop.eve, "product_id", false).await;
        let all = |keys: &[model::relation::verdict::RelationKey]| {
            let verdict = |key: &model::relation::verdict::RelationKey| Verdict {
                key: key.clone(),
                accepted: true,
                note: None,
            };
            keys.iter().map(verdict).collect::<Vec<_>>()
        };
        let decided = services
            .relation_decide(&shop.eve, &shop.id, all(&keys))
            .await;
        let decided = decided.unwrap();
        assert_eq!((decided.stored, decided.refused.len()), (1, 1));
        assert!(decided.refused[0].contains("rejected"), "{decided:?}");
        for (verdicts, kind) in [
            (Vec::new(), ErrorKind::Invalid),
            (all(&vec![keys[0].clone(); 201]), ErrorKind::Invalid),
            (
                all(&["999999-999998".parse().unwrap()]),
                ErrorKind::Conflict,
            ),
        ] {
            let refused = services
                .relation_decide(&shop.eve, &shop.id, verdicts)
                .await;
            assert_eq!(refused.unwrap_err().kind, kind);
        }
    })
    .await;
}

#[tokio::test]
async fn a_relation_is_added_by_hand_with_a_warning_where_types_differ() {
    with_shop(SHOP, async |shop| {
        let services = &shop.catalog.services;
        let new = |from: &str, column: &str, to: &str, key: &str| NewRelation {
            from_table: from.to_owned(),
            from_columns: vec![column.to_owned()],
            to_table: to.to_owned(),
            to_columns: vec![key.to_owned()],
            note: Some("as sales says".to_owned()),
        };
        let add = async |new: NewRelation| services.relation_add(&shop.eve, &shop.id, new).await;
        let added = add(new("public.orders", "buyer", "customers", "email")).await.unwrap();
        assert_eq!((added.state, added.warning), (RelationState::Accepted, None));
        let decision = added.decision.unwrap();
        assert!(decision.by_hand);
        assert_eq!(decision.note.as_deref(), Some("as sales says"));
        let odd = add(new("orders", "buyer", "products", "id")).await.unwrap();
        let warning = odd.warning.unwrap();
        assert!(warning.contains("text") && warning.contains("bigint"), "{warning}");
        assert_eq!(shop.links(None).await.len(), 2);
        let trail = shop.trail().await;
        assert_eq!(trail[0].1["note"]["after"], "as sales says");

        for (wrong, kind, field) in [
            (new("orders", "buyer", "customers", "email"), ErrorKind::Conflict, None),
            (new("nobody", "x", "customers", "id"), ErrorKind::Invalid, Some("from")),
            (new("orders", "x", "customers", "id"), ErrorKind::Invalid, Some("from")),
            (new("orders", "buyer", "customers", "y"), ErrorKind::Invalid, Some("to")),
            (new("orders", "id", "orders", "id"), ErrorKind::Invalid, Some("to")),
            // What PostgreSQL refuses to be asked for.
            (new("or\0ders", "buyer", "customers", "id"), ErrorKind::Invalid, Some("from")),
            (new("orders", "buyer", "customers", "i\0d"), ErrorKind::Invalid, Some("to")),
        ] {
            let error = add(wrong).await.unwrap_err();
            assert_eq!((error.kind, error.field.as_deref()), (kind, field), "{error}");
        }
        let lonely = NewRelation {
            to_columns: Vec::new(),
            ..new("orders", "buyer", "customers", "id")
        };
        assert_eq!(add(lonely).await.unwrap_err().kind, ErrorKind::Invalid);
        shop.import_again(&format!(
            "{SHOP} ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (product_id) REFERENCES products;"
        ))
        .await;
        let error = add(new("orders", "product_id", "products", "id")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains("fk"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn accepted_ones_teach_the_rule_and_so_do_descriptions() {
    let text = "CREATE TABLE staff (id bigint PRIMARY KEY, name text);
        CREATE TABLE visits (id bigint PRIMARY KEY, seen_by bigint, room bigint);
        CREATE TABLE calls (id bigint PRIMARY KEY, seen_by bigint);
        CREATE TABLE letters (id bigint PRIMARY KEY, seen_by bigint);
        CREATE TABLE places (id bigint PRIMARY KEY);";
    with_shop(text, async |shop| {
        let services = &shop.catalog.services;
        let before = shop.list().await.rows.len();
        let key = ColumnKey::Named(
            TableKey::Named(shop.id.clone(), QualifiedName::new("public", "visits")),
            "room".to_owned(),
        );
        let mut patch = ColumnPatch {
            description: Some(Some("references places".to_owned())),
            ..ColumnPatch::default()
        };
        // Whichever of several servers took it.
        let store = shop.catalog.store.clone();
        let config = Config::new(Secret::new(""), SealKey::new([7; 32]));
        let other = Services::new(store, config).unwrap();
        let written = other.column_annotate(&shop.eve, &key, patch.clone()).await;
        written.unwrap();
        assert_eq!(
            shop.from("room").await.sentence(),
            "visits.room references places.id"
        );
        patch.description = Some(Some("Where it was.".to_owned()));
        let written = other.column_annotate(&shop.eve, &key, patch.clone()).await;
        written.unwrap();
        assert_eq!(shop.list().await.rows.len(), before);
        patch.description = Some(Some("references places".to_owned()));
        let written = services.column_annotate(&shop.eve, &key, patch).await;
        written.unwrap();
        assert_eq!(shop.list().await.rows.len(), before + 1);
        for table in ["calls", "letters"] {
            let known = shop.list().await.rows;
            if known.iter().any(|row| row.from.table.name == table) {
                continue;
            }
            let new = NewRelation {
                from_table: table.to_owned(),
                from_columns: vec!["seen_by".to_owned()],
                to_table: "staff".to_owned(),
                to_columns: vec!["id".to_owned()],
                note: None,
            };
            services
                .relation_add(&shop.eve, &shop.id, new)
                .await
                .unwrap();
        }
        let visits = shop.of(RelationState::Proposed).await;
        assert!(
            visits.contains(&"visits.seen_by references staff.id".to_owned()),
            "{visits:?}"
        );
    })
    .await;
}
