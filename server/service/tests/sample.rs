//! The sample from end to end.

mod common;

use common::{anonymous, with_catalog, with_role};
use connect::admin::DatabaseState;
use contract::account::{Accounts as _, Secret};
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use model::account::Role;
use model::catalog::{DatabaseOrigin, TableQuery, TableSort, USAGE_DAYS};
use model::schema::QualifiedName;
use service::sample::mark_of;

#[tokio::test]
async fn the_sample_is_made_whole_once_and_taken_away() {
    with_catalog(
        |_| {},
        async |catalog| {
            let ctx = with_role(Role::Editor);
            catalog.set_up().await;
            let services = &catalog.services;
            // Twice at the same time is once.
            let (one, two) =
                tokio::join!(services.sample_create(&ctx), services.sample_create(&ctx));
            let summary = one.unwrap();
            assert_eq!(summary.id, two.unwrap().id);
            assert_eq!(services.sample_create(&ctx).await.unwrap().id, summary.id);
            assert_eq!(services.database_list(&ctx).await.unwrap().len(), 1);
            assert_eq!(summary.origin, DatabaseOrigin::Sample);
            assert!(
                (35..=45).contains(&summary.counts.tables),
                "{:?}",
                summary.counts
            );
            let detail = services.database_fetch(&ctx, &summary.id).await.unwrap();
            assert_eq!(detail.report.unwrap().problems, []);

            let tables = services
                .table_list(
                    &ctx,
                    &summary.id,
                    TableQuery {
                        sort: TableSort::Rows,
                        ..TableQuery::default()
                    },
                )
                .await
                .unwrap();
            assert!(
                tables.rows[0].row_count.unwrap() > 100,
                "{:?}",
                tables.rows[0]
            );
            assert!(tables.rows[0].size_bytes.unwrap() > 0);
            let mut with_statistics = 0;
            let mut with_usage = 0;
            for table in &tables.rows {
                let name = QualifiedName::new(&table.schema, &table.name);
                let table = services
                    .table_fetch(&ctx, &summary.id, &name)
                    .await
                    .unwrap();
                with_statistics += usize::from(
                    table
                        .columns
                        .iter()
                        .any(|column| column.statistics.is_some()),
                );
                if let Some(usage) = table.usage {
                    assert_eq!(usage.per_day.len(), USAGE_DAYS);
                    with_usage += usize::from(usage.people > 0 && !usage.frequent.is_empty());
                }
            }
            assert!(
                with_statistics >= 30,
                "{with_statistics} tables with statistics"
            );
            assert!(with_usage >= 10, "{with_usage} tables in use");

            // Those who wrote the history cannot sign in.
            let analyst = sample::analysts()[1].username;
            let error = services
                .login(&anonymous(), analyst, Secret::new(""))
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::Invalid);

            let state = async || {
                catalog
                    .admin
                    .database_state(&catalog.sample_database, &mark_of(&catalog.admin))
                    .await
                    .unwrap()
            };
            assert_eq!(state().await, DatabaseState::Ours);
            services.database_delete(&ctx, &summary.id).await.unwrap();
            assert_eq!(state().await, DatabaseState::Absent);
            assert_eq!(services.database_list(&ctx).await.unwrap(), []);

            // And once more, from a leftover of a try that failed.
            catalog
                .admin
                .database_create(&catalog.sample_database, &mark_of(&catalog.admin))
                .await
                .unwrap();
            let begun = services.sample_create(&Ctx::system("test")).await.unwrap();

            // A server that ended before the history was written leaves nothing to live with.
            catalog.sql("DELETE FROM query_history").await;
            let whole = services.sample_create(&ctx).await.unwrap();
            assert_ne!(whole.id, begun.id);
            assert_eq!(services.database_list(&ctx).await.unwrap().len(), 1);
            assert!(catalog.store.history_exists(&whole.id).await.unwrap());
        },
    )
    .await;
}

#[tokio::test]
async fn the_people_of_the_sample_do_not_close_the_setup() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            services.sample_create(&Ctx::system("test")).await.unwrap();
            assert!(services.setup_needed(&anonymous()).await.unwrap());
            let mut request = catalog.setup_request();
            request.email = sample::analysts()[1].email.to_owned();
            let error = services.setup(&anonymous(), request).await.unwrap_err();
            assert_eq!(
                (error.kind, error.field.as_deref()),
                (ErrorKind::Conflict, Some("email"))
            );
            catalog.set_up().await;
            assert!(!services.setup_needed(&anonymous()).await.unwrap());
        },
    )
    .await;
}

#[tokio::test]
async fn a_database_of_somebody_else_is_left_alone() {
    with_catalog(
        |_| {},
        async |catalog| {
            let ctx = with_role(Role::Editor);
            catalog.set_up().await;
            let theirs = "not Crowfoot's";
            catalog
                .admin
                .database_create(&catalog.sample_database, theirs)
                .await
                .unwrap();
            let error = catalog.services.sample_create(&ctx).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Conflict);
            assert_eq!(catalog.services.database_list(&ctx).await.unwrap(), []);
            assert!(
                catalog
                    .admin
                    .database_drop(&catalog.sample_database, theirs)
                    .await
                    .unwrap()
            );
        },
    )
    .await;
}

#[tokio::test]
async fn a_role_that_may_not_create_databases_is_told_so() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let role = format!("{}_role", catalog.sample_database);
            catalog
                .sql(&format!(
                    "CREATE ROLE {role} LOGIN PASSWORD '{ROLE_PASSWORD}'; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role};"
                ))
                .await;
            let mut config =
                service::config::Config::new(
                    Secret::new(with_user(&catalog.url, &role)),
                    service::seal::SealKey::new([7; 32]),
                );
            config.sample_database = catalog.sample_database.clone();
            let services = service::services::Services::new(catalog.store.clone(), config).unwrap();
            let error = services
                .sample_create(&with_role(Role::Editor))
                .await
                .unwrap_err();
            catalog
                .sql(&format!("DROP OWNED BY {role}; DROP ROLE {role};"))
                .await;
            assert_eq!(error.kind, ErrorKind::Unavailable);
            assert!(error.message.contains("CREATEDB"), "{}", error.message);
        },
    )
    .await;
}

/// The password of the role that a test makes.
const ROLE_PASSWORD: &str = "may-not-create";

/// The same address for another role.
fn with_user(url: &str, role: &str) -> String {
    match url.split_once('?') {
        Some((address, options)) => {
            format!("{address}?user={role}&password={ROLE_PASSWORD}&{options}")
        }
        None => format!("{url}?user={role}&password={ROLE_PASSWORD}"),
    }
}
