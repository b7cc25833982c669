//! Forms and programs that keep what a diagram shows.

use super::site::with_site;
use axum::body::Body;
use axum::extract::Request;
use contract::view::Views as _;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::{Method, StatusCode};
use model::saved_view::NewView;
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_that_cannot_be_read_changes_nothing() {
    with_site(async |site| {
        let id = site.database().await;
        let admin = site.server.account("admin").await;
        let services = &site.server.services;
        let new = NewView {
            name: Some("Billing".to_owned()),
            is_shared: true,
            ..NewView::default()
        };
        let view = services.view_create(&admin, &id, new).await.unwrap();
        let view = view.summary.id;
        let set = services.default_view_set(&admin, &id, Some(&view));
        set.await.unwrap();
        let post = async |path: String, media_type: &str, body: &str| {
            let request = Request::builder()
                .method(Method::POST)
                .uri(path)
                .header("sec-fetch-site", "same-origin")
                .header(ACCEPT, "application/json")
                .header(CONTENT_TYPE, media_type)
                .header(COOKIE, site.sessions[4].as_deref().unwrap())
                .body(Body::from(body.to_owned()))
                .unwrap();
            let answer = site.server.send(request, "127.0.0.1:5000").await;
            (answer.status, answer.text)
        };
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        let base = format!("/rpc/databases/{id}");
        for form in ["change", "restore", "dismiss", "show"] {
            let path = format!("{base}/views/{view}/{form}");
            let (status, told) = post(path, "text/plain", "name=Other").await;
            assert_eq!(status, refused, "{form}: {told}");
            assert!(told.contains("did not arrive whole"), "{form}: {told}");
        }
        let path = || format!("{base}/default-view");
        for (media_type, body) in [("text/plain", "view="), (FORM, "back=/")] {
            let (status, told) = post(path(), media_type, body).await;
            assert_eq!(status, refused, "{told}");
        }
        let (status, _) = post(format!("{base}/views"), "text/plain", "name=New").await;
        assert_eq!(status, refused);
        let views = services.view_list(&admin, &id).await.unwrap();
        let told: Vec<(&str, bool)> = views
            .iter()
            .map(|view| (view.name.as_str(), view.is_default))
            .collect();
        assert_eq!(told, [("Billing", true)]);
        let (status, _) = post(path(), FORM, "view=").await;
        assert_eq!(status, StatusCode::OK);
        let views = services.view_list(&admin, &id).await.unwrap();
        assert!(!views[0].is_default);

        // What the address says stays said.
        let keep = "keep=true&show=*&overlay=usage&days=30&level=keys";
        let (status, told) = post(format!("{base}/views/{view}/change"), FORM, keep).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let kept = services.view_fetch(&admin, &id, &view).await.unwrap().query;
        assert_eq!(
            (kept.days, kept.overlay.as_deref()),
            (Some(30), Some("usage"))
        );
    })
    .await;
}

#[tokio::test]
async fn programs_are_told_of_days_that_mean_nothing() {
    with_site(async |site| {
        let id = site.database().await;
        let ask = async |method: Method, path: String, body: &str| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(CONTENT_TYPE, "application/json")
                .header(COOKIE, site.sessions[4].as_deref().unwrap())
                .body(Body::from(body.to_owned()))
                .unwrap();
            let answer = site.server.send(request, "127.0.0.1:5000").await;
            let json: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            (answer.status, json["field"].clone())
        };
        let refused = (StatusCode::UNPROCESSABLE_ENTITY, Value::from("days"));
        for days in ["abc", "10000", "-1"] {
            for extension in ["json", "png"] {
                let path = format!("/api/databases/{id}/diagram.{extension}?days={days}");
                assert_eq!(ask(Method::GET, path, "").await, refused, "{days}");
            }
        }
        for days in ["", "0", "30", "3660"] {
            let path = format!("/api/databases/{id}/diagram.json?days={days}");
            assert_eq!(ask(Method::GET, path, "").await.0, StatusCode::OK, "{days}");
        }
        let views = format!("/api/databases/{id}/views");
        let body = r#"{"name":"Busy","query":{"overlay":"usage","days":10000}}"#;
        assert_eq!(ask(Method::POST, views.clone(), body).await, refused);
        let body = r#"{"name":"Busy","query":{"overlay":"usage","days":30}}"#;
        let (status, _) = ask(Method::POST, views, body).await;
        assert_eq!(status, StatusCode::CREATED);
    })
    .await;
}

/// Who writes what is not read would have another view than asked for.
#[tokio::test]
async fn a_program_is_told_of_words_that_mean_nothing_in_a_view() {
    with_site(async |site| {
        let id = site.database().await;
        let post = async |body: &str| {
            let request = Request::builder()
                .method(Method::POST)
                .uri(format!("/api/databases/{id}/views"))
                .header("sec-fetch-site", "same-origin")
                .header(CONTENT_TYPE, "application/json")
                .header(COOKIE, site.sessions[4].as_deref().unwrap())
                .body(Body::from(body.to_owned()))
                .unwrap();
            site.server.send(request, "127.0.0.1:5000").await
        };
        for (body, word) in [
            (r#"{"name":"A","show":"sales.*"}"#, "show"),
            (r#"{"name":"A","query":{"tables":"sales.*"}}"#, "tables"),
        ] {
            let answer = post(body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert!(answer.text.contains(word), "{}", answer.text);
        }
        let made = post(r#"{"name":"A","query":{"show":"sales.*"}}"#).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    })
    .await;
}
