//! The trail of who did what.

use crate::accounts::new_user;
use crate::support::{number, run, text, with_store};
use model::account::Role;
use serde_json::json;
use store::audit::AuditEntry;

#[tokio::test]
async fn an_entry_keeps_everything() {
    with_store(|store| async move {
        let ada = store.user_create(&new_user("ada", Role::Admin)).await.unwrap();
        let entry = AuditEntry {
            user_id: Some(ada.id),
            resource_id: Some("7".to_owned()),
            resource_name: Some("é".repeat(300)),
            failed: true,
            ip_address: Some("192.168.1.100".parse().unwrap()),
            user_agent: Some("test".to_owned()),
            request_id: Some("r1".to_owned()),
            response_status: Some(422),
            changes: Some(json!({ "name": ["a", "b"] })),
            error_message: Some("no".to_owned()),
            metadata: None,
            ..AuditEntry::new("UPDATE", "user")
        };
        store.audit_record(&entry).await.unwrap();
        let row = text(
            &store,
            "select concat_ws('|', user_id, action, resource_type, resource_id,
                length(resource_name), status, host(ip_address), user_agent, request_id,
                response_status, changes, error_message, metadata)
            from audit_logs",
        )
        .await;
        assert_eq!(
            row,
            format!(
                "{}|UPDATE|user|7|255|failure|192.168.1.100|test|r1|422|{{\"name\": [\"a\", \"b\"]}}|no|{{}}",
                ada.id
            )
        );
    })
    .await;
}

#[tokio::test]
async fn entries_cannot_be_changed_or_removed() {
    with_store(|store| async move {
        let ada = store
            .user_create(&new_user("ada", Role::Admin))
            .await
            .unwrap();
        let bob = store
            .user_create(&new_user("bob", Role::Admin))
            .await
            .unwrap();
        let entry = AuditEntry {
            user_id: Some(ada.id),
            ..AuditEntry::new("DELETE", "database")
        };
        store.audit_record(&entry).await.unwrap();
        for statement in [
            "update audit_logs set action = 'CREATE'",
            "update audit_logs set user_id = 2",
            "update audit_logs set user_id = null, status = 'failure'",
            "delete from audit_logs",
            "truncate audit_logs",
        ] {
            let error = run(&store, statement).await.unwrap_err();
            let code = error.as_database_error().and_then(|error| error.code());
            assert_eq!(code.as_deref(), Some("42501"), "{statement}: {error}");
        }
        assert_eq!(bob.id.0, 2);
        // The trail outlives the person.
        run(&store, "delete from users where username = 'ada'")
            .await
            .unwrap();
        let orphans = "select count(*) from audit_logs where user_id is null";
        assert_eq!(number(&store, orphans).await, 1);
        // Whoever keeps the trail may shorten it.
        run(
            &store,
            "begin; set local crowfoot.audit_purge = on; delete from audit_logs; commit;",
        )
        .await
        .unwrap();
        assert_eq!(number(&store, "select count(*) from audit_logs").await, 0);
    })
    .await;
}
