//! Bringing a structure into the catalog, and taking it out.

use crate::fixture::{database_id, import, new_database, report, shop, shop_import, wide};
use crate::support::{number, text, with_store};
use model::catalog::DatabaseOrigin;
use model::schema::{Schema, SchemaCounts};
use std::time::Instant;
use store::access::Scope;
use store::audit::AuditEntry;
use store::schema_write::{DatabaseSource, NewDatabase};

#[tokio::test]
async fn a_structure_comes_in_whole() {
    with_store(|store| async move {
        let summary = shop_import(&store).await;
        assert_eq!(
            summary.counts,
            SchemaCounts {
                tables: 4,
                partitions: 1,
                views: 1,
                columns: 15,
                foreign_keys: 5,
                indexes: 7,
                enums: 1,
            }
        );
        assert_eq!(summary.counts, shop().counts());
        assert_eq!(summary.schemas, ["sales", "web"]);
        assert_eq!(
            store.database_list(Scope::All).await.unwrap(),
            std::slice::from_ref(&summary)
        );

        let detail = store
            .database_fetch(&database_id(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(detail.summary, summary);
        assert_eq!(detail.report, Some(report()));
        let schemas: Vec<_> = detail
            .schemas
            .iter()
            .map(|schema| (schema.name.as_str(), schema.tables))
            .collect();
        assert_eq!(schemas, [("sales", 4), ("web", 1)]);
        assert_eq!(detail.enums[0].name, "order_status");
        assert_eq!(detail.enums[0].values, ["placed", "it's \"paid\""]);

        let companions = text(
            &store,
            "select concat_ws(' ', (select count(*) from domains where checks <> '[]'),
                (select owner_table_name from sequences), (select arguments from routines),
                (select count(*) from table_triggers where table_id is null),
                (select sql_content from databases), (select status from databases),
                (select action from audit_logs))",
        )
        .await;
        assert_eq!(
            companions,
            "1 orders integer, text 1 create table … disconnected CREATE"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_structure_that_cannot_be_stored_stays() {
    with_store(|store| async move {
        let mut twice = shop();
        twice.tables.push(twice.tables[0].clone());
        let audit = AuditEntry::new("CREATE", "database");
        let error = store
            .schema_import(&new_database(1, "Twice"), &twice, &audit)
            .await
            .unwrap_err();
        assert_eq!(
            error.constraint(),
            Some("tables_database_id_schema_name_table_name_key")
        );
        let mut zero = shop();
        zero.tables[0].columns[0].name = "a\0b".to_owned();
        assert!(
            store
                .schema_import(&new_database(1, "Zero"), &zero, &audit)
                .await
                .is_err()
        );
        let rest = "select (select count(*) from databases) + (select count(*) from tables)
            + (select count(*) from audit_logs)";
        assert_eq!(number(&store, rest).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_empty_structure_and_one_from_a_live_source_come_in_too() {
    with_store(|store| async move {
        let new = NewDatabase {
            origin: DatabaseOrigin::Sample,
            sql_content: None,
            report: None,
            source: Some(DatabaseSource {
                host: Some("/run/x".to_owned()),
                port: Some(5432),
                database_name: Some("sample".to_owned()),
                username: None,
                ..DatabaseSource::default()
            }),
            ..new_database(1, "Empty")
        };
        let audit = AuditEntry::new("CREATE", "database");
        let schema = Schema::default();
        let summary = store.schema_import(&new, &schema, &audit).await.unwrap();
        assert_eq!(summary.origin, DatabaseOrigin::Sample);
        assert_eq!(summary.schemas, Vec::<String>::new());
        let source = "select concat_ws(' ', host, port, database_name, status) from databases";
        assert_eq!(text(&store, source).await, "/run/x 5432 sample connected");
        let detail = store.database_fetch(&new.id).await.unwrap().unwrap();
        assert_eq!(detail.report, None);
        assert_eq!(detail.schemas, []);
    })
    .await;
}

#[tokio::test]
async fn databases_are_listed_by_name_and_names_are_unique() {
    with_store(|store| async move {
        for (number, name) in [(1, "beta"), (2, "Alpha"), (3, "gamma")] {
            import(&store, number, name, &Schema::default()).await;
        }
        let list = store.database_list(Scope::All).await.unwrap();
        let names: Vec<_> = list.iter().map(|database| database.name.as_str()).collect();
        assert_eq!(names, ["Alpha", "beta", "gamma"]);
        let refused = store
            .schema_import(
                &new_database(4, "alpha"),
                &Schema::default(),
                &AuditEntry::new("CREATE", "database"),
            )
            .await
            .unwrap_err();
        assert_eq!(refused.constraint(), Some("databases_name_key"));
        assert!(
            store
                .database_fetch(&database_id(9))
                .await
                .unwrap()
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn a_database_goes_with_everything_of_it() {
    with_store(|store| async move {
        shop_import(&store).await;
        import(&store, 2, "Other", &shop()).await;
        let audit = AuditEntry::new("DELETE", "database");
        assert!(
            store
                .database_delete(&database_id(1), &audit)
                .await
                .unwrap()
        );
        assert!(
            !store
                .database_delete(&database_id(1), &audit)
                .await
                .unwrap()
        );
        let rest = text(
            &store,
            "select concat_ws(' ', (select count(*) from databases), (select count(*) from tables),
                (select count(*) from columns), (select count(*) from foreign_keys),
                (select count(*) from table_indexes), (select count(*) from table_constraints),
                (select count(*) from table_triggers), (select count(*) from enum_types),
                (select count(*) from domains), (select count(*) from sequences),
                (select count(*) from routines),
                (select count(*) from audit_logs where action = 'DELETE'))",
        )
        .await;
        assert_eq!(rest, "1 6 16 6 7 8 2 1 1 1 1 1");
    })
    .await;
}

/// Nothing is timed against a limit here; the figures are printed for whoever looks.
#[tokio::test]
async fn a_large_structure_comes_in_and_goes() {
    with_store(|store| async move {
        let schema = wide(1_000);
        let start = Instant::now();
        let summary = import(&store, 1, "Wide", &schema).await;
        println!("import of 1,000 tables: {:?}", start.elapsed());
        assert_eq!(summary.counts.columns, 12_000);
        assert_eq!(number(&store, "select count(*) from columns").await, 12_000);
        let unresolved = "select count(*) from foreign_keys where target_table_id is null";
        assert_eq!(number(&store, unresolved).await, 0);
        let start = Instant::now();
        let audit = AuditEntry::new("DELETE", "database");
        store
            .database_delete(&database_id(1), &audit)
            .await
            .unwrap();
        println!("delete of 1,000 tables: {:?}", start.elapsed());
        assert_eq!(number(&store, "select count(*) from columns").await, 0);
    })
    .await;
}
