//! People.

use crate::support::{number, run, text, with_store};
use model::account::Role;
use model::id::UserId;
use store::StoreError;
use store::accounts::{FIRST_ADMIN_CONSTRAINT, NewUser};
use store::audit::AuditEntry;

pub(crate) fn new_user(username: &str, role: Role) -> NewUser {
    NewUser {
        username: username.to_owned(),
        email: format!("{username}@Example.org"),
        full_name: None,
        password_hash: Some("hash".to_owned()),
        role,
        is_active: true,
    }
}

#[tokio::test]
async fn of_those_who_would_be_first_one_is() {
    with_store(|store| async move {
        assert_eq!(store.user_count().await.unwrap(), 0);
        let tasks: Vec<_> = (0..8)
            .map(|place| {
                let store = store.clone();
                tokio::spawn(async move {
                    let new = new_user(&format!("admin{place}"), Role::Viewer);
                    let audit = AuditEntry::new("CREATE", "user");
                    store.first_admin_create(&new, &audit).await
                })
            })
            .collect();
        let mut admins = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(user) => {
                    assert_eq!(user.role, Role::Admin);
                    admins += 1;
                }
                Err(error) => {
                    assert_eq!(
                        error.constraint(),
                        Some(FIRST_ADMIN_CONSTRAINT),
                        "{error:?}"
                    );
                }
            }
        }
        assert_eq!(admins, 1);
        assert_eq!(store.user_count().await.unwrap(), 1);
        let trail = "select count(*) from audit_logs a join users u on u.id = a.user_id
            where a.resource_id = u.id::text and a.resource_name = u.username";
        assert_eq!(number(&store, trail).await, 1);
    })
    .await;
}

#[tokio::test]
async fn people_whose_accounts_are_closed_do_not_stand_before_the_first_administrator() {
    with_store(|store| async move {
        let analyst = NewUser {
            is_active: false,
            password_hash: None,
            ..new_user("analyst", Role::Viewer)
        };
        store.user_create(&analyst).await.unwrap();
        assert!(!store.account_exists().await.unwrap());
        let audit = AuditEntry::new("CREATE", "user");
        store
            .first_admin_create(&new_user("ada", Role::Viewer), &audit)
            .await
            .unwrap();
        assert!(store.account_exists().await.unwrap());
        let error = store
            .first_admin_create(&new_user("bob", Role::Viewer), &audit)
            .await
            .unwrap_err();
        assert_eq!(error.constraint(), Some(FIRST_ADMIN_CONSTRAINT));
    })
    .await;
}

#[tokio::test]
async fn people_sign_in_by_name_or_address_in_any_case() {
    with_store(|store| async move {
        let ada = store
            .user_create(&new_user("Ada", Role::Editor))
            .await
            .unwrap();
        for login in ["ada", "ADA@example.ORG"] {
            let found = store.user_by_login(login).await.unwrap().unwrap();
            assert_eq!(found.user, ada);
            assert_eq!(found.password_hash.as_deref(), Some("hash"));
            assert!(found.is_active);
        }
        assert!(store.user_by_login("bob").await.unwrap().is_none());
        assert_eq!(store.user_fetch(ada.id).await.unwrap(), Some(ada));
        assert_eq!(store.user_fetch(UserId(99)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn names_and_addresses_are_taken_in_any_case() {
    with_store(|store| async move {
        store
            .user_create(&new_user("ada", Role::Viewer))
            .await
            .unwrap();
        let same_name = NewUser {
            email: "other@example.org".to_owned(),
            ..new_user("ADA", Role::Viewer)
        };
        let error = store.user_create(&same_name).await.unwrap_err();
        assert_eq!(error.constraint(), Some("users_username_lower_key"));
        let same_address = NewUser {
            email: "ADA@EXAMPLE.ORG".to_owned(),
            ..new_user("bob", Role::Viewer)
        };
        let error = store.user_create(&same_address).await.unwrap_err();
        assert_eq!(error.constraint(), Some("users_email_lower_key"));
        assert!(error.is_unique_violation());
    })
    .await;
}

#[tokio::test]
async fn the_list_of_people_follows_changes() {
    with_store(|store| async move {
        let bob = store
            .user_create(&new_user("bob", Role::Viewer))
            .await
            .unwrap();
        store
            .user_create(&new_user("Ada", Role::Admin))
            .await
            .unwrap();
        store.user_role_set(bob.id, Role::Editor).await.unwrap();
        store.user_active_set(bob.id, false).await.unwrap();
        store.password_hash_set(bob.id, "new").await.unwrap();
        let people = store.user_list().await.unwrap();
        let seen: Vec<_> = people
            .iter()
            .map(|one| (one.user.username.as_str(), one.user.role, one.is_active))
            .collect();
        assert_eq!(
            seen,
            [("Ada", Role::Admin, true), ("bob", Role::Editor, false)]
        );
        let bob = store.user_by_login("bob").await.unwrap().unwrap();
        assert_eq!(bob.password_hash.as_deref(), Some("new"));
        assert!(!bob.is_active);
        let nobody = UserId(99);
        for outcome in [
            store.user_role_set(nobody, Role::Admin).await,
            store.user_active_set(nobody, true).await,
            store.password_hash_set(nobody, "x").await,
        ] {
            assert!(matches!(outcome, Err(StoreError::NotFound { .. })));
        }
    })
    .await;
}

#[tokio::test]
async fn role_and_admin_flag_follow_each_other() {
    with_store(|store| async move {
        run(
            &store,
            "insert into users (username, email) values ('plain', 'plain@b');
            insert into users (username, email, is_admin) values ('flag', 'flag@b', true);
            insert into users (username, email, role) values ('role', 'role@b', 'admin');
            insert into users (username, email, is_admin) values ('down', 'down@b', true);
            update users set is_admin = false where username = 'down';
            insert into users (username, email, is_admin) values ('less', 'less@b', true);
            update users set role = 'editor' where username = 'less';
            insert into users (username, email) values ('up', 'up@b');
            update users set is_admin = true where username = 'up';
            insert into users (username, email) values ('both', 'both@b');
            update users set is_admin = true, role = 'editor' where username = 'both';",
        )
        .await
        .unwrap();
        let all = text(
            &store,
            "select string_agg(username || ' ' || role || ' ' || is_admin, ', ' order by id)
            from users",
        )
        .await;
        assert_eq!(
            all,
            "plain viewer false, flag admin true, role admin true, down viewer false, \
             less editor false, up admin true, both editor false"
        );
        let odd = "insert into users (username, email, role) values ('x', 'x@b', 'king')";
        assert!(run(&store, odd).await.is_err());
    })
    .await;
}
