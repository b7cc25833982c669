//! What `/metrics` answers, and to whom.

use super::MetricsAccess;
use crate::harness::{Answer, Server, with_server};
use axum::body::Body;
use contract::account::Secret;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request, StatusCode};
use model::account::Role;
use model::catalog::ImportRequest;

fn local() -> MetricsAccess {
    MetricsAccess::new(None, false)
}

async fn metrics(server: &Server) -> String {
    let answer = server.ask(Method::GET, "/metrics", None).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.text
}

/// The value of the one series that begins with `series`.
fn value(text: &str, series: &str) -> f64 {
    let mut lines = text
        .lines()
        .filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    let value = lines
        .next()
        .unwrap_or_else(|| panic!("there is no {series} in\n{text}"));
    assert_eq!(lines.next(), None, "{series} twice");
    value.parse().unwrap()
}

#[tokio::test]
async fn requests_are_counted_by_template_method_and_class_of_status() {
    with_server(local(), |server| async move {
        let session = server.session(Role::Viewer).await;
        for address in [
            "/api/databases/db_aaaaaaaaaa",
            "/api/databases/db_bbbbbbbbbb",
            "/api/databases/secret-name",
        ] {
            let answer = server.ask(Method::GET, address, Some(&session)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
        server.ask(Method::GET, "/healthz", None).await;
        server.ask(Method::GET, "/api/secret-name", None).await;
        let invented = Method::from_bytes(b"SECRET-NAME").unwrap();
        server.ask(invented, "/healthz", None).await;
        let text = metrics(&server).await;
        let series = r#"crowfoot_http_requests_total{method="GET",route="/api/databases/{id}",status="4xx"}"#;
        assert_eq!(value(&text, series), 3.0);
        let series = r#"crowfoot_http_request_duration_seconds_count{method="GET",route="/api/databases/{id}"}"#;
        assert_eq!(value(&text, series), 3.0);
        let series = r#"crowfoot_http_requests_total{method="GET",route="/healthz",status="2xx"}"#;
        assert_eq!(value(&text, series), 1.0);
        let series = r#"crowfoot_http_requests_total{method="GET",route="(none)",status="4xx"}"#;
        assert_eq!(value(&text, series), 1.0);
        // Itself only.
        assert_eq!(value(&text, "crowfoot_http_requests_in_flight"), 1.0);
        assert!(text.contains(r#"method="other""#), "{text}");
        for told in ["secret-name", "SECRET-NAME", "db_aaaaaaaaaa", "example.org"] {
            assert!(!text.contains(told), "{told} in\n{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_process_the_store_and_the_readings_are_told() {
    with_server(local(), |server| async move {
        let script = |text: &str| ImportRequest {
            name: "shop".to_owned(),
            scripts: vec![text.to_owned()],
            dialect: None,
        };
        let ctx = Ctx::system("test");
        let refused = server.services.script_import(&ctx, script("no DDL")).await;
        refused.unwrap_err();
        let table = script("CREATE TABLE customer (id bigint PRIMARY KEY);");
        server.services.script_import(&ctx, table).await.unwrap();
        let text = metrics(&server).await;
        let readings = |kind: &str, outcome: &str| {
            let labels = format!(r#"{{kind="{kind}",outcome="{outcome}"}}"#);
            value(&text, &format!("crowfoot_database_readings_total{labels}"))
        };
        assert_eq!(readings("import", "done"), 1.0);
        assert_eq!(readings("import", "failed"), 1.0);
        assert_eq!(readings("refresh", "done"), 0.0);
        assert_eq!(value(&text, "crowfoot_store_connections_max"), 4.0);
        let open = value(&text, "crowfoot_store_connections");
        assert!((1.0..=4.0).contains(&open), "{open}");
        assert!(value(&text, "crowfoot_store_connections_idle") <= open);
        let build = format!(
            r#"crowfoot_build_info{{version="{}"}}"#,
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(value(&text, &build), 1.0);
        #[cfg(target_os = "linux")]
        assert!(value(&text, "process_resident_memory_bytes") > 1e6);
        assert!(text.ends_with("# EOF\n"));
    })
    .await;
}

#[tokio::test]
async fn only_programs_of_this_machine_and_administrators_read_the_metrics() {
    with_server(local(), |server| async move {
        let answer = from_elsewhere(&server, None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
        for (role, expected) in [
            (Role::Viewer, StatusCode::FORBIDDEN),
            (Role::Editor, StatusCode::FORBIDDEN),
            (Role::Admin, StatusCode::OK),
        ] {
            let session = server.session(role).await;
            let answer = from_elsewhere(&server, Some(("cookie", &session))).await;
            assert_eq!(answer.status, expected, "{role:?}");
        }
    })
    .await;
    let token = MetricsAccess::new(Some(Secret::new("s3cret")), false);
    with_server(token, |server| async move {
        let answer = server.ask(Method::GET, "/metrics", None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let bearer = Some((AUTHORIZATION.as_str(), "Bearer s3cret"));
        let answer = from_elsewhere(&server, bearer).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.text.contains("s3cret"));
    })
    .await;
}

async fn from_elsewhere(server: &Server, header: Option<(&str, &str)>) -> Answer {
    let mut request = Request::get("/metrics").header(HOST, "localhost");
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let request = request.body(Body::empty()).unwrap();
    server.send(request, "10.0.0.9:5000").await
}
