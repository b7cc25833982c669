//! Setup, login, sessions and passwords on a real catalog.

mod common;

use common::{EMAIL, PASSWORD, anonymous, of, with_catalog};
use contract::account::{Accounts as _, Secret};
use contract::context::Ctx;
use contract::error::ErrorKind;
use model::account::Role;
use service::user::UserRequest;
use std::net::IpAddr;

fn from_address(last: u8) -> Ctx {
    Ctx {
        ip_address: Some(IpAddr::from([192, 0, 2, last])),
        ..anonymous()
    }
}

#[tokio::test]
async fn setup_works_once() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            assert!(services.setup_needed(&anonymous()).await.unwrap());
            let mut request = catalog.setup_request();
            request.code = Secret::new("0000");
            let error = services.setup(&anonymous(), request).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("code"));
            let mut request = catalog.setup_request();
            request.password = Secret::new(EMAIL);
            let error = services.setup(&anonymous(), request).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("password"));
            assert!(services.setup_needed(&anonymous()).await.unwrap());

            let grant = catalog.set_up().await;
            assert_eq!(grant.user.role, Role::Admin);
            assert_eq!(grant.user.email, EMAIL);
            assert_eq!(grant.user.username, "ada");
            assert!(!services.setup_needed(&anonymous()).await.unwrap());
            let user = services.session_user(grant.token).await.unwrap();
            assert_eq!(user, Some(grant.user));

            let again = services.setup(&anonymous(), catalog.setup_request()).await;
            assert_eq!(again.unwrap_err().kind, ErrorKind::Conflict);
        },
    )
    .await;
}

#[tokio::test]
async fn two_setups_at_once_make_one_administrator() {
    with_catalog(
        |_| {},
        async |catalog| {
            let nobody = anonymous();
            let mut other = catalog.setup_request();
            other.email = "eve@example.org".to_owned();
            let (one, two) = tokio::join!(
                catalog.services.setup(&nobody, catalog.setup_request()),
                catalog.services.setup(&nobody, other),
            );
            let kinds = [&one, &two].map(|grant| grant.as_ref().err().map(|error| error.kind));
            assert!(
                kinds == [None, Some(ErrorKind::Conflict)]
                    || kinds == [Some(ErrorKind::Conflict), None],
                "{kinds:?}"
            );
            assert_eq!(
                catalog
                    .services
                    .user_list(&Ctx::system("test"))
                    .await
                    .unwrap()
                    .len(),
                1
            );
        },
    )
    .await;
}

#[tokio::test]
async fn without_a_code_setup_stays_closed() {
    with_catalog(
        |config| config.setup_code = None,
        async |catalog| {
            let error = catalog
                .services
                .setup(&anonymous(), catalog.setup_request())
                .await
                .unwrap_err();
            assert_eq!(error.field.as_deref(), Some("code"));
            let system = Ctx::system("test");
            let made = catalog
                .services
                .first_admin_ensure(&system, EMAIL, Secret::new(PASSWORD))
                .await
                .unwrap();
            assert!(made);
            let again = catalog
                .services
                .first_admin_ensure(&system, "other@example.org", Secret::new(PASSWORD))
                .await
                .unwrap();
            assert!(!again);
            catalog
                .services
                .login(&anonymous(), EMAIL, Secret::new(PASSWORD))
                .await
                .unwrap();
        },
    )
    .await;
}

#[tokio::test]
async fn login_is_by_address_or_name_and_tells_nothing_else() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let services = &catalog.services;
            for name in [EMAIL, "ADA@example.org", " ada ", "Ada"] {
                let grant = services
                    .login(&anonymous(), name, Secret::new(PASSWORD))
                    .await
                    .unwrap();
                assert_eq!(grant.user.email, EMAIL, "{name}");
                assert!(grant.max_age_seconds > 0);
            }
            let mut messages = Vec::new();
            let long = "x".repeat(2_000);
            for (name, password) in [
                (EMAIL, "wrong password"),
                (EMAIL, ""),
                ("nobody@example.org", PASSWORD),
                ("", ""),
                ("a\0b", "c\0d"),
                (&long, &long),
            ] {
                let error = services
                    .login(&anonymous(), name, Secret::new(password))
                    .await
                    .unwrap_err();
                assert_eq!(error.kind, ErrorKind::Invalid);
                messages.push(error);
            }
            messages.dedup();
            assert_eq!(messages.len(), 1, "{messages:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn ten_failures_close_the_door_for_a_while() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let services = &catalog.services;
            let here = from_address(1);
            for _ in 0..10 {
                let error = services
                    .login(&here, EMAIL, Secret::new("wrong password"))
                    .await
                    .unwrap_err();
                assert_eq!(error.kind, ErrorKind::Invalid);
            }
            // The name is closed from anywhere, the address for every name.
            for (ctx, name) in [
                (&here, EMAIL),
                (&from_address(2), EMAIL),
                (&here, "somebody else"),
            ] {
                let error = services
                    .login(ctx, name, Secret::new(PASSWORD))
                    .await
                    .unwrap_err();
                assert_eq!(error.kind, ErrorKind::TooMany, "{name}");
                assert!(error.message.contains("15 minutes"), "{}", error.message);
            }
            // Others elsewhere are not held up.
            let error = services
                .login(&from_address(2), "somebody else", Secret::new("x"))
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::Invalid);
        },
    )
    .await;
}

#[tokio::test]
async fn guesses_at_the_same_time_count_too() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let mut guesses = tokio::task::JoinSet::new();
            for _ in 0..30 {
                let services = catalog.services.clone();
                guesses.spawn(async move {
                    services
                        .login(&from_address(1), EMAIL, Secret::new("wrong password"))
                        .await
                        .unwrap_err()
                        .kind
                });
            }
            let kinds = guesses.join_all().await;
            let tried = kinds
                .iter()
                .filter(|kind| **kind == ErrorKind::Invalid)
                .count();
            assert!(tried <= 10, "{tried} guesses were let through");
        },
    )
    .await;
}

#[tokio::test]
async fn logging_in_often_is_no_failure() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            for _ in 0..15 {
                catalog
                    .services
                    .login(&from_address(1), EMAIL, Secret::new(PASSWORD))
                    .await
                    .unwrap();
            }
        },
    )
    .await;
}

#[tokio::test]
async fn sessions_end() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            let setup = catalog.set_up().await;
            let login = async || {
                services
                    .login(&anonymous(), EMAIL, Secret::new(PASSWORD))
                    .await
                    .unwrap()
            };
            let user_of =
                async |token: &Secret| services.session_user(token.clone()).await.unwrap();
            let (one, two, three) = (login().await, login().await, login().await);
            assert_ne!(one.token, two.token);
            assert!(user_of(&one.token).await.is_some());

            services
                .logout(&of(&one.user), one.token.clone())
                .await
                .unwrap();
            assert!(user_of(&one.token).await.is_none());
            assert!(user_of(&two.token).await.is_some());
            // A second logout finds nothing and is no error.
            services
                .logout(&anonymous(), one.token.clone())
                .await
                .unwrap();

            services.logout_everywhere(&of(&two.user)).await.unwrap();
            for token in [&setup.token, &two.token, &three.token] {
                assert!(user_of(token).await.is_none());
            }
            for token in ["", "nonsense", &"f".repeat(64)] {
                assert!(user_of(&Secret::new(token)).await.is_none());
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_password_change_ends_the_other_sessions() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            let here = catalog.set_up().await;
            let elsewhere = services
                .login(&anonymous(), EMAIL, Secret::new(PASSWORD))
                .await
                .unwrap();
            let ctx = of(&here.user);
            let change = async |current: &str, new: &str| {
                services
                    .password_change(&ctx, Secret::new(current), Secret::new(new))
                    .await
            };
            let error = change("wrong password", "another password")
                .await
                .unwrap_err();
            assert_eq!(error.field.as_deref(), Some("current"));
            let error = change(PASSWORD, "short").await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("new"));
            let error = change(PASSWORD, PASSWORD).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("new"));

            let fresh = change(PASSWORD, "another password").await.unwrap();
            let user_of =
                async |token: &Secret| services.session_user(token.clone()).await.unwrap();
            assert!(user_of(&fresh.token).await.is_some());
            assert!(user_of(&here.token).await.is_none());
            assert!(user_of(&elsewhere.token).await.is_none());
            let old = services
                .login(&anonymous(), EMAIL, Secret::new(PASSWORD))
                .await;
            assert_eq!(old.unwrap_err().kind, ErrorKind::Invalid);
            services
                .login(&anonymous(), EMAIL, Secret::new("another password"))
                .await
                .unwrap();
        },
    )
    .await;
}

#[tokio::test]
async fn the_operator_manages_people() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            let system = Ctx::system("test");
            catalog.set_up().await;
            let request = UserRequest {
                email: "Grace@example.org".to_owned(),
                username: None,
                full_name: "Grace".to_owned(),
                role: Role::Viewer,
                password: Secret::new(PASSWORD),
            };
            let grace = services
                .user_create(&system, request.clone())
                .await
                .unwrap();
            assert_eq!(
                (grace.username.as_str(), grace.role),
                ("grace", Role::Viewer)
            );
            let again = services.user_create(&system, request).await.unwrap_err();
            assert_eq!(again.kind, ErrorKind::Conflict);

            let login = async |password: &str| {
                services
                    .login(&anonymous(), "grace", Secret::new(password))
                    .await
            };
            let first = login(PASSWORD).await.unwrap();
            services
                .user_set_role(&system, "grace", Role::Editor)
                .await
                .unwrap();
            let user = services
                .session_user(first.token.clone())
                .await
                .unwrap()
                .unwrap();
            assert_eq!(user.role, Role::Editor);

            services
                .user_set_password(&system, "grace", Secret::new("another password"))
                .await
                .unwrap();
            assert!(services.session_user(first.token).await.unwrap().is_none());
            let second = login("another password").await.unwrap();
            services.user_deactivate(&system, "grace").await.unwrap();
            assert!(services.session_user(second.token).await.unwrap().is_none());
            assert_eq!(
                login("another password").await.unwrap_err().kind,
                ErrorKind::Invalid
            );

            let people = services.user_list(&system).await.unwrap();
            assert_eq!(people.len(), 2);
            let missing = services
                .user_deactivate(&system, "nobody")
                .await
                .unwrap_err();
            assert_eq!(missing.kind, ErrorKind::NotFound);
            // The last administrator stays one.
            for refused in [
                services.user_deactivate(&system, EMAIL).await,
                services.user_set_role(&system, EMAIL, Role::Viewer).await,
            ] {
                assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn sessions_expire_when_idle_and_in_any_case() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            let grant = catalog.set_up().await;
            let user = async || services.session_user(grant.token.clone()).await.unwrap();
            for (outlived, alive) in [
                ("last_seen_at = now() - interval '6 days'", true),
                ("last_seen_at = now() - interval '8 days'", false),
                (
                    "last_seen_at = now(), expires_at = now() - interval '1 second'",
                    false,
                ),
                (
                    "last_seen_at = now(), expires_at = now() + interval '1 minute'",
                    true,
                ),
            ] {
                catalog
                    .sql(&format!("UPDATE sessions SET {outlived}"))
                    .await;
                assert_eq!(user().await.is_some(), alive, "{outlived}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn failures_are_forgotten_after_a_while() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let here = from_address(1);
            let login = async |password: &str| {
                catalog
                    .services
                    .login(&here, EMAIL, Secret::new(password))
                    .await
                    .map_err(|error| error.kind)
                    .err()
            };
            for _ in 0..10 {
                assert_eq!(login("wrong password").await, Some(ErrorKind::Invalid));
            }
            assert_eq!(login(PASSWORD).await, Some(ErrorKind::TooMany));
            catalog
                .sql("UPDATE login_attempts SET created_at = created_at - interval '16 minutes'")
                .await;
            assert_eq!(login(PASSWORD).await, None);
        },
    )
    .await;
}

#[tokio::test]
async fn the_trail_tells_what_happened() {
    with_catalog(
        |_| {},
        async |catalog| {
            let services = &catalog.services;
            let grant = catalog.set_up().await;
            let ctx = of(&grant.user);
            services
                .login(&anonymous(), EMAIL, Secret::new("wrong password"))
                .await
                .unwrap_err();
            let session = services
                .login(&from_address(1), EMAIL, Secret::new(PASSWORD))
                .await
                .unwrap();
            services.logout(&ctx, session.token).await.unwrap();
            services
                .password_change(&ctx, Secret::new(PASSWORD), Secret::new("another password"))
                .await
                .unwrap();
            catalog
                .sql(
                    "DO $$
                DECLARE
                    trail text;
                BEGIN
                    SELECT string_agg(concat_ws(' ', action, resource_type, status,
                                                user_id IS NOT NULL), ', ' ORDER BY id)
                    INTO trail FROM audit_logs;
                    ASSERT trail = 'CREATE user success t, LOGIN user failure f, '
                        'LOGIN user success t, LOGOUT user success t, UPDATE user success t', trail;
                    ASSERT NOT EXISTS (
                        SELECT FROM audit_logs AS line
                        WHERE line::text LIKE '%password%' AND action <> 'UPDATE'
                           OR line::text LIKE '%another password%'
                    );
                END
                $$",
                )
                .await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_catalog_that_does_not_answer_is_unavailable() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.store.close().await;
            let error = catalog
                .services
                .setup_needed(&anonymous())
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::Unavailable);
            assert!(!error.message.contains("Pool"), "{}", error.message);
        },
    )
    .await;
}
