//! Rights per database: what one may not see is absent, whatever one asks.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod common;

use common::{Catalog, of, person, script, with_catalog};
use contract::access::Access as _;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::source::Sources as _;
use model::access::{DatabaseAccess, Grantee};
use model::account::Role;
use model::catalog::TableQuery;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, UserId};
use model::schema::QualifiedName;

const SHOP: &str = "CREATE TABLE customers (id bigint PRIMARY KEY, email text);";

/// Somebody with an account.
fn id_of(ctx: &Ctx) -> UserId {
    ctx.user().unwrap().id
}

/// What somebody meets who asks for the database in every way of reading.
async fn sights(catalog: &Catalog, ctx: &Ctx, id: &DatabaseId) -> Vec<Option<ErrorKind>> {
    let services = &catalog.services;
    let table = QualifiedName::new("public", "customers");
    let kind = |error: contract::error::AppError| error.kind;
    vec![
        services.database_fetch(ctx, id).await.err().map(kind),
        services
            .table_list(ctx, id, TableQuery::default())
            .await
            .err()
            .map(kind),
        services.table_fetch(ctx, id, &table).await.err().map(kind),
        services
            .diagram_fetch(ctx, id, &DiagramQuery::default())
            .await
            .err()
            .map(kind),
        services
            .changes_fetch(ctx, id, None, None)
            .await
            .err()
            .map(kind),
        services.structure_fetch(ctx, id).await.err().map(kind),
        services.export(ctx, id, "json", &[]).await.err().map(kind),
        services.findings_fetch(ctx, id).await.err().map(kind),
    ]
}

#[tokio::test]
async fn what_one_may_not_see_is_absent() {
    with_catalog(
        |_| {},
        async |catalog| {
            let admin = of(&catalog.set_up().await.user);
            let services = &catalog.services;
            let owner = person(&catalog, "olga", Role::Editor).await;
            let other = person(&catalog, "emil", Role::Editor).await;
            let viewer = person(&catalog, "vera", Role::Viewer).await;
            let id = services
                .script_import(&owner, script("Hidden shop", SHOP))
                .await
                .unwrap()
                .id;
            // At first everybody may see it, and editors may edit it.
            assert!(
                sights(&catalog, &viewer, &id)
                    .await
                    .iter()
                    .all(Option::is_none)
            );
            let detail = services.database_fetch(&other, &id).await.unwrap();
            assert_eq!(detail.access, DatabaseAccess::Edit);
            assert_eq!(detail.owner.as_deref(), Some("olga"));
            let denied = services.access_fetch(&other, &id).await.unwrap_err();
            assert_eq!(denied.kind, ErrorKind::Forbidden);

            services
                .access_set(&owner, &id, DatabaseAccess::None)
                .await
                .unwrap();
            for ctx in [&other, &viewer] {
                for kind in sights(&catalog, ctx, &id).await {
                    assert_eq!(kind, Some(ErrorKind::NotFound));
                }
                assert!(services.database_list(ctx).await.unwrap().is_empty());
                for text in [
                    "customers",
                    "email",
                    "Hidden shop",
                    "hiden shop",
                    "customers.email",
                ] {
                    assert!(
                        services.search(ctx, text, 20).await.unwrap().is_empty(),
                        "{text}"
                    );
                }
            }
            // An editor is told that it is not there; a viewer that viewers do not write.
            let denied = |ctx: Ctx| {
                let (services, id) = (services.clone(), id.clone());
                async move { services.database_delete(&ctx, &id).await.unwrap_err().kind }
            };
            assert_eq!(denied(other.clone()).await, ErrorKind::NotFound);
            assert_eq!(denied(viewer.clone()).await, ErrorKind::Forbidden);
            for ctx in [&owner, &admin] {
                assert!(sights(&catalog, ctx, &id).await.iter().all(Option::is_none));
                assert_eq!(services.database_list(ctx).await.unwrap().len(), 1);
                assert_eq!(
                    services.search(ctx, "customers", 20).await.unwrap().len(),
                    1
                );
            }

            // By name, to read: an editor reads then, and no more.
            services
                .grant_set(
                    &owner,
                    &id,
                    Grantee::Person(id_of(&other)),
                    DatabaseAccess::Read,
                )
                .await
                .unwrap();
            assert!(
                sights(&catalog, &other, &id)
                    .await
                    .iter()
                    .all(Option::is_none)
            );
            assert_eq!(denied(other.clone()).await, ErrorKind::Forbidden);
            // By a group, to edit: a viewer's role still only reads.
            let group = services.group_create(&admin, "Shop team").await.unwrap();
            services
                .group_member_set(&admin, group, id_of(&viewer), true)
                .await
                .unwrap();
            services
                .grant_set(&owner, &id, Grantee::Group(group), DatabaseAccess::Edit)
                .await
                .unwrap();
            let detail = services.database_fetch(&viewer, &id).await.unwrap();
            assert_eq!(detail.access, DatabaseAccess::Read);
            // Without the group the right is gone.
            services.group_delete(&admin, group).await.unwrap();
            assert_eq!(
                services
                    .database_fetch(&viewer, &id)
                    .await
                    .unwrap_err()
                    .kind,
                ErrorKind::NotFound
            );
        },
    )
    .await;
}

#[tokio::test]
async fn a_database_is_given_away_and_every_step_is_on_the_trail() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let services = &catalog.services;
            let owner = person(&catalog, "olga", Role::Editor).await;
            let heir = person(&catalog, "emil", Role::Editor).await;
            let id = services
                .script_import(&owner, script("Shop", SHOP))
                .await
                .unwrap()
                .id;
            services
                .access_set(&owner, &id, DatabaseAccess::None)
                .await
                .unwrap();
            services
                .database_owner_set(&owner, &id, id_of(&heir))
                .await
                .unwrap();
            let detail = services.database_fetch(&owner, &id).await.unwrap();
            assert_eq!(detail.access, DatabaseAccess::Edit);
            assert_eq!(detail.owner.as_deref(), Some("emil"));
            let rules = services.access_fetch(&heir, &id).await.unwrap();
            assert_eq!(rules.grants.len(), 1);
            assert_eq!(rules.grants[0].name, "olga");
            let denied = services
                .access_set(&owner, &id, DatabaseAccess::Edit)
                .await
                .unwrap_err();
            assert_eq!(denied.kind, ErrorKind::Forbidden);

            let trail: Vec<serde_json::Value> = sqlx::query_scalar(
                "select changes from audit_logs where resource_type = 'database_access' order by id",
            )
            .fetch_all(catalog.store.pool())
            .await
            .unwrap();
            assert_eq!(
                trail,
                [
                    serde_json::json!({ "everybody": { "before": "edit", "after": "none" } }),
                    serde_json::json!({ "owner": { "before": "olga", "after": "emil" } }),
                ]
            );
        },
    )
    .await;
}

#[tokio::test]
async fn rights_name_only_who_is_there() {
    with_catalog(
        |_| {},
        async |catalog| {
            let admin = of(&catalog.set_up().await.user);
            let services = &catalog.services;
            let id = services
                .script_import(&admin, script("Shop", SHOP))
                .await
                .unwrap()
                .id;
            let nobody = UserId(9_999);
            let refused = services
                .grant_set(&admin, &id, Grantee::Person(nobody), DatabaseAccess::Read)
                .await
                .unwrap_err();
            assert_eq!(refused.kind, ErrorKind::Invalid);
            let refused = services
                .database_owner_set(&admin, &id, nobody)
                .await
                .unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("owner"));
            let refused = services
                .access_set(&admin, &id, DatabaseAccess::Own)
                .await
                .unwrap_err();
            assert_eq!(refused.kind, ErrorKind::Invalid);
            services.group_create(&admin, "Team").await.unwrap();
            let taken = services.group_create(&admin, " team ").await.unwrap_err();
            assert_eq!(taken.kind, ErrorKind::Conflict);
            assert_eq!(taken.field.as_deref(), Some("name"));
        },
    )
    .await;
}
